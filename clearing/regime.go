package clearing

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// solving is one search for a solution.
//
// The assets of a firm are what it can pay: after the costs of default if the firm is in
// bearing. For a fixed set of bearing firms the values are the fixed points of a continuous
// map. fall finds its greatest fixed point, and rise its least.
type solving struct {
	ctx     context.Context
	s       *System
	digits  int    // 0: exact
	bearing []bool // firms that bear the costs of default
	tier    []int  // of each firm: where its money ends at the start of a round
	regime  []regime
	assets  []span
	rest    []int         // sign of what each firm has beyond its regime
	full    []int         // number of tiers that each firm pays in full
	claims  []ratio.Ratio // what each firm gets of them
	regimes int           // linear systems solved
	waves   [][]int       // of defaults, on the way to the greatest solution

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
	return &solving{ctx: ctx, s: s, digits: digits, bearing: make([]bool, n), tier: make([]int, n),
		regime: make([]regime, n), assets: make([]span, n), rest: make([]int, n), full: make([]int, n), claims: make([]ratio.Ratio, n)}
}

// startBelow begins at the point at which nobody pays anything, and startAbove at the one at
// which everybody pays all debts.
func (v *solving) startBelow() {
	for i := range v.s.firms {
		v.tier[i] = -1
		for f := &v.s.firms[i]; v.tier[i] < f.shares() && f.top(v.tier[i]).Less(v.external(i)); {
			v.tier[i]++
		}
	}
}

