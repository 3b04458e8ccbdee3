package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/majority"
)

// law finds out which votes the statutes silence. Whether a statute bites can
// depend on who controls whom, and control on which votes are silent; a state
// is a guess at the silent votes, and a state that the statutes confirm is a
// reading of the law.
type law struct {
	a      *Alliance
	opt    VotingOptions
	rules  []Statute
	own    map[int32]*Statute // of each company: its rule on own shares
	cases  []lawCase
	stakes []int32 // stakes that some rule may silence, ascending

	state   []Ratio // of each of stakes: votes taken in the reading that holds
	by      []taker // of each of stakes: what took them
	bases   []int64 // of each company: votes outstanding
	plain   *ballot // nothing silenced
	voteSum map[int32]Ratio
}

// lawCase is a company that holds shares of an issuer whose law may silence it.
type lawCase struct {
	issuer, holder int32
	rules          []int32 // in order of the table
	stakes         []int32 // places in law.stakes
}

// taker is the rule and case that took a stake's votes.
type taker struct{ rule, which int32 }

// newLaw finds the cases. A company can be caught only at an issuer that
// holds shares or votes of anyone, so outside cycles there are few cases and
// no work.
func newLaw(a *Alliance, opt VotingOptions) *law {
	l := &law{a: a, opt: opt}
	if opt.Statutes == nil && opt.Extra == nil {
		l.rules = statutes[:]
	} else {
		l.rules = slices.Concat(opt.table(), opt.Extra)
	}
	if a.ledger == nil {
		return l
	}
	g := &a.graph
	for i := range a.ledger.companies {
		rec := &a.ledger.companies[i]
		if len(rec.classes) == 0 {
			continue
		}
		c, _ := a.node(rec.ID)
		var rules []int32
		for r := range l.rules {
			s := &l.rules[r]
			if !s.reaches(rec, a.ledger.asOf) {
				continue
			}
			if s.Kind != TestOwnShares {
				rules = append(rules, int32(r))
			} else if l.own[c] == nil {
				if l.own == nil {
					l.own = map[int32]*Statute{}
				}
				l.own[c] = s
			}
		}
		if len(rules) > 0 && len(g.byCaster.of(c))+len(g.byOwner.of(c)) > 0 {
			l.casesAt(c, rec, rules)
		}
	}
	slices.Sort(l.stakes)
	l.stakes = slices.Compact(l.stakes)
	for i := range l.cases {
		for j, e := range l.cases[i].stakes {
			at, _ := slices.BinarySearch(l.stakes, e)
			l.cases[i].stakes[j] = int32(at)
		}
	}
	return l
}

// casesAt adds the companies that hold shares of c, in their own name, for
// their own money or with their own vote.
func (l *law) casesAt(c int32, rec *companyRec, rules []int32) {
	g := &l.a.graph
	from, to := g.column(c)
	first := len(l.cases)
	for e := from; e < to; e++ {
		for _, y := range [...]int32{g.holder[e], g.owner[e], g.caster[e]} {
			if y == nobody || !g.issuesShares(y) {
				continue
			}
			at := slices.IndexFunc(l.cases[first:], func(k lawCase) bool { return k.holder == y })
			if at < 0 {
				k := lawCase{issuer: c, holder: y, rules: l.against(rec, y, rules)}
				if len(k.rules) == 0 {
					continue
				}
				at = len(l.cases) - first
				l.cases = append(l.cases, k)
			}
			k := &l.cases[first+at]
			if n := len(k.stakes); n == 0 || k.stakes[n-1] != e {
				k.stakes = append(k.stakes, e)
				l.stakes = append(l.stakes, e)
			}
		}
	}
}

// against leaves out the rules that reach domestic holders only if y is not one.
func (l *law) against(issuer *companyRec, y int32, rules []int32) []int32 {
	holder := l.a.ledger.company(l.a.graph.ids[y])
	domestic := holder != nil && country(holder) == country(issuer)
	if domestic {
		return rules
	}
	return slices.DeleteFunc(slices.Clone(rules), func(r int32) bool { return l.rules[r].Domestic })
}

func country(c *companyRec) string { return c.Country }

func (l *law) ownShares(c int32) *Statute { return l.own[c] }

func (l *law) treasuryCounts(c int32) bool {
	s := l.own[c]
	return s != nil && s.Treasury
}

// maxRounds bounds the search for a reading; a chain of dependencies settles
// one link a round.
const maxRounds = 1000

// settle finds the one reading of the law, or reports that there is none or
// more than one.
func (l *law) settle() error {
	if len(l.cases) == 0 {
		return nil
	}
	l.bases = l.a.graph.bases(&l.a.graph.votes, false)
	all := make([]Ratio, len(l.stakes))
	for i, e := range l.stakes {
		all[i] = l.a.graph.stake(&l.a.graph.votes, e)
	}
	low, settled, err := l.iterate(make([]Ratio, len(l.stakes)))
	if err != nil {
		return err
	}
	if settled && l.independent() {
		l.adopt(low)
		return nil
	}
	high, settledHigh, err := l.iterate(all)
	if err != nil {
		return err
	}
	if settled && settledHigh && equalStates(low, high) {
		l.adopt(low)
		return nil
	}
	return l.doubt(low, high, all)
}

