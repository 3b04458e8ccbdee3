package majority_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/testkit"
)

// addFacts draws facts among the nodes of a world: mostly of one controller, cycles and
// facts that repeat what votes say among them.
func addFacts(r *rand.Rand, w *world) {
	for range r.IntN(w.n + 1) {
		f := majority.Fact{Controllers: []int32{int32(r.IntN(w.n))}, Node: int32(r.IntN(w.n))}
		for r.IntN(4) == 0 {
			f.Controllers = append(f.Controllers, int32(r.IntN(w.n)))
		}
		if r.IntN(3) == 0 {
			f.Rights = randomRights(r, w.n)
		}
		w.facts = append(w.facts, f)
	}
}

// randomRights draws rights that add up, some of them of nobody, some in big integers, with
// sums of exactly what is needed and of less.
func randomRights(r *rand.Rand, n int) *majority.Rights {
	wide := func(units int64, big1 *big.Int) majority.Amount {
		if big1 == nil {
			return majority.Amount{Units: units}
		}
		return majority.Amount{Wide: new(big.Int).Mul(big.NewInt(units), big1)}
	}
	var scale *big.Int
	if r.IntN(4) == 0 {
		scale = new(big.Int).Exp(big.NewInt(10), big.NewInt(25), nil)
	}
	out := &majority.Rights{Need: wide(int64(1+r.IntN(60)), scale)}
	for range 1 + r.IntN(4) {
		right := majority.Right{Units: wide([]int64{10, 20, 30, 30, 50}[r.IntN(5)], scale)}
		for r.IntN(4) < 3 && len(right.Holders) < 3 {
			right.Holders = append(right.Holders, int32(r.IntN(n)))
		}
		out.List = append(out.List, right)
	}
	out.List[0].Holders = append(out.List[0].Holders, int32(r.IntN(n)))
	return out
}

func factsOf(t testing.TB, w *world) *majority.Facts {
	t.Helper()
	f, err := majority.NewFacts(w.n, w.facts)
	require.NoError(t, err)
	return f
}

// Every group with facts, with its order, votes, tallies and proofs, against the definition.
func TestGroupWithFactsIsLeastFixpoint(t *testing.T) {
	byFact := 0
	for seed := range uint64(testkit.Cases(3000)) {
		r := rand.New(rand.NewPCG(seed, 21))
		w := randomWorld(r, true)
		addFacts(r, w)
		e, facts, leaders := engine(t, w), factsOf(t, w), w.leaders()
		for _, rule := range rules {
			rule.Facts = facts
			seeds := []int32{int32(r.IntN(w.n))}
			for r.IntN(3) == 0 {
				seeds = append(seeds, int32(r.IntN(w.n)))
			}
			name := fmt.Sprintf("world %d, %v from %v", seed, rule, seeds)
			g, err := e.Group(t.Context(), rule, seeds...)
			require.NoError(t, err, name)
			checkGroup(t, name, w, rule, leaders, ints(seeds), g)
			levels := w.group(rule, leaders, ints(seeds)...)
			for m := range g.Controlled() {
				below := map[int]bool{}
				for x, l := range levels {
					below[x] = l < int(m.Level)
				}
				require.Equal(t, w.met(below, int(m.Node)), g.Facts(m.Node), name)
				if m.Fact != majority.None {
					require.Contains(t, g.Facts(m.Node), m.Fact, name)
					byFact++
				}
			}
		}
	}
	require.Greater(t, byFact, testkit.Cases(3000))
}

func TestHierarchyIsControlForEveryPair(t *testing.T) {
	several, rings := 0, 0
	for seed := range uint64(testkit.Cases(20000)) {
		r := rand.New(rand.NewPCG(seed, 22))
		w := jointWorld(r)
		if seed%3 == 0 {
			w = randomWorld(r, true)
		}
		addFacts(r, w)
		for i, rule := range forestRules {
			if i > 0 && seed%4 != 0 || len(w.contested(rule)) > 0 {
				continue
			}
			rule.Facts = factsOf(t, w)
			name := fmt.Sprintf("world %d, %v", seed, rule)
			h, err := engine(t, w).Hierarchy(t.Context(), rule)
			require.NoError(t, err, name)
			s, r := checkHierarchy(t, name, w.controls(rule), h)
			several, rings = several+s, rings+r
		}
	}
	t.Logf("%d nodes with several ultimate controllers, %d rings", several, rings)
	require.Greater(t, several, testkit.Cases(5000))
	require.Greater(t, rings, testkit.Cases(3000))
}

