package majority

import "slices"

// maxReduction bounds the entries that are read to leave nodes out of one proof. A proof
// that needs more keeps nodes that it could do without.
const maxReduction = 1 << 20

// reduction leaves nodes out of a proof. A step of a proof is minimal by itself, but the
// nodes of other steps may have votes that make one of its nodes needless.
type reduction struct {
	g      *Group
	s      *scratch
	nodes  []int32        // of the proof, without seeds, in the order of their steps
	in     map[int32]bool // the same
	budget int
}

// reduce leaves out every node without which the others still prove control of the last
// step's node.
func (g *Group) reduce(s *scratch, steps []Step) []Step {
	if len(steps) < 3 {
		return steps // the last node and at most one that it needs
	}
	r := &reduction{g: g, s: s, in: map[int32]bool{}, budget: maxReduction}
	for _, step := range steps {
		r.nodes = append(r.nodes, step.Node)
		r.in[step.Node] = true
	}
	target := r.nodes[len(r.nodes)-1]
	needed := r.needed(target)
	reduced := false
	for _, x := range slices.Backward(slices.Clone(r.nodes)) {
		if needed[x] || !r.in[x] {
			continue
		}
		delete(r.in, x)
		if order := r.closure(target); order != nil {
			r.keep(order)
			reduced = true
		} else {
			r.in[x] = true
		}
	}
	if !reduced {
		return steps
	}
	return r.steps()
}

// supports reports whether the nodes that are in control y, by votes or by a fact, which it
// returns.
func (r *reduction) supports(y int32, in func(x int32) bool) (fact int32, ok bool) {
	from, to := r.g.e.column(y)
	r.budget -= int(to - from)
	t := r.g.e.tally(r.s, r.g, y, in)
	if t.passes(&r.g.rule) {
		return None, true
	}
	for _, f := range r.g.rule.facts.On(y) {
		if r.g.rule.facts.met(f, in) {
			return f, true
		}
	}
	return None, false
}

// needed returns nodes that no proof from the present nodes can do without: the target, and
// each node without which all others do not control a needed one.
func (r *reduction) needed(target int32) map[int32]bool {
	out := map[int32]bool{target: true}
	queue := []int32{target}
	for len(queue) > 0 && r.budget > 0 {
		y := queue[0]
		queue = queue[1:]
		for x := range r.voters(y) {
			if out[x] {
				continue
			}
			if _, ok := r.supports(y, func(z int32) bool { return z != x && z != y && r.has(z) }); !ok {
				out[x] = true
				queue = append(queue, x)
			}
		}
	}
	return out
}

// voters returns the nodes of the proof that vote at y's meeting or control it by fact.
func (r *reduction) voters(y int32) map[int32]bool {
	out := map[int32]bool{}
	from, to := r.g.e.column(y)
	for k := from; k < to; k++ {
		if x := r.g.e.m.Who[k]; x != None && x != y && r.in[x] {
			out[x] = true
		}
	}
	for _, f := range r.g.rule.facts.On(y) {
		for _, x := range r.g.rule.facts.Fact(f).Controllers {
			if x != y && r.in[x] {
				out[x] = true
			}
		}
	}
	return out
}

// has reports whether a node is a seed or in the proof.
func (r *reduction) has(x int32) bool {
	i := r.g.find(x)
	return i >= 0 && (i < r.g.seeds || r.in[x])
}

// closure returns the nodes of the proof that the seeds control with them alone, in order of
// joining, up to the target. It returns nil if the target is not among them, or if the
// budget does not suffice.
func (r *reduction) closure(target int32) []int32 {
	joined := map[int32]bool{}
	in := func(x int32) bool {
		i := r.g.find(x)
		return i >= 0 && (i < r.g.seeds || joined[x])
	}
	var order []int32
	for grown := true; grown; {
		grown = false
		for _, y := range r.nodes {
			if !r.in[y] || joined[y] {
				continue
			}
			if r.budget <= 0 {
				return nil
			}
			if _, ok := r.supports(y, in); ok {
				joined[y], grown = true, true
				if order = append(order, y); y == target {
					return order
				}
			}
		}
	}
	return nil
}

// keep makes the proof consist of some of its nodes, in their order.
func (r *reduction) keep(order []int32) {
	r.nodes = order
	clear(r.in)
	for _, x := range order {
		r.in[x] = true
	}
}

// steps returns the steps of the proof.
func (r *reduction) steps() []Step {
	joined := map[int32]bool{}
	in := func(x int32) bool {
		i := r.g.find(x)
		return i >= 0 && (i < r.g.seeds || joined[x])
	}
	var out []Step
	for _, y := range r.nodes {
		fact, _ := r.supports(y, in)
		out = append(out, r.g.step(r.s, y, fact, in))
		joined[y] = true
	}
	return out
}
