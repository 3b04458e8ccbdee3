package sharing

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/ratio"
)

// table holds the values of all coalitions as whole numbers over one denominator. It does
// not change after it is made.
type table struct {
	small []int64    // numerators, or nil if one of them is beyond maxSmall
	large []*big.Int // numerators if small is nil
	den   *big.Int   // above 0
}

const (
	maxSmall = 1<<62 - 1 // largest absolute value of a small numerator
	maxBits  = 1024      // of the common denominator, and of a numerator above it
	each     = 1 << 14   // coalitions between two looks at the context
)

// newTable puts fractions over their common denominator. It fails with ErrTooLarge.
func newTable(ctx context.Context, values []ratio.Ratio) (*table, error) {
	den, err := commonDenominator(ctx, values)
	if err != nil {
		return nil, err
	}
	t := &table{den: den}
	if t.small = smallNumerators(values, den); t.small != nil {
		return t, nil
	}
	t.large = make([]*big.Int, len(values))
	for i, v := range values {
		if i%each == 0 {
			if err := stopped(ctx); err != nil {
				return nil, err
			}
		}
		factor := new(big.Int).Quo(den, v.Denom())
		t.large[i] = factor.Mul(factor, v.Num())
		if t.large[i].BitLen() > 2*maxBits {
			return nil, failure(ErrTooLarge, "value %d of the table has more than %d bits over the common denominator", i, 2*maxBits)
		}
	}
	return t, nil
}

// commonDenominator returns the least common multiple of the denominators.
func commonDenominator(ctx context.Context, values []ratio.Ratio) (*big.Int, error) {
	den, word := big.NewInt(1), int64(1)
	for i, v := range values {
		if i%each == 0 {
			if err := stopped(ctx); err != nil {
				return nil, err
			}
		}
		if _, d, ok := v.Small(); ok && word%d == 0 {
			continue
		}
		d := v.Denom()
		g := new(big.Int).GCD(nil, nil, den, d)
		den.Mul(den, d.Quo(d, g))
		if den.BitLen() > maxBits {
			return nil, failure(ErrTooLarge, "the values have a common denominator of more than %d bits", maxBits)
		}
		word = 1
		if den.IsInt64() {
			word = den.Int64()
		}
	}
	return den, nil
}

// smallNumerators returns the numerators over den, or nil if they do not fit.
func smallNumerators(values []ratio.Ratio, den *big.Int) []int64 {
	if !den.IsInt64() {
		return nil
	}
	word := den.Int64()
	out := make([]int64, len(values))
	for i, v := range values {
		n, d, ok := v.Small()
		if !ok {
			return nil
		}
		if out[i], ok = timesSmall(n, word/d); !ok {
			return nil
		}
	}
	return out
}

// timesSmall multiplies, with f above 0. It is not ok if the product is beyond maxSmall.
func timesSmall(n, f int64) (int64, bool) {
	abs := uint64(n)
	if n < 0 {
		abs = -abs
	}
	hi, lo := bits.Mul64(abs, uint64(f))
	return n * f, hi == 0 && lo <= maxSmall
}

// num returns the numerator of a coalition's value. The caller must not change it.
func (t *table) num(c Coalition) *big.Int {
	if t.small != nil {
		return big.NewInt(t.small[c])
	}
	return t.large[c]
}

// at returns the value of a coalition.
func (t *table) at(c Coalition) ratio.Ratio {
	if t.small != nil && t.den.IsInt64() {
		return ratio.Of(t.small[c], t.den.Int64())
	}
	return ratio.FromRat(new(big.Rat).SetFrac(t.num(c), t.den))
}
