package compliance

import (
	"runtime"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/internal/parallel"
	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/ratio"
)

// finding is a group's interest in a company by one limit. Its row is made at the end, because
// a stronger finding may take its place.
type finding struct {
	company, group, limit int32
	blocked, control      bool
	from, to              int         // the stakes that count, in sanctionsRun.stakes
	sum                   ratio.Ratio // of these; 0 if nothing is counted of the company
}

// note records a group's interest in company c by one limit if it is stronger than the
// recorded one. The company is blocked if g, which blocks it, is not nil; it does so by the fact
// held, if that is not nil. The argument sum is what the stakes count together.
func (s *sanctionsRun) note(limit, group int, c int32, g *crossholding.NodeGroup, held *crossholding.Fact, stakes []int32, sum ratio.Ratio) {
	l := &s.limits[limit]
	f := finding{company: c, group: int32(group), limit: int32(limit), blocked: g != nil, control: g != nil && l.control, sum: sum}
	var old *finding
	if at := s.foundAt[c]; at > 0 {
		if old = &s.found[at-1]; old.blocked && !f.blocked {
			return
		}
	}
	if old != nil && !old.blocked && !f.blocked && s.limits[old.limit].basis == l.basis {
		if !old.sum.Less(f.sum) { // of one base, which is not 0
			return
		}
	} else {
		base := l.tally.Base(c)
		if base.IsZero() {
			f.sum = ratio.Ratio{}
		}
		fact := held
		if fact == nil && f.control && (base.IsZero() || !f.sum.Reaches(base.Mul(l.rule.Threshold), l.rule.AtLeast)) {
			if facts := g.Facts(c); len(facts) > 0 {
				fact = &facts[0].Fact
			}
		}
		if fact == nil && f.sum.IsZero() || old != nil && !s.stronger(&f, old) {
			return
		}
		if delete(s.facts, c); fact != nil {
			s.facts[c] = fact
		}
	}
	f.from = len(s.stakes)
	s.stakes = append(s.stakes, stakes...)
	f.to = len(s.stakes)
	s.noteOthers(&f)
	if old != nil {
		*old = f
		return
	}
	s.found = append(s.found, f)
	s.foundAt[c] = int32(len(s.found))
}

// noteOthers records who count with the group of a finding by a joint arrangement.
func (s *sanctionsRun) noteOthers(f *finding) {
	delete(s.others, f.company)
	if f.sum.IsZero() || s.together.None() {
		return
	}
	for _, h := range together.Held(s.limits[f.limit].tally, s.stakes[f.from:f.to], nil) {
		if !s.in[h.Node] {
			s.others[f.company] = append(s.others[f.company], h.Node)
		}
	}
}

// stronger reports whether a finding is stronger than an old one about the same company:
// blocked is stronger than not blocked, then ownership than control, and then the larger
// fraction.
func (s *sanctionsRun) stronger(f, old *finding) bool {
	if f.blocked != old.blocked || f.control != old.control {
		return f.blocked && !old.blocked || f.blocked == old.blocked && !f.control
	}
	return s.fraction(old).Less(s.fraction(f))
}

// fraction returns the fraction of the company that counts.
func (s *sanctionsRun) fraction(f *finding) ratio.Ratio {
	if f.sum.IsZero() {
		return f.sum
	}
	return f.sum.Div(s.limits[f.limit].tally.Base(f.company))
}

// companies returns the rows of the report, sorted by company.
func (s *sanctionsRun) companies() []SanctionedCompany {
	found := s.sorted()
	s.seeds = make([][]string, len(s.groups))
	for i := range found {
		if at := found[i].group; s.seeds[at] == nil {
			s.seeds[at] = s.g.IDs(s.groups[at])
		}
	}
	out := make([]SanctionedCompany, len(found))
	parallel.Parts(runtime.GOMAXPROCS(0), len(out), func(from, to int) { s.rows(found[from:to], out[from:to]) })
	return out
}

// sorted returns the findings by company, without those about blocked parties.
func (s *sanctionsRun) sorted() []finding {
	order := make([]int32, 0, len(s.found))
	for i := range s.found {
		if _, listed := slices.BinarySearch(s.blocked, s.found[i].company); !listed {
			order = append(order, s.found[i].company)
		}
	}
	radix.Sort(order)
	out := make([]finding, len(order))
	for i, c := range order {
		out[i] = s.found[s.foundAt[c]-1]
	}
	return out
}

// rows fills in the rows of some findings. All of them share one array of holders.
func (s *sanctionsRun) rows(found []finding, out []SanctionedCompany) {
	held := 0
	for i := range found {
		held += found[i].to - found[i].from
	}
	shares := make([]Share, 0, held)
	var amounts []crossholding.Holding // memory for one row
	for i := range found {
		f := &found[i]
		l, first := &s.limits[f.limit], len(shares)
		shares, amounts = s.holders(f, shares, amounts)
		out[i] = SanctionedCompany{Company: s.g.ID(f.company), Blocked: f.blocked, Control: f.control, Basis: l.basis,
			Through: s.through(f), Fact: s.facts[f.company], Fraction: s.fraction(f), Holders: shares[first:len(shares):len(shares)],
			Threshold: l.rule.Threshold, AtLeast: l.rule.AtLeast}
	}
}

// holders appends what each holder has as a fraction, sorted, to shares. It uses the memory of
// amounts, which it returns.
func (s *sanctionsRun) holders(f *finding, shares []Share, amounts []crossholding.Holding) ([]Share, []crossholding.Holding) {
	if f.sum.IsZero() {
		return shares, amounts
	}
	t := s.limits[f.limit].tally
	base := t.Base(f.company)
	held := together.Held(t, s.stakes[f.from:f.to], amounts[:0]) // ids are sorted as nodes are
	for i, h := range held {
		if i > 0 && held[i-1].Node == h.Node {
			last := &shares[len(shares)-1]
			last.Fraction = last.Fraction.Add(h.Amount.Div(base))
			continue
		}
		shares = append(shares, Share{s.g.ID(h.Node), h.Amount.Div(base)})
	}
	return shares, held
}

// through returns the ids of a group of blocked parties and of others who count with them,
// sorted. A thousand parties can be behind a million rows, so rows without others share one
// list.
func (s *sanctionsRun) through(f *finding) []string {
	group, others := s.groups[f.group], s.others[f.company]
	if len(others) == 0 {
		return s.seeds[f.group]
	}
	all := slices.Concat(group, others)
	slices.Sort(all)
	return s.g.IDs(slices.Compact(all))
}
