package value_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// exampleCase is a case of testdata/cases.json.
type exampleCase struct {
	ID, Source, Corrects, Note string
	Inputs                     json.RawMessage
	Exact                      json.RawMessage `json:"computed_exact"`
}

// caseOf reads a case, its inputs and what was computed for it.
func caseOf(t *testing.T, id string, inputs, exact any) exampleCase {
	t.Helper()
	var file struct{ Cases []exampleCase }
	read(t, "cases.json", &file)
	for _, c := range file.Cases {
		if c.ID == id {
			require.NotEmpty(t, c.Source)
			require.NoError(t, json.Unmarshal(c.Inputs, inputs))
			require.NoError(t, json.Unmarshal(c.Exact, exact))
			return c
		}
	}
	t.Fatalf("no case %s", id)
	return exampleCase{}
}

// euros is an amount in euros.
func euros(text string) crossholding.Money {
	return crossholding.Money{Amount: ratio.MustParse(text), Currency: "EUR"}
}

// lookThrough values the companies of a book in euros.
func lookThrough(t *testing.T, b crossholding.Book, own, prices map[string]string) *value.LookThrough {
	t.Helper()
	l, err := value.NewLookThrough(t.Context(), booktest.New(t, b), value.Figures{Market: crossholding.Market{Currency: "EUR", Prices: prices}, Own: own})
	require.NoError(t, err)
	return l
}

// figures returns the own, gross and external value of a company.
func figures(t *testing.T, l *value.LookThrough, company string) (own, gross, external string) {
	t.Helper()
	e, err := l.Of(company)
	require.NoError(t, err)
	o, err := e.Own()
	require.NoError(t, err)
	g, err := e.Gross()
	require.NoError(t, err)
	x, err := e.External()
	require.NoError(t, err)
	return o.Amount.String(), g.Amount.String(), x.Amount.String()
}

func TestVernimmen(t *testing.T) {
	var in struct {
		C   [][]ratio.Ratio `json:"C_values"`
		Own []int           `json:"own_net_assets"`
	}
	var want struct {
		Gross []string `json:"gross_equity"`
		Total string   `json:"external_total"`
	}
	caseOf(t, "vernimmen-two-firm-one-third", &in, &want)
	l := lookThrough(t, matrixBook(in.C), map[string]string{"c0": fmt.Sprint(in.Own[0]), "c1": fmt.Sprint(in.Own[1])}, nil)
	for i, w := range want.Gross {
		_, gross, _ := figures(t, l, fmt.Sprintf("c%d", i))
		require.Equal(t, w, gross)
	}
	totals, err := l.Totals()
	require.NoError(t, err)
	require.Equal(t, want.Total, totals.External.Amount.String())
	require.Equal(t, "150", totals.DoubleCounted.Amount.String())
}

// matrixBook is a book of companies c0, c1 and so on, in which c[i][j] is what i has of j.
func matrixBook(c [][]ratio.Ratio) crossholding.Book {
	var b crossholding.Book
	for i := range c {
		b.Companies = append(b.Companies, crossholding.Company{ID: fmt.Sprintf("c%d", i), Shares: []crossholding.ShareClass{{Issued: "100"}}})
		for j, x := range c[i] {
			if !x.IsZero() {
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("c%d", i), Issuer: fmt.Sprintf("c%d", j), Shares: x.Mul(ratio.Int(100)).Number()})
			}
		}
	}
	return b
}

// dependency returns the matrix Ĉ(I-C)^-1 of Elliott, Golub and Jackson: what the owners
// outside of each company have of each own business.
func dependency(t *testing.T, l *value.LookThrough, n int) [][]ratio.Ratio {
	t.Helper()
	out := make([][]ratio.Ratio, n)
	for i := range out {
		out[i] = make([]ratio.Ratio, n)
		p, err := l.Portfolio(t.Context(), fmt.Sprintf("float:c%d", i))
		require.NoError(t, err)
		for _, c := range p.Claims {
			var j int
			_, err := fmt.Sscanf(c.Company, "c%d", &j)
			require.NoError(t, err)
			out[i][j] = c.Fraction
		}
	}
	return out
}

