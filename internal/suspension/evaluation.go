// The statutes applied to one assignment.

package suspension

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// verdict is what the statutes make of one assignment. Nobody changes it.
type verdict struct {
	votes  []ratio.Ratio // suspended, of each stake
	causes causes
}

// causes has the cause for each stake for which its votes are suspended.
type causes []cause

// cause is the rule and the candidate for which a stake's votes are suspended. Both are
// counted from 1. The zero value means that there is no cause.
type cause struct{ rule, candidate int32 }

// note takes over the causes of a verdict. Those of stakes whose votes it leaves stay.
func (c causes) note(v verdict) {
	for i, t := range v.causes {
		if t != (cause{}) {
			c[i] = t
		}
	}
}

// Evaluate applies every statute to an assignment and returns the votes that they suspend.
func (l *Search) Evaluate(ctx context.Context, assignment []ratio.Ratio) ([]ratio.Ratio, error) {
	v, err := l.scope.evaluate(ctx, assignment)
	return v.votes, err
}

// evaluate applies every statute to an assignment.
func (sc *scope) evaluate(ctx context.Context, assignment []ratio.Ratio) (verdict, error) {
	j := &evaluation{scope: sc, assignment: assignment}
	next := verdict{make([]ratio.Ratio, len(assignment)), make(causes, len(assignment))}
	err := sc.eachUndecided(ctx, func(i int32) error { return j.apply(ctx, i, next) })
	if err != nil {
		return verdict{}, err
	}
	return next, nil
}

// evaluation applies all statutes to one assignment. It keeps the answers on control that
// several statutes need.
type evaluation struct {
	scope      *scope
	assignment []ratio.Ratio
	counted    *tally.Tally
	countedOwn *tally.Tally // the same without votes cast for another's money
	groups     map[groupKey]*majority.Group
	forests    map[groupKey]*majority.Forest

	shareGroups map[int32]*majority.Group // see shareGroup
	under, not  [8]int32                  // scratch memory, see membersAtOnce
}

// groupKey identifies a question of control: about which node, under which rule (nil means
// a plain majority), and which votes count.
type groupKey struct {
	node                      int32
	rule                      *law.Statute
	countsSuspended, ownVotes bool
	facts                     Counting
}

// votesAt returns the tally of the votes that s counts where it asks who controls whom.
func (j *evaluation) votesAt(s *law.Statute) *tally.Tally {
	p := j.scope.sub
	own := s.OwnVotes && p.own != nil
	switch {
	case own && s.CountsSuspended:
		return p.allOwnVotes()
	case s.CountsSuspended:
		return p.allVotes()
	case own:
		if j.countedOwn == nil {
			j.countedOwn = p.ownTallyOf(j.assignment, j.assignment)
		}
		return j.countedOwn
	}
	if j.counted == nil {
		j.counted = p.tally(j.assignment)
	}
	return j.counted
}

