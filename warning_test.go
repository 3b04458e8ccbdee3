package crossholding_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// 43.4% of Nissan's shares is no whole number of them.
func ExampleAlliance_Warnings() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "nissan", Shares: []crossholding.ShareClass{{Issued: "4220715112"}}}},
		Parties:   []crossholding.Party{{ID: "renault"}},
		Stakes:    []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}},
	})
	check(err)
	for _, w := range a.Warnings() {
		fmt.Println(w)
	}
	// Output: renault in nissan: 43.4% of 4,220,715,112 shares is 1,831,790,358.608, taken as 1,831,790,359 whole shares
}

// warnings returns the warnings about counted votes.
func warnings(t *testing.T, v *crossholding.Votes) []crossholding.Warning {
	t.Helper()
	list, err := v.Warnings(t.Context())
	require.NoError(t, err)
	return list
}

// Stakes in percent are whole shares, no more in all than their sum, whatever the
// order of the book; a class with fractions, and a company known only in percent,
// keep what the percentage says.
func TestWholePercents(t *testing.T) {
	book := func(class []crossholding.ShareClass, percents ...string) crossholding.Book {
		b := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: class}}}
		for i, p := range percents {
			id := fmt.Sprintf("p%d", i)
			b.Parties = append(b.Parties, crossholding.Party{ID: id})
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: id, Issuer: "x", Percent: ratio.Number(p)})
		}
		return b
	}
	shares := func(b crossholding.Book) []string {
		var out []string
		for _, s := range booktest.New(t, b).Book().Stakes {
			out = append(out, string(s.Shares+s.Percent))
		}
		return out
	}
	hundred := []crossholding.ShareClass{{Issued: "100"}}
	for name, tc := range map[string]struct {
		book crossholding.Book
		want []string
	}{
		"nearest":              {book(hundred, "25.4", "25.6"), []string{"25", "26"}},
		"half to even":         {book(hundred, "24.5", "27.5"), []string{"24", "28"}},
		"not above the sum":    {book(hundred, "25.5", "25.5", "49"), []string{"25", "25", "49"}},
		"nor above all issued": {book(hundred, "33.6", "33.6", "32.8"), []string{"33", "33", "33"}},
		"fractions allowed":    {book([]crossholding.ShareClass{{Issued: "100", Fractions: true}}, "25.5"), []string{"25.5"}},
		"known in percent":     {book(nil, "25.5"), []string{"25.5"}},
		"parts are issued":     {book([]crossholding.ShareClass{{Issued: "10.5"}}, "50"), []string{"5.25"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, shares(tc.book))
			back := tc.book
			back.Stakes = slices.Clone(back.Stakes)
			slices.Reverse(back.Stakes)
			require.Equal(t, tc.want, shares(back))
		})
	}
	_, err := crossholding.New(book([]crossholding.ShareClass{{Issued: "0"}}, "25"))
	require.ErrorIs(t, err, crossholding.ErrRange)
	require.ErrorContains(t, err, `p0 in x: 25% of class "ordinary", of which nothing is issued`)
}

// The price of a lot is read in each form that a price has elsewhere.
func TestLotPrice(t *testing.T) {
	book := func(lot crossholding.Lot) crossholding.Book {
		lot.Shares = "10"
		return crossholding.Book{
			Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
			Parties:   []crossholding.Party{{ID: "p"}},
			Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "x", Shares: "10", Lots: []crossholding.Lot{lot}}},
		}
	}
	for _, tc := range []struct {
		price    ratio.Number
		currency string
		want     string
	}{{"568.5 JPY", "", "568.5 JPY"}, {"568.5", "JPY", "568.5 JPY"}, {"568.5 JPY", "JPY", "568.5 JPY"}, {"4", "", "4 EUR"}} {
		lot := booktest.New(t, book(crossholding.Lot{Price: tc.price, Currency: tc.currency})).Book().Stakes[0].Lots[0]
		require.Equal(t, tc.want, string(lot.Price)+" "+lot.Currency)
	}
	for _, lot := range []crossholding.Lot{{Price: "568.5 JPY", Currency: "EUR"}, {Price: "5 yen"}} {
		_, err := crossholding.New(book(lot))
		require.ErrorIs(t, err, crossholding.ErrCurrency, "%+v", lot)
	}
}

