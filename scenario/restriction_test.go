package scenario_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func TestRestrictions(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: "100"}}}},
		Parties:   []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "t"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "200"}, {Holder: "b", Issuer: "x", Shares: "100"}},
		Agreements: []crossholding.Agreement{
			{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "15%"},
			{ID: "still", Kind: crossholding.AgreementStandstill, Holders: []string{"b"}, Issuer: "x", Max: "15%"},
		},
	}
	step := func(kind scenario.StepKind, from, to, shares string) scenario.Step {
		return scenario.Step{Step: kind, From: from, To: to, Issuer: "x", Shares: ratio.Number(shares)}
	}
	for name, c := range map[string]struct {
		steps []scenario.Step
		want  string
	}{
		"to the lock":       {[]scenario.Step{step(scenario.StepTrade, "a", "float:x", "50")}, ""},
		"below the lock":    {[]scenario.Step{step(scenario.StepTrade, "a", "float:x", "51")}, "a would hold 149 of 1000 issued shares of x and is locked up at 15% of them (lock)"},
		"into a trust":      {[]scenario.Step{step(scenario.StepEntrust, "a", "t", "200")}, ""},
		"out of the trust":  {[]scenario.Step{step(scenario.StepEntrust, "a", "t", "200"), step(scenario.StepTrade, "t", "float:x", "51")}, "a would hold 149 of 1000"},
		"to the standstill": {[]scenario.Step{step(scenario.StepTrade, "float:x", "b", "50")}, ""},
		"above it":          {[]scenario.Step{step(scenario.StepTrade, "float:x", "b", "51")}, "b would hold 151 of 1000 issued shares of x and stands still at 15% of them (still)"},
		// 150 of 900 are 16.7%: the percentage rises without a purchase.
		"by a cancellation": {[]scenario.Step{step(scenario.StepTrade, "float:x", "b", "50"), {Step: scenario.StepCancel, Issuer: "x", Shares: "100"}}, ""},
		"after the end":     {[]scenario.Step{{Step: scenario.StepEndAgreement, ID: "lock"}, step(scenario.StepTrade, "a", "float:x", "200")}, ""},
		"both at once":      {[]scenario.Step{step(scenario.StepTrade, "a", "b", "60")}, "b would hold 160"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, book)
			_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: c.steps})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, crossholding.ErrAgreement)
			require.ErrorIs(t, err, scenario.ErrStep)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// restrictedBook has a locked-up holder a, whose company s holds shares of x too, and two
// holders with a right of pre-emption.
func restrictedBook() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}, {ID: "s"}, {ID: "s2"}},
		Parties:   []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}},
		Stakes: []crossholding.Stake{
			{Holder: "a", Issuer: "s", Percent: "100"}, {Holder: "s", Issuer: "s2", Percent: "51"},
			{Holder: "a", Issuer: "x", Shares: "100"}, {Holder: "s2", Issuer: "x", Shares: "100"},
			{Holder: "b", Issuer: "x", Shares: "100"}, {Holder: "c", Issuer: "x", Shares: "100"},
		},
		Agreements: []crossholding.Agreement{
			{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "15%"},
			{ID: "still", Kind: crossholding.AgreementStandstill, Holders: []string{"a"}, Issuer: "x", Max: "25%"},
			{ID: "first", Kind: crossholding.AgreementPreemption, Holders: []string{"b", "c"}, Issuer: "x"},
		},
	}
}

