package majority_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/testkit"
)

var rules = []majority.Rule{
	half,
	{Num: 1, Den: 2},
	{Num: 1, Den: 4},
	{Num: 2, Den: 3},
	{Num: 1, Den: 1},
	{Num: 0, Den: 1, Strict: true},
	{Num: 1, Den: 2, Strict: true, Presume: &majority.Presumption{Num: 2, Den: 5, Strict: true}},
	{Num: 1, Den: 2, Strict: true, Presume: &majority.Presumption{Num: 1, Den: 10}},
	{Num: 2, Den: 3, Presume: &majority.Presumption{Num: 1, Den: 1}},
}

func engine(t testing.TB, w *world) *majority.Engine {
	t.Helper()
	e, err := majority.New(w.meetings())
	require.NoError(t, err)
	return e
}

func ints(xs []int32) []int {
	out := make([]int, len(xs))
	for i, x := range xs {
		out[i] = int(x)
	}
	return out
}

// Every group, with its order, votes, tallies and proofs, against the
// definition applied by hand.
func TestGroupIsLeastFixpoint(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(testkit.Cases(1500)) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := randomWorld(r, true)
		e := engine(t, w)
		leaders := w.leaders()
		for _, rule := range rules {
			seeds := []int32{int32(r.IntN(w.n))}
			for r.IntN(3) == 0 {
				seeds = append(seeds, int32(r.IntN(w.n)))
			}
			name := fmt.Sprintf("world %d, %v from %v", seed, rule, seeds)
			g, err := e.Group(ctx, rule, seeds...)
			require.NoError(t, err, name)
			checkGroup(t, name, w, rule, leaders, ints(seeds), g)
		}
	}
}

func checkGroup(t *testing.T, name string, w *world, rule majority.Rule, leaders, seeds []int, g *majority.Group) {
	t.Helper()
	want := w.group(rule, leaders, seeds...)
	require.Equal(t, len(want), g.Len(), name)
	last := majority.Member{Node: -1}
	for m := range g.Members() {
		level, ok := want[int(m.Node)]
		require.True(t, ok, "%s: member %d", name, m.Node)
		require.EqualValues(t, level, m.Level, name)
		require.True(t, m.Level > last.Level || m.Level == last.Level && m.Node > last.Node, "%s: order", name)
		last = m
		before := map[int]bool{}
		for x, l := range want {
			before[x] = l < level
		}
		if level > 0 {
			require.Zero(t, w.cast(before, int(m.Node)).Cmp(m.Votes.Big()), "%s: votes in %d", name, m.Node)
		}
	}
	all := map[int]bool{}
	for x := range want {
		all[x] = true
	}
	for y := range w.n {
		require.Equal(t, all[y], g.Has(int32(y)), name)
		require.Equal(t, want[y] > 0, g.Controls(int32(y)), name)
		checkTally(t, name, w, rule, leaders, all, y, g.Tally(int32(y)))
		checkProof(t, name, w, rule, leaders, seeds, y, g)
	}
}

func checkTally(t *testing.T, name string, w *world, rule majority.Rule, leaders []int, all map[int]bool, y int, got majority.Tally) {
	t.Helper()
	rule.Facts = nil // the tally is of votes
	votes := w.cast(all, y)
	require.Zero(t, votes.Cmp(got.Votes.Big()), "%s: tally of %d", name, y)
	require.Zero(t, w.base[y].Cmp(got.Base.Big()), name)
	if rule.Presume != nil {
		rival, most := w.rival(leaders, all, y)
		require.EqualValues(t, rival, got.Rival, name)
		require.Zero(t, most.Cmp(got.RivalVotes.Big()), name)
	} else {
		require.EqualValues(t, majority.None, got.Rival)
	}
	if w.base[y].Sign() == 0 {
		return
	}
	// What is needed passes if it comes from nobody's votes; one less does not.
	more := func(d int64) bool {
		v := *w
		extra := new(big.Int).Sub(got.Needed.Big(), votes)
		v.votes = append(slices.Clone(w.votes), vote{w.n, y, extra.Add(extra, big.NewInt(d))})
		in := map[int]bool{w.n: true}
		for x := range all {
			in[x] = true
		}
		return v.pass(rule, leaders, in, y)
	}
	require.True(t, more(0), "%s: needed in %d", name, y)
	require.False(t, more(-1), "%s: needed in %d", name, y)
	missing := new(big.Int).Sub(got.Needed.Big(), votes)
	if missing.Sign() < 0 {
		missing.SetInt64(0)
	}
	require.Zero(t, missing.Cmp(got.Missing().Big()), name)
}

