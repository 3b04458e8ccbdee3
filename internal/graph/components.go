package graph

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding/internal/progress"
)

// Components numbers the strongly connected components of two companies or more:
// companies that hold of one another, directly or through others, in name, for
// their money or with their vote, have the same number from 1. A company in no
// such component has 0. It is Tarjan's algorithm (1972) without recursion.
//
// It fails with ctx's error when ctx is done.
func (g *Graph) Components(ctx context.Context) ([]int32, error) {
	const open = -1
	n := len(g.IDs)
	part, seen, low, next := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	roles := [][]int32{g.Holder}
	if !SameArray(g.Beneficiary, g.Holder) {
		roles = append(roles, g.Beneficiary)
	}
	if !SameArray(g.Voter, g.Holder) {
		roles = append(roles, g.Voter)
	}
	var calls, stack []int32
	count, parts := int32(0), int32(0)
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
					return nil, fmt.Errorf("crossholding: %w", context.Cause(ctx))
				}
				stage.At(int(count))
				seen[v], low[v], part[v] = count, count, open
				stack = append(stack, v)
			}
			if w := g.unseen(v, roles, seen, low, next, part); w != None {
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
			if stack[top] == v { // alone
				part[v], stack = 0, stack[:top]
				continue
			}
			parts++
			for w := int32(None); w != v; {
				w, stack = stack[len(stack)-1], stack[:len(stack)-1]
				part[w] = parts
			}
		}
	}
	stage.End()
	return part, nil
}

// unseen returns the next holder of v that the search has not been at, or
// nobody. It notes how far back the holders on the search's path reach.
func (g *Graph) unseen(v int32, roles [][]int32, seen, low, next, part []int32) int32 {
	for ; next[v] < g.Columns[v+1]-g.Columns[v]; next[v]++ {
		e := g.Columns[v] + next[v]
		for _, role := range roles {
			switch w := role[e]; {
			case w == None || g.Columns[w] == g.Columns[w+1]: // nobody holds of an outside owner
			case seen[w] == 0:
				return w // and this stake is read again afterwards
			case part[w] < 0:
				low[v] = min(low[v], seen[w])
			}
		}
	}
	return None
}
