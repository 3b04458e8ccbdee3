package above

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
)

// Levels lists companies so that those of one level do not hold one another, but for members of
// one part. A company is one level after the last of those that hold it.
type Levels struct {
	Order []int32 // the companies of level l are Order[Start[l]:Start[l+1]]
	Start []int32
	// Alone has for each level where in Order the companies begin that are a part each. They
	// ascend. Before them come the parts of two or more, each together.
	Alone []int32
}

// LevelsOf returns the levels of the companies of a solver.
func LevelsOf(ctx context.Context, s *exact.Solver) (*Levels, error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	level := c.Level
	if level == nil {
		if level, err = levelOf(ctx, s, c); err != nil {
			return nil, err
		}
	}
	l := &Levels{Order: make([]int32, len(c.Order))}
	l.count(c, level)
	aloneAt, bigAt := append([]int32(nil), l.Alone...), append([]int32(nil), l.Start...)
	alone := slices.Clone(level)
	for p := range level {
		if members := c.Members(int32(p)); len(members) > 1 {
			at := &bigAt[level[p]]
			*at += int32(copy(l.Order[*at:], members))
			alone[p] = -1
		}
	}
	for k, p := range c.Part {
		if p >= 0 && alone[p] >= 0 {
			at := &aloneAt[alone[p]]
			l.Order[*at] = int32(k)
			*at++
		}
	}
	return l, stopped(ctx)
}

// count finds where each level begins.
func (l *Levels) count(c *exact.Condensation, level []int32) {
	var members, big []int32
	for p, at := range level {
		for int(at) >= len(members) {
			members, big = append(members, 0), append(big, 0)
		}
		n := c.Start[p+1] - c.Start[p]
		members[at] += n
		if n > 1 {
			big[at] += n
		}
	}
	next := int32(0)
	for at, n := range members {
		l.Start, l.Alone = append(l.Start, next), append(l.Alone, next+big[at])
		next += n
	}
	l.Start = append(l.Start, next)
}

// levelOf finds the level of each part.
func levelOf(ctx context.Context, s *exact.Solver, c *exact.Condensation) ([]int32, error) {
	level := make([]int32, len(c.Start)-1)
	for at, k := range c.Order {
		if at&0xfff == 0 {
			if err := stopped(ctx); err != nil {
				return nil, err
			}
		}
		p := c.Part[k]
		col := s.Holders(k)
		for e, h := range col.Rows {
			if q := c.Part[h]; q >= 0 && q != p && col.Held(e) {
				level[p] = max(level[p], level[q]+1)
			}
		}
	}
	return level, nil
}
