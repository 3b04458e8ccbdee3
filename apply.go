package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// executor makes steps on a ledger of its own.
type executor struct {
	l       *ledger
	percent map[string]bool // companies known only in percent at the start
	result  StepResult
	cash    []Cash
	gains   []Gain // of the present step
}

func newRunner(a *Alliance) *executor {
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

// step makes one step unless ctx ends before it is made; a step that fails is
// shown as it was given.
func (r *executor) step(ctx context.Context, i int, s *checkedStep, given Step) error {
	var fault error
	if err := runUntil(ctx, func() { fault = r.apply(s) }); err != nil {
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
	restrictions := r.restrictions(s.Issuer)
	if err := r.move(s); err != nil {
		return err
	}
	return r.keep(restrictions)
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

// account is where shares of one class come from or go to: a holder's name, a
// float, the treasury, or nowhere for shares that come into being or cease.
type account struct {
	kind        accountKind
	id          string // as the step calls it
	beneficiary string // whose shares they are in a holder's name
	available   ratio.Ratio
	pool        []int // places in the ledger, in the order in which they are drawn on
}

type accountKind uint8

const (
	inName accountKind = iota
	inFloat
	inTreasury
	nowhere
)

// position is the class of the issuer that a step is about.
type position struct {
	c *companyRecord
	k *classRecord
}

func (r *executor) position(s *Step) (position, error) {
	c := r.l.company(s.Issuer)
	if c == nil {
		return position{}, fmt.Errorf("issuer %q is no company of the book: %w", s.Issuer, ErrUnknown)
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

// account opens the account called id. In a holder's name it finds the shares
// of the beneficiary asked for, or of the only one that there is.
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

// owner returns whose money the stake is.
func (s *stakeRecord) owner() string { return cmp.Or(s.beneficiary, s.holder) }

// held returns the range of stakes in one holder's name in one class.
func (l *ledger) held(holder, issuer, class string) (from, to int) {
	find := func(after int) int {
		i, _ := slices.BinarySearchFunc(l.stakes, after, func(s stakeRecord, after int) int {
			c := cmp.Or(strings.Compare(s.holder, holder), strings.Compare(s.issuer, issuer), strings.Compare(s.class, class))
			return cmp.Or(c, after)
		})
		return i
	}
	return find(1), find(-1)
}

// float returns the shares of a class that nobody in the book holds.
func (l *ledger) float(issuer, class string) ratio.Ratio {
	rest := l.company(issuer).class(class).outstanding()
	for i := range l.stakes {
		if s := &l.stakes[i]; s.issuer == issuer && s.class == class {
			rest = rest.Sub(s.shares)
		}
	}
	return rest
}

// checkSizes reports figures of a position that a book could no longer hold.
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
			return fmt.Errorf("%s (%s): %s is no number of shares that a book can hold: %w", p.c.ID, p.k.name,
				abbreviate(n.String()), ratio.ErrNumber)
		}
	}
	return nil
}
