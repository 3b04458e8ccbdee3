package whatif_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/whatif"
)

// history is the alliance from the end of 2022 to November 2024.
func history() *whatif.Timeline {
	t, err := whatif.NewTimeline(context.Background(), whatif.Chapter{Book: book("before"), Scenario: rebalancing()})
	check(err)
	return t
}

func ExampleNewTimeline() {
	t := history()
	fmt.Println(len(t.Dates()), "days from", t.Dates()[0])
	a, err := t.At(context.Background(), "2024-01-31")
	check(err)
	o, err := a.Ownership(context.Background(), crossholding.OwnershipOptions{})
	check(err)
	stake, err := o.Capital("renault", "nissan")
	check(err)
	fmt.Println(a.AsOf(), stake.ShortPercent())
	// Output:
	// 10 days from 2022-12-31
	// 2024-01-31 15.79%
}

func ExampleTimeline_Series() {
	interest := whatif.Figure{Kind: whatif.Economic, Holder: "renault", Issuer: "nissan"}
	for p, err := range history().Series(context.Background(), interest, whatif.Options{}) {
		check(err)
		fmt.Println(p.Date, p.Figure.Percent(2))
	}
	// Output:
	// 2022-12-31 43.7
	// 2023-11-08 43.66
	// 2023-12-13 40.68
	// 2023-12-15 40.65
	// 2024-03-28 39.14
	// 2024-04-03 39.14
	// 2024-09-27 35.92
	// 2024-10-03 35.9
	// 2024-11-08 35.9
	// 2024-11-29 35.9
}

// What brought Renault's interest in Nissan from 43.7% to 40.68%? In order, it was the sale
// of December 2023. On 8 November shares only went to a trust, which holds them for
// Renault's money, and Nissan gave out treasury shares. But the trust sold in December: the
// sale could not have been made without the transfer, so half of its effect is the
// transfer's.
func ExampleTimeline_Explain() {
	ctx := context.Background()
	p := whatif.Period{
		Figure: whatif.Figure{Kind: whatif.Economic, Holder: "renault", Issuer: "nissan"},
		From:   "2022-12-31", To: "2023-12-13", ByDay: true,
	}
	for _, p.InOrder = range []bool{true, false} {
		e, err := history().Explain(ctx, p, whatif.Options{})
		check(err)
		for _, part := range e.Parts {
			fmt.Printf("%s, %d steps: %s%%\n", part.Date, len(part.Steps), part.Amount.Percent(4))
		}
		fmt.Println("after", e.After.ShortPercent())
	}
	// Output:
	// 2023-11-08, 10 steps: -0.0406%
	// 2023-12-13, 2 steps: -2.9834%
	// after 40.68%
	// 2023-11-08, 10 steps: -1.5323%
	// 2023-12-13, 2 steps: -1.4917%
	// after 40.68%
}

// The sale of December 2023 alone, in words.
func ExampleExplanation_String() {
	e, err := history().Explain(context.Background(), whatif.Period{
		Figure: whatif.Figure{Kind: whatif.Economic, Holder: "renault", Issuer: "nissan"},
		From:   "2023-11-08", To: "2023-12-13", InOrder: true,
	}, whatif.Options{})
	check(err)
	fmt.Println(e)
	// Output:
	// economic of renault in nissan: 0.436597094441 on 2023-11-08, 0.406763590732 on 2023-12-13
	//   2023-12-13 0 by reprice
	//   2023-12-13 -0.029833503709 by buyback
}
