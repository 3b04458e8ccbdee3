// Package ratio calculates with exact fractions. [Ratio] is a fraction, [Number] is a
// decimal number as text, and [Interval] is a figure known only within bounds.
//
// A figure is rounded only when it becomes a decimal, once, to the places and in the
// mode of the call. The number of digits and the exponent of an input text are checked
// before any arithmetic, so "1e1000000000" fails at once.
//
//	third := ratio.MustParse("1/3")
//	fmt.Println(third.Add(ratio.Of(1, 6))) // 0.5
//	fmt.Println(third.Percent(2))          // 33.33
package ratio
