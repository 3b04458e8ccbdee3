package exact

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/rounding"
)

// MaxPlaces is the largest number of decimal places of a certified figure.
const MaxPlaces = 1000

// Fixed is the coefficient of a decimal, 0 or more. The zero value is 0. It is immutable.
type Fixed struct {
	small uint64
	large *big.Int // instead of small if the coefficient does not fit
}

func newFixed(z *big.Int) Fixed {
	if z.IsUint64() {
		return Fixed{small: z.Uint64()}
	}
	return Fixed{large: z}
}

// Uint64 returns the coefficient, or false if it does not fit.
func (f Fixed) Uint64() (z uint64, ok bool) { return f.small, f.large == nil }

// Big returns the coefficient as a new integer.
func (f Fixed) Big() *big.Int {
	if f.large != nil {
		return new(big.Int).Set(f.large)
	}
	return new(big.Int).SetUint64(f.small)
}

// String returns the coefficient's digits.
func (f Fixed) String() string { return f.Big().String() }

// FixedLine is a row or a column of integrated ownership in decimals. Each figure is a
// coefficient over 10^Places and is correctly rounded. The line lists all owners (in a
// row, all companies owned) with a value above 0, in the order of nodes; a company comes
// before its float. A coefficient can be 0. The line is immutable and safe for concurrent
// use.
type FixedLine struct {
	Places int
	// Diagonal is V(i,i) of the node whose line this is, rounded in the same way.
	Diagonal Fixed

	owners []Owner
	coef   []uint64
	large  map[int]*big.Int // coefficients that do not fit, by index in owners

	patch []patched // new values, by node; they replace the values above
	gone  int       // how many owners the patch removes
	fresh int       // how many owners the patch adds
}

// patched is a new value of an updated row.
type patched struct {
	node  int32
	value Fixed
	none  bool // the row has no value at this node
}

func (l *FixedLine) put(o Owner, z *big.Int) {
	l.owners = append(l.owners, o)
	l.coef = append(l.coef, 0)
	l.set(len(l.coef)-1, z)
}

func (l *FixedLine) set(at int, z *big.Int) {
	if !z.IsUint64() {
		if l.large == nil {
			l.large = map[int]*big.Int{}
		}
		l.large[at] = z
		return
	}
	l.coef[at] = z.Uint64()
}

func (l *FixedLine) at(i int) Fixed {
	if l.large != nil {
		if z := l.large[i]; z != nil {
			return Fixed{large: z}
		}
	}
	return Fixed{small: l.coef[i]}
}

// Lists returns the owners of a line that no update made, with their coefficients, or false if one of
// these does not fit. The caller must not change them.
func (l *FixedLine) Lists() ([]Owner, []uint64, bool) { return l.owners, l.coef, len(l.large) == 0 }

// Len returns the number of owners in the line.
func (l *FixedLine) Len() int { return len(l.owners) + l.fresh - l.gone }

// Find returns the coefficient of o, or false if it owns nothing.
func (l *FixedLine) Find(o Owner) (z Fixed, ok bool) {
	if !o.Float {
		if at, ok := slices.BinarySearchFunc(l.patch, o.Node, func(p patched, k int32) int { return cmp.Compare(p.node, k) }); ok {
			return l.patch[at].value, !l.patch[at].none
		}
	}
	if at, ok := slices.BinarySearchFunc(l.owners, o, compareOwners); ok {
		return l.at(at), true
	}
	return Fixed{}, false
}

// All returns the owners with their coefficients, in the order of nodes.
func (l *FixedLine) All() iter.Seq2[Owner, Fixed] {
	return func(yield func(Owner, Fixed) bool) {
		patch := l.patch
		next := func() bool {
			p := patch[0]
			patch = patch[1:]
			return p.none || yield(Owner{Node: p.node}, p.value)
		}
		for i, o := range l.owners {
			for len(patch) > 0 && patch[0].node < o.Node {
				if !next() {
					return
				}
			}
			if len(patch) > 0 && patch[0].node == o.Node {
				if !next() {
					return
				}
				continue
			}
			if !yield(o, l.at(i)) {
				return
			}
		}
		for len(patch) > 0 {
			if !next() {
				return
			}
		}
	}
}

// query is the question that a line answers.
type query struct {
	from   Owner
	every  bool // all outside owners and floats together instead of from
	first  bool // first-passage ownership instead of integrated
	pair   bool // one figure alone: a closed ring that holds the company is an error
	places int
	mode   rounding.Mode
	space  *RowSpace // memory for the line, or nil
}

