package power

import (
	"context"
	"math/rand/v2"
	"testing"
)

// One table of 200 players at each level, and the multiplications alone in a batch
// that stays in the nearest cache.
func BenchmarkTable(b *testing.B) {
	r := rand.New(rand.NewPCG(8, 8))
	ws := make([]int64, 200)
	var total int64
	for i := range ws {
		ws[i] = int64(i+1)*50 - r.Int64N(50)
		total += ws[i]
	}
	defer func() { path = best }()
	for _, p := range []struct {
		name string
		path level
	}{{"portable", portable}, {"256", vectors256}, {"512", vectors512}} {
		if p.path > best {
			continue
		}
		path = p.path
		marks, counts := newField(foldPrimes(1, 70)[0], 67), newCounter(countPrimes(200)[0])
		table := make([]uint64, total/2+1)
		b.Run("marks/level="+p.name, func(b *testing.B) {
			for b.Loop() {
				clear(table)
				table[0] = 1
				_, _ = marks.multiply(context.Background(), table, ws, 1)
			}
		})
		b.Run("sums/level="+p.name, func(b *testing.B) {
			for b.Loop() {
				marks.accumulate(table)
			}
		})
		b.Run("counts/level="+p.name, func(b *testing.B) {
			for b.Loop() {
				_ = counts.count(context.Background(), table, ws)
			}
		})
		small := make([]uint64, 2048)
		b.Run("near/level="+p.name, func(b *testing.B) {
			for b.Loop() {
				marks.batch(small, len(small), []int64{40, 64, 48, 80, 96, 40, 64, 48})
			}
		})
	}
}