// independent reports whether no test looks at votes that a statute can
// silence, so that the first round is the answer.
func (l *law) independent() bool {
	for i := range l.cases {
		for _, r := range l.cases[i].rules {
			s := &l.rules[r]
			if s.Kind == TestControls && !s.Silent || s.Group || s.Apart || s.Measure != MeasureShares && !s.Silent {
				return false
			}
		}
	}
	return true
}

// iterate applies the statutes until the state repeats. It returns the state
// and whether the statutes confirm it; if not, states alternate.
func (l *law) iterate(state []Ratio) ([]Ratio, bool, error) {
	seen := [][]Ratio{state}
	for range maxRounds {
		next, err := l.judge(state)
		if err != nil {
			return nil, false, err
		}
		if equalStates(next, state) {
			return state, true, nil
		}
		for _, s := range seen {
			if equalStates(s, next) {
				return next, false, nil
			}
		}
		seen = append(seen, next)
		state = next
	}
	return state, false, nil
}

func equalStates(a, b []Ratio) bool { return slices.EqualFunc(a, b, Ratio.Equal) }

func (l *law) adopt(state []Ratio) { l.state = state }

// judge applies every statute to a state and returns the votes that they take.
func (l *law) judge(state []Ratio) ([]Ratio, error) {
	if err := l.opt.Context.Err(); err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	j := &judgment{l: l, state: state}
	next := make([]Ratio, len(l.stakes))
	by := make([]taker, len(l.stakes))
	for i := range l.cases {
		k := &l.cases[i]
		for _, r := range k.rules {
			s := &l.rules[r]
			hit, err := j.bites(s, k)
			if err != nil {
				return nil, err
			}
			if !hit {
				continue
			}
			left := j.allowed(s, k)
			for _, at := range k.stakes { // what is allowed goes to the first stakes
				votes := l.a.graph.stake(&l.a.graph.votes, l.stakes[at])
				keep := votes
				if left.Less(votes) {
					keep = left
				}
				left = left.Sub(keep)
				if taken := votes.Sub(keep); next[at].Less(taken) {
					next[at], by[at] = taken, taker{r, int32(i)}
				}
			}
		}
	}
	l.by = by
	return next, nil
}

// judgment is one look at all statutes with a given state.
type judgment struct {
	l      *law
	state  []Ratio
	ballot *ballot
	groups map[groupKey]*majority.Group
}

type groupKey struct {
	node     int32
	presumed Ratio
	silent   bool
}

// votesAt returns the ballot that counts votes as the state has them, or as if
// none were silent.
func (j *judgment) votesAt(silentCount bool) *ballot {
	l := j.l
	g := &l.a.graph
	changed := map[int32]ballotColumn{}
	if !silentCount {
		if j.ballot != nil {
			return j.ballot
		}
		for i, e := range l.stakes {
			if j.state[i].IsZero() {
				continue
			}
			c := g.issuer[e]
			from, to := g.column(c)
			col, ok := changed[c]
			if !ok {
				col = ballotColumn{who: g.caster[from:to], base: g.votes.outstanding(c)}
				for e := from; e < to; e++ {
					col.units = append(col.units, g.stake(&g.votes, e))
				}
			}
			col.units[e-from] = col.units[e-from].Sub(j.state[i])
			col.base = col.base.Sub(j.state[i])
			changed[c] = col
		}
	}
	if len(changed) > 0 {
		j.ballot = newBallot(g, &g.votes, g.caster, &g.byCaster, l.bases, changed)
		return j.ballot
	}
	if l.plain == nil {
		l.plain = newBallot(g, &g.votes, g.caster, &g.byCaster, l.bases, nil)
	}
	if !silentCount {
		j.ballot = l.plain
	}
	return l.plain
}

// group returns x with all that it controls.
func (j *judgment) group(x int32, presumed Ratio, silentCount bool) (*majority.Group, error) {
	key := groupKey{x, presumed, silentCount}
	if g := j.groups[key]; g != nil {
		return g, nil
	}
	rule := majority.Rule{Num: 1, Den: 2, Strict: true}
	if !presumed.IsZero() {
		rule.Presume = &majority.Presumption{Num: presumed.num, Den: presumed.den1 + 1, Strict: true}
	}
	g, err := j.votesAt(silentCount).engine.Group(j.l.opt.Context, rule, x)
	if err != nil {
		return nil, fmt.Errorf("crossholding: control by %s: %w", j.l.a.graph.ids[x], err)
	}
	if j.groups == nil {
		j.groups = make(map[groupKey]*majority.Group)
	}
	j.groups[key] = g
	return g, nil
}

