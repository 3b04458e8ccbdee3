package graphtext

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/format/internal/kinds"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/ratio"
)

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	fraction := in.fractions()
	var b crossholding.Book
	var list []holdings.Holding
	companies := map[string]bool{}
	for i := range in.edges {
		e := &in.edges[i]
		if !in.ends(e) {
			continue
		}
		if e.attributes["control"] != "" {
			if e.source == e.goal {
				in.report.Dropped.Add(e.line, "itself", "%s controls itself", e.source)
				continue
			}
			companies[e.goal] = true
			b.Controls = append(b.Controls, in.fact(e))
		} else if h, ok := in.holding(e, fraction); ok {
			companies[e.goal] = true
			list = append(list, h)
		} else {
			continue
		}
		in.report.Read++
	}
	b.Controls = holdings.Facts(b.Controls)
	stakes, classes := holdings.MakeExact(list, &in.report)
	b.Stakes = stakes
	for i := range in.nodes {
		in.place(&b, &in.nodes[i], companies, classes)
	}
	slices.SortFunc(b.Companies, func(x, y crossholding.Company) int { return strings.Compare(x.ID, y.ID) })
	slices.SortFunc(b.Parties, func(x, y crossholding.Party) int { return strings.Compare(x.ID, y.ID) })
	return b
}

// fractions reports whether plain numbers are fractions.
func (in *reader) fractions() bool {
	if in.opt.Unit != UnitGuessed {
		return in.opt.Unit == UnitFraction
	}
	plain, above := 0, false
	for i := range in.edges {
		for _, names := range [][]string{in.opt.Capital, in.opt.Votes} {
			value, _ := in.edges[i].first(names)
			if r, err := ratio.Number(value).Ratio(); value != "" && err == nil && !strings.Contains(value, "/") {
				plain++
				above = above || ratio.Int(1).Less(r)
			}
		}
	}
	switch {
	case plain == 0:
	case above:
		in.report.Guessed.Add(0, "unit", "the %d plain numbers of edges are percentages, because one is above 1", plain)
	default:
		in.report.Guessed.Add(0, "unit", "the %d plain numbers of edges are fractions, because none is above 1", plain)
	}
	return !above
}

// ends sets the ends of an edge in the direction from holder to company. It adds nodes that the
// file does not have.
func (in *reader) ends(e *element) bool {
	if in.opt.Reversed {
		e.source, e.goal = e.goal, e.source
	}
	for _, id := range []string{e.source, e.goal, e.attributes["beneficiary"], e.attributes["voter"]} {
		_, ok := in.index[id]
		if ok || id == "" && e.source != "" && e.goal != "" || id == crossholding.Neutral && id == e.attributes["voter"] {
			continue
		}
		if fault := holdings.IDFault(id); fault != "" {
			in.faults.AddRecord(e.line, crossholding.ErrRange, "the end %q of an edge %s", id, fault)
			return false
		}
		in.report.Guessed.Add(e.line, "unlisted", "%s is no node of the file", id)
		in.index[id] = len(in.nodes)
		in.nodes = append(in.nodes, element{id: id, line: e.line})
		in.report.Lines++
	}
	return true
}

// holding returns the stake of an edge.
func (in *reader) holding(e *element, fraction bool) (holdings.Holding, bool) {
	h := holdings.Holding{Line: e.line, Holder: e.source, Issuer: e.goal, Beneficiary: e.attributes["beneficiary"], Voter: e.attributes["voter"]}
	for _, x := range []struct {
		size  *holdings.Size
		names []string
	}{{&h.Shares, in.opt.Capital}, {&h.Votes, in.opt.Votes}} {
		value, name := e.first(x.names)
		if value == "" {
			continue
		}
		size, err := part(value, fraction)
		switch {
		case err == nil:
			*x.size = size
		case name == "label":
			in.report.Dropped.Add(e.line, "label", "%s in %s: the label %q is no part of a company", h.Holder, h.Issuer, value)
		default:
			in.faults.AddRecord(e.line, ratio.ErrNumber, "%s in %s: the %s %q is no part of a company, such as 43.4%%, 1/3 or (25%%,50%%]", h.Holder, h.Issuer, name, value)
			return h, false
		}
	}
	return h, true
}

