package scenario_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/scenario"
)

// TestKeptStates compares, on random books, the states that an outcome kept with those of steps
// that are repeated, and with books that are read anew: their bytes, and all votes. Some states
// are left out, and some are asked twice or backwards.
func TestKeptStates(t *testing.T) {
	states := 0
	for seed := range uint64(testkit.Cases(300)) {
		rng := rand.New(rand.NewPCG(seed, 11))
		out := randomOutcome(t, rng)
		if len(out.Steps) < 2 {
			continue
		}
		require.Equal(t, len(out.Steps)-1, out.Kept())
		kept, repeated := slices.Collect(out.States()), slices.Collect(out.Repeating().States())
		require.Len(t, repeated, len(kept))
		for range 2 * len(kept) {
			i := rng.IntN(len(kept))
			a, err := kept[i].Alliance(t.Context())
			require.NoError(t, err)
			b, err := repeated[i].Alliance(t.Context())
			require.NoError(t, err)
			bytes := booktest.Bytes(t, b)
			require.Equal(t, bytes, booktest.Bytes(t, a), "%d: state %d", seed, i)
			require.Equal(t, votesOf(t, booktest.New(t, a.Book())), votesOf(t, a), "%d: state %d", seed, i)
			states++
		}
	}
	require.Greater(t, states, testkit.Cases(300))
}

// randomOutcome makes some steps on a random book.
func randomOutcome(t *testing.T, rng *rand.Rand) (out *scenario.Outcome) {
	t.Helper()
	b := booktest.RandomBook(rng)
	a := booktest.New(t, b)
	out = booktest.Run(t, b)
	var steps []scenario.Step
	for range 6 {
		if len(a.Book().Companies) == 0 {
			break // all were wound up
		}
		next := booktest.RandomStep(rng, a.Book())
		if rng.IntN(2) == 0 {
			next = booktest.RandomEvent(rng, a.Book())
		}
		o, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: append(slices.Clone(steps), next)})
		if err == nil {
			out, steps, a = o, append(steps, next), o.After
		}
	}
	return out
}

// TestRandomStepsOneByOne: the steps of a scenario leave the same book, made one by one in
// scenarios of their own on the book before them, and move the same shares and cash. It leaves out
// companies that had other shares than 100 in between: one scenario writes them in percent again.
func TestRandomStepsOneByOne(t *testing.T) {
	steps := 0
	for seed := range uint64(testkit.Cases(1500)) {
		out := randomOutcome(t, rand.New(rand.NewPCG(seed, 12)))
		steps += requireOneByOne(t, seed, out)
	}
	require.Greater(t, steps, testkit.Cases(1500))
}

func requireOneByOne(t *testing.T, seed uint64, out *scenario.Outcome) (steps int) {
	t.Helper()
	inPercent := map[string]bool{}
	for _, c := range out.Before.Book().Companies {
		inPercent[c.ID] = c.Shares == nil
	}
	after := out.Before
	for i, s := range out.Steps {
		alone, err := scenario.Run(t.Context(), booktest.New(t, after.Book()), scenario.Scenario{Steps: []scenario.Step{s.Step}})
		require.NoError(t, err, "%d: step %d", seed, i)
		require.Equal(t, postingsOf(s), postingsOf(alone.Steps[0]), "%d: step %d: %+v", seed, i, s.Step)
		after = alone.After
		for _, c := range after.Book().Companies {
			if inPercent[c.ID] && len(c.Shares) == 1 && c.Shares[0].Issued == "100" {
				return i
			}
		}
	}
	require.Equal(t, booktest.Bytes(t, after), booktest.Bytes(t, out.After), seed)
	return len(out.Steps)
}

func postingsOf(s scenario.StepResult) (out []string) {
	for _, p := range s.Postings {
		out = append(out, p.String())
	}
	return out
}

// votesOf lists all votes, or the error.
func votesOf(t *testing.T, a *crossholding.Alliance) (out []string) {
	t.Helper()
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{Circular: crossholding.PolicyFewest})
	require.NoError(t, err)
	for row := range v.Rows() {
		out = append(out, fmt.Sprintf("%s %s %s %s %s", row.Holder, row.Issuer, row.Theoretical, row.Exercisable, row.Free))
	}
	return out
}

