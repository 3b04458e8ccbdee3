package whatif

import (
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// voteCap is the most votes that some holders can cast together in a meeting, within a range
// of lots.
type voteCap struct {
	holders []string
	most    ratio.Ratio
}

// capsInForce lists the caps of each company that are in force whatever is bought, and
// whose total is the votes that the law leaves.
func (m *modeller) capsInForce() map[int32][]crossholding.Agreement {
	out := map[int32][]crossholding.Agreement{}
	if o := &m.opt.Control; o.Basis == crossholding.BasisCapital || o.Voting.NoContracts {
		return out
	}
	for ag := range m.g.Agreements() {
		if ag.Kind != crossholding.AgreementCap || ag.WhileSuspended != "" || ag.Of != "" && ag.Of != crossholding.BasisExercisable {
			continue
		}
		if y, err := m.g.Company(ag.Issuer); err == nil {
			out[y] = append(out[y], ag)
		}
	}
	return out
}

// capsWithin are the caps of each company for numbers of lots within a range: of the most
// votes that can be cast then.
func (m *modeller) capsWithin(low, high []int64) map[int32][]voteCap {
	out := map[int32][]voteCap{}
	for y, list := range m.caps {
		total := m.all.Base(y)
		for k := range m.sales {
			s := &m.sales[k]
			if s.company != y {
				continue
			}
			each := m.mostGrowth(k)
			lots := high[k]
			if each.Sign() < 0 {
				lots = low[k]
			}
			total = total.Add(each.Mul(ratio.Int(lots)))
		}
		for _, ag := range list {
			if most, err := ratio.Parse(ag.Max); err == nil {
				out[y] = append(out[y], voteCap{ag.Holders, total.Mul(most)})
			}
		}
	}
	return out
}

// mostGrowth is the most votes that one lot adds to the votes that can be cast.
func (m *modeller) mostGrowth(k int) ratio.Ratio {
	each := m.sales[k].base
	for i, e := range m.sales[k].stakes {
		if n := m.sales[k].votes.Sub(m.sold(k, e)); i == 0 || each.Less(n) {
			each = n
		}
	}
	return each
}

// capDoubts lists the offers whose numbers matter to caps, because purchases change the
// votes that can be cast.
func (m *modeller) capDoubts() []int {
	var out []int
	for k := range m.sales {
		if len(m.caps[m.sales[k].company]) > 0 && !m.mostGrowth(k).IsZero() {
			out = append(out, k)
		}
	}
	return out
}

// capOf is the cap on the votes of a stake, if its holder alone can come to cast them.
func (m *modeller) capOf(e int32, caps []voteCap) (ratio.Ratio, bool) {
	s := m.g.Stake(e)
	if len(caps) == 0 || s.Voter != s.Holder || !slices.Equal(m.voters[e], []int32{s.Holder}) {
		return ratio.Ratio{}, false
	}
	return lowestCap(caps, m.g.ID(s.Holder))
}

// buyersCap is the cap on the votes of the buyer, if it alone can come to cast them.
func (m *modeller) buyersCap(caps []voteCap) (ratio.Ratio, bool) {
	for _, ag := range slices.Collect(m.g.Agreements()) {
		if (ag.Kind == crossholding.AgreementFollow || ag.Kind == crossholding.AgreementProxy) && slices.Contains(ag.Holders, m.q.Buyer) {
			return ratio.Ratio{}, false
		}
	}
	return lowestCap(caps, m.q.Buyer)
}

// lowestCap is the cap that names a holder, or else the one that binds everyone.
func lowestCap(caps []voteCap, holder string) (least ratio.Ratio, ok bool) {
	named := slices.ContainsFunc(caps, func(c voteCap) bool { return slices.Contains(c.holders, holder) })
	for _, c := range caps {
		if slices.Contains(c.holders, holder) || !named && len(c.holders) == 0 {
			if !ok || c.most.Less(least) {
				least, ok = c.most, true
			}
		}
	}
	return least, ok
}
