package majority

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/progress"
)

// None is the voter of neutral votes. It also stands for a node that does not exist.
const None = -1

// Meetings holds the votes of every meeting, in compressed columns with one column for each
// node. An Engine reads the arrays without a copy. They must not change while it uses
// them. The zero value has no nodes.
//
// The entries of y's meeting are ColStart[y]:ColStart[y+1]. A voter may have several
// entries in one column. The units of a column may add up to more than its base, but not
// to more than 2^63 - 1: such a meeting belongs in Wide.
type Meetings struct {
	ColStart []int32 // first entry of each node's meeting; has one more entry than there are nodes
	Who      []int32 // who casts each entry; None for neutral votes
	Units    []int64 // votes of each entry, at least 0
	Base     []int64 // total of each meeting; 0 means that there is no meeting and no control

	// Wide holds the meetings whose counts do not fit in Units and Base.
	Wide map[int32]*WideColumn

	// The entries by voter: node x casts RowEntry[RowStart[x]:RowStart[x+1]], and entry e
	// belongs to the meeting EntryCol[e]. If they are nil, they are made when needed.
	RowStart, RowEntry, EntryCol []int32

	// Scratch has memory of finished calls. Engines of as many nodes can share it. It may be nil.
	Scratch *sync.Pool
}

// WideColumn is one meeting in big integers. Units are those of the column's entries, in
// their order. The engine does not read Units and Base of this meeting in Meetings.
type WideColumn struct {
	Base  *big.Int
	Units []*big.Int
}

// Amount is a count of votes: Wide if it is not nil, and otherwise Units. The zero value
// is no votes. An amount is immutable.
type Amount struct {
	Units int64
	Wide  *big.Int
}

// Big returns the count as a new big integer.
func (a Amount) Big() *big.Int {
	if a.Wide != nil {
		return new(big.Int).Set(a.Wide)
	}
	return big.NewInt(a.Units)
}

// Engine answers questions of control about one set of meetings. It is safe for concurrent
// use. It keeps what it has made (entries by voter, the majority leaders, memory of
// finished calls) for the next call.
type Engine struct {
	m       Meetings
	n       int
	wideSet []uint64 // bits by the low digits of a meeting's number: only if set can it be in m.Wide; nil if there are none

	locked chan struct{} // a lock for the fields below; a context can end the wait for it

	indexed  atomic.Bool
	rowStart []int32
	rowEntry []int32
	entryCol []int32

	leaders *Forest // see leadersOf

	pool *sync.Pool // of *scratch; engines of meetings with the same nodes share it
}

// New returns an engine for the meetings. It returns an error if the lengths of the arrays
// do not fit. The caller guarantees that the entries name existing nodes and are not
// negative.
func New(m Meetings) (*Engine, error) {
	e := &Engine{m: m, n: len(m.Base), locked: make(chan struct{}, 1), pool: m.Scratch}
	if e.pool == nil {
		e.pool = new(sync.Pool)
	}
	entries := len(m.Who)
	switch {
	case e.n == 0 && len(m.ColStart) == 0 && entries == 0:
		e.m.ColStart = []int32{0}
	case len(m.ColStart) != e.n+1:
		return nil, &ShapeError{"ColStart", len(m.ColStart), e.n + 1}
	case len(m.Units) != entries:
		return nil, &ShapeError{"Units", len(m.Units), entries}
	case int(m.ColStart[e.n]) != entries:
		return nil, &ShapeError{"Who", entries, int(m.ColStart[e.n])}
	case m.RowStart != nil && len(m.RowStart) != e.n+1:
		return nil, &ShapeError{"RowStart", len(m.RowStart), e.n + 1}
	case m.RowStart != nil && int(m.RowStart[e.n]) != len(m.RowEntry):
		return nil, &ShapeError{"RowEntry", len(m.RowEntry), int(m.RowStart[e.n])}
	case m.EntryCol != nil && len(m.EntryCol) != entries:
		return nil, &ShapeError{"EntryCol", len(m.EntryCol), entries}
	}
	if len(m.Wide) > 0 {
		words := 1 << bits.Len(uint(min(8*len(m.Wide), (e.n+63)/64)))
		e.wideSet = make([]uint64, words)
	}
	for y, w := range m.Wide {
		if y < 0 || int(y) >= e.n {
			return nil, &NodeError{y, e.n}
		}
		if want := int(m.ColStart[y+1] - m.ColStart[y]); len(w.Units) != want {
			return nil, &ShapeError{fmt.Sprintf("Wide[%d].Units", y), len(w.Units), want}
		}
		e.wideSet[int(y>>6)&(len(e.wideSet)-1)] |= 1 << (y & 63)
	}
	return e, nil
}

