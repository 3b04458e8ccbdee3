package crossholding

import "fmt"

// movement is what a step's amount is worked out from: shares that leave or
// join a stake, and what that does to the figure which the stake is a
// fraction of.
type movement struct {
	issuer, class string
	issued        Ratio
	from          string // where the shares come from
	available     Ratio  // shares that can move
	unlimited     bool   // new shares: any number can
	unit          Ratio  // shares are rounded to multiples of it

	who   string // whose stake arrives somewhere
	stake Ratio  // its shares now
	sign  int64  // what one moved share adds to the stake: +1 or -1
	base  Ratio  // what the stake is a fraction of
	drift int64  // what one moved share adds to base: -1, 0 or +1
}

// shares works out how many shares move, and by how many rounding passed the
// exact number.
func (s *stepRec) shares(m *movement) (moved, residual Ratio, err error) {
	if s.Shares != "" {
		return s.amount, Ratio{}, m.check(s.amount)
	}
	var exact Ratio
	if s.Percent != "" {
		exact = m.issued.mul(s.amount).mul(Ratio{num: 1, den1: 99})
	} else if exact, err = m.arrive(s.amount); err != nil {
		return Ratio{}, Ratio{}, err
	}
	if err := m.check(exact); err != nil {
		return Ratio{}, Ratio{}, err
	}
	moved = roundTo(exact, m.unit, s.Round)
	if !m.unlimited && m.available.Less(moved) {
		moved = m.available // the last lot is not whole
	}
	return moved, moved.Sub(exact), nil
}

func (m *movement) check(shares Ratio) error {
	if m.unlimited || !m.available.Less(shares) {
		return nil
	}
	return fmt.Errorf("%s has %s shares of %s (%s), and %s are to move, %s too many: %w", m.from,
		grouped(m.available, 6), m.issuer, m.class, grouped(shares, 6), grouped(shares.Sub(m.available), 6), ErrNotEnough)
}

// arrive solves (stake + sign x) / (base + drift x) = target for x.
func (m *movement) arrive(target Ratio) (Ratio, error) {
	slope := Int(m.sign).Sub(target.mul(Int(m.drift)))
	if slope.IsZero() {
		return Ratio{}, fmt.Errorf("no number of shares takes %s in %s from %s of %s to %s: %w",
			m.who, m.issuer, grouped(m.stake, 6), grouped(m.base, 6), target, ErrRange)
	}
	x := target.mul(m.base).Sub(m.stake).quo(slope)
	if x.Sign() < 0 {
		word := "below"
		if m.sign > 0 {
			word = "above"
		}
		return Ratio{}, fmt.Errorf("%s in %s has %s of %s, which is already %s %s: %w",
			m.who, m.issuer, grouped(m.stake, 6), grouped(m.base, 6), word, target, ErrRange)
	}
	return x, nil
}

// roundTo rounds x, which is not negative, to a multiple of unit.
func roundTo(x, unit Ratio, mode LotRounding) Ratio {
	n := x.quo(unit)
	whole := n.floor()
	rest := n.Sub(whole)
	up := rest.Sign() > 0
	switch mode {
	case Short:
		up = false
	case Nearest:
		up = !rest.Less(Ratio{num: 1, den1: 1})
	}
	if up {
		whole = whole.Add(Int(1))
	}
	return whole.mul(unit)
}
