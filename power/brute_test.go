package power_test

import (
	"math/big"
	"math/rand/v2"
)

// brute computes every index from the definition, over all coalitions, in
// fractions: slow, short, and sharing nothing with the package.
type brute struct {
	n    int
	wins func(set int) bool
}

func leafWins(quota int64, ws []int64) func(int) bool {
	return func(set int) bool {
		var sum int64
		for i, w := range ws {
			if set>>i&1 == 1 {
				sum += w
			}
		}
		return sum >= quota
	}
}

func size(set int) int {
	n := 0
	for ; set > 0; set >>= 1 {
		n += set & 1
	}
	return n
}

func factorial(n int) *big.Int { return new(big.Int).MulRange(1, int64(n)) }

// order is s!(n-1-s)!/n!.
func order(s, n int) *big.Rat {
	num := new(big.Int).Mul(factorial(s), factorial(n-1-s))
	return new(big.Rat).SetFrac(num, factorial(n))
}

func ratZeros(n int) []*big.Rat {
	out := make([]*big.Rat, n)
	for i := range out {
		out[i] = new(big.Rat)
	}
	return out
}

func norm(xs []*big.Rat) []*big.Rat {
	sum := new(big.Rat)
	for _, x := range xs {
		sum.Add(sum, x)
	}
	for _, x := range xs {
		x.Quo(x, sum)
	}
	return xs
}

func one(n, d int64) *big.Rat { return big.NewRat(n, d) }

// figures are all the indices without precoalitions.
func (b brute) figures() map[string][]*big.Rat {
	n := b.n
	swings, ss, rae := ratZeros(n), ratZeros(n), ratZeros(n)
	dp, pg, jo, help := ratZeros(n), ratZeros(n), ratZeros(n), ratZeros(n)
	winning, minimal := new(big.Rat), new(big.Rat)
	won := make([]bool, 1<<n)
	orders := make([]*big.Rat, n)
	for s := range orders {
		orders[s] = order(s, n)
	}
	for set := range won {
		won[set] = b.wins(set)
	}
	for set, w := range won {
		for i := range n {
			if w == (set>>i&1 == 1) {
				rae[i].Add(rae[i], one(1, 1))
			}
		}
		if !w {
			continue
		}
		winning.Add(winning, one(1, 1))
		var critical []int
		for i := range n {
			if set>>i&1 == 0 {
				continue
			}
			help[i].Add(help[i], one(1, 1))
			if !won[set&^(1<<i)] {
				critical = append(critical, i)
			}
		}
		for _, i := range critical {
			swings[i].Add(swings[i], one(1, 1))
			ss[i].Add(ss[i], orders[size(set)-1])
			jo[i].Add(jo[i], one(1, int64(len(critical))))
			if len(critical) == size(set) {
				dp[i].Add(dp[i], one(1, int64(size(set))))
				pg[i].Add(pg[i], one(1, 1))
			}
		}
		if len(critical) == size(set) {
			minimal.Add(minimal, one(1, 1))
		}
	}
	all := new(big.Rat).SetInt64(1 << n)
	div := func(xs []*big.Rat, d *big.Rat) []*big.Rat {
		out := ratZeros(n)
		for i, x := range xs {
			out[i].Quo(x, d)
		}
		return out
	}
	return map[string][]*big.Rat{
		"swings": swings, "winning_coalitions": {winning}, "minimal_winning_coalitions": {minimal},
		"shapley_shubik":       ss,
		"banzhaf_absolute":     div(swings, new(big.Rat).Quo(all, one(2, 1))),
		"banzhaf_normalized":   norm(div(swings, one(1, 1))),
		"coleman_collectivity": {new(big.Rat).Quo(winning, all)},
		"coleman_preventive":   div(swings, winning),
		"coleman_initiative":   div(swings, new(big.Rat).Sub(all, winning)),
		"rae":                  div(rae, all),
		"deegan_packel":        norm(dp), "public_good": norm(pg), "johnston": norm(jo),
		"public_help_theta": norm(help),
	}
}

// withUnions computes the values for games with precoalitions: all subsets of
// the other unions, all subsets of the own.
func (b brute) withUnions(unions [][]int) map[string][]*big.Rat {
	owen, bo, scb := ratZeros(b.n), ratZeros(b.n), ratZeros(b.n)
	u := len(unions)
	mask := make([]int, u)
	for k, members := range unions {
		for _, i := range members {
			mask[k] |= 1 << i
		}
	}
	for k, members := range unions {
		p := len(members)
		for outer := range 1 << u {
			if outer>>k&1 == 1 {
				continue
			}
			base := 0
			for l := range u {
				if outer>>l&1 == 1 {
					base |= mask[l]
				}
			}
			for inner := range 1 << p {
				set := base
				for j, i := range members {
					if inner>>j&1 == 1 {
						set |= 1 << i
					}
				}
				if b.wins(set) {
					continue
				}
				for j, i := range members {
					if inner>>j&1 == 1 || !b.wins(set|1<<i) {
						continue
					}
					in, out := order(size(inner), p), order(size(outer), u)
					half := one(1, 1<<(u-1))
					owen[i].Add(owen[i], new(big.Rat).Mul(in, out))
					scb[i].Add(scb[i], new(big.Rat).Mul(in, half))
					bo[i].Add(bo[i], new(big.Rat).Mul(one(1, 1<<(p-1)), half))
				}
			}
		}
	}
	return map[string][]*big.Rat{"owen": owen, "banzhaf_owen": bo, "symmetric_coalitional_banzhaf": scb}
}

// randomWeights draws weights of a random kind: small, large, repeated, some
// zero. At least one is positive.
func randomWeights(r *rand.Rand, n int) []int64 {
	most := []int64{1, 3, 10, 1000, 1 << 40}[r.IntN(5)]
	ws := make([]int64, n)
	for i := range ws {
		ws[i] = r.Int64N(most + 1)
	}
	ws[r.IntN(n)] = 1 + r.Int64N(most)
	return ws
}
