package scenario_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// eventBook has two companies that hold each other's shares, a holding company, lots and a
// right.
func eventBook() crossholding.Book {
	lots := func(n, price ratio.Number) []crossholding.Lot {
		return []crossholding.Lot{{Date: "2020-03-04", Shares: n, Price: price}}
	}
	return crossholding.Book{
		AsOf: "2024-01-02",
		Companies: []crossholding.Company{
			{ID: "t", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "300", Treasury: "12"}}},
			{ID: "a", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}, {Class: "pref", Issued: "200", Votes: "0"}}},
			{ID: "hd", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "10"}}},
			{ID: "ring", Shares: []crossholding.ShareClass{{Issued: "10"}}},
			{ID: "gnir", Shares: []crossholding.ShareClass{{Issued: "10"}}},
		},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "k"}, {ID: "u"}, {ID: "trust", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "a", Issuer: "t", Shares: "90"},
			{Holder: "h", Issuer: "t", Shares: "150", Lots: lots("150", "6")},
			{Holder: "t", Issuer: "a", Shares: "100"},
			{Holder: "h", Issuer: "a", Shares: "60", Lots: lots("60", "2")},
			{Holder: "trust", Beneficiary: "h", Voter: crossholding.Neutral, Issuer: "a", Shares: "40"},
			{Holder: "h", Issuer: "hd", Shares: "10", Lots: lots("10", "9")},
			{Holder: "hd", Issuer: "a", Shares: "50"},
			{Holder: "hd", Issuer: "t", Shares: "20"},
			{Holder: "ring", Issuer: "gnir", Shares: "10"},
			{Holder: "gnir", Issuer: "ring", Shares: "10"},
		},
		Rights: []crossholding.Right{{ID: "o1", Holder: "k", Issuer: "a", Shares: "9", Price: "4 EUR", From: "2024-02-01", To: "2024-06-30"}},
	}
}

type event = scenario.Step

// TestCheck: Check and Run tell all steps that are not valid, each with its index.
func TestCheck(t *testing.T) {
	good := event{Step: "trade", From: "h", To: "u", Issuer: "t", Shares: "1"}
	require.NoError(t, scenario.Scenario{}.Check())
	require.NoError(t, scenario.Scenario{Steps: []event{good}}.Check())
	group := event{Step: "advance_date", Date: "2024-03-01", Group: "g"}
	later := group
	later.Date = "2024-03-02"
	s := scenario.Scenario{Breaches: "ask", Steps: []event{good, {Step: "trade", Issuer: "t", Shares: "-1"}, group, later}}
	_, ran := scenario.Run(t.Context(), booktest.New(t, eventBook()), s)
	for _, err := range []error{s.Check(), ran} {
		require.ErrorIs(t, err, scenario.ErrStep)
		require.ErrorIs(t, err, crossholding.ErrDate)
		var bad *scenario.CheckError
		require.ErrorAs(t, err, &bad)
		require.ErrorContains(t, bad.Breaches, "ask")
		require.Len(t, bad.Steps, 2)
		var faults *crossholding.InputError
		require.ErrorAs(t, bad.Steps[0].Reason, &faults)
		require.Equal(t, 1, bad.Steps[0].Index)
		require.Equal(t, "from", faults.Faults[0].Place)
		require.Len(t, faults.Faults, 3)
		require.Equal(t, 3, bad.Steps[1].Index)
		require.Zero(t, bad.More)
	}
	err := scenario.Scenario{Steps: slices.Repeat([]event{{Step: "pay"}}, 1003)}.Check()
	var bad *scenario.CheckError
	require.ErrorAs(t, err, &bad)
	require.Len(t, bad.Steps, 1000)
	require.ErrorContains(t, err, "and 3 more steps")
}

