package exact

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// table is V of a small part in units of 2^-fixed128.Bits, rounded down, by rows.
type table struct {
	v     []fixed128.Value
	whole []uint64 // a whole number of at least the sum of each column of V
	ok    bool     // the values fit
}

// table returns the part's table. The first call makes it.
func (s *Solver) table(ctx context.Context, q *part) (*table, error) {
	adj, det, err := s.adjugate(ctx, q)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.table != nil {
		return q.table, nil
	}
	n := len(q.nodes)
	tab := &table{v: make([]fixed128.Value, n*n), whole: make([]uint64, n), ok: true}
	var z big.Int
	for i, k := range q.nodes {
		total := new(big.Int).Lsh(s.Holders(k).BigTotal(), fixed128.Bits)
		for j := range n {
			z.Quo(z.Mul(total, &adj[i*n+j]), det)
			v, ok := fixed128.ValueOf(&z)
			tab.v[i*n+j] = v
			tab.whole[j] += v.Whole()
			tab.ok = tab.ok && ok
		}
	}
	q.table = tab
	return tab, nil
}

// times computes the values of the part's members from the right-hand side sums. It returns
// an upper bound on the error of each in units of 2^-fixed128.Bits. ok is false if a quotient
// does not fit.
//
// Proof of the bound: let h(i) be sum i divided by the total of member i. The exact value of
// member j is the sum of h(i) V(i,j). Write u for one unit. Then held[i] = h(i) - g with 0 <=
// g < u, and the entry of the table is V(i,j) - d with 0 <= d < u. The product falls short of
// h(i) V(i,j) by held[i] d + g V(i,j). This is at least 0 and at most held[i] + V(i,j) units.
// The final shift rounds down by less than one unit. So the error is at most 1 unit plus the
// sum of held plus the sum of column j. Both sums can be far above the number of members:
// V(i,j) in a cycle that outsiders hardly own, and held[i] below such a cycle.
//
// Nothing overflows: held and the table are below 2^121 units, so at most smallPart products
// add up to less than 2^246. The result is below 2^120, as at [quick].
func (t *table) times(s *Solver, members []int32, sums []fixed128.Sum, vals []fixed128.Value) (off uint64, ok bool) {
	n := len(members)
	var held [smallPart]fixed128.Value
	whole := uint64(1)
	for i, sum := range sums {
		if held[i], ok = sum.Quo(uint64(s.total(members[i]))); !ok {
			return 0, false
		}
		whole += held[i].Whole()
	}
	for j := range members {
		var sum [4]uint64
		for i := range n {
			fixed128.MulAdd(&sum, held[i], t.v[i*n+j])
		}
		vals[j] = fixed128.Product(&sum)
		off = max(off, whole+t.whole[j])
	}
	return off, true
}
