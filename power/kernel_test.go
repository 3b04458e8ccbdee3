package power

import (
	"context"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/residue"
	"github.com/crossholding/crossholding/internal/testkit"
)

// levels runs a test at every level that the processor has.
func levels(t *testing.T, run func(t *testing.T)) {
	t.Helper()
	defer func() { path = best }()
	for _, l := range []struct {
		name string
		level
	}{{"portable", portable}, {"256 bits", vectors256}, {"512 bits", vectors512}} {
		if l.level > best {
			continue
		}
		path = l.level
		t.Run(l.name, run)
	}
}

// The vector loops do exactly what the portable ones do, at every length and
// at the ends of the range.
func TestVectorLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		for _, p := range []uint64{residue.Primes(shortBits, 1)[0], 1<<49 + 9, 10007} {
			mark := 2 + r.Uint64N(p-2)
			f := newField(p, mark)
			draw := func() []uint64 {
				out := make([]uint64, n)
				for i := range out {
					out[i] = []uint64{0, 2*p - 1, p, r.Uint64N(2 * p)}[r.IntN(4)]
				}
				return out
			}
			dst, src := draw(), draw()
			want := make([]uint64, n)
			for i := range want {
				want[i] = (dst[i]%p + residue.Mul(src[i], mark, p)) % p
			}
			got := append([]uint64(nil), dst...)
			axpy(got, src, f)
			portable := append([]uint64(nil), dst...)
			axpyGo(portable, src, f.r, f.rs, f.p)
			for i := range want {
				require.Less(t, got[i], 2*p)
				require.Equal(t, want[i], got[i]%p)
				require.Less(t, portable[i], 2*p)
				require.Equal(t, want[i], portable[i]%p)
			}
			m := []uint64{2 * p, 1 << 63, 1<<63 - 25}[r.IntN(3)]
			for i := range dst {
				dst[i], src[i] = dst[i]%m, []uint64{m - 1, src[i] % m}[r.IntN(2)]
			}
			got, portable = append([]uint64(nil), dst...), append([]uint64(nil), dst...)
			add(got, src, m)
			addGo(portable, src, m)
			require.Equal(t, portable, got)
			x, y := make([]float64, n), make([]float64, n)
			for i := range x {
				x[i], y[i] = float64(r.IntN(1000)), float64(r.IntN(1000))
			}
			fast, slow := append([]float64(nil), x...), append([]float64(nil), x...)
			axpyFloat(fast, y, 0.5)
			axpyFloatGo(slow, y, 0.5)
			require.Equal(t, slow, fast)
		}
	}
}

// Folding is multiplying and adding modulo p, up to the greatest mark.
func TestFold(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, each := range []int{foldBits, 57, 58, 60} {
		most := uint64(1)<<(63-each) - 2
		for _, p := range residue.Primes(each, 400) {
			for _, mark := range []uint64{2, 1 + r.Uint64N(most), most} {
				f := newField(p, mark)
				require.Equal(t, uint(each), f.fold)
				src := []uint64{0, 1, p - 1, p, 2*p - 1, r.Uint64N(2 * p)}
				for _, start := range []uint64{0, p, 2*p - 1, r.Uint64N(2 * p)} {
					got := make([]uint64, len(src))
					for i := range got {
						got[i] = start
					}
					axpyWords(got, src, f)
					for i, x := range got {
						require.Less(t, x, 2*p)
						require.Equal(t, (start%p+residue.Mul(src[i]%p, mark, p))%p, x%p)
					}
				}
			}
			require.Zero(t, newField(p, most+1).fold, "a product need not fit a word")
		}
	}
	require.Zero(t, newField(residue.Primes(wordBits, 1)[0], 5).fold)
	require.Zero(t, newField(10007, 5).fold)
}

func TestRecombine(t *testing.T) {
	for _, each := range []int{shortBits, wordBits, countBits} {
		ps := residue.Primes(each, 1000)
		product := big.NewInt(1)
		for i, p := range ps {
			require.Equal(t, each, bits.Len64(p))
			require.True(t, new(big.Int).SetUint64(p).ProbablyPrime(20))
			if i > 0 {
				require.Less(t, p, ps[i-1])
			}
			product.Mul(product, new(big.Int).SetUint64(p))
		}
		require.Greater(t, product.BitLen(), 1000)
		c := residue.NewRecombiner(ps)
		for _, x := range []*big.Int{new(big.Int), big.NewInt(1), new(big.Int).Sub(product, big.NewInt(1)), new(big.Int).Rsh(product, 17)} {
			require.Zero(t, x.Cmp(c.Whole(func(k int) uint64 { return residue.Rem(x, ps[k]) })))
		}
	}
}