// A book says where no statute can apply: once for each country without a rule, and once for
// all companies without a country that hold one another. Those that the book takes out of all
// law are not named.
func TestWarningsOfLaw(t *testing.T) {
	loop := func(companies ...crossholding.Company) crossholding.Book {
		b := crossholding.Book{Companies: companies}
		for i, c := range companies {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: c.ID, Issuer: companies[(i+1)%len(companies)].ID, Percent: "20"})
		}
		return b
	}
	chain := loop(crossholding.Company{ID: "x"}, crossholding.Company{ID: "y"})
	chain.Stakes = chain.Stakes[:1]
	placed := loop(crossholding.Company{ID: "x", Country: "VN"}, crossholding.Company{ID: "y", Country: "VN"}) // nobody holds x
	placed.Stakes = placed.Stakes[:1]
	many := make([]crossholding.Company, 7)
	for i := range many {
		many[i] = crossholding.Company{ID: fmt.Sprintf("c%d", i), Country: "VN"}
	}
	for name, tc := range map[string]struct {
		book crossholding.Book
		want string
	}{
		"no country":       {loop(crossholding.Company{ID: "x"}, crossholding.Company{ID: "y"}), "[no company has a country: no statute suspends votes of companies that hold one another]"},
		"one has none":     {loop(crossholding.Company{ID: "x", Country: "FR"}, crossholding.Company{ID: "y"}), "[y: no country: no statute suspends votes there]"},
		"no rule":          {loop(crossholding.Company{ID: "x", Country: "FR"}, crossholding.Company{ID: "y", Country: "VN"}), "[y: no built-in statute is law in VN: no votes are suspended there]"},
		"many":             {loop(many...), "[c0, c1, c2, c3, c4 and 2 more: no built-in statute is law in VN: no votes are suspended there]"},
		"law":              {loop(crossholding.Company{ID: "x", Country: "VN", Law: "FR"}, crossholding.Company{ID: "y", Law: "none"}), "[]"},
		"rules of state":   {loop(crossholding.Company{ID: "x", Country: "US-DE"}, crossholding.Company{ID: "y", Country: "KR"}), "[]"},
		"no loop":          {chain, "[]"},
		"no loop, no rule": {placed, "[y: no built-in statute is law in VN: no votes are suspended there]"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, tc.book)
			require.Equal(t, tc.want, fmt.Sprint(a.Warnings()))
			v, err := a.Votes(t.Context(), crossholding.VotingOptions{Circular: crossholding.PolicyFewest})
			require.NoError(t, err)
			doubt := func(w crossholding.Warning) bool { return strings.HasPrefix(w.Text, "rule ") }
			require.Equal(t, tc.want, fmt.Sprint(slices.DeleteFunc(warnings(t, v), doubt)))
		})
	}
	for country, want := range map[string]string{"": "[]", "FR": "[]", "VN": "[no built-in statute is law in VN: no votes are suspended]",
		"GB": "[2004-06-30 is before the first day of rule GB-136, 2009-10-01: of its kind, the table has no rule on earlier days 2004-06-30 is before the first day of rule GB-726, 2009-10-01: of its kind, the table has no rule on earlier days]"} {
		a, err := crossholding.ReadRegister(t.Context(), strings.NewReader("id,issued,treasury,votes\nx,100,,\n"),
			strings.NewReader("holder,issuer,shares\nana,x,10\n"), crossholding.RegisterOptions{Country: country, AsOf: "2004-06-30"})
		require.NoError(t, err)
		require.Equal(t, want, fmt.Sprint(a.Warnings()))
		v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		require.Equal(t, want, fmt.Sprint(warnings(t, v)))
	}
}

// What a table has no rule for follows the table: another table, rules of the book's own, and no
// law at all.
func TestWarningsOfVotes(t *testing.T) {
	book := booktest.Percents([3]string{"p", "x", "60"}, [3]string{"p", "y", "60"})
	for i, country := range map[string]string{"x": "VN", "y": "FR"} {
		k := slices.IndexFunc(book.Companies, func(c crossholding.Company) bool { return c.ID == i })
		book.Companies[k].Country = country
	}
	a := booktest.New(t, book)
	rule := law.Statute{ID: "own", Citation: "articles", Issuer: "x", Kind: law.TestOwnShares}
	for name, tc := range map[string]struct {
		opt  crossholding.VotingOptions
		want string
	}{
		"built in":     {crossholding.VotingOptions{}, "[x: no built-in statute is law in VN: no votes are suspended there]"},
		"its own rule": {crossholding.VotingOptions{Extra: []law.Statute{rule}}, "[]"},
		"no table": {crossholding.VotingOptions{Statutes: []law.Statute{}},
			"[y: no statute of the given table is law in FR: no votes are suspended there x: no statute of the given table is law in VN: no votes are suspended there]"},
		"no law": {crossholding.VotingOptions{NoLaw: true}, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := a.Votes(t.Context(), tc.opt)
			require.NoError(t, err)
			require.Equal(t, tc.want, fmt.Sprint(warnings(t, v)))
		})
	}
	require.Empty(t, warnings(t, new(crossholding.Votes)))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := new(crossholding.Votes).Warnings(ended)
	require.ErrorIs(t, err, context.Canceled)
}

