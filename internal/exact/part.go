package exact

import (
	"context"
	"math/big"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/fraction"
	"github.com/crossholding/crossholding/internal/padic"
	"github.com/crossholding/crossholding/internal/progress"
)

// part is one strongly connected component and the results that the solver keeps for it. T
// are the totals of its companies, U the units that they hold in one another, and B =
// diag(T) - U. V inside the part is diag(T) times the inverse of B.
type part struct {
	nodes []int32
	c     *Condensation
	p     int32

	gate gate      // protects adj, mod and sides, which take long to compute
	adj  []big.Int // the adjugate of B by rows, nil until needed
	det  big.Int
	mod  *padic.Inverse // the inverse of B modulo a prime, nil until needed

	sides [2]side // the data for guesses, by column and by row

	cone atomic.Pointer[cone] // of a large part of a matrix without changes; the gate protects its making

	wake atomic.Pointer[wake] // as cone, of what the part owns

	rows  partRows      // of a large part
	rowed *atomic.Int64 // the values in the rows of all parts of its solver

	looking sync.Once // protects wide
	wide    bool      // a column does not fit in machine integers

	mu    sync.Mutex // protects the fields below
	table *table     // V in fixed point, for small parts
	diag  []kept     // the values V(k,k) that were computed

	luMu   sync.Mutex         // protects the fields below
	lu     *approx.Factors    // of I-A in floats, nil until needed
	low    [2]*approx.LowRank // used instead of lu if there are factors from before a change
	making chan struct{}      // closed when lu exists
	own    bool               // low does not exist or did not help
}

// kept is a value in units of 2^-f.
type kept struct {
	v *big.Int
	f int
}

// smallPart is the largest number of companies of a part whose inverse is computed. Larger
// parts are solved for each right-hand side.
const smallPart = 12

// wide reports whether the part has a column that does not fit in machine integers. Such
// parts are always inverted.
func (s *Solver) wide(q *part) bool {
	q.looking.Do(func() { q.wide = slices.ContainsFunc(q.nodes, func(k int32) bool { return s.Holders(k).Wide != nil }) })
	return q.wide
}

// part returns part p. It always returns the same pointer for the same part.
func (s *Solver) part(c *Condensation, p int32) *part {
	if v, ok := s.parts.Load(p); ok {
		return v.(*part)
	}
	if s.dirty != nil && !s.dirty[p] {
		return s.base.part(c, p)
	}
	v, _ := s.parts.LoadOrStore(p, &part{nodes: c.Members(p), c: c, p: p, gate: newGate(), rowed: &s.rowed})
	return v.(*part)
}

// local returns the position of node i in the part, or -1.
func (q *part) local(i int32) int {
	if q.c.Part[i] != q.p {
		return -1
	}
	return int(q.c.Pos[i] - q.c.Start[q.p])
}

// bits returns an upper bound on the bits of det B, the denominator of B's inverse. The
// determinant is the product of the pivots of elimination. Each pivot of an M-matrix is at
// most its diagonal entry, so the determinant is at most the product of the totals.
func (s *Solver) bits(nodes []int32) int {
	bits := 0
	for _, k := range nodes {
		bits += s.Holders(k).BigTotal().BitLen()
	}
	return bits
}

// matrix returns B by rows, as big integers.
func (s *Solver) matrix(q *part) []big.Int {
	n := len(q.nodes)
	b := make([]big.Int, n*n)
	var z big.Int
	for k, node := range q.nodes {
		col := s.Holders(node)
		b[k*n+k].Set(col.BigTotal())
		for e, i := range col.Rows {
			if at := q.local(i); at >= 0 {
				b[at*n+k].Sub(&b[at*n+k], col.SetUnits(&z, e))
			}
		}
	}
	return b
}

// adjugate returns adj(B) by rows and det(B). The first call computes them by n integer
// pivots on the diagonal, each of which exchanges one variable with one equation (Edmonds
// 1967, Bareiss 1968). All divisions are exact. The pivots are leading minors of an
// M-matrix, so they are positive.
func (s *Solver) adjugate(ctx context.Context, q *part) ([]big.Int, *big.Int, error) {
	if err := q.gate.enter(ctx); err != nil {
		return nil, nil, err
	}
	defer q.gate.leave()
	if q.adj != nil {
		return q.adj, &q.det, nil
	}
	n := len(q.nodes)
	b := s.matrix(q)
	det, t := big.NewInt(1), new(big.Int)
	stage := progress.Start(ctx, "factors", n, reportEverySlow)
	for r := range n {
		stage.At(r)
		pivot := new(big.Int).Set(&b[r*n+r])
		for i := range n {
			if i == r {
				continue
			}
			if i&7 == 0 {
				if err := canceled(ctx); err != nil {
					return nil, nil, err
				}
			}
			f := &b[i*n+r]
			for j := range n {
				if j == r {
					continue
				}
				x := &b[i*n+j]
				x.Mul(x, pivot)
				x.Sub(x, t.Mul(f, &b[r*n+j]))
				if r > 0 {
					x.Quo(x, det)
				}
			}
		}
		for j := range n {
			if j != r {
				b[r*n+j].Neg(&b[r*n+j])
			}
		}
		b[r*n+r].Set(det)
		det = pivot
	}
	q.adj = b
	q.det.Set(det)
	stage.End()
	return q.adj, &q.det, nil
}

// solveExact returns w with w B = rhs (by row) or B w = rhs (by column). The right-hand side
// is in the order of the part's nodes.
func (s *Solver) solveExact(ctx context.Context, q *part, rhs []fraction.Fraction, byRow bool) ([]fraction.Fraction, error) {
	num, den := fraction.Common(rhs)
	w := make([]fraction.Fraction, len(rhs))
	if den == nil {
		return w, nil
	}
	vals, det, err := s.solveInteger(ctx, q, num, byRow)
	if err != nil {
		return nil, err
	}
	if den != one {
		det = new(big.Int).Mul(det, den)
	}
	for k := range w {
		w[k] = fraction.Fraction{Num: &vals[k], Den: det}
	}
	return w, nil
}

// solveInteger returns the solution vals/det for an integer right-hand side. A nil in the
// right-hand side is 0.
func (s *Solver) solveInteger(ctx context.Context, q *part, num []*big.Int, byRow bool) (vals []big.Int, det *big.Int, err error) {
	n := len(num)
	if n > smallPart && !s.wide(q) {
		return s.lift(ctx, q, num, byRow)
	}
	adj, det, err := s.adjugate(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	vals = make([]big.Int, n)
	var t big.Int
	for i, c := range num {
		if c == nil {
			continue
		}
		if err := canceled(ctx); err != nil {
			return nil, nil, err
		}
		for k := range n {
			a := &adj[i*n+k]
			if !byRow {
				a = &adj[k*n+i]
			}
			if vals[k].Sign() == 0 {
				vals[k].Mul(a, c)
			} else {
				vals[k].Add(&vals[k], t.Mul(a, c))
			}
		}
	}
	return vals, det, nil
}
