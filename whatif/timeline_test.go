package whatif_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// rebalancing is the scenario of 2023 and 2024.
func rebalancing() scenario.Scenario {
	f, err := os.Open("../testdata/alliance/rebalancing.json")
	check(err)
	defer f.Close()
	s, err := scenario.Read(f)
	check(err)
	return s
}

func timeline(t *testing.T, chapters ...whatif.Chapter) *whatif.Timeline {
	t.Helper()
	out, err := whatif.NewTimeline(context.Background(), chapters...)
	require.NoError(t, err)
	return out
}

func text(t *testing.T, a *crossholding.Alliance) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, a.WriteBook(&b))
	return b.String()
}

func TestTimelineOfTheAlliance(t *testing.T) {
	line := timeline(t, whatif.Chapter{Book: book("before"), Scenario: rebalancing()})
	require.Equal(t, []date.Date{"2022-12-31", "2023-11-08", "2023-12-13", "2023-12-15", "2024-03-28", "2024-04-03", "2024-09-27", "2024-10-03", "2024-11-08", "2024-11-29"}, line.Dates())
	for _, day := range []string{"2023-11-08", "2023-12-15", "2024-04-03", "2024-10-03", "2024-11-29"} {
		a, err := line.At(context.Background(), date.Date(day))
		require.NoError(t, err)
		require.Equal(t, text(t, book(day)), text(t, a))
	}
	a, err := line.At(context.Background(), "2024-01-31") // between two days
	require.NoError(t, err)
	require.Equal(t, date.Date("2024-01-31"), a.AsOf())

	n, known := 0, 0
	for p, err := range line.Series(context.Background(), figure(whatif.Value, "renault", "nissan"), whatif.Options{}) {
		require.NoError(t, err)
		require.Equal(t, line.Dates()[n], p.Date)
		n++
		if p.Reason == nil {
			known++
		} else {
			require.ErrorIs(t, p.Reason, crossholding.ErrNoPrice)
		}
	}
	require.Equal(t, []int{10, 8}, []int{n, known}) // no price before the first sale

	figures := []whatif.Figure{
		figure(whatif.Capital, "renault", "nissan"), figure(whatif.Free, "nissan-finance", "renault"),
		figure(whatif.Economic, "renault", "nissan"), figure(whatif.Integrated, "french-state", "nissan"),
	}
	to := []date.Date{"2024-04-03", "2024-11-29"}[testkit.Size(0, 1)] // the work doubles with each day
	for _, f := range figures[:testkit.Size(1, 4)] {
		e, err := line.Explain(context.Background(), whatif.Period{Figure: f, From: "2022-12-31", To: to, ByDay: true}, whatif.Options{})
		require.NoError(t, err)
		require.Len(t, e.Parts, testkit.Size(5, 9))
		sum := e.Before
		for _, p := range e.Parts {
			require.Equal(t, whatif.CauseSteps, p.Cause)
			sum = sum.Add(p.Amount)
		}
		require.True(t, sum.Equal(e.After))
		was, err := f.At(context.Background(), book("before"), whatif.Options{})
		require.NoError(t, err)
		is, err := f.At(context.Background(), book(string(to)), whatif.Options{})
		require.NoError(t, err)
		require.True(t, was.Equal(e.Before) && is.Equal(e.After))
	}
}

