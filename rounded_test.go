package crossholding_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// percentages is a company x whose holders have these percentages. Those with a tilde are
// rounded.
func percentages(figures ...string) crossholding.Book {
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "x"}}}
	for i, f := range figures {
		id := string(rune('a' + i))
		b.Parties = append(b.Parties, crossholding.Party{ID: id})
		s := crossholding.Stake{Holder: id, Issuer: "x"}
		if s.Rounded = f[0] == '~'; s.Rounded {
			f = f[1:]
		}
		s.Percent = ratio.Number(f)
		b.Stakes = append(b.Stakes, s)
	}
	return b
}

// The percentages of an annual report add up to 100.01%. Bounds answers for all books that
// round to them. AsWritten takes one of these books.
func ExampleAlliance_AsWritten() {
	ctx := context.Background()
	book := percentages("~33.34", "~33.33", "~33.34")
	a, err := crossholding.New(book)
	check(err)
	b, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	check(err)
	for _, who := range []string{"a", "b", "c"} {
		v, err := b.Integrated(ctx, who, "x")
		check(err)
		control, err := b.Controls(ctx, who, "x")
		check(err)
		fmt.Println(who, v, control.Answer)
	}
	written, err := a.AsWritten()
	check(err)
	o, err := written.Ownership(ctx, crossholding.OwnershipOptions{})
	check(err)
	owners, err := o.Owners(ctx, "x")
	check(err)
	for _, in := range owners {
		fmt.Println(in.Holder, in.Integrated.Percent(6).StringFixed(6)+"%")
	}
	fmt.Println(written.Warnings()[1])
	// Output:
	// a [33.335%,33.34%] no
	// b [33.325%,33.33%] no
	// c [33.335%,33.34%] no
	// a 33.336667%
	// b 33.326667%
	// c 33.336667%
	// x (ordinary): rounded percentages are taken 66.67% of the way from the written figure to the lower end, because together they exceed what there is: a 33.34%, b 33.33%, c 33.34%
}

func TestRoundedBooks(t *testing.T) {
	for name, tc := range map[string]struct {
		book    crossholding.Book
		written string // shares in percent, as written, or scaled
	}{
		"three thirds":          {percentages("~33.3", "~33.3", "~33.3"), "33.3 33.3 33.3"},
		"0.01 too many":         {percentages("~33.34", "~33.33", "~33.34"), "33.336666666667 33.326666666667 33.336666666666"},
		"0.1 too many":          {percentages("~50.1", "~50.0"), "50.05 49.95"},
		"beside an exact one":   {percentages("~50.1", "49.95"), "50.05 49.95"},
		"zeros count":           {percentages("~30.00", "~70.01"), "29.995 70.005"},
		"one of two is coarse":  {percentages("~51", "~49.4"), "50.636363636364 49.363636363636"},
		"all":                   {percentages("~100"), "100"},
		"nothing":               {percentages("~0"), ""},
		"cut at 0":              {percentages("~0.0", "~100.0"), "100"},
		"below what there is":   {percentages("~20", "~30"), "20 30"},
		"written with a zero":   {percentages("~020.50"), "20.5"},
		"nothing is rounded":    {percentages("20", "30"), "20 30"},
		"rounded to whole tens": {percentages("~30", "~30", "~41"), "29.666666666667 29.666666666667 40.666666666666"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, tc.book)
			require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, booktest.New(t, a.Book())))
			w, err := a.AsWritten()
			require.NoError(t, err)
			require.Empty(t, w.Banded())
			got := ""
			for i, s := range w.Book().Stakes {
				if i > 0 {
					got += " "
				}
				got += string(s.Percent)
			}
			require.Equal(t, tc.written, got)
			again, err := w.AsWritten()
			require.NoError(t, err)
			require.Same(t, w, again)
		})
	}
}

// In a class of whole shares, the figures are whole shares.
func TestRoundedWholeShares(t *testing.T) {
	for name, tc := range map[string]struct {
		issued  ratio.Number
		figures []string
		more    []crossholding.Stake // of a
		want    string
	}{
		"0.01% too many":   {"1000", []string{"~33.34", "~33.33", "~33.34"}, nil, "334 333 333"},
		"they fit":         {"1000", []string{"~33.33", "~33.33"}, nil, "334 333"},
		"all are equal":    {"100", []string{"~33.3", "~33.3", "~33.3"}, nil, "34 33 33"},
		"part of a share":  {"10", []string{"~45", "~45"}, []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "1.1", Votes: "2"}}, "4 1.1 4"},
		"parts are issued": {"10.5", []string{"~50"}, nil, "5.25"},
	} {
		t.Run(name, func(t *testing.T) {
			b := percentages(tc.figures...)
			b.Companies[0].Shares = []crossholding.ShareClass{{Issued: tc.issued}}
			b.Stakes = append(b.Stakes, tc.more...)
			w, err := booktest.New(t, b).AsWritten()
			require.NoError(t, err)
			var got []string
			for _, s := range w.Book().Stakes {
				got = append(got, string(s.Shares))
			}
			require.Equal(t, tc.want, strings.Join(got, " "))
		})
	}
}

