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
		return crossholding.Rule{Presumed: d.share()}
	}
	return crossholding.Rule{Threshold: d.share(), AtLeast: d.atLeast}
}

// deemer is a question that is asked once: what a node is deemed to hold through.
type deemer struct {
	deem deem
	who  int32
}

// deemingRule is a rule that counts shares through stakes.
type deemingRule struct {
	rule *law.Threshold
	deem deem
}

// like reports whether two rules count alike and reach the same companies on each day.
func (k deemingRule) like(o deemingRule) bool {
	a, b := k.rule, o.rule
	return k.deem == o.deem && a.Country == b.Country && a.Issuer == b.Issuer && a.Listed == b.Listed && a.From == b.From && a.To == b.To
}

// through says that shares of a company count through stakes in one way.
type through struct {
	company int32
	deem    deem
}

// presumption lists who controls more by a presumption.
type presumption struct {
	deem deem
	who  []int32
}

// Deem makes a state count what companies have of which a holder has enough votes, where one of
// the rules counts it.
func (s *State) Deem(rules []law.Threshold) {
	for i := range rules {
		if !slices.Contains(rules[i].Counts, law.ThroughStakes) {
			continue
		}
		k := deemingRule{&rules[i], deemOf(&rules[i].Deemed)}
		if !slices.ContainsFunc(s.deeming, k.like) {
			s.deeming = append(s.deeming, k)
		}
	}
	s.listThrough()
}

// listThrough lists the companies of which the law counts shares through stakes.
func (s *State) listThrough() {
	if len(s.deeming) == 0 {
		return
	}
	day := s.Day()
	for y := range int32(s.Graph.Len()) {
		if !s.Graph.HasShares(y) {
			continue
		}
		first := len(s.through)
		issuer, _ := s.Graph.Law(y)
		for _, k := range s.deeming {
			if at := (through{y, k.deem}); k.rule.Reaches(&issuer, day) && !slices.Contains(s.through[first:], at) {
				s.through = append(s.through, at)
			}
		}
	}
}

// deems reports whether a way of deeming can count shares at a company for another than itself.
func (s *State) deems(at through) bool { return !at.deem.largest || s.presumes(at.deem, at.company) }

// deemsAt lists the ways of deeming under which a company is, each once.
func (s *State) deemsAt(company int32) (out []deem) {
	i, _ := slices.BinarySearchFunc(s.through, company, func(at through, company int32) int { return int(at.company) - int(company) })
	for ; i < len(s.through) && s.through[i].company == company; i++ {
		if s.deems(s.through[i]) {
			out = append(out, s.through[i].deem)
		}
	}
	return out
}

// listDeemed lists the companies under some way of deeming.
func (s *State) listDeemed(out []int32) []int32 {
	for _, at := range s.through {
		if s.deems(at) {
			out = append(out, at.company)
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
	var above, out []int32
	var err error
	if d.largest {
		above = s.presumers(d)
	} else if above, err = s.tally.Upstream(ctx, y); err != nil {
		return nil, err
	}
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
	for i := range s.presumed {
		if s.presumed[i].deem == d {
			return s.presumed[i].who
		}
	}
	var out []int32
	var votes []ratio.Ratio // at one company
	var voters []int32      // who has some of them
	for z := range int32(s.Graph.Len()) {
		if !s.Graph.HasShares(z) {
			continue
		}
		base := s.tally.Base(z)
		enough := base.Mul(d.share())
		if !s.castMore(z, enough) {
			continue
		}
		if votes == nil {
			votes = make([]ratio.Ratio, s.Graph.Len())
		}
		from, to := s.Graph.Stakes(z)
		for e := from; e < to; e++ {
			h, cast := s.tally.Stake(e)
			if h == crossholding.NoNode || cast.IsZero() {
				continue
			}
			first := len(voters)
			voters = append(append(voters, h), s.chains[h]...)
			for _, x := range voters[first:] {
				votes[x] = votes[x].Add(cast)
			}
		}
		for _, x := range voters {
			if x != z && enough.Less(votes[x]) && !base.Less(votes[x].Add(votes[x])) { // no majority
				out = append(out, x)
			}
		}
		for _, x := range voters {
			votes[x] = ratio.Ratio{}
		}
		voters = voters[:0]
	}
	slices.Sort(out)
	out = slices.Compact(out)
	s.presumed = append(s.presumed, presumption{d, out})
	return out
}

// castMore reports whether all who cast votes at a company have more than some together.
func (s *State) castMore(company int32, votes ratio.Ratio) bool {
	var all ratio.Ratio
	from, to := s.Graph.Stakes(company)
	for e := from; e < to; e++ {
		if h, cast := s.tally.Stake(e); h != crossholding.NoNode {
			all = all.Add(cast)
		}
	}
	return votes.Less(all)
}
