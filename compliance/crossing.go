package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Crossing is one threshold crossed by one holder at one step. It is plain data.
type Crossing struct {
	Step     int               `json:"step"` // index
	Holder   string            `json:"holder"`
	Issuer   string            `json:"issuer"`
	With     []string          `json:"with"` // others whose stakes count with Holder's, before or after the step; sorted
	Rule     string            `json:"rule"` // id of the threshold, or of the statute for reciprocity
	Kind     law.ThresholdKind `json:"kind"`
	Citation string            `json:"citation"`
	Verified string            `json:"verified"` // how well the rule's text could be checked
	Base     law.ThresholdBase `json:"base"`     // what the fractions are of
	Limit    ratio.Ratio       `json:"limit"`    // the limit that was crossed, 0..1; of a ladder, the stake at which its step was made
	Ladder   *law.Ladder       `json:"ladder"`   // the creeping threshold of which a step was made; nil if Limit is the rule's own
	AtLeast  bool              `json:"at_least"` // upwards, reaching the limit is enough
	AtMost   bool              `json:"at_most"`  // downwards, coming down to the limit is enough
	Up       bool              `json:"up"`       // the limit was crossed upwards
	Before   ratio.Ratio       `json:"before"`   // the holder's fraction before the step
	After    ratio.Ratio       `json:"after"`    // the holder's fraction after the step
	// Passive says that only the total changed, as in another's buyback: the number that counts
	// as the holder's is the same.
	Passive bool `json:"passive"`
}

// String returns the crossing as a sentence.
func (c Crossing) String() string {
	verb := "falls to"
	if c.Up {
		verb = "rises to"
	}
	if c.Passive {
		verb = strings.Replace(verb, " ", " passively ", 1)
	}
	who := strings.Join(append([]string{c.Holder}, c.With...), " with ")
	at := c.Limit.PercentString()
	if c.Ladder != nil {
		at = change(c.Ladder)
	}
	return fmt.Sprintf("%s in %s %s %s%% of %s, from %s%%: %s at %s (%s)", who, c.Issuer, verb,
		c.After.Percent(4), c.Base, c.Before.Percent(4), c.Kind, at, c.Citation)
}

// change returns the step of a ladder in words.
func change(l *law.Ladder) string {
	text := "any increase"
	if !l.Step.IsZero() {
		text = "a change of " + l.Step.PercentString()
	}
	if l.Months > 0 {
		text += fmt.Sprintf(" within %d months", l.Months)
	}
	return text
}

// copied returns a copy of a ladder, so that no answer shares it with a table of rules.
func copied(l *law.Ladder) *law.Ladder {
	if l == nil {
		return nil
	}
	out := *l
	return &out
}

// WithNames returns the crossing with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (c Crossing) WithNames(name func(id string) string) Crossing {
	c.Holder, c.Issuer, c.With = name(c.Holder), name(c.Issuer), named(c.With, name)
	return c
}

// Crossings returns the thresholds that were crossed at each step of a scenario, under
// the rules in force on the step's day. Steps of one group, see [scenario.Step], are
// looked at together, after the last of them. Crossings are sorted by step, holder, issuer, rule,
// base and limit.
//
// Each rule says whose shares count as a holder's, see [law.Attribution]. A share counts
// once for a holder, even if several grounds apply. A holder controls a company by a
// majority of exercisable votes. A concert of the book counts if it is in force and about
// the issuer or about all companies. A company whose stake counts for another can have its
// own crossing too. For reciprocity, the stake is what the statute tests: companies under
// the holder count only if it tests control or a group, and concerts do not count. The
// stakes of floats do not count.
//
// Each rule also says for both directions whether reaching a limit is enough. A ladder is
// crossed by a change of the stake, see [law.Ladder]. It follows the stakes from the first
// state of the outcome on.
//
// A rule that comes into force does not cause a crossing. Crossings fails with the errors
// of [crossholding.Alliance.Votes], with a [*crossholding.InputError] for malformed
// thresholds, and with [crossholding.ErrUnknown] for an unknown holder or issuer.
func Crossings(ctx context.Context, outcome *scenario.Outcome, opt ThresholdOptions) ([]Crossing, error) {
	if outcome == nil {
		outcome = new(scenario.Outcome)
	}
	ctx, before := given(ctx, outcome.Before)
	found, err := crossings(ctx, outcome, before, &opt)
	return found, withPrefix(err)
}

