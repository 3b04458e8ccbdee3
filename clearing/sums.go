package clearing

import (
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// sums adds up what firms receive. With digits it counts in whole units of 10^-digits, rounded
// down in lo and up in hi, so that the fractions do not grow.
type sums struct {
	exact  []ratio.Ratio
	digits int
	scale  *big.Int // 10^digits, or nil if the sums are exact
	lo, hi []big.Int
}

func newSums(digits, firms int) *sums {
	if digits == 0 {
		return &sums{exact: make([]ratio.Ratio, firms)}
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	return &sums{digits: digits, scale: scale, lo: make([]big.Int, firms), hi: make([]big.Int, firms)}
}

// share adds a payment to the sums of the chosen firms that get a part of it.
func (s *sums) share(c *column, pays span, chosen []bool) {
	if pays.hi.IsZero() {
		return
	}
	if s.scale == nil {
		for e, to := range c.rows {
			if chosen[to] {
				s.exact[to] = s.exact[to].Add(pays.lo.Mul(c.fraction(e)))
			}
		}
		return
	}
	scale := ratio.FromRat(new(big.Rat).SetInt(s.scale))
	lo := pays.lo.Mul(scale).Floor().Num()
	hi := pays.hi.Mul(scale).Floor().Num()
	hi.Add(hi, bigOne)
	var l, h big.Int
	for e, to := range c.rows {
		if chosen[to] {
			s.add(to, l.Mul(lo, c.units[e]), h.Mul(hi, c.units[e]), c.total)
		}
	}
}

// add adds what lies between lo/den and hi/den units to the sum of firm i. It changes lo and
// hi. Division by a den above 0 rounds down.
func (s *sums) add(i int32, lo, hi, den *big.Int) {
	s.lo[i].Add(&s.lo[i], lo.Div(lo, den))
	s.hi[i].Sub(&s.hi[i], hi.Div(hi.Neg(hi), den))
}

// of returns the sum of firm i.
func (s *sums) of(i int32) span {
	if s.scale == nil {
		return exactly(s.exact[i])
	}
	part := func(z *big.Int) ratio.Ratio {
		return ratio.FromRat(new(big.Rat).SetFrac(z, s.scale))
	}
	return span{part(&s.lo[i]), part(&s.hi[i])}
}
