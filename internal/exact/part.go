package exact

import (
	"context"
	"math/big"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/progress"
)

// part is one strongly connected part and what has been worked out about it.
// With B = diag(T) - U, where T are its companies' totals and U the units
// they hold in one another, V inside the part is diag(T) times the inverse
// of B.
type part struct {
	nodes []int32
	c     *condensation
	p     int32

	gate gate      // of what takes long: adj, mod and sides
	adj  []big.Int // the adjugate of B by rows, nil until needed
	det  big.Int
	mod  *modular // the inverse of B modulo a prime, nil until needed

	sides [2]side // what guesses are made with, by column and by row

	mu    sync.Mutex // of what does not
	table *table     // V in fixed point, of small parts
	diag  []kept     // V(k,k) as far as worked out

	luMu   sync.Mutex
	lu     *factors      // of I-A in floats, nil until needed
	low    [2]*lowRank   // instead of lu, where the part came from a factored one
	making chan struct{} // closed when lu is there
	own    bool          // low was tried and is of no use
}

// kept is a value in units of 2^-f.
type kept struct {
	v *big.Int
	f int
}

// smallPart is the most companies that are inverted once and for all; larger
// parts are solved for each right-hand side.
const smallPart = 12

// wide reports whether the part has a column beyond machine integers. Such
// parts are always inverted.
func (s *Solver) wide(q *part) bool {
	return slices.ContainsFunc(q.nodes, func(k int32) bool { return s.column(k).wide != nil })
}

// part returns part p, always the same one.
func (s *Solver) part(c *condensation, p int32) *part {
	if v, ok := s.parts.Load(p); ok {
		return v.(*part)
	}
	if s.dirty != nil && !s.dirty[p] {
		return s.base.part(c, p)
	}
	v, _ := s.parts.LoadOrStore(p, &part{nodes: c.members(p), c: c, p: p, gate: newGate()})
	return v.(*part)
}

// local returns where node i stands in the part, -1 if it is not in it.
func (q *part) local(i int32) int {
	if q.c.part[i] != q.p {
		return -1
	}
	return int(q.c.pos[i] - q.c.start[q.p])
}

// bits bounds the denominator of B's inverse, det B, in bits. The determinant
// is at most the product of the totals, as it is the product of the pivots of
// elimination, and each pivot of an M-matrix is its diagonal entry less
// something that is not negative.
func (s *Solver) bits(nodes []int32) int {
	bits := 0
	for _, k := range nodes {
		bits += s.column(k).bigTotal().BitLen()
	}
	return bits
}

// matrix returns B by rows, as big integers.
func (s *Solver) matrix(q *part) []big.Int {
	n := len(q.nodes)
	b := make([]big.Int, n*n)
	var z big.Int
	for k, node := range q.nodes {
		col := s.column(node)
		b[k*n+k].Set(col.bigTotal())
		for e, i := range col.rows {
			if at := q.local(i); at >= 0 {
				b[at*n+k].Sub(&b[at*n+k], col.setUnits(&z, e))
			}
		}
	}
	return b
}

// adjugate returns adj(B) by rows and det(B), worked out once: n integer
// pivots on the diagonal, each of which exchanges one variable with one
// equation (Edmonds 1967, Bareiss 1968). All divisions are exact. The
// pivots are leading minors of an M-matrix, thus above 0.
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

// solveExact returns w with w B = rhs (by rows) or B w = rhs, for a
// right-hand side in the order of the part's nodes.
func (s *Solver) solveExact(ctx context.Context, q *part, rhs []frac, byRow bool) ([]frac, error) {
	num, den := common(rhs)
	w := make([]frac, len(rhs))
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
		w[k] = frac{&vals[k], det}
	}
	return w, nil
}

// solveInteger solves for an integer right-hand side, where nil stands for 0:
// the solution is vals/det.
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
