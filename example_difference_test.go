package crossholding_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// alliance is the alliance of Renault, Nissan and Mitsubishi Motors at the end
// of 2022.
func alliance() *crossholding.Alliance {
	a, err := booktest.Renault("before")
	if err != nil {
		log.Fatal(err)
	}
	return a
}

// rebalanced runs the whole story of 2023 and 2024.
func rebalanced() *scenario.Outcome {
	f, err := os.Open("testdata/alliance/rebalancing.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	s, err := scenario.Read(f)
	if err != nil {
		log.Fatal(err)
	}
	out, err := scenario.Run(context.Background(), alliance(), s)
	if err != nil {
		log.Fatal(err)
	}
	return out
}

// The French State loses votes in Renault without a trade: Nissan's wake up.
func ExampleAlliance_Differences() {
	ctx := context.Background()
	out := rebalanced()
	diff, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range diff.Figures {
		if c.Issuer == "renault" && c.Holder != "float:renault" {
			fmt.Printf("%-18s capital %s%% -> %s%%, exercisable votes %s%% -> %s%%\n", c.Holder, c.Before.Capital.Percent(2),
				c.After.Capital.Percent(2), c.Before.Exercisable.Percent(2), c.After.Exercisable.Percent(2))
		}
	}
	// Output:
	// french-state       capital 15.01% -> 15.01%, exercisable votes 28.88% -> 22.57%
	// nissan-finance     capital 15% -> 15%, exercisable votes 0% -> 22.56%
	// registered-holders capital 5.49% -> 5.62%, exercisable votes 10.55% -> 8.45%
}

// The State did not trade, yet its six figures at Renault are others: more
// votes count.
func ExampleSixFigures_Equal() {
	ctx := context.Background()
	out := rebalanced()
	diff, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range diff.Figures {
		if c.Holder == "french-state" && c.Issuer == "renault" {
			fmt.Println(c.Before.Equal(c.After), c.Before.Capital.Equal(c.After.Capital))
		}
	}
	// Output: false true
}
