package power

import (
	"context"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power/internal/limbs"
)

// drawMeeting returns a meeting and the quotas of a ledger of it. The weights are
// multiples of a unit.
func drawMeeting(r *rand.Rand) (d Dispersed, deep bool, quotas []int64) {
	m, unit, most := 1+r.IntN(14), 1+r.Int64N(3), 1+r.Int64N(60)
	if r.IntN(8) == 0 {
		m, most = 36+r.IntN(25), 3 // counts need more than 32 bits
	}
	d = Dispersed{large: make([]int64, m), unit: big.NewRat(1, 1)}
	held := int64(0)
	for i := range d.large {
		d.large[i] = unit * r.Int64N(most+1)
		held += d.large[i]
	}
	switch r.IntN(3) {
	case 0:
		d.count, d.each = 1+r.Int64N(50), 1+r.Int64N(9)
		d.quota = 1 + r.Int64N(held+d.count*d.each)
		return d, false, []int64{d.quota}
	case 1:
		d.ocean = 1 + r.Int64N(held+9)
		d.quota = 1 + r.Int64N(held+d.ocean)
		return d, false, []int64{d.quota}
	}
	d.ocean = 1 + r.Int64N(held/3+1)
	d.quota = d.ocean + 1 + r.Int64N(held+1)
	quotas = []int64{d.quota}
	if dual := d.dual().quota; dual > d.ocean {
		quotas = append(quotas, dual)
	}
	return d, true, quotas
}

// Multiples of a unit and sums listed one by one are two lists of the same
// coalitions, with the same indices.
func TestLedgerOfMultiplesAndOfSums(t *testing.T) {
	levels(t, func(t *testing.T) {
		ctx := context.Background()
		r := rand.New(rand.NewPCG(51, 52))
		seen, deeper := 0, 0
		for range testkit.Cases(300) {
			d, deep, quotas := drawMeeting(r)
			o, err := options([]Options{{Workers: 1 + r.IntN(3)}})
			require.NoError(t, err)
			all, err := d.ledger(ctx, o, deep, quotas...)
			require.NoError(t, err)
			if all.unit == 0 {
				continue
			}
			seen++
			deeper += len(quotas) - 1
			some := *all
			some.unit = 0
			require.NoError(t, some.listSums(ctx, o, slices.Sorted(slices.Values(d.large))))
			some.measure()
			compareLedgers(t, all, &some)
			want, err := some.indices(ctx, o)
			require.NoError(t, err)
			got, err := all.indices(ctx, o)
			require.NoError(t, err)
			for i, x := range got {
				require.Zero(t, x.Cmp(want[i]), "%v, deep %v, quotas %v, holder %d: %v, %v", d, deep, quotas, i, x, want[i])
			}
		}
		require.Greater(t, seen, testkit.Cases(300)/2)
		require.Positive(t, deeper)
	})
}

// compareLedgers compares the counts of the sums that coalitions have.
func compareLedgers(t *testing.T, all, some *ledger) {
	t.Helper()
	counted := make([]bool, len(all.sums))
	for s := range all.sizes {
		for k, sum := range some.sums {
			at, found := slices.BinarySearch(all.sums, sum)
			require.True(t, found)
			require.Equal(t, some.row(s)[k], all.row(s)[at])
			counted[at] = true
		}
	}
	for k, yes := range counted {
		for s := range all.sizes {
			if !yes {
				require.Zero(t, all.row(s)[k])
			}
		}
	}
}

// A list of multiples is taken for dense weights only, and only if it fits.
func TestLedgerChoosesItsList(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name      string
		ws        []int64
		quota     int64
		maxMemory int64
		unit      int64
	}{
		{"dense", []int64{1, 2, 4, 8}, 16, 0, 1},
		{"in units of 5", []int64{5, 10, 20, 40}, 77, 0, 5},
		{"a quarter: 8 of 32", []int64{1, 2, 16}, 32, 0, 1},
		{"less than a quarter", []int64{1, 2, 16}, 37, 0, 0},
		{"sparse", []int64{1, 100, 10_000}, 11_000, 0, 0},
		{"no weight", []int64{0, 0}, 5, 0, 1},
		{"no room", []int64{1, 2, 4, 8}, 16, 900, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Dispersed{large: c.ws, quota: c.quota, ocean: 10, unit: big.NewRat(1, 1)}
			o, err := options([]Options{{Workers: 1, MaxMemory: c.maxMemory}})
			require.NoError(t, err)
			l, err := d.ledger(ctx, o, false, d.quota)
			if c.maxMemory > 0 {
				require.ErrorIs(t, err, ErrMemory)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.unit, l.unit)
		})
	}
}

