package interval

import (
	"context"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// Ownership is the range of what one holder owns of one company, as fractions
// of the company. It covers the completions without a closed ring. A closed ring
// is a group of companies of which outsiders own nothing. An end is closed if a
// completion attains it. An end is also closed if the only completions that
// attain it have a closed ring through the holder itself.
type Ownership struct {
	// Integrated counts ownership held directly and through others, with loops
	// in full. It has no upper bound if the holder may come to own itself
	// completely.
	Integrated ratio.Interval
	// FirstPassage counts each path only up to the holder's first appearance.
	// It lies within 0 and 1.
	FirstPassage ratio.Interval
}

// Ownership returns the range of what owner who has of company j. It fails with
// [ErrRounds] at the limit of rounds, with the cause of ctx, and with
// [exact.ErrSize] if a fraction exceeds MaxBits.
//
// A walk starts at j. It steps from a company to one of its holders with the
// probability of that holder's share. For an outside owner i, Y(i,j) is the
// probability that the walk ends at i. For a company i the walk stops at i. The
// probability is then the first-passage ownership F(i,j) of Baldone, Brioschi
// and Paleari. Let R be the probability that a walk from i comes back to i. Then
// V(i,i) = 1/(1-R), Y(i,j) = F(i,j)/(1-R) and Y(i,i) = R/(1-R).
//
// F does not depend on the stakes in i. R depends on them by the first step
// only. One completion of the other companies is extreme for all starts at once.
// So F and R take their extremes together.
//
// The least value is 1 minus the greatest probability of an end elsewhere,
// because a walk without a closed ring ends with certainty.
func (m *Model) Ownership(ctx context.Context, who exact.Owner, j int32) (Ownership, error) {
	stop := int32(graph.None)
	if !who.Float && m.PaysDividends(who.Node) {
		stop = who.Node
	}
	p := m.process(stop, j)
	here, back, err := p.maximum(ctx, target{who, false}, j)
	if err != nil {
		return Ownership{}, err
	}
	elsewhere, away, err := p.maximum(ctx, target{who, true}, j)
	if err != nil {
		return Ownership{}, err
	}
	if stop == j {
		here, elsewhere = back, away
		// A company that comes back with certainty owns itself in a closed ring.
		here.attained = here.attained && here.value.Less(ratio.Int(1))
	}
	first := firstPassage(elsewhere, here)
	if stop == graph.None {
		return Ownership{first, first}, nil
	}
	return Ownership{withLoops(first, away, back), first}, nil
}

// firstPassage returns the range of the probability that a walk ends at the
// target. The arguments are the greatest probabilities of an end elsewhere and
// of an end at the target.
func firstPassage(elsewhere, here probability) ratio.Interval {
	v := ratio.Interval{Lo: ratio.Int(1).Sub(elsewhere.value), Hi: here.value, LoOpen: !elsewhere.attained, HiOpen: !here.attained}
	if v.IsExact() { // every completion attains it
		v.LoOpen, v.HiOpen = false, false
	}
	return v
}

// withLoops divides first-passage ownership by the probability that a walk from
// the holder does not come back. That probability is at most away and at least
// 1 minus back.
func withLoops(first ratio.Interval, away, back probability) ratio.Interval {
	out := first
	if !first.Lo.IsZero() {
		out.Lo = first.Lo.Div(away.value)
		out.LoOpen = first.LoOpen || !away.attained
	}
	switch stays := ratio.Int(1).Sub(back.value); {
	case first.Hi.IsZero():
	case stays.IsZero():
		out.Hi, out.HiOpen, out.Unbounded = ratio.Ratio{}, false, true
	default:
		out.Hi = first.Hi.Div(stays)
		out.HiOpen = first.HiOpen || !back.attained
	}
	if out.IsExact() {
		out.LoOpen, out.HiOpen = false, false
	}
	return out
}
