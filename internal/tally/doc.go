// Package tally counts the votes of all companies' meetings in one way.
//
// A [Tally] holds the votes of every stake, who casts them, and the total that they
// are compared with. [New] makes one from a graph, and [Tally.With] changes the votes at
// some companies. [Tally.Engine] answers questions of control, and [Tally.Holdings] and
// [Tally.Shares] list who has how much at one company. [Apportion] divides votes pro rata.
package tally