// checkProof keeps nothing but the entries of the proof and asks again; then
// drops each voter in turn. Entries left out count for their voters' leaders.
func checkProof(t *testing.T, name string, w *world, rule majority.Rule, leaders, seeds []int, y int, g *majority.Group) {
	t.Helper()
	steps := g.Proof(int32(y))
	require.Equal(t, g.Controls(int32(y)), steps != nil, name)
	if steps == nil {
		return
	}
	m := w.meetings()
	require.EqualValues(t, y, steps[len(steps)-1].Node, name)
	holds := func(column, without int) bool {
		in := map[int]bool{}
		for _, x := range seeds {
			in[x] = true
		}
		for _, s := range steps {
			if s.Fact != majority.None {
				f := w.facts[s.Fact]
				met := f.Node == s.Node && column != int(s.Node) && w.meets(in, f, s.Rights)
				in[int(s.Node)] = in[int(s.Node)] || met
				continue
			}
			ours, rivals := new(big.Int), map[int]*big.Int{}
			col := int(s.Node)
			k := m.ColStart[col]
			for _, v := range w.votes {
				if v.in != col {
					continue
				}
				switch {
				case v.who < 0:
				case slices.Contains(s.Entries, k) && (col != column || v.who != without) && in[v.who]:
					ours.Add(ours, v.units)
				default:
					l := leaders[v.who]
					if rivals[l] == nil {
						rivals[l] = new(big.Int)
					}
					rivals[l].Add(rivals[l], v.units)
				}
				k++
			}
			ok := passes(ours, w.base[col], rule.Num, rule.Den, rule.Strict)
			if p := rule.Presume; !ok && p != nil {
				ok = passes(ours, w.base[col], p.Num, p.Den, p.Strict)
				for _, v := range rivals {
					ok = ok && ours.Cmp(v) > 0
				}
			}
			if ok {
				in[col] = true
			}
		}
		return in[y]
	}
	require.True(t, holds(-1, -1), "%s: proof of %d: %+v", name, y, steps)
	for _, without := range steps[:len(steps)-1] {
		require.False(t, w.provedBy(rule, leaders, seeds, steps, without.Node)[y], "%s: proof of %d: node %d is needless: %+v", name, y, without.Node, steps)
	}
	for _, s := range steps {
		require.True(t, slices.IsSorted(s.Entries))
		voters := map[int32]bool{}
		for _, k := range s.Entries {
			voters[m.Who[k]] = true
		}
		if s.Fact != majority.None {
			require.Empty(t, s.Entries, name)
			require.False(t, holds(int(s.Node), -1), "%s: proof of %d: fact %d is needless", name, y, s.Fact)
		}
		for who := range voters {
			require.False(t, holds(int(s.Node), int(who)), "%s: proof of %d: %d is needless: %+v", name, y, who, steps)
		}
		for _, k := range g.Entries(s.Node) {
			if s.Fact != majority.None {
				break
			}
			require.Equal(t, voters[m.Who[k]], slices.Contains(s.Entries, k), "%s: proof of %d divides what %d casts", name, y, m.Who[k])
		}
	}
}

func TestGroupSumsAboveTheBase(t *testing.T) {
	for seed := range uint64(testkit.Cases(500)) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := randomWorld(r, false)
		e := engine(t, w)
		for x := range w.n {
			g, err := e.Group(context.Background(), half, int32(x))
			require.NoError(t, err)
			checkGroup(t, fmt.Sprint("world ", seed), w, half, w.leaders(), []int{x}, g)
		}
	}
}

// book is a world from lines of voter, meeting, units.
func book(n int, bases map[int]int64, lines ...[3]int64) *world {
	w := &world{n: n}
	for y := range n {
		w.base = append(w.base, big.NewInt(bases[y]))
	}
	for _, l := range lines {
		w.votes = append(w.votes, vote{int(l[0]), int(l[1]), big.NewInt(l[2])})
	}
	return w
}

