package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// tradeAll buys the same percentage of the shares of everyone, floats too, except the buyer
// and the treasury. In a buyback the issuer is the buyer.
func (r *executor) tradeAll(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	to, err := r.buyer(s, p)
	if err != nil {
		return err
	}
	names := ledger.Names([]*ledger.Class{p.k}, nil)
	give := make([]ratio.Ratio, len(names))
	for i := range names {
		if names[i].ID == s.To {
			continue
		}
		names[i] = names[i].Without(s.To)
		exact := names[i].Due.Mul(s.amount).Div(ratio.Int(100))
		give[i] = ratio.Min(roundTo(exact, r.unit(s, p), s.Round), names[i].Due)
		r.result.Residual = r.result.Residual.Add(give[i]).Sub(exact)
	}
	return r.give(s, p, to, names, give)
}

// buyer returns where shares go that several holders give: to a holder, to a float, or to the
// issuer, which takes them back.
func (r *executor) buyer(s *checkedStep, p position) (side, error) {
	if s.Step.Step == StepBuyback || s.Step.Step == StepOffer && s.To == p.c.ID {
		return side{ledger.Target{Treasury: !s.Cancel, Gone: s.Cancel}, p.c.ID, p.k.Treasury}, nil
	}
	return r.receiver(s.To, p)
}

// give moves shares of several names to a buyer, who pays in cash, in shares or nothing.
func (r *executor) give(s *checkedStep, p position, to side, names []ledger.Name, give []ratio.Ratio) error {
	price, err := r.price(s.price, s.Price, p.c)
	if err != nil {
		return err
	}
	w, err := r.swapTerms(s, to)
	if err != nil {
		return err
	}
	to.target.Votes = s.ownVotes()
	for i := range names {
		if give[i].IsZero() {
			continue
		}
		r.result.Shares = r.result.Shares.Add(give[i])
		if w != nil {
			if err := r.shares.GiveFor(p.k, &names[i], give[i], w); err != nil {
				return err
			}
			continue
		}
		t := ledger.Transfer{To: to.target, How: s.draw(), Price: ledger.Money(price), Payer: to.id}
		if names[i].Float {
			t.How = ledger.Draw{}
		}
		if err := r.shares.Give(p.k, &names[i], give[i], t); err != nil {
			return err
		}
	}
	return nil
}

// swapTerms returns how a step pays in shares, or nil if it does not.
func (r *executor) swapTerms(s *checkedStep, to side) (*ledger.Swap, error) {
	if s.For == nil {
		return nil, nil
	}
	if s.For.Issuer == s.Issuer {
		return nil, fmt.Errorf("%s: shares are paid for in shares of the same company; \"convert\" does that: %w", s.Issuer, crossholding.ErrSelfStake)
	}
	pay, err := r.position(s.For.Issuer, s.For.Class)
	if err != nil {
		return nil, err
	}
	t, err := r.terms(s, pay, "")
	if err != nil {
		return nil, err
	}
	t.Ratio = s.forRatio
	w := &ledger.Swap{To: to.target, For: pay.k, Terms: t}
	switch s.For.Source {
	case SupplyTreasury:
		w.Supply, err = r.source(pay.c.ID, "", pay)
	case SupplyOwn:
		w.Supply, err = r.source(s.To, s.To, pay)
	default:
		w.Supply = ledger.NewShares(pay.k)
	}
	w.Payer = w.Supply.Beneficiary
	return w, err
}

// swap is a trade that is paid in shares.
func (r *executor) swap(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	from, to, err := r.accounts(s, p)
	if err != nil {
		return err
	}
	if !from.InName() && !from.InFloat() {
		return fmt.Errorf("%s sells treasury shares of %s for shares, which is two steps: issue and trade: %w", s.From, p.c.ID, crossholding.ErrRange)
	}
	n, err := r.amount(s, p, &from, &to)
	if err != nil {
		return err
	}
	one := from.One(p.k)
	return r.give(s, p, to, []ledger.Name{one}, []ratio.Ratio{n})
}

// offer buys the shares that holders tender, pro rata if they tender too many.
func (r *executor) offer(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	to, err := r.buyer(s, p)
	if err != nil {
		return err
	}
	exact := s.amount
	wanted := exact
	if s.Percent != "" {
		exact = p.k.Issued.Mul(s.amount).Div(ratio.Int(100))
		wanted = roundTo(exact, r.unit(s, p), s.Round)
	}
	names, tendered, err := r.tenders(s, p)
	if err != nil {
		return err
	}
	floatsLast(names, tendered)
	give := ledger.Allot(wanted, tendered, r.unit(s, p))
	r.result.Residual = sum(give).Sub(ratio.Min(exact, sum(tendered))) // if fewer are tendered, nothing is rounded
	return r.give(s, p, to, names, give)
}

