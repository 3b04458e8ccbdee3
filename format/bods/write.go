package bods

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// WriteOptions say what statements are to say beside the book. They are plain data. The zero
// value is for a dated book.
type WriteOptions struct {
	Date      date.Date // of the statements; by default the date of the book
	Publisher string    // the name of the publisher; without it there are no details of publication
}

// Write writes a book as a list of statements of version 0.4, one on each line: entities and
// persons by id, then a relationship for each holder and company. Record ids are the ids of the
// book. Statement ids follow from the contents. Equal books give equal bytes.
//
// A shareholding is a percentage of the issued shares of the classes that earn dividends, and
// votingRights, where they differ, are a percentage of the votes before any law or contract. A
// percentage is exact if its decimal ends within 28 places, and rounded down to 28 places
// otherwise. [Read] gives the same percentages back. A stake that its beneficiary votes is
// written as a nomination. Details of a fact of control begin with its means.
//
// The report lists what is lost: who holds for whom, if it is no nomination ("beneficiary"),
// agreements but those that Read makes ("agreement"), the countries of persons ("country"), stakes
// that are not in force ("period"), prices ("market") and the digits of percentages that are rounded
// ("digits").
//
// Write fails with the errors of [crossholding.New] for a book that is not valid, with
// [crossholding.ErrMissing] or [crossholding.ErrDate] without a valid date, and with those of w.
func Write(w io.Writer, b crossholding.Book, opt WriteOptions) (format.Report, error) {
	a, err := crossholding.New(b)
	if err != nil {
		return format.Report{}, err
	}
	b = a.Book()
	if opt.Date == "" {
		opt.Date = b.AsOf
	}
	switch {
	case opt.Date == "":
		return format.Report{}, fmt.Errorf("bods: a statement needs a date, and neither the book nor the options have one: %w", crossholding.ErrMissing)
	case !opt.Date.Valid():
		return format.Report{}, fmt.Errorf("bods: statements of %q: %w", string(opt.Date), crossholding.ErrDate)
	}
	parts, err := holdings.Parts(b)
	if err != nil {
		return format.Report{}, fmt.Errorf("bods: %w", err)
	}
	out := writer{w: bufio.NewWriter(w), opt: opt, person: map[string]bool{}, joint: map[string][]string{}, tied: map[[2]string]bool{}}
	out.text("[")
	out.joints(b)
	out.entities(b)
	for i := range parts {
		out.stake(&parts[i])
	}
	for _, c := range b.Controls {
		out.fact(c)
	}
	out.ties()
	for _, st := range b.Stakes {
		if !date.Within(b.AsOf, st.From, st.To) {
			out.report.Dropped.Add(0, "period", "%s in %s: a stake from %q to %q", st.Holder, st.Issuer, string(st.From), string(st.To))
		}
	}
	if b.Market != nil {
		out.report.Dropped.Add(0, "market", "prices and exchange rates")
	}
	out.text("\n]\n")
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.report, out.err
}

type writer struct {
	w      *bufio.Writer
	opt    WriteOptions
	report format.Report
	person map[string]bool
	joint  map[string][]string // the parties of an arrangement
	tied   map[[2]string]bool  // holders and arrangements with a relationship
	err    error
}

// object is a JSON object. Its keys are written in the order of the alphabet.
type object map[string]any

func (out *writer) text(s string) {
	if out.err == nil {
		_, out.err = out.w.WriteString(s)
	}
}

// statement writes a statement about a record.
func (out *writer) statement(record, kind, subject string, details object) {
	st := object{"statementDate": string(out.opt.Date), "declarationSubject": subject, "recordId": record,
		"recordType": kind, "recordStatus": "new", "recordDetails": details}
	if out.opt.Publisher != "" {
		st["publicationDetails"] = object{"publicationDate": string(out.opt.Date), "bodsVersion": "0.4", "publisher": object{"name": out.opt.Publisher}}
	}
	text, err := json.Marshal(st)
	if err == nil {
		sum := sha256.Sum256(text)
		st["statementId"] = fmt.Sprintf("%x", sum[:20])
		text, err = json.Marshal(st)
	}
	if out.err == nil {
		out.err = err
	}
	if out.report.Lines++; out.report.Lines > 1 {
		out.text(",")
	}
	out.report.Read++
	out.text("\n" + string(text))
}