func TestPresumption(t *testing.T) {
	france := majority.Rule{Num: 1, Den: 2, Strict: true, Presume: &majority.Presumption{Num: 2, Den: 5, Strict: true}}
	for _, c := range []struct {
		name string
		w    *world
		want bool
	}{
		{"more than 40 % and dispersed float", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 41}), true},
		{"40 % exactly", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 40}), false},
		{"another has as many", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 45}, [3]int64{2, 1, 45}), false},
		{"another has one less", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 45}, [3]int64{2, 1, 44}), true},
		{"another has more", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 42}, [3]int64{2, 1, 43}), false},
		{"another has more through its subsidiary", book(4, map[int]int64{1: 100, 3: 100},
			[3]int64{0, 1, 42}, [3]int64{2, 1, 22}, [3]int64{3, 1, 23}, [3]int64{2, 3, 51}), false},
		{"the same two are not one group", book(4, map[int]int64{1: 100, 3: 100},
			[3]int64{0, 1, 42}, [3]int64{2, 1, 22}, [3]int64{3, 1, 23}, [3]int64{2, 3, 50}), true},
		{"neutral votes are nobody's", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 41}, [3]int64{-1, 1, 59}), true},
		{"a majority needs no presumption", book(3, map[int]int64{1: 100}, [3]int64{0, 1, 51}, [3]int64{2, 1, 49}), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := engine(t, c.w).Group(context.Background(), france, 0)
			require.NoError(t, err)
			require.Equal(t, c.want, g.Controls(1))
			if steps := g.Proof(1); c.want {
				require.Equal(t, g.Tally(1).Votes.Units <= 50, steps[len(steps)-1].Presumed)
			}
		})
	}
}

// provedBy returns what the seeds control with all votes of the nodes of a proof, but one.
func (w *world) provedBy(rule majority.Rule, leaders, seeds []int, steps []majority.Step, without int32) map[int]bool {
	in := map[int]bool{}
	for _, x := range seeds {
		in[x] = true
	}
	for grown := true; grown; {
		grown = false
		for _, s := range steps {
			y := int(s.Node)
			if s.Node != without && !in[y] && (w.pass(rule, leaders, in, y) || len(w.met(in, y)) > 0) {
				in[y], grown = true, true
			}
		}
	}
	return in
}

// A node with fewer votes that the proof needs anyway makes another needless: b has the 5
// votes that t needs beside d's, and c its 60 for nothing.
func TestProofUsesWhatItHas(t *testing.T) {
	const p, a, b, c, d, target = 0, 1, 2, 3, 4, 5
	w := book(6, map[int]int64{a: 1000, b: 1000, c: 1000, d: 1000, target: 1000},
		[3]int64{p, a, 600}, [3]int64{a, b, 600}, [3]int64{b, d, 600}, [3]int64{a, c, 600},
		[3]int64{d, target, 500}, [3]int64{b, target, 5}, [3]int64{c, target, 60})
	g, err := engine(t, w).Group(context.Background(), half, p)
	require.NoError(t, err)
	var nodes []int32
	for _, s := range g.Proof(target) {
		nodes = append(nodes, s.Node)
	}
	require.Equal(t, []int32{a, b, d, target}, nodes)
}

// A step that no later step needs is not in the proof.
func TestProofLeavesOutNeedlessSteps(t *testing.T) {
	w := book(5, map[int]int64{1: 100, 2: 100, 3: 100, 4: 100},
		[3]int64{0, 1, 60}, [3]int64{0, 2, 60}, [3]int64{1, 3, 40}, [3]int64{2, 3, 5}, [3]int64{0, 3, 20},
		[3]int64{3, 4, 51}, [3]int64{2, 4, 49})
	g, err := engine(t, w).Group(context.Background(), half, 0)
	require.NoError(t, err)
	require.Equal(t, 5, g.Len())
	var nodes []int32
	for _, s := range g.Proof(4) {
		nodes = append(nodes, s.Node)
	}
	require.Equal(t, []int32{1, 3, 4}, nodes)
	require.Nil(t, g.Proof(0))
	require.Equal(t, majority.Member{Node: 3, Level: 2, Votes: majority.Amount{Units: 65}, Fact: majority.None}, member(t, g, 3))
	require.Len(t, g.Entries(3), 3)
}

func member(t *testing.T, g *majority.Group, x int32) majority.Member {
	m, ok := g.Member(x)
	require.True(t, ok)
	return m
}

