package majority

import "slices"

// maxReduction bounds the entries that are read to leave nodes out of one proof. A proof
// that needs more keeps nodes that it could do without.
const maxReduction = 1 << 20

// reduction leaves nodes out of a proof. A step of a proof is minimal by itself, but the
// nodes of other steps may have votes that make one of its nodes needless. Sets of nodes are
// by their positions among the members.
type reduction struct {
	*prover
	nodes  []int32 // of the proof, without seeds, in the order of their steps
	in     []bool  // the same
	joined []bool  // those of it that a closure has reached
	found  []int32 // by voters
	budget int
}

// reduce leaves out every node without which the others still prove control of the last
// step's node.
func (p *prover) reduce(steps []Step) []Step {
	if len(steps) < 3 {
		return steps // the last node and at most one that it needs
	}
	target := steps[len(steps)-1].Node
	n := p.g.find(target) + 1 // no node of the proof joined after it
	r := &reduction{prover: p, nodes: make([]int32, len(steps)), in: make([]bool, n), joined: make([]bool, n), budget: maxReduction}
	for i, step := range steps {
		r.nodes[i] = step.Node
		r.in[p.g.find(step.Node)] = true
	}
	needed := r.needed(target)
	reduced := false
	for _, x := range slices.Backward(slices.Clone(r.nodes)) {
		at := p.g.find(x)
		if needed[at] || !r.in[at] {
			continue
		}
		r.in[at] = false
		if order := r.closure(target); order != nil {
			r.keep(order)
			reduced = true
		} else {
			r.in[at] = true
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
		if r.g.rule.facts.Met(f, in) {
			return f, true
		}
	}
	return None, false
}

// needed returns nodes that no proof from the present nodes can do without: the target, and
// each node without which all others do not control a needed one.
func (r *reduction) needed(target int32) []bool {
	out := make([]bool, len(r.in))
	out[len(out)-1] = true
	for queue := []int32{target}; len(queue) > 0 && r.budget > 0; queue = queue[1:] {
		y := queue[0]
		for _, x := range r.voters(y) {
			at := r.g.find(x)
			if out[at] {
				continue
			}
			if _, ok := r.supports(y, func(z int32) bool { return z != x && z != y && r.has(z) }); !ok {
				out[at] = true
				queue = append(queue, x)
			}
		}
	}
	return out
}

// voters returns the nodes of the proof that vote at y's meeting or control it by fact. A
// node may be there twice. The list is valid until the next call.
func (r *reduction) voters(y int32) []int32 {
	out := r.found[:0]
	add := func(x int32) {
		if x != y && r.at(r.in, x) {
			out = append(out, x)
		}
	}
	from, to := r.g.e.column(y)
	for k := from; k < to; k++ {
		if x := r.g.e.m.Who[k]; x != None {
			add(x)
		}
	}
	for _, f := range r.g.rule.facts.On(y) {
		for _, x := range r.g.rule.facts.Fact(f).Controllers {
			add(x)
		}
	}
	r.found = out
	return out
}

// at reports whether a node is in a set.
func (r *reduction) at(set []bool, x int32) bool {
	i := r.g.find(x)
	return i >= 0 && i < len(set) && set[i]
}

// has reports whether a node is a seed or in the proof.
func (r *reduction) has(x int32) bool {
	i := r.g.find(x)
	return i >= 0 && i < len(r.in) && (i < r.g.seeds || r.in[i])
}

// reached reports whether a node is a seed or has joined.
func (r *reduction) reached(x int32) bool {
	i := r.g.find(x)
	return i >= 0 && i < len(r.joined) && (i < r.g.seeds || r.joined[i])
}

// closure returns the nodes of the proof that the seeds control with them alone, in order of
// joining, up to the target. It returns nil if the target is not among them, or if the
// budget does not suffice.
func (r *reduction) closure(target int32) []int32 {
	r.begin()
	var order []int32
	for grown := true; grown; {
		grown = false
		for _, y := range r.nodes {
			if !r.at(r.in, y) || r.at(r.joined, y) {
				continue
			}
			if r.budget <= 0 {
				return nil
			}
			if _, ok := r.supports(y, r.reached); ok {
				r.joined[r.g.find(y)], grown = true, true
				if order = append(order, y); y == target {
					return order
				}
			}
		}
	}
	return nil
}

// begin forgets what a closure has reached.
func (r *reduction) begin() {
	for _, x := range r.nodes {
		r.joined[r.g.find(x)] = false
	}
}

// keep makes the proof consist of some of its nodes, in their order.
func (r *reduction) keep(order []int32) {
	for _, x := range r.nodes {
		r.in[r.g.find(x)] = false
	}
	r.nodes = order
	for _, x := range order {
		r.in[r.g.find(x)] = true
	}
}

// steps returns the steps of the proof.
func (r *reduction) steps() []Step {
	r.begin()
	var out []Step
	for _, y := range r.nodes {
		fact, _ := r.supports(y, r.reached)
		out = append(out, r.step(y, fact, r.reached))
		r.joined[r.g.find(y)] = true
	}
	return out
}
