package merge_test

import (
	"fmt"
	"log"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/merge"
	"github.com/crossholding/crossholding/ratio"
)

// A register of 2022 and a newspaper of 2023 disagree about Renault in Nissan. That Nissan has
// 15% of Renault fits the register's band.
func ExampleBooks() {
	register := crossholding.Book{
		AsOf: "2022-12-31", Source: "register",
		Companies: []crossholding.Company{{ID: "renault", Country: "FR"}, {ID: "nissan"}},
		Stakes: []crossholding.Stake{
			{Holder: "renault", Issuer: "nissan", Percent: "43.4"},
			{Holder: "nissan", Issuer: "renault", Between: "5%-25%"},
		},
	}
	newspaper := crossholding.Book{
		AsOf: "2023-11-08", Source: "newspaper",
		Companies: []crossholding.Company{{ID: "renault", Name: "Renault"}, {ID: "nissan", Country: "JP"}},
		Stakes: []crossholding.Stake{
			{Holder: "renault", Issuer: "nissan", Percent: "15"},
			{Holder: "nissan", Issuer: "renault", Percent: "15"},
		},
	}
	for _, opt := range []merge.Options{
		{}, {Rule: merge.Prefer, Prefer: []string{"register"}}, {Rule: merge.Largest},
	} {
		m, err := merge.Books(opt, register, newspaper)
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range m.Conflicts {
			fmt.Println(c)
		}
	}
	m, err := merge.Books(merge.Options{}, register, newspaper)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range m.Book.Stakes {
		fmt.Println(s.Holder, s.Issuer, s.Percent, s.Source)
	}
	// Output:
	// stake of renault in nissan (ordinary): 15% (newspaper 2023-11-08) taken, not 43.4% (register 2022-12-31)
	// stake of renault in nissan (ordinary): 43.4% (register 2022-12-31) taken, not 15% (newspaper 2023-11-08)
	// stake of renault in nissan (ordinary): 43.4% (register 2022-12-31) taken, not 15% (newspaper 2023-11-08)
	// nissan renault 15 newspaper
	// renault nissan 15 newspaper
}

// one is a book with one stake of p in x.
func one(source string, day date.Date, s crossholding.Stake) crossholding.Book {
	s.Holder, s.Issuer = "p", "x"
	return crossholding.Book{Source: source, AsOf: day, Companies: []crossholding.Company{{ID: "x"}},
		Parties: []crossholding.Party{{ID: "p"}}, Stakes: []crossholding.Stake{s}}
}