// The greatest fractions and counts stay exact.
func TestThresholdsAtTheLimits(t *testing.T) {
	const top = 1<<61 - 1
	for _, c := range []struct {
		name  string
		rule  majority.Rule
		votes int64
		base  int64
		want  bool
	}{
		{"half of an odd base", half, top / 2, top, false},
		{"one more", half, top/2 + 1, top, true},
		{"half of an even base", half, 1 << 60, 1 << 61, false},
		{"half reached", majority.Rule{Num: 1, Den: 2}, 1 << 60, 1 << 61, true},
		{"all but one", majority.Rule{Num: 1, Den: 1}, top - 1, top, false},
		{"all", majority.Rule{Num: 1, Den: 1}, top, top, true},
		{"more than all", majority.Rule{Num: 1, Den: 1, Strict: true}, top, top, false},
		{"a fine fraction", majority.Rule{Num: top - 1, Den: top, Strict: true}, top - 1, top, false},
		{"a fine fraction passed", majority.Rule{Num: top - 1, Den: top, Strict: true}, top, top, true},
		{"far from a fine fraction", majority.Rule{Num: top - 1, Den: top, Strict: true}, 5, top, false},
		{"no votes", majority.Rule{Num: 0, Den: 1, Strict: true}, 0, top, false},
		{"one vote", majority.Rule{Num: 0, Den: 1, Strict: true}, 1, top, true},
		{"no meeting", half, 5, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := book(2, map[int]int64{1: c.base}, [3]int64{0, 1, c.votes})
			g, err := engine(t, w).Group(context.Background(), c.rule, 0)
			require.NoError(t, err)
			require.Equal(t, c.want, g.Controls(1))
		})
	}
}

func TestGroupErrors(t *testing.T) {
	e := engine(t, book(2, map[int]int64{1: 100}, [3]int64{0, 1, 60}))
	ctx := context.Background()
	for _, rule := range []majority.Rule{
		{Num: 1},
		{Num: -1, Den: 2},
		{Num: 3, Den: 2},
		{Num: 0, Den: 5},
		{Num: 1, Den: -2},
		{Num: 1, Den: 2, Presume: &majority.Presumption{}},
	} {
		_, err := e.Group(ctx, rule, 0)
		require.ErrorIs(t, err, majority.ErrRule, "%v", rule)
		require.ErrorContains(t, err, rule.String())
	}
	for _, seed := range []int32{-1, 2} {
		_, err := e.Group(ctx, half, seed)
		require.ErrorIs(t, err, majority.ErrNode)
		require.ErrorContains(t, err, fmt.Sprint(seed, ", of 2 nodes"))
	}
	var last error
	for _, err := range e.All(ctx, majority.Rule{Num: 1}, 5) {
		last = err
	}
	require.ErrorIs(t, last, majority.ErrRule)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err := e.Group(cancelled, half, 0)
	require.ErrorIs(t, err, context.Canceled)
	g, err := e.Group(ctx, majority.Rule{}, 0, 0)
	require.NoError(t, err)
	require.True(t, g.Controls(1))
	require.Equal(t, 1, g.Seeds())
	g, err = e.Group(ctx, half)
	require.NoError(t, err)
	require.Zero(t, g.Len())
}

func TestNewRefusesArraysThatDoNotFit(t *testing.T) {
	good := func() majority.Meetings {
		return majority.Meetings{ColStart: []int32{0, 0, 1}, Who: []int32{0}, Units: []int64{1}, Base: []int64{0, 1}}
	}
	_, err := majority.New(good())
	require.NoError(t, err)
	_, err = majority.New(majority.Meetings{})
	require.NoError(t, err)
	for array, spoil := range map[string]func(*majority.Meetings){
		"ColStart":      func(m *majority.Meetings) { m.ColStart = m.ColStart[:2] },
		"Units":         func(m *majority.Meetings) { m.Units = nil },
		"Who":           func(m *majority.Meetings) { m.ColStart = []int32{0, 0, 2} },
		"RowStart":      func(m *majority.Meetings) { m.RowStart = []int32{0} },
		"RowEntry":      func(m *majority.Meetings) { m.RowStart = []int32{0, 1, 1} },
		"EntryCol":      func(m *majority.Meetings) { m.EntryCol = []int32{} },
		"7, of 2":       func(m *majority.Meetings) { m.Wide = map[int32]*majority.WideColumn{7: {}} },
		"Wide[1].Units": func(m *majority.Meetings) { m.Wide = map[int32]*majority.WideColumn{1: {}} },
	} {
		m := good()
		spoil(&m)
		_, err := majority.New(m)
		require.ErrorContains(t, err, array)
	}
}

