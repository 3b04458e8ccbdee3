package majority_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/testkit"
)

var forestRules = []majority.Rule{
	half, {Num: 1, Den: 2}, {Num: 2, Den: 3}, {Num: 3, Den: 4, Strict: true}, {Num: 1, Den: 1}, {Num: 1, Den: 3},
}

// contested lists the meetings that two disjoint groups could carry.
func (w *world) contested(rule majority.Rule) []int32 {
	var nodes []int32
	for y := range w.n {
		sum := new(big.Int)
		for _, v := range w.votes {
			if v.in == y && v.who >= 0 && v.who != y {
				sum.Add(sum, v.units)
			}
		}
		// Two halves of the sum, rounded down, both pass: then two groups can.
		if low := new(big.Int).Rsh(sum, 1); passes(low, w.base[y], rule.Num, rule.Den, rule.Strict) {
			nodes = append(nodes, int32(y))
		}
	}
	return nodes
}

// jointWorld is rich in meetings that only several voters carry together, in
// circles of all kinds.
func jointWorld(r *rand.Rand) *world {
	n := 2 + r.IntN(12)
	w := book(n, nil)
	w.wide = map[int]bool{}
	parts := []int64{51, 60, 30, 26, 26, 25, 20, 15, 10, 5}
	for y := range n {
		w.wide[y] = r.IntN(12) == 0
		w.base[y].SetInt64(100)
		left := int64(100)
		for range 1 + r.IntN(5) {
			u := min(left, parts[r.IntN(len(parts))])
			left -= u
			if r.IntN(8) > 0 {
				w.votes = append(w.votes, vote{r.IntN(n), y, big.NewInt(u)})
			}
		}
		if r.IntN(10) == 0 {
			w.votes = append(w.votes, vote{-1, y, big.NewInt(left)})
		}
	}
	return w
}

func TestForestIsControlForEveryPair(t *testing.T) {
	worlds := func(seed uint64) *world {
		r := rand.New(rand.NewPCG(seed, 6))
		if seed%3 == 0 {
			return randomWorld(r, true)
		}
		return jointWorld(r)
	}
	rings, deep := 0, 0
	for seed := range uint64(testkit.Cases(8000)) {
		w := worlds(seed)
		e := engine(t, w)
		for i, rule := range forestRules {
			if i > 0 && seed%4 != 0 {
				continue
			}
			name := fmt.Sprintf("world %d, %v", seed, rule)
			f, err := e.Forest(context.Background(), rule)
			if bad := w.contested(rule); len(bad) > 0 {
				var contested *majority.ContestedError
				require.ErrorAs(t, err, &contested, name)
				require.Equal(t, bad, contested.Nodes, name)
				continue
			}
			require.NoError(t, err, name)
			r, d := checkForest(t, name, w.controls(rule), f)
			rings, deep = rings+r, max(deep, d)
		}
	}
	t.Logf("%d rings, chains up to %d", rings, deep)
	require.Greater(t, rings, testkit.Cases(500))
	deepest := 4
	if testkit.Long() {
		deepest = 6
	}
	require.GreaterOrEqual(t, deep, deepest)
}

// checkForest compares a forest with who controls whom, and returns the number
// of rings and the length of the longest chain.
func checkForest(t *testing.T, name string, controls [][]bool, f *majority.Forest) (rings, deep int) {
	t.Helper()
	n := len(controls)
	require.Equal(t, n, f.Len(), name)
	for y := range n {
		var want, ring []int
		for x := range n {
			if controls[x][y] {
				want = append(want, x)
			}
			if x == y || controls[x][y] && controls[y][x] {
				ring = append(ring, x)
			}
		}
		if len(ring) == 1 {
			ring = nil
		}
		chain := ints(slices.Collect(f.Controllers(int32(y))))
		require.ElementsMatch(t, want, chain, "%s: controllers of %d", name, y)
		require.Equal(t, ring, intsOrNil(f.Ring(int32(y))), "%s: ring of %d", name, y)
		// The chain is in order: each is controlled by all that follow.
		for i, x := range chain {
			for _, above := range chain[i+1:] {
				require.True(t, controls[above][x], "%s: %d above %d", name, above, x)
			}
		}
		for x := range controls {
			require.Equal(t, slices.Contains(chain, x), f.Controls(int32(x), int32(y)), "%s: %d controls %d", name, x, y)
		}
		parent, ultimate, top := majority.None, majority.None, y
		if len(chain) > 0 && ring == nil {
			parent = chain[0]
		}
		if len(chain) > 0 {
			top = chain[len(chain)-1]
			if above := f.Ring(int32(top)); above != nil {
				top = int(above[0])
			} else {
				ultimate = top
			}
		}
		require.EqualValues(t, parent, f.Parent(int32(y)), "%s: parent of %d", name, y)
		require.EqualValues(t, ultimate, f.Ultimate(int32(y)), "%s: ultimate of %d", name, y)
		require.EqualValues(t, top, f.Top(int32(y)), "%s: top of %d", name, y)
		deep = max(deep, len(chain))
	}
	for ring := range f.Rings() {
		require.NotEmpty(t, ring)
		break
	}
	last := int32(-1)
	for ring := range f.Rings() {
		require.Greater(t, ring[0], last)
		require.Equal(t, ring, f.Ring(ring[0]))
		last = ring[0]
		rings++
	}
	return rings, deep
}

