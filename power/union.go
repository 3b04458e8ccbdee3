package power

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/crossholding/crossholding/internal/residue"
)

// coalitional says how a value for games with precoalitions averages over the
// other unions and over the fellow members: by orderings (Shapley) or by
// subsets (Banzhaf).
type coalitional struct {
	name         string
	outer, inner bool // by orderings
}

// Owen returns the coalitional value of G. Owen, Values of Games with a Priori
// Unions, in Essays in Honor of Oskar Morgenstern, Springer 1977, pp. 76-88,
// exactly. It uses the orderings of the players that keep the members of every
// union together. The value of a player is the share of these orderings in which
// the player is pivotal. The figures add up to 1.
//
// unions lists the precoalitions by their players. A player in no precoalition
// is a union of its own. Owen fails with ErrUnions if unions overlap, are empty
// or name players that do not exist, and it reports all faults at once. Joined
// games, and games of few players with long weights, are enumerated; this needs
// the number of unions and the size of the largest one to be at most 24
// together.
func (g Game) Owen(ctx context.Context, unions [][]int, opts ...Options) (Index, error) {
	return g.coalitional(ctx, coalitional{"the Owen value", true, true}, unions, opts)
}

// BanzhafOwen returns the value of G. Owen, Modification of the Banzhaf-Coleman
// Index for Games with a Priori Unions, in Power, Voting and Voting Power,
// 1981, pp. 232-238, exactly. It is the probability that the player is decisive
// when every other union and every fellow member decides by the toss of a coin.
// The figures need not add up to 1. Unions are given as for Owen.
func (g Game) BanzhafOwen(ctx context.Context, unions [][]int, opts ...Options) (Index, error) {
	return g.coalitional(ctx, coalitional{"the Banzhaf-Owen value", false, false}, unions, opts)
}

// SymmetricCoalitionalBanzhaf returns the value of J.M. Alonso-Meijide and M.G.
// Fiestras-Janeiro, Modification of the Banzhaf Value for Games with a
// Coalition Structure, Annals of Operations Research 109, 2002 (not verified in
// the article), exactly. The other unions decide by the toss of a coin, as in
// BanzhafOwen, and the members of the union join in random order, as in Owen.
// Unions are given as for Owen.
func (g Game) SymmetricCoalitionalBanzhaf(ctx context.Context, unions [][]int, opts ...Options) (Index, error) {
	return g.coalitional(ctx, coalitional{"the symmetric coalitional Banzhaf value", false, true}, unions, opts)
}

func (g Game) coalitional(ctx context.Context, c coalitional, unions [][]int, opts []Options) (Index, error) {
	o, err := g.begin(opts)
	if err != nil {
		return Index{}, err
	}
	of, members, err := g.unionOf(unions)
	if err != nil {
		return Index{}, err
	}
	z, single := g.reduce()
	listed := len(members) + longest(members)
	switch a := tableOrList(single, o, 3*float64(z.q), z.markedTables(), listed); {
	case a == Weights && single:
		return z.coalitional(ctx, c, of, g.players, o)
	case a == Enumeration:
		return g.listUnions(ctx, c, members, o)
	}
	return Index{}, o.unable(c.name + " of this game")
}

// unionOf returns the union of each player and the players of each union.
func (g Game) unionOf(unions [][]int) (of []int, members [][]int, err error) {
	of = make([]int, g.players)
	for i := range of {
		of[i] = -1
	}
	var faults []error
	for k, union := range unions {
		if len(union) == 0 {
			faults = append(faults, fmt.Errorf("%w: union %d has no members", ErrUnions, k))
		}
		for _, i := range union {
			switch {
			case i < 0 || i >= g.players:
				faults = append(faults, &UnionError{Union: k, Player: i, Reason: fmt.Sprintf("the players of the game are 0 to %d", g.players-1)})
			case of[i] >= 0:
				faults = append(faults, &UnionError{Union: k, Player: i, Reason: fmt.Sprintf("already in union %d", of[i])})
			default:
				of[i] = k
			}
		}
	}
	if len(faults) > 0 {
		return nil, nil, errors.Join(faults...)
	}
	members = make([][]int, len(unions), len(unions)+g.players)
	for i := range of {
		if of[i] < 0 {
			of[i] = len(members)
			members = append(members, nil)
		}
		members[of[i]] = append(members[of[i]], i)
	}
	return of, members, nil
}

