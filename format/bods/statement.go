package bods

import (
	"bytes"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/internal/jsonline"
)

// fields are the fields of a statement of any version that are of use, as texts of the file. They
// are valid until the next statement.
type fields struct {
	id, record, kind, status, day []byte
	replaces                      [][]byte
	entity, subtype, note         []byte // the type of entity
	name, country                 []byte
	listed                        bool
	subject, interested           partyFields
	components                    [][]byte
	interests                     []interestFields
}

// partyFields are a reference to an entity or a person, or the reason why there is none.
type partyFields struct{ id, reason, description []byte }

// interestFields are the fields of an interest.
type interestFields struct {
	kind, note, from, end  []byte
	indirect, direct, flag bool // the flag is beneficialOwnershipOrControl
	share                  [figures][]byte
}

// figure is a figure of a share.
type figure int

const (
	exact figure = iota
	minimum
	maximum
	exclusiveMinimum
	exclusiveMaximum
	figures
)

var figureNames = [figures]string{"exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}

// parser reads the fields of statements.
type parser struct {
	jsonline.Scanner
	fields
}

// texts reads a list of texts, or one text.
func (p *parser) texts(to [][]byte) [][]byte {
	to = to[:0]
	if p.Peek() == '"' {
		return append(to, p.Text())
	}
	if p.List() {
		for p.Element() {
			to = append(to, p.Text())
		}
	}
	return to
}

// statement reads a statement. It fails if the text is not JSON, or a value of the wrong kind.
func (p *parser) statement(text []byte) error {
	p.Reset(text)
	p.fields = fields{replaces: p.replaces[:0], components: p.components[:0], interests: p.interests[:0]}
	if p.Object() {
		var seen jsonline.Seen
		for key, ok := p.Key(); ok; key, ok = p.Key() {
			switch string(key) {
			case "statementId", "statementID":
				p.Once(&seen, 0, key)
				p.id = p.Text()
			case "recordId":
				p.Once(&seen, 1, key)
				p.record = p.Text()
			case "recordType", "statementType":
				p.Once(&seen, 2, key)
				p.kind = p.Text()
			case "recordStatus":
				p.Once(&seen, 3, key)
				p.status = p.Text()
			case "statementDate":
				p.Once(&seen, 4, key)
				p.day = p.Text()
			case "replacesStatements", "replacesStatement":
				p.Once(&seen, 5, key)
				p.replaces = p.texts(p.replaces)
			case "recordDetails":
				p.Once(&seen, 6, key)
				if p.Object() {
					var seen jsonline.Seen
					for key, ok := p.Key(); ok; key, ok = p.Key() {
						p.detail(key, &seen)
					}
				}
			default:
				p.detail(key, &seen)
			}
		}
	}
	if len(p.record) == 0 {
		p.record = p.id
	}
	return p.End()
}

// detailKeys is the number of the first key of the details.
const detailKeys = 8

// detail reads one detail of any version.
func (p *parser) detail(key []byte, seen *jsonline.Seen) {
	switch string(key) {
	case "entityType":
		p.Once(seen, detailKeys+0, key)
		p.entityType()
	case "entitySubtype":
		p.Once(seen, detailKeys+1, key)
		p.only("generalCategory", &p.subtype)
	case "name":
		p.Once(seen, detailKeys+2, key)
		p.name = p.Text()
	case "names":
		p.Once(seen, detailKeys+3, key)
		p.names()
	case "jurisdiction", "incorporatedInJurisdiction":
		p.Once(seen, detailKeys+4, key)
		p.only("code", &p.country)
	case "publicListing":
		p.Once(seen, detailKeys+5, key)
		if p.Object() {
			var seen jsonline.Seen
			for key, ok := p.Key(); ok; key, ok = p.Key() {
				if string(key) == "hasPublicListing" {
					p.Once(&seen, 0, key)
					p.listed = p.Bool()
				} else {
					p.Skip()
				}
			}
		}
	case "subject":
		p.Once(seen, detailKeys+6, key)
		p.subject = p.party()
	case "interestedParty":
		p.Once(seen, detailKeys+7, key)
		p.interested = p.party()
	case "componentRecords", "componentStatementIDs":
		p.Once(seen, detailKeys+8, key)
		p.components = p.texts(p.components)
	case "interests":
		p.Once(seen, detailKeys+9, key)
		if p.List() {
			for p.Element() {
				p.interests = append(p.interests, interestFields{})
				p.interest(&p.interests[len(p.interests)-1])
			}
		}
	default:
		p.Skip()
	}
}

// only reads the text of one key of an object.
func (p *parser) only(name string, to *[]byte) {
	if !p.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		if string(key) == name {
			p.Once(&seen, 0, key)
			*to = p.Text()
		} else {
			p.Skip()
		}
	}
}

// entityType reads a text, or an object of version 0.4.
func (p *parser) entityType() {
	if p.Peek() == '"' {
		p.entity = p.Text()
		return
	}
	if !p.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		switch string(key) {
		case "type":
			p.Once(&seen, 0, key)
			p.entity = p.Text()
		case "subtype":
			p.Once(&seen, 1, key)
			p.subtype = p.Text()
		case "details":
			p.Once(&seen, 2, key)
			p.note = p.Text()
		default:
			p.Skip()
		}
	}
}

