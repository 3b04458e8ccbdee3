// Package ledger is a double-entry ledger of shares and cash. Every change is a list of
// postings: shares move between accounts with their lots, are created, cease to exist or
// turn into others, and cash is paid. [Ledger.Check] verifies after each step that shares,
// cash and cost balance.
//
// A [Ledger] holds share classes. Each class has one account for every [Key], one for its
// treasury and one for its float. A [Lot] is a date, a number of shares, their cost and a
// currency. Numbers are exact. A ledger is not safe for concurrent use.
package ledger

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// These are the kinds of errors.
var (
	ErrNotEnough      = errors.New("not enough shares")
	ErrBalance        = errors.New("shares or cash do not balance")
	ErrNoCost         = errors.New("no known cost")
	ErrCurrency       = errors.New("bad currency")
	ErrRange          = errors.New("out of range")
	ErrMissing        = errors.New("missing")
	ErrNoOutsideOwner = errors.New("companies that nobody outside owns")
)

// Money is an exact amount in one currency.
type Money struct {
	Amount   ratio.Ratio
	Currency string
}

// times returns the money for n shares at a price of m.
func (m Money) times(n ratio.Ratio) Money { return Money{m.Amount.Mul(n), m.Currency} }

// Lot is a purchase of shares. Its cost is Shares times Price, exactly.
type Lot struct {
	Date          date.Date
	Shares, Price ratio.Ratio // Price is the cost of one share
	Currency      string
}

// Cost returns the total cost of the lot.
func (t Lot) Cost() ratio.Ratio { return t.Shares.Mul(t.Price) }

func compareLots(a, b Lot) int {
	return cmp.Or(strings.Compare(string(a.Date), string(b.Date)), strings.Compare(a.Currency, b.Currency), a.Price.Cmp(b.Price))
}

// Key identifies an account of shares in a holder's name. An empty Beneficiary or Voter is
// the holder. VotesText is the account's own number of votes per share, or empty.
type Key struct {
	Holder, Beneficiary, Voter string
	CashSettled                bool // the beneficiary is only paid what the shares are worth
	Since                      date.Date
	VotesText                  string
	From, To                   date.Date // the days on which the book says that the stake exists
}

// plain returns the account without votes per share of its own and without days.
func (k Key) plain() Key {
	k.Since, k.VotesText, k.From, k.To = "", "", "", ""
	return k
}

// Owner returns the beneficiary, which is the holder by default.
func (k Key) Owner() string { return cmp.Or(k.Beneficiary, k.Holder) }

// canonical removes a beneficiary or voter that is the holder.
func (k Key) canonical() Key {
	if k.Beneficiary == k.Holder || k.Beneficiary == "" {
		k.Beneficiary, k.CashSettled = "", false
	}
	if k.Voter == k.Holder {
		k.Voter = ""
	}
	return k
}

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func compareKeys(a, b Key) int {
	return cmp.Or(
		strings.Compare(a.Holder, b.Holder),
		strings.Compare(a.Beneficiary, b.Beneficiary),
		strings.Compare(a.Voter, b.Voter),
		compareBools(a.CashSettled, b.CashSettled),
		strings.Compare(string(a.Since), string(b.Since)),
		strings.Compare(a.VotesText, b.VotesText),
		strings.Compare(string(a.From), string(b.From)),
		strings.Compare(string(a.To), string(b.To)),
	)
}

// Stake is the balance of one account. Lots are sorted and never edited in place.
type Stake struct {
	Key
	Shares ratio.Ratio
	Votes  ratio.Ratio // per share, if VotesText is not empty
	Lots   []Lot
	Source string // of the number of shares; shares that move have none
}

// unknown returns the number of shares whose cost is in no lot.
func (s *Stake) unknown() ratio.Ratio {
	n := s.Shares
	for i := range s.Lots {
		n = n.Sub(s.Lots[i].Shares)
	}
	return n
}

