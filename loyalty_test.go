package crossholding_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
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

// A book that gives one vote a share keeps it when it is written: it says that the law
// gives no more.
func TestLoyaltyThatTheBookExcludesIsWritten(t *testing.T) {
	for country, kept := range map[string]bool{"FR": true, "DE": false} {
		b := booktest.Listed(country, "300", "")
		b.AsOf = "2024-01-01"
		b.Companies[0].Shares[0].Votes = "1"
		b.Stakes[0].Lots = []crossholding.Lot{{Date: "2020-01-01", Shares: "300", Price: "1", Currency: "EUR"}}
		a := booktest.New(t, b)
		var text bytes.Buffer
		require.NoError(t, crossholding.WriteBook(&text, a.Book()))
		again, err := crossholding.ReadBook(&text)
		require.NoError(t, err)
		require.Equal(t, kept, a.Book().Companies[0].Shares[0].Votes == "1", country)
		for _, x := range []*crossholding.Alliance{a, again} {
			v, err := x.Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			n, err := v.Of("a", "x")
			require.NoError(t, err)
			require.Equal(t, "300", n.Exercisable.String())
		}
	}
}

// Time alone gives shares their second vote, and a scenario sees it.
func TestLoyaltyByTime(t *testing.T) {
	b := booktest.Listed("FR", "300", "")
	b.AsOf = "2024-01-01"
	b.Stakes[0].Lots = []crossholding.Lot{{Date: "2022-03-01", Shares: "100", Price: "1", Currency: "EUR"}, {Date: "2022-04-01", Shares: "200", Price: "1", Currency: "EUR"}}
	out := booktest.Run(t, b, scenario.Step{Step: "advance_date", Date: "2024-02-29"}, scenario.Step{Step: "advance_date", Date: "2024-03-01"},
		scenario.Step{Step: "advance_date", Date: "2024-03-31"}, scenario.Step{Step: "advance_date", Date: "2024-04-01"},
		scenario.Step{Step: "trade", From: "a", To: "float:x", Issuer: "x", Shares: "150", Price: "1 EUR"})
	want := []string{"300 of 1000, false", "400 of 1100, true", "400 of 1100, false", "600 of 1300, true", "300 of 1150, false"}
	for s := range out.States() {
		a, err := s.Alliance(t.Context())
		require.NoError(t, err)
		v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		n, err := v.Of("a", "x")
		require.NoError(t, err)
		m, err := v.Meeting("x")
		require.NoError(t, err)
		require.Equal(t, want[s.Step], fmt.Sprintf("%s of %s, %t", n.Exercisable, m.Theoretical, s.DayMoves), s.Date)
	}
}

// Votes of random stakes under the law are those that counting lot by lot gives, and the
// votes of bands agree with them.
func TestLoyaltyAgainstCounting(t *testing.T) {
	rule := law.Loyalties()[0]
	doubled := 0
	for seed := range uint64(testkit.Cases(200)) {
		rng := rand.New(rand.NewPCG(seed, 22))
		day := date.Date(fmt.Sprintf("20%02d-%02d-01", 15+rng.IntN(10), 1+rng.IntN(12)))
		b := crossholding.Book{AsOf: day, Companies: []crossholding.Company{{ID: "x", Country: "FR", Listed: rng.IntN(4) > 0, Shares: []crossholding.ShareClass{{Issued: "1000"}}}}}
		if rng.IntN(5) == 0 {
			b.Companies[0].Shares[0].Votes = "3"
		}
		var want []int
		for i := range 3 {
			s := crossholding.Stake{Holder: fmt.Sprint("h", i), Issuer: "x"}
			shares, votes := 0, 0
			for range rng.IntN(4) {
				lot := crossholding.Lot{Date: date.Date(fmt.Sprintf("20%02d-%02d-15", 12+rng.IntN(10), 1+rng.IntN(12))), Shares: "50", Price: "1", Currency: "EUR"}
				if lot.Date > day {
					continue
				}
				s.Lots = append(s.Lots, lot)
				shares, votes = shares+50, votes+50
				if day >= "2016-04-02" && day >= lot.Date.AddMonths(rule.Months) && b.Companies[0].Listed && b.Companies[0].Shares[0].Votes == "" {
					votes, doubled = votes+50, doubled+1
				}
			}
			if b.Companies[0].Shares[0].Votes == "3" {
				votes *= 3
			}
			if shares == 0 {
				continue
			}
			s.Shares = booktest.Number(shares)
			b.Parties, b.Stakes, want = append(b.Parties, crossholding.Party{ID: s.Holder}), append(b.Stakes, s), append(want, votes)
		}
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		for i, s := range b.Stakes {
			n, err := v.Of(s.Holder, "x")
			require.NoError(t, err)
			require.True(t, n.Theoretical.Equal(ratio.Int(int64(want[i]))), "seed %d: %s has %s, not %d", seed, s.Holder, n.Theoretical, want[i])
		}
	}
	require.Greater(t, doubled, testkit.Cases(50))
}
