package takeover

import (
	"container/heap"
	"context"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Limits are the caps of a [Search]. It is plain data.
type Limits struct {
	Tries  int // questions to the caller
	States int // sets of nodes that the model opens
	// Budget is the highest cost that is of interest, or nil.
	Budget *ratio.Ratio
}

// Result is the answer of a [Search]. It is plain data.
type Result struct {
	Lots  []int64     // of each offer; nil if none were found
	Cost  ratio.Ratio // of Lots
	Bound ratio.Ratio // no lots that win cost less; 0 with Never
	// Never says that no lots win, at any cost. Then there is no Bound.
	Never bool
	// Over says that lots which win, if there are any, cost more than the budget: at least
	// Bound.
	Over    bool
	Stopped Cap // the cap that ended the search, if one did
	Tries   int
}

// Cap names what ended a search.
type Cap string

// These are the caps.
const (
	CapTries  Cap = "tries"
	CapStates Cap = "states"
)

// Optimal reports whether no other lots that win can be cheaper.
func (r *Result) Optimal() bool { return r.Lots != nil && r.Bound.Equal(r.Cost) }

// Caller answers the questions of a [Search] that the model cannot.
type Caller struct {
	// Wins reports whether numbers of lots of each offer, each between 0 and the most, win. It
	// is asked about the same lots only once.
	Wins func(lots []int64) (bool, error)
	// Refine returns a model for numbers of lots within a range, and the offers whose numbers
	// leave it in doubt: with a smaller range of these, the model could be less optimistic. It
	// may be nil. The model has the same nodes and offers. It only needs to be optimistic for
	// these numbers of lots.
	Refine func(low, high []int64) (m *Model, doubts []int)
}

// node is a box with what the model says about it.
type node struct {
	box
	answer
	doubts []int
}

type boxes []*node

func (b boxes) Len() int { return len(b) }
func (b boxes) Less(i, j int) bool {
	if d := b[i].bound.Cmp(b[j].bound); d != 0 {
		return d < 0
	}
	return slices.Compare(b[i].lots, b[j].lots) < 0
}
func (b boxes) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func (b *boxes) Push(x any)   { *b = append(*b, x.(*node)) }
func (b *boxes) Pop() any {
	old := *b
	x := old[len(old)-1]
	*b = old[:len(old)-1]
	return x
}

// searcher is one search.
type searcher struct {
	m      *index
	caller Caller
	limits Limits
	states int
	known  map[string]bool
	open   boxes
	out    Result
}

// Search returns the cheapest lots that win, by the word of the caller, and a lower bound
// of the cost of all that do. It ends with the errors of the caller, and with that of ctx.
func Search(ctx context.Context, m *Model, limits Limits, caller Caller) (Result, error) {
	s := &searcher{m: newIndex(m), caller: caller, limits: limits, states: limits.States, known: map[string]bool{}}
	root := box{make([]int64, len(m.Offers)), make([]int64, len(m.Offers))}
	for k := range m.Offers {
		root.high[k] = m.Offers[k].Most
	}
	if err := s.push(ctx, root); err != nil {
		return Result{}, err
	}
	if len(s.open) == 0 && !s.out.Over {
		s.out.Never = true
		return s.out, nil
	}
	if err := s.run(ctx, root); err != nil {
		return Result{}, err
	}
	return s.out, nil
}

// run looks at the boxes, the cheapest first.
func (s *searcher) run(ctx context.Context, root box) error {
	first := true
	for len(s.open) > 0 {
		n := heap.Pop(&s.open).(*node)
		if s.out.Lots != nil && !n.bound.Less(s.out.Cost) {
			break
		}
		if n.lots == nil {
			s.out.Stopped = CapStates
		}
		won, err := false, error(nil)
		if s.out.Stopped == "" {
			won, err = s.try(n.lots)
		}
		if err != nil {
			return err
		}
		if first && !won {
			// A way that is not the cheapest, so that there is one if the search ends early.
			if err := s.reduce(root.high); err != nil {
				return err
			}
		}
		first = false
		switch {
		case s.out.Stopped != "":
			s.bound(n.bound)
			return nil
		case won && n.cost.Equal(n.bound):
			continue
		}
		if err := s.split(ctx, n); err != nil {
			return err
		}
	}
	switch {
	case s.out.Lots != nil:
		s.out.Bound, s.out.Over = s.out.Cost, false
	case !s.out.Over:
		s.out.Never = true
	}
	return nil
}

// bound sets the bound at the end of a search that is not complete.
func (s *searcher) bound(low ratio.Ratio) {
	s.out.Bound, s.out.Over = low, false
	if s.out.Lots != nil && s.out.Cost.Less(low) {
		s.out.Bound = s.out.Cost
	}
}

// push opens a box, if it can hold something cheaper than what is known.
func (s *searcher) push(ctx context.Context, b box) error {
	m, doubts := s.m, []int(nil)
	if s.caller.Refine != nil {
		var refined *Model
		refined, doubts = s.caller.Refine(b.low, b.high)
		m = newIndex(refined)
	}
	a, err := m.solve(ctx, b, &s.states)
	if err != nil || !a.possible {
		return err
	}
	if s.limits.Budget != nil && s.limits.Budget.Less(a.bound) {
		if !s.out.Over || a.bound.Less(s.out.Bound) {
			s.out.Over, s.out.Bound = true, a.bound
		}
		return nil
	}
	if s.out.Lots == nil || a.bound.Less(s.out.Cost) {
		heap.Push(&s.open, &node{b, a, doubts})
	}
	return nil
}

// split opens the boxes that are left of a box without its lots. If some offers leave the
// model in doubt, these are the two halves by the dearest of them. Otherwise, in the k-th
// two, the offers before k have the same lots, and k has fewer or more.
func (s *searcher) split(ctx context.Context, n *node) error {
	low, high := slices.Clone(n.low), slices.Clone(n.high)
	if k := s.widest(n); k >= 0 {
		middle := low[k] + (high[k]-low[k])/2
		below, above := box{low, slices.Clone(high)}, box{slices.Clone(low), high}
		below.high[k], above.low[k] = middle, middle+1
		if err := s.push(ctx, below); err != nil {
			return err
		}
		return s.push(ctx, above)
	}
	for k, lots := range n.lots {
		if lots > low[k] {
			b := box{slices.Clone(low), slices.Clone(high)}
			b.high[k] = lots - 1
			if err := s.push(ctx, b); err != nil {
				return err
			}
		}
		if lots < high[k] {
			b := box{slices.Clone(low), slices.Clone(high)}
			b.low[k] = lots + 1
			if err := s.push(ctx, b); err != nil {
				return err
			}
		}
		low[k], high[k] = lots, lots
	}
	return nil
}

// widest is the offer in doubt whose lots differ most in cost within a box, or -1.
func (s *searcher) widest(n *node) int {
	best, most := -1, ratio.Ratio{}
	for _, k := range n.doubts {
		wide := n.high[k] - n.low[k]
		if cost := s.m.Offers[k].Cost.Mul(ratio.Int(wide)); wide > 0 && (best < 0 || most.Less(cost)) {
			best, most = k, cost
		}
	}
	return best
}

// try asks whether lots win, and keeps them if they are the cheapest.
func (s *searcher) try(lots []int64) (bool, error) {
	key := make([]byte, 0, 8*len(lots))
	for _, n := range lots {
		for i := range 8 {
			key = append(key, byte(n>>(8*i)))
		}
	}
	if won, ok := s.known[string(key)]; ok {
		return won, nil
	}
	if s.out.Tries >= s.limits.Tries {
		s.out.Stopped = CapTries
		return false, nil
	}
	s.out.Tries++
	won, err := s.caller.Wins(lots)
	if err != nil {
		return false, err
	}
	s.known[string(key)] = won
	cost := s.m.price(lots)
	within := s.limits.Budget == nil || !s.limits.Budget.Less(cost)
	if won && within && (s.out.Lots == nil || cost.Less(s.out.Cost)) {
		s.out.Lots, s.out.Cost = slices.Clone(lots), cost
	}
	return won, nil
}

// reduce begins with lots that win, and lowers each offer's to the least with which they
// still do, the dearest first. If the lots do not win, it does nothing.
func (s *searcher) reduce(lots []int64) error {
	lots = slices.Clone(lots)
	if won, err := s.try(lots); err != nil || !won {
		return err
	}
	order := make([]int, len(lots))
	for k := range order {
		order[k] = k
	}
	total := func(k int) ratio.Ratio { return s.m.Offers[k].Cost.Mul(ratio.Int(lots[k])) }
	slices.SortStableFunc(order, func(a, b int) int { return total(b).Cmp(total(a)) })
	for _, k := range order {
		without, with := int64(-1), lots[k]
		for with-without > 1 && s.out.Stopped != CapTries {
			lots[k] = without + (with-without)/2
			if without < 0 {
				lots[k] = 0 // most offers are not needed at all
			}
			won, err := s.try(lots)
			if err != nil {
				return err
			}
			if won {
				with = lots[k]
			} else {
				without = lots[k]
			}
		}
		lots[k] = with
	}
	return nil
}
