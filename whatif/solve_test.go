package whatif_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

func figure(kind whatif.FigureKind, holder, issuer string) whatif.Figure {
	return whatif.Figure{Kind: kind, Holder: holder, Issuer: issuer}
}

func steps(s ...scenario.Step) []scenario.Step { return s }

// The answers were computed by hand from the counts in testdata/alliance/SOURCES.md.
func TestSolveTheAlliance(t *testing.T) {
	suspended := whatif.Goal{Figure: figure(whatif.Suspended, "nissan-finance", "renault"), Is: whatif.False}
	fifteen := whatif.Goal{Figure: figure(whatif.Capital, "renault", "nissan"), Is: whatif.AtLeast, Limit: ratio.Of(3, 20)}
	half := whatif.Goal{Figure: figure(whatif.ValueOverCost, "nissan", "mitsubishi"), Is: whatif.AtLeast, Limit: ratio.Of(1, 2)}
	tests := []struct {
		name   string
		book   string
		goal   whatif.Goal
		lever  whatif.Lever
		amount string
		beside string // empty: none
		exact  string // empty: none
	}{
		// 396,681,029 / 4 = 99,170,257.25 votes, of which Nissan Finance has 88,716,686.
		{"article 308 takes Renault's votes", "2024-04-03",
			whatif.Goal{Figure: figure(whatif.Suspended, "renault", "nissan"), Is: whatif.True},
			whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "float:renault", To: "nissan-finance", Issuer: "renault"})},
			"10453572", "10453571", ""},
		{"also where Nissan itself buys", "2024-04-03",
			whatif.Goal{Figure: figure(whatif.Suspended, "renault", "nissan"), Is: whatif.True},
			whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "float:renault", To: "nissan", Issuer: "renault"})},
			"10453572", "10453571", ""},
		// More than 40% of 4,191,815,112 votes presumes control: 1,676,726,044.8 at most.
		{"Nissan's shares speak again, entrusted", "before", suspended,
			whatif.Lever{Steps: steps(scenario.Step{Step: "entrust", From: "renault", To: "trust", Issuer: "nissan"})},
			"155111000", "155110900", ""},
		{"Nissan's shares speak again, sold one by one", "before", suspended,
			whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "renault", To: "float:nissan", Issuer: "nissan"}), Unit: ratio.Int(1)},
			"155110983", "155110982", ""},
		// 1,831,837,027 - 15% of 4,220,715,112; cancelled, this is divided by 85%.
		{"sold back down to 15%, kept", "before", fifteen,
			whatif.Lever{Steps: steps(scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan"}), Greatest: true},
			"1198729700", "1198729800", "1198729760.2"},
		{"sold back down to 15%, cancelled", "before", fifteen,
			whatif.Lever{Steps: steps(scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan", Cancel: true}), Greatest: true},
			"1410270300", "1410270400", "23974595204/17"},
		{"sold back in single shares", "before", fifteen,
			whatif.Lever{Steps: steps(scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan", Cancel: true}), Greatest: true, Unit: ratio.Int(1)},
			"1410270306", "1410270307", "23974595204/17"},
		// Control needs more than half of 1,486,982,496 votes, of which 506,620,577 are there.
		{"Nissan controls Mitsubishi", "before",
			whatif.Goal{Figure: figure(whatif.Control, "nissan", "mitsubishi"), Is: whatif.True},
			whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "float:mitsubishi", To: "nissan", Issuer: "mitsubishi"})},
			"236870700", "236870600", ""},
		// 980,361,977 of 1,960,723,896 votes: new shares are in the total too.
		{"Nissan subscribes until it controls", "before",
			whatif.Goal{Figure: figure(whatif.Control, "nissan", "mitsubishi"), Is: whatif.True},
			whatif.Lever{Steps: steps(scenario.Step{Step: "issue", To: "nissan", Issuer: "mitsubishi"})},
			"473741400", "473741300", ""},
		// 506,620,577 / 40% = 1,266,551,442.5 of 1,490,282,496 shares remain.
		{"others' shares are cancelled", "before",
			whatif.Goal{Figure: figure(whatif.Capital, "nissan", "mitsubishi"), Is: whatif.AtLeast, Limit: ratio.Of(2, 5)},
			whatif.Lever{Steps: steps(scenario.Step{Step: "buyback", From: "float:mitsubishi", Issuer: "mitsubishi", Cancel: true})},
			"223731100", "223731000", "223731053.5"},
		// The first step is made only once. A right has no trading lot here.
		{"an option is exercised until control", "before",
			whatif.Goal{Figure: figure(whatif.Control, "nissan", "mitsubishi"), Is: whatif.True},
			whatif.Lever{Steps: steps(
				scenario.Step{Step: "grant", Right: &crossholding.Right{ID: "option", Kind: "option", Holder: "nissan", Issuer: "mitsubishi", Shares: "500000000", Price: "1 JPY"}},
				scenario.Step{Step: "exercise", ID: "option"}), Open: whatif.Open{Step: 1}},
			"473741343", "473741342", ""},
		{"an option of unknown size", "before",
			whatif.Goal{Figure: figure(whatif.Control, "nissan", "mitsubishi"), Is: whatif.True},
			whatif.Lever{Steps: steps(
				scenario.Step{Step: "grant", Right: &crossholding.Right{ID: "option", Kind: "option", Holder: "nissan", Issuer: "mitsubishi", Shares: "1", Price: "1 JPY"}},
				scenario.Step{Step: "exercise", ID: "option"}), Open: whatif.Open{Key: "right.shares"}, Min: ratio.Int(1)},
			"473741343", "473741342", ""},
		{"already true", "before",
			whatif.Goal{Figure: figure(whatif.Suspended, "nissan-finance", "renault"), Is: whatif.True},
			whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "renault", To: "float:nissan", Issuer: "nissan"})},
			"0", "", ""},
		{"a price", "before", half,
			whatif.Lever{Steps: steps(scenario.Step{Step: "reprice", Prices: map[string]string{"mitsubishi": "400 JPY"}}), Open: whatif.Open{Key: "prices.mitsubishi"}},
			"234.26", "234.25", "234.26"}, // half of 468.52
		{"a rate", "2024-04-03",
			whatif.Goal{Figure: figure(whatif.Value, "renault", "nissan"), Is: whatif.AtLeast, Limit: ratio.Int(5_000_000_000)},
			whatif.Lever{Steps: steps(scenario.Step{Step: "reprice", FX: map[string]ratio.Number{"EUR/JPY": "163"}}), Open: whatif.Open{Key: "fx.EUR/JPY"}, Greatest: true},
			"180.59", "180.6", "9029796.036818/50000"}, // 1,521,704,927 shares at ¥593.4 for €5bn
		{"a threshold", "before",
			whatif.Goal{Figure: whatif.Figure{Kind: whatif.Reached, Holder: "nissan", Issuer: "renault", Rule: "FR-233-7"}, Is: whatif.AtLeast, Limit: ratio.Of(1, 4)},
			whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "float:renault", To: "nissan", Issuer: "renault"})},
			"11456209", "11456208", ""}, // more than 25% of 400,691,579 theoretical votes
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := whatif.Solve(context.Background(), book(tt.book), tt.goal, tt.lever, whatif.Options{})
			require.NoError(t, err)
			booktest.RequireRatio(t, tt.amount, s.Amount)
			require.True(t, s.At.Holds)
			require.True(t, tt.goal.Holds(s.At.Figure))
			if tt.beside == "" {
				require.Nil(t, s.Beside)
			} else {
				booktest.RequireRatio(t, tt.beside, s.Beside.Amount)
				require.False(t, s.Beside.Holds)
				require.False(t, tt.goal.Holds(s.Beside.Figure))
			}
			switch {
			case tt.exact == "":
				require.Nil(t, s.Exact)
			case tt.name == "a rate":
				require.True(t, s.Exact.Mul(ratio.Int(5_000_000_000)).Equal(ratio.Int(1_521_704_927).Mul(ratio.MustParse("593.4"))))
			default:
				booktest.RequireRatio(t, tt.exact, *s.Exact)
			}
			require.Less(t, s.Tried, 100)
		})
	}
}

