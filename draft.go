package crossholding

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Draft is a copy of a book, in exact fractions, that can be changed. It is the low-level
// way to make one alliance from another without writing numbers as text. Package scenario
// makes its steps on a draft.
//
// Each verb checks what it enters, and [Draft.Alliance] then makes an alliance that is as
// complete as one of [New]. After a verb has failed, the draft may have a part of the change
// and should be left. A draft is not safe for concurrent use. The zero value is an empty
// book.
type Draft struct {
	l       *ledger
	owned   parts           // what of l nothing else uses, so that it can be changed in place
	percent map[string]bool // companies that the first book knows only in percent
	last    *Alliance       // that the draft or an earlier one was made of, or made last
	edition *int            // another pointer after each change that is more than figures, terms and the day
	made    *int            // the edition of last
}

// Draft returns a copy of the book of a that can be changed.
func (a *Alliance) Draft() *Draft {
	d := &Draft{percent: map[string]bool{}}
	if a.ledger == nil {
		return d
	}
	d.l, d.last = a.whole(), a
	for i := range d.l.companies {
		if c := &d.l.companies[i]; c.percentCompany() {
			d.percent[c.ID] = true
		}
	}
	return d
}

// Alliance returns the alliance of the draft as it is now. Later changes of the draft do not
// change it.
func (d *Draft) Alliance() *Alliance { return d.AllianceAfter() }

// AllianceAfter returns the alliance of the draft, as [Draft.Alliance] does. If the draft and some
// of others are copies of one draft, it takes over from the last alliance of the first of these that
// has the same companies, parties and stakes what is the same in both. That is faster.
func (d *Draft) AllianceAfter(others ...*Draft) *Alliance {
	d.owned = 0
	l := d.book()
	var made *Alliance
	for _, o := range others {
		if o != nil && o.made == d.edition && made == nil {
			made = indexAfter(o.last, l)
		}
	}
	if made == nil && d.made == d.edition {
		made = indexAfter(d.last, l)
	}
	if made == nil {
		made = index(l)
	}
	d.last, d.made = made, d.edition
	return made
}

// Copy returns a copy of the draft as it is now. Later changes of one do not change the
// other. The copy shares what neither changes, so that it costs little to keep many. A copy that
// nobody changes can itself be copied by several goroutines at once.
func (d *Draft) Copy() *Draft {
	d.book()
	if d.owned != 0 { // no write else: others may copy it at the same time
		d.owned = 0
	}
	return &Draft{l: d.l, percent: d.percent, last: d.last, edition: d.edition, made: d.made}
}

// book returns the ledger for reading.
func (d *Draft) book() *ledger {
	if d.l == nil {
		d.l = &ledger{}
	}
	return d.l
}

// edit returns the ledger for any change.
func (d *Draft) edit() *ledger {
	d.edition = new(int)
	return d.own(allParts)
}

// own returns the ledger for a change of some of its parts.
func (d *Draft) own(need parts) *ledger {
	need |= itsFields
	missing := need &^ d.owned
	if missing&itsFields != 0 {
		l := *d.book()
		d.l = &l
	}
	d.l.separate(missing)
	d.owned |= need
	return d.l
}

// Len returns the number of companies, stakes and lots.
func (d *Draft) Len() int { return d.book().size() }

// AsOf returns the day of the draft. It is empty if the book is undated.
func (d *Draft) AsOf() date.Date { return d.book().asOf }

// Company returns a company without its shares, or false if the draft has none of this id.
func (d *Draft) Company(id string) (Company, bool) {
	c := d.book().company(id)
	if c == nil {
		return Company{}, false
	}
	return c.described(), true
}

// described returns the company without its shares.
func (c *companyRecord) described() Company {
	out := c.Company
	if out.Lot = ""; !c.lot.IsZero() {
		out.Lot = c.lot.Number()
	}
	return out
}

// Has reports whether an id is that of a company or a party.
func (d *Draft) Has(id string) bool { return d.book().known(id) }

// InPercent reports whether the book that the draft was made of knows a company only in
// percent, and its classes and its trading unit are as they were. Its 100 shares are then
// percentage points, and can be divided.
func (d *Draft) InPercent(company string) bool {
	if !d.percent[company] {
		return false
	}
	c := d.book().company(company)
	return c != nil && c.percentTerms()
}

