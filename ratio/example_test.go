package ratio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/ratio"
)

// A third is a third: nothing is rounded until a number of places is asked for.
func ExampleParse() {
	for _, s := range []string{"1/3", "33.4%", "0.15", "4220715112", "1e1000000000"} {
		r, err := ratio.Parse(s)
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
	// ratio: "1e1000000000" has an exponent beyond bounds: bad number
}

func ExampleMustParse() {
	blocking := ratio.MustParse("1/3")
	fmt.Println(ratio.MustParse("33.34%").Cmp(blocking), ratio.MustParse("33.33%").Cmp(blocking))
	// Output: 1 -1
}

// Renault's shares in Nissan before the rebalancing.
func ExampleOf() {
	stake := ratio.Of(1831837027, 4220715112)
	fmt.Println(stake)
	fmt.Println(stake.Percent(2))
	// Output:
	// 1831837027/4220715112
	// 43.4
}

func ExampleInt() {
	renault := ratio.Int(295722284)
	fmt.Println(renault, renault.IsInt(), renault.IsZero(), renault.Sign())
	// Output: 295722284 true false 1
}

func ExampleFromDecimal() {
	price, err := ratio.FromDecimal(decimal.RequireFromString("468.52"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(price.Mul(ratio.Int(506620577)), "yen for Mitsubishi")
	_, err = ratio.FromDecimal(decimal.New(1, 1_000_000_000))
	fmt.Println(errors.Is(err, ratio.ErrNumber))
	// Output:
	// 237361872736.04 yen for Mitsubishi
	// true
}

func ExampleFromRat() {
	r := ratio.FromRat(big.NewRat(2, 6))
	fmt.Println(r)
	// Output: 1/3
}

// The arithmetic is exact: Renault's votes in the trust are what it held less
// what it kept.
func ExampleRatio_Sub() {
	held := ratio.MustParse("1831837027/4220715112")
	kept := ratio.MustParse("633107267/4220715112")
	trust := held.Sub(kept)
	fmt.Println(trust.Percent(2), trust.Neg().Percent(2))
	fmt.Println(trust.Add(kept).Equal(held))
	// Output:
	// 28.4 -28.4
	// true
}

// Renault's two holdings of Nissan in December 2023: its own, and in trust.
func ExampleRatio_Add() {
	own, trust := ratio.MustParse("15.79%"), ratio.MustParse("24.63%")
	fmt.Println(own.Add(trust).Percent(2))
	// Output: 40.42
}

// A sale is a purchase the other way round.
func ExampleRatio_Neg() {
	fmt.Println(ratio.Int(211000000).Neg())
	// Output: -211000000
}

// The State in Nissan, through Renault.
func ExampleRatio_Mul() {
	state := ratio.MustParse("44387915/295722284")
	renault := ratio.MustParse("1831837027/4220715112")
	fmt.Println(state.Mul(renault).Percent(4))
	// Output: 6.5145
}

func ExampleRatio_Div() {
	worth, paid := ratio.MustParse("103850200000"), ratio.MustParse("237361872736.04")
	r := worth.Div(paid)
	fmt.Println(r.Less(ratio.MustParse("1/2")), r.Decimal(6))
	// Output:
	// true 0.437518
}

// A threshold is compared exactly: 40.42% is above 40%, a third is not above
// a third.
func ExampleRatio_Cmp() {
	third := ratio.MustParse("1/3")
	fmt.Println(ratio.MustParse("40.42%").Cmp(ratio.MustParse("40%")))
	fmt.Println(third.Cmp(ratio.MustParse("2/6")), third.Equal(ratio.MustParse("0.333333333333")))
	fmt.Println(ratio.MustParse("0.333333333333").Less(third))
	// Output:
	// 1
	// 0 false
	// true
}

// Equal compares numbers, not their spelling.
func ExampleRatio_Equal() {
	fmt.Println(ratio.MustParse("33.40%").Equal(ratio.MustParse("167/500")))
	// Output: true
}

// A third written out to nine places is less than a third.
func ExampleRatio_Less() {
	third := ratio.MustParse("1/3")
	fmt.Println(ratio.MustParse("0.333333333").Less(third), third.Less(third))
	// Output: true false
}

// More than a third, and at least a third.
func ExampleMin() {
	fmt.Println(ratio.Min(ratio.Of(1, 3), ratio.MustParse("0.3333")))
	// Output: 0.3333
}

func ExampleMax() {
	fmt.Println(ratio.Max(ratio.Of(1, 3), ratio.MustParse("0.3333")))
	// Output: 1/3
}

func ExampleRatio_Reaches() {
	third := ratio.MustParse("1/3")
	fmt.Println(third.Reaches(third, false), third.Reaches(third, true))
	fmt.Println(ratio.MustParse("33.33%").Reaches(third, true), ratio.MustParse("34.07%").Reaches(third, false))
	// Output:
	// false true
	// false true
}

// Fifteen percent of Nissan's shares is no whole number of shares.
func ExampleRatio_IsInt() {
	shares := ratio.MustParse("15%").Mul(ratio.Int(4220715112))
	fmt.Println(shares, shares.IsInt())
	// Output: 633107266.8 false
}

func ExampleRatio_IsZero() {
	third := ratio.MustParse("1/3")
	fmt.Println(third.Add(third).Add(third).Sub(ratio.Int(1)).IsZero())
	// Output: true
}

// What Nissan made on the shares that it sold back to Mitsubishi, in yen a share.
func ExampleRatio_Sign() {
	gain := ratio.MustParse("460.6").Sub(ratio.MustParse("468.52"))
	fmt.Println(gain, gain.Sign())
	// Output: -7.92 -1
}

// Renault in Nissan before the rebalancing, to one place and to six.
func ExampleRatio_Percent() {
	r := ratio.MustParse("1831837027/4220715112")
	fmt.Println(r.Percent(1), r.Percent(6))
	// Output: 43.4 43.401106
}

func ExampleRatio_Decimal() {
	r := ratio.MustParse("2/3")
	fmt.Println(r.Decimal(4), r.Decimal(0), r.Percent(2))
	// Output: 0.6667 1 66.67
}

func ExampleRatio_Round() {
	r := ratio.MustParse("-0.125")
	for _, mode := range []ratio.Rounding{ratio.HalfEven, ratio.HalfUp, ratio.TowardZero,
		ratio.AwayFromZero, ratio.Floor, ratio.Ceiling} {
		fmt.Print(r.Round(2, mode), " ")
	}
	// Output: -0.12 -0.13 -0.12 -0.13 -0.13 -0.12
}

// What is handed out is the caller's own.
func ExampleRatio_Rat() {
	r := ratio.MustParse("1/3")
	fmt.Println(r.Rat().Add(r.Rat(), big.NewRat(1, 6)), r)
	// Output: 1/2 1/3
}

func ExampleRatio_MarshalText() {
	text, err := json.Marshal([]ratio.Ratio{ratio.MustParse("43.4%"), ratio.MustParse("1/3")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	var back []ratio.Ratio
	if err := json.Unmarshal(text, &back); err != nil {
		log.Fatal(err)
	}
	fmt.Println(back[1].Equal(ratio.MustParse("2/6")))
	// Output:
	// ["0.434","1/3"]
	// true
}

func ExampleNumber_Ratio() {
	r, err := ratio.Number("28.4").Ratio()
	fmt.Println(r, err)
	_, err = ratio.Number("28.4%").Ratio()
	fmt.Println(err)
	// Output:
	// 28.4 <nil>
	// ratio: "28.4%" is not a decimal number; write 28.4, without a percent sign: bad number
}

func ExampleInterval_IsExact() {
	for _, s := range []string{"25-50%", "50%"} {
		v, err := ratio.ParseInterval(s)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(v, v.IsExact())
	}
	// Output:
	// [25%,50%] false
	// 50% true
}

func ExampleInterval_Contains() {
	v, err := ratio.ParseInterval("under 5%")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v, v.IsExact(), v.Contains(ratio.Int(0)), v.Contains(ratio.MustParse("5%")))
	// Output: [0%,5%) false true false
}

func ExampleParseInterval() {
	v, err := ratio.ParseInterval("more than 25% but not more than 50%")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v, v.Contains(ratio.MustParse("25%")), v.Contains(ratio.MustParse("1/2")))
	// Output: (25%,50%] false true
}

// A count of shares, its numerator and denominator.
func ExampleRatio_Num() {
	r := ratio.MustParse("43.4%")
	fmt.Println(r.Num(), r.Denom())
	// Output: 217 500
}

func ExampleRatio_Denom() {
	fmt.Println(ratio.Of(2, 6).Denom())
	// Output: 3
}

// Small gives machine integers, where they are enough.
func ExampleRatio_Small() {
	num, den, ok := ratio.MustParse("43.4%").Small()
	fmt.Println(num, den, ok)
	_, _, ok = ratio.MustParse("0.12345678901234567890123").Small()
	fmt.Println(ok)
	// Output:
	// 217 500 true
	// false
}

func ExampleRatio_Float64() {
	fmt.Println(ratio.MustParse("43.4%").Float64())
	// Output: 0.434
}

// Whole shares of what 15% of the votes come to.
func ExampleRatio_Floor() {
	due := ratio.Int(295722284).Mul(ratio.MustParse("15%"))
	fmt.Println(due, due.Floor())
	// Output: 44358342.6 44358342
}

func ExampleRatio_Decimals() {
	fmt.Println(ratio.MustParse("43.4%").Decimals())
	fmt.Println(ratio.Of(1, 3).Decimals())
	// Output:
	// 3 true
	// 0 false
}

// A third is no decimal number; a half is.
func ExampleRatio_IsDecimal() {
	fmt.Println(ratio.Of(1, 3).IsDecimal(), ratio.Of(1, 2).IsDecimal())
	// Output: false true
}

func ExampleRatio_IsNumber() {
	fmt.Println(ratio.Of(1, 3).IsNumber(), ratio.Of(100, 3).Number())
	// Output: true 100/3
}

func ExampleRatio_Number() {
	fmt.Println(ratio.Of(1, 8).Number())
	// Output: 0.125
}

func ExampleRatio_PercentString() {
	fmt.Println(ratio.Of(3, 20).PercentString(), ratio.Of(1, 3).PercentString())
	// Output: 15% 1/3
}

// A figure that does not reach a half does not look as if it did.
func ExampleRatio_ShortPercent() {
	fmt.Println(ratio.Of(1, 3).ShortPercent(), ratio.Of(499_996, 1_000_000).ShortPercent())
	// Output: 33.33% 49.9996%
}

func ExampleRatio_Grouped() {
	fmt.Println(ratio.Int(1831837027).Grouped(), ratio.Of(1, 3).Grouped())
	// Output: 1,831,837,027 1/3
}

func ExampleRatio_GroupedDecimal() {
	fmt.Println(ratio.Of(1831837027, 3).GroupedDecimal(2))
	// Output: 610,612,342.33
}

func ExampleParseNumber() {
	n, err := ratio.ParseNumber("28.4")
	fmt.Println(n, err)
	_, err = ratio.ParseNumber("1/3")
	fmt.Println(err)
	// Output:
	// 28.4 <nil>
	// ratio: "1/3" is not a decimal number: bad number
}

func ExampleExactly() {
	fmt.Println(ratio.Exactly(ratio.Of(1, 4)))
	// Output: 25%
}

// Who says where a text stood leaves out the name of the package.
func ExampleParseError_Message() {
	_, err := ratio.Parse("many")
	var e *ratio.ParseError
	if errors.As(err, &e) {
		fmt.Println("shares:", e.Message())
	}
	// Output: shares: "many" is not a decimal number: bad number
}

func ExampleRatio_Format() {
	third := ratio.Of(1, 3)
	fmt.Printf("%v %.4f %8.2f%%\n", third, third, third.Mul(ratio.Int(100)))
	// Output: 1/3 0.3333    33.33%
}

func ExampleInterval_ShortPercent() {
	v, err := ratio.ParseInterval("(25%,50%]")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.ShortPercent())
	// Output: over 25% to 50%
}
