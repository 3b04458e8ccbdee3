package ratio_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// Three owners with a third each. The last 0.1% goes to the first by name.
func ExampleLargestRemainder() {
	third := ratio.Of(1, 3)
	rows, err := ratio.LargestRemainder([]ratio.Ratio{third, third, third}, 3)
	if err != nil {
		panic(err)
	}
	for i, who := range []string{"ana", "bea", "cid"} {
		fmt.Println(who, rows[i].Percent(1).StringFixed(1)+"%")
	}
	// Output:
	// ana 33.4%
	// bea 33.3%
	// cid 33.3%
}

func ExampleNumber_RoundedPercent() {
	for _, n := range []ratio.Number{"33.3", "33.30", "0", "100"} {
		v, err := n.RoundedPercent()
		if err != nil {
			panic(err)
		}
		fmt.Println(n, v)
	}
	// Output:
	// 33.3 [33.25%,33.35%]
	// 33.30 [33.295%,33.305%]
	// 0 [0%,0.5%]
	// 100 [99.5%,100%]
}

// A program that computes with floating-point numbers wrote the first of these.
func ExampleNumber_Denoised() {
	for _, n := range []ratio.Number{"30.000000000000004", "33.333333333333336", "28.4"} {
		short, noisy := n.Denoised()
		fmt.Println(n, short, noisy)
	}
	// Output:
	// 30.000000000000004 30 true
	// 33.333333333333336 33.333333333333336 false
	// 28.4 28.4 false
}

func ExampleNumber_IsNoisy() {
	fmt.Println(ratio.Number("33.333333333333336").IsNoisy(), ratio.Number("4220715112").IsNoisy())
	// Output: true false
}

func TestLargestRemainder(t *testing.T) {
	for name, tc := range map[string]struct {
		parts  string
		places int
		want   string
	}{
		"nothing":              {"", 2, "[]"},
		"one part":             {"1/3", 1, "[0.3]"},
		"a half to even":       {"1/4 1/4", 0, "[0 0]"},
		"most lost":            {"0.125 0.375 0.5", 1, "[0.1 0.4 0.5]"},
		"equal losses in turn": {"1/6 1/6 1/6 1/6 1/6 1/6", 1, "[0.2 0.2 0.2 0.2 0.1 0.1]"},
		"no need to round":     {"0.2 0.8", 1, "[0.2 0.8]"},
		"below 0":              {"-1/3 4/3", 0, "[0 1]"},
		"above 1":              {"5/3 4/3", 0, "[2 1]"},
	} {
		t.Run(name, func(t *testing.T) {
			var parts []ratio.Ratio
			for _, p := range strings.Fields(tc.parts) {
				parts = append(parts, ratio.MustParse(p))
			}
			got, err := ratio.LargestRemainder(parts, tc.places)
			require.NoError(t, err)
			require.Equal(t, tc.want, fmt.Sprint(got))
		})
	}
	for _, places := range []int{-1, 31, math.MaxInt} {
		_, err := ratio.LargestRemainder(nil, places)
		require.ErrorIs(t, err, ratio.ErrRange)
	}
}

// The results add up, each is a neighbour of its part, and of all such roundings it has the
// smallest sum of squared differences (the method is the one that minimizes it).
func TestLargestRemainderLaws(t *testing.T) {
	for seed := range testkit.Cases(200) {
		rng := rand.New(rand.NewPCG(uint64(seed), 7))
		n, places := 1+rng.IntN(7), rng.IntN(4)
		unit := big.NewRat(1, int64(math.Pow10(places)))
		parts, exact := make([]ratio.Ratio, n), new(big.Rat)
		for i := range parts {
			parts[i] = ratio.Of(int64(rng.IntN(1000)), int64(1+rng.IntN(60)))
			exact.Add(exact, parts[i].Rat())
		}
		got, err := ratio.LargestRemainder(parts, places)
		require.NoError(t, err)
		want := ratio.FromRat(exact).Round(places, ratio.HalfEven).Rat()
		square := func(x []*big.Rat) *big.Rat {
			sum := new(big.Rat)
			for i := range x {
				d := new(big.Rat).Sub(x[i], parts[i].Rat())
				sum.Add(sum, d.Mul(d, d))
			}
			return sum
		}
		list, sum := make([]*big.Rat, n), new(big.Rat)
		for i, g := range got {
			list[i] = g.Rat()
			sum.Add(sum, list[i])
			d := new(big.Rat).Sub(list[i], parts[i].Rat())
			require.Negative(t, d.Abs(d).Cmp(unit))
		}
		require.Zero(t, sum.Cmp(want))
		for choice := range 1 << n { // each part down or up
			other, total := make([]*big.Rat, n), new(big.Rat)
			for i, p := range parts {
				f := new(big.Rat).Quo(p.Rat(), unit)
				down := new(big.Rat).SetInt(new(big.Int).Quo(f.Num(), f.Denom()))
				if choice>>i&1 == 1 {
					down.Add(down, big.NewRat(1, 1))
				}
				other[i] = down.Mul(down, unit)
				total.Add(total, other[i])
			}
			if total.Cmp(want) == 0 {
				require.LessOrEqual(t, square(list).Cmp(square(other)), 0)
			}
		}
	}
}

