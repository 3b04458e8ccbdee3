package crossholding_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
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
	countries := []string{"DE", "FR", "IT", "JP", "ES", "GB", "US-DE", ""}
	decided, completions := 0, 0
	for seed := range uint64(testkit.Size(12, 250)) {
		r := rand.New(rand.NewPCG(seed, 6))
		b := intervalBook(r, seed%2 == 1, seed%3 == 2)
		country := countries[r.IntN(len(countries))]
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
		b.corners(true, func(at map[int]int) {
			a, err := crossholding.New(book(at))
			require.NoError(t, err)
			c, err := a.Control(t.Context(), crossholding.ControlOptions{})
			if errors.Is(err, crossholding.ErrReadings) {
				return
			}
			require.NoError(t, err)
			completions++
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
	}
	t.Logf("%d answers in %d completions", decided, completions)
	require.Greater(t, decided, testkit.Size(480, 10_000))
}
