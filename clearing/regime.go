package clearing

import (
	"context"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// solving is one search for a solution.
//
// The assets of a firm are what it can pay: after the costs of default if the firm is in
// bearing. For a fixed set of bearing firms the values are the fixed points of a continuous
// map, and settle finds one of them.
type solving struct {
	ctx     context.Context
	s       *System
	digits  int    // 0: exact
	bearing []bool // firms that bear the costs of default
	regime  []regime
	assets  []span
	regimes int // linear systems solved

	scaled map[[2]int]*column // columns of which bearing firms lose a part
}

// regime says where a firm's money ends. The tiers before tier are paid in full. In a linear
// regime the tier gets the rest, and if not it is paid in full too. A firm without money
// has tier -1.
type regime struct {
	tier   int
	linear bool
}

func (s *System) newSolving(ctx context.Context, digits int) *solving {
	n := len(s.firms)
	return &solving{ctx: ctx, s: s, digits: digits, bearing: make([]bool, n), regime: make([]regime, n), assets: make([]span, n)}
}

// start begins anew at the point at which nobody pays anything.
func (v *solving) start() {
	for i := range v.s.firms {
		v.regime[i] = regime{tier: v.s.firms[i].tierAbove(v.external(i))}
	}
}

// tierAbove returns the tier to which the last unit of assets goes, or -1 without assets.
func (f *firm) tierAbove(assets ratio.Ratio) int {
	if assets.Sign() <= 0 {
		return -1
	}
	for k := range f.shares() {
		if assets.Cmp(f.tiers[k].top) <= 0 {
			return k
		}
	}
	return f.shares()
}

// external returns the external assets of a firm that are left.
func (v *solving) external(i int) ratio.Ratio {
	f := &v.s.firms[i]
	if !v.bearing[i] {
		return f.assets
	}
	return f.assets.Mul(left(f.costs.External))
}

func left(cost ratio.Ratio) ratio.Ratio { return ratio.Int(1).Sub(cost) }

// rate returns which fraction of a payment of tier t reaches firm i's creditors.
func (v *solving) rate(i int32, equity bool) ratio.Ratio {
	switch f := &v.s.firms[i]; {
	case !v.bearing[i]:
		return ratio.Int(1)
	case equity:
		return left(f.costs.Shares)
	default:
		return left(f.costs.Claims)
	}
}

// column returns where the money of firm j's tier k goes. The shares of a firm that bears
// costs are worth nothing.
func (v *solving) column(j, k int) *column {
	t := &v.s.firms[j].tiers[k]
	if t.equity && v.bearing[j] || len(t.column.rows) == 0 {
		return nil
	}
	loses := false
	for _, i := range t.column.rows {
		loses = loses || v.bearing[i]
	}
	if !loses {
		return &t.column
	}
	key := [2]int{j, k}
	if v.scaled[key] == nil {
		if v.scaled == nil {
			v.scaled = map[[2]int]*column{}
		}
		v.scaled[key] = t.column.scaled(func(i int32) ratio.Ratio { return v.rate(i, t.equity) })
	}
	return v.scaled[key]
}

// setBearing changes whether a firm bears costs.
func (v *solving) setBearing(i int, bears bool) {
	v.bearing[i] = bears
	v.scaled = nil
}

// settle finds a fixed point at or above the point where it starts. There each firm pays no
// more than it can, and the money that it has reaches into the tier of its regime.
//
// It raises the tiers. For given tiers it first takes all debts as paid in full, and then
// finds, one after the other, the firms that cannot pay the last tier in full: the
// algorithm of fictitious default of Eisenberg and Noe (2001). The values only fall within
// a round, and only rise from round to round. So no regime occurs twice. No regime has a
// closed ring: its members would have to receive less than they pay one another, and at the
// start of the round they receive at least that.
func (v *solving) settle() error {
	for {
		for i := range v.regime {
			r := &v.regime[i]
			r.linear = r.tier == v.s.firms[i].shares()
		}
		rest, err := v.round()
		if err != nil {
			return err
		}
		risen := false
		for i := range v.regime {
			r, f := &v.regime[i], &v.s.firms[i]
			v.assets[i] = rest[i].plus(v.paid(i))
			if r.linear {
				continue
			}
			sign, err := rest[i].cmp(ratio.Ratio{})
			if err != nil {
				return err
			}
			if sign > 0 {
				tier, err := f.tierOf(v.assets[i], r.tier+1)
				if err != nil {
					return err
				}
				r.tier, risen = tier, true
			}
		}
		if !risen {
			return nil
		}
	}
}

// tierOf returns the first tier from k on whose top is not below the assets.
func (f *firm) tierOf(assets span, k int) (int, error) {
	for ; k < f.shares(); k++ {
		c, err := assets.cmp(f.tiers[k].top)
		if err != nil {
			return 0, err
		}
		if c <= 0 {
			break
		}
	}
	return k, nil
}

// round finds which firms pay their last tier in full. It returns what each firm has beyond
// [solving.paid].
func (v *solving) round() ([]span, error) {
	for {
		rest, err := v.solve()
		if err != nil {
			return nil, err
		}
		fell := false
		for i := range v.regime {
			r := &v.regime[i]
			if r.linear || r.tier < 0 {
				continue
			}
			sign, err := rest[i].cmp(ratio.Ratio{})
			if err != nil {
				return nil, err
			}
			if sign < 0 {
				r.linear, fell = true, true
			}
		}
		if !fell {
			return rest, nil
		}
	}
}

// paid returns what a firm pays in full in its regime.
func (v *solving) paid(i int) ratio.Ratio {
	r, f := v.regime[i], &v.s.firms[i]
	if r.linear {
		return f.top(r.tier - 1)
	}
	return f.top(r.tier)
}

// solve returns what each firm has beyond [solving.paid] in the present regime.
func (v *solving) solve() ([]span, error) {
	if err := progress.Stopped(v.ctx, "clearing: stopped"); err != nil {
		return nil, err
	}
	v.regimes++
	b := make([]ratio.Ratio, len(v.regime))
	cols := make([]*column, len(v.regime))
	for i := range v.regime {
		b[i] = b[i].Add(v.external(i).Sub(v.paid(i)))
		r, f := v.regime[i], &v.s.firms[i]
		full := r.tier
		if r.linear {
			cols[i] = v.column(i, r.tier)
			full--
		}
		for k := range full + 1 {
			p := &f.tiers[k].column.parts
			for e, to := range p.rows {
				amount := p.parts[e]
				if v.bearing[to] {
					amount = amount.Mul(v.rate(to, false))
				}
				b[to] = b[to].Add(amount)
			}
		}
	}
	return solveLinear(v.ctx, cols, b, v.digits)
}

// push moves the fixed point along closed rings of payments as far as they go: up to the
// greatest fixed point, or down to the least. Two fixed points differ only by money that
// circulates in such rings, because all other money has an owner outside whose value would
// change. It reports whether there was a ring.
func (v *solving) push(up bool) (moved bool, err error) {
	for {
		tiers, cols, err := v.margins(up)
		if err != nil {
			return moved, err
		}
		rings, err := closedRings(v.ctx, cols)
		if err != nil || len(rings) == 0 {
			return moved, linearError(err)
		}
		if v.digits > 0 {
			return moved, errUndecided // only the exact values say where a ring ends
		}
		moved = true
		for _, ring := range rings {
			if err := progress.Stopped(v.ctx, "clearing: stopped"); err != nil {
				return moved, err
			}
			if err := v.pushRing(cols, tiers, ring, up); err != nil {
				return moved, err
			}
		}
	}
}

// margins returns for each firm the tier of the next unit of money, or of the last one.
func (v *solving) margins(up bool) (tiers []int, cols []*column, err error) {
	tiers = make([]int, len(v.assets))
	cols = make([]*column, len(v.assets))
	for i := range v.s.firms {
		f := &v.s.firms[i]
		k := 0
		for ; k < f.shares(); k++ {
			c, err := v.assets[i].cmp(f.tiers[k].top)
			if err != nil {
				return nil, nil, err
			}
			if c < 0 || c == 0 && !up {
				break
			}
		}
		tiers[i] = k
		if !up {
			c, err := v.assets[i].cmp(f.top(k - 1))
			if err != nil {
				return nil, nil, err
			}
			if c <= 0 {
				continue // no money at all
			}
		}
		cols[i] = v.column(i, k)
	}
	return tiers, cols, nil
}

// pushRing changes what circulates in one ring until a member reaches the end of its tier.
func (v *solving) pushRing(cols []*column, tiers []int, ring []int32, up bool) error {
	flow, err := stationary(v.ctx, cols, ring)
	if err != nil {
		return err
	}
	var step ratio.Ratio
	bounded := false
	for at, i := range ring {
		f, k := &v.s.firms[i], tiers[i]
		var room ratio.Ratio
		switch {
		case !up:
			room = v.assets[i].lo.Sub(f.top(k - 1))
		case k == f.shares():
			continue // shares have no limit
		default:
			room = f.top(k).Sub(v.assets[i].lo)
		}
		if most := room.Div(flow[at]); !bounded || most.Less(step) {
			step, bounded = most, true
		}
	}
	if !up {
		step = step.Neg()
	}
	for at, i := range ring {
		v.assets[i] = v.assets[i].plus(flow[at].Mul(step))
	}
	return nil
}