func sum(list []ratio.Ratio) ratio.Ratio {
	var n ratio.Ratio
	for _, x := range list {
		n = n.Add(x)
	}
	return n
}

// tenders returns who tenders, and how many shares.
func (r *executor) tenders(s *checkedStep, p position) (names []ledger.Name, tendered []ratio.Ratio, err error) {
	all := ledger.Names([]*ledger.Class{p.k}, nil)
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(s.Tendered)) {
		n, err := r.named(all, id, p)
		switch {
		case err != nil:
		case id == s.To:
			err = fmt.Errorf("%s tenders to itself: %w", id, crossholding.ErrRange)
		default:
			if n = n.Without(s.To); n.Due.IsZero() {
				err = fmt.Errorf("%s tenders shares of %s that belong to %s itself: %w", id, p.c.ID, s.To, crossholding.ErrRange)
			}
		}
		x := n.Due
		if share := s.takes[id]; !share.all {
			x = share.of(n.Due)
		}
		if err == nil && n.Due.Less(x) {
			err = fmt.Errorf("%s tenders %s of %s shares of %s: %w", id, x.GroupedDecimal(6), n.Due.GroupedDecimal(6), p.c.ID, crossholding.ErrNotEnough)
		}
		if err != nil {
			errs = append(errs, err)
		}
		names, tendered = append(names, n), append(tendered, x)
	}
	return names, tendered, errors.Join(errs...)
}

// floatsLast sorts names so that the float is the last one.
func floatsLast(names []ledger.Name, figures []ratio.Ratio) {
	for i := range len(names) - 1 {
		if names[i].Float {
			names[i], names[i+1] = names[i+1], names[i]
			figures[i], figures[i+1] = figures[i+1], figures[i]
		}
	}
}

// named returns one of the names that hold shares of a class.
func (r *executor) named(all []ledger.Name, id string, p position) (ledger.Name, error) {
	i := slices.IndexFunc(all, func(n ledger.Name) bool { return n.ID == id })
	if i >= 0 {
		return all[i], nil
	}
	if _, err := r.source(id, "", p); err != nil {
		return ledger.Name{}, err
	}
	return ledger.Name{}, fmt.Errorf("%s has no shares of %s (%s): %w", id, p.c.ID, p.k.Name, crossholding.ErrNotEnough)
}

// rightsIssue offers new shares to the holders of a class.
func (r *executor) rightsIssue(s *checkedStep) error {
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	price, err := r.price(s.price, s.Price, p.c)
	if err != nil {
		return err
	}
	names := ledger.Names([]*ledger.Class{p.k}, nil)
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(s.Takes)) {
		if _, err := r.named(names, id, p); err != nil {
			errs = append(errs, err)
		}
	}
	rule := ledger.Down
	if r.inPercent(p.c.ID) {
		rule = ledger.Keep
	}
	var left, issued ratio.Ratio
	taken := make([]ratio.Ratio, len(names))
	for i := range names {
		n := &names[i]
		due := r.shares.Round(rule, n.ID, p.k, n.Due.Mul(s.ratio))
		if share, ok := s.takes[n.ID]; ok {
			taken[i] = due
			if !share.all {
				taken[i] = share.of(due)
			}
			if share.percent && rule == ledger.Down {
				taken[i] = taken[i].Floor()
			}
		}
		if due.Less(taken[i]) {
			errs = append(errs, fmt.Errorf("%s takes %s of %s new shares of %s: %w", n.ID, taken[i].GroupedDecimal(6), due.GroupedDecimal(6), p.c.ID, crossholding.ErrNotEnough))
		}
		left, issued = left.Add(due).Sub(taken[i]), issued.Add(taken[i])
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if s.To == "" && issued.IsZero() {
		return fmt.Errorf("nobody takes any of the %s new shares of %s: %w", left.GroupedDecimal(6), p.c.ID, crossholding.ErrMissing)
	}
	for i := range names {
		r.shares.Subscribe(p.k, &names[i], taken[i], ledger.Money(price))
	}
	if s.To != "" {
		to, err := r.receiver(s.To, p)
		if err != nil {
			return err
		}
		issued = issued.Add(left)
		if err := r.shares.Transfer(p.k, ledger.Transfer{From: ledger.NewShares(p.k), To: to.target, Shares: left,
			Price: ledger.Money(price), Payer: s.To}); err != nil {
			return err
		}
	}
	r.result.Shares = issued
	return nil
}