// TestRestrictionsCountWhatIsControlled sells, buys and passes on through companies.
func TestRestrictionsCountWhatIsControlled(t *testing.T) {
	trade := func(from, to, issuer, shares string) scenario.Step {
		return scenario.Step{Step: "trade", From: from, To: to, Issuer: issuer, Shares: ratio.Number(shares)}
	}
	for name, c := range map[string]struct {
		steps []scenario.Step
		want  string
	}{
		"to one's own company":       {[]scenario.Step{trade("a", "s", "x", "100")}, ""},
		"the company sells enough":   {[]scenario.Step{trade("s2", "d", "x", "50")}, ""},
		"the company sells too much": {[]scenario.Step{trade("s2", "d", "x", "51")}, "a would hold 149 of 1000 issued shares of x and is locked up at 15% of them (lock)"},
		"the company itself is sold": {[]scenario.Step{trade("s", "d", "s2", "2")}, "a would hold 100 of 1000 issued shares of x and is locked up"},
		"the company buys too much":  {[]scenario.Step{trade("float:x", "s", "x", "51")}, "a would hold 251 of 1000 issued shares of x and stands still at 25% of them (still)"},
		"a new company sells": {[]scenario.Step{
			{Step: "found", Company: &crossholding.Company{ID: "n", Shares: []crossholding.ShareClass{{Issued: "1"}}}, Founders: []scenario.Founder{{Holder: "a", Shares: "1"}}},
			trade("a", "n", "x", "100"), trade("n", "float:x", "x", "51"),
		}, "a would hold 149"},
		"to a holder with the right":     {[]scenario.Step{trade("b", "c", "x", "100")}, ""},
		"past the holder with the right": {[]scenario.Step{trade("b", "d", "x", "7")}, "b parts with 7 shares of x, and the others with a right of pre-emption get 0 of them (first)"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, restrictedBook())
			_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: c.steps})
			out, reported := scenario.Run(t.Context(), a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: c.steps})
			require.NoError(t, reported)
			if c.want == "" {
				require.NoError(t, err)
				require.Empty(t, out.Breaches)
				return
			}
			require.ErrorIs(t, err, crossholding.ErrAgreement)
			require.ErrorContains(t, err, c.want)
			require.Len(t, out.Breaches, 1)
			require.Contains(t, out.Breaches[0].String(), c.want)
			require.Equal(t, len(c.steps)-1, out.Breaches[0].Step)
		})
	}
}

// TestRestrictionsOfOneMoment sells and buys back at one moment.
func TestRestrictionsOfOneMoment(t *testing.T) {
	steps := []scenario.Step{
		{Step: "trade", From: "a", To: "d", Issuer: "x", Shares: "60", Group: "swap"},
		{Step: "trade", From: "d", To: "a", Issuer: "x", Shares: "60", Group: "swap"},
	}
	a := booktest.New(t, restrictedBook())
	_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
	require.NoError(t, err)
	_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps[:1]})
	require.ErrorIs(t, err, crossholding.ErrAgreement)
	steps[1].Group = ""
	_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
	require.ErrorIs(t, err, crossholding.ErrAgreement)
	steps[1].Group, steps[1].Date = "swap", "2024-01-01"
	_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
	require.ErrorIs(t, err, crossholding.ErrDate)
	steps = append(steps[:1:1], scenario.Step{Step: "end_agreement", ID: "lock", Group: "swap"})
	_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: steps})
	require.NoError(t, err)
}

