package beam

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/graph"
)

// sendPlan sends the companies of components that do not fit, with their stakes counted, and the
// links among them, to the worker that plans the component.
func sendPlan(w *worker, _ []record) error {
	kept, err := w.kept("labels")
	if err != nil {
		return err
	}
	rows, err := w.kept("rows")
	if err != nil {
		return err
	}
	links, err := w.kept("links")
	if err != nil {
		return err
	}
	label := labels(kept)
	giant := func(company string) (int, bool) { return slices.BinarySearch(w.Giants, label(company)) }
	stakes := map[string]int{}
	for _, r := range rows {
		company := r[3]
		if r[0] == stakeRow {
			company = r[4]
			stakes[company]++
		}
		if _, ok := giant(company); ok {
			stakes[company] += 0
		} else {
			delete(stakes, company)
		}
	}
	for company, n := range stakes {
		i, _ := giant(company)
		w.out.put(i, company, strconv.Itoa(n), "stakes")
	}
	for _, l := range links {
		if i, ok := giant(l[0]); ok {
			w.out.put(i, l...)
		}
	}
	return nil
}

// planned says how a component is divided.
type planned struct {
	Slabs int
	// Tight is a strongly connected component that does not fit: one of its companies. There is
	// no plan then.
	Tight     string
	Companies int // of it
	Stakes    int // of it
}

// tooLarge is the error for holdings through a part that does not fit.
func (p planned) tooLarge(largest int) error {
	who := p.Tight
	if p.Companies > 1 {
		who = fmt.Sprintf("%s and %d other companies, which own one another,", p.Tight, p.Companies-1)
	}
	return fmt.Errorf("beam: holdings: in %s there are %d stakes, more than the %d that are solved at once: %w",
		who, p.Stakes, largest, crossholding.ErrTooLarge)
}

// planGiant divides a component into slabs, which are solved one after another, and a slab into
// pieces that are not connected within it. It sends each company its slab and piece.
func planGiant(w *worker, in []record) error {
	p, err := newPlanner(w, sortRecords(in))
	if err != nil {
		return err
	}
	note, slab := p.slabs(w.Largest)
	if note.Tight == "" {
		piece := p.pieces(slab)
		for c, id := range p.ids {
			w.out.put(place(id, w.Shards), id, strconv.Itoa(slab[c]), piece[c])
		}
	}
	return w.note("planned", note)
}

// A planner has the links of a component as a graph.
type planner struct {
	ids    []string // of the companies, sorted
	graph  graph.Graph
	stakes []int       // of each company
	scc    []int       // the strongly connected component of each company
	levels [][]int32   // companies by the longest chain of such components above them
	parts  map[int]int // stakes of each strongly connected component
}

func newPlanner(w *worker, in []record) (*planner, error) {
	p := &planner{parts: map[int]int{}}
	var ids []string
	for _, r := range in {
		if len(r) == 3 {
			n, err := strconv.Atoi(r[1])
			if err != nil {
				return nil, err
			}
			ids, p.stakes = append(ids, r[0]), append(p.stakes, n)
		}
	}
	var holder, issuer []int32
	for _, r := range in {
		if len(r) == 2 {
			h, _ := slices.BinarySearch(ids, r[0])
			i, _ := slices.BinarySearch(ids, r[1])
			holder, issuer = append(holder, int32(h)), append(issuer, int32(i))
		}
	}
	p.ids = ids
	p.graph = graph.New(ids, holder, issuer)
	strong, err := p.graph.Components(w.ctx)
	if err != nil {
		return nil, err
	}
	p.scc = make([]int, len(ids))
	for c, s := range strong {
		if p.scc[c] = int(s) - 1; s == 0 {
			p.scc[c] = len(ids) + c // alone
		}
		p.parts[p.scc[c]] += p.stakes[c]
	}
	p.sortIntoLevels()
	return p, nil
}

// sortIntoLevels finds the levels of the condensation.
func (p *planner) sortIntoLevels() {
	g, n := &p.graph, len(p.ids)
	waits := map[int]int{} // links into a strongly connected component from others that have no level
	below := make([][]int32, n)
	for e, c := range g.Issuer {
		if h := g.Holder[e]; p.scc[h] != p.scc[c] {
			waits[p.scc[c]]++
			below[h] = append(below[h], c)
		}
	}
	members := map[int][]int32{}
	for c := range int32(n) {
		members[p.scc[c]] = append(members[p.scc[c]], c)
	}
	var now []int
	for _, s := range sorted(members) {
		if waits[s] == 0 {
			now = append(now, s)
		}
	}
	for len(now) > 0 {
		var level []int32
		var next []int
		for _, s := range now {
			level = append(level, members[s]...)
			for _, h := range members[s] {
				for _, c := range below[h] {
					if waits[p.scc[c]]--; waits[p.scc[c]] == 0 {
						next = append(next, p.scc[c])
					}
				}
			}
		}
		p.levels, now = append(p.levels, level), next
	}
}

// slabs puts as many levels into each slab as leave its pieces small enough.
func (p *planner) slabs(largest int) (planned, []int) {
	for _, s := range sorted(p.parts) {
		if p.parts[s] > largest {
			out := planned{Stakes: p.parts[s]}
			for c, id := range p.ids {
				if p.scc[c] == s {
					out.Companies++
					if out.Tight == "" {
						out.Tight = id
					}
				}
			}
			return out, nil
		}
	}
	slab := make([]int, len(p.ids))
	for c := range slab {
		slab[c] = -1
	}
	now := 0
	t := newTally(p)
	for l, level := range p.levels {
		if most := t.add(level, slab, now); most > largest && l > 0 {
			now++
			t = newTally(p)
			t.add(level, slab, now)
		}
	}
	return planned{Slabs: now + 1}, slab
}

// A tally counts the stakes of the pieces of a slab that grows.
type tally struct {
	p      *planner
	parent map[int32]int32
	stakes map[int32]int // at the roots
}

func newTally(p *planner) *tally {
	return &tally{p, map[int32]int32{}, map[int32]int{}}
}

// add adds a level to the slab, and returns the stakes of its largest new piece.
func (t *tally) add(level []int32, slab []int, now int) (most int) {
	for _, c := range level {
		slab[c] = now
		if _, ok := t.parent[c]; !ok {
			t.parent[c], t.stakes[c] = c, t.p.stakes[c]
		}
	}
	for _, c := range level {
		from, to := t.p.graph.Column(c)
		for _, h := range t.p.graph.Holder[from:to] {
			if slab[h] != now {
				continue
			}
			if x, y := t.root(h), t.root(c); x != y {
				t.parent[y] = x
				t.stakes[x] += t.stakes[y]
			}
		}
		most = max(most, t.stakes[t.root(c)])
	}
	return most
}

func (t *tally) root(c int32) int32 {
	for t.parent[c] != c {
		t.parent[c] = t.parent[t.parent[c]]
		c = t.parent[c]
	}
	return c
}

// pieces returns the name of each company's piece, which is the least id in it.
func (p *planner) pieces(slab []int) []string {
	var u union
	g := &p.graph
	for e, c := range g.Issuer {
		if h := g.Holder[e]; slab[h] == slab[c] {
			u.join(p.ids[h], p.ids[c])
		}
	}
	out := make([]string, len(p.ids))
	for c, id := range p.ids {
		out[c] = u.label(id)
	}
	return out
}

// keepPlan keeps the slabs and pieces of the companies of a shard.
func keepPlan(w *worker, in []record) error { return w.keep("plan", sortRecords(in)) }
