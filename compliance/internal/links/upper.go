package links

import (
	"context"
	"iter"
	"maps"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/ratio"
)

// upperLinks finds links that may exist although no completion with them was found: because
// votes are in doubt, because of loops, or because two links must exist at once.
type upperLinks struct {
	q       *boundsRun
	bases   []crossholding.Basis
	edges   []map[string]map[string]ratio.Ratio // by basis and holder: the most that it can have of each company
	inLoop  map[string]bool                     // companies that were looked at: whether they own themselves through others
	control *crossholding.Bounds                // nil if no votes are in doubt, or if agreements change votes
	holds   *crossholding.Bounds                // the same with the threshold of links
}

func newUpperLinks(ctx context.Context, q *boundsRun) (*upperLinks, error) {
	u := &upperLinks{q: q, bases: []crossholding.Basis{crossholding.BasisExercisable, crossholding.BasisCapital}, inLoop: map[string]bool{}}
	if q.opt.Basis != "" {
		u.bases = []crossholding.Basis{q.opt.Basis}
	}
	for _, basis := range u.bases {
		edges, err := q.banded.Most(basis, q.doubt)
		if err != nil {
			return nil, err
		}
		u.edges = append(u.edges, edges)
	}
	if len(q.doubt.In) == 0 || q.doubt.Contracts {
		return u, nil
	}
	opt := crossholding.ControlOptions{Voting: q.voting, Basis: crossholding.BasisExercisable, Threshold: q.opt.ControlThreshold}
	var err error
	if u.control, err = q.banded.Alliance.Bounds(ctx, crossholding.BoundsOptions{Control: opt}); err != nil {
		return nil, err
	}
	opt.Threshold, opt.AtLeast = q.opt.Threshold, !q.opt.Exceed
	u.holds, err = q.banded.Alliance.Bounds(ctx, crossholding.BoundsOptions{Control: opt})
	return u, err
}

// sums returns upper bounds of what a party has of others along paths, by basis i.
func (u *upperLinks) sums(ctx context.Context, i int, x string) (map[string]ratio.Ratio, error) {
	g := u.q.banded.Alliance.Graph()
	from, err := g.Node(x)
	if err != nil {
		return nil, err
	}
	sums := map[string]ratio.Ratio{}
	edges := func(n int32) []simplepath.Edge {
		var out []simplepath.Edge
		for company, share := range u.edges[i][g.ID(n)] {
			if c, err := g.Node(company); err == nil {
				out = append(out, simplepath.Edge{To: c, Weight: share.Rat()})
			}
		}
		return out
	}
	err = simplepath.Walk(ctx, from, edges, simplepath.Product, u.q.opt.MaxSteps, func(path []int32, worth *big.Rat) bool {
		y := g.ID(path[len(path)-1])
		sums[y] = sums[y].Add(ratio.FromRat(worth))
		return true
	})
	return sums, err
}

// of returns the links of a party, and of what it holds, that exist whatever is in doubt, and
// those that may exist although no completion with them was found.
func (u *upperLinks) of(ctx context.Context, x string, low *linksIn, most *mostLinks) (sure, may map[Key]bool, err error) {
	direct, err := u.mayHold(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	certain, controlled, err := u.surely(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	sure, may = map[Key]bool{}, map[Key]bool{}
	for y := range certain {
		sure[Key{x, y, ""}] = true
	}
	for y := range direct {
		may[Key{x, y, ""}] = true
	}
	delete(may, Key{x, x, ""})
	if u.q.opt.ThirdControls {
		controls, err := u.mayControl(ctx, x)
		if err != nil {
			return nil, nil, err
		}
		u.pairs(x, slices.Values(low.group), maps.Keys(most.group), controlled, controls, sure, may)
		return sure, may, nil
	}
	u.pairs(x, heldBy(x, low.links), heldBy(x, most.link), certain, direct, sure, may)
	return sure, may, nil
}

// heldBy yields the parties to whom a party is linked by what it holds.
func heldBy(x string, links map[Key]*Link) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range links {
			if k.Third == "" && k.A == x && !yield(k.B) {
				return
			}
		}
	}
}

