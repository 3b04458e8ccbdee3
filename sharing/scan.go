package sharing

import (
	"cmp"
	"context"
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// scan calculates the excesses of all coalitions as whole numbers. It takes every game as
// one of savings: costs count as negative. It is for one goroutine.
type scan struct {
	n        int
	table    *table
	sign     int64      // -1 for costs
	most     *big.Int   // largest absolute numerator of a value
	small    []int64    // the excesses, if fitsWord
	large    []*big.Int // the excesses otherwise
	fitsWord bool
}

func (g Game) newScan() *scan {
	s := &scan{n: len(g.members), table: g.values, sign: 1, most: new(big.Int)}
	if g.Kind() == KindCosts {
		s.sign = -1
	}
	most := int64(0)
	for _, v := range g.values.small {
		most = max(most, v, -v)
	}
	s.most.SetInt64(most)
	for _, v := range g.values.large {
		if v.CmpAbs(s.most) > 0 {
			s.most.Abs(v)
		}
	}
	return s
}

// value returns the numerator of a coalition's value as a saving.
func (s *scan) value(c Coalition) *big.Int {
	v := new(big.Int).Set(s.table.num(c))
	if s.sign < 0 {
		v.Neg(v)
	}
	return v
}

// whole returns the amounts as whole numbers over a common denominator with the values. The
// numerators of the values are over factor times less.
func (s *scan) whole(amounts []ratio.Ratio) (factor *big.Int, x []*big.Int) {
	factor = big.NewInt(1)
	for _, a := range amounts {
		// The amount times den·factor must be whole.
		scaled := new(big.Rat).Mul(a.Rat(), new(big.Rat).SetInt(s.table.den))
		scaled.Mul(scaled, new(big.Rat).SetInt(factor))
		factor.Mul(factor, scaled.Denom())
	}
	for _, a := range amounts {
		scaled := new(big.Rat).Mul(a.Rat(), new(big.Rat).SetInt(s.table.den))
		scaled.Mul(scaled, new(big.Rat).SetInt64(s.sign))
		scaled.Mul(scaled, new(big.Rat).SetInt(factor))
		x = append(x, scaled.Num())
	}
	return factor, x
}

// fill calculates factor times the value less the amounts of the members, for every
// coalition. The factor is above 0.
func (s *scan) fill(ctx context.Context, factor *big.Int, x []*big.Int) error {
	bound := new(big.Int).Mul(factor, s.most)
	for _, a := range x {
		bound.Add(bound, new(big.Int).Abs(a))
	}
	s.fitsWord = s.table.small != nil && bound.CmpAbs(big.NewInt(maxSmall)) <= 0
	if s.fitsWord {
		return s.fillSmall(ctx, s.sign*factor.Int64(), x)
	}
	return s.fillLarge(ctx, factor, x)
}

func (s *scan) fillSmall(ctx context.Context, factor int64, x []*big.Int) error {
	if s.small == nil {
		s.small = make([]int64, 1<<s.n)
	}
	// Each member doubles the part of the table that has the sums of the amounts.
	s.small[0] = 0
	for i, a := range x {
		if err := stopped(ctx); err != nil {
			return err
		}
		amount, half := a.Int64(), 1<<i
		for c, sum := range s.small[:half] {
			s.small[half+c] = sum + amount
		}
	}
	values := s.table.small
	for c, sum := range s.small {
		s.small[c] = factor*values[c] - sum
	}
	return nil
}

func (s *scan) fillLarge(ctx context.Context, factor *big.Int, x []*big.Int) error {
	if s.large == nil {
		s.large = make([]*big.Int, 1<<s.n)
		for c := range s.large {
			s.large[c] = new(big.Int)
		}
	}
	s.large[0].SetInt64(0)
	for c := 1; c < len(s.large); c++ {
		if c%1024 == 0 {
			if err := stopped(ctx); err != nil {
				return err
			}
		}
		k := Coalition(c)
		s.large[c].Add(s.large[k.rest()], x[k.first()])
	}
	v := new(big.Int)
	for c, sum := range s.large {
		v.Mul(s.table.num(Coalition(c)), factor)
		if s.sign < 0 {
			v.Neg(v)
		}
		sum.Sub(v, sum)
	}
	return nil
}

// excess returns the excess of a coalition, times the factor and the denominator.
func (s *scan) excess(c Coalition) *big.Int {
	if s.fitsWord {
		return big.NewInt(s.small[c])
	}
	return new(big.Int).Set(s.large[c])
}

// positive reports whether the excess of a coalition is above 0.
func (s *scan) positive(c Coalition) bool {
	if s.fitsWord {
		return s.small[c] > 0
	}
	return s.large[c].Sign() > 0
}

// compare compares the excesses of two coalitions.
func (s *scan) compare(b, c Coalition) int {
	if s.fitsWord {
		return cmp.Compare(s.small[b], s.small[c])
	}
	return s.large[b].Cmp(s.large[c])
}

// largest returns the first of the coalitions with the largest excess among those that are
// active. There must be one.
func (s *scan) largest(active []bool) Coalition {
	best := Coalition(0)
	for c := range active {
		if k := Coalition(c); active[c] && (best == 0 || s.compare(k, best) > 0) {
			best = k
		}
	}
	return best
}