func intsOrNil(xs []int32) []int {
	if xs == nil {
		return nil
	}
	return ints(xs)
}

func TestForestErrors(t *testing.T) {
	e := engine(t, book(3, map[int]int64{2: 100}, [3]int64{0, 2, 50}, [3]int64{1, 2, 50}))
	ctx := context.Background()
	_, err := e.Forest(ctx, majority.Rule{Num: 1, Den: 2})
	require.ErrorIs(t, err, majority.ErrContested)
	require.ErrorContains(t, err, "[2]")
	_, err = e.Forest(ctx, majority.Rule{Num: 1})
	require.ErrorIs(t, err, majority.ErrRule)
	_, err = e.Forest(ctx, majority.Rule{Presume: &majority.Presumption{Num: 2, Den: 5}, Num: 1, Den: 2})
	require.ErrorIs(t, err, majority.ErrRule)
	cause := errors.New("enough")
	stopped, stop := context.WithCancelCause(ctx)
	stop(cause)
	_, err = e.Forest(stopped, half)
	require.ErrorIs(t, err, cause)
	f, err := e.Forest(ctx, half)
	require.NoError(t, err)
	for _, x := range []int32{-1, 3} {
		require.EqualValues(t, majority.None, f.Parent(x))
		require.EqualValues(t, majority.None, f.Ultimate(x))
		require.Nil(t, f.Ring(x))
		require.Empty(t, slices.Collect(f.Controllers(x)))
	}
}

// On networks too large for tables: the same as a group for every node.
func TestForestIsEveryGroup(t *testing.T) {
	ctx := context.Background()
	for seed, stakes := range []int{100, 1000, 5000, 20000} {
		e, err := majority.New(register(stakes, uint64(seed)))
		require.NoError(t, err)
		f, err := e.Forest(ctx, half)
		require.NoError(t, err)
		want := make([][]int32, f.Len())
		relations := 0
		for g, err := range e.All(ctx, half, 1<<30) {
			require.NoError(t, err)
			var seed int32
			for m := range g.Members() {
				if m.Level == 0 {
					seed = m.Node
				}
			}
			for m := range g.Controlled() {
				want[m.Node] = append(want[m.Node], seed)
				relations++
			}
		}
		got := chains(f, identity(f.Len()))
		require.Equal(t, want, got)
		t.Logf("%d stakes, %d control relations", stakes, relations)
	}
}

func identity(n int) []int {
	name := make([]int, n)
	for x := range name {
		name[x] = x
	}
	return name
}

