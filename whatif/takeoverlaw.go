package whatif

import (
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// verdict says whether statutes suspend the votes of a stake, for all numbers of lots within
// a range.
type verdict uint8

const (
	never  verdict = iota
	maybe          // for some numbers of lots, or in part
	always         // all votes, for all numbers of lots
)

// boxLaw says which votes statutes may suspend within ranges of lots. It evaluates each
// statute with the least and the most votes that can be counted in its test. A nil boxLaw
// suspends nothing.
type boxLaw struct {
	*modeller
	rules     []law.Statute
	tests     []lawTest
	scope     []int32 // the companies that the issuers of the tests hold, directly and through others
	low, high []int64 // the range
}

// lawTest is one statute about one pair of companies in a loop, and the stakes whose votes
// it suspends.
type lawTest struct {
	rule           *law.Statute
	issuer, holder int32
	stakes         []int32
}

// maxLawWork is the largest number of tests times companies that are evaluated for each
// range of lots. With more, all votes that may be suspended for some lots are taken to be in
// doubt.
const maxLawWork = 20_000

func (l *boxLaw) tooLarge() bool { return len(l.tests)*len(l.scope) > maxLawWork }

// newBoxLaw lists the tests of statutes. Only holders that are in a loop with the issuer can
// lose votes there.
func newBoxLaw(ctx context.Context, m *modeller) (*boxLaw, error) {
	o := &m.opt.Control
	if o.Voting.NoLaw || o.Basis == crossholding.BasisCapital || o.Basis == crossholding.BasisTheoretical {
		return nil, nil // votes that are suspended stay in these totals
	}
	l := &boxLaw{modeller: m, rules: o.Voting.Statutes}
	if l.rules == nil {
		l.rules = law.Statutes()
	}
	l.rules = slices.DeleteFunc(slices.Concat(l.rules, o.Voting.Extra), func(s law.Statute) bool { return s.Kind == law.TestOwnShares })
	holds, scope := map[int32][]int32(nil), map[int32]bool{}
	for _, y := range m.lists {
		if err := progress.Stopped(ctx, "whatif"); err != nil {
			return nil, err
		}
		issuer, ok := m.g.Law(y)
		var rules []*law.Statute
		for i := range l.rules {
			if ok && l.rules[i].Reaches(&issuer, m.a.AsOf()) {
				rules = append(rules, &l.rules[i])
			}
		}
		if len(rules) == 0 {
			continue
		}
		if holds == nil {
			holds = m.holds()
		}
		loop, before := below(holds, y), len(l.tests)
		if l.addTests(y, &issuer, rules, loop); len(l.tests) > before {
			maps.Copy(scope, loop)
		}
	}
	l.scope = slices.DeleteFunc(slices.Sorted(maps.Keys(scope)), func(y int32) bool { return !m.g.HasShares(y) })
	if len(l.tests) == 0 {
		return nil, nil
	}
	return l, nil
}

// addTests adds the tests of an issuer.
func (l *boxLaw) addTests(y int32, issuer *law.Company, rules []*law.Statute, loop map[int32]bool) {
	byHolder := map[int32][]int32{}
	from, to := l.g.Stakes(y)
	for e := from; e < to; e++ {
		s := l.g.Stake(e)
		for _, h := range []int32{s.Holder, s.Beneficiary, s.Voter} {
			if list := byHolder[h]; loop[h] && (len(list) == 0 || list[len(list)-1] != e) {
				byHolder[h] = append(list, e)
			}
		}
	}
	for _, h := range slices.Sorted(maps.Keys(byHolder)) {
		var holder *law.Company
		if c, ok := l.g.Law(h); ok {
			holder = &c
		}
		for _, r := range rules {
			if r.ReachesHolder(issuer, holder) || r.Kind == law.TestMutual && r.Group {
				l.tests = append(l.tests, lawTest{r, y, h, byHolder[h]})
			}
		}
	}
}

// holds lists the companies in which each node has a stake, in any role, or could buy one.
func (m *modeller) holds() map[int32][]int32 {
	out := map[int32][]int32{}
	for y := range int32(m.g.Len()) {
		if !m.g.HasShares(y) {
			continue
		}
		from, to := m.g.Stakes(y)
		for e := from; e < to; e++ {
			s := m.g.Stake(e)
			for _, n := range []int32{s.Holder, s.Beneficiary, s.Voter} {
				if list := out[n]; n != crossholding.NoNode && (len(list) == 0 || list[len(list)-1] != y) {
					out[n] = append(list, y)
				}
			}
		}
	}
	for k := range m.sales {
		out[m.buyer] = append(out[m.buyer], m.sales[k].company)
	}
	return out
}

// below is what a node holds, directly and through others.
func below(holds map[int32][]int32, y int32) map[int32]bool {
	out := map[int32]bool{}
	for queue := []int32{y}; len(queue) > 0; queue = queue[1:] {
		for _, n := range holds[queue[0]] {
			if !out[n] {
				out[n] = true
				queue = append(queue, n)
			}
		}
	}
	return out
}

// within returns the verdicts for a range of lots. It begins with doubt about all of them. A
// verdict can settle others, and none is taken back, so the loop ends.
func (l *boxLaw) within(low, high []int64) map[int32]verdict {
	if l == nil {
		return nil
	}
	l.low, l.high = low, high
	out := map[int32]verdict{}
	for i := range l.tests {
		for _, e := range l.tests[i].stakes {
			out[e] = maybe
		}
	}
	if l.tooLarge() {
		return out
	}
	for {
		next := map[int32]verdict{}
		for i := range l.tests {
			v := l.verdict(&l.tests[i], out)
			for _, e := range l.tests[i].stakes {
				next[e] = max(next[e], v)
			}
		}
		if maps.Equal(next, out) {
			return out
		}
		out = next
	}
}

// doubts lists the offers whose numbers matter to what the law suspends in doubt: all in
// companies that are in a loop. They are none if nothing is in doubt.
func (l *boxLaw) doubts(suspended map[int32]verdict) []int {
	if l == nil || l.tooLarge() {
		return nil
	}
	inLoop, doubt := map[int32]bool{}, false
	for i := range l.tests {
		t := &l.tests[i]
		inLoop[t.issuer], inLoop[t.holder] = true, true
		for _, e := range t.stakes {
			doubt = doubt || suspended[e] == maybe
		}
	}
	var out []int
	for k := range l.sales {
		if doubt && inLoop[l.sales[k].company] {
			out = append(out, k)
		}
	}
	return out
}

// verdict evaluates one test.
func (l *boxLaw) verdict(t *lawTest, suspended map[int32]verdict) verdict {
	s := t.rule
	if s.OwnVotes || s.Tiers || s.Treasury || s.Measure == law.MeasureShares || s.GroupBy == law.MeasureShares || s.Kind == law.TestMutual && s.Group {
		return maybe // these count in other ways
	}
	c := boxCount{l, suspended, s}
	sure, possible := false, false
	switch s.Kind {
	case law.TestControls:
		limit, atLeast := s.Threshold, s.AtLeast
		sure = c.group(t.issuer, true, limit, atLeast)[t.holder]
		if p := s.Presumed; !p.IsZero() && p.Less(limit) {
			limit, atLeast = p, true
		}
		possible = c.group(t.issuer, false, limit, atLeast)[t.holder]
	case law.TestHolds:
		sure, possible = c.holds(t.issuer, t.holder)
	case law.TestMutual:
		_, there := c.holds(t.issuer, t.holder)
		_, back := c.holds(t.holder, t.issuer)
		possible = there && back
	}
	whole := s.Effect == "" || s.Effect == law.EffectAll
	switch {
	case sure && whole && !s.NotWithinGroup && s.Fiduciary == "":
		return always
	case sure || possible:
		return maybe
	}
	return never
}

// boxCount counts the votes of one statute's test within a range of lots.
type boxCount struct {
	*boxLaw
	suspended map[int32]verdict
	rule      *law.Statute
}

// group is the companies that a node surely or possibly controls, with the node.
func (c *boxCount) group(x int32, sure bool, limit ratio.Ratio, atLeast bool) map[int32]bool {
	out := map[int32]bool{x: true}
	for again := true; again; {
		again = false
		for _, y := range c.scope {
			if !out[y] && c.passes(out, y, sure, limit, atLeast) {
				out[y], again = true, true
			}
		}
	}
	return out
}

// holds reports whether a company, with those that it controls if the statute says so,
// holds so much of another that the test is met: surely, and possibly.
func (c *boxCount) holds(x, y int32) (sure, possible bool) {
	surely, possibly := map[int32]bool{x: true}, map[int32]bool{x: true}
	if c.rule.Group {
		surely, possibly = c.group(x, true, ratio.Of(1, 2), false), c.group(x, false, ratio.Of(1, 2), false)
	}
	s := c.rule
	return c.passes(surely, y, true, s.Threshold, s.AtLeast), c.passes(possibly, y, false, s.Threshold, s.AtLeast)
}

// passes reports whether the votes of members pass a limit in a meeting, surely or possibly.
func (c *boxCount) passes(members map[int32]bool, y int32, sure bool, limit ratio.Ratio, atLeast bool) bool {
	votes, base := c.votes(members, y, sure), c.base(y, !sure)
	if !sure && votes.Sign() > 0 && base.Less(votes) {
		return true
	}
	return votes.Sign() > 0 && base.Sign() > 0 && votes.Div(base).Reaches(limit, atLeast)
}

// votes is the least or the most that members cast.
func (c *boxCount) votes(members map[int32]bool, y int32, least bool) ratio.Ratio {
	var sum ratio.Ratio
	from, to := c.g.Stakes(y)
	for e := from; e < to; e++ {
		node, votes := c.all.Stake(e)
		if node != crossholding.NoNode && members[node] && !c.left(e, least) {
			sum = sum.Add(votes)
		}
	}
	for k := range c.sales {
		s := &c.sales[k]
		if s.company != y {
			continue
		}
		bought, taken := c.low[k], c.high[k]
		if !least {
			bought, taken = taken, bought
		}
		if members[c.buyer] {
			sum = sum.Add(s.votes.Mul(ratio.Int(bought)))
		}
		if each := c.taken(k, members, least); each.Sign() > 0 {
			sum = sum.Sub(each.Mul(ratio.Int(taken)))
		}
	}
	return sum
}

// taken is the least or the most votes of the members that one lot takes away. Votes that
// are not counted are not taken away.
func (c *boxCount) taken(k int, members map[int32]bool, most bool) ratio.Ratio {
	var out ratio.Ratio
	for i, e := range c.sales[k].stakes {
		node, _ := c.all.Stake(e)
		each := ratio.Ratio{}
		if node != crossholding.NoNode && members[node] && (c.rule.CountsSuspended || c.suspended[e] == never) {
			each = c.sold(k, e)
		}
		if i == 0 || most == out.Less(each) {
			out = each
		}
	}
	return out
}

// base is the least or the most votes in a meeting, with those that are neutral.
func (c *boxCount) base(y int32, least bool) ratio.Ratio {
	sum := c.all.Base(y)
	from, to := c.g.Stakes(y)
	for e := from; e < to; e++ {
		if c.left(e, least) {
			_, votes := c.all.Stake(e)
			sum = sum.Sub(votes)
		}
	}
	for k := range c.sales {
		if c.sales[k].company != y {
			continue
		}
		each, lots := c.grows(k, least), c.high[k]
		if (each.Sign() > 0) == least {
			lots = c.low[k]
		}
		sum = sum.Add(each.Mul(ratio.Int(lots)))
	}
	return sum
}

// left reports whether the votes of a stake are left out of the least or of the most total.
func (c *boxCount) left(e int32, least bool) bool {
	v := c.suspended[e]
	return !c.rule.CountsSuspended && (v == always || v == maybe && least)
}

// grows is the least or the most votes that one lot adds to the total. Votes that were left
// out of it are not taken away.
func (c *boxCount) grows(k int, least bool) ratio.Ratio {
	s := &c.sales[k]
	out := s.base
	for i, e := range s.stakes {
		each := s.votes
		if !c.left(e, least) {
			each = each.Sub(c.sold(k, e))
		}
		if i == 0 || least == each.Less(out) {
			out = each
		}
	}
	return out
}
