// Package ratio is arithmetic with exact fractions: [Ratio] for fractions, [Number]
// for decimal numbers as text and [Interval] for figures known only within bounds.
//
// Nothing is rounded before a figure leaves as a decimal, and then once: to the
// places and in the mode of the call. Texts from outside are checked for their
// number of digits and their exponent before any arithmetic, so that "1e1000000000"
// is an error and not a wait.
//
//	third := ratio.MustParse("1/3")
//	fmt.Println(third.Add(ratio.Of(1, 6))) // 0.5
//	fmt.Println(third.Percent(2))          // 33.33
package ratio