// Class is one class of a company's shares.
type Class struct {
	Issuer, Name     string
	FloatName        string // the name of the float
	Issued, Treasury ratio.Ratio
	Float            ratio.Ratio // shares that no account has
	Dividend         ratio.Ratio // weight of a share
	Stakes           []Stake     // sorted by key

	touched bool   // in the current step
	check   totals // at the last check
}

func (c *Class) touch() { c.touched = true }

// Touched reports whether a posting of the current step changed the class.
func (c *Class) Touched() bool { return c.touched }

// Outstanding returns the issued shares without treasury.
func (c *Class) Outstanding() ratio.Ratio { return c.Issued.Sub(c.Treasury) }

// Held returns the range of the stakes in one name.
func (c *Class) Held(name string) (from, to int) {
	from, _ = slices.BinarySearchFunc(c.Stakes, name, func(s Stake, name string) int { return strings.Compare(s.Holder, name) })
	for to = from; to < len(c.Stakes) && c.Stakes[to].Holder == name; to++ {
	}
	return from, to
}

// For returns the shares whose beneficiary is owner.
func (c *Class) For(owner string) ratio.Ratio {
	var sum ratio.Ratio
	for i := range c.Stakes {
		if c.Stakes[i].Owner() == owner {
			sum = sum.Add(c.Stakes[i].Shares)
		}
	}
	return sum
}

// Ledger holds classes and cash, and the postings of the current step.
type Ledger struct {
	Day date.Date // of the lots of new purchases
	// Rate converts an amount to another currency. It is used only for a payment that
	// reduces a cost in another currency.
	Rate func(m Money, currency string) (ratio.Ratio, error)

	Postings []Posting
	Gains    []Gain    // realized in the current step
	Dropped  []Dropped // in the current step
	// Fractions are the numbers of shares that were rounded in the current step. Due and Made
	// are the sums of all numbers of shares that a ratio gave, before and after rounding.
	Fractions []Fraction
	Due, Made ratio.Ratio

	classes []*Class            // sorted
	of      map[string][]*Class // by issuer, sorted; a list is not changed, because steps keep it
	removed []*Class            // in the current step
	cash    []Balance
	flow    []costFlow // cost that came in and went out in the current step, by currency
}

// Balance is the cash that a party received minus the cash that it paid.
type Balance struct {
	Party string
	Money
}

// Cash returns the balances, sorted by party, then currency.
func (l *Ledger) Cash() []Balance { return l.cash }

// Add adds a class with its stakes, sorted by key. The ledger owns them from now on.
func (l *Ledger) Add(c *Class) {
	c.Float = c.Outstanding()
	for i := range c.Stakes {
		c.Float = c.Float.Sub(c.Stakes[i].Shares)
	}
	c.check.count(c)
	i, _ := slices.BinarySearchFunc(l.classes, c, compareClasses)
	l.classes = slices.Insert(l.classes, i, c)
	if l.of == nil {
		l.of = map[string][]*Class{}
	}
	list := l.of[c.Issuer]
	i, _ = slices.BinarySearchFunc(list, c, compareClasses)
	l.of[c.Issuer] = slices.Insert(slices.Clip(list), i, c)
}

func compareClasses(a, b *Class) int {
	return cmp.Or(strings.Compare(a.Issuer, b.Issuer), strings.Compare(a.Name, b.Name))
}

// Classes returns the classes in order of issuer and name. The list is valid until a class is added.
func (l *Ledger) Classes() []*Class { return l.classes }

// Of returns the classes of one issuer by name.
func (l *Ledger) Of(issuer string) []*Class { return l.of[issuer] }

// Class returns a class, or nil.
func (l *Ledger) Class(issuer, name string) *Class {
	for _, c := range l.Of(issuer) {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Begin begins a step: it forgets the postings of the step before.
func (l *Ledger) Begin() {
	l.Postings, l.Gains, l.Dropped, l.flow = l.Postings[:0], l.Gains[:0], l.Dropped[:0], l.flow[:0]
	l.Fractions, l.Due, l.Made = l.Fractions[:0], ratio.Ratio{}, ratio.Ratio{}
	l.removed = l.removed[:0]
	for _, c := range l.classes {
		c.touched = false
	}
}
