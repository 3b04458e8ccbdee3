package ratio_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleApportion() {
	votes := []ratio.Ratio{ratio.Int(50), ratio.Int(25), ratio.Int(15)}
	fmt.Println(ratio.Apportion(ratio.Int(10), votes, nil, ratio.Int(1)))
	fmt.Println(ratio.Apportion(ratio.Int(10), votes, nil, ratio.Ratio{}))
	// A buyer wants 40 shares in lots of 10. The first tender has no whole lot.
	tendered := []ratio.Ratio{ratio.Int(5), ratio.Int(12), ratio.Int(25)}
	fmt.Println(ratio.Apportion(ratio.Int(40), tendered, tendered, ratio.Int(10)))
	// Output:
	// [5 3 2]
	// [50/9 25/9 5/3]
	// [5 10 25]
}

func ratios(text string) []ratio.Ratio {
	out := []ratio.Ratio{}
	for _, p := range strings.Fields(text) {
		out = append(out, ratio.MustParse(p))
	}
	return out
}

func TestApportion(t *testing.T) {
	for name, tc := range map[string]struct {
		total, weights, most, unit, want string
	}{
		"nothing to divide":        {"0", "3 4", "", "1", "[0 0]"},
		"nobody":                   {"5", "", "", "1", "[]"},
		"no weights":               {"5", "0 0", "", "1", "[0 0]"},
		"no remainder":             {"30", "40 20", "", "10", "[20 10]"},
		"the largest remainder":    {"10", "50 25 15", "", "1", "[5 3 2]"}, // 5 5/9, 2 7/9, 1 2/3
		"the first among equals":   {"4", "1 1 1", "", "1", "[2 1 1]"},
		"exactly":                  {"1", "1 2", "", "0", "[1/3 2/3]"},
		"less than a unit is left": {"25", "1 1", "", "10", "[15 10]"}, // 12.5 each: 10, and 5 are left
		"two units and a half":     {"25", "1 1 1", "", "10", "[10 10 5]"},
		"tenths":                   {"1", "1 1 1", "", "0.1", "[0.4 0.3 0.3]"},
		"no room for a unit":       {"20", "5 8 25", "5 8 25", "10", "[0 8 12]"},          // 2.6, 4.2, 13.2: 8 fit, and 2 are left
		"a little room for many":   {"40", "5 8 12 25", "5 8 12 25", "10", "[2 8 10 20]"}, // 4, 6.4, 9.6, 20
	} {
		t.Run(name, func(t *testing.T) {
			most := ratios(tc.most)
			if tc.most == "" {
				most = nil
			}
			got := ratio.Apportion(ratio.MustParse(tc.total), ratios(tc.weights), most, ratio.MustParse(tc.unit))
			require.Equal(t, tc.want, fmt.Sprint(got))
		})
	}
}

// Without limits the results add up, each is less than a unit away from its exact part, and no part
// that got a unit for what it lost had lost less than one that did not.
func TestApportionLaws(t *testing.T) {
	for seed := range testkit.Cases(300) {
		rng := rand.New(rand.NewPCG(uint64(seed), 8))
		unit := ratio.Of(int64(1+rng.IntN(4)), int64(1+rng.IntN(3)))
		total := unit.Mul(ratio.Int(int64(rng.IntN(50))))
		weights, sum := make([]ratio.Ratio, 1+rng.IntN(7)), ratio.Int(0)
		for i := range weights {
			weights[i] = ratio.Of(int64(1+rng.IntN(40)), int64(1+rng.IntN(4)))
			sum = sum.Add(weights[i])
		}
		got := ratio.Apportion(total, weights, nil, unit)
		left := total
		leastGiven, mostRefused := unit, ratio.Ratio{}
		for i, g := range got {
			left = left.Sub(g)
			require.True(t, g.Div(unit).IsInt())
			off := total.Mul(weights[i]).Div(sum).Sub(g) // below 0 if the part got a unit
			require.True(t, off.Less(unit) && off.Neg().Less(unit), "%s is off by %s", g, off)
			if off.Sign() < 0 {
				leastGiven = ratio.Min(leastGiven, off.Add(unit))
			} else {
				mostRefused = ratio.Max(mostRefused, off)
			}
		}
		require.True(t, left.IsZero())
		require.False(t, leastGiven.Less(mostRefused))
	}
}
