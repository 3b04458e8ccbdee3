package power

import (
	"context"
	"math"
	"math/big"

	"github.com/crossholding/crossholding/internal/residue"
)

// Minimal has the numbers of minimal winning coalitions of a game. In a minimal
// winning coalition every member swings. The zero value has no players. A Minimal
// is immutable.
type Minimal struct {
	holding   []*big.Int
	count     *big.Int
	algorithm Algorithm
}

// Count returns the number of minimal winning coalitions.
func (m Minimal) Count() *big.Int {
	if m.count == nil {
		return new(big.Int)
	}
	return new(big.Int).Set(m.count)
}

// Holding returns the number of minimal winning coalitions that each player
// belongs to.
func (m Minimal) Holding() []*big.Int { return copyInts(m.holding) }

// PublicGood returns the index of M.J. Holler, Forming Coalitions and Measuring
// Voting Power, Political Studies 30, 1982: the number of minimal winning
// coalitions that contain the player, over the sum of these numbers for all
// players.
func (m Minimal) PublicGood() Index { return shares(m.holding, m.algorithm) }

// Minimal counts the minimal winning coalitions, exactly. Joined games, and games
// of few players with long weights, are enumerated. They can have at most 24
// players.
func (g Game) Minimal(ctx context.Context, opts ...Options) (Minimal, error) {
	o, err := g.begin(opts)
	if err != nil {
		return Minimal{}, err
	}
	z, single := g.reduce()
	switch a := tableOrList(single, o, 2*float64(z.q), math.Ceil((float64(len(z.w))+1)/wordBits), g.players); {
	case a == Weights && single:
		ps := []uint64{0}
		if len(z.w) > 63 {
			ps = residue.Primes(wordBits, len(z.w))
		}
		ones := make([][]uint64, len(ps))
		counts, err := z.minimal(ctx, o, ps, []uint64{1}, ones, func(k int) error {
			ones[k] = []uint64{1}
			return nil
		})
		if err != nil {
			return Minimal{}, err
		}
		m := Minimal{holding: zeros(g.players), count: counts[len(z.w)], algorithm: Weights}
		for i, c := range counts[:len(z.w)] {
			m.holding[z.players[i]] = c
		}
		return m, nil
	case a == Enumeration:
		c, err := g.enumerate(ctx, o)
		if err != nil {
			return Minimal{}, err
		}
		m := Minimal{count: new(big.Int).SetUint64(c.minimals), algorithm: Enumeration}
		m.holding = tally{bySize: c.minimal}.swings()
		return m, nil
	}
	return Minimal{}, o.unable("the minimal winning coalitions of this game")
}

// PublicGood returns Holler's index; see Minimal.PublicGood. Minimal gives the
// counts behind it.
func (g Game) PublicGood(ctx context.Context, opts ...Options) (Index, error) {
	m, err := g.Minimal(ctx, opts...)
	if err != nil {
		return Index{}, err
	}
	return m.PublicGood(), nil
}

// DeeganPackel returns the index of J. Deegan and E.W. Packel, A New Index of
// Power for Simple n-Person Games, International Journal of Game Theory 7,
// 1978, exactly. Every minimal winning coalition is equally likely, and its
// members share equally. The figures add up to 1.
//
// Joined games, and games of few players with long weights, are enumerated. They can
// have at most 24 players.
func (g Game) DeeganPackel(ctx context.Context, opts ...Options) (Index, error) {
	o, err := g.begin(opts)
	if err != nil {
		return Index{}, err
	}
	z, single := g.reduce()
	switch a := tableOrList(single, o, 2*float64(z.q), z.markedTables(), g.players); {
	case a == Weights && single:
		return z.deeganPackel(ctx, g.players, o)
	case a == Enumeration:
		c, err := g.enumerate(ctx, o)
		if err != nil {
			return Index{}, err
		}
		return normalized(harmonic(c.minimal), Enumeration), nil
	}
	return Index{}, o.unable("the Deegan-Packel index of this game")
}