// A player is taken out of running sums by the alternating series, with and without
// marks, at the ends of the range of residues.
func TestWithout(t *testing.T) {
	r := rand.New(rand.NewPCG(59, 60))
	fields := []field{newCounter(residue.Primes(batchLeast, 1)[0]), newCounter(residue.Primes(chainMost, 1)[0]), newCounter(residue.Primes(countBits, 1)[0]), newField(residue.Primes(wordBits, 1)[0], 70)}
	for _, f := range fields {
		for range testkit.Cases(100) {
			sums := make([]uint64, 1+r.IntN(60))
			for k := range sums {
				sums[k] = []uint64{0, 1, f.p - 1, r.Uint64N(f.p)}[r.IntN(4)]
			}
			w := 1 + r.IntN(20)
			want := make([]uint64, len(sums))
			for k := range sums {
				if want[k] = sums[k]; k >= w {
					want[k] = residue.Sub(sums[k], residue.Mul(want[k-w], f.r, f.p), f.p)
				}
				require.Equal(t, want[k], f.without(sums, w, k))
			}
			require.Zero(t, f.without(sums, w, -1))
		}
	}
}

// The table made by mirroring is the plain one.
func TestCount(t *testing.T) { levels(t, testCount) }

func testCount(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for round := range testkit.Cases(16) {
		ws := make([]int64, 1+r.IntN(40))
		var total int64
		for i := range ws {
			ws[i] = 1 + r.Int64N([]int64{3, 100, 3000, 40000}[r.IntN(4)])
			total += ws[i]
		}
		f := newCounter([]uint64{0, residue.Primes(countBits, 1)[0], countPrimes(100)[0], residue.Primes(batchMost, 1)[0], residue.Primes(chainMost, 1)[0]}[round%5])
		want := make([]uint64, 1+r.Int64N(total/2+1))
		got := make([]uint64, len(want))
		want[0] = 1
		for _, w := range ws {
			for k := len(want) - 1; k >= int(w); k-- {
				want[k] = f.add(want[k], want[k-int(w)])
			}
		}
		require.NoError(t, f.count(context.Background(), got, ws))
		for k, x := range got {
			if f.p != 0 {
				require.Less(t, x, 2*f.p)
				got[k] = x % f.p
			}
		}
		require.Equal(t, want, got)
	}
}

// functional expresses a linear form in the values of a polynomial.
func TestFunctional(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p := residue.Primes(wordBits, 1)[0]
	for n := 1; n < 40; n++ {
		x, b, poly := make([]uint64, n), make([]uint64, n), make([]uint64, n)
		for i := range x {
			x[i], b[i], poly[i] = uint64(i)+1+uint64(n)*r.Uint64N(1000)*2, r.Uint64N(p), r.Uint64N(p)
		}
		var want, got uint64
		for i := range poly {
			want = residue.Add(want, residue.Mul(poly[i], b[i], p), p)
		}
		weights, err := residue.Functional(context.Background(), x, b, p)
		require.NoError(t, err)
		for j, c := range weights {
			var v uint64
			for i := n - 1; i >= 0; i-- {
				v = residue.Add(residue.Mul(v, x[j], p), poly[i], p)
			}
			got = residue.Add(got, residue.Mul(c, v, p), p)
		}
		require.Equal(t, want, got)
	}
}

// Gauss quadrature is exact for polynomials of degree below twice the number
// of points.
func TestGegenbauer(t *testing.T) {
	for _, e := range []int{0, 1, 7, 60} {
		for m := 2; m <= 40; m += 2 {
			xs, ws := gegenbauer(m, e)
			// Mean of x^(2k) under (1-x^2)^e: the product of (2j-1)/(2j+2e+1).
			want := 1.0
			for k := range m {
				got := 0.0
				for j, x := range xs {
					v := ws[j]
					for range 2 * k {
						v *= x
					}
					got += v
				}
				require.InEpsilon(t, want, got, 1e-12, "e=%d m=%d power %d", e, m, 2*k)
				want *= float64(2*k+1) / float64(2*k+2*e+3)
			}
		}
	}
}
