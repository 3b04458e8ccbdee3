package crossholding

import (
	"context"

	"github.com/crossholding/crossholding/internal/progress"
)

// circles numbers the circles of the alliance: companies that hold of one
// another, directly or through others, in name, for their money or with their
// vote, have the same number from 1, and 0 is in no circle. They are the strongly
// connected parts, by Tarjan's algorithm (1972) without recursion.
//
// They are found once and kept; a search that ctx ends leaves it to the next.
func (a *Alliance) circles(ctx context.Context) ([]int32, error) {
	if err := a.once.parts.enter(ctx); err != nil {
		return nil, err
	}
	defer a.once.parts.leave()
	if a.once.part == nil {
		part, err := a.graph.circles(ctx)
		if err != nil {
			return nil, err
		}
		a.once.part = part
	}
	return a.once.part, nil
}

func (g *graph) circles(ctx context.Context) ([]int32, error) {
	const open = -1
	n := len(g.ids)
	part, seen, low, next := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	roles := [][]int32{g.holder}
	if !sameArray(g.owner, g.holder) {
		roles = append(roles, g.owner)
	}
	if !sameArray(g.caster, g.holder) {
		roles = append(roles, g.caster)
	}
	var calls, stack []int32
	count, parts := int32(0), int32(0)
	heard := progress.Start(ctx, "circles", n, 1<<12)
	for root := range int32(n) {
		if seen[root] != 0 || g.columns[root] == g.columns[root+1] {
			continue
		}
		calls = append(calls, root)
		for len(calls) > 0 {
			v := calls[len(calls)-1]
			if seen[v] == 0 {
				if count++; count&0xfff == 0 && ctx.Err() != nil {
					return nil, stopped(ctx)
				}
				heard.At(int(count))
				seen[v], low[v], part[v] = count, count, open
				stack = append(stack, v)
			}
			if w := g.unseen(v, roles, seen, low, next, part); w != nobody {
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
			for w := int32(nobody); w != v; {
				w, stack = stack[len(stack)-1], stack[:len(stack)-1]
				part[w] = parts
			}
		}
	}
	heard.End()
	return part, nil
}

// unseen returns the next holder of v that the search has not been at, or
// nobody. It notes how far back the holders on the search's path reach.
func (g *graph) unseen(v int32, roles [][]int32, seen, low, next, part []int32) int32 {
	for ; next[v] < g.columns[v+1]-g.columns[v]; next[v]++ {
		e := g.columns[v] + next[v]
		for _, role := range roles {
			switch w := role[e]; {
			case w == nobody || g.columns[w] == g.columns[w+1]: // nobody holds of an outside owner
			case seen[w] == 0:
				return w // and this stake is read again afterwards
			case part[w] < 0:
				low[v] = min(low[v], seen[w])
			}
		}
	}
	return nobody
}
