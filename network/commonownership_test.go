package network_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func TestProfitWeightsOfCases(t *testing.T) {
	text, err := os.ReadFile("testdata/commonownership.json")
	require.NoError(t, err)
	var file struct {
		Cases []struct {
			Name    string
			Stakes  []string
			Market  map[string]ratio.Ratio
			HHI     ratio.Ratio
			Delta   *ratio.Ratio
			Weights map[string]ratio.Ratio
		}
	}
	require.NoError(t, json.Unmarshal(text, &file))
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			got, err := network.ProfitWeights(t.Context(), booktest.Alliance(t, c.Stakes...), c.Market, network.CommonOwnershipOptions{})
			require.NoError(t, err)
			require.True(t, c.HHI.Equal(got.HHI), "HHI %s", got.HHI)
			require.True(t, got.MHHI.Equal(got.HHI.Add(got.Delta)))
			if c.Delta != nil {
				require.True(t, c.Delta.Equal(got.Delta), "delta %s", got.Delta)
			}
			for pair, want := range c.Weights {
				f, g, _ := strings.Cut(pair, ">")
				w, err := got.Weight(f, g)
				require.NoError(t, err)
				require.True(t, want.Equal(w), "%s: want %s, got %s", pair, want, w)
			}
			var points ratio.Ratio
			for _, f := range got.Firms {
				for _, w := range f.Weights {
					points = points.Add(w.Points)
				}
			}
			require.True(t, points.Equal(got.Delta))
		})
	}
}

// randomMarket makes firms and holding companies f0, f1, … that hold one another, and owners
// p0, p1, … of each. The first firms are the market.
func randomMarket(rng *rand.Rand) (stakes []string, held map[[2]string]int, firms, people int) {
	firms, people = 2+rng.IntN(4), 2+rng.IntN(4)
	held = map[[2]string]int{}
	for j := range firms {
		left := 100
		for k := range 1 + rng.IntN(4) {
			holder := fmt.Sprintf("p%d", rng.IntN(people))
			if i := rng.IntN(firms); k > 0 && i != j && rng.IntN(2) == 0 {
				holder = fmt.Sprintf("f%d", i)
			}
			if key := [2]string{holder, fmt.Sprintf("f%d", j)}; held[key] == 0 && left > 1 {
				held[key] = 1 + rng.IntN(left-1)
				left -= held[key]
			}
		}
	}
	for key, n := range held {
		stakes = append(stakes, fmt.Sprintf("%s %d %s", key[0], n, key[1]))
	}
	return stakes, held, firms, people
}

// endsOf returns what each person has of each firm in the end, by summing A + A² + … as the
// solution of a system of equations in fractions.
func endsOf(firms, people int, direct func(holder string, j int) *big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, people)
	for p := range out {
		// x(j) = direct(p, j) + sum over firms i of x(i) direct(i, j)
		m := make([][]*big.Rat, firms)
		for j := range m {
			m[j] = make([]*big.Rat, firms+1)
			for i := range firms {
				m[j][i] = new(big.Rat).Neg(direct(fmt.Sprintf("f%d", i), j))
			}
			m[j][j].Add(m[j][j], big.NewRat(1, 1))
			m[j][firms] = direct(fmt.Sprintf("p%d", p), j)
		}
		out[p] = gauss(m)
	}
	return out
}

func gauss(m [][]*big.Rat) []*big.Rat {
	for c := range m {
		for r := c; m[c][c].Sign() == 0; r++ {
			m[c], m[r] = m[r], m[c]
		}
		inv := new(big.Rat).Inv(m[c][c])
		for k := range m[c] {
			m[c][k].Mul(m[c][k], inv)
		}
		for r := range m {
			if f := new(big.Rat).Set(m[r][c]); r != c && f.Sign() != 0 {
				for k := range m[r] {
					m[r][k].Sub(m[r][k], new(big.Rat).Mul(f, m[c][k]))
				}
			}
		}
	}
	out := make([]*big.Rat, len(m))
	for r := range m {
		out[r] = m[r][len(m)]
	}
	return out
}

// banzhaf counts swings over all coalitions: more than half of all votes of which the float's
// are half on each side.
func banzhaf(weights []int) []*big.Rat {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	swings, all := make([]int64, len(weights)), int64(0)
	for set := range uint(1) << len(weights) {
		votes := 0
		for i, w := range weights {
			votes += w * int(set>>i&1)
		}
		for i, w := range weights {
			if set>>i&1 == 1 && 2*votes > sum && 2*(votes-w) <= sum {
				swings[i]++
				all++
			}
		}
	}
	return normalised(swings, all)
}

