package compliance

import (
	"cmp"
	"iter"
	"slices"

	"github.com/crossholding/crossholding"
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
// recorded one. The company is blocked if g, which blocks it, is not nil. The argument sum is
// what the stakes count together.
func (s *sanctionsRun) note(limit, group int, c int32, g *crossholding.NodeGroup, stakes []int32, sum ratio.Ratio) {
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
		var fact *crossholding.Fact
		if f.control && (base.IsZero() || !f.sum.Reaches(base.Mul(l.rule.Threshold), l.rule.AtLeast)) {
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

// sum returns what stakes count together by one limit.
func (s *sanctionsRun) sum(l *blockingLimit, stakes []int32) ratio.Ratio {
	var sum ratio.Ratio
	for _, e := range stakes {
		sum = sum.Add(l.counted(e))
	}
	return sum
}

// counted returns what a stake counts, 0 if it is neutral.
func (l *blockingLimit) counted(e int32) ratio.Ratio {
	who, amount := l.tally.Stake(e)
	if who == crossholding.NoNode {
		return ratio.Ratio{}
	}
	return amount
}

// groupPart is what a group has of one company.
type groupPart struct {
	stakes []int32
	sum    ratio.Ratio // what they count together
}

// eachPart yields what a group has of each company outside it, from all its stakes, ascending.
// It reads these some at a time, so that the processor waits for their memory together.
func (s *sanctionsRun) eachPart(l *blockingLimit, stakes []int32) iter.Seq2[int32, groupPart] {
	const ahead = 64
	var issuers [ahead]int32
	var amounts [ahead]ratio.Ratio
	return func(yield func(c int32, part groupPart) bool) {
		c, from, sum := crossholding.NoNode, 0, ratio.Ratio{}
		for first := 0; first < len(stakes); first += ahead {
			block := stakes[first:min(first+ahead, len(stakes))]
			for i, e := range block {
				issuers[i], amounts[i] = s.g.Stake(e).Issuer, l.counted(e)
			}
			for _, x := range issuers[:len(block)] {
				s.fetched += s.foundAt[x] // note needs it
			}
			for i, x := range issuers[:len(block)] {
				if x == c {
					sum = sum.Add(amounts[i])
					continue
				}
				if c != crossholding.NoNode && !s.in[c] && !yield(c, groupPart{stakes[from : first+i], sum}) {
					return
				}
				c, from, sum = x, first+i, amounts[i]
			}
		}
		if c != crossholding.NoNode && !s.in[c] {
			yield(c, groupPart{stakes[from:], sum})
		}
	}
}

// noteOthers records who count with the group of a finding by a joint arrangement.
func (s *sanctionsRun) noteOthers(f *finding) {
	if len(s.concerts) == 0 && len(s.held) == 0 {
		return
	}
	delete(s.others, f.company)
	if f.sum.IsZero() {
		return
	}
	for _, e := range s.stakes[f.from:f.to] {
		if who, amount := s.limits[f.limit].tally.Stake(e); who != crossholding.NoNode && !amount.IsZero() && !s.in[who] {
			s.others[f.company] = append(s.others[f.company], who)
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
	slices.SortFunc(s.found, func(a, b finding) int { return cmp.Compare(a.company, b.company) })
	s.found = slices.DeleteFunc(s.found, func(f finding) bool {
		_, listed := slices.BinarySearch(s.blocked, f.company)
		return listed
	})
	count := 0
	for i := range s.found {
		count += s.found[i].to - s.found[i].from
	}
	s.seeds, s.shares = make([][]string, len(s.groups)), make([]Share, 0, count)
	out := make([]SanctionedCompany, len(s.found))
	for i := range s.found {
		f := &s.found[i]
		l := &s.limits[f.limit]
		out[i] = SanctionedCompany{Company: s.g.ID(f.company), Blocked: f.blocked, Control: f.control, Basis: l.basis,
			Through: s.through(f), Fact: s.facts[f.company], Fraction: s.fraction(f), Holders: s.holders(f),
			Threshold: l.rule.Threshold, AtLeast: l.rule.AtLeast}
	}
	return out
}

// holderAmount is what one holder has of a company.
type holderAmount struct {
	node   int32
	amount ratio.Ratio
}

// holders returns what each holder has as a fraction, sorted. All rows share one array.
func (s *sanctionsRun) holders(f *finding) []Share {
	first := len(s.shares)
	if f.sum.IsZero() {
		return s.shares[first:first:first]
	}
	t := s.limits[f.limit].tally
	base, held := t.Base(f.company), s.amounts[:0]
	for _, e := range s.stakes[f.from:f.to] {
		if who, amount := t.Stake(e); who != crossholding.NoNode && !amount.IsZero() {
			held = append(held, holderAmount{who, amount})
		}
	}
	s.amounts = held
	slices.SortStableFunc(held, func(a, b holderAmount) int { return cmp.Compare(a.node, b.node) }) // ids are sorted as nodes are
	for i, h := range held {
		if i > 0 && held[i-1].node == h.node {
			last := &s.shares[len(s.shares)-1]
			last.Fraction = last.Fraction.Add(h.amount.Div(base))
			continue
		}
		s.shares = append(s.shares, Share{s.g.ID(h.node), h.amount.Div(base)})
	}
	return s.shares[first:len(s.shares):len(s.shares)]
}

// through returns the ids of a group of blocked parties and of others who count with them,
// sorted. A thousand parties can be behind a million rows, so rows without others share one
// list.
func (s *sanctionsRun) through(f *finding) []string {
	group, others := s.groups[f.group], s.others[f.company]
	if len(others) == 0 {
		if s.seeds[f.group] == nil {
			s.seeds[f.group] = s.g.IDs(group)
		}
		return s.seeds[f.group]
	}
	all := slices.Concat(group, others)
	slices.Sort(all)
	return s.g.IDs(slices.Compact(all))
}