// TestUnknownNamesOnce: an error tells each name that the book does not have once, and a long one in
// short, also if the step stops at it, or at something else of the same name.
func TestUnknownNamesOnce(t *testing.T) {
	long := strings.Repeat("n", 12000)
	short := strings.Repeat("n", 57) + `..."`
	for _, tc := range []struct {
		name string
		step event
		says []string // the lines, but for what the step is
	}{
		{"a long name", event{Step: "trade", From: long, To: "u", Issuer: "t", Shares: "9"}, []string{`"` + short + " is neither a company nor a party of the book: unknown name"}},
		{"a long issuer", event{Step: "split", Issuer: long, Ratio: "2:1"}, []string{`issuer "` + short + " is not a company of the book: unknown name"}},
		{"a long class", event{Step: "split", Issuer: "t", Class: long, Ratio: "2:1"}, []string{`t has no class "` + short + " of shares: unknown name"}},
		{"a long voter", event{Step: "entrust", From: "h", To: "u", Issuer: "t", Voter: long, Shares: "9"}, []string{`voter "` + short + " is neither a company nor a party of the book: unknown name"}},
		{"long names that begin alike", event{Step: "trade", From: long, To: long + "n", Issuer: "t", Shares: "9"},
			[]string{`"` + short + `, "` + short + " are neither companies nor parties of the book: unknown name"}},
		{"a long name and a class", event{Step: "trade", From: long, To: "u", Issuer: "t", Class: "q", Shares: "9"},
			[]string{`"` + short + " is neither a company nor a party of the book: unknown name", `t has no class "q" of shares: unknown name`}},
		{"a right and a party of one name", event{Step: "trade", ID: "q", To: "q"},
			[]string{`"q" is neither a company nor a party of the book: unknown name`, `right "q": unknown name`}},
		{"a long right", event{Step: "exercise", ID: long}, []string{`right "` + short + ": unknown name"}},
		{"a party as a company", event{Step: "trade", From: "q", To: "u", Issuer: "h", Shares: "9"},
			[]string{`"q" is neither a company nor a party of the book: unknown name`, `issuer "h" is not a company of the book: unknown name`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := scenario.Run(t.Context(), booktest.New(t, eventBook()), scenario.Scenario{Steps: []scenario.Step{tc.step}})
			require.ErrorIs(t, err, crossholding.ErrUnknown)
			require.EqualError(t, err, "scenario: steps[0] ("+string(tc.step.Step)+"): "+strings.Join(tc.says, "\n"))
		})
	}
}

