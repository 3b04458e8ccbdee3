// What a search takes over from an earlier one of a graph with the same stakes. It takes over what
// does not depend on their figures: the candidates, and if the figures that matter are the same
// too, the whole result.

package suspension

import (
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/span"
	"github.com/crossholding/crossholding/law"
)

// upstream lists the companies whose meetings decide about the candidates: those in strongly
// connected components, and those that hold, own or cast shares of them, directly or through
// others. It also knows for how long the same rules are in force. Searches with the same
// candidates share it.
type upstream struct {
	once  sync.Once
	nodes []int32

	onceSpan sync.Once
	span     span.Span
}

// takeOver takes the candidates of an earlier search if they are those of this one. It reports
// whether they are.
func (l *Search) takeOver(earlier *Search) bool {
	inside := func(c int32) bool { return l.component[c] != 0 }
	if earlier == nil || earlier.above == nil || !earlier.sameQuestions(&l.in) || !earlier.sameCompanies(&l.in, inside) {
		return false
	}
	l.candidates, l.stakes, l.above = earlier.candidates, earlier.stakes, earlier.above
	return true
}

// sameQuestions reports whether another input has the same stakes, and the same rules reach the
// same companies there, if the law knows the same of the companies.
func (l *Search) sameQuestions(in *Input) bool {
	g, h := l.g, in.Graph
	return sameArrays(g, h) && slices.Equal(l.component, in.Component) && slices.EqualFunc(l.in.Controls, in.Controls, sameFact) && graph.SameArray(l.rules, in.Rules) && l.sameRulesOn(in)
}

// sameArrays reports whether two graphs share the arrays of their stakes.
func sameArrays(g, h *graph.Graph) bool {
	return graph.SameArray(g.Columns, h.Columns) && graph.SameArray(g.Issuer, h.Issuer) && graph.SameArray(g.Holder, h.Holder) &&
		graph.SameArray(g.Beneficiary, h.Beneficiary) && graph.SameArray(g.Voter, h.Voter)
}

// sameRulesOn reports whether the same rules are in force on the days of both inputs.
func (l *Search) sameRulesOn(in *Input) bool {
	l.above.onceSpan.Do(func() {
		l.above.span = span.Around(l.in.Day)
		for r := range l.rules {
			l.above.span.Add(l.rules[r].From, l.rules[r].To)
		}
	})
	return l.above.span.Has(in.Day)
}

// sameCompanies reports whether the law knows the same of some companies in both inputs.
func (l *Search) sameCompanies(in *Input, among func(c int32) bool) bool {
	for c := range int32(l.g.IDs.Len()) {
		if !among(c) {
			continue
		}
		was, company := l.in.Facts.Company(c)
		if is, ok := in.Facts.Company(c); is != was || ok != company {
			return false
		}
	}
	return true
}

// Answers reports whether the result of l, which has ended, is the result of another input too.
func (l *Search) Answers(in *Input) bool {
	return l.above != nil && l.sameQuestions(in) && l.sameDays() && l.sameFigures(in) && l.sameCompanies(in, func(int32) bool { return true })
}

// sameDays reports whether no rule in use depends on more of a day than whether the rule is in
// force.
func (l *Search) sameDays() bool {
	for i := range l.candidates {
		for _, r := range l.candidates[i].Rules {
			if s := &l.rules[r]; s.Effect == law.EffectSecondToCross || s.SellWithin != 0 {
				return false // it depends on the lots of stakes
			}
		}
	}
	return true
}

// sameFigures reports whether the figures are the same in all meetings that decide about the
// candidates.
func (l *Search) sameFigures(in *Input) bool {
	l.above.once.Do(func() { l.above.nodes = l.listAbove() })
	for _, c := range l.above.nodes {
		if !l.g.SameFigures(in.Graph, c) || l.in.Facts.Whole(c) != in.Facts.Whole(c) {
			return false
		}
	}
	return true
}

// listAbove lists the companies of [upstream].
func (l *Search) listAbove() []int32 {
	g := l.g
	seen := make([]bool, len(l.component))
	var out []int32
	for c, part := range l.component {
		if part != 0 {
			seen[c], out = true, append(out, int32(c))
		}
	}
	for at := 0; at < len(out); at++ {
		from, to := g.Column(out[at])
		for e := from; e < to; e++ {
			for _, x := range [...]int32{g.Holder[e], g.Beneficiary[e], g.Voter[e]} {
				if x != graph.None && !seen[x] && g.IssuesShares(x) {
					seen[x], out = true, append(out, x)
				}
			}
		}
	}
	return out
}

// sameFact reports whether two facts say the same.
func sameFact(a, b Fact) bool {
	return a.Node == b.Node && a.By == b.By && slices.Equal(a.Controllers, b.Controllers) && a.Rights.Equal(b.Rights)
}
