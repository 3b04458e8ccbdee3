package attribution

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// deem is a [law.DeemedRule] as a key. The zero value deems nothing.
type deem struct {
	num, den                           int64
	atLeast, once, associates, largest bool
}

func deemOf(r *law.DeemedRule) deem {
	num, den, _ := r.Share.Small() // a checked rule's share is small
	return deem{num, den, r.AtLeast, r.Once, r.Associates, r.Largest}
}

func (d deem) share() ratio.Ratio { return ratio.Of(d.num, d.den) }

// rule returns the rule of control that deems, if it passes through companies again and again.
func (d deem) rule() crossholding.Rule {
	if d.largest {
		return crossholding.Rule{Presumed: d.share(), Facts: true}
	}
	return crossholding.Rule{Threshold: d.share(), AtLeast: d.atLeast, Facts: true}
}

// deemer is a question that is asked once: what a node is deemed to hold through.
type deemer struct {
	deem deem
	who  int32
}

// Deem makes a state count what companies have of which a holder has enough votes, where one of
// the rules counts it.
func (s *State) Deem(rules []law.Threshold) {
	for i := range rules {
		if slices.Contains(rules[i].Counts, law.ThroughStakes) {
			s.deeming = append(s.deeming, rules[i])
		}
	}
}

// deemsAt lists the ways of deeming under which a company is, each once.
func (s *State) deemsAt(company int32) (out []deem) {
	if len(s.deeming) == 0 {
		return nil
	}
	issuer, ok := s.Graph.Law(company)
	if !ok {
		return nil
	}
	for i := range s.deeming {
		d := deemOf(&s.deeming[i].Deemed)
		if s.deeming[i].Reaches(&issuer, s.Day()) && !slices.Contains(out, d) && (!d.largest || s.presumes(d, company)) {
			out = append(out, d)
		}
	}
	return out
}

// listDeemed lists the companies under some way of deeming.
func (s *State) listDeemed(out []int32) []int32 {
	if len(s.deeming) == 0 {
		return out
	}
	for y := range int32(s.Graph.Len()) {
		if len(s.deemsAt(y)) > 0 {
			out = append(out, y)
		}
	}
	return out
}

// deemers lists who is deemed to have what y has, ascending.
func (s *State) deemers(ctx context.Context, d deem, y int32) ([]int32, error) {
	if !s.Graph.HasShares(y) {
		return nil, nil // it has no votes
	}
	if d.once {
		return s.deemedOnce(d, y), nil
	}
	above, err := s.presumers(d), error(nil)
	if !d.largest {
		if above, err = s.tally.Upstream(ctx, y); err != nil {
			return nil, err
		}
	}
	var out []int32
	for _, x := range above {
		if x == y {
			continue
		}
		key := deemer{d, x}
		g := s.deemed[key]
		if g == nil {
			if g, err = s.tally.Group(ctx, d.rule(), x); err != nil {
				return nil, err
			}
			if s.deemed == nil {
				s.deemed = map[deemer]*crossholding.NodeGroup{}
			}
			s.deemed[key] = g
		}
		if g.Controls(y) {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// deemedOnce lists who has enough votes, with the companies that it controls, of y or of a company
// that controls y.
func (s *State) deemedOnce(d deem, y int32) (out []int32) {
	for _, b := range append([]int32{y}, s.chains[y]...) {
		if !s.Graph.HasShares(b) {
			continue
		}
		votes := map[int32]ratio.Ratio{}
		for _, h := range s.tally.Holdings(b) {
			if h.Float || h.Node == crossholding.NoNode {
				continue
			}
			for _, x := range s.votersWith(d, h.Node, b) {
				votes[x] = votes[x].Add(h.Amount)
			}
		}
		base := s.tally.Base(b)
		for x, has := range votes {
			if x != y && base.Sign() > 0 && has.Reaches(base.Mul(d.share()), d.atLeast) {
				out = append(out, x)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// votersWith lists those as whose votes the votes of y at company b count: y, its controllers, and
// perhaps those of whom y is an associate. Each is listed once.
func (s *State) votersWith(d deem, y, b int32) []int32 {
	out := append([]int32{y}, s.chains[y]...)
	if !d.associates {
		return out
	}
	if s.Graph.HasShares(y) { // a body corporate
		for _, p := range out {
			out = append(out, s.controlledBy(p)...)
		}
	}
	for _, p := range s.concerts {
		if (p.Over == crossholding.NoNode || p.Over == b) && slices.ContainsFunc(p.Members, func(m int32) bool { return m == y || slices.Contains(s.chains[y], m) }) {
			out = append(out, p.Members...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// controlledBy lists the companies that a node controls.
func (s *State) controlledBy(x int32) []int32 {
	if s.below == nil {
		s.below = map[int32][]int32{}
		for y := range int32(len(s.chains)) {
			for _, above := range s.chains[y] {
				if s.Graph.HasShares(y) {
					s.below[above] = append(s.below[above], y)
				}
			}
		}
	}
	return s.below[x]
}

// presumes reports whether a presumption of control gives control to another than a company.
func (s *State) presumes(d deem, company int32) bool {
	return slices.ContainsFunc(s.presumers(d), func(x int32) bool { return x != company })
}

// presumers lists all who control more by a presumption than without it, and perhaps others,
// ascending. Whoever does has enough votes of some company with those that it controls without it.
func (s *State) presumers(d deem) []int32 {
	if list, known := s.presumed[d]; known {
		return list
	}
	type cast struct {
		by    int32
		votes ratio.Ratio
	}
	var out []int32
	var list []cast // of one company
	var all ratio.Ratio
	var votes map[int32]ratio.Ratio
	for z := range int32(s.Graph.Len()) {
		if !s.Graph.HasShares(z) {
			continue
		}
		list, all = list[:0], ratio.Ratio{}
		for e, k := range s.votes.Stakes(z) {
			if h := s.Graph.Stake(e).Voter; h != crossholding.NoNode && k.Exercisable.Sign() > 0 {
				list, all = append(list, cast{h, k.Exercisable}), all.Add(k.Exercisable)
			}
		}
		base := s.tally.Base(z)
		enough := base.Mul(d.share())
		if !enough.Less(all) {
			continue // not all holders together
		}
		if votes == nil {
			votes = make(map[int32]ratio.Ratio, 8)
		}
		clear(votes)
		for _, k := range list {
			votes[k.by] = votes[k.by].Add(k.votes)
			for _, x := range s.chains[k.by] {
				votes[x] = votes[x].Add(k.votes)
			}
		}
		half := base.Mul(ratio.Of(1, 2))
		for x, has := range votes {
			if x != z && enough.Less(has) && !half.Less(has) {
				out = append(out, x)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if s.presumed == nil {
		s.presumed = map[deem][]int32{}
	}
	s.presumed[d] = out
	return out
}