// shapley counts the coalitions in whose order a voter decides.
func shapley(weights []int) []*big.Rat {
	n, sum := len(weights), 0
	for _, w := range weights {
		sum += w
	}
	factorial := func(k int) int64 { return new(big.Int).MulRange(1, int64(k)).Int64() }
	swings := make([]int64, n)
	for set := range uint(1) << n {
		votes := 0
		for i, w := range weights {
			votes += w * int(set>>i&1)
		}
		for i, w := range weights {
			if set>>i&1 == 0 && 2*votes <= sum && 2*(votes+w) > sum {
				k := bits.OnesCount(set)
				swings[i] += factorial(k) * factorial(n-1-k)
			}
		}
	}
	return normalised(swings, factorial(n))
}

func normalised(swings []int64, all int64) []*big.Rat {
	out := make([]*big.Rat, len(swings))
	for i := range out {
		out[i] = new(big.Rat)
		if all > 0 {
			out[i].SetFrac64(swings[i], all)
		}
	}
	return out
}

// Weights by all three kinds of control, against a calculation of its own with fractions.
func TestProfitWeightsAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 9))
	checked := map[network.ControlWeights]int{}
	for range testkit.Cases(600) {
		stakes, held, firms, people := randomMarket(rng)
		market := map[string]ratio.Ratio{}
		for j := range firms {
			market[fmt.Sprintf("f%d", j)] = ratio.Of(1, int64(firms))
		}
		share := func(holder string, j int) *big.Rat {
			return big.NewRat(int64(held[[2]string{holder, fmt.Sprintf("f%d", j)}]), 100)
		}
		interest := endsOf(firms, people, share)
		a := booktest.Alliance(t, stakes...)
		for kind, index := range map[network.ControlWeights]func([]int) []*big.Rat{network.WeightsByVotes: nil, network.WeightsByBanzhaf: banzhaf, network.WeightsByShapleyShubik: shapley} {
			direct := share
			if index != nil {
				power := map[[2]string]*big.Rat{}
				for j := range firms {
					var names []string
					var weights []int
					for key, n := range held {
						if key[1] == fmt.Sprintf("f%d", j) {
							names, weights = append(names, key[0]), append(weights, n)
						}
					}
					for i, r := range index(weights) {
						power[[2]string{names[i], fmt.Sprintf("f%d", j)}] = r
					}
				}
				direct = func(holder string, j int) *big.Rat {
					if r := power[[2]string{holder, fmt.Sprintf("f%d", j)}]; r != nil {
						return new(big.Rat).Set(r)
					}
					return new(big.Rat)
				}
			}
			got, err := network.ProfitWeights(t.Context(), a, market, network.CommonOwnershipOptions{Weights: kind, Power: network.PowerOptions{FloatAbsent: true}})
			if err != nil { // such as companies in whose meetings only they have power
				require.True(t, strings.Contains(err.Error(), "network: nobody") || strings.Contains(err.Error(), crossholding.ErrNoOutsideOwner.Error()), "%v", err)
				continue
			}
			control := endsOf(firms, people, direct)
			for f := range firms {
				for g := range firms {
					num, den := new(big.Rat), new(big.Rat)
					for p := range people {
						num.Add(num, new(big.Rat).Mul(control[p][f], interest[p][g]))
						den.Add(den, new(big.Rat).Mul(control[p][f], interest[p][f]))
					}
					w, err := got.Weight(fmt.Sprintf("f%d", f), fmt.Sprintf("f%d", g))
					require.NoError(t, err)
					require.True(t, ratio.FromRat(num.Quo(num, den)).Equal(w), "%s: f%d > f%d in %v", kind, f, g, stakes)
				}
			}
			checked[kind]++
		}
	}
	require.Len(t, checked, 3)
	for kind, n := range checked {
		require.Greater(t, n, 10, kind)
	}
}

