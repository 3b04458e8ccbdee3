package whatif_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/whatif"
)

// pyramid is a holding company with 40% of a target, and prices in the market.
func pyramid() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "holding", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "target", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "buyer"}},
		Stakes:  []crossholding.Stake{{Holder: "holding", Issuer: "target", Shares: "400"}},
		Market:  &crossholding.Market{Currency: "EUR", Prices: map[string]string{"holding": "4 EUR", "target": "10 EUR"}},
	}
}

func alliance(t *testing.T, b crossholding.Book) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	return a
}

// priced is a book of the alliance with prices that are not those of its day.
func priced(name string) *crossholding.Alliance {
	b := book(name).Book()
	b.Market.Prices = map[string]string{"nissan": "418 JPY", "renault": "31 EUR", "mitsubishi": "510 JPY"}
	a, err := crossholding.New(b)
	check(err)
	return a
}

// purchases are the answer in short: what is bought from whom.
func purchases(t whatif.Takeover) map[string]string {
	out := map[string]string{}
	for _, p := range t.Purchases {
		out[p.Offer.Issuer+" from "+p.Offer.Seller] = p.Shares.Grouped()
	}
	return out
}

func TestCheapestControl(t *testing.T) {
	for _, tt := range []struct {
		name      string
		change    func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options)
		cost      string
		purchases map[string]string
	}{
		// 501 at 4 and 101 at 10; the target alone would cost 5,010
		{"through the holding", nil, "3014", map[string]string{"holding from float:holding": "501", "target from float:target": "101"}},
		// 501 at 10 = 5,010 are now less than 501 at 9 and 1,010
		{"directly", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Market.Prices["holding"] = "9 EUR"
		},
			"5010", map[string]string{"target from float:target": "501"}},
		// 450 at 10, and 51 at 30
		{"sellers", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			q.Offers = []whatif.Offer{{Seller: "float:target", Issuer: "target", Shares: "450"}, {Seller: "holding", Issuer: "target", Shares: "51", Price: "30 EUR"}}
		}, "6030", map[string]string{"target from float:target": "450", "target from holding": "51"}},
		// lots of 100: 600 at 4 and 200 at 10
		{"lots", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Companies[0].Lot, b.Companies[1].Lot = "100", "100"
		}, "4400", map[string]string{"holding from float:holding": "600", "target from float:target": "200"}},
		// all 600 of the float for 4,200 and nothing less; the holding's way costs 2,004 and 1,010
		{"packages", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			q.Offers = []whatif.Offer{{Seller: "float:target", Issuer: "target", Whole: true, Price: "7 EUR"}, {Seller: "float:holding", Issuer: "holding", Price: "9 EUR"}}
		}, "4200", map[string]string{"target from float:target": "600"}},
		// a seller asks for more the more it sells: 300 at 4, the next 201 at 5
		{"steps of a price", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			q.Offers = []whatif.Offer{{Seller: "float:holding", Issuer: "holding", Price: "5 EUR", Shares: "700"}, {Seller: "float:holding", Issuer: "holding", Price: "4 EUR", Shares: "300"}, {Seller: "float:target", Issuer: "target"}}
		}, "3215", map[string]string{"holding from float:holding": "300", "target from float:target": "101"}},
		// 2,000 votes: 90 shares with ten votes each at 60 bring 900, and 101 at 10 the rest
		{"classes", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Companies[1].Shares = append(b.Companies[1].Shares, crossholding.ShareClass{Class: "b", Issued: "100", Votes: "10"})
			q.Offers = []whatif.Offer{{Seller: "float:target", Issuer: "target", Class: "b", Shares: "90", Price: "60 EUR"}, {Seller: "float:target", Issuer: "target", Class: "ordinary"}}
		}, "6410", map[string]string{"target from float:target": "101"}},
		// a third of the votes is enough: 334 of the holding, and no share of the target
		{"a lower threshold", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			opt.Control.Threshold = ratio.Of(1, 3)
		}, "1336", map[string]string{"holding from float:holding": "334"}},
		{"a fact", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Controls = []crossholding.ControlFact{{Controller: "holding", Company: "target", By: "appointment"}}
		}, "2004", map[string]string{"holding from float:holding": "501"}},
		{"controlled already", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "buyer", Issuer: "target", Shares: "501"})
		}, "0", map[string]string{}},
		{"both", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			q.Targets = []string{"target", "holding"}
		},
			"3014", map[string]string{"holding from float:holding": "501", "target from float:target": "101"}},
		// an ally's 150 votes count in the concert: 351 of the target at 10, or 501 at 4 and none
		{"a concert", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Parties = append(b.Parties, crossholding.Party{ID: "ally"})
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "ally", Issuer: "target", Shares: "150"})
			b.Agreements = []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"ally", "buyer"}}}
			q.Controller = crossholding.ConcertOf("pact")
		}, "2004", map[string]string{"holding from float:holding": "501"}},
		// the 400 of the holding count in the buyer's standstill, so 50.1% is the least that wins
		{"a standstill", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Agreements = []crossholding.Agreement{{ID: "stand", Kind: crossholding.AgreementStandstill, Holders: []string{"buyer"}, Issuer: "target", Max: "50.1%"}}
		}, "3014", map[string]string{"holding from float:holding": "501", "target from float:target": "101"}},
		// of companies known only in percent, a share is a percentage point: 50.01 at 4 and 10.01 at 10
		{"percent", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Companies[0].Shares, b.Companies[1].Shares = nil, nil
			b.Stakes[0].Shares, b.Stakes[0].Percent = "", "40"
			b.Companies = append(b.Companies, crossholding.Company{ID: "other"})
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "holding", Issuer: "other", Percent: "1"}, crossholding.Stake{Holder: "other", Issuer: "holding", Percent: "1"})
		}, "300.14", map[string]string{"holding from float:holding": "50.01", "target from float:target": "10.01"}},
		{"other currencies", func(b *crossholding.Book, q *whatif.Acquisition, opt *whatif.Options) {
			b.Market.Prices["target"] = "1500 JPY"
			b.Market.FX = map[string]ratio.Number{"EUR/JPY": "150"}
			q.Currency = "JPY"
		}, "452100", map[string]string{"holding from float:holding": "501", "target from float:target": "101"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, q, opt := pyramid(), whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}}, whatif.Options{}
			if tt.change != nil {
				tt.change(&b, &q, &opt)
			}
			out, err := whatif.CheapestControl(t.Context(), alliance(t, b), q, opt)
			require.NoError(t, err)
			require.Equal(t, tt.cost, out.Cost.Amount.String(), out.String())
			require.True(t, out.Optimal, out.String())
			require.Equal(t, out.Cost, out.Bound)
			if tt.name != "steps of a price" && tt.name != "classes" {
				require.Equal(t, tt.purchases, purchases(out))
			}
			for i, w := range out.Control {
				require.True(t, w.Controlled)
				require.Equal(t, q.Targets[i], w.Company)
			}
			for _, p := range out.Purchases {
				require.NotEmpty(t, p.Without)
				require.NotEmpty(t, p.OneLotLess)
			}
		})
	}
}

