package ledger

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// totals are the figures of a class that must balance.
type totals struct {
	issued ratio.Ratio
	cost   []Money // of all lots, by currency
}

// count adds up the accounts of a class.
func (t *totals) count(c *Class) {
	t.issued, t.cost = c.Issued, t.cost[:0]
	for i := range c.Stakes {
		for j := range c.Stakes[i].Lots {
			lot := &c.Stakes[i].Lots[j]
			addMoney(&t.cost, Money{lot.Cost(), lot.Currency})
		}
	}
}

func addMoney(list *[]Money, m Money) {
	i, found := slices.BinarySearchFunc(*list, m.Currency, func(a Money, c string) int { return strings.Compare(a.Currency, c) })
	if found {
		(*list)[i].Amount = (*list)[i].Amount.Add(m.Amount)
	} else {
		*list = slices.Insert(*list, i, m)
	}
}

// costFlow is the cost in one currency that purchases added, and that sales and drops took
// away, in the current step.
type costFlow struct {
	currency      string
	added, spent  ratio.Ratio
	before, after ratio.Ratio // of all lots of the changed classes
}

func (l *Ledger) flowOf(currency string) *costFlow {
	for i := range l.flow {
		if l.flow[i].currency == currency {
			return &l.flow[i]
		}
	}
	l.flow = append(l.flow, costFlow{currency: currency})
	return &l.flow[len(l.flow)-1]
}

func (l *Ledger) added(m Money) { f := l.flowOf(m.Currency); f.added = f.added.Add(m.Amount) }
func (l *Ledger) spent(m Money) { f := l.flowOf(m.Currency); f.spent = f.spent.Add(m.Amount) }

// Check verifies that the step balances. The accounts of every class add up to its issued
// shares. The issued shares changed by what the postings created, destroyed and transformed.
// Cash adds up to 0 in every currency. The cost of all lots changed by what was bought, less
// what was realized and dropped. Nothing that is posted, held or dropped is negative. It fails
// with [ErrBalance].
func (l *Ledger) Check() error {
	if err := l.checkSigns(); err != nil {
		return err
	}
	for _, list := range [][]*Class{l.classes, l.removed} {
		for _, c := range list {
			if err := l.checkClass(c); err != nil {
				return err
			}
		}
	}
	for i := range l.flow {
		f := &l.flow[i]
		if due := f.before.Add(f.added).Sub(f.spent); !due.Equal(f.after) {
			return fmt.Errorf("lots cost %s %s, and %s are due: %w", f.after, f.currency, due, ErrBalance)
		}
	}
	return l.checkCash()
}

// checkSigns fails if a posting or a dropped cost is negative.
func (l *Ledger) checkSigns() error {
	for i := range l.Postings {
		if p := &l.Postings[i]; p.Shares.Sign() < 0 || p.Into.Sign() < 0 || p.Amount.Amount.Sign() < 0 {
			return fmt.Errorf("%s of %s shares of %s (%s) into %s for %s %s is negative: %w",
				p.Kind, p.Shares, p.Issuer, p.Class, p.Into, p.Amount.Amount, p.Amount.Currency, ErrBalance)
		}
	}
	for i := range l.Dropped {
		if d := &l.Dropped[i]; d.Shares.Sign() < 0 || d.Cost.Amount.Sign() < 0 {
			return fmt.Errorf("%s drops %s %s of the cost of %s shares of %s (%s), which is negative: %w",
				d.Holder, d.Cost.Amount, d.Cost.Currency, d.Shares, d.Issuer, d.Class, ErrBalance)
		}
	}
	return nil
}

// checkClass checks the shares of a class and counts its cost before and after the step.
func (l *Ledger) checkClass(c *Class) error {
	if !c.touched {
		return nil
	}
	if err := l.checkShares(c); err != nil {
		return err
	}
	for _, m := range c.check.cost {
		f := l.flowOf(m.Currency)
		f.before = f.before.Add(m.Amount)
	}
	c.check.count(c)
	for _, m := range c.check.cost {
		f := l.flowOf(m.Currency)
		f.after = f.after.Add(m.Amount)
	}
	return nil
}

func (l *Ledger) checkShares(c *Class) error {
	sum := c.Treasury.Add(c.Float)
	if c.Treasury.Sign() < 0 || c.Float.Sign() < 0 {
		return fmt.Errorf("%s (%s): treasury %s and float %s: %w", c.Issuer, c.Name, c.Treasury, c.Float, ErrBalance)
	}
	for i := range c.Stakes {
		s := &c.Stakes[i]
		if s.Shares.Sign() <= 0 || s.unknown().Sign() < 0 {
			return fmt.Errorf("%s in %s (%s): %s shares, of which %s have no lot: %w", s.Holder, c.Issuer, c.Name, s.Shares, s.unknown(), ErrBalance)
		}
		for j := range s.Lots {
			if lot := &s.Lots[j]; lot.Shares.Sign() < 0 || lot.Price.Sign() < 0 {
				return fmt.Errorf("%s in %s (%s): a lot of %s shares at %s %s: %w", s.Holder, c.Issuer, c.Name, lot.Shares, lot.Price, lot.Currency, ErrBalance)
			}
		}
		sum = sum.Add(s.Shares)
	}
	if !sum.Equal(c.Issued) {
		return fmt.Errorf("%s (%s): %s shares in all accounts, %s issued: %w", c.Issuer, c.Name, sum, c.Issued, ErrBalance)
	}
	due := c.check.issued
	for i := range l.Postings {
		due = due.Add(l.Postings[i].issues(c))
	}
	if !due.Equal(c.Issued) {
		return fmt.Errorf("%s (%s): %s shares issued, %s by the postings: %w", c.Issuer, c.Name, c.Issued, due, ErrBalance)
	}
	return nil
}

// issues returns by how much a posting raises the issued shares of c.
func (p *Posting) issues(c *Class) ratio.Ratio {
	var n ratio.Ratio
	if p.Kind == Transform && p.IntoIssuer == c.Issuer && p.IntoClass == c.Name {
		n = p.Into
	}
	if p.Kind == Move || p.Kind > Transform || p.Issuer != c.Issuer || p.Class != c.Name {
		return n
	}
	if p.Kind == Create {
		return n.Add(p.Shares)
	}
	return n.Sub(p.Shares)
}

func (l *Ledger) checkCash() error {
	for i := range l.cash {
		currency := l.cash[i].Currency
		if slices.IndexFunc(l.cash, func(b Balance) bool { return b.Currency == currency }) < i {
			continue // added up before
		}
		var sum ratio.Ratio
		for j := range l.cash[i:] {
			if l.cash[i+j].Currency == currency {
				sum = sum.Add(l.cash[i+j].Amount)
			}
		}
		if !sum.IsZero() {
			return fmt.Errorf("cash adds up to %s %s: %w", sum, currency, ErrBalance)
		}
	}
	return nil
}
