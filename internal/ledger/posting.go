package ledger

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Kind is the kind of a posting.
type Kind uint8

// These are the kinds.
const (
	Move      Kind = iota // shares go from one account to another
	Create                // new shares
	Destroy               // shares cease to exist
	Transform             // shares of one class become shares of another
	Pay                   // cash
	Set                   // something other than shares or cash changes
)

// String returns the name of the kind.
func (k Kind) String() string {
	return [...]string{"move", "create", "destroy", "transform", "pay", "set"}[k]
}

// Account is a side of a posting. A holder's shares have the holder, and the beneficiary and
// the voter if they differ. The treasury has the issuer as holder, and the float its name.
// It is empty on the open side of Create and Destroy.
type Account struct{ Holder, Beneficiary, Voter string }

// Posting is one entry with both of its sides. It is not changed after it is made.
type Posting struct {
	Kind          Kind
	From, To      Account
	Issuer, Class string
	Shares        ratio.Ratio
	// IntoIssuer, IntoClass and Into are the shares that a Transform makes.
	IntoIssuer, IntoClass string
	Into                  ratio.Ratio
	Lots                  []Lot // that the shares have in the account To
	Amount                Money // of a Pay
	What                  string
}

// place is an account of a class.
type place struct {
	kind placeKind
	key  Key
}

type placeKind uint8

const (
	inName placeKind = iota
	inFloat
	inTreasury
	nowhere
)

func (p place) account(c *Class) Account {
	switch p.kind {
	case inFloat:
		return Account{Holder: c.FloatName}
	case inTreasury:
		return Account{Holder: c.Issuer}
	case nowhere:
		return Account{}
	}
	return Account{p.key.Holder, p.key.Beneficiary, p.key.Voter}
}

// parcel is shares on the way from one account to another. They are in neither.
type parcel struct {
	from   place
	class  *Class // of from
	gone   ratio.Ratio
	shares ratio.Ratio // that arrive
	votes  ratio.Ratio
	lots   []Lot
}

// owner returns the party whose shares these were.
func (p *parcel) owner() string {
	switch p.from.kind {
	case inFloat:
		return p.class.FloatName
	case inName:
		return p.from.key.Owner()
	}
	return p.class.Issuer
}

// put enters a parcel into an account of class c and posts it. Lots that the account cannot
// keep are dropped.
func (l *Ledger) put(c *Class, to place, p parcel) {
	if p.gone.IsZero() && p.shares.IsZero() {
		return
	}
	to = to.notOneself(c)
	if to.kind != inName && len(p.lots) > 0 {
		l.drop(p.class, p.owner(), p.lots)
		p.lots = nil
	}
	kind := Move
	switch {
	case p.class != c || !p.gone.Equal(p.shares):
		kind = Transform
	case p.from.kind == nowhere:
		kind = Create
	case to.kind == nowhere:
		kind = Destroy
	}
	x := Posting{Kind: kind, From: p.from.account(p.class), To: to.account(c), Issuer: p.class.Issuer, Class: p.class.Name, Shares: p.gone, Lots: p.lots}
	if kind == Transform {
		x.IntoIssuer, x.IntoClass, x.Into = c.Issuer, c.Name, p.shares
		p.class.Issued = p.class.Issued.Sub(p.gone)
		c.Issued = c.Issued.Add(p.shares)
	}
	l.Postings = append(l.Postings, x)
	c.touch()
	switch to.kind {
	case nowhere:
		c.Issued = c.Issued.Sub(p.shares)
	case inTreasury:
		c.Treasury = c.Treasury.Add(p.shares)
	case inFloat:
		c.Float = c.Float.Add(p.shares)
	case inName:
		c.enter(Stake{Key: to.key, Shares: p.shares, Votes: p.votes, Lots: p.lots})
	}
}

// notOneself returns the treasury for a stake of the issuer in itself.
func (p place) notOneself(c *Class) place {
	if p.kind != inName {
		return p
	}
	p.key = p.key.canonical()
	if p.key.Holder == c.Issuer || p.key.Owner() == c.Issuer {
		return place{kind: inTreasury}
	}
	if p.key.Voter == c.Issuer {
		p.key.Voter = ""
	}
	return p
}

