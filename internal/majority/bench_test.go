package majority_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/majority"
)

// alliance is Renault, Nissan with its finance arm, and Mitsubishi among their
// holders; nobody else is in the book.
func alliance() *world {
	const state, renault, nissan, finance, mitsubishi, trust = 0, 1, 2, 3, 4, 5
	return book(6, map[int]int64{renault: 380000000, nissan: 4190000000, finance: 100, mitsubishi: 1489000000},
		[3]int64{state, renault, 88775830}, [3]int64{finance, renault, 88716686},
		[3]int64{renault, nissan, 1831837027},
		[3]int64{nissan, finance, 100},
		[3]int64{nissan, mitsubishi, 506620577}, [3]int64{trust, mitsubishi, 298012214})
}

func BenchmarkGroup(b *testing.B) {
	france := majority.Rule{Num: 1, Den: 2, Strict: true, Presume: &majority.Presumption{Num: 2, Den: 5, Strict: true}}
	for _, size := range []int{3, 100, 1000, 10000} {
		w := alliance()
		seed := int32(1)
		if size > 3 {
			w, seed = pyramid(size), 0
		}
		for _, rule := range []majority.Rule{half, france} {
			b.Run(fmt.Sprintf("companies=%d/rule=%v", size, rule), func(b *testing.B) {
				e := engine(b, w)
				_, err := e.Group(context.Background(), rule, seed)
				require.NoError(b, err)
				b.ReportAllocs()
				members := 0
				for b.Loop() {
					g, err := e.Group(context.Background(), rule, seed)
					if err != nil {
						b.Fatal(err)
					}
					members = g.Len()
				}
				b.ReportMetric(float64(members), "members")
			})
		}
	}
}

// pyramid is n companies below node 0, each controlled through two earlier
// ones or by one.
func pyramid(n int) *world {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	w := book(n+1, nil)
	for y := 1; y <= n; y++ {
		w.base[y].SetInt64(100)
		above := max(0, y-1-r.IntN(10))
		w.votes = append(w.votes, book(0, nil, [3]int64{int64(above), int64(y), 26}).votes...)
		w.votes = append(w.votes, book(0, nil, [3]int64{int64(r.IntN(y)), int64(y), 25}).votes...)
	}
	return w
}

// BenchmarkForest counts control for everyone in passes: the time of one loop
// over all entries in column order that adds up each meeting's votes, taken in
// turn with the forest.
func BenchmarkForest(b *testing.B) {
	for _, stakes := range []int{10_000, 100_000, 1_000_000, 4_000_000} {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) {
			m := register(stakes, 1)
			e, err := majority.New(m)
			require.NoError(b, err)
			sums := make([]int64, len(m.Base))
			onePass(m, sums) // touch the memory
			var pass, forest time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				onePass(m, sums)
				middle := time.Now()
				if _, err := e.Forest(context.Background(), half); err != nil {
					b.Fatal(err)
				}
				pass, forest = pass+middle.Sub(start), forest+time.Since(middle)
			}
			b.ReportMetric(float64(forest)/float64(pass), "passes")
			b.ReportMetric(float64(forest.Nanoseconds())/float64(b.N)/float64(len(m.Who)), "ns/stake")
			b.ReportMetric(float64(len(m.Who)), "stakes")
		})
	}
}

func onePass(m majority.Meetings, sums []int64) {
	for y := range sums {
		sum := int64(0)
		for _, u := range m.Units[m.ColStart[y]:m.ColStart[y+1]] {
			sum += u
		}
		sums[y] = sum
	}
}

// BenchmarkProof proves the last of n companies, each controlled through two.
func BenchmarkProof(b *testing.B) {
	for _, n := range []int{3, 100, 10000} {
		b.Run(fmt.Sprintf("companies=%d", n), func(b *testing.B) {
			e := engine(b, pyramid(n))
			g, err := e.Group(context.Background(), half, 0)
			require.NoError(b, err)
			require.NotEmpty(b, g.Proof(int32(n)))
			b.ReportAllocs()
			steps := 0
			for b.Loop() {
				steps = len(g.Proof(int32(n)))
			}
			b.ReportMetric(float64(steps), "steps")
		})
	}
}
