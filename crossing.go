package crossholding

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// CrossingOptions says which thresholds are looked at. The zero value is the
// default.
type CrossingOptions struct {
	// Thresholds replaces the built-in table; nil stands for [Thresholds].
	Thresholds []Threshold
	// Extra adds rules to the table.
	Extra []Threshold
	// Voting says how votes are counted; its statutes give the thresholds of
	// reciprocity.
	Voting VotingOptions
}

// Crossing is one threshold crossed by one holder at one step. Plain data.
type Crossing struct {
	Step           int // index
	Holder, Issuer string
	Rule           string // id of the threshold, or of the statute for reciprocity
	Kind           ThresholdKind
	Citation       string
	Verified       string // how well the rule's text could be checked
	Base           ThresholdBase
	Limit          Ratio
	OrMore         bool
	Up             bool  // the limit was crossed upwards
	Before, After  Ratio // the holder's figure on either side of the step
}

// String returns the crossing as a sentence.
func (c Crossing) String() string {
	verb := "falls to"
	if c.Up {
		verb = "rises to"
	}
	return fmt.Sprintf("%s in %s %s %s%% of %s, from %s%%: %s at %s (%s)", c.Holder, c.Issuer, verb,
		c.After.Percent(4), c.Base, c.Before.Percent(4), c.Kind, percentText(c.Limit), c.Citation)
}

// States yields the alliance after each step with the step's index. Each is
// complete by itself, as [Outcome.After] is; they are made again on the way, so
// that an outcome keeps only two.
func (o *Outcome) States() iter.Seq2[int, *Alliance] {
	return func(yield func(int, *Alliance) bool) {
		r := newRunner(o.Before)
		for i := range o.recs {
			if i == len(o.recs)-1 {
				yield(i, o.After)
				return
			}
			r.result = StepResult{}
			if r.apply(&o.recs[i]) != nil || !yield(i, index(r.l.clone())) {
				return // a step that was made once can be made again
			}
		}
	}
}

// Crossings returns the thresholds that were crossed at each step, under the
// rules in force on the step's day: sorted by step, holder, issuer, rule and
// limit. Only a holder's own stake is looked at: by what is held for its money
// or, where the rule says so, by what it casts; not by what companies under it
// hold, and not what floats hold. A rule that comes into force is not crossed
// by that. Errors are those of [Alliance.Votes], and an [*InputError] on
// thresholds that are not well formed.
func (o *Outcome) Crossings(opt CrossingOptions) ([]Crossing, error) {
	table := opt.Thresholds
	if table == nil {
		table = thresholds[:]
	}
	if len(opt.Extra) > 0 {
		table = slices.Concat(table, opt.Extra)
	}
	if opt.Thresholds != nil || len(opt.Extra) > 0 {
		if err := checkThresholds(table); err != nil {
			return nil, err
		}
	}
	before, err := o.Before.Votes(opt.Voting)
	if err != nil {
		return nil, err
	}
	w := watch{table: table, laws: slices.Concat(opt.Voting.table(), opt.Voting.Extra), noLaw: opt.Voting.NoLaw}
	r := newRunner(o.Before)
	for i := range o.recs {
		day := r.l.asOf
		if err := r.apply(&o.recs[i]); err != nil {
			return nil, &StepError{Index: i, Step: o.Steps[i].Step, Reason: err}
		}
		dated := w.turns(r.l, day)
		if !dated && !o.recs[i].movesVotes() {
			continue
		}
		a := o.After
		if i < len(o.recs)-1 {
			a = index(r.l.clone())
		}
		after, err := a.Votes(opt.Voting)
		if err != nil {
			return nil, &StepError{Index: i, Step: o.Steps[i].Step, Reason: err}
		}
		w.step(i, o.recs[i].Issuer, dated, before, after)
		before = after
	}
	return w.found, nil
}

// movesVotes reports whether the step changes shares or votes by more than the
// day it is made on.
func (s *stepRec) movesVotes() bool {
	switch s.Step.Step {
	case Reprice, AdvanceDate:
		return false
	case Agree:
		return (&agreementRec{Agreement: *s.Agreement}).votes()
	}
	return true
}

// turns reports whether votes or rules differ between the ledger's day and the
// one before.
func (w *watch) turns(l *ledger, before Date) bool {
	changed := func(from, to Date) bool { return inForce(l.asOf, from, to) != inForce(before, from, to) }
	return l.asOf != before && (slices.ContainsFunc(l.agreements, func(a agreementRec) bool { return changed(a.From, a.To) }) ||
		slices.ContainsFunc(w.laws, func(s Statute) bool { return changed(s.From, s.To) }) ||
		slices.ContainsFunc(w.table, func(t Threshold) bool { return changed(t.From, t.To) }) ||
		slices.ContainsFunc(l.stakes, func(s stakeRec) bool { return s.since != "" && changed(s.since, "") }))
}