// TestEventsFail has the errors of events: each names the step, the party and the figures.
func TestEventsFail(t *testing.T) {
	for _, tc := range []struct {
		name string
		step scenario.Step
		kind error
		says string
	}{
		{"sells more than is held", event{Step: "trade", From: "h", To: "k", Issuer: "t", Shares: "151"}, crossholding.ErrNotEnough, "h has 150 shares of t (ordinary), and 151 are to move, 1 too many"},
		{"buys back more than is outside", event{Step: "buyback", From: "float:t", Issuer: "t", Shares: "29"}, crossholding.ErrNotEnough, "float:t has 28 shares"},
		{"merges into itself", event{Step: "merge", Issuer: "t", Into: "t", Ratio: "1:1"}, crossholding.ErrSelfStake, "t merges into itself"},
		{"merges into one that it owns in a ring", event{Step: "merge", Issuer: "ring", Into: "gnir", Ratio: "1:1"}, crossholding.ErrNoOutsideOwner, "gnir would hold all of its 10 shares itself"},
		{"distributes more than it has", event{Step: "distribute", Issuer: "hd", Asset: "t", Ratio: "3:1"}, crossholding.ErrNotEnough, "not enough: 30 of 20"},
		{"distributes itself", event{Step: "distribute", Issuer: "t", Asset: "t", Ratio: "1:1", From: "h"}, crossholding.ErrSelfStake, "t distributes shares of itself"},
		{"ratio of zero", event{Step: "split", Issuer: "t", Ratio: "2:0"}, crossholding.ErrRange, "ratio 2:0"},
		{"ratio in words", event{Step: "split", Issuer: "t", Ratio: "double"}, crossholding.ErrSyntax, "new:old"},
		{"ratio missing", event{Step: "split", Issuer: "t"}, crossholding.ErrMissing, "split without ratio"},
		{"cash for fractions without a price", event{Step: "split", Issuer: "t", Ratio: "1:7", Fractions: "cash"}, crossholding.ErrMissing, "price of a share"},
		{"a price that nothing costs", event{Step: "split", Issuer: "t", Ratio: "1:7", Price: "3"}, crossholding.ErrSyntax, "only fractions in cash"},
		{"rights taken by nobody", event{Step: "rights", Issuer: "t", Ratio: "1:3", Price: "3 EUR"}, crossholding.ErrMissing, "nobody takes any of the 95 new shares of t"},
		{"rights of one without shares", event{Step: "rights", Issuer: "t", Ratio: "1:3", Takes: map[string]string{"u": "all"}}, crossholding.ErrNotEnough, "u has no shares of t"},
		{"more rights than are due", event{Step: "rights", Issuer: "t", Ratio: "1:3", Takes: map[string]string{"h": "51"}}, crossholding.ErrNotEnough, "h takes 51 of 50"},
		{"rights of two without shares", event{Step: "rights", Issuer: "t", Ratio: "1:3", Takes: map[string]string{"u": "all", "h": "51"}}, crossholding.ErrNotEnough, "h takes 51 of 50 new shares of t: not enough shares"},
		{"two tender too many", event{Step: "offer", Issuer: "t", To: "u", Shares: "9", Tendered: map[string]string{"h": "151", "u": "1", "q": "1"}}, crossholding.ErrUnknown, "h tenders 151 of 150 shares of t: not enough shares\n\"q\" is neither"},
		{"names that nobody has", event{Step: "trade", From: "q", To: "r", Issuer: "s", Shares: "9"}, crossholding.ErrUnknown, `"q", "r", "s" are neither companies nor parties of the book`},
		{"names of tenders", event{Step: "offer", Issuer: "t", To: "r", Shares: "9", Tendered: map[string]string{"q": "1"}}, crossholding.ErrUnknown, `"r", "q" are neither`},
		{"names and figures of takes", event{Step: "rights", Issuer: "t", Ratio: "1:1", Takes: map[string]string{"q": "1", "r": "1", "h": "151"}}, crossholding.ErrUnknown, "\"q\", \"r\" are neither companies nor parties of the book: unknown name\nh takes 151 of 150 new shares of t: not enough shares"},
		{"names that take", event{Step: "rights", Issuer: "t", Ratio: "1:3", To: "r", Takes: map[string]string{"q": "1"}}, crossholding.ErrUnknown, `"r", "q" are neither`},
		{"classes that it does not have", event{Step: "convert", Issuer: "t", Class: "b", ToClass: "c", From: "q", Ratio: "1:1"}, crossholding.ErrUnknown, "\"q\" is neither a company nor a party of the book: unknown name\nt has no class \"b\" of shares: unknown name\nt has no class \"c\" of shares: unknown name"},
		{"classes of two companies", event{Step: "distribute", Issuer: "t", Class: "b", Asset: "a", ToClass: "c", Ratio: "1:1"}, crossholding.ErrUnknown, "t has no class \"b\" of shares: unknown name\na has no class \"c\" of shares"},
		{"a name and a figure", event{Step: "trade", ID: "o1", To: "q", Shares: "10"}, crossholding.ErrNotEnough, "\"q\" is neither a company nor a party of the book: unknown name\nright o1 is to 9 shares of a, and the step is about 10: not enough shares"},
		{"two facts that are none", event{Step: "retract", Controls: []crossholding.ControlFact{{Controller: "k", Company: "t", By: "state"}, {Controller: "h", Company: "t", By: "voting"}}}, crossholding.ErrUnknown, "k controls t by state: no such fact: unknown name\nh controls t by voting: no such fact"},
		{"two that cannot pass on", event{Step: "dividend", Issuer: "t", PerShare: "1 EUR", PassOn: map[string]string{"h": "50%", "q": "50%"}}, crossholding.ErrUnknown, "\"h\" is not a company of the book: unknown name\npass_on: \"q\" is not a company"},
		{"two lots that are not there", event{Step: "trade", Issuer: "t", From: "h", To: "k", Shares: "9", Method: "specific", Lots: []crossholding.Lot{{Date: "2020-03-04", Shares: "151"}, {Date: "2021-01-01"}}}, crossholding.ErrNotEnough, "h in t: 151 shares of the lot of 2020-03-04 named, 150 there: not enough shares; no lot of 2021-01-01 is there or left"},
		{"held for another", event{Step: "trade", Issuer: "a", Class: "ordinary", From: "trust", Beneficiary: "h", To: "k", Shares: "41"}, crossholding.ErrNotEnough, "trust for h has 40 shares of a (ordinary), and 41 are to move"},
		{"backwards", event{Step: "split", Issuer: "t", Ratio: "2:1", Date: "2023-12-31"}, crossholding.ErrDate, "the book is of 2024-01-02, after 2023-12-31"},
		{"exercise before the first day", event{Step: "exercise", ID: "o1"}, crossholding.ErrDate, "right o1 can be exercised from 2024-02-01"},
		{"exercise after the last day", event{Step: "exercise", ID: "o1", Date: "2024-07-01"}, crossholding.ErrDate, "right o1 lapsed after 2024-06-30"},
		{"exercise of more", event{Step: "exercise", ID: "o1", Shares: "10", Date: "2024-03-01"}, crossholding.ErrNotEnough, "right o1 is to 9 shares of a"},
		{"no such right", event{Step: "lapse", ID: "o2"}, crossholding.ErrUnknown, `right "o2"`},
		{"a right of another", event{Step: "trade", ID: "o1", From: "h", To: "u"}, crossholding.ErrUnknown, "right o1 belongs to k, not to h"},
		{"a right twice", event{Step: "grant", Right: &crossholding.Right{ID: "o1", Holder: "k", Issuer: "a", Shares: "1"}}, crossholding.ErrDuplicate, "already"},
		{"tenders more than it has", event{Step: "offer", Issuer: "t", To: "u", Shares: "10", Price: "3 EUR", Tendered: map[string]string{"h": "151"}}, crossholding.ErrNotEnough, "h tenders 151 of 150"},
		{"paid twice", event{Step: "trade", Issuer: "t", From: "h", To: "a", Shares: "1", Price: "2 EUR", For: &scenario.SharePayment{Issuer: "a", Ratio: "1:1"}}, crossholding.ErrDuplicate, "paid in shares and in cash"},
		{"own shares that the buyer does not have", event{Step: "trade", Issuer: "t", From: "h", To: "u", Shares: "4", For: &scenario.SharePayment{Issuer: "a", Ratio: "1:2", Source: "own"}}, crossholding.ErrNotEnough, "u has 0 shares of a"},
		{"everyone without a percentage", event{Step: "trade", Issuer: "t", From: "*", To: "u", Shares: "1"}, crossholding.ErrMissing, "which percentage"},
		{"cost of two assets", event{Step: "liquidate", Issuer: "hd"}, crossholding.ErrMissing, "cost_share"},
		{"cost shares that are not all", event{Step: "liquidate", Issuer: "hd", CostShare: scenario.CostShare{"a": "50%", "t": "40%"}}, crossholding.ErrRange, "cost_share adds up to 90%"},
		{"a cost share by asset in a distribution", event{Step: "distribute", Issuer: "hd", Asset: "t", Ratio: "1:10", CostShare: scenario.CostShare{"": "50%", "t": "10%"}}, crossholding.ErrSyntax, "only a liquidate has a cost_share by asset"},
		{"entrust to a float", event{Step: "entrust", Issuer: "t", From: "h", To: "float:t", Shares: "1"}, crossholding.ErrUnknown, "float:t cannot hold shares for h"},
		{"more than all of everyone", event{Step: "trade", Issuer: "t", From: "*", To: "u", Percent: "101"}, crossholding.ErrRange, "a trade from everyone of 101% of its shares each"},
		{"a company that is there", event{Step: "found", Company: &crossholding.Company{ID: "t", Shares: []crossholding.ShareClass{{Issued: "1"}}}, Founders: []scenario.Founder{{Holder: "h", Shares: "1"}}}, crossholding.ErrDuplicate, "already"},
		{"founders get too little", event{Step: "found", Company: &crossholding.Company{ID: "n", Shares: []crossholding.ShareClass{{Issued: "5"}}}, Founders: []scenario.Founder{{Holder: "h", Shares: "1"}}}, crossholding.ErrBalance, "founders get 1 of 5"},
		{"founders of no class, and too few shares", event{Step: "found", Company: &crossholding.Company{ID: "n", Shares: []crossholding.ShareClass{{Class: "a", Issued: "5"}, {Class: "b", Issued: "7"}}}, Founders: []scenario.Founder{{Holder: "h", Class: "a", Shares: "4"}, {Holder: "q", Class: "b", Shares: "7"}, {Holder: "k", Class: "c", Shares: "1"}}}, crossholding.ErrBalance,
			"\"q\" is neither a company nor a party of the book: unknown name\nn has no class \"c\" of shares: unknown name\nn (a): founders get 4 of 5 shares issued"},
		{"spin-off that does not add up", event{Step: "spin_off", Issuer: "t", Ratio: "1:4", Keep: "1", Company: &crossholding.Company{ID: "n", Shares: []crossholding.ShareClass{{Issued: "75"}}}}, crossholding.ErrBalance, "distributed 71 and kept 1 are not the 75 issued"},
		{"a class twice", event{Step: "class", Issuer: "a", Class: "pref"}, crossholding.ErrDuplicate, `has a class "pref"`},
		{"converted into itself", event{Step: "convert", Issuer: "t", Class: "ordinary", ToClass: "ordinary", Ratio: "1:1"}, crossholding.ErrRange, "converted into itself"},
		{"paid to itself", event{Step: "pay", From: "h", To: "h", Amount: "1 EUR"}, crossholding.ErrRange, "moves nothing"},
		{"paid in no currency", event{Step: "pay", From: "h", To: "k", Amount: "1"}, crossholding.ErrCurrency, "no currency"},
		{"a dividend of two kinds", event{Step: "dividend", Issuer: "t", PerShare: "1 EUR", Total: "2 EUR"}, crossholding.ErrMissing, "either per_share or total"},
		{"passed on by a stranger", event{Step: "dividend", Issuer: "t", PerShare: "1 EUR", PassOn: map[string]string{"zz": "50%"}}, crossholding.ErrUnknown, `"zz"`},
		{"a fact that is none", event{Step: "retract", Controls: []crossholding.ControlFact{{Controller: "k", Company: "t", By: "state"}}}, crossholding.ErrUnknown, "k controls t by state: no such fact"},
		{"a fact about oneself", event{Step: "assert", Controls: []crossholding.ControlFact{{Controller: "t", Company: "t", By: "state"}}}, crossholding.ErrSelfStake, "t cannot control itself"},
		{"restates nothing", event{Step: "restate", Issuer: "t", From: "h", Shares: "1"}, crossholding.ErrMissing, "restate without"},
		{"a stake in oneself", event{Step: "restate", Issuer: "t", From: "h", Shares: "1", Voter: "t"}, crossholding.ErrSelfStake, "t cannot hold a stake in itself"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := booktest.New(t, eventBook())
			before := booktest.Bytes(t, a)
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{tc.step}})
			require.Nil(t, out)
			require.ErrorIs(t, err, scenario.ErrStep)
			require.ErrorIs(t, err, tc.kind)
			require.ErrorContains(t, err, tc.says)
			require.ErrorContains(t, err, "steps[0] ("+string(tc.step.Step)+")")
			require.Equal(t, before, booktest.Bytes(t, a))
		})
	}
}