// TestRestrictionsAcrossSplits: a step that treats all alike changes nothing about a promise, at
// whatever place of its moment it is made.
func TestRestrictionsAcrossSplits(t *testing.T) {
	trade := func(from, to, shares string) scenario.Step {
		return scenario.Step{Step: "trade", From: from, To: to, Issuer: "x", Shares: ratio.Number(shares)}
	}
	split := func(r string) scenario.Step { return scenario.Step{Step: "split", Issuer: "x", Ratio: r} }
	up := scenario.Step{Step: "split", Issuer: "x", Ratio: "3:2", Fractions: scenario.FractionsUp}
	back := scenario.Step{Step: "buyback", Issuer: "x", From: "a", Shares: "5"}
	bonus := scenario.Step{Step: "dividend", In: "shares", Issuer: "x", Ratio: "9:1"}
	lock := crossholding.Agreement{ID: "g", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "25%"}
	still := crossholding.Agreement{ID: "g", Kind: crossholding.AgreementStandstill, Holders: []string{"a"}, Issuer: "x", Max: "20%"}
	at25 := still
	at25.Max = "25%"
	ceiling := crossholding.Agreement{ID: "g", Kind: crossholding.AgreementCeiling, Issuer: "x", Max: "20%"}
	first := crossholding.Agreement{ID: "g", Kind: crossholding.AgreementPreemption, Holders: []string{"a", "b"}, Issuer: "x"}
	for name, c := range map[string]struct {
		agreement crossholding.Agreement
		steps     []scenario.Step
		want      string
	}{
		"a lock-up":               {lock, []scenario.Step{trade("a", "u", "200"), split("10:1"), trade("float:x", "a", "300")}, "a would hold 800 of 10000 issued shares of x and is locked up at 25%"},
		"with the split first":    {lock, []scenario.Step{split("10:1"), trade("a", "u", "2000"), trade("float:x", "a", "300")}, "a would hold 800 of 10000"},
		"by a dividend in shares": {lock, []scenario.Step{trade("a", "u", "200"), bonus, trade("float:x", "a", "300")}, "a would hold 800 of 10000"},
		"a lock-up that is kept":  {lock, []scenario.Step{trade("a", "u", "200"), split("10:1"), trade("float:x", "a", "2000")}, ""},
		"a ceiling":               {ceiling, []scenario.Step{trade("a", "u", "200"), split("1:10"), trade("float:x", "a", "25")}, "a would hold 30 of 100 issued shares of x, whose articles allow 20%"},
		"a standstill":            {still, []scenario.Step{trade("a", "u", "200"), split("1:10"), trade("float:x", "a", "25")}, "a would hold 30 of 100 issued shares of x and stands still at 20%"},
		"a stake that fell":       {still, []scenario.Step{trade("a", "u", "150"), split("10:1"), trade("float:x", "a", "1300")}, ""},
		"a part to another":       {first, []scenario.Step{trade("a", "u", "200"), split("10:1"), trade("u", "b", "200")}, "a parts with 2000 shares of x, and the others with a right of pre-emption get 200 of them"},
		"all to another":          {first, []scenario.Step{trade("a", "u", "200"), split("10:1"), trade("u", "b", "2000")}, ""},
		"passed on to another":    {first, []scenario.Step{trade("a", "b", "20"), split("10:1"), trade("b", "u", "200")}, "b parts with 200 shares of x, and the others with a right of pre-emption get 0 of them"},
		// 245 become 367 of 367.5, and 5 become 7 of 7.5
		"rounding takes the rest": {first, []scenario.Step{trade("a", "u", "5"), split("3:2"), trade("u", "b", "7")}, ""},
		"one stays outside":       {first, []scenario.Step{trade("a", "u", "5"), split("3:2"), trade("u", "b", "6")}, "a parts with 7.5 shares of x, and the others with a right of pre-emption get 6 of them"},
		"rounded in two names":    {first, []scenario.Step{trade("a", "u", "5"), trade("u", "w", "2"), split("3:2"), trade("u", "b", "4"), trade("w", "b", "3")}, ""},
		"rounded in the float":    {first, []scenario.Step{trade("a", "float:x", "5"), split("3:2"), trade("float:x", "b", "7")}, ""},
		"rounded in the treasury": {first, []scenario.Step{back, split("3:2"), trade("x", "b", "7")}, ""},
		"rounded, and passed on":  {first, []scenario.Step{trade("a", "b", "5"), split("3:2"), trade("b", "u", "1")}, "b parts with 1 shares of x, and the others with a right of pre-emption get 0 of them"},
		"rounded before the sale": {first, []scenario.Step{trade("u", "w", "1"), split("3:2"), trade("a", "u", "1")}, "a parts with 1 shares of x, and the others with a right of pre-emption get 0 of them"},
		"rounded, and turned":     {first, []scenario.Step{trade("a", "u", "5"), split("3:2"), split("3:1"), trade("u", "b", "21")}, ""},
		"half a share stays":      {first, []scenario.Step{trade("a", "u", "5"), up, trade("u", "b", "7")}, "a parts with 7.5 shares of x, and the others with a right of pre-emption get 7 of them"},
		"rounding gives one":      {first, []scenario.Step{trade("a", "u", "5"), up, trade("u", "b", "8")}, ""},
		// a has 374 of 1499 shares after the second trade, and would have 375 of 1500 without the first
		"a lock-up, rounded":  {lock, []scenario.Step{trade("a", "u", "5"), split("3:2"), trade("u", "a", "7")}, "a would hold 374 of 1499 issued shares of x and is locked up at 25%"},
		"a lock-up, whole":    {lock, []scenario.Step{trade("a", "u", "4"), split("3:2"), trade("u", "a", "6")}, ""},
		"a standstill, whole": {at25, []scenario.Step{trade("a", "u", "4"), up, trade("u", "a", "6")}, ""},
		// a has 376 of 1501 shares after the second trade
		"a standstill, rounded": {at25, []scenario.Step{trade("a", "u", "5"), up, trade("u", "a", "8")}, "a would hold 376 of 1501 issued shares of x and stands still at 25%"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, crossholding.Book{
				Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}}, Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "u"}, {ID: "w"}},
				Stakes: []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "250"}, {Holder: "b", Issuer: "x", Shares: "150"},
					{Holder: "u", Issuer: "x", Shares: "10"}},
				Agreements: []crossholding.Agreement{c.agreement},
			})
			_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: atOnce(c.steps...)})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, crossholding.ErrAgreement)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestReplacedAgreement: new terms under an old id are another promise, from the next moment on.
