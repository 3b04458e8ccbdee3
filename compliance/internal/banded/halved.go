package banded

import (
	"cmp"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Halved returns a completion that differs from another in one company: each of two groups has
// exactly half of it, by votes or by capital. Side says to which group a holder belongs, 1 or 2,
// and 0 for others, who have as little as they can. It reports whether one was found.
func (b *Book) Halved(at Completion, company string, basis crossholding.Basis, side func(holder string) int) (Completion, bool, error) {
	votes, total, err := b.classVotes(basis)
	if err != nil {
		return nil, false, err
	}
	h := halving{b, votes, basis == crossholding.BasisCapital, [3]ratio.Ratio{}}
	base, out := total[company], append(Completion{}, at...)
	room := map[classID]ratio.Ratio{}
	var contested []int
	for i := range b.bands {
		k := &b.bands[i]
		if k.class.issuer != company {
			continue
		}
		left, ok := room[k.class]
		if !ok {
			left = b.rest[k.class]
		}
		out[i], room[k.class] = k.least, left.Sub(k.least.Sub(k.lo))
		if !h.count(k, k.least, side, &base) {
			return nil, false, nil
		}
		contested = append(contested, i)
	}
	for i := range b.exact {
		if k := &b.exact[i]; k.class.issuer == company && !h.count(k, k.lo, side, &base) {
			return nil, false, nil
		}
	}
	half := base.Mul(ratio.Of(1, 2))
	for _, i := range contested {
		k := &b.bands[i]
		of, each := side(h.who(k)), votes[k.class]
		if of == 0 || each.IsZero() {
			continue
		}
		more := k.most().Sub(k.least)
		for _, limit := range []ratio.Ratio{room[k.class], half.Sub(h.sum[of]).Div(each)} {
			more = ratio.Min(more, limit)
		}
		if more.Sign() > 0 {
			out[i], room[k.class] = out[i].Add(more), room[k.class].Sub(more)
			h.sum[of] = h.sum[of].Add(more.Mul(each))
		}
	}
	return out, h.sum[1].Equal(half) && h.sum[2].Equal(half), nil
}

// halving adds up what two groups have of a company.
type halving struct {
	b         *Book
	votes     map[classID]ratio.Ratio
	byCapital bool
	sum       [3]ratio.Ratio // by group
}

// who returns for whom a stake counts.
func (h *halving) who(k *band) string {
	s := &h.b.Given.Stakes[k.at]
	if h.byCapital {
		return cmp.Or(s.Beneficiary, s.Holder)
	}
	return cmp.Or(s.Voter, s.Holder)
}

// count counts shares of a stake. Votes that no one casts are no part of the base. It reports
// false for a stake whose shares have votes of their own.
func (h *halving) count(k *band, shares ratio.Ratio, side func(holder string) int, base *ratio.Ratio) bool {
	if h.b.Given.Stakes[k.at].Votes != "" && !h.byCapital {
		return false
	}
	amount := shares.Mul(h.votes[k.class])
	if who := h.who(k); !h.byCapital && who == crossholding.Neutral {
		*base = base.Sub(amount)
	} else {
		of := side(who)
		h.sum[of] = h.sum[of].Add(amount)
	}
	return true
}
