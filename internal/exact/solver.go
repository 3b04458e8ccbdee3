package exact

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/matrix"
)

// Limits limits the work for answers in exact fractions. The zero value has the defaults.
type Limits struct {
	// Bits is the largest size of a common denominator in bits. It is 1<<17
	// if 0. A part of 400 companies with 32-bit totals needs 12,800.
	Bits int
	// TotalBits is the largest size of all the fractions of one answer in
	// bits. It is 2^31-1 (256 MB) if 0.
	TotalBits int
}

func (l Limits) orDefault() Limits {
	if l.Bits == 0 {
		l.Bits = 1 << 17
	}
	if l.TotalBits == 0 {
		l.TotalBits = math.MaxInt32
	}
	return l
}

// Solver answers questions about one [matrix.Matrix]. It computes nothing before the first
// question. It keeps what later questions can use: the strongly connected parts and the
// factors of each. It is safe for concurrent use. [NewSolver] makes it.
type Solver struct {
	m      *matrix.Matrix
	limits Limits
	idx    *lazyIndex

	// These fields are nil if no column was replaced.
	base    *Solver                 // the solver from which [Solver.With] made this one
	over    map[int32]matrix.Column // the columns that replace those of the matrix
	added   map[int32][]addedStake  // the entries of over by holder
	changed []int32                 // the columns replaced since base
	apart   bool                    // the condensation differs from that of base
	dirty   map[int32]bool          // parts with a changed column, if the condensation is that of base

	condensing gate
	cond       atomic.Pointer[Condensation]

	planning gate
	plan     atomic.Pointer[plan]

	parts   sync.Map     // part number to *part
	coned   atomic.Int64 // the nodes and stakes in the cones of the parts
	waked   atomic.Int64 // the companies, stakes and words in the wakes of the parts
	rowed   atomic.Int64 // the values in the rows of the parts
	scratch *sync.Pool
	quick   *sync.Pool
	columns *sync.Pool
}

// lazyIndex is the matrix by holder. The first call of [Solver.indexed] makes it.
type lazyIndex struct {
	making gate
	at     atomic.Pointer[matrix.Index]
}

// indexed makes the matrix by holder if it does not exist yet.
func (s *Solver) Index(ctx context.Context) error {
	if s.idx.at.Load() != nil {
		return nil
	}
	if err := s.idx.making.enter(ctx); err != nil {
		return err
	}
	defer s.idx.making.leave()
	if s.idx.at.Load() != nil {
		return nil
	}
	x, err := s.m.Index(ctx)
	if err == nil {
		s.idx.at.Store(x)
	}
	return err
}

// NewSolver returns a solver for m. m must obey the rules of [matrix.Matrix.Validate] and must
// not change afterwards. NewSolver computes nothing yet.
func NewSolver(m *matrix.Matrix, limits Limits) *Solver {
	return &Solver{
		m: m, limits: limits.orDefault(), idx: &lazyIndex{making: newGate()},
		condensing: newGate(), planning: newGate(), scratch: new(sync.Pool), quick: new(sync.Pool), columns: new(sync.Pool),
	}
}

func (s *Solver) Holders(j int32) matrix.Column {
	if s.over != nil {
		if c, ok := s.over[j]; ok {
			return c
		}
	}
	return s.m.Column(j)
}

func (s *Solver) outside(i int32) bool { return s.m.Total[i] == 0 }

