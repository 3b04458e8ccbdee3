package booktest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// RandomBook has companies that hold each other's shares, a few people and a
// trust, lots that cover more or less of a stake, and shares held for others.
func RandomBook(rng *rand.Rand) crossholding.Book {
	b := crossholding.Book{AsOf: "2020-01-01", Parties: []crossholding.Party{{ID: "trust", Kind: crossholding.KindTrust}}}
	var ids []string
	for i := range 2 + rng.IntN(4) {
		id := fmt.Sprintf("c%d", i)
		ids = append(ids, id)
		c := crossholding.Company{ID: id, Currency: []string{"EUR", "JPY"}[rng.IntN(2)]}
		if rng.IntN(4) > 0 {
			c.Shares = []crossholding.ShareClass{{Issued: "1000", Treasury: Number(rng.IntN(100))}}
		}
		b.Companies = append(b.Companies, c)
	}
	for i := range 1 + rng.IntN(3) {
		id := fmt.Sprintf("p%d", i)
		ids = append(ids, id)
		b.Parties = append(b.Parties, crossholding.Party{ID: id})
	}
	for _, c := range b.Companies {
		left := 80
		for range rng.IntN(5) {
			holder := ids[rng.IntN(len(ids))]
			n := rng.IntN(left + 1)
			if holder == c.ID || n == 0 {
				continue
			}
			left -= n
			s := crossholding.Stake{Adds: true, Holder: holder, Issuer: c.ID, Percent: Number(n)}
			if c.Shares != nil {
				s.Shares, s.Percent = Number(10*n), ""
			}
			if rng.IntN(3) == 0 {
				s.Holder, s.Beneficiary, s.Voter = "trust", holder, crossholding.Neutral
			}
			for d := range rng.IntN(3) {
				s.Lots = append(s.Lots, crossholding.Lot{
					Date:   date.Date(fmt.Sprintf("201%d-01-01", d)),
					Shares: Number(1 + rng.IntN(n)/2), Price: Number(1 + rng.IntN(50)), Currency: []string{"EUR", "JPY"}[rng.IntN(2)],
				})
			}
			if len(s.Lots) == 2 && n < 4 || n%2 == 1 {
				s.Lots = s.Lots[:min(1, len(s.Lots))]
			}
			b.Stakes = append(b.Stakes, s)
		}
	}
	return b
}

// RandomStep returns a random step, which is not possible in every case.
func RandomStep(rng *rand.Rand, b crossholding.Book) scenario.Step {
	ids := []string{"trust"}
	for _, c := range b.Companies {
		ids = append(ids, c.ID, crossholding.FloatOf(c.ID))
	}
	for _, p := range b.Parties {
		ids = append(ids, p.ID)
	}
	pick := func() string { return ids[rng.IntN(len(ids))] }
	s := scenario.Step{
		Issuer: b.Companies[rng.IntN(len(b.Companies))].ID,
		Step:   []scenario.StepKind{"trade", "trade", "entrust", "release", "buyback", "cancel", "issue"}[rng.IntN(7)],
	}
	if len(b.Stakes) > 0 && rng.IntN(4) > 0 { // most steps are possible
		stake := b.Stakes[rng.IntN(len(b.Stakes))]
		s.Issuer, s.From = stake.Issuer, stake.Holder
	} else {
		s.From = pick()
	}
	s.To = pick()
	switch s.Step {
	case "cancel":
		s.From, s.To = "", ""
	case "buyback":
		s.To, s.Cancel = "", rng.IntN(2) == 0
	case "issue":
		s.From = ""
	case "release":
		s.From, s.To = "trust", ""
	}
	switch rng.IntN(4) {
	case 0:
		s.Shares = Number(rng.IntN(200))
	case 1:
		s.Percent = Number(rng.IntN(20))
	default:
		target := fmt.Sprintf("%d/%d", rng.IntN(10), 10+rng.IntN(20))
		if s.Step == "issue" || s.From != "" && s.To != "" && rng.IntN(2) == 0 {
			s.UpTo = target
		} else {
			s.DownTo = target
		}
		s.Of = []scenario.StakeBase{"", "issued", "outstanding"}[rng.IntN(3)]
		s.Round = []scenario.LotRounding{"", "reach", "short", "nearest"}[rng.IntN(4)]
	}
	if s.Step == "trade" || s.Step == "buyback" || s.Step == "issue" {
		s.Price = []string{"", "12.5 JPY", "3 EUR", "7"}[rng.IntN(4)]
	}
	if s.Step == "trade" || s.Step == "buyback" {
		s.Method = []scenario.LotMethod{"", "fifo", "lifo", "hifo", "average"}[rng.IntN(5)]
	}
	return s
}

// Number returns a whole number as text.
func Number(n int) ratio.Number { return ratio.Number(fmt.Sprint(n)) }

// Run runs steps on a book.
func Run(t testing.TB, b crossholding.Book, steps ...scenario.Step) *scenario.Outcome {
	t.Helper()
	out, err := scenario.Run(t.Context(), New(t, b), scenario.Scenario{Steps: steps})
	require.NoError(t, err)
	return out
}

// Listed returns a book with one listed company, in which party a buys from the float.
func Listed(country string, shares, treasury ratio.Number) crossholding.Book {
	return crossholding.Book{
		AsOf: "2024-01-01",
		Companies: []crossholding.Company{{
			ID: "x", Country: country, Listed: true, Currency: "EUR",
			Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: treasury}},
		}},
		Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "t", Kind: crossholding.KindTrust}},
		Stakes:  []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: shares}},
	}
}

// Buy returns the step in which party a buys from the float of a [Listed] company.
func Buy(n ratio.Number) scenario.Step {
	return scenario.Step{Step: "trade", From: "float:x", To: "a", Issuer: "x", Shares: n}
}

// SharesOf returns the shares in a holder's name.
func SharesOf(t testing.TB, a *crossholding.Alliance, holder, issuer string) ratio.Ratio {
	t.Helper()
	var sum ratio.Ratio
	for _, s := range a.Book().Stakes {
		if s.Holder == holder && s.Issuer == issuer {
			n := s.Shares
			if n == "" {
				n = s.Percent
			}
			r, err := n.Ratio()
			require.NoError(t, err)
			sum = sum.Add(r)
		}
	}
	return sum
}
