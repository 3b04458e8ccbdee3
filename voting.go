package crossholding

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// VotingOptions says how votes are counted. The zero value is the default.
type VotingOptions struct {
	// Statutes replaces the built-in table. Nil means [law.Statutes].
	Statutes []law.Statute
	// Extra adds rules to the table. The Issuer of each must be a company of the book.
	Extra []law.Statute
	// NoLaw counts votes as if no statute suspended any.
	NoLaw bool
	// NoContracts counts votes as if there were no agreements. The voter that a
	// stake names still casts its votes.
	NoContracts bool
	// CapExcess is the reading of caps that do not state one. The default is
	// [CapExcessStays].
	CapExcess CapExcess
	// Circular chooses a reading of the law where there are several. The law can depend on
	// itself: whether votes count depends on who controls whom, and that on which votes
	// count. A reading is a set of suspended votes that the statutes confirm. Each strongly
	// connected component of companies has readings of its own. By default, several
	// readings are an error, a [*ReadingsError]. No reading at all always is.
	Circular Policy
	// Prefer is the holder for which [PolicyPrefer] chooses.
	Prefer string
	// Reading chooses one of the Readings of the [*ReadingsError] by its number there,
	// counted from 1. 0 chooses none. If the law has one reading, that is number 1.
	Reading int
}

// Votes answers which votes count, and why others do not. [Alliance.Votes] makes it. It
// is immutable and safe for concurrent use.
//
// Votes are counted in this order: theoretical votes (all issued, with treasury),
// exercisable votes (after the law), then free and neutral votes (after contracts).
// Theoretical, exercisable and neutral votes count for the holder of a stake. Free votes
// count for the party that casts them, which can be another because of a trust, a proxy
// or a voting agreement.
type Votes struct {
	a       *Alliance
	opt     VotingOptions
	law     *suspension.Search
	special map[int32]*meeting // meetings that law or contract changes
	choices []choice           // of readings, by a policy

	agreements []*agreementRecord // on votes, in force
	index      *agreementsInForce // nil if none is in force

	majority *majorityControl
}

// Graph returns the low-level view of the alliance whose votes are counted.
func (v *Votes) Graph() Graph { return Graph{v.a} }

// meeting holds one company's votes, stake by stake.
type meeting struct {
	from               int32         // first stake
	votes              []ratio.Ratio // exercisable
	free               []ratio.Ratio
	voter              []int32 // who casts them after contracts
	total, treasury    ratio.Ratio
	suspended, neutral ratio.Ratio
	excess, removed    ratio.Ratio // of caps; gone has left the base
	treasuryCounts     bool
	reasons            [][]Reason // of each stake; nil if none
	plain              bool       // law and contract change nothing
}

func (m *meeting) exercisable() ratio.Ratio { return m.total.Sub(m.treasury).Sub(m.suspended) }

func (m *meeting) counted() ratio.Ratio {
	c := m.exercisable().Sub(m.neutral).Sub(m.removed)
	if m.treasuryCounts {
		c = c.Add(m.treasury)
	}
	return c
}

// Votes counts the votes of every company under the statutes of its country
// and the agreements in force. It fails with a [*ReadingsError] if the law has no
// reading or more than one, and with an [*InputError] for malformed rules.
func (a *Alliance) Votes(ctx context.Context, opt VotingOptions) (*Votes, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if err := a.requireExact("Bounds.Controls and Bounds.Suspended"); err != nil {
		return nil, err
	}
	if err := opt.check(ctx, a); err != nil {
		return nil, err
	}
	if err := a.checkExtra(opt.Extra); err != nil {
		return nil, err
	}
	return a.countVotes(ctx, opt, nil)
}

// countVotes counts votes. It takes over what it can from earlier votes of the same options,
// which may be nil. Both alliances must then have the same nodes.
func (a *Alliance) countVotes(ctx context.Context, opt VotingOptions, earlier *Votes) (*Votes, error) {
	v := &Votes{a: a, opt: opt, majority: new(majorityControl)}
	k := keeper{v: v, earlier: earlier}
	if !opt.NoLaw {
		if err := v.applyLaw(ctx, &k); err != nil {
			return nil, err
		}
	}
	if !opt.NoContracts {
		v.listAgreements()
		k.keepMeetings()
	}
	if v.law != nil {
		v.suspend(&k)
	}
	if !opt.NoContracts {
		v.contracts(&k)
	}
	return v, nil
}

// applyLaw finds the votes that the law suspends.
func (v *Votes) applyLaw(ctx context.Context, k *keeper) error {
	in, err := v.a.lawInput(ctx, &v.opt)
	if err != nil {
		return err
	}
	if k.lawAnswers(&in) {
		v.law, k.sameLaw = k.earlier.law, true
		return nil
	}
	if v.law, err = suspension.New(ctx, in); err != nil {
		return err
	}
	return v.settle(ctx)
}

