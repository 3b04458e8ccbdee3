package takeover

import (
	"container/heap"
	"context"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// box is the numbers of lots of each offer that a search allows.
type box struct {
	low, high []int64
}

// answer is what the model says about a box.
type answer struct {
	possible bool
	bound    ratio.Ratio // no lots of the box that win in the model cost less
	lots     []int64     // lots that win in the model; nil if the search reached its cap
	cost     ratio.Ratio // of lots
}

// index is a model with its lists.
type index struct {
	*Model
	offers [][]int // of each meeting
	votes  [][]int // of each node: the meetings in which it has votes
}

func newIndex(m *Model) *index {
	x := &index{Model: m, offers: make([][]int, len(m.Meetings)), votes: make([][]int, m.Nodes)}
	for k := range m.Offers {
		x.offers[m.Offers[k].Meeting] = append(x.offers[m.Offers[k].Meeting], k)
	}
	for i := range m.Meetings {
		for _, b := range m.Meetings[i].Blocks {
			for _, v := range b.Voters {
				x.votes[v] = append(x.votes[v], i)
			}
		}
	}
	return x
}

// pathfinder looks for the cheapest lots of one box.
type pathfinder struct {
	*index
	box    box
	low    ratio.Ratio // the cost of the fewest lots of the box
	states int         // that may still be opened
	open   frontier
	cost   map[string]ratio.Ratio // the cheapest way to a set
}

// state is a set of controlled nodes with the cheapest way to it that is known.
type state struct {
	has    set
	key    string
	paid   ratio.Ratio
	total  ratio.Ratio // paid and a lower bound of the rest
	from   *state
	bought []purchase // in the last step
	size   int
}

type purchase struct {
	offer int
	lots  int64
}

// frontier is the states that are open, the cheapest first.
type frontier []*state

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	if d := f[i].total.Cmp(f[j].total); d != 0 {
		return d < 0
	}
	if f[i].size != f[j].size {
		return f[i].size > f[j].size
	}
	return f[i].key < f[j].key
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(*state)) }
func (f *frontier) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}

// solve returns the cheapest lots of a box in the model. It takes the states that it opens
// from a budget.
func (x *index) solve(ctx context.Context, b box, budget *int) (answer, error) {
	p := &pathfinder{index: x, box: b, low: x.price(b.low), states: *budget, cost: map[string]ratio.Ratio{}}
	out, err := p.run(ctx)
	*budget = p.states
	return out, err
}

func (p *pathfinder) run(ctx context.Context) (answer, error) {
	start := newSet(p.Nodes)
	for _, i := range p.Start {
		start.add(i)
	}
	p.close(start)
	if !p.push(&state{has: start}) {
		return answer{}, nil
	}
	for len(p.open) > 0 {
		if ctx.Err() != nil {
			return answer{}, progress.Cause(ctx)
		}
		s := heap.Pop(&p.open).(*state)
		switch {
		case p.cost[s.key].Less(s.paid):
			continue
		case s.has.all(p.Targets):
			lots := p.lots(s)
			return answer{true, p.low.Add(s.paid), lots, p.price(lots)}, nil
		case p.states <= 0:
			return answer{possible: true, bound: p.low.Add(s.total)}, nil
		}
		p.states--
		p.expand(s)
	}
	return answer{}, nil
}

// price is the cost of lots.
func (m *Model) price(lots []int64) ratio.Ratio {
	var sum ratio.Ratio
	for k, n := range lots {
		if n > 0 {
			sum = sum.Add(m.Offers[k].Cost.Mul(ratio.Int(n)))
		}
	}
	return sum
}

// push opens a state, unless the set is known at the same cost or the targets cannot be
// reached from it.
func (p *pathfinder) push(s *state) bool {
	s.key = s.has.key()
	if old, ok := p.cost[s.key]; ok && !s.paid.Less(old) {
		return false
	}
	rest, ok := p.rest(s.has)
	if !ok {
		return false
	}
	p.cost[s.key], s.total = s.paid, s.paid.Add(rest)
	heap.Push(&p.open, s)
	return true
}