// joints finds the joint holders, and the joint holdings that [Read] has made concerts of, and
// reports other agreements.
func (out *writer) joints(b crossholding.Book) {
	companies := map[string]bool{}
	for _, c := range b.Companies {
		companies[c.ID] = true
	}
	for _, p := range b.Parties {
		if p.Kind == crossholding.KindJoint {
			companies[p.ID], out.joint[p.ID] = true, slices.Sorted(slices.Values(p.Members))
		}
	}
	for _, g := range b.Agreements {
		if id, ok := strings.CutPrefix(g.ID, jointPrefix); ok && companies[id] && g.Kind == crossholding.AgreementConcert && g.Issuer == "" && len(g.Holders) > 1 &&
			(out.joint[id] == nil || slices.Equal(out.joint[id], slices.Sorted(slices.Values(g.Holders)))) {
			out.joint[id] = g.Holders
			continue
		}
		out.report.Dropped.Add(0, "agreement", "%s: a %s agreement", g.ID, string(g.Kind))
	}
}

// entityTypes are the types of entities of the kinds of parties. The kinds that the standard
// has no type for are named in the details.
var entityTypes = map[crossholding.PartyKind]object{
	crossholding.KindCompany: {"type": "legalEntity", "details": "company"},
	crossholding.KindFund:    {"type": "legalEntity", "details": "fund"},
	crossholding.KindTrust:   {"type": "arrangement", "subtype": "trust"},
	crossholding.KindJoint:   {"type": "arrangement", "subtype": "other"},
	crossholding.KindState:   {"type": "state"},
	crossholding.KindPublic:  {"type": "unknownEntity", "details": "public"},
}

func (out *writer) entities(b crossholding.Book) {
	for _, c := range b.Companies {
		kind := object{"type": "registeredEntity"}
		if out.joint[c.ID] != nil {
			kind = object{"type": "arrangement", "subtype": "other"}
		}
		d := entity(kind, c.Name, c.Country)
		if c.Listed {
			d["publicListing"] = object{"hasPublicListing": true}
		}
		out.statement(c.ID, "entity", c.ID, d)
	}
	for _, p := range b.Parties {
		if kind := entityTypes[p.Kind]; kind != nil {
			out.statement(p.ID, "entity", p.ID, entity(kind, p.Name, p.Country))
			continue
		}
		out.person[p.ID] = true
		d := object{"isComponent": false, "personType": "knownPerson"}
		if p.Name != "" {
			d["names"] = []object{{"type": "legal", "fullName": p.Name}}
		}
		if p.Country != "" {
			out.report.Dropped.Add(0, "country", "%s: the country %s of a person", p.ID, p.Country)
		}
		out.statement(p.ID, "person", p.ID, d)
	}
}

func entity(kind object, name, country string) object {
	d := object{"isComponent": false, "entityType": kind}
	if name != "" {
		d["name"] = name
	}
	if country != "" {
		d["jurisdiction"] = object{"code": country, "name": country}
	}
	return d
}

// recordID returns the id of a record, made from what it relates.
func recordID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("%s-%x", kind, sum[:10])
}

// relationship writes a relationship.
func (out *writer) relationship(record, subject, party string, interests ...object) {
	out.tied[[2]string{party, subject}] = true
	out.statement(record, "relationship", subject, object{"isComponent": false, "subject": subject, "interestedParty": party, "interests": interests})
}

