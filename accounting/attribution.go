package accounting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// Method is a way to treat shares of the parent that subsidiaries hold. The zero value is
// [SimultaneousEquations].
type Method string

// These are the methods.
const (
	// SimultaneousEquations gives each member its own amount and its part of the amounts of
	// those that it holds, also of the parent's, all at once.
	SimultaneousEquations Method = ""
	// TreasuryStock treats shares of the parent as its own shares, bought back. Then all
	// that the parent has belongs to its owners outside the group.
	TreasuryStock Method = "treasury_stock"
)

// Attribution says to whom an amount of a group belongs, by both methods. It is plain data.
type Attribution struct {
	Whole        ratio.Ratio `json:"whole"` // of all members; both methods divide it
	Simultaneous Division    `json:"simultaneous"`
	Treasury     Division    `json:"treasury"`
	// Mutual says that a subsidiary holds shares of the parent. Otherwise the methods agree.
	Mutual bool `json:"mutual"`
	// Loops lists members that hold one another without the parent, sorted. The
	// treasury-stock method has no rule for these. Both divisions solve them by equations.
	Loops [][]string `json:"loops"`
}

// Of returns the division by one method.
func (a Attribution) Of(m Method) Division {
	if m == TreasuryStock {
		return a.Treasury
	}
	return a.Simultaneous
}

// Division divides an amount between the owners of the parent and the non-controlling
// interests. It is plain data. Parent + NonControlling is the whole.
type Division struct {
	Parent         ratio.Ratio `json:"parent"`          // of the parent's owners outside the group
	NonControlling ratio.Ratio `json:"non_controlling"` // of all other owners outside the group
	Parts          []Part      `json:"parts"`           // by member, in the order of the group
}

// Of returns the part of a member. It fails with [crossholding.ErrUnknown].
func (d Division) Of(member string) (Part, error) {
	i := slices.IndexFunc(d.Parts, func(p Part) bool { return p.Member == member })
	if i < 0 {
		return Part{}, fmt.Errorf("accounting: %s is not among the members: %w", quote(member), crossholding.ErrUnknown)
	}
	return d.Parts[i], nil
}

// Part is what one member contributes and what its owners outside the group get. It is plain
// data. Amount is Outside times Total.
type Part struct {
	Member string `json:"member"`
	// Own is without what the member has through others. In the treasury-stock method of
	// [Consolidate], it has what the member carries, or gets, of the parent.
	Own     ratio.Ratio `json:"own"`
	Total   ratio.Ratio `json:"total"`   // with its part of the members that it holds
	Outside ratio.Ratio `json:"outside"` // fraction of its shares that no member holds, 0..1
	Amount  ratio.Ratio `json:"amount"`  // of its owners outside the group
	// Interest is the fraction of this member's own amount that ends with the parent's
	// owners. The rest belongs to non-controlling interests. For 60% of a company of which
	// 70% is held, it is 42%.
	Interest ratio.Ratio `json:"interest"`
}

// String returns the part as a sentence.
func (p Part) String() string {
	through := ""
	if rest := p.Total.Sub(p.Own); !rest.IsZero() {
		through = fmt.Sprintf(" (%s its own, %s of other members)", figure(p.Own), figure(rest))
	}
	return fmt.Sprintf("owners of %s outside the group have %s of %s%s: %s", p.Member, p.Outside.ShortPercent(), figure(p.Total), through, figure(p.Amount))
}

