package compliance

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/attribution"
	"github.com/crossholding/crossholding/compliance/internal/limit"
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
// once for a holder, even if several grounds apply. A holder controls a company by a majority
// of exercisable votes or by a fact of control. A concert of the book counts if it is in force and
// about the issuer or about all companies. A company whose stake counts for another can have its own
// crossing too. For reciprocity, the stake is what the statute tests: companies under the holder
// by votes count only if it tests control or a group, and concerts do not. The stake is of shares or
// of votes, as the statute says. The group is by votes also where the statute makes it by shares
// ([law.Statute].GroupBy: India and Korea), which differs for a subsidiary whose shares have unlike
// votes. What a statute suspends follows its own group. Floats do not count.
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
	return found, orBounds(err, "")
}

func crossings(ctx context.Context, outcome *scenario.Outcome, a *crossholding.Alliance, opt *ThresholdOptions) ([]Crossing, error) {
	rules, err := limit.New(opt.Thresholds, opt.Extra, &opt.Voting, opt.Alone)
	if err != nil {
		return nil, err
	}
	asked, err := limit.NewScope(a.Graph(), opt.Holder, opt.Issuer)
	if err != nil {
		return nil, err
	}
	before, err := attribution.NewState(ctx, a, &opt.Voting)
	if err != nil {
		return nil, err
	}
	rules.Deem(before)
	q := crossingRun{rules: rules, Scope: asked, found: []Crossing{}, ladders: limit.Ladders{},
		looks: map[law.Company][]limit.Look{}, measures: attribution.NewMeasures(rules.Reaches)}
	stage := progress.Start(ctx, "crossings", len(outcome.Steps), 1)
	for m, err := range moments(ctx, outcome, before, rules, &opt.Voting) {
		if err != nil {
			return nil, err
		}
		stage.At(m.step)
		q.Aim(m.after.Graph, opt.Holder, opt.Issuer)
		if err := q.step(ctx, &m); err != nil {
			return nil, err
		}
	}
	stage.End()
	return q.found, nil
}

// moment is one step, or a group of steps at one time, that can move a stake.
type moment struct {
	step          int      // the last one
	changed       []string // the companies whose shares the steps changed
	dated         bool     // the day brings other rules, votes or rights
	before, after *attribution.State
}

// moments yields the moments at which a stake can move, from a first state on.
func moments(ctx context.Context, outcome *scenario.Outcome, before *attribution.State, rules *limit.Book, voting *crossholding.VotingOptions) iter.Seq2[moment, error] {
	return func(yield func(moment, error) bool) {
		day := before.Day()
		ruled := rules.Span(day)
		var m moment
		var moved bool
		for s := range outcome.States() {
			step := &outcome.Steps[s.Step].Step
			m.step = s.Step
			m.dated = m.dated || s.DayMoves || s.Date != day && before.HasRights()
			if !ruled.Has(s.Date) {
				m.dated, ruled = true, rules.Span(s.Date)
			}
			moved = moved || s.StepMoves || step.Step == scenario.StepGrant || step.Step == scenario.StepLapse
			m.changed = issuers(m.changed, &outcome.Steps[s.Step])
			if day = s.Date; s.Within {
				continue
			}
			if m.dated || moved {
				a, err := s.Alliance(ctx)
				if err != nil {
					yield(moment{}, err)
					return
				}
				after, err := before.After(ctx, a)
				if err == nil {
					m.before, m.after, err = attribution.Align(ctx, before, after, voting)
				}
				if err != nil {
					yield(moment{}, &scenario.StepError{Index: s.Step, Step: *step, Reason: err})
					return
				}
				if !yield(m, nil) {
					return
				}
				before = after
			}
			m, moved = moment{}, false
		}
	}
}

// issuers adds the companies whose shares a step changed.
func issuers(out []string, s *scenario.StepResult) []string {
	add := func(issuer string) {
		if issuer != "" && !slices.Contains(out, issuer) {
			out = append(out, issuer)
		}
	}
	add(s.Step.Issuer)
	for i := range s.Postings {
		add(s.Postings[i].Issuer)
		add(s.Postings[i].IntoIssuer)
	}
	return out
}

