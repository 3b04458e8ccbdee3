package scenario

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// position is the class of the issuer that a step is about.
type position struct {
	c crossholding.Company
	k *ledger.Class
}

// position returns the class of a company. An empty class is the ordinary or the only one.
func (r *executor) position(issuer, class string) (position, error) {
	c, err := r.company("issuer", issuer)
	if err != nil {
		return position{}, err
	}
	list := r.open(issuer)
	if class == "" {
		class = crossholding.DefaultClass
		if len(list) == 1 {
			class = list[0].Name
		}
	}
	for _, k := range list {
		if k.Name == class {
			return position{c, k}, r.checkNoBands(k)
		}
	}
	return position{}, noClass(issuer, class)
}

// company returns a company of the book, without its shares.
func (r *executor) company(what, id string) (crossholding.Company, error) {
	if c, ok := r.book.Company(id); ok {
		return c, nil
	}
	return crossholding.Company{}, noName(id, "%s %s is not a company of the book", what, quoted(id))
}

// checkKnown fails if an id is neither a company nor a party. An empty id is left out.
func (r *executor) checkKnown(ids ...string) error {
	for _, id := range ids {
		if id != "" && !r.book.Has(id) {
			return noName(id, "%s is neither a company nor a party of the book", quoted(id))
		}
	}
	return nil
}

// source returns the account called id. In a holder's name it selects the shares of the
// given beneficiary, or of the only one that there is.
func (r *executor) source(id, beneficiary string, p position) (ledger.Source, error) {
	if isFloat(id) && id != p.k.FloatName {
		return ledger.Source{}, fmt.Errorf("%s has no shares of %s: %w", id, p.c.ID, crossholding.ErrUnknown)
	}
	if id != p.k.FloatName && id != p.c.ID {
		if err := r.checkKnown(id, beneficiary); err != nil {
			return ledger.Source{}, err
		}
	}
	return p.k.Source(id, beneficiary)
}

// side is where the shares of a step go.
type side struct {
	target ledger.Target
	id     string
	have   ratio.Ratio // shares there before the step
}

// receiver returns the side that shares go to: a holder's own shares, or a float.
func (r *executor) receiver(id string, p position) (side, error) {
	switch {
	case id == p.c.ID:
		return side{}, fmt.Errorf("%s cannot hold a stake in itself; its own shares come by buyback: %w", id, crossholding.ErrSelfStake)
	case id == p.k.FloatName:
		return side{ledger.Target{Float: true}, id, p.k.Float}, nil
	case isFloat(id):
		return side{}, fmt.Errorf("%s has no shares of %s: %w", id, p.c.ID, crossholding.ErrUnknown)
	}
	out := side{target: ledger.Target{Holder: id, Beneficiary: id, Voter: id}, id: id}
	from, to := p.k.Held(id)
	for i := from; i < to; i++ {
		out.have = out.have.Add(p.k.Stakes[i].Shares)
	}
	return out, r.checkKnown(id)
}

// trade moves shares or a right from one holder to another.
func (r *executor) trade(s *checkedStep) error {
	switch {
	case s.ID != "":
		return r.tradeRight(s)
	case s.From == Everyone:
		return r.tradeAll(s)
	case s.For != nil:
		return r.swap(s)
	}
	return r.transfer(s)
}

// buyback moves shares to their issuer.
func (r *executor) buyback(s *checkedStep) error {
	if s.From == Everyone {
		return r.tradeAll(s)
	}
	return r.transfer(s)
}

// transfer makes a step that moves shares of one class from one account to another.
func (r *executor) transfer(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	from, to, err := r.accounts(s, p)
	if err != nil {
		return err
	}
	if !from.InName() && s.Method != "" {
		return fmt.Errorf("%s keeps no lots of %s, so there is no %s: %w", from.Name, p.c.ID, s.Method, crossholding.ErrNoCost)
	}
	price, err := r.price(s.price, s.Price, p.c)
	if err != nil {
		return err
	}
	cost, err := r.price(s.cost, s.Cost, p.c)
	if err != nil {
		return err
	}
	n, err := r.amount(s, p, &from, &to)
	if err != nil {
		return err
	}
	to.target.Votes = s.ownVotes()
	payer := to.id
	if s.Step.Step == StepBuyback {
		payer = p.c.ID
	}
	r.result.Shares = n
	return r.shares.Transfer(p.k, ledger.Transfer{From: from, To: to.target, Shares: n, How: s.draw(),
		Price: ledger.Money(price), Payer: payer, Cost: ledger.Money(cost)})
}