// TestEventsThereAndBack undoes events by their opposites and expects the same bytes.
func TestEventsThereAndBack(t *testing.T) {
	for name, steps := range map[string][]scenario.Step{
		"split":          {{Step: "split", Issuer: "t", Ratio: "3:1"}, {Step: "split", Issuer: "t", Ratio: "1:3"}},
		"fractions kept": {{Step: "split", Issuer: "t", Ratio: "1:7", Fractions: "keep"}, {Step: "split", Issuer: "t", Ratio: "7:1", Fractions: "keep"}},
		"convert":        {{Step: "convert", Issuer: "a", Class: "ordinary", ToClass: "pref", From: "h", Shares: "60", Ratio: "2:1"}, {Step: "convert", Issuer: "a", Class: "pref", ToClass: "ordinary", From: "h", Ratio: "1:2"}},
		"a loan":         {{Step: "restate", Issuer: "a", From: "h", Shares: "20", Holder: "k", Voter: "k"}, {Step: "restate", Issuer: "a", From: "k", Shares: "20", Holder: "h", Voter: "h"}},
		"a swap":         {{Step: "restate", Issuer: "a", From: "h", Shares: "20", Beneficiary: "u"}, {Step: "restate", Issuer: "a", From: "h", Of: "u", Shares: "20", Beneficiary: "h"}},
		"a payment":      {{Step: "pay", From: "h", To: "k", Amount: "3 EUR"}, {Step: "pay", From: "k", To: "h", Amount: "3 EUR"}},
		"a grant":        {{Step: "grant", Right: &crossholding.Right{ID: "o2", Holder: "h", Issuer: "a", Shares: "2"}}, {Step: "lapse", ID: "o2"}},
		"a right":        {{Step: "trade", ID: "o1", To: "u"}, {Step: "trade", ID: "o1", To: "k"}},
		"a fact":         {{Step: "assert", Controls: []crossholding.ControlFact{{Controller: "k", Company: "t", By: "appointment", Source: "articles"}}}, {Step: "retract", Controls: []crossholding.ControlFact{{Controller: "k", Company: "t", By: "appointment"}}}},
		"votes":          {{Step: "amend", Issuer: "a", Class: "pref", ClassVotes: "1"}, {Step: "amend", Issuer: "a", Class: "pref", ClassVotes: "0"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, eventBook())
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
			require.NoError(t, err)
			require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, out.After))
			for _, c := range out.Cash {
				require.True(t, c.Amount.IsZero())
			}
			require.Empty(t, out.Dropped)
		})
	}
}

