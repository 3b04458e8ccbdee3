package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// executor makes steps on its own copy of a ledger.
type executor struct {
	l       *ledger
	percent map[string]bool // companies that the first book knows only in percent
	result  StepResult
	cash    []Cash
	gains   []Gain // of the current step
}

func newExecutor(a *Alliance) *executor {
	r := &executor{l: &ledger{}, percent: map[string]bool{}}
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

// step makes one step, unless ctx is done before. If the step fails, the error shows it as
// it was given.
func (r *executor) step(ctx context.Context, i int, s *checkedStep, given Step) error {
	var fault error
	if err := runUntil(ctx, r.l.size(), func() { fault = r.apply(s) }); err != nil {
		return err
	}
	if fault != nil {
		return &StepError{Index: i, Step: given, Reason: fault}
	}
	return nil
}

func (r *executor) apply(s *checkedStep) error {
	if s.Date != "" {
		if err := r.advance(s.Date); err != nil {
			return err
		}
	}
	switch s.Step.Step {
	case StepAgree:
		return r.agree(s.Agreement)
	case StepEndAgreement:
		return r.endAgreement(s.ID)
	case StepAdvanceDate:
		return nil
	case StepReprice:
		return r.reprice(&s.Step)
	}
	promises := r.restrictions(s.Issuer)
	if err := r.move(s); err != nil {
		return err
	}
	return r.checkRestrictions(promises)
}

func (r *executor) advance(day date.Date) error {
	if day < r.l.asOf {
		return fmt.Errorf("the book is of %s, after %s: %w", r.l.asOf, day, ErrDate)
	}
	if r.l.asOf == "" {
		for i := range r.l.stakes {
			s := &r.l.stakes[i]
			if n := len(s.lots); n > 0 && s.lots[n-1].date > day {
				return fmt.Errorf("%s in %s: bought on %s, after %s: %w", s.holder, s.issuer, s.lots[n-1].date, day, ErrDate)
			}
		}
	}
	if err := r.l.checkUnchanged(day); err != nil {
		return err
	}
	r.l.asOf = day
	return r.checkAgreements()
}

// checkAgreements reports agreements in force that contradict one another.
func (r *executor) checkAgreements() error {
	var f faults
	f.checkAgreements(r.l)
	return f.err()
}

func (r *executor) agree(in *Agreement) error {
	p := parser{l: r.l, ids: make(map[string]string, len(r.l.companies)+len(r.l.parties))}
	for i := range r.l.companies {
		p.ids[r.l.companies[i].ID] = "a company"
	}
	for i := range r.l.parties {
		p.ids[r.l.parties[i].ID] = "a party"
	}
	taken := make(map[string]string, len(r.l.agreements))
	for i := range r.l.agreements {
		taken[r.l.agreements[i].ID] = "an agreement"
	}
	p.identify("agreement", in.ID, taken)
	p.agreement("agreement", *in)
	slices.SortFunc(r.l.agreements, func(a, b agreementRecord) int { return strings.Compare(a.ID, b.ID) })
	p.checkAgreements(r.l)
	return p.err()
}

func (r *executor) endAgreement(id string) error {
	i := slices.IndexFunc(r.l.agreements, func(a agreementRecord) bool { return a.ID == id })
	if i < 0 {
		return unknown("agreement", id)
	}
	r.l.agreements = slices.Delete(r.l.agreements, i, i+1)
	return nil
}

func (r *executor) reprice(s *Step) error {
	l := *r.l
	p := parser{l: &l}
	p.market("", &Market{Prices: s.Prices, FX: s.FX})
	if err := p.err(); err != nil {
		return err
	}
	m := &r.l.market
	if m.prices == nil {
		m.prices = map[string]Money{}
	}
	if m.fx == nil {
		m.fx = map[string]ratio.Ratio{}
	}
	maps.Copy(m.prices, l.market.prices)
	for _, pair := range slices.Sorted(maps.Keys(l.market.fx)) {
		a, b, _ := strings.Cut(pair, "/")
		delete(m.fx, b+"/"+a)
		m.fx[pair] = l.market.fx[pair]
	}
	return nil
}

// account is the place that shares of one class come from or go to: a holder's name, a
// float, the treasury, or none for shares that are new or cease to exist.
type account struct {
	kind        accountKind
	id          string // as written in the step
	beneficiary string // of the shares in a holder's name
	available   ratio.Ratio
	pool        []int // stakes in the ledger, in the order in which they give shares
}

type accountKind uint8

const (
	inName accountKind = iota
	inFloat
	inTreasury
	outside
)

// position is the class of the issuer that a step is about.
type position struct {
	c *companyRecord
	k *classRecord
}

func (r *executor) position(s *Step) (position, error) {
	c := r.l.company(s.Issuer)
	if c == nil {
		return position{}, fmt.Errorf("issuer %q is not a company of the book: %w", s.Issuer, ErrUnknown)
	}
	class := s.Class
	if class == "" {
		class = defaultClass
		if len(c.classes) == 1 {
			class = c.classes[0].name
		}
	}
	k := c.class(class)
	if k == nil {
		return position{}, fmt.Errorf("%s has no class %q of shares: %w", s.Issuer, class, ErrUnknown)
	}
	return position{c, k}, nil
}

// account returns the account called id. In a holder's name it selects the shares of the
// given beneficiary, or of the only one that there is.
func (r *executor) account(id, beneficiary string, p position) (account, error) {
	if issuer, ok := strings.CutPrefix(id, floatPrefix); ok {
		if issuer != p.c.ID {
			return account{}, fmt.Errorf("%s has no shares of %s: %w", id, p.c.ID, ErrUnknown)
		}
		return account{kind: inFloat, id: id, beneficiary: id, available: r.l.float(issuer, p.k.name)}, nil
	}
	if id == p.c.ID {
		return account{kind: inTreasury, id: id, beneficiary: id, available: p.k.treasury}, nil
	}
	for _, who := range []string{id, beneficiary} {
		if who != "" && !r.l.known(who) {
			return account{}, fmt.Errorf("%q is neither a company nor a party of the book: %w", who, ErrUnknown)
		}
	}
	a := account{id: id, beneficiary: beneficiary}
	from, to := r.l.held(id, p.c.ID, p.k.name)
	for i := from; i < to; i++ {
		s := &r.l.stakes[i]
		if a.beneficiary == "" {
			a.beneficiary = s.owner()
		}
		if s.owner() == a.beneficiary {
			a.pool = append(a.pool, i)
			a.available = a.available.Add(s.shares)
		} else if beneficiary == "" {
			return account{}, fmt.Errorf("%s holds shares of %s for %s and for %s: whose are these, in \"beneficiary\"? %w",
				id, p.c.ID, a.beneficiary, s.owner(), ErrMissing)
		}
	}
	slices.SortStableFunc(a.pool, func(i, j int) int {
		return cmp.Compare(ownVotes(&r.l.stakes[i]), ownVotes(&r.l.stakes[j]))
	})
	return a, nil
}

func ownVotes(s *stakeRecord) int {
	if s.votesText == "" {
		return 0
	}
	return 1
}

// checkSizes fails if a figure of a position has become too long for a book.
func (r *executor) checkSizes(p position, to string) error {
	figures := []ratio.Ratio{p.k.issued, p.k.treasury}
	if from, end := r.l.held(to, p.c.ID, p.k.name); to != "" {
		for i := from; i < end; i++ {
			figures = append(figures, r.l.stakes[i].shares)
			for _, lot := range r.l.stakes[i].lots {
				figures = append(figures, lot.shares)
			}
		}
	}
	for _, n := range figures {
		if !n.IsDecimal() {
			return fmt.Errorf("%s (%s): %s is not a number of shares that a book can hold: %w", p.c.ID, p.k.name,
				abbreviate(n.String()), ratio.ErrNumber)
		}
	}
	return nil
}

// Run makes the scenario's steps one after another and returns the result. It does not
// change the alliance. Steps that are not valid are all reported before any step is made.
// If a step fails, Run returns a [*StepError]. Shares of a class with bands cannot move:
// such a step fails with [ErrBands].
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
	if err := runUntil(ctx, a.size(), func() { r = newExecutor(a) }); err != nil {
		return nil, err
	}
	out := &Outcome{Before: a, Steps: make([]StepResult, len(recs)), recs: recs, days: make([]stepDay, len(recs))}
	stage := progress.Start(ctx, "steps", len(recs), 1)
	for i := range recs {
		stage.At(i)
		day := r.l.asOf
		r.result = StepResult{Index: i, Step: recs[i].Step}
		if err := r.step(ctx, i, &recs[i], s.Steps[i]); err != nil {
			return nil, err
		}
		out.Steps[i], out.days[i] = r.result, stepDay{r.l.asOf, r.l.dayMovesVotes(day)}
		for _, g := range r.gains {
			g.Step = i
			out.Gains = append(out.Gains, g)
		}
		r.gains = r.gains[:0]
	}
	if err := runUntil(ctx, r.l.size(), func() { out.After = index(r.l) }); err != nil {
		return nil, err
	}
	stage.End()
	out.Cash = slices.DeleteFunc(r.cash, func(c Cash) bool { return c.Amount.IsZero() })
	return out, nil
}

// movesVotes reports whether the step itself changes shares or votes. It ignores
// changes that follow only from the day of the step.
func (s *checkedStep) movesVotes() bool {
	switch s.Step.Step {
	case StepReprice, StepAdvanceDate:
		return false
	case StepAgree:
		return (&agreementRecord{Agreement: *s.Agreement}).votes()
	}
	return true
}

// dayMovesVotes reports whether agreements, facts of control, or the votes per share of
// stakes, differ between the ledger's day and the day before.
func (l *ledger) dayMovesVotes(before date.Date) bool {
	changed := func(from, to date.Date) bool { return date.Within(l.asOf, from, to) != date.Within(before, from, to) }
	return l.asOf != before && (slices.ContainsFunc(l.controls, func(f ControlFact) bool { return changed(f.From, f.To) }) ||
		slices.ContainsFunc(l.agreements, func(a agreementRecord) bool { return changed(a.From, a.To) }) ||
		slices.ContainsFunc(l.stakes, func(s stakeRecord) bool { return s.since != "" && changed(s.since, "") }) ||
		l.loyaltyMoves(before))
}