// longest returns the size of the largest union.
func longest(members [][]int) int {
	most := 0
	for _, m := range members {
		most = max(most, len(m))
	}
	return most
}

// unionPlan says how a coalitional value is calculated from tables.
type unionPlan struct {
	z        weighted
	members  [][]int // of each union that has weight, as indices into z.w
	weight   []int64 // of each union
	outer    []uint64
	inner    []uint64 // marks of the largest union; smaller unions use the first of them
	multiple *big.Int
	divisor  []*big.Int // of each union: its whole numbers are divided by this
	primes   []uint64
	c        coalitional
}

func (z weighted) unionPlan(c coalitional, of []int) unionPlan {
	if z.q > z.sum-z.q+1 {
		z = z.dualize() // the dual has the same three values
	}
	p := unionPlan{z: z, c: c, multiple: big.NewInt(1)}
	at := make(map[int]int)
	for m, player := range z.players {
		k, ok := at[of[player]]
		if !ok {
			k = len(p.members)
			at[of[player]] = k
			p.members, p.weight = append(p.members, nil), append(p.weight, 0)
		}
		p.members[k] = append(p.members[k], m)
		p.weight[k] += z.w[m]
	}
	largest := longest(p.members)
	marks := func(orderings bool, n int) []uint64 {
		if !orderings {
			return []uint64{1}
		}
		p.multiple.Mul(p.multiple, lcmUpTo(n))
		out := make([]uint64, n)
		for i := range out {
			out[i] = uint64(i + 1)
		}
		return out
	}
	p.outer, p.inner = marks(c.outer, len(p.members)), marks(c.inner, largest)
	need := p.multiple.BitLen()
	shift := 0
	if !c.outer {
		shift = len(p.members) - 1
	}
	need += shift
	if !c.inner {
		need += largest
	}
	for _, m := range p.members {
		s := shift
		if !c.inner {
			s += len(m) - 1
		}
		p.divisor = append(p.divisor, new(big.Int).Lsh(p.multiple, uint(s)))
	}
	p.primes = markedPrimes(need)
	return p
}

// values returns the weights of the marks for n players, modulo a prime.
func values(ctx context.Context, orders bool, marks []uint64, n int, p uint64) ([]uint64, error) {
	if !orders {
		return []uint64{1}, nil
	}
	return functional(ctx, marks[:n], orderings(n, 0, n-1, p), p)
}

func (z weighted) coalitional(ctx context.Context, c coalitional, of []int, players int, o Options) (Index, error) {
	p := z.unionPlan(c, of)
	z = p.z
	outer := make([][]uint64, len(p.primes))
	prepare := func(k int) (err error) {
		prime := p.primes[k]
		if outer[k], err = values(ctx, c.outer, p.outer, len(p.members), prime); err != nil {
			return err
		}
		for j := range outer[k] {
			outer[k][j] = residue.Mul(outer[k][j], residue.Rem(p.multiple, prime), prime)
		}
		return nil
	}
	m := marked{primes: p.primes, marks: len(p.outer), size: 3 * z.q, count: len(z.w)}
	counts, err := m.sums(ctx, o, prepare, func(table []uint64, k, j int, sums []uint64) error {
		return p.evaluate(ctx, newField(p.primes[k], p.outer[j]), table, outer[k][j], sums)
	})
	if err != nil {
		return Index{}, err
	}
	x := Index{values: make([]*big.Rat, len(z.w)), algorithm: Weights}
	for k, members := range p.members {
		for _, m := range members {
			x.values[m] = new(big.Rat).SetFrac(counts[m], p.divisor[k])
		}
	}
	return x.spread(z.players, players), nil
}

