package bods

import (
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/format/internal/jsonline"
)

// statement is what is of use in a statement of any version.
type statement struct {
	line       int
	id, record string // of versions before 0.4, the record is the statement
	kind       string // entity, person or relationship
	status     string
	day        string
	replaces   []string
	details
}

// details are the details of an entity, of a person or of a relationship.
type details struct {
	entity        string // the type of entity
	subtype, note string
	name, country string
	listed        bool
	subject       party
	interested    party
	components    []string
	interests     []interest
}

// party is a reference to an entity or a person, or the reason why there is none.
type party struct{ id, reason, description string }

// interest is one interest of a relationship.
type interest struct {
	kind      string // in small letters, without hyphens
	indirect  bool
	direct    bool
	flag      bool // beneficialOwnershipOrControl
	note      string
	size      holdings.Size
	sizeFault string
	from, end string
}

// kinds of statements, by the words of all versions.
var statementKinds = map[string]string{
	"entity": "entity", "person": "person", "relationship": "relationship",
	"entityStatement": "entity", "personStatement": "person", "ownershipOrControlStatement": "relationship",
}

// parser reads statements.
type parser struct{ jsonline.Scanner }

// each calls read for every key of an object. What read does not read must be skipped by it.
func (p *parser) each(read func(key string)) {
	if p.Object() {
		for key, ok := p.Key(); ok; key, ok = p.Key() {
			read(string(key))
		}
	}
}

// texts reads a list of texts, or one text.
func (p *parser) texts() (out []string) {
	if p.Peek() == '"' {
		return []string{p.text()}
	}
	if p.List() {
		for p.Element() {
			out = append(out, p.text())
		}
	}
	return out
}

func (p *parser) text() string { return string(p.Text()) }

// statement reads a statement. It fails if the text is not JSON, or a value of the wrong kind.
func (p *parser) statement(text []byte, line int) (statement, error) {
	p.Reset(text)
	st := statement{line: line}
	p.each(func(key string) {
		switch key {
		case "statementId", "statementID":
			st.id = p.text()
		case "recordId":
			st.record = p.text()
		case "recordType", "statementType":
			st.kind = p.text()
		case "recordStatus":
			st.status = p.text()
		case "statementDate":
			st.day = p.text()
		case "replacesStatements", "replacesStatement":
			st.replaces = p.texts()
		case "recordDetails":
			p.each(func(key string) { p.detail(&st.details, key) })
		default:
			p.detail(&st.details, key)
		}
	})
	if st.record == "" {
		st.record = st.id
	}
	return st, p.End()
}

// detail reads one detail of any version.
func (p *parser) detail(d *details, key string) {
	switch key {
	case "entityType":
		p.entityType(d)
	case "entitySubtype":
		p.each(func(key string) {
			if key == "generalCategory" {
				d.subtype = p.text()
			} else {
				p.Skip()
			}
		})
	case "name":
		d.name = p.text()
	case "names":
		p.names(d)
	case "jurisdiction", "incorporatedInJurisdiction":
		p.each(func(key string) {
			if key == "code" {
				d.country = p.text()
			} else {
				p.Skip()
			}
		})
	case "publicListing":
		p.each(func(key string) {
			if key == "hasPublicListing" {
				d.listed = p.Bool()
			} else {
				p.Skip()
			}
		})
	case "subject":
		d.subject = p.party()
	case "interestedParty":
		d.interested = p.party()
	case "componentRecords", "componentStatementIDs":
		d.components = p.texts()
	case "interests":
		if p.List() {
			for p.Element() {
				d.interests = append(d.interests, p.interest())
			}
		}
	default:
		p.Skip()
	}
}

// entityType reads a text, or an object of version 0.4.
func (p *parser) entityType(d *details) {
	if p.Peek() == '"' {
		d.entity = p.text()
		return
	}
	p.each(func(key string) {
		switch key {
		case "type":
			d.entity = p.text()
		case "subtype":
			d.subtype = p.text()
		case "details":
			d.note = p.text()
		default:
			p.Skip()
		}
	})
}

// names reads the names of a person. The first counts.
func (p *parser) names(d *details) {
	if !p.List() {
		return
	}
	for p.Element() {
		p.each(func(key string) {
			if key == "fullName" && d.name == "" {
				d.name = p.text()
			} else {
				p.Skip()
			}
		})
	}
}

