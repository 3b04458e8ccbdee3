package majority

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

// randomHierarchy returns the hierarchy of random votes and facts, with who controls whom in
// it by the definition: the group of each node.
func randomHierarchy(t *testing.T, r *rand.Rand, n int, facts bool) (*Hierarchy, [][]int32) {
	t.Helper()
	m := Meetings{Base: make([]int64, n), ColStart: make([]int32, n+1)}
	for y := range n {
		m.Base[y] = 100
		left := int64(100)
		for range r.IntN(4) {
			if x := r.IntN(n); x != y {
				u := min(left, []int64{60, 51, 30, 20}[r.IntN(4)])
				m.Who, m.Units, left = append(m.Who, int32(x)), append(m.Units, u), left-u
			}
		}
		m.ColStart[y+1] = int32(len(m.Who))
	}
	e, err := New(m)
	require.NoError(t, err)
	rule := Rule{Num: 1, Den: 2, Strict: true}
	if facts {
		var list []Fact
		for range 1 + r.IntN(n) {
			list = append(list, Fact{Controllers: []int32{int32(r.IntN(n))}, Node: int32(r.IntN(n))})
		}
		rule.Facts, err = NewFacts(n, list)
		require.NoError(t, err)
	}
	h, err := e.Hierarchy(t.Context(), rule)
	require.NoError(t, err)
	want := make([][]int32, n)
	for x := range int32(n) {
		g, err := e.Group(t.Context(), rule, x)
		require.NoError(t, err)
		for m := range g.Controlled() {
			want[x] = append(want[x], m.Node)
		}
		slices.Sort(want[x])
	}
	return h, want
}

// Every list is the group of its node, whatever the number of workers and whether pairs are
// kept or searched.
func TestPairsAreEveryGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 31))
	rings, deep := 0, 0
	for i := range testkit.Cases(2000) {
		n := 1 + r.IntN(30)
		if i%50 == 0 {
			n = 300 + r.IntN(300)
		}
		h, want := randomHierarchy(t, r, n, i%3 == 0)
		rings += len(h.rings)
		for _, few := range []int{0, 1 << 20} {
			for _, workers := range []int{1, 3} {
				got := make([][]int32, n)
				last := Pair(0)
				require.NoError(t, h.list(t.Context(), workers, few, 1<<30, func(pairs []Pair) bool {
					for _, k := range pairs {
						require.Greater(t, k, last)
						last = k
						got[k.Controller()] = append(got[k.Controller()], k.Node())
					}
					return true
				}))
				require.Equal(t, want, got, "case %d, %d kept, %d workers", i, few, workers)
			}
		}
		for _, l := range want {
			if len(l) > 20 {
				deep++
			}
		}
	}
	require.Positive(t, rings)
	require.Positive(t, deep)
}

// The limit and the caller's end hold in both ways of listing.
func TestPairsEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 31))
	for range 50 {
		h, want := randomHierarchy(t, r, 12, false)
		total := 0
		for _, l := range want {
			total += len(l)
		}
		for _, few := range []int{0, 1 << 20} {
			for limit := range total + 2 {
				pairs := 0
				err := h.list(t.Context(), 1, few, limit, func(list []Pair) bool {
					pairs += len(list)
					return true
				})
				if limit >= total {
					require.NoError(t, err)
					require.Equal(t, total, pairs)
					continue
				}
				require.ErrorIs(t, err, ErrCap)
				require.LessOrEqual(t, pairs, limit)
				calls := 0
				_ = h.list(t.Context(), 1, few, 1<<30, func([]Pair) bool {
					calls++
					return false
				})
				require.Equal(t, 1, calls)
			}
		}
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		require.ErrorIs(t, h.Pairs(ctx, 1<<30, func([]Pair) bool { return true }), cause)
	}
}

// A pyramid of n companies has n²/2 pairs. They take no memory for each pair.
func TestPairsOfAPyramid(t *testing.T) {
	n := testkit.Size(2_000, 15_000)
	m := Meetings{Base: make([]int64, n), ColStart: make([]int32, n+1)}
	for y := range n {
		m.Base[y] = 100
		if y > 0 {
			m.Who, m.Units = append(m.Who, int32(y-1)), append(m.Units, 51)
		}
		m.ColStart[y+1] = int32(y)
	}
	e, err := New(m)
	require.NoError(t, err)
	h, err := e.Hierarchy(t.Context(), Rule{Num: 1, Den: 2, Strict: true})
	require.NoError(t, err)
	start, pairs := time.Now(), 0
	allocated := testing.AllocsPerRun(1, func() {
		pairs = 0
		require.NoError(t, h.Pairs(t.Context(), 1<<30, func(list []Pair) bool {
			pairs += len(list)
			first, last := list[0], list[len(list)-1]
			return first.Node() > first.Controller() && (last.Controller() > first.Controller() || int(last.Node()-first.Node()) == len(list)-1)
		}))
	})
	require.Equal(t, n*(n-1)/2, pairs)
	require.Less(t, allocated, 1000.0)
	require.Less(t, time.Since(start), time.Duration(pairs)*10*time.Microsecond)
}

func ExampleHierarchy_Pairs() {
	// 0 has a majority in 1, and 1 in 2.
	e, err := New(Meetings{Base: []int64{100, 100, 100}, ColStart: []int32{0, 0, 1, 2}, Who: []int32{0, 1}, Units: []int64{60, 60}})
	if err != nil {
		panic(err)
	}
	h, err := e.Hierarchy(context.Background(), Rule{Num: 1, Den: 2, Strict: true})
	if err != nil {
		panic(err)
	}
	err = h.Pairs(context.Background(), 100, func(pairs []Pair) bool {
		for _, k := range pairs {
			fmt.Println(k.Controller(), k.Node())
		}
		return true
	})
	fmt.Println(err)
	// Output:
	// 0 1
	// 0 2
	// 1 2
	// <nil>
}
