package crossholding_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding"
)

// A third is a third: nothing is rounded until a number of places is asked for.
func ExampleParseRatio() {
	for _, s := range []string{"1/3", "33.4%", "0.15", "4220715112", "1e1000000000"} {
		r, err := crossholding.ParseRatio(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(r, "is", r.Percent(2), "percent")
	}
	// Output:
	// 1/3 is 33.33 percent
	// 0.334 is 33.4 percent
	// 0.15 is 15 percent
	// 4220715112 is 422071511200 percent
	// crossholding: "1e1000000000" has an exponent beyond bounds: bad number
}

func ExampleMustParseRatio() {
	blocking := crossholding.MustParseRatio("1/3")
	fmt.Println(crossholding.MustParseRatio("33.34%").Cmp(blocking), crossholding.MustParseRatio("33.33%").Cmp(blocking))
	// Output: 1 -1
}

// Renault's shares in Nissan before the rebalancing.
func ExampleNewRatio() {
	stake, err := crossholding.NewRatio(1831837027, 4220715112)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stake)
	fmt.Println(stake.Percent(2))
	_, err = crossholding.NewRatio(1831837027, 0)
	fmt.Println(err)
	// Output:
	// 1831837027/4220715112
	// 43.4
	// crossholding: 1831837027/0: division by zero
}

func ExampleInt() {
	renault := crossholding.Int(295722284)
	fmt.Println(renault, renault.IsInt(), renault.IsZero(), renault.Sign())
	// Output: 295722284 true false 1
}