func TestAll(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(testkit.Cases(300)) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 3)), true)
		e := engine(t, w)
		leaders := w.leaders()
		for _, rule := range rules {
			got := map[int]bool{}
			total := 0
			for g, err := range e.All(ctx, rule, 1000) {
				require.NoError(t, err)
				for m := range g.Members() {
					if m.Level == 0 {
						got[int(m.Node)] = true
						checkGroup(t, fmt.Sprint("world ", seed), w, rule, leaders, []int{int(m.Node)}, g)
					}
				}
				total += g.Len() - 1
			}
			for x := range w.n {
				require.Equal(t, len(w.group(rule, leaders, x)) > 1, got[x])
			}
			if total == 0 {
				continue
			}
			var last error
			for _, err := range e.All(ctx, rule, total-1) {
				last = err
			}
			require.ErrorIs(t, last, majority.ErrCap)
			require.ErrorContains(t, last, fmt.Sprint("of ", total-1))
			for range e.All(ctx, rule, total) {
				break // may stop early
			}
		}
	}
}

// A meeting with hundreds of holders, all of one family.
func TestManyHolders(t *testing.T) {
	const subsidiaries = 400
	target := subsidiaries + 1
	w := book(target+2, map[int]int64{target: 1000})
	for y := 1; y <= subsidiaries; y++ {
		w.base[y].SetInt64(100)
		w.votes = append(w.votes, vote{0, y, big.NewInt(60)}, vote{y, target, big.NewInt(2)})
	}
	w.votes = append(w.votes, vote{target + 1, target, big.NewInt(200)})
	e := engine(t, w)
	g, err := e.Group(context.Background(), half, 0)
	require.NoError(t, err)
	require.Equal(t, target+1, g.Len())
	for x := range w.n {
		m, ok := g.Member(int32(x))
		require.Equal(t, x <= target, ok)
		require.True(t, !ok || m.Node == int32(x))
	}
	steps := g.Proof(int32(target))
	require.Len(t, steps, 252) // 251 subsidiaries and the target
	require.EqualValues(t, 502, steps[251].Votes.Units)
	f, err := e.Forest(context.Background(), half)
	require.NoError(t, err)
	require.EqualValues(t, 0, f.Parent(int32(target)))
	require.True(t, f.Controls(0, int32(target)))
	require.False(t, f.Controls(1, int32(target)))
}

// Rows handed over give what rows made here give.
func TestRowsHandedOver(t *testing.T) {
	w := book(4, map[int]int64{1: 100, 2: 100, 3: 100}, [3]int64{0, 1, 60}, [3]int64{1, 2, 60}, [3]int64{-1, 2, 1}, [3]int64{2, 3, 60})
	m := w.meetings()
	m.RowStart, m.RowEntry, m.EntryCol = []int32{0, 1, 2, 3, 3}, []int32{0, 1, 3}, []int32{1, 2, 2, 3}
	e, err := majority.New(m)
	require.NoError(t, err)
	g, err := e.Group(context.Background(), half, 0)
	require.NoError(t, err)
	require.Equal(t, 4, g.Len())
}

func TestConcurrentUse(t *testing.T) {
	w := randomWorld(rand.New(rand.NewPCG(7, 4)), true)
	for w.n < 8 {
		w = randomWorld(rand.New(rand.NewPCG(uint64(w.n)+100, 4)), true)
	}
	e := engine(t, w)
	leaders := w.leaders()
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 50 {
				x := (worker + i) % w.n
				rule := rules[i%len(rules)]
				g, err := e.Group(context.Background(), rule, int32(x))
				if err != nil {
					t.Error(err)
					return
				}
				if want := w.group(rule, leaders, x); len(want) != g.Len() {
					t.Errorf("%v from %d: %d members, want %d", rule, x, g.Len(), len(want))
				}
				g.Tally(0)
			}
		})
	}
	wg.Wait()
}