// checkHierarchy compares a hierarchy with who controls whom. It returns the number of nodes
// with several ultimate controllers, and of rings.
func checkHierarchy(t *testing.T, name string, controls [][]bool, h *majority.Hierarchy) (several, rings int) {
	t.Helper()
	n := len(controls)
	require.Equal(t, n, h.Len())
	controlled := make([]bool, n)
	for y := range n {
		for x := range n {
			controlled[y] = controlled[y] || controls[x][y]
		}
	}
	least := map[int]bool{}
	for y := range n {
		var want, tops, ring []int
		for x := range n {
			require.Equal(t, controls[x][y], h.Controls(int32(x), int32(y)), "%s: %d controls %d", name, x, y)
			if controls[x][y] {
				want = append(want, x)
				if !controlled[x] {
					tops = append(tops, x)
				}
			}
			if x == y || controls[x][y] && controls[y][x] {
				ring = append(ring, x)
			}
		}
		if len(ring) == 1 {
			ring = nil
		} else if ring[0] == y {
			least[y] = true
		}
		require.Equal(t, controlled[y], h.Controlled(int32(y)), "%s: %d controlled", name, y)
		require.Equal(t, tops, intsOrNil(h.Ultimates(int32(y))), "%s: ultimate of %d", name, y)
		require.Equal(t, ring, intsOrNil(h.Ring(int32(y))), "%s: ring of %d", name, y)
		list := ints(h.Controllers(int32(y)))
		require.Equal(t, lowestFirst(controls, want), list, "%s: controllers of %d", name, y)
		if len(tops) > 1 {
			several++
		}
	}
	for ring := range h.Rings() {
		require.True(t, least[int(ring[0])], name)
		rings++
	}
	require.Len(t, least, rings, name)
	return several, rings
}

// lowestFirst orders controllers by the definition: again and again the least node, with its
// ring, of those that control none of the others that are left, except in their ring.
func lowestFirst(controls [][]bool, left []int) []int {
	left = slices.Clone(left)
	out := []int{}
	for len(left) > 0 {
		next := slices.IndexFunc(left, func(x int) bool {
			return !slices.ContainsFunc(left, func(z int) bool { return controls[x][z] && !controls[z][x] })
		})
		x := left[next]
		for _, z := range left {
			if z == x || controls[x][z] && controls[z][x] {
				out = append(out, z)
			}
		}
		left = slices.DeleteFunc(left, func(z int) bool { return slices.Contains(out, z) })
	}
	return out
}

// registerFacts draws facts for a network: a number of them among random nodes, some with
// two controllers.
func registerFacts(nodes, facts int, seed uint64) []majority.Fact {
	r := rand.New(rand.NewPCG(seed, 23))
	out := make([]majority.Fact, facts)
	for i := range out {
		out[i] = majority.Fact{Controllers: []int32{int32(r.IntN(nodes))}, Node: int32(r.IntN(nodes))}
		if r.IntN(20) == 0 {
			out[i].Controllers = append(out[i].Controllers, int32(r.IntN(nodes)))
		}
	}
	return out
}