func TestMergeStakes(t *testing.T) {
	type stake = crossholding.Stake
	issued := one("c", "2020-01-01", stake{Shares: "434"})
	issued.Companies[0].Shares = []crossholding.ShareClass{{Issued: "1000"}}
	gold := one("c", "2020-01-01", stake{Percent: "5"})
	gold.Companies[0].Shares = []crossholding.ShareClass{{Class: "gold", Issued: "1000"}}
	for name, tc := range map[string]struct {
		books     []crossholding.Book
		opt       merge.Options
		want      string
		conflicts int
	}{
		"newest":             {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "5"}), one("b", "2021-01-01", stake{Percent: "4"})}, merge.Options{}, "4 b", 1},
		"undated is oldest":  {[]crossholding.Book{one("a", "", stake{Percent: "5"}), one("b", "2021-01-01", stake{Percent: "4"})}, merge.Options{}, "4 b", 1},
		"tie by source":      {[]crossholding.Book{one("a", "", stake{Percent: "4"}), one("b", "", stake{Percent: "5"})}, merge.Options{}, "4 a", 1},
		"tie by size":        {[]crossholding.Book{one("", "", stake{Percent: "4"}), one("", "", stake{Percent: "5"})}, merge.Options{}, "5 ", 1},
		"largest":            {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "5"}), one("b", "2021-01-01", stake{Percent: "4"})}, merge.Options{Rule: merge.Largest}, "5 a", 1},
		"preferred":          {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "5"}), one("b", "2021-01-01", stake{Percent: "4"})}, merge.Options{Rule: merge.Prefer, Prefer: []string{"a", "b"}}, "5 a", 1},
		"preferred by stake": {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "5", Source: "deed"}), one("b", "2021-01-01", stake{Percent: "4"})}, merge.Options{Rule: merge.Prefer, Prefer: []string{"deed"}}, "5 deed", 1},
		"same figure":        {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "5.0"}), one("b", "2021-01-01", stake{Shares: "5"})}, merge.Options{}, "5 b", 0},
		"fits rounded":       {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "33.34"}), one("b", "2021-01-01", stake{Percent: "33.3", Rounded: true})}, merge.Options{}, "33.34 a", 0},
		"fits band":          {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "33.34"}), one("b", "2021-01-01", stake{Between: "25%-50%"})}, merge.Options{}, "33.34 a", 0},
		"open end":           {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "25"}), one("b", "2021-01-01", stake{Between: "(25%,50%]"})}, merge.Options{}, "(25%,50%] b", 1},
		"bands that overlap": {[]crossholding.Book{one("a", "2020-01-01", stake{Between: "20%-40%"}), one("b", "2021-01-01", stake{Between: "25%-50%"})}, merge.Options{}, "25%-50% b", 1},
		"percent and shares": {[]crossholding.Book{one("a", "2020-01-01", stake{Percent: "43.39"}), issued}, merge.Options{}, "43.39 a", 0},
		"shares of 100":      {[]crossholding.Book{one("a", "2020-01-01", stake{Shares: "43.4"}), issued}, merge.Options{}, "43.4 a", 0},
		"three":              {[]crossholding.Book{one("a", "", stake{Percent: "4"}), one("b", "", stake{Percent: "5"}), one("c", "", stake{Percent: "4"})}, merge.Options{}, "4 a", 1},
		"default class":      {[]crossholding.Book{gold, one("a", "2021-01-01", stake{Percent: "6", Class: "gold"})}, merge.Options{}, "6 a", 1},
		"with lots":          {[]crossholding.Book{one("a", "", stake{Percent: "5"}), one("b", "", stake{Percent: "5", Lots: []crossholding.Lot{{Shares: "5", Price: "1 EUR"}}})}, merge.Options{}, "5 b", 0},
		"other period":       {[]crossholding.Book{one("a", "2021-01-01", stake{Percent: "5", To: "2020-01-01"}), one("b", "2021-01-01", stake{Percent: "6", From: "2020-01-02"})}, merge.Options{}, "5 a 6 b", 0},
		"no number":          {[]crossholding.Book{one("a", "", stake{Percent: "x"}), one("b", "", stake{Percent: "5"})}, merge.Options{}, "x a", 1},
		"nothing to merge":   {nil, merge.Options{}, "", 0},
		"twice in one report": {[]crossholding.Book{func() crossholding.Book {
			b := one("a", "", stake{Percent: "5"})
			b.Stakes = append(b.Stakes, stake{Holder: "p", Issuer: "x", Percent: "6", Adds: true})
			return b
		}(), one("b", "", stake{Percent: "11"})}, merge.Options{}, "5 a 6 a", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := merge.Books(tc.opt, tc.books...)
			require.NoError(t, err)
			var got []string
			for _, s := range m.Book.Stakes {
				got = append(got, string(s.Percent)+string(s.Shares)+s.Between+" "+s.Source)
			}
			require.Equal(t, tc.want, strings.Join(got, " "))
			require.Len(t, m.Conflicts, tc.conflicts)
			slices.Reverse(tc.books)
			again, err := merge.Books(tc.opt, tc.books...)
			require.NoError(t, err)
			require.Equal(t, m, again)
		})
	}
}

