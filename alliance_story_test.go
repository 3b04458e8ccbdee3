package crossholding_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// snapshots are the books under testdata/alliance with the step of
// rebalancing.json that leads to each.
var snapshots = []struct {
	file string
	step int
}{
	{"2023-11-08", 9}, {"2023-12-15", 13}, {"2024-04-03", 17}, {"2024-10-03", 23}, {"2024-11-29", 26},
}

func readBook(tb testing.TB, name string) *crossholding.Alliance {
	tb.Helper()
	a, err := booktest.Renault(name)
	require.NoError(tb, err)
	return a
}

func rebalancing(tb testing.TB) scenario.Scenario {
	tb.Helper()
	f, err := os.Open("testdata/alliance/rebalancing.json")
	require.NoError(tb, err)
	defer f.Close()
	s, err := scenario.Read(f)
	require.NoError(tb, err)
	return s
}

func story(tb testing.TB) *scenario.Outcome {
	tb.Helper()
	out, err := scenario.Run(context.Background(), readBook(tb, "before"), rebalancing(tb))
	require.NoError(tb, err)
	return out
}

// TestStoryLeadsThroughTheSnapshots runs the scenario from the first book and
// expects each snapshot byte for byte: shares, treasury, lots, who votes,
// agreements, market.
func TestStoryLeadsThroughTheSnapshots(t *testing.T) {
	out := story(t)
	states := map[int]*crossholding.Alliance{}
	for s := range out.States() {
		a, err := s.Alliance(t.Context())
		require.NoError(t, err)
		require.Equal(t, a.AsOf(), s.Date)
		states[s.Step] = a
	}
	require.Len(t, states, len(out.Steps))
	for _, s := range snapshots {
		t.Run(s.file, func(t *testing.T) {
			require.Equal(t, booktest.Bytes(t, readBook(t, s.file)), booktest.Bytes(t, states[s.step]))
		})
	}
	require.Equal(t, booktest.Bytes(t, out.After), booktest.Bytes(t, states[len(states)-1]))
}

// TestStatesInAnyOrder asks states backwards, twice, and after a context that ended.
func TestStatesInAnyOrder(t *testing.T) {
	out := story(t)
	var want []string
	states := slices.Collect(out.States())
	for _, s := range states {
		a, err := s.Alliance(t.Context())
		require.NoError(t, err)
		want = append(want, booktest.Bytes(t, a))
	}
	var none context.Context
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for i, s := range slices.Backward(states) {
		for range 2 {
			a, err := s.Alliance(none)
			require.NoError(t, err)
			require.Equal(t, want[i], booktest.Bytes(t, a))
		}
		_, err := s.Alliance(ended)
		require.ErrorIs(t, err, context.Canceled)
	}
	a, err := scenario.State{}.Alliance(none)
	require.NoError(t, err)
	require.Zero(t, a.Graph().Len())
	for range new(scenario.Outcome).States() {
		t.Fatal("no steps, no states")
	}
}

// TestStatesKnowWhatMoves: prices and bare days move no votes, agreements and double
// votes that begin with a day do.
func TestStatesKnowWhatMoves(t *testing.T) {
	b := booktest.Listed("FR", "300", "")
	b.Stakes[0].Votes, b.Stakes[0].VotesSince = "2", "2024-06-01"
	out := booktest.Run(t, b,
		scenario.Step{Step: "advance date", Date: "2024-05-31"},
		scenario.Step{Step: "advance date", Date: "2024-06-01"},
		scenario.Step{Step: "reprice", Prices: map[string]string{"x": "1 EUR"}},
		scenario.Step{Step: "agree", Agreement: &crossholding.Agreement{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"a", "b"}}},
		scenario.Step{Step: "agree", Agreement: &crossholding.Agreement{ID: "still", Kind: crossholding.AgreementNeutral, Holders: []string{"a"}, To: "2024-07-01"}},
		booktest.Buy("1"),
		scenario.Step{Step: "trade", From: "float:x", To: "a", Issuer: "x", Shares: "1", Date: "2024-07-02"})
	var rows []string
	for s := range out.States() {
		rows = append(rows, fmt.Sprintf("%d %s %t %t", s.Step, s.Date, s.StepMoves, s.DayMoves))
	}
	require.Equal(t, []string{
		"0 2024-05-31 false false", "1 2024-06-01 false true", "2 2024-06-01 false false", "3 2024-06-01 true false",
		"4 2024-06-01 true false", "5 2024-06-01 true false", "6 2024-07-02 true true",
	}, rows)
}

// TestFilesAreCanonical keeps the files as the library writes them.
func TestFilesAreCanonical(t *testing.T) {
	for _, name := range []string{"before", "2023-11-08", "2023-12-15", "2024-04-03", "2024-10-03", "2024-11-29"} {
		text, err := os.ReadFile("testdata/alliance/" + name + ".json")
		require.NoError(t, err)
		require.Equal(t, string(text), booktest.Bytes(t, readBook(t, name)))
	}
	text, err := os.ReadFile("testdata/alliance/rebalancing.json")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, scenario.Write(&out, rebalancing(t)))
	require.Equal(t, string(text), out.String())
}

