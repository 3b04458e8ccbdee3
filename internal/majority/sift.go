package majority

import (
	"runtime"

	"github.com/crossholding/crossholding/internal/progress"
)

// prune frees open meetings that cannot be carried: of those that no one can
// control, a group has one at most, its seed; so the greatest of their votes
// and all votes of those who may be controlled are the most any group casts.
func (b *planter) prune() error {
	b.stage, b.openTotal = progress.Start(b.ctx, "joint control", len(b.open), 1<<10), len(b.open)
	return b.sift(nil, func(_ *abacus, y int32) int32 {
		if b.hopeful(y) {
			return openMark
		}
		return Nobody
	})
}

// sift asks for a verdict on every open node, again while most leave:
// openMark to ask later, Nobody if it is free, else the node to link it below.
// All verdicts of a round rest on the round before. If ahead is not nil it is
// told which nodes come next.
func (b *planter) sift(ahead func(open []int32), verdict func(a *abacus, y int32) int32) error {
	verdicts := make([]int32, len(b.open))
	for len(b.open) > 0 {
		err := b.share(nil, len(b.open), 1<<10, func(a *abacus, from, to int32) {
			for i := from; i < to; i++ {
				if ahead != nil && (i-from)%readAhead == 0 {
					ahead(b.open[i:min(to, i+readAhead)])
				}
				verdicts[i] = verdict(a, b.open[i])
			}
		})
		if err != nil {
			return err
		}
		kept := b.open[:0]
		for i, y := range b.open {
			switch p := verdicts[i]; p {
			case openMark:
				kept = append(kept, y)
			case Nobody:
				b.nodes[y].parent = Nobody
				b.may[y>>6] &^= 1 << (y & 63)
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

// fetchTops brings the tops of the casters of open meetings into the cache.
func (b *planter) fetchTops(open []int32) {
	m := &b.e.m
	var sum int32
	for _, y := range open {
		from, to := m.ColStart[y], m.ColStart[y+1]
		sum += int32(m.Units[from] + m.Base[y])
		for _, x := range m.Who[from:to] {
			if x != Nobody && b.mayBe(x) {
				sum += b.nodes[x].top
			}
		}
	}
	for _, y := range open {
		for _, x := range m.Who[m.ColStart[y]:m.ColStart[y+1]] {
			if x == Nobody || !b.mayBe(x) {
				continue
			}
			if t := b.nodes[x].top; b.mayBe(t) {
				sum += b.nodes[t].parent
			}
		}
	}
	runtime.KeepAlive(sum)
}

// hopeful reports whether some group might carry the open meeting y.
func (b *planter) hopeful(y int32) bool {
	m := &b.e.m
	if b.e.wide(y) != nil {
		return true
	}
	need := b.rule.needed(m.Base[y])
	from, to := m.ColStart[y], m.ColStart[y+1]
	var controlled, alone, most int64
	last := int32(Nobody)
	for i, x := range m.Who[from:to] {
		if x == Nobody || x == y {
			continue
		}
		u := m.Units[int(from)+i]
		if x < last {
			return true // a caster may come again: not worth finding out here
		}
		switch {
		case b.mayBe(x):
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