func (z weighted) deeganPackel(ctx context.Context, players int, o Options) (Index, error) {
	n := len(z.w)
	least, lose := z.sizes()
	most := min(lose+1, n) // a minimal winning coalition loses without any one member
	multiple := lcmUpTo(n)
	ps := markedPrimes(multiple.BitLen() + n)
	rs := make([]uint64, most-least+1)
	for i := range rs {
		rs[i] = uint64(i + 1)
	}
	weights := make([][]uint64, len(ps))
	counts, err := z.minimal(ctx, o, ps, rs, weights, func(k int) (err error) {
		weights[k], err = reciprocals(ctx, multiple, rs, least, ps[k])
		return err
	})
	if err != nil {
		return Index{}, err
	}
	x := shares(counts[:n], Weights)
	return x.spread(z.players, players), nil
}

// reciprocals returns the weights of the marks rs. They turn values of a
// polynomial into the sum of its coefficients over their degrees, times
// multiple. The lowest degree is least.
func reciprocals(ctx context.Context, multiple *big.Int, rs []uint64, least int, p uint64) ([]uint64, error) {
	b := make([]uint64, len(rs))
	for s := range b {
		b[s] = residue.Mul(residue.Rem(multiple, p), residue.Inverse(uint64(least+s), p), p)
	}
	weights, err := functional(ctx, rs, b, p)
	if err != nil {
		return nil, err
	}
	for j, r := range rs {
		weights[j] = residue.Mul(weights[j], residue.Inverse(residue.Pow(r, uint64(least), p), p), p)
	}
	return weights, nil
}

// spread returns the index of a game with more players: player to[i] has figure
// i, and the others have 0.
func (x Index) spread(to []int, players int) Index {
	out := Index{values: make([]*big.Rat, players), algorithm: x.algorithm}
	for i := range out.values {
		out.values[i] = new(big.Rat)
	}
	for i, v := range x.values {
		out.values[to[i]] = v
	}
	return out
}

// minimal returns, for each player, the sum of weights[k][j] times the number
// of minimal winning coalitions that contain the player, each counted as
// rs[j]^size; prepare fills weights[k] first. The last entry is the same sum
// for all minimal winning coalitions. If the heaviest players come first, a
// coalition is minimal when its last member swings: then the members before it
// weigh from q minus the weight of that member to q-1.
func (z weighted) minimal(ctx context.Context, o Options, ps, rs []uint64, weights [][]uint64, prepare func(k int) error) ([]*big.Int, error) {
	cs := z.classes()
	order := make([]int, 0, len(z.w)) // heaviest first
	for i := len(cs) - 1; i >= 0; i-- {
		order = append(order, cs[i].members...)
	}
	m := marked{primes: ps, marks: len(rs), size: 2 * z.q, count: len(z.w) + 1}
	return m.sums(ctx, o, prepare, func(table []uint64, k, j int, sums []uint64) error {
		return z.minimalAt(ctx, newField(ps[k], rs[j]), table, order, weights[k][j], sums)
	})
}

func (z weighted) minimalAt(ctx context.Context, f field, table []uint64, order []int, weight uint64, out []uint64) error {
	q := int(z.q)
	a, sums := table[:q], table[q:]
	clear(a)
	a[0] = 1
	used, total := 1, 0
	for at, last := range order {
		if err := cancelled(ctx); err != nil {
			return err
		}
		w := int(z.w[last])
		if total+w >= q {
			// The members before weigh from q-w to q-1.
			copy(sums, a)
			f.accumulate(sums)
			count := sums[q-1]
			if q-1-w >= 0 {
				count = f.sub(count, sums[q-1-w])
			}
			count = f.mul(f.mul(count, f.r), weight)
			out[last] = f.add(out[last], count)
			out[len(z.w)] = f.add(out[len(z.w)], count)
			for _, i := range order[:at] {
				// If i is among them, subtract the weight of i.
				v := int(z.w[i])
				c := f.sub(f.without(sums, v, q-1-v), f.without(sums, v, q-1-w-v))
				c = f.mul(f.mul(f.mul(c, f.r), f.r), weight)
				out[i] = f.add(out[i], c)
			}
		}
		total += w
		used = min(q, used+w)
		f.shift(a[:used], w, w, used)
	}
	return nil
}
