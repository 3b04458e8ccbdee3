package beam

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/crossholding/crossholding"
)

// The kinds of records of a slab, beside those of the register.
const (
	partRow = "y" // owner, company, and the bounds of a partial row
	pairRow = "p" // controller, company
)

// A position is where a company stands in the plan of its component.
type position struct {
	slab int
	bin  int
}

// positions reads the plan of the worker's shard.
func (w *worker) positions() (map[string]position, error) {
	kept, err := w.kept("plan")
	if err != nil {
		return nil, err
	}
	out := make(map[string]position, len(kept))
	for _, r := range kept {
		slab, err := strconv.Atoi(r[1])
		if err != nil {
			return nil, err
		}
		out[r[0]] = position{slab, place(r[2], w.Bins)}
	}
	return out, nil
}

// slabRows calls visit for the rows of the companies of the slab in the worker's shard, with
// the bins in which they are solved.
func (w *worker) slabRows(visit func(bin int, row record)) error {
	at, err := w.positions()
	if err != nil {
		return err
	}
	rows, err := w.kept("rows")
	for _, r := range rows {
		company := r[3]
		if r[0] == stakeRow {
			company = r[4]
		}
		if p, ok := at[company]; ok && p.slab == w.Slab {
			visit(p.bin, r)
		}
	}
	return err
}

// askHolders asks the shards of the holders of the slab's companies what is known of them.
func askHolders(w *worker, _ []record) error {
	type ask struct {
		holder string
		bin    int
	}
	asked := map[ask]bool{}
	return w.slabRows(func(bin int, r record) {
		if q := (ask{r[3], bin}); w.Slab > 0 && r[0] == stakeRow && !asked[q] {
			asked[q] = true
			w.out.put(place(r[3], w.Shards), r[3], strconv.Itoa(bin))
		}
	})
}

// serveSlab sends the rows of the slab to their bins, and what earlier slabs found out about the
// holders there.
func serveSlab(w *worker, in []record) error {
	if err := w.slabRows(func(bin int, r record) { w.out.put(bin, r...) }); err != nil {
		return err
	}
	if w.Slab == 0 {
		return nil
	}
	known := map[string][]record{}
	for s := range w.Slab {
		kept, err := w.kept(slabName("state", s))
		if err != nil {
			return err
		}
		for _, r := range kept {
			known[r[2]] = append(known[r[2]], r)
		}
	}
	for _, q := range sortRecords(in) {
		bin, err := strconv.Atoi(q[1])
		if err != nil {
			return err
		}
		for _, r := range known[q[0]] {
			w.out.put(bin, r...)
		}
	}
	return nil
}

func slabName(name string, slab int) string { return fmt.Sprintf("%s-slab%05d", name, slab) }

// solveSlab answers for the pieces of a slab in a bin, and sends what later slabs need to know
// to the shards of the companies.
func solveSlab(w *worker, in []record) error {
	var rows, pairs []record
	parts := map[string][]record{} // by owner
	for _, r := range in {
		switch r[0] {
		case pairRow:
			pairs = append(pairs, r)
		case partRow:
			parts[r[1]] = append(parts[r[1]], r)
		default:
			rows = append(rows, r)
		}
	}
	sortRows(rows)
	a, err := newSheet(rows, false).read(w)
	if err != nil {
		return err
	}
	if w.Control {
		if err := w.controlBelow(a, sortRecords(pairs)); err != nil {
			return err
		}
	}
	var found solved
	if len(w.Owners) > 0 {
		err = w.answer(slabName("holdings", w.Slab), func(put func(...string) error) error {
			for _, owner := range w.Owners {
				if err := w.holdingsBelow(a, owner, parts[owner], &found, put); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	return w.note(slabName("solved", w.Slab), found)
}

// keepState keeps what is known of the companies of a shard.
func keepState(w *worker, in []record) error {
	return w.keep(slabName("state", w.Slab), sortRecords(in))
}

// controlBelow lists the pairs of control in a bin. A controller acts together with the
// companies of earlier slabs that it controls, which is a group of the library.
func (w *worker) controlBelow(a *crossholding.Alliance, above []record) error {
	c, err := a.Control(w.ctx, crossholding.ControlOptions{})
	if err != nil {
		return err
	}
	groups := map[string][]string{}
	for _, r := range above {
		groups[r[1]] = append(groups[r[1]], r[2])
	}
	var all []crossholding.ControlRelation
	for p, err := range c.Pairs(w.ctx) {
		if err != nil {
			return err
		}
		if groups[p.Controller] == nil {
			all = append(all, p)
		}
	}
	for _, x := range sorted(groups) {
		who := groups[x]
		if _, err := a.Graph().Node(x); err == nil {
			who = append(who, x)
		}
		g, err := c.Group(w.ctx, who...)
		if err != nil {
			return err
		}
		for _, y := range g.Companies() {
			all = append(all, crossholding.ControlRelation{Controller: x, Company: y})
		}
	}
	slices.SortFunc(all, func(p, q crossholding.ControlRelation) int {
		return cmp.Or(strings.Compare(p.Controller, q.Controller), strings.Compare(p.Company, q.Company))
	})
	return w.answer(slabName("control", w.Slab), func(put func(...string) error) error {
		for _, p := range all {
			w.out.put(place(p.Company, w.Shards), pairRow, p.Controller, p.Company)
			if err := put(p.Controller, p.Company); err != nil {
				return err
			}
		}
		return nil
	})
}