func TestDependencyMatrices(t *testing.T) {
	t.Run("two organisations", func(t *testing.T) {
		var in struct{ C [][]float64 }
		var want struct{ A [][]string }
		caseOf(t, "egj-two-organisations", &in, &want)
		half := ratio.Of(1, 2)
		require.Equal(t, [][]float64{{0, .5}, {.5, 0}}, in.C)
		l := lookThrough(t, matrixBook([][]ratio.Ratio{{{}, half}, {half, {}}}), map[string]string{"c0": "1", "c1": "1"}, nil)
		for i, row := range dependency(t, l, 2) {
			require.Equal(t, want.A[i], texts(row))
		}
	})
	t.Run("Europe", func(t *testing.T) {
		var in struct {
			G [][]int64 `json:"G_values"`
		}
		var want struct {
			Sums []string `json:"column_sums"`
		}
		caseOf(t, "egj-2014-europe-dependency-matrix", &in, &want)
		published := [][]string{ // in the note of the case
			{"0.71", "0.13", "0.13", "0.17", "0.07", "0.11"}, {"0.18", "0.71", "0.13", "0.11", "0.09", "0.14"},
			{"0.00", "0.00", "0.67", "0.00", "0.00", "0.00"}, {"0.07", "0.12", "0.03", "0.69", "0.03", "0.05"},
			{"0.01", "0.00", "0.02", "0.00", "0.67", "0.02"}, {"0.03", "0.03", "0.02", "0.02", "0.14", "0.68"},
		}
		n := len(in.G)
		c, own := make([][]ratio.Ratio, n), map[string]string{}
		for j := range c {
			c[j], own[fmt.Sprintf("c%d", j)] = make([]ratio.Ratio, n), "1"
		}
		for i, row := range in.G { // row[j] is the debt of i that j has; a third of i is held
			var sum int64
			for _, x := range row {
				sum += x
			}
			for j, x := range row {
				c[j][i] = ratio.Of(x, 3*sum)
			}
		}
		a := dependency(t, lookThrough(t, matrixBook(c), own, nil), n)
		for j := range n {
			sum := ratio.Ratio{}
			for i := range n {
				require.Equal(t, published[i][j], a[i][j].Decimal(2).StringFixed(2))
				sum = sum.Add(a[i][j])
			}
			require.Equal(t, want.Sums[j], sum.String())
		}
	})
}

// The published total is right, and the published values of the firms are not.
func TestWhatOthersHoldIsSubtracted(t *testing.T) {
	var in struct {
		Gross    int `json:"gross_cap_each"`
		Holdings map[string]float64
	}
	var want struct{ Total string }
	c := caseOf(t, "cross-holding-orientation-trap-total", &in, &want)
	require.NotEmpty(t, c.Corrects)
	b, prices := crossholding.Book{}, map[string]string{}
	for _, id := range []string{"A", "B", "C", "D"} {
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "100"}}})
		prices[id] = "1 EUR"
	}
	for pair, x := range in.Holdings {
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: pair[:1], Issuer: pair[3:], Shares: ratio.Number(fmt.Sprint(x * 100))})
	}
	l := lookThrough(t, b, nil, prices)
	for id, w := range map[string]string{"A": "90", "B": "30", "C": "70", "D": "70"} {
		_, gross, external := figures(t, l, id)
		require.Equal(t, "100", gross)
		require.Equal(t, w, external)
	}
	totals, err := l.Totals()
	require.NoError(t, err)
	require.Equal(t, want.Total, totals.External.Amount.String())
	require.Equal(t, want.Total, totals.Own.Amount.String())
}

func TestPublishedDiscounts(t *testing.T) {
	for _, id := range []string{"nav-discount-exor", "nav-discount-softbank"} {
		var in struct {
			NAV   json.Number `json:"nav_per_share"`
			Price json.Number
		}
		var want struct {
			Discount ratio.Ratio `json:"discount_pct"`
		}
		caseOf(t, id, &in, &want)
		p, err := value.Premium(euros(in.Price.String()), euros(in.NAV.String()))
		require.NoError(t, err)
		require.Equal(t, want.Discount.String(), p.Mul(ratio.Int(100)).String())
	}
}

func TestPalm(t *testing.T) {
	var in struct {
		Palm   json.Number `json:"palm_price"`
		Ratio  json.Number
		Parent json.Number `json:"parent_price"`
	}
	var want struct {
		Holding string `json:"holding_value_per_parent_share"`
	}
	caseOf(t, "palm-3com-holding-per-share", &in, &want)
	// 100 shares of 3Com have 150 of Palm.
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "3com", Shares: []crossholding.ShareClass{{Issued: "100"}}}, {ID: "palm", Shares: []crossholding.ShareClass{{Issued: "200"}}}},
		Stakes:    []crossholding.Stake{{Holder: "3com", Issuer: "palm", Shares: ratio.MustParse(in.Ratio.String()).Mul(ratio.Int(100)).Number()}},
	}
	l := lookThrough(t, b, nil, map[string]string{"3com": in.Parent.String() + " EUR", "palm": in.Palm.String() + " EUR"})
	e, err := l.Of("3com")
	require.NoError(t, err)
	stakes, err := e.Stakes()
	require.NoError(t, err)
	per, err := e.PerShare(stakes)
	require.NoError(t, err)
	booktest.RequireRatio(t, want.Holding, per.Amount)
	own, err := e.Own()
	require.NoError(t, err)
	per, err = e.PerShare(own)
	require.NoError(t, err)
	require.Equal(t, "-4.685", per.Amount.String())
}

