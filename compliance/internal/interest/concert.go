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

// ConcertControls reports whether the members of a concert control the company together by
// votes, and the fraction of its votes that they have. If the concert is about one company,
// they act together only there, and what that company controls is under their control.
func (q *Interests) ConcertControls(ctx context.Context, p *crossholding.Concert) (share ratio.Ratio, controls bool, err error) {
	m := q.Votes()
	if p.Over == crossholding.NoNode {
		g, err := q.GroupOf(ctx, m, p.Members...)
		if err != nil {
			return share, false, err
		}
		return m.HeldBy(g), q.Outvotes(m, g), nil
	}
	union, err := q.union(ctx, m, p.Members)
	if err != nil {
		return share, false, err
	}
	share = sum(m.Tally.Fractions(p.Over), among(union))
	if p.Over == q.Company || !share.Reaches(q.opt.ControlThreshold, false) {
		return share, p.Over == q.Company && share.Reaches(q.opt.ControlThreshold, false), nil
	}
	g, err := q.Group(ctx, m, p.Over)
	if err != nil {
		return share, false, err
	}
	return m.HeldBy(g), q.Outvotes(m, g), nil
}
