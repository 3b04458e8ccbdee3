package scenario

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// PostingKind is the kind of a [Posting].
type PostingKind string

// These are the kinds.
const (
	PostingMove      PostingKind = "move"      // shares go from one account to another
	PostingCreate    PostingKind = "create"    // new shares go to an account
	PostingDestroy   PostingKind = "destroy"   // shares of an account cease to exist
	PostingTransform PostingKind = "transform" // shares of one class become shares of another, or more or fewer of the same
	PostingPay       PostingKind = "pay"       // cash goes from one party to another
	PostingSet       PostingKind = "set"       // an agreement, a right, a class, the date or a price changes
)

// Posting is one entry of the double-entry ledger on which a scenario is made. It has both
// of its sides. It is plain data.
type Posting struct {
	Kind   PostingKind `json:"posting"`
	From   Account     `json:"from,omitzero"`
	To     Account     `json:"to,omitzero"`
	Issuer string      `json:"issuer,omitempty"`
	Class  string      `json:"class,omitempty"`
	Shares ratio.Ratio `json:"shares,omitzero"` // that leave From
	// IntoIssuer, IntoClass and Into are the shares that a transform makes in To.
	IntoIssuer string               `json:"into_issuer,omitempty"`
	IntoClass  string               `json:"into_class,omitempty"`
	Into       ratio.Ratio          `json:"into,omitzero"`
	Cost       []crossholding.Money `json:"cost,omitempty"` // of the lots of the shares in To, by currency; of all shares of the account in a dividend in shares
	Amount     crossholding.Money   `json:"amount,omitzero"`
	What       string               `json:"what,omitempty"` // is set
}

// Account is an account of shares or cash: a holder, a float, or the issuer for its
// treasury. Shares for another beneficiary or with another voter are separate accounts. It
// is plain data. The zero value is the open side of a create or destroy.
type Account struct {
	Holder      string `json:"holder,omitempty"`
	Beneficiary string `json:"beneficiary,omitempty"` // empty if it is the holder
	Voter       string `json:"voter,omitempty"`       // empty if it is the holder
}

// String returns the account, for example "trust for renault, votes neutral".
func (a Account) String() string {
	s := a.Holder
	if a.Beneficiary != "" {
		s += " for " + a.Beneficiary
	}
	if a.Voter != "" {
		s += ", votes " + a.Voter
	}
	return s
}

// String returns the posting as one line.
func (p Posting) String() string {
	shares := fmt.Sprintf("%s %s %s", p.Shares.GroupedDecimal(6), p.Issuer, p.Class)
	switch p.Kind {
	case PostingPay:
		return fmt.Sprintf("pay %s: %s to %s", p.Amount, p.From, p.To)
	case PostingSet:
		return "set " + p.What
	case PostingCreate:
		return fmt.Sprintf("create %s: to %s", shares, p.To)
	case PostingDestroy:
		return fmt.Sprintf("destroy %s: from %s", shares, p.From)
	case PostingTransform:
		return fmt.Sprintf("transform %s: from %s into %s %s %s: to %s", shares, p.From, p.Into.GroupedDecimal(6), p.IntoIssuer, p.IntoClass, p.To)
	}
	return fmt.Sprintf("move %s: from %s to %s", shares, p.From, p.To)
}

// Dropped is the cost of shares that left the book without a sale: they were given away,
// cancelled or distributed. It is a plain value.
type Dropped struct {
	Step   int                `json:"step"`   // index of the step
	Holder string             `json:"holder"` // the beneficiary
	Issuer string             `json:"issuer"`
	Class  string             `json:"class"`
	Lot    date.Date          `json:"lot"` // day on which the shares were bought; empty if not known
	Shares ratio.Ratio        `json:"shares"`
	Cost   crossholding.Money `json:"cost"`
}

// journal writes the postings of steps. Several steps share an array, which does not grow.
type journal struct {
	room  int // postings of a new array
	all   []Posting
	costs []crossholding.Money
}

// newJournal returns a journal of some steps.
func newJournal(steps int) *journal { return &journal{room: min(steps, 32), all: []Posting{}} }

// write returns the postings of one step, which are an empty list if it has none.
func (j *journal) write(l *ledger.Ledger) []Posting {
	if n := len(l.Postings); cap(j.all)-len(j.all) < n {
		j.all = make([]Posting, 0, max(n, j.room))
	}
	from := len(j.all)
	for i := range l.Postings {
		p := &l.Postings[i]
		out := Posting{Kind: PostingKind(p.Kind.String()), From: Account(p.From), To: Account(p.To), Issuer: p.Issuer, Class: p.Class, Shares: p.Shares,
			IntoIssuer: p.IntoIssuer, IntoClass: p.IntoClass, Into: p.Into, Amount: crossholding.Money(p.Amount), What: p.What}
		if len(p.Lots) > 0 {
			out.Cost = j.cost(p.Lots)
		}
		j.all = append(j.all, out)
	}
	return j.all[from:len(j.all):len(j.all)]
}

// cost adds up the cost of lots by currency. Lots of one currency are neighbours only on one
// day, so each is looked up.
func (j *journal) cost(lots []ledger.Lot) []crossholding.Money {
	from := len(j.costs)
	for _, lot := range lots {
		i := from
		for i < len(j.costs) && j.costs[i].Currency != lot.Currency {
			i++
		}
		if i == len(j.costs) {
			j.costs = append(j.costs, crossholding.Money{Currency: lot.Currency})
		}
		j.costs[i].Amount = j.costs[i].Amount.Add(lot.Cost())
	}
	return j.costs[from:len(j.costs):len(j.costs)]
}