// evaluate makes the table of the unions at one mark. It takes each union out,
// puts its members in at each inner mark, and reads their swings.
func (p unionPlan) evaluate(ctx context.Context, f field, tables []uint64, weight uint64, out []uint64) error {
	q := int(p.z.q)
	all, others, sums := tables[:q], tables[q:2*q], tables[2*q:]
	clear(all)
	all[0] = 1
	if _, err := f.multiply(ctx, all, p.weight, 1); err != nil {
		return err
	}
	for k, members := range p.members {
		copy(others, all)
		f.divide(others, int(p.weight[k]))
		n := len(members)
		ws := make([]int64, n)
		for j, m := range members {
			ws[j] = p.z.w[m]
		}
		inner, err := values(ctx, p.c.inner, p.inner, n, f.p)
		if err != nil {
			return err
		}
		for j, w := range inner {
			g := newField(f.p, p.inner[j])
			copy(sums, others)
			if _, err := g.multiply(ctx, sums, ws, q); err != nil {
				return err
			}
			g.accumulate(sums)
			w = residue.Mul(w, weight, f.p)
			for _, m := range members {
				v := g.swings(sums, int(p.z.w[m]), q)
				out[m] = residue.Add(out[m], residue.Mul(v, w, f.p), f.p)
			}
		}
	}
	return nil
}

// listUnions goes through the subsets of the other unions and of the members of
// each union.
func (g Game) listUnions(ctx context.Context, c coalitional, members [][]int, o Options) (Index, error) {
	count, largest := len(members), longest(members)
	if count+largest > mostEnumerated {
		return Index{}, fmt.Errorf("%w: %d unions, and %d players in the largest, are more than %d together", ErrTooHard, count, largest, mostEnumerated)
	}
	x := Index{values: make([]*big.Rat, g.players), algorithm: Enumeration}
	in := make([]bool, g.players)
	for k := range members {
		for outer := range 1 << count {
			if outer>>k&1 == 1 {
				continue
			}
			if err := cancelled(ctx); err != nil {
				return Index{}, err
			}
			size := 0
			for l, others := range members {
				is := outer>>l&1 == 1
				if is {
					size++
				}
				for _, i := range others {
					in[i] = is
				}
			}
			g.listUnion(c, members[k], in, chance(c.outer, count, size), x.values)
		}
		if o.Progress != nil {
			o.Progress(k+1, count)
		}
	}
	return x, nil
}

// listUnion adds the swings of the members of one union, for given other
// players.
func (g Game) listUnion(c coalitional, own []int, in []bool, weight *big.Rat, out []*big.Rat) {
	n := len(own)
	sizes := make([]int64, n*n)
	for inner := range 1 << n {
		size := 0
		for j, i := range own {
			in[i] = inner>>j&1 == 1
			if in[i] {
				size++
			}
		}
		if g.rule.wins(in) {
			continue
		}
		for j, i := range own {
			if in[i] {
				continue
			}
			in[i] = true
			if g.rule.wins(in) {
				sizes[j*n+size]++
			}
			in[i] = false
		}
	}
	for j, i := range own {
		if out[i] == nil {
			out[i] = new(big.Rat)
		}
		for s := range n {
			if times := sizes[j*n+s]; times > 0 {
				v := chance(c.inner, n, s)
				v.Mul(v, weight)
				out[i].Add(out[i], v.Mul(v, big.NewRat(times, 1)))
			}
		}
	}
}

// chance returns the probability that exactly a given set of s others, of n-1,
// comes before: by orderings s!(n-1-s)!/n!, by subsets 1/2^(n-1).
func chance(orders bool, n, s int) *big.Rat {
	if !orders {
		return new(big.Rat).SetFrac(big.NewInt(1), pow2(n-1))
	}
	b := new(big.Int).Binomial(int64(n-1), int64(s))
	return new(big.Rat).SetFrac(big.NewInt(1), b.Mul(b, big.NewInt(int64(n))))
}