func TestMergeFields(t *testing.T) {
	a := crossholding.Book{
		AsOf: "2020-01-01", Source: "a",
		Companies: []crossholding.Company{{ID: "x", Name: "X", Currency: "EUR", Lot: "100", Shares: []crossholding.ShareClass{{Issued: "1000.0", Votes: "1"}, {Class: "gold", Issued: "5"}}}},
		Parties:   []crossholding.Party{{ID: "p", Kind: crossholding.KindFund}, {ID: "y", Kind: crossholding.KindFund, Name: "Y"}},
		Agreements: []crossholding.Agreement{
			{ID: "cap", Kind: crossholding.AgreementCap, Holders: []string{"q", "p"}, Issuer: "x", Max: "15%"},
			{ID: "other", Kind: crossholding.AgreementNeutral, Holders: []string{"p"}, Issuer: "x"}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"x": "5.50"}, FX: map[string]ratio.Number{"EUR/JPY": "150"}},
	}
	a.Controls = []crossholding.ControlFact{{Controller: "p", Company: "x", By: crossholding.ControlByNominee, Source: "deed"}, {Controller: "p", Company: "y", By: crossholding.ControlByTrust}}
	b := crossholding.Book{
		AsOf: "2021-01-01", Source: "b", Controls: slices.Clone(a.Controls),
		Companies: []crossholding.Company{{ID: "x", Country: "FR", Name: "X SA", Listed: true, Shares: []crossholding.ShareClass{{Class: "ordinary", Issued: "1000"}}}, {ID: "y"}},
		Parties:   []crossholding.Party{{ID: "p", Kind: crossholding.KindPerson}, {ID: "q"}},
		Agreements: []crossholding.Agreement{
			{ID: "cap", Kind: crossholding.AgreementCap, Holders: []string{"p", "q"}, Issuer: "x", Max: "3/20"},
			{ID: "other", Kind: crossholding.AgreementNeutral, Holders: []string{"q"}, Issuer: "x"}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"x": "5.5 EUR", "y": "1 EUR"}, FX: map[string]ratio.Number{"EUR/JPY": "160"}},
	}
	m, err := merge.Books(merge.Options{}, b, a)
	require.NoError(t, err)
	var text []string
	for _, c := range m.Conflicts {
		text = append(text, c.String())
	}
	require.Equal(t, []string{
		`agreement other: {"id":"other","kind":"neutral","holders":["q"],"issuer":"x"} (b 2021-01-01) taken, not {"id":"other","kind":"neutral","holders":["p"],"issuer":"x"} (a 2020-01-01)`,
		"company x: name: X SA (b 2021-01-01) taken, not X (a 2020-01-01)",
		"company y: kind: company taken, not fund (a 2020-01-01)",
		"market rate: EUR/JPY: 160 (b 2021-01-01) taken, not 150 (a 2020-01-01)",
		"party p: kind: person (b 2021-01-01) taken, not fund (a 2020-01-01)",
	}, text)
	got := booktest.New(t, m.Book).Book()
	require.Equal(t, []crossholding.Company{
		{ID: "x", Name: "X SA", Country: "FR", Listed: true, Currency: "EUR", Lot: "100", Shares: []crossholding.ShareClass{{Class: "gold", Issued: "5"}, {Issued: "1000"}}},
		{ID: "y", Name: "Y"}}, got.Companies)
	require.Equal(t, []crossholding.Party{{ID: "p", Kind: crossholding.KindPerson}, {ID: "q"}}, got.Parties)
	require.Equal(t, map[string]string{"x": "5.5 EUR", "y": "1 EUR"}, got.Market.Prices)
	require.Len(t, got.Agreements, 2)
	require.Equal(t, []crossholding.ControlFact{
		{Controller: "p", Company: "x", By: crossholding.ControlByNominee, Source: "deed"},
		{Controller: "p", Company: "y", By: crossholding.ControlByTrust, Source: "a"},
		{Controller: "p", Company: "y", By: crossholding.ControlByTrust, Source: "b"}}, got.Controls)
	require.Equal(t, date.Date("2021-01-01"), got.AsOf)
}