// The answer is the one that trying every amount gives, for random small books.
func TestSolveAgainstEveryAmount(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	solved, refused, notMonotone := 0, 0, 0
	for range testkit.Size(60, 3000) {
		a, goal, lever := randomQuestion(t, rng)
		figures := everyAmount(t, a, goal, lever)
		if goal.Is != whatif.True && goal.Is != whatif.False && rng.IntN(4) > 0 { // a limit that is passed
			goal.Limit = figures[rng.IntN(len(figures))].Add(figures[len(figures)-1]).Div(ratio.Int(2))
		}
		holds := make([]bool, len(figures))
		for i, f := range figures {
			holds[i] = goal.Holds(f)
		}
		changes, first := 0, -1
		for i := 1; i < len(holds); i++ {
			if holds[i] != holds[i-1] {
				changes++
				if first < 0 {
					first = i
				}
			}
		}
		s, err := whatif.Solve(context.Background(), a, goal, lever, whatif.Options{Probes: 4})
		switch {
		case err == nil && s.Beside != nil:
			n := int(s.Amount.Num().Int64())
			beside := n - 1
			if lever.Greatest {
				beside = n + 1
			}
			require.True(t, holds[n])
			require.False(t, holds[beside])
			if changes == 1 {
				require.Equal(t, first, max(n, beside), "%s", goal)
			}
			solved++
		case err == nil && lever.Greatest:
			require.True(t, holds[0] && holds[len(holds)-1])
			require.Equal(t, len(holds)-1, int(s.Amount.Num().Int64()))
		case err == nil:
			require.True(t, holds[0])
			require.True(t, s.Amount.IsZero())
		default:
			if changes < 2 { // the same everywhere
				require.ErrorIs(t, err, whatif.ErrNoSolution)
			}
			if errors.Is(err, whatif.ErrNotMonotone) {
				notMonotone++
			}
			refused++
		}
	}
	require.Greater(t, solved, testkit.Size(4, 200))
	require.Greater(t, refused, 0)
	t.Logf("%d solved, %d refused, %d of these not monotone", solved, refused, notMonotone)
}

