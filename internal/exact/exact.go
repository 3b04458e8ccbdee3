package exact

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/fraction"
	"github.com/crossholding/crossholding/internal/progress"
)

// Share is one figure of a row, of a column or of a list of terms.
type Share struct {
	Owner
	Value *big.Rat
}

// Line is a row or a column of integrated ownership. Shares lists the figures that are not
// 0, in the order of nodes. A company comes before its float.
type Line struct {
	// Diagonal is V(i,i) of the node i whose row or column this is: 1 for an
	// outside owner, a float, and a company in no cycle. Dividing a row by
	// it gives first-passage ownership.
	Diagonal *big.Rat
	Shares   []Share
}

// Find returns the share of o, or 0 if it has none.
func (l *Line) Find(o Owner) *big.Rat {
	at, ok := slices.BinarySearchFunc(l.Shares, o, func(s Share, o Owner) int { return compareOwners(s.Owner, o) })
	if !ok {
		return new(big.Rat)
	}
	return l.Shares[at].Value
}

func compareOwners(a, b Owner) int {
	if a.Node != b.Node {
		return cmp.Compare(a.Node, b.Node)
	}
	switch {
	case a.Float == b.Float:
		return 0
	case b.Float:
		return -1
	}
	return 1
}

// budget counts the bits of the fractions that are kept.
type budget struct {
	limits Limits
	used   int
}

func (b *budget) keep(node int32, f fraction.Fraction) error {
	if f.Num == nil {
		return nil
	}
	size := f.Den.BitLen()
	if size > b.limits.Bits {
		return &SizeError{Bits: size, Limit: b.limits.Bits, Node: node}
	}
	if b.used += size + f.Num.BitLen(); b.used > b.limits.TotalBits {
		return &SizeError{Bits: b.used, Limit: b.limits.TotalBits, Node: node}
	}
	return nil
}

// Row returns the integrated ownership Y = AV of from in every company, as fractions of the
// companies. Y of a company in itself is the part that returns through its cycles. Row
// fails with a [RingError] if from reaches a closed ring, and with a [SizeError] if
// fractions exceed the limits.
func (s *Solver) Row(ctx context.Context, from Owner) (*Line, error) {
	r, c, err := s.reachDown(ctx, from, nil)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	vals, err := s.rowValues(ctx, c, r, from, false)
	if err != nil {
		return nil, err
	}
	line := &Line{Shares: make([]Share, 0, len(vals))}
	for at, f := range vals {
		k := r.nodes[at]
		if f.Zero() {
			continue
		}
		v := f.Lowest()
		if k == from.Node && !from.Float {
			line.Diagonal = new(big.Rat).Set(v)
			if v.Sub(v, ratOne); v.Sign() == 0 {
				continue
			}
		}
		line.Shares = append(line.Shares, Share{Owner{Node: k}, v})
	}
	if line.Diagonal == nil {
		line.Diagonal = big.NewRat(1, 1)
	}
	slices.SortFunc(line.Shares, func(a, b Share) int { return compareOwners(a.Owner, b.Owner) })
	return line, nil
}

var ratOne = big.NewRat(1, 1)

// one is the denominator of whole numbers in fractions. Nothing changes it.
var one = fraction.Whole().Den

// Fractions returns V(from, k) for every node k, not reduced to lowest terms. The caller must
// not change the numbers. Fractions with the same pointer Den have the same denominator. Num is nil
// if from holds nothing of k. The argument from must be an outside owner. The errors are
// those of [Solver.Row].
func (s *Solver) Fractions(ctx context.Context, from int32) ([]fraction.Fraction, error) {
	r, c, err := s.reachDown(ctx, Owner{Node: from}, nil)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	vals, err := s.rowValues(ctx, c, r, Owner{Node: from}, true)
	if err != nil {
		return nil, err
	}
	out := make([]fraction.Fraction, s.m.Nodes())
	for at, f := range vals {
		if !f.Zero() {
			out[r.nodes[at]] = f
		}
	}
	return out, nil
}