// part reads a part of a company.
func part(value string, fraction bool) (holdings.Size, error) {
	if len(value) > 200 {
		return holdings.Size{}, ratio.ErrNumber
	}
	if !strings.ContainsAny(value, "%/") {
		r, err := ratio.Number(value).Ratio()
		if err == nil && fraction {
			return holdings.Between(ratio.Exactly(r))
		}
		if err == nil {
			return holdings.Decimal(value)
		}
	}
	v, err := ratio.ParseInterval(value)
	if err == nil {
		return holdings.Between(v)
	}
	p, err := format.ParsePercent(value)
	if err != nil {
		return holdings.Size{}, err
	}
	return holdings.Between(p.Interval)
}

// means are the means of control that an edge can state.
var means = []crossholding.ControlMeans{crossholding.ControlByVoting, crossholding.ControlByAppointment, crossholding.ControlByManagement,
	crossholding.ControlByContractual, crossholding.ControlByTrust, crossholding.ControlByNominee, crossholding.ControlByState, crossholding.ControlByIndirect}

// fact returns the fact of control of an edge.
func (in *reader) fact(e *element) crossholding.ControlFact {
	by := crossholding.ControlMeans(e.attributes["control"])
	if !slices.Contains(means, by) {
		in.report.Guessed.Add(e.line, "means", "%s controls %s by %q, which is taken as by contract", e.source, e.goal, string(by))
		by = crossholding.ControlByContractual
	}
	return crossholding.ControlFact{Controller: e.source, Company: e.goal, By: by, Source: e.attributes["source"]}
}

// place puts a node into the book.
func (in *reader) place(b *crossholding.Book, e *element, companies map[string]bool, classes map[string][]crossholding.ShareClass) {
	in.report.Read++
	name, _ := e.first(in.opt.Name)
	if name == e.id {
		name = ""
	}
	country, _ := e.first(in.opt.Country)
	if country != "" && !iso3166.Valid(country) {
		in.report.Guessed.Add(e.line, "country", "%s: %q is no country of ISO 3166, and is left out", e.id, country)
		country = ""
	}
	word, _ := e.first(in.opt.Kind)
	kind, known := kinds.Parse(word)
	if strings.EqualFold(word, string(crossholding.KindJoint)) {
		kind, known = crossholding.KindJoint, true
	}
	var members []string
	if list := e.attributes["members"]; kind == crossholding.KindJoint && list != "" {
		members = strings.Split(list, "\n")
	}
	joint := len(members) >= 2 && !slices.ContainsFunc(members, func(id string) bool { _, ok := in.index[id]; return !ok })
	if word != "" && !known || kind == crossholding.KindJoint && !joint {
		in.report.Guessed.Add(e.line, "kind", "%s: the kind %q is left out", e.id, word)
		kind, members = "", nil
	}
	if kind == "" && !companies[e.id] {
		kind = kinds.Guess(&in.report.Guessed, e.line, e.id, cmp.Or(name, e.id))
	}
	controllable := kind == crossholding.KindTrust || kind == crossholding.KindFund
	switch {
	case !companies[e.id] && kind != crossholding.KindCompany, controllable && !in.isIssuer(b, e.id):
		b.Parties = append(b.Parties, crossholding.Party{ID: e.id, Name: name, Kind: kind, Country: country, Members: members})
		return
	case kind != "" && kind != crossholding.KindCompany:
		in.report.Conflicts.Add(e.line, "kind", "%s has the kind %s, and is held or controlled: it is taken as a company", e.id, string(kind))
	}
	b.Companies = append(b.Companies, crossholding.Company{ID: e.id, Name: name, Country: country, Shares: classes[e.id]})
}

// isIssuer reports whether somebody has a stake in a node. The stakes are sorted by issuer.
func (in *reader) isIssuer(b *crossholding.Book, id string) bool {
	_, ok := slices.BinarySearchFunc(b.Stakes, id, func(s crossholding.Stake, id string) int { return strings.Compare(s.Issuer, id) })
	return ok
}