// TestCheapestControlOfTheAlliance: at the counts of 3 April 2024, the cheapest votes in
// Renault are those with double votes, because the second vote ends and the total falls.
// Before, Nissan's shares have no votes; but if the total fell too far, they would be a
// quarter of it, and Renault's votes in Nissan would be suspended. So the cheapest purchases
// take just enough shares from Nissan Finance to keep it below a quarter.
func TestCheapestControlOfTheAlliance(t *testing.T) {
	out, err := whatif.CheapestControl(t.Context(), priced("2024-04-03"), whatif.Acquisition{Buyer: "french-state", Targets: []string{"renault"}}, whatif.Options{})
	require.NoError(t, err)
	require.True(t, out.Optimal)
	require.Equal(t, map[string]string{"renault from float:renault": "85,346,323", "renault from registered-holders": "16,145,575"}, purchases(out))
	// 88,775,830 + 85,346,323 + 16,145,575 of 396,681,029 - 16,145,575
	require.Equal(t, "190267728", out.Control[0].Proof.Steps[0].Sum.String())
	require.Equal(t, "380535454", out.Control[0].Proof.Steps[0].Base.String())
	require.Equal(t, "3146248838 EUR", out.Cost.String())

	// Nissan may cast 15% of the votes in Renault, whatever it buys.
	_, err = whatif.CheapestControl(t.Context(), priced("2024-04-03"), whatif.Acquisition{Buyer: "nissan-finance", Controller: "nissan", Targets: []string{"renault"}}, whatif.Options{})
	var none *whatif.NoControlError
	require.ErrorAs(t, err, &none)
	require.Nil(t, none.Bound)
	require.EqualError(t, err, "whatif: nissan does not come to control renault, whatever it buys of the offers: no solution")
}

