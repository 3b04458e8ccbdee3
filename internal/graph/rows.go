package graph

import "github.com/crossholding/crossholding/internal/memory"

// Rows lists stakes by the node that has them. The stakes of node i are
// Stakes[First[i]:First[i+1]].
type Rows struct {
	First, Stakes []int32
}

// Of returns the stakes of node i.
func (r Rows) Of(i int32) []int32 { return r.Stakes[r.First[i]:r.First[i+1]] }

// RowsOf lists stakes by the node that has them, in the order of stakes. The argument who
// gives the node of each stake, or None, and n is the number of nodes.
func RowsOf(who []int32, n int) Rows {
	words := memory.Make[int32](n + 1 + len(who))
	r := Rows{First: words[: n+1 : n+1], Stakes: words[n+1:]}
	for _, i := range who {
		if i != None {
			r.First[i+1]++
		}
	}
	for i := range n {
		r.First[i+1] += r.First[i]
	}
	next := r.First[:n] // moves each begin to the begin after it
	for e, i := range who {
		if i != None {
			r.Stakes[next[i]] = int32(e)
			next[i]++
		}
	}
	copy(r.First[1:], next)
	r.First[0] = 0
	r.Stakes = r.Stakes[:r.First[n]]
	return r
}

// ListRows fills ByBeneficiary and ByVoter. The two share memory if beneficiaries and
// voters do.
func (g *Graph) ListRows() {
	g.ByBeneficiary = RowsOf(g.Beneficiary, g.IDs.Len())
	g.ByVoter = g.ByBeneficiary
	if !SameArray(g.Beneficiary, g.Voter) {
		g.ByVoter = RowsOf(g.Voter, g.IDs.Len())
	}
}
