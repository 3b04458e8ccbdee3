package interval

import (
	"github.com/crossholding/crossholding/internal/graph"
)

// attained reports whether some completion attains the probabilities that maximum
// found: the one of walks from j, and the one of walks from stop after at least
// one step.
//
// Let v be the final values, with v = Tv. In a completion that attains v, every
// company that the walk visits takes a step that is best on v. Conversely, a set
// of companies attains v if all take such steps and the walk leaves the set in the
// end. So the search excludes companies until no more are excluded. It excludes a
// company without a best step that touches no open end and leads to no excluded
// company. It also excludes companies from which no best step leads to an end of
// the walk.
//
// The best steps of a company form a convex set. A point half way between two of
// them uses the holders of both. So one best step uses the holders of all, and
// the search looks at that support alone.
//
// The search does not look at rings that close only through stop. An end that
// only such a completion could attain counts as attained.
func (p *process) attained(t target, objectives []Linear, r ranks, j int32) (from, back bool) {
	excluded := make([]bool, len(p.companies))
	next := make([][]int, len(p.companies)) // states in the support of best steps
	ends := make([]bool, len(p.companies))  // whether a best step may end the walk
	issuers := p.issuers()
	queue := make([]int, len(p.companies)) // states to check: all, then those whose companies an excluded one holds
	for at := range queue {
		queue[at] = at
	}
	for len(queue) > 0 {
		for len(queue) > 0 {
			at := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			if excluded[at] {
				continue
			}
			var ok bool
			if next[at], ends[at], ok = p.support(p.companies[at], objectives[at], excluded); !ok {
				excluded[at] = true
				queue = append(queue, issuers[at]...)
			}
		}
		for _, at := range excludeClosed(excluded, next, ends) {
			queue = append(queue, issuers[at]...)
		}
	}
	if at, ok := p.state[j]; ok {
		from = !excluded[at]
	}
	if p.stop != graph.None {
		_, _, back = p.support(p.stop, p.rankObjective(p.model.Stakes(p.stop), t, r), excluded)
	}
	return from, back
}

// issuers returns for each state the states in whose companies it may hold a stake.
func (p *process) issuers() [][]int {
	out := make([][]int, len(p.companies))
	for at, c := range p.companies {
		for s := range p.model.Stakes(c).All() {
			if h, ok := p.state[s.Owner]; ok {
				out[h] = append(out[h], at)
			}
		}
	}
	return out
}

// excludeClosed excludes the states from which no step leads to an end of the
// walk. It returns them.
func excludeClosed(excluded []bool, next [][]int, ends []bool) (some []int) {
	done := make([]bool, len(next))
	for again := true; again; {
		again = false
		for at := len(next) - 1; at >= 0; at-- { // states found last are nearer to the ends of walks
			if excluded[at] || done[at] {
				continue
			}
			done[at] = ends[at]
			for _, n := range next[at] {
				done[at] = done[at] || done[n]
			}
			again = again || done[at]
		}
	}
	for at := range next {
		if !excluded[at] && !done[at] {
			excluded[at] = true
			some = append(some, at)
		}
	}
	return some
}

// support returns the states to which best steps from c lead, and whether one may
// end the walk. It considers the steps that touch no open end and lead to no
// excluded state. The value ok is false if there is no such step.
func (p *process) support(c int32, f Linear, excluded []bool) (next []int, ends, ok bool) {
	set := p.model.Stakes(c)
	for i, n := 0, 0; i < len(set.Classes); i++ {
		k := &set.Classes[i]
		from := n
		n += len(k.Stakes)
		if k.Dividend.IsZero() {
			continue // its stakes receive no dividends
		}
		barred := make([]bool, len(k.Stakes))
		for j := range k.Stakes {
			if at, known := p.state[k.Stakes[j].Owner]; known {
				barred[j] = excluded[at]
			}
		}
		sack := knapsack{class: k, value: f.Stakes[from:n], floatValue: f.Floats[i]}
		used, float, ok := sack.support(barred)
		if !ok {
			return nil, false, false
		}
		ends = ends || float
		for j := range used {
			if !used[j] {
				continue
			}
			if at, known := p.state[k.Stakes[j].Owner]; known {
				next = append(next, at)
			} else {
				ends = true
			}
		}
	}
	return next, ends, true
}
