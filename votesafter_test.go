package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// votesAsText lists all votes with their reasons, and the totals of all meetings.
func votesAsText(t *testing.T, v *crossholding.Votes) []string {
	t.Helper()
	var out []string
	for r := range v.Rows() {
		out = append(out, fmt.Sprintf("%s in %s: %s %s %s %s %s %s %v %v", r.Holder, r.Issuer, r.Theoretical, r.Exercisable, r.Free, r.Neutral,
			r.ExercisableShare, r.FreeShare, r.Reasons, r.Doubtful))
	}
	for _, c := range v.Graph().Alliance().Book().Companies {
		if m, err := v.Meeting(c.ID); err == nil {
			out = append(out, fmt.Sprintf("%+v", m))
		}
	}
	return append(out, fmt.Sprint(v.Choices()))
}

// requireSameVotes requires that votes and chains which were carried from state to state are
// those of a new book.
func requireSameVotes(t *testing.T, opt crossholding.VotingOptions, v *crossholding.Votes, chains *crossholding.Chains, note string) {
	t.Helper()
	a := booktest.New(t, v.Graph().Alliance().Book())
	fresh, err := a.Votes(t.Context(), opt)
	require.NoError(t, err, note)
	require.Equal(t, votesAsText(t, fresh), votesAsText(t, v), note)
	count, err := fresh.Tally(crossholding.BasisExercisable)
	require.NoError(t, err)
	want, err := count.Chains(t.Context(), crossholding.Rule{NoFacts: true})
	require.NoError(t, err)
	for y := range int32(a.Graph().Len()) {
		require.Equal(t, want.Controllers(y), chains.Controllers(y), note)
	}
}

// carry follows votes and chains through the states of a story.
func carry(t *testing.T, out *scenario.Outcome, opt crossholding.VotingOptions, note string) {
	t.Helper()
	v, err := out.Before.Votes(t.Context(), opt)
	require.NoError(t, err)
	count, err := v.Tally(crossholding.BasisExercisable)
	require.NoError(t, err)
	chains, err := count.Chains(t.Context(), crossholding.Rule{NoFacts: true})
	require.NoError(t, err)
	for s := range out.States() {
		a, err := s.Alliance(t.Context())
		require.NoError(t, err)
		next, err := v.After(t.Context(), a)
		if err != nil { // no policy helps where the law has no reading
			_, fresh := booktest.New(t, a.Book()).Votes(t.Context(), opt)
			require.EqualError(t, fresh, err.Error())
			continue
		}
		v = next
		count, err := v.Tally(crossholding.BasisExercisable)
		require.NoError(t, err)
		chains, err = chains.After(t.Context(), count)
		require.NoError(t, err)
		requireSameVotes(t, opt, v, chains, fmt.Sprintf("%s, step %d", note, s.Step))
	}
}

func TestVotesAfterStepsOfTheStory(t *testing.T) {
	for _, opt := range []crossholding.VotingOptions{{}, {NoContracts: true}, {NoLaw: true}, {CapExcess: crossholding.CapExcessLeaves}} {
		carry(t, story(t), opt, fmt.Sprintf("%+v", opt))
	}
}

