package crossholding

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// HoldingBound holds the bounds of what one holder has in one company directly, for one
// beneficiary and with one voter. It is a plain value.
type HoldingBound struct {
	Holder      string `json:"holder"`
	Issuer      string `json:"issuer"`
	Beneficiary string `json:"beneficiary"` // whose money it is
	Voter       string `json:"voter"`       // who casts the votes before contracts, or [Neutral]
	// Capital is the part of the issued shares, of all classes together. Economic is the part
	// of the profits, by the dividend weights of the classes.
	Capital  ratio.Interval `json:"capital"`
	Economic ratio.Interval `json:"economic"`
	// Votes is the part of all votes, before statutes and contracts. Votes of treasury shares
	// are in the total.
	Votes ratio.Interval `json:"votes"`
	Law   bool           `json:"law"` // statutes may suspend some of the votes
}

// Holdings returns the bounds of the direct holdings in company, sorted by holder,
// beneficiary and voter. Each interval is exact: its ends are the least upper and the greatest
// lower bound over all completions of the book, and an end that no completion reaches is
// open. It fails with [ErrUnknown] if the company has no shares.
func (b *Bounds) Holdings(ctx context.Context, company string) ([]HoldingBound, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	b = b.orEmpty()
	c, err := b.a.company(company)
	if err != nil {
		return nil, err
	}
	if b.exact == nil {
		if _, err := b.suspensions(ctx); err != nil {
			return nil, err
		}
	}
	g := &b.a.graph
	parts := map[HoldingBound][]int32{}
	from, to := g.Column(c)
	for e := from; e < to; e++ {
		v := HoldingBound{Holder: g.IDs.At(g.Holder[e]), Issuer: company, Beneficiary: g.IDs.At(g.Beneficiary[e]), Voter: Neutral}
		if x := g.Voter[e]; x != NoNode {
			v.Voter = g.IDs.At(x)
		}
		parts[v] = append(parts[v], e)
	}
	out := make([]HoldingBound, 0, len(parts))
	for v, stakes := range parts {
		if b.exact != nil {
			b.measure(&v, stakes)
		} else {
			b.bracket(&v, b.stakesIn(c), stakes)
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(x, y HoldingBound) int {
		return cmp.Or(strings.Compare(x.Holder, y.Holder), strings.Compare(x.Beneficiary, y.Beneficiary), strings.Compare(x.Voter, y.Voter))
	})
	return out, nil
}

// measure fills in the figures of stakes in a book without bands. Statutes may suspend votes if
// they do.
func (b *Bounds) measure(v *HoldingBound, stakes []int32) {
	g := &b.a.graph
	c := g.Issuer[stakes[0]]
	for _, x := range []struct {
		to     *ratio.Interval
		weight *graph.Weighting
		whole  ratio.Ratio
	}{{&v.Capital, &g.Capital, g.Capital.Issued(c)}, {&v.Economic, &g.Dividends, g.Dividends.Outstanding(c)}, {&v.Votes, &g.Votes, g.Votes.Issued(c)}} {
		var sum ratio.Ratio
		for _, e := range stakes {
			sum = sum.Add(g.Stake(x.weight, e))
		}
		if !x.whole.IsZero() {
			*x.to = ratio.Exactly(sum.Div(x.whole))
		}
	}
	for e, n := range b.exact.Votes().Stakes(c) {
		if n.Exercisable.Less(n.Theoretical) && slices.Contains(stakes, e) {
			v.Law = true
		}
	}
}

// bracket fills in the bounds of stakes in a book with bands.
func (b *Bounds) bracket(v *HoldingBound, set *issuerStakes, stakes []int32) {
	for _, e := range stakes {
		v.Law = v.Law || b.suspended[e] != neverSuspended
	}
	one := func(*classRecord, int32) ratio.Ratio { return ratio.Int(1) }
	issued := func(k *classRecord) ratio.Ratio { return k.issued }
	v.Capital = set.Fraction(set.weigh(stakes, one, one, issued))
	dividend := func(k *classRecord, _ int32) ratio.Ratio { return k.dividend }
	v.Economic = set.Fraction(set.weigh(stakes, dividend, dividend, (*classRecord).outstanding))
	votes := func(k *classRecord, _ int32) ratio.Ratio { return k.votes }
	v.Votes = set.Fraction(set.weigh(stakes, b.a.votesPerShare, votes, issued))
}

// weigh returns the weight of some stakes, and that of all shares, as functions of the stakes
// in a company. Each is the weight of a share of a stake, and class that of another share of
// its class. Counted is the number of shares of a class that count in all.
func (set *issuerStakes) weigh(stakes []int32, each, class func(k *classRecord, e int32) ratio.Ratio, counted func(k *classRecord) ratio.Ratio) (part, all interval.Linear) {
	for i := range set.Classes {
		rec := &set.recs[i]
		other := class(rec, 0)
		all.Constant = all.Constant.Add(counted(rec).Mul(other))
		for j := range set.Classes[i].Stakes {
			e := set.Classes[i].Stakes[j].ID
			weight, mine := each(rec, e), ratio.Ratio{}
			if slices.Contains(stakes, e) {
				mine = weight
			}
			part.Stakes, all.Stakes = append(part.Stakes, mine), append(all.Stakes, weight.Sub(other))
		}
		part.Floats, all.Floats = append(part.Floats, ratio.Ratio{}), append(all.Floats, ratio.Ratio{})
	}
	return part, all
}
