package padic

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/progress"
)

// Fractions turns residues, given by their digits to the base p, into fractions with one common
// denominator, and returns the numerators and that. The modulus, p to the number of digits,
// exceeds 2^(numBits+denBits+1), so only one fraction is within these bounds (Wang 1981). The
// error is the cause of ctx.
func Fractions(ctx context.Context, digits [][]uint64, p uint64, modulus *big.Int, numBits, denBits int) ([]big.Int, *big.Int, error) {
	n := len(digits)
	vals, dens := make([]big.Int, n), make([]*big.Int, n)
	den := big.NewInt(1)
	bound := new(big.Int).Lsh(big.NewInt(1), uint(numBits))
	half := new(big.Int).Rsh(modulus, 1)
	t := new(big.Int)
	values := newRadix(p, len(digits[0]))
	stage := progress.Start(ctx, "fractions", n, reportEvery)
	for k, ds := range digits {
		if err := stopped(ctx); err != nil {
			return nil, nil, err
		}
		stage.At(k)
		v := &vals[k]
		values.put(v, ds)
		t.Mul(v, den)
		v.Mod(t, modulus)
		if v.Cmp(half) > 0 {
			v.Sub(v, modulus)
		}
		if v.CmpAbs(bound) > 0 {
			extra, err := rational(ctx, v, modulus, bound)
			if err != nil {
				return nil, nil, err
			}
			den = new(big.Int).Mul(den, extra)
		}
		dens[k] = den
	}
	for k := range vals {
		if dens[k] != den {
			vals[k].Mul(&vals[k], t.Quo(den, dens[k]))
		}
	}
	stage.End()
	return vals, den, nil
}

// radix turns digits into numbers. It has the powers of the base to 1, 2, 4, 8 and so on,
// and memory for a product at each of these lengths.
type radix struct {
	powers   []*big.Int
	products []big.Int
	low      []big.Int
}

func newRadix(p uint64, digits int) *radix {
	x := &radix{powers: []*big.Int{new(big.Int).SetUint64(p)}}
	for length := 2; length < digits; length *= 2 {
		last := x.powers[len(x.powers)-1]
		x.powers = append(x.powers, new(big.Int).Mul(last, last))
	}
	x.products, x.low = make([]big.Int, len(x.powers)), make([]big.Int, len(x.powers))
	return x
}

// put sets v to the number with the given digits, the lowest first. It halves them at the
// largest power that is shorter, so that most products are of long numbers.
func (x *radix) put(v *big.Int, digits []uint64) {
	if len(digits) == 0 {
		v.SetUint64(0)
		return
	}
	if len(digits) == 1 {
		v.SetUint64(digits[0])
		return
	}
	k := bits.Len(uint(len(digits)-1)) - 1 // 2^k is below the number of digits
	half := 1 << k
	x.put(v, digits[half:])
	x.products[k].Mul(v, x.powers[k])
	x.put(&x.low[k], digits[:half])
	v.Add(&x.products[k], &x.low[k])
}

// rational returns the denominator of the fraction whose residue is v, and sets v to its
// numerator. The numerator is the first remainder of Euclid's algorithm that is at most
// bound.
func rational(ctx context.Context, v, modulus, bound *big.Int) (*big.Int, error) {
	a, b := new(big.Int).Set(modulus), new(big.Int).Mod(v, modulus)
	x, y := new(big.Int), big.NewInt(1)
	quo, rem, t := new(big.Int), new(big.Int), new(big.Int)
	for step := 0; b.CmpAbs(bound) > 0; step++ {
		if step&0xff == 0xff {
			if err := stopped(ctx); err != nil {
				return nil, err
			}
		}
		quo.QuoRem(a, b, rem)
		a, b, rem = b, rem, a
		t.Mul(quo, y)
		x.Sub(x, t)
		x, y = y, x
	}
	if y.Sign() < 0 {
		y.Neg(y)
		b.Neg(b)
	}
	v.Set(b)
	return y, nil
}
