package sharing

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// Shapley returns the Shapley value: what each member adds to the value of those who came
// before it, on average over all orders of the members.
//
// A game of n members takes n·2^n additions. It fails with ErrMembers for the zero Game.
//
// Source: L.S. Shapley, A Value for n-Person Games, in Contributions to the Theory of Games
// II, 1953.
func (g Game) Shapley(ctx context.Context) (Division, error) {
	if err := g.ready(ctx); err != nil {
		return Division{}, err
	}
	n := len(g.members)
	every := make([]Coalition, n)
	for i := range every {
		every[i] = alone(i)
	}
	sums, err := g.sumsBySize(ctx, nil, every)
	if err != nil {
		return Division{}, err
	}
	w, multiple := orderWeights(n)
	multiple.Mul(multiple, g.values.den)
	return g.divided("Shapley value", func(i int) ratio.Ratio {
		return ratio.FromRat(new(big.Rat).SetFrac(sums[0].weighted(i, w), multiple))
	}), nil
}

// sums are sums of values over coalitions of the same size.
type sums struct {
	with [][]*big.Int // of those with member i of size s: with[i][s]
	all  []*big.Int   // of all of size s
}

// weighted returns the sum over s of w(s) times what member i adds to the values of the
// coalitions of s others.
func (s sums) weighted(i int, w []*big.Int) *big.Int {
	out := new(big.Int)
	for size, weight := range w {
		adds := new(big.Int).Sub(s.with[i][size+1], s.all[size])
		adds.Add(adds, s.with[i][size])
		out.Add(out, adds.Mul(adds, weight))
	}
	return out
}

// orderWeights returns the share of the orders of n members in which exactly a given set of
// s others comes before a member, s!(n-1-s)!/n!, for s from 0 to n-1. The weights are whole
// numbers over a common denominator.
func orderWeights(n int) (weights []*big.Int, multiple *big.Int) {
	multiple = big.NewInt(1)
	for k := int64(2); k <= int64(n); k++ {
		x := big.NewInt(k)
		multiple.Mul(multiple, x.Quo(x, new(big.Int).GCD(nil, nil, multiple, x)))
	}
	weights = make([]*big.Int, n)
	for s := range weights {
		// The least common multiple of 1 to n is a multiple of n·C(n-1, s).
		b := new(big.Int).Binomial(int64(n-1), int64(s))
		b.Mul(b, big.NewInt(int64(n)))
		weights[s] = b.Quo(multiple, b)
	}
	return weights, multiple
}

// sumsBySize adds up the numerators of the coalitions that are unions of some of the others
// and some of the parts. All of these sets are apart. There is one result for each number of
// others; sizes count the parts.
func (g Game) sumsBySize(ctx context.Context, others, parts []Coalition) ([]sums, error) {
	if g.values.small == nil {
		return g.largeSums(ctx, others, parts)
	}
	n := len(parts)
	counts := make([]smallSums, len(others)+1)
	inside := unions(parts)
	for r, outside := range unions(others) {
		s := &counts[Coalition(r).Len()]
		for k, own := range inside {
			if (r*len(inside)+k)%each == 0 {
				if err := stopped(ctx); err != nil {
					return nil, err
				}
			}
			s.add(Coalition(k), g.values.small[outside|own])
		}
	}
	out := make([]sums, len(counts))
	for r := range counts {
		out[r] = newSums(n)
		for s := range n + 1 {
			out[r].all[s] = counts[r].all[s].sum()
			for i := range n {
				out[r].with[i][s] = counts[r].with[i][s].sum()
			}
		}
	}
	return out, nil
}

// halves is a sum of numerators high·2^32 + low, with each low at least 0. So 2^20 of each
// can be added.
type halves struct{ high, low int64 }

func (h halves) sum() *big.Int {
	x := big.NewInt(h.high)
	return x.Add(x.Lsh(x, 32), big.NewInt(h.low))
}

type smallSums struct {
	with [MaxMembers][MaxMembers + 1]halves
	all  [MaxMembers + 1]halves
}

func (s *smallSums) add(k Coalition, v int64) {
	high, low := v>>32, v&(1<<32-1)
	size := k.Len()
	s.all[size].high += high
	s.all[size].low += low
	for ; k != 0; k = k.rest() {
		h := &s.with[k.first()][size]
		h.high += high
		h.low += low
	}
}

func newSums(n int) sums {
	out := sums{with: make([][]*big.Int, n), all: make([]*big.Int, n+1)}
	for s := range out.all {
		out.all[s] = new(big.Int)
	}
	for i := range out.with {
		out.with[i] = make([]*big.Int, n+1)
		for s := range out.with[i] {
			out.with[i][s] = new(big.Int)
		}
	}
	return out
}

// largeSums is sumsBySize for numerators of any length.
func (g Game) largeSums(ctx context.Context, others, parts []Coalition) ([]sums, error) {
	out := make([]sums, len(others)+1)
	for r := range out {
		out[r] = newSums(len(parts))
	}
	inside := unions(parts)
	for r, outside := range unions(others) {
		s := &out[Coalition(r).Len()]
		for k, own := range inside {
			if (r*len(inside)+k)%each == 0 {
				if err := stopped(ctx); err != nil {
					return nil, err
				}
			}
			v := g.values.num(outside | own)
			m := Coalition(k)
			size := m.Len()
			s.all[size].Add(s.all[size], v)
			for ; m != 0; m = m.rest() {
				w := s.with[m.first()][size]
				w.Add(w, v)
			}
		}
	}
	return out, nil
}

// unions returns, for each set of parts, the coalition of all their members.
func unions(parts []Coalition) []Coalition {
	out := make([]Coalition, 1<<len(parts))
	for k := Coalition(1); int(k) < len(out); k++ {
		out[k] = out[k.rest()] | parts[k.first()]
	}
	return out
}