func (q *query) valid() error {
	if q.places < 0 || q.places > MaxPlaces || !q.mode.Valid() {
		return fmt.Errorf("%w: %d, mode %d", ErrPlaces, q.places, q.mode)
	}
	return nil
}

func (q *query) rounder() *rounding.Long { return rounding.NewLong(q.places, q.mode) }

// bits returns the number of binary places of a first attempt.
func (q *query) bits() int { return q.places*10/3 + 80 }

// enough returns the error that the solution of a part may have, in units of 2^-f. In a
// first attempt it is about 36 bits smaller than the requested decimals, which leaves
// almost no value undecided. In later attempts it is as small as possible. It is at most
// 2^40, so that the error of one part is far below [maxOff].
func (q *query) enough(f int) float64 {
	if f != q.bits() && f != fixed128.Bits {
		return nothing
	}
	return min(0x1p40, max(nothing, math.Ldexp(1, f-q.places*10/3-36)))
}

// columnEnough returns the error that the solution of a part may have in a quick column, in
// units of 2^-fixed128.Bits. It is 20 bits smaller than the requested decimals. Some values in a
// million stay undecided, and each is computed again.
func (q *query) columnEnough() float64 {
	return max(nothing, math.Ldexp(1, fixed128.Bits-q.places*10/3-20))
}

// PairFixed returns [Solver.Pair] in decimals: the coefficient over 10^places.
func (s *Solver) PairFixed(ctx context.Context, from Owner, to int32, places int, mode rounding.Mode) (*big.Int, error) {
	q := &query{from: from, pair: true, places: places, mode: mode}
	if err := q.valid(); err != nil {
		return nil, err
	}
	if z, err := s.pairQuick(ctx, q, to); z != nil || err != nil {
		return z, err
	}
	return s.settle(ctx, q, to, q.bits(), from == Owner{Node: to})
}

// FirstPairFixed returns first-passage ownership Y(from, to)/V(from, from) in decimals. It
// differs from [Solver.PairFixed] only if from is a company in a cycle.
func (s *Solver) FirstPairFixed(ctx context.Context, from Owner, to int32, places int, mode rounding.Mode) (*big.Int, error) {
	q := &query{from: from, pair: true, places: places, mode: mode, first: true}
	if err := q.valid(); err != nil {
		return nil, err
	}
	return s.settle(ctx, q, to, q.bits(), from == Owner{Node: to})
}

// DiagonalFixed returns [Solver.Diagonal] in decimals.
func (s *Solver) DiagonalFixed(ctx context.Context, i int32, places int, mode rounding.Mode) (*big.Int, error) {
	q := &query{from: Owner{Node: i}, places: places, mode: mode}
	if err := q.valid(); err != nil {
		return nil, err
	}
	return s.settle(ctx, q, i, q.bits(), false)
}

// attempts is the number of computations with more and more digits before the exact
// fraction of any size is computed. exactBits is the size up to which the fraction is
// computed after one attempt. The size is that of the product of the totals of the
// companies in between.
const (
	exactBits = 4096
	attempts  = 4
)

// looping reports whether first-passage ownership of the row's start differs from
// integrated ownership.
func (q *query) looping(s *Solver, c *Condensation) bool {
	return q.first && !q.from.Float && !s.outside(q.from.Node) && !c.alone(q.from.Node)
}

// over divides the value v by the diagonal d, in place, in units of 2^-f. Both have an error
// of at most off. It returns the error of the quotient.
//
// Proof of the bound: write v' and d' for the computed numbers and v and d for the exact
// ones. Then v'/d' - v/d = (v'-v)/d' + (v/d)(d-d')/d'. Here v is at most d, because V(i,k) is
// at most V(i,i). d' is at least 1, because it is raised to 1 if it is less, which brings it
// nearer to d. So the error is at most 2 off, plus less than one unit for rounding.
func over(v, d, off *big.Int, f int) *big.Int {
	v.Lsh(v, uint(f))
	v.Quo(v, atLeastOne(d, f))
	twice := new(big.Int).Lsh(off, 1)
	return twice.Add(twice, big.NewInt(2))
}

// atLeastOne returns d, or 1 if d is less, in units of 2^-f.
func atLeastOne(d *big.Int, f int) *big.Int {
	if d.BitLen() > f && d.Sign() > 0 {
		return d
	}
	return new(big.Int).Lsh(one, uint(f))
}

