package sharing_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

var ctx = context.Background()

// rules are the divisions that every game has, or fails to have with a known error.
var rules = map[string]func(sharing.Game) (sharing.Division, error){
	"shapley":      func(g sharing.Game) (sharing.Division, error) { return g.Shapley(ctx) },
	"nucleolus":    func(g sharing.Game) (sharing.Division, error) { return g.Nucleolus(ctx) },
	"prenucleolus": func(g sharing.Game) (sharing.Division, error) { return g.Prenucleolus(ctx) },
	"equal":        sharing.Game.Equal,
	"equal gains":  sharing.Game.EqualGains,
	"proportional": func(g sharing.Game) (sharing.Division, error) { return g.Proportional() },
	"owen": func(g sharing.Game) (sharing.Division, error) {
		return g.Owen(ctx, [][]string{g.Members()[:(len(g.Members())+1)/2]})
	},
	"separable": func(g sharing.Game) (sharing.Division, error) {
		s, err := g.SeparableCosts()
		return s.Division, err
	},
}

func game(t *testing.T, kind sharing.Kind, table []ratio.Ratio) sharing.Game {
	t.Helper()
	n := 0
	for 1<<n < len(table) {
		n++
	}
	g, err := sharing.FromTable(kind, names(n), table)
	require.NoError(t, err)
	return g
}

// randomFractions returns values with denominators up to 12.
func randomFractions(rng *rand.Rand, n int) []ratio.Ratio {
	out := make([]ratio.Ratio, 1<<n)
	for c := range out[1:] {
		out[c+1] = ratio.Of(rng.Int64N(200)-20, 1+rng.Int64N(12))
	}
	return out
}

// known reports whether a division may fail so for a game like any other.
func known(err error) bool {
	return errors.Is(err, sharing.ErrNoImputation) || errors.Is(err, sharing.ErrUndefined) || errors.Is(err, sharing.ErrKind) || errors.Is(err, sharing.ErrAmount)
}

// Shares add up to the value of all members exactly.
func TestEfficiency(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	divided := map[string]int{}
	for range testkit.Cases(300) {
		n := 1 + rng.IntN(6)
		for _, kind := range []sharing.Kind{sharing.KindCosts, sharing.KindSavings} {
			table := randomFractions(rng, n)
			g := game(t, kind, table)
			for name, rule := range rules {
				d, err := rule(g)
				if err != nil {
					require.True(t, known(err), "%s: %v", name, err)
					continue
				}
				divided[name]++
				require.Equal(t, kind, d.Kind)
				require.Equal(t, table[len(table)-1].String(), d.Total().String(), name)
			}
		}
	}
	require.Len(t, divided, len(rules))
}

// A member that adds the same to every set gets what another such member gets, and one that
// adds only its own value gets that value.
func TestSymmetryAndDummy(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 2))
	for range testkit.Cases(100) {
		n := 3 + rng.IntN(3)
		table := randomFractions(rng, n)
		for c := range table {
			// Members 0 and 1 count by their number, and member 2 adds 5 to every set.
			s := sharing.Coalition(c)
			if s.Has(1) && !s.Has(0) {
				table[c] = table[c^3]
			}
			if s.Has(2) {
				table[c] = table[c&^4].Add(ratio.Int(5))
			}
		}
		g := game(t, sharing.KindSavings, table)
		for name, rule := range rules {
			if name == "owen" {
				continue // its blocks are not symmetric
			}
			d, err := rule(g)
			if err != nil {
				require.True(t, known(err), "%s: %v", name, err)
				continue
			}
			require.Equal(t, d.Shares[0].Amount.String(), d.Shares[1].Amount.String(), name)
			if name == "shapley" || name == "prenucleolus" || name == "nucleolus" {
				require.Equal(t, "5", d.Shares[2].Amount.String(), name)
			}
		}
	}
}

// The Shapley value and the Owen value of a sum of games are the sums of those of the games.
func TestAdditivity(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 3))
	for range testkit.Cases(100) {
		n := 1 + rng.IntN(6)
		a, b := randomFractions(rng, n), randomFractions(rng, n)
		sum := make([]ratio.Ratio, len(a))
		for c := range sum {
			sum[c] = a[c].Add(b[c])
		}
		for _, name := range []string{"shapley", "owen", "equal", "equal gains"} {
			of := func(table []ratio.Ratio) []ratio.Ratio {
				d, err := rules[name](game(t, sharing.KindCosts, table))
				require.NoError(t, err)
				return amounts(d)
			}
			x, y, z := of(a), of(b), of(sum)
			for i := range x {
				require.Equal(t, x[i].Add(y[i]).String(), z[i].String(), name)
			}
		}
	}
}

