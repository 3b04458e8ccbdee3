package scenario_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// preemptedBook has three holders with a right of pre-emption, whose companies hold shares of x
// too. The company s is b's, and t is an outsider's.
func preemptedBook() crossholding.Book {
	return crossholding.Book{AsOf: "2024-01-02",
		Companies: []crossholding.Company{
			{ID: "x", Shares: []crossholding.ShareClass{{Class: "o", Issued: "1000"}, {Class: "p", Issued: "400"}}},
			{ID: "s", Shares: []crossholding.ShareClass{{Issued: "100"}}}, {ID: "t", Shares: []crossholding.ShareClass{{Issued: "100"}}},
		},
		Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "u"}, {ID: "v"}, {ID: "w"}},
		Stakes: []crossholding.Stake{
			{Holder: "a", Issuer: "x", Class: "o", Shares: "300"}, {Holder: "a", Issuer: "x", Class: "p", Shares: "100"},
			{Holder: "b", Issuer: "x", Class: "o", Shares: "100"}, {Holder: "s", Issuer: "x", Class: "o", Shares: "200"},
			{Holder: "t", Issuer: "x", Class: "o", Shares: "200"}, {Holder: "v", Issuer: "x", Class: "o", Shares: "100"},
			{Holder: "c", Issuer: "x", Class: "o", Shares: "50"},
			{Holder: "b", Issuer: "s", Shares: "60"}, {Holder: "w", Issuer: "t", Shares: "60"},
		},
		Agreements: []crossholding.Agreement{{ID: "g", Kind: crossholding.AgreementPreemption, Holders: []string{"a", "b", "c"}, Issuer: "x"}},
	}
}

// sold returns a trade in shares of class o of x, or in shares of another company.
func sold(issuer, from, to, shares string) scenario.Step {
	s := scenario.Step{Step: "trade", From: from, To: to, Issuer: issuer, Shares: ratio.Number(shares)}
	if issuer == "x" {
		s.Class = "o"
	}
	return s
}

// atOnce makes steps of one moment.
func atOnce(steps ...scenario.Step) []scenario.Step {
	for i := range steps {
		steps[i].Group = "m"
	}
	return steps
}