// The parts are those of an independent average over all orders.
func TestExplainAgainstAllOrders(t *testing.T) {
	a := booktest.Alliance(t, "a 60 x", "b 20 x", "x 50 y", "c 10 y")
	list := []scenario.Step{
		{Step: "trade", Date: "2020-01-02", From: "a", To: "b", Issuer: "x", Shares: "25"},
		{Step: "buyback", Date: "2020-01-03", From: "b", Issuer: "x", Shares: "40"}, // only after the trade
		{Step: "cancel", Date: "2020-01-04", Issuer: "x", Shares: "30"},             // only after the buyback
		{Step: "trade", Date: "2020-01-05", From: "x", To: "c", Issuer: "y", Shares: "5"},
	}
	b := a.Book()
	b.AsOf = "2020-01-01"
	a = booktest.New(t, b)
	line := timeline(t, whatif.Chapter{Book: a, Scenario: scenario.Scenario{Steps: list}})
	f := figure(whatif.Integrated, "a", "y")
	value := func(set int) ratio.Ratio { // one step after another; one that fails is left out
		now := a
		for i, s := range list {
			if set>>i&1 == 1 {
				if o, err := scenario.Run(context.Background(), now, scenario.Scenario{Steps: []scenario.Step{s}}); err == nil {
					now = o.After
				}
			}
		}
		r, err := f.At(context.Background(), now, whatif.Options{})
		require.NoError(t, err)
		return r
	}
	want := make([]ratio.Ratio, len(list))
	orders := 0
	var walk func(set int, order []int)
	walk = func(set int, order []int) {
		if len(order) == len(list) {
			orders++
			at := 0
			for _, i := range order {
				want[i] = want[i].Add(value(at | 1<<i).Sub(value(at)))
				at |= 1 << i
			}
			return
		}
		for i := range list {
			if set>>i&1 == 0 {
				walk(set|1<<i, append(order[:len(order):len(order)], i))
			}
		}
	}
	walk(0, nil)
	for _, workers := range []int{1, 3} {
		e, err := line.Explain(context.Background(), whatif.Period{Figure: f, From: "2020-01-01", To: "2020-01-05"}, whatif.Options{Workers: workers})
		require.NoError(t, err)
		require.Len(t, e.Parts, len(list))
		for i, p := range e.Parts {
			require.True(t, p.Amount.Equal(want[i].Div(ratio.Int(int64(orders)))), "step %d: %s", i, p.Amount)
		}
	}
}

// A step that breaks a lock-up counts where the scenario only reports it.
func TestExplainBreaches(t *testing.T) {
	b := booktest.Alliance(t, "a 60 x", "b 20 x").Book()
	b.AsOf = "2020-01-01"
	b.Agreements = []crossholding.Agreement{{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "50%"}}
	line := timeline(t, whatif.Chapter{Book: booktest.New(t, b), Scenario: scenario.Scenario{Breaches: scenario.BreachesReport, Steps: []scenario.Step{
		{Step: "trade", Date: "2020-01-02", From: "a", To: "b", Issuer: "x", Shares: "25"},
		{Step: "trade", Date: "2020-01-03", From: "a", To: "b", Issuer: "x", Shares: "5"},
	}}})
	e, err := line.Explain(context.Background(), whatif.Period{Figure: figure(whatif.Capital, "a", "x"), From: "2020-01-01", To: "2020-01-03"}, whatif.Options{})
	require.NoError(t, err)
	require.Len(t, e.Parts, 2)
	require.Equal(t, "-0.25", e.Parts[0].Amount.String())
	require.Equal(t, "-0.05", e.Parts[1].Amount.String())
}

// In order, a part is the difference between the states around its steps.
func TestExplainInOrder(t *testing.T) {
	line := timeline(t, whatif.Chapter{Book: book("before"), Scenario: rebalancing()})
	f := figure(whatif.Capital, "renault", "nissan")
	for _, byDay := range []bool{false, true} {
		e, err := line.Explain(context.Background(), whatif.Period{Figure: f, From: "2022-12-31", To: "2024-11-29", InOrder: true, ByDay: byDay}, whatif.Options{})
		require.NoError(t, err)
		require.Len(t, e.Parts, map[bool]int{false: 27, true: 9}[byDay])
		at, steps := e.Before, 0
		for _, p := range e.Parts {
			at, steps = at.Add(p.Amount), steps+len(p.Steps)
			if byDay {
				a, err := line.At(context.Background(), p.Date)
				require.NoError(t, err)
				now, err := f.At(context.Background(), a, whatif.Options{})
				require.NoError(t, err)
				require.True(t, now.Equal(at))
			}
		}
		require.True(t, at.Equal(e.After))
		require.Equal(t, 27, steps)
	}
}