// names reads the names of a person. The first counts.
func (p *parser) names() {
	if !p.List() {
		return
	}
	for p.Element() {
		if !p.Object() {
			continue
		}
		var seen jsonline.Seen
		for key, ok := p.Key(); ok; key, ok = p.Key() {
			full := string(key) == "fullName"
			if full {
				p.Once(&seen, 0, key)
			}
			if full && len(p.name) == 0 {
				p.name = p.Text()
			} else {
				p.Skip()
			}
		}
	}
}

// party reads a reference, or why there is none.
func (p *parser) party() (out partyFields) {
	if p.Peek() == '"' {
		return partyFields{id: p.Text()}
	}
	if !p.Object() {
		return out
	}
	var seen jsonline.Seen
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		switch string(key) {
		case "describedByEntityStatement", "describedByPersonStatement":
			p.Once(&seen, 0, key)
			out.id = p.Text()
		case "reason":
			p.Once(&seen, 1, key)
			out.reason = p.Text()
		case "description":
			p.Once(&seen, 2, key)
			out.description = p.Text()
		case "unspecified":
			p.Once(&seen, 3, key)
			p.unspecified(&out)
		default:
			p.Skip()
		}
	}
	return out
}

// unspecified reads why there is no party.
func (p *parser) unspecified(out *partyFields) {
	if !p.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		switch string(key) {
		case "reason":
			p.Once(&seen, 0, key)
			out.reason = p.Text()
		case "description":
			p.Once(&seen, 1, key)
			out.description = p.Text()
		default:
			p.Skip()
		}
	}
}

// interest reads an interest.
func (p *parser) interest(out *interestFields) {
	if !p.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		switch string(key) {
		case "type":
			p.Once(&seen, 0, key)
			out.kind = p.Text()
		case "directOrIndirect", "interestLevel":
			p.Once(&seen, 1, key)
			level := p.Text()
			out.indirect, out.direct = string(level) == "indirect", string(level) == "direct"
		case "beneficialOwnershipOrControl":
			p.Once(&seen, 2, key)
			out.flag = p.Bool()
		case "details":
			p.Once(&seen, 3, key)
			out.note = p.Text()
		case "share":
			p.Once(&seen, 4, key)
			out.share = p.share()
		case "startDate":
			p.Once(&seen, 5, key)
			out.from = p.Text()
		case "endDate":
			p.Once(&seen, 6, key)
			out.end = p.Text()
		default:
			p.Skip()
		}
	}
}

// share reads the figures of a share.
func (p *parser) share() (out [figures][]byte) {
	if !p.Object() {
		return out
	}
	var seen jsonline.Seen
	for key, ok := p.Key(); ok; key, ok = p.Key() {
		f := figure(0)
		for f < figures && string(key) != figureNames[f] {
			f++
		}
		if f == figures {
			p.Skip()
			continue
		}
		p.Once(&seen, int(f), key)
		switch p.Peek() {
		case 't', 'f':
			if p.Bool() {
				out[f] = isTrue
			}
		case '"':
			out[f] = p.Text()
		default:
			out[f] = p.Number()
		}
	}
	return out
}

var isTrue = []byte("true")

// statement is what is kept of a statement. Its texts are words of the reader, and its references
// are ids.
type statement struct {
	line                  int32
	record                int32
	day                   int32
	entity, subtype, note int32
	country               int32
	kind                  statementKind
	rank                  uint8 // of the status: a later status has a greater one
	listed                bool
	name                  string
	replaces              []int32
	*relationship
}

// relationship is what is kept of a statement that is a relationship.
type relationship struct {
	subject, interested party
	components          []int32
	interests           []interest
}

// party is a reference to an entity or a person, or the reason why there is none.
type party struct {
	id          int32 // or nobody
	reason      int32
	description string
}

const nobody = -1

// interest is one interest of a relationship.
type interest struct {
	kind                   int32 // in small letters, without hyphens
	from, end              int32
	size                   int32 // of the sizes of the reader
	indirect, direct, flag bool
	note                   string
}

// statementKind is the kind of a statement.
type statementKind uint8

const (
	entityStatement statementKind = iota + 1
	personStatement
	relationshipStatement
)

// statementKinds are the kinds of statements, by the words of all versions.
var statementKinds = map[string]statementKind{
	"entity": entityStatement, "person": personStatement, "relationship": relationshipStatement,
	"entityStatement": entityStatement, "personStatement": personStatement, "ownershipOrControlStatement": relationshipStatement,
}

// closed is the rank of a status.
const closed = 2

// rankOf returns the rank of a status.
func rankOf(status []byte) uint8 {
	switch string(status) {
	case "closed":
		return closed
	case "", "updated":
		return 1
	}
	return 0
}

// plainKind returns the type of an interest in small letters, without hyphens.
func plainKind(kind []byte) []byte {
	return bytes.ToLower(bytes.ReplaceAll(kind, []byte("-"), nil))
}

// before is the order in which statements about one record stand: a later day, then a later
// status, then a later line.
func (in *reader) before(s, t *statement) bool {
	a, b := in.words.At(s.day), in.words.At(t.day)
	switch {
	case a != b:
		return a < b
	case s.rank != t.rank:
		return s.rank < t.rank
	}
	return s.line < t.line
}

// after reports whether a statement of a day was made after another day.
func after(made, day date.Date) bool {
	return day != "" && made != "" && made > day[:len(made)]
}
