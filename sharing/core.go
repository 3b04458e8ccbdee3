package sharing

import (
	"context"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Core says whether there are divisions that no set of members would do better to leave. It
// is plain data.
type Core struct {
	Empty bool `json:"empty"`
	// Margin is by how much the cost of all could rise, or the saving of all fall, before
	// the core is empty. If the core is empty it is below 0: its opposite is what somebody
	// outside would have to pay so that nobody leaves. It is 0 for a game of one member.
	Margin ratio.Ratio `json:"margin"`
	// Point is a division in the core, without shares if the core is empty. There can be
	// others; the nucleolus is the most central one.
	Point Division `json:"point"`
	// Blocking are sets of members that together show that the core is empty. The weights
	// of the sets of each member add up to 1. The weighted values of the sets are better
	// than the value of all, by the opposite of Margin.
	Blocking []Blocking `json:"blocking"`
}

// Blocking is one set of members of a proof that a core is empty.
type Blocking struct {
	Members []string    `json:"members"`
	Weight  ratio.Ratio `json:"weight"` // above 0
	Alone   ratio.Ratio `json:"alone"`  // what the set costs or saves on its own
}

// Core says whether the core is empty. It returns a division in it, or the sets that block
// every division.
//
// It solves the linear program of O.N. Bondareva (1963) and L.S. Shapley (On Balanced Sets
// and Cores, Naval Research Logistics Quarterly 14, 1967; not verified in the articles): the
// least total of amounts with which no set of fewer than all members does better to leave.
// It fails with ErrMembers for the zero Game.
func (g Game) Core(ctx context.Context) (Core, error) {
	if err := g.ready(ctx); err != nil {
		return Core{}, err
	}
	if len(g.members) == 1 {
		point := g.divided("core", func(int) ratio.Ratio { return g.total() })
		return Core{Point: point, Blocking: []Blocking{}}, nil
	}
	s := g.newScan()
	p, x, err := g.leastTotal(ctx, s)
	if err != nil {
		return Core{}, err
	}
	unit := new(big.Int).Mul(p.det, g.values.den)
	margin := new(big.Int).Mul(s.value(g.all()), p.det)
	for _, a := range x {
		margin.Sub(margin, a)
	}
	out := Core{Margin: ratio.FromRat(new(big.Rat).SetFrac(margin, unit)), Blocking: []Blocking{}}
	if out.Empty = margin.Sign() < 0; out.Empty {
		out.Point = Division{Kind: g.Kind(), Shares: []Share{}}
		out.Blocking = g.blocking(p)
		return out, nil
	}
	// The members get equal parts of what is left.
	part := out.Margin.Div(ratio.Int(int64(len(g.members))))
	out.Point = g.divided("core", func(i int) ratio.Ratio {
		amount := ratio.FromRat(new(big.Rat).SetFrac(x[i], unit)).Add(part)
		if g.Kind() == KindCosts {
			return amount.Neg()
		}
		return amount
	})
	return out, nil
}

// blocking returns the columns of a solved program that have a weight.
func (g Game) blocking(p *program) []Blocking {
	var out []Blocking
	for r, c := range p.columns {
		if p.weights[r].Sign() > 0 {
			out = append(out, Blocking{
				Members: namesOf(g.members, c.coalition),
				Weight:  ratio.FromRat(new(big.Rat).SetFrac(p.weights[r], p.det)),
				Alone:   g.values.at(c.coalition),
			})
		}
	}
	slices.SortFunc(out, func(a, b Blocking) int { return slices.Compare(a.Members, b.Members) })
	return out
}

// leastTotal finds the least amounts with which no coalition of fewer than all members has
// an excess above 0. It returns them times the determinant of the program and the
// denominator of the values, as savings. The weights of the program's columns are a balanced
// set of coalitions.
func (g Game) leastTotal(ctx context.Context, s *scan) (*program, []*big.Int, error) {
	n := len(g.members)
	columns := make([]column, n)
	costs, weights := make([]*big.Int, n), make([]*big.Int, n)
	for i := range columns {
		columns[i] = column{excessOf, alone(i)}
		costs[i], weights[i] = s.value(alone(i)), big.NewInt(1)
	}
	active := make([]bool, 1<<n)
	for c := Coalition(1); c < g.all(); c++ {
		active[c] = true
	}
	p := newProgram(columns, costs, weights)
	entries := make([]int64, n)
	for {
		x := p.prices()
		if err := s.fill(ctx, p.det, x); err != nil {
			return nil, nil, err
		}
		worst := s.largest(active)
		if !s.positive(worst) {
			return p, x, nil
		}
		for i := range entries {
			entries[i] = 0
			if worst.Has(i) {
				entries[i] = 1
			}
		}
		if err := p.enter(column{excessOf, worst}, entries, s.value(worst)); err != nil {
			return nil, nil, err
		}
	}
}
