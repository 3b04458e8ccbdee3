package power

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"
)

// tally counts swings by size: bySize[i][s] is the number of coalitions of s
// others that player i swings.
type tally struct {
	bySize    [][]uint64
	algorithm Algorithm
}

func newTally(n int, a Algorithm) tally {
	t := tally{bySize: make([][]uint64, n), algorithm: a}
	for i := range t.bySize {
		t.bySize[i] = make([]uint64, n)
	}
	return t
}

func (t tally) swings() []*big.Int {
	out := zeros(len(t.bySize))
	for i, row := range t.bySize {
		var sum uint64
		for _, c := range row {
			sum += c
		}
		out[i].SetUint64(sum)
	}
	return out
}

// shapley calculates the index from the counts. Row i belongs to players[i], or
// to player i if players is nil.
func (t tally) shapley(players []int, all int) Index {
	n := len(t.bySize)
	x := Index{values: make([]*big.Rat, all), algorithm: t.algorithm}
	for i := range x.values {
		x.values[i] = new(big.Rat)
	}
	// s!(n-1-s)!/n! = 1 / (n binomial(n-1, s)) is a whole number times
	// 1/lcm(1..n).
	multiple := lcmUpTo(n)
	weight := make([]*big.Int, n)
	for s := range weight {
		weight[s] = new(big.Int).Binomial(int64(n-1), int64(s))
		weight[s].Div(multiple, weight[s].Mul(weight[s], big.NewInt(int64(n))))
	}
	c, sum := new(big.Int), new(big.Int)
	for i, row := range t.bySize {
		sum.SetInt64(0)
		for s, count := range row {
			sum.Add(sum, c.Mul(c.SetUint64(count), weight[s]))
		}
		if players != nil {
			x.values[players[i]].SetFrac(sum, multiple)
		} else {
			x.values[i].SetFrac(sum, multiple)
		}
	}
	return x
}

// half holds the coalitions of one half of the players, by weight.
type half struct {
	weight []int64
	set    []uint32
}

// listHalf returns all coalitions of the weights in ascending order. For each
// player, it merges the list without the player and the list with the player.
func listHalf(ws []int64) half {
	h := half{weight: []int64{0}, set: []uint32{0}}
	for i, w := range ws {
		n := len(h.weight)
		g := half{weight: make([]int64, 0, 2*n), set: make([]uint32, 0, 2*n)}
		a, b := 0, 0
		for b < n {
			if a < n && h.weight[a] <= h.weight[b]+w {
				g.weight, g.set = append(g.weight, h.weight[a]), append(g.set, h.set[a])
				a++
				continue
			}
			g.weight, g.set = append(g.weight, h.weight[b]+w), append(g.set, h.set[b]|1<<i)
			b++
		}
		h = g
	}
	return h
}

// halvesNeed returns the bytes that halves needs: both lists, the list that is
// being merged, and the table of sizes of one half at a time.
func halvesNeed(n int) float64 {
	h := float64(uint64(1) << ((n + 1) / 2))
	return h * (3*12 + 8*float64((n+1)/2+1))
}

// halves counts swings by size from the two halves of the players. For a player
// of one half, each coalition of that half leaves a range of weights that the
// other half must have. Running counts by size say how many coalitions of the
// other half are in this range. The method is that of E. Horowitz and S. Sahni
// 1974; B. Klinz and G. Woeginger 2005 use it for power indices (not verified).
func (z weighted) halves(ctx context.Context, o Options) (tally, error) {
	n := len(z.w)
	if n > 62 {
		return tally{}, fmt.Errorf("%w: %d players, at most 62 are allowed for algorithm halves", ErrTooHard, n)
	}
	if err := o.fits(halvesNeed(n), Halves); err != nil {
		return tally{}, err
	}
	t := newTally(n, Halves)
	m := n / 2
	lists := [2]half{listHalf(z.w[:m]), listHalf(z.w[m:])}
	done := 0
	for side, first := range [2]int{0, m} {
		own, other := lists[side], lists[1-side]
		width := (n - m) + 1
		counts := sizeCounts(other, width)
		count := m
		if side == 1 {
			count = n - m
		}
		inner := o
		if o.Progress != nil {
			base := done
			inner.Progress = func(d, _ int) { o.Progress(base+d, n) }
		}
		err := inner.run(ctx, count, func(_, i int) error {
			return z.sweep(ctx, own, other, counts, width, i, z.w[first+i], t.bySize[first+i])
		})
		if err != nil {
			return tally{}, err
		}
		done += count
	}
	return t, nil
}

// sizeCounts returns, for each position in a list, the number of coalitions of
// each size before it.
func sizeCounts(h half, width int) []uint32 {
	out := make([]uint32, (len(h.set)+1)*width)
	for k, s := range h.set {
		row, next := out[k*width:(k+1)*width], out[(k+1)*width:(k+2)*width]
		copy(next, row)
		next[bits.OnesCount32(s)]++
	}
	return out
}

// sweep adds the swings of player i to sizes. The player is in the half own and
// has weight w.
func (z weighted) sweep(ctx context.Context, own, other half, counts []uint32, width, i int, w int64, sizes []uint64) error {
	acc := make([]uint64, len(sizes)+width)
	// As the coalitions of own get heavier, both ends of the range move down.
	from, to := len(other.weight), len(other.weight)
	for k, sum := range own.weight {
		if k&0xffff == 0 {
			if err := cancelled(ctx); err != nil {
				return err
			}
		}
		if own.set[k]>>i&1 == 1 {
			continue
		}
		for to > 0 && other.weight[to-1] >= z.q-sum {
			to--
		}
		for from > 0 && other.weight[from-1] >= z.q-w-sum {
			from--
		}
		if from == to {
			continue
		}
		lo, hi := counts[from*width:(from+1)*width], counts[to*width:(to+1)*width]
		row := acc[bits.OnesCount32(own.set[k]):]
		for s, c := range hi {
			row[s] += uint64(c - lo[s])
		}
	}
	copy(sizes, acc)
	return nil
}

// banzhaf calculates the counts of all players, and adds the number of winning
// coalitions.
func (t tally) banzhaf(z weighted, all int) Banzhaf {
	b := Banzhaf{swings: zeros(all), algorithm: t.algorithm}
	for i, s := range t.swings() {
		b.swings[z.players[i]] = s.Lsh(s, uint(z.idle))
	}
	b.winning = z.winningFromSwings(t)
	b.winning.Lsh(b.winning, uint(z.idle))
	return b
}

// winningFromSwings counts winning coalitions from swings by size. Let W(s) be
// the number of winning coalitions of size s. A winning coalition of size s can lose a
// member in s ways. A winning coalition of size s-1 can gain a member in n-s+1
// ways and still wins. So s W(s) = swings of size s-1 + (n-s+1) W(s-1).
func (z weighted) winningFromSwings(t tally) *big.Int {
	n := len(t.bySize)
	total, last, x := new(big.Int), new(big.Int), new(big.Int)
	for s := 1; s <= n; s++ {
		last.Mul(last, big.NewInt(int64(n-s+1)))
		for i := range n {
			last.Add(last, x.SetUint64(t.bySize[i][s-1]))
		}
		last.Div(last, x.SetInt64(int64(s)))
		total.Add(total, last)
	}
	return total
}
