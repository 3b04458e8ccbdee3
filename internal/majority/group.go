package majority

import (
	"context"
	"iter"
	"math/bits"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/progress"
)

// Group is a set of seeds with all nodes that they control together: the least set that
// contains the seeds, every meeting in which the votes of the set pass the rule, and every
// node that the set controls by a fact of the rule. It is immutable and safe for
// concurrent use. [Engine.Group] makes it.
type Group struct {
	e       *Engine
	rule    compiled
	leaders *Forest // nil without a presumption
	seeds   int
	members []Member

	once   sync.Once
	places []int32 // a hash table of the members: positions plus 1, or 0
}

// Member is a node of a group: a seed, with Level 0, or a node that the members of lower
// levels control. Level is the smallest number of rounds of control that reach it. Votes is
// the number of votes that the members of lower levels cast in its meeting. Fact is the
// fact by which they control it, or None if these votes are enough.
type Member struct {
	Node, Level int32
	Votes       Amount
	Fact        int32
}

// checkEvery is the number of entries that are read between two checks of the context.
// This is about a millisecond if each entry misses the cache.
const checkEvery = 1 << 14

// Levels of nodes that are not members.
const (
	notMember = -1
	pending   = -2 // to be decided at the end of the round
)

// nodeState is the state of a node while a group grows. It is valid only in its epoch.
type nodeState struct {
	votes int64
	epoch uint32
	level int32
}

// scratch is the memory of one call. Epochs avoid clearing it.
type scratch struct {
	cells  []nodeState
	epoch  uint32
	rivals []nodeState // by leader; level is not used
	round  uint32      // epoch of rivals
	next   []int32
	budget int // entries to read before the next check of the context

	fetched int64 // what fetch has read, in no sense
}

func (e *Engine) scratch() *scratch {
	s, _ := e.pool.Get().(*scratch)
	if s == nil || len(s.cells) != e.n {
		s = &scratch{cells: make([]nodeState, e.n)}
		memory.Advise(s.cells)
	}
	s.epoch++
	if s.epoch == 0 {
		clear(s.cells)
		s.epoch = 1
	}
	return s
}

func (s *scratch) level(x int32) int32 {
	if c := &s.cells[x]; c.epoch == s.epoch {
		return c.level
	}
	return notMember
}

// Group returns all nodes that the seeds control together. A seed that is given twice
// counts once. The time is proportional to the number of entries that the group casts.
// Meetings in big integers, and meetings that only a presumption can decide, are read
// completely in each round that adds votes to them. The result does not depend on the
// order of entries or seeds.
//
// The errors are ErrRule, ErrNode and the cause of ctx. Under a presumption the error can
// also be ErrContested, if ultimate controllers by plain majority need not be unique.
func (e *Engine) Group(ctx context.Context, rule Rule, seeds ...int32) (*Group, error) {
	c, err := e.compile(rule)
	if err != nil {
		return nil, err
	}
	var leaders *Forest
	if c.presume {
		if leaders, err = e.leadersOf(ctx); err != nil {
			return nil, err
		}
	}
	return e.group(ctx, c, leaders, seeds)
}