// condensed returns the condensation, which the first call makes. If that call is
// cancelled, a later call makes it.
func (s *Solver) Condensed(ctx context.Context) (*Condensation, error) {
	if c := s.cond.Load(); c != nil {
		return c, nil
	}
	if err := s.condensing.enter(ctx); err != nil {
		return nil, err
	}
	defer s.condensing.leave()
	if c := s.cond.Load(); c != nil {
		return c, nil
	}
	var c *Condensation
	var err error
	if s.base != nil && !s.apart {
		c, err = s.inherit(ctx)
	}
	if c == nil && err == nil {
		c, err = condense(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	s.cond.Store(c)
	return c, nil
}

// Check returns a [RingError] with all closed rings, or nil if there are none. Questions
// that reach no closed ring are answered in both cases.
func (s *Solver) Check(ctx context.Context) error {
	c, err := s.Condensed(ctx)
	if err != nil {
		return err
	}
	return c.ringError(c.rings)
}

// ringError returns the error that lists the given parts, or nil if there are none.
func (c *Condensation) ringError(parts []int32) error {
	if len(parts) == 0 {
		return nil
	}
	e := &RingError{}
	for _, p := range parts {
		e.Rings = append(e.Rings, slices.Clone(c.Members(p)))
	}
	slices.SortFunc(e.Rings, func(a, b []int32) int { return int(a[0]) - int(b[0]) })
	return e
}

// Parts returns the strongly connected parts of two companies or more. The members are in
// ascending order. Parts of holders come before parts of issuers.
func (s *Solver) Parts(ctx context.Context) ([][]int32, error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	parts := make([][]int32, len(c.big))
	for i, p := range c.big {
		parts[i] = slices.Clone(c.Members(p))
	}
	return parts, nil
}

// Owner is one end of a question: a node, or the float of a company.
type Owner struct {
	Node  int32
	Float bool // the float of company Node, not the company
}

func (s *Solver) known(nodes ...int32) error {
	for _, i := range nodes {
		if i < 0 || int(i) >= s.m.Nodes() {
			return fmt.Errorf("%w: %d of %d", ErrNode, i, s.m.Nodes())
		}
	}
	return nil
}

func (s *Solver) knownOwner(o Owner) error {
	if err := s.known(o.Node); err != nil {
		return err
	}
	if o.Float && s.outside(o.Node) {
		return fmt.Errorf("%w: the float of %d, which has no shares", ErrNode, o.Node)
	}
	return nil
}

// reach is the companies that one question reads, in topological order, each with a slot.
// One call uses it at a time and returns it to the pool.
type reach struct {
	stamp []uint32 // of each node: round when touched in this question
	slot  []int32  // of each touched node
	round uint32
	nodes []int32
}

func (s *Solver) newReach() *reach {
	r, _ := s.scratch.Get().(*reach)
	if r == nil {
		r = &reach{stamp: make([]uint32, s.m.Nodes()), slot: make([]int32, s.m.Nodes())}
	}
	r.reset()
	return r
}

func (r *reach) reset() {
	r.round++
	if r.round == 0 { // wrapped: every stamp is stale
		clear(r.stamp)
		r.round = 1
	}
	r.nodes = r.nodes[:0]
}

func (r *reach) has(i int32) bool { return r.stamp[i] == r.round }

func (r *reach) add(i int32) bool {
	if r.stamp[i] == r.round {
		return false
	}
	r.stamp[i] = r.round
	r.nodes = append(r.nodes, i)
	return true
}

// issuers calls yield with each company that i holds, possibly more than once. The matrix
// must be [Solver.indexed].
func (s *Solver) Issuers(i int32, yield func(k int32)) {
	x := s.idx.at.Load()
	for _, e := range x.RowEntry[x.RowStart[i]:x.RowStart[i+1]] {
		k := x.EntryCol[e]
		if s.replaced(k) {
			continue
		}
		if s.m.Units[e] > 0 || s.m.Column(k).Held(int(e-s.m.ColStart[k])) {
			yield(k)
		}
	}
	for _, x := range s.added[i] {
		yield(x.node)
	}
}

func (s *Solver) replaced(k int32) bool {
	if s.over == nil {
		return false
	}
	_, ok := s.over[k]
	return ok
}

// holdings calls yield with each count of units that outside owner i holds, except in wide
// columns.
func (s *Solver) holdings(i int32, yield func(k int32, u int64)) {
	x := s.idx.at.Load()
	for _, e := range x.RowEntry[x.RowStart[i]:x.RowStart[i+1]] {
		if k := x.EntryCol[e]; s.m.Units[e] > 0 && !s.replaced(k) {
			yield(k, s.m.Units[e])
		}
	}
	for _, x := range s.added[i] {
		if col := s.Holders(x.node); col.Wide == nil {
			yield(x.node, col.Units[x.at])
		}
	}
}

// holding calls yield with each count of units above 0 that i holds of k. The column of k
// must not be wide. The matrix must be [Solver.indexed].
func (s *Solver) holding(i, k int32, yield func(u int64)) {
	if s.replaced(k) {
		for _, x := range s.added[i] {
			if x.node == k {
				yield(s.Holders(k).Units[x.at])
			}
		}
		return
	}
	x := s.idx.at.Load()
	held := x.RowEntry[x.RowStart[i]:x.RowStart[i+1]]
	at, _ := slices.BinarySearch(held, s.m.ColStart[k])
	for _, e := range held[at:] {
		if e >= s.m.ColStart[k+1] {
			return
		}
		if s.m.Units[e] > 0 {
			yield(s.m.Units[e])
		}
	}
}

// stakes calls yield with every stake of i. The value units is valid until yield returns,
// and yield must not change it. The matrix must be [Solver.indexed].
func (s *Solver) Stakes(i int32, yield func(k int32, units *big.Int)) {
	var z big.Int
	x := s.idx.at.Load()
	for _, e := range x.RowEntry[x.RowStart[i]:x.RowStart[i+1]] {
		if k := x.EntryCol[e]; !s.replaced(k) {
			yield(k, s.m.Column(k).SetUnits(&z, int(e-s.m.ColStart[k])))
		}
	}
	for _, x := range s.added[i] {
		yield(x.node, s.Holders(x.node).SetUnits(&z, int(x.at)))
	}
}

// down adds every company that from holds, directly or through others. If from is a company
// or its float, down adds that company too.
func (s *Solver) down(ctx context.Context, r *reach, from Owner, within *reach) error {
	if err := s.Index(ctx); err != nil {
		return err
	}
	visit := func(k int32) {
		if within == nil || within.has(k) {
			r.add(k)
		}
	}
	if s.outside(from.Node) {
		s.Issuers(from.Node, visit)
	} else {
		visit(from.Node)
	}
	for at := 0; at < len(r.nodes); at++ {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return err
			}
		}
		s.Issuers(r.nodes[at], visit)
	}
	return nil
}