// settle returns one correctly rounded figure: V(from, to), minus 1 if lessOne, divided by
// V(from, from) for first-passage ownership. It tries more and more digits. If these leave
// the value undecided, it is probably a tie, and settle computes the exact fraction.
func (s *Solver) settle(ctx context.Context, q *query, to int32, f int, lessOne bool) (*big.Int, error) {
	r, c, err := s.reachBetween(ctx, q.from, to, q.pair)
	scale := q.rounder()
	if err != nil {
		return nil, err
	}
	if r == nil {
		if q.from == (Owner{Node: to}) && !lessOne {
			return scale.Rat(ratOne), nil
		}
		return new(big.Int), nil
	}
	defer s.scratch.Put(r)
	tries := attempts
	if s.bits(r.nodes) <= exactBits {
		tries = 1
	}
	for range tries {
		vals, off, err := s.rowBig(ctx, c, r, q, f)
		if err != nil {
			return nil, err
		}
		v := new(big.Int).Set(vals[r.slot[to]])
		if lessOne {
			v.Sub(v, new(big.Int).Lsh(one, uint(f)))
		}
		if q.looping(s, c) {
			off = over(v, vals[r.slot[q.from.Node]], off, f)
		}
		if z := scale.Round(v, off, f); z != nil {
			return z, nil
		}
		f *= 2
	}
	vals, err := s.rowValues(ctx, c, r, q.from, false)
	if err != nil {
		return nil, err
	}
	v := vals[r.slot[to]].Rat()
	if lessOne {
		v.Sub(v, ratOne)
	}
	if q.looping(s, c) {
		v.Quo(v, vals[r.slot[q.from.Node]].Rat())
	}
	return scale.Rat(v), nil
}

// rowBig returns V(from, k) for each touched company in units of 2^-f, and a bound on the
// error of each in the same units.
//
// The bound is the sum of the errors that the steps add: less than one unit for a company
// alone, and the error of [Solver.refine] for a part. The proof at [quick] says why a step
// does not increase the errors of the steps before it. The right-hand sides are exact sums
// of computed values, and integers of any length do not overflow.
func (s *Solver) rowBig(ctx context.Context, c *Condensation, r *reach, q *query, f int) ([]*big.Int, *big.Int, error) {
	if err := s.Index(ctx); err != nil {
		return nil, nil, err
	}
	var (
		z    big.Int
		vals = make([]*big.Int, len(r.nodes))

		enough        = q.enough(f)
		alone, solved int64
	)
	s.seedBig(r, q, f, vals)
	stage := progress.Start(ctx, "holdings", len(r.nodes), reportEvery)
	for at, work := 0, 0; at < len(r.nodes); {
		stage.At(at)
		p := c.Part[r.nodes[at]]
		members := c.Members(p)
		rhs := vals[at : at+len(members)]
		if work += 16 * len(members); work > 1<<14 {
			work = 0
			if err := canceled(ctx); err != nil {
				return nil, nil, err
			}
		}
		if len(members) == 1 {
			rhs[0].Quo(rhs[0], s.Holders(members[0]).BigTotal())
			alone++
		} else {
			w, err := s.refine(ctx, s.part(c, p), rhs, f, true, enough)
			if err != nil {
				return nil, nil, err
			}
			copy(rhs, w)
			solved++
		}
		for i, h := range members {
			s.Stakes(h, func(k int32, units *big.Int) {
				work++
				if r.has(k) && c.Part[k] != p {
					to := vals[r.slot[k]]
					to.Add(to, z.Mul(rhs[i], units))
				}
			})
		}
		at += len(members)
	}
	stage.End()
	off := big.NewInt(int64(math.Ceil(enough)) + refineError)
	off.Mul(off, big.NewInt(solved))
	return vals, off.Add(off, big.NewInt(alone)), nil
}

// seedBig sets vals to the units with which a row starts, times 2^f.
func (s *Solver) seedBig(r *reach, q *query, f int, vals []*big.Int) {
	for at, k := range r.nodes {
		vals[at] = new(big.Int)
		switch col := s.Holders(k); {
		case q.every:
			s.outsiders(vals[at], col)
		case q.from == Owner{Node: k}:
			vals[at].Set(col.BigTotal())
		case q.from == Owner{k, true}:
			vals[at].Set(col.BigLeak())
		}
	}
	if !q.every && s.outside(q.from.Node) {
		s.Stakes(q.from.Node, func(k int32, units *big.Int) {
			if r.has(k) {
				vals[r.slot[k]].Add(vals[r.slot[k]], units)
			}
		})
	}
	for _, v := range vals {
		v.Lsh(v, uint(f))
	}
}

// outsiders sets z to the units that outside owners and the float hold of a column.
func (s *Solver) outsiders(z *big.Int, col matrix.Column) {
	var u big.Int
	z.Set(col.BigTotal())
	for e, h := range col.Rows {
		if !s.outside(h) {
			z.Sub(z, col.SetUnits(&u, e))
		}
	}
}
