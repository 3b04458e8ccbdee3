package sharing_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

// permutations calls visit with every order of n members.
func permutations(n int, visit func(order []int)) {
	order := make([]int, 0, n)
	var extend func(used sharing.Coalition)
	extend = func(used sharing.Coalition) {
		if len(order) == n {
			visit(order)
			return
		}
		for i := range n {
			if used.Has(i) {
				continue
			}
			order = append(order, i)
			extend(used | 1<<i)
			order = order[:len(order)-1]
		}
	}
	extend(0)
}

// byOrders averages what each member adds over the orders that count.
func byOrders(table []ratio.Ratio, n int, counts func(order []int) bool) []ratio.Ratio {
	out := make([]ratio.Ratio, n)
	orders := int64(0)
	permutations(n, func(order []int) {
		if !counts(order) {
			return
		}
		orders++
		before := sharing.Coalition(0)
		for _, i := range order {
			after := before | 1<<i
			out[i] = out[i].Add(table[after].Sub(table[before]))
			before = after
		}
	})
	for i := range out {
		out[i] = out[i].Div(ratio.Int(orders))
	}
	return out
}

func texts(values []ratio.Ratio) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.String()
	}
	return out
}

func amounts(d sharing.Division) []ratio.Ratio {
	out := make([]ratio.Ratio, len(d.Shares))
	for i, s := range d.Shares {
		out[i] = s.Amount
	}
	return out
}

func TestShapleyOverOrders(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for range testkit.Cases(200) {
		n := 1 + rng.IntN(6)
		table := scaled(randomTable(rng, n, 100), ratio.Of(1+rng.Int64N(5), 1+rng.Int64N(7)))
		g, err := sharing.FromTable(sharing.KindSavings, names(n), table)
		require.NoError(t, err)
		d, err := g.Shapley(context.Background())
		require.NoError(t, err)
		require.Equal(t, texts(byOrders(table, n, func([]int) bool { return true })), texts(amounts(d)))
	}
}

func TestOwenOverOrders(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	for range testkit.Cases(200) {
		n := 1 + rng.IntN(6)
		table := randomTable(rng, n, 100)
		of := make([]int, n) // the block of each member; the last ones are not named
		blocks := map[int][]string{}
		for i := range of {
			of[i] = rng.IntN(n + 1)
			if of[i] == n {
				of[i] = n + i
				continue
			}
			blocks[of[i]] = append(blocks[of[i]], names(n)[i])
		}
		var named [][]string
		for k := range n {
			if len(blocks[k]) > 0 {
				named = append(named, blocks[k])
			}
		}
		together := func(order []int) bool {
			for a := range order {
				for b := a + 2; b < len(order); b++ {
					if of[order[a]] == of[order[b]] && of[order[a]] != of[order[b-1]] {
						return false
					}
				}
			}
			return true
		}
		g, err := sharing.FromTable(sharing.KindCosts, names(n), table)
		require.NoError(t, err)
		d, err := g.Owen(context.Background(), named)
		require.NoError(t, err)
		require.Equal(t, texts(byOrders(table, n, together)), texts(amounts(d)))
	}
}

// vector is a point with whole coordinates over a denominator above 0.
type vector struct {
	num []int64
	den int64
}

// solve returns the solution of a system of at most four equations in as many unknowns, by
// elimination in whole numbers. It is not ok if there is not exactly one.
func solve(rows [][]int64, right []int64) (vector, bool) {
	var m [4][5]int64
	n := len(rows)
	for r := range rows {
		copy(m[r][:], rows[r])
		m[r][n] = right[r]
	}
	last := int64(1)
	for k := range n {
		p := k
		for p < n && m[p][k] == 0 {
			p++
		}
		if p == n {
			return vector{}, false
		}
		m[k], m[p] = m[p], m[k]
		for r := range n {
			if r == k {
				continue
			}
			f := m[r][k]
			for i := range n + 1 {
				m[r][i] = (m[r][i]*m[k][k] - m[k][i]*f) / last
			}
		}
		last = m[k][k]
	}
	v := vector{num: make([]int64, n), den: last}
	if last < 0 {
		v.den = -last
	}
	for i := range n {
		v.num[i] = m[i][n] * (v.den / last)
	}
	return v, true
}

