package crossholding_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
)

// allReadings returns the readings of a book: its one answer, or those of the error. Complete
// reports whether all were tried.
func allReadings(t *testing.T, b crossholding.Book) (list []string, components int, complete bool) {
	t.Helper()
	v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
	if err == nil {
		return []string{suspends(silentRows(v))}, 0, true
	}
	var e *crossholding.ReadingsError
	require.ErrorAs(t, err, &e)
	return readings(e.Readings), len(e.Components), !e.Incomplete
}

// renamed returns a book whose companies and parties have a prefix.
func renamed(b crossholding.Book, prefix string) crossholding.Book {
	name := func(id string) string {
		if id == "" || id == crossholding.Neutral {
			return id
		}
		return prefix + id
	}
	out := crossholding.Book{}
	for _, c := range b.Companies {
		c.ID = name(c.ID)
		out.Companies = append(out.Companies, c)
	}
	for _, p := range b.Parties {
		p.ID = name(p.ID)
		out.Parties = append(out.Parties, p)
	}
	for _, s := range b.Stakes {
		s.Holder, s.Issuer, s.Voter, s.Beneficiary = name(s.Holder), name(s.Issuer), name(s.Voter), name(s.Beneficiary)
		out.Stakes = append(out.Stakes, s)
	}
	return out
}

// beside returns a book of two that do not touch.
func beside(a, b crossholding.Book) crossholding.Book {
	return crossholding.Book{
		Companies: slices.Concat(a.Companies, b.Companies),
		Parties:   slices.Concat(a.Parties, b.Parties),
		Stakes:    slices.Concat(a.Stakes, b.Stakes),
	}
}

// Two components that do not touch have readings of their own. In these books an ambiguous
// pair stands beside a component whose second reading neither run of the iteration meets.
func TestHiddenComponents(t *testing.T) {
	for i := range 2 {
		text, err := os.ReadFile(fmt.Sprintf("testdata/law/hidden-component-%d.json", i+1))
		require.NoError(t, err)
		var c struct {
			Book, Alone crossholding.Book
			Expected    struct {
				Circles, Readings int
			}
		}
		require.NoError(t, json.Unmarshal(text, &c))
		alone, components, complete := allReadings(t, c.Alone)
		require.True(t, complete)
		require.Len(t, alone, 2)
		require.Equal(t, 1, components)
		all, components, complete := allReadings(t, c.Book)
		require.True(t, complete)
		require.Len(t, all, c.Expected.Readings)
		require.Equal(t, c.Expected.Circles, components)
	}
}

// The readings of two books beside each other are the product of their readings.
func TestReadingsAreAProduct(t *testing.T) {
	rnd := rand.New(rand.NewPCG(21, 1))
	number := map[int]int{}
	for range testkit.Cases(10_000) {
		a, b := renamed(randomLawBook(rnd), "a-"), renamed(randomLawBook(rnd), "b-")
		of1, n1, complete1 := allReadings(t, a)
		of2, n2, complete2 := allReadings(t, b)
		if !complete1 || !complete2 || len(of1)*len(of2) > 64 {
			continue
		}
		var want []string
		for _, x := range of1 {
			for _, y := range of2 {
				want = append(want, strings.Join(slices.DeleteFunc([]string{x, y}, func(s string) bool { return s == "" }), ", "))
			}
		}
		slices.Sort(want)
		got, n, complete := allReadings(t, beside(a, b))
		require.True(t, complete)
		require.Equal(t, want, slices.Clip(got), "%v beside %v", a, b)
		require.Equal(t, n1+n2, n)
		number[len(want)]++
	}
	t.Log(number)
	require.Greater(t, number[2], 0)
	require.Greater(t, len(number), 2)
}

// Whatever the policy, the answer is one of the readings that trying every assignment of
// each component finds. If a component has none, there is no answer.
func TestEveryPolicyTakesAReading(t *testing.T) {
	rnd := rand.New(rand.NewPCG(21, 2))
	all := slices.DeleteFunc(law.Statutes(), func(s law.Statute) bool { return s.Effect != "" && s.Effect != law.EffectAll })
	several, none, tried := 0, 0, 0
	for range testkit.Cases(10_000) {
		b := randomLawBookOf(rnd, 3+rnd.IntN(6))
		a := booktest.New(t, b)
		_, err := a.Votes(t.Context(), crossholding.VotingOptions{Statutes: all})
		var e *crossholding.ReadingsError
		if !errors.As(err, &e) {
			require.NoError(t, err)
			continue
		}
		want := e.Readings
		require.False(t, e.Incomplete)
		trial, err := a.ComponentsByTrial(t.Context(), crossholding.VotingOptions{Statutes: all})
		require.NoError(t, err)
		for i, c := range trial {
			if c.Incomplete {
				continue
			}
			tried++
			// Stakes without votes are tried twice.
			require.Equal(t, slices.Compact(readings(c.Readings)), readings(e.Components[i].Readings), "%v", b)
		}
		for n, r := range e.Readings {
			v, err := a.Votes(t.Context(), crossholding.VotingOptions{Statutes: all, Reading: n + 1})
			require.NoError(t, err)
			require.Equal(t, suspends(r.Suspended), suspends(silentRows(v)), "%v", b)
		}
		_, err = a.Votes(t.Context(), crossholding.VotingOptions{Statutes: all, Reading: len(e.Readings) + 1})
		require.Error(t, err)
		for _, opt := range []crossholding.VotingOptions{
			{Circular: crossholding.PolicyFewest}, {Circular: crossholding.PolicyMost},
			{Circular: crossholding.PolicyPrefer, Prefer: "c1"},
		} {
			opt.Statutes = all
			v, err := a.Votes(t.Context(), opt)
			if len(want) == 0 {
				none++
				require.ErrorIs(t, err, crossholding.ErrReadings)
				continue
			}
			several++
			require.NoError(t, err)
			require.Contains(t, readings(want), suspends(silentRows(v)), "%v", b)
			require.Len(t, v.Choices(), len(e.Components))
			for _, c := range v.Choices() {
				require.Positive(t, c.Chosen)
			}
		}
	}
	t.Logf("%d answers, %d without a reading, %d components tried", several, none, tried)
	require.Greater(t, several, tried)
	require.Positive(t, tried)
}
