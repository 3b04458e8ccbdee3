package ledger

import (
	"fmt"

	"github.com/crossholding/crossholding/ratio"
)

// PayOut pays an amount for each share of c to the beneficiaries. The treasury gets nothing.
func (l *Ledger) PayOut(c *Class, payer string, perShare Money) {
	for i := range c.Stakes {
		s := &c.Stakes[i]
		l.Pay(payer, s.Owner(), perShare.times(s.Shares))
	}
	if !c.Float.IsZero() {
		l.Pay(payer, c.FloatName, perShare.times(c.Float))
	}
}

// AgainstCost takes a payment for each share away from the cost of all lots of c, lot by lot.
// What exceeds the cost of a lot is a gain.
func (l *Ledger) AgainstCost(c *Class, perShare Money) error {
	for i := range c.Stakes {
		if err := l.reduceCost(c, &c.Stakes[i], perShare); err != nil {
			return err
		}
	}
	return nil
}

// reduceCost takes a payment away from the cost of a stake's lots.
func (l *Ledger) reduceCost(c *Class, s *Stake, perShare Money) error {
	if len(s.Lots) == 0 {
		return nil
	}
	c.touch()
	lots := make([]Lot, 0, len(s.Lots))
	var less []Money
	for _, lot := range s.Lots {
		paid := perShare.Amount
		if lot.Currency != perShare.Currency {
			var err error
			if paid, err = l.Rate(perShare, lot.Currency); err != nil {
				return fmt.Errorf("payment to %s against its cost in %s: %w", s.Owner(), c.Issuer, err)
			}
		}
		cut := ratio.Min(paid, lot.Price)
		l.spent(Money{cut.Mul(lot.Shares), lot.Currency})
		addMoney(&less, Money{cut.Mul(lot.Shares), lot.Currency})
		if cut.Less(paid) {
			l.Gains = append(l.Gains, Gain{s.Owner(), c.Issuer, c.Name, lot.Date, lot.Shares,
				Money{paid.Mul(lot.Shares), lot.Currency}, Money{cut.Mul(lot.Shares), lot.Currency}})
		}
		lot.Price = lot.Price.Sub(cut)
		lots = append(lots, lot)
	}
	s.Lots = JoinLots(lots, nil)
	for _, m := range less {
		l.Postings = append(l.Postings, Posting{Kind: Set, To: place{key: s.Key}.account(c), Issuer: c.Issuer, Class: c.Name, Amount: m,
			What: fmt.Sprintf("cost of %s in %s (%s): %s %s less", s.Owner(), c.Issuer, c.Name, m.Amount, m.Currency)})
	}
	return nil
}