// party reads a reference, or why there is none.
func (p *parser) party() (out party) {
	if p.Peek() == '"' {
		return party{id: p.text()}
	}
	p.each(func(key string) {
		switch key {
		case "describedByEntityStatement", "describedByPersonStatement":
			out.id = p.text()
		case "reason":
			out.reason = p.text()
		case "description":
			out.description = p.text()
		case "unspecified":
			p.each(func(key string) {
				switch key {
				case "reason":
					out.reason = p.text()
				case "description":
					out.description = p.text()
				default:
					p.Skip()
				}
			})
		default:
			p.Skip()
		}
	})
	return out
}

// interest reads an interest.
func (p *parser) interest() (out interest) {
	p.each(func(key string) {
		switch key {
		case "type":
			out.kind = strings.ToLower(strings.ReplaceAll(p.text(), "-", ""))
		case "directOrIndirect", "interestLevel":
			level := p.text()
			out.indirect, out.direct = level == "indirect", level == "direct"
		case "beneficialOwnershipOrControl":
			out.flag = p.Bool()
		case "details":
			out.note = p.text()
		case "share":
			out.size, out.sizeFault = p.share()
		case "startDate":
			out.from = p.text()
		case "endDate":
			out.end = p.text()
		default:
			p.Skip()
		}
	})
	return out
}

// share reads a share. The exclusive forms are numbers in version 0.4 and before that words
// that say whether the minimum and the maximum belong to the band; both are read in any
// version (those of the versions before 0.4 were not verified). The fault is a text for a
// reader, or "".
func (p *parser) share() (size holdings.Size, fault string) {
	figures := map[string]string{}
	p.each(func(key string) {
		switch key {
		case "exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
			switch p.Peek() {
			case 't', 'f':
				if p.Bool() {
					figures[key] = "true"
				}
			case '"':
				figures[key] = p.text()
			default:
				figures[key] = string(p.Number())
			}
		default:
			p.Skip()
		}
	})
	return sizeOf(figures)
}

// sizeOf makes a size of the figures of a share.
func sizeOf(figures map[string]string) (holdings.Size, string) {
	at := func(key string, missing string) (holdings.Size, string) {
		text := figures[key]
		if text == "" || text == "true" {
			text = missing
		}
		size, err := holdings.Decimal(text)
		if err != nil {
			return size, key + ": " + err.Error()
		}
		return size, ""
	}
	stated := false
	for _, f := range figures {
		stated = stated || f != ""
	}
	switch {
	case !stated:
		return holdings.Size{}, ""
	case figures["exact"] != "":
		return at("exact", "0")
	}
	lo, fault1 := at("minimum", "0")
	hi, fault2 := at("maximum", "100")
	above, fault3 := at("exclusiveMinimum", "0")
	below, fault4 := at("exclusiveMaximum", "100")
	if why := fault1 + fault2 + fault3 + fault4; why != "" {
		return holdings.Size{}, why
	}
	v := lo.Interval
	v.Hi = hi.Hi
	v.LoOpen, v.HiOpen = figures["exclusiveMinimum"] == "true", figures["exclusiveMaximum"] == "true"
	if f := figures["exclusiveMinimum"]; f != "" && f != "true" && !above.Lo.Less(v.Lo) {
		v.Lo, v.LoOpen = above.Lo, true
	}
	if f := figures["exclusiveMaximum"]; f != "" && f != "true" && !v.Hi.Less(below.Lo) {
		v.Hi, v.HiOpen = below.Lo, true
	}
	size, err := holdings.Between(v)
	if err != nil {
		return size, err.Error()
	}
	return size, ""
}

// before is the order in which statements about one record stand: a later day, then a later
// status, then a later line.
func (s *statement) before(t *statement) bool {
	rank := map[string]int{"new": 0, "": 1, "updated": 1, "closed": 2}
	a, _ := holdings.Day(s.day)
	b, _ := holdings.Day(t.day)
	switch {
	case a != b:
		return a < b
	case rank[s.status] != rank[t.status]:
		return rank[s.status] < rank[t.status]
	}
	return s.line < t.line
}

// after reports whether the statement was made after a day.
func (s *statement) after(day date.Date) bool {
	made, _ := holdings.Day(s.day)
	return day != "" && made != "" && made > day[:len(made)]
}
