package exact

import (
	"context"
	"slices"
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

// Levels returns the levels of the companies.
func (s *Solver) Levels(ctx context.Context) (*Levels, error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	level := c.level
	if level == nil {
		if level, err = s.levelOf(ctx, c); err != nil {
			return nil, err
		}
	}
	l := &Levels{Order: make([]int32, len(c.Order))}
	l.count(c, level)
	aloneAt, bigAt := append([]int32(nil), l.Alone...), append([]int32(nil), l.Start...)
	for _, p := range c.big {
		at := &bigAt[level[p]]
		*at += int32(copy(l.Order[*at:], c.Members(p)))
	}
	alone := slices.Clone(level)
	for _, p := range c.big {
		alone[p] = -1
	}
	for k, p := range c.Part {
		if p >= 0 && alone[p] >= 0 {
			at := &aloneAt[alone[p]]
			l.Order[*at] = int32(k)
			*at++
		}
	}
	return l, canceled(ctx)
}

// count finds where each level begins.
func (l *Levels) count(c *Condensation, level []int32) {
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
func (s *Solver) levelOf(ctx context.Context, c *Condensation) ([]int32, error) {
	level := make([]int32, len(c.Start)-1)
	for at, k := range c.Order {
		if at&0xfff == 0 {
			if err := canceled(ctx); err != nil {
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
