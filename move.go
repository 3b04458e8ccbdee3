package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// move makes a step that moves shares of one class from one account to another.
func (r *executor) move(s *checkedStep) error {
	p, err := r.position(&s.Step)
	if err != nil {
		return err
	}
	if err := r.checkNoBands(p); err != nil {
		return err
	}
	from, to, err := r.accounts(s, p)
	if err != nil {
		return err
	}
	if from.kind != inName && s.Method != "" {
		return fmt.Errorf("%s keeps no lots of %s, so there is no %s: %w", from.id, p.c.ID, s.Method, ErrNoCost)
	}
	price, err := r.price(s, p)
	if err != nil {
		return err
	}
	moved, residual, err := s.shares(r.amountSolver(s, p, &from, &to))
	if err != nil {
		return err
	}
	r.result.Shares, r.result.Residual = moved, residual
	lots, err := r.draw(s, p, &from, moved, price)
	if err != nil {
		return err
	}
	arrived := stakeRecord{
		stakeKey: stakeKey{holder: to.id, issuer: p.c.ID, class: p.k.name, since: s.VotesSince},
		shares:   moved, votes: s.votes, lots: lots,
	}
	if s.Votes != "" {
		arrived.votesText = s.votes.String()
	}
	if s.Step.Step == StepEntrust {
		arrived.beneficiary, arrived.voter = from.id, s.Voter
		switch s.Voter {
		case "":
			arrived.voter = Neutral
		case to.id:
			arrived.voter = ""
		}
	}
	if price.Currency != "" {
		arrived.lots = []lotRecord{{r.l.asOf, moved, price.Amount, price.Currency}}
		payer := to.id
		if s.Step.Step == StepBuyback {
			payer = p.c.ID
		}
		r.pay(payer, from.beneficiary, Money{price.Amount.Mul(moved), price.Currency})
	}
	r.deliver(p, &to, arrived)
	receiver := ""
	if to.kind == inName {
		receiver = to.id
	}
	return r.checkSizes(p, receiver)
}

// checkNoBands fails if stakes of the class are known only as bands. After a move no band
// of the class would be certain.
func (r *executor) checkNoBands(p position) error {
	var banded []string
	for i := range r.l.stakes {
		if s := &r.l.stakes[i]; s.band != nil && s.issuer == p.c.ID && s.class == p.k.name {
			banded = append(banded, fmt.Sprintf("%s has %s", s.holder, s.band))
		}
	}
	if len(banded) == 0 {
		return nil
	}
	return fmt.Errorf("%s (%s): %s: %w: choose one figure of every band with WithBandsAt", p.c.ID, p.k.name, strings.Join(banded, ", "), ErrBands)
}

// accounts returns the two accounts of a step.
func (r *executor) accounts(s *checkedStep, p position) (from, to account, err error) {
	switch s.Step.Step {
	case StepCancel:
		from, err = r.account(p.c.ID, "", p)
		return from, account{kind: outside}, err
	case StepIssue:
		from = account{kind: outside, id: p.c.ID, beneficiary: p.c.ID}
		to, err = r.receiver(s.To, p)
		return from, to, err
	case StepBuyback:
		if s.From == p.c.ID {
			return from, to, fmt.Errorf("%s cannot buy its own shares from itself: %w", s.From, ErrSelfStake)
		}
		from, err = r.account(s.From, s.Beneficiary, p)
		to = account{kind: inTreasury, id: p.c.ID, available: p.k.treasury}
		if s.Cancel {
			to.kind = outside
		}
		return from, to, err
	case StepEntrust:
		if from, err = r.account(s.From, s.From, p); err != nil {
			return from, to, err
		}
		if from.kind != inName {
			return from, to, fmt.Errorf("%s has no shares of %s in its name to entrust: %w", s.From, p.c.ID, ErrUnknown)
		}
		if err = r.checkVoter(s, p); err != nil {
			return from, to, err
		}
	case StepRelease:
		if s.To == "" {
			if s.To, err = r.onlyOther(s.From, p); err != nil {
				return from, to, err
			}
			r.result.Step.To = s.To
		}
		if from, err = r.account(s.From, s.To, p); err != nil {
			return from, to, err
		}
		if from.kind != inName || s.To == "" || from.available.IsZero() {
			return from, to, fmt.Errorf("%s holds no shares of %s for anybody else: %w", s.From, p.c.ID, ErrNotEnough)
		}
	default:
		if from, err = r.account(s.From, s.Beneficiary, p); err != nil {
			return from, to, err
		}
	}
	if s.From == s.To {
		return from, to, fmt.Errorf("from %s to %s moves nothing: %w", s.From, s.To, ErrRange)
	}
	to, err = r.receiver(s.To, p)
	return from, to, err
}

// onlyOther returns the only beneficiary, other than holder, of shares in holder's name.
// It returns "" if there is none, and fails if there are several.
func (r *executor) onlyOther(holder string, p position) (string, error) {
	other := ""
	from, to := r.l.held(holder, p.c.ID, p.k.name)
	for i := from; i < to; i++ {
		switch who := r.l.stakes[i].owner(); {
		case who == holder || who == other:
		case other != "":
			return "", fmt.Errorf("%s holds shares of %s for %s and for %s: whose are these, in \"to\"? %w",
				holder, p.c.ID, other, who, ErrMissing)
		default:
			other = who
		}
	}
	return other, nil
}

func (r *executor) checkVoter(s *checkedStep, p position) error {
	switch {
	case s.Voter == p.c.ID:
		return fmt.Errorf("%s cannot vote its own shares: %w", s.Voter, ErrSelfStake)
	case s.Voter != "" && s.Voter != Neutral && !r.l.known(s.Voter):
		return fmt.Errorf("voter %q is neither a company nor a party of the book: %w", s.Voter, ErrUnknown)
	}
	return nil
}

