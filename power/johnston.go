package power

import "context"

// Johnston returns the index of R.J. Johnston, On the Measurement of Power:
// Some Reactions to Laver, Environment and Planning A 10, 1978, exactly. Every
// winning coalition in which some member swings counts 1, divided equally among
// the members who swing. The sums are normalized to add up to 1.
//
// Joined games, and games of few players with long weights, are enumerated. They can
// have at most 24 players.
func (g Game) Johnston(ctx context.Context, opts ...Options) (Index, error) {
	o, err := g.begin(opts)
	if err != nil {
		return Index{}, err
	}
	z, single := g.reduce()
	switch a := tableOrList(single, o, 4*float64(z.q), z.markedTables(), g.players); {
	case a == Weights && single:
		x, err := z.johnston(ctx, o)
		if err != nil {
			return Index{}, err
		}
		return x.spread(z.players, g.players), nil
	case a == Enumeration:
		c, err := g.enumerate(ctx, o)
		if err != nil {
			return Index{}, err
		}
		return normalized(harmonic(c.critical), Enumeration), nil
	}
	return Index{}, o.unable("the Johnston index of this game")
}

// johnston divides the coalitions by their excess e over the quota. In a
// coalition with excess e the members heavier than e swing, and no others.
// Between two neighbouring weights of the game the set of heavier players is
// the same. So one table serves all e between them, with a mark on the heavier
// players only. The next table is made from it: a player is divided out and
// multiplied in again without a mark.
func (z weighted) johnston(ctx context.Context, o Options) (Index, error) {
	n := len(z.w)
	cs := z.classes()
	size := min(z.q+cs[len(cs)-1].w, z.sum+1)
	_, lose := z.sizes()
	most := min(lose+1, n) // the coalition loses without a member who swings
	multiple := lcmUpTo(n)
	ps := markedPrimes(multiple.BitLen() + n)
	rs := make([]uint64, most)
	for i := range rs {
		rs[i] = uint64(i + 1)
	}
	weights := make([][]uint64, len(ps))
	prepare := func(k int) (err error) {
		weights[k], err = reciprocals(ctx, multiple, rs, 1, ps[k])
		return err
	}
	m := marked{primes: ps, marks: len(rs), size: 2 * size, count: len(cs)}
	counts, err := m.sums(ctx, o, prepare, func(table []uint64, k, j int, sums []uint64) error {
		return z.johnstonAt(ctx, newField(ps[k], rs[j]), table, cs, weights[k][j], sums)
	})
	if err != nil {
		return Index{}, err
	}
	byPlayer := zeros(n)
	for i, c := range cs {
		for _, m := range c.members {
			byPlayer[m] = counts[i]
		}
	}
	return shares(byPlayer, Weights), nil
}

func (z weighted) johnstonAt(ctx context.Context, f field, table []uint64, cs []class, weight uint64, out []uint64) error {
	size := len(table) / 2
	a, sums := table[:size], table[size:]
	clear(a)
	a[0] = 1
	if _, err := f.multiply(ctx, a, ascending(cs), 1); err != nil {
		return err
	}
	plain := newField(f.p, 1)
	lighter := int64(0) // the next lighter weight
	for i, c := range cs {
		if err := cancelled(ctx); err != nil {
			return err
		}
		// With an excess from the next lighter weight to c.w-1, the classes
		// from i on swing. The coalitions weigh from lo to hi.
		lo, hi := int(z.q+lighter), int(min(z.q+c.w-1, z.sum))
		if lo <= hi {
			copy(sums, a)
			f.accumulate(sums)
			for k := range cs[i:] {
				w := int(cs[i+k].w)
				v := f.sub(f.without(sums, w, hi-w), f.without(sums, w, lo-1-w))
				v = f.mul(f.mul(v, f.r), weight)
				out[i+k] = f.add(out[i+k], v)
			}
		}
		for range c.members {
			f.divide(a, int(c.w))
			plain.shift(a, int(c.w), int(c.w), size)
		}
		lighter = c.w
	}
	return nil
}