// TestNamesOfVotersDoNotMatter sells from two stakes that only the voter tells apart. The
// gain is the same however the voters are called, by every method.
func TestNamesOfVotersDoNotMatter(t *testing.T) {
	for _, method := range []scenario.LotMethod{"fifo", "lifo", "hifo", "average"} {
		var gains []string
		for _, voters := range [][2]string{{"k", "u"}, {"u", "k"}} {
			b := crossholding.Book{
				AsOf:      "2024-01-02",
				Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
				Parties:   []crossholding.Party{{ID: "h"}, {ID: "k"}, {ID: "u"}},
				Stakes: []crossholding.Stake{
					{Holder: "h", Issuer: "x", Shares: "100", Voter: voters[0], Lots: []crossholding.Lot{{Date: "2022-05-06", Shares: "100", Price: "9"}}},
					{Holder: "h", Issuer: "x", Shares: "100", Voter: voters[1], Lots: []crossholding.Lot{{Date: "2020-03-04", Shares: "100", Price: "1"}}},
				},
			}
			out := booktest.Run(t, b, scenario.Step{Step: "trade", Issuer: "x", From: "h", To: "float:x", Shares: "100", Price: "5 EUR", Method: method})
			var sum ratio.Ratio
			for _, g := range out.Gains {
				sum = sum.Add(g.Gain.Amount)
			}
			gains = append(gains, sum.String())
		}
		require.Equal(t, gains[0], gains[1], method)
		require.Equal(t, map[scenario.LotMethod]string{"fifo": "400", "lifo": "-400", "hifo": "-400", "average": "0"}[method], gains[0])
	}
}