// up adds company j and every company that holds it, directly or through others.
func (s *Solver) up(ctx context.Context, r *reach, j int32) error {
	r.add(j)
	for at, work := 0, 0; at < len(r.nodes); at++ {
		col := s.Holders(r.nodes[at])
		if work += len(col.Rows); work > 1<<16 {
			work = 0
			if err := canceled(ctx); err != nil {
				return err
			}
		}
		for e, i := range col.Rows {
			if !s.outside(i) && col.Held(e) {
				r.add(i)
			}
		}
	}
	return nil
}

// arrange sorts the companies topologically, gives them slots, and returns an error if
// there are closed rings among them.
func (r *reach) arrange(c *Condensation) error {
	for at, k := range r.nodes {
		r.nodes[at] = c.Pos[k]
	}
	slices.Sort(r.nodes)
	for at, pos := range r.nodes {
		k := c.Order[pos]
		r.nodes[at] = k
		r.slot[k] = int32(at)
	}
	return r.closedRings(c)
}

// closedRings returns an error if there are closed rings among the companies.
func (r *reach) closedRings(c *Condensation) error {
	var rings []int32
	for _, p := range c.rings {
		if r.has(c.Order[c.Start[p]]) {
			rings = append(rings, p)
		}
	}
	return c.ringError(rings)
}

// total returns company k's total. The result has no meaning if the column is wide.
func (s *Solver) total(k int32) int64 { return s.Holders(k).Total }
