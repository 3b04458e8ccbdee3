package interval

import (
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// reached reports whether the most that most found is reached by some
// completion: by a walk from j, and by one from stop after its first step.
//
// In a completion that reaches it, all companies that the walk comes to take a
// step that is worth as much as any on the final values v, by the equation v =
// Tv; and from a set of companies that all take such steps, and leave the set
// in the end, it is reached. So companies are struck out until no more go: one
// that has no best step without open ends and without companies struck out,
// and then those that, even with the widest of such steps, never come to where
// a walk ends. Best steps of one company are a convex set: half way between
// two of them both holders' lists are used, so there is a widest.
//
// Rings that close only through stop are not looked at: an end that could be
// reached only by such a one counts as reached.
func (w *walk) reached(t goal, worth []Linear, r ranks, j int32) (from, back bool) {
	struck := make([]bool, len(w.nodes))
	next := make([][]int, len(w.nodes)) // companies in the widest step
	ends := make([]bool, len(w.nodes))  // whether it may end the walk
	issuers := w.issuers()
	look := make([]int, len(w.nodes)) // companies to look at: all, then those that a struck one holds
	for at := range look {
		look[at] = at
	}
	for len(look) > 0 {
		for len(look) > 0 {
			at := look[len(look)-1]
			look = look[:len(look)-1]
			if struck[at] {
				continue
			}
			var ok bool
			if next[at], ends[at], ok = w.widest(w.nodes[at], worth[at], struck); !ok {
				struck[at] = true
				look = append(look, issuers[at]...)
			}
		}
		for _, at := range strikeRings(struck, next, ends) {
			look = append(look, issuers[at]...)
		}
	}
	if at, ok := w.slot[j]; ok {
		from = !struck[at]
	}
	if w.stop != graph.None {
		_, _, back = w.widest(w.stop, w.order(w.m.Stakes(w.stop), t, r), struck)
	}
	return from, back
}

// issuers lists for each company those in which it may have a stake.
func (w *walk) issuers() [][]int {
	out := make([][]int, len(w.nodes))
	for at, c := range w.nodes {
		for s := range w.m.Stakes(c).All() {
			if h, ok := w.slot[s.Owner]; ok {
				out[h] = append(out[h], at)
			}
		}
	}
	return out
}

// strikeRings strikes out the companies from which no step leads to an end, and
// returns them.
func strikeRings(struck []bool, next [][]int, ends []bool) (some []int) {
	done := make([]bool, len(next))
	for again := true; again; {
		again = false
		for at := len(next) - 1; at >= 0; at-- { // those met last are nearer to where walks end
			if struck[at] || done[at] {
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
		if !struck[at] && !done[at] {
			struck[at] = true
			some = append(some, at)
		}
	}
	return some
}

// widest returns the companies to which the widest of the best steps from c
// leads, and whether it may end the walk; ok is false if there is none without
// open ends and without companies struck out.
func (w *walk) widest(c int32, f Linear, struck []bool) (next []int, ends, ok bool) {
	col := w.m.Stakes(c)
	for i, n := 0, 0; i < len(col.Classes); i++ {
		k := &col.Classes[i]
		from := n
		n += len(k.Stakes)
		if k.Dividend.IsZero() {
			continue // its stakes lead nowhere
		}
		barred := make([]bool, len(k.Stakes))
		for j := range k.Stakes {
			if at, company := w.slot[k.Stakes[j].Owner]; company {
				barred[j] = struck[at]
			}
		}
		filling := filling{k: k, worth: f.Stakes[from:n], float: f.Floats[i]}
		used, float, ok := filling.widest(barred)
		if !ok {
			return nil, false, false
		}
		ends = ends || float
		for j := range used {
			if !used[j] {
				continue
			}
			if at, company := w.slot[k.Stakes[j].Owner]; company {
				next = append(next, at)
			} else {
				ends = true
			}
		}
	}
	return next, ends, true
}

// widest returns which stakes, and whether the float, have a part in the best
// points of the class that touch no open end and give barred stakes nothing;
// ok is false if there are no such points. See spread for what the best points
// are.
func (f *filling) widest(barred []bool) (used []bool, float, ok bool) {
	f.fill()
	used = make([]bool, len(f.k.Stakes))
	for j := range f.k.Stakes {
		if s := &f.k.Stakes[j]; s.IsExact() {
			used[j] = s.Lo.Sign() > 0
			if used[j] && barred[j] {
				return nil, false, false
			}
		}
	}
	float = f.left.Sign() > 0
	rest, span, openHi := f.left, ratio.Ratio{}, false
	level := false
	for _, j := range f.order {
		s := &f.k.Stakes[j]
		used[j] = true
		fails := false
		switch d := f.worth[j].Cmp(f.margin); {
		case d > 0:
			fails = s.HiOpen || barred[j]
		case d < 0:
			used[j] = s.Lo.Sign() > 0
			fails = s.LoOpen || used[j] && barred[j]
		default:
			level = true
			rest = rest.Add(f.point[j].Sub(s.Lo))
			if used[j] = !barred[j]; barred[j] {
				fails = s.LoOpen || s.Lo.Sign() > 0
				break
			}
			span, openHi = span.Add(s.Hi.Sub(s.Lo)), openHi || s.HiOpen
		}
		if fails {
			return nil, false, false
		}
	}
	if level && !float {
		if d := rest.Cmp(span); d > 0 || d == 0 && openHi {
			return nil, false, false
		}
	}
	return used, float, true
}
