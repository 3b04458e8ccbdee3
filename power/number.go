package power

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/ratio"
)

// Number is the type of a weight or a quota. All these types are exact. Floats
// are not allowed, because 0.1 + 0.2 is not 0.3 in floating point and a vote
// can depend on the difference.
type Number interface {
	int | int64 | uint64 | decimal.Decimal | *big.Int | ratio.Ratio
}

// These are the bounds on input. They are checked before any arithmetic, because
// an operation on decimals with huge exponents would not end.
const (
	maxBits     = 1024    // of a numerator, denominator or coefficient
	maxExponent = 300     // of a decimal, either sign
	maxPlayers  = 1 << 14 // of a game; a crowd has more
	mostRules   = 1 << 16 // of a game, with the rules of its parts
	maxTotal    = 1 << 61 // sum of the weights as the smallest whole numbers
)

var (
	errNil  = errors.New("no number given")
	errLong = errors.New("too many digits")
)

// exact returns a number as a fraction of bounded length. If it cannot, it also
// returns text that describes the number.
func exact[T Number](x T) (*big.Rat, string, error) {
	switch v := any(x).(type) {
	case int:
		return new(big.Rat).SetInt64(int64(v)), "", nil
	case int64:
		return new(big.Rat).SetInt64(v), "", nil
	case uint64:
		return new(big.Rat).SetUint64(v), "", nil
	case decimal.Decimal:
		return exactDecimal(v)
	case *big.Int:
		if v == nil {
			return nil, "nil", errNil
		}
		if v.BitLen() > maxBits {
			return nil, fmt.Sprintf("a number of %d bits", v.BitLen()), errLong
		}
		return new(big.Rat).SetInt(v), "", nil
	case ratio.Ratio:
		r := v.Rat()
		if r.Num().BitLen() > maxBits || r.Denom().BitLen() > maxBits {
			return nil, fmt.Sprintf("a fraction of %d bits over %d bits", r.Num().BitLen(), r.Denom().BitLen()), errLong
		}
		return r, "", nil
	}
	return nil, "", errNil
}

func exactDecimal(d decimal.Decimal) (*big.Rat, string, error) {
	c, e := d.Coefficient(), d.Exponent()
	if c.BitLen() > maxBits || e > maxExponent || e < -maxExponent {
		return nil, fmt.Sprintf("a number of %d bits, exponent %d", c.BitLen(), e), errLong
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil)
	if e >= 0 {
		return new(big.Rat).SetInt(c.Mul(c, ten)), "", nil
	}
	return new(big.Rat).SetFrac(c, ten), "", nil
}

// exactWeights returns weights as fractions, with every fault.
func exactWeights[T Number](weights []T) ([]*big.Rat, []error) {
	var faults []error
	out := make([]*big.Rat, len(weights))
	for i, w := range weights {
		r, shown, err := exact(w)
		if err != nil {
			kind := ErrWeight
			if errors.Is(err, errLong) {
				kind = ErrRange
			}
			faults = append(faults, &WeightError{Player: i, Weight: shown, Reason: err.Error(), Kind: kind})
			continue
		}
		if r.Sign() < 0 {
			faults = append(faults, &WeightError{Player: i, Weight: showRat(r), Reason: "negative", Kind: ErrWeight})
		}
		out[i] = r
	}
	return out, faults
}

// whole scales fractions to the smallest whole numbers in the same proportions.
// It also returns the unit, which is the fraction for the whole number 1.
func whole(ws []*big.Rat) (ints []int64, unit *big.Rat, err error) {
	den := big.NewInt(1)
	for i, w := range ws {
		if d := w.Denom(); !isOne(d) {
			g := new(big.Int).GCD(nil, nil, den, d)
			den.Mul(den, g.Div(d, g))
			if den.BitLen() > 4*maxBits {
				return nil, nil, &WeightError{Player: i, Weight: showRat(w), Reason: "the common denominator of the weights is too long", Kind: ErrRange}
			}
		}
	}
	gcd, total := new(big.Int), new(big.Int)
	nums := make([]*big.Int, len(ws))
	for i, w := range ws {
		nums[i] = new(big.Int).Div(den, w.Denom())
		nums[i].Mul(nums[i], w.Num())
		gcd.GCD(nil, nil, gcd, nums[i])
		total.Add(total, nums[i])
	}
	if gcd.Sign() == 0 {
		return make([]int64, len(ws)), big.NewRat(1, 1), nil
	}
	if total.Div(total, gcd); total.Cmp(big.NewInt(maxTotal)) > 0 {
		return nil, nil, fmt.Errorf("%w: the weights need %d bits as whole numbers, at most 61 are allowed", ErrRange, total.BitLen())
	}
	ints = make([]int64, len(ws))
	for i, v := range nums {
		ints[i] = v.Div(v, gcd).Int64()
	}
	return ints, new(big.Rat).SetFrac(gcd, den), nil
}

func isOne(x *big.Int) bool { return x.IsInt64() && x.Int64() == 1 }

// floorRat returns the whole part of a fraction. The fraction must not be
// negative.
func floorRat(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }
