package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// executor makes steps on its own copy of a book. The share ledger has the classes of each
// company that a step was about; the book has the stakes of all other companies, and
// everything that is not shares or cash.
type executor struct {
	l        *ledger
	shares   shareledger.Ledger
	percent  map[string]bool      // companies that the first book knows only in percent
	lapsed   map[string]date.Date // last days of the rights that lapsed
	result   StepResult
	breaches []Breach
	stale    bool // the stakes of the book are not those of the share ledger
	report   bool // agreements that are broken are reported, and no step fails for them
	step     int  // index of the current step

	promises []restriction // from before the moment of the current step
	begun    bool          // the moment began with an earlier step
	within   bool          // the next step happens at the same moment
}

func newExecutor(a *Alliance, s *Scenario) *executor {
	r := &executor{l: &ledger{}, percent: map[string]bool{}, report: s.Breaches == BreachesReport}
	r.shares.Rate = func(m shareledger.Money, currency string) (ratio.Ratio, error) {
		return r.l.market.convert(Money(m), currency)
	}
	if a.ledger == nil {
		return r
	}
	r.l = a.whole().clone()
	for i := range r.l.companies {
		if c := &r.l.companies[i]; c.percentCompany() {
			r.percent[c.ID] = true
		}
	}
	return r
}

// make makes step i, unless ctx is done before. If the step fails, the error shows it as it
// was given.
func (r *executor) make(ctx context.Context, i int, s *checkedStep, steps []Step) error {
	given := steps[i]
	r.step, r.within = i, continues(steps, i+1)
	var fault error
	if err := runUntil(ctx, r.l.size(), func() { fault = r.apply(s) }); err != nil {
		return err
	}
	if fault != nil {
		return &StepError{Index: i, Step: given, Reason: fault}
	}
	return nil
}

// apply makes a step and checks what it left.
func (r *executor) apply(s *checkedStep) error {
	r.shares.Begin()
	if s.Date != "" {
		if err := r.advance(s.Date); err != nil {
			return err
		}
	}
	r.shares.Day = r.l.asOf
	if !r.begun {
		r.promises = nil
	}
	if r.promises == nil && (s.movesShares() || r.within) {
		r.promises = r.restrictions()
	}
	if err := r.dispatch(s); err != nil {
		return err
	}
	if err := r.shares.Check(); err != nil {
		return err
	}
	if err := r.takeOver(); err != nil {
		return err
	}
	if r.begun = r.within; r.within {
		return nil
	}
	return r.checkRestrictions(r.promises)
}

// dispatch calls the function of the step's kind.
func (r *executor) dispatch(s *checkedStep) error {
	switch s.Step.Step {
	case StepAgree:
		return r.agree(s.Agreement)
	case StepEndAgreement:
		return r.endAgreement(s.ID)
	case StepAdvanceDate:
		return nil
	case StepReprice:
		return r.reprice(&s.Step)
	case StepRestate:
		return r.restate(s)
	case StepSplit:
		return r.split(s)
	case StepConvert:
		return r.convert(s)
	case StepFound:
		return r.found(s)
	case StepDistribute:
		return r.distribute(s)
	case StepSpinOff:
		return r.spinOff(s)
	case StepMerge:
		return r.merge(s)
	case StepRights:
		return r.rightsIssue(s)
	case StepDividend:
		return r.dividend(s)
	case StepOffer:
		return r.offer(s)
	case StepLiquidate:
		return r.liquidate(s)
	case StepAssert, StepRetract:
		return r.factStep(s)
	case StepGrant, StepLapse, StepExercise:
		return r.rightStep(s)
	case StepClass, StepAmend:
		return r.classStep(s)
	case StepPay:
		return r.pay(s)
	case StepTrade:
		switch {
		case s.ID != "":
			return r.tradeRight(s)
		case s.From == Everyone:
			return r.tradeAll(s)
		case s.For != nil:
			return r.swap(s)
		}
	}
	return r.transfer(s)
}

// open returns the classes of a company on the share ledger.
func (r *executor) open(c *companyRecord) []*shareledger.Class {
	if list := r.shares.Of(c.ID); len(list) > 0 || len(c.classes) == 0 {
		return list
	}
	for _, k := range c.classes {
		class := newClass(c.ID, &k)
		n := 0
		for i := range r.l.stakes {
			if s := &r.l.stakes[i]; s.issuer == c.ID && s.class == k.name {
				n++
			}
		}
		class.Stakes = make([]shareledger.Stake, 0, n+1)
		for i := range r.l.stakes {
			if s := &r.l.stakes[i]; s.issuer == c.ID && s.class == k.name {
				class.Stakes = append(class.Stakes, s.account())
			}
		}
		r.shares.Add(class)
	}
	return r.shares.Of(c.ID)
}