// drawWords returns words, often at the ends of their range.
func drawWords(r *rand.Rand, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = []uint64{0, 1, 1<<32 - 1, 1 << 32, ^uint64(0), r.Uint64()}[r.IntN(6)]
	}
	return out
}

func wholeOf(words []uint64) *big.Int {
	out := new(big.Int)
	for i := len(words) - 1; i >= 0; i-- {
		out.Lsh(out, 64)
		out.Add(out, new(big.Int).SetUint64(words[i]))
	}
	return out
}

// The sums of products with counts of 32 bits together are those with any counts, at
// every length and at the ends of the range.
func TestInnerNarrow(t *testing.T) {
	levels(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(53, 54))
		for n := range 100 {
			counts, words := make([]uint64, n), drawWords(r, n+r.IntN(3))
			room := uint64(1<<32 - 1)
			for i := range counts {
				counts[i] = []uint64{0, min(1, room), room, room / 2, r.Uint64N(room + 1)}[r.IntN(5)]
				room -= counts[i]
			}
			hi, lo := limbs.Inner(counts, words)
			h, l := innerNarrow(counts, words)
			require.Equal(t, []uint64{hi, lo}, []uint64{h, l}, "%d entries", n)
			h, l = limbs.InnerNarrow(counts, words)
			require.Equal(t, []uint64{hi, lo}, []uint64{h, l}, "%d entries", n)
		}
		// One count of 2^32 - 1 at each place, with the largest word.
		for k := range 16 {
			counts, words := make([]uint64, 16), slices.Repeat([]uint64{^uint64(0)}, 16)
			counts[k] = 1<<32 - 1
			hi, lo := innerNarrow(counts, words)
			require.Equal(t, []uint64{1<<32 - 2, 1<<64 - 1<<32 + 1}, []uint64{hi, lo})
		}
	})
}

func TestLongNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(55, 56))
	for range testkit.Cases(200) {
		x, y := drawWords(r, 1+r.IntN(6)), drawWords(r, 1+r.IntN(6))
		product := drawWords(r, len(x)+len(y)+r.IntN(3))
		limbs.MulTo(product, x, y)
		want := new(big.Int).Mul(wholeOf(x), wholeOf(y))
		require.Zero(t, want.Cmp(wholeOf(product)))

		n := len(product)
		less := slices.Clone(product)
		limbs.TakeFrom(less, product)
		require.Zero(t, wholeOf(less).Sign())
		limbs.AddTo(less, product)
		require.Equal(t, product, less)

		sum := limbs.NewDots(1, n)[0]
		want.SetInt64(0)
		for range 5 {
			c, z := r.Uint64N(1<<60), drawWords(r, n)
			sum.Add(c, z)
			want.Add(want, new(big.Int).Mul(new(big.Int).SetUint64(c), wholeOf(z)))
		}
		require.Zero(t, want.Cmp(sum.Value()))

		base, rise, m := r.Int64N(1<<40), r.Int64N(2), r.IntN(9)
		p := limbs.NewPowers(m, 6)
		p.Set(base, rise, m)
		p.Set(base/3, rise, m) // the words of other powers are still there
		l := ledger{rise: rise}
		for c := range m + 1 {
			require.Zero(t, l.power(base/3, c).Cmp(wholeOf(p.At(c))))
		}
	}
}

func TestPlainWords(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 58))
	for n := range 20 {
		x, y, out := drawWords(r, n), drawWords(r, n), make([]uint64, n)
		subtractWords(out, x, y)
		var sum uint64
		for i := range out {
			require.Equal(t, x[i]-y[i], out[i])
			sum += x[i]
		}
		require.Equal(t, sum, sumWords(x))
	}
}
