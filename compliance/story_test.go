package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// story is the rebalancing of Renault and Nissan.
func story(tb testing.TB) *crossholding.Outcome {
	tb.Helper()
	f, err := os.Open("../testdata/alliance/rebalancing.json")
	require.NoError(tb, err)
	defer f.Close()
	s, err := crossholding.ReadScenario(f)
	require.NoError(tb, err)
	out, err := alliance().Run(tb.Context(), s)
	require.NoError(tb, err)
	return out
}

func TestStoryCrossings(t *testing.T) {
	cs, err := compliance.Crossings(t.Context(), story(t), compliance.ThresholdOptions{})
	require.NoError(t, err)
	var rows []string
	for _, c := range cs {
		rows = append(rows, fmt.Sprintf("%d %s", c.Step, c))
	}
	require.Equal(t, []string{
		"1 nissan with nissan-finance in renault rises to 22.3959% of exercisable, from 0%: significant influence at 20% (IAS 28.5)",
		"1 nissan-finance in renault rises to 22.3959% of exercisable, from 0%: significant influence at 20% (IAS 28.5)",
		"1 renault in nissan falls to 15.1034% of exercisable, from 43.7003%: reciprocity at 40% (C. com., art. L.233-31, L.233-3)",
		"1 renault in nissan falls to 15.1034% of exercisable, from 43.7003%: significant influence at 20% (IAS 28.5)",
		"1 renault in nissan falls to 15.1034% of exercisable, from 43.7003%: blocking minority at 1/3 (Companies Act, art. 309(2))",
		"25 nissan in mitsubishi falls to 26.7268% of voting, from 34.0704%: bid at 1/3 (FIEA, art. 27-2(1))",
		"25 nissan in mitsubishi falls to 26.7268% of exercisable, from 34.0704%: blocking minority at 1/3 (Companies Act, art. 309(2))",
	}, rows)
}

// randomStory runs a few random steps on a random book without trusts, some of
// which only let time pass or make and end agreements.
func randomStory(t *testing.T, rng *rand.Rand) *crossholding.Outcome {
	t.Helper()
	b := randomBook(rng)
	for i := range b.Companies {
		b.Companies[i].Country = []string{"JP", "FR", "DE", ""}[rng.IntN(4)]
	}
	for i := range b.Stakes {
		s := &b.Stakes[i]
		if s.Beneficiary != "" {
			s.Holder, s.Beneficiary, s.Voter = s.Beneficiary, "", ""
		}
		if rng.IntN(3) == 0 {
			s.Votes, s.VotesSince = "2", []date.Date{"", "2020-03-01", "2021-01-01"}[rng.IntN(3)]
		}
	}
	a := newAlliance(t, b)
	var steps []crossholding.Step
	out := run(t, b)
	for i := range 6 {
		s := randomStep(rng, a.Book())
		switch {
		case s.Step == crossholding.StepEntrust || s.Step == crossholding.StepRelease:
			s = crossholding.Step{Step: "advance date", Date: date.Date(fmt.Sprintf("2020-%02d-01", 2*i+1))}
		case rng.IntN(4) == 0:
			s.Date = date.Date(fmt.Sprintf("2020-%02d-01", 2*i+1))
		}
		if next, err := a.Run(t.Context(), crossholding.Scenario{Steps: append(slices.Clone(steps), s)}); err == nil {
			out, steps = next, append(steps, s)
		}
	}
	return out
}

// randomBook has companies that hold each other's shares, a few people and a
// trust, lots that cover more or less of a stake, and shares held for others.
func randomBook(rng *rand.Rand) crossholding.Book {
	b := crossholding.Book{AsOf: "2020-01-01", Parties: []crossholding.Party{{ID: "trust", Kind: crossholding.KindTrust}}}
	var ids []string
	for i := range 2 + rng.IntN(4) {
		id := fmt.Sprintf("c%d", i)
		ids = append(ids, id)
		c := crossholding.Company{ID: id, Currency: []string{"EUR", "JPY"}[rng.IntN(2)]}
		if rng.IntN(4) > 0 {
			c.Shares = []crossholding.ShareClass{{Issued: "1000", Treasury: number(rng.IntN(100))}}
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
			s := crossholding.Stake{Holder: holder, Issuer: c.ID, Percent: number(n)}
			if c.Shares != nil {
				s.Shares, s.Percent = number(10*n), ""
			}
			if rng.IntN(3) == 0 {
				s.Holder, s.Beneficiary, s.Voter = "trust", holder, crossholding.Neutral
			}
			for d := range rng.IntN(3) {
				s.Lots = append(s.Lots, crossholding.Lot{
					Date:   date.Date(fmt.Sprintf("201%d-01-01", d)),
					Shares: number(1 + rng.IntN(n)/2), Price: number(1 + rng.IntN(50)), Currency: []string{"EUR", "JPY"}[rng.IntN(2)],
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

func number(n int) ratio.Number { return ratio.Number(fmt.Sprint(n)) }

// randomStep may be one that cannot be made.
func randomStep(rng *rand.Rand, b crossholding.Book) crossholding.Step {
	ids := []string{"trust"}
	for _, c := range b.Companies {
		ids = append(ids, c.ID, crossholding.FloatOf(c.ID))
	}
	for _, p := range b.Parties {
		ids = append(ids, p.ID)
	}
	pick := func() string { return ids[rng.IntN(len(ids))] }
	s := crossholding.Step{
		Issuer: b.Companies[rng.IntN(len(b.Companies))].ID,
		Step:   []crossholding.StepKind{"trade", "trade", "entrust", "release", "buyback", "cancel", "issue"}[rng.IntN(7)],
	}
	if len(b.Stakes) > 0 && rng.IntN(4) > 0 { // more often one that can
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
		s.Shares = number(rng.IntN(200))
	case 1:
		s.Percent = number(rng.IntN(20))
	default:
		target := fmt.Sprintf("%d/%d", rng.IntN(10), 10+rng.IntN(20))
		if s.Step == "issue" || s.From != "" && s.To != "" && rng.IntN(2) == 0 {
			s.UpTo = target
		} else {
			s.DownTo = target
		}
		s.Of = []crossholding.StakeBase{"", "issued", "outstanding"}[rng.IntN(3)]
		s.Round = []crossholding.LotRounding{"", "reach", "short", "nearest"}[rng.IntN(4)]
	}
	if s.Step == "trade" || s.Step == "buyback" || s.Step == "issue" {
		s.Price = []string{"", "12.5 JPY", "3 EUR", "7"}[rng.IntN(4)]
	}
	if s.Step == "trade" || s.Step == "buyback" {
		s.Method = []crossholding.LotMethod{"", "fifo", "lifo", "average"}[rng.IntN(4)]
	}
	return s
}

// shares returns the shares in a holder's name.
func shares(t *testing.T, a *crossholding.Alliance, holder, issuer string) ratio.Ratio {
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
