package crossholding

import (
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Figures are one holder's six figures at one company, each as a fraction
// 0..1. Plain data. They are never to be mixed up:
type Figures struct {
	Capital     ratio.Ratio // shares in the holder's name / issued shares
	Economic    ratio.Ratio // dividend-weighted shares for the holder's money / outstanding ones
	Theoretical ratio.Ratio // votes of its shares / all votes, treasury counted in
	Exercisable ratio.Ratio // votes that the law leaves its shares / all that it leaves
	Free        ratio.Ratio // votes that it casts as it likes / votes that can move a result
	Neutral     ratio.Ratio // votes of its shares that never move a result / exercisable votes
}

// Equal reports whether all six figures are the same.
func (f Figures) Equal(g Figures) bool {
	return f.Capital.Equal(g.Capital) && f.Economic.Equal(g.Economic) && f.Theoretical.Equal(g.Theoretical) &&
		f.Exercisable.Equal(g.Exercisable) && f.Free.Equal(g.Free) && f.Neutral.Equal(g.Neutral)
}

// standing is what one holder has at one company, in counts.
type standing struct {
	shares, votes, exercisable, neutral ratio.Ratio // in its name
	dividends                           ratio.Ratio // for its money, weighted
	free                                ratio.Ratio // cast by it, after contracts

	// For thresholds: [0] for its money, whoever's name it is in; [1] cast by it
	// before contracts.
	own [2]claim
}

// claim is what counts for thresholds.
type claim struct{ shares, votes, exercisable ratio.Ratio }

func (c claim) add(o claim) claim {
	return claim{c.shares.Add(o.shares), c.votes.Add(o.votes), c.exercisable.Add(o.exercisable)}
}

func (c claim) equal(o claim) bool {
	return c.shares.Equal(o.shares) && c.votes.Equal(o.votes) && c.exercisable.Equal(o.exercisable)
}

// claim returns what someone has for its money, or what it casts.
func (s standing) claim(cast bool) claim {
	if cast {
		return s.own[1]
	}
	return s.own[0]
}

// standings are what everyone has at one company.
type standings struct {
	nodes []int32 // who, ascending; the company's own node stands for its float
	of    []standing
	under map[int32][]int32 // of those who control some of nodes: which, ascending; see gather

	issued, dividends, theoretical, outstanding, exercisable, counted ratio.Ratio
	shares                                                            ratio.Ratio // issued less the treasury's
}

// standings counts company c in one pass over its stakes.
func (v *Votes) standings(c int32) *standings {
	g := &v.a.graph
	from, to := g.Column(c)
	m := v.meeting(c)
	s := &standings{
		issued: g.Capital.Issued(c), shares: g.Capital.Outstanding(c), dividends: g.Dividends.Outstanding(c), theoretical: m.total,
		outstanding: m.total.Sub(m.treasury), exercisable: m.exercisable(), counted: m.counted(),
	}
	s.nodes = append(make([]int32, 0, int(to-from)+1), c)
	s.nodes = append(s.nodes, g.Holder[from:to]...)
	for _, others := range [...][]int32{g.Beneficiary[from:to], g.Voter[from:to], m.caster} {
		if !graph.SameArray(others, g.Holder[from:to]) {
			s.nodes = append(s.nodes, others...)
		}
	}
	slices.Sort(s.nodes)
	s.nodes = slices.Compact(s.nodes)
	if s.nodes[0] == graph.None {
		s.nodes = s.nodes[1:]
	}
	s.of = make([]standing, len(s.nodes))
	for e := from; e < to; e++ {
		i := e - from
		shares, votes := g.Stake(&g.Capital, e), g.Stake(&g.Votes, e)
		h := s.find(g.Holder[e])
		h.shares = h.shares.Add(shares)
		h.votes = h.votes.Add(votes)
		h.exercisable = h.exercisable.Add(m.votes[i])
		if m.caster[i] == graph.None {
			h.neutral = h.neutral.Add(m.votes[i])
		} else {
			f := s.find(m.caster[i])
			f.free = f.free.Add(m.free[i])
		}
		o := s.find(g.Beneficiary[e])
		o.dividends = o.dividends.Add(g.Stake(&g.Dividends, e))
		for k, who := range [2]int32{g.Beneficiary[e], g.Voter[e]} {
			if who == graph.None {
				continue
			}
			w := &s.find(who).own[k]
			w.shares, w.votes, w.exercisable = w.shares.Add(shares), w.votes.Add(votes), w.exercisable.Add(m.votes[i])
		}
	}
	f := s.find(c)
	f.shares, f.dividends, f.votes = g.Float(&g.Capital, c), g.Float(&g.Dividends, c), g.Float(&g.Votes, c)
	f.exercisable, f.free = f.votes, f.votes
	return s
}

func (s *standings) find(who int32) *standing {
	i, _ := slices.BinarySearch(s.nodes, who)
	return &s.of[i]
}

// get returns what who has, which may be nothing.
func (s *standings) get(who int32) standing {
	if i, ok := slices.BinarySearch(s.nodes, who); ok {
		return s.of[i]
	}
	return standing{}
}

func (s *standings) figures(who int32) Figures {
	w := s.get(who)
	return Figures{
		Capital: over(w.shares, s.issued), Economic: over(w.dividends, s.dividends),
		Theoretical: over(w.votes, s.theoretical), Exercisable: over(w.exercisable, s.exercisable),
		Free: over(w.free, s.counted), Neutral: over(w.neutral, s.exercisable),
	}
}

// gather notes which of company c's holders are under whom.
func (s *standings) gather(c int32, above *majority.Forest) {
	for _, y := range s.nodes {
		if y == c {
			continue // the float
		}
		for x := range above.Controllers(y) {
			if x == c {
				continue // the company's own holdings through others are nobody's stake in it but its controllers'
			}
			if s.under == nil {
				s.under = map[int32][]int32{}
			}
			s.under[x] = append(s.under[x], y)
		}
	}
}

// share returns what a threshold looks at, of a holder alone or with what is
// under it.
func (s *standings) share(who int32, base law.ThresholdBase, cast, alone bool) ratio.Ratio {
	have := s.get(who).claim(cast)
	if !alone {
		have = have.add(s.beneath(who, cast))
	}
	switch base {
	case law.OfCapital:
		return over(have.shares, s.issued)
	case law.OfShares:
		return over(have.shares, s.shares)
	case law.OfTheoretical:
		return over(have.votes, s.theoretical)
	case law.OfVoting:
		return over(have.votes, s.outstanding)
	}
	return over(have.exercisable, s.exercisable)
}

// beneath returns what companies under who have.
func (s *standings) beneath(who int32, cast bool) claim {
	var sum claim
	for _, y := range s.under[who] {
		sum = sum.add(s.get(y).claim(cast))
	}
	return sum
}

// same reports whether every share that a threshold can look at is the same for
// who in t.
func (s *standings) same(t *standings, who int32) bool {
	for _, cast := range [...]bool{false, true} {
		if !s.get(who).claim(cast).equal(t.get(who).claim(cast)) || !s.beneath(who, cast).equal(t.beneath(who, cast)) {
			return false
		}
	}
	return s.issued.Equal(t.issued) && s.shares.Equal(t.shares) && s.theoretical.Equal(t.theoretical) &&
		s.outstanding.Equal(t.outstanding) && s.exercisable.Equal(t.exercisable)
}

// over returns part/whole, and 0 where there is no whole.
func over(part, whole ratio.Ratio) ratio.Ratio {
	if whole.IsZero() {
		return ratio.Ratio{}
	}
	return part.Div(whole)
}

// holderName returns what a node of company c's standings is called.
func holderName(g *graph.Graph, who, c int32) string {
	if who == c {
		return Float(g.IDs[c])
	}
	return g.IDs[who]
}
