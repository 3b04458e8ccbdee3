package crossholding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

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
	if in.Writer != "" && p.reference(place+".writer", "writer", in.Writer) && (in.Writer == in.Issuer || in.Writer == in.Holder) {
		p.Add(place+".writer", ErrSelfStake, "%s: the writer %s is the issuer or the holder", in.ID, in.Writer)
	}
	currency := input.NoCurrency
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
		if rec.price.Currency == input.NoCurrency {
			p.Add(place+".price", ErrCurrency, "price %q is in no currency, and %s has none", input.Abbreviate(in.Price), in.Issuer)
		}
	}
	p.l.rights = append(p.l.rights, rec)
}