func TestLookThroughFaults(t *testing.T) {
	third := ratio.Of(1, 3)
	a := booktest.New(t, matrixBook([][]ratio.Ratio{{{}, third}, {third, {}}}))
	market := crossholding.Market{Currency: "EUR", Prices: map[string]string{"c0": "2 EUR"}}
	for name, c := range map[string]struct {
		figures value.Figures
		kind    error
		text    string
	}{
		"no currency":      {value.Figures{}, crossholding.ErrCurrency, "currency"},
		"both":             {value.Figures{Market: market, Own: map[string]string{"c0": "5"}}, crossholding.ErrDuplicate, "c0 has a value of its own business, 5, and a price of its shares, 2 EUR"},
		"unknown":          {value.Figures{Market: market, Own: map[string]string{"c9": "5"}}, crossholding.ErrUnknown, "c9"},
		"not a number":     {value.Figures{Market: market, Own: map[string]string{"c1": "five"}}, ratio.ErrNumber, "five"},
		"not a currency":   {value.Figures{Market: market, Own: map[string]string{"c1": "5 euro"}}, crossholding.ErrCurrency, "5 euro"},
		"no exchange rate": {value.Figures{Market: market, Own: map[string]string{"c1": "5 USD"}}, crossholding.ErrNoPrice, "USD/EUR"},
		"empty":            {value.Figures{Market: market, Own: map[string]string{"c1": ""}}, crossholding.ErrCurrency, "amount"},
		"unknown price":    {value.Figures{Market: crossholding.Market{Currency: "EUR", Prices: map[string]string{"x": "2 EUR"}}}, crossholding.ErrUnknown, "x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := value.NewLookThrough(t.Context(), a, c.figures)
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.text)
		})
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := value.NewLookThrough(ended, a, value.Figures{Market: market})
	require.ErrorIs(t, err, context.Canceled)
}

// A missing figure is named, and only those figures fail that need it.
func TestMissingFigures(t *testing.T) {
	a := booktest.Alliance(t, "a 50 b", "b 50 c", "d 10 a", "x 10 d")
	l, err := value.NewLookThrough(t.Context(), a, value.Figures{
		Market: crossholding.Market{Currency: "EUR", Prices: map[string]string{"a": "1 EUR"}},
		Own:    map[string]string{"b": "30", "d": "7"},
	})
	require.NoError(t, err)
	_, gross, external := figures(t, l, "d")
	require.Equal(t, "17", gross) // its own 7 and a tenth of a
	require.Equal(t, "17", external)
	e, err := l.Of("a")
	require.NoError(t, err)
	_, err = e.Gross()
	require.NoError(t, err)
	for _, figure := range []func() (crossholding.Money, error){e.Own, e.Stakes} {
		_, err = figure()
		require.ErrorIs(t, err, crossholding.ErrNoPrice)
		require.ErrorContains(t, err, "shares of b")
	}
	b, err := l.Of("b")
	require.NoError(t, err)
	_, err = b.Gross()
	require.ErrorContains(t, err, "shares of c")
	own, err := b.Own()
	require.NoError(t, err)
	require.Equal(t, "30 EUR", own.String())
	_, err = l.Totals()
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	_, err = l.Portfolio(t.Context(), "a")
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	_, err = l.Portfolio(t.Context(), "nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = l.Of("x")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = l.NetAssetValue("d", euros("7"))
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
}

// Nobody outside owns the two, whatever else is in the book and however little they are worth.
func TestRingThatNobodyOutsideOwns(t *testing.T) {
	one := ratio.Int(1)
	alone := matrixBook([][]ratio.Ratio{{{}, one}, {one, {}}})
	among := matrixBook([][]ratio.Ratio{{{}, one, {}, {}}, {one, {}, {}, {}}, {{}, {}, {}, ratio.Of(1, 2)}, {{}, {}, ratio.Of(1, 2), {}}})
	among.Parties = []crossholding.Party{{ID: "person"}}
	for _, b := range []crossholding.Book{alone, among} {
		fig := value.Figures{Market: crossholding.Market{Currency: "EUR"}, Own: map[string]string{"c0": "0", "c1": "0"}}
		for _, c := range b.Companies[2:] {
			fig.Own[c.ID] = "5"
		}
		_, err := value.NewLookThrough(t.Context(), booktest.New(t, b), fig)
		var ring *crossholding.NoOutsideOwnerError
		require.ErrorAs(t, err, &ring)
		require.Equal(t, [][]string{{"c0", "c1"}}, ring.Components)
	}
}

// Of two classes with different prices, each stake counts at the price of its class.
func TestClasses(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "p", Shares: []crossholding.ShareClass{{Issued: "10"}}},
			{ID: "s", Shares: []crossholding.ShareClass{{Class: "common", Issued: "100", Treasury: "20"}, {Class: "pref", Issued: "100", Dividend: "3"}, {Class: "gold", Issued: "1", Dividend: "0"}}},
		},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "s", Class: "pref", Shares: "50"}, {Holder: "p", Issuer: "s", Class: "gold", Shares: "1"},
		},
	}
	l := lookThrough(t, b, nil, map[string]string{"p": "100 EUR", "s": "2 EUR", "s/pref": "4 EUR", "s/gold": "300 EUR"})
	own, gross, external := figures(t, l, "s")
	require.Equal(t, "860", gross) // 80·2 + 100·4 + 300
	require.Equal(t, "860", own)
	require.Equal(t, "360", external)
	own, _, _ = figures(t, l, "p")
	require.Equal(t, "500", own) // 1,000 less 50·4 and 300
}