// everyAmount tries every amount until a step fails.
func everyAmount(t *testing.T, a *crossholding.Alliance, goal whatif.Goal, lever whatif.Lever) (figures []ratio.Ratio) {
	for n := int64(0); n <= 300; n++ {
		st := lever.Steps[0]
		st.Shares = ratio.Int(n).Number()
		o, err := scenario.Run(context.Background(), a, scenario.Scenario{Steps: steps(st)})
		if err != nil {
			break
		}
		f, err := goal.At(context.Background(), o.After, whatif.Options{})
		require.NoError(t, err)
		figures = append(figures, f)
	}
	return figures
}

func randomQuestion(t *testing.T, rng *rand.Rand) (*crossholding.Alliance, whatif.Goal, whatif.Lever) {
	num := func(n int) ratio.Number { return ratio.Int(int64(n)).Number() }
	ax, bx, ay, xy := rng.IntN(60), rng.IntN(60), rng.IntN(80), rng.IntN(60)
	b := crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "x", Country: "JP", Shares: []crossholding.ShareClass{{Issued: num(200), Treasury: num(rng.IntN(20))}}},
			{ID: "y", Country: "FR", Shares: []crossholding.ShareClass{{Issued: num(150)}}},
		},
		Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "t", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "a", Issuer: "x", Shares: num(ax)}, {Holder: "b", Issuer: "x", Shares: num(bx)},
			{Holder: "a", Issuer: "y", Shares: num(ay)}, {Holder: "x", Issuer: "y", Shares: num(xy)},
			{Holder: "y", Issuer: "x", Shares: num(rng.IntN(50))},
		},
	}
	kinds := []whatif.FigureKind{whatif.Capital, whatif.Economic, whatif.Integrated, whatif.Free, whatif.Exercisable, whatif.Control, whatif.Suspended, whatif.FreeVotes}
	goal := whatif.Goal{Figure: figure(kinds[rng.IntN(len(kinds))], []string{"a", "b", "y"}[rng.IntN(3)], "x")}
	switch goal.Kind {
	case whatif.Control, whatif.Suspended:
		goal.Is = []whatif.Comparison{whatif.True, whatif.False}[rng.IntN(2)]
	case whatif.FreeVotes:
		goal.Is, goal.Limit = whatif.AtLeast, ratio.Int(int64(rng.IntN(90)))
	default:
		goal.Is = []whatif.Comparison{whatif.AtLeast, whatif.MoreThan, whatif.AtMost, whatif.LessThan}[rng.IntN(4)]
		goal.Limit = ratio.Of(int64(rng.IntN(45)), 100)
	}
	from := []string{"a", "b", "float:x", "y"}[rng.IntN(4)]
	all := []scenario.Step{
		{Step: "trade", From: from, To: "float:x", Issuer: "x"}, {Step: "trade", From: "float:x", To: "a", Issuer: "x"},
		{Step: "buyback", From: from, Issuer: "x"}, {Step: "buyback", From: from, Issuer: "x", Cancel: true},
		{Step: "cancel", Issuer: "x"}, {Step: "entrust", From: "a", To: "t", Issuer: "x"},
	}
	st := all[rng.IntN(len(all))]
	if st.Step == "trade" && st.From == st.To {
		st.From = "a"
	}
	if st.From != "" && st.From != "float:x" && rng.IntN(3) > 0 {
		goal.Holder = st.From
	}
	a := booktest.New(t, b)
	return a, goal, whatif.Lever{Steps: steps(st), Greatest: rng.IntN(2) == 0}
}