// A ring that hides its owner is named, with the law that has no rule for it.
func TestWarningsOfControl(t *testing.T) {
	ring := booktest.Percents([3]string{"p", "x", "2.35"}, [3]string{"y", "x", "97.65"}, [3]string{"x", "y", "100"}, [3]string{"x", "z", "100"})
	text := "[x, y: they control one another, and nobody outside controls them: who decides there is not in the figures]"
	for name, tc := range map[string]struct {
		facts []crossholding.ControlFact
		want  string
	}{
		"hidden":       {nil, text},
		"a fact above": {[]crossholding.ControlFact{{Controller: "p", Company: "x", By: crossholding.ControlByAppointment}}, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			b := ring
			b.Controls = tc.facts
			k, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			got, err := k.Warnings(t.Context())
			require.NoError(t, err)
			require.Equal(t, tc.want, fmt.Sprint(got))
		})
	}
	got, err := new(crossholding.Control).Warnings(t.Context())
	require.NoError(t, err)
	require.Empty(t, got)
}

// C. com., art. L.233-31 with L.233-3, I, 4°, silences a company of which the issuer appoints the
// board, if the issuer holds shares of it. Otherwise the votes count: a warning says so.
func TestVotesOfACompanyControlledByAFact(t *testing.T) {
	book := func(country string, percent ratio.Number, by crossholding.ControlMeans) crossholding.Book {
		stakes := []crossholding.Stake{{Holder: "x", Issuer: "y", Percent: percent}, {Holder: "y", Issuer: "x", Percent: "10"}, {Holder: "p", Issuer: "x", Percent: "5"}}
		if percent == "" {
			stakes = stakes[1:]
		}
		return crossholding.Book{
			Companies: []crossholding.Company{{ID: "x", Country: country}, {ID: "y", Country: country}},
			Parties:   []crossholding.Party{{ID: "p"}},
			Stakes:    stakes,
			Controls: []crossholding.ControlFact{
				{Controller: "x", Company: "y", By: by}, {Controller: "p", Company: "x", By: crossholding.ControlByAppointment},
			},
		}
	}
	for _, c := range []struct {
		name string
		book crossholding.Book
		want string
	}{
		{"by a fact that counts", book("FR", "10", crossholding.ControlByAppointment), ""},
		{"without shares", book("FR", "", crossholding.ControlByAppointment), "x controls y by a fact, and 10 votes of y in x count: rule FR-233-31 does not count this fact"},
		{"by a contract", book("FR", "10", crossholding.ControlByContractual), "x controls y by a fact, and 10 votes of y in x count: rule FR-233-31 does not count this fact"},
		{"shares alone count", book("US-DE", "10", crossholding.ControlByAppointment), "x controls y by a fact, and 10 votes of y in x count: rule US-DE-160c does not count this fact"},
		{"by votes too", book("FR", "60", crossholding.ControlByContractual), ""},
		{"no rule on controlled companies", book("KR", "5", crossholding.ControlByAppointment), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := booktest.New(t, c.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			var got []string
			for _, w := range warnings(t, v) {
				got = append(got, w.String())
			}
			require.Equal(t, c.want, strings.Join(got, "; "))
		})
	}
}

// On a day before the first day of the oldest rule of each kind, a warning names the rule, in every
// jurisdiction. On the first day it does not.
func TestBooksBeforeTheLaw(t *testing.T) {
	for _, j := range law.Jurisdictions() {
		first := map[law.TestKind]law.Statute{}
		for _, s := range j.Statutes {
			if was, ok := first[s.Kind]; !ok || s.From < was.From {
				first[s.Kind] = s
			}
		}
		for kind, s := range first {
			if s.From == "" {
				continue
			}
			country := j.Country
			if len(s.Parts) > 0 {
				country = s.Parts[0]
			}
			t.Run(country+" "+string(kind), func(t *testing.T) {
				warned := func(day date.Date) bool {
					v, err := booktest.New(t, crossholding.Book{AsOf: day, Companies: []crossholding.Company{{ID: "x", Country: country, Shares: []crossholding.ShareClass{{Issued: "100"}}}}}).Votes(t.Context(), crossholding.VotingOptions{})
					require.NoError(t, err)
					return slices.ContainsFunc(warnings(t, v), func(w crossholding.Warning) bool {
						return strings.Contains(w.Text, "before the first day of rule "+s.ID+", "+string(s.From))
					})
				}
				require.False(t, warned(s.From))
				require.True(t, warned(s.From.AddDays(-1)))
			})
		}
	}
}

// One name written in two ways is two parties, and the book's author hears of it. Letters of other
// scripts that look the same are not the same to Unicode.
func TestLookAlikeIDs(t *testing.T) {
	warnings := func(ids ...string) (out []string) {
		b := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100"}}}}}
		for _, id := range ids {
			b.Parties = append(b.Parties, crossholding.Party{ID: id})
		}
		for _, w := range booktest.New(t, b).Warnings() {
			out = append(out, w.String())
		}
		return out
	}
	require.Equal(t, []string{`ids "Socie\u0301te\u0301" and "Soci\u00e9t\u00e9" look alike: Unicode takes their characters for the same, and the book takes them for two`},
		warnings("Soci\u00e9t\u00e9", "Socie\u0301te\u0301", "Societe"))
	require.Len(t, warnings("\uac00", "\u1100\u1161"), 1)
	require.Empty(t, warnings("\u0430", "a", "Soci\u00e9t\u00e9", "Soci\u00e8t\u00e9"))
}