func TestReplacedAgreement(t *testing.T) {
	agreed := crossholding.Agreement{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "15%"}
	agreement := func(least string) *crossholding.Agreement {
		out := agreed
		out.Min = least
		return &out
	}
	sale := scenario.Step{Step: "trade", From: "a", To: "d", Issuer: "x", Shares: "60"} // 20% less 6%
	for least, broken := range map[string]bool{"15%": true, "10%": false} {
		a := booktest.New(t, restrictedBook())
		steps := []scenario.Step{{Step: "end_agreement", ID: "lock"}, {Step: "agree", Agreement: agreement(least)}, sale}
		_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: atOnce(steps...)})
		require.Equal(t, broken, err != nil, least)
	}
}

// TestCeilingOfArticles: nobody but the state may have more than 12% of x, itself and through
// companies that it controls.
func TestCeilingOfArticles(t *testing.T) {
	book := restrictedBook()
	book.Agreements = []crossholding.Agreement{{ID: "articles", Kind: crossholding.AgreementCeiling, Issuer: "x", Max: "12%", Holders: []string{"d"}}}
	trade := func(from, to, issuer, shares string) scenario.Step {
		return scenario.Step{Step: "trade", From: from, To: to, Issuer: issuer, Shares: ratio.Number(shares)}
	}
	for name, c := range map[string]struct {
		step scenario.Step
		want string
	}{
		"to the ceiling":               {trade("float:x", "b", "x", "20"), ""},
		"above it":                     {trade("float:x", "b", "x", "21"), "b would hold 121 of 1000 issued shares of x, whose articles allow 12% of them (articles)"},
		"whom it does not bind":        {trade("float:x", "d", "x", "500"), ""},
		"who was above it before":      {trade("a", "float:x", "x", "1"), ""},
		"who was above it buys more":   {trade("float:x", "a", "x", "1"), "a would hold 201 of 1000"},
		"its company's company buys":   {trade("float:x", "s2", "x", "1"), "a would hold 201 of 1000"},
		"within the group":             {trade("a", "s", "x", "20"), ""},
		"a company with shares of x":   {trade("a", "b", "s", "51"), "b would hold 200 of 1000"},
		"a new holder":                 {scenario.Step{Step: "issue", To: "c", Issuer: "x", Shares: "30"}, "c would hold 130 of 1030"},
		"a cancellation raises no one": {scenario.Step{Step: "buyback", From: "float:x", Issuer: "x", Shares: "500", Cancel: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, book)
			before := booktest.Bytes(t, a)
			_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{c.step}})
			out, reported := scenario.Run(t.Context(), a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: []scenario.Step{c.step}})
			require.NoError(t, reported)
			if c.want == "" {
				require.NoError(t, err)
				require.Empty(t, out.Breaches)
				return
			}
			require.ErrorIs(t, err, crossholding.ErrAgreement)
			require.ErrorContains(t, err, c.want)
			require.Contains(t, out.Breaches[0].String(), c.want)
			require.Equal(t, "articles", out.Breaches[0].Agreement)
			require.Equal(t, before, booktest.Bytes(t, a))
		})
	}
}

