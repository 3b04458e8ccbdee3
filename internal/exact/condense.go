package exact

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// Condensation lists the strongly connected components of the companies, here called
// parts. The part of a holder never comes after the part of an issuer that it holds.
type Condensation struct {
	Part  []int32 // of each node; -1 for an outside owner
	Pos   []int32 // of each company in order
	Order []int32 // companies, each part's members together and ascending
	Start []int32 // part p is Order[Start[p]:Start[p+1]]
	Level []int32 // of each part: 1 more than the highest level of the parts that hold it, or 0; nil after a change

	// companies has a bit for each node, which is set if the node is a
	// company. Unlike the totals, it is small enough to stay in the cache.
	companies []uint64

	multi map[int32]int32 // the index in big of each part of two companies or more
	big   []int32         // the parts of two companies or more
	rings []int32         // the parts that are closed rings
}

// Company reports whether a node is a company.
func (c *Condensation) Company(i int32) bool { return c.companies[i>>6]>>(i&63)&1 != 0 }

// Members returns the companies of a part, ascending.
func (c *Condensation) Members(p int32) []int32 { return c.Order[c.Start[p]:c.Start[p+1]] }

// frame is a company in the search, the search's position in its column, and the level that it
// has by the parts found so far.
type frame struct{ node, next, level int32 }

// condense finds the parts by Tarjan's algorithm (1972), without recursion. It goes from
// issuers to holders, so that parts of holders come first.
func condense(ctx context.Context, s *Solver) (*Condensation, error) {
	n := s.m.Nodes()
	c := &Condensation{Part: make([]int32, n), Pos: make([]int32, n), multi: map[int32]int32{}}
	low := make([]int32, n) // 0 if not seen yet, then the lowest index reached
	var (
		stack []int32
		calls []frame
		seen  int32
	)
	c.companies = make([]uint64, n/64+1)
	companies := 0
	for i := range c.Part {
		c.Part[i] = -1
		if !s.outside(int32(i)) {
			c.companies[i>>6] |= 1 << (i & 63)
			companies++
		}
	}
	stage := progress.Start(ctx, "ownership components", companies, reportEvery)
	for root := range int32(n) {
		if root&0xfff == 0 {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		if low[root] != 0 || !c.Company(root) {
			continue
		}
		calls = append(calls[:0], frame{node: root})
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			if f.next == 0 {
				seen++
				low[f.node], c.Pos[f.node] = seen, seen
				stack = append(stack, f.node)
				if seen&0x7ff == 0 {
					if err := canceled(ctx); err != nil {
						return nil, err
					}
					stage.At(int(seen))
				}
			}
			col := s.Holders(f.node)
			rows := col.Rows
			descend := int32(-1)
			for int(f.next) < len(rows) {
				i := rows[f.next]
				f.next++
				if !c.Company(i) || !col.Held(int(f.next-1)) {
					continue
				}
				if low[i] == 0 {
					descend = i
					break
				}
				if p := c.Part[i]; p >= 0 {
					f.level = max(f.level, c.Level[p]+1)
				} else if low[i] < low[f.node] {
					low[f.node] = low[i]
				}
			}
			if descend >= 0 {
				calls = append(calls, frame{node: descend})
				continue
			}
			k, level := f.node, f.level
			calls = calls[:len(calls)-1]
			if low[k] == c.Pos[k] {
				stack = c.close(stack, k)
				c.Level = append(c.Level, level)
				level++
			}
			if len(calls) > 0 {
				up := &calls[len(calls)-1]
				up.level = max(up.level, level)
				low[up.node] = min(low[up.node], low[k])
			}
		}
	}
	c.Start = append(c.Start, int32(len(c.Order)))
	for p, k := range c.Order {
		c.Pos[k] = int32(p)
	}
	c.findRings(s)
	stage.End()
	return c, nil
}

// close makes a part of the companies on the stack down to k.
func (c *Condensation) close(stack []int32, k int32) []int32 {
	p, from := int32(len(c.Start)), len(c.Order)
	c.Start = append(c.Start, int32(from))
	for {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		c.Part[i] = p
		c.Order = append(c.Order, i)
		if i == k {
			break
		}
	}
	if len(c.Order)-from > 1 {
		slices.Sort(c.Order[from:])
		c.multi[p] = int32(len(c.big))
		c.big = append(c.big, p)
	}
	return stack
}

// findRings lists the closed rings: parts without a float and without a holder outside.
func (c *Condensation) findRings(s *Solver) {
	for _, p := range c.big {
		if c.closed(s, p) {
			c.rings = append(c.rings, p)
		}
	}
}

func (c *Condensation) closed(s *Solver, p int32) bool {
	for _, k := range c.Members(p) {
		col := s.Holders(k)
		for e, i := range col.Rows {
			if c.Part[i] != p && col.Held(e) {
				return false
			}
		}
		if col.BigLeak().Sign() > 0 {
			return false
		}
	}
	return true
}