// watch looks for crossings.
type watch struct {
	table []Threshold
	laws  []Statute
	noLaw bool
	found []Crossing
	last  map[int32]*standings // after the step before, where they were counted
	next  map[int32]*standings
	tops  map[int32]int32 // majority holders after the step
}

// step compares two counts. Only the issuer that the step was about can have
// changed, and meetings that law or contract touch; a day on which rules change
// can change all.
func (w *watch) step(i int, issuer string, dated bool, before, after *Votes) {
	g := &after.a.graph
	first := len(w.found)
	var at []int32
	if dated {
		for c := range int32(len(g.ids)) {
			at = append(at, c)
		}
	} else {
		if c, ok := after.a.node(issuer); ok {
			at = append(at, c)
		}
		for c := range before.special {
			at = append(at, c)
		}
		for c := range after.special {
			at = append(at, c)
		}
		slices.Sort(at)
		at = slices.Compact(at)
	}
	w.last, w.next, w.tops = w.next, map[int32]*standings{}, map[int32]int32{}
	for _, c := range at {
		if g.issuesShares(c) || before.a.graph.issuesShares(c) {
			w.company(i, c, before, after)
		}
	}
	slices.SortFunc(w.found[first:], func(a, b Crossing) int {
		return cmp.Or(strings.Compare(a.Holder, b.Holder), strings.Compare(a.Issuer, b.Issuer),
			strings.Compare(a.Rule, b.Rule), strings.Compare(string(a.Base), string(b.Base)), a.Limit.Cmp(b.Limit))
	})
}

func (w *watch) company(i int, c int32, before, after *Votes) {
	g := &after.a.graph
	rec := after.a.ledger.company(g.ids[c])
	old, now := w.last[c], after.standings(c)
	if old == nil {
		old = before.standings(c)
	}
	w.next[c] = now
	nodes := slices.Concat(old.nodes, now.nodes)
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	for t := range w.table {
		rule := &w.table[t]
		if !rule.reaches(rec, after.a.AsOf()) {
			continue
		}
		for _, who := range nodes {
			if who == c {
				continue // the float
			}
			for _, base := range rule.Bases {
				w.compare(rule, base, rule.Limits, Crossing{Step: i, Holder: g.ids[who], Issuer: g.ids[c]}, old, now, who)
			}
		}
	}
	if !w.noLaw {
		w.reciprocity(i, c, nodes, old, now, after)
	}
}

// reciprocity compares stakes in company c with the limits of the statutes
// under which the holder's meeting silences c's votes there, and those of
// companies under c.
func (w *watch) reciprocity(i int, c int32, nodes []int32, old, now *standings, after *Votes) {
	a := after.a
	g := &a.graph
	for _, who := range nodes {
		if who == c || !g.issuesShares(who) {
			continue
		}
		through := w.holds(after, c, who)
		if through == 0 {
			continue
		}
		meeting, issuer := a.companyRecord(who), a.companyRecord(c)
		for k := range w.laws {
			s := &w.laws[k]
			if s.Kind == TestOwnShares || !s.reaches(meeting.subject(), a.AsOf()) || !s.reachesHolder(meeting, issuer) {
				continue
			}
			if through == 2 && s.Kind != TestControls && (s.Kind != TestMutual || !s.Group) {
				continue // the rule asks about the holder itself
			}
			rule := Threshold{ID: s.ID, Kind: ReciprocityThreshold, Citation: s.Citation, Verified: s.Verified, OrMore: s.OrMore}
			base := OfExercisable
			switch {
			case s.Measure == MeasureShares && s.Treasury:
				base = OfCapital
			case s.Measure == MeasureShares:
				base = OfShares
			case s.Silent && s.Treasury:
				base, rule.Cast = OfTheoretical, true
			case s.Silent:
				base, rule.Cast = OfVoting, true
			default:
				rule.Cast = true
			}
			limits := []Ratio{s.Limit}
			if !s.Presumed.IsZero() {
				limits = []Ratio{s.Presumed, s.Limit}
			}
			w.compare(&rule, base, limits, Crossing{Step: i, Holder: g.ids[who], Issuer: g.ids[c]}, old, now, who)
		}
	}
}