// ownVotes returns the votes per share that the step gives to the shares.
func (s *checkedStep) ownVotes() ledger.Votes {
	v := ledger.Votes{Number: s.votes}
	if v.Since = s.VotesSince; s.Votes != "" {
		v.VotesText = s.votes.String()
	}
	return v
}

// draw returns which lots the step uses.
func (s *checkedStep) draw() ledger.Draw {
	methods := map[LotMethod]ledger.Method{LotMethodLIFO: ledger.LIFO, LotMethodHIFO: ledger.HIFO, LotMethodAverage: ledger.Average, LotMethodSpecific: ledger.Specific}
	if s.Method == "" {
		return ledger.Draw{}
	}
	return ledger.Draw{Method: methods[s.Method], Picks: s.picks}
}

// accounts returns the two sides of a step.
func (r *executor) accounts(s *checkedStep, p position) (from ledger.Source, to side, err error) {
	switch s.Step.Step {
	case StepCancel:
		from, err = r.source(p.c.ID, "", p)
		return from, side{target: ledger.Target{Gone: true}}, err
	case StepIssue:
		to, err = r.receiver(s.To, p)
		return ledger.NewShares(p.k), to, err
	case StepBuyback:
		if s.From == p.c.ID {
			return from, to, fmt.Errorf("%s cannot buy its own shares from itself: %w", s.From, crossholding.ErrSelfStake)
		}
		if from, err = r.source(s.From, s.Beneficiary, p); err == nil {
			to, err = r.buyer(s, p)
		}
		return from, to, err
	case StepEntrust:
		return r.entrusted(s, p)
	case StepRelease:
		return r.released(s, p)
	default:
		from, err = r.source(s.From, s.Beneficiary, p)
	}
	if err == nil && s.From == s.To {
		err = fmt.Errorf("from %s to %s moves nothing: %w", s.From, s.To, crossholding.ErrRange)
	}
	if err == nil {
		to, err = r.receiver(s.To, p)
	}
	return from, to, err
}

// entrusted returns the sides of an entrust.
func (r *executor) entrusted(s *checkedStep, p position) (from ledger.Source, to side, err error) {
	if from, err = r.source(s.From, s.From, p); err != nil {
		return from, to, err
	}
	switch {
	case !from.InName():
		return from, to, fmt.Errorf("%s has no shares of %s in its name to entrust: %w", s.From, p.c.ID, crossholding.ErrUnknown)
	case s.Voter == p.c.ID:
		return from, to, fmt.Errorf("%s cannot vote its own shares: %w", s.Voter, crossholding.ErrSelfStake)
	case s.Voter != "" && s.Voter != crossholding.Neutral && !r.book.Has(s.Voter):
		return from, to, noName(s.Voter, "voter %s is neither a company nor a party of the book", quoted(s.Voter))
	case s.From == s.To:
		return from, to, fmt.Errorf("from %s to %s moves nothing: %w", s.From, s.To, crossholding.ErrRange)
	}
	if to, err = r.receiver(s.To, p); err != nil {
		return from, to, err
	}
	if to.target.Float {
		return from, to, fmt.Errorf("%s cannot hold shares for %s: %w", s.To, s.From, crossholding.ErrUnknown)
	}
	to.target.Beneficiary, to.target.Voter = s.From, s.Voter
	if s.Voter == "" {
		to.target.Voter = crossholding.Neutral
	}
	return from, to, nil
}

// released returns the sides of a release.
func (r *executor) released(s *checkedStep, p position) (from ledger.Source, to side, err error) {
	owner, err := r.releasedTo(s, p)
	if err != nil {
		return from, to, err
	}
	if from, err = r.source(s.From, owner, p); err != nil {
		return from, to, err
	}
	if !from.InName() || owner == "" || from.Available.IsZero() {
		return from, to, fmt.Errorf("%s holds no shares of %s for anybody else: %w", s.From, p.c.ID, crossholding.ErrNotEnough)
	}
	if s.From == owner {
		return from, to, fmt.Errorf("from %s to %s moves nothing: %w", s.From, owner, crossholding.ErrRange)
	}
	if s.To == "" {
		r.result.Step.To = owner // the result says it
	}
	to, err = r.receiver(owner, p)
	return from, to, err
}