func TestSolveRefuses(t *testing.T) {
	a := book("before")
	sale := scenario.Step{Step: "trade", From: "renault", To: "float:nissan", Issuer: "nissan"}
	capital := whatif.Goal{Figure: figure(whatif.Capital, "renault", "nissan"), Is: whatif.LessThan, Limit: ratio.Of(3, 20)}
	tests := []struct {
		name  string
		goal  whatif.Goal
		lever whatif.Lever
		kind  error
		says  string
	}{
		{"no steps", capital, whatif.Lever{}, crossholding.ErrRange, "steps[0].shares: the scenario has 0 steps"},
		{"no such step", capital, whatif.Lever{Steps: steps(sale), Open: whatif.Open{Step: -1}}, crossholding.ErrRange, "has 1 steps"},
		{"no such key", capital, whatif.Lever{Steps: steps(sale), Open: whatif.Open{Key: "sharez"}}, crossholding.ErrUnknown, "steps[0].sharez is no number of a step"},
		{"no number", capital, whatif.Lever{Steps: steps(sale), Open: whatif.Open{Key: "cancel"}}, crossholding.ErrUnknown, "is no number"},
		{"nothing below", capital, whatif.Lever{Steps: steps(sale), Open: whatif.Open{Key: "from.x"}}, crossholding.ErrUnknown, "has no keys below it"},
		{"no figure", whatif.Goal{Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrMissing, "without a kind"},
		{"unknown figure", whatif.Goal{Figure: figure("wealth", "renault", "nissan"), Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrUnknown, `"wealth"`},
		{"no holder", whatif.Goal{Figure: figure(whatif.Capital, "", "nissan"), Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrMissing, "of whom?"},
		{"no issuer", whatif.Goal{Figure: figure(whatif.Capital, "renault", ""), Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrMissing, "in which company?"},
		{"no rule", whatif.Goal{Figure: figure(whatif.Reached, "renault", "nissan"), Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrMissing, "id of a threshold"},
		{"idle rule", whatif.Goal{Figure: whatif.Figure{Kind: whatif.Capital, Holder: "renault", Issuer: "nissan", Rule: "x"}, Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrSyntax, "no use for the rule"},
		{"no comparison", whatif.Goal{Figure: capital.Figure}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrMissing, "the goal has no comparison"},
		{"unknown comparison", whatif.Goal{Figure: capital.Figure, Is: "over"}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrUnknown, `"over"`},
		{"idle limit", whatif.Goal{Figure: capital.Figure, Is: whatif.True, Limit: ratio.Int(1)}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrSyntax, "no use for the limit"},
		{"negative unit", capital, whatif.Lever{Steps: steps(sale), Unit: ratio.Int(-1)}, crossholding.ErrRange, "must not be negative"},
		{"bounds that cross", capital, whatif.Lever{Steps: steps(sale), Min: ratio.Int(5), Max: ratio.Int(4)}, crossholding.ErrRange, "max 4 is below min 5"},
		{"too fine", capital, whatif.Lever{Steps: steps(sale), Unit: ratio.Of(1, 1<<60), Max: ratio.Int(1)}, crossholding.ErrRange, "at most 2^50"},
		{"unknown holder", whatif.Goal{Figure: figure(whatif.Capital, "ford", "nissan"), Is: whatif.True}, whatif.Lever{Steps: steps(sale)}, crossholding.ErrUnknown, `"ford"`},
		{"unknown seller", capital, whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "ford", To: "float:nissan", Issuer: "nissan"})}, crossholding.ErrUnknown, "ford"},
		{"never", whatif.Goal{Figure: figure(whatif.Capital, "nissan-finance", "renault"), Is: whatif.LessThan, Limit: ratio.Of(1, 10)}, whatif.Lever{Steps: steps(sale)}, whatif.ErrNoSolution, "and no more is possible"},
		{"false from the start", whatif.Goal{Figure: capital.Figure, Is: whatif.MoreThan, Limit: ratio.Of(1, 2)}, whatif.Lever{Steps: steps(sale), Greatest: true}, whatif.ErrNoSolution, "false already at 0"},
		{"beyond the given end", capital, whatif.Lever{Steps: steps(sale), Max: ratio.Int(1000)}, whatif.ErrNoSolution, " and 0.43401082006 at 1000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := whatif.Solve(context.Background(), a, tt.goal, tt.lever, whatif.Options{})
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.says)
			require.Regexp(t, `^whatif: `, err.Error())
		})
	}
	t.Run("an ended context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := whatif.Solve(ctx, a, capital, whatif.Lever{Steps: steps(sale)}, whatif.Options{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// A condition that is true only between two amounts is refused. The first and the last
// hundred shares cost 100 each, and those between them 1: at a price of 50, value is near
// cost only when the first hundred are sold.
func TestSolveNotMonotone(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "a"}},
		Stakes: []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "300", Lots: []crossholding.Lot{
			{Date: "2001-01-01", Shares: "100", Price: "100"}, {Date: "2002-01-01", Shares: "100", Price: "1"}, {Date: "2003-01-01", Shares: "100", Price: "100"},
		}}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"x": "50 EUR"}},
	})
	goal := whatif.Goal{Figure: figure(whatif.ValueOverCost, "a", "x"), Is: whatif.AtLeast, Limit: ratio.Of(9, 10)}
	lever := whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "a", To: "float:x", Issuer: "x", Price: "50"}), Max: ratio.Int(299)}
	_, err := whatif.Solve(context.Background(), a, goal, lever, whatif.Options{})
	var not *whatif.NotMonotoneError
	require.ErrorAs(t, err, &not)
	require.Len(t, not.Points, 3)
	require.Equal(t, []bool{false, true, false}, []bool{not.Points[0].Holds, not.Points[1].Holds, not.Points[2].Holds})
	lever.Max = ratio.Int(100) // as far as it is monotone
	s, err := whatif.Solve(context.Background(), a, goal, lever, whatif.Options{})
	require.NoError(t, err)
	booktest.RequireRatio(t, "78", s.Amount) // 50·222 / (100·22 + 100 + 10000) is the first above 9/10
}