// enter adds shares to an account.
func (c *Class) enter(s Stake) {
	if s.Shares.IsZero() {
		return
	}
	i, found := slices.BinarySearchFunc(c.Stakes, s.Key, func(s Stake, k Key) int { return compareKeys(s.Key, k) })
	if !found {
		c.Stakes = slices.Insert(c.Stakes, i, s)
		return
	}
	t := &c.Stakes[i]
	t.Shares = t.Shares.Add(s.Shares)
	t.Lots = JoinLots(t.Lots, s.Lots)
}

// create returns n new shares.
func (l *Ledger) create(c *Class, n ratio.Ratio) parcel {
	c.touch()
	c.Issued = c.Issued.Add(n)
	return parcel{from: place{kind: nowhere}, class: c, gone: n, shares: n}
}

// Pay pays cash.
func (l *Ledger) Pay(from, to string, m Money) {
	if m.Currency == "" || from == to && m.Amount.IsZero() {
		return
	}
	l.Postings = append(l.Postings, Posting{Kind: Pay, From: Account{Holder: from}, To: Account{Holder: to}, Amount: m})
	l.book(from, Money{m.Amount.Neg(), m.Currency})
	l.book(to, m)
}

func (l *Ledger) book(party string, m Money) {
	i, found := slices.BinarySearchFunc(l.cash, party, func(b Balance, party string) int {
		if d := strings.Compare(b.Party, party); d != 0 {
			return d
		}
		return strings.Compare(b.Currency, m.Currency)
	})
	if !found {
		l.cash = slices.Insert(l.cash, i, Balance{party, m})
		return
	}
	l.cash[i].Amount = l.cash[i].Amount.Add(m.Amount)
}

// Set posts a change of something other than shares and cash.
func (l *Ledger) Set(what string) { l.Postings = append(l.Postings, Posting{Kind: Set, What: what}) }

// Gain is the proceeds of shares of one lot and their cost. The cost has no currency if it
// is not known.
type Gain struct {
	Holder, Issuer, Class string
	Lot                   date.Date
	Shares                ratio.Ratio
	Proceeds, Cost        Money
}

// Dropped is a cost that left the ledger without a sale.
type Dropped struct {
	Holder, Issuer, Class string
	Lot                   date.Date
	Shares                ratio.Ratio
	Cost                  Money
}

// sell realizes the gain of the shares of a parcel at a price, and removes their lots.
func (l *Ledger) sell(p *parcel, price Money) {
	if p.from.kind != inName {
		return
	}
	row := Gain{Holder: p.from.key.Owner(), Issuer: p.class.Issuer, Class: p.class.Name}
	rest := p.shares
	for _, lot := range p.lots {
		g := row
		g.Lot, g.Shares, g.Proceeds, g.Cost = lot.Date, lot.Shares, price.times(lot.Shares), Money{lot.Cost(), lot.Currency}
		l.Gains = append(l.Gains, g)
		l.spent(g.Cost)
		rest = rest.Sub(lot.Shares)
	}
	if !rest.IsZero() {
		row.Shares, row.Proceeds = rest, price.times(rest)
		l.Gains = append(l.Gains, row)
	}
	p.lots = nil
}

// drop records lots that leave without a sale.
func (l *Ledger) drop(c *Class, owner string, lots []Lot) {
	for _, lot := range lots {
		if lot.Price.IsZero() {
			continue
		}
		d := Dropped{owner, c.Issuer, c.Name, lot.Date, lot.Shares, Money{lot.Cost(), lot.Currency}}
		l.Dropped = append(l.Dropped, d)
		l.spent(d.Cost)
	}
}

// bought returns the lot of a purchase.
func (l *Ledger) bought(n ratio.Ratio, price Money) []Lot {
	if price.Currency == "" || n.IsZero() {
		return nil
	}
	l.added(price.times(n))
	return []Lot{{l.Day, n, price.Amount, price.Currency}}
}