// pairs notes the links between two of those that a third party has or may have.
func (u *upperLinks) pairs(x string, least, most iter.Seq[string], certain, open map[string]bool, sure, may map[Key]bool) {
	some, all := maps.Clone(open), maps.Clone(certain)
	for y := range least {
		if doubt, _ := u.q.doubt.Concerns(y, x); !doubt {
			all[y] = true
		}
	}
	for y := range most {
		some[y] = true
	}
	maps.Copy(some, all)
	delete(some, x)
	for y := range some {
		for z := range some {
			if y < z {
				may[Key{y, z, x}] = true
				if all[y] && all[z] {
					sure[Key{y, z, x}] = true
				}
			}
		}
	}
}

// mayHold returns those of whom a party may have enough for a link, as far as votes in doubt or
// loops leave it open.
func (u *upperLinks) mayHold(ctx context.Context, x string) (map[string]bool, error) {
	out, err := u.mayControl(ctx, x)
	if err != nil {
		return nil, err
	}
	if u.q.opt.ByControl {
		if err := u.mayHoldByControl(ctx, x, maps.Clone(out), out); err != nil {
			return nil, err
		}
	} else {
		for i := range u.bases {
			sums, err := u.sums(ctx, i, x)
			if err != nil {
				return nil, err
			}
			for y, share := range sums {
				if share.Reaches(u.q.opt.Threshold, !u.q.opt.Exceed) {
					out[y] = true
				}
			}
		}
	}
	for y := range out {
		if doubt, _ := u.q.doubt.Concerns(y, x); !doubt && (u.q.opt.ByControl || !u.loops(x, y)) {
			delete(out, y)
		}
	}
	return out, nil
}

// mayHoldByControl adds those of whom a party may have enough with a group that it may control.
func (u *upperLinks) mayHoldByControl(ctx context.Context, x string, group, out map[string]bool) error {
	group[x] = true
	if u.holds != nil {
		list, err := u.holds.Controlled(ctx, x)
		if err != nil {
			return err
		}
		for _, c := range list {
			out[c.Company] = true
		}
	}
	for i := range u.bases {
		sums := map[string]ratio.Ratio{}
		for member := range group {
			for y, share := range u.edges[i][member] {
				sums[y] = sums[y].Add(share)
			}
		}
		for y, share := range sums {
			if share.Reaches(u.q.opt.Threshold, !u.q.opt.Exceed) && (u.bases[i] == crossholding.BasisCapital || u.holds == nil) {
				out[y] = true
			}
		}
	}
	return nil
}

// mayControl returns what a party may control because votes are in doubt.
func (u *upperLinks) mayControl(ctx context.Context, x string) (map[string]bool, error) {
	out := map[string]bool{}
	if u.control == nil {
		if !u.q.doubt.Contracts {
			return out, nil
		}
		for _, c := range u.q.banded.Given.Companies {
			if doubt, _ := u.q.doubt.Concerns(c.ID, x); doubt {
				out[c.ID] = true
			}
		}
		return out, nil
	}
	list, err := u.control.Controlled(ctx, x)
	for _, c := range list {
		out[c.Company] = true
	}
	return out, err
}

// surely returns those to whom a party is linked by shares alone, or by control in every
// completion, and those that it controls so.
func (u *upperLinks) surely(ctx context.Context, x string) (linked, controlled map[string]bool, err error) {
	linked, controlled = map[string]bool{}, map[string]bool{}
	if len(u.q.doubt.In) == 0 {
		return linked, controlled, nil
	}
	if u.control != nil {
		list, err := u.control.Controlled(ctx, x)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range list {
			if c.Answer != crossholding.CertaintyYes {
				continue
			}
			controlled[c.Company], linked[c.Company] = true, true
		}
	}
	if u.q.opt.Basis != "" && u.q.opt.Basis != crossholding.BasisCapital {
		return linked, controlled, nil
	}
	alone := *u.q
	alone.opt.Basis, alone.opt.ControlThreshold = crossholding.BasisCapital, ratio.Int(1) // nobody has more than all votes
	low, err := alone.try(ctx, u.q.banded.Lowest(), x)
	if err != nil {
		return nil, nil, err
	}
	for k := range low.links {
		if k.Third == "" && k.A == x {
			linked[k.B] = true
		}
	}
	return linked, controlled, nil
}

// loops reports whether companies between two parties own themselves through others.
func (u *upperLinks) loops(x, y string) bool {
	above := u.q.doubt.Above
	for c := range above.Of(y) {
		loop, known := u.inLoop[c]
		if !known {
			loop = above.Of(above[c]...)[c]
			u.inLoop[c] = loop
		}
		if loop && above.Of(c)[x] {
			return true
		}
	}
	return false
}