// TestCostIsDropped shows the cost of shares that leave the book without a sale.
func TestCostIsDropped(t *testing.T) {
	for name, s := range map[string]scenario.Step{
		"given to the public": {Step: "trade", Issuer: "t", From: "h", To: "float:t", Shares: "50"},
		"given back":          {Step: "buyback", Issuer: "t", From: "h", Shares: "50"},
		"given back for good": {Step: "buyback", Issuer: "t", From: "h", Shares: "50", Cancel: true},
	} {
		t.Run(name, func(t *testing.T) {
			out := booktest.Run(t, eventBook(), s)
			require.Empty(t, out.Gains)
			require.Len(t, out.Dropped, 1)
			d := out.Dropped[0]
			require.Equal(t, "h", d.Holder)
			booktest.RequireRatio(t, "50", d.Shares)
			require.Equal(t, "300 EUR", d.Cost.String())
		})
	}
}

// TestMergeLeavesNothing merges a company and looks for it in the book.
func TestMergeLeavesNothing(t *testing.T) {
	b := eventBook()
	b.Agreements = []crossholding.Agreement{
		{ID: "a1", Kind: crossholding.AgreementNeutral, Holders: []string{"t"}, Issuer: "a"},
		{ID: "a2", Kind: crossholding.AgreementNeutral, Holders: []string{"h", "t"}, Issuer: "hd"},
		{ID: "a3", Kind: crossholding.AgreementNeutral, Holders: []string{"h"}, Issuer: "t"},
	}
	b.Controls = []crossholding.ControlFact{{Controller: "u", Company: "t", By: "appointment"}, {Controller: "t", Company: "hd", By: "management"}, {Controller: "a", Company: "t", By: "voting"}}
	b.Rights = append(b.Rights, crossholding.Right{ID: "o2", Holder: "u", Issuer: "t", Shares: "6", Price: "2 EUR"})
	b.Market = &crossholding.Market{Prices: map[string]string{"t": "3 EUR", "a": "9 EUR"}}
	out := booktest.Run(t, b, scenario.Step{Step: "merge", Issuer: "t", Into: "a", Class: "ordinary", Ratio: "1:3"})
	text := booktest.Bytes(t, out.After)
	require.NotContains(t, text, `"t"`)
	after := out.After.Book()
	require.Len(t, after.Agreements, 1)
	require.Equal(t, []string{"a", "h"}, after.Agreements[0].Holders)
	require.Equal(t, []crossholding.ControlFact{{Controller: "a", Company: "hd", By: "management"}}, after.Controls)
	require.Equal(t, crossholding.Right{ID: "o2", Holder: "u", Issuer: "a", Shares: "2", Price: "6 EUR"}, after.Rights[1])
	require.Equal(t, []string{"right o2: u has it to 2 shares of a at 6 EUR", "agreement a1 ends", "agreement a3 ends", "t is gone"}, whatIsSet(out.Steps[0]))
	diff, err := out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, diff.Figures)
}

