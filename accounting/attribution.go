package accounting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
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
	Member  string      `json:"member"`
	Own     ratio.Ratio `json:"own"`     // without what it has through other members
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
		through = fmt.Sprintf(", %s its own and %s of other members", figure(p.Own), figure(rest))
	}
	return fmt.Sprintf("%s: %s is held outside the group, and of %s%s that is %s", p.Member, p.Outside.ShortPercent(), figure(p.Total), through, figure(p.Amount))
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
// beyond its bounds, and with ctx's error when ctx is done. It solves one system of linear
// equations for each member and method.
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
	s, err := x.solve(ctx)
	if err != nil {
		return Attribution{}, err
	}
	return s.divide(own, make([]ratio.Ratio, len(own))), nil
}

// solved is a group with what each member has of each other in the end, by both methods.
type solved struct {
	*indexed
	all, treasury interests
	loops         [][]string
}

// interests[i] is what member i has of each member, directly and through others: (I-C)^-1
// without the 1 of its diagonal, entries of 0 left out.
type interests []map[int]ratio.Ratio

func (x *indexed) solve(ctx context.Context) (*solved, error) {
	s := &solved{indexed: x, loops: [][]string{}}
	var err error
	if s.treasury, err = x.interests(ctx, x.parent); err != nil {
		return nil, err
	}
	if s.all = s.treasury; len(x.shares[x.parent]) > 0 {
		if s.all, err = x.interests(ctx, -1); err != nil {
			return nil, err
		}
	}
	in := map[int]bool{}
	for i, row := range s.treasury {
		if row[i].IsZero() || in[i] {
			continue
		}
		loop := []string{}
		for j := range row {
			if _, back := s.treasury[j][i]; back {
				in[j] = true
				loop = append(loop, x.Members[j].Name)
			}
		}
		slices.Sort(loop)
		s.loops = append(s.loops, loop)
	}
	slices.SortFunc(s.loops, slices.Compare)
	return s, nil
}

// interests solves the holdings, without those of the shares of one member.
func (x *indexed) interests(ctx context.Context, without int) (interests, error) {
	var b crossholding.Book
	for i := range x.Members {
		b.Companies = append(b.Companies, crossholding.Company{ID: nodeID(i)}) // ids in the order of members
	}
	a, err := crossholding.New(b)
	if err != nil {
		return nil, err
	}
	solver, err := a.Graph().Solver(ctx, func(j int32) ([]crossholding.Holding, ratio.Ratio) {
		if int(j) == without {
			return nil, ratio.Int(1)
		}
		held := make([]crossholding.Holding, len(x.shares[j]))
		for k, s := range x.shares[j] {
			held[k] = crossholding.Holding{Node: int32(s.holder), Amount: s.part}
		}
		slices.SortFunc(held, func(a, b crossholding.Holding) int { return cmp.Compare(a.Node, b.Node) })
		return held, ratio.Int(1)
	}, crossholding.OwnershipOptions{})
	if err != nil {
		return nil, x.named(err)
	}
	out := make(interests, len(x.Members))
	stage := progress.Start(ctx, "interests", len(out), 1)
	for i := range out {
		stage.At(i)
		row, _, err := solver.Holdings(ctx, int32(i))
		if err != nil {
			return nil, x.named(err)
		}
		out[i] = make(map[int]ratio.Ratio, len(row))
		for _, h := range row {
			if !h.Amount.IsZero() {
				out[i][int(h.Node)] = h.Amount
			}
		}
	}
	stage.End()
	return out, nil
}

func nodeID(i int) string { return fmt.Sprintf("m%06d", i) }

// named replaces ids of nodes by names of members in an error.
func (x *indexed) named(err error) error {
	var ring *crossholding.NoOutsideOwnerError
	if !errors.As(err, &ring) {
		return err
	}
	out := &crossholding.NoOutsideOwnerError{}
	for _, list := range ring.Components {
		names := make([]string, len(list))
		for i, id := range list {
			var k int
			if _, err := fmt.Sscanf(id, "m%d", &k); err == nil {
				names[i] = x.Members[k].Name
			}
		}
		slices.Sort(names)
		out.Components = append(out.Components, names)
	}
	return out
}

// divide divides own amounts by both methods. In the treasury-stock method, members keep
// what they have of the parent in their own books, such as its dividends, and the parent
// does not have it.
func (s *solved) divide(own, ofParent []ratio.Ratio) Attribution {
	out := Attribution{Mutual: len(s.shares[s.parent]) > 0, Loops: s.loops}
	kept := slices.Clone(own)
	for i, r := range own {
		out.Whole = out.Whole.Add(r)
		kept[i] = kept[i].Add(ofParent[i])
		kept[s.parent] = kept[s.parent].Sub(ofParent[i])
	}
	out.Simultaneous = s.division(own, s.all, s.free(s.parent))
	out.Treasury = s.division(kept, s.treasury, ratio.Int(1))
	return out
}

// division divides own amounts. The owners of the parent outside the group have a given
// fraction of its shares.
func (s *solved) division(own []ratio.Ratio, have interests, parentsFree ratio.Ratio) Division {
	d := Division{Parts: make([]Part, len(own))}
	for i, row := range have {
		p := Part{Member: s.Members[i].Name, Own: own[i], Total: own[i], Outside: s.free(i)}
		if i == s.parent {
			p.Outside = parentsFree
		}
		for j, r := range row {
			p.Total = p.Total.Add(r.Mul(own[j]))
		}
		p.Amount = p.Outside.Mul(p.Total)
		p.Interest = parentsFree.Mul(have[s.parent][i])
		if i == s.parent {
			p.Interest = p.Interest.Add(parentsFree)
			d.Parent = p.Amount
		} else {
			d.NonControlling = d.NonControlling.Add(p.Amount)
		}
		d.Parts[i] = p
	}
	return d
}
