package majority

import (
	"context"
	"math/big"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/progress"
)

// chunk is the number of columns that a worker takes at a time. It is a number of whole
// words of a bit set, so that two workers never write the same word.
const chunk = 1 << 13

// unknownTop is the top of a node whose chain has not been followed.
const unknownTop = -1

// parallel calls work on all of 0 to n-1, in pieces of the given size. If there are many
// pieces, it uses all processors. Each worker has memory of its own, which is zero at first.
// Calls must not depend on one another. The caller's goroutine is one of the workers and
// reports the progress of all.
func parallel[M any](ctx context.Context, stage *progress.Stage, n, piece int, work func(own *M, from, to int32)) error {
	workers := min(runtime.GOMAXPROCS(0), n/piece)
	if workers < 2 {
		return alone(ctx, stage, n, piece, work)
	}
	var entries struct{ taken, done atomic.Int64 }
	pull := func(stage *progress.Stage) {
		var own M
		for stopped(ctx) == nil {
			from := int(entries.taken.Add(int64(piece))) - piece
			if from >= n {
				return
			}
			to := min(from+piece, n)
			work(&own, int32(from), int32(to))
			stage.At(int(entries.done.Add(int64(to - from))))
		}
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Go(func() { pull(nil) })
	}
	pull(stage)
	others.Wait()
	return stopped(ctx)
}

// alone is parallel on the caller's goroutine only. It allocates little, as small networks
// are asked often.
func alone[M any](ctx context.Context, stage *progress.Stage, n, piece int, work func(own *M, from, to int32)) error {
	var own M
	for from := 0; from < n && stopped(ctx) == nil; from += piece {
		to := min(from+piece, n)
		work(&own, int32(from), int32(to))
		stage.At(to)
	}
	return stopped(ctx)
}

// direct reads all entries once. It finds the meetings that a single entry carries, lists
// the meetings that several entries could carry as open, and reports contested ones.
func (b *forestBuilder) direct() error {
	n := b.e.n
	b.controllable = newBitSet(n)
	found := make([][]int32, (n+chunk-1)/chunk)
	var contested contestedMeetings
	b.pass = progress.Start(b.ctx, "direct control", n, chunk)
	err := parallel(b.ctx, &b.pass, n, chunk, func(a *voteSums, from, to int32) {
		var bad []int32
		open := a.climbers[:0]
		for y := from; y < to; y++ {
			p, ok := b.carrier(y)
			if !ok {
				bad = append(bad, y)
			}
			top := y
			if p != None {
				b.controllable.include(y)
				if p == openMark {
					open = append(open, y)
				} else {
					top = unknownTop
				}
			}
			b.nodes[y] = node{p, top}
		}
		found[from/chunk], a.climbers = slices.Clone(open), open
		contested.add(bad)
	})
	if err != nil {
		return err
	}
	b.pass.End()
	b.open = slices.Concat(found...)
	for y := range b.named.all() {
		b.controllable.include(y)
	}
	return contested.err(b)
}

// ballot is the meetings of an engine under one threshold.
type ballot struct {
	e    *Engine
	rule threshold
}

// carrier returns who casts the one entry that carries y, openMark if several entries
// together could, or None. It returns false if two groups could carry y.
func (b ballot) carrier(y int32) (int32, bool) {
	m := &b.e.m
	from, to := m.ColStart[y], m.ColStart[y+1]
	if from == to {
		return None, true
	}
	if w := b.e.wide(y); w != nil {
		return b.carrierWide(y, w)
	}
	base := m.Base[y]
	if base <= 0 {
		return None, true
	}
	need := b.rule.needed(base)
	sum, best := int64(0), int32(-1)
	for i, u := range m.Units[from:to] {
		sum += u
		if u >= need {
			best = from + int32(i)
		}
	}
	switch {
	case sum < need:
		return None, true
	case sum>>1 >= need: // neutral votes may have to be left out
		return b.carrierExactly(y, need)
	case best < 0:
		return openMark, true
	}
	if x := m.Who[best]; x != None && x != y {
		return x, true
	}
	return None, true
}

// carrierExactly is carrier without neutral votes and votes that y itself casts.
func (b ballot) carrierExactly(y int32, need int64) (int32, bool) {
	m := &b.e.m
	sum, carrier := int64(0), int32(openMark)
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		x, u := m.Who[k], m.Units[k]
		if x == None || x == y {
			continue
		}
		sum = add(sum, u)
		if u >= need {
			carrier = x
		}
	}
	if sum < need {
		return None, true
	}
	return carrier, sum>>1 < need
}

// carrierWide is carrierExactly in big integers.
func (b ballot) carrierWide(y int32, w *WideColumn) (int32, bool) {
	if w.Base.Sign() <= 0 {
		return None, true
	}
	need := b.rule.neededBig(w.Base)
	sum, carrier := new(big.Int), int32(openMark)
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		x, u := b.e.m.Who[k], w.Units[k-from]
		if x == None || x == y {
			continue
		}
		sum.Add(sum, u)
		if u.Cmp(need) >= 0 {
			carrier = x
		}
	}
	if sum.Cmp(need) < 0 {
		return None, true
	}
	return carrier, sum.Cmp(need.Lsh(need, 1)) < 0
}

// contestedMeetings collects the meetings that two disjoint groups could carry.
type contestedMeetings struct {
	mutex sync.Mutex
	nodes []int32
}

func (c *contestedMeetings) add(nodes []int32) {
	if len(nodes) > 0 {
		c.mutex.Lock()
		c.nodes = append(c.nodes, nodes...)
		c.mutex.Unlock()
	}
}

// err returns nil if no meeting is contested.
func (c *contestedMeetings) err(b *forestBuilder) error {
	if len(c.nodes) == 0 {
		return nil
	}
	slices.Sort(c.nodes)
	err := &ContestedError{Rule: Rule{Num: b.rule.num, Den: b.rule.den, Strict: b.rule.strict}, Count: len(c.nodes)}
	err.Nodes = slices.Clone(c.nodes[:min(len(c.nodes), maxNamed)])
	return err
}