func whatIsSet(r scenario.StepResult) []string {
	var out []string
	for _, p := range r.Postings {
		if p.Kind == scenario.PostingSet {
			out = append(out, p.What)
		}
	}
	return out
}

// TestRightsEndWithTheirIssuer merges for cash, and winds up, a company to whose shares there are
// rights.
func TestRightsEndWithTheirIssuer(t *testing.T) {
	b := eventBook()
	b.Rights = append(b.Rights, crossholding.Right{ID: "o2", Holder: "u", Issuer: "t", Shares: "6", Price: "2 EUR"})
	for name, s := range map[string]scenario.Step{
		"merge for cash": {Step: "merge", Issuer: "t", Into: "a", Class: "ordinary", Cash: "3 EUR"},
		"liquidate":      {Step: "liquidate", Issuer: "t"},
	} {
		t.Run(name, func(t *testing.T) {
			out := booktest.Run(t, b, s)
			require.Len(t, out.After.Book().Rights, len(b.Rights)-1)
			require.Contains(t, whatIsSet(out.Steps[0]), "right o2 lapses")
		})
	}
}

// TestWindingUpWithRights names all rights that a company would have to leave, and the cost that
// is not shared.
func TestWindingUpWithRights(t *testing.T) {
	b := eventBook()
	for _, id := range []string{"o2", "o3"} {
		b.Rights = append(b.Rights, crossholding.Right{ID: id, Holder: "hd", Issuer: "t", Shares: "6"})
	}
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{{Step: "liquidate", Issuer: "hd"}}})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	require.ErrorContains(t, err, "hd has the right o2: trade it or let it lapse first: out of range\nhd has the right o3: trade it or let it lapse first: out of range\nhd has shares of 2 classes")
}

// TestDroppedIsOfWhoLosesIt: n holds shares of p, and p gives shares of n to its holders. What n
// gets becomes treasury, so the part of n's cost that goes along is dropped, and it is n's.
func TestDroppedIsOfWhoLosesIt(t *testing.T) {
	lots := func(shares, price ratio.Number) []crossholding.Lot {
		return []crossholding.Lot{{Date: "2020-03-04", Shares: shares, Price: price, Currency: "EUR"}}
	}
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "p", Shares: []crossholding.ShareClass{{Issued: "100"}}}, {ID: "n", Shares: []crossholding.ShareClass{{Issued: "500"}}}},
		Parties:   []crossholding.Party{{ID: "h"}},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "n", Shares: "480", Lots: lots("480", "2")},
			{Holder: "n", Issuer: "p", Shares: "40", Lots: lots("40", "9")},
			{Holder: "h", Issuer: "p", Shares: "60", Lots: lots("60", "9")},
		},
	}
	out := booktest.Run(t, book, scenario.Step{Step: "distribute", Issuer: "p", Asset: "n", Ratio: "2:1", CostShare: scenario.CostShare{"": "1/3"}})
	got := map[string]string{}
	for _, d := range out.Dropped {
		got[d.Holder] = d.Cost.Amount.String() // 200 n shares at 2; a third of 40 × 9
	}
	require.Equal(t, map[string]string{"p": "400", "n": "120"}, got)
}