// TestStatesConcurrently asks the states of one outcome, which repeats its steps, from several
// goroutines, some of which share their states. With -race it shows that repeating a step writes
// nothing that another goroutine reads.
func TestStatesConcurrently(t *testing.T) {
	b := booktest.Listed("FR", "400", "0")
	b.Companies = append(b.Companies, crossholding.Company{ID: "y", Shares: []crossholding.ShareClass{{Issued: "100"}}})
	b.Parties = append(b.Parties, crossholding.Party{ID: "heir"})
	steps := []scenario.Step{
		{Step: "agree", Agreement: &crossholding.Agreement{ID: "g", Kind: "concert", Holders: []string{"b", "a"}}},
		{Step: "entrust", From: "a", To: "t", Issuer: "x", Shares: "40"},
		{Step: "release", From: "t", Issuer: "x", Shares: "10"},
		{Step: "end_agreement", ID: "g"},
		{Step: "trade", From: "float:y", To: "heir", Issuer: "y", Shares: "60"},
		{Step: "merge", Issuer: "y", Into: "x", Ratio: "1:2"},
		{Step: "offer", To: "heir", Issuer: "x", Shares: "5", Price: "1 EUR", Tendered: map[string]string{"a": "all"}},
		{Step: "found", Company: &crossholding.Company{ID: "z", Shares: []crossholding.ShareClass{{Issued: "8"}}}, Founders: []scenario.Founder{{Holder: "a", Shares: "8"}}},
		{Step: "grant", Right: &crossholding.Right{ID: "r", Holder: "a", Issuer: "x", Class: "ordinary", Shares: "4", Kind: "warrant"}},
		{Step: "split", Issuer: "x", Ratio: "3:2"},
		{Step: "reprice", Prices: map[string]string{"x": "2 EUR"}},
	}
	out, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: steps})
	require.NoError(t, err)
	require.Equal(t, "a", out.Steps[2].Step.To, "the only one for whom the trust holds shares")
	requireSameStates(t, out)
	for seed := range uint64(testkit.Cases(40)) {
		requireSameStates(t, randomOutcome(t, rand.New(rand.NewPCG(seed, 13))))
	}
}

// requireSameStates fails if the states that an outcome repeats at the same time are not those that
// it kept.
func requireSameStates(t *testing.T, out *scenario.Outcome) {
	t.Helper()
	read := func(states iter.Seq[scenario.State]) (list []string, err error) {
		for s := range states {
			a, err := s.Alliance(context.Background())
			if err != nil {
				return nil, err
			}
			var book strings.Builder
			if err := a.WriteBook(&book); err != nil {
				return nil, err
			}
			list = append(list, fmt.Sprintln(s.Step, s.Date, s.StepMoves, s.DayMoves, s.Within, book.String()))
		}
		return list, nil
	}
	want, err := read(out.States())
	require.NoError(t, err)
	repeating := out.Repeating()
	shared := slices.Collect(repeating.States())
	got, errs := make([][]string, 6), make([]error, 6)
	var all sync.WaitGroup
	for i := range got {
		states := repeating.States()
		if i%2 == 0 {
			states = slices.Values(shared)
		}
		all.Go(func() { got[i], errs[i] = read(states) })
	}
	all.Wait()
	for i := range got {
		require.NoError(t, errs[i])
		require.Equal(t, want, got[i])
	}
}

// A large book keeps no states, so that the memory does not grow with the steps.
func TestLargeBooksKeepNoStates(t *testing.T) {
	b := booktest.Listed("FR", "400", "0")
	b.Companies[0].Shares[0].Issued = "100000"
	for i := range scenario.MaxKept/4 + 1 {
		b.Parties = append(b.Parties, crossholding.Party{ID: fmt.Sprintf("p%d", i)})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("p%d", i), Issuer: "x", Shares: "1"})
	}
	a := booktest.New(t, b)
	steps := slices.Repeat([]scenario.Step{{Step: "trade", From: "a", To: "float:x", Issuer: "x", Shares: "1"}}, 6)
	out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
	require.NoError(t, err)
	require.Greater(t, 5*a.Draft().Len(), scenario.MaxKept)
	require.Zero(t, out.Kept())
	for s := range out.States() {
		after, err := s.Alliance(context.Background())
		require.NoError(t, err)
		booktest.RequireRatio(t, fmt.Sprint(400-s.Step-1), booktest.SharesOf(t, after, "a", "x"))
	}
}