// IssuersOf returns the companies in which a party is holder, beneficiary or voter of a
// stake, by id.
func (d *Draft) IssuersOf(party string) []string {
	l := d.book()
	found := map[string]bool{}
	for _, s := range l.stakes {
		if s.holder == party || s.beneficiary == party || s.voter == party {
			found[s.issuer] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Convert returns an amount in another currency, at the rates of the draft's market. It
// fails with [ErrNoPrice] if there is no rate.
func (d *Draft) Convert(m Money, currency string) (Money, error) {
	n, err := d.book().market.convert(m, currency)
	if err != nil {
		return Money{}, err
	}
	return Money{n, currency}, nil
}

// VotesMoved reports whether time alone changed votes between an earlier day and the day of
// the draft: agreements, facts of control, or the votes of shares that were held for long.
func (d *Draft) VotesMoved(since date.Date) bool {
	l := d.book()
	if l.asOf == since {
		return false
	}
	changed := func(from, to date.Date) bool { return date.Within(l.asOf, from, to) != date.Within(since, from, to) }
	for i := range l.controls { // records are large: none is copied
		if changed(l.controls[i].From, l.controls[i].To) {
			return true
		}
	}
	for i := range l.agreements {
		if changed(l.agreements[i].From, l.agreements[i].To) {
			return true
		}
	}
	for _, s := range l.stakes {
		if s.since != "" && changed(s.since, "") {
			return true
		}
	}
	return l.loyaltyMoves(since)
}

// ids returns the ids of companies and parties, each with what it is.
func (d *Draft) ids() map[string]string {
	l := d.book()
	out := make(map[string]string, len(l.companies)+len(l.parties))
	for i := range l.companies {
		out[l.companies[i].ID] = "a company"
	}
	for i := range l.parties {
		out[l.parties[i].ID] = "a party"
	}
	return out
}

// parser returns a parser that adds to the draft.
func (d *Draft) parser() *parser { return &parser{l: d.edit(), ids: d.ids()} }

// termsParser returns a parser that adds terms to the draft, and neither companies nor stakes.
func (d *Draft) termsParser() *parser { return &parser{l: d.own(itsTerms), ids: d.ids()} }

// SetAsOf moves the day of the draft forward. Rights whose last day is over lapse; it
// returns them. It fails with [ErrDate] if the day is earlier or no date, or if stakes of the book
// begin or end on the way, and with [ErrAgreement] if agreements in force on the day contradict one
// another.
func (d *Draft) SetAsOf(day date.Date) (lapsed []Right, err error) {
	l := d.own(itsFields)
	if day != "" && !day.Valid() {
		return nil, fmt.Errorf("%q is not a date of the form 2006-01-02: %w", string(day), ErrDate)
	}
	if day < l.asOf {
		return nil, fmt.Errorf("the book is of %s, after %s: %w", l.asOf, day, ErrDate)
	}
	if l.asOf == "" {
		for _, s := range l.stakes {
			if n := len(s.lots); n > 0 && s.lots[n-1].Date > day {
				return nil, fmt.Errorf("%s in %s: bought on %s, after %s: %w", s.holder, s.issuer, s.lots[n-1].Date, day, ErrDate)
			}
		}
	}
	if err := l.checkUnchanged(day); err != nil {
		return nil, err
	}
	l.asOf = day
	lapses := func(g rightRecord) bool { return g.To != "" && g.To < day }
	if slices.ContainsFunc(l.rights, lapses) {
		l = d.own(itsTerms)
		l.rights = slices.DeleteFunc(l.rights, func(g rightRecord) bool {
			if lapses(g) {
				lapsed = append(lapsed, g.plain())
			}
			return lapses(g)
		})
	}
	var f faults
	f.checkAgreements(l)
	return lapsed, f.err()
}

// Reprice enters prices and exchange rates, which replace those with the same keys. A rate
// also replaces the rate of the inverse pair. Other prices and rates stay.
func (d *Draft) Reprice(in Market) error {
	l := *d.own(itsMarket)
	p := parser{l: &l}
	p.market("", &Market{Prices: in.Prices, FX: in.FX})
	if err := p.err(); err != nil {
		return err
	}
	m := &d.l.market
	if m.prices == nil {
		m.prices = map[string]Money{}
	}
	if m.fx == nil {
		m.fx = map[string]ratio.Ratio{}
	}
	maps.Copy(m.prices, l.market.prices)
	for _, pair := range input.Keys(l.market.fx) {
		a, b, _ := strings.Cut(pair, "/")
		delete(m.fx, b+"/"+a)
		m.fx[pair] = l.market.fx[pair]
	}
	return nil
}

// Found adds a company. Its classes are those of c, with nothing issued yet.
func (d *Draft) Found(c Company) error {
	p := d.parser()
	shares := slices.Clone(c.Shares)
	for i := range shares {
		if t, _ := shares[i].Treasury.Ratio(); !t.IsZero() {
			p.Add("company", ErrRange, "%s: a new company has no treasury", c.ID)
		}
		if shares[i].Issued != "" {
			p.number("company.shares.issued", shares[i].Issued, ratio.Ratio{})
			shares[i].Issued = "0"
		}
	}
	if len(shares) == 0 {
		p.Add("company.shares", ErrMissing, "%s: how many shares are issued?", c.ID)
	}
	c.Shares = shares
	p.company("company", &c)
	slices.SortFunc(p.l.companies, func(a, b companyRecord) int { return strings.Compare(a.ID, b.ID) })
	return p.err()
}

// AddClass adds a class of shares of which nothing is issued. Issued and treasury of in are
// not used.
func (d *Draft) AddClass(company string, in ShareClass) error {
	c := d.edit().company(company)
	if c == nil {
		return fmt.Errorf("%q is not a company of the book: %w", company, ErrUnknown)
	}
	if c.class(cmp.Or(in.Class, DefaultClass)) != nil {
		return fmt.Errorf("%s has a class %q already: %w", company, in.Class, ErrDuplicate)
	}
	var p parser
	in.Issued, in.Treasury = "0", ""
	k := p.class("class", company, in)
	if err := p.err(); err != nil {
		return err
	}
	c.classes = append(slices.Clip(c.classes), k)
	slices.SortFunc(c.classes, func(a, b classRecord) int { return strings.Compare(a.name, b.name) })
	return nil
}

// Amend changes the trading unit of a company and the votes and the dividend weight of one
// of its classes. An empty number changes nothing.
func (d *Draft) Amend(company string, lot ratio.Number, to ShareClass) error {
	c := d.edit().company(company)
	if c == nil || c.class(to.Class) == nil {
		return fmt.Errorf("%q has no class %q: %w", company, to.Class, ErrUnknown)
	}
	var p parser
	k := c.edit(to.Class)
	k.dividend = p.number("dividend", to.Dividend, k.dividend)
	if to.Votes != "" {
		k.votes, k.votesGiven = p.number("votes", to.Votes, k.votes), true
	}
	if lot != "" {
		if c.lot = p.number("lot", lot, c.lot); c.lot.IsZero() {
			p.Add("lot", ErrRange, "%s: a trading unit of 0 shares", company)
		}
	}
	return p.err()
}