// bites reports whether statute s silences the holder of case k.
func (j *judgment) bites(s *Statute, k *lawCase) (bool, error) {
	if s.Apart {
		for _, pair := range [][2]int32{{k.issuer, k.holder}, {k.holder, k.issuer}} {
			g, err := j.group(pair[0], Ratio{}, s.Silent)
			if err != nil || g.Controls(pair[1]) {
				return false, err
			}
		}
	}
	if s.Kind == TestControls {
		g, err := j.group(k.issuer, s.Presumed, s.Silent)
		return err == nil && g.Controls(k.holder), err
	}
	have, base, err := j.holding(s, k.issuer, k.holder)
	if err != nil || !s.passed(have, base) {
		return false, err
	}
	if s.Kind != TestMutual && s.Effect != EffectSmaller {
		return true, nil
	}
	back, backBase, err := j.holding(s, k.holder, k.issuer)
	if err != nil {
		return false, err
	}
	if s.Effect == EffectSmaller {
		return back.mul(base).Cmp(have.mul(backBase)) <= 0, nil
	}
	if !s.passed(back, backBase) {
		return false, nil
	}
	return s.Effect != EffectLater || !j.l.earlier(s, k), nil
}

// holding returns what x has of y as s measures it, and the base.
func (j *judgment) holding(s *Statute, x, y int32) (have, base Ratio, err error) {
	g := &j.l.a.graph
	m, who := &g.votes, g.caster
	if s.Measure == MeasureShares {
		m, who = &g.capital, g.owner
	}
	base = m.outstanding(y)
	if s.Treasury {
		base = m.issued(y)
	}
	var group *majority.Group
	if s.Group {
		if group, err = j.group(x, Ratio{}, s.Silent); err != nil {
			return
		}
	}
	from, to := g.column(y)
	for e := from; e < to; e++ {
		silent := Ratio{}
		if s.Measure != MeasureShares && !s.Silent {
			if at, ok := slices.BinarySearch(j.l.stakes, e); ok {
				silent = j.state[at]
				base = base.Sub(silent)
			}
		}
		if who[e] == x || group != nil && who[e] != nobody && group.Has(who[e]) {
			have = have.Add(g.stake(m, e).Sub(silent))
		}
	}
	return
}

// allowed returns the votes that s leaves the holder of case k.
func (j *judgment) allowed(s *Statute, k *lawCase) Ratio {
	g := &j.l.a.graph
	var votes Ratio
	for _, at := range k.stakes {
		votes = votes.Add(g.stake(&g.votes, j.l.stakes[at]))
	}
	effect := s.Effect
	if effect == EffectSmaller && j.sameFraction(s, k) {
		effect = EffectExcess
	}
	var left Ratio
	switch effect {
	case EffectExcess, EffectLater:
		have, base, _ := j.holding(&Statute{Measure: s.Measure, Treasury: s.Treasury, Silent: true}, k.holder, k.issuer)
		if have.IsZero() {
			return votes
		}
		left = votes.mul(base).mul(s.Limit).quo(have)
	case EffectCap:
		left = g.votes.outstanding(k.issuer).mul(s.Keep)
	case EffectPart:
		left = votes.mul(s.Keep)
	}
	if votes.Less(left) {
		left = votes
	}
	if j.l.a.wholeVotes(k.issuer) {
		left = left.floor()
	}
	return left
}

func (j *judgment) sameFraction(s *Statute, k *lawCase) bool {
	have, base, err1 := j.holding(s, k.issuer, k.holder)
	back, backBase, err2 := j.holding(s, k.holder, k.issuer)
	return err1 == nil && err2 == nil && have.mul(backBase).Equal(back.mul(base))
}

// earlier reports whether the lots of both stakes show that k's holder passed
// the limit before its issuer did.
func (l *law) earlier(s *Statute, k *lawCase) bool {
	mine, ok1 := l.crossed(s, k.holder, k.issuer)
	theirs, ok2 := l.crossed(s, k.issuer, k.holder)
	return ok1 && ok2 && mine < theirs
}

// crossed returns the day on which x's lots in y passed the limit of today's
// base, if its lots cover its stakes and are dated.
func (l *law) crossed(s *Statute, x, y int32) (Date, bool) {
	g := &l.a.graph
	var lots []lotRec
	var held, covered Ratio
	from, to := g.column(y)
	for e := from; e < to; e++ {
		if g.owner[e] != x {
			continue
		}
		rec := l.a.stakeRecord(e)
		held = held.Add(rec.shares)
		for _, lot := range rec.lots {
			if lot.date == "" {
				return "", false
			}
			covered = covered.Add(lot.shares)
			lots = append(lots, lot)
		}
	}
	if !covered.Equal(held) {
		return "", false
	}
	slices.SortStableFunc(lots, func(a, b lotRec) int { return strings.Compare(string(a.date), string(b.date)) })
	base := g.capital.outstanding(y)
	if s.Treasury {
		base = g.capital.issued(y)
	}
	var sum Ratio
	for _, lot := range lots {
		if sum = sum.Add(lot.shares); s.passed(sum, base) {
			return lot.date, true
		}
	}
	return "", false
}
