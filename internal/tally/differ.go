package tally

import (
	"cmp"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/parallel"
)

// block is the number of companies that are compared at once.
const block = 64

// Equal reports whether c counts the same votes of the same graph as t.
func (t *Tally) Equal(c *Tally) bool {
	if t.Graph != c.Graph {
		return false
	}
	for range t.Differing(c) {
		return false
	}
	return true
}

// Differing yields the companies of [Tally.Differ] as it finds them.
func (t *Tally) Differing(c *Tally) iter.Seq[int32] {
	return func(yield func(y int32) bool) { t.differ(c, 0, t.blocks(), yield) }
}

// Differ returns the companies that c, a count of the same graph, does not count as t does, in
// ascending order. It reads all votes, on all processors.
func (t *Tally) Differ(c *Tally) []int32 {
	type part struct {
		from int
		list []int32
	}
	var parts []part
	var lock sync.Mutex
	parallel.Parts(runtime.GOMAXPROCS(0), t.blocks(), func(from, to int) {
		p := part{from: from}
		t.differ(c, from, to, func(y int32) bool {
			p.list = append(p.list, y)
			return true
		})
		lock.Lock()
		defer lock.Unlock()
		parts = append(parts, p)
	})
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.from, b.from) })
	var out []int32
	for _, p := range parts {
		out = append(out, p.list...)
	}
	return out
}

// blocks returns the number of blocks of companies.
func (t *Tally) blocks() int { return (t.Graph.IDs.Len() + block - 1) / block }

// differ calls yield for each company from one block to before another that c does not count as
// t does, in ascending order, until yield returns false.
func (t *Tally) differ(c *Tally, from, to int, yield func(y int32) bool) {
	wide := len(t.meetings.Wide)+len(c.meetings.Wide) > 0
	for i := from; i < to; i++ {
		first, end := int32(i*block), int32(min((i+1)*block, t.Graph.IDs.Len()))
		if t.sameUnits(c, first, end) && !(wide && (t.anyWide(first, end) || c.anyWide(first, end))) {
			continue
		}
		for y := first; y < end; y++ {
			if !t.sameAt(c, y) && !yield(y) {
				return
			}
		}
	}
}

// anyWide reports whether any of the companies from one to before another is counted in big
// integers.
func (t *Tally) anyWide(from, to int32) bool {
	for y := from; y < to; y++ {
		if t.meetings.Wide[y] != nil {
			return true
		}
	}
	return false
}

// sameUnits reports whether the arrays of two counts are equal for the companies from one
// to before another.
func (t *Tally) sameUnits(c *Tally, from, to int32) bool {
	a, b := &t.meetings, &c.meetings
	first, end := t.Graph.Columns[from], t.Graph.Columns[to]
	return slices.Equal(a.Base[from:to], b.Base[from:to]) && slices.Equal(t.scale[from:to], c.scale[from:to]) &&
		slices.Equal(a.Units[first:end], b.Units[first:end]) && (graph.SameArray(a.Who, b.Who) || slices.Equal(a.Who[first:end], b.Who[first:end]))
}

// sameAt compares the votes at y, as fractions if they are not in the same unit.
func (t *Tally) sameAt(c *Tally, y int32) bool {
	if t.scale[y] == c.scale[y] && t.meetings.Wide[y] == nil && c.meetings.Wide[y] == nil {
		return t.sameUnits(c, y, y+1)
	}
	from, to := t.Graph.Column(y)
	if !slices.Equal(t.meetings.Who[from:to], c.meetings.Who[from:to]) || !t.Base(y).Equal(c.Base(y)) {
		return false
	}
	for e := from; e < to; e++ {
		_, have := t.Stake(e)
		if _, other := c.Stake(e); !have.Equal(other) {
			return false
		}
	}
	return true
}
