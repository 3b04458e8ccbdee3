package graph

import (
	"sync"

	"github.com/crossholding/crossholding/internal/intern"
)

// Graph holds companies, parties and stakes as index arrays. Nodes are the companies and
// parties in the order of their ids. A node that issues no shares is an outside owner.
// Stakes are sorted by issuer, then by holder: the stakes in company c are Columns[c] to
// Columns[c+1].
//
// If no stake names a beneficiary or a voter, Beneficiary and Voter are the Holder array
// itself. If every share has the same votes and dividends, the three weightings share
// their arrays. A graph is not changed after it is filled, and is then safe for concurrent
// use.
type Graph struct {
	IDs         intern.Names
	Columns     []int32 // of each company: its first stake; has one more entry than IDs
	Issuer      []int32 // of each stake
	Holder      []int32 // of each stake: in whose name it is
	Beneficiary []int32 // of each stake: whose money it is
	Voter       []int32 // of each stake: who casts its votes, or None for neutral votes
	Record      []int32 // of each stake: its position before sorting; may be nil

	Capital   Weighting // shares
	Dividends Weighting // shares by dividend weight
	Votes     Weighting // shares by votes per share

	ByBeneficiary Rows
	ByVoter       Rows // without neutral votes

	// Scratch has memory of finished calls of the engines that count this graph. It may be nil.
	Scratch *sync.Pool
}

// None is the voter of neutral votes. It also stands for a node that does not exist.
const None = -1

// IssuesShares reports whether c has issued shares or has stakes in it.
func (g *Graph) IssuesShares(c int32) bool {
	return g.Columns[c] < g.Columns[c+1] || g.Capital.AnyIssued(c)
}

// Column returns the first stake in c and the one after the last.
func (g *Graph) Column(c int32) (from, to int32) { return g.Columns[c], g.Columns[c+1] }

// SameArray reports whether a and b are the same array in memory.
func SameArray[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// Names returns the ids of nodes. If nodes are in ascending order, so are the ids.
func (g *Graph) Names(nodes []int32) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = g.IDs.At(n)
	}
	return out
}