// randomFigures is a random book with parties, and for each company a price or a value of its
// own business.
func randomFigures(r *rand.Rand) (crossholding.Book, value.Figures) {
	n := 2 + r.IntN(6)
	b := crossholding.Book{Parties: []crossholding.Party{{ID: "person"}}}
	fig := value.Figures{Market: crossholding.Market{Currency: "EUR", Prices: map[string]string{}}, Own: map[string]string{}}
	for j := range n {
		id := fmt.Sprintf("c%d", j)
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: ratio.Number(fmt.Sprint(r.IntN(100)))}}})
		left := 890
		for i := range n + 1 {
			if i == j || r.IntN(2) == 0 {
				continue
			}
			holder := fmt.Sprintf("c%d", i)
			if i == n {
				holder = "person"
			}
			x := r.IntN(left + 1)
			if left -= x; x > 0 {
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: holder, Issuer: id, Shares: ratio.Number(fmt.Sprint(x))})
			}
		}
		if r.IntN(2) == 0 {
			fig.Market.Prices[id] = fmt.Sprintf("%d.%02d EUR", r.IntN(50), r.IntN(100))
		} else {
			fig.Own[id] = fmt.Sprintf("%d EUR", r.IntN(3000)-500)
		}
	}
	return b, fig
}

// Whatever is known, external values add up to own values exactly, every company is worth its
// own business and its stakes, and the portfolios of outside owners add up to the same.
func TestExternalValuesAddUpToOwnValues(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 5))
	for range testkit.Cases(400) {
		b, fig := randomFigures(r)
		a := booktest.New(t, b)
		l, err := value.NewLookThrough(t.Context(), a, fig)
		require.NoError(t, err)
		totals, err := l.Totals()
		require.NoError(t, err)
		require.Equal(t, totals.Own, totals.External)
		require.Equal(t, totals.Gross.Amount.String(), totals.External.Amount.Add(totals.DoubleCounted.Amount).String())
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		outside, err := l.Portfolio(t.Context(), "person")
		require.NoError(t, err)
		sum := outside.Total.Amount
		for _, e := range l.Companies() {
			own, err := e.Own()
			require.NoError(t, err)
			gross, err := e.Gross()
			require.NoError(t, err)
			want := own.Amount
			for _, f := range l.Companies() {
				if f.Company == e.Company {
					continue
				}
				direct, err := o.Direct(e.Company, f.Company)
				require.NoError(t, err)
				g, err := f.Gross()
				require.NoError(t, err)
				want = want.Add(direct.Mul(g.Amount))
			}
			require.True(t, want.Equal(gross.Amount), "%s: %s, %s", e.Company, want, gross)
			p, err := l.Portfolio(t.Context(), e.Company)
			require.NoError(t, err)
			require.Equal(t, gross, p.Total, e.Company)
			float, err := l.Portfolio(t.Context(), crossholding.FloatOf(e.Company))
			require.NoError(t, err)
			sum = sum.Add(float.Total.Amount)
		}
		require.True(t, sum.Equal(totals.Own.Amount), "%s, %s", sum, totals.Own)
		condition, err := l.Condition(t.Context())
		require.NoError(t, err)
		require.False(t, condition.Number.Less(ratio.Int(1)))
	}
}