// TestPublishedStakes compares Renault's percentages of issued Nissan shares
// with what was published.
func TestPublishedStakes(t *testing.T) {
	for _, tc := range []struct{ book, direct, trust, total string }{
		{"before", "43.4", "0", "43.4"},
		{"2023-11-08", "15", "28.4", "43.4"},
		{"2023-12-15", "15.79", "24.63", "40.42"},
		{"2024-04-03", "16.19", "22.73", "38.92"},
		{"2024-10-03", "17.05", "18.66", "35.71"},
	} {
		t.Run(tc.book, func(t *testing.T) {
			a := readBook(t, tc.book)
			issued, _ := booktest.Shares(t, a, "nissan")
			direct, trust := booktest.SharesOf(t, a, "renault", "nissan"), booktest.SharesOf(t, a, "trust", "nissan")
			for _, f := range []struct {
				want string
				have ratio.Ratio
			}{{tc.direct, direct}, {tc.trust, trust}, {tc.total, direct.Add(trust)}} {
				share := f.have.Div(issued)
				require.Equal(t, f.want, share.Percent(2).String())
			}
		})
	}
}

// TestPublishedVotes compares the votes in Renault with the published counts.
func TestPublishedVotes(t *testing.T) {
	for _, tc := range []struct{ book, theoretical, exercisable, state, nissan string }{
		{"before", "400691579", "307412332", "28.88", "0"},
		{"2023-11-08", "400614117", "396681029", "22.38", "22.36"},
		{"2024-10-03", "401082760", "393315887", "22.57", "22.56"},
	} {
		t.Run(tc.book, func(t *testing.T) {
			v, err := readBook(t, tc.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			m, err := v.Meeting("renault")
			require.NoError(t, err)
			booktest.RequireRatio(t, tc.theoretical, m.Theoretical)
			booktest.RequireRatio(t, tc.exercisable, m.Exercisable)
			state, err := v.Of("french-state", "renault")
			require.NoError(t, err)
			require.Equal(t, tc.state, state.ExercisableShare.Percent(2).String())
			nissan, err := v.Of("nissan-finance", "renault")
			require.NoError(t, err)
			require.Equal(t, tc.nissan, nissan.ExercisableShare.Percent(2).String())
			booktest.RequireRatio(t, "88716686", nissan.Theoretical)
		})
	}
}

func TestStoryCash(t *testing.T) {
	out := story(t)
	want := map[string]string{
		"float:nissan": "659148720", "mitsubishi": "-68642434980",
		"nissan":  "-190646167480", // three buybacks less the sale to Mitsubishi
		"renault": "258629453740",
	}
	var sum ratio.Ratio
	for _, c := range out.Cash {
		require.Equal(t, "JPY", c.Currency)
		booktest.RequireRatio(t, want[c.Party], c.Amount)
		delete(want, c.Party)
		sum = sum.Add(c.Amount)
	}
	require.Empty(t, want)
	require.True(t, sum.IsZero())
}

// TestDisposalsInEuro states what Renault received at the ECB's rate of the
// day, from the market of the book after each sale.
func TestDisposalsInEuro(t *testing.T) {
	out := story(t)
	millions := ratio.MustParse("0.000001")
	want := map[int]string{11: "763.4", 15: "359.9", 19: "500.2"}
	for s := range out.States() {
		if want[s.Step] == "" {
			continue
		}
		a, err := s.Alliance(t.Context())
		require.NoError(t, err)
		v, err := a.Value(a.Market(), crossholding.ValuationOptions{})
		require.NoError(t, err)
		euro, err := v.Convert(out.Steps[s.Step].Paid, "EUR")
		require.NoError(t, err)
		require.Equal(t, want[s.Step], euro.Amount.Mul(millions).Decimal(1).String(), out.Steps[s.Step])
	}
}

func TestStoryGains(t *testing.T) {
	var rows []string
	for _, g := range story(t).Gains {
		require.NoError(t, g.Unknown)
		rows = append(rows, fmt.Sprintf("%d %s %s %s %s %s", g.Step, g.Holder, g.Issuer, g.Lot, g.Shares, g.Gain))
	}
	require.Equal(t, []string{
		"11 renault nissan 1999-03-27 211000000 35553500000 JPY",
		"15 renault nissan 1999-03-27 99132100 19172148140 JPY",
		"19 renault nissan 1999-03-27 195473600 1661525600 JPY",
		"25 nissan mitsubishi 2016-10-20 149028300 -1180304136 JPY",
	}, rows)
}

func TestStoryDifferences(t *testing.T) {
	out := story(t)
	diff, err := out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.Empty(t, diff.Gained)
	require.Empty(t, diff.Lost)
	percent := func(f crossholding.SixFigures) string {
		s := ""
		for _, r := range []ratio.Ratio{f.Capital, f.Economic, f.Theoretical, f.Exercisable, f.Free, f.Neutral} {
			s += r.Percent(2).String() + " "
		}
		return s
	}
	got := map[string][2]string{}
	for _, c := range diff.Figures {
		got[c.Holder+" in "+c.Issuer] = [2]string{percent(c.Before), percent(c.After)}
	}
	for who, want := range map[string][2]string{
		"french-state in renault":              {"15.01 15.25 22.16 28.88 17.9 0 ", "15.01 15.41 22.13 22.57 22.57 0 "},
		"nissan-finance in renault":            {"15 15.24 22.14 0 0 0 ", "15 15.4 22.12 22.56 15 0 "},
		"renault in nissan":                    {"43.4 43.7 43.4 43.7 43.7 0 ", "17.05 35.9 17.05 17.14 18.46 0 "},
		"trust in nissan":                      {"0 0 0 0 0 0 ", "18.66 0 18.66 18.76 0 18.76 "},
		"mitsubishi-corporation in mitsubishi": {"20 20.04 20 20.04 20.04 0 ", "20.41 22.27 20.41 22.27 22.27 0 "},
		"nissan in mitsubishi":                 {"33.99 34.07 33.99 34.07 34.07 0 ", "24.48 26.73 24.48 26.73 26.73 0 "},
	} {
		require.Equal(t, want, got[who], who)
	}
	require.Len(t, got, 6+6)
}

// TestSixFiguresAgreeWithTheVotes recounts what Differences says by the
// questions of votes and ownership.
func TestSixFiguresAgreeWithTheVotes(t *testing.T) {
	out := story(t)
	diff, err := out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	v, err := out.After.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	o, err := out.After.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for _, c := range diff.Figures {
		n, err := v.Of(c.Holder, c.Issuer)
		require.NoError(t, err)
		m, err := v.Meeting(c.Issuer)
		require.NoError(t, err)
		capital, err := o.Capital(c.Holder, c.Issuer)
		require.NoError(t, err)
		direct, err := o.Direct(c.Holder, c.Issuer)
		require.NoError(t, err)
		theoretical := n.Theoretical.Div(m.Theoretical)
		neutral := n.Neutral.Div(m.Exercisable)
		want := crossholding.SixFigures{
			Capital: capital, Economic: direct, Theoretical: theoretical,
			Exercisable: n.ExercisableShare, Free: n.FreeShare, Neutral: neutral,
		}
		require.True(t, want.Equal(c.After), "%s in %s: %v, %v", c.Holder, c.Issuer, want, c.After)
	}
}

func TestStoryLeavesTheFirstBookAlone(t *testing.T) {
	a := readBook(t, "before")
	before := booktest.Bytes(t, a)
	out, err := scenario.Run(t.Context(), a, rebalancing(t))
	require.NoError(t, err)
	_, err = compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(t, err)
	after := booktest.Bytes(t, out.After)
	_, err = out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.Equal(t, before, booktest.Bytes(t, a))
	require.Equal(t, after, booktest.Bytes(t, out.After))
}

func BenchmarkStory(b *testing.B) {
	a, s := readBook(b, "before"), rebalancing(b)
	b.Run("run", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := scenario.Run(b.Context(), a, s); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(s.Steps)), "steps")
	})
	out, err := scenario.Run(b.Context(), a, s)
	require.NoError(b, err)
	b.Run("crossings", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := compliance.Crossings(b.Context(), out, compliance.ThresholdOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("differences", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := out.Before.Differences(b.Context(), out.After, crossholding.ControlOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	whole := func(b *testing.B) {
		out, err := scenario.Run(b.Context(), a, s)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := compliance.Crossings(b.Context(), out, compliance.ThresholdOptions{}); err != nil {
			b.Fatal(err)
		}
		if _, err := out.Before.Differences(b.Context(), out.After, crossholding.ControlOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			whole(b)
		}
	})
	// The whole and the run in turn, so that both have the same load of the machine. The times
	// of the processors have those of the garbage collector too.
	b.Run("whole over run", func(b *testing.B) {
		const batch = 50
		var clock, cpu [2]time.Duration
		for b.Loop() {
			for i, story := range []func(){func() { _, err = scenario.Run(b.Context(), a, s) }, func() { whole(b) }} {
				runtime.GC()
				start, used := time.Now(), testkit.CPUTime()
				for range batch {
					story()
				}
				clock[i] += time.Since(start)
				cpu[i] += testkit.CPUTime() - used
			}
		}
		require.NoError(b, err)
		b.ReportMetric(clock[1].Seconds()/clock[0].Seconds(), "times")
		b.ReportMetric(clock[0].Seconds()*1e6/float64(batch*b.N), "run-µs")
		if cpu[0] > 0 {
			b.ReportMetric(cpu[1].Seconds()/cpu[0].Seconds(), "cpu-times")
			b.ReportMetric(cpu[0].Seconds()*1e6/float64(batch*b.N), "run-cpu-µs")
		}
		b.ReportMetric(0, "ns/op")
	})
}