// TestPreemptionOfOneMoment follows shares through the steps of one moment.
func TestPreemptionOfOneMoment(t *testing.T) {
	for _, tt := range []struct {
		name  string
		steps []scenario.Step
		want  []string
	}{
		{"to an outsider", atOnce(sold("x", "b", "u", "50")), []string{"b parts with 50 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"another holder buys of an outsider", atOnce(sold("x", "b", "u", "50"), sold("x", "v", "a", "50")),
			[]string{"b parts with 50 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"the same after a round trip", atOnce(sold("x", "a", "v", "50"), sold("x", "v", "a", "100"), sold("x", "b", "u", "50")),
			[]string{"b parts with 50 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"the same beside a conversion", atOnce(scenario.Step{Step: "convert", Issuer: "x", From: "a", Class: "p", ToClass: "o", Ratio: "2:1"}, sold("x", "b", "u", "100")),
			[]string{"b parts with 100 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"what a conversion made", atOnce(scenario.Step{Step: "convert", Issuer: "x", From: "a", Class: "p", ToClass: "o", Ratio: "2:1"}, sold("x", "a", "u", "40")),
			[]string{"a parts with 40 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"a conversion into fewer", atOnce(scenario.Step{Step: "convert", Issuer: "x", From: "a", Class: "p", ToClass: "o", Ratio: "1:2"}), nil},
		{"through an outsider", atOnce(sold("x", "a", "u", "50"), sold("x", "u", "b", "50")), nil},
		{"through two outsiders", atOnce(sold("x", "a", "u", "50"), sold("x", "u", "w", "50"), sold("x", "w", "b", "50")), nil},
		{"through one who has shares", atOnce(sold("x", "a", "v", "50"), sold("x", "v", "w", "50"), sold("x", "w", "b", "50")), nil},
		{"a part stays outside", atOnce(sold("x", "a", "u", "50"), sold("x", "u", "w", "50"), sold("x", "w", "b", "20")),
			[]string{"a parts with 50 shares of x, and the others with a right of pre-emption get 20 of them (g)"}},
		{"two sell and one gets a part", atOnce(sold("x", "a", "u", "50"), sold("x", "b", "u", "50"), sold("x", "u", "c", "60")), []string{
			"a parts with 50 shares of x, and of the 100 that the holders part with, those with a right of pre-emption get 60 (g)",
			"b parts with 50 shares of x, and of the 100 that the holders part with, those with a right of pre-emption get 60 (g)"}},
		{"a holder passes on what it gets", atOnce(sold("x", "b", "a", "50"), sold("x", "a", "u", "50")),
			[]string{"a parts with 50 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"back again", atOnce(sold("x", "b", "u", "50"), sold("x", "u", "b", "50")), nil},
		{"a company changes sides", atOnce(sold("s", "b", "u", "60")), []string{"b parts with 200 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"another one joins a holder", atOnce(sold("s", "b", "u", "60"), sold("t", "w", "c", "60")),
			[]string{"b parts with 200 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"another one joins the same side", atOnce(sold("s", "b", "u", "60"), sold("t", "w", "b", "60")), nil},
		{"a company joins another holder", atOnce(sold("s", "b", "c", "60")), nil},
		{"one does, and another holder sells", atOnce(sold("s", "b", "c", "60"), sold("x", "a", "u", "100")),
			[]string{"a parts with 100 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"an empty company is sold", atOnce(sold("x", "s", "a", "200"), sold("s", "b", "u", "60")), nil},
		{"within a side", atOnce(sold("x", "s", "b", "200")), nil},
		{"to the treasury", atOnce(scenario.Step{Step: "buyback", From: "b", Issuer: "x", Class: "o", Shares: "10"}),
			[]string{"b parts with 10 shares of x, and the others with a right of pre-emption get 0 of them (g)"}},
		{"from the treasury to a holder", atOnce(scenario.Step{Step: "buyback", From: "b", Issuer: "x", Class: "o", Shares: "10"}, sold("x", "x", "a", "10")), nil},
		{"a company merges into another holder's", atOnce(sold("t", "w", "c", "60"),
			scenario.Step{Step: "merge", Issuer: "s", Into: "t", Ratio: "1:10"}), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := booktest.New(t, preemptedBook())
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: tt.steps})
			require.NoError(t, err)
			var texts []string
			for _, b := range out.Breaches {
				require.Equal(t, "g", b.Agreement)
				require.Equal(t, len(tt.steps)-1, b.Step)
				texts = append(texts, b.Text)
			}
			require.Equal(t, tt.want, texts)
			_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: tt.steps})
			require.Equal(t, len(tt.want) > 0, err != nil, "%v", err)
		})
	}
}

// TestPreemptionThroughClasses: shares that changed hands are followed through a conversion of their
// class, and through a split of the class that they became.
func TestPreemptionThroughClasses(t *testing.T) {
	sale, whole := sold("x", "a", "u", "10"), scenario.Step{Step: "convert", Issuer: "x", Class: "p", ToClass: "o", Ratio: "2:1"}
	sale.Class = "p" // 10 become 20, and then 60
	split := scenario.Step{Step: "split", Issuer: "x", Class: "o", Ratio: "3:1"}
	for shares, want := range map[string][]string{
		"60": nil,
		"59": {"a parts with 60 shares of x, and the others with a right of pre-emption get 59 of them (g)"},
	} {
		got, ok := breachesOf(t, booktest.New(t, preemptedBook()), atOnce(sale, whole, split, sold("x", "u", "b", shares)))
		require.True(t, ok)
		require.Equal(t, want, got)
	}
}

// breachesOf returns the texts of the breaches of a moment, or false if a step fails.
func breachesOf(t *testing.T, a *crossholding.Alliance, steps []scenario.Step) ([]string, bool) {
	out, err := scenario.Run(t.Context(), a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: steps})
	if err != nil {
		require.ErrorIs(t, err, scenario.ErrStep)
		return nil, false
	}
	var texts []string
	for _, b := range out.Breaches {
		texts = append(texts, b.Text)
	}
	return texts, true
}

// TestPreemptionOfRandomMoments: neither the order of the steps of a moment nor a party through
// whose hands shares only pass changes who broke the agreement. Who could have broken it is one of
// the holders, and nobody does where no outsider has more than before.
func TestPreemptionOfRandomMoments(t *testing.T) {
	made, broken := 0, 0
	for seed := range uint64(testkit.Cases(4000)) {
		rng := rand.New(rand.NewPCG(seed, 8))
		a := booktest.New(t, preemptedBook())
		any := func(list ...string) string { return list[rng.IntN(len(list))] }
		parties := []string{"a", "b", "c", "u", "v", "w", "s", "t"}
		var steps []scenario.Step
		for range 1 + rng.IntN(4) {
			if rng.IntN(5) == 0 {
				steps = append(steps, sold(any("s", "t"), any("b", "w"), any("a", "b", "c", "u", "w"), "60"))
				continue
			}
			steps = append(steps, sold("x", any(parties...), any(parties...), any("10", "50", "100")))
		}
		steps = atOnce(steps...)
		want, ok := breachesOf(t, a, steps)
		if !ok {
			continue
		}
		made++
		broken += len(want)

		mixed := slices.Clone(steps)
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got, ok := breachesOf(t, a, mixed); ok {
			require.Equal(t, want, got, "seed %d: %+v", seed, mixed)
		}

		i := rng.IntN(len(steps))
		first, second := steps[i], steps[i]
		first.To, second.From = "z", "z"
		b := preemptedBook()
		b.Parties = append(b.Parties, crossholding.Party{ID: "z"})
		longer := slices.Concat(steps[:i], []scenario.Step{first, second}, steps[i+1:])
		got, ok := breachesOf(t, booktest.New(t, b), longer)
		require.True(t, ok)
		require.Equal(t, want, got, "seed %d: %+v", seed, longer)
	}
	require.Greater(t, made, testkit.Cases(500))
	require.Greater(t, broken, testkit.Cases(200))
}

// TestPreemptionOfRandomSplits: at whatever place of a moment a split is made, the same holders break
// a pre-emption. Nobody does if outsiders pass on all that they got, whatever a split rounds.
func TestPreemptionOfRandomSplits(t *testing.T) {
	made, broken, passed := 0, 0, 0
	for seed := range uint64(testkit.Cases(600)) {
		rng := rand.New(rand.NewPCG(seed, 12))
		a := booktest.New(t, preemptedBook())
		any := func(list ...string) string { return list[rng.IntN(len(list))] }
		n := 1 + rng.IntN(4)
		trades := make([]scenario.Step, n)
		tens := make([]int, n)
		for i := range trades {
			tens[i] = 1 + rng.IntN(5)
			trades[i] = sold("x", any("a", "b", "c", "u", "v"), any("a", "b", "c", "u", "v", "w"), string(booktest.Number(10*tens[i])))
		}
		split := scenario.Step{Step: "split", Issuer: "x", Class: "o", Ratio: "3:2"}
		var want []string
		for at := range n + 1 {
			steps := slices.Insert(slices.Clone(trades), at, split)
			for i := at + 1; i <= n; i++ {
				steps[i].Shares = booktest.Number(15 * tens[i-1])
			}
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: atOnce(steps...)})
			if err != nil {
				require.ErrorIs(t, err, scenario.ErrStep)
				break
			}
			var who []string
			for _, b := range out.Breaches {
				who = append(who, b.Holder)
			}
			if at == 0 {
				want = who
			}
			require.Equal(t, want, who, "seed %d: split at %d of %+v", seed, at, trades)
			made, broken = made+1, broken+len(who)
		}

		var steps []scenario.Step
		for range n {
			steps = append(steps, sold("x", any("a", "b", "c"), any("u", "w"), string(booktest.Number(1+rng.IntN(30)))))
		}
		split.Ratio, split.Fractions = any("3:2", "7:3", "1:3"), scenario.FractionRule(any("", "up"))
		steps = append(steps, split)
		for _, outsider := range []string{"u", "w"} {
			all := sold("x", outsider, any("a", "b", "c"), "")
			all.DownTo = "0%"
			steps = append(steps, all)
		}
		if got, ok := breachesOf(t, a, atOnce(steps...)); ok { // not where one outsider got nothing
			require.Empty(t, got, "seed %d: %+v", seed, steps)
			passed++
		}
	}
	require.Greater(t, passed, testkit.Cases(100))
	require.Greater(t, made, testkit.Cases(500))
	require.Greater(t, broken, testkit.Cases(200))
}
