package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// story is the rebalancing of Renault and Nissan.
func story(tb testing.TB) *scenario.Outcome {
	tb.Helper()
	f, err := os.Open("../testdata/alliance/rebalancing.json")
	require.NoError(tb, err)
	defer f.Close()
	s, err := scenario.Read(f)
	require.NoError(tb, err)
	out, err := scenario.Run(tb.Context(), alliance(), s)
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
		"11 renault in nissan falls to 38.402% of capital, from 43.4011%: disclosure at a change of 1% (FIEA, art. 27-25(1))",
		"12 renault in nissan rises passively to 40.4227% of capital, from 38.402%: disclosure at a change of 1% (FIEA, art. 27-25(1))",
		"15 renault in nissan falls to 37.9504% of capital, from 40.4227%: disclosure at a change of 1% (FIEA, art. 27-25(1))",
		"19 renault in nissan falls to 33.9235% of capital, from 38.9235%: disclosure at a change of 1% (FIEA, art. 27-25(1))",
		"20 renault in nissan rises passively to 35.709% of capital, from 33.9235%: disclosure at a change of 1% (FIEA, art. 27-25(1))",
		"25 nissan in mitsubishi falls to 26.7268% of voting, from 34.0704%: bid at 1/3 (FIEA, art. 27-2(1))",
		"25 nissan in mitsubishi falls to 23.9949% of capital, from 33.9949%: disclosure at a change of 1% (FIEA, art. 27-25(1))",
		"25 nissan in mitsubishi falls to 26.7268% of exercisable, from 34.0704%: blocking minority at 1/3 (Companies Act, art. 309(2))",
	}, rows)
}

// randomStory runs a few random steps on a random book without trusts, some of
// which only let time pass or make and end agreements.
func randomStory(t *testing.T, rng *rand.Rand) *scenario.Outcome {
	t.Helper()
	b := booktest.RandomBook(rng)
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
	a := booktest.New(t, b)
	var steps []scenario.Step
	out := booktest.Run(t, b)
	for i := range 6 {
		s := booktest.RandomStep(rng, a.Book())
		switch {
		case s.Step == scenario.StepEntrust || s.Step == scenario.StepRelease:
			s = scenario.Step{Step: "advance date", Date: date.Date(fmt.Sprintf("2020-%02d-01", 2*i+1))}
		case rng.IntN(4) == 0:
			s.Date = date.Date(fmt.Sprintf("2020-%02d-01", 2*i+1))
		}
		if next, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: append(slices.Clone(steps), s)}); err == nil {
			out, steps = next, append(steps, s)
		}
	}
	return out
}