// A JSON number keeps the zeros that say how it was rounded.
func TestRoundedInJSON(t *testing.T) {
	a, err := crossholding.ReadBook(strings.NewReader(`{"companies": [{"id": "x"}], "parties": [{"id": "p"}],
		"stakes": [{"holder": "p", "issuer": "x", "percent": 33.30, "rounded": true}]}`))
	require.NoError(t, err)
	require.Equal(t, "p in x (ordinary): [33.295%,33.305%], written 33.30% and rounded", a.Banded()[0].String())
}

func TestRoundedFaults(t *testing.T) {
	rounded := func(s crossholding.Stake) crossholding.Book {
		s.Holder, s.Issuer, s.Rounded = "a", "x", true
		b := percentages("~1")
		b.Stakes[0] = s
		return b
	}
	zero := percentages("~5")
	zero.Companies[0].Shares = []crossholding.ShareClass{{Issued: "0"}}
	between := percentages("1")
	between.Companies = zero.Companies
	between.Stakes[0].Percent, between.Stakes[0].Between = "", "1%-2%"
	for name, tc := range map[string]struct {
		book crossholding.Book
		kind error
		want string
	}{
		"too many":       {percentages("~33.5", "~33.5", "~33.5"), crossholding.ErrOverAllocated, "0.35"},
		"shares":         {rounded(crossholding.Stake{Shares: "5"}), crossholding.ErrRange, "stakes[0].rounded: a in x: rounded is for a stake with percent"},
		"band":           {rounded(crossholding.Stake{Between: "5%-6%"}), crossholding.ErrRange, "rounded is for a stake with percent"},
		"no number":      {rounded(crossholding.Stake{}), crossholding.ErrRange, "rounded is for a stake with percent"},
		"exponent":       {rounded(crossholding.Stake{Percent: "5e1"}), ratio.ErrNumber, `stakes[0].percent: a in x: percent "5e1" has an exponent, so its last digit is not known`},
		"negative":       {rounded(crossholding.Stake{Percent: "-5"}), crossholding.ErrRange, "is not within 0 and 100"},
		"above 100":      {rounded(crossholding.Stake{Percent: "100.1"}), crossholding.ErrRange, "is not within 0 and 100"},
		"lots":           {rounded(crossholding.Stake{Percent: "5", Lots: []crossholding.Lot{{Shares: "5", Price: "1 EUR"}}}), crossholding.ErrRange, "stakes[0].lots: a in x: lots say how many"},
		"nothing issued": {zero, crossholding.ErrRange, `a in x: rounded 5% of class "ordinary", of which nothing is issued`},
		"band of none":   {between, crossholding.ErrRange, `a in x: 1%-2% of class "ordinary", of which nothing is issued`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crossholding.New(tc.book)
			require.ErrorIs(t, err, tc.kind)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// A question that needs exact figures says which stakes are rounded, and what to do.
func TestRoundedIsNamed(t *testing.T) {
	a := booktest.New(t, percentages("~33.34", "20"))
	_, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.ErrorIs(t, err, crossholding.ErrBands)
	require.ErrorContains(t, err, "a in x (ordinary): [33.335%,33.345%], written 33.34% and rounded: use Bounds.Controls, or take the percentages as they are written with AsWritten")
	require.Equal(t, ratio.Number("33.34"), a.Banded()[0].Rounded)
	require.Empty(t, a.Warnings())
	require.Equal(t, "x (ordinary): the rounded percentages are together 0.1% of the issued shares more than there is, which rounding explains",
		booktest.New(t, percentages("~50.1", "~50.0")).Warnings()[0].Text)
}

// Any exact book, rounded, is a book whose bounds hold the exact answers. The written figures
// stay in their bands and never exceed what there is. The order of rows changes nothing.
func TestRoundingHoldsTheTruth(t *testing.T) {
	for seed := range testkit.Cases(60) {
		rng := rand.New(rand.NewPCG(uint64(seed), 11))
		exact, places := crossholding.Book{Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}}, rng.IntN(3)
		ids := []string{"x", "y", "z"}
		for _, id := range ids {
			exact.Companies = append(exact.Companies, crossholding.Company{ID: id})
		}
		for _, issuer := range ids {
			left := 9_990_000
			for _, holder := range []string{"p", "q", "x", "y", "z"} {
				n := 1 + rng.IntN(left)
				if holder == issuer || left < 10 || holder != "p" && rng.IntN(3) == 0 {
					continue
				}
				left -= n
				exact.Stakes = append(exact.Stakes, crossholding.Stake{Holder: holder, Issuer: issuer, Percent: ratio.Of(int64(n), 100_000).Number()})
			}
		}
		rounded := exact
		rounded.Stakes = nil
		for _, s := range exact.Stakes {
			r, err := s.Percent.Ratio()
			require.NoError(t, err)
			s.Percent, s.Rounded = ratio.Number(r.Round(places, ratio.HalfEven).StringFixed(int32(places))), true
			rounded.Stakes = append(rounded.Stakes, s)
		}
		a := booktest.New(t, rounded)
		rng.Shuffle(len(rounded.Stakes), func(i, j int) {
			rounded.Stakes[i], rounded.Stakes[j] = rounded.Stakes[j], rounded.Stakes[i]
		})
		require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, booktest.New(t, rounded)))
		w, err := a.AsWritten()
		require.NoError(t, err)
		b, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
		require.NoError(t, err)
		for _, one := range []*crossholding.Alliance{booktest.New(t, exact), w} {
			o, err := one.Ownership(t.Context(), crossholding.OwnershipOptions{})
			require.NoError(t, err)
			c, err := one.Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			for _, who := range []string{"p", "q"} {
				y, err := o.Integrated(t.Context(), who, "x")
				require.NoError(t, err)
				v, err := b.Integrated(t.Context(), who, "x")
				require.NoError(t, err)
				// A figure made of 12 decimals can be outside by as much.
				near := ratio.Interval{Lo: v.Lo.Sub(ratio.Of(1, 1e10)), Hi: v.Hi.Add(ratio.Of(1, 1e10))}
				require.True(t, near.Contains(y), "seed %d: %s in %s", seed, y.PercentString(), v)
				yes, err := c.Controls(t.Context(), who, "x")
				require.NoError(t, err)
				answer, err := b.Controls(t.Context(), who, "x")
				require.NoError(t, err)
				if yes {
					require.NotEqual(t, crossholding.CertaintyNo, answer.Answer)
				} else {
					require.NotEqual(t, crossholding.CertaintyYes, answer.Answer)
				}
			}
		}
	}
}

