package ledger

import (
	"fmt"

	"github.com/crossholding/crossholding/ratio"
)

// Rename gives all that a company holds to another: shares in its name, for its money and
// with its votes. Shares of the successor itself become treasury, or cease to exist if
// cancel is set. Shares that the company held in its name for others pass into their names
// where the successor could not hold them.
func (l *Ledger) Rename(c *Class, from, to string, cancel bool) {
	var moved []Stake
	kept := make([]Stake, 0, len(c.Stakes))
	for i := range c.Stakes {
		s := c.Stakes[i]
		if s.Holder == from || s.Beneficiary == from || s.Voter == from {
			moved = append(moved, s)
		} else {
			kept = append(kept, s)
		}
	}
	if len(moved) == 0 {
		return
	}
	c.Stakes = kept
	c.touch()
	swap := func(id string) string {
		if id == from {
			return to
		}
		return id
	}
	for i := range moved {
		s := &moved[i]
		p := c.parcelOf(s)
		k := s.Key
		k.Holder, k.Beneficiary, k.Voter = swap(k.Holder), swap(k.Beneficiary), swap(k.Voter)
		if k.Holder == c.Issuer && k.Beneficiary != "" && k.Beneficiary != c.Issuer {
			k.Holder = k.Beneficiary
		}
		target := place{key: k}.notOneself(c)
		if target.kind == inTreasury && cancel {
			target.kind = nowhere
		}
		l.put(c, target, p)
	}
}

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

// Subscribe creates new shares of c for the accounts of a name, in proportion. Each
// beneficiary pays the price of its shares to the issuer.
func (l *Ledger) Subscribe(c *Class, n *Name, taken ratio.Ratio, price Money) {
	for _, r := range n.stakes {
		x := taken.Mul(r.due).Div(n.Due)
		key := r.key
		to := place{key: key.plain()}
		if n.Float {
			to = place{kind: inFloat}
		}
		p := l.create(c, x)
		if !n.Float {
			p.lots = l.bought(x, price)
		}
		l.put(c, to, p)
		if price.Currency != "" && !x.IsZero() {
			l.Pay(key.Owner(), c.Issuer, price.times(x))
		}
	}
}

// Give transfers n of the shares of a name, in proportion for each of its beneficiaries. The
// transfer's Shares and From are set for each of them.
func (l *Ledger) Give(c *Class, n *Name, shares ratio.Ratio, t Transfer) error {
	return n.each(c, shares, func(from Source, x ratio.Ratio) error {
		t.From, t.Shares = from, x
		return l.Transfer(c, t)
	})
}

// each calls do for each beneficiary of a name with its part of the shares.
func (n *Name) each(c *Class, shares ratio.Ratio, do func(from Source, x ratio.Ratio) error) error {
	type part struct {
		owner string
		have  ratio.Ratio
	}
	var parts []part
	for i := range n.stakes {
		owner := n.stakes[i].key.Owner()
		k := 0
		for k < len(parts) && parts[k].owner != owner {
			k++
		}
		if k == len(parts) {
			parts = append(parts, part{owner: owner})
		}
		parts[k].have = parts[k].have.Add(n.stakes[i].shares)
	}
	for _, p := range parts {
		x := shares
		if len(parts) > 1 {
			x = shares.Mul(p.have).Div(n.Due)
		}
		if x.IsZero() {
			continue
		}
		from, err := c.Source(n.ID, p.owner)
		if err != nil {
			return err
		}
		if err := do(from, x); err != nil {
			return err
		}
	}
	return nil
}

// Swap is a payment in shares.
type Swap struct {
	To    Target // who gets the shares that are given
	For   *Class // the class that is paid with
	Payer Source // of the shares that are paid
	Terms        // Ratio is the shares paid for a share given
}

// GiveFor transfers shares of a name to a buyer and pays for them in shares of another
// class. The cost goes with each payment: the giver's cost to the shares that it gets, and
// the cost of shares that the buyer held to the shares that the buyer gets. If the issuer takes
// back its own shares, that cost is dropped. It fails with [ErrRange] if somebody would buy its
// own shares from itself.
func (l *Ledger) GiveFor(c *Class, n *Name, shares ratio.Ratio, w *Swap) error {
	due := shares.Mul(w.Ratio)
	made := l.Round(w.Fractions, n.ID, w.For, due)
	w.Terms.Payer = w.Payer.Beneficiary // who pays for fractions
	return n.each(c, shares, func(from Source, x ratio.Ratio) error {
		if from.Beneficiary == w.To.Beneficiary {
			return c.fromItself(&from, x)
		}
		given, err := l.take(c, &from, x, w.How)
		if err != nil {
			return err
		}
		part := made.Mul(x).Div(shares)
		supply, err := l.take(w.For, &w.Payer, part, Draw{})
		if err != nil {
			return err
		}
		if !w.Payer.New {
			w.Payer.Available = w.Payer.Available.Sub(part)
		}
		var paid []Lot
		for i := range supply {
			if supply[i].from.kind == inName {
				paid = JoinLots(paid, supply[i].lots)
			}
			supply[i].lots = nil
		}
		if err := l.pass(c, w, given, &supply, x, due.Mul(x).Div(shares), part); err != nil {
			return err
		}
		if w.To.Treasury || w.To.Gone {
			l.drop(w.For, w.Payer.Beneficiary, paid)
			paid = nil
		}
		for i := range given {
			p := given[i]
			p.lots = nil
			if len(paid) > 0 && !part.IsZero() {
				p.lots = JoinLots(scaleLots(scaleShares(paid, p.shares.Div(x)), x.Div(part)), nil)
			}
			to, votes := w.To.place(&given[i])
			p.votes = votes
			l.put(c, to, p)
		}
		return nil
	})
}

// pass gives the former holders of given shares the shares that pay for them.
func (l *Ledger) pass(c *Class, w *Swap, given []parcel, supply *[]parcel, x, due, made ratio.Ratio) error {
	for i := range given {
		p := &given[i]
		part := p.shares.Div(x)
		e := entitlement{name: p.owner(), from: c, into: w.For, due: due.Mul(part), made: made.Mul(part)}
		if p.from.kind == inName {
			e.stakes = stakesOf(given[i : i+1])
		}
		if err := l.handOver(&e, &w.Terms, supply); err != nil {
			return err
		}
	}
	return nil
}

// Leave takes a company that ends out of accounts that are not for its money: shares in its
// name pass into the names of their beneficiaries, and votes that it cast pass to the
// holders.
func (l *Ledger) Leave(c *Class, id string) {
	var moved []Stake
	kept := make([]Stake, 0, len(c.Stakes))
	for _, s := range c.Stakes {
		if s.Holder == id || s.Voter == id {
			moved = append(moved, s)
		} else {
			kept = append(kept, s)
		}
	}
	if len(moved) == 0 {
		return
	}
	c.Stakes = kept
	c.touch()
	for i := range moved {
		p := c.parcelOf(&moved[i])
		k := moved[i].Key
		if k.Holder == id {
			k.Holder = k.Owner()
		}
		if k.Voter == id {
			k.Voter = ""
		}
		l.put(c, place{key: k}, p)
	}
}
