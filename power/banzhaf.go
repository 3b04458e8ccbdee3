package power

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/residue"
	"github.com/crossholding/crossholding/ratio"
)

// Banzhaf has the swing counts of a game and calculates the indices that follow
// from them. A player swings a coalition if the coalition wins with the player
// and loses without it. The zero value has no players. A Banzhaf is immutable.
//
// Sources: J.F. Banzhaf, Weighted Voting Doesn't Work, Rutgers Law Review 19,
// 1965 (not verified in the article); J.S. Coleman, Control of Collectivities
// and the Power of a Collectivity to Act, in Social Choice, 1971, pp. 269-300;
// D.W. Rae, Decision-Rules and Individual Values in Constitutional Choice,
// American Political Science Review 63, 1969; C. Bertini, G. Gambarelli and I.
// Stach, A Public Help Index, in Power, Freedom, and Voting, 2008, pp. 83-98.
// The last three follow the citations and the code of the R package CoopGame.
type Banzhaf struct {
	swings    []*big.Int
	winning   *big.Int
	algorithm Algorithm
}

// Banzhaf counts the swings of every player and the winning coalitions,
// exactly.
func (g Game) Banzhaf(ctx context.Context, opts ...Options) (Banzhaf, error) {
	o, err := g.begin(opts)
	if err != nil {
		return Banzhaf{}, err
	}
	z, single := g.reduce()
	switch a := g.choose(z, single, o, false); {
	case a == Weights && single:
		return z.banzhaf(ctx, g.players, o)
	case a == Halves && single:
		t, err := z.halves(ctx, o)
		if err != nil {
			return Banzhaf{}, err
		}
		return t.banzhaf(z, g.players), nil
	case a == Diagram:
		return g.diagramBanzhaf(ctx, o)
	case a == Enumeration:
		t, err := g.enumerate(ctx, o)
		if err != nil {
			return Banzhaf{}, err
		}
		return Banzhaf{swings: t.swings(), winning: t.winningCount(), algorithm: Enumeration}, nil
	}
	return Banzhaf{}, o.unable("the Banzhaf index of this game")
}

// Algorithm returns the algorithm that was used.
func (b Banzhaf) Algorithm() Algorithm { return b.algorithm }

// Swings returns the number of coalitions that each player swings. This is the
// raw Banzhaf count.
func (b Banzhaf) Swings() []*big.Int { return copyInts(b.swings) }

// Winning returns the number of winning coalitions. There are 2^players
// coalitions. It is 0 for no players.
func (b Banzhaf) Winning() *big.Int {
	if b.winning == nil {
		return new(big.Int)
	}
	return new(big.Int).Set(b.winning)
}

// Absolute returns the swings of each player over 2^(players-1). This is the
// probability that the player decides the result when each of the others votes
// by the toss of a coin.
func (b Banzhaf) Absolute() Index {
	return over(b.swings, pow2(max(len(b.swings)-1, 0)), b.algorithm)
}

// Normalized returns the swings of each player over the sum of the swings of
// all players.
func (b Banzhaf) Normalized() Index { return shares(b.swings, b.algorithm) }

// Preventive returns Coleman's power to prevent action: the swings of each
// player over the number of winning coalitions. It is 1 for a player with a
// veto.
func (b Banzhaf) Preventive() Index { return over(b.swings, b.winning, b.algorithm) }

// Initiative returns Coleman's power to initiate action: the swings of each
// player over the number of losing coalitions.
func (b Banzhaf) Initiative() Index {
	losing := pow2(len(b.swings))
	return over(b.swings, losing.Sub(losing, b.Winning()), b.algorithm)
}

// Collectivity returns Coleman's power of a collectivity to act: the share of
// all coalitions that win. It is 0 for no players.
func (b Banzhaf) Collectivity() ratio.Ratio {
	return ratio.FromRat(new(big.Rat).SetFrac(b.Winning(), pow2(len(b.swings))))
}

