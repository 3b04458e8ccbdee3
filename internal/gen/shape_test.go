package gen_test

import (
	"slices"

	"github.com/crossholding/crossholding/internal/gen"
)

// shape is what the tests read off a network without trusting its generator.
type shape struct {
	parts     [][]int32 // strongly connected parts of two or more, each sorted, by first company
	depth     int       // stakes in the longest chain between parts
	ownerless []int32   // companies that nobody outside owns, not even a float
	outDegree []int     // stakes held, by node
	inDegree  []int     // stakes issued, by company
}

// shapeOf measures a network.
func shapeOf(n *gen.Network) shape {
	g := newDigraph(n)
	s := shape{outDegree: make([]int, n.Nodes()), inDegree: make([]int, n.Companies())}
	for k, h := range n.Holder {
		s.outDegree[h]++
		s.inDegree[n.Issuer[k]]++
	}
	order, part := g.condense()
	members := map[int32][]int32{}
	for c, p := range part {
		members[p] = append(members[p], int32(c))
	}
	for _, list := range members {
		if len(list) > 1 {
			s.parts = append(s.parts, list)
		}
	}
	slices.SortFunc(s.parts, func(a, b []int32) int { return int(a[0] - b[0]) })
	height := make([]int, len(members))
	for _, c := range order { // holders before issuers
		for _, issuer := range g.issuers(c) {
			if part[issuer] != part[c] {
				height[part[issuer]] = max(height[part[issuer]], height[part[c]]+1)
			}
		}
	}
	s.depth = slices.Max(height)
	s.ownerless = g.ownerless(n)
	return s
}

// digraph lists the issuers that each company holds.
type digraph struct{ start, to []int32 }

func newDigraph(n *gen.Network) digraph {
	g := digraph{start: make([]int32, n.Companies()+1)}
	for _, h := range n.Holder {
		if int(h) < n.Companies() {
			g.start[h+1]++
		}
	}
	for c := range n.Companies() {
		g.start[c+1] += g.start[c]
	}
	g.to = make([]int32, g.start[n.Companies()])
	next := slices.Clone(g.start)
	for s, h := range n.Holder {
		if int(h) < n.Companies() {
			g.to[next[h]] = n.Issuer[s]
			next[h]++
		}
	}
	return g
}

func (g digraph) issuers(c int32) []int32 { return g.to[g.start[c]:g.start[c+1]] }

// condense numbers the strongly connected parts by Kosaraju's two searches and
// returns the companies with holders before issuers, parts together, and the
// part of each company.
func (g digraph) condense() (order, part []int32) {
	n := len(g.start) - 1
	finished := g.postorder()
	back := digraph{start: make([]int32, n+1), to: make([]int32, len(g.to))}
	for _, c := range g.to {
		back.start[c+1]++
	}
	for c := range n {
		back.start[c+1] += back.start[c]
	}
	next := slices.Clone(back.start)
	for h := range n {
		for _, c := range g.issuers(int32(h)) {
			back.to[next[c]] = int32(h)
			next[c]++
		}
	}
	part = make([]int32, n)
	for c := range part {
		part[c] = -1
	}
	parts := int32(0)
	for _, root := range slices.Backward(finished) {
		if part[root] >= 0 {
			continue
		}
		stack := []int32{root}
		part[root] = parts
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			order = append(order, c)
			for _, h := range back.issuers(c) {
				if part[h] < 0 {
					part[h] = parts
					stack = append(stack, h)
				}
			}
		}
		parts++
	}
	return order, part
}

// postorder returns the companies in the order in which a depth-first search
// leaves them.
func (g digraph) postorder() []int32 {
	n := len(g.start) - 1
	var done, stack []int32
	next := slices.Clone(g.start)
	seen := make([]bool, n)
	for root := range n {
		if seen[root] {
			continue
		}
		seen[root] = true
		stack = append(stack, int32(root))
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			if next[c] == g.start[c+1] {
				done = append(done, c)
				stack = stack[:len(stack)-1]
				continue
			}
			to := g.to[next[c]]
			next[c]++
			if !seen[to] {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
	return done
}

// ownerless lists the companies that no float and no outside holder reaches.
func (g digraph) ownerless(n *gen.Network) []int32 {
	left := make([]int64, n.Companies())
	for c, issued := range n.Issued {
		left[c] = issued - n.Treasury[c]
	}
	owned := make([]bool, n.Companies())
	for s, issuer := range n.Issuer {
		left[issuer] -= n.Shares[s]
		if int(n.Holder[s]) >= n.Companies() {
			owned[issuer] = true
		}
	}
	var stack []int32
	for c := range owned {
		if owned[c] = owned[c] || left[c] > 0; owned[c] {
			stack = append(stack, int32(c))
		}
	}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, issuer := range g.issuers(c) {
			if !owned[issuer] {
				owned[issuer] = true
				stack = append(stack, issuer)
			}
		}
	}
	var list []int32
	for c, is := range owned {
		if !is {
			list = append(list, int32(c))
		}
	}
	return list
}
