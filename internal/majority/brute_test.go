package majority_test

import (
	"math/big"
	"math/rand/v2"
	"slices"

	"github.com/crossholding/crossholding/internal/majority"
)

// vote is one entry of a random world, in a form that owes nothing to the
// engine's arrays.
type vote struct {
	who, in int
	units   *big.Int
}

// world is the plain description that both sides of the tests start from.
type world struct {
	n     int
	base  []*big.Int
	votes []vote
	wide  map[int]bool // held in big integers
	facts []majority.Fact
}

// meetings lays a world out in columns, the entries of each in the order of
// w.votes.
func (w *world) meetings() majority.Meetings {
	m := majority.Meetings{ColStart: make([]int32, w.n+1), Base: make([]int64, w.n)}
	columns := make([][]vote, w.n)
	for _, v := range w.votes {
		columns[v.in] = append(columns[v.in], v)
	}
	for y := range w.n {
		var units []*big.Int
		for _, v := range columns[y] {
			m.Who = append(m.Who, int32(v.who))
			units = append(units, v.units)
			if w.wide[y] {
				m.Units = append(m.Units, -1) // must not be read
			} else {
				m.Units = append(m.Units, v.units.Int64())
			}
		}
		m.ColStart[y+1] = int32(len(m.Who))
		if !w.wide[y] {
			m.Base[y] = w.base[y].Int64()
			continue
		}
		if m.Wide == nil {
			m.Wide = map[int32]*majority.WideColumn{}
		}
		m.Base[y] = -1
		m.Wide[int32(y)] = &majority.WideColumn{Base: w.base[y], Units: units}
	}
	return m
}

// randomWorld draws a small dense world: cycles, mutual majorities, exact
// halves, repeated voters, neutral entries, meetings without a base, and with
// fits false sums above the base.
func randomWorld(r *rand.Rand, fits bool) *world {
	w := &world{n: 1 + r.IntN(9), wide: map[int]bool{}}
	small := []int64{0, 1, 1, 2, 3, 5, 10, 20, 40, 50, 51, 60}
	for y := range w.n {
		scale := big.NewInt(1)
		if r.IntN(6) == 0 {
			w.wide[y] = true
			scale.Exp(big.NewInt(10), big.NewInt(int64(r.IntN(30))), nil)
		}
		sum := new(big.Int)
		for range r.IntN(6) {
			v := vote{r.IntN(w.n+1) - 1, y, big.NewInt(small[r.IntN(len(small))])}
			v.units.Mul(v.units, scale)
			sum.Add(sum, v.units)
			w.votes = append(w.votes, v)
		}
		base := big.NewInt(int64(r.IntN(120)))
		if base.Mul(base, scale); fits && base.Cmp(sum) < 0 || r.IntN(3) == 0 {
			base.Set(sum)
		}
		w.base = append(w.base, base)
	}
	return w
}

// passes compares votes / base with a fraction, in big fractions.
func passes(votes, base *big.Int, num, den int64, strict bool) bool {
	if base.Sign() <= 0 {
		return false
	}
	c := new(big.Rat).SetFrac(votes, base).Cmp(big.NewRat(num, den))
	return c > 0 || c == 0 && !strict
}

// cast adds up what the given nodes cast in y.
func (w *world) cast(in map[int]bool, y int) *big.Int {
	sum := new(big.Int)
	for _, v := range w.votes {
		if v.in == y && v.who >= 0 && in[v.who] {
			sum.Add(sum, v.units)
		}
	}
	return sum
}

// group is the least fixpoint by its definition: the level of each member.
func (w *world) group(rule majority.Rule, leaders []int, seeds ...int) map[int]int {
	in := map[int]bool{}
	levels := map[int]int{}
	for _, x := range seeds {
		in[x], levels[x] = true, 0
	}
	for level := 1; ; level++ {
		var joining []int
		for y := range w.n {
			if !in[y] && w.pass(rule, leaders, in, y) {
				joining = append(joining, y)
			}
		}
		if len(joining) == 0 {
			return levels
		}
		for _, y := range joining {
			in[y], levels[y] = true, level
		}
	}
}

func (w *world) pass(rule majority.Rule, leaders []int, in map[int]bool, y int) bool {
	if rule.Facts != nil && len(w.met(in, y)) > 0 {
		return true
	}
	votes := w.cast(in, y)
	if passes(votes, w.base[y], rule.Num, rule.Den, rule.Strict) {
		return true
	}
	if p := rule.Presume; p == nil || !passes(votes, w.base[y], p.Num, p.Den, p.Strict) {
		return false
	}
	_, most := w.rival(leaders, in, y)
	return votes.Cmp(most) > 0
}

// met lists the facts by which nodes that are in control y.
func (w *world) met(in map[int]bool, y int) []int32 {
	var out []int32
	for i, f := range w.facts {
		if int(f.Node) == y && w.meets(in, f, nil) {
			out = append(out, int32(i))
		}
	}
	return out
}

// meets reports whether nodes that are in have all that a fact needs. If rights are given, it
// counts only those at these places.
func (w *world) meets(in map[int]bool, f majority.Fact, rights []int32) bool {
	have := func(nodes []int32) bool {
		return len(nodes) > 0 && !slices.ContainsFunc(nodes, func(x int32) bool { return !in[int(x)] })
	}
	if f.Rights == nil {
		return have(f.Controllers)
	}
	sum := new(big.Int)
	for i, r := range f.Rights.List {
		if have(r.Holders) && (rights == nil || slices.Contains(rights, int32(i))) {
			sum.Add(sum, r.Units.Big())
		}
	}
	return sum.Cmp(f.Rights.Need.Big()) >= 0
}

// rival is the strongest group of nodes that are not in.
func (w *world) rival(leaders []int, in map[int]bool, y int) (int, *big.Int) {
	rival, most := -1, new(big.Int)
	for l := range w.n {
		others := map[int]bool{}
		for x := range w.n {
			others[x] = !in[x] && leaders[x] == l
		}
		if v := w.cast(others, y); v.Cmp(most) > 0 {
			rival, most = l, v
		}
	}
	return rival, most
}

var half = majority.Rule{Num: 1, Den: 2, Strict: true}

// controls is who controls whom, for every pair.
func (w *world) controls(rule majority.Rule) [][]bool {
	table := make([][]bool, w.n)
	for x := range table {
		table[x] = make([]bool, w.n)
		for y := range w.group(rule, nil, x) {
			table[x][y] = y != x
		}
	}
	return table
}

// leaders is the top of each node's chain by plain majority: the controller
// that controls most, the least of those that control one another.
func (w *world) leaders() []int {
	table := w.controls(half)
	count := func(x int) (c int) {
		for _, yes := range table[x] {
			if yes {
				c++
			}
		}
		return c
	}
	leaders := make([]int, w.n)
	for y := range leaders {
		chain := []int{y}
		for x := range w.n {
			if table[x][y] {
				chain = append(chain, x)
			}
		}
		leaders[y] = slices.MinFunc(chain, func(a, b int) int {
			if d := count(b) - count(a); d != 0 {
				return d
			}
			return a - b
		})
	}
	return leaders
}