func (e *Engine) group(ctx context.Context, rule compiled, leaders *Forest, seeds []int32) (*Group, error) {
	if err := e.rows(ctx); err != nil {
		return nil, err
	}
	s := e.scratch()
	defer e.pool.Put(s)
	g := &Group{e: e, rule: rule, leaders: leaders}
	s.next = s.next[:0]
	for _, x := range seeds {
		if x < 0 || int(x) >= e.n {
			return nil, &NodeError{x, e.n}
		}
		if s.level(x) != 0 {
			s.cells[x] = nodeState{epoch: s.epoch}
			s.next = append(s.next, x)
		}
	}
	slices.Sort(s.next)
	g.seeds = len(s.next)
	g.members = make([]Member, 0, max(8, 2*g.seeds))
	for _, x := range s.next {
		g.members = append(g.members, Member{Node: x, Fact: None})
	}
	for from, level := 0, int32(1); from < len(g.members); level++ {
		last := g.members[from:]
		from = len(g.members)
		factual := rule.facts.factual(s, last)
		if err := e.cast(ctx, s, rule, last); err != nil {
			return nil, err
		}
		slices.Sort(s.next)
		for _, y := range s.next {
			if votes, ok := e.decide(s, g, y); ok {
				g.members = append(g.members, Member{y, level, votes, None})
			} else {
				s.cells[y].level = notMember
			}
		}
		if len(factual) > 0 {
			e.join(s, g, level, factual)
			slices.SortFunc(g.members[from:], func(a, b Member) int { return int(a.Node) - int(b.Node) })
		}
		for _, m := range g.members[from:] {
			s.cells[m.Node].level = level
		}
	}
	if err := stopped(ctx); err != nil {
		return nil, err
	}
	return g, nil
}

// join adds the nodes that members control by fact, without those that they control by
// votes too.
func (e *Engine) join(s *scratch, g *Group, level int32, factual []joined) {
	for _, j := range factual {
		if s.level(j.node) == pending { // it passed by votes
			continue
		}
		t := Amount{}
		if c := &s.cells[j.node]; c.epoch != s.epoch {
			*c = nodeState{epoch: s.epoch, level: notMember}
		} else if e.wide(j.node) == nil {
			t.Units = c.votes
		}
		if e.wide(j.node) != nil {
			t = e.tally(s, g, j.node, func(x int32) bool { return s.level(x) >= 0 }).Votes
		}
		g.members = append(g.members, Member{j.node, level, t, j.fact})
	}
}

// cast adds the votes of the members that have just joined. It puts the meetings that
// these votes may decide into s.next.
func (e *Engine) cast(ctx context.Context, s *scratch, rule compiled, joined []Member) error {
	s.next = s.next[:0]
	units, base := e.m.Units, e.m.Base
	for i := range joined {
		x := joined[i].Node
		row := e.rowEntry[e.rowStart[x]:e.rowStart[x+1]]
		for len(row) > 0 {
			if s.budget <= 0 {
				if err := stopped(ctx); err != nil {
					return err
				}
				s.budget = checkEvery
			}
			part := row[:min(len(row), s.budget, fetched)]
			row = row[len(part):]
			s.budget -= len(part)
			e.fetch(s, part)
			for _, k := range part {
				y := e.entryCol[k]
				c := &s.cells[y]
				if c.epoch != s.epoch {
					*c = nodeState{epoch: s.epoch, level: notMember}
				}
				if c.level >= 0 {
					continue
				}
				c.votes = add(c.votes, units[k])
				if c.level == notMember && (e.wide(y) != nil || rule.mayPass(c.votes, base[y])) {
					c.level = pending
					s.next = append(s.next, y)
				}
			}
		}
	}
	return nil
}

const (
	// fetched is the number of entries that are fetched at once.
	fetched = 64
	// inCaches is the number of nodes below which the caches hold all that cast needs.
	inCaches = 1 << 14
)

// fetch reads what cast needs of some entries into the caches of the processor. The reads
// do not wait for one another, as those of cast do because of its branches: in a row of
// entries far apart, this is faster.
func (e *Engine) fetch(s *scratch, entries []int32) {
	if len(entries) < 4 || e.n < inCaches {
		return
	}
	var columns [fetched]int32
	var sum int64
	for i, k := range entries {
		columns[i] = e.entryCol[k]
		sum += e.m.Units[k]
	}
	for _, y := range columns[:len(entries)] {
		sum += e.m.Base[y] + s.cells[y].votes
	}
	s.fetched = sum
}

// mayPass reports whether the votes pass if no other group has as many.
func (c *compiled) mayPass(votes, base int64) bool {
	return c.main.passes(votes, base) || c.presume && c.presumed.passes(votes, base)
}