// Rules that depend on one another, on lots and on days give the votes of a new book too.
func TestVotesAfterRandomSteps(t *testing.T) {
	mutual := law.Statute{ID: "mutual", Citation: "-", Country: "FR", Kind: law.TestMutual, Measure: law.MeasureShares, Threshold: ratio.MustParse("1/20"),
		Effect: law.EffectSecondToCross, SellWithin: 2}
	dated := law.Statute{ID: "dated", Citation: "-", Country: "FR", From: "2020-02-01", Kind: law.TestHolds, Measure: law.MeasureVotes, Threshold: ratio.MustParse("1/10")}
	options := []crossholding.VotingOptions{
		{Circular: crossholding.PolicyFewest}, {Circular: crossholding.PolicyMost, CapExcess: crossholding.CapExcessLeaves},
		{Circular: crossholding.PolicyFewest, Extra: []law.Statute{mutual}}, {Circular: crossholding.PolicyMost, Extra: []law.Statute{dated}},
	}
	for seed := range uint64(testkit.Cases(600)) {
		rng := rand.New(rand.NewPCG(seed, 71))
		b := booktest.RandomBook(rng)
		if seed%2 == 1 {
			b = booktest.RandomCrossBook(rng)
		}
		for i := range b.Companies {
			b.AsOf, b.Companies[i].Country, b.Companies[i].Listed = "2020-01-01", []string{"FR", "JP", "IT", "DE"}[rng.IntN(4)], rng.IntN(2) == 0
		}
		out, steps := booktest.Run(t, b), []scenario.Step(nil)
		for range 8 {
			next := booktest.RandomStep(rng, out.After.Book())
			switch rng.IntN(10) {
			case 0:
				next = booktest.RandomEvent(rng, out.After.Book())
			case 1:
				next = scenario.Step{Step: "advance date", Date: out.After.AsOf().AddMonths(rng.IntN(3))}
			case 2:
				c := out.After.Book().Companies[rng.IntN(len(out.After.Book().Companies))]
				next = scenario.Step{Step: "agree", Agreement: &crossholding.Agreement{ID: "cap", Kind: crossholding.AgreementCap, Issuer: c.ID, Max: []string{"10%", "20%"}[rng.IntN(2)]}}
			case 3:
				next = scenario.Step{Step: "end_agreement", ID: "cap"}
			}
			o, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: append(slices.Clone(steps), next), Breaches: scenario.BreachesReport})
			if err == nil && len(o.After.Book().Companies) > 0 {
				out, steps = o, append(steps, next)
			}
		}
		opt := options[rng.IntN(len(options))]
		if _, err := out.Before.Votes(t.Context(), opt); err != nil {
			var several *crossholding.ReadingsError // no policy helps where the law has no reading
			require.ErrorAs(t, err, &several)
			continue
		}
		carry(t, out, opt, fmt.Sprint("seed ", seed))
	}
}

// Votes of an alliance that does not come from that of the first are counted anew.
func TestVotesAfterAnotherBook(t *testing.T) {
	v, err := readBook(t, "before").Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	for _, file := range []string{"2023-11-08", "2024-11-29"} {
		a := readBook(t, file)
		next, err := v.After(t.Context(), a)
		require.NoError(t, err)
		fresh, err := a.Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		require.Equal(t, votesAsText(t, fresh), votesAsText(t, next))
	}
	none, err := v.After(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, slices.Collect(none.Rows()))
	_, err = v.After(t.Context(), booktest.New(t, booktest.Banded()))
	require.ErrorIs(t, err, crossholding.ErrBands)
}

// A day alone can change the votes: a rule comes into force, or the time to sell runs out.
func TestVotesAfterADay(t *testing.T) {
	lot := func(day date.Date) []crossholding.Lot {
		return []crossholding.Lot{{Date: day, Shares: "200", Price: "1", Currency: "EUR"}}
	}
	b := crossholding.Book{AsOf: "2020-01-01",
		Companies: []crossholding.Company{{ID: "x", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}, {ID: "y", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Stakes:    []crossholding.Stake{{Holder: "x", Issuer: "y", Shares: "200", Lots: lot("2019-01-01")}, {Holder: "y", Issuer: "x", Shares: "200", Lots: lot("2019-12-01")}}}
	mutual := law.Statute{ID: "mutual", Citation: "-", Country: "FR", Kind: law.TestMutual, Measure: law.MeasureShares, Threshold: ratio.MustParse("1/10"),
		Effect: law.EffectSecondToCross, SellWithin: 2}
	dated := law.Statute{ID: "dated", Citation: "-", Country: "FR", From: "2020-02-01", Kind: law.TestHolds, Measure: law.MeasureShares, Threshold: ratio.MustParse("1/10")}
	for _, rule := range []law.Statute{mutual, dated} {
		opt := crossholding.VotingOptions{Statutes: []law.Statute{rule}, Circular: crossholding.PolicyFewest}
		out := booktest.Run(t, b, scenario.Step{Step: "advance date", Date: "2020-01-02"}, scenario.Step{Step: "advance date", Date: "2020-03-02"})
		carry(t, out, opt, rule.ID)
		before, err := out.Before.Votes(t.Context(), opt)
		require.NoError(t, err)
		after, err := before.After(t.Context(), out.After)
		require.NoError(t, err)
		require.NotEqual(t, votesAsText(t, before), votesAsText(t, after), rule.ID)
	}
}