// A game in another currency, with something added to each member's own value, is divided in
// the same way.
func TestCovariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 4))
	for range testkit.Cases(100) {
		n := 1 + rng.IntN(6)
		table := randomFractions(rng, n)
		factor := ratio.Of(1+rng.Int64N(9), 1+rng.Int64N(9))
		if rng.IntN(3) == 0 {
			factor = factor.Mul(long)
		}
		own := randomFractions(rng, n)[:n]
		moved := make([]ratio.Ratio, len(table))
		for c := range moved {
			moved[c] = table[c].Mul(factor)
			for i, x := range own {
				if sharing.Coalition(c).Has(i) {
					moved[c] = moved[c].Add(x)
				}
			}
		}
		for name, rule := range rules {
			if name == "equal" || name == "proportional" {
				continue // they look at totals
			}
			before, err := rule(game(t, sharing.KindCosts, table))
			after, errAfter := rule(game(t, sharing.KindCosts, moved))
			require.Equal(t, err == nil, errAfter == nil, name)
			if err != nil {
				continue
			}
			for i, s := range before.Shares {
				require.Equal(t, s.Amount.Mul(factor).Add(own[i]).String(), after.Shares[i].Amount.String(), name)
			}
		}
	}
}

// Other names in another order give the same amounts.
func TestRelabelling(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range testkit.Cases(100) {
		n := 2 + rng.IntN(5)
		table := randomFractions(rng, n)
		place := rng.Perm(n) // where member i goes
		moved := make([]ratio.Ratio, len(table))
		for c := range table {
			to := 0
			for i, p := range place {
				if sharing.Coalition(c).Has(i) {
					to |= 1 << p
				}
			}
			moved[to] = table[c]
		}
		for name, rule := range rules {
			if name == "owen" {
				continue
			}
			before, err := rule(game(t, sharing.KindCosts, table))
			after, errAfter := rule(game(t, sharing.KindCosts, moved))
			require.Equal(t, err == nil, errAfter == nil, name)
			for i := range before.Shares {
				require.Equal(t, before.Shares[i].Amount.String(), after.Shares[place[i]].Amount.String(), name)
			}
		}
		core, err := game(t, sharing.KindCosts, table).Core(ctx)
		require.NoError(t, err)
		other, err := game(t, sharing.KindCosts, moved).Core(ctx)
		require.NoError(t, err)
		require.Equal(t, core.Margin.String(), other.Margin.String())
	}
}

// What a member pays in a game of costs is its cost alone less what it receives in the game
// of the savings.
func TestCostsAndSavings(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range testkit.Cases(100) {
		table := randomFractions(rng, 1+rng.IntN(6))
		costs := game(t, sharing.KindCosts, table)
		savings, err := costs.Savings(ctx)
		require.NoError(t, err)
		for _, name := range []string{"shapley", "nucleolus", "prenucleolus", "equal gains", "owen"} {
			paid, err := rules[name](costs)
			saved, errSaved := rules[name](savings)
			require.Equal(t, err == nil, errSaved == nil, name)
			for i, s := range paid.Shares {
				require.Equal(t, table[1<<i].Sub(s.Amount).String(), saved.Shares[i].Amount.String(), name)
			}
		}
		c, err := costs.Core(ctx)
		require.NoError(t, err)
		s, err := savings.Core(ctx)
		require.NoError(t, err)
		require.Equal(t, c.Margin.String(), s.Margin.String())
		checkCore(t, costs, c)
		checkCore(t, savings, s)
	}
}

// Nobody objects to the nucleolus if there is a division without objections. The largest
// excess of the prenucleolus is not above that of any other division.
func TestNucleolusIsInTheCore(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 7))
	inCore := 0
	for range testkit.Cases(100) {
		n := 2 + rng.IntN(6)
		table := randomFractions(rng, n)
		table[len(table)-1] = table[len(table)-1].Add(ratio.Int(rng.Int64N(200)))
		g := game(t, sharing.KindSavings, table)
		core, err := g.Core(ctx)
		require.NoError(t, err)
		checkCore(t, g, core)
		central, err := g.Prenucleolus(ctx)
		require.NoError(t, err)
		if !core.Empty {
			inCore++
			o, err := g.Objections(ctx, central)
			require.NoError(t, err)
			require.Empty(t, o.List)
			d, err := g.Nucleolus(ctx)
			require.NoError(t, err)
			require.Equal(t, texts(amounts(central)), texts(amounts(d)))
		}
		least := worst(t, g, central)
		for name, rule := range rules {
			if d, err := rule(g); err == nil {
				require.False(t, worst(t, g, d).Less(least), name)
			}
		}
	}
	require.Positive(t, inCore)
}

