package crossholding_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
)

// A subsidiary has no vote in its parent, however large its stake there proves
// to be, if a subsidiary is what it surely is.
func TestBoundsUnderLaw(t *testing.T) {
	book := func(country string, parent crossholding.Stake) crossholding.Book {
		return crossholding.Book{
			Companies: []crossholding.Company{{ID: "AG", Country: country}, {ID: "GmbH", Country: country}},
			Parties:   []crossholding.Party{{ID: "p"}},
			Stakes: []crossholding.Stake{
				parent,
				{Holder: "GmbH", Issuer: "AG", Between: "20%-40%"},
				{Holder: "p", Issuer: "AG", Percent: "45"},
			},
		}
	}
	noLaw := crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: crossholding.VotingOptions{NoLaw: true}}}
	for _, c := range []struct {
		country, band string
		opt           crossholding.BoundsOptions
		want          crossholding.Certainty
	}{
		{"BR", "over 50%", crossholding.BoundsOptions{}, crossholding.CertaintyYes},    // 45% of 60% to 80%
		{"BR", "over 50%", noLaw, crossholding.CertaintyNo},                            // 45% of 100%
		{"BR", "up to 50%", crossholding.BoundsOptions{}, crossholding.CertaintyNo},    // not controlled
		{"BR", "20%-60%", crossholding.BoundsOptions{}, crossholding.CertaintyDepends}, // perhaps
		{"DE", "up to 24%", crossholding.BoundsOptions{}, crossholding.CertaintyNo},    // nor are there two quarters
		{"DE", "over 50%", crossholding.BoundsOptions{}, crossholding.CertaintyYes},
	} {
		t.Run(fmt.Sprintf("%s/%s/no law=%v", c.country, c.band, c.opt.Control.Voting.NoLaw), func(t *testing.T) {
			b := book(c.country, crossholding.Stake{Holder: "AG", Issuer: "GmbH", Between: c.band})
			v, err := mustBounds(t, b, c.opt).Controls(t.Context(), "p", "AG")
			require.NoError(t, err)
			require.Equal(t, c.want, v.Answer)
			if c.want == crossholding.CertaintyDepends {
				require.True(t, v.Law)
				require.Contains(t, v.String(), "statutes may suspend votes")
			}
		})
	}
}

// Whatever the statutes do in a completion, a yes and a no hold there.
func TestControlBoundsUnderLawAgainstCorners(t *testing.T) {
	countries := []string{""}
	for _, s := range law.Statutes() {
		if s.Country != "" && !slices.Contains(countries, s.Country) {
			countries = append(countries, s.Country)
		}
	}
	decided, completions := 0, 0
	for seed := range uint64(testkit.Size(12, 250)) {
		r := rand.New(rand.NewPCG(seed, 6))
		b := intervalBook(r, seed%2 == 1, seed%3 == 2)
		country := countries[int(seed)%len(countries)]
		book := func(at map[int]int) crossholding.Book {
			out := b.book(at)
			for i := range out.Companies {
				out.Companies[i].Country, out.Companies[i].Listed = country, true
			}
			return out
		}
		bounds := mustBounds(t, book(nil), crossholding.BoundsOptions{})
		verdicts := map[[2]string]crossholding.Certainty{}
		for _, x := range append(slices.Clone(b.companies), b.outside...) {
			for _, y := range b.companies {
				if v, err := bounds.Controls(t.Context(), x, y); err == nil {
					verdicts[[2]string{x, y}] = v.Answer
				}
			}
		}
		suspended, err := bounds.Suspended(t.Context())
		require.NoError(t, err)
		b.corners(true, func(at map[int]int) {
			a, err := crossholding.New(book(at))
			require.NoError(t, err)
			underEachReading(t, a, func(opt crossholding.VotingOptions, v *crossholding.Votes) {
				completions++
				requireSuspensions(t, suspended, v, fmt.Sprintf("seed %d (%s)", seed, country))
				c, err := a.Control(t.Context(), crossholding.ControlOptions{Voting: opt})
				require.NoError(t, err)
				for k, answer := range verdicts {
					if answer == crossholding.CertaintyDepends {
						continue
					}
					got, err := c.Controls(t.Context(), k[0], k[1])
					require.NoError(t, err)
					require.Equal(t, answer == crossholding.CertaintyYes, got, "seed %d (%s): %v", seed, country, k)
					decided++
				}
			})
		})
	}
	t.Logf("%d answers in %d completions", decided, completions)
	require.Greater(t, decided, testkit.Size(480, 10_000))
}