// The steps of one moment are made together, also those before the open one: a may sell 20 at
// once if another buys them for it.
func TestSolveWithinAMoment(t *testing.T) {
	b := booktest.Alliance(t, "a 60 x", "b 20 x").Book()
	b.Agreements = []crossholding.Agreement{{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "50%"}}
	goal := whatif.Goal{Figure: figure(whatif.Capital, "a", "x"), Is: whatif.AtLeast, Limit: ratio.Of(55, 100)}
	s, err := whatif.Solve(context.Background(), booktest.New(t, b), goal, whatif.Lever{
		Steps: steps(
			scenario.Step{Step: "trade", From: "a", To: "b", Issuer: "x", Shares: "20", Group: "swap"},
			scenario.Step{Step: "trade", From: "b", To: "a", Issuer: "x", Group: "swap"}),
		Open: whatif.Open{Step: 1}, Unit: ratio.Int(1), Min: ratio.Int(10)}, whatif.Options{})
	require.NoError(t, err)
	booktest.RequireRatio(t, "15", s.Amount)
}

func TestJSON(t *testing.T) {
	goal := whatif.Goal{Figure: figure(whatif.Capital, "renault", "nissan"), Is: whatif.AtLeast, Limit: ratio.Of(3, 20)}
	lever := whatif.Lever{Steps: steps(scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan"}), Greatest: true, Open: whatif.Open{Key: "shares"}}
	text, err := json.Marshal(goal)
	require.NoError(t, err)
	require.JSONEq(t, `{"figure":"capital","holder":"renault","issuer":"nissan","is":"at least","limit":"0.15"}`, string(text))
	for _, v := range []any{goal, lever} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		switch v := v.(type) {
		case whatif.Goal:
			var back whatif.Goal
			require.NoError(t, json.Unmarshal(text, &back))
			require.Equal(t, fmt.Sprint(v), fmt.Sprint(back))
		case whatif.Lever:
			var back whatif.Lever
			require.NoError(t, json.Unmarshal(text, &back))
			require.Equal(t, v, back)
		}
	}
	s, err := whatif.Solve(context.Background(), book("before"), goal, lever, whatif.Options{})
	require.NoError(t, err)
	text, err = json.Marshal(s)
	require.NoError(t, err)
	require.Contains(t, string(text), `"amount":"1198729700"`)
	require.Contains(t, string(text), `"exact":"1198729760.2"`)
	var back whatif.Solution
	require.NoError(t, json.Unmarshal(text, &back))
	require.True(t, back.Amount.Equal(s.Amount))
}

// A figure that rounds to the limit says on which side of it it is.
func TestFiguresNearTheLimit(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "10000000000000000"}}}},
		Parties:   []crossholding.Party{{ID: "a"}, {ID: "b"}},
		Stakes:    []crossholding.Stake{{Holder: "b", Issuer: "x", Shares: "1"}},
	})
	goal := whatif.Goal{Figure: figure(whatif.Capital, "a", "x"), Is: whatif.AtLeast, Limit: ratio.Int(1)}
	lever := whatif.Lever{Steps: steps(scenario.Step{Step: "trade", From: "float:x", To: "a", Issuer: "x"}), Max: ratio.Int(9999999999999999), Unit: ratio.Int(9999999999999999)}
	_, err := whatif.Solve(t.Context(), a, goal, lever, whatif.Options{})
	require.ErrorIs(t, err, whatif.ErrNoSolution)
	require.ErrorContains(t, err, "just below 1 at 9,999,999,999,999,999")
	goal.Limit = ratio.Of(1, 1e16)
	lever.Max, lever.Unit = ratio.Int(3), ratio.Int(1)
	s, err := whatif.Solve(t.Context(), a, goal, lever, whatif.Options{})
	require.NoError(t, err)
	require.Contains(t, s.String(), "steps[0].shares = 1 (trade of x from float:x to a): the figure is just above 0; at 0 it is 0 (")
	goal.Is, goal.Limit = whatif.True, ratio.Ratio{}
	s, err = whatif.Solve(t.Context(), a, goal, lever, whatif.Options{})
	require.NoError(t, err)
	require.Contains(t, s.String(), "steps[0].shares = 1 (trade of x from float:x to a): the figure is just above 0; at 0 it is 0 (")
}