func TestExplainTimeAndBooks(t *testing.T) {
	b := booktest.Book(t, "a 60 x", "b 20 x")
	b.AsOf = "2020-01-01"
	b.Agreements = []crossholding.Agreement{{ID: "calm", Kind: crossholding.AgreementNeutral, Holders: []string{"b"}, Issuer: "x", From: "2020-02-01"}}
	c := booktest.Book(t, "a 50 x", "b 20 x")
	c.AsOf = "2020-04-01"
	line := timeline(t,
		whatif.Chapter{Book: booktest.New(t, b), Scenario: scenario.Scenario{Steps: []scenario.Step{
			{Step: "advance_date", Date: "2020-03-01"}, {Step: "trade", From: "a", To: "float:x", Issuer: "x", Shares: "8"}}}},
		whatif.Chapter{Book: booktest.New(t, c)},
		whatif.Chapter{Scenario: scenario.Scenario{Steps: []scenario.Step{{Step: "trade", Date: "2020-05-01", From: "a", To: "b", Issuer: "x", Shares: "50"}}}},
	)
	e, err := line.Explain(context.Background(), whatif.Period{Figure: figure(whatif.Free, "a", "x"), From: "2020-01-01", To: "2020-06-01"}, whatif.Options{})
	require.NoError(t, err)
	booktest.RequireRatio(t, "0.6", e.Before)
	booktest.RequireRatio(t, "0", e.After)
	want := []struct {
		cause  whatif.Cause
		amount string
	}{
		{whatif.CauseSteps, "0"}, {whatif.CauseSteps, "-0.1"}, {whatif.CauseTime, "0.15"}, // 60 of 80, then 52 of 80
		{whatif.CauseBook, "-0.15"}, {whatif.CauseSteps, "-0.5"}, // 50 of 100 without the agreement
	}
	require.Len(t, e.Parts, len(want))
	for i, w := range want {
		require.Equal(t, w.cause, e.Parts[i].Cause)
		booktest.RequireRatio(t, w.amount, e.Parts[i].Amount, i)
	}
	e, err = line.Explain(context.Background(), whatif.Period{Figure: figure(whatif.Free, "a", "x"), From: "2020-05-01", To: "2020-05-01"}, whatif.Options{})
	require.NoError(t, err)
	require.Empty(t, e.Parts)
}