// worst returns the largest excess.
func worst(t *testing.T, g sharing.Game, d sharing.Division) ratio.Ratio {
	t.Helper()
	all, err := g.Excesses(d)
	require.NoError(t, err)
	var most *ratio.Ratio
	for e := range all {
		if most == nil || most.Less(e.Gain) {
			most = &e.Gain
		}
	}
	return *most
}

// Objections are the excesses above 0, in order.
func TestObjections(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	for k := range testkit.Cases(60) {
		n := 1 + rng.IntN(6)
		table := randomFractions(rng, n)
		if k%3 == 0 {
			table = scaled(table, long)
		}
		g := game(t, []sharing.Kind{sharing.KindCosts, sharing.KindSavings}[k%2], table)
		d, err := g.Shapley(ctx)
		require.NoError(t, err)
		all, err := g.Excesses(d)
		require.NoError(t, err)
		var want []sharing.Excess
		count := 0
		for e := range all {
			count++
			gain := e.Amount.Sub(e.Alone)
			if g.Kind() == sharing.KindSavings {
				gain = gain.Neg()
			}
			require.Equal(t, gain.String(), e.Gain.String())
			if e.Gain.Sign() > 0 {
				want = append(want, e)
			}
		}
		require.Equal(t, max(1<<n-2, 0), count)
		slices.SortStableFunc(want, func(a, b sharing.Excess) int { return b.Gain.Cmp(a.Gain) })
		got, err := g.Objections(ctx, d)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(want), fmt.Sprint(got.List))
		require.Zero(t, got.More)
	}
}

// An error lists the first thousand objections and counts the others.
func TestManyObjections(t *testing.T) {
	n := 12
	g, err := sharing.FromFunc(ctx, sharing.KindSavings, names(n), func(c sharing.Coalition) ratio.Ratio {
		if c == 0 || c.Len() == n {
			return ratio.Ratio{}
		}
		return ratio.Int(int64(c.Len()))
	})
	require.NoError(t, err)
	d, err := g.Equal()
	require.NoError(t, err)
	o, err := g.Objections(ctx, d)
	require.NoError(t, err)
	require.Len(t, o.List, 1000)
	require.Equal(t, 1<<n-2-1000, o.More)
	require.Equal(t, "11", o.List[0].Gain.String())
}

// Long numbers give what short ones give, in other units.
func TestLongNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 9))
	for range testkit.Cases(30) {
		table := randomFractions(rng, 1+rng.IntN(6))
		short, wide := game(t, sharing.KindCosts, table), game(t, sharing.KindCosts, scaled(table, long))
		for name, rule := range rules {
			a, err := rule(short)
			b, errB := rule(wide)
			require.Equal(t, err == nil, errB == nil, name)
			require.Equal(t, texts(scaled(amounts(a), long)), texts(amounts(b)), name)
		}
	}
}

// Ventures cost what their description says, counted set by set.
func TestRulesSetBySet(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 10))
	for k := range testkit.Cases(200) {
		p := randomRules(rng, 1+rng.IntN(6))
		if k%4 == 0 {
			for i := range p.Ventures {
				v := &p.Ventures[i]
				v.Fixed, v.PerUse = times(t, v.Fixed, long), times(t, v.PerUse, long)
			}
			for _, a := range p.Assets {
				for j := range a.Effects {
					e := &a.Effects[j]
					e.Fixed, e.PerUse = times(t, e.Fixed, long), times(t, e.PerUse, long)
				}
			}
		}
		g, err := sharing.New(p)
		require.NoError(t, err)
		for c := sharing.Coalition(0); int(c) < 1<<len(p.Members); c++ {
			var in []string
			for i, m := range p.Members {
				if c.Has(i) {
					in = append(in, m)
				}
			}
			got, err := g.Value(in...)
			require.NoError(t, err)
			require.Equal(t, costOf(t, p, in).String(), got.String(), "%v of %+v", in, p)
		}
	}
}

