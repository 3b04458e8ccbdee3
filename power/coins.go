package power

import (
	"context"
	"fmt"
	"math/big"
)

// mostTossed is the largest number of small holders whose votes are counted by
// the toss of a coin.
const mostTossed = 200_000

// BanzhafAbsolute returns the absolute Banzhaf index of the large holders,
// exactly: the probability that each of them decides the result when all others
// vote by the toss of a coin. If b is the index of a holder, its degree of
// control is (1+b)/2.
//
// With a crowd the index is that of the finite game. The length of the counts
// grows with the crowd. A crowd of more than 200,000 small holders fails with
// ErrTooHard. The index with an ocean is close to that of such a crowd.
//
// With an ocean the index is the limit of P. Dubey and L.S. Shapley,
// Mathematical Properties of the Banzhaf Power Index, Mathematics of Operations
// Research 4, 1979 (not verified in the article). Half of the ocean votes on
// each side. If exactly half of the ocean makes a coalition reach the quota,
// the coalition wins half of the time. The options are then those of
// Game.Banzhaf.
func (d Dispersed) BanzhafAbsolute(ctx context.Context, opts ...Options) (Index, error) {
	o, err := options(opts)
	if err != nil {
		return Index{}, err
	}
	if d.unit == nil {
		return Index{}, fmt.Errorf("%w: the meeting has no holders", ErrEmpty)
	}
	if d.ocean > 0 {
		return d.halved(ctx, o)
	}
	if o.Algorithm != Auto && o.Algorithm != Weights {
		return Index{}, o.unable("the Banzhaf index of this meeting")
	}
	x := Index{values: make([]*big.Rat, len(d.large)), algorithm: Weights}
	if d.count > mostTossed {
		return Index{}, fmt.Errorf("%w: %d small holders, at most %d are allowed for the Banzhaf index", ErrTooHard, d.count, mostTossed)
	}
	if len(d.large) == 0 {
		return x, nil
	}
	l, err := d.ledger(ctx, o, false, d.quota)
	if err != nil {
		return Index{}, err
	}
	used, listed := l.used()
	// This is for the list of chances, and twice as much while the sums are made.
	if err := o.fits(float64(listed+4)*(float64(d.count)/8+64)*2, Weights); err != nil {
		return Index{}, err
	}
	chances, all, err := l.coins(ctx, used)
	if err != nil {
		return Index{}, err
	}
	rests := make([]*rest, o.Workers)
	err = o.run(ctx, len(d.large), func(worker, i int) error {
		if rests[worker] == nil {
			rests[worker] = l.newRest()
		}
		x.values[i] = l.tossed(d.large[i], rests[worker], chances, all)
		return nil
	})
	if err != nil {
		return Index{}, err
	}
	return x, nil
}

// halved returns the index with an ocean. It is the index of the large holders
// alone, with half of the ocean on each side. A coalition can lack exactly that
// half to reach the quota. Then it may win or lose, and the index is the mean of
// the two cases.
func (d Dispersed) halved(ctx context.Context, o Options) (Index, error) {
	without := 2*d.quota - d.ocean // twice what they need without the ocean
	reach, pass := (without+1)>>1, without>>1+1
	x, err := d.alone(ctx, o, reach)
	if err != nil || reach == pass {
		return x, err
	}
	y, err := d.alone(ctx, o, pass)
	if err != nil {
		return Index{}, err
	}
	half := big.NewRat(1, 2)
	for i, v := range x.values {
		v.Mul(v.Add(v, y.values[i]), half)
	}
	return x, nil
}

// alone returns the index of the large holders in a game of their own with the
// given quota. The figures are 0 if they cannot decide.
func (d Dispersed) alone(ctx context.Context, o Options, quota int64) (Index, error) {
	r := &rule{weights: d.large, quota: quota, unit: d.unit}
	for _, w := range d.large {
		r.total += w
	}
	if quota <= 0 || quota > r.total {
		x := Index{values: make([]*big.Rat, len(d.large)), algorithm: max(o.Algorithm, Weights)}
		for i := range x.values {
			x.values[i] = new(big.Rat)
		}
		return x, nil
	}
	b, err := Game{players: len(d.large), rule: r}.Banzhaf(ctx, o)
	if err != nil {
		return Index{}, err
	}
	return b.Absolute(), nil
}

// used says for each of the sums whether a coalition has this weight, and counts
// those that do.
func (l *ledger) used() (is []bool, n int) {
	is = make([]bool, len(l.sums))
	for s := range l.sizes {
		for k, c := range l.row(s) {
			if c != 0 && !is[k] {
				is[k] = true
				n++
			}
		}
	}
	return is, n
}

// coins returns, for each sum in use, the number of ways in which the dispersed
// holders make a coalition of that weight reach the quota, and the number of
// all ways.
func (l *ledger) coins(ctx context.Context, used []bool) (chances []*big.Int, all *big.Int, err error) {
	chances = make([]*big.Int, len(l.sums))
	n := l.d.count
	all = pow2(int(n))
	// The heaviest coalitions need the fewest small holders. With z of them a
	// coalition reaches the quota, so it wins in all ways but those with fewer
	// than z yes votes.
	fewer, binomial, t := new(big.Int), big.NewInt(1), new(big.Int)
	j := int64(0) // fewer is the number of ways with fewer than j yes votes
	for k := len(l.sums) - 1; k >= 0; k-- {
		if !used[k] {
			continue
		}
		for z := l.short(l.sums[k], l.quotas[0]); j < z; j++ {
			if j&0xff == 0 {
				if err := cancelled(ctx); err != nil {
					return nil, nil, err
				}
			}
			fewer.Add(fewer, binomial)
			binomial.Mul(binomial, t.SetInt64(n-j))
			binomial.Div(binomial, t.SetInt64(j+1))
		}
		chances[k] = new(big.Int).Sub(all, fewer)
	}
	return chances, all, nil
}

// tossed returns the absolute index of a holder of weight w. It sums, over the
// coalitions without the holder, the chance with the holder minus the chance without.
func (l *ledger) tossed(w int64, r *rest, chances []*big.Int, all *big.Int) *big.Rat {
	counts := make([]uint64, len(l.sums))
	r.start(w)
	for range min(l.sizes, l.m) {
		row, from, to := r.next()
		addWords(counts[from:to], row[from:to])
	}
	total, t, diff := new(big.Int), new(big.Int), new(big.Int)
	up := 0
	for k, sum := range l.sums {
		if counts[k] == 0 {
			continue
		}
		with := all
		if sum+w < l.quotas[0] {
			for l.sums[up] < sum+w {
				up++
			}
			with = chances[up]
		}
		diff.Sub(with, chances[k])
		total.Add(total, t.Mul(diff, t.SetUint64(counts[k])))
	}
	return new(big.Rat).SetFrac(total, t.Lsh(all, uint(l.m-1)))
}