// heldLots is a book in which a has half of x, in the given lots.
func heldLots(t *testing.T, lots ...crossholding.Lot) *crossholding.Alliance {
	t.Helper()
	var sum ratio.Ratio
	for _, lot := range lots {
		n, err := lot.Shares.Ratio()
		require.NoError(t, err)
		sum = sum.Add(n)
	}
	return alliance(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: sum.Mul(ratio.Int(2)).Number()}}}},
		Parties:   []crossholding.Party{{ID: "a"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: sum.Number(), Lots: lots}},
		Market:    &crossholding.Market{Currency: "EUR", Prices: map[string]string{"x": "50 EUR"}},
	})
}

var soldToOutsiders = steps(scenario.Step{Step: scenario.StepTrade, From: "a", To: "float:x", Issuer: "x"})

// The same question has the same error, and more amounts are tried over the whole range.
func TestProbes(t *testing.T) {
	a := heldLots(t, crossholding.Lot{Date: "2001-01-01", Shares: "100", Price: "100"}, crossholding.Lot{Date: "2002-01-01", Shares: "100", Price: "1"}, crossholding.Lot{Date: "2003-01-01", Shares: "100", Price: "100"})
	goal := whatif.Goal{Figure: figure(whatif.ValueOverCost, "a", "x"), Is: whatif.AtLeast, Limit: ratio.Of(9, 10)}
	seen := map[string]bool{}
	for range 30 {
		_, err := whatif.Solve(t.Context(), a, goal, whatif.Lever{Steps: soldToOutsiders, Max: ratio.Int(299)}, whatif.Options{})
		require.ErrorIs(t, err, whatif.ErrNotMonotone)
		seen[err.Error()] = true
	}
	require.Len(t, seen, 1)

	// Of 3.6 million shares, the condition is false between 1.10 and 1.29 million.
	a = heldLots(t, crossholding.Lot{Date: "2001-01-01", Shares: "1200000", Price: "1"}, crossholding.Lot{Date: "2002-01-01", Shares: "1200000", Price: "100"}, crossholding.Lot{Date: "2003-01-01", Shares: "1200000", Price: "1"})
	goal.Limit = ratio.Of(103, 100)
	lever := whatif.Lever{Steps: soldToOutsiders, Unit: ratio.Int(1), Max: ratio.Int(3599999), Greatest: true}
	for _, probes := range []int{16, testkit.Size(100, 1<<20)} {
		_, err := whatif.Solve(t.Context(), a, goal, lever, whatif.Options{Probes: probes})
		require.ErrorIs(t, err, whatif.ErrNotMonotone, "%d probes", probes)
	}
}

