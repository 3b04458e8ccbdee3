package whatif_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// book is one of the books of Renault, Nissan and Mitsubishi Motors.
func book(name string) *crossholding.Alliance {
	f, err := os.Open("../testdata/alliance/" + name + ".json")
	check(err)
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	check(err)
	return a
}

func ExampleSolve() {
	// How many more single-vote Renault shares may Nissan buy, at the counts of 30 April
	// 2024, before article 308 of Japan's Companies Act suspends Renault's votes in Nissan?
	s, err := whatif.Solve(context.Background(), book("2024-04-03"),
		whatif.Goal{
			Figure: whatif.Figure{Kind: whatif.Suspended, Holder: "renault", Issuer: "nissan", Rule: "JP-308-1"},
			Is:     whatif.False,
		},
		whatif.Lever{
			Steps:    []scenario.Step{{Step: scenario.StepTrade, From: "float:renault", To: "nissan-finance", Issuer: "renault"}},
			Greatest: true,
		}, whatif.Options{})
	check(err)
	fmt.Println("Nissan may buy", s.Amount.Grouped())
	fmt.Printf("With %s, %s\n", s.Beside.Amount.Grouped(), s.Beside.Because[0])
	// Output:
	// Nissan may buy 10,453,571
	// With 10,453,572, 633,107,267 votes of renault in nissan do not count: nissan with nissan-finance has 99,170,258 of 396,681,029 votes of renault, 25.0000002%, suspended votes counted: at least 25% (Companies Act (Japan), art. 308(1); Ordinance for Enforcement, art. 67)
}

// A step is any step of a scenario. Here shares are sold back and cancelled, which also
// changes the total.
func ExampleSolve_cancelled() {
	s, err := whatif.Solve(context.Background(), book("before"),
		whatif.Goal{
			Figure: whatif.Figure{Kind: whatif.Capital, Holder: "renault", Issuer: "nissan"},
			Is:     whatif.AtLeast, Limit: ratio.Of(15, 100),
		},
		whatif.Lever{
			Steps:    []scenario.Step{{Step: scenario.StepBuyback, From: "renault", Issuer: "nissan", Cancel: true}},
			Greatest: true,
		}, whatif.Options{})
	check(err)
	fmt.Println(s)
	fmt.Println("exactly", s.Exact)
	// Output:
	// steps[0].shares = 1,410,270,300 (buyback of nissan from renault): the figure is 0.15000000185; at 1,410,270,400 it is 0.149999971606 (capital of renault in nissan is at least 0.15)
	// exactly 23974595204/17
}

func ExampleGoal_Holds() {
	half := whatif.Goal{
		Figure: whatif.Figure{Kind: whatif.ValueOverCost, Holder: "nissan", Issuer: "mitsubishi"},
		Is:     whatif.LessThan, Limit: ratio.Of(1, 2),
	}
	fmt.Println(half, half.Holds(ratio.Of(49, 100)), half.Holds(ratio.Of(1, 2)))
	// Output: value over cost of nissan in mitsubishi is less than 0.5 true false
}

func ExampleFigure_At() {
	f := whatif.Figure{Kind: whatif.Free, Holder: "renault", Issuer: "nissan"}
	for _, day := range []string{"before", "2023-11-08"} {
		r, err := f.At(context.Background(), book(day), whatif.Options{})
		check(err)
		fmt.Println(day, r.ShortPercent())
	}
	// Output:
	// before 43.7%
	// 2023-11-08 20.9997%
}

// A holding company has 40% of the target. Its shares cost less than those of the target
// that it holds, as they often do.
func ExampleCheapestControl() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "holding", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "target", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "buyer"}},
		Stakes:  []crossholding.Stake{{Holder: "holding", Issuer: "target", Shares: "400"}},
		Market:  &crossholding.Market{Currency: "EUR", Prices: map[string]string{"holding": "4 EUR", "target": "10 EUR"}},
	})
	check(err)
	t, err := whatif.CheapestControl(context.Background(), a, whatif.Acquisition{Buyer: "buyer", Targets: []string{"target"}}, whatif.Options{})
	check(err)
	fmt.Println(t)
	fmt.Println(t.Control[0])
	for _, p := range t.Purchases {
		fmt.Println("one less:", p.OneLotLess)
	}
	// Output:
	// buyer controls target by buying 501 shares of holding from float:holding for 2,004 EUR, 101 shares of target from float:target for 1,010 EUR: 3,014 EUR, and nothing cheaper does
	// buyer controls target: buyer casts 501 of 1000 votes in holding (50.1%); buyer casts 101 and holding casts 400 of 1000 votes in target, together 501 (50.1%)
	// one less: buyer does not control target: it has 101 of 1000 votes (10.1%) and lacks 400
	// one less: buyer does not control target: it has 500 of 1000 votes (50%) and lacks 1
}

// A question can be a file, in which numbers are text or JSON numbers.
func ExampleRead() {
	const file = `{
		"goal": {"figure": "capital", "holder": "renault", "issuer": "nissan", "is": "at least", "limit": 0.15},
		"lever": {"steps": [{"step": "buyback", "from": "renault", "issuer": "nissan"}], "greatest": true}}`
	q, err := whatif.Read(strings.NewReader(file))
	check(err)
	s, err := whatif.Solve(context.Background(), book("before"), *q.Goal, *q.Lever, whatif.Options{})
	check(err)
	fmt.Println(s)
	_, err = whatif.Read(strings.NewReader(`{
		"goal": {"figure": "capital", "holder": "renault", "issuer": "nissan", "is": "over", "limit": "a lot"},
		"lever": {"steps": [{"step": "buy_back", "from": "renault", "issuer": "nissan"}]}}`))
	fmt.Println(err)
	// Output:
	// steps[0].shares = 1,198,729,700 (buyback of nissan from renault): the figure is 0.150000014263; at 1,198,729,800 it is 0.14999999057 (capital of renault in nissan is at least 0.15)
	// whatif: goal.limit: "a lot" is not a decimal number: bad number
	// goal.is: capital of renault in nissan is "over", and not at least, more than, at most, less than, true or false
	// lever.steps[0].step: "buy_back" is not trade, entrust, release, buyback, cancel, issue, agree, end_agreement, advance_date, reprice, restate, split, convert, found, distribute, spin_off, merge, rights, dividend, offer, exercise, grant, lapse, liquidate, class, amend, pay, assert or retract
}