// reachDown arranges the companies that from holds, directly or through others. If within
// is not nil, it includes only companies of within.
func (s *Solver) reachDown(ctx context.Context, from Owner, within *reach) (*reach, *Condensation, error) {
	if err := s.knownOwner(from); err != nil {
		return nil, nil, err
	}
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := s.newReach()
	if err = s.down(ctx, r, from, within); err == nil {
		err = r.arrange(c)
	}
	if err != nil {
		s.scratch.Put(r)
		return nil, nil, err
	}
	return r, c, nil
}

// rowValues returns V(from, k) for each touched company k, holders first. The column of an
// outside owner or a float is outside the touched companies. Each value is passed on to
// the companies that its company holds, so the method does not read their other holders.
// If together is true, the values of one part are reduced together and keep one
// denominator. The matrix must be [Solver.indexed].
func (s *Solver) rowValues(ctx context.Context, c *Condensation, r *reach, from Owner, together bool) ([]fraction.Fraction, error) {
	var (
		rhs  []fraction.Fraction
		vals = make([]fraction.Fraction, len(r.nodes))
		accs = make([]fraction.Sum, len(r.nodes))
		used = budget{limits: s.limits}
	)
	s.seed(r, from, accs)
	stage := progress.Start(ctx, "holdings", len(r.nodes), reportEverySlow)
	for at := 0; at < len(r.nodes); {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(at)
		p := c.Part[r.nodes[at]]
		members := c.Members(p)
		rhs = rhs[:0]
		for i := range members {
			rhs = append(rhs, accs[at+i].Final())
		}
		w, err := s.solvePart(ctx, c, p, rhs, true)
		if err != nil {
			return nil, err
		}
		if together {
			fraction.ReduceTogether(w)
		} else {
			fraction.ReduceEach(w)
		}
		for i := range w {
			vals[at+i] = w[i]
			if err := used.keep(members[i], vals[at+i]); err != nil {
				return nil, err
			}
			if at+len(members) == len(r.nodes) {
				continue // no companies come after the last part
			}
			s.Stakes(members[i], func(k int32, units *big.Int) {
				if r.has(k) && c.Part[k] != p {
					accs[r.slot[k]].Add(vals[at+i], units)
				}
			})
		}
		at += len(members)
	}
	stage.End()
	return vals, nil
}

// seed adds the start of a row: what from holds, or the whole of its own company or float.
func (s *Solver) seed(r *reach, from Owner, accs []fraction.Sum) {
	start := fraction.Whole()
	switch {
	case s.outside(from.Node):
		s.Stakes(from.Node, func(k int32, units *big.Int) {
			if r.has(k) {
				accs[r.slot[k]].Add(start, units)
			}
		})
	case !r.has(from.Node):
	case from.Float:
		accs[r.slot[from.Node]].Add(start, s.Holders(from.Node).BigLeak())
	default:
		accs[r.slot[from.Node]].Add(start, s.Holders(from.Node).BigTotal())
	}
}

// solvePart solves the part's system. For a part of one company this is a division.
func (s *Solver) solvePart(ctx context.Context, c *Condensation, p int32, rhs []fraction.Fraction, byRow bool) ([]fraction.Fraction, error) {
	if len(rhs) == 1 {
		f := rhs[0]
		if f.Zero() {
			return rhs, nil
		}
		total := s.Holders(c.Members(p)[0]).BigTotal()
		if f.Den != one {
			total = new(big.Int).Mul(total, f.Den)
		}
		return []fraction.Fraction{{Num: f.Num, Den: total}}, nil
	}
	if bits := s.bits(c.Members(p)); bits > s.limits.Bits {
		return nil, &SizeError{Bits: bits, Limit: s.limits.Bits, Node: c.Members(p)[0]}
	}
	return s.solveExact(ctx, s.part(c, p), rhs, byRow)
}