func TestMergeOptionsAreChecked(t *testing.T) {
	book := one("a", "", crossholding.Stake{Percent: "5"})
	for name, tc := range map[string]struct {
		opt  merge.Options
		kind error
	}{
		"rule":            {merge.Options{Rule: "oldest"}, crossholding.ErrUnknown},
		"source":          {merge.Options{Rule: merge.Prefer, Prefer: []string{"b"}}, crossholding.ErrUnknown},
		"no source":       {merge.Options{Rule: merge.Prefer, Prefer: []string{""}}, crossholding.ErrUnknown},
		"unused prefence": {merge.Options{Prefer: []string{"a"}}, crossholding.ErrRange},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := merge.Books(tc.opt, book)
			require.ErrorIs(t, err, tc.kind)
		})
	}
}

// A book merged with itself is that book, and the order of books and of rows changes nothing.
func TestMergeLaws(t *testing.T) {
	for seed := range testkit.Cases(100) {
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		var books []crossholding.Book
		for i := range 3 {
			b := booktest.New(t, booktest.RandomCrossBook(rng)).Book()
			b.AsOf, b.Source = date.Date(fmt.Sprintf("202%d-01-01", rng.IntN(2))), []string{"", "a", "b"}[rng.IntN(3)]
			b.Agreements = nil
			books = append(books, b)
			self, err := merge.Books(merge.Options{}, b, b)
			require.NoError(t, err)
			require.Empty(t, self.Conflicts)
			require.Equal(t, booktest.Bytes(t, booktest.New(t, b)), booktest.Bytes(t, booktest.New(t, withoutSources(self.Book, b.Source))), "seed %d, book %d", seed, i)
		}
		for _, opt := range []merge.Options{{}, {Rule: merge.Largest}} {
			want, err := merge.Books(opt, books...)
			require.NoError(t, err)
			rng.Shuffle(len(books), func(i, j int) { books[i], books[j] = books[j], books[i] })
			for k := range books {
				s := slices.Clone(books[k].Stakes)
				rng.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
				books[k].Stakes = s
			}
			got, err := merge.Books(opt, books...)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
}

// withoutSources gives the book the source that all its stakes have.
func withoutSources(b crossholding.Book, source string) crossholding.Book {
	b.Source = source
	return b
}

// Merge knows each field of what it merges. A new field needs a rule there.
func TestMergeKnowsEveryField(t *testing.T) {
	for _, tc := range []struct {
		value any
		want  string
	}{
		{crossholding.Book{}, "AsOf Source Companies Parties Stakes Agreements Controls Rights Market"},
		{crossholding.Company{}, "ID Name Country Law Listed Currency Lot Shares"},
		{crossholding.ShareClass{}, "Class Issued Treasury Votes Dividend Fractions"},
		{crossholding.Party{}, "ID Name Kind Country Members"},
		{crossholding.Stake{}, "Holder Issuer Class Shares Percent Rounded Between Adds Beneficiary CashSettled Voter Votes VotesSince From To Source Lots"},
		{crossholding.Market{}, "Currency Prices FX"},
	} {
		var names []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(tc.value)) {
			names = append(names, f.Name)
		}
		require.Equal(t, tc.want, strings.Join(names, " "))
	}
}

// Rights are merged by their ids, and a right that two books tell differently is a conflict.
func TestMergeRights(t *testing.T) {
	book := func(day date.Date, shares ratio.Number) crossholding.Book {
		return crossholding.Book{AsOf: day, Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100"}}}}, Parties: []crossholding.Party{{ID: "h"}},
			Rights: []crossholding.Right{{ID: "o", Holder: "h", Issuer: "x", Shares: shares}}}
	}
	same, err := merge.Books(merge.Options{}, book("2024-01-01", "5"), book("2024-01-01", "5.0"))
	require.NoError(t, err)
	require.Len(t, same.Book.Rights, 1)
	require.Empty(t, same.Conflicts)
	other, err := merge.Books(merge.Options{}, book("2024-01-01", "5"), book("2024-01-01", "6"))
	require.NoError(t, err)
	require.Len(t, other.Conflicts, 1)
	require.Equal(t, "right o", other.Conflicts[0].About)
}