// TestCheapestControlOfNissan buys six stakes in the loop of 2022, by way of Renault.
func TestCheapestControlOfNissan(t *testing.T) {
	if !testkit.Long() {
		t.Skip("takes seconds")
	}
	out, err := whatif.CheapestControl(t.Context(), priced("before"), whatif.Acquisition{Buyer: "mitsubishi-corporation", Targets: []string{"nissan"}}, whatif.Options{})
	require.NoError(t, err)
	require.True(t, out.Optimal)
	require.Equal(t, map[string]string{
		"nissan from float:nissan": "264,070,600", "renault from float:renault": "61,407,690", "renault from french-state": "44,387,915",
		"renault from nissan-finance": "2,764,097", "renault from registered-holders": "16,223,037",
	}, purchases(out))
	held, err := out.After.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	count, err := held.Of("nissan-finance", "renault")
	require.NoError(t, err)
	meeting, err := held.Meeting("renault")
	require.NoError(t, err)
	exercisable := meeting.Exercisable.Add(count.Theoretical) // article 308 counts suspended votes
	require.True(t, count.Theoretical.Div(exercisable).Less(ratio.Of(1, 4)))
	require.False(t, count.Theoretical.Add(ratio.Int(2)).Div(exercisable.Add(ratio.Int(1))).Less(ratio.Of(1, 4)), "one share more of Nissan Finance would be a quarter")
}

func TestCheapestControlWithinABudget(t *testing.T) {
	a := alliance(t, pyramid())
	q := whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}, Budget: "3014 EUR"}
	out, err := whatif.CheapestControl(t.Context(), a, q, whatif.Options{})
	require.NoError(t, err)
	require.Equal(t, "3014", out.Cost.Amount.String())
	q.Budget = "3013.99 EUR"
	_, err = whatif.CheapestControl(t.Context(), a, q, whatif.Options{})
	require.EqualError(t, err, "whatif: buyer does not come to control target within 3013.99 EUR: if it can, it costs at least 3,014 EUR: no solution")
	require.ErrorIs(t, err, whatif.ErrNoSolution)
	q.Budget, q.MaxBooks = "", 20
	b := pyramid()
	b.Agreements = []crossholding.Agreement{{ID: "stand", Kind: crossholding.AgreementStandstill, Holders: []string{"buyer"}, Issuer: "target", Max: "50%"}}
	_, err = whatif.CheapestControl(t.Context(), alliance(t, b), q, whatif.Options{})
	require.ErrorContains(t, err, "by purchases that were found: the search ended at MaxBooks; none below 3,0", "the bound knows no standstill")
	q.Offers = []whatif.Offer{{Seller: "float:target", Issuer: "target", Shares: "500"}}
	_, err = whatif.CheapestControl(t.Context(), a, q, whatif.Options{})
	require.EqualError(t, err, "whatif: buyer does not come to control target, whatever it buys of the offers: no solution")
}

// TestCheapestControlThatEndsEarly: at the end of 2022 the French State's votes in Renault are
// capped while Nissan's are suspended, which the bound does not know.
func TestCheapestControlThatEndsEarly(t *testing.T) {
	q := whatif.Acquisition{Buyer: "french-state", Targets: []string{"nissan"}, MaxBooks: 60}
	out, err := whatif.CheapestControl(t.Context(), priced("before"), q, whatif.Options{})
	require.NoError(t, err)
	require.False(t, out.Optimal)
	require.Equal(t, "the search ended at MaxBooks", out.Stopped)
	require.True(t, out.Bound.Amount.Less(out.Cost.Amount))
	require.True(t, out.Control[0].Controlled)
	require.Contains(t, out.String(), "and nothing below")
	q.Targets = []string{"renault"}
	_, err = whatif.CheapestControl(t.Context(), priced("before"), q, whatif.Options{})
	require.ErrorContains(t, err, "whatif: french-state does not come to control renault by purchases that were found: the search ended at MaxBooks; none below ")
	require.ErrorIs(t, err, whatif.ErrNoSolution)
}