func crossings(ctx context.Context, outcome *scenario.Outcome, a *crossholding.Alliance, opt *ThresholdOptions) ([]Crossing, error) {
	rules, err := newRuleBook(a.Graph(), opt)
	if err != nil {
		return nil, err
	}
	before, err := newSnapshot(ctx, a, &opt.Voting)
	if err != nil {
		return nil, err
	}
	q := crossingRun{rules: rules, found: []Crossing{}, histories: map[stakeKey]*history{}, looks: map[law.Company][]look{}}
	day := a.AsOf()
	stage := progress.Start(ctx, "crossings", len(outcome.Steps), 1)
	var dated, moved bool // in the moment of the step
	var changed []string
	for s := range outcome.States() {
		stage.At(s.Step)
		step := &outcome.Steps[s.Step].Step
		dated = dated || s.DayMoves || rules.turns(s.Date, day) || s.Date != day && before.rights != nil
		moved = moved || s.StepMoves || step.Step == scenario.StepGrant || step.Step == scenario.StepLapse
		changed = issuers(changed, &outcome.Steps[s.Step])
		if day = s.Date; s.Within {
			continue
		}
		if !dated && !moved {
			changed = changed[:0]
			continue
		}
		a, err := s.Alliance(ctx)
		if err != nil {
			return nil, err
		}
		after, err := newSnapshot(ctx, a, &opt.Voting)
		if err != nil {
			return nil, &scenario.StepError{Index: s.Step, Step: *step, Reason: err}
		}
		was, is, err := align(ctx, before, after, &opt.Voting)
		if err != nil {
			return nil, &scenario.StepError{Index: s.Step, Step: *step, Reason: err}
		}
		q.rules.aim(is.g, opt)
		if err := q.step(ctx, s.Step, changed, dated, was, is); err != nil {
			return nil, err
		}
		before, dated, moved, changed = after, false, false, changed[:0]
	}
	stage.End()
	return q.found, nil
}

