package graph

import (
	"context"

	"github.com/crossholding/crossholding/internal/progress"
)

// Components numbers the strongly connected components of two companies or more, from 1.
// Companies have the same number if they hold shares of one another, directly or through
// others: in their own name, for their own money or with their own vote. A company in no
// such component has 0. The algorithm is Tarjan's (1972), without recursion.
//
// It returns the cause of ctx when ctx is done.
func (g *Graph) Components(ctx context.Context) ([]int32, error) { return g.ComponentsWith(ctx, nil) }

// ComponentsWith is like [Graph.Components], with more links: above lists, for some nodes, others
// that count as their holders. It can join nodes in which nobody holds shares.
func (g *Graph) ComponentsWith(ctx context.Context, above map[int32][]int32) ([]int32, error) {
	const onStack = -1
	n := g.IDs.Len()
	component, seen, low, next := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	roles := [][]int32{g.Holder}
	if !SameArray(g.Beneficiary, g.Holder) {
		roles = append(roles, g.Beneficiary)
	}
	if !SameArray(g.Voter, g.Holder) {
		roles = append(roles, g.Voter)
	}
	s := &searched{g, roles, above, seen, low, next, component}
	var calls, stack []int32
	count, components := int32(0), int32(0)
	stage := progress.Start(ctx, "components", n, 1<<12)
	for root := range int32(n) {
		if seen[root] != 0 || g.Columns[root] == g.Columns[root+1] {
			continue
		}
		calls = append(calls, root)
		for len(calls) > 0 {
			v := calls[len(calls)-1]
			if seen[v] == 0 {
				if count++; count&0xfff == 0 && ctx.Err() != nil {
					return nil, progress.Stopped(ctx, "crossholding")
				}
				stage.At(int(count))
				seen[v], low[v], component[v] = count, count, onStack
				stack = append(stack, v)
			}
			if w := s.unseen(v); w != None {
				calls = append(calls, w)
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				up := calls[len(calls)-1]
				low[up] = min(low[up], low[v])
			}
			if low[v] != seen[v] {
				continue
			}
			top := len(stack) - 1
			if stack[top] == v { // a component of one node
				component[v], stack = 0, stack[:top]
				continue
			}
			components++
			for w := int32(None); w != v; {
				w, stack = stack[len(stack)-1], stack[:len(stack)-1]
				component[w] = components
			}
		}
	}
	stage.End()
	return component, nil
}

// searched is what the search for components knows of the nodes.
type searched struct {
	*Graph
	roles                      [][]int32
	above                      map[int32][]int32
	seen, low, next, component []int32
}

// unseen returns the next holder of v that the search has not visited, or None. It updates
// low[v] by the holders on the search's path.
func (s *searched) unseen(v int32) int32 {
	n := s.Columns[v+1] - s.Columns[v]
	for ; s.next[v] < n; s.next[v]++ {
		e := s.Columns[v] + s.next[v]
		for _, role := range s.roles {
			if w := role[e]; s.visit(v, w) {
				return w // the search reads this stake again afterwards
			}
		}
	}
	if s.above == nil {
		return None
	}
	for more := s.above[v]; int(s.next[v]-n) < len(more); s.next[v]++ {
		if w := more[s.next[v]-n]; s.visit(v, w) {
			return w
		}
	}
	return None
}

// visit reports whether the search must go on from v to a holder w. If w is on its path, it
// updates low[v].
func (s *searched) visit(v, w int32) bool {
	switch {
	case w == None || s.Columns[w] == s.Columns[w+1] && len(s.above[w]) == 0: // an outside owner has no holders
	case s.seen[w] == 0:
		return true
	case s.component[w] < 0:
		s.low[v] = min(s.low[v], s.seen[w])
	}
	return false
}
