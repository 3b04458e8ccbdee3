package interest

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Partners returns the members of a concert who can be owners, with the members of joint holders
// in the place of these.
func (q *Interests) Partners(p *crossholding.Concert) []int32 {
	var out []int32
	for _, x := range p.Members {
		out = append(append(out, x), q.Joint.Members(x)...)
	}
	out = slices.DeleteFunc(out, func(x int32) bool { return !q.Outside(x) })
	slices.Sort(out)
	return slices.Compact(out)
}

// Concerted is the control of the company by the members of a concert together.
type Concerted struct {
	Controls bool
	Share    ratio.Ratio         // of the votes that they have
	Facts    []crossholding.Fact // that give control, if the votes are not enough
}

// ConcertControls returns whether the members of a concert control the company together: by votes,
// or by facts, as one party would. If the concert is about one company, they act together only
// there, and what that company controls is under their control.
func (q *Interests) ConcertControls(ctx context.Context, p *crossholding.Concert) (Concerted, error) {
	m := q.Votes()
	if p.Over == crossholding.NoNode {
		g, err := q.GroupOf(ctx, m, p.Members...)
		if err != nil {
			return Concerted{}, err
		}
		return q.concerted(g), nil
	}
	union, err := q.union(ctx, m, p.Members)
	if err != nil {
		return Concerted{}, err
	}
	var out Concerted
	if q.G.HasShares(p.Over) {
		out.Share = sum(m.Tally.Fractions(p.Over), among(union))
	}
	if out.Controls = out.Share.Reaches(q.opt.ControlThreshold, false); !out.Controls {
		for _, f := range q.Facts[p.Over] {
			if part, has := q.had(f, func(x int32) bool { return union[x] }); has {
				out.Controls, out.Facts = true, append(out.Facts, part.Fact)
			}
		}
	}
	if p.Over == q.Company || !out.Controls {
		return out, nil
	}
	g, err := q.Group(ctx, m, p.Over)
	if err != nil {
		return Concerted{}, err
	}
	return q.concerted(g), nil
}

// concerted returns the control of the company by a group.
func (q *Interests) concerted(g *Group) Concerted {
	m := q.Votes()
	out := Concerted{Share: m.HeldBy(g), Controls: q.Outvotes(m, g)}
	if !out.Controls && g.Controls(q.Company) {
		out.Controls, out.Facts = true, g.Evidence(q.Company)
	}
	return out
}
