package power

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/residue"
	"github.com/crossholding/crossholding/internal/testkit"
)

// product multiplies the entries from 0 to n-1 entry by entry and player by player.
func product(a []uint64, n int, ws []int64, r, p uint64) []uint64 {
	out := append([]uint64(nil), a...)
	for _, w := range ws {
		for k := n - 1; k >= int(w); k-- {
			if p == 0 {
				out[k] += out[k-int(w)]
				continue
			}
			out[k] = residue.Add(out[k]%p, residue.Mul(out[k-int(w)]%p, r, p), p)
		}
	}
	return out
}

// compareBatch compares one batch with the product, in the middle of a longer array
// whose other entries must stay as they are.
func compareBatch(t *testing.T, f field, draw func() uint64, n, before int, ws []int64) {
	t.Helper()
	const guard = 0x5555
	all := make([]uint64, before+n+40)
	for i := range all {
		all[i] = guard
	}
	a := all[before : before+n]
	for i := range a {
		a[i] = draw()
	}
	want := product(a, n, ws, f.r, f.p)
	if f.inverse != 0 {
		f.toFloats(a)
	}
	f.batch(all[before:], n, ws)
	if f.inverse != 0 {
		f.toWords(a)
	}
	for k, x := range a {
		if f.p != 0 {
			if x >= 2*f.p {
				t.Fatalf("entry %d is %d, p = %d, weights %v", k, x, f.p, ws)
			}
			a[k], want[k] = x%f.p, want[k]%f.p
		}
	}
	require.Equal(t, want, a, "weights %v, p = %d, r = %d", ws, f.p, f.r)
	for i, x := range all {
		if i < before || i >= before+n {
			if x != guard {
				t.Fatalf("entry %d outside the table has changed", i-before)
			}
		}
	}
}

// batchFields are the fields at this level: for counts and for marks, at the ends of
// their ranges.
func batchFields() []field {
	out := []field{newCounter(0), newCounter(countPrimes(64)[0]), newCounter(countPrimes(1000)[0]), newCounter(residue.Primes(countBits, 1)[0])}
	for _, most := range []uint64{3, 70, 1000, 1<<13 - 2} {
		ps := foldPrimes(200, most)
		for _, p := range []uint64{ps[0], ps[len(ps)-1]} {
			out = append(out, newField(p, 2), newField(p, most))
		}
	}
	return out
}

func sorted(ws []int64) []int64 {
	slices.Sort(ws)
	return ws
}

// mostRoom is the number of players of the weights that a batch may have.
func (f field) mostRoom(ws []int64) []int64 {
	if f.room > 0 {
		return ws[:min(len(ws), f.room)]
	}
	return ws
}

// Every level multiplies a batch exactly, at all short lengths and weights, at every
// alignment, and with residues at the ends of their range.
func TestBatch(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 7))
		for _, f := range batchFields() {
			ends := []uint64{0, 1, f.p / 2, f.p/2 + 1, f.p - 1, f.p, 2*f.p - 1}
			draw := func() uint64 {
				if f.p == 0 {
					return r.Uint64()
				}
				if x := ends[r.IntN(len(ends))]; r.IntN(3) > 0 && x < f.m {
					return x
				}
				return r.Uint64N(f.m)
			}
			for n := 1; n <= 40; n++ {
				for _, w := range []int64{1, 2, 7, 31, 32, 33, 40, int64(n)} {
					compareBatch(t, f, draw, n, n%5, []int64{w})
				}
			}
			for range testkit.Cases(60) {
				n := 1 + r.IntN([]int{70, 400, 3000}[r.IntN(3)])
				ws := make([]int64, 1+r.IntN(20))
				for i := range ws {
					ws[i] = 1 + r.Int64N([]int64{3, 40, 100, 1000}[r.IntN(4)])
				}
				compareBatch(t, f, draw, n, r.IntN(9), f.mostRoom(sorted(ws)))
			}
		}
	})
}

func FuzzBatch(f *testing.F) {
	f.Add(uint64(1), uint16(100), uint8(3), []byte{1, 40, 200})
	f.Add(uint64(9), uint16(33), uint8(0), []byte{31, 32, 33})
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, kind uint8, bytes []byte) {
		ws := []int64{1 + int64(seed%97)}
		for _, b := range bytes[:min(len(bytes), 12)] {
			ws = append(ws, 1+int64(b)*int64(1+seed%5))
		}
		levels(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			fields := batchFields()
			f := fields[int(kind)%len(fields)]
			draw := func() uint64 {
				switch x := r.Uint64(); {
				case f.p == 0:
					return x
				case x%3 == 0:
					return f.m - 1 - x%5
				default:
					return x % f.m
				}
			}
			compareBatch(t, f, draw, 1+int(n)%5000, int(seed%7), f.mostRoom(sorted(ws)))
		})
	})
}

// The index is the same figure for figure at every level, and floats stay within
// their bounds.
func TestLevelsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	ctx := context.Background()
	for range testkit.Cases(12) {
		ws := make([]int64, 2+r.IntN(90))
		for i := range ws {
			ws[i] = 1 + r.Int64N([]int64{10, 500}[r.IntN(2)])
		}
		g, err := Majority(ws...)
		require.NoError(t, err)
		var shapley, banzhaf []string
		levels(t, func(t *testing.T) {
			o := Options{Algorithm: Weights}
			x, err := g.ShapleyShubik(ctx, o)
			require.NoError(t, err)
			b, err := g.Banzhaf(ctx, o)
			require.NoError(t, err)
			y, err := g.ShapleyShubikFloat(ctx)
			require.NoError(t, err)
			shapley, banzhaf = append(shapley, x.String()), append(banzhaf, b.Absolute().String())
			for i := range ws {
				exact, ok := x.Of(i)
				require.True(t, ok)
				value, bound, ok := y.Of(i)
				require.True(t, ok)
				want, _ := exact.Rat().Float64()
				require.InDelta(t, want, value, bound+1e-15)
			}
		})
		for i := range shapley {
			require.Equal(t, shapley[0], shapley[i])
			require.Equal(t, banzhaf[0], banzhaf[i])
		}
	}
}

// Products of floats are rounded once where they are fused, so they agree with the
// portable loop to the last digits only.
func TestFloatBatch(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 13))
	levels(t, func(t *testing.T) {
		for n := 1; n <= 200; n++ {
			ws := sorted([]int64{1 + r.Int64N(40), 1 + r.Int64N(70), 1 + r.Int64N(3)})
			got, want := make([]float64, n), make([]float64, n)
			got[0], want[0] = 1, 1
			_, err := walk(context.Background(), n, ws, 1, maxPlayers, func(n int, ws []int64) { floatBatch(got, n, ws, 0.75) })
			require.NoError(t, err)
			for _, w := range ws {
				for k := n - 1; k >= int(w); k-- {
					want[k] += 0.75 * want[k-int(w)]
				}
			}
			for k := range want {
				require.InEpsilon(t, 1+want[k], 1+got[k], 1e-14)
			}
		}
	})
}
