package scenario

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// amountSolver computes the number of shares that a step moves. It knows the shares of the
// stake, the total of which the stake is a fraction, and what each moved share changes in
// both.
type amountSolver struct {
	issuer, class string
	issued        ratio.Ratio
	from          string      // where the shares come from
	available     ratio.Ratio // shares that can move
	unlimited     bool        // new shares: any number can move
	unit          ratio.Ratio // shares are rounded to multiples of it

	who        string      // whose stake has a target
	stake      ratio.Ratio // its shares now
	sign       int64       // what one moved share adds to the stake: +1 or -1
	base       ratio.Ratio // total of which the stake is a fraction
	baseChange int64       // what one moved share adds to base: -1, 0 or +1
}

// shares returns the number of shares that move, and by how many rounding exceeded the
// exact number.
func (s *checkedStep) shares(m *amountSolver) (moved, residual ratio.Ratio, err error) {
	if s.Shares != "" {
		return s.amount, ratio.Ratio{}, m.check(s.amount)
	}
	var exact ratio.Ratio
	if s.Percent != "" {
		exact = m.issued.Mul(s.amount).Mul(ratio.Of(1, 100))
	} else if exact, err = m.solve(s.amount); err != nil {
		return ratio.Ratio{}, ratio.Ratio{}, err
	}
	if err := m.check(exact); err != nil {
		return ratio.Ratio{}, ratio.Ratio{}, err
	}
	moved = roundTo(exact, m.unit, s.Round)
	if !m.unlimited && m.available.Less(moved) {
		moved = m.available // the last lot is not complete
	}
	return moved, moved.Sub(exact), nil
}

func (m *amountSolver) check(shares ratio.Ratio) error {
	if m.unlimited || !m.available.Less(shares) {
		return nil
	}
	return fmt.Errorf("%s has %s shares of %s (%s), and %s are to move, %s too many: %w", m.from,
		m.available.GroupedDecimal(6), m.issuer, m.class, shares.GroupedDecimal(6), shares.Sub(m.available).GroupedDecimal(6), crossholding.ErrNotEnough)
}

// solve solves (stake + sign x) / (base + baseChange x) = target for x.
func (m *amountSolver) solve(target ratio.Ratio) (ratio.Ratio, error) {
	slope := ratio.Int(m.sign).Sub(target.Mul(ratio.Int(m.baseChange)))
	if slope.IsZero() {
		return ratio.Ratio{}, fmt.Errorf("no number of shares takes %s in %s from %s of %s to %s: %w",
			m.who, m.issuer, m.stake.GroupedDecimal(6), m.base.GroupedDecimal(6), target.PercentString(), crossholding.ErrRange)
	}
	x := target.Mul(m.base).Sub(m.stake).Div(slope)
	if x.Sign() < 0 {
		word := "below"
		if m.sign > 0 {
			word = "above"
		}
		return ratio.Ratio{}, fmt.Errorf("%s in %s has %s of %s, which is already %s %s: %w",
			m.who, m.issuer, m.stake.GroupedDecimal(6), m.base.GroupedDecimal(6), word, target.PercentString(), crossholding.ErrRange)
	}
	return x, nil
}

// roundTo rounds x, which is not negative, to a multiple of unit.
func roundTo(x, unit ratio.Ratio, mode LotRounding) ratio.Ratio {
	n := x.Div(unit)
	whole := n.Floor()
	rest := n.Sub(whole)
	up := rest.Sign() > 0
	switch mode {
	case LotRoundingShort:
		up = false
	case LotRoundingNearest:
		up = !rest.Less(ratio.Of(1, 2))
	}
	if up {
		whole = whole.Add(ratio.Int(1))
	}
	return whole.Mul(unit)
}
