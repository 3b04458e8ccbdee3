package crossholding_test

import (
	"fmt"

	"github.com/crossholding/crossholding"
)

// mitsubishiValue prices Nissan's third of Mitsubishi at 204.98 yen a share,
// what $950 million come to at the rate of the day on which it was agreed.
func mitsubishiValue() (crossholding.StakeValue, error) {
	a, err := readAlliance("before.json")
	if err != nil {
		return crossholding.StakeValue{}, err
	}
	val, err := a.Value(crossholding.Market{Currency: "JPY", Prices: map[string]string{"mitsubishi": "204.98"}}, crossholding.ValuationOptions{})
	if err != nil {
		return crossholding.StakeValue{}, err
	}
	return val.Stake("nissan", "mitsubishi")
}

func ExampleValuation_Stake() {
	stake, err := mitsubishiValue()
	if err != nil {
		fmt.Println(err)
		return
	}
	cost, err := stake.Cost()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(stake.Shares, "shares cost", cost)
	// Output: 506620577 shares cost 237361872736.04 JPY
}

func ExampleStakeValue_Ratio() {
	stake, err := mitsubishiValue()
	if err != nil {
		fmt.Println(err)
		return
	}
	ratio, err := stake.Ratio()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s%% of cost, below half: %v\n", ratio.Percent(2), ratio.Less(crossholding.MustParseRatio("1/2")))
	// Output: 43.75% of cost, below half: true
}

func ExampleStakeValue_Gain() {
	stake, err := mitsubishiValue()
	if err != nil {
		fmt.Println(err)
		return
	}
	gain, err := stake.Gain()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(gain)
	// Output: -133514786862.58 JPY
}

// Renault's cost of Nissan is known of all its shares, the State's of none.
func ExampleStakeValue_Uncovered() {
	a, err := readAlliance("before.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pair := range [][2]string{{"renault", "nissan"}, {"french-state", "renault"}} {
		stake, err := val.Stake(pair[0], pair[1])
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(pair[0], "in", pair[1], "without known cost:", stake.Uncovered())
	}
	// Output:
	// renault in nissan without known cost: 0
	// french-state in renault without known cost: 44387915
}

func ExampleControl_Controls() {
	a, err := readAlliance("before.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, presumed := range []string{"0", "40%"} {
		c, err := a.Control(crossholding.ControlOptions{Presumed: crossholding.MustParseRatio(presumed)})
		if err != nil {
			fmt.Println(err)
			return
		}
		yes, err := c.Controls("renault", "nissan")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("presumed above", presumed, yes)
	}
	// Output:
	// presumed above 0 false
	// presumed above 40% true
}

func ExampleView_Weight() {
	a, err := readAlliance("before.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	v := a.View()
	renault, _ := v.Find("renault")
	nissan, _ := v.Find("nissan")
	weight, ok := v.Weight(renault.ID(), nissan.ID())
	fmt.Printf("%.4f %v\n", weight, ok)
	// Output: 0.4370 true
}