func times(t *testing.T, a sharing.Amount, factor ratio.Ratio) sharing.Amount {
	t.Helper()
	return sharing.Exactly(number(t, a).Mul(factor))
}

func number(t *testing.T, a sharing.Amount) ratio.Ratio {
	t.Helper()
	r, err := a.Ratio()
	require.NoError(t, err)
	return r
}

func randomRules(rng *rand.Rand, n int) sharing.Problem {
	p := sharing.Problem{Members: names(n)}
	some := func() []string {
		var out []string
		for len(out) == 0 {
			for _, m := range p.Members {
				if rng.IntN(2) == 0 {
					out = append(out, m)
				}
			}
		}
		return out
	}
	for k := range 1 + rng.IntN(3) {
		v := sharing.Venture{
			Name:  fmt.Sprint("venture ", k),
			Fixed: sharing.Exactly(ratio.Of(100+rng.Int64N(50), 1+rng.Int64N(2))), PerUse: sharing.Exactly(ratio.Int(10 + rng.Int64N(5))),
		}
		for _, m := range some() {
			u := sharing.Use{Member: m}
			if rng.IntN(2) == 0 {
				u.Amount = sharing.Exactly(ratio.Of(1+rng.Int64N(9), 4))
			}
			v.Uses = append(v.Uses, u)
		}
		p.Ventures = append(p.Ventures, v)
	}
	for k := range rng.IntN(3) {
		a := sharing.Asset{Name: fmt.Sprint("asset ", k), Owners: some()}
		for _, v := range p.Ventures {
			if rng.IntN(2) == 0 {
				a.Effects = append(a.Effects, sharing.Effect{
					Venture: v.Name, Fixed: sharing.Exactly(ratio.Int(rng.Int64N(25))), PerUse: sharing.Exactly(ratio.Int(rng.Int64N(5))),
					Withheld: rng.IntN(3) == 0,
				})
			}
		}
		p.Assets = append(p.Assets, a)
	}
	return p
}

// costOf returns the cost of a set of members as the documentation of Venture and Effect
// says.
func costOf(t *testing.T, p sharing.Problem, in []string) ratio.Ratio {
	t.Helper()
	var sum ratio.Ratio
	for _, v := range p.Ventures {
		var uses ratio.Ratio
		for _, u := range v.Uses {
			if !slices.Contains(in, u.Member) {
				continue
			}
			if u.Amount == "" {
				u.Amount = "1"
			}
			uses = uses.Add(number(t, u.Amount))
		}
		if uses.IsZero() {
			continue
		}
		fixed, perUse := number(t, v.Fixed), number(t, v.PerUse)
		for _, a := range p.Assets {
			if !slices.ContainsFunc(a.Owners, func(o string) bool { return slices.Contains(in, o) }) {
				continue
			}
			for _, e := range a.Effects {
				if e.Venture == v.Name && !e.Withheld {
					fixed, perUse = fixed.Sub(number(t, e.Fixed)), perUse.Sub(number(t, e.PerUse))
				}
			}
		}
		sum = sum.Add(fixed).Add(perUse.Mul(uses))
	}
	return sum
}

// Work stops when its context ends, and a nil context has no end.
func TestContext(t *testing.T) {
	ended, cancel := context.WithCancelCause(ctx)
	why := errors.New("enough")
	cancel(why)
	g := game(t, sharing.KindCosts, randomFractions(rand.New(rand.NewPCG(5, 11)), 4))
	for name, work := range map[string]func(context.Context) error{
		"shapley":      func(c context.Context) error { _, err := g.Shapley(c); return err },
		"owen":         func(c context.Context) error { _, err := g.Owen(c, nil); return err },
		"prenucleolus": func(c context.Context) error { _, err := g.Prenucleolus(c); return err },
		"core":         func(c context.Context) error { _, err := g.Core(c); return err },
		"savings":      func(c context.Context) error { _, err := g.Savings(c); return err },
		"function": func(c context.Context) error {
			_, err := sharing.FromFunc(c, sharing.KindCosts, names(2), func(sharing.Coalition) ratio.Ratio { return ratio.Ratio{} })
			return err
		},
		"objections": func(c context.Context) error {
			d, err := g.Equal()
			require.NoError(t, err)
			_, err = g.Objections(c, d)
			return err
		},
	} {
		require.ErrorIs(t, work(ended), why, name)
		require.NoError(t, work(nil), name) //nolint:staticcheck // nil is allowed
	}
}