// With returns an engine for the same meetings but those in wide, which have the same voters
// as before and other votes. It shares all arrays with e, so it costs no more than the
// meetings that change. The errors are those of New.
func (e *Engine) With(wide map[int32]*WideColumn) (*Engine, error) {
	m := e.m
	m.Wide = maps.Clone(m.Wide)
	if m.Wide == nil {
		m.Wide = make(map[int32]*WideColumn, len(wide))
	}
	maps.Copy(m.Wide, wide)
	if e.indexed.Load() {
		m.RowStart, m.RowEntry, m.EntryCol = e.rowStart, e.rowEntry, e.entryCol
	}
	out, err := New(m)
	if err == nil {
		out.pool = e.pool
	}
	return out, err
}

// column returns the range of entries of y's meeting.
func (e *Engine) column(y int32) (from, to int32) { return e.m.ColStart[y], e.m.ColStart[y+1] }

// base returns the total that the votes in y are compared with.
func (e *Engine) base(y int32) Amount {
	if w := e.wide(y); w != nil {
		return Amount{Wide: w.Base}
	}
	return Amount{Units: e.m.Base[y]}
}

// wide returns y's meeting in big integers, or nil if it is in machine integers.
func (e *Engine) wide(y int32) *WideColumn {
	if e.wideSet == nil || e.wideSet[int(y>>6)&(len(e.wideSet)-1)]>>(y&63)&1 == 0 {
		return nil
	}
	return e.m.Wide[y]
}

// lock waits until no other goroutine computes the fields that the engine keeps. The caller
// must call done.
func (e *Engine) lock(ctx context.Context) (done func(), err error) {
	select {
	case e.locked <- struct{}{}:
		return func() { <-e.locked }, nil
	case <-ctx.Done():
		return nil, stopped(ctx)
	}
}

// rows makes the entries by voter, if the caller of New has not given them.
func (e *Engine) rows(ctx context.Context) error {
	if e.indexed.Load() {
		return nil
	}
	done, err := e.lock(ctx)
	if err != nil {
		return err
	}
	defer done()
	if e.indexed.Load() {
		return nil
	}
	m := &e.m
	start, entries, column := m.RowStart, m.RowEntry, m.EntryCol
	if column == nil {
		column = make([]int32, len(m.Who))
		for y := range int32(e.n) {
			from, to := e.column(y)
			for k := from; k < to; k++ {
				column[k] = y
			}
		}
	}
	if start == nil {
		if start, entries, err = byVoter(ctx, m.Who, e.n); err != nil {
			return err
		}
	}
	e.rowStart, e.rowEntry, e.entryCol = start, entries, column
	e.indexed.Store(true)
	return nil
}

// Listed reports whether the entries of each voter are known. [Engine.Group] lists them.
func (e *Engine) Listed() bool { return e.m.RowStart != nil || e.indexed.Load() }

// Entries returns the entries of a voter, ascending, without a copy. They must be [Engine.Listed].
func (e *Engine) Entries(x int32) []int32 {
	if e.m.RowStart != nil {
		return e.m.RowEntry[e.m.RowStart[x]:e.m.RowStart[x+1]]
	}
	return e.rowEntry[e.rowStart[x]:e.rowStart[x+1]]
}

// byVoter sorts entry numbers by voter, without neutral votes.
func byVoter(ctx context.Context, who []int32, n int) (start, entries []int32, err error) {
	// Count one slot ahead, so that start is right after the fill below.
	start = make([]int32, n+2)
	for k, x := range who {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, nil, stopped(ctx)
		}
		if x != None {
			start[x+2]++
		}
	}
	for x := range n {
		start[x+2] += start[x+1]
	}
	entries = make([]int32, start[n+1])
	for k, x := range who {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, nil, stopped(ctx)
		}
		if x != None {
			entries[start[x+1]] = int32(k)
			start[x+1]++
		}
	}
	return start[:n+1], entries, nil
}

// add adds counts. If the sum overflows, it returns the largest count, which passes every
// test, as the exact sum would.
func add(a, b int64) int64 {
	if s := a + b; s >= a {
		return s
	}
	return math.MaxInt64
}

// stopped returns the error of a context that is done, and otherwise nil.
func stopped(ctx context.Context) error {
	return progress.Stopped(ctx, "stopped")
}