func TestInvestorsAndFloats(t *testing.T) {
	a := booktest.Alliance(t, "fund 20 A", "fund 20 B", "founder 5 fund", "x 30 A", "y 30 B")
	market := map[string]ratio.Ratio{"A": ratio.Of(1, 2), "B": ratio.Of(1, 2)}
	weight := func(opt network.CommonOwnershipOptions) string {
		t.Helper()
		got, err := network.ProfitWeights(t.Context(), a, market, opt)
		require.NoError(t, err)
		w, err := got.Weight("A", "B")
		require.NoError(t, err)
		return w.String()
	}
	require.Equal(t, "1/901", weight(network.CommonOwnershipOptions{}))                           // 1%·1% / (1%·1% + 30%·30%)
	require.Equal(t, "4/13", weight(network.CommonOwnershipOptions{Investors: []string{"fund"}})) // 20%·20% / (20%·20% + 30%·30%)
	// The founder has 1%, the fund's float 19%, x 30% and A's float 50%.
	require.Equal(t, "181/1881", weight(network.CommonOwnershipOptions{Floats: true}))
	// A single large holder decides alone.
	b := booktest.Alliance(t, "x 60 A", "y 40 A", "y 100 B")
	got, err := network.ProfitWeights(t.Context(), b, market, network.CommonOwnershipOptions{Weights: network.WeightsByBanzhaf})
	require.NoError(t, err)
	w, err := got.Weight("A", "B")
	require.NoError(t, err)
	require.True(t, w.IsZero(), "x has all power and nothing of B")
}

func TestFaultsOfMarkets(t *testing.T) {
	a := booktest.Alliance(t, "x 30 A", "x 10 B", "A 20 C")
	half := ratio.Of(1, 2)
	for _, c := range []struct {
		name   string
		market map[string]ratio.Ratio
		opt    network.CommonOwnershipOptions
		kind   error
		says   string
	}{
		{"no firms", nil, network.CommonOwnershipOptions{}, crossholding.ErrMissing, "no firms"},
		{"an unknown firm", map[string]ratio.Ratio{"Z": half}, network.CommonOwnershipOptions{}, crossholding.ErrUnknown, "Z"},
		{"a person", map[string]ratio.Ratio{"x": half}, network.CommonOwnershipOptions{}, crossholding.ErrUnknown, "x"},
		{"a negative share", map[string]ratio.Ratio{"A": half.Neg()}, network.CommonOwnershipOptions{}, crossholding.ErrRange, "market share of A"},
		{"more than a market", map[string]ratio.Ratio{"A": half, "B": ratio.Of(3, 4)}, network.CommonOwnershipOptions{}, crossholding.ErrRange, "add up to 125%"},
		{"unknown weights", map[string]ratio.Ratio{"A": half}, network.CommonOwnershipOptions{Weights: "gut"}, crossholding.ErrUnknown, `Weights "gut"`},
		{"an unknown basis", map[string]ratio.Ratio{"A": half}, network.CommonOwnershipOptions{Basis: "gut"}, crossholding.ErrUnknown, "gut"},
		{"an unknown investor", map[string]ratio.Ratio{"A": half}, network.CommonOwnershipOptions{Investors: []string{"Z"}}, crossholding.ErrUnknown, "Z"},
		{"a firm as an investor", map[string]ratio.Ratio{"A": half}, network.CommonOwnershipOptions{Investors: []string{"A"}}, crossholding.ErrDuplicate, "Investors: A is a firm"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := network.ProfitWeights(t.Context(), a, c.market, c.opt)
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := network.ProfitWeights(t.Context(), booktest.Alliance(t, "h 10 D", "h 20 E", "k 0.5 h", "x 10 k"), map[string]ratio.Ratio{"D": half}, network.CommonOwnershipOptions{})
	require.NoError(t, err)
	// h and its float are all that D has.
	dispersed := booktest.New(t, crossholding.Book{Companies: []crossholding.Company{
		{ID: "D", Shares: []crossholding.ShareClass{{Issued: "100"}}}, {ID: "h", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Stakes: []crossholding.Stake{{Holder: "h", Issuer: "D", Shares: "10"}}})
	_, err = network.ProfitWeights(t.Context(), dispersed, map[string]ratio.Ratio{"D": half}, network.CommonOwnershipOptions{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	require.ErrorContains(t, err, "both controls and owns D")
	for _, opt := range []network.CommonOwnershipOptions{{Floats: true}, {Investors: []string{"h"}}} {
		_, err = network.ProfitWeights(t.Context(), dispersed, map[string]ratio.Ratio{"D": half}, opt)
		require.NoError(t, err)
	}
	large := map[string]ratio.Ratio{}
	for i := range network.MaxMarketFirms + 1 {
		large[fmt.Sprint(i)] = ratio.Ratio{}
	}
	_, err = network.ProfitWeights(t.Context(), a, large, network.CommonOwnershipOptions{})
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = network.ProfitWeights(ctx, a, nil, network.CommonOwnershipOptions{})
	require.ErrorIs(t, err, context.Canceled)
	var zero network.CommonOwnership
	_, err = zero.Weight("A", "B")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}