func (o *VotingOptions) check(ctx context.Context, a *Alliance) error {
	var f faults
	o.checkPolicy(&f, a)
	switch o.CapExcess {
	case "", CapExcessStays, CapExcessLeaves:
	default:
		f.Add("CapExcess", ErrUnknown, "%q is not stays or leaves", o.CapExcess)
	}
	if err := f.err(); err != nil {
		return err
	}
	if o.Statutes == nil && o.Extra == nil {
		return nil
	}
	table := o.table()
	list := law.CheckStatutes(slices.Concat(table, o.Extra))
	for i := range list { // the places of Extra are its own
		var n int
		rest, ok := strings.CutPrefix(list[i].Place, "statutes[")
		number, rest, closed := strings.Cut(rest, "]")
		if _, err := fmt.Sscan(number, &n); ok && closed && err == nil && n >= len(table) {
			list[i].Place = fmt.Sprintf("Extra[%d]%s", n-len(table), rest)
		}
	}
	return ruleFault(list)
}

// checkExtra reports added rules whose issuer is not a company of the book.
func (a *Alliance) checkExtra(extra []law.Statute) error {
	var f faults
	for i, s := range extra {
		if s.Issuer == "" {
			continue
		}
		if _, err := a.company(s.Issuer); err != nil {
			f.Add(fmt.Sprintf("Extra[%d].issuer", i), ErrUnknown, "rule %q: %q is not a company with shares of the book", s.ID, s.Issuer)
		}
	}
	return f.err()
}

// builtinStatutes is the built-in table, made once. It is never changed.
var builtinStatutes = law.Statutes()

func (o *VotingOptions) table() []law.Statute {
	if o.Statutes != nil {
		return o.Statutes
	}
	return builtinStatutes
}

// meeting returns the votes at company c. It counts them if law and contract do not
// change them.
func (v *Votes) meeting(c int32) *meeting {
	if m := v.special[c]; m != nil {
		return m
	}
	return v.plain(c)
}

// plain counts the votes at c before law and contract, with neutral votes separate.
func (v *Votes) plain(c int32) *meeting {
	m := v.plainTotals(c)
	m.votes = make([]ratio.Ratio, len(m.voter))
	for i := range m.votes {
		m.votes[i] = v.a.graph.Stake(&v.a.graph.Votes, m.from+int32(i))
	}
	m.free = m.votes
	return &m
}

// plainTotals is plain without the votes of each stake.
func (v *Votes) plainTotals(c int32) meeting {
	g := &v.a.graph
	from, to := g.Column(c)
	m := meeting{from: from, total: g.Votes.Issued(c), treasury: g.Votes.Treasury(c), voter: g.Voter[from:to], plain: true}
	for e := from; e < to; e++ {
		if g.Voter[e] == graph.None {
			m.neutral = m.neutral.Add(g.Stake(&g.Votes, e))
		}
	}
	if v.law != nil {
		m.treasuryCounts = v.law.TreasuryCounts(c)
	}
	return m
}

// change returns the meeting of c for a change.
func (v *Votes) change(c int32) *meeting {
	if m := v.special[c]; m != nil {
		return m
	}
	if v.special == nil {
		v.special = make(map[int32]*meeting)
	}
	m := v.plain(c)
	m.plain = false
	m.reasons = make([][]Reason, len(m.votes))
	v.special[c] = m
	return m
}

// lawSearch returns the search for the votes that the law suspends.
func (a *Alliance) lawSearch(ctx context.Context, opt *VotingOptions) (*suspension.Search, error) {
	in, err := a.lawInput(ctx, opt)
	if err != nil {
		return nil, err
	}
	return suspension.New(ctx, in)
}

func (a *Alliance) lawInput(ctx context.Context, opt *VotingOptions) (suspension.Input, error) {
	in := suspension.Input{Graph: &a.graph, Rules: builtinStatutes, Facts: lawFacts{a}}
	if opt.Statutes != nil || opt.Extra != nil {
		in.Rules = slices.Concat(opt.table(), opt.Extra)
	}
	if a.ledger == nil {
		return in, nil
	}
	in.Day = a.ledger.asOf
	if a.register == nil || a.register.country != "" || slices.ContainsFunc(in.Rules, func(s law.Statute) bool { return s.Issuer != "" }) {
		var err error
		in.Controls = a.lawControls(in.Rules)
		if in.Component, err = a.componentsWith(ctx, in.Controls); err != nil {
			return in, err
		}
	}
	return in, nil
}

// lawFacts gives the facts about an alliance that the law uses.
type lawFacts struct{ a *Alliance }

func (f lawFacts) Company(c int32) (law.Company, bool) { return f.a.lawOf(c) }

func (f lawFacts) Corporate(c int32) bool { return f.a.corporate(c) }