// On networks too large for tables: the same as a group for every node.
func TestHierarchyIsEveryGroup(t *testing.T) {
	for seed, stakes := range []int{100, 1000, testkit.Size(3000, 20000)} {
		e, err := majority.New(register(stakes, uint64(seed)))
		require.NoError(t, err)
		f, err := e.Forest(t.Context(), half)
		require.NoError(t, err)
		rule := half
		rule.Facts, err = majority.NewFacts(f.Len(), registerFacts(f.Len(), f.Len()/20, uint64(seed)))
		require.NoError(t, err)
		h, err := e.Hierarchy(t.Context(), rule)
		require.NoError(t, err)
		want := make([][]int32, h.Len())
		for g, err := range e.All(t.Context(), rule, 1<<30) {
			require.NoError(t, err)
			for m := range g.Controlled() {
				for s := range g.Members() {
					want[m.Node] = append(want[m.Node], s.Node)
					break
				}
			}
		}
		for y := range h.Len() {
			got := h.Controllers(int32(y))
			slices.Sort(got)
			require.Equal(t, len(want[y]), len(got))
			require.True(t, slices.Equal(want[y], got), "%d stakes, node %d: %v, %v", stakes, y, want[y], got)
		}
	}
}

// Neither the order of entries and facts nor the number of workers matters.
func TestHierarchyDoesNotDependOnOrder(t *testing.T) {
	m := register(testkit.Size(30_000, 200_000), 1)
	n := len(m.Base)
	list := registerFacts(n, n/50, 1)
	solve := func(m majority.Meetings, list []majority.Fact) *majority.Hierarchy {
		e, err := majority.New(m)
		require.NoError(t, err)
		rule := half
		rule.Facts, err = majority.NewFacts(n, list)
		require.NoError(t, err)
		h, err := e.Hierarchy(t.Context(), rule)
		require.NoError(t, err)
		return h
	}
	first := solve(m, list)
	r := rand.New(rand.NewPCG(1, 24))
	other, name := renumbered(m, r)
	moved := make([]majority.Fact, len(list))
	for i, f := range list {
		for _, x := range f.Controllers {
			moved[i].Controllers = append(moved[i].Controllers, int32(name[x]))
		}
		moved[i].Node = int32(name[f.Node])
	}
	r.Shuffle(len(moved), func(i, j int) { moved[i], moved[j] = moved[j], moved[i] })
	second := solve(other, moved)
	for y := range n {
		for _, pair := range [][2][]int32{
			{first.Controllers(int32(y)), second.Controllers(int32(name[y]))},
			{first.Ultimates(int32(y)), second.Ultimates(int32(name[y]))},
		} {
			var want []int32
			for _, x := range pair[0] {
				want = append(want, int32(name[x]))
			}
			slices.Sort(want)
			slices.Sort(pair[1])
			require.True(t, slices.Equal(want, pair[1]), "node %d: %v, %v", y, want, pair[1])
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for workers := range 3 {
		runtime.GOMAXPROCS(1 + workers)
		require.Equal(t, first, solve(m, list), "%d workers", 1+workers)
	}
}

// Of two nodes that control a parent together by fact, one controls the children by facts, and so
// their child, but not the parent.
func TestHierarchyOfOneOfTwoControllers(t *testing.T) {
	const one, other, parent, left, right, child = 0, 1, 2, 3, 4, 5
	w := book(6, map[int]int64{left: 100, right: 100, child: 100},
		[3]int64{parent, left, 60}, [3]int64{parent, right, 60}, [3]int64{left, child, 30}, [3]int64{right, child, 30})
	w.facts = []majority.Fact{{Controllers: []int32{one, other}, Node: parent}, {Controllers: []int32{one}, Node: left}, {Controllers: []int32{one}, Node: right}}
	rule := half
	rule.Facts = factsOf(t, w)
	h, err := engine(t, w).Hierarchy(t.Context(), rule)
	require.NoError(t, err)
	require.True(t, h.Controls(one, child))
	require.False(t, h.Controls(one, parent))
	require.False(t, h.Controls(other, child))
	require.Equal(t, []int32{one, parent}, h.Ultimates(child))
	checkHierarchy(t, "one of two", w.controls(rule), h)
}

// A chain of facts, and a pyramid of votes with a fact at its top, take linear time.
func TestHierarchyOfDeepChains(t *testing.T) {
	n := testkit.Size(100_000, 400_000)
	chain := make([]majority.Fact, n-1)
	for y := 1; y < n; y++ {
		chain[y-1] = majority.Fact{Controllers: []int32{int32(y - 1)}, Node: int32(y)}
	}
	ring := append(slices.Clone(chain), majority.Fact{Controllers: []int32{int32(n - 1)}, Node: 0})
	byOne := func(y int) [][2]int { return [][2]int{{y - 1, 51}} }
	none := func(int) [][2]int { return nil }
	byPair := func(y int) [][2]int { // nobody controls a node by votes
		if y < 3 {
			return nil
		}
		return [][2]int{{y - 1, 26}, {y - 2, 26}}
	}
	belowTwo := func(y int) [][2]int { // two chains, whose ends together carry all others
		switch {
		case y < 4:
			return nil
		case y < n/2:
			return [][2]int{{y - 2, 51}}
		}
		return [][2]int{{n/2 - 1, 30}, {n/2 - 2, 30}}
	}
	last := int32(n - 1)
	for _, c := range []struct {
		name  string
		votes func(int) [][2]int
		facts []majority.Fact
		tops  []int32
		ring  int
		above int // controllers of the last node
	}{
		{"chain of facts", none, chain, []int32{0}, 0, n - 1},
		{"ring of facts", none, ring, nil, n, n - 1},
		{"fact at the top of a pyramid", byOne, []majority.Fact{{Controllers: []int32{last}, Node: 1}}, []int32{0}, n - 1, n - 1},
		{"fact in the middle of a pyramid", byOne, []majority.Fact{{Controllers: []int32{0}, Node: int32(n / 2)}}, []int32{0}, 0, n - 1},
		{"facts at the tops of two chains", belowTwo, []majority.Fact{{Controllers: []int32{0}, Node: 4}, {Controllers: []int32{1}, Node: 5}}, nil, 0, 0},
		{"facts that let one meeting after the other be carried", byPair, chain[:2], []int32{0}, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := majority.New(line(n, c.votes))
			require.NoError(t, err)
			rule := half
			rule.Facts, err = majority.NewFacts(n, c.facts)
			require.NoError(t, err)
			start := time.Now()
			h, err := e.Hierarchy(t.Context(), rule)
			require.NoError(t, err)
			require.Equal(t, c.tops, h.Ultimates(last))
			require.Len(t, h.Ring(last), c.ring)
			require.Len(t, h.Controllers(last), c.above)
			require.Less(t, time.Since(start), time.Duration(n)*100*time.Microsecond)
		})
	}
}

func TestFactsErrors(t *testing.T) {
	_, err := majority.NewFacts(2, []majority.Fact{{Controllers: []int32{0}, Node: 2}})
	require.ErrorIs(t, err, majority.ErrNode)
	_, err = majority.NewFacts(2, []majority.Fact{{Controllers: []int32{-1}, Node: 1}})
	require.ErrorIs(t, err, majority.ErrNode)
	_, err = majority.NewFacts(2, []majority.Fact{{Node: 1}})
	require.ErrorIs(t, err, majority.ErrShape)

	e := engine(t, book(3, nil))
	facts, err := majority.NewFacts(2, []majority.Fact{{Controllers: []int32{0}, Node: 1}})
	require.NoError(t, err)
	rule := majority.Rule{Facts: facts}
	require.Equal(t, "> 1/2 or by fact", rule.String())
	_, err = e.Group(t.Context(), rule, 0)
	require.ErrorIs(t, err, majority.ErrRule)
	_, err = e.Hierarchy(t.Context(), rule)
	require.ErrorIs(t, err, majority.ErrRule)

	e = engine(t, book(2, nil))
	_, err = e.Forest(t.Context(), rule)
	require.ErrorIs(t, err, majority.ErrRule)
	rule.Presume = &majority.Presumption{Num: 2, Den: 5, Strict: true}
	_, err = e.Hierarchy(t.Context(), rule)
	require.ErrorIs(t, err, majority.ErrRule)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = e.Hierarchy(ctx, majority.Rule{Facts: facts})
	require.ErrorIs(t, err, context.Canceled)
}