// newClass returns a class of the share ledger without stakes.
func newClass(issuer string, k *classRecord) *shareledger.Class {
	return &shareledger.Class{Issuer: issuer, Name: k.name, FloatName: FloatOf(issuer), Issued: k.issued, Treasury: k.treasury, Dividend: k.dividend}
}

// account returns the stake as an account of the share ledger.
func (s *stakeRecord) account() shareledger.Stake {
	return shareledger.Stake{Key: shareledger.Key{Holder: s.holder, Beneficiary: s.beneficiary, Voter: s.voter, CashSettled: s.cashSettled, Since: s.since, VotesText: s.votesText, From: s.from, To: s.to},
		Shares: s.shares, Votes: s.votes, Lots: s.lots, Source: s.source}
}

// takeOver enters into the book what the step changed on the share ledger, except stakes.
// It fails if a class with bands changed, or if a figure is too long for a book.
func (r *executor) takeOver() error {
	for _, k := range r.shares.Classes() {
		if !k.Touched() {
			continue
		}
		r.stale = true
		if err := r.checkNoBands(k); err != nil {
			return err
		}
		rec := r.l.company(k.Issuer).class(k.Name)
		rec.issued, rec.treasury = k.Issued, k.Treasury
		if err := checkFigures(k); err != nil {
			return err
		}
	}
	return nil
}