func (f lawFacts) Whole(c int32) bool { return f.a.wholeVotes(c) }

func (f lawFacts) Lots(e int32) (shares ratio.Ratio, lots []suspension.Lot) {
	rec := f.a.stakeRecord(e)
	for _, lot := range rec.lots {
		lots = append(lots, suspension.Lot{Date: lot.Date, Shares: lot.Shares})
	}
	return rec.shares, lots
}

// settle finds the reading of the law, or chooses one of several by the caller's policy.
func (v *Votes) settle(ctx context.Context) error {
	doubt, err := v.law.Solve(ctx)
	if err != nil {
		return err
	}
	if doubt == nil {
		if v.opt.Reading > 1 {
			return fmt.Errorf("crossholding: reading %d: the law has one: %w", v.opt.Reading, ErrRange)
		}
		return nil
	}
	if v.opt.Circular != PolicyError || v.opt.Reading > 0 {
		if chosen, err := v.choose(ctx, doubt); err != nil || chosen {
			return err
		}
	}
	return newReadingsError(&v.a.graph, doubt)
}

// suspend subtracts the votes that the law suspends.
func (v *Votes) suspend(k *keeper) {
	for i, s := range v.law.Suspensions() {
		c := v.a.graph.Issuer[s.Stake]
		if k.kept(c) {
			continue
		}
		m := v.change(c)
		at := s.Stake - m.from
		m.votes[at] = m.votes[at].Sub(s.Votes)
		m.suspended = m.suspended.Add(s.Votes)
		if m.voter[at] == graph.None {
			m.neutral = m.neutral.Sub(s.Votes)
		}
		m.reasons[at] = append(m.reasons[at], v.lawReason(i, s))
	}
}

// StakeVotes holds the votes of one stake. It is plain data.
type StakeVotes struct {
	Theoretical ratio.Ratio `json:"theoretical"` // before law and contract
	Exercisable ratio.Ratio `json:"exercisable"` // votes that the law leaves
	Free        ratio.Ratio `json:"free"`        // votes that Voter may cast as it likes, after contracts
	Voter       int32       `json:"voter"`       // casts the votes after contracts; [NoNode] for neutral votes
}

// Changed yields the companies in whose meetings law or contract changes votes, by
// node. In all other companies, each stake's own voter casts all of its votes. It is part
// of the low-level view, see [Graph].
func (v *Votes) Changed() iter.Seq[int32] {
	v = v.orEmpty()
	return func(yield func(int32) bool) {
		list := make([]int32, 0, len(v.special))
		for c := range v.special {
			list = append(list, c)
		}
		slices.Sort(list)
		for _, c := range list {
			if !yield(c) {
				return
			}
		}
	}
}

// Stakes yields the stakes of a company, by number, with their votes. It is part of
// the low-level view, see [Graph].
func (v *Votes) Stakes(company int32) iter.Seq2[int32, StakeVotes] {
	return func(yield func(int32, StakeVotes) bool) { v.orEmpty().eachStake(company, yield) }
}

// eachStake yields the stakes of [Votes.Stakes]. It is apart so that a loop over them needs no
// memory of its own.
func (v *Votes) eachStake(company int32, yield func(int32, StakeVotes) bool) {
	m, g := v.special[company], &v.a.graph
	if m == nil {
		from, to := g.Column(company)
		for e := from; e < to; e++ {
			votes := g.Stake(&g.Votes, e)
			if !yield(e, StakeVotes{votes, votes, votes, g.Voter[e]}) {
				return
			}
		}
		return
	}
	for i := range m.votes {
		e := m.from + int32(i)
		if !yield(e, StakeVotes{g.Stake(&g.Votes, e), m.votes[i], m.free[i], m.voter[i]}) {
			return
		}
	}
}

var emptyVotes = sync.OnceValue(func() *Votes { return must(empty().Votes(context.Background(), VotingOptions{})) })

func (v *Votes) orEmpty() *Votes {
	if v.a == nil {
		return emptyVotes()
	}
	return v
}

// majorityControl is control by a majority of the votes, worked out on first use and kept.
type majorityControl struct {
	one await.Mutex
	c   *Control
}

// conditionMet reports whether the agreement has no WhileSuspended condition or it is met.
func (v *Votes) conditionMet(ag *agreementRecord) bool {
	if ag.WhileSuspended == "" {
		return true
	}
	who, _ := v.a.node(ag.WhileSuspended)
	c, _ := v.a.node(ag.Issuer)
	if who == c {
		return true
	}
	g := &v.a.graph
	from, to := g.Column(c)
	for e := from; e < to; e++ {
		if g.Holder[e] != who {
			continue
		}
		votes := g.Stake(&g.Votes, e)
		if v.law != nil {
			votes = votes.Sub(v.law.SuspendedOf(e))
		}
		if !votes.IsZero() {
			return false
		}
	}
	return true
}
