package crossholding

import (
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// findDecisive finds the stakes that would decide whether y is controlled. x controls y
// possibly but not surely.
func (b *Bounds) findDecisive(ctx context.Context, out *ControlBound, y int32, sure, possible *boundGroup) error {
	out.Law, out.Contracts = sure.law || possible.law, sure.contracts || possible.contracts
	x := possible.order[0]
	toYes, toNo := map[int32]ratio.Ratio{}, map[int32]ratio.Ratio{}
	for _, c := range possible.order[1:] {
		if sure.has(c) {
			continue
		}
		set := b.stakesIn(c)
		if point := possible.point[c]; point != nil {
			set.record(toYes, point)
		}
		if len(set.Classes) > 0 && !b.contracts.openAt(c) {
			set.record(toNo, b.failing(sure, set))
		}
	}
	var err error
	out.Yes, err = b.minimize(toYes, func(at map[int32]ratio.Ratio) (bool, error) {
		g, err := b.grow(ctx, surely, at, x)
		return err == nil && g.has(y), err
	})
	if err != nil {
		return err
	}
	out.No, err = b.minimize(toNo, func(at map[int32]ratio.Ratio) (bool, error) {
		g, err := b.grow(ctx, possibly, at, x)
		return err == nil && !g.has(y), err
	})
	return err
}

// failing returns a point at which the votes of the members do not pass.
func (b *Bounds) failing(g *boundGroup, set *issuerStakes) []ratio.Ratio {
	m, base := b.margin(g, set, surely)
	if point, ok := set.Witness(m.Negated(), b.rule.Strict); ok {
		return point
	}
	point, _ := set.Witness(base.Negated(), true)
	return point
}

// record sets the figures of the banded stakes at a point.
func (set *issuerStakes) record(at map[int32]ratio.Ratio, point []ratio.Ratio) {
	next := 0
	for s := range set.All() {
		if !s.IsExact() {
			at[s.ID] = point[next]
		}
		next++
	}
}

// minimize reduces a set of figures that decides a question to a minimal one. Fewer fixed
// stakes leave more completions, so a stake that is needed once is always needed. It tries
// to remove large parts first, to save time.
func (b *Bounds) minimize(at map[int32]ratio.Ratio, settles func(map[int32]ratio.Ratio) (bool, error)) ([]BandedStake, error) {
	if ok, err := settles(at); err != nil || !ok {
		return nil, err
	}
	keep := slices.Sorted(maps.Keys(at))
	for size := (len(keep) + 1) / 2; size > 0; size /= 2 {
		for from := 0; from < len(keep); {
			to := min(from+size, len(keep))
			less := maps.Clone(at)
			for _, e := range keep[from:to] {
				delete(less, e)
			}
			ok, err := settles(less)
			if err != nil {
				return nil, err
			}
			if ok {
				at, keep = less, slices.Delete(keep, from, to)
			} else {
				from = to
			}
		}
	}
	var out []BandedStake
	for _, e := range keep {
		out = append(out, b.assumption(e, at[e]))
	}
	return out, nil
}

func (b *Bounds) assumption(e int32, shares ratio.Ratio) BandedStake {
	set := b.stakesIn(b.a.graph.Issuer[e])
	for i := range set.Classes {
		k := &set.Classes[i]
		for j := range k.Stakes {
			if s := &k.Stakes[j]; s.ID == e {
				rec := &set.recs[i]
				out := b.a.bandedStake(rec, s)
				out.Shares, out.Fraction = shares, shares.Div(rec.issued)
				return out
			}
		}
	}
	panic("crossholding: a stake that its company does not list") // Bounds made the list
}