// apply adds to next the votes that the rules of candidate i suspend.
func (j *evaluation) apply(ctx context.Context, i int32, next verdict) error {
	c := j.scope
	k, d := &c.candidates[i], c.decided[i]
	for n, r := range k.Rules {
		s := &c.search.rules[r]
		bit := uint64(1) << n // 0 from the 65th rule on, which is evaluated every time
		if d.never&bit != 0 {
			continue
		}
		if d.always&bit == 0 {
			met, err := j.applies(ctx, s, k)
			if err != nil {
				return err
			}
			if !met {
				continue
			}
		}
		err := j.suspend(ctx, s, k, func(at int32, votes ratio.Ratio) {
			if next.votes[at].Less(votes) {
				next.votes[at], next.causes[at] = votes, cause{r + 1, i + 1}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// controlRule returns s's definition of control if s is a test of control, and otherwise a
// plain majority.
func controlRule(s *law.Statute) majority.Rule {
	rule := tally.Rule(ratio.Of(1, 2), true)
	if s.Kind == law.TestControls {
		rule = tally.Rule(s.Threshold, !s.AtLeast)
	}
	if !s.Presumed.IsZero() {
		rule.Presume = tally.Presumption(s.Presumed)
	}
	return rule
}

// keyOf returns the key of a question of control about x. If x is graph.None, the question
// is about all nodes.
func keyOf(s *law.Statute, x int32) groupKey {
	key := groupKey{node: x, countsSuspended: s.CountsSuspended, ownVotes: s.OwnVotes}
	if s.Kind == law.TestControls && (s.AtLeast || !s.Presumed.IsZero() || !s.Threshold.Equal(ratio.Of(1, 2))) {
		key.rule = s
	}
	return key
}

// fewCandidates is the largest number of candidates that are asked one by one. With more,
// it is cheaper to find at once who controls whom.
const fewCandidates = 16

// controls reports whether x controls y by s's definition of control. A majority also
// controls under a presumption, so it is tested first.
func (j *evaluation) controls(ctx context.Context, x, y int32, s *law.Statute) (bool, error) {
	p := j.scope.sub
	if byShares(s) {
		g, err := j.shareGroup(ctx, x)
		return err == nil && g.Controls(y), err
	}
	inX, inY := p.localIndex(x), p.localIndex(y)
	if p.number != nil && !(p.mayControl(x) && p.mayBeControlled(y)) {
		return false, nil
	}
	f, err := j.forest(ctx, s)
	if err != nil || f != nil && f.Controls(inX, inY) {
		return err == nil, err
	}
	facts := p.factsFor(s) != nil
	if f != nil && s.Presumed.IsZero() && !facts {
		return false, nil
	}
	if f == nil && !facts {
		if controls, known := j.glance(x, s).controls(y, glanceDepth); known {
			return controls, nil
		}
	}
	g, err := j.group(ctx, inX, s)
	return err == nil && g.Controls(inY), err
}

// forest returns who controls whom by majority. It returns nil if the groups have to be
// asked one by one.
func (j *evaluation) forest(ctx context.Context, s *law.Statute) (*majority.Forest, error) {
	if len(j.scope.candidates) <= fewCandidates || s.AtLeast && s.Kind == law.TestControls {
		return nil, nil
	}
	key := keyOf(s, graph.None)
	if f := cmp.Or(j.forests[key], j.scope.fixedForests[key]); f != nil {
		return f, nil
	}
	engine, rule := j.votesAt(s).Engine, controlRule(s)
	find := func() (*majority.Forest, error) { return engine.Forest(ctx, rule) }
	if rule.Presume = nil; !s.Presumed.IsZero() && rule == tally.Rule(ratio.Of(1, 2), true) {
		find = func() (*majority.Forest, error) { return engine.Leaders(ctx) } // groups need it too
	}
	f, err := find()
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	if j.forests == nil {
		j.forests = make(map[groupKey]*majority.Forest)
	}
	j.forests[key] = f
	return f, nil
}

// group returns node x of the subgraph with all that it controls by s's definition of
// control.
func (j *evaluation) group(ctx context.Context, x int32, s *law.Statute) (*majority.Group, error) {
	key, p := keyOf(s, x), j.scope.sub
	if p.factsFor(s) != nil {
		key.facts = CountingOf(s)
	}
	if g := cmp.Or(j.groups[key], j.scope.fixedGroups[key]); g != nil {
		return g, nil
	}
	g, err := j.votesAt(s).Engine.Group(ctx, p.ruleWithFacts(s), x)
	if err != nil {
		return nil, fmt.Errorf("crossholding: control by %s: %w", p.g.IDs.At(x), err)
	}
	if j.groups == nil {
		j.groups = make(map[groupKey]*majority.Group)
	}
	j.groups[key] = g
	return g, nil
}

// applies reports whether statute s suspends votes of the holder of candidate k.
func (j *evaluation) applies(ctx context.Context, s *law.Statute, k *Candidate) (bool, error) {
	if s.NotWithinGroup {
		for _, pair := range [][2]int32{{k.Issuer, k.Holder}, {k.Holder, k.Issuer}} {
			if yes, err := j.controls(ctx, pair[0], pair[1], s); err != nil || yes {
				return false, err
			}
		}
	}
	if s.Kind == law.TestControls {
		return j.controls(ctx, k.Issuer, k.Holder, s)
	}
	have, base, err := j.holding(ctx, s, k.Issuer, k.Holder)
	if err != nil {
		return false, err
	}
	if !s.Passed(have, base) {
		_, found, err := j.tier(ctx, s, k.Issuer, k.Holder)
		return found, err
	}
	if s.Kind != law.TestMutual && s.Effect != law.EffectSmaller {
		return true, nil
	}
	back, backBase, err := j.holding(ctx, s, k.Holder, k.Issuer)
	if err != nil {
		return false, err
	}
	if s.Effect == law.EffectSmaller {
		return back.Sign() > 0 && back.Mul(base).Cmp(have.Mul(backBase)) <= 0, nil
	}
	if !s.Passed(back, backBase) {
		return false, nil
	}
	return s.Effect != law.EffectSecondToCross || !j.scope.search.earlier(s, k), nil
}

// holding returns what x holds of y as s measures it, and the total of which it is a
// fraction.
func (j *evaluation) holding(ctx context.Context, s *law.Statute, x, y int32) (have, base ratio.Ratio, err error) {
	g := j.scope.g
	m, who, base := measured(g, s, y)
	mine := members{}
	if s.Group {
		if mine, err = j.membersAt(ctx, x, y, who, s); err != nil {
			return
		}
	}
	suspended := excludesSuspended(s)
	from, to := g.Column(y)
	at := j.scope.firstOf(from)
	for e := from; e < to; e++ {
		taken := ratio.Ratio{}
		if at < len(j.scope.stakes) && j.scope.stakes[at] == e {
			if suspended {
				taken = j.assignment[at]
				base = base.Sub(taken)
			}
			at++
		}
		if (who[e] == x || mine.has(who[e])) && countsFor(s, g, e) {
			have = have.Add(g.Stake(m, e).Sub(taken))
		}
	}
	return
}

// members are those who are under a holder: a list, or a test.
type members struct {
	list []int32
	test func(who int32) bool // nil if there is a list
}

func (m members) has(who int32) bool {
	if m.test != nil {
		return m.test(who)
	}
	return slices.Contains(m.list, who)
}

// membersAt is members for the nodes that hold y, as who lists them. The result is good until
// the next call.
func (j *evaluation) membersAt(ctx context.Context, x, y int32, who []int32, s *law.Statute) (members, error) {
	if list, known := j.membersAtOnce(x, y, who, s); known {
		return members{list: list}, nil
	}
	test, err := j.members(ctx, x, s)
	return members{test: test}, err
}

// members returns a test for x and all that it controls.
func (j *evaluation) members(ctx context.Context, x int32, s *law.Statute) (func(who int32) bool, error) {
	p := j.scope.sub
	if byShares(s) {
		g, err := j.shareGroup(ctx, x)
		if err != nil {
			return nil, err
		}
		return func(who int32) bool { return who != graph.None && g.Has(who) }, nil
	}
	if p.number != nil && !p.mayControl(x) {
		return func(who int32) bool { return who == x }, nil
	}
	in := p.localIndex(x)
	f, err := j.forest(ctx, s)
	if err != nil {
		return nil, err
	}
	if f != nil && p.factsFor(s) == nil {
		return func(who int32) bool { return who == x || who != graph.None && f.Controls(in, p.localIndex(who)) }, nil
	}
	g, err := j.group(ctx, in, s)
	if err != nil {
		return nil, err
	}
	return func(who int32) bool { return who != graph.None && g.Has(p.localIndex(who)) }, nil
}

// suspend calls taken with the votes that s suspends of each stake of candidate k.
func (j *evaluation) suspend(ctx context.Context, s *law.Statute, k *Candidate, taken func(at int32, votes ratio.Ratio)) error {
	c, g := j.scope, j.scope.g
	stakes := k.Stakes
	if s.Kind == law.TestMutual && s.Group {
		var err error
		if stakes, err = j.groupStakes(ctx, s, k); err != nil {
			return err
		}
	}
	if s.Fiduciary != "" {
		stakes = slices.DeleteFunc(slices.Clone(stakes), func(at int32) bool { return !reached(s, g, c.stakes[at], k.Holder) })
	}
	var sum ratio.Ratio
	for _, at := range stakes {
		sum = sum.Add(g.Stake(&g.Votes, c.stakes[at]))
	}
	left, err := j.remaining(ctx, s, k, stakes, sum)
	if err != nil {
		return err
	}
	if left.IsZero() { // as most rules have it
		for _, at := range stakes {
			taken(at, g.Stake(&g.Votes, c.stakes[at]))
		}
		return nil
	}
	votes := make([]ratio.Ratio, len(stakes))
	for n, at := range stakes {
		votes[n] = g.Stake(&g.Votes, c.stakes[at])
	}
	kept := tally.Apportion(left, votes, c.search.in.Facts.Whole(k.Issuer))
	for n, at := range stakes {
		taken(at, votes[n].Sub(kept[n]))
	}
	return nil
}

// groupStakes lists the stakes in k's issuer that its holder has, or a company that the
// holder controls.
func (j *evaluation) groupStakes(ctx context.Context, s *law.Statute, k *Candidate) ([]int32, error) {
	mine, err := j.members(ctx, k.Holder, s)
	if err != nil {
		return nil, err
	}
	stakes := slices.Clone(k.Stakes)
	for _, other := range j.scope.candidates[k.First:k.End] {
		if mine(other.Holder) {
			stakes = append(stakes, other.Stakes...)
		}
	}
	slices.Sort(stakes)
	return slices.Compact(stakes), nil
}

// remaining returns how many votes of the given stakes s does not suspend. Sum is the
// total of their votes.
func (j *evaluation) remaining(ctx context.Context, s *law.Statute, k *Candidate, stakes []int32, sum ratio.Ratio) (ratio.Ratio, error) {
	g := j.scope.g
	effect := s.Effect
	if effect == law.EffectSmaller {
		if same, err := j.sameFraction(ctx, s, k); err != nil || !same {
			return ratio.Ratio{}, err
		}
		effect = law.EffectExcess
	}
	if j.scope.search.overdue(s, k) {
		return ratio.Ratio{}, nil
	}
	var left ratio.Ratio
	switch effect {
	case law.EffectExcess, law.EffectSecondToCross:
		m, _, base := measured(g, s, k.Issuer)
		var have ratio.Ratio
		for _, at := range stakes {
			have = have.Add(g.Stake(m, j.scope.stakes[at]))
		}
		if have.IsZero() {
			return sum, nil
		}
		left = sum.Mul(base).Mul(s.Threshold).Div(have)
	case law.EffectCap:
		left = g.Votes.Outstanding(k.Issuer).Mul(s.MaxFraction)
	case law.EffectPart:
		left = sum.Mul(s.MaxFraction)
	}
	left = ratio.Min(left, sum)
	return left, nil
}

// sameFraction reports whether issuer and holder hold the same fraction of each other.
func (j *evaluation) sameFraction(ctx context.Context, s *law.Statute, k *Candidate) (bool, error) {
	have, base, err := j.holding(ctx, s, k.Issuer, k.Holder)
	if err != nil {
		return false, err
	}
	back, backBase, err := j.holding(ctx, s, k.Holder, k.Issuer)
	return have.Mul(backBase).Equal(back.Mul(base)), err
}

// measured returns what s counts in company y, whose it is, and the total of which the
// threshold is a fraction while no votes are suspended.
func measured(g *graph.Graph, s *law.Statute, y int32) (m *graph.Weighting, who []int32, base ratio.Ratio) {
	m, who = &g.Votes, g.Voter
	if s.Measure == law.MeasureShares {
		m, who = &g.Capital, g.Beneficiary
	}
	if s.Treasury {
		return m, who, m.Issued(y)
	}
	return m, who, m.Outstanding(y)
}

// countsFor reports whether stake e counts for whoever has it, in the test of s.
func countsFor(s *law.Statute, g *graph.Graph, e int32) bool {
	return !s.OwnVotes || g.Voter[e] == g.Beneficiary[e]
}

// reached reports whether s reaches stake e, of those that the holder holds, owns or casts.
func reached(s *law.Statute, g *graph.Graph, e, holder int32) bool {
	if g.Beneficiary[e] == holder {
		return true
	}
	return s.Fiduciary == law.FiduciaryUninstructed && g.Holder[e] == holder && g.Voter[e] == holder
}

// excludesSuspended reports whether s leaves suspended votes out of what it counts.
func excludesSuspended(s *law.Statute) bool {
	return s.Measure != law.MeasureShares && !s.CountsSuspended
}

// independent reports whether the rule's test does not depend on votes that a statute can
// suspend. Its result is then the same in every assignment.
func independent(s *law.Statute) bool {
	return s.CountsSuspended || s.Kind != law.TestControls && !s.Group && !s.NotWithinGroup && s.Measure == law.MeasureShares
}
