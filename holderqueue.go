package crossholding

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/progress"
)

// holderAnswer is what was found for one holder.
type holderAnswer[P any] struct {
	who  exact.Owner
	what P
	err  error // ErrNoOutsideOwner or ErrTooLarge
}

// askHolder finds an answer for one holder. The answer can use the memory of space until all answers
// of its batch were looked at.
type askHolder[P any] func(ctx context.Context, who exact.Owner, space *holderSpace) (what P, rows int, err error)

// eachHolder yields an answer for each holder, by name. The error is the last, as of eachOf.
func eachHolder[P any](ctx context.Context, o *Ownership, ask askHolder[P]) iter.Seq2[holderAnswer[P], error] {
	return func(yield func(holderAnswer[P], error) bool) {
		var holders holderList
		if err := runUntil(ctx, o.a.size(), func() { holders = o.holders() }); err != nil {
			yield(holderAnswer[P]{}, err)
			return
		}
		eachOf(ctx, holders, ask)(yield)
	}
}

// eachOf yields an answer for each holder of a list, on all processors, and goes on with the next ones
// while the caller looks at an answer. The error is the last: ctx's error when ctx is done, or one that
// is not about the holder.
func eachOf[P any](ctx context.Context, holders holderList, ask askHolder[P]) iter.Seq2[holderAnswer[P], error] {
	return func(yield func(holderAnswer[P], error) bool) {
		heard := progress.Start(ctx, "holders", holders.len(), 1)
		quiet, stop := context.WithCancel(progress.With(ctx, nil))
		q := newHolderQueue(quiet, &holders, ask)
		defer func() {
			stop()
			q.end()
		}()
		for {
			b := q.head()
			if b == nil {
				break
			}
			for i, x := range b.found {
				heard.At(b.from + i)
				if ctx.Err() != nil {
					x.err = stopped(ctx)
				}
				if x.err != nil && !errors.Is(x.err, ErrNoOutsideOwner) && !errors.Is(x.err, ErrTooLarge) {
					yield(holderAnswer[P]{}, x.err)
					return
				}
				if !yield(x, nil) {
					return
				}
			}
			if ctx.Err() != nil {
				yield(holderAnswer[P]{}, stopped(ctx))
				return
			}
			q.drop(b)
		}
		heard.End()
	}
}

// These bound a queue of holders: a batch has at most so many holders, and ends after so many rows.
// No further batch is begun while there are so many, or while so many rows were found and not looked
// at.
const (
	batchHolders = 64
	batchRows    = 1 << 13
	queueBatches = 64
	queueRows    = 1 << 16
)

// holderBatch is some holders that follow one another, with their answers.
type holderBatch[P any] struct {
	from, to int
	found    []holderAnswer[P]
	rows     int
	space    holderSpace
	state    batchState
	next     *holderBatch[P]
}

// batchState says whether a batch waits for a processor, is asked about, or has its answers.
type batchState uint8

const (
	batchWaits batchState = iota
	batchTaken
	batchFound
)

// holderSpace has the answers of a batch, one after the other. It is used again when they were looked
// at.
type holderSpace struct {
	rows      []Interest
	companies []int32
	figures   []int64
	lines     *exact.RowSpace // of the processor that asks
}

// holderQueue is the batches that are asked about or were not looked at, in order of holders. A batch
// whose rows are too many is divided: what is left waits for the next free processor.
type holderQueue[P any] struct {
	ctx     context.Context
	ask     askHolder[P]
	holders *holderList
	others  sync.WaitGroup

	guard       sync.Mutex
	found, room sync.Cond // the first batch was found; a processor can have work
	first, last *holderBatch[P]
	listed      int // the holders before it are in a batch, or were
	batches     int
	rows        int // that were found and not looked at
	free        []*holderBatch[P]
	ended       bool

	lines exact.RowSpace // of the caller's processor
}

// newHolderQueue returns a queue that all processors but the caller's work on.
func newHolderQueue[P any](ctx context.Context, holders *holderList, ask askHolder[P]) *holderQueue[P] {
	q := &holderQueue[P]{ctx: ctx, ask: ask, holders: holders}
	q.found.L, q.room.L = &q.guard, &q.guard
	for range min(runtime.GOMAXPROCS(0), holders.len()) - 1 {
		q.others.Go(q.work)
	}
	return q
}

// work asks about one batch after another.
func (q *holderQueue[P]) work() {
	q.guard.Lock()
	defer q.guard.Unlock()
	var lines exact.RowSpace
	for !q.ended {
		if b := q.take(); b != nil {
			q.answer(b, &lines)
		} else {
			q.room.Wait()
		}
	}
}

// end stops the work, and waits for its end.
func (q *holderQueue[P]) end() {
	q.guard.Lock()
	q.ended = true
	q.room.Broadcast()
	q.guard.Unlock()
	q.others.Wait()
}