func TestTimelineRefuses(t *testing.T) {
	a := book("before")
	later := whatif.Chapter{Book: book("2024-04-03")}
	for _, tt := range []struct {
		name     string
		chapters []whatif.Chapter
		kind     error
		says     string
	}{
		{"no book", []whatif.Chapter{{}}, crossholding.ErrMissing, "chapter 0: the first chapter has no book"},
		{"undated", []whatif.Chapter{{Book: booktest.Alliance(t, "a 60 x")}}, crossholding.ErrDate, "without a date"},
		{"backwards", []whatif.Chapter{later, {Book: a}}, crossholding.ErrDate, "chapter 1: a book of 2022-12-31 after 2024-04-03"},
		{"bad step", []whatif.Chapter{{Book: a, Scenario: scenario.Scenario{Steps: []scenario.Step{{Step: "cancel", Issuer: "nissan", Shares: "99999999"}}}}}, crossholding.ErrNotEnough, "chapter 0: steps[0]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := whatif.NewTimeline(context.Background(), tt.chapters...)
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.says)
		})
	}
	line := timeline(t, whatif.Chapter{Book: a, Scenario: rebalancing()})
	_, err := line.At(context.Background(), "2020-01-01")
	require.ErrorIs(t, err, crossholding.ErrDate)
	_, err = line.At(context.Background(), "yesterday")
	require.ErrorIs(t, err, crossholding.ErrDate)
	_, err = new(whatif.Timeline).At(context.Background(), "2020-01-01")
	require.ErrorIs(t, err, crossholding.ErrDate)
	f := figure(whatif.Capital, "renault", "nissan")
	_, err = line.Explain(context.Background(), whatif.Period{Figure: f, From: "2022-12-31", To: "2024-11-29"}, whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	require.ErrorContains(t, err, "27 parts")
	_, err = line.Explain(context.Background(), whatif.Period{Figure: f, From: "2024-11-29", To: "2022-12-31"}, whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrDate)
	_, err = line.Explain(context.Background(), whatif.Period{From: "2022-12-31", To: "2024-11-29"}, whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = line.Explain(ctx, whatif.Period{Figure: f, From: "2022-12-31", To: "2024-11-29", ByDay: true}, whatif.Options{})
	require.ErrorIs(t, err, context.Canceled)
	for _, err := range line.Series(ctx, f, whatif.Options{}) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

// parts are the amounts of an explanation, which add up.
func parts(t *testing.T, line *whatif.Timeline, p whatif.Period) (amounts, causes []string) {
	t.Helper()
	e, err := line.Explain(t.Context(), p, whatif.Options{})
	require.NoError(t, err)
	sum := e.Before
	for i, part := range e.Parts {
		require.True(t, i == 0 || e.Parts[i-1].Date <= part.Date, "the parts are not in the order of the history")
		sum = sum.Add(part.Amount)
		amounts, causes = append(amounts, part.Amount.String()), append(causes, string(part.Cause))
	}
	require.True(t, sum.Equal(e.After))
	return amounts, causes
}

// Moments with the same name are not one moment, and the steps of one moment are one part.
func TestExplainMoments(t *testing.T) {
	b := booktest.Book(t, "a 60 x", "b 20 x")
	b.AsOf = "2020-01-01"
	locked := b
	locked.Agreements = []crossholding.Agreement{{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "50%"}}
	trade := func(day date.Date, group, from, to, percent string) scenario.Step {
		return scenario.Step{Step: "trade", Date: day, Group: group, From: from, To: to, Issuer: "x", Percent: ratio.Number(percent)}
	}
	swap := []scenario.Step{trade("2020-01-02", "swap", "a", "b", "20"), trade("2020-01-02", "swap", "float:x", "a", "15"),
		trade("2020-01-02", "swap", "b", "float:x", "1")}
	for _, tt := range []struct {
		name  string
		book  crossholding.Book
		steps []scenario.Step
		want  []string // what each moment changes of b's capital: all of it is its own
	}{
		{"names used again", b, steps(trade("2020-01-02", "g", "a", "b", "1"), trade("2020-01-03", "", "float:x", "b", "2"), trade("2020-01-04", "g", "a", "b", "4")),
			[]string{"0.01", "0.02", "0.04"}},
		{"on one day", b, steps(trade("2020-01-02", "g", "a", "b", "1"), trade("2020-01-02", "h", "float:x", "b", "2"), trade("2020-01-02", "g", "a", "b", "4")),
			[]string{"0.01", "0.02", "0.04"}},
		// Without the step between them, the second purchase would make good the first sale.
		{"on one day, under a lock-up", locked, steps(trade("2020-01-02", "g", "a", "b", "9"), trade("2020-01-02", "h", "b", "float:x", "2"), trade("2020-01-02", "g", "float:x", "a", "4")),
			[]string{"0.09", "-0.02", "0"}},
		{"one moment, possible only as a whole", locked, append(swap, trade("2020-01-03", "", "float:x", "b", "3")), []string{"0.19", "0.03"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line := timeline(t, whatif.Chapter{Book: booktest.New(t, tt.book), Scenario: scenario.Scenario{Steps: tt.steps}})
			for _, inOrder := range []bool{false, true} {
				got, _ := parts(t, line, whatif.Period{Figure: figure(whatif.Capital, "b", "x"), From: "2020-01-01", To: "2020-01-05", InOrder: inOrder})
				require.Equal(t, tt.want, got)
			}
		})
	}
}

// On a day on which nothing happens, what ends or begins by then has ended or begun.
func TestTimelineBetweenSteps(t *testing.T) {
	b := booktest.Book(t, "a 60 x", "b 20 x")
	b.AsOf = "2020-01-01"
	b.Agreements = []crossholding.Agreement{{ID: "calm", Kind: crossholding.AgreementNeutral, Holders: []string{"b"}, Issuer: "x", From: "2020-02-01", To: "2020-04-30"}}
	b.Rights = []crossholding.Right{{ID: "o", Kind: "option", Holder: "a", Issuer: "x", Shares: "1", To: "2020-02-01"}}
	line := timeline(t, whatif.Chapter{Book: booktest.New(t, b), Scenario: scenario.Scenario{Steps: []scenario.Step{
		{Step: "trade", Date: "2020-01-10", From: "a", To: "float:x", Issuer: "x", Percent: "8"},
		{Step: "pay", Date: "2020-05-10", From: "a", To: "b", Amount: "1 EUR"}}}})
	free := figure(whatif.Free, "a", "x")
	for day, want := range map[date.Date]string{"2020-01-01": "0.6", "2020-01-09": "0.6", "2020-01-10": "0.52", "2020-01-31": "0.52", "2020-02-01": "0.65", "2020-04-30": "0.65", "2020-05-01": "0.52", "2021-01-01": "0.52"} {
		a, err := line.At(t.Context(), day)
		require.NoError(t, err)
		require.Equal(t, day, a.AsOf())
		r, err := free.At(t.Context(), a, whatif.Options{})
		require.NoError(t, err)
		booktest.RequireRatio(t, want, r, day)
		if day >= "2020-02-02" {
			require.Empty(t, a.Book().Rights, day)
		}
	}
	for _, tt := range []struct {
		from, to       date.Date
		inOrder        bool
		amounts, cause []string
	}{
		{"2020-01-01", "2020-03-01", false, []string{"-0.1", "0.15"}, []string{"steps", "time"}}, // of 80 votes: 60, then 52
		{"2020-01-01", "2020-03-01", true, []string{"-0.08", "0.13"}, []string{"steps", "time"}},
		{"2020-01-20", "2020-03-01", false, []string{"0.13"}, []string{"time"}},
		{"2020-03-01", "2020-05-01", true, []string{"-0.13"}, []string{"time"}},
		{"2020-03-01", "2020-05-20", false, []string{"0", "-0.13"}, []string{"steps", "time"}},
		{"2020-03-01", "2020-05-20", true, []string{"-0.13"}, []string{"steps"}}, // of the step, days included
		{"2020-03-01", "2020-04-01", false, nil, nil},
	} {
		amounts, causes := parts(t, line, whatif.Period{Figure: free, From: tt.from, To: tt.to, InOrder: tt.inOrder})
		require.Equal(t, tt.amounts, amounts, "%s to %s", tt.from, tt.to)
		require.Equal(t, tt.cause, causes, "%s to %s", tt.from, tt.to)
	}
}

// cappedUntilJune is a book of which a cap ends in the middle of the year.
func cappedUntilJune(t *testing.T) *crossholding.Alliance {
	t.Helper()
	return alliance(t, crossholding.Book{AsOf: "2020-01-01",
		Companies:  []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:    []crossholding.Party{{ID: "a"}},
		Stakes:     []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "300"}},
		Agreements: []crossholding.Agreement{{ID: "c", Kind: crossholding.AgreementCap, Holders: []string{"a"}, Issuer: "x", Max: "10%", To: "2020-06-30"}},
	})
}

