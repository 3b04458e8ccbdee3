package above

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// window is some companies of one level that follow one another in the order, with all of each
// part.
type window struct {
	run     *run
	at, end int  // the companies are order[at:end]
	alone   bool // each is a part by itself
	turn    int  // which hits of the workers it uses
	chunks  []chunk
	next    atomic.Int32 // the first chunk that no worker has taken
}

// chunk is the companies of a window that one worker does, from order[at] up to the next chunk.
type chunk struct {
	at, worker int
	from, to   int // its hits
}

const (
	windowSize = 1 << 14 // companies of a window, but for the last part of it
	chunkSize  = 1 << 8  // companies of a chunk, but for the last part of it
	batchSize  = 1 << 6  // companies whose figures are read ahead
)

// hits returns the hits of a chunk.
func (x *chunk) hits(w *run, turn int) []hit { return w.workers[x.worker].hits[turn][x.from:x.to] }

// window returns the window of a level from a company on. There are two, in turn.
func (w *run) window(at, level int) *window {
	w.turn = 1 - w.turn
	x := &w.windows[w.turn]
	x.run, x.at, x.turn, x.chunks = w, at, w.turn, x.chunks[:0]
	x.next.Store(0)
	last := int(w.levels.Alone[level])
	if x.alone = at >= last; x.alone {
		last = int(w.levels.Start[level+1])
	}
	for x.end = at; x.end < last && x.end < at+windowSize; {
		x.chunks = append(x.chunks, chunk{at: x.end})
		to := min(x.end+chunkSize, last)
		for x.end < to {
			x.end += x.size(x.end)
		}
	}
	return x
}

// size returns the number of companies of the part at a place of the order.
func (x *window) size(at int) int {
	if x.alone {
		return 1
	}
	c := x.run.c
	return len(c.Members(c.Part[x.run.order[at]]))
}

// start lets the workers begin. They are at most as many as there are chunks, so that a short
// window needs no other goroutine. The result lets the caller do its part of the work, or none
// of it, and waits for the others.
func (x *window) start(ctx context.Context) (wait func(more bool) error) {
	workers := x.run.workers
	for _, w := range workers {
		w.hits[x.turn] = w.hits[x.turn][:0]
	}
	var others sync.WaitGroup
	for i := 1; i < min(len(workers), len(x.chunks)); i++ {
		others.Go(func() { x.work(ctx, i) })
	}
	return func(more bool) error {
		if more {
			x.work(ctx, 0)
		} else {
			x.next.Store(int32(len(x.chunks)))
		}
		others.Wait()
		var all []error
		for _, w := range workers {
			all = append(all, w.err)
		}
		return errors.Join(all...)
	}
}

// work does one chunk after the other, until there is none.
func (x *window) work(ctx context.Context, number int) {
	w := x.run.workers[number]
	w.now = w.hits[x.turn]
	for w.err == nil {
		i := int(x.next.Add(1)) - 1
		if i >= len(x.chunks) {
			break
		}
		c, end := &x.chunks[i], x.end
		if i+1 < len(x.chunks) {
			end = x.chunks[i+1].at
		}
		c.worker, c.from = number, len(w.now)
		w.err = w.find(ctx, x, c.at, end)
		c.to = len(w.now)
	}
	w.hits[x.turn] = w.now
}
