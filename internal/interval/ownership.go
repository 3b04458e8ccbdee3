package interval

import (
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// Ownership is what one holder owns of one company over all completions.
type Ownership struct {
	Integrated   ratio.Interval // direct and through others, loops counted in full
	FirstPassage ratio.Interval // the same, no path through the holder counted twice
}

// Ownership works out both intervals of what who owns of company j.
//
// For an owner outside, Y(i,j) is the probability that a walk from j, stepping
// from a company to one of its holders with the probability of its share, ends
// at i. For a company i the walk stops there: it is then the first-passage
// ownership F(i,j) of Baldone, Brioschi and Paleari, and with R the
// probability of coming back to i, V(i,i) = 1/(1-R), so that Y(i,j) =
// F(i,j)/(1-R) and Y(i,i) = R/(1-R). Neither F nor the part of R beyond the
// first step looks at the stakes in i itself, and one completion of the others
// is extreme for all starts at once, so both factors take their extremes
// together.
//
// The least is worked out as 1 less the most that can end elsewhere: without a
// closed ring the walk ends with certainty.
func (m *Model) Ownership(ctx context.Context, who exact.Owner, j int32) (Ownership, error) {
	stop := int32(graph.None)
	if !who.Float && m.PaysDividends(who.Node) {
		stop = who.Node
	}
	w := m.walk(stop, j)
	here, back, err := w.most(ctx, goal{who, false}, j)
	if err != nil {
		return Ownership{}, err
	}
	elsewhere, away, err := w.most(ctx, goal{who, true}, j)
	if err != nil {
		return Ownership{}, err
	}
	if stop == j {
		here, elsewhere = back, away
		// To come back with certainty is to own oneself in a closed ring.
		here.reached = here.reached && here.most.Less(ratio.Int(1))
	}
	first := between(elsewhere, here)
	if stop == graph.None {
		return Ownership{first, first}, nil
	}
	return Ownership{loops(first, away, back), first}, nil
}

// Owners returns everyone who may own something of company c: floats, then
// parties and companies, each in a fixed order.
func (m *Model) Owners(c int32) []exact.Owner {
	holders := map[int32]bool{}
	var out []exact.Owner
	for _, k := range m.walk(graph.None, c).nodes {
		out = append(out, exact.Owner{Node: k, Float: true})
		for s := range m.Stakes(k).All() {
			if s.Hi.Sign() > 0 {
				holders[s.Owner] = true
			}
		}
	}
	for _, i := range slices.Sorted(maps.Keys(holders)) {
		out = append(out, exact.Owner{Node: i})
	}
	return out
}

// between is the interval from what cannot end elsewhere to what can end here.
func between(elsewhere, here chance) ratio.Interval {
	v := ratio.Interval{Lo: ratio.Int(1).Sub(elsewhere.most), Hi: here.most, LoOpen: !elsewhere.reached, HiOpen: !here.reached}
	if v.IsExact() { // then every completion reaches it
		v.LoOpen, v.HiOpen = false, false
	}
	return v
}

// loops divides first-passage ownership by the probability of not coming back
// to the holder: away at most, and 1 less back at least.
func loops(first ratio.Interval, away, back chance) ratio.Interval {
	out := first
	if !first.Lo.IsZero() {
		out.Lo = first.Lo.Div(away.most)
		out.LoOpen = first.LoOpen || !away.reached
	}
	switch stays := ratio.Int(1).Sub(back.most); {
	case first.Hi.IsZero():
	case stays.IsZero():
		out.Hi, out.HiOpen, out.Unbounded = ratio.Ratio{}, false, true
	default:
		out.Hi = first.Hi.Div(stays)
		out.HiOpen = first.HiOpen || !back.reached
	}
	if out.IsExact() {
		out.LoOpen, out.HiOpen = false, false
	}
	return out
}
