package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// RightKind says what gives a right to new shares.
type RightKind string

// These are the kinds.
const (
	RightOption      RightKind = "option"
	RightWarrant     RightKind = "warrant"
	RightConvertible RightKind = "convertible"
)

// Right is a right of a holder to shares that are not yet issued. It is plain data.
type Right struct {
	ID     string       `json:"id"`
	Holder string       `json:"holder"`
	Issuer string       `json:"issuer"`
	Class  string       `json:"class,omitempty"` // default "ordinary", or the only class
	Shares ratio.Number `json:"shares"`
	Price  string       `json:"price,omitempty"` // of a share, "4 EUR"; without it nothing is paid
	Kind   RightKind    `json:"kind,omitempty"`  // default: option
	From   date.Date    `json:"from,omitempty"`  // first day of exercise
	To     date.Date    `json:"to,omitempty"`    // last day of exercise
}

// rightRecord is a right that was read and checked.
type rightRecord struct {
	Right
	shares ratio.Ratio
	price  Money // without currency if nothing is paid
}

// plain returns the right as plain data.
func (g *rightRecord) plain() Right {
	out := g.Right
	out.Shares = g.shares.Number()
	if g.price.Currency != "" {
		out.Price = g.price.Amount.String() + " " + g.price.Currency
	}
	if out.Class == defaultClass {
		out.Class = ""
	}
	return out
}

// maxRights is the largest number of rights of a book.
const maxRights = 100_000

func (p *parser) rights(list []Right) {
	ids := make(map[string]string, min(len(list), maxRights))
	if len(list) > maxRights {
		p.Add("rights", ErrTooLarge, "%d rights; at most %d are read", len(list), maxRights)
		return
	}
	for i := range list {
		p.About = text.Truncate(list[i].ID, input.MaxText)
		place := fmt.Sprintf("rights[%d]", i)
		p.identify(place, list[i].ID, ids)
		p.right(place, list[i])
	}
	p.About = ""
	slices.SortFunc(p.l.rights, func(a, b rightRecord) int { return strings.Compare(a.ID, b.ID) })
}

func (p *parser) right(place string, in Right) {
	rec := rightRecord{Right: in, shares: p.number(place+".shares", in.Shares, ratio.Ratio{})}
	if in.Shares == "" {
		p.Add(place+".shares", ErrMissing, "%s: a right to how many shares?", in.ID)
	}
	p.reference(place+".holder", "holder", in.Holder)
	p.period(place, in.From, in.To)
	switch in.Kind {
	case "", RightOption, RightWarrant, RightConvertible:
	default:
		p.Add(place+".kind", ErrUnknown, "%q is not option, warrant or convertible", in.Kind)
	}
	currency := noCurrency
	if p.reference(place+".issuer", "issuer", in.Issuer) {
		c := p.l.company(in.Issuer)
		switch {
		case c == nil:
			p.Add(place+".issuer", ErrUnknown, "issuer %q is a party, not a company: it has no shares", in.Issuer)
		case in.Holder == in.Issuer:
			p.Add(place+".holder", ErrSelfStake, "%s cannot have a right to its own shares", in.Issuer)
		default:
			rec.Class = (&Stake{Class: in.Class}).classOf(c)
			if c.class(rec.Class) == nil {
				p.Add(place+".class", ErrUnknown, "%s has no class %q", in.Issuer, rec.Class)
			}
			if c.Currency != "" {
				currency = c.Currency
			}
		}
	}
	if in.Price != "" {
		rec.price = Money(p.Price(place+".price", in.Price, currency))
		if rec.price.Currency == noCurrency {
			p.Add(place+".price", ErrCurrency, "price %q is in no currency, and %s has none", input.Abbreviate(in.Price), in.Issuer)
		}
	}
	p.l.rights = append(p.l.rights, rec)
}

// right returns the index of a right.
func (r *executor) right(id string) (int, error) {
	i := slices.IndexFunc(r.l.rights, func(g rightRecord) bool { return g.ID == id })
	if i >= 0 {
		return i, nil
	}
	if day, ok := r.lapsed[id]; ok {
		return 0, fmt.Errorf("right %s lapsed after %s, and the day is %s: %w", id, day, r.l.asOf, ErrDate)
	}
	return 0, fmt.Errorf("right %q: %w", id, ErrUnknown)
}

// lapseRights removes the rights whose last day is over.
func (r *executor) lapseRights() {
	r.l.rights = slices.DeleteFunc(r.l.rights, func(g rightRecord) bool {
		if g.To == "" || g.To >= r.l.asOf {
			return false
		}
		if r.lapsed == nil {
			r.lapsed = map[string]date.Date{}
		}
		r.lapsed[g.ID] = g.To
		r.shares.Set("right " + g.ID + " lapses")
		return true
	})
}

// rightStep grants a right, lets it lapse or exercises it.
func (r *executor) rightStep(s *checkedStep) error {
	if s.Step.Step == StepGrant {
		return r.grant(s.Right)
	}
	i, err := r.right(s.ID)
	if err != nil {
		return err
	}
	n, err := r.rightShares(s, i)
	if err != nil {
		return err
	}
	if s.Step.Step == StepExercise {
		if err := r.exercise(s, &r.l.rights[i], n); err != nil {
			return err
		}
	}
	r.result.Shares = n
	r.useRight(i, n)
	return nil
}

