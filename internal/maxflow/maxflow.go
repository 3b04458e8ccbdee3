// Package maxflow finds the largest flow through a network in exact fractions, by the method of
// E. A. Dinic (1970).
package maxflow

import "github.com/crossholding/crossholding/ratio"

// Network is a directed graph of nodes from 0, whose edges have capacities. The zero value has no
// edges. It is not for concurrent use.
type Network struct {
	edges []edge    // edge i and its opposite i^1 are neighbours
	from  [][]int32 // by node: its edges
	level []int32   // by node: 1 + the edges from the source, or 0
	next  []int32   // by node: the first of its edges that may still lead on
}

type edge struct {
	to   int32
	left ratio.Ratio // of the capacity
}

// Edge adds an edge. A capacity that is not above 0 adds none.
func (n *Network) Edge(from, to int, capacity ratio.Ratio) {
	if capacity.Sign() <= 0 {
		return
	}
	for len(n.from) <= max(from, to) {
		n.from = append(n.from, nil)
	}
	at := int32(len(n.edges))
	n.edges = append(n.edges, edge{int32(to), capacity}, edge{int32(from), ratio.Ratio{}})
	n.from[from] = append(n.from[from], at)
	n.from[to] = append(n.from[to], at+1)
}

// Flow returns the largest flow from one node to another, beyond what flows already.
func (n *Network) Flow(source, sink int) ratio.Ratio {
	var total ratio.Ratio
	for len(n.from) <= max(source, sink) {
		n.from = append(n.from, nil)
	}
	for source != sink && n.levels(source, sink) {
		n.next = make([]int32, len(n.from))
		for path := n.path(source, sink); path != nil; path = n.path(source, sink) {
			total = total.Add(n.push(path))
		}
	}
	return total
}

// Reaches reports whether more could flow from the source of the last Flow to a node. So the nodes
// that it reaches are the side of the source in a smallest cut.
func (n *Network) Reaches(node int) bool { return node < len(n.level) && n.level[node] > 0 }

// levels numbers the nodes by their distance from the source over edges with capacity left. It
// reports whether the sink is among them.
func (n *Network) levels(source, sink int) bool {
	n.level = make([]int32, len(n.from))
	n.level[source] = 1
	line := []int32{int32(source)}
	for at := 0; at < len(line); at++ {
		x := line[at]
		for _, i := range n.from[x] {
			if e := &n.edges[i]; e.left.Sign() > 0 && n.level[e.to] == 0 {
				n.level[e.to] = n.level[x] + 1
				line = append(line, e.to)
			}
		}
	}
	return n.level[sink] > 0
}

// path returns the edges of a shortest path with capacity left, or nil. Edges that lead nowhere
// are not looked at again in this round.
func (n *Network) path(source, sink int) []int32 {
	var path []int32
	for x := int32(source); x != int32(sink); {
		if at := n.next[x]; at < int32(len(n.from[x])) {
			i := n.from[x][at]
			if e := &n.edges[i]; e.left.Sign() > 0 && n.level[e.to] == n.level[x]+1 {
				path = append(path, i)
				x = e.to
			} else {
				n.next[x]++
			}
			continue
		}
		if len(path) == 0 {
			return nil
		}
		i := path[len(path)-1]
		path = path[:len(path)-1]
		x = n.edges[i^1].to
		n.next[x]++
	}
	return path
}

// push lets as much flow along a path as it has room for, and returns it.
func (n *Network) push(path []int32) ratio.Ratio {
	least := n.edges[path[0]].left
	for _, i := range path[1:] {
		if left := n.edges[i].left; left.Less(least) {
			least = left
		}
	}
	for _, i := range path {
		n.edges[i].left = n.edges[i].left.Sub(least)
		n.edges[i^1].left = n.edges[i^1].left.Add(least)
	}
	return least
}