// Rae returns the probability that the result is the one that the player votes
// for, when all players vote by the toss of a coin. It is 1/2 + Absolute/2.
func (b Banzhaf) Rae() Index {
	x := b.Absolute()
	one, half := big.NewRat(1, 1), big.NewRat(1, 2)
	for _, v := range x.values {
		v.Mul(v.Add(v, one), half)
	}
	return x
}

// PublicHelp returns the public help index theta: the number of winning
// coalitions that contain the player, over the sum of these numbers for all
// players. A player without any swing is in half of the winning coalitions, so
// its index is above 0.
func (b Banzhaf) PublicHelp() Index {
	holding := make([]*big.Int, len(b.swings))
	for i, s := range b.swings {
		holding[i] = new(big.Int).Add(b.winning, s)
		holding[i].Rsh(holding[i], 1)
	}
	return shares(holding, b.algorithm)
}

func pow2(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(n)) }

// banzhaf counts by weights. It makes one table of the coalitions that weigh less
// than the quota of the game or that of its dual, whichever is smaller. It turns
// the table into running sums and takes each player out again.
func (z weighted) banzhaf(ctx context.Context, players int, o Options) (Banzhaf, error) {
	dual := z.q > z.sum-z.q+1
	d := z
	if dual {
		d = z.dualize()
	}
	n := len(d.w)
	ps := []uint64{0} // one table modulo 2^64 holds every count
	if n > 63 {
		ps = countPrimes(n)
	}
	cs := d.classes()
	ws := ascending(cs)
	m := marked{primes: ps, marks: 1, size: d.q, count: len(cs) + 1} // the last count is that of the losing coalitions
	prepare := func(int) error { return nil }
	counts, err := m.sums(ctx, o, prepare, func(table []uint64, k, _ int, sums []uint64) error {
		f := newCounter(ps[k])
		if err := f.count(ctx, table, ws); err != nil { // the smaller quota is at most half
			return err
		}
		f.accumulate(table)
		for i, c := range cs {
			sums[i] = f.swings(table, int(c.w), int(d.q))
		}
		sums[len(cs)] = table[d.q-1]
		return nil
	})
	if err != nil {
		return Banzhaf{}, err
	}
	b := Banzhaf{swings: zeros(players), algorithm: Weights}
	for i, c := range cs {
		counts[i].Lsh(counts[i], uint(z.idle))
		for _, m := range c.members {
			b.swings[d.players[m]] = counts[i]
		}
	}
	// The dual has as many losing coalitions as the game has winning ones.
	b.winning = counts[len(cs)]
	if !dual {
		b.winning.Sub(pow2(n), b.winning)
	}
	b.winning.Lsh(b.winning, uint(z.idle))
	return b, nil
}

// fill makes the running sums of the coalitions by weight. A coalition counts
// as r^size.
func (f field) fill(ctx context.Context, table []uint64, ws []int64) error {
	clear(table)
	table[0] = 1
	if _, err := f.multiply(ctx, table, ws, 1); err != nil {
		return err
	}
	f.accumulate(table)
	return nil
}

// ascending lists the weights of the classes, the lightest first, because the
// table is short while the weights are small.
func ascending(cs []class) []int64 {
	var ws []int64
	for _, c := range cs {
		for range c.members {
			ws = append(ws, c.w)
		}
	}
	return ws
}

// combine turns residues into whole numbers. The residues are listed by prime
// and then by place, the whole numbers by place.
func combine(ps []uint64, residues [][]uint64) []*big.Int {
	out := make([]*big.Int, len(residues[0]))
	if ps[0] == 0 {
		for i := range out {
			out[i] = new(big.Int).SetUint64(residues[0][i])
		}
		return out
	}
	c := residue.NewRecombiner(ps)
	for i := range out {
		out[i] = c.Whole(func(k int) uint64 { return residues[k][i] })
	}
	return out
}

func zeros(n int) []*big.Int {
	out := make([]*big.Int, n)
	for i := range out {
		out[i] = new(big.Int)
	}
	return out
}
