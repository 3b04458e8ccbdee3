package scenario

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// executor makes steps on a draft of a book. The share ledger has the classes of each
// company that a step was about. The draft has the stakes of all other companies, and
// everything that is not shares or cash.
type executor struct {
	book     *crossholding.Draft
	shares   ledger.Ledger
	lapsed   map[string]date.Date // last days of the rights that lapsed
	breaches []Breach
	stale    []*ledger.Class           // their shares in the draft are not those of the share ledger
	touched  []*ledger.Class           // by the current step
	list     []crossholding.DraftClass // memory of draft, which it uses again
	report   bool                      // agreements that are broken are reported, and no step fails for them
	again    bool                      // the steps were made before: what they leave was checked

	step    int // index of the current step
	result  *StepResult
	closed  crossholding.AgreementKind // of the agreement that the current step ended
	counted *crossholding.Tally        // of tally, while promises are listed or checked; nil after a step
	moment
}

func newExecutor(a *crossholding.Alliance, s *Scenario) *executor {
	r := &executor{book: a.Draft(), report: s.Breaches == BreachesReport}
	r.shares.Rate = func(m ledger.Money, currency string) (ratio.Ratio, error) {
		out, err := r.book.Convert(crossholding.Money(m), currency)
		return out.Amount, err
	}
	return r
}

// makeStep makes step i, unless ctx is done before. If the step fails, the error shows it as it
// was given.
func (r *executor) makeStep(ctx context.Context, i int, s *checkedStep, steps []Step, result *StepResult) error {
	r.step, r.result = i, result
	if r.begun = continues(steps, i); !r.begun {
		r.moment = moment{moved: r.moved[:0]}
	}
	r.within = continues(steps, i+1)
	var fault error
	if await.Sized(ctx, r.book.Len(), func() { fault = r.apply(s) }) != nil {
		return stopped(ctx)
	}
	if fault != nil {
		return &StepError{Index: i, Step: steps[i], Reason: fault}
	}
	return nil
}

// apply makes a step and checks what it left.
func (r *executor) apply(s *checkedStep) error {
	if err := r.begin(s); err != nil {
		return err
	}
	if err := r.do(s); err != nil {
		return err
	}
	if r.again {
		r.noteStale()
		return nil
	}
	return r.check(s)
}

// begin moves the day to that of the step, and lists the promises that the moment could break.
func (r *executor) begin(s *checkedStep) error {
	r.shares.Begin()
	r.counted, r.closed = nil, ""
	if s.Date != "" {
		if err := r.advance(s.Date); err != nil {
			return err
		}
	}
	r.shares.Day = r.book.AsOf()
	if r.listed || r.again || !s.movesStakes() && !r.within {
		return nil
	}
	r.listed = true
	var err error
	r.promises, err = r.restrictions()
	return err
}

// do makes the step.
func (r *executor) do(s *checkedStep) error {
	do := r.dispatch
	switch {
	case len(r.promises) == 0:
	case s.treatsAllAlike():
		do = r.makeAlike
	case s.Step.Step == StepMerge:
		do = r.makeMerger
	}
	if err := do(s); err != nil {
		return r.withUnknown(s, err)
	}
	if r.shares.Due.Sign() > 0 && r.shares.Made.IsZero() && s.Fractions != FractionsCash {
		return r.noShares()
	}
	return nil
}

// dispatch makes a step as its kind says.
func (r *executor) dispatch(s *checkedStep) error {
	r.counted = nil
	return kindOf(s.Step.Step).do(r, s)
}

// check checks what the step left, and after the last step of a moment also the promises.
func (r *executor) check(s *checkedStep) error {
	if err := r.shares.Check(); err != nil {
		return err
	}
	if err := r.checkChanged(); err != nil {
		return err
	}
	r.noteMoved(s)
	if r.within {
		return nil
	}
	return r.checkRestrictions(r.promises)
}