// decide reports whether the members so far control y, and with how many votes.
func (e *Engine) decide(s *scratch, g *Group, y int32) (Amount, bool) {
	if e.wide(y) == nil {
		votes := Amount{Units: s.cells[y].votes}
		if !g.rule.presume || g.rule.main.passes(votes.Units, e.m.Base[y]) {
			return votes, true
		}
	}
	t := e.tally(s, g, y, func(x int32) bool { return s.level(x) >= 0 })
	return t.Votes, t.passes(&g.rule)
}

// Members returns the group in order of joining: the seeds, then level by level. Within a
// level the order is by node.
func (g *Group) Members() iter.Seq[Member] { return slices.Values(g.members) }

// Controlled returns the members without the seeds.
func (g *Group) Controlled() iter.Seq[Member] { return slices.Values(g.members[g.seeds:]) }

// Len returns the number of members, with the seeds.
func (g *Group) Len() int { return len(g.members) }

// Seeds returns the number of seeds.
func (g *Group) Seeds() int { return g.seeds }

// Has reports whether x is a seed or controlled.
func (g *Group) Has(x int32) bool { return g.find(x) >= 0 }

// Controls reports whether the seeds control y. It returns false for a seed.
func (g *Group) Controls(y int32) bool { return g.find(y) >= g.seeds }

// Member returns node x as a member.
func (g *Group) Member(x int32) (Member, bool) {
	if i := g.find(x); i >= 0 {
		return g.members[i], true
	}
	return Member{}, false
}

// find returns the position of x among the members, or -1.
func (g *Group) find(x int32) int {
	if len(g.members) <= 16 {
		for i := range g.members {
			if g.members[i].Node == x {
				return i
			}
		}
		return -1
	}
	g.once.Do(g.index)
	for i := g.slot(x); ; i = (i + 1) & (len(g.places) - 1) {
		if at := int(g.places[i]) - 1; at < 0 || g.members[at].Node == x {
			return at
		}
	}
}

// index fills the places. At most half of them are taken.
func (g *Group) index() {
	g.places = make([]int32, 1<<bits.Len(uint(2*len(g.members))))
	for at, m := range g.members {
		i := g.slot(m.Node)
		for g.places[i] != 0 {
			i = (i + 1) & (len(g.places) - 1)
		}
		g.places[i] = int32(at + 1)
	}
}

// slot returns the place at which the search for a node begins, by Fibonacci hashing.
func (g *Group) slot(x int32) int {
	return int(uint32(x) * 0x9e3779b9 >> (33 - bits.Len(uint(len(g.places)))))
}

// All returns the group of every node that controls another, in order of node. If there
// are more than limit control relations, the last error is ErrCap. If ctx is done, the last
// error is the cause of ctx. A group is nil if its error is not nil. The time is that of one
// Group for each node. In deep pyramids this is far more than the time of Forest. Use All
// if the controllers of a company need not form a chain.
func (e *Engine) All(ctx context.Context, rule Rule, limit int) iter.Seq2[*Group, error] {
	return func(yield func(*Group, error) bool) {
		c, err := e.compile(rule)
		var leaders *Forest
		if err == nil && c.presume {
			leaders, err = e.leadersOf(ctx)
		}
		if err == nil {
			err = e.rows(ctx)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		found := 0
		seed := make([]int32, 1)
		stage := progress.Start(ctx, "groups", e.n, checkEvery)
		for x := range int32(e.n) {
			stage.At(int(x))
			if e.rowStart[x] == e.rowStart[x+1] && len(c.facts.By(x)) == 0 {
				continue
			}
			seed[0] = x
			g, err := e.group(ctx, c, leaders, seed)
			if err == nil && g.Len() > 1 {
				if found += g.Len() - 1; found > limit {
					g, err = nil, &CapError{limit}
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if g.Len() > 1 && !yield(g, nil) {
				return
			}
		}
		stage.End()
	}
}
