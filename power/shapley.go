package power

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/residue"
)

// ShapleyShubik returns the exact share of the orderings of the players in which
// each player is pivotal. A player is pivotal if the players before it lose
// without it and win with it. The figures add up to 1.
//
// Source: L.S. Shapley and M. Shubik, A Method for Evaluating the Distribution
// of Power in a Committee System, American Political Science Review 48, 1954.
//
// Weights evaluates the swing polynomial of each player. Its coefficient s is
// the number of swings of size s. It is evaluated at as many marks as it can
// have coefficients. Each table gives two of these values, the second by the
// dual game.
func (g Game) ShapleyShubik(ctx context.Context, opts ...Options) (Index, error) {
	o, err := g.begin(opts)
	if err != nil {
		return Index{}, err
	}
	z, single := g.reduce()
	switch a := g.choose(z, single, o, true); {
	case a == Weights && single:
		return z.shapley(ctx, g.players, o)
	case a == Halves && single:
		t, err := z.halves(ctx, o)
		if err != nil {
			return Index{}, err
		}
		return t.shapley(z.players, g.players), nil
	case a == Diagram:
		return g.diagramShapley(ctx, o)
	case a == Enumeration:
		t, err := g.enumerate(ctx, o)
		if err != nil {
			return Index{}, err
		}
		return t.shapley(nil, g.players), nil
	}
	return Index{}, o.unable("the Shapley-Shubik index of this game")
}

// plan says how the Shapley-Shubik index is calculated from tables.
type plan struct {
	z        weighted // the game or its dual, which have the same index
	lo, hi   int      // sizes that a swing can have, without the player
	both     bool     // the swings of the dual are read from the same table
	size     int64    // entries of a table
	marks    int      // tables for each prime
	classes  []class
	weights  []int64
	primes   []uint64
	multiple *big.Int // every figure times this is a whole number
}

func (z weighted) plan() plan {
	if z.q > z.sum-z.q+1 {
		z = z.dualize()
	}
	win, lose := z.sizes()
	n := len(z.w)
	p := plan{z: z, lo: win - 1, hi: min(lose, n-1), classes: z.classes()}
	p.weights = ascending(p.classes)
	other := z.sum - z.q + 1
	count := p.hi - p.lo + 1
	p.both = other <= 2*z.q
	p.size, p.marks = z.q, count
	if p.both {
		p.size, p.marks = other, (count+1)/2
	}
	p.multiple = lcmUpTo(n)
	p.primes = foldPrimes(p.multiple.BitLen(), uint64(p.marks+1))
	return p
}

func (z weighted) shapley(ctx context.Context, players int, o Options) (Index, error) {
	p := z.plan()
	weights := make([]marks, len(p.primes))
	prepare := func(k int) (err error) {
		weights[k], err = p.weigh(ctx, p.primes[k])
		return err
	}
	m := marked{primes: p.primes, marks: p.marks, size: p.size, count: len(p.classes)}
	counts, err := m.sums(ctx, o, prepare, func(table []uint64, k, j int, sums []uint64) error {
		return p.evaluate(ctx, table, p.primes[k], weights[k], j, sums)
	})
	if err != nil {
		return Index{}, err
	}
	x := Index{values: make([]*big.Rat, players), algorithm: Weights}
	for i := range x.values {
		x.values[i] = new(big.Rat)
	}
	for i, c := range p.classes {
		for _, m := range c.members {
			x.values[p.z.players[m]].SetFrac(counts[i], p.multiple)
		}
	}
	return x, nil
}

// marks are the points r at which tables are made modulo one prime, with the
// weights of the swings read at r and, for the dual, at 1/r.
type marks struct {
	r, at, inverse []uint64
}

// weigh returns the weights that turn values of the swing polynomial into the
// sum of its coefficients c(s) times s!(n-1-s)!/n!, times p.multiple.
func (p plan) weigh(ctx context.Context, prime uint64) (marks, error) {
	n, count := len(p.z.w), p.hi-p.lo+1
	var m marks
	var points []uint64
	if p.both && count%2 == 1 {
		m.r = append(m.r, 1)
		points = append(points, 1)
	}
	for r := uint64(2); len(m.r) < p.marks; r++ {
		m.r = append(m.r, r)
		points = append(points, r)
		if p.both {
			points = append(points, residue.Inverse(r, prime))
		}
	}
	ws, err := functional(ctx, points, orderings(n, p.lo, p.hi, prime), prime)
	if err != nil {
		return m, err
	}
	scale := residue.Rem(p.multiple, prime)
	for i := 0; i < len(ws); i++ {
		r := points[i]
		ws[i] = residue.Mul(ws[i], scale, prime)
		m.at = append(m.at, residue.Mul(ws[i], residue.Inverse(residue.Pow(r, uint64(p.lo), prime), prime), prime))
		if !p.both || r == 1 {
			m.inverse = append(m.inverse, 0)
			continue
		}
		// A swing of size n-1-s in the dual is a swing of size s here. So the
		// polynomial of the dual at r is r^(n-1) times this one at 1/r.
		i++
		ws[i] = residue.Mul(ws[i], scale, prime)
		down := residue.Pow(points[i], uint64(n-1), prime)
		up := residue.Pow(r, uint64(p.lo), prime)
		m.inverse = append(m.inverse, residue.Mul(residue.Mul(ws[i], up, prime), down, prime))
	}
	return m, nil
}

// evaluate makes one table and adds the values of each class to sums.
func (p plan) evaluate(ctx context.Context, table []uint64, prime uint64, m marks, j int, sums []uint64) error {
	f := newField(prime, m.r[j])
	if err := f.fill(ctx, table, p.weights); err != nil {
		return err
	}
	q, other := int(p.z.q), int(p.z.sum-p.z.q+1)
	for i, c := range p.classes {
		v := residue.Mul(f.swings(table, int(c.w), q), m.at[j], prime)
		if m.inverse[j] != 0 {
			d := f.swings(table, int(c.w), other)
			v = residue.Add(v, residue.Mul(d, m.inverse[j], prime), prime)
		}
		sums[i] = residue.Add(sums[i], v, prime)
	}
	return nil
}