// noShares returns the error for a step of whose shares every one is rounded away.
func (r *executor) noShares() error {
	list := make([]string, len(r.shares.Fractions))
	for i, f := range r.shares.Fractions {
		list[i] = fmt.Sprintf("%s is due %s of %s (%s)", f.Holder, input.Abbreviate(f.Due.String()), f.Issuer, f.Class)
	}
	return fmt.Errorf("no whole share is left for anybody: %s: %w", text.Some(list, maxNames), crossholding.ErrRange)
}

// maxNames is the largest number of names that an error lists.
const maxNames = 10

// open returns the classes of a company on the share ledger.
func (r *executor) open(company string) []*ledger.Class {
	if list := r.shares.Of(company); len(list) > 0 {
		return list
	}
	for _, k := range r.book.Classes(company) {
		class := &ledger.Class{Issuer: company, Name: k.Name, FloatName: crossholding.FloatOf(company),
			Issued: k.Issued, Treasury: k.Treasury, Dividend: k.Dividend}
		class.Stakes = make([]ledger.Stake, 0, len(k.Stakes)+1)
		for i := range k.Stakes {
			class.Stakes = append(class.Stakes, account(&k.Stakes[i]))
		}
		r.shares.Add(class)
	}
	return r.shares.Of(company)
}

// inPercent reports whether a company is known only in percent, as the book would be written now:
// once its issued shares are not 100, they are numbers of shares.
func (r *executor) inPercent(company string) bool {
	if !r.book.InPercent(company) {
		return false
	}
	list := r.open(company)
	return len(list) == 1 && list[0].Issued.Equal(ratio.Int(100)) && list[0].Treasury.IsZero()
}

// account returns a stake as an account of the share ledger.
func account(s *crossholding.DraftStake) ledger.Stake {
	out := ledger.Stake{Key: ledger.Key{Holder: s.Holder, Beneficiary: s.Beneficiary, Voter: s.Voter, CashSettled: s.CashSettled,
		Since: s.VotesSince, From: s.From, To: s.To}, Shares: s.Shares, Votes: s.Votes, Source: s.Source}
	if s.OwnVotes {
		out.VotesText = s.Votes.String()
	}
	if len(s.Lots) > 0 {
		out.Lots = make([]ledger.Lot, len(s.Lots))
		for i, lot := range s.Lots {
			out.Lots[i] = ledger.Lot(lot)
		}
	}
	return out
}

// enterStake writes an account of the share ledger as a stake. It uses the memory of the lots that
// the stake had.
func enterStake(out *crossholding.DraftStake, s *ledger.Stake) {
	lots := out.Lots[:0]
	for _, lot := range s.Lots {
		lots = append(lots, crossholding.DraftLot(lot))
	}
	*out = crossholding.DraftStake{Holder: s.Holder, Beneficiary: s.Beneficiary, Voter: s.Voter, CashSettled: s.CashSettled,
		OwnVotes: s.VotesText != "", Votes: s.Votes, VotesSince: s.Since, From: s.From, To: s.To, Shares: s.Shares, Lots: lots, Source: s.Source}
}

// checkChanged fails if a step changed a class with bands, or made a figure that is too long
// for a book.
func (r *executor) checkChanged() error {
	for _, k := range r.noteStale() {
		if err := r.checkNoBands(k); err != nil {
			return err
		}
		if err := checkFigures(k); err != nil {
			return err
		}
	}
	return nil
}

// noteStale notes and returns the classes that the step changed.
func (r *executor) noteStale() []*ledger.Class {
	r.touched = r.touched[:0]
	for _, k := range r.shares.Classes() {
		if !k.Touched() {
			continue
		}
		if r.touched = append(r.touched, k); !slices.Contains(r.stale, k) {
			r.stale = append(r.stale, k)
		}
	}
	return r.touched
}

