package crossholding

import (
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// SixFigures holds one holder's six figures at one company. Each is a fraction, 0..1, of
// a different total, so they cannot be compared with one another. It is plain data.
type SixFigures struct {
	Capital     ratio.Ratio `json:"capital"`     // shares in the holder's name / issued shares
	Economic    ratio.Ratio `json:"economic"`    // dividend-weighted shares for the holder's money / outstanding ones
	Theoretical ratio.Ratio `json:"theoretical"` // votes of its shares / all votes, treasury counted in
	Exercisable ratio.Ratio `json:"exercisable"` // votes that the law leaves its shares / all that it leaves
	Free        ratio.Ratio `json:"free"`        // votes that it casts as it likes / votes that can move a result
	Neutral     ratio.Ratio `json:"neutral"`     // votes of its shares that never move a result / exercisable votes
}

// Equal reports whether all six figures are the same.
func (f SixFigures) Equal(g SixFigures) bool {
	return f.Capital.Equal(g.Capital) && f.Economic.Equal(g.Economic) && f.Theoretical.Equal(g.Theoretical) &&
		f.Exercisable.Equal(g.Exercisable) && f.Free.Equal(g.Free) && f.Neutral.Equal(g.Neutral)
}

// holderCounts holds the counts of one holder at one company.
type holderCounts struct {
	shares, votes, exercisable, neutral ratio.Ratio // in its name
	dividends                           ratio.Ratio // for its money, weighted
	free                                ratio.Ratio // cast by it, after contracts
}

// meetingCounts holds the counts of all holders at one company.
type meetingCounts struct {
	nodes []int32 // holders, ascending; the company's own node means its float
	of    []holderCounts

	issued, dividends, theoretical, exercisable, counted ratio.Ratio
}

// meetingCounts counts company c in one pass over its stakes.
func (v *Votes) meetingCounts(c int32) *meetingCounts {
	g := &v.a.graph
	from, to := g.Column(c)
	m := v.meeting(c)
	s := &meetingCounts{
		issued: g.Capital.Issued(c), dividends: g.Dividends.Outstanding(c), theoretical: m.total,
		exercisable: m.exercisable(), counted: m.counted(),
	}
	s.nodes = append(make([]int32, 0, int(to-from)+1), c)
	s.nodes = append(s.nodes, g.Holder[from:to]...)
	for _, others := range [...][]int32{g.Beneficiary[from:to], m.voter} {
		if !graph.SameArray(others, g.Holder[from:to]) {
			s.nodes = append(s.nodes, others...)
		}
	}
	slices.Sort(s.nodes)
	s.nodes = slices.Compact(s.nodes)
	if s.nodes[0] == graph.None {
		s.nodes = s.nodes[1:]
	}
	s.of = make([]holderCounts, len(s.nodes))
	for e := from; e < to; e++ {
		i := e - from
		shares, votes := g.Stake(&g.Capital, e), g.Stake(&g.Votes, e)
		h := s.find(g.Holder[e])
		h.shares = h.shares.Add(shares)
		h.votes = h.votes.Add(votes)
		h.exercisable = h.exercisable.Add(m.votes[i])
		if m.voter[i] == graph.None {
			h.neutral = h.neutral.Add(m.votes[i])
		} else {
			f := s.find(m.voter[i])
			f.free = f.free.Add(m.free[i])
		}
		o := s.find(g.Beneficiary[e])
		o.dividends = o.dividends.Add(g.Stake(&g.Dividends, e))
	}
	f := s.find(c)
	f.shares, f.dividends, f.votes = g.Float(&g.Capital, c), g.Float(&g.Dividends, c), g.Float(&g.Votes, c)
	f.exercisable, f.free = f.votes, f.votes
	return s
}

func (s *meetingCounts) find(who int32) *holderCounts {
	i, _ := slices.BinarySearch(s.nodes, who)
	return &s.of[i]
}

// get returns the counts of who, which can be 0.
func (s *meetingCounts) get(who int32) holderCounts {
	if i, ok := slices.BinarySearch(s.nodes, who); ok {
		return s.of[i]
	}
	return holderCounts{}
}

func (s *meetingCounts) figures(who int32) SixFigures {
	w := s.get(who)
	return SixFigures{
		Capital: over(w.shares, s.issued), Economic: over(w.dividends, s.dividends),
		Theoretical: over(w.votes, s.theoretical), Exercisable: over(w.exercisable, s.exercisable),
		Free: over(w.free, s.counted), Neutral: over(w.neutral, s.exercisable),
	}
}

// over returns part/whole, or 0 if whole is 0.
func over(part, whole ratio.Ratio) ratio.Ratio {
	if whole.IsZero() {
		return ratio.Ratio{}
	}
	return part.Div(whole)
}

// holderName returns the name of a holder at company c. The node c means its float.
func holderName(g *graph.Graph, who, c int32) string {
	if who == c {
		return FloatOf(g.IDs.At(c))
	}
	return g.IDs.At(who)
}