func TestBadAcquisitions(t *testing.T) {
	a := alliance(t, pyramid())
	ask := func(q whatif.Acquisition) error {
		_, err := whatif.CheapestControl(t.Context(), a, q, whatif.Options{})
		return err
	}
	offer := func(o whatif.Offer) whatif.Acquisition {
		return whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}, Offers: []whatif.Offer{o}}
	}
	for _, tt := range []struct {
		name string
		q    whatif.Acquisition
		kind error
		says string
	}{
		{"nothing", whatif.Acquisition{}, crossholding.ErrMissing, "targets: no targets"},
		{"no buyer", whatif.Acquisition{Buyer: "nobody", Targets: []string{"target"}}, crossholding.ErrUnknown, `buyer "nobody" is neither a company nor a party of the book`},
		{"a target without shares", whatif.Acquisition{Buyer: "buyer", Targets: []string{"buyer"}}, crossholding.ErrUnknown, `targets[0]: "buyer" is not a company of the book that has shares`},
		{"itself", whatif.Acquisition{Buyer: "holding", Targets: []string{"holding"}}, crossholding.ErrRange, "targets[0]: holding shall control itself"},
		{"twice", whatif.Acquisition{Buyer: "buyer", Targets: []string{"target", "target"}}, crossholding.ErrDuplicate, "targets[1]: target is given twice"},
		{"no controller", whatif.Acquisition{Buyer: "buyer", Controller: "who", Targets: []string{"target"}}, crossholding.ErrUnknown, `controller "who" is neither a holder nor a concert of the book`},
		{"a budget in words", whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}, Budget: "much"}, crossholding.ErrSyntax, "budget: \"much\" is not an amount"},
		{"a budget without a rate", whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}, Budget: "5 USD"}, crossholding.ErrCurrency, "budget: 5 USD in EUR"},
		{"negative", whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}, MaxBooks: -1}, crossholding.ErrRange, "max_books -1 is negative"},
		{"no issuer", offer(whatif.Offer{Seller: "float:target", Issuer: "x"}), crossholding.ErrUnknown, `offers[0].issuer: "x" is not a company of the book that has shares`},
		{"no seller", offer(whatif.Offer{Seller: "buyer2", Issuer: "target"}), crossholding.ErrUnknown, `offers[0].seller: "buyer2" holds no ordinary shares of target to sell`},
		{"not the float", offer(whatif.Offer{Seller: "target", Issuer: "target"}), crossholding.ErrUnknown, `"target" holds no ordinary shares of itself to sell; those of the float are offered by "float:target"`},
		{"no class", offer(whatif.Offer{Seller: "float:target", Issuer: "target", Class: "b"}), crossholding.ErrUnknown, `offers[0].seller: "float:target" holds no b shares of target to sell`},
		{"from itself", offer(whatif.Offer{Seller: "buyer", Issuer: "target"}), crossholding.ErrRange, "offers[0].seller: buyer would buy from itself"},
		{"too many", offer(whatif.Offer{Seller: "holding", Issuer: "target", Shares: "401"}), crossholding.ErrNotEnough, "offers[0].shares: holding offers 401 ordinary shares of target, and has 400 left"},
		{"none", offer(whatif.Offer{Seller: "holding", Issuer: "target", Shares: "0"}), crossholding.ErrRange, "shares 0 is not above 0"},
		{"a lot below 0", offer(whatif.Offer{Seller: "holding", Issuer: "target", Lot: "-1"}), crossholding.ErrRange, "lot -1 is not above 0"},
		{"tiny lots", offer(whatif.Offer{Seller: "holding", Issuer: "target", Lot: "0.0000000000000001"}), crossholding.ErrRange, "400 shares are more than 2^50 lots of 0.0000000000000001"},
		{"a price below 0", offer(whatif.Offer{Seller: "holding", Issuer: "target", Price: "-1 EUR"}), crossholding.ErrRange, "offers[0].price: -1 EUR is negative"},
		{"a price without a rate", offer(whatif.Offer{Seller: "holding", Issuer: "target", Price: "1 USD"}), crossholding.ErrCurrency, "offers[0].price: 1 USD in EUR"},
		{"too many offers", whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}, Offers: make([]whatif.Offer, 1001)}, crossholding.ErrTooLarge, "1001 offers, of at most 1000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := ask(tt.q)
			require.ErrorContains(t, err, tt.says)
			require.ErrorContains(t, err, "whatif: ")
			if tt.kind != nil {
				require.ErrorIs(t, err, tt.kind)
			}
		})
	}
	t.Run("all at once", func(t *testing.T) {
		err := ask(whatif.Acquisition{Buyer: "x", Targets: []string{"y"}, Budget: "1", Offers: []whatif.Offer{{Seller: "s", Issuer: "i"}, {Seller: "holding", Issuer: "target", Shares: "n"}}})
		var faults *crossholding.InputError
		require.ErrorAs(t, err, &faults)
		require.Len(t, faults.Faults, 4)
	})
	t.Run("no prices", func(t *testing.T) {
		b := pyramid()
		b.Market = nil
		q := whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}}
		_, err := whatif.CheapestControl(t.Context(), alliance(t, b), q, whatif.Options{})
		require.ErrorIs(t, err, crossholding.ErrNoPrice)
		q.Offers = []whatif.Offer{{Seller: "holding", Issuer: "target"}}
		_, err = whatif.CheapestControl(t.Context(), alliance(t, b), q, whatif.Options{})
		require.ErrorContains(t, err, "offers[0].price: ordinary shares of target have no price, here or in the market")
	})
	t.Run("held for the buyer", func(t *testing.T) {
		b := pyramid()
		b.Parties = append(b.Parties, crossholding.Party{ID: "nominee"})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "nominee", Beneficiary: "buyer", Issuer: "target", Shares: "10"})
		q := whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}}
		r, err := whatif.CheapestControl(t.Context(), alliance(t, b), q, whatif.Options{})
		require.NoError(t, err)
		for _, p := range r.Purchases {
			require.NotEqual(t, "buyer", p.Offer.Beneficiary)
		}
		q.Offers = []whatif.Offer{{Seller: "nominee", Issuer: "target"}}
		_, err = whatif.CheapestControl(t.Context(), alliance(t, b), q, whatif.Options{})
		require.ErrorIs(t, err, crossholding.ErrRange)
		require.ErrorContains(t, err, "offers[0].beneficiary: nominee holds these ordinary shares of target for buyer, which would buy them from itself")
	})
	t.Run("no alliance", func(t *testing.T) {
		_, err := whatif.CheapestControl(t.Context(), nil, whatif.Acquisition{Buyer: "a", Targets: []string{"b"}}, whatif.Options{})
		require.ErrorIs(t, err, crossholding.ErrUnknown)
	})
	t.Run("ended", func(t *testing.T) {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := whatif.CheapestControl(ended, nil, whatif.Acquisition{}, whatif.Options{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// TestAcquisitionsAsJSON: the question and the answer are plain data.
func TestAcquisitionsAsJSON(t *testing.T) {
	var q whatif.Acquisition
	require.NoError(t, json.Unmarshal([]byte(`{"buyer":"buyer","targets":["target"],"offers":[{"seller":"float:holding","issuer":"holding","price":"4 EUR"},{"seller":"float:target","issuer":"target","shares":"600","whole":false,"lot":"1"}],"budget":"5000 EUR"}`), &q))
	var stages []string
	ctx := crossholding.WithProgress(t.Context(), func(p crossholding.Progress) { stages = append(stages, p.Stage) })
	out, err := whatif.CheapestControl(ctx, alliance(t, pyramid()), q, whatif.Options{})
	require.NoError(t, err)
	require.Contains(t, stages, "books")
	text, err := json.Marshal(out)
	require.NoError(t, err)
	var back whatif.Takeover
	require.NoError(t, json.Unmarshal(text, &back))
	back.After = out.After
	require.Equal(t, out, back)
}

// BenchmarkCheapestControl asks for Nissan in the alliance's loop of 2022, and for the top
// of a ladder: a chain of companies in which each holds 30% of the next two.
func BenchmarkCheapestControl(b *testing.B) {
	ask := func(a *crossholding.Alliance, q whatif.Acquisition) func(b *testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				out, err := whatif.CheapestControl(context.Background(), a, q, whatif.Options{})
				require.NoError(b, err)
				require.True(b, out.Optimal)
			}
		}
	}
	b.Run("alliance", ask(priced("before"), whatif.Acquisition{Buyer: "mitsubishi-corporation", Targets: []string{"nissan"}}))
	for _, n := range []int{5, 10, 20} {
		a, q := ladder(b, n)
		b.Run(fmt.Sprintf("ladder/companies=%d", n), ask(a, q))
	}
}

// ladder is a chain of companies. The shares of each are worth less than what it holds.
func ladder(tb testing.TB, n int) (*crossholding.Alliance, whatif.Acquisition) {
	tb.Helper()
	book := crossholding.Book{Parties: []crossholding.Party{{ID: "buyer"}}, Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{}}}
	id := func(i int) string { return fmt.Sprintf("c%02d", i) }
	for i := range n {
		book.Companies = append(book.Companies, crossholding.Company{ID: id(i), Shares: []crossholding.ShareClass{{Issued: "1000000"}}})
		book.Market.Prices[id(i)] = fmt.Sprintf("%d EUR", 10+(i*7)%9)
		for k := i + 1; k <= i+2 && k < n; k++ {
			book.Stakes = append(book.Stakes, crossholding.Stake{Holder: id(i), Issuer: id(k), Percent: "30"})
		}
	}
	a, err := crossholding.New(book)
	require.NoError(tb, err)
	return a, whatif.Acquisition{Buyer: "buyer", Targets: []string{id(n - 1)}}
}

// A lot that is far too large does not hide cheaper ones. By hand: three lots of three for 5 EUR a
// share and one share for 2 EUR are the ten that are missing.
func TestCheapestControlWithALargeLot(t *testing.T) {
	a := alliance(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "79"}}}},
		Parties:   []crossholding.Party{{ID: "a"}, {ID: "c"}, {ID: "z"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "28"}, {Holder: "c", Issuer: "x", Shares: "30"}, {Holder: "z", Issuer: "x", Shares: "17"}},
	})
	out, err := whatif.CheapestControl(t.Context(), a, whatif.Acquisition{Buyer: "c", Targets: []string{"x"}, Currency: "EUR", Offers: []whatif.Offer{
		{Seller: "a", Issuer: "x", Price: "4 EUR", Whole: true},
		{Seller: "z", Issuer: "x", Shares: "12", Price: "5 EUR", Lot: "3"},
		{Seller: "z", Issuer: "x", Shares: "2", Price: "2 EUR", Lot: "1"},
	}}, whatif.Options{})
	require.NoError(t, err)
	require.Equal(t, "47", out.Cost.Amount.String())
	require.True(t, out.Optimal)
	for _, p := range out.Purchases {
		require.NotEmpty(t, p.OneLotLess, p.Offer.Seller)
	}
}