// Column returns every owner of company j, nodes and floats, with integrated ownership Y =
// AV as a fraction of j. The shares of outside owners and floats sum to exactly 1. The
// errors are those of [Solver.Row], for the companies that hold j.
func (s *Solver) Column(ctx context.Context, j int32) (*Line, error) {
	line := &Line{Diagonal: big.NewRat(1, 1)}
	if err := s.known(j); err != nil || s.outside(j) {
		return line, err
	}
	r, c, err := s.reachUp(ctx, j)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	zs, err := s.columnValues(ctx, c, r, j)
	if err != nil {
		return nil, err
	}
	var z big.Int
	outside := map[int32]*fraction.Sum{}
	for at, k := range r.nodes {
		if at&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		col := s.Holders(k)
		for e, i := range col.Rows {
			if !s.outside(i) {
				continue
			}
			acc := outside[i]
			if acc == nil {
				acc = new(fraction.Sum)
				outside[i] = acc
			}
			acc.Add(zs[at], col.SetUnits(&z, e))
		}
		var acc fraction.Sum
		if acc.Add(zs[at], col.BigLeak()); !acc.None() {
			line.Shares = append(line.Shares, Share{Owner{k, true}, acc.Rat()})
		}
		acc.Reset()
		acc.Add(zs[at], col.BigTotal())
		v := acc.Rat()
		if k == j {
			line.Diagonal = new(big.Rat).Set(v)
			v.Sub(v, ratOne)
		}
		if v.Sign() != 0 {
			line.Shares = append(line.Shares, Share{Owner{Node: k}, v})
		}
	}
	for i, acc := range outside {
		if !acc.None() {
			line.Shares = append(line.Shares, Share{Owner{Node: i}, acc.Rat()})
		}
	}
	slices.SortFunc(line.Shares, func(a, b Share) int { return compareOwners(a.Owner, b.Owner) })
	return line, nil
}

func (s *Solver) reachUp(ctx context.Context, j int32) (*reach, *Condensation, error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, nil, err
	}
	r := s.newReach()
	if err = s.up(ctx, r, j); err == nil {
		err = r.arrange(c)
	}
	if err != nil {
		s.scratch.Put(r)
		return nil, nil, err
	}
	return r, c, nil
}

// columnValues returns V(k,j)/T_k for each touched company k, solved from
// issuers to holders.
func (s *Solver) columnValues(ctx context.Context, c *Condensation, r *reach, j int32) ([]fraction.Fraction, error) {
	var (
		z    big.Int
		rhs  []fraction.Fraction
		accs = make([]fraction.Sum, len(r.nodes))
		zs   = make([]fraction.Fraction, len(r.nodes))
		used = budget{limits: s.limits}
	)
	accs[r.slot[j]].Add(fraction.Whole(), one)
	stage := progress.Start(ctx, "owners", len(r.nodes), reportEverySlow)
	for end := len(r.nodes); end > 0; {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(len(r.nodes) - end)
		p := c.Part[r.nodes[end-1]]
		at := end - len(c.Members(p))
		rhs = rhs[:0]
		for i := at; i < end; i++ {
			rhs = append(rhs, accs[i].Final())
		}
		w, err := s.solvePart(ctx, c, p, rhs, false)
		if err != nil {
			return nil, err
		}
		for i, f := range w {
			f = f.Reduced()
			zs[at+i] = f
			k := r.nodes[at+i]
			if err := used.keep(k, f); err != nil {
				return nil, err
			}
			col := s.Holders(k)
			for e, h := range col.Rows {
				if r.has(h) && c.Part[h] != p && col.Held(e) {
					accs[r.slot[h]].Add(f, col.SetUnits(&z, e))
				}
			}
		}
		end = at
	}
	stage.End()
	return zs, nil
}

// Pair returns Y(from, to). It reads only the companies between the two.
func (s *Solver) Pair(ctx context.Context, from Owner, to int32) (*big.Rat, error) {
	v, err := s.between(ctx, from, to)
	if err == nil && from == (Owner{Node: to}) {
		v.Sub(v, ratOne)
	}
	return v, err
}