// crossingRun is one call of [Crossings].
type crossingRun struct {
	limit.Scope
	rules    *limit.Book
	found    []Crossing
	ladders  limit.Ladders
	looks    map[law.Company][]limit.Look // of the thresholds in force, by issuer
	measures *attribution.Measures
	tests    []limit.Look // of reciprocity, at one holder
}

// step compares the alliance before and after a step.
func (q *crossingRun) step(ctx context.Context, m *moment) error {
	first, before, after := len(q.found), m.before, m.after
	if m.dated {
		clear(q.looks)
	}
	list, local := attribution.Affected(m.changed, m.dated, before, after)
	for n, c := range list {
		if n&0xff == 0xff && ctx.Err() != nil {
			return progress.Cause(ctx)
		}
		if !q.AsksOf(c) || !after.Graph.HasShares(c) && !before.Graph.HasShares(c) {
			continue
		}
		old, err := before.Count(ctx, c)
		if err != nil {
			return err
		}
		now := old
		if local {
			now, err = after.CountAfter(ctx, before, old)
		} else {
			now, err = after.Count(ctx, c)
		}
		if err != nil {
			return err
		}
		if now == old {
			continue
		}
		q.company(m.step, limit.At(after, c), old, now)
	}
	slices.SortFunc(q.found[first:], func(a, b Crossing) int {
		return cmp.Or(strings.Compare(a.Holder, b.Holder), strings.Compare(a.Issuer, b.Issuer),
			strings.Compare(a.Rule, b.Rule), strings.Compare(string(a.Base), string(b.Base)), a.Limit.Cmp(b.Limit))
	})
	return nil
}

// company adds what holders crossed at one company.
func (q *crossingRun) company(step int, m *limit.Meeting, old, now *attribution.Counts) {
	if len(q.rules.Reaches) == 0 {
		return
	}
	issuer, _ := m.Graph.Law(m.Company)
	looks, ok := q.looks[issuer]
	if !ok {
		looks = slices.Clip(q.rules.Looks(nil, m))
		q.looks[issuer] = looks
	}
	q.measures.At(old, now)
	for _, who := range old.HoldersWith(now) {
		if !q.Asks(who) {
			continue
		}
		q.measures.Of(who)
		if q.measures.Still() {
			continue
		}
		q.tests = q.rules.Reciprocity(q.tests[:0], m, who)
		for _, list := range [...][]limit.Look{looks, q.tests} {
			for i := range list {
				if k := list[i].Measure(q.measures); k != nil && !k.Same {
					q.compare(step, m, &list[i], k)
				}
			}
		}
	}
}

// compare adds the limits of one rule that one holder crossed between two fractions.
func (q *crossingRun) compare(step int, m *limit.Meeting, l *limit.Look, k *attribution.Measure) {
	was, is := k.Fractions(l.Base, q.measures.Old, q.measures.Now)
	if was.Equal(is) {
		return
	}
	add := func(limit ratio.Ratio, up bool) {
		q.found = append(q.found, Crossing{
			Step: step, Holder: m.Graph.ID(q.measures.Who), Issuer: m.Graph.ID(m.Company), With: m.Graph.IDs(q.measures.With(l.Reach)),
			Rule: l.Rule.ID, Kind: l.Rule.Kind, Citation: l.Rule.Citation, Verified: l.Rule.Verified,
			Base: l.Base, Limit: limit, Ladder: copied(l.Rule.Ladder), AtLeast: l.Rule.AtLeast, AtMost: l.Rule.AtMost, Up: up,
			Before: was, After: is, Passive: k.Was.On(l.Base).Equal(k.Is.On(l.Base)),
		})
	}
	if l.Rule.Ladder != nil {
		if made, ok := q.ladders.Change(m, q.measures.Who, l, was, is); ok {
			add(made.Limit, made.Up)
		}
		return
	}
	for _, limit := range l.Rule.Limits {
		if l.Rule.Rises(was, is, limit) {
			add(limit, true)
		} else if l.Rule.Falls(was, is, limit) {
			add(limit, false)
		}
	}
}
