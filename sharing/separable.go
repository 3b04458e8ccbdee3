package sharing

import (
	"context"

	"github.com/crossholding/crossholding/ratio"
)

// Separable is a division by separable costs and remaining benefits, with its steps. It is
// plain data.
type Separable struct {
	Division Division       `json:"division"`
	Steps    []SeparableRow `json:"steps"`
	// Joint is the cost of all members less the separable costs.
	Joint ratio.Ratio `json:"joint"`
}

// SeparableRow has the figures of one member.
type SeparableRow struct {
	Member      string      `json:"member"`
	Justifiable ratio.Ratio `json:"justifiable"` // what the member would pay at most: its benefit, and no more than its cost alone
	Separable   ratio.Ratio `json:"separable"`   // the cost of all less the cost of all others
	Remaining   ratio.Ratio `json:"remaining"`   // justifiable less separable, and no less than 0
	Amount      ratio.Ratio `json:"amount"`
}

// SeparableCosts returns the division by separable costs and remaining benefits. Each member
// pays its separable cost, which is what the cost of all would fall by without it. The joint
// cost that is left is divided in proportion to the remaining benefits. The remaining benefit
// of a member is the lower of its benefit and its cost alone, less its separable cost.
// Without benefits the costs alone stand for them.
//
// It fails with ErrKind for a game of savings, with an InputError if the benefits do not fit
// the members, and with ErrUndefined if there is a joint cost and no remaining benefit.
//
// Source: Federal Inter-Agency River Basin Committee, 1950; P.D. Straffin and J.P. Heaney,
// Game Theory and the Tennessee Valley Authority, International Journal of Game Theory 10,
// 1981 (not verified in the articles; the method is described in a report of the National
// Research Council, nap.edu record 6020, page 226).
func (g Game) SeparableCosts(benefits ...Share) (Separable, error) {
	if err := g.ready(context.Background()); err != nil {
		return Separable{}, err
	}
	if g.Kind() != KindCosts {
		return Separable{}, failure(ErrKind, "separable costs need a game of costs, and this is one of savings")
	}
	var f faults
	most := g.standAlone()
	if len(benefits) > 0 {
		for i, b := range g.perMember(&f, "benefits", benefits) {
			most[i] = ratio.Min(most[i], b)
		}
	}
	if err := f.err(); err != nil {
		return Separable{}, err
	}
	out := Separable{Steps: make([]SeparableRow, len(g.members)), Joint: g.total()}
	var remaining ratio.Ratio
	for i, m := range g.members {
		r := SeparableRow{Member: m, Justifiable: most[i], Separable: g.total().Sub(g.values.at(g.all() &^ alone(i)))}
		if r.Separable.Less(r.Justifiable) {
			r.Remaining = r.Justifiable.Sub(r.Separable)
		}
		out.Steps[i] = r
		out.Joint = out.Joint.Sub(r.Separable)
		remaining = remaining.Add(r.Remaining)
	}
	var unit ratio.Ratio
	switch {
	case !remaining.IsZero():
		unit = out.Joint.Div(remaining)
	case !out.Joint.IsZero():
		return Separable{}, failure(ErrUndefined, "the joint cost is %s and no member has a remaining benefit", brief(out.Joint))
	}
	for i, r := range out.Steps {
		out.Steps[i].Amount = r.Separable.Add(r.Remaining.Mul(unit))
	}
	out.Division = g.divided("separable costs, remaining benefits", func(i int) ratio.Ratio { return out.Steps[i].Amount })
	return out, nil
}