// close adds the nodes that a set controls without further purchases.
func (p *pathfinder) close(has set) {
	for again := true; again; {
		again = false
		for i := range p.Meetings {
			y := &p.Meetings[i]
			if !has.has(y.Node) && p.passes(p.margin(y, has, p.offers[i], p.box.low)) {
				has.add(y.Node)
				again = true
			}
		}
		for i := range p.Facts {
			f := &p.Facts[i]
			if !has.has(f.Node) && f.met(has) {
				has.add(f.Node)
				again = true
			}
		}
	}
}

// expand opens the states that one more controlled node leads to.
func (p *pathfinder) expand(s *state) {
	for i := range p.Meetings {
		y := &p.Meetings[i]
		if s.has.has(y.Node) {
			continue
		}
		c := p.covering(i, s.has)
		if c == nil {
			continue
		}
		lots, _, least, ok := c.solve()
		if !ok {
			continue
		}
		next := &state{has: append(set{}, s.has...), paid: s.paid.Add(least), from: s, size: s.size + 1}
		for k, n := range lots {
			if n > 0 {
				next.bought = append(next.bought, purchase{c.items[k].offer, n})
			}
		}
		next.has.add(y.Node)
		p.close(next.has)
		p.push(next)
	}
}

// covering is the knapsack of what a set lacks in a meeting, or nil if nothing on offer
// helps.
func (p *pathfinder) covering(meeting int, has set) *covering {
	y := &p.Meetings[meeting]
	var items []item
	for _, k := range p.offers[meeting] {
		o := &p.Offers[k]
		if most := p.box.high[k] - p.box.low[k]; most > 0 {
			if gain := p.gain(o, has); gain.Sign() > 0 {
				items = append(items, item{k, most, o.Cost, gain})
			}
		}
	}
	if len(items) == 0 {
		return nil
	}
	margin, some := p.margin(y, has, p.offers[meeting], p.box.low)
	return newCovering(items, margin.Neg(), !p.Strict && (some || !margin.IsZero()))
}

// lots are the lots of the box with the purchases on the way to a state.
func (p *pathfinder) lots(s *state) []int64 {
	out := append([]int64{}, p.box.low...)
	for ; s != nil; s = s.from {
		for _, b := range s.bought {
			out[b.offer] += b.lots
		}
	}
	return out
}

// rest is a lower bound of what a set must still pay for the targets, or false if they are
// out of reach. The price of a node is what its meeting lacks beside the nodes of a lower
// price, and the highest price among these. The true price is at least that: the purchases
// in the node's own meeting do not help to control the nodes before it. (It is the
// heuristic h-max of Bonet and Geffner, 2001, with purchases.)
func (p *pathfinder) rest(has set) (ratio.Ratio, bool) {
	done := append(set{}, has...)
	best := map[int]ratio.Ratio{} // of nodes that are not done
	stale := make([]bool, len(p.Meetings))
	for i := range stale {
		stale[i] = true
	}
	var level ratio.Ratio
	for !done.all(p.Targets) {
		for i := range p.Meetings {
			if y := &p.Meetings[i]; stale[i] && !done.has(y.Node) {
				stale[i] = false
				if cost, ok := p.lack(i, done); ok {
					lower(best, y.Node, level.Add(cost))
				}
			}
		}
		for i := range p.Facts {
			if f := &p.Facts[i]; !done.has(f.Node) && f.met(done) {
				lower(best, f.Node, level)
			}
		}
		next := -1
		for y, cost := range best {
			if next < 0 || cost.Less(best[next]) || cost.Equal(best[next]) && y < next {
				next = y
			}
		}
		if next < 0 {
			return ratio.Ratio{}, false
		}
		level = ratio.Max(level, best[next])
		delete(best, next)
		done.add(next)
		for _, i := range p.votes[next] {
			stale[i] = true
		}
	}
	return level, true
}

// lack is a lower bound of what a set must pay in a meeting.
func (p *pathfinder) lack(meeting int, has set) (ratio.Ratio, bool) {
	if p.passes(p.margin(&p.Meetings[meeting], has, p.offers[meeting], p.box.low)) {
		return ratio.Ratio{}, true
	}
	c := p.covering(meeting, has)
	if c == nil {
		return ratio.Ratio{}, false
	}
	return c.least()
}

func lower(best map[int]ratio.Ratio, node int, cost ratio.Ratio) {
	if old, ok := best[node]; !ok || cost.Less(old) {
		best[node] = cost
	}
}
