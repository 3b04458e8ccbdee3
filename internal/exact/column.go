package exact

import (
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/rounding"
)

// ColumnFixed returns [Solver.Column] in decimals of the given places, correctly rounded.
// It reads only companies that hold j, directly or through others, and their holders. The
// errors are those of [Solver.RowFixed].
func (s *Solver) ColumnFixed(ctx context.Context, j int32, places int, mode rounding.Mode) (*FixedLine, error) {
	return s.columnFixed(ctx, j, &query{from: Owner{Node: j}, places: places, mode: mode})
}

// FirstColumnFixed returns first-passage ownership: every owner's share in
// [Solver.ColumnFixed] divided by the owner's own diagonal, in decimals that are correctly
// rounded too. The first question about a company that a large part holds computes one
// solution for each company of the part. The solver keeps these solutions.
func (s *Solver) FirstColumnFixed(ctx context.Context, j int32, places int, mode rounding.Mode) (*FixedLine, error) {
	return s.columnFixed(ctx, j, &query{from: Owner{Node: j}, places: places, mode: mode, first: true})
}

func (s *Solver) columnFixed(ctx context.Context, j int32, q *query) (*FixedLine, error) {
	if err := q.valid(); err != nil {
		return nil, err
	}
	l := newLine(q)
	if err := s.known(j); err != nil || s.outside(j) {
		return l, err
	}
	if !q.first && q.places <= rounding.ShortPlaces {
		if quick, err := s.columnQuick(ctx, q); quick != nil || err != nil {
			return quick, err
		}
	}
	r, c, err := s.reachUp(ctx, j)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	w := &columnRun{s: s, c: c, r: r, j: j, f: q.bits(), enough: q.enough(q.bits())}
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	return l, w.line(ctx, q, l)
}

// columnRun is the computation of one column in fixed point. Companies have the slots of
// the reach. Outside owners have the slots after them.
type columnRun struct {
	s *Solver
	c *Condensation
	r *reach
	j int32

	f      int     // values are in units of 2^-f
	enough float64 // the error that the solution of a part may have
	guard  uint    // fine and sums are in units of 2^-(f+guard)

	nodes []int32    // by slot
	sums  []big.Int  // the sum of what issuers passed to each node
	vals  []*big.Int // V(k,j) of companies
	fine  []*big.Int // V(k,j)/T_k of companies
	off   []float64  // the error bounds of sums, in units of 2^-f
	offV  []float64  // the error bounds of vals, in units of 2^-f
	z     big.Int
}

// upward is a factor that turns a bound computed in floating point into an upper bound. All
// terms are positive, so a sum of up to 2^31 entries, with two operations each, falls short
// by a factor of at least 1 - 2^-21. Each further use of the sum multiplies it by upward,
// which also covers a few more roundings of 2^-53.
const upward = 1 + 0x1p-20

// run computes V(.,j) from issuers to holders. Unlike in a row, the stakes of one holder do
// not add up to 1, so each value has an error of its own. Proof of the bounds:
//
//   - A holder's right-hand side is the sum of a(i,k) V(k,j) over the companies k of other
//     parts. Its error is at most the sum of a(i,k) times the error of V(k,j), plus one unit
//     for each entry, see push, plus one unit for the shift by guard.
//   - In a part, V maps an error e of the right-hand side to V e, which can be larger than
//     every component of e. spread bounds V e. The solution adds the error of
//     [Solver.refine].
func (w *columnRun) run(ctx context.Context) error {
	s, r := w.s, w.r
	companies := len(r.nodes)
	w.guard = 64
	w.nodes = slices.Clone(r.nodes)
	for at, k := range r.nodes {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return err
			}
		}
		col := s.Holders(k)
		if col.Wide != nil {
			w.guard = max(w.guard, uint(col.Wide.Total.BitLen())+2)
		}
		for e, i := range col.Rows {
			if s.outside(i) && !r.has(i) && col.Held(e) {
				r.stamp[i] = r.round
				r.slot[i] = int32(len(w.nodes))
				w.nodes = append(w.nodes, i)
			}
		}
	}
	w.sums = make([]big.Int, len(w.nodes))
	w.off = make([]float64, len(w.nodes))
	w.vals, w.fine = make([]*big.Int, companies), make([]*big.Int, companies)
	w.offV = make([]float64, companies)
	at := r.slot[w.j]
	w.sums[at].Lsh(one, uint(w.f)+w.guard)
	stage := progress.Start(ctx, "owners", companies, reportEvery)
	for end, work := companies, 0; end > 0; {
		stage.At(companies - end)
		p := w.c.Part[r.nodes[end-1]]
		from := end - len(w.c.Members(p))
		for at := from; at < end; at++ {
			w.vals[at] = new(big.Int).Rsh(&w.sums[at], w.guard)
			w.offV[at] = w.off[at] + 1
		}
		if end-from > 1 {
			if err := w.solve(ctx, p, from, end); err != nil {
				return err
			}
		}
		for at := from; at < end; at++ {
			if work += len(s.Holders(r.nodes[at]).Rows) + 8; work > 1<<13 {
				work = 0
				if err := canceled(ctx); err != nil {
					return err
				}
			}
			w.push(p, at)
		}
		end = from
	}
	stage.End()
	return nil
}

