package ledger

import (
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Terms says how shares become others.
type Terms struct {
	Ratio     ratio.Ratio // new shares for an old one
	Fractions Fractions
	Price     Money  // of a new share, for fractions in cash
	Payer     string // who pays for fractions
	How       Draw   // which lots a fraction in cash comes from
}

// Split turns all shares of c into others of the same class, the treasury's too.
func (l *Ledger) Split(c *Class, t Terms) error { return l.Exchange(c, c, t) }

// Exchange turns all shares of c into shares of class into. The treasury becomes treasury if
// into is a class of the same issuer, and ceases to exist otherwise.
func (l *Ledger) Exchange(c, into *Class, t Terms) error {
	c.touch()
	into.touch()
	stakes, float, treasury := c.Stakes, c.Float, c.Treasury
	names := Names([]*Class{c}, nil)
	c.Stakes, c.Float, c.Treasury = nil, ratio.Ratio{}, ratio.Ratio{}
	for i := range names {
		n := &names[i]
		due := n.Due.Mul(t.Ratio)
		made := l.Round(t.Fractions, n.ID, into, due)
		if n.Float {
			l.exchangeFloat(c, into, float, made)
			l.payFraction(n.ID, due.Sub(made), t)
			continue
		}
		if err := l.exchangeName(c, into, stakes, n, made, t); err != nil {
			return err
		}
	}
	if treasury.IsZero() {
		return nil
	}
	p := parcel{from: place{kind: inTreasury}, class: c, gone: treasury, shares: treasury}
	if c.Issuer != into.Issuer {
		l.put(c, place{kind: nowhere}, p)
		return nil
	}
	f := t.Fractions
	if f == Cash {
		f = Down // the issuer would pay itself
	}
	p.shares = l.Round(f, c.Issuer, into, treasury.Mul(t.Ratio))
	l.putAs(into, place{kind: inTreasury}, p)
	return nil
}

// putAs posts a parcel as a transformation, also where the number of shares is the same.
func (l *Ledger) putAs(into *Class, to place, p parcel) {
	if p.shares.IsZero() {
		p.shares = p.gone
		l.put(p.class, place{kind: nowhere}, p)
		return
	}
	l.put(into, to, p)
}

func (l *Ledger) exchangeFloat(c, into *Class, float, made ratio.Ratio) {
	l.putAs(into, place{kind: inFloat}, parcel{from: place{kind: inFloat}, class: c, gone: float, shares: made})
}

// payFraction pays for the fraction of a share that a party does not get.
func (l *Ledger) payFraction(party string, fraction ratio.Ratio, t Terms) {
	if t.Fractions == Cash && fraction.Sign() > 0 {
		l.Pay(t.Payer, party, t.Price.times(fraction))
	}
}

// exchangeName exchanges the stakes of one name, of which made new shares come. The stakes
// keep their proportions.
func (l *Ledger) exchangeName(c, into *Class, stakes []Stake, n *Name, made ratio.Ratio, t Terms) error {
	factor := made.Div(n.Due)
	if t.Fractions == Cash {
		factor = t.Ratio
	}
	fresh := make([]Stake, len(n.stakes))
	for j, r := range n.stakes {
		s := stakes[r.at]
		if factor.IsZero() {
			l.drop(c, s.Owner(), s.Lots)
		}
		s.Lots, s.Shares = scaleLots(s.Lots, factor), s.Shares.Mul(factor)
		if c.Name != into.Name || c.Issuer != into.Issuer {
			s.Key, s.Votes = s.plain(), ratio.Ratio{}
		}
		fresh[j] = s
	}
	if t.Fractions == Cash {
		if err := l.sellFraction(into, fresh, n.Due.Mul(t.Ratio), made, t); err != nil {
			return err
		}
	}
	for j, r := range n.stakes {
		old := &stakes[r.at]
		p := parcel{from: place{key: old.Key}, class: c, gone: old.Shares, shares: fresh[j].Shares, votes: fresh[j].Votes, lots: fresh[j].Lots}
		l.putAs(into, place{key: fresh[j].Key}, p)
	}
	return nil
}

// sellFraction sells what the stakes of one name have over made shares. Each beneficiary
// sells its part, out of the lots of its stakes.
func (l *Ledger) sellFraction(c *Class, stakes []Stake, due, made ratio.Ratio, t Terms) error {
	rest := due.Sub(made)
	if rest.IsZero() {
		return nil
	}
	for i := range stakes {
		owner := stakes[i].Owner()
		if slices.ContainsFunc(stakes[:i], func(s Stake) bool { return s.Owner() == owner }) {
			continue // sold with an earlier stake
		}
		var pool []*Stake
		var sum ratio.Ratio
		for j := range stakes[i:] {
			if s := &stakes[i+j]; s.Owner() == owner {
				pool, sum = append(pool, s), sum.Add(s.Shares)
			}
		}
		n := rest.Mul(sum).Div(due)
		sold, err := draw(pool, n, t.How)
		if err != nil {
			return fmt.Errorf("%s in %s: %w", stakes[i].Holder, c.Issuer, err)
		}
		for k := range sold {
			p := c.parcelOf(&sold[k])
			l.sell(&p, t.Price)
		}
		l.payFraction(owner, n, t)
	}
	return nil
}

// Bonus gives every holder of c new shares of it: a dividend in shares. The treasury gets
// none. The cost of the old shares is spread over the old and the new ones.
func (l *Ledger) Bonus(c *Class, t Terms) error {
	c.touch()
	stakes := c.Stakes
	names := Names([]*Class{c}, nil)
	c.Stakes = nil
	for i := range names {
		n := &names[i]
		due := n.Due.Mul(t.Ratio)
		made := l.Round(t.Fractions, n.ID, c, due)
		if n.Float {
			l.put(c, place{kind: inFloat}, l.create(c, made))
			l.payFraction(n.ID, due.Sub(made), t)
			continue
		}
		if err := l.bonusName(c, stakes, n, due, made, t); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) bonusName(c *Class, stakes []Stake, n *Name, due, made ratio.Ratio, t Terms) error {
	part := made
	if t.Fractions == Cash {
		part = due
	}
	factor := n.Due.Add(part).Div(n.Due)
	fresh := make([]Stake, len(n.stakes))
	for j, r := range n.stakes {
		s := stakes[r.at]
		s.Lots, s.Shares = scaleLots(s.Lots, factor), s.Shares.Mul(factor)
		fresh[j] = s
	}
	if t.Fractions == Cash {
		if err := l.sellFraction(c, fresh, n.Due.Add(due), n.Due.Add(made), t); err != nil {
			return err
		}
	}
	for j, r := range n.stakes {
		added := fresh[j].Shares.Sub(stakes[r.at].Shares)
		account := place{key: fresh[j].Key}.account(c)
		l.create(c, added)
		switch added.Sign() {
		case 1:
			l.Postings = append(l.Postings, Posting{Kind: Create, To: account, Issuer: c.Issuer, Class: c.Name, Shares: added, Lots: fresh[j].Lots})
		case -1: // the fraction was sold out of this stake, and the new shares are in others
			l.Postings = append(l.Postings, Posting{Kind: Destroy, From: account, Issuer: c.Issuer, Class: c.Name, Shares: added.Neg()})
		}
		c.enter(fresh[j])
	}
	return nil
}

// Convert turns n shares of one account into shares of class into.
func (l *Ledger) Convert(c, into *Class, from Source, n ratio.Ratio, t Terms) error {
	given, err := l.take(c, &from, n, t.How)
	if err != nil {
		return err
	}
	due := n.Mul(t.Ratio)
	made := l.Round(t.Fractions, from.Name, into, due)
	factor := t.Ratio
	if t.Fractions != Cash && !n.IsZero() {
		factor = made.Div(n)
	}
	fresh := make([]Stake, len(given))
	for i := range given {
		p := &given[i]
		if factor.IsZero() {
			l.drop(c, p.owner(), p.lots)
		}
		fresh[i] = Stake{Key: p.from.key.plain(),
			Shares: p.shares.Mul(factor), Lots: scaleLots(p.lots, factor)}
	}
	if t.Fractions == Cash {
		if from.InName() {
			if err := l.sellFraction(into, fresh, due, made, t); err != nil {
				return err
			}
		} else {
			fresh[0].Shares = made
			l.payFraction(from.Name, due.Sub(made), t)
		}
	}
	for i := range given {
		p := given[i]
		p.shares, p.lots, p.votes = fresh[i].Shares, fresh[i].Lots, ratio.Ratio{}
		to := p.from
		if to.kind == inName {
			to.key = fresh[i].Key
		}
		l.putAs(into, to, p)
	}
	return nil
}

// CancelTreasury destroys treasury shares.
func (l *Ledger) CancelTreasury(c *Class, n ratio.Ratio) {
	c.touch()
	c.Treasury = c.Treasury.Sub(n)
	l.put(c, place{kind: nowhere}, parcel{from: place{kind: inTreasury}, class: c, gone: n, shares: n})
}