// rightShares returns the number of shares of a right that a step is about: all of them, if
// the step does not say.
func (r *executor) rightShares(s *checkedStep, i int) (ratio.Ratio, error) {
	g := &r.l.rights[i]
	if s.Shares == "" {
		return g.shares, nil
	}
	if g.shares.Less(s.amount) {
		return ratio.Ratio{}, fmt.Errorf("right %s is to %s shares of %s, and the step is about %s: %w", g.ID, g.shares.GroupedDecimal(6), g.Issuer, s.amount.GroupedDecimal(6), ErrNotEnough)
	}
	return s.amount, nil
}

// useRight takes shares away from a right.
func (r *executor) useRight(i int, n ratio.Ratio) {
	g := &r.l.rights[i]
	g.shares = g.shares.Sub(n)
	r.shares.Set(fmt.Sprintf("right %s: %s shares left", g.ID, g.shares))
	if g.shares.IsZero() {
		r.l.rights = slices.Delete(r.l.rights, i, i+1)
	}
}

func (r *executor) grant(in *Right) error {
	p := parser{l: r.l, ids: r.ids()}
	taken := make(map[string]string, len(r.l.rights))
	for i := range r.l.rights {
		taken[r.l.rights[i].ID] = "a right"
	}
	p.identify("right", in.ID, taken)
	p.right("right", *in)
	if err := p.err(); err != nil {
		return err
	}
	slices.SortFunc(r.l.rights, func(a, b rightRecord) int { return strings.Compare(a.ID, b.ID) })
	if in.To != "" && r.l.asOf != "" && in.To < r.l.asOf {
		return fmt.Errorf("right %s ends on %s, before %s: %w", in.ID, in.To, r.l.asOf, ErrDate)
	}
	r.shares.Set("right " + in.ID)
	return nil
}

// exercise issues the shares of a right.
func (r *executor) exercise(s *checkedStep, g *rightRecord, n ratio.Ratio) error {
	if g.From != "" && r.l.asOf < g.From {
		return fmt.Errorf("right %s can be exercised from %s, and the day is %s: %w", g.ID, g.From, r.l.asOf, ErrDate)
	}
	p, err := r.position(g.Issuer, g.Class)
	if err != nil {
		return err
	}
	to, err := r.receiver(g.Holder, p)
	if err != nil {
		return err
	}
	to.target.Votes = s.ownVotes()
	if g.price.Currency != "" {
		r.result.Paid = Money{g.price.Amount.Mul(n), g.price.Currency}
	}
	return r.shares.Transfer(p.k, shareledger.Transfer{From: shareledger.NewShares(p.k), To: to.target, Shares: n, Price: shareledger.Money(g.price), Payer: g.Holder})
}

// tradeRight passes a right, or a part of it, to another holder.
func (r *executor) tradeRight(s *checkedStep) error {
	i, err := r.right(s.ID)
	if err != nil {
		return err
	}
	n, err := r.rightShares(s, i)
	if err != nil {
		return err
	}
	g := r.l.rights[i]
	switch {
	case s.From != "" && s.From != g.Holder:
		return fmt.Errorf("right %s belongs to %s, not to %s: %w", g.ID, g.Holder, s.From, ErrUnknown)
	case s.Issuer != "" && s.Issuer != g.Issuer:
		return fmt.Errorf("right %s is to shares of %s, not of %s: %w", g.ID, g.Issuer, s.Issuer, ErrUnknown)
	case s.To == g.Holder:
		return fmt.Errorf("from %s to %s moves nothing: %w", g.Holder, s.To, ErrRange)
	case s.To == g.Issuer:
		return fmt.Errorf("%s cannot have a right to its own shares: %w", s.To, ErrSelfStake)
	}
	if err := r.checkKnown(s.To); err != nil {
		return err
	}
	price, err := r.price(s.price, s.Price, r.l.company(g.Issuer))
	if err != nil {
		return err
	}
	r.result.Shares = n
	if price.Currency != "" {
		r.result.Paid = Money{price.Amount.Mul(n), price.Currency}
		r.shares.Pay(s.To, g.Holder, shareledger.Money(r.result.Paid))
	}
	if n.Equal(g.shares) {
		r.l.rights[i].Holder = s.To
		r.shares.Set(fmt.Sprintf("right %s: %s", g.ID, s.To))
		return nil
	}
	r.useRight(i, n)
	part := g
	part.ID, part.Holder, part.shares = g.ID+"/"+s.To, s.To, n
	if j, found := slices.BinarySearchFunc(r.l.rights, part.ID, func(g rightRecord, id string) int { return strings.Compare(g.ID, id) }); found {
		r.l.rights[j].shares = r.l.rights[j].shares.Add(n)
	} else {
		r.l.rights = slices.Insert(r.l.rights, j, part)
	}
	r.shares.Set(fmt.Sprintf("right %s: %s", part.ID, s.To))
	return nil
}