// choose calls visit with every way to choose k of n.
func choose(n, k int, visit func(chosen []int)) {
	chosen := make([]int, 0, k)
	var extend func(from int)
	extend = func(from int) {
		if len(chosen) == k {
			visit(chosen)
			return
		}
		for i := from; i < n; i++ {
			chosen = append(chosen, i)
			extend(i + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	extend(0)
}

// row returns the members of a coalition as 0 and 1.
func row(c sharing.Coalition, n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		if c.Has(i) {
			out[i] = 1
		}
	}
	return out
}

// excesses returns the excesses of all coalitions but nobody and all, times the denominator,
// the largest first.
func excesses(v []int64, x vector) []int64 {
	var out []int64
	for c := 1; c < len(v)-1; c++ {
		e := v[c] * x.den
		for i, a := range x.num {
			if sharing.Coalition(c).Has(i) {
				e -= a
			}
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b int64) int { return int(b - a) })
	return out
}

// largest returns the largest excess, times the denominator.
func largest(v []int64, x vector) int64 {
	most := int64(-1 << 62)
	for c := 1; c < len(v)-1; c++ {
		e := v[c] * x.den
		for i, a := range x.num {
			e -= a * int64(c>>i&1)
		}
		most = max(most, e)
	}
	return most
}

// bruteNucleolus tries every point at which enough excesses are equal to one another or
// enough members have what they have alone. The order of the excesses does not change between
// such hyperplanes, so that the lexicographic minimum, which is unique, is a vertex.
func bruteNucleolus(v []int64, n int, imputations bool) (best vector, ok bool) {
	all := sharing.Coalition(len(v) - 1)
	var rows [][]int64
	var right []int64
	for b := sharing.Coalition(1); b < all; b++ {
		for c := b + 1; c < all; c++ {
			rb, rc := row(b, n), row(c, n)
			for i := range rb {
				rb[i] -= rc[i]
			}
			rows, right = append(rows, rb), append(right, v[b]-v[c])
		}
	}
	for i := 0; i < n && imputations; i++ {
		rows, right = append(rows, row(1<<i, n)), append(right, v[1<<i])
	}
	var bestExcesses []int64
	choose(len(rows), n-1, func(chosen []int) {
		system, totals := [][]int64{row(all, n)}, []int64{v[all]}
		for _, r := range chosen {
			system, totals = append(system, rows[r]), append(totals, right[r])
		}
		x, unique := solve(system, totals)
		if !unique {
			return
		}
		for i, a := range x.num {
			if imputations && a < v[1<<i]*x.den {
				return
			}
		}
		if ok && largest(v, x)*best.den > bestExcesses[0]*x.den {
			return
		}
		e := excesses(v, x)
		if !ok || slices.CompareFunc(e, bestExcesses, func(a, b int64) int {
			return ratio.Of(a, x.den).Cmp(ratio.Of(b, best.den))
		}) < 0 {
			best, bestExcesses, ok = x, e, true
		}
	})
	return best, ok
}

func wholeTable(v []int64) []ratio.Ratio {
	out := make([]ratio.Ratio, len(v))
	for i, x := range v {
		out[i] = ratio.Int(x)
	}
	return out
}

func TestNucleolusLexicographically(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct{ n, cases int }{{2, 400}, {3, 400}, {4, 20}} {
		t.Run(fmt.Sprintf("n=%d", c.n), func(t *testing.T) {
			exist := 0
			for k := range testkit.Cases(c.cases) {
				v := make([]int64, 1<<c.n)
				most := []int64{2, 9, 30}[k%3]
				for s := 1; s < len(v); s++ {
					v[s] = rng.Int64N(most+1) - most/4
				}
				if k%2 == 0 {
					v[len(v)-1] += 2 * most // so that there are imputations, and often a core
				}
				g, err := sharing.FromTable(sharing.KindSavings, names(c.n), wholeTable(v))
				require.NoError(t, err)
				for _, imputations := range []bool{true, false} {
					want, ok := bruteNucleolus(v, c.n, imputations)
					divide := g.Prenucleolus
					if imputations {
						divide = g.Nucleolus
					}
					got, err := divide(context.Background())
					if !ok {
						require.ErrorIs(t, err, sharing.ErrNoImputation)
						continue
					}
					require.NoError(t, err)
					exist++
					for i, s := range got.Shares {
						require.Equal(t, ratio.Of(want.num[i], want.den).String(), s.Amount.String(), "%v imputations=%v: %v", v, imputations, want)
					}
				}
			}
			require.Positive(t, exist)
		})
	}
}

// A core of three members is a polygon in the plane of the amounts that add up. So it has a
// point exactly if two of its sides meet in a point that no coalition leaves. The least total
// of amounts that nobody leaves is where three sides meet.
func TestCoreOfThreeByVertices(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	empty := 0
	for range testkit.Cases(1000) {
		v := make([]int64, 8)
		for s := 1; s < 8; s++ {
			v[s] = rng.Int64N(12) - 2
		}
		leaves := func(x vector) bool { return largest(v, x) > 0 }
		found := false
		choose(6, 2, func(chosen []int) {
			a, b := sharing.Coalition(chosen[0]+1), sharing.Coalition(chosen[1]+1)
			x, ok := solve([][]int64{row(7, 3), row(a, 3), row(b, 3)}, []int64{v[7], v[a], v[b]})
			found = found || ok && !leaves(x)
		})
		var least *ratio.Ratio
		choose(6, 3, func(chosen []int) {
			var system [][]int64
			var right []int64
			for _, k := range chosen {
				c := sharing.Coalition(k + 1)
				system, right = append(system, row(c, 3)), append(right, v[c])
			}
			if x, ok := solve(system, right); ok && !leaves(x) {
				total := ratio.Of(x.num[0]+x.num[1]+x.num[2], x.den)
				if least == nil || total.Less(*least) {
					least = &total
				}
			}
		})
		g, err := sharing.FromTable(sharing.KindSavings, names(3), wholeTable(v))
		require.NoError(t, err)
		core, err := g.Core(context.Background())
		require.NoError(t, err)
		require.Equal(t, !found, core.Empty, v)
		require.Equal(t, ratio.Int(v[7]).Sub(*least).String(), core.Margin.String(), v)
		checkCore(t, g, core)
		if core.Empty {
			empty++
		}
	}
	require.Positive(t, empty)
}

// checkCore requires that a core is what it says: the point has no objections, or the sets
// that block are balanced and have more than all together.
func checkCore(t *testing.T, g sharing.Game, core sharing.Core) {
	t.Helper()
	total, err := g.Value(g.Members()...)
	require.NoError(t, err)
	if !core.Empty {
		require.GreaterOrEqual(t, core.Margin.Sign(), 0)
		require.Empty(t, core.Blocking)
		o, err := g.Objections(context.Background(), core.Point)
		require.NoError(t, err)
		require.Empty(t, o.List)
		return
	}
	require.Negative(t, core.Margin.Sign())
	require.Empty(t, core.Point.Shares)
	of := map[string]ratio.Ratio{}
	var sum ratio.Ratio
	for _, b := range core.Blocking {
		require.Positive(t, b.Weight.Sign())
		alone, err := g.Value(b.Members...)
		require.NoError(t, err)
		require.True(t, alone.Equal(b.Alone))
		sum = sum.Add(b.Weight.Mul(alone))
		for _, m := range b.Members {
			of[m] = of[m].Add(b.Weight)
		}
	}
	for _, m := range g.Members() {
		require.True(t, of[m].Equal(ratio.Int(1)), "%s has the weight %s", m, of[m])
	}
	gap := total.Sub(sum)
	if g.Kind() == sharing.KindCosts {
		gap = gap.Neg()
	}
	require.True(t, gap.Equal(core.Margin), "%s and %s", gap, core.Margin)
}

// littlechild returns the nucleolus of an airport game by the recursion of S.C. Littlechild,
// A Simple Expression for the Nucleolus in a Special Case, International Journal of Game
// Theory 3, 1974. Costs are in ascending order.
func littlechild(costs []ratio.Ratio) []ratio.Ratio {
	n := len(costs)
	out := make([]ratio.Ratio, n)
	var paid ratio.Ratio
	for from := 0; from < n; {
		last, least := n-1, costs[n-1].Sub(paid).Div(ratio.Int(int64(n-from)))
		for k := n - 2; k >= from; k-- {
			if a := costs[k].Sub(paid).Div(ratio.Int(int64(k - from + 2))); a.Less(least) {
				last, least = k, a
			}
		}
		for ; from <= last; from++ {
			out[from] = least
			paid = paid.Add(least)
		}
	}
	return out
}

func TestNucleolusOfAirports(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	for range testkit.Cases(100) {
		n := 2 + rng.IntN(testkit.Size(7, 10))
		p := sharing.Problem{Members: names(n)}
		costs := make([]ratio.Ratio, n)
		var sum ratio.Ratio
		shapley := make([]ratio.Ratio, n)
		for k := range n {
			part := ratio.Int(rng.Int64N(20))
			sum = sum.Add(part)
			costs[k] = sum
			v := sharing.Venture{Name: fmt.Sprint("part ", k), Fixed: sharing.Exactly(part)}
			for i := k; i < n; i++ {
				v.Uses = append(v.Uses, sharing.Use{Member: p.Members[i]})
				shapley[i] = shapley[i].Add(part.Div(ratio.Int(int64(n - k))))
			}
			p.Ventures = append(p.Ventures, v)
		}
		g, err := sharing.New(p)
		require.NoError(t, err)
		d, err := g.Nucleolus(context.Background())
		require.NoError(t, err)
		require.Equal(t, texts(littlechild(costs)), texts(amounts(d)))
		d, err = g.Shapley(context.Background())
		require.NoError(t, err)
		require.Equal(t, texts(shapley), texts(amounts(d)))
	}
}

// In a convex game the nucleolus is the only division at which every two members have the
// same largest excess of coalitions with the one and without the other (M. Maschler, B. Peleg
// and L.S. Shapley, The Kernel and Bargaining Set for Convex Games, International Journal of
// Game Theory 1, 1971; not verified in the article).
func TestNucleolusOfConvexGames(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 7))
	for range testkit.Cases(60) {
		n := 2 + rng.IntN(testkit.Size(5, 8))
		v := make([]int64, 1<<n)
		for range 3 * n { // sums of games in which a coalition needs some members
			needs, amount := 1+rng.IntN(len(v)-1), 1+rng.Int64N(20)
			for c := range v {
				if c&needs == needs {
					v[c] += amount
				}
			}
		}
		g, err := sharing.FromTable(sharing.KindSavings, names(n), wholeTable(v))
		require.NoError(t, err)
		d, err := g.Nucleolus(context.Background())
		require.NoError(t, err)
		x := amounts(d)
		with := func(i, j int) ratio.Ratio {
			var most *ratio.Ratio
			for c := range v {
				s := sharing.Coalition(c)
				if !s.Has(i) || s.Has(j) {
					continue
				}
				e := ratio.Int(v[c])
				for k, a := range x {
					if s.Has(k) {
						e = e.Sub(a)
					}
				}
				if most == nil || most.Less(e) {
					most = &e
				}
			}
			return *most
		}
		for i := range n {
			for j := range i {
				require.Equal(t, with(i, j).String(), with(j, i).String())
			}
		}
	}
}

