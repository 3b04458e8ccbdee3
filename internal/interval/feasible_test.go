package interval_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/ratio"
)

// Upper ends fall to what the other stakes leave, and are open if another's lower
// end is.
func TestUpperEndsFall(t *testing.T) {
	for _, c := range []struct {
		name   string
		other  interval.Stake
		hi     string
		hiOpen bool
	}{
		{"closed", interval.Stake{Owner: 2, Lo: ratio.Int(60), Hi: ratio.Int(80)}, "40", false},
		{"open", interval.Stake{Owner: 2, Lo: ratio.Int(60), Hi: ratio.Int(80), LoOpen: true}, "40", true},
		{"open at the end itself", interval.Stake{Owner: 2, Lo: ratio.Int(50), Hi: ratio.Int(80), LoOpen: true}, "50", true},
		{"room for all", interval.Stake{Owner: 2, Lo: ratio.Int(20), Hi: ratio.Int(30), LoOpen: true}, "50", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := wholly(0, held(1, 10, 50), c.other)
			require.False(t, set.IsExact())
			got := set.Classes[0].Stakes[0]
			require.Equal(t, c.hi, got.Hi.String())
			require.Equal(t, c.hiOpen, got.HiOpen)
			require.Equal(t, "10", got.Lo.String())
		})
	}
}

func TestWithFixesByID(t *testing.T) {
	set := interval.NewFeasibleSet(7, []interval.Class{{Outstanding: ratio.Int(100), Dividend: one, Stakes: []interval.Stake{
		{ID: 4, Owner: 1, Lo: ratio.Int(10), Hi: ratio.Int(50), LoOpen: true}, {ID: 5, Owner: 2, Lo: ratio.Int(20), Hi: ratio.Int(20)},
	}}})
	fixed := set.With(map[int32]ratio.Ratio{4: ratio.Int(30)})
	require.True(t, fixed.IsExact())
	require.False(t, set.IsExact(), "the first set must not change")
	require.Equal(t, int32(7), fixed.Company)
	var got []string
	for s := range fixed.All() {
		got = append(got, fmt.Sprintf("%d: %s-%s %t", s.ID, s.Lo, s.Hi, s.LoOpen))
	}
	require.Equal(t, []string{"4: 30-30 false", "5: 20-20 false"}, got)
}

func TestWitnessAgainstAllVertices(t *testing.T) {
	for seed := range uint64(4000) {
		requireWitness(t, seed)
	}
}

func FuzzWitness(f *testing.F) {
	f.Add(uint64(1_000_003))
	f.Fuzz(func(t *testing.T, seed uint64) { requireWitness(t, seed) })
}

// requireWitness compares the witness of a random function with an enumeration of
// vertices. The mean of the best vertices lies inside the best face, so it is off
// all open ends if any best point is.
func requireWitness(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 6))
	c := drawCompany(r, []int32{1, 2, 3}, 6)
	var f interval.Linear
	for _, k := range c {
		for range k.Stakes {
			f.Stakes = append(f.Stakes, ratio.Int(int64(r.IntN(5)-2)))
		}
		f.Floats = append(f.Floats, ratio.Int(int64(r.IntN(5)-2)))
	}
	var best [][]ratio.Ratio
	var top ratio.Ratio
	for _, p := range c.points() {
		v := c.value(f, p)
		if len(best) == 0 || top.Less(v) {
			best, top = nil, v
		}
		if v.Equal(top) {
			best = append(best, p)
		}
	}
	attained := c.contains(middle(best))
	set := interval.NewFeasibleSet(0, c.clone())
	for _, shift := range []ratio.Ratio{top.Neg(), top.Neg().Add(ratio.Of(1, 1000)), top.Neg().Sub(ratio.Of(1, 1000))} {
		f.Constant = shift
		for _, orZero := range []bool{false, true} {
			note := fmt.Sprintf("seed %d: %v, constant %s, or zero %t", seed, c, shift, orZero)
			point, ok := set.Witness(f, orZero)
			greatest := top.Add(shift)
			require.Equal(t, greatest.Sign() > 0 || greatest.IsZero() && orZero && attained, ok, note)
			if !ok {
				continue
			}
			require.True(t, c.contains(point), "%s: %v", note, point)
			v := c.value(f, point)
			require.True(t, v.Sign() > 0 || orZero && v.IsZero(), "%s: %v is worth %s", note, point, v)
			for _, shares := range point {
				require.True(t, shares.IsDecimal(), "%s: %v", note, point)
			}
		}
	}
	minus := f.Negated()
	for _, p := range c.points() {
		require.True(t, c.value(minus, p).Equal(c.value(f, p).Neg()))
	}
}

// value returns f at a point.
func (c company) value(f interval.Linear, point []ratio.Ratio) ratio.Ratio {
	sum, n := f.Constant, 0
	for i, k := range c {
		left := k.Outstanding
		for range k.Stakes {
			sum = sum.Add(f.Stakes[n].Mul(point[n]))
			left = left.Sub(point[n])
			n++
		}
		sum = sum.Add(f.Floats[i].Mul(left))
	}
	return sum
}