// push passes the value of company slot at to its holders outside part p.
func (w *columnRun) push(p int32, at int) {
	k := w.r.nodes[at]
	col := w.s.Holders(k)
	fine := new(big.Int).Lsh(w.vals[at], w.guard)
	fine.Quo(fine, col.BigTotal())
	w.fine[at] = fine
	for e, i := range col.Rows {
		if !col.Held(e) || w.c.Part[i] == p {
			continue
		}
		to := w.r.slot[i]
		w.sums[to].Add(&w.sums[to], w.z.Mul(fine, col.SetUnits(&w.z, e)))
		// fine has the error of the value and less than one unit from
		// rounding. The holder has fewer than 2^guard units, so the rounding
		// adds less than one unit of 2^-f.
		w.off[to] += col.Fraction(e)*w.offV[at]*upward + 1
	}
}

// solve replaces a part's right-hand side by its solution.
func (w *columnRun) solve(ctx context.Context, p int32, from, end int) error {
	q := w.s.part(w.c, p)
	x, err := w.s.refine(ctx, q, w.vals[from:end], w.f, false, w.enough)
	if err != nil {
		return err
	}
	off, err := w.s.spread(ctx, q, w.offV[from:end])
	if err != nil {
		return err
	}
	for i := range x {
		w.vals[from+i] = x[i]
		w.offV[from+i] = off[i] + w.enough + refineError
		if x[i].Sign() < 0 {
			x[i].SetInt64(0)
		}
	}
	return nil
}

// spread returns an upper bound on V e for the errors e of a part's right-hand side. If there
// is a proof that M y >= theta, then V e <= max(e) V 1 <= max(e)/theta y. Otherwise the exact
// V e is computed for e rounded up. The result is +Inf if it does not fit.
func (s *Solver) spread(ctx context.Context, q *part, e []float64) ([]float64, error) {
	n := len(e)
	out := make([]float64, n)
	if n > smallPart && !s.wide(q) {
		d, err := s.side(ctx, q, false)
		if err != nil {
			return nil, err
		}
		if !d.hard {
			worst := slices.Max(e)
			for i := range out {
				out[i] = worst / d.theta * d.above[i] * upward
			}
			return out, nil
		}
	}
	num := make([]*big.Int, n)
	for i := range e {
		if math.IsInf(e[i], 1) {
			return slices.Repeat(e[i:i+1], n), nil
		}
		num[i], _ = new(big.Float).SetFloat64(math.Ceil(e[i])).Int(nil)
	}
	x, err := s.refineExact(ctx, q, num, false)
	if err != nil {
		return nil, err
	}
	for i := range out {
		f, _ := new(big.Float).SetInt(x[i]).Float64()
		out[i] = f*upward + 1
	}
	return out, nil
}