func ExampleRatioFromDecimal() {
	price, err := crossholding.RatioFromDecimal(decimal.RequireFromString("468.52"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(price.Mul(crossholding.Int(506620577)), "yen for Mitsubishi")
	_, err = crossholding.RatioFromDecimal(decimal.New(1, 1_000_000_000))
	fmt.Println(errors.Is(err, crossholding.ErrNumber))
	// Output:
	// 237361872736.04 yen for Mitsubishi
	// true
}

func ExampleRatioFromRat() {
	r := crossholding.RatioFromRat(big.NewRat(2, 6))
	fmt.Println(r)
	// Output: 1/3
}

// The arithmetic is exact: Renault's votes in the trust are what it held less
// what it kept.
func ExampleRatio_Sub() {
	held := crossholding.MustParseRatio("1831837027/4220715112")
	kept := crossholding.MustParseRatio("633107267/4220715112")
	trust := held.Sub(kept)
	fmt.Println(trust.Percent(2), trust.Neg().Percent(2))
	fmt.Println(trust.Add(kept).Equal(held))
	// Output:
	// 28.4 -28.4
	// true
}

// Renault's two holdings of Nissan in December 2023: its own, and in trust.
func ExampleRatio_Add() {
	own, trust := crossholding.MustParseRatio("15.79%"), crossholding.MustParseRatio("24.63%")
	fmt.Println(own.Add(trust).Percent(2))
	// Output: 40.42
}

// A sale is a purchase the other way round.
func ExampleRatio_Neg() {
	fmt.Println(crossholding.Int(211000000).Neg())
	// Output: -211000000
}

// The State in Nissan, through Renault.
func ExampleRatio_Mul() {
	state := crossholding.MustParseRatio("44387915/295722284")
	renault := crossholding.MustParseRatio("1831837027/4220715112")
	fmt.Println(state.Mul(renault).Percent(4))
	// Output: 6.5145
}

func ExampleRatio_Quo() {
	worth, paid := crossholding.MustParseRatio("103850200000"), crossholding.MustParseRatio("237361872736.04")
	ratio, err := worth.Quo(paid)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ratio.Less(crossholding.MustParseRatio("1/2")), ratio.Decimal(6))
	_, err = worth.Quo(crossholding.Ratio{})
	fmt.Println(err)
	// Output:
	// true 0.437518
	// crossholding: 103850200000/0: division by zero
}

// A threshold is compared exactly: 40.42% is above 40%, a third is not above
// a third.
func ExampleRatio_Cmp() {
	third := crossholding.MustParseRatio("1/3")
	fmt.Println(crossholding.MustParseRatio("40.42%").Cmp(crossholding.MustParseRatio("40%")))
	fmt.Println(third.Cmp(crossholding.MustParseRatio("2/6")), third.Equal(crossholding.MustParseRatio("0.333333333333")))
	fmt.Println(crossholding.MustParseRatio("0.333333333333").Less(third))
	// Output:
	// 1
	// 0 false
	// true
}

// Equal compares numbers, not their spelling.
func ExampleRatio_Equal() {
	fmt.Println(crossholding.MustParseRatio("33.40%").Equal(crossholding.MustParseRatio("167/500")))
	// Output: true
}

// A third written out to nine places is less than a third.
func ExampleRatio_Less() {
	third := crossholding.MustParseRatio("1/3")
	fmt.Println(crossholding.MustParseRatio("0.333333333").Less(third), third.Less(third))
	// Output: true false
}

// Fifteen percent of Nissan's shares is no whole number of shares.
func ExampleRatio_IsInt() {
	shares := crossholding.MustParseRatio("15%").Mul(crossholding.Int(4220715112))
	fmt.Println(shares, shares.IsInt())
	// Output: 633107266.8 false
}

func ExampleRatio_IsZero() {
	third := crossholding.MustParseRatio("1/3")
	fmt.Println(third.Add(third).Add(third).Sub(crossholding.Int(1)).IsZero())
	// Output: true
}

// What Nissan made on the shares that it sold back to Mitsubishi, in yen a share.
func ExampleRatio_Sign() {
	gain := crossholding.MustParseRatio("460.6").Sub(crossholding.MustParseRatio("468.52"))
	fmt.Println(gain, gain.Sign())
	// Output: -7.92 -1
}

// Renault in Nissan before the rebalancing, to one place and to six.
func ExampleRatio_Percent() {
	r := crossholding.MustParseRatio("1831837027/4220715112")
	fmt.Println(r.Percent(1), r.Percent(6))
	// Output: 43.4 43.401106
}

func ExampleRatio_Decimal() {
	r := crossholding.MustParseRatio("2/3")
	fmt.Println(r.Decimal(4), r.Decimal(0), r.Percent(2))
	// Output: 0.6667 1 66.67
}

func ExampleRatio_Round() {
	r := crossholding.MustParseRatio("-0.125")
	for _, mode := range []crossholding.Rounding{crossholding.HalfEven, crossholding.HalfUp, crossholding.TowardZero,
		crossholding.AwayFromZero, crossholding.Floor, crossholding.Ceiling} {
		fmt.Print(r.Round(2, mode), " ")
	}
	// Output: -0.12 -0.13 -0.12 -0.13 -0.13 -0.12
}

// What is handed out is the caller's own.
func ExampleRatio_Rat() {
	r := crossholding.MustParseRatio("1/3")
	fmt.Println(r.Rat().Add(r.Rat(), big.NewRat(1, 6)), r)
	// Output: 1/2 1/3
}

func ExampleRatio_MarshalText() {
	text, err := json.Marshal([]crossholding.Ratio{crossholding.MustParseRatio("43.4%"), crossholding.MustParseRatio("1/3")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	var back []crossholding.Ratio
	if err := json.Unmarshal(text, &back); err != nil {
		log.Fatal(err)
	}
	fmt.Println(back[1].Equal(crossholding.MustParseRatio("2/6")))
	// Output:
	// ["0.434","1/3"]
	// true
}

func ExampleNumber_Ratio() {
	r, err := crossholding.Number("28.4").Ratio()
	fmt.Println(r, err)
	_, err = crossholding.Number("28.4%").Ratio()
	fmt.Println(err)
	// Output:
	// 28.4 <nil>
	// crossholding: "28.4%" is not a decimal number: bad number
}