// Attribute divides amounts among the owners outside a group: the parent's owners and the
// non-controlling interests of each subsidiary (IFRS 10, B94). An amount is a member's own:
// separate profit without dividends from members, or net assets without what it holds of
// members. A member that is not in the map has 0.
//
// With C(i,j) the fraction of member j that i holds, the totals on a consolidated basis are
// the solution of T(i) = own(i) + sum of C(i,j) T(j), and the owners of j outside the group
// get T(j) (1 - sum of C(i,j)). The treasury-stock method takes C(i,parent) as 0. So a
// parent's share is worth the same by both, if the second deducts only the shares that its
// owners hold through the group: T(parent) of the one is V T(parent) of the other, with V
// the parent's loop multiplier.
//
// It fails with [crossholding.ErrUnknown] for names that are not among the members, with
// [crossholding.ErrOverAllocated] for a member of which more than all is held, with a
// [*crossholding.NoOutsideOwnerError] for members that nobody outside owns, with
// [crossholding.ErrRange], [crossholding.ErrMissing], [crossholding.ErrDuplicate] and
// [crossholding.ErrSelfStake] for other faults of the group, with [crossholding.ErrTooLarge]
// beyond its bounds, and with ctx's error when ctx is done. It solves three systems of linear
// equations for each method.
func Attribute(ctx context.Context, g Group, amounts map[string]ratio.Ratio) (Attribution, error) {
	ctx, err := begin(ctx)
	if err != nil {
		return Attribution{}, err
	}
	x, err := g.index()
	if err != nil {
		return Attribution{}, err
	}
	var f faults
	own := make([]ratio.Ratio, len(g.Members))
	for _, name := range slices.Sorted(maps.Keys(amounts)) {
		i, ok := x.at[name]
		if !ok {
			f.add("amounts", crossholding.ErrUnknown, "%s is not among the members", quote(name))
		} else if f.sized("amounts", quote(name), amounts[name]) {
			own[i] = amounts[name]
		}
	}
	if err := f.err(); err != nil {
		return Attribution{}, err
	}
	return x.divide(ctx, own, make([]ratio.Ratio, len(own)))
}

// divide divides own amounts by both methods. In the treasury-stock method, members keep
// what they have of the parent in their own books, such as its dividends, and the parent
// does not have it.
func (x *indexed) divide(ctx context.Context, own, ofParent []ratio.Ratio) (Attribution, error) {
	out := Attribution{Mutual: len(x.shares[x.parent]) > 0, Loops: x.loops()}
	kept := slices.Clone(own)
	for i, r := range own {
		out.Whole = out.Whole.Add(r)
		kept[i] = kept[i].Add(ofParent[i])
		kept[x.parent] = kept[x.parent].Sub(ofParent[i])
	}
	var err error
	if out.Treasury, err = x.division(ctx, kept, TreasuryStock); err != nil {
		return Attribution{}, err
	}
	if out.Mutual {
		out.Simultaneous, err = x.division(ctx, own, SimultaneousEquations)
		return out, err
	}
	out.Simultaneous = out.Treasury
	out.Simultaneous.Parts = slices.Clone(out.Treasury.Parts)
	return out, nil
}

// division divides own amounts by one method.
func (x *indexed) division(ctx context.Context, own []ratio.Ratio, m Method) (Division, error) {
	n := len(own)
	free := x.free(x.parent)
	if m == TreasuryStock {
		free = ratio.Int(1)
	}
	// Two more nodes stand for a pool of 1 of each member, and a pool of its own amount
	// and so much more that it is above 0. What a member has of the pools, directly and
	// through others, is its total.
	shift := ratio.Int(1).Sub(slices.MinFunc(own, ratio.Ratio.Cmp))
	ones, shifted := make([]ratio.Ratio, n), make([]ratio.Ratio, n)
	for i, r := range own {
		ones[i], shifted[i] = ratio.Int(1), r.Add(shift)
	}
	solver, err := x.solver(ctx, m, ones, shifted)
	if err != nil {
		return Division{}, err
	}
	units, err := x.pool(ctx, solver, n, ones)
	if err != nil {
		return Division{}, err
	}
	totals, err := x.pool(ctx, solver, n+1, shifted)
	if err != nil {
		return Division{}, err
	}
	row, self, err := solver.Holdings(ctx, int32(x.parent))
	if err != nil {
		return Division{}, x.named(err)
	}
	interest := make([]ratio.Ratio, n+2)
	for _, h := range row {
		interest[h.Node] = free.Mul(h.Amount)
	}
	interest[x.parent] = free.Mul(self)
	d := Division{Parts: make([]Part, n)}
	for i := range own {
		p := Part{Member: x.Members[i].Name, Own: own[i], Total: totals[i].Sub(shift.Mul(units[i])), Outside: x.free(i), Interest: interest[i]}
		if i == x.parent {
			p.Outside = free
		}
		p.Amount = p.Outside.Mul(p.Total)
		if i == x.parent {
			d.Parent = p.Amount
		} else {
			d.NonControlling = d.NonControlling.Add(p.Amount)
		}
		d.Parts[i] = p
	}
	return d, nil
}