func (v *solving) startAbove() {
	for i := range v.s.firms {
		v.tier[i] = v.s.firms[i].shares()
	}
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

// rate returns which fraction of a payment on a debt or a share reaches firm i's creditors,
// times the unit of the system.
func (v *solving) rate(i int32, equity bool) *big.Int {
	switch f := &v.s.firms[i]; {
	case !v.bearing[i]:
		return v.s.unit
	case equity:
		return f.shareRate
	default:
		return f.claimRate
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
		v.scaled[key] = t.column.scaled(v.s.unit, func(i int32) *big.Int { return v.rate(i, t.equity) })
	}
	return v.scaled[key]
}

// setBearing changes whether a firm bears costs.
func (v *solving) setBearing(i int, bears bool) {
	v.bearing[i] = bears
	v.scaled = nil
}

// rise finds the least fixed point, from a point at or below it. There each firm has more than
// the tops of the tiers before its own, and can pay what it pays.
//
// It raises the tiers. In each round it first takes the last tier of all firms as paid in
// full, and then finds the firms that cannot: the algorithm of fictitious default of Eisenberg
// and Noe (2001). The values only fall within a round, and only rise from round to round. So
// no regime occurs twice.
//
// Money that circulates in a closed ring of payments makes fixed points that differ. When the
// tier of the last member of a ring rises into the ring, that member has more than it pays. So
// the ring receives more from outside than it pays there, and must fill up. Hence no regime has
// a closed ring, and rise does not pass the least fixed point.
func (v *solving) rise() error {
	for {
		for i := range v.regime {
			v.regime[i] = regime{v.tier[i], v.tier[i] == v.s.firms[i].shares()}
		}
		if err := v.round(-1); err != nil {
			return err
		}
		risen := false
		for i := range v.regime {
			if v.rest[i] <= 0 {
				continue
			}
			f := &v.s.firms[i]
			for v.tier[i] < f.shares() {
				c, err := v.assets[i].cmp(f.top(v.tier[i]))
				if err != nil {
					return err
				}
				if c <= 0 {
					break
				}
				v.tier[i]++
				risen = true
			}
		}
		if !risen {
			return nil
		}
	}
}

// fall finds the greatest fixed point, from a point at or above it. There each firm has no more
// than the top of its tier, and can pay no more than it pays.
//
// It lowers the tiers of the firms in default, and is the mirror of rise: in each round it
// first takes the last tier of all firms as not paid at all, and then finds the firms that can
// pay some of it. The values only rise within a round, and only fall from round to round. The
// firms that are not in default pay all their debts here, whether they can or not.
func (v *solving) fall() error {
	for {
		for i := range v.regime {
			v.regime[i] = regime{v.tier[i] - 1, false}
		}
		if err := v.round(+1); err != nil {
			return err
		}
		fallen := false
		for i := range v.regime {
			if v.rest[i] >= 0 || v.tier[i] == v.s.firms[i].shares() {
				continue
			}
			if err := v.lower(i); err != nil {
				return err
			}
			fallen = true
		}
		if !fallen {
			return nil
		}
	}
}

// lower lowers the tier of a firm that cannot pay the tiers before it, until it can.
func (v *solving) lower(i int) error {
	for f := &v.s.firms[i]; v.tier[i] > 0; v.tier[i]-- {
		c, err := v.assets[i].cmp(f.top(v.tier[i] - 1))
		if err != nil || c >= 0 {
			return err
		}
	}
	return nil
}

// short lists the firms that pay all debts at the end of fall and cannot.
func (v *solving) short() []int {
	var out []int
	for i := range v.regime {
		if v.rest[i] < 0 && v.tier[i] == v.s.firms[i].shares() {
			out = append(out, i)
		}
	}
	return out
}

// round solves one regime after the other, and makes the last tier of a firm linear when the
// rest of the firm has the given sign, until there is no such firm.
func (v *solving) round(sign int) error {
	for {
		rest, err := v.solve()
		if err != nil {
			return err
		}
		more := false
		for i := range v.regime {
			v.rest[i] = 0
			if v.regime[i].linear {
				continue
			}
			if v.rest[i], err = rest[i].cmp(ratio.Ratio{}); err != nil {
				return err
			}
			if v.rest[i] == sign && v.tier[i] >= 0 {
				v.regime[i], more = regime{v.tier[i], true}, true
			}
		}
		if !more {
			for i := range rest {
				v.assets[i] = rest[i].plus(v.paid(i))
			}
			return nil
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
	if err := progress.Stopped(v.ctx, stopped); err != nil {
		return nil, err
	}
	v.regimes++
	cols := make([]*column, len(v.regime))
	for i := range v.regime {
		r := v.regime[i]
		full := r.tier + 1
		if r.linear {
			cols[i] = v.column(i, r.tier)
			full--
		}
		v.payInFull(i, full)
	}
	b := make([]ratio.Ratio, len(v.regime))
	for i := range b {
		b[i] = v.claims[i]
		if f := &v.s.firms[i]; v.bearing[i] {
			b[i] = b[i].Mul(left(f.costs.Claims))
		}
		b[i] = b[i].Add(v.external(i))
		if cols[i] != nil {
			b[i] = b[i].Sub(v.paid(i))
		}
	}
	rest, err := solveLinear(v.ctx, cols, b, v.digits)
	if err != nil {
		return nil, err
	}
	for i := range rest {
		if cols[i] == nil { // nobody gets its rest, so the system is solved for its assets
			rest[i] = rest[i].plus(v.paid(i).Neg())
		}
	}
	return rest, nil
}

// payInFull changes the number of tiers that firm i pays in full.
func (v *solving) payInFull(i, tiers int) {
	f := &v.s.firms[i]
	for ; v.full[i] < tiers; v.full[i]++ {
		p := &f.tiers[v.full[i]].column.parts
		for e, to := range p.rows {
			v.claims[to] = v.claims[to].Add(p.parts[e])
		}
	}
	for ; v.full[i] > tiers; v.full[i]-- {
		p := &f.tiers[v.full[i]-1].column.parts
		for e, to := range p.rows {
			v.claims[to] = v.claims[to].Sub(p.parts[e])
		}
	}
}

// drain moves the fixed point down to the least one. Two fixed points differ only by money that
// circulates in closed rings of payments, because all other money has an owner outside whose
// value would change. So drain lowers what circulates in each ring until a member has nothing
// left in its last tier, and then looks for rings again.
func (v *solving) drain() error {
	for {
		tiers, cols, err := v.lastTiers()
		if err != nil {
			return err
		}
		rings, err := closedRings(v.ctx, cols)
		if err != nil || len(rings) == 0 {
			return linearError(err)
		}
		for _, ring := range rings {
			if err := progress.Stopped(v.ctx, stopped); err != nil {
				return err
			}
			if err := v.drainRing(cols, tiers, ring); err != nil {
				return err
			}
		}
	}
}

// lastTiers returns for each firm the tier of its last unit of money, and where that goes.
func (v *solving) lastTiers() (tiers []int, cols []*column, err error) {
	tiers = make([]int, len(v.assets))
	cols = make([]*column, len(v.assets))
	for i := range v.s.firms {
		f := &v.s.firms[i]
		k := f.shares()
		for ; k >= 0; k-- {
			c, err := v.assets[i].cmp(f.top(k - 1))
			if err != nil {
				return nil, nil, err
			}
			if c > 0 {
				cols[i] = v.column(i, k)
				break
			}
		}
		tiers[i] = k
	}
	return tiers, cols, nil
}

// drainRing lowers what circulates in one ring until a member reaches the end of its tier.
func (v *solving) drainRing(cols []*column, tiers []int, ring []int32) error {
	for _, i := range ring {
		if a := v.assets[i]; !a.lo.Equal(a.hi) {
			return errUndecided // only exact values say where the ring ends
		}
	}
	flow, err := stationary(v.ctx, cols, ring)
	if err != nil {
		return err
	}
	var step ratio.Ratio
	for at, i := range ring {
		room := v.assets[i].lo.Sub(v.s.firms[i].top(tiers[i] - 1))
		if most := room.Div(flow[at]); at == 0 || most.Less(step) {
			step = most
		}
	}
	for at, i := range ring {
		v.assets[i] = v.assets[i].plus(flow[at].Mul(step).Neg())
	}
	return nil
}