// line rounds the column into l.
func (w *columnRun) line(ctx context.Context, q *query, l *FixedLine) error {
	scale := q.rounder()
	all := make([]int32, len(w.nodes))
	for at := range all {
		all[at] = int32(at)
	}
	slices.SortFunc(all, func(a, b int32) int { return int(w.nodes[a]) - int(w.nodes[b]) })
	unit := new(big.Int).Lsh(one, uint(w.f))
	least := reportEvery
	if q.first { // each company in a cycle may need one more solution
		least = reportEverySlow
	}
	stage := progress.Start(ctx, "rounding", len(all), least)
	var err error
	put := func(o Owner, v *big.Int, off float64, lessOne bool) bool {
		z := w.rounded(ctx, q, scale, o, v, off, lessOne, &err)
		if err == nil {
			l.put(o, z)
		}
		return err == nil
	}
	for x, at := range all {
		if x&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return err
			}
		}
		stage.At(x)
		i := w.nodes[at]
		if int(at) >= len(w.r.nodes) {
			if !put(Owner{Node: i}, w.z.Rsh(&w.sums[at], w.guard), w.off[at]+1, false) {
				return err
			}
			continue
		}
		v, off := w.vals[at], w.offV[at]
		if i == w.j {
			d := w.rounded(ctx, q.diagonal(), scale, Owner{Node: i}, v, off, false, &err)
			if err != nil {
				return err
			}
			l.Diagonal = newFixed(d)
			v = new(big.Int).Sub(v, unit)
		}
		if q.first && !w.c.alone(i) {
			d, fault := w.s.diagonal(ctx, w.c, i, w.f)
			if fault != nil {
				return fault
			}
			// By the proof at over, the error is at most off plus the
			// error of d, plus less than one unit for rounding.
			v = new(big.Int).Lsh(v, uint(w.f))
			v.Quo(v, atLeastOne(d, w.f))
			off += diagonalError + 1
		}
		if (i != w.j || !w.c.alone(i)) && !put(Owner{Node: i}, v, off, i == w.j) {
			return err
		}
		col := w.s.Holders(i)
		if leak := col.BigLeak(); leak.Sign() > 0 {
			w.z.Mul(w.fine[at], leak)
			if !put(Owner{i, true}, w.z.Rsh(&w.z, w.guard), w.offV[at]+2, false) {
				return err
			}
		}
	}
	stage.End()
	return nil
}

// rounded rounds one value. If its digits do not decide the result, it computes the value
// again with more digits.
func (w *columnRun) rounded(ctx context.Context, q *query, scale *rounding.Long, o Owner, v *big.Int, off float64, lessOne bool, fault *error) *big.Int {
	far, _ := new(big.Float).SetFloat64(math.Ceil(off * upward)).Int(nil)
	var z *big.Int
	if far != nil { // not infinite
		z = scale.Round(v, far, w.f)
	}
	if z == nil {
		pair := *q
		pair.from = o
		z, *fault = w.s.settle(ctx, &pair, w.j, 2*w.f, lessOne)
	}
	return z
}

// diagonalError is an upper bound on the error of [Solver.diagonal], in units of its last
// bit: that of [Solver.refine] without bits cut off, which is at most nothing + refineError,
// or at most half of that plus one unit with bits cut off.
const diagonalError = refineError + 1

// diagonal returns V(i,i) in units of 2^-f for a company in a cycle. The part keeps the
// value.
func (s *Solver) diagonal(ctx context.Context, c *Condensation, i int32, f int) (*big.Int, error) {
	q := s.part(c, c.Part[i])
	at := q.local(i)
	q.mu.Lock()
	var known kept
	if q.diag != nil {
		known = q.diag[at]
	}
	q.mu.Unlock()
	if known.v == nil || known.f < f {
		rhs := make([]*big.Int, len(q.nodes))
		rhs[at] = new(big.Int).Lsh(s.Holders(i).BigTotal(), uint(f))
		x, err := s.refine(ctx, q, rhs, f, true, nothing)
		if err != nil {
			return nil, err
		}
		known = kept{x[at], f}
		q.mu.Lock()
		if q.diag == nil {
			q.diag = make([]kept, len(q.nodes))
		}
		if q.diag[at].f <= f {
			q.diag[at] = known
		}
		q.mu.Unlock()
	}
	return new(big.Int).Rsh(known.v, uint(known.f-f)), nil
}
