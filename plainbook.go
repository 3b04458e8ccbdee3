package crossholding

import (
	"io"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/strictjson"
	"github.com/crossholding/crossholding/ratio"
)

// book returns the ledger as plain data. Stakes in a company known only in percent
// are in percent, and all others are in shares.
func (l *ledger) book() Book {
	b := Book{AsOf: l.asOf, Source: l.source, Parties: slices.Clone(l.parties), Market: l.market.toBook()}
	stakeIn := make(map[string]bool, len(l.companies))
	for _, s := range l.stakes {
		stakeIn[s.issuer] = true
	}
	for _, s := range l.dormant {
		stakeIn[s.Issuer] = true
	}
	for _, s := range l.stakes {
		// A percentage is a decimal: the stakes of such a company are all in shares.
		if !s.shares.IsDecimal() {
			stakeIn[s.issuer] = false
		}
	}
	percent := make(map[string]bool)
	for i := range l.companies {
		c := &l.companies[i]
		out := c.Company
		out.Lot = ""
		if !c.lot.IsZero() {
			out.Lot = c.lot.Number()
		}
		if percent[c.ID] = c.percentCompany() && stakeIn[c.ID]; !percent[c.ID] {
			for _, k := range c.classes {
				out.Shares = append(out.Shares, k.plain(c.mayHaveLoyalty()))
			}
		}
		b.Companies = append(b.Companies, out)
	}
	for _, s := range l.stakes {
		b.Stakes = append(b.Stakes, s.plain(percent[s.issuer]))
	}
	b.Stakes = withDormant(b.Stakes, l.dormant)
	for i := range b.Stakes {
		if b.Stakes[i].Source == l.source {
			b.Stakes[i].Source = ""
		}
	}
	for _, a := range l.agreements {
		a.Holders = slices.Clone(a.Holders)
		b.Agreements = append(b.Agreements, a.Agreement)
	}
	b.Controls = slices.Clone(l.controls)
	for i := range l.rights {
		b.Rights = append(b.Rights, l.rights[i].plain())
	}
	return b
}

// plain returns the class as in a book. If tellsVotes, a single vote is written where the
// book gives it.
func (k classRecord) plain(tellsVotes bool) ShareClass {
	s := ShareClass{Class: k.name, Issued: k.issued.Number()}
	if k.name == DefaultClass {
		s.Class = ""
	}
	if !k.treasury.IsZero() {
		s.Treasury = k.treasury.Number()
	}
	if one := ratio.Int(1); tellsVotes && k.votesGiven || !k.votes.Equal(one) {
		s.Votes = k.votes.Number()
	}
	if one := ratio.Int(1); !k.dividend.Equal(one) {
		s.Dividend = k.dividend.Number()
	}
	s.Fractions = k.fractions
	return s
}

func (s stakeRecord) plain(percent bool) Stake {
	out := Stake{Holder: s.holder, Issuer: s.issuer, Class: s.class, Beneficiary: s.beneficiary,
		CashSettled: s.cashSettled, Voter: s.voter, Votes: ratio.Number(s.votesText), VotesSince: s.since, From: s.from, To: s.to, Source: s.source}
	if s.class == DefaultClass {
		out.Class = ""
	}
	switch {
	case s.rounded != "":
		out.Percent, out.Rounded = s.rounded, true
	case s.band != nil:
		out.Between = s.band.String()
	case percent:
		out.Percent = meant(s.shares.Number())
	default:
		out.Shares = meant(s.shares.Number())
	}
	for _, lot := range s.lots {
		out.Lots = append(out.Lots, Lot{Date: lot.Date, Shares: lot.Shares.Number(),
			Price: lot.Price.Number(), Currency: lot.Currency})
	}
	return out
}

// plain returns the right as plain data.
func (g *rightRecord) plain() Right {
	out := g.Right
	out.Shares = g.shares.Number()
	if g.price.Currency != "" {
		out.Price = g.price.Amount.String() + " " + g.price.Currency
	}
	if out.Class == DefaultClass {
		out.Class = ""
	}
	return out
}

func (m marketRecord) toBook() *Market {
	if m.currency == "" && len(m.prices) == 0 && len(m.fx) == 0 {
		return nil
	}
	out := &Market{Currency: m.currency}
	if len(m.prices) > 0 {
		out.Prices = make(map[string]string, len(m.prices))
		for k, v := range m.prices {
			out.Prices[k] = v.Amount.String() + " " + v.Currency
		}
	}
	if len(m.fx) > 0 {
		out.FX = make(map[string]ratio.Number, len(m.fx))
		for k, v := range m.fx {
			out.FX[k] = v.Number()
		}
	}
	return out
}

// withDormant returns the stakes of a book in canonical order, those of other days among
// them, and marks those that add to an earlier one.
func withDormant(stakes, dormant []Stake) []Stake {
	if len(dormant) > 0 {
		stakes = append(stakes, dormant...)
		slices.SortStableFunc(stakes, Stake.Compare)
	}
	base := 0 // the last stake of its kind that adds to no other
	for i := range stakes {
		s, b := &stakes[i], &stakes[base]
		s.Adds = i > base && sameStake(s, b) && overlap(b.To, s.From)
		if !s.Adds {
			base = i
		}
	}
	return stakes
}

// sameStake reports whether two stakes of a canonical book differ in nothing but their
// numbers and periods.
func sameStake(a, b *Stake) bool {
	return a.Holder == b.Holder && a.Issuer == b.Issuer && a.Class == b.Class && a.Beneficiary == b.Beneficiary &&
		a.Voter == b.Voter && a.CashSettled == b.CashSettled && a.VotesSince == b.VotesSince && a.Votes == b.Votes
}

// overlap reports whether a period that ends on last reaches one that begins on first,
// and not before it.
func overlap(last, first date.Date) bool { return last == "" || first <= last }

// meant writes a number so that it is read as it is, also if it looks like noise.
func meant(n ratio.Number) ratio.Number {
	if _, noisy := n.Denoised(); noisy {
		return n + "0"
	}
	return n
}

// WriteBook writes b as JSON in canonical form. Equal books give the same bytes, in
// whatever order and notation they were given. It fails with the errors of [New] if
// the book is not valid.
func WriteBook(w io.Writer, b Book) error {
	a, err := New(b)
	if err != nil {
		return err
	}
	return a.WriteBook(w)
}

// Book returns the alliance as plain data in canonical order: companies, parties and agreements by
// id, stakes by holder and issuer, facts of control by controller and company, numbers in their
// shortest form. Stakes are in shares, or in percent if the company is known only in percent. Bands
// stay bands.
func (a *Alliance) Book() Book {
	if a.ledger == nil {
		return Book{}
	}
	return a.whole().book()
}

// WriteBook writes the alliance's book as the function [WriteBook] does.
func (a *Alliance) WriteBook(w io.Writer) error { return strictjson.Encode(w, a.Book()) }