// receiver returns the account that shares go into: a holder's own shares, or a float.
func (r *executor) receiver(id string, p position) (account, error) {
	if id == p.c.ID {
		return account{}, fmt.Errorf("%s cannot hold a stake in itself; its own shares come by buyback: %w", id, ErrSelfStake)
	}
	if strings.HasPrefix(id, floatPrefix) {
		return r.account(id, "", p)
	}
	if !r.l.known(id) {
		return account{}, fmt.Errorf("%q is neither a company nor a party of the book: %w", id, ErrUnknown)
	}
	a := account{id: id}
	from, to := r.l.held(id, p.c.ID, p.k.name)
	for i := from; i < to; i++ {
		a.available = a.available.Add(r.l.stakes[i].shares)
	}
	return a, nil
}

// price returns the price of a share. A price without currency means that nothing is paid.
func (r *executor) price(s *checkedStep, p position) (Money, error) {
	if s.Price == "" {
		return Money{}, nil
	}
	price := s.price
	if price.Currency == noCurrency {
		price.Currency = p.c.Currency
	}
	if price.Currency == "" {
		return Money{}, fmt.Errorf("price %s is in no currency, and %s has none: %w", s.Price, p.c.ID, ErrCurrency)
	}
	return price, nil
}

// amountSolver returns the solver for the amount of a step.
func (r *executor) amountSolver(s *checkedStep, p position, from, to *account) *amountSolver {
	m := &amountSolver{
		issuer: p.c.ID, class: p.k.name, issued: p.k.issued,
		from: from.id, available: from.available, unlimited: from.kind == outside,
		who: from.id, stake: from.available, sign: -1, base: p.k.issued,
		unit: ratio.Int(1),
	}
	switch {
	case !s.lot.IsZero():
		m.unit = s.lot
	case !p.c.lot.IsZero():
		m.unit = p.c.lot
	case r.percent[p.c.ID] || !p.k.issued.IsInt():
		m.unit = ratio.Of(1, 1e12)
	}
	if s.UpTo != "" {
		m.who, m.stake, m.sign = to.id, to.available, 1
	}
	if from.kind == outside {
		m.baseChange++
	}
	if to.kind == outside {
		m.baseChange--
	}
	if s.Of == StakeBaseOutstanding {
		m.base = p.k.outstanding()
		if from.kind == inTreasury {
			m.baseChange++
		}
		if to.kind == inTreasury {
			m.baseChange--
		}
	}
	return m
}

// draw takes shares out of an account. If they are paid for, their lots realize a gain.
// Otherwise the lots are returned, to go with the shares.
func (r *executor) draw(s *checkedStep, p position, a *account, shares ratio.Ratio, price Money) ([]lotRecord, error) {
	switch a.kind {
	case outside:
		p.k.issued = p.k.issued.Add(shares)
		return nil, nil
	case inTreasury:
		p.k.treasury = p.k.treasury.Sub(shares)
		return nil, nil
	case inFloat:
		return nil, nil
	}
	quota, err := r.allocate(s, a, shares)
	if err != nil {
		return nil, err
	}
	var lots []lotRecord
	for j, i := range a.pool {
		q := quota[j]
		if q.shares.IsZero() {
			continue
		}
		rec := &r.l.stakes[i]
		var taken []lotRecord
		if q.named != nil {
			taken, rec.lots = q.named, q.left
		} else if taken, rec.lots, err = takeLots(rec, q.shares, s.Method); err != nil {
			return nil, err
		}
		rec.shares = rec.shares.Sub(q.shares)
		if price.Currency != "" {
			r.recordGains(a.beneficiary, rec, q.shares, taken, price)
		}
		lots = append(lots, taken...)
	}
	first, end := r.l.held(a.id, p.c.ID, p.k.name)
	kept := slices.DeleteFunc(r.l.stakes[first:end], func(s stakeRecord) bool { return s.shares.IsZero() })
	r.l.stakes = slices.Delete(r.l.stakes, first+len(kept), end)
	return joinLots(lots), nil
}

// deliver puts shares into an account.
func (r *executor) deliver(p position, a *account, arrived stakeRecord) {
	switch a.kind {
	case outside:
		p.k.issued = p.k.issued.Sub(arrived.shares)
	case inTreasury:
		p.k.treasury = p.k.treasury.Add(arrived.shares)
	case inName:
		if arrived.shares.IsZero() {
			return
		}
		i, found := slices.BinarySearchFunc(r.l.stakes, arrived, compareStakes)
		if !found {
			r.l.stakes = slices.Insert(r.l.stakes, i, arrived)
			return
		}
		rec := &r.l.stakes[i]
		rec.shares = rec.shares.Add(arrived.shares)
		rec.lots = joinLots(slices.Concat(rec.lots, arrived.lots))
	}
}

// pay books a payment of m from one party to another.
func (r *executor) pay(from, to string, m Money) {
	r.result.Paid = m
	r.book(from, Money{m.Amount.Neg(), m.Currency})
	r.book(to, m)
}

func (r *executor) book(party string, m Money) {
	i, found := slices.BinarySearchFunc(r.cash, party, func(c Cash, party string) int {
		if d := strings.Compare(c.Party, party); d != 0 {
			return d
		}
		return strings.Compare(c.Currency, m.Currency)
	})
	if !found {
		r.cash = slices.Insert(r.cash, i, Cash{party, m})
		return
	}
	r.cash[i].Amount = r.cash[i].Amount.Add(m.Amount)
}