// Days that pass before a new book are not the book's.
func TestExplainDaysBeforeABook(t *testing.T) {
	a := cappedUntilJune(t)
	later, err := a.On("2021-01-01")
	require.NoError(t, err)
	sold := later.Book()
	sold.Stakes[0].Shares = "200"
	for name, tc := range map[string]struct {
		book    *crossholding.Alliance
		inOrder bool
		want    string
	}{
		"the same book":     {later, false, "time 0.2"},
		"another":           {alliance(t, sold), false, "time 0.2, book -0.1"},
		"another, in order": {alliance(t, sold), true, "book 0.1"},
	} {
		line, err := whatif.NewTimeline(t.Context(), whatif.Chapter{Book: a}, whatif.Chapter{Book: tc.book})
		require.NoError(t, err)
		e, err := line.Explain(t.Context(), whatif.Period{Figure: figure(whatif.Free, "a", "x"), From: "2020-01-01", To: "2021-01-01", InOrder: tc.inOrder}, whatif.Options{})
		require.NoError(t, err)
		var got []string
		for _, p := range e.Parts {
			got = append(got, fmt.Sprintf("%s %s", p.Cause, p.Amount))
		}
		require.Equal(t, tc.want, strings.Join(got, ", "), name)
	}
}

// A context that ends within a figure ends the series: it is no reason of the day.
func TestSeriesEndsWithItsContext(t *testing.T) {
	line, err := whatif.NewTimeline(t.Context(), whatif.Chapter{Book: cappedUntilJune(t)})
	require.NoError(t, err)
	left := 1
	ended := 0
	for day, err := range line.Series(countedContext{t.Context(), func() bool { left--; return left < 0 }}, figure(whatif.Control, "a", "x"), whatif.Options{}) {
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, day)
		ended++
	}
	require.Equal(t, 1, ended)
}
