package chart

import (
	"bufio"
	"cmp"
	"fmt"
	"slices"
)

// island is a part of a graph that no edge joins to another.
type island struct {
	nodes []int
	width int // largest number of nodes of one depth
	top   []int
	deep  []int // the nodes at the bottom
	depth int
}

// stack puts islands below one another, in rows that are about as wide as the widest of them, by
// edges that are not seen. Without them Graphviz puts all into one row.
func (g *graph) stack(out *bufio.Writer) {
	list := g.islands()
	if len(list) < 2 {
		return
	}
	// The largest has a row of its own if it is wide, and the others share rows of like width.
	width, rest := max(list[0].width, 6), 0
	for _, x := range list[1:] {
		rest += x.width
	}
	count := (rest + width - 1) / width
	width = (rest + count - 1) / count
	row, used := []island{}, 0
	var above []foot
	finish := func() {
		for i, x := range row {
			if len(above) == 0 {
				break
			}
			on := above[(2*i+1)*len(above)/(2*len(row))] // those of a row spread over the one above
			for _, n := range x.top {
				fmt.Fprintf(out, "n%d -> n%d [style=invis, weight=0, minlen=%d];\n", on.node, n, on.depth)
			}
		}
		above, row, used = feet(row), row[:0], 0
	}
	for _, x := range list {
		if used > 0 && (used+x.width > width || len(above) == 0 && list[0].width >= width) {
			finish()
		}
		row, used = append(row, x), used+x.width
	}
	finish()
}

// foot is a node at the bottom of a row of islands, and how far below it the next row begins.
type foot struct{ node, depth int }

// feet returns the nodes at the bottoms of the islands of a row.
func feet(row []island) (out []foot) {
	deepest := slices.MaxFunc(row, func(x, y island) int { return cmp.Compare(x.depth, y.depth) }).depth
	for _, x := range row {
		for _, n := range x.deep {
			out = append(out, foot{n, deepest - x.depth + 1})
		}
	}
	return out
}

// islands returns the islands of a graph, the largest first.
func (g *graph) islands() []island {
	below, both, above := make([][]int, len(g.nodes)), make([][]int, len(g.nodes)), make([]int, len(g.nodes))
	for _, e := range g.edges {
		below[e.from] = append(below[e.from], e.to)
		both[e.from], both[e.to] = append(both[e.from], e.to), append(both[e.to], e.from)
		above[e.to]++
	}
	seen := make([]bool, len(g.nodes))
	var out []island
	for i := range g.nodes {
		if seen[i] {
			continue
		}
		x := island{nodes: []int{i}, deep: []int{i}}
		seen[i] = true
		for k := 0; k < len(x.nodes); k++ {
			for _, n := range both[x.nodes[k]] {
				if !seen[n] {
					seen[n] = true
					x.nodes = append(x.nodes, n)
				}
			}
		}
		for _, n := range x.nodes {
			if above[n] == 0 {
				x.top = append(x.top, n)
			}
		}
		if x.top == nil { // a ring
			x.top = x.nodes[:1]
		}
		x.measure(below)
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(x, y island) int { return cmp.Compare(len(y.nodes), len(x.nodes)) })
	return out
}

// measure finds the depths of the nodes of an island, by the shortest way from the top.
func (x *island) measure(below [][]int) {
	seen := map[int]bool{}
	for level := x.top; len(level) > 0; x.depth++ {
		var next, fresh []int
		for _, i := range level {
			if !seen[i] {
				seen[i] = true
				fresh = append(fresh, i)
				next = append(next, below[i]...)
			}
		}
		if fresh == nil {
			break
		}
		x.deep, x.width = fresh, max(x.width, len(fresh))
		level = next
	}
}
