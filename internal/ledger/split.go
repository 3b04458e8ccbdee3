package ledger

import "github.com/crossholding/crossholding/ratio"

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
		e := entitlement{name: n.ID, from: c, into: into, stakes: n.of(stakes), due: n.Due.Mul(t.Ratio)}
		e.made = l.Round(t.Fractions, n.ID, into, e.due)
		if n.Float {
			l.putAs(into, place{kind: inFloat}, parcel{from: place{kind: inFloat}, class: c, gone: float, shares: e.made})
		}
		if err := l.settle(&e, &t); err != nil {
			return err
		}
		for j := range e.stakes {
			old, s := &stakes[n.stakes[j].at], &e.stakes[j]
			p := parcel{from: place{key: old.Key}, class: c, gone: old.Shares, shares: s.Shares, votes: s.Votes, lots: s.Lots}
			l.putAs(into, place{key: s.Key}, p)
		}
	}
	l.exchangeTreasury(c, into, treasury, &t)
	return nil
}

// exchangeTreasury turns the treasury of c, which has been taken out of it, into shares of into.
func (l *Ledger) exchangeTreasury(c, into *Class, treasury ratio.Ratio, t *Terms) {
	if treasury.IsZero() {
		return
	}
	p := parcel{from: place{kind: inTreasury}, class: c, gone: treasury, shares: treasury}
	if c.Issuer != into.Issuer {
		l.put(c, place{kind: nowhere}, p)
		return
	}
	f := t.Fractions
	if f == Cash {
		f = Down // the issuer would pay itself
	}
	p.shares = l.Round(f, c.Issuer, into, treasury.Mul(t.Ratio))
	l.putAs(into, place{kind: inTreasury}, p)
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
		e := entitlement{name: n.ID, from: c, into: c, stakes: n.of(stakes), due: n.Due.Add(due), made: n.Due.Add(made)}
		if n.Float {
			l.put(c, place{kind: inFloat}, l.create(c, made))
		}
		if err := l.settle(&e, &t); err != nil {
			return err
		}
		for j := range e.stakes {
			l.enterBonus(c, &e.stakes[j], stakes[n.stakes[j].at].Shares)
		}
	}
	return nil
}

// enterBonus enters a stake that had a number of shares before its bonus.
func (l *Ledger) enterBonus(c *Class, s *Stake, had ratio.Ratio) {
	added := s.Shares.Sub(had)
	account := place{key: s.Key}.account(c)
	l.create(c, added)
	switch added.Sign() {
	case 1:
		l.Postings = append(l.Postings, Posting{Kind: Create, To: account, Issuer: c.Issuer, Class: c.Name, Shares: added, Lots: s.Lots})
	case -1: // the fraction was sold out of this stake, and the new shares are in others
		l.Postings = append(l.Postings, Posting{Kind: Destroy, From: account, Issuer: c.Issuer, Class: c.Name, Shares: added.Neg()})
	}
	c.enter(*s)
}

// Convert turns n shares of one account into shares of another class.
func (l *Ledger) Convert(c, into *Class, from Source, n ratio.Ratio, t Terms) error {
	given, err := l.take(c, &from, n, t.How)
	if err != nil {
		return err
	}
	e := entitlement{name: from.Name, from: c, into: into, due: n.Mul(t.Ratio)}
	e.made = l.Round(t.Fractions, from.Name, into, e.due)
	if from.InName() {
		e.stakes = stakesOf(given)
	}
	if err := l.settle(&e, &t); err != nil {
		return err
	}
	for i, p := range given {
		to := p.from
		if p.shares = e.made; from.InName() {
			s := &e.stakes[i]
			to.key, p.shares, p.lots, p.votes = s.Key, s.Shares, s.Lots, ratio.Ratio{}
		}
		l.putAs(into, to, p)
	}
	return nil
}

// stakesOf returns parcels out of names as stakes.
func stakesOf(given []parcel) []Stake {
	out := make([]Stake, len(given))
	for i := range given {
		out[i] = Stake{Key: given[i].from.key, Shares: given[i].shares, Lots: given[i].lots}
	}
	return out
}

// CancelTreasury destroys treasury shares.
func (l *Ledger) CancelTreasury(c *Class, n ratio.Ratio) {
	c.touch()
	c.Treasury = c.Treasury.Sub(n)
	l.put(c, place{kind: nowhere}, parcel{from: place{kind: inTreasury}, class: c, gone: n, shares: n})
}