// holds returns 1 if c has a stake in who, in its name, for its money or with
// its vote; 2 if only companies have that it has a majority of votes in, along
// a chain; else 0.
func (w *watch) holds(v *Votes, c, who int32) int {
	g := &v.a.graph
	from, to := g.column(who)
	through := 0
	for e := from; e < to; e++ {
		for _, y := range [...]int32{g.holder[e], g.owner[e], g.caster[e]} {
			if y == c {
				return 1
			}
			for n := 0; n < maxChain && through == 0 && y != nobody && g.issuesShares(y); n++ {
				top, ok := w.tops[y]
				if !ok {
					top = v.majorityHolder(y)
					w.tops[y] = top
				}
				if y = top; y == c {
					through = 2
				}
			}
		}
	}
	return through
}

// maxChain bounds a chain of majorities, which may lead in a circle.
const maxChain = 100

// majorityHolder returns who casts more than half of c's exercisable votes. It
// pairs off votes of different holders until only a majority can be left
// (Boyer and Moore, 1981), then counts that one's.
func (v *Votes) majorityHolder(c int32) int32 {
	m := v.meeting(c)
	from, to := v.a.graph.column(c)
	casters := v.a.graph.caster[from:to]
	who, lead := int32(nobody), Ratio{}
	for i, votes := range m.votes {
		switch {
		case casters[i] == who:
			lead = lead.Add(votes)
		case lead.Less(votes):
			who, lead = casters[i], votes.Sub(lead)
		default:
			lead = lead.Sub(votes)
		}
	}
	var sum Ratio
	for i, votes := range m.votes {
		if casters[i] == who {
			sum = sum.Add(votes)
		}
	}
	if m.exercisable().Less(sum.mul(Int(2))) {
		return who
	}
	return nobody
}

// compare adds the limits of one rule that lie between two figures.
func (w *watch) compare(rule *Threshold, base ThresholdBase, limits []Ratio, at Crossing, old, now *standings, who int32) {
	at.Before, at.After = old.share(who, base, rule.Cast), now.share(who, base, rule.Cast)
	if at.Before.Equal(at.After) {
		return
	}
	for _, limit := range limits {
		if up := rule.passed(at.After, limit); up != rule.passed(at.Before, limit) {
			at.Rule, at.Kind, at.Citation, at.Verified = rule.ID, rule.Kind, rule.Citation, rule.Verified
			at.Base, at.Limit, at.OrMore, at.Up = base, limit, rule.OrMore, up
			w.found = append(w.found, at)
		}
	}
}

func (t *Threshold) passed(share, limit Ratio) bool {
	c := share.Cmp(limit)
	return c > 0 || c == 0 && t.OrMore
}

func (t *Threshold) reaches(c *companyRec, day Date) bool {
	law := cmp.Or(c.Law, c.Country)
	return lawInForce(day, t.From, t.To) && (!t.Listed || c.Listed) && (t.Country == "" || within(law, t.Country))
}

// share returns what a threshold looks at.
func (s *standings) share(who int32, base ThresholdBase, cast bool) Ratio {
	have := s.get(who)
	own := &have.own[0]
	if cast {
		own = &have.own[1]
	}
	switch base {
	case OfCapital:
		return over(own.shares, s.issued)
	case OfShares:
		return over(own.shares, s.shares)
	case OfTheoretical:
		return over(own.votes, s.theoretical)
	case OfVoting:
		return over(own.votes, s.outstanding)
	}
	return over(own.exercisable, s.exercisable)
}

// checkThresholds reports what is wrong with a user's rules.
func checkThresholds(list []Threshold) error {
	var p parser
	for i := range list {
		t := &list[i]
		at := fmt.Sprintf("thresholds[%d]", i)
		if t.ID == "" || t.Citation == "" {
			p.add(at, ErrStatute, "threshold %q without id or citation", t.ID)
		}
		if slices.ContainsFunc(list[:i], func(o Threshold) bool { return o.ID == t.ID }) {
			p.add(at+".id", ErrStatute, "threshold %q twice", t.ID)
		}
		p.country(at+".country", t.Country)
		p.period(at, t.From, t.To)
		if len(t.Limits) == 0 || len(t.Bases) == 0 {
			p.add(at, ErrStatute, "threshold %q without limits or bases", t.ID)
		}
		for _, limit := range t.Limits {
			if limit.Sign() <= 0 || Int(1).Less(limit) {
				p.add(at+".limits", ErrStatute, "threshold %q: %s is not within 0 and 1", t.ID, limit)
			}
		}
		for _, base := range t.Bases {
			switch base {
			case OfCapital, OfShares, OfTheoretical, OfVoting, OfExercisable:
			default:
				p.add(at+".bases", ErrStatute, "threshold %q: %q is no base", t.ID, base)
			}
		}
	}
	return p.err()
}