// Diagonal returns V(i,i): 1, plus what returns to i through its cycles. It reads only the
// companies of i's part.
func (s *Solver) Diagonal(ctx context.Context, i int32) (*big.Rat, error) {
	if err := s.known(i); err != nil {
		return nil, err
	}
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	if s.outside(i) || c.alone(i) {
		return big.NewRat(1, 1), nil
	}
	if err := s.Index(ctx); err != nil {
		return nil, err
	}
	r := s.newReach()
	defer s.scratch.Put(r)
	for _, k := range c.Members(c.Part[i]) {
		r.add(k)
	}
	if err := r.arrange(c); err != nil {
		return nil, err
	}
	vals, err := s.rowValues(ctx, c, r, Owner{Node: i}, false)
	if err != nil {
		return nil, err
	}
	return vals[r.slot[i]].Rat(), nil
}

// between returns V(from, to).
func (s *Solver) between(ctx context.Context, from Owner, to int32) (*big.Rat, error) {
	r, c, err := s.reachBetween(ctx, from, to, true)
	if err != nil {
		return nil, err
	}
	if r == nil {
		if from == (Owner{Node: to}) {
			return big.NewRat(1, 1), nil
		}
		return new(big.Rat), nil
	}
	defer s.scratch.Put(r)
	vals, err := s.rowValues(ctx, c, r, from, false)
	if err != nil {
		return nil, err
	}
	return vals[r.slot[to]].Rat(), nil
}

// reachBetween arranges the companies between the two, with both if they are companies. It
// returns nil if from holds nothing of to. A closed ring between the two is an error. If pair
// is true, so is every closed ring that holds to.
func (s *Solver) reachBetween(ctx context.Context, from Owner, to int32, pair bool) (*reach, *Condensation, error) {
	if err := cmp.Or(s.knownOwner(from), s.known(to)); err != nil || s.outside(to) {
		return nil, nil, err
	}
	above := s.newReach()
	defer s.scratch.Put(above)
	err := s.up(ctx, above, to)
	if err == nil && pair {
		var c *Condensation
		if c, err = s.Condensed(ctx); err == nil {
			err = above.arrange(c)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if !s.outside(from.Node) && !above.has(from.Node) {
		return nil, nil, nil
	}
	r, c, err := s.reachDown(ctx, from, above)
	if err != nil {
		return nil, nil, err
	}
	if !r.has(to) {
		s.scratch.Put(r)
		return nil, nil, nil
	}
	return r, c, nil
}

// Terms splits Y(from, to) by the companies that from holds directly: the share of Owner k
// is a(from,k)V(k,to). All shares sum to Y(from, to). The share of to itself is the direct
// stake times [Solver.Diagonal] of to. A float has one term, its company.
func (s *Solver) Terms(ctx context.Context, from Owner, to int32) ([]Share, error) {
	if err := cmp.Or(s.knownOwner(from), s.known(to)); err != nil || s.outside(to) {
		return nil, err
	}
	r, c, err := s.reachUp(ctx, to)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	zs, err := s.columnValues(ctx, c, r, to)
	if err != nil {
		return nil, err
	}
	var terms []Share
	var z big.Int
	for at, k := range r.nodes {
		var acc fraction.Sum
		col := s.Holders(k)
		switch {
		case !from.Float:
			for e, i := range col.Rows {
				if i == from.Node {
					acc.Add(zs[at], col.SetUnits(&z, e))
				}
			}
		case k == from.Node:
			acc.Add(zs[at], col.BigLeak())
		}
		if !acc.None() {
			terms = append(terms, Share{Owner{Node: k}, acc.Rat()})
		}
	}
	slices.SortFunc(terms, func(a, b Share) int { return compareOwners(a.Owner, b.Owner) })
	return terms, nil
}