// solver returns a solver of the holdings. The nodes after the members are pools, of which
// each member directly has an amount.
func (x *indexed) solver(ctx context.Context, m Method, pools ...[]ratio.Ratio) (*crossholding.Solver, error) {
	n := len(x.Members)
	var b crossholding.Book
	for i := range n + len(pools) {
		b.Companies = append(b.Companies, crossholding.Company{ID: nodeID(i)}) // in the order of members
	}
	a, err := crossholding.New(b)
	if err != nil {
		return nil, err
	}
	solver, err := a.Graph().Solver(ctx, func(j int32) ([]crossholding.Holding, ratio.Ratio) {
		switch k := int(j); {
		case k >= n:
			return whole(pools[k-n])
		case k == x.parent && m == TreasuryStock:
			return nil, ratio.Int(1)
		default:
			return x.shares[k], ratio.Int(1)
		}
	}, crossholding.OwnershipOptions{})
	if err != nil {
		return nil, x.named(err)
	}
	return solver, nil
}

// whole returns amounts as holdings of nodes from 0 on, and their sum.
func whole(amounts []ratio.Ratio) ([]crossholding.Holding, ratio.Ratio) {
	var sum ratio.Ratio
	held := make([]crossholding.Holding, len(amounts))
	for i, r := range amounts {
		held[i] = crossholding.Holding{Node: int32(i), Amount: r}
		sum = sum.Add(r)
	}
	return held, sum
}

// pool returns how much of a pool each member has, directly and through others.
func (x *indexed) pool(ctx context.Context, solver *crossholding.Solver, node int, amounts []ratio.Ratio) ([]ratio.Ratio, error) {
	column, _, err := solver.Owners(ctx, int32(node))
	if err != nil {
		return nil, x.named(err)
	}
	_, sum := whole(amounts)
	out := make([]ratio.Ratio, len(amounts))
	for _, h := range column {
		if int(h.Node) < len(out) && !h.Float {
			out[h.Node] = h.Amount.Mul(sum)
		}
	}
	return out, nil
}

// loops returns members that hold one another without the parent.
func (x *indexed) loops() [][]string {
	g := simple.NewDirectedGraph()
	for i := range x.Members {
		g.AddNode(simple.Node(i))
	}
	for j, list := range x.shares {
		for _, h := range list {
			if j != x.parent {
				g.SetEdge(g.NewEdge(simple.Node(h.Node), simple.Node(j)))
			}
		}
	}
	out := [][]string{}
	for _, component := range topo.TarjanSCC(g) {
		if len(component) < 2 {
			continue
		}
		var names []string
		for _, node := range component {
			names = append(names, x.Members[node.ID()].Name)
		}
		slices.Sort(names)
		out = append(out, names)
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

func nodeID(i int) string { return fmt.Sprintf("m%06d", i) }

// named replaces ids of nodes by names of members in an error.
func (x *indexed) named(err error) error {
	var ring *crossholding.NoOutsideOwnerError
	if !errors.As(err, &ring) {
		return told.By("accounting", err)
	}
	out := &crossholding.NoOutsideOwnerError{}
	for _, list := range ring.Components {
		names := make([]string, len(list))
		for i, id := range list {
			var k int
			if _, err := fmt.Sscanf(id, "m%d", &k); err == nil && k < len(x.Members) {
				names[i] = x.Members[k].Name
			}
		}
		slices.Sort(names)
		out.Components = append(out.Components, names)
	}
	return told.By("accounting", out)
}