func TestRoundedPercentRejects(t *testing.T) {
	for _, n := range []ratio.Number{"", "5e1", "x", "33,3", ratio.Number("1." + strings.Repeat("1", 30))} {
		_, err := n.RoundedPercent()
		require.ErrorIs(t, err, ratio.ErrNumber, n)
	}
	for _, n := range []ratio.Number{"-1", "100.1"} {
		_, err := n.RoundedPercent()
		require.ErrorIs(t, err, ratio.ErrRange, n)
	}
}

func TestDenoised(t *testing.T) {
	for _, tc := range []struct{ n, want ratio.Number }{
		{"30.000000000000004", "30"}, {"29.999999999999996", "30"}, {"14.299999999999999", "14.3"},
		{"0.30000000000000004", "0.3"}, {"1.2000000000000002e-3", "0.0012"}, {"-30.000000000000004", "-30"},
		{"99.99999999999994", "100"}, {"4220715112.0000005", "4220715112"}, {"50.0000000000001", "50"},
		{"50.00000000000000001", "50.00000000000000001"}, {"30.0000000000000040", "30.0000000000000040"}, {"50.000000000001", "50.000000000001"}, {"33.333333333333336", "33.333333333333336"}, {"300000000000000004", "300000000000000004"},
		{"42207151120000.000000000001", "42207151120000.000000000001"}, {"0", "0"}, {"", ""}, {"x.000000000000000001", "x.000000000000000001"},
	} {
		got, noisy := tc.n.Denoised()
		require.Equal(t, tc.want, got)
		require.Equal(t, tc.n != tc.want, noisy)
	}
}

// Sums of percentages in floating point come back as the percentages that they are.
func TestDenoisedSums(t *testing.T) {
	for seed := range testkit.Cases(300) {
		rng := rand.New(rand.NewPCG(uint64(seed), 8))
		sum, hundredths := 0.0, 0
		for range 1 + rng.IntN(20) {
			x := rng.IntN(1000)
			sum, hundredths = sum+float64(x)/100, hundredths+x
		}
		n, _ := ratio.Number(strconv.FormatFloat(sum, 'f', -1, 64)).Denoised()
		r, err := n.Ratio()
		require.NoError(t, err)
		require.True(t, r.Equal(ratio.Of(int64(hundredths), 100)), "%v is %s", sum, n)
	}
}

// What is read is a band around the number, and noise goes once and for all.
func FuzzRounded(f *testing.F) {
	for _, s := range []string{"33.3", "0", "100", "30.000000000000004", "-0.00", "1e5", "99.99999999999999", "1.2000000000000002e-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := ratio.Number(s)
		r, bad := ratio.ParseNumber(s)
		if v, err := n.RoundedPercent(); err == nil {
			require.NoError(t, bad)
			require.True(t, v.Contains(r.Mul(ratio.Of(1, 100))))
			require.False(t, v.IsExact())
		}
		short, noisy := n.Denoised()
		require.Equal(t, noisy, short != n)
		again, more := short.Denoised()
		require.False(t, more)
		require.Equal(t, short, again)
		if noisy {
			x, err := short.Ratio()
			require.NoError(t, err)
			d := x.Sub(r)
			require.True(t, d.Mul(d).Less(r.Mul(r).Mul(ratio.Of(1, 1e18))))
		}
	})
}