// head returns the first batch with its answers, or nil if there are no further holders. The caller's
// processor works too until it is there.
func (q *holderQueue[P]) head() *holderBatch[P] {
	q.guard.Lock()
	defer q.guard.Unlock()
	for {
		if q.first != nil && q.first.state == batchFound {
			return q.first
		}
		if b := q.take(); b != nil {
			q.answer(b, &q.lines)
		} else if q.first == nil {
			return nil
		} else {
			q.found.Wait()
		}
	}
}

// drop removes the first batch, whose answers were looked at.
func (q *holderQueue[P]) drop(b *holderBatch[P]) {
	q.guard.Lock()
	defer q.guard.Unlock()
	if q.first = b.next; q.first == nil {
		q.last = nil
	}
	q.rows -= b.rows
	q.batches--
	q.free = append(q.free, b)
	q.room.Broadcast()
}

// take returns the first batch that waits, or a new one of the next holders, or nil if enough was
// found. The guard is held.
func (q *holderQueue[P]) take() *holderBatch[P] {
	for b := q.first; b != nil; b = b.next {
		if b.state == batchWaits {
			b.state = batchTaken
			return b
		}
	}
	if q.listed == q.holders.len() || q.batches >= queueBatches || q.rows >= queueRows {
		return nil
	}
	// The first batches are small, so that who wants few rows waits for few.
	b := q.batch(q.listed, min(q.holders.len(), q.listed+min(batchHolders, q.listed+1)))
	q.listed, b.state = b.to, batchTaken
	if q.last == nil {
		q.first = b
	} else {
		q.last.next = b
	}
	q.last = b
	return b
}

// batch returns a batch that waits. It uses the memory of one that was looked at.
func (q *holderQueue[P]) batch(from, to int) *holderBatch[P] {
	b := new(holderBatch[P])
	if n := len(q.free); n > 0 {
		b, q.free = q.free[n-1], q.free[:n-1]
		clear(b.found)
		s := &b.space
		s.rows, s.companies, s.figures = s.rows[:0], s.companies[:0], s.figures[:0]
	}
	b.from, b.to, b.found, b.rows, b.state, b.next = from, to, b.found[:0], 0, batchWaits, nil
	q.batches++
	return b
}

// answer asks about the holders of a batch, until its rows are enough or ctx is done. The guard is
// held, but not while it asks.
func (q *holderQueue[P]) answer(b *holderBatch[P], lines *exact.RowSpace) {
	q.guard.Unlock()
	b.space.lines = lines
	for i := b.from; i < b.to && b.rows < batchRows && q.ctx.Err() == nil; i++ {
		x := holderAnswer[P]{who: q.holders.at(i)}
		var rows int
		x.what, rows, x.err = q.ask(q.ctx, x.who, &b.space)
		b.found = append(b.found, x)
		b.rows += rows
	}
	q.guard.Lock()
	if done := b.from + len(b.found); done < b.to && q.ctx.Err() == nil {
		rest := q.batch(done, b.to)
		if rest.next, b.next = b.next, rest; rest.next == nil {
			q.last = rest
		}
		b.to = done
		q.room.Signal()
	}
	b.state = batchFound
	q.rows += b.rows
	if b == q.first {
		q.found.Signal()
	}
}

// holderList lists holders: all possible ones, with floats, by name, or given ones. The names of
// nodes are in order, and so are those of floats.
type holderList struct {
	nodes, first int           // floats come before node first
	floats       []int32       // the companies that have one
	given        []exact.Owner // the holders instead; all of them if nodes have names among those of floats
}

func (o *Ownership) holders() holderList {
	g := &o.a.graph
	first, _ := g.IDs.Find(FloatOf(""))
	l := holderList{nodes: g.IDs.Len(), first: int(first)}
	for i := range int32(l.nodes) {
		if g.IssuesShares(i) && g.HasFloat(&g.Capital, i) {
			l.floats = append(l.floats, i)
		}
	}
	if l.first < l.nodes && strings.HasPrefix(g.IDs.At(first), FloatOf("")) {
		all := make([]exact.Owner, l.len())
		for i := range all {
			all[i] = l.at(i)
		}
		slices.SortFunc(all, func(a, b exact.Owner) int { return strings.Compare(o.name(a), o.name(b)) })
		l.given = all
	}
	return l
}

func (l *holderList) len() int {
	if l.given != nil {
		return len(l.given)
	}
	return l.nodes + len(l.floats)
}

// at returns holder i.
func (l *holderList) at(i int) exact.Owner {
	switch {
	case l.given != nil:
		return l.given[i]
	case i < l.first:
		return exact.Owner{Node: int32(i)}
	case i < l.first+len(l.floats):
		return exact.Owner{Node: l.floats[i-l.first], Float: true}
	}
	return exact.Owner{Node: int32(i - len(l.floats))}
}