// dividend pays a dividend in cash or in shares.
func (r *executor) dividend(s *checkedStep) error {
	if s.In == DividendShares {
		return r.bonus(s)
	}
	classes, c, err := r.earning(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	var weight ratio.Ratio
	for _, k := range classes {
		weight = weight.Add(k.Outstanding().Mul(k.Dividend))
	}
	if weight.IsZero() {
		return fmt.Errorf("%s has no shares outstanding that earn a dividend: %w", s.Issuer, crossholding.ErrRange)
	}
	text := s.Total + s.PerShare
	amount, err := r.price(s.money, text, c)
	if err != nil {
		return err
	}
	perWeight := amount.Amount
	if s.Total != "" {
		perWeight = amount.Amount.Div(weight)
	}
	amount.Amount = perWeight.Mul(weight)
	passers, err := r.passers(s)
	if err != nil {
		return err
	}
	r.result.Paid = amount // what companies pass on of it is not paid once more
	if err := r.shares.Dividend(s.Issuer, ledger.Earners(classes), ledger.Money(amount), passers); err != nil {
		return err
	}
	if s.Against != AgainstCost {
		return nil
	}
	for _, k := range classes {
		if err := r.shares.AgainstCost(k, ledger.Money{Amount: perWeight.Mul(k.Dividend), Currency: amount.Currency}); err != nil {
			return err
		}
	}
	return nil
}

// earning returns the classes that a dividend is paid on: one, or all of the company.
func (r *executor) earning(issuer, class string) ([]*ledger.Class, crossholding.Company, error) {
	if class != "" {
		p, err := r.position(issuer, class)
		return []*ledger.Class{p.k}, p.c, err
	}
	c, err := r.company("issuer", issuer)
	if err != nil {
		return nil, c, err
	}
	list := r.open(issuer)
	for _, k := range list {
		if err := r.checkNoBands(k); err != nil {
			return nil, c, err
		}
	}
	return list, c, nil
}

// passers returns the companies that pass on what they receive.
func (r *executor) passers(s *checkedStep) ([]ledger.Passer, error) {
	var out []ledger.Passer
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(s.passOn)) {
		_, err := r.company("pass_on:", id)
		var list []*ledger.Class
		if err == nil {
			list, _, err = r.earning(id, "")
		}
		to := ledger.Earners(list)
		if err == nil && len(to) == 0 {
			err = fmt.Errorf("%s passes on dividends, and nobody earns from it: %w", id, crossholding.ErrRange)
		}
		errs = append(errs, err)
		out = append(out, ledger.Passer{Company: id, Part: s.passOn[id], To: to})
	}
	return out, errors.Join(errs...)
}

// bonus is a dividend in shares.
func (r *executor) bonus(s *checkedStep) error {
	classes, c, err := r.earning(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	for _, k := range classes {
		t, err := r.terms(s, position{c, k}, s.Issuer)
		if err != nil {
			return err
		}
		before := k.Issued
		if err := r.shares.Bonus(k, t); err != nil {
			return err
		}
		r.result.Shares = r.result.Shares.Add(k.Issued.Sub(before))
		if err := r.scaleRights(position{c, k}, s.ratio.Add(ratio.Int(1))); err != nil {
			return err
		}
	}
	return nil
}

// pay pays cash alone.
func (r *executor) pay(s *checkedStep) error {
	for _, id := range []string{s.From, s.To} {
		if company, float := crossholding.IsFloat(id); float {
			if _, err := r.company("float of", company); err != nil {
				return err
			}
		} else if err := r.checkKnown(id); err != nil {
			return err
		}
	}
	if s.From == s.To {
		return fmt.Errorf("from %s to %s moves nothing: %w", s.From, s.To, crossholding.ErrRange)
	}
	if s.money.Currency == input.NoCurrency {
		return fmt.Errorf("amount %s is in no currency: %w", s.Amount, crossholding.ErrCurrency)
	}
	r.shares.Pay(s.From, s.To, ledger.Money(s.money))
	return nil
}
