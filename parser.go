package crossholding

import (
	"cmp"
	"unicode/utf8"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/ratio"
)

type parser struct {
	faults
	l         *ledger
	issuers   map[string]bool // ids that some stake is held in
	own       []*stakeRecord  // stakes of companies in themselves
	elsewhere []*stakeRecord  // stakes read that are not among the ledger's, such as own
	records   []stakeRecord   // memory of all of these
	row       int             // the number of the stake that is read

	find         func(id string) *companyRecord // finds a company, if not in l
	fromRegister bool                           // the names are those of a register, which does not say what they are
	ids          map[string]string              // id to the place that declared it
}

// identify records in ids that place declares id. It reports whether no company or
// party had the id before.
func (p *parser) identify(place, id string, ids map[string]string) bool {
	switch {
	case id == "":
		p.Add(place+".id", ErrMissing, "no id")
		return false
	case ident.Fault(id) != "":
		p.Add(place+".id", ErrRange, "id %s", ident.Fault(id))
	case ident.Reserved(id):
		p.Add(place+".id", ErrRange, "id %q is reserved", id)
	}
	if first := cmp.Or(p.ids[id], ids[id]); first != "" {
		p.Add(place+".id", ErrDuplicate, "%q is already %s", id, first)
		return false
	}
	ids[id] = place
	return true
}

// number reads a number that must not be negative. It returns def if it is not given.
func (p *parser) number(place string, n ratio.Number, def ratio.Ratio) ratio.Ratio {
	if n == "" {
		return def
	}
	r, err := n.Ratio()
	if err != nil {
		p.Check(place, err)
		return def
	}
	if r.Sign() < 0 {
		p.Add(place, ErrRange, "%s is negative", n)
		return def
	}
	return r
}

func (p *parser) country(place, c string) {
	if c != "" && !iso3166.Valid(c) {
		p.Add(place, ErrUnknown, "%q is no country of ISO 3166", c)
	}
}

func (p *parser) currency(place, c string) {
	if c != "" && !input.IsCurrency(c) {
		p.Add(place, ErrCurrency, "%q is not a currency code such as JPY", c)
	}
}

// name checks free text, which must not change when it is written and read again.
func (p *parser) name(place, name string) {
	if !utf8.ValidString(name) {
		p.Add(place, ErrRange, "name %.40q holds bytes that are not UTF-8", name)
	}
}

func (p *parser) reference(place, what, id string) bool {
	if p.ids[id] != "" {
		return true
	}
	if id == "" {
		p.Add(place, ErrMissing, "no %s", what)
	} else {
		p.Add(place, ErrUnknown, "%s %q is neither a company nor a party of the book", what, id)
	}
	return false
}

func (f *faults) period(place string, from, to date.Date) {
	if from == "" && to == "" {
		return
	}
	f.Date(place+".from", from)
	f.Date(place+".to", to)
	if from.Valid() && to.Valid() && to < from {
		f.Add(place, ErrDate, "ends on %s, before it begins on %s", to, from)
	}
}