func checkFigures(k *shareledger.Class) error {
	check := func(n ratio.Ratio) error {
		if n.IsNumber() {
			return nil
		}
		return fmt.Errorf("%s (%s): %s is not a number of shares that a book can hold: %w", k.Issuer, k.Name, input.Abbreviate(n.String()), ratio.ErrNumber)
	}
	if err := firstError(check(k.Issued), check(k.Treasury)); err != nil {
		return err
	}
	for i := range k.Stakes {
		s := &k.Stakes[i]
		if err := check(s.Shares); err != nil {
			return err
		}
		for _, lot := range s.Lots {
			if err := firstError(check(lot.Shares), check(lot.Price)); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkNoBands fails if stakes of the class are known only as bands. After a move no band
// of the class would be certain.
func (r *executor) checkNoBands(k *shareledger.Class) error {
	if r.l.bands == 0 {
		return nil
	}
	var banded []string
	for i := range r.l.stakes {
		if s := &r.l.stakes[i]; s.band != nil && s.issuer == k.Issuer && s.class == k.Name {
			banded = append(banded, fmt.Sprintf("%s has %s", s.holder, s.band))
		}
	}
	if len(banded) == 0 {
		return nil
	}
	return fmt.Errorf("%s (%s): %s: %w: choose one figure of every band with WithBandsAt", k.Issuer, k.Name, strings.Join(banded, ", "), ErrBands)
}

// book returns the book with the stakes of the share ledger.
func (r *executor) book() *ledger {
	l := r.l
	if !r.stale {
		return l
	}
	r.stale = false
	var fresh []stakeRecord
	n := 0
	for _, k := range r.shares.Classes() {
		if k.Changed() {
			n += len(k.Stakes)
		}
	}
	fresh = make([]stakeRecord, 0, n)
	for _, k := range r.shares.Classes() {
		if !k.Changed() {
			continue
		}
		for i := range k.Stakes {
			s := &k.Stakes[i]
			fresh = append(fresh, stakeRecord{stakeKey: stakeKey{holder: s.Holder, issuer: k.Issuer, class: k.Name, beneficiary: s.Beneficiary,
				voter: s.Voter, cashSettled: s.CashSettled, since: s.Since, votesText: s.VotesText, from: s.From, to: s.To}, shares: s.Shares, votes: s.Votes, lots: s.Lots, source: s.Source})
		}
	}
	slices.SortFunc(fresh, compareStakes)
	out := make([]stakeRecord, 0, len(l.stakes)+n)
	for i := range l.stakes {
		s := &l.stakes[i]
		if k := r.shares.Class(s.issuer, s.class); k != nil && k.Changed() || l.company(s.issuer) == nil {
			continue
		}
		for len(fresh) > 0 && compareStakes(fresh[0], *s) < 0 {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, *s)
	}
	l.stakes = append(out, fresh...)
	return l
}

// Run makes the scenario's steps one after another and returns the result. It does not
// change the alliance. Steps that are not valid are all reported before any step is made.
// If a step fails, Run returns a [*StepError]. Shares of a class with bands cannot move:
// such a step fails with [ErrBands].
//
// Every step is a list of postings on a double-entry ledger of shares and cash, see
// [Posting]. After every step the ledger checks that shares, cash and cost balance.
//
// Run returns ctx's error within 50 ms when ctx is done. It reports its progress, see
// [WithProgress].
func (a *Alliance) Run(ctx context.Context, s Scenario) (*Outcome, error) {
	ctx = orBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	recs, err := s.compile()
	if err != nil {
		return nil, err
	}
	var r *executor
	if err := runUntil(ctx, a.size(), func() { r = newExecutor(a, &s) }); err != nil {
		return nil, err
	}
	out := &Outcome{Before: a, Steps: make([]StepResult, len(recs)), scenario: s, recs: recs, days: make([]stepDay, len(recs))}
	journal := newJournal(len(recs))
	stage := progress.Start(ctx, "steps", len(recs), 1)
	for i := range recs {
		stage.At(i)
		day := r.l.asOf
		r.result = StepResult{Index: i, Step: recs[i].Step}
		if err := r.make(ctx, i, &recs[i], s.Steps); err != nil {
			return nil, err
		}
		out.Steps[i], out.days[i] = r.result, stepDay{r.l.asOf, r.dayMovesVotes(day)}
		journal.add(&r.shares)
		out.take(i, r)
	}
	if err := runUntil(ctx, r.l.size(), func() { out.After = index(r.book()) }); err != nil {
		return nil, err
	}
	stage.End()
	journal.share(out.Steps)
	out.Breaches = r.breaches
	for _, b := range r.shares.Cash() {
		if !b.Amount.IsZero() {
			out.Cash = append(out.Cash, Cash{b.Party, Money(b.Money)})
		}
	}
	return out, nil
}

// take adds the gains and the dropped costs of a step.
func (o *Outcome) take(i int, r *executor) {
	for _, g := range r.shares.Gains {
		o.Gains = append(o.Gains, r.gain(i, g))
	}
	for _, d := range r.shares.Dropped {
		o.Dropped = append(o.Dropped, Dropped{i, d.Holder, d.Issuer, d.Class, d.Lot, d.Shares, Money(d.Cost)})
	}
}

// gain computes a gain in the currency of its cost, on the market of the step.
func (r *executor) gain(step int, in shareledger.Gain) Gain {
	g := Gain{Step: step, Holder: in.Holder, Issuer: in.Issuer, Class: in.Class, Lot: in.Lot, Shares: in.Shares,
		Proceeds: Money(in.Proceeds), Cost: Money(in.Cost)}
	if g.Cost.Currency == "" {
		g.Unknown = fmt.Errorf("crossholding: %s in %s: no lot covers %s of the shares: %w", g.Holder, g.Issuer, g.Shares.GroupedDecimal(6), ErrNoCost)
		return g
	}
	proceeds, err := r.l.market.convert(g.Proceeds, g.Cost.Currency)
	if err != nil {
		g.Unknown = fmt.Errorf("%w (gain of %s in %s)", err, g.Holder, g.Issuer)
	} else {
		g.Gain = Money{proceeds.Sub(g.Cost.Amount), g.Cost.Currency}
	}
	return g
}

// movesVotes reports whether the step itself changes shares or votes. It ignores
// changes that follow only from the day of the step.
func (s *checkedStep) movesVotes() bool {
	switch s.Step.Step {
	case StepReprice, StepAdvanceDate, StepPay, StepGrant, StepLapse:
		return false
	case StepAgree:
		return (&agreementRecord{Agreement: *s.Agreement}).votes()
	}
	return true
}

// movesShares reports whether the step can change who holds shares.
func (s *checkedStep) movesShares() bool {
	switch s.Step.Step {
	case StepReprice, StepAdvanceDate, StepPay, StepGrant, StepLapse, StepAgree, StepEndAgreement, StepAmend, StepClass, StepAssert, StepRetract:
		return false
	}
	return true
}

// dayMovesVotes reports whether agreements, facts of control, or the votes per share of
// stakes, differ between the book's day and the day before.
func (r *executor) dayMovesVotes(before date.Date) bool {
	if r.l.asOf == before {
		return false
	}
	l := r.book()
	changed := func(from, to date.Date) bool { return date.Within(l.asOf, from, to) != date.Within(before, from, to) }
	return slices.ContainsFunc(l.controls, func(f ControlFact) bool { return changed(f.From, f.To) }) ||
		slices.ContainsFunc(l.agreements, func(a agreementRecord) bool { return changed(a.From, a.To) }) ||
		slices.ContainsFunc(l.stakes, func(s stakeRecord) bool { return s.since != "" && changed(s.since, "") }) ||
		l.loyaltyMoves(before)
}
