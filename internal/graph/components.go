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
func (g *Graph) Components(ctx context.Context) ([]int32, error) {
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
			if w := g.unseen(v, roles, seen, low, next, component); w != None {
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

// unseen returns the next holder of v that the search has not visited, or None. It updates
// low[v] by the holders on the search's path.
func (g *Graph) unseen(v int32, roles [][]int32, seen, low, next, component []int32) int32 {
	for ; next[v] < g.Columns[v+1]-g.Columns[v]; next[v]++ {
		e := g.Columns[v] + next[v]
		for _, role := range roles {
			switch w := role[e]; {
			case w == None || g.Columns[w] == g.Columns[w+1]: // an outside owner has no holders
			case seen[w] == 0:
				return w // the search reads this stake again afterwards
			case component[w] < 0:
				low[v] = min(low[v], seen[w])
			}
		}
	}
	return None
}
