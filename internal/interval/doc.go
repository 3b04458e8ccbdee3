// Package interval finds the extreme values of ownership over all books that
// fit the bands.
//
// A stake may be known only within two numbers of shares. A [FeasibleSet] holds
// what the stakes in one company can be. A [Model] asks for the feasible sets of
// the companies that it comes to. [Model.Ownership] returns the least and the
// most that one holder can own of a company, in exact fractions.
package interval
