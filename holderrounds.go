package crossholding

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

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
// of its round were looked at.
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

// eachOf yields an answer for each holder of a list. It asks for some at a time on all processors,
// and for the next ones while the caller looks at an answer. The error is the last: ctx's error when
// ctx is done, or one that is not about the holder.
func eachOf[P any](ctx context.Context, holders holderList, ask askHolder[P]) iter.Seq2[holderAnswer[P], error] {
	return func(yield func(holderAnswer[P], error) bool) {
		heard := progress.Start(ctx, "holders", holders.len(), 1)
		quiet, stop := context.WithCancel(progress.With(ctx, nil))
		var rounds [2]holderRound[P]
		defer func() {
			stop()
			rounds[0].others.Wait()
			rounds[1].others.Wait()
		}()
		round, next := &rounds[0], &rounds[1]
		round.ask, next.ask = ask, ask
		for round.begin(quiet, &holders, 0, 1); round.from < holders.len(); round, next = next, round {
			if round.join(ctx); len(round.found) == 0 { // ctx is done
				yield(holderAnswer[P]{}, stopped(ctx))
				return
			}
			next.begin(quiet, &holders, round.from+len(round.found), 2*len(round.found))
			for i, x := range round.found {
				heard.At(round.from + i)
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
		}
		heard.End()
	}
}

// holderRound asks about some holders that follow one another.
type holderRound[P any] struct {
	ask     askHolder[P]
	holders *holderList
	from    int
	found   []holderAnswer[P]
	space   []holderSpace // of each processor; used again in each round

	taken, rows atomic.Int64
	others      sync.WaitGroup
}

// holderSpace has the answers that one processor found, one after the other.
type holderSpace struct {
	rows      []Interest
	companies []int32
	figures   []int64
	lines     exact.RowSpace
}

// No further holder of a round is taken after so many rows. Two rounds are in memory. The first are
// short, so that who wants few rows waits for few.
const (
	roundHolders = 256
	roundRows    = 1 << 15
)

// begin starts to ask about at most n holders, on all processors but the caller's.
func (r *holderRound[P]) begin(ctx context.Context, holders *holderList, from, n int) {
	n = min(holders.len()-from, roundHolders, n)
	r.holders, r.from = holders, from
	clear(r.found)
	r.found = slices.Grow(r.found[:0], n)[:n]
	r.taken.Store(0)
	r.rows.Store(0)
	workers := max(1, min(runtime.GOMAXPROCS(0), n))
	r.space = append(r.space, make([]holderSpace, max(0, workers-len(r.space)))...)
	for w := 1; w < workers; w++ {
		r.others.Go(func() { r.take(ctx, &r.space[w]) })
	}
}

// join takes part in the round and waits for its end. An answer is missing at the end if ctx is
// done.
func (r *holderRound[P]) join(ctx context.Context) {
	r.take(ctx, &r.space[0])
	r.others.Wait()
	r.found = r.found[:min(int(r.taken.Load()), len(r.found))]
}

func (r *holderRound[P]) take(ctx context.Context, space *holderSpace) {
	space.rows, space.companies, space.figures = space.rows[:0], space.companies[:0], space.figures[:0]
	for ctx.Err() == nil && r.rows.Load() < roundRows {
		i := int(r.taken.Add(1)) - 1
		if i >= len(r.found) {
			return
		}
		x := &r.found[i]
		x.who = r.holders.at(r.from + i)
		var rows int
		x.what, rows, x.err = r.ask(ctx, x.who, space)
		r.rows.Add(int64(rows))
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