// underEachReading counts the votes of a book in every reading of the law.
func underEachReading(t *testing.T, a *crossholding.Alliance, visit func(opt crossholding.VotingOptions, v *crossholding.Votes)) {
	t.Helper()
	var opt crossholding.VotingOptions
	v, err := a.Votes(t.Context(), opt)
	var e *crossholding.ReadingsError
	if !errors.As(err, &e) {
		require.NoError(t, err)
		visit(opt, v)
		return
	}
	for n := range e.Readings {
		opt.Reading = n + 1
		v, err := a.Votes(t.Context(), opt)
		require.NoError(t, err)
		visit(opt, v)
	}
}

// requireSuspensions requires that the suspended votes of one completion are as the bounds say.
func requireSuspensions(t *testing.T, bounds []crossholding.SuspensionBound, v *crossholding.Votes, note string) {
	t.Helper()
	answers := map[[2]string]crossholding.Certainty{} // of all classes
	for _, s := range bounds {
		k := [2]string{s.Holder, s.Issuer}
		if old, ok := answers[k]; ok && old != s.Answer {
			s.Answer = crossholding.CertaintyDepends
		}
		answers[k] = s.Answer
	}
	g := v.Graph()
	for c := range int32(g.Len()) {
		for e, votes := range v.Stakes(c) {
			k := g.Stake(e)
			answer := answers[[2]string{g.ID(k.Holder), g.ID(c)}]
			if votes.Exercisable.Less(votes.Theoretical) {
				require.NotEmpty(t, answer, note)
			}
			require.False(t, answer == crossholding.CertaintyYes && votes.Exercisable.Sign() > 0, note)
		}
	}
}

// Two British companies with 60% of each other have two readings. In a book without bands too,
// what depends on the reading is answered so.
func TestBoundsUnderReadings(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Country: "GB"}, {ID: "b", Country: "GB"}, {ID: "c"}},
		Parties:   []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "a", Issuer: "b", Percent: "60"}, {Holder: "b", Issuer: "a", Percent: "60"},
			{Holder: "p", Issuer: "a", Percent: "30"}, {Holder: "p", Issuer: "c", Percent: "60"}},
	}
	b := mustBounds(t, book, crossholding.BoundsOptions{})
	for company, want := range map[string]crossholding.Certainty{"a": crossholding.CertaintyDepends, "b": crossholding.CertaintyDepends, "c": crossholding.CertaintyYes} {
		v, err := b.Controls(t.Context(), "p", company)
		require.NoError(t, err)
		require.Equal(t, want, v.Answer, company)
		require.Equal(t, want == crossholding.CertaintyDepends, v.Law)
	}
	all, err := b.Controlled(t.Context(), "p")
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, crossholding.CertaintyDepends, all[0].Answer)
	suspended, err := b.Suspended(t.Context())
	require.NoError(t, err)
	require.Len(t, suspended, 2)
	require.Equal(t, "votes of b in a (ordinary) may be suspended", suspended[0].String())

	var opt crossholding.BoundsOptions
	opt.Control.Strict = true
	_, err = booktest.New(t, book).Bounds(t.Context(), opt)
	require.ErrorIs(t, err, crossholding.ErrReadings)

	// The policy of the question chooses a reading here as elsewhere.
	opt = crossholding.BoundsOptions{}
	opt.Control.Voting.Reading = 1
	suspended, err = mustBounds(t, book, opt).Suspended(t.Context())
	require.NoError(t, err)
	require.Len(t, suspended, 1)
	require.Equal(t, crossholding.CertaintyYes, suspended[0].Answer)
}