// TestCostOfAnEstate: who gets no share of one asset has all its cost in the others, whatever the
// names of the assets. The company leaves 3 shares of one, of which h gets 2.7 rounded up and k
// nothing, and 20 of the other, of which h gets 18 and k 2. Of h's cost of 90, 60% go with the first.
func TestCostOfAnEstate(t *testing.T) {
	for _, names := range [][2]string{{"x", "y"}, {"y", "x"}} {
		few, many := names[0], names[1]
		book := crossholding.Book{
			Companies: []crossholding.Company{{ID: "hd", Shares: []crossholding.ShareClass{{Issued: "10"}}}, {ID: few, Shares: []crossholding.ShareClass{{Issued: "50"}}}, {ID: many, Shares: []crossholding.ShareClass{{Issued: "50"}}}},
			Parties:   []crossholding.Party{{ID: "h"}, {ID: "k"}},
			Stakes: []crossholding.Stake{
				{Holder: "h", Issuer: "hd", Shares: "9", Lots: []crossholding.Lot{{Shares: "9", Price: "10", Currency: "EUR"}}},
				{Holder: "k", Issuer: "hd", Shares: "1", Lots: []crossholding.Lot{{Shares: "1", Price: "20", Currency: "EUR"}}},
				{Holder: "hd", Issuer: few, Shares: "3"}, {Holder: "hd", Issuer: many, Shares: "20"},
			},
		}
		out := booktest.Run(t, book, scenario.Step{Step: "liquidate", Issuer: "hd", CostShare: scenario.CostShare{few: "60%", many: "40%"}})
		got := map[string]string{}
		for _, s := range out.After.Book().Stakes {
			got[s.Holder+">"+s.Issuer] = string(s.Shares) + " at " + string(s.Lots[0].Price)
		}
		require.Equal(t, map[string]string{"h>" + few: "3 at 18", "h>" + many: "18 at 2", "k>" + many: "2 at 10"}, got)
		require.Empty(t, out.Dropped)
	}
}

// TestRightsOfMergedWriters: what a company must deliver passes to the company that takes it over.
// Of its own shares, that company makes new ones.
func TestRightsOfMergedWriters(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}, {ID: "y", Shares: []crossholding.ShareClass{{Issued: "500"}}}},
		Parties:   []crossholding.Party{{ID: "h"}, {ID: "k"}},
		Stakes:    []crossholding.Stake{{Holder: "h", Issuer: "x", Shares: "300"}, {Holder: "y", Issuer: "x", Shares: "100"}, {Holder: "x", Issuer: "y", Shares: "60"}},
		Rights: []crossholding.Right{
			{ID: "of its target", Holder: "k", Issuer: "x", Shares: "30", Price: "2 EUR", Writer: "y"},
			{ID: "of its own", Holder: "k", Issuer: "y", Shares: "30", Price: "2 EUR", Writer: "x"},
			{ID: "of its buyer's", Holder: "y", Issuer: "x", Shares: "30", Price: "2 EUR"},
		},
	}
	out := booktest.Run(t, book, scenario.Step{Step: "merge", Issuer: "x", Into: "y", Ratio: "1:2"})
	require.Equal(t, []crossholding.Right{
		{ID: "of its own", Holder: "k", Issuer: "y", Shares: "30", Price: "2 EUR"},
		{ID: "of its target", Holder: "k", Issuer: "y", Shares: "15", Price: "4 EUR"},
	}, out.After.Book().Rights)
}

// TestTradingUnitOfSeveralClasses: the unit is the company's, and needs no class.
func TestTradingUnitOfSeveralClasses(t *testing.T) {
	book := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Class: "a", Issued: "100"}, {Class: "b", Issued: "50"}}}}}
	out := booktest.Run(t, book, scenario.Step{Step: "amend", Issuer: "x", Lot: "5"})
	require.Equal(t, ratio.Number("5"), out.After.Book().Companies[0].Lot)
	_, err := scenario.Run(t.Context(), booktest.New(t, book), scenario.Scenario{Steps: []scenario.Step{{Step: "amend", Issuer: "x", Lot: "5", ClassVotes: "2"}}})
	require.ErrorContains(t, err, `x has no class "ordinary"`)
}

// TestDividendAfterOtherCompanies: the dividend of y goes to the holders of y, whatever companies
// the scenario was about before, and whoever passes it on.
func TestDividendAfterOtherCompanies(t *testing.T) {
	out := booktest.Run(t, crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100"}, {Class: "p", Issued: "100"}}},
			{ID: "y", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}}, {ID: "t", Shares: []crossholding.ShareClass{{Issued: "100"}}},
		},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "u"}, {ID: "n"}},
		Stakes:  []crossholding.Stake{{Holder: "u", Issuer: "x", Shares: "40"}, {Holder: "h", Issuer: "y", Shares: "10"}},
	}, scenario.Step{Step: "trade", Issuer: "x", Class: "ordinary", From: "u", To: "n", Shares: "4"},
		scenario.Step{Step: "dividend", Issuer: "y", PerShare: "1 EUR", PassOn: map[string]string{"t": "50%"}})
	cash := map[string]string{}
	for _, c := range out.Cash {
		cash[c.Party] = c.Amount.String()
	}
	require.Equal(t, map[string]string{"h": "10", "float:y": "90", "y": "-100"}, cash)
}
