package ledger

import (
	"fmt"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Source is where shares come from: the shares in one holder's name for one beneficiary, a
// float, a treasury, or nowhere if they are new.
type Source struct {
	Name        string // the holder, the float's name or the issuer
	Beneficiary string // of shares in a holder's name
	Available   ratio.Ratio
	New         bool
	kind        placeKind
}

// String returns the name, and for whom the shares are if that is another party: "trust for h".
func (s *Source) String() string {
	if s.InName() && s.Beneficiary != "" && s.Beneficiary != s.Name {
		return s.Name + " for " + s.Beneficiary
	}
	return s.Name
}

// InName reports whether the shares are in a holder's name.
func (s *Source) InName() bool { return s.kind == inName && !s.New }

// InTreasury reports whether the source is the treasury.
func (s *Source) InTreasury() bool { return s.kind == inTreasury }

// InFloat reports whether the source is a float.
func (s *Source) InFloat() bool { return s.kind == inFloat }

// One returns the shares of a source as those of one name.
func (s *Source) One(c *Class) Name {
	key := Key{Holder: s.Name, Beneficiary: s.Beneficiary}
	at := 0
	if s.kind == inFloat {
		at = -1
	}
	return Name{ID: s.Name, Float: at < 0, Due: s.Available, stakes: []stakeRef{{c, at, key, s.Available, s.Available}}}
}

// NewShares is the source of new shares of c.
func NewShares(c *Class) Source {
	return Source{Name: c.Issuer, Beneficiary: c.Issuer, New: true, kind: nowhere}
}

// Source returns the account of a name: the float's name, the issuer for the treasury, or a
// holder. An empty beneficiary means the only one. If there are several, it fails with
// [ErrMissing].
func (c *Class) Source(name, beneficiary string) (Source, error) {
	switch name {
	case c.FloatName:
		return Source{Name: name, Beneficiary: name, Available: c.Float, kind: inFloat}, nil
	case c.Issuer:
		return Source{Name: name, Beneficiary: name, Available: c.Treasury, kind: inTreasury}, nil
	}
	s := Source{Name: name, Beneficiary: beneficiary}
	from, to := c.Held(name)
	for i := from; i < to; i++ {
		k := &c.Stakes[i]
		if s.Beneficiary == "" {
			s.Beneficiary = k.Owner()
		}
		if k.Owner() == s.Beneficiary {
			s.Available = s.Available.Add(k.Shares)
		} else if beneficiary == "" {
			return Source{}, fmt.Errorf("%s holds shares of %s for %s and for %s: whose are these? %w", name, c.Issuer, s.Beneficiary, k.Owner(), ErrMissing)
		}
	}
	return s, nil
}

// take takes n shares out of an account.
func (l *Ledger) take(c *Class, from *Source, n ratio.Ratio, how Draw) ([]parcel, error) {
	c.touch()
	if from.New {
		return []parcel{l.create(c, n)}, nil
	}
	if from.Available.Less(n) {
		return nil, c.tooMany(from.String(), from.Available, n)
	}
	out := parcel{from: place{kind: from.kind}, class: c, gone: n, shares: n}
	switch from.kind {
	case inFloat:
		c.Float = c.Float.Sub(n)
		return []parcel{out}, nil
	case inTreasury:
		c.Treasury = c.Treasury.Sub(n)
		return []parcel{out}, nil
	}
	first, end := c.Held(from.Name)
	pool := make([]*Stake, 0, end-first)
	for i := first; i < end; i++ {
		if c.Stakes[i].Owner() == from.Beneficiary {
			pool = append(pool, &c.Stakes[i])
		}
	}
	given, err := draw(pool, n, how)
	if err != nil {
		return nil, fmt.Errorf("%s in %s: %w", from, c.Issuer, err)
	}
	parcels := make([]parcel, len(given))
	for i := range given {
		parcels[i] = c.parcelOf(&given[i])
	}
	c.sweep(first, end)
	return parcels, nil
}

func (c *Class) tooMany(name string, have, n ratio.Ratio) error {
	return fmt.Errorf("%s has %s shares of %s (%s), and %s are to move, %s too many: %w",
		name, have.GroupedDecimal(6), c.Issuer, c.Name, n.GroupedDecimal(6), n.Sub(have).GroupedDecimal(6), ErrNotEnough)
}

func (c *Class) parcelOf(s *Stake) parcel {
	return parcel{from: place{key: s.Key}, class: c, gone: s.Shares, shares: s.Shares, votes: s.Votes, lots: s.Lots}
}

// sweep removes empty stakes from a range.
func (c *Class) sweep(first, end int) {
	kept := first
	for i := first; i < end; i++ {
		if !c.Stakes[i].Shares.IsZero() {
			c.Stakes[kept] = c.Stakes[i]
			kept++
		}
	}
	rest := append(c.Stakes[:kept], c.Stakes[end:]...)
	clear(c.Stakes[len(rest):])
	c.Stakes = rest
}

// Target is where shares go. Each of Holder, Beneficiary and Voter that is empty is as it
// was before the transfer.
type Target struct {
	Holder, Beneficiary, Voter string
	Votes                      Votes
	Float, Treasury, Gone      bool
	KeepVotes                  bool // the account's own votes per share stay
}

// Votes is an account's own number of votes per share.
type Votes struct {
	Since     date.Date   // the first day on which they count; empty: always
	VotesText string      // as in a [Key]; empty: none
	Number    ratio.Ratio // what VotesText says
}

// place returns the account of a target for shares from another one.
func (t *Target) place(p *parcel) (place, ratio.Ratio) {
	switch {
	case t.Float:
		return place{kind: inFloat}, ratio.Ratio{}
	case t.Treasury:
		return place{kind: inTreasury}, ratio.Ratio{}
	case t.Gone:
		return place{kind: nowhere}, ratio.Ratio{}
	}
	k, votes := Key{Since: t.Votes.Since, VotesText: t.Votes.VotesText}, t.Votes.Number
	was := p.from.key
	if p.from.kind == inName && t.KeepVotes && k.VotesText == "" {
		k.Since, k.VotesText, votes = was.Since, was.VotesText, p.votes
	}
	k.Holder, k.Beneficiary, k.Voter = t.Holder, t.Beneficiary, t.Voter
	if k.Holder == "" {
		k.Holder = was.Holder
	}
	if k.Beneficiary == "" {
		k.Beneficiary, k.CashSettled = p.owner(), was.CashSettled
	}
	if k.Voter == "" {
		if k.Voter = was.Voter; k.Voter == "" {
			k.Voter = was.Holder
		}
	}
	return place{key: k.canonical()}, votes
}

// fromItself returns the error for a beneficiary that would buy its own shares.
func (c *Class) fromItself(from *Source, n ratio.Ratio) error {
	return fmt.Errorf("%s shares of %s (%s) in the name of %s belong to %s, which would buy them from itself: %w",
		n.GroupedDecimal(6), c.Issuer, c.Name, from.Name, from.Beneficiary, ErrRange)
}

// Transfer is a transfer of shares of one class.
type Transfer struct {
	From   Source
	To     Target
	Shares ratio.Ratio
	How    Draw
	// Price is the price of a share that Payer pays to the beneficiary of the shares. A price
	// without a currency means that nothing is paid; the lots then go with the shares.
	Price Money
	Payer string
	// Cost is the cost of all shares if it is not paid in cash.
	Cost Money
}

// Transfer moves shares. It fails with [ErrRange] if somebody would pay itself for them.
func (l *Ledger) Transfer(c *Class, t Transfer) error {
	if t.Price.Currency != "" && t.Payer == t.From.Beneficiary {
		return c.fromItself(&t.From, t.Shares)
	}
	parcels, err := l.take(c, &t.From, t.Shares, t.How)
	if err != nil {
		return err
	}
	payee := t.From.Beneficiary
	for i := range parcels {
		p := &parcels[i]
		to, votes := t.To.place(p)
		p.votes = votes
		if t.Price.Currency != "" {
			l.sell(p, t.Price)
		}
		if to.kind == inName {
			switch {
			case t.Price.Currency != "":
				p.lots = l.bought(p.shares, t.Price)
			case t.Cost.Currency != "" && !p.shares.IsZero():
				p.lots = l.bought(p.shares, Money{t.Cost.Amount.Div(p.shares), t.Cost.Currency})
			}
		}
		l.put(c, to, *p)
	}
	if t.Price.Currency != "" {
		l.Pay(t.Payer, payee, t.Price.times(t.Shares))
	}
	return nil
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