// issuers adds the companies whose shares a step changed.
func issuers(out []string, s *scenario.StepResult) []string {
	out = append(out, s.Step.Issuer)
	for i := range s.Postings {
		out = append(out, s.Postings[i].Issuer, s.Postings[i].IntoIssuer)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// align gives two snapshots the same companies, if a step founded or ended one. A company
// that is missing in one of them has no shares there.
func align(ctx context.Context, before, after *snapshot, voting *crossholding.VotingOptions) (was, is *snapshot, err error) {
	if was, err = before.besides(ctx, after, voting); err == nil {
		is, err = after.besides(ctx, before, voting)
	}
	return was, is, err
}

func (s *snapshot) besides(ctx context.Context, other *snapshot, voting *crossholding.VotingOptions) (*snapshot, error) {
	if sameNodes(s.g, other.g) {
		return s, nil
	}
	var missing []crossholding.Company
	for i := range int32(other.g.Len()) {
		if _, err := s.g.Node(other.g.ID(i)); err != nil {
			missing = append(missing, crossholding.Company{ID: other.g.ID(i)})
		}
	}
	if len(missing) == 0 {
		return s, nil
	}
	b := s.a.Book()
	b.Companies = append(b.Companies, missing...)
	a, err := crossholding.New(b)
	if err != nil {
		return nil, err
	}
	return newSnapshot(ctx, a, voting)
}

// sameNodes reports whether two graphs number the same companies and parties alike.
func sameNodes(g, h crossholding.Graph) bool {
	if g.Len() != h.Len() {
		return false
	}
	for i := range int32(g.Len()) {
		if g.ID(i) != h.ID(i) {
			return false
		}
	}
	return true
}

// snapshot is an alliance with its counted votes.
type snapshot struct {
	a        *crossholding.Alliance
	g        crossholding.Graph
	votes    *crossholding.Votes
	above    *crossholding.Chains   // who controls whom by a majority of exercisable votes
	chains   [][]int32              // the controllers of each node, lowest first
	concerts []crossholding.Concert // the concerts in force
	rights   map[int32][]holderRight
	special  []int32           // the companies whose meetings law or contract changes
	counts   map[int32]*counts // by company, if they were needed
}

func newSnapshot(ctx context.Context, a *crossholding.Alliance, voting *crossholding.VotingOptions) (*snapshot, error) {
	v, err := a.Votes(ctx, *voting)
	if err != nil {
		return nil, err
	}
	t, err := v.Tally(crossholding.BasisExercisable)
	if err != nil {
		return nil, err
	}
	above, err := t.Chains(ctx, crossholding.Rule{})
	if err != nil {
		return nil, err
	}
	g := a.Graph()
	s := &snapshot{a, g, v, above, nil, v.Concerts(), rightsOf(g), slices.Collect(v.Changed()), map[int32]*counts{}}
	s.listChains()
	return s, nil
}

// listChains lists all controllers in one array. Two snapshots read each list.
func (s *snapshot) listChains() {
	s.chains = make([][]int32, s.g.Len())
	all := make([]int32, 0, 2*len(s.chains))
	for y := range s.chains {
		from := len(all)
		if s.g.HasShares(int32(y)) {
			all = append(all, s.above.Controllers(int32(y))...)
		}
		s.chains[y] = all[from:len(all):len(all)]
	}
}

// newCounts returns new counts at a company.
func (s *snapshot) newCounts(company int32) (*counts, error) {
	k, err := newCounts(s.g, s.votes, company)
	if err != nil {
		return nil, err
	}
	k.rights, k.day = s.rights[company], s.a.AsOf()
	k.gather(s.chains, s.concerts)
	return k, nil
}

// count returns the counts at a company.
func (s *snapshot) count(company int32) (*counts, error) {
	if k := s.counts[company]; k != nil {
		return k, nil
	}
	k, err := s.newCounts(company)
	if err != nil {
		return nil, err
	}
	s.counts[company] = k
	return k, nil
}

func (s *snapshot) meeting(company int32) *meeting {
	return &meeting{s.g, company, s.a.AsOf(), s.above}
}

// crossingRun is one call of [Crossings].
type crossingRun struct {
	rules     *ruleBook
	found     []Crossing
	histories map[stakeKey]*history
	looks     map[law.Company][]look // of the thresholds in force, by issuer
	measures  []measure              // of each way of counting
	scratch   scratch
}

// step compares the alliance before and after a step.
func (q *crossingRun) step(ctx context.Context, i int, issuers []string, dated bool, before, after *snapshot) error {
	first := len(q.found)
	if dated {
		clear(q.looks)
	}
	list, local := affected(issuers, dated, before, after)
	for n, c := range list {
		if n&0xff == 0xff && ctx.Err() != nil {
			return progress.Cause(ctx)
		}
		if !q.rules.asksOf(c) || !after.g.HasShares(c) && !before.g.HasShares(c) {
			continue
		}
		if local && after.keep(before, c, issuers) {
			continue
		}
		old, err := before.count(c)
		if err != nil {
			return err
		}
		now, err := after.count(c)
		if err != nil {
			return err
		}
		q.company(i, after.meeting(c), old, now)
	}
	slices.SortFunc(q.found[first:], func(a, b Crossing) int {
		return cmp.Or(strings.Compare(a.Holder, b.Holder), strings.Compare(a.Issuer, b.Issuer),
			strings.Compare(a.Rule, b.Rule), strings.Compare(string(a.Base), string(b.Base)), a.Limit.Cmp(b.Limit))
	})
	return nil
}

// keep takes over the counts of a company of which the step changed neither shares nor
// votes, and reports whether it could. The controllers and concerts must be the same.
func (s *snapshot) keep(before *snapshot, company int32, issuers []string) bool {
	k := before.counts[company]
	if k == nil || slices.Contains(issuers, s.g.ID(company)) || !s.g.HasShares(company) {
		return false
	}
	t, err := totalsOf(s.g, s.votes, company)
	if err != nil || !t.equal(&k.totals) {
		return false
	}
	n := 0
	for e, votes := range s.votes.Stakes(company) {
		if n == len(k.stakes) || caster(s.g.Stake(e), votes) != k.casters[n] ||
			!k.stakes[n].votes.Equal(votes.Theoretical) || !k.stakes[n].exercisable.Equal(votes.Exercisable) {
			return false
		}
		n++
	}
	if n != len(k.stakes) || !sameRights(k.rights, s.rights[company]) || len(k.rights) > 0 && k.day != s.a.AsOf() {
		return false
	}
	s.counts[company] = k
	return true
}

// affected returns the companies in which a stake can have changed. These are the
// issuers of the step, the companies whose meetings change by law or contract, and the
// companies held by a company whose controllers changed, or by those who act in concert
// with it, and the companies to whose shares rights changed. On a day on which rules change, and where concerts change, these are all
// companies. Local says that all controllers, concerts and nodes are those of before.
func affected(issuers []string, dated bool, before, after *snapshot) (list []int32, local bool) {
	g := after.g
	if dated || !slices.EqualFunc(before.concerts, after.concerts, sameConcert) {
		out := make([]int32, g.Len())
		for y := range out {
			out[y] = int32(y)
		}
		return out, false
	}
	var moved map[int32]bool
	for y := range int32(g.Len()) {
		if !slices.Equal(before.chains[y], after.chains[y]) {
			if moved == nil {
				moved = map[int32]bool{}
			}
			moved[y] = true
		}
	}
	var out []int32
	if len(moved) > 0 {
		out = after.heldBy(moved)
	}
	for _, issuer := range issuers {
		if c, err := g.Node(issuer); err == nil {
			out = append(out, c)
		}
	}
	out = append(append(out, before.special...), after.special...)
	out = movedRights(out, before.rights, after.rights)
	slices.Sort(out)
	return slices.Compact(out), len(moved) == 0
}

// heldBy lists the companies of which some nodes, or those who act in concert with them,
// hold shares. It adds the partners to the nodes.
func (s *snapshot) heldBy(nodes map[int32]bool) []int32 {
	for _, p := range s.concerts {
		if slices.ContainsFunc(p.Members, func(m int32) bool { return nodes[m] }) {
			for _, m := range p.Members {
				nodes[m] = true
			}
		}
	}
	var out []int32
	for y := range int32(s.g.Len()) {
		from, to := s.g.Stakes(y)
		for e := from; e < to; e++ {
			if k := s.g.Stake(e); nodes[k.Holder] || nodes[k.Beneficiary] || nodes[k.Voter] {
				out = append(out, y)
				break
			}
		}
		if slices.ContainsFunc(s.rights[y], func(k holderRight) bool { return nodes[k.who] }) {
			out = append(out, y)
		}
	}
	return out
}

// measure is what counts as a holder's in one way, before and after a step.
type measure struct {
	was, is figures
	same    bool // and the bases too
}

// company adds what holders crossed at one company.
func (q *crossingRun) company(step int, m *meeting, old, now *counts) {
	issuer, _ := m.g.Law(m.company)
	looks, ok := q.looks[issuer]
	if !ok {
		looks = slices.Clip(q.rules.looksAt(nil, m))
		q.looks[issuer] = looks
	}
	bases := old.totals.equal(&now.totals)
	nodes := append(old.holders(), now.holders()...)
	slices.Sort(nodes)
	for _, who := range slices.Compact(nodes) {
		if q.rules.holder != crossholding.NoNode && q.rules.holder != who {
			continue
		}
		if !q.measure(old, now, who, bases) {
			continue
		}
		for _, l := range q.rules.reciprocity(looks, m, who) {
			if k := &q.measures[l.reach]; !k.same {
				q.compare(step, m, who, l, old, now, k)
			}
		}
	}
}

// measure counts what a holder has in every way, and reports whether any fraction can have
// changed.
func (q *crossingRun) measure(old, now *counts, who int32, bases bool) bool {
	if q.measures == nil {
		q.measures = make([]measure, len(q.rules.reaches))
	}
	plain := old.plain(who) && now.plain(who)
	changed := false
	for n, r := range q.rules.reaches {
		k := &q.measures[n]
		if plain && n > 0 {
			*k = q.measures[0]
			continue
		}
		k.was, k.is = old.figures(&q.scratch, who, r), now.figures(&q.scratch, who, r)
		k.same = bases && k.was.equal(&k.is)
		changed = changed || !k.same
	}
	return changed
}

// compare adds the limits of one rule that one holder crossed between two fractions.
func (q *crossingRun) compare(step int, m *meeting, who int32, l look, old, now *counts, k *measure) {
	was, is := k.was.fraction(old, l.base), k.is.fraction(now, l.base)
	if was.Equal(is) {
		return
	}
	add := func(limit ratio.Ratio, up bool) {
		q.found = append(q.found, Crossing{
			Step: step, Holder: m.g.ID(who), Issuer: m.g.ID(m.company), With: m.g.IDs(q.withAny(who, l, old, now)),
			Rule: l.rule.ID, Kind: l.rule.Kind, Citation: l.rule.Citation, Verified: l.rule.Verified,
			Base: l.base, Limit: limit, Ladder: copied(l.rule.Ladder), AtLeast: l.rule.AtLeast, AtMost: l.rule.AtMost, Up: up,
			Before: was, After: is, Passive: k.was.on(l.base).Equal(k.is.on(l.base)),
		})
	}
	if l.rule.Ladder != nil {
		if made, ok := q.history(m, who, l, was).change(l.rule, m.day, was, is); ok {
			add(made.limit, made.up)
		}
		return
	}
	for _, limit := range l.rule.Limits {
		if l.rule.Rises(was, is, limit) {
			add(limit, true)
		} else if l.rule.Falls(was, is, limit) {
			add(limit, false)
		}
	}
}

// history returns what a ladder knows of a stake, which was so far unchanged if nothing is
// known.
func (q *crossingRun) history(m *meeting, who int32, l look, was ratio.Ratio) *history {
	key := stakeKey{m.g.ID(who), m.g.ID(m.company), l.rule.ID, l.base}
	if q.histories[key] == nil {
		q.histories[key] = &history{was, []dated{{"", was}}}
	}
	return q.histories[key]
}

// withAny lists the others whose stakes count as a holder's in one of two states.
func (q *crossingRun) withAny(who int32, l look, old, now *counts) []int32 {
	r := q.rules.reaches[l.reach]
	out := append(old.with(&q.scratch, who, r), now.with(&q.scratch, who, r)...)
	slices.Sort(out)
	return slices.Compact(out)
}