// TestAgreementOfTheSameMoment: a promise binds from the next moment, whatever else is agreed.
func TestAgreementOfTheSameMoment(t *testing.T) {
	promise := func(id, holder, least string) crossholding.Agreement {
		return crossholding.Agreement{ID: id, Kind: crossholding.AgreementLockUp, Holders: []string{holder}, Issuer: "x", Min: least}
	}
	lock, other := promise("lock", "a", "30%"), promise("other", "v", "1%")
	steps := []scenario.Step{{Step: "agree", Agreement: &lock}, {Step: "trade", From: "a", To: "v", Issuer: "x", Shares: "50"}}
	book := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}}, Parties: []crossholding.Party{{ID: "a"}, {ID: "v"}},
		Stakes: []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "300"}, {Holder: "v", Issuer: "x", Shares: "100"}}}
	for range 2 {
		_, err := scenario.Run(t.Context(), booktest.New(t, book), scenario.Scenario{Steps: steps})
		require.ErrorIs(t, err, crossholding.ErrAgreement)
		booktest.Run(t, book, atOnce(slices.Clone(steps)...)...)
		book.Agreements = []crossholding.Agreement{other}
	}
}

// TestPromisesOfMergedHolders: a promise goes with its holder into another company. The merger is
// neither a purchase nor a sale, and what was bought and sold beside it counts.
func TestPromisesOfMergedHolders(t *testing.T) {
	stake := func(holder, issuer, shares string) crossholding.Stake {
		return crossholding.Stake{Holder: holder, Issuer: issuer, Shares: ratio.Number(shares)}
	}
	book := func(ag crossholding.Agreement, stakes ...crossholding.Stake) crossholding.Book {
		ag.ID, ag.Issuer = "g", "x"
		out := crossholding.Book{Parties: []crossholding.Party{{ID: "u"}}, Stakes: stakes, Agreements: []crossholding.Agreement{ag},
			Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}}}
		for _, id := range []string{"s", "q"} {
			out.Companies = append(out.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "100"}}})
		}
		return out
	}
	still := crossholding.Agreement{Kind: crossholding.AgreementStandstill, Holders: []string{"s"}, Max: "20%"}
	lock := crossholding.Agreement{Kind: crossholding.AgreementLockUp, Holders: []string{"q", "s"}, Min: "20%"}
	merger := scenario.Step{Step: "merge", Issuer: "s", Into: "q", Ratio: "1:1"}
	trade := func(from, to, shares string) scenario.Step {
		return scenario.Step{Step: "trade", From: from, To: to, Issuer: "x", Shares: ratio.Number(shares)}
	}
	for name, c := range map[string]struct {
		book  crossholding.Book
		steps []scenario.Step
		want  string
	}{
		"stands still": {book(still, stake("s", "x", "100"), stake("q", "x", "150")), []scenario.Step{merger}, ""},
		"buys before":  {book(still, stake("s", "x", "100")), []scenario.Step{trade("float:x", "s", "300"), merger}, "q would hold 400 of 1000"},
		"buys after":   {book(still, stake("s", "x", "100")), []scenario.Step{merger, trade("float:x", "q", "300")}, "q would hold 400 of 1000"},
		"parent and subsidiary, both locked up": {book(lock, stake("s", "x", "100"), stake("q", "x", "50"), stake("q", "s", "60")),
			[]scenario.Step{merger}, ""},
		"and sell": {book(lock, stake("s", "x", "100"), stake("q", "x", "50"), stake("q", "s", "60")),
			[]scenario.Step{merger, trade("q", "u", "1")}, "q would hold 149 of 1000"},
		"sold before": {book(lock, stake("s", "x", "200"), stake("q", "x", "300")), []scenario.Step{trade("s", "u", "20"), merger}, ""},
		"the successor of whom a ceiling exempts": {book(crossholding.Agreement{Kind: crossholding.AgreementCeiling, Max: "20%", Holders: []string{"s"}}, stake("s", "x", "300")),
			[]scenario.Step{merger}, ""},
		"the issuer itself": {book(lock, stake("s", "x", "300"), stake("u", "s", "50")), []scenario.Step{{Step: "merge", Issuer: "s", Into: "x", Ratio: "1:1"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scenario.Run(t.Context(), booktest.New(t, c.book), scenario.Scenario{Steps: atOnce(c.steps...)})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, crossholding.ErrAgreement)
			require.ErrorContains(t, err, c.want)
		})
	}
}
