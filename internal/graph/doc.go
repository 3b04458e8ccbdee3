// Package graph holds companies and their stakes as index arrays.
//
// [New] makes a [Graph] of nodes and stakes. [Weighting] counts the shares of each
// stake in one way: as capital, as dividends or as votes. [Graph.Components] finds the
// strongly connected components.
//
// The same arrays are used for three companies and for four million stakes. The
// engines of ownership (internal/exact) and of control (internal/majority) read them
// without a copy.
package graph
