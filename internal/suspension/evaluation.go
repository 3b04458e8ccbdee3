package suspension

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// evaluation is one look at all statutes with a given state.
type evaluation struct {
	search  *Search
	state   []ratio.Ratio
	counted *tally.Tally
	groups  map[groupKey]*majority.Group
	forests map[groupKey]*majority.Forest
}

// groupKey is a question of control: by whom, under which rule (nil: plain
// majority), and whether suspended votes count.
type groupKey struct {
	node   int32
	rule   *law.Statute
	silent bool
}

// votesAt returns the ballot that counts votes as the state has them, or as if
// none were silent.
func (j *evaluation) votesAt(silentCount bool) *tally.Tally {
	if silentCount {
		return j.search.sub.untouched()
	}
	if j.counted == nil {
		j.counted = j.search.sub.tally(j.state)
	}
	return j.counted
}

// apply lets every rule of case i take what it takes into next.
func (j *evaluation) apply(ctx context.Context, i int, next []ratio.Ratio) error {
	l, k := j.search, &j.search.candidates[i]
	for n, r := range k.Rules {
		s := &l.rules[r]
		bit := uint64(1) << n // 0 from the 65th on: asked each time
		if k.never&bit != 0 {
			continue
		}
		if k.always&bit == 0 {
			hit, err := j.applies(ctx, s, k)
			if err != nil {
				return err
			}
			if fixed := independent(s); fixed && hit {
				k.always |= bit
			} else if fixed {
				k.never |= bit
			}
			if !hit {
				continue
			}
		}
		err := j.suspend(ctx, s, k, func(at int32, votes ratio.Ratio) {
			if next[at].Less(votes) {
				next[at], l.causes[at] = votes, cause{r + 1, int32(i) + 1}
				l.possible[at] = l.causes[at]
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// controlRule is s's idea of control if s is a test of it, else plain majority.
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

// keyOf is a question of control about x, or about everyone where x is nobody.
func keyOf(s *law.Statute, x int32) groupKey {
	key := groupKey{node: x, silent: s.CountsSuspended}
	if s.Kind == law.TestControls && (s.AtLeast || !s.Presumed.IsZero() || !s.Threshold.Equal(ratio.Of(1, 2))) {
		key.rule = s
	}
	return key
}

// fewCases is how many cases are asked one by one; from there on it is cheaper
// to find who controls whom for everyone at once.
const fewCases = 16

// controls reports whether x controls y by s's idea of control. A majority
// controls under a presumption too, so that is looked at first.
func (j *evaluation) controls(ctx context.Context, x, y int32, s *law.Statute) (bool, error) {
	p := j.search.sub
	inX, inY := p.node(x), p.node(y)
	if p.number != nil && !(p.mayControl(x) && p.mayBeControlled(y)) {
		return false, nil
	}
	f, err := j.forest(ctx, s)
	if err != nil || f != nil && f.Controls(inX, inY) {
		return err == nil, err
	}
	if f != nil && s.Presumed.IsZero() {
		return false, nil
	}
	g, err := j.group(ctx, inX, s)
	return err == nil && g.Controls(inY), err
}

// forest returns who controls whom by majority, or nil where groups have to be
// asked one by one.
func (j *evaluation) forest(ctx context.Context, s *law.Statute) (*majority.Forest, error) {
	if len(j.search.candidates) <= fewCases || s.AtLeast && s.Kind == law.TestControls {
		return nil, nil
	}
	key := keyOf(s, graph.None)
	if f := j.forests[key]; f != nil {
		return f, nil
	}
	engine, rule := j.votesAt(s.CountsSuspended).Engine, controlRule(s)
	find := func() (*majority.Forest, error) { return engine.Forest(ctx, rule) }
	if rule.Presume = nil; !s.Presumed.IsZero() && rule == tally.Rule(ratio.Of(1, 2), true) {
		find = func() (*majority.Forest, error) { return engine.Leaders(ctx) } // groups will ask for it too
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

// group returns node x of the precinct with all that it controls by s's idea of
// control.
func (j *evaluation) group(ctx context.Context, x int32, s *law.Statute) (*majority.Group, error) {
	key := keyOf(s, x)
	if g := j.groups[key]; g != nil {
		return g, nil
	}
	g, err := j.votesAt(s.CountsSuspended).Engine.Group(ctx, controlRule(s), x)
	if err != nil {
		return nil, fmt.Errorf("crossholding: control by %s: %w", j.search.sub.g.IDs[x], err)
	}
	if j.groups == nil {
		j.groups = make(map[groupKey]*majority.Group)
	}
	j.groups[key] = g
	return g, nil
}

// applies reports whether statute s suspends the holder of case k.
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
	if err != nil || !s.Passed(have, base) {
		return false, err
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
	return s.Effect != law.EffectSecondToCross || !j.search.earlier(s, k), nil
}

// holding returns what x has of y as s measures it, and the base.
func (j *evaluation) holding(ctx context.Context, s *law.Statute, x, y int32) (have, base ratio.Ratio, err error) {
	g := j.search.g
	m, who, base := measured(g, s, y)
	mine := func(who int32) bool { return who == x }
	if s.Group {
		if mine, err = j.members(ctx, x, s); err != nil {
			return
		}
	}
	suspended := excludesSuspended(s)
	from, to := g.Column(y)
	at, _ := slices.BinarySearch(j.search.stakes, from)
	for e := from; e < to; e++ {
		silent := ratio.Ratio{}
		if at < len(j.search.stakes) && j.search.stakes[at] == e {
			if suspended {
				silent = j.state[at]
				base = base.Sub(silent)
			}
			at++
		}
		if mine(who[e]) {
			have = have.Add(g.Stake(m, e).Sub(silent))
		}
	}
	return
}

// members returns a test for x and all that it controls.
func (j *evaluation) members(ctx context.Context, x int32, s *law.Statute) (func(who int32) bool, error) {
	p := j.search.sub
	if p.number != nil && !p.mayControl(x) {
		return func(who int32) bool { return who == x }, nil
	}
	in := p.node(x)
	f, err := j.forest(ctx, s)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return func(who int32) bool { return who == x || who != graph.None && f.Controls(in, p.node(who)) }, nil
	}
	g, err := j.group(ctx, in, s)
	if err != nil {
		return nil, err
	}
	return func(who int32) bool { return who != graph.None && g.Has(p.node(who)) }, nil
}

// suspend calls taken with the votes that s takes from each stake of case k.
func (j *evaluation) suspend(ctx context.Context, s *law.Statute, k *Candidate, taken func(at int32, votes ratio.Ratio)) error {
	l, g := j.search, j.search.g
	stakes := k.Stakes
	if s.Kind == law.TestMutual && s.Group {
		var err error
		if stakes, err = j.groupStakes(ctx, s, k); err != nil {
			return err
		}
	}
	if s.Fiduciary {
		stakes = slices.DeleteFunc(slices.Clone(stakes), func(at int32) bool { return g.Beneficiary[l.stakes[at]] != k.Holder })
	}
	votes := make([]ratio.Ratio, len(stakes))
	var sum ratio.Ratio
	for n, at := range stakes {
		votes[n] = g.Stake(&g.Votes, l.stakes[at])
		sum = sum.Add(votes[n])
	}
	left, err := j.remaining(ctx, s, k, stakes, sum)
	if err != nil {
		return err
	}
	kept := tally.Apportion(left, votes, l.in.Whole(k.Issuer))
	for n, at := range stakes {
		taken(at, votes[n].Sub(kept[n]))
	}
	return nil
}

// groupStakes lists the stakes in k's issuer of its holder and of all that the
// holder controls.
func (j *evaluation) groupStakes(ctx context.Context, s *law.Statute, k *Candidate) ([]int32, error) {
	mine, err := j.members(ctx, k.Holder, s)
	if err != nil {
		return nil, err
	}
	stakes := slices.Clone(k.Stakes)
	for _, other := range j.search.candidates[k.First:k.End] {
		if mine(other.Holder) {
			stakes = append(stakes, other.Stakes...)
		}
	}
	slices.Sort(stakes)
	return slices.Compact(stakes), nil
}

// remaining returns how many of the votes of stakes, which are sum, s leaves.
func (j *evaluation) remaining(ctx context.Context, s *law.Statute, k *Candidate, stakes []int32, sum ratio.Ratio) (ratio.Ratio, error) {
	g := j.search.g
	effect := s.Effect
	if effect == law.EffectSmaller {
		if same, err := j.sameFraction(ctx, s, k); err != nil || !same {
			return ratio.Ratio{}, err
		}
		effect = law.EffectExcess
	}
	var left ratio.Ratio
	switch effect {
	case law.EffectExcess, law.EffectSecondToCross:
		m, _, base := measured(g, s, k.Issuer)
		var have ratio.Ratio
		for _, at := range stakes {
			have = have.Add(g.Stake(m, j.search.stakes[at]))
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
	if sum.Less(left) {
		left = sum
	}
	return left, nil
}

// sameFraction reports whether the two hold the same fraction of each other.
func (j *evaluation) sameFraction(ctx context.Context, s *law.Statute, k *Candidate) (bool, error) {
	have, base, err := j.holding(ctx, s, k.Issuer, k.Holder)
	if err != nil {
		return false, err
	}
	back, backBase, err := j.holding(ctx, s, k.Holder, k.Issuer)
	return have.Mul(backBase).Equal(back.Mul(base)), err
}

// earlier reports whether the lots of both stakes show that k's holder passed
// the limit before its issuer did.
func (l *Search) earlier(s *law.Statute, k *Candidate) bool {
	mine, ok1 := l.crossed(s, k.Holder, k.Issuer)
	theirs, ok2 := l.crossed(s, k.Issuer, k.Holder)
	return ok1 && ok2 && mine < theirs
}

// crossed returns the day on which x's lots in y passed the limit of today's
// base, if its lots cover its stakes and are dated.
func (l *Search) crossed(s *law.Statute, x, y int32) (date.Date, bool) {
	g := l.g
	var lots []Lot
	var held, covered ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		if g.Beneficiary[e] != x {
			continue
		}
		shares, of := l.in.Lots(e)
		held = held.Add(shares)
		for _, lot := range of {
			if lot.Date == "" {
				return "", false
			}
			covered = covered.Add(lot.Shares)
			lots = append(lots, lot)
		}
	}
	if !covered.Equal(held) {
		return "", false
	}
	slices.SortStableFunc(lots, func(a, b Lot) int { return strings.Compare(string(a.Date), string(b.Date)) })
	base := g.Capital.Outstanding(y)
	if s.Treasury {
		base = g.Capital.Issued(y)
	}
	var sum ratio.Ratio
	for _, lot := range lots {
		if sum = sum.Add(lot.Shares); s.Passed(sum, base) {
			return lot.Date, true
		}
	}
	return "", false
}

// measured returns what s counts in company y, by whom, and all of it: what the
// threshold is a fraction of while nothing is suspended.
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

// excludesSuspended reports whether s leaves votes that a statute suspends out of
// what it counts.
func excludesSuspended(s *law.Statute) bool {
	return s.Measure != law.MeasureShares && !s.CountsSuspended
}

// independent reports whether the rule's test looks at no votes that a statute
// can silence, so that its answer is the same in every state of the law.
func independent(s *law.Statute) bool {
	return s.CountsSuspended || s.Kind != law.TestControls && !s.Group && !s.NotWithinGroup && s.Measure == law.MeasureShares
}