// Votes above a cap that leave the total make the others worth more. By hand: c's z casts 7% of the
// 38.7 votes that are left of 66, and with 18 shares c has 20.7 of them; a's z casts 40, and with 17
// shares a casts 5% of the 87 that are left.
func TestCheapestControlWhereVotesLeave(t *testing.T) {
	book := func(issued, z, other ratio.Number, buyer, capped, most string) *crossholding.Alliance {
		return alliance(t, crossholding.Book{
			Companies:  []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: issued}}}, {ID: "z", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
			Parties:    []crossholding.Party{{ID: buyer}, {ID: "d"}},
			Stakes:     []crossholding.Stake{{Holder: "z", Issuer: "x", Shares: z}, {Holder: "d", Issuer: "x", Shares: other}, {Holder: buyer, Issuer: "z", Shares: "60"}},
			Agreements: []crossholding.Agreement{{ID: "cap", Kind: crossholding.AgreementCap, Holders: []string{capped}, Issuer: "x", Max: most, Excess: crossholding.CapExcessLeaves}},
		})
	}
	for name, tc := range map[string]struct {
		a             *crossholding.Alliance
		buyer, seller string
		price, cost   string
	}{
		"of a subsidiary": {book("66", "30", "20", "c", "z", "7%"), "c", "d", "7 EUR", "126"},
		"of the buyer":    {book("100", "40", "41", "a", "a", "5%"), "a", "float:x", "1 EUR", "17"},
	} {
		out, err := whatif.CheapestControl(t.Context(), tc.a, whatif.Acquisition{Buyer: tc.buyer, Targets: []string{"x"}, Currency: "EUR",
			Offers: []whatif.Offer{{Seller: tc.seller, Issuer: "x", Price: tc.price}}}, whatif.Options{})
		require.NoError(t, err, name)
		require.Equal(t, tc.cost, out.Cost.Amount.String(), name)
	}
}
