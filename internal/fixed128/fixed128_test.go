package fixed128_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/testkit"
)

// draw returns a number of 0 to 64 bits.
func draw(rng *rand.Rand) uint64 { return rng.Uint64() >> rng.IntN(65) }

func number(words ...uint64) *big.Int {
	z := new(big.Int)
	for _, w := range words {
		z.Lsh(z, 64).Add(z, new(big.Int).SetUint64(w))
	}
	return z
}

// TestValue compares values and sums with integers of any length.
func TestValue(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range testkit.Cases(20_000) {
		v := fixed128.Value{Hi: draw(rng) >> 8, Lo: draw(rng)}
		exact := number(v.Hi, v.Lo)
		require.Equal(t, exact.String(), v.Big().String())
		require.Equal(t, exact.BitLen() <= fixed128.Bits+20, v.Fits())
		back, ok := fixed128.ValueOf(exact)
		require.Equal(t, v, back)
		require.True(t, ok)

		x := fixed128.Value{Hi: draw(rng), Lo: draw(rng)}
		sum := v
		want := new(big.Int).Add(exact, number(x.Hi, x.Lo))
		require.Equal(t, want.BitLen() <= 128, sum.Add(x))
		if want.BitLen() <= 128 {
			require.Equal(t, want.String(), sum.Big().String())
		}

		a, b := draw(rng)>>2, draw(rng)>>2
		var s fixed128.Sum
		s.AddMul(v, a)
		s.AddMul(x, b)
		want.Add(want.Mul(exact, number(a)), new(big.Int).Mul(number(x.Hi, x.Lo), number(b)))
		require.Equal(t, want.String(), s.Big().String())
		if n := 1 + rng.IntN(63); want.BitLen()-n <= 128 {
			require.Equal(t, new(big.Int).Rsh(want, uint(n)).String(), s.Rsh(uint(n)).Big().String())
		}
		d := draw(rng)
		if d > 0 {
			q, ok := s.Quo(d)
			want.Quo(want, number(d))
			require.Equal(t, want.BitLen() <= 128, ok)
			if ok {
				require.Equal(t, want.String(), q.Big().String())
			}
			u := rng.Uint64N(d)
			want.Quo(want.Mul(exact, number(u)), number(d))
			require.Equal(t, want.String(), v.Times(u, d).Big().String())
		}

		var wide [4]uint64
		fixed128.MulAdd(&wide, v, v)
		fixed128.MulAdd(&wide, v, x)
		want.Mul(exact, new(big.Int).Add(exact, number(x.Hi, x.Lo)))
		require.Equal(t, want.String(), number(wide[3], wide[2], wide[1], wide[0]).String())
		if want.Rsh(want, fixed128.Bits).BitLen() <= 128 {
			require.Equal(t, want.String(), fixed128.Product(&wide).Big().String())
		}

		require.Equal(t, new(big.Int).Rsh(exact, fixed128.Bits).Uint64()+1, v.Whole())
		above := new(big.Rat).SetFrac(new(big.Int).Add(exact, big.NewInt(1)), new(big.Int).Lsh(big.NewInt(1), fixed128.Bits))
		require.LessOrEqual(t, above.Cmp(new(big.Rat).SetFloat64(v.Above())), 0)
	}
	_, ok := fixed128.ValueOf(new(big.Int).Lsh(big.NewInt(1), 120))
	require.False(t, ok)
	low, ok := fixed128.ValueOf(big.NewInt(-3))
	require.True(t, ok)
	require.Equal(t, fixed128.Value{}, low)
	require.Equal(t, fixed128.Value{Lo: 7}, fixed128.Value{Hi: fixed128.One.Hi, Lo: 7}.LessOne())
	require.Equal(t, fixed128.Value{}, fixed128.Value{Lo: 7}.LessOne())
}

// TestInt compares signed integers with integers of any length.
func TestInt(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	signed := func() *big.Int {
		z := number(draw(rng)>>3, draw(rng))
		if rng.IntN(2) == 0 {
			z.Neg(z)
		}
		return z
	}
	var z big.Int
	for range testkit.Cases(20_000) {
		a, b := signed(), signed()
		x, y := fixed128.IntOf(a), fixed128.IntOf(b)
		require.Equal(t, a.String(), x.Big(&z).String())
		require.Equal(t, new(big.Int).Add(a, b).String(), x.Add(y).Big(&z).String())
		require.Equal(t, new(big.Int).Sub(a, b).String(), x.Sub(y).Big(&z).String())
		require.LessOrEqual(t, int(x.Bits()), a.BitLen()+1)
		require.LessOrEqual(t, a.CmpAbs(new(big.Int).Lsh(big.NewInt(1), x.Bits())), 0)
		f, _ := new(big.Float).SetInt(a).Float64()
		require.InDelta(t, f, x.Float(), math.Abs(f)*0x1p-51)
		whole, _ := new(big.Float).SetFloat64(f).Int(nil)
		require.Equal(t, whole.String(), fixed128.IntOfFloat(f).Big(&z).String())
		part := rng.NormFloat64() * 1e6
		require.Equal(t, int64(math.RoundToEven(part)), fixed128.IntOfFloat(part).Big(&z).Int64())
		if a.Sign() < 0 {
			require.Equal(t, fixed128.Value{}, x.Value())
		} else {
			require.Equal(t, a.String(), x.Value().Big().String())
			require.Equal(t, x, x.Value().Int())
		}
		if n := rng.IntN(126); a.BitLen()+n < 127 {
			require.Equal(t, new(big.Int).Lsh(a, uint(n)).String(), x.Lsh(uint(n)).Big(&z).String())
		}
		p := 1 + draw(rng)>>1
		require.Equal(t, new(big.Int).Mod(a, number(p)).Uint64(), x.Mod(p))
		c, d := rng.Int64()-rng.Int64(), rng.Int64()
		hi, lo := fixed128.Mul(c, d)
		require.Equal(t, new(big.Int).Mul(big.NewInt(c), big.NewInt(d)).String(), fixed128.Int{Hi: int64(hi), Lo: lo}.Big(&z).String())
		if m := new(big.Int).Mul(big.NewInt(c), number(p)); m.BitLen() < 127 {
			require.EqualValues(t, c, fixed128.IntOf(m).QuoExact(p).Big(&z).Int64())
		}
	}
}
