package ocf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/format/internal/kinds"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/ratio"
)

// transactions are the types of transactions that are read.
var transactions = map[string]bool{
	"TX_STOCK_ISSUANCE": true, "TX_STOCK_TRANSFER": true, "TX_STOCK_REPURCHASE": true, "TX_STOCK_CANCELLATION": true, "TX_STOCK_RETRACTION": true,
	"TX_STOCK_REISSUANCE": true, "TX_STOCK_CONVERSION": true, "TX_STOCK_CLASS_SPLIT": true, "TX_STOCK_CONSOLIDATION": true,
}

// take takes an object by its type.
func (in *reader) take(o *object) {
	switch {
	case o.Type == "ISSUER":
		if in.issuer != nil {
			in.fault(crossholding.ErrDuplicate, "%s is a second issuer, beside %s", o.ID, in.issuer.ID)
		} else if in.id(o.ID) {
			in.issuer = o
		}
	case o.Type == "STAKEHOLDER":
		if in.holders[o.ID] {
			in.fault(crossholding.ErrDuplicate, "the stakeholder %s is in the files twice", o.ID)
		} else if in.id(o.ID) {
			in.holders[o.ID] = true
			in.stakeholders = append(in.stakeholders, *o)
		}
	case o.Type == "STOCK_CLASS":
		if r, err := ratio.Number(cmp.Or(o.Votes, "1")).Ratio(); err != nil || r.Sign() < 0 || !r.IsDecimal() {
			in.fault(ratio.ErrNumber, "the class %s has %q votes per share, which is no number of votes", o.ID, string(o.Votes))
		} else if in.id(o.ID) {
			in.stock = append(in.stock, *o)
		}
	case o.Type == "STOCK_PLAN":
		in.plan(o)
	case transactions[o.Type]:
		in.transaction(o)
	case o.Type == "":
		in.fault(crossholding.ErrMissing, "the object %s has no type", o.ID)
	default:
		if _, _, ok := rightOf(o.Type); ok {
			in.transaction(o)
			return
		}
		in.report.Dropped.Add(in.line, "type", "%s: %s has no meaning for a book", o.ID, o.Type)
	}
}

// id reports whether a book can have an id.
func (in *reader) id(id string) bool {
	fault := holdings.IDFault(id)
	if fault != "" {
		in.fault(crossholding.ErrRange, "the id %q of an object %s", id, fault)
	}
	return fault == ""
}

// transaction takes a transaction, if it is not after the day to look at.
func (in *reader) transaction(o *object) {
	switch {
	case o.Date == "":
		in.report.Guessed.Add(in.line, "date", "%s: the transaction has no date, and comes first", o.ID)
	case !date.Date(o.Date).Valid():
		in.fault(crossholding.ErrDate, "%s: %q is not a date of the form 2006-01-02", o.ID, o.Date)
		return
	case in.opt.AsOf != "" && date.Date(o.Date) > in.opt.AsOf:
		in.report.Dropped.Add(in.line, "future", "%s: the transaction is of %s", o.ID, o.Date)
		return
	}
	in.transactions = append(in.transactions, *o)
}

// book makes the book before all transactions.
func (in *reader) book() crossholding.Book {
	if in.issuer == nil {
		in.faults.Add(0, crossholding.ErrMissing, "the files have no issuer: is the manifest among them?")
		return crossholding.Book{}
	}
	in.report.Read++
	c := crossholding.Company{ID: in.issuer.ID, Name: in.issuer.LegalName}
	if iso3166.Valid(in.issuer.Country) {
		c.Country = in.issuer.Country
	}
	names := map[string]int{}
	for i := range in.stock {
		names[string(in.stock[i].Name)]++
		names[in.stock[i].ID]++
	}
	for i := range in.stock {
		k := &in.stock[i]
		in.line = k.line
		if _, ok := in.classes[k.ID]; ok {
			in.fault(crossholding.ErrDuplicate, "the class %s is in the files twice", k.ID)
			continue
		}
		class := string(k.Name)
		if names[class] > 1 && class != k.ID || holdings.IDFault(class) != "" {
			class = k.ID
		}
		in.classes[k.ID] = class
		in.report.Read++
		c.Shares = append(c.Shares, crossholding.ShareClass{Class: class, Issued: "0", Votes: ratio.Number(k.Votes), Fractions: true})
	}
	var b crossholding.Book
	for i := range in.stakeholders {
		h := &in.stakeholders[i]
		if h.ID == c.ID {
			in.line = h.line
			in.fault(crossholding.ErrDuplicate, "the stakeholder %s has the id of the issuer", h.ID)
			continue
		}
		in.report.Read++
		kind := crossholding.KindPerson
		switch h.HolderType {
		case "INDIVIDUAL":
		case "INSTITUTION":
			kind = crossholding.KindCompany
			in.report.Guessed.Add(h.line, "kind", "%s: it is an institution, which can be a company, a fund or a trust: it is taken as a company", h.ID)
		default:
			kind = kinds.Guess(&in.report.Guessed, h.line, h.ID, string(h.Name))
		}
		b.Parties = append(b.Parties, crossholding.Party{ID: h.ID, Name: string(h.Name), Kind: kind})
	}
	b.Companies = []crossholding.Company{c}
	slices.SortFunc(b.Parties, func(x, y crossholding.Party) int { return strings.Compare(x.ID, y.ID) })
	return b
}