// releasedTo returns the party that a release goes to. If the step does not name it, it is the only
// other beneficiary of shares in the holder's name, or "" if there is none.
func (r *executor) releasedTo(s *checkedStep, p position) (string, error) {
	if s.To != "" {
		return s.To, nil
	}
	owner := ""
	from, to := p.k.Held(s.From)
	for i := from; i < to; i++ {
		switch who := p.k.Stakes[i].Owner(); {
		case who == s.From || who == owner:
		case owner != "":
			return "", fmt.Errorf("%s holds shares of %s for %s and for %s: whose are these, in \"to\"? %w", s.From, p.c.ID, owner, who, crossholding.ErrMissing)
		default:
			owner = who
		}
	}
	return owner, nil
}

// price returns a price or an amount in the currency of a company, if it is given in none.
// Without a text it has no currency, and nothing is paid.
func (r *executor) price(m crossholding.Money, text string, c crossholding.Company) (crossholding.Money, error) {
	if text == "" {
		return crossholding.Money{}, nil
	}
	if m.Currency == input.NoCurrency {
		m.Currency = c.Currency
	}
	if m.Currency == "" {
		return crossholding.Money{}, fmt.Errorf("price %s is in no currency, and %s has none: %w", text, c.ID, crossholding.ErrCurrency)
	}
	return m, nil
}

// amount returns the number of shares that a step moves, and notes what rounding added.
func (r *executor) amount(s *checkedStep, p position, from *ledger.Source, to *side) (ratio.Ratio, error) {
	n, residual, err := s.shares(r.amountSolver(s, p, from, to))
	r.result.Residual = residual
	return n, err
}

// amountSolver returns the solver for the amount of a step.
func (r *executor) amountSolver(s *checkedStep, p position, from *ledger.Source, to *side) *amountSolver {
	m := &amountSolver{
		issuer: p.c.ID, class: p.k.Name, issued: p.k.Issued,
		from: from.String(), available: from.Available, unlimited: from.New,
		who: from.String(), stake: from.Available, sign: -1, base: p.k.Issued,
		unit: r.unit(s, p),
	}
	if s.UpTo != "" {
		m.who, m.stake, m.sign = to.id, to.have, 1
	}
	if from.New {
		m.baseChange++
	}
	if to.target.Gone {
		m.baseChange--
	}
	if s.Of == StakeBaseOutstanding {
		m.base = p.k.Outstanding()
		if from.InTreasury() {
			m.baseChange++
		}
		if to.target.Treasury {
			m.baseChange--
		}
	}
	return m
}

// unit returns the number of shares that amounts are rounded to.
func (r *executor) unit(s *checkedStep, p position) ratio.Ratio {
	switch {
	case !s.lot.IsZero():
		return s.lot
	case p.c.Lot != "":
		lot, _ := p.c.Lot.Ratio() // the book has checked it
		return lot
	case r.inPercent(p.c.ID) || !p.k.Issued.IsInt():
		return ratio.Of(1, 1e12)
	}
	return ratio.Int(1)
}

// restate changes the holder, the beneficiary or the voter of shares.
func (r *executor) restate(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	from, err := r.source(s.From, string(s.Of), p)
	switch {
	case err != nil:
		return err
	case !from.InName():
		return fmt.Errorf("%s has no shares of %s in its name to restate: %w", s.From, p.c.ID, crossholding.ErrUnknown)
	}
	for _, id := range []string{s.Holder, s.Beneficiary, s.Voter} {
		if id == crossholding.Neutral && id == s.Voter {
			continue
		}
		if id == p.c.ID {
			return fmt.Errorf("%s cannot hold a stake in itself: %w", id, crossholding.ErrSelfStake)
		}
		if err := r.checkKnown(id); err != nil {
			return err
		}
	}
	price, err := r.price(s.price, s.Price, p.c)
	if err != nil {
		return err
	}
	to := side{target: ledger.Target{Holder: s.Holder, Beneficiary: s.Beneficiary, Voter: s.Voter, Votes: s.ownVotes(),
		KeepVotes: s.Holder == "" || s.Holder == s.From}}
	plain := s.Step.withoutOf()
	n, err := r.amount(&checkedStep{Step: &plain, amount: s.amount, lot: s.lot}, p, &from, &to)
	if err != nil {
		return err
	}
	payer := s.Beneficiary
	if payer == "" {
		payer = from.Beneficiary
	}
	r.result.Shares = n
	return r.shares.Transfer(p.k, ledger.Transfer{From: from, To: to.target, Shares: n, How: s.draw(), Price: ledger.Money(price), Payer: payer})
}

// withoutOf returns the step without Of, which is a beneficiary in a restate.
func (s Step) withoutOf() Step {
	s.Of = ""
	return s
}

// isFloat reports whether a name is that of a float.
func isFloat(name string) bool {
	_, ok := crossholding.IsFloat(name)
	return ok
}