// A company given with 100 issued shares is no company known only in percent: it has whole
// shares, it is written with its shares, and its caps count whole votes.
func TestHundredSharesAreNoPercentages(t *testing.T) {
	b := percentages("30", "40")
	known := booktest.New(t, b)
	b.Companies = []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100"}}}}
	issued := booktest.New(t, b)
	require.Equal(t, ratio.Number("30"), known.Book().Stakes[0].Percent)
	require.Empty(t, known.Book().Companies[0].Shares)
	require.Equal(t, ratio.Number("30"), issued.Book().Stakes[0].Shares)
	require.Equal(t, []crossholding.ShareClass{{Issued: "100"}}, issued.Book().Companies[0].Shares)
	for a, want := range map[*crossholding.Alliance]string{known: "12.5", issued: "12"} {
		book := a.Book()
		book.Agreements = []crossholding.Agreement{{ID: "cap", Kind: crossholding.AgreementCap, Holders: []string{"a"}, Issuer: "x", Max: "12.5%"}}
		v, err := booktest.New(t, book).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		n, err := v.Of("a", "x")
		require.NoError(t, err)
		require.Equal(t, want, n.Free.String())
		out := booktest.Run(t, a.Book(), scenario.Step{Step: scenario.StepTrade, From: "a", To: "b", Issuer: "x", Percent: "10.5"})
		require.Equal(t, want == "12", out.After.Book().Stakes[0].Shares != "")
	}
}

// A percentage written as a fraction is a fault that says what to write.
func TestPercentAsFraction(t *testing.T) {
	for percent, want := range map[string]string{
		"33 1/3%":  `percent "33 1/3%" is a fraction; write "33.33" with "rounded": true, or the number of shares`,
		"12 1/2":   `write "12.5", or the number of shares`,
		"1/2 %":    `write "0.5", or the number of shares`,
		"1/3":      `write "33.33" with "rounded": true for a part of all shares, "0.33" with "rounded": true for a part of one percent, or the number of shares`,
		"1/4":      `write "25" for a part of all shares, "0.25" for a part of one percent, or`,
		"1/0":      "is not a decimal number",
		"1/":       "is not a decimal number",
		"a third ": "is not a decimal number",
	} {
		_, err := crossholding.New(percentages(percent))
		require.ErrorIs(t, err, ratio.ErrNumber, percent)
		require.ErrorContains(t, err, want)
	}
}
