package accounting

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Carried is a stake as one book carries it, such as the statutory accounts at cost or the
// group's by the equity method. It is plain data.
type Carried struct {
	Book     string      `json:"book"`
	Shares   ratio.Ratio `json:"shares"`   // above 0
	Carrying ratio.Ratio `json:"carrying"` // of these shares, 0 or more
	// OtherIncome is what goes to profit when all shares go, and 0 in a book at cost.
	OtherIncome ratio.Ratio `json:"other_income"`
}

// BookGain is one sale as one book shows it. It is plain data. Gain is Proceeds less Sold
// plus Recycled.
type BookGain struct {
	Book     string      `json:"book"`
	Proceeds ratio.Ratio `json:"proceeds"`
	Sold     ratio.Ratio `json:"sold"`     // carrying amount of the shares sold
	Recycled ratio.Ratio `json:"recycled"` // other income that goes to profit
	Gain     ratio.Ratio `json:"gain"`     // below 0: a loss
	Left     ratio.Ratio `json:"left"`     // carrying amount of the shares that remain
	Because  string      `json:"because"`
}

// String returns the reason with the book's name before it.
func (b BookGain) String() string { return b.Book + ": " + b.Because }

// CompareBooks returns the gain or loss of one sale in each of several books, in their
// order. The sale can be a gain in one and a loss in another, because the books carry the
// shares differently. The books can have different numbers of shares.
//
// It fails with [crossholding.ErrRange] if the shares sold are not above 0, if a book has
// fewer shares, or if proceeds or a carrying amount are below 0; with
// [crossholding.ErrMissing] for a book without a name; and with [crossholding.ErrDuplicate]
// for two books of one name.
func CompareBooks(shares, proceeds ratio.Ratio, books ...Carried) ([]BookGain, error) {
	var f faults
	f.positive("sale", "proceeds", proceeds)
	if f.positive("sale", "shares", shares) && shares.IsZero() {
		f.add("sale", crossholding.ErrRange, "no shares are sold")
	}
	seen := map[string]bool{}
	for i, b := range books {
		at := place("books", i)
		switch {
		case b.Book == "":
			f.add(at, crossholding.ErrMissing, "the book has no name")
		case seen[b.Book]:
			f.add(at, crossholding.ErrDuplicate, "two books have the name %s", quote(b.Book))
		}
		seen[b.Book] = true
		f.sized(at, "other income", b.OtherIncome)
		f.positive(at, "carrying amount", b.Carrying)
		if f.positive(at, "shares", b.Shares) && b.Shares.Less(shares) {
			f.add(at, crossholding.ErrRange, "%s shares sold of %s that %s has", brief(shares), brief(b.Shares), quote(b.Book))
		}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	out := make([]BookGain, len(books))
	for i, b := range books {
		fraction := shares.Div(b.Shares)
		g := BookGain{Book: b.Book, Proceeds: proceeds, Sold: b.Carrying.Mul(fraction), Recycled: b.OtherIncome.Mul(fraction)}
		g.Gain, g.Left = proceeds.Sub(g.Sold).Add(g.Recycled), b.Carrying.Sub(g.Sold)
		g.Because = fmt.Sprintf("%s shares carried at %s bring %s%s: %s",
			figure(shares), figure(g.Sold), figure(proceeds), fromOther(g.Recycled), gainOrLoss(g.Gain))
		out[i] = g
	}
	return out, nil
}