// talmud divides an estate by the rule of Aumann and Maschler (1985): up to one half of its
// claim each creditor receives the same, and above one half each loses the same. Claims are
// in ascending order.
func talmud(estate ratio.Ratio, claims []ratio.Ratio) []ratio.Ratio {
	half, losses := make([]ratio.Ratio, len(claims)), false
	var sum ratio.Ratio
	for i, c := range claims {
		half[i] = c.Div(ratio.Int(2))
		sum = sum.Add(c)
	}
	if sum.Div(ratio.Int(2)).Less(estate) {
		estate, losses = sum.Sub(estate), true
	}
	out := make([]ratio.Ratio, len(claims))
	for i := range claims {
		part := estate.Div(ratio.Int(int64(len(claims) - i)))
		if half[i].Less(part) {
			part = half[i]
		}
		estate = estate.Sub(part)
		out[i] = part
		if losses {
			out[i] = claims[i].Sub(part)
		}
	}
	return out
}

func TestNucleolusOfBankruptcies(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 6))
	for range testkit.Cases(100) {
		n := 1 + rng.IntN(testkit.Size(7, 10))
		claims := make([]ratio.Ratio, n)
		sum := int64(0)
		for i := range claims {
			c := 1 + rng.Int64N(50)
			sum += c
			claims[i] = ratio.Int(c)
		}
		slices.SortFunc(claims, ratio.Ratio.Cmp)
		estate := ratio.Int(rng.Int64N(sum + 1))
		g, err := sharing.FromFunc(context.Background(), sharing.KindSavings, names(n), func(c sharing.Coalition) ratio.Ratio {
			left := estate
			for i, claim := range claims {
				if !c.Has(i) {
					left = left.Sub(claim)
				}
			}
			if left.Sign() < 0 {
				return ratio.Ratio{}
			}
			return left
		})
		require.NoError(t, err)
		d, err := g.Nucleolus(context.Background())
		require.NoError(t, err)
		require.Equal(t, texts(talmud(estate, claims)), texts(amounts(d)))
	}
}