func checkFigures(k *ledger.Class) error {
	check := func(n ratio.Ratio) error {
		if n.IsNumber() {
			return nil
		}
		return fmt.Errorf("%s (%s): %s is not a number of shares that a book can hold: %w", k.Issuer, k.Name, input.Abbreviate(n.String()), ratio.ErrNumber)
	}
	if err := cmp.Or(check(k.Issued), check(k.Treasury)); err != nil {
		return err
	}
	for i := range k.Stakes {
		s := &k.Stakes[i]
		if err := check(s.Shares); err != nil {
			return err
		}
		for _, lot := range s.Lots {
			if err := cmp.Or(check(lot.Shares), check(lot.Price)); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkNoBands fails if stakes of the class are known only as bands. After a move no band
// of the class would be certain.
func (r *executor) checkNoBands(k *ledger.Class) error {
	var banded []string
	for _, s := range r.book.Bands(k.Issuer, k.Name) {
		banded = append(banded, fmt.Sprintf("%s has %s", s.Holder, s.Given))
	}
	if len(banded) == 0 {
		return nil
	}
	return fmt.Errorf("%s (%s): %s: %w: choose one figure of every band with WithBandsAt", k.Issuer, k.Name, strings.Join(banded, ", "), crossholding.ErrBands)
}

// draft returns the draft with the shares of the share ledger.
func (r *executor) draft() (*crossholding.Draft, error) {
	if len(r.stale) == 0 {
		return r.book, nil
	}
	list := slices.Grow(r.list[:0], len(r.stale))[:len(r.stale)]
	for i, k := range r.stale {
		out := &list[i]
		*out = crossholding.DraftClass{Issuer: k.Issuer, Name: k.Name, Issued: k.Issued, Treasury: k.Treasury, Dividend: k.Dividend,
			Stakes: slices.Grow(out.Stakes[:0], len(k.Stakes))[:len(k.Stakes)]}
		for j := range k.Stakes {
			enterStake(&out.Stakes[j], &k.Stakes[j])
		}
	}
	r.list = list
	if err := r.book.SetClasses(list); err != nil {
		return nil, err
	}
	r.stale = r.stale[:0]
	return r.book, nil
}

// Run makes the steps of a scenario one after another and returns the result. It does not
// change the alliance. Steps that are not valid are all reported in a [*CheckError] before any step
// is made. If a step fails, Run returns a [*StepError]. Shares of a class with bands cannot move:
// such a step fails with [crossholding.ErrBands].
//
// Every step is a list of postings on a double-entry ledger of shares and cash, see
// [Posting]. After every step the ledger checks that shares, cash and cost balance.
//
// Run returns ctx's error within 50 ms when ctx is done. It reports its progress, see
// [crossholding.WithProgress]. A nil context means [context.Background], and a nil alliance
// an empty one.
func Run(ctx context.Context, a *crossholding.Alliance, s Scenario) (*Outcome, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if a == nil {
		a = new(crossholding.Alliance)
	}
	results := make([]StepResult, len(s.Steps))
	recs, err := s.compile(results)
	if err != nil {
		return nil, err
	}
	r, err := open(ctx, a, &s)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Before: a, Steps: results, scenario: s, recs: recs, days: make([]stepDay, len(recs))}
	postings := newJournal(len(recs))
	stage := progress.Start(ctx, "steps", len(recs), 1)
	for i := range recs {
		stage.At(i)
		day := r.book.AsOf()
		if err := r.makeStep(ctx, i, &recs[i], s.Steps, &results[i]); err != nil {
			return nil, err
		}
		moved, err := r.votesMoved(day)
		if err != nil {
			return nil, err
		}
		r.takePaid()
		r.takeFractions()
		r.result.Postings = postings.write(&r.shares)
		out.days[i] = stepDay{r.book.AsOf(), recs[i].movesVotes(r.closed), moved}
		out.take(i, r)
		if i < len(recs)-1 {
			out.kept.add(r)
		}
	}
	if out.After, err = r.alliance(ctx); err != nil {
		return nil, err
	}
	if !out.kept.over {
		out.kept.end = r.book.Copy()
	}
	stage.End()
	out.Breaches = r.breaches
	for _, b := range r.shares.Cash() {
		if !b.Amount.IsZero() {
			out.Cash = append(out.Cash, Cash{b.Party, crossholding.Money(b.Money)})
		}
	}
	return out, nil
}

// open returns an executor of a scenario, unless ctx is done before.
func open(ctx context.Context, a *crossholding.Alliance, s *Scenario) (r *executor, err error) {
	g := a.Graph()
	if await.Sized(ctx, g.Len(), func() { r = newExecutor(a, s) }) != nil {
		return nil, stopped(ctx)
	}
	return r, nil
}

// alliance returns the alliance after the steps so far, unless ctx is done before.
func (r *executor) alliance(ctx context.Context) (out *crossholding.Alliance, err error) {
	if await.Sized(ctx, r.book.Len(), func() {
		var d *crossholding.Draft
		if d, err = r.draft(); err == nil {
			out = d.Alliance()
		}
	}) != nil {
		return nil, stopped(ctx)
	}
	return out, err
}

// votesMoved reports whether the day of the step alone changed votes.
func (r *executor) votesMoved(since date.Date) (bool, error) {
	if r.book.AsOf() == since {
		return false, nil
	}
	d, err := r.draft()
	if err != nil {
		return false, err
	}
	return d.VotesMoved(since), nil
}

// take adds the gains and the dropped costs of a step.
func (o *Outcome) take(i int, r *executor) {
	for _, g := range r.shares.Gains {
		o.Gains = append(o.Gains, r.gain(i, g))
	}
	for _, d := range r.shares.Dropped {
		o.Dropped = append(o.Dropped, Dropped{i, d.Holder, d.Issuer, d.Class, d.Lot, d.Shares, crossholding.Money(d.Cost)})
	}
}

// takePaid notes all cash that the step pays, unless the step has said so itself, or pays in several
// currencies.
func (r *executor) takePaid() {
	if r.result.Paid.Currency != "" {
		return
	}
	var paid crossholding.Money
	for i := range r.shares.Postings {
		p := &r.shares.Postings[i]
		switch {
		case p.Kind != ledger.Pay:
		case paid.Currency != "" && paid.Currency != p.Amount.Currency:
			return
		default:
			paid = crossholding.Money{Amount: paid.Amount.Add(p.Amount.Amount), Currency: p.Amount.Currency}
		}
	}
	r.result.Paid = paid
}

// takeFractions notes what the step rounded.
func (r *executor) takeFractions() {
	for _, f := range r.shares.Fractions {
		r.result.Fractions = append(r.result.Fractions, Fraction(f))
	}
}

// gain computes a gain in the currency of its cost, on the market of the step.
func (r *executor) gain(step int, in ledger.Gain) Gain {
	g := Gain{Step: step, Holder: in.Holder, Issuer: in.Issuer, Class: in.Class, Lot: in.Lot, Shares: in.Shares,
		Proceeds: crossholding.Money(in.Proceeds), Cost: crossholding.Money(in.Cost)}
	if g.Cost.Currency == "" {
		g.Unknown = fmt.Errorf("crossholding: %s in %s: no lot covers %s of the shares: %w", g.Holder, g.Issuer, g.Shares.GroupedDecimal(6), crossholding.ErrNoCost)
		return g
	}
	proceeds, err := r.book.Convert(g.Proceeds, g.Cost.Currency)
	if err != nil {
		g.Unknown = fmt.Errorf("%w (gain of %s in %s)", err, g.Holder, g.Issuer)
	} else {
		g.Gain = crossholding.Money{Amount: proceeds.Amount.Sub(g.Cost.Amount), Currency: g.Cost.Currency}
	}
	return g
}