// The last share has a cost, and none has none: the figure ends before the lever does. By hand:
// after a sale of 278, two shares for 1 and twenty for 100 are left, 22·50/2002 of their cost.
func TestFigureThatEndsBeforeTheLever(t *testing.T) {
	a := heldLots(t, crossholding.Lot{Date: "2001-01-01", Shares: "280", Price: "1"}, crossholding.Lot{Date: "2002-01-01", Shares: "20", Price: "100"})
	goal := whatif.Goal{Figure: figure(whatif.ValueOverCost, "a", "x"), Is: whatif.AtMost, Limit: ratio.Of(55, 100)}
	s, err := whatif.Solve(t.Context(), a, goal, whatif.Lever{Steps: soldToOutsiders}, whatif.Options{})
	require.NoError(t, err)
	require.Equal(t, "278", s.Amount.String())
	goal.Limit = ratio.Of(1, 10) // never: the dear shares are worth half of their cost
	_, err = whatif.Solve(t.Context(), a, goal, whatif.Lever{Steps: soldToOutsiders}, whatif.Options{})
	require.ErrorIs(t, err, whatif.ErrNoSolution)
	require.ErrorIs(t, err, ratio.ErrDivisionByZero)
	require.ErrorContains(t, err, "no amount from 0 to 299 makes")
}

// The trading lot is that before the open step, and the key is that of the step, letter by letter.
func TestLeversReadTheirStep(t *testing.T) {
	a := heldLots(t, crossholding.Lot{Date: "2001-01-01", Shares: "300", Price: "1"})
	goal := whatif.Goal{Figure: figure(whatif.Capital, "a", "x"), Is: whatif.AtMost, Limit: ratio.Of(1, 5)}
	amended := append(steps(scenario.Step{Step: scenario.StepAmend, Issuer: "x", Lot: "100"}), soldToOutsiders...)
	s, err := whatif.Solve(t.Context(), a, goal, whatif.Lever{Steps: amended, Open: whatif.Open{Step: 1}}, whatif.Options{})
	require.NoError(t, err)
	require.Equal(t, "100", s.Lever.Unit.String())
	require.Equal(t, "200", s.Amount.String())
	for _, key := range []string{"Shares", "shares.", "SHARES", "sharez", "note", "group", "from", "date", "issuer", "step"} {
		step := soldToOutsiders[0]
		step.Shares = "10"
		_, err := whatif.Solve(t.Context(), a, goal, whatif.Lever{Steps: steps(step), Open: whatif.Open{Key: key}}, whatif.Options{})
		require.ErrorIs(t, err, crossholding.ErrUnknown, key)
	}
}

// Up to which ratio of a merger does the buyer's shareholder keep control? By hand: 60,000 of
// 100,000 + 100,000r shares are more than half of them for r below 1/5.
func TestSolveForARatio(t *testing.T) {
	a := alliance(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100000"}}}, {ID: "y", Shares: []crossholding.ShareClass{{Issued: "100000"}}}},
		Parties:   []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "x", Shares: "60000"}, {Holder: "q", Issuer: "x", Shares: "40000"}, {Holder: "q", Issuer: "y", Shares: "100000"}},
	})
	goal := whatif.Goal{Figure: figure(whatif.Control, "p", "x"), Is: whatif.True}
	merger := steps(scenario.Step{Step: scenario.StepMerge, Issuer: "y", Into: "x"})
	for unit, want := range map[string][2]string{"": {"0.19", "0.2"}, "1/3000": {"599/3000", "0.2"}} {
		lever := whatif.Lever{Steps: merger, Open: whatif.Open{Key: "ratio"}, Greatest: true, Max: ratio.Int(1)}
		if unit != "" {
			lever.Unit = ratio.MustParse(unit)
		}
		s, err := whatif.Solve(t.Context(), a, goal, lever, whatif.Options{})
		require.NoError(t, err)
		require.Equal(t, want, [2]string{s.Amount.String(), s.Beside.Amount.String()})
	}
}