// stake writes what a holder has of a company.
func (out *writer) stake(h *holdings.Holding) {
	holder := h.Holder
	if h.Beneficiary != "" && h.Beneficiary != h.Holder || h.Voter != "" && h.Voter != h.Holder {
		if h.Beneficiary == h.Voter && h.Beneficiary != h.Issuer && h.Holder != h.Issuer {
			holder = out.nomination(h)
		} else {
			out.report.Dropped.Add(0, "beneficiary", "%s in %s: for the money of %q, with the vote of %q", h.Holder, h.Issuer, h.Beneficiary, h.Voter)
		}
	}
	interests := []object{{"type": "shareholding", "directOrIndirect": "direct", "share": out.share(h, h.Shares.Interval)}}
	if h.Votes.String() != h.Shares.String() {
		interests = append(interests, object{"type": "votingRights", "directOrIndirect": "direct", "share": out.share(h, h.Votes.Interval)})
	}
	out.relationship(recordID("relationship", h.Issuer, h.Holder, h.Beneficiary, h.Voter), h.Issuer, holder, interests...)
}

// nomination writes the arrangement through which a nominee holds, and returns its id.
func (out *writer) nomination(h *holdings.Holding) string {
	id := recordID("nomination", h.Issuer, h.Holder, h.Beneficiary)
	out.statement(id, "entity", h.Issuer, entity(object{"type": "arrangement", "subtype": "nomination"}, "", ""))
	out.relationship(recordID("nominee", id), id, h.Holder, object{"type": "nominee", "directOrIndirect": "direct"})
	out.relationship(recordID("nominator", id), id, h.Beneficiary, object{"type": "nominator", "directOrIndirect": "direct"})
	return id
}

// share writes a size.
func (out *writer) share(h *holdings.Holding, v ratio.Interval) object {
	percent := func(r ratio.Ratio) json.Number {
		const places = 28
		down := holdings.Floor(r, places)
		if !down.Equal(r) {
			out.report.Dropped.Add(0, "digits", "%s in %s: %s is rounded down to %d places", h.Holder, h.Issuer, r.String(), places)
		}
		return json.Number(down.Mul(ratio.Int(100)).String())
	}
	if v.IsExact() {
		return object{"exact": percent(v.Lo)}
	}
	lo, hi := "minimum", "maximum"
	if v.LoOpen {
		lo = "exclusiveMinimum"
	}
	if v.HiOpen {
		hi = "exclusiveMaximum"
	}
	return object{lo: percent(v.Lo), hi: percent(v.Hi)}
}

// interestTypes are the types of interest that are facts of control.
var interestTypes = map[crossholding.ControlMeans]string{
	crossholding.ControlByAppointment: "appointmentOfBoard", crossholding.ControlByContractual: "rightsGrantedByContract",
	crossholding.ControlByTrust: "trustee", crossholding.ControlByState: "controlByLegalFramework",
}

// fact writes a fact of control.
func (out *writer) fact(c crossholding.ControlFact) {
	kind := interestTypes[c.By]
	if kind == "" {
		kind = "otherInfluenceOrControl"
	}
	f := object{"type": kind, "directOrIndirect": "direct", "details": string(c.By) + ": " + c.Source}
	if out.person[c.Controller] {
		f["beneficialOwnershipOrControl"] = true
	}
	if c.From != "" {
		f["startDate"] = string(c.From)
	}
	if c.To != "" {
		f["endDate"] = string(holdings.EndOf(c.To))
	}
	out.relationship(recordID("control", c.Controller, c.Company, string(c.By), c.Source, string(c.From)), c.Company, c.Controller, f)
}

// ties writes the parties of joint holdings that have no other relationship with it.
func (out *writer) ties() {
	for _, id := range slices.Sorted(maps.Keys(out.joint)) {
		for _, h := range out.joint[id] {
			if !out.tied[[2]string{h, id}] {
				out.relationship(recordID("tie", id, h), id, h, object{"type": "unknownInterest", "directOrIndirect": "unknown"})
			}
		}
	}
}