// Neither numbers nor the order of entries nor the number of workers matter.
func TestForestDoesNotDependOnOrder(t *testing.T) {
	ctx := context.Background()
	stakes := 60_000 // enough for several workers
	if testkit.Long() {
		stakes = 200_000
	}
	m := register(stakes, 1)
	e, err := majority.New(m)
	require.NoError(t, err)
	f, err := e.Forest(ctx, half)
	require.NoError(t, err)
	want := chains(f, identity(f.Len()))
	for seed := range uint64(3) {
		other, name := renumbered(m, rand.New(rand.NewPCG(seed, 9)))
		e, err := majority.New(other)
		require.NoError(t, err)
		f, err := e.Forest(ctx, half)
		require.NoError(t, err)
		got := chains(f, name)
		for x := range got {
			mapped := make([]int32, 0, len(want[x]))
			for _, c := range want[x] {
				mapped = append(mapped, int32(name[c]))
			}
			slices.Sort(mapped)
			require.Equal(t, mapped, append(make([]int32, 0), got[x]...))
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for workers := range 4 {
		runtime.GOMAXPROCS(1 + workers)
		again, err := e.Forest(ctx, half)
		require.NoError(t, err)
		require.Equal(t, f, again, "%d workers", 1+workers)
	}
}

// line is n nodes in a row, each held by earlier ones as say tells: holders and
// percent.
func line(n int, say func(y int) [][2]int) majority.Meetings {
	m := majority.Meetings{ColStart: make([]int32, n+1), Base: make([]int64, n)}
	for y := range n {
		m.Base[y] = 100
		if y > 0 {
			for _, h := range say(y) {
				m.Who, m.Units = append(m.Who, int32(h[0])), append(m.Units, int64(h[1]))
			}
		}
		m.ColStart[y+1] = int32(len(m.Who))
	}
	return m
}

func byTwo(y int) [][2]int { return [][2]int{{y - 1, 26}, {max(0, y-2), 25}} }

// Chains as long as the network, carried by one and by two holders each: the
// work must not grow with the depth.
func TestForestOfDeepChains(t *testing.T) {
	n := 30_000
	if testkit.Long() {
		n = 300_000
	}
	for _, c := range []struct {
		name string
		say  func(y int) [][2]int
	}{
		{"one holder", func(y int) [][2]int { return [][2]int{{y - 1, 60}} }},
		{"two holders", byTwo},
		{"a near holder and the top", func(y int) [][2]int { return [][2]int{{y - 1, 26}, {0, 25}} }},
		{"a crowd at the end", func(y int) (crowd [][2]int) {
			if y < n-1 {
				return [][2]int{{y - 1, 60}}
			}
			for i := range 50 {
				crowd = append(crowd, [2]int{1 + i*(n/50), 1})
			}
			return append(crowd, [2]int{0, 1})
		}},
		{"one and two in turn", func(y int) [][2]int {
			if y%2 == 0 {
				return [][2]int{{y - 1, 60}}
			}
			return byTwo(y)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := majority.New(line(n, c.say))
			require.NoError(t, err)
			f, err := e.Forest(context.Background(), half)
			require.NoError(t, err)
			for y := 1; y < n; y++ {
				require.EqualValues(t, 0, f.Ultimate(int32(y)))
			}
		})
	}
}

// countdown is a context that is cancelled when it has been asked a number of
// times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a context ends, the answer is its error and nothing else.
func TestStopsEverywhere(t *testing.T) {
	step := int64(4) // of the places, every fourth
	if testkit.Long() {
		step = 1
	}
	networks := map[string]majority.Meetings{
		"register": register(30_000, 4), "by two": line(30_000, byTwo),
		"by one": line(30_000, func(y int) [][2]int { return [][2]int{{y - 1, 60}} }),
	}
	for name, m := range networks {
		e, err := majority.New(m)
		require.NoError(t, err)
		work := map[string]func(ctx context.Context) error{
			"forest": func(ctx context.Context) error { _, err := e.Forest(ctx, half); return err },
			"group":  func(ctx context.Context) error { _, err := e.Group(ctx, half, 0); return err },
			"presumption": func(ctx context.Context) error {
				e, err := majority.New(m)
				require.NoError(t, err)
				_, err = e.Group(ctx, rules[6], 0)
				return err
			},
		}
		for kind, do := range work {
			stops := int64(0)
			for {
				ctx := &countdown{Context: context.Background()}
				ctx.left.Store(stops)
				err := do(ctx)
				if err == nil {
					break
				}
				require.ErrorIs(t, err, context.Canceled, "%s of %s after %d", kind, name, stops)
				stops += step
			}
			require.Positive(t, stops, "%s of %s", kind, name)
		}
	}
}

// A done context ends the work soon, wherever it is. A busy machine may be late
// itself, so the best of a few tries counts.
func TestForestStops(t *testing.T) {
	e, err := majority.New(register(300_000, 2))
	require.NoError(t, err)
	stops := 0
	for delay := time.Duration(0); delay < 20*time.Millisecond; delay += 2 * time.Millisecond {
		late := time.Hour
		for try := 0; try < 10 && late >= 50*time.Millisecond; try++ {
			ctx, cancel := context.WithTimeout(context.Background(), delay)
			start := time.Now()
			_, err := e.Forest(ctx, half)
			late = time.Since(start) - delay
			cancel()
			if err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				stops++
			}
		}
		require.Less(t, late, 50*time.Millisecond, "after %v", delay)
	}
	require.Positive(t, stops)
}

func TestForestConcurrentUse(t *testing.T) {
	e, err := majority.New(register(60_000, 3))
	require.NoError(t, err)
	want, err := e.Forest(context.Background(), half)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			f, err := e.Forest(context.Background(), half)
			if err != nil || !reflect.DeepEqual(want, f) {
				t.Error("another forest", err)
			}
			for x := range int32(100) {
				g, err := e.Group(context.Background(), half, x)
				if err != nil || g.Len() > 1 && !g.Controls(slices.Collect(g.Controlled())[0].Node) {
					t.Error("another group", err)
				}
			}
		})
	}
	wg.Wait()
}
