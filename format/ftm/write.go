package ftm

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// WriteOptions say what is written beside the book. They are plain data.
type WriteOptions struct {
	Sanctioned []string // the ids that get the topic "sanction"
}

// record is an entity as it is written.
type record struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

// Write writes a book as FollowTheMoney entities: companies and parties by id, then stakes as
// Ownership and facts as Control. A percentage is of the issued shares, exact if its decimal
// ends within 28 places and rounded down to 28 places otherwise. [Read] gives the same
// percentages back. Equal books give equal bytes.
//
// The report lists what FollowTheMoney cannot say and is lost: votes that differ from shares
// ("votes"), who holds for whom or votes for whom ("beneficiary"), agreements ("agreement") and
// stakes that are not in force ("period"), prices
// ("market"), and percentages that are rounded ("digits"). Its lines are those of the output.
//
// Write fails with the errors of [crossholding.New] for a book that is not valid, with
// [crossholding.ErrUnknown] for a sanctioned id that is not in the book, and with those of w.
func Write(w io.Writer, b crossholding.Book, opt WriteOptions) (format.Report, error) {
	a, err := crossholding.New(b)
	if err != nil {
		return format.Report{}, err
	}
	b = a.Book()
	parts, err := holdings.Parts(b)
	if err != nil {
		return format.Report{}, fmt.Errorf("ftm: %w", err)
	}
	out := writer{w: bufio.NewWriter(w), sanctioned: map[string]bool{}}
	for _, id := range opt.Sanctioned {
		out.sanctioned[id] = true
	}
	out.entities(b)
	for _, id := range slices.Sorted(keys(out.sanctioned)) {
		return out.report, fmt.Errorf("ftm: sanctioned %q: %w", id, crossholding.ErrUnknown)
	}
	for i := range parts {
		out.ownership(&parts[i])
	}
	for _, c := range b.Controls {
		out.control(c)
	}
	for _, g := range b.Agreements {
		out.report.Dropped.Add(0, "agreement", "%s: a %s agreement", g.ID, string(g.Kind))
	}
	for _, st := range b.Stakes {
		if !date.Within(b.AsOf, st.From, st.To) {
			out.report.Dropped.Add(0, "period", "%s in %s: a stake from %q to %q", st.Holder, st.Issuer, string(st.From), string(st.To))
		}
	}
	if b.Market != nil {
		out.report.Dropped.Add(0, "market", "prices and exchange rates")
	}
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.report, out.err
}

func keys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

type writer struct {
	w          *bufio.Writer
	report     format.Report
	sanctioned map[string]bool // those that are still to be written
	err        error
}

// write writes one line.
func (out *writer) write(r record) {
	if out.err != nil {
		return
	}
	for k, v := range r.Properties {
		if len(v) == 0 || v[0] == "" {
			delete(r.Properties, k)
		}
	}
	e := json.NewEncoder(out.w)
	e.SetEscapeHTML(false)
	out.err = e.Encode(r)
	out.report.Lines++
	out.report.Read++
}

// schemata are the schemata of parties. A fund is an organization: FollowTheMoney has none.
var schemata = map[crossholding.PartyKind]string{
	"": "Person", crossholding.KindPerson: "Person", crossholding.KindCompany: "Company", crossholding.KindState: "PublicBody",
	crossholding.KindFund: "Organization", crossholding.KindTrust: "Trust", crossholding.KindPublic: "LegalEntity",
}

func (out *writer) entities(b crossholding.Book) {
	for _, c := range b.Companies {
		out.party("Company", c.ID, c.Name, c.Country)
	}
	for _, p := range b.Parties {
		out.party(schemata[p.Kind], p.ID, p.Name, p.Country)
	}
}

func (out *writer) party(schema, id, name, country string) {
	place := "country"
	if schema == "Company" {
		place = "jurisdiction"
	}
	p := map[string][]string{"name": {name}, place: {strings.ToLower(country)}}
	if out.sanctioned[id] {
		p["topics"] = []string{"sanction"}
		delete(out.sanctioned, id)
	}
	out.write(record{id, schema, p})
}

// relationID returns the id of a relation, made from what it relates.
func relationID(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("%s-%x", kind, sum[:10])
}

func (out *writer) ownership(h *holdings.Holding) {
	line := out.report.Lines + 1
	note := func(rule, text string, args ...any) { out.report.Dropped.Add(line, rule, text, args...) }
	if h.Votes.String() != h.Shares.String() {
		note("votes", "%s in %s: %s of the votes", h.Holder, h.Issuer, h.Votes.String())
	}
	if h.Beneficiary != "" && h.Beneficiary != h.Holder || h.Voter != "" && h.Voter != h.Holder {
		note("beneficiary", "%s in %s: for the money of %q, with the vote of %q", h.Holder, h.Issuer, h.Beneficiary, h.Voter)
	}
	if h.Shares.IsExact() && h.Shares.Lo.IsZero() {
		return // votes only
	}
	out.write(record{relationID("ownership", h.Issuer, h.Holder, h.Beneficiary, h.Voter), "Ownership", map[string][]string{
		"owner": {h.Holder}, "asset": {h.Issuer}, "percentage": {out.percentage(h, line)},
	}})
}

// percentage writes a size so that [holdings.Written] reads it.
func (out *writer) percentage(h *holdings.Holding, line int) string {
	const places = 28
	v := h.Shares.Interval
	round := func(r ratio.Ratio) ratio.Ratio {
		if down := holdings.Floor(r, places); !down.Equal(r) {
			out.report.Dropped.Add(line, "digits", "%s in %s: %s is rounded down to %d places", h.Holder, h.Issuer, r.String(), places)
			return down
		}
		return r
	}
	hundred := ratio.Int(100)
	if v.IsExact() {
		return round(v.Lo).Mul(hundred).String()
	}
	v.Lo, v.Hi = round(v.Lo), round(v.Hi)
	if !v.LoOpen && !v.HiOpen {
		return v.Lo.Mul(hundred).String() + "% - " + v.Hi.Mul(hundred).String() + "%"
	}
	return v.String()
}

func (out *writer) control(c crossholding.ControlFact) {
	out.write(record{relationID("control", c.Controller, c.Company, string(c.By), c.Source, string(c.From)), "Control", map[string][]string{
		"controller": {c.Controller}, "controlled": {c.Company}, "controlType": {string(c.By)}, "legalBasis": {c.Source},
		"startDate": {string(c.From)}, "endDate": {string(holdings.EndOf(c.To))},
	}})
}
