package majority

import (
	"runtime"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// prune decides open meetings that no group can carry. A group has at most one node that
// nobody can control: its seed. So the votes of a group are at most the votes of the largest
// such node plus the votes of all nodes that may be controlled.
func (b *forestBuilder) prune() error {
	b.stage, b.openTotal = progress.Start(b.ctx, "joint control", len(b.open), 1<<10), len(b.open)
	err := b.decideInRounds(nil, func(_ *voteSums, y int32) int32 {
		if b.e.canPass(b.rule, b.controllable, y) {
			return openMark
		}
		return None
	})
	if b.named != nil {
		b.joint = slices.Clone(b.open)
	}
	return err
}

// decideInRounds asks for a decision on every open node, in rounds, as long as most nodes
// are decided in a round. A decision is openMark to ask again later, None if nobody
// controls the node, or the node that it goes below. All decisions of a round use the
// results of the round before. If ahead is not nil, it is told which nodes come next.
func (b *forestBuilder) decideInRounds(ahead func(open []int32), decision func(a *voteSums, y int32) int32) error {
	decisions := make([]int32, len(b.open))
	for len(b.open) > 0 {
		err := parallel(b.ctx, nil, len(b.open), 1<<10, func(a *voteSums, from, to int32) {
			for i := from; i < to; i++ {
				if ahead != nil && (i-from)%readAhead == 0 {
					ahead(b.open[i:min(to, i+readAhead)])
				}
				decisions[i] = decision(a, b.open[i])
			}
		})
		if err != nil {
			return err
		}
		kept := b.open[:0]
		for i, y := range b.open {
			switch p := decisions[i]; p {
			case openMark:
				kept = append(kept, y)
			case None:
				b.nodes[y].parent = None
				if b.named == nil || !b.named.has(y) {
					b.controllable.exclude(y)
				}
			default:
				b.nodes[y].parent, b.nodes[y].top = p, b.nodes[b.nodes[p].top].top
				b.linked = append(b.linked, y)
			}
		}
		left := len(b.open) - len(kept)
		b.open = kept
		b.stage.At(b.openTotal - len(kept))
		if left <= len(kept) {
			break
		}
	}
	return nil
}

// fetchTops loads the tops of the voters of open meetings into the cache.
func (b *forestBuilder) fetchTops(open []int32) {
	m := &b.e.m
	var sum int32
	for _, y := range open {
		from, to := m.ColStart[y], m.ColStart[y+1]
		sum += int32(m.Units[from] + m.Base[y])
		for _, x := range m.Who[from:to] {
			if x != None && b.isControllable(x) {
				sum += b.nodes[x].top
			}
		}
	}
	for _, y := range open {
		for _, x := range m.Who[m.ColStart[y]:m.ColStart[y+1]] {
			if x == None || !b.isControllable(x) {
				continue
			}
			if t := b.nodes[x].top; b.isControllable(t) {
				sum += b.nodes[t].parent
			}
		}
	}
	runtime.KeepAlive(sum)
}

// canPass reports whether some group might carry the meeting y, if the nodes of a set may be
// controlled. It only looks at who the voters are, so it may be wrong if it returns true.
func (e *Engine) canPass(rule threshold, may bitSet, y int32) bool {
	m := &e.m
	if e.wide(y) != nil {
		return true
	}
	need := rule.needed(m.Base[y])
	from, to := m.ColStart[y], m.ColStart[y+1]
	var controlled, alone, most int64
	last := int32(None)
	for i, x := range m.Who[from:to] {
		if x == None || x == y {
			continue
		}
		u := m.Units[int(from)+i]
		if x < last {
			return true // a voter may have several entries; treat the meeting as open
		}
		switch {
		case may.has(x):
			controlled += u
		case x == last:
			alone += u
			most = max(most, alone)
		default:
			alone = u
			most = max(most, alone)
		}
		last = x
	}
	return controlled+most >= need
}
