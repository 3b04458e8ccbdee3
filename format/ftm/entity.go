package ftm

import (
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/format/internal/jsonline"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/iso3166"
)

// kind says what an entity is.
type kind uint8

const (
	unlisted kind = iota // named by a relation only
	thing                // something that can be owned and has no shares, such as a ship
	person
	legalEntity
	organization
	publicBody
	trust
	company
)

// kinds are the schemata of entities that can be in a book, and of things that can be owned.
// The trust is not in the schema files that were seen.
var kinds = map[string]kind{
	"Person": person, "LegalEntity": legalEntity, "Organization": organization, "PublicBody": publicBody, "Trust": trust, "Company": company,
	"Asset": thing, "Vessel": thing, "Airplane": thing, "Vehicle": thing, "RealEstate": thing, "Security": thing,
	"BankAccount": thing, "CryptoWallet": thing, "License": thing,
}

// node is an entity of the book.
type node struct {
	name       string
	country    string
	kind       kind
	bad        bool // a book cannot have its id
	sanctioned bool
	line       int32
	named      int32 // the first line that names it
}

// relation is an Ownership or a Control. Its days and its source are words of the reader, and its
// size is one of the reader's.
type relation struct {
	from, to   int32
	line       int32
	size       int32
	since, end int32
	source     int32
	by         means // of a Control
	indirect   bool
}

// means are the means of a Control, or 0 for an Ownership.
type means uint8

type reader struct {
	opt       Options
	report    Report
	faults    format.Faults
	line      int
	scan      jsonline.Scanner
	fields    fields
	ids       *intern.Table // of the nodes
	nodes     []node
	relations []relation
	words     intern.Words
	names     intern.Texts
	days      holdings.Days
	countries map[string]string // codes, by the texts of the file

	sizes   []holdings.Size // the first is not stated
	by      []means         // of the current Control
	written map[string]written
}

func newReader(opt Options) *reader {
	in := &reader{opt: opt, ids: intern.New(), countries: map[string]string{}, sizes: make([]holdings.Size, 1), written: map[string]written{}}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	in.report.Sanctioned = []string{}
	return in
}

// property is a property that is read.
type property int

const (
	name property = iota
	jurisdiction
	country
	topics
	owner
	asset
	percentage
	sharesCount
	ownershipType
	legalBasis
	startDate
	endDate
	controller
	controlled
	controlType
	properties
)

var propertyNames = [properties]string{"name", "jurisdiction", "country", "topics", "owner", "asset", "percentage", "sharesCount",
	"ownershipType", "legalBasis", "startDate", "endDate", "controller", "controlled", "controlType"}

// propertyOf returns the property that a key names, or false if it is not read.
func propertyOf(key []byte) (property, bool) {
	switch string(key) {
	case "name":
		return name, true
	case "jurisdiction":
		return jurisdiction, true
	case "country":
		return country, true
	case "topics":
		return topics, true
	case "owner":
		return owner, true
	case "asset":
		return asset, true
	case "percentage":
		return percentage, true
	case "sharesCount":
		return sharesCount, true
	case "ownershipType":
		return ownershipType, true
	case "legalBasis":
		return legalBasis, true
	case "startDate":
		return startDate, true
	case "endDate":
		return endDate, true
	case "controller":
		return controller, true
	case "controlled":
		return controlled, true
	case "controlType":
		return controlType, true
	}
	return 0, false
}

// fields are the values of a line that are of use. The bytes are those of the line.
type fields struct {
	id, caption []byte
	schema      string
	values      [properties][][]byte
}

// entity reads a line.
func (in *reader) entity(line []byte) {
	f := &in.fields
	f.id, f.caption, f.schema = nil, nil, ""
	for p := range f.values {
		f.values[p] = f.values[p][:0]
	}
	in.scan.Reset(line)
	s := &in.scan
	if s.Object() {
		var seen jsonline.Seen
		for key, ok := s.Key(); ok; key, ok = s.Key() {
			switch string(key) {
			case "id":
				s.Once(&seen, 0, key)
				f.id = s.Text()
			case "schema":
				s.Once(&seen, 1, key)
				f.schema = in.schemaName(s.Text())
			case "caption":
				s.Once(&seen, 2, key)
				f.caption = s.Text()
			case "properties":
				s.Once(&seen, 3, key)
				in.properties()
			default:
				s.Skip()
			}
		}
	}
	if err := s.End(); err != nil {
		in.fault(crossholding.ErrSyntax, "%s", err.Error())
		return
	}
	switch f.schema {
	case "":
		in.fault(crossholding.ErrMissing, "%q has no schema", f.name())
	case "Ownership":
		in.relation(owner, asset)
	case "Control":
		in.relation(controller, controlled)
	case "Directorship":
		in.report.Dropped.Add(in.line, "directorship", "%s: a directorship gives no control", f.name())
	default:
		if k, ok := kinds[f.schema]; ok {
			in.node(k)
		} else {
			in.report.Dropped.Add(in.line, "schema", "%s: an entity of the schema %s", f.name(), f.schema)
		}
	}
}

// properties reads the properties that are of use. A value is a text, or an entity with an id.
func (in *reader) properties() {
	s := &in.scan
	if !s.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		p, useful := propertyOf(key)
		if !useful {
			s.Skip()
			continue
		}
		if s.Once(&seen, int(p), key); !s.List() {
			continue
		}
		list := in.fields.values[p]
		for s.Element() {
			text := []byte(nil)
			if s.Peek() == '{' {
				text = in.nested()
			} else {
				text = s.Text()
			}
			if len(text) > 0 {
				list = append(list, text)
			}
		}
		in.fields.values[p] = list
	}
}

// nested returns the id of an entity within an entity.
func (in *reader) nested() (id []byte) {
	s := &in.scan
	s.Object()
	var seen jsonline.Seen
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		if string(key) == "id" {
			s.Once(&seen, 0, key)
			id = s.Text()
		} else {
			s.Skip()
		}
	}
	return id
}

// first returns the first value of a property, or "".
func (f *fields) first(p property) string {
	if l := f.values[p]; len(l) > 0 {
		return string(l[0])
	}
	return ""
}

// name returns the id of the line for a note.
func (f *fields) name() string { return string(f.id) }

// schemaName returns the name of a schema. Known names take no memory.
func (in *reader) schemaName(text []byte) string {
	switch string(text) {
	case "Ownership":
		return "Ownership"
	case "Company":
		return "Company"
	case "Person":
		return "Person"
	}
	return string(text)
}

// find returns the node of an id, or false if a book cannot have the id.
func (in *reader) find(text []byte) (int32, bool) {
	i, ok := in.ids.Put(text)
	if !ok {
		in.fault(crossholding.ErrTooLarge, "no room for one more id")
		return 0, false
	}
	if int(i) == len(in.nodes) {
		in.nodes = append(in.nodes, node{bad: holdings.IDFault(string(text)) != "", named: int32(in.line)})
	}
	if in.nodes[i].bad {
		in.fault(crossholding.ErrRange, "the id %q %s", string(text), holdings.IDFault(string(text)))
		return 0, false
	}
	return i, true
}

// node reads an entity that is no relation.
func (in *reader) node(k kind) {
	f := &in.fields
	i, ok := in.find(f.id)
	if !ok {
		return
	}
	called := f.caption
	if list := f.values[name]; len(list) > 0 {
		called = list[0]
	}
	n := &in.nodes[i]
	for _, topic := range f.values[topics] {
		n.sanctioned = n.sanctioned || string(topic) == "sanction"
	}
	if n.line != 0 {
		if n.kind != k || n.name != string(called) {
			in.report.Conflicts.Add(in.line, "entity", "%s is %q (%s) here, and described otherwise on line %d, which stands", f.name(), string(called), f.schema, int(n.line))
		}
		return
	}
	n.kind, n.name, n.line = k, in.names.Text(called), int32(in.line)
	n.country = in.country()
	in.report.Read++
}

// country returns the country of the entity. The jurisdiction comes first, since its law
// applies.
func (in *reader) country() string {
	list := in.fields.values[jurisdiction]
	if len(list) == 0 {
		list = in.fields.values[country]
	}
	if len(list) == 0 {
		return ""
	}
	code, known := in.countries[string(list[0])]
	if !known {
		code = strings.ToUpper(string(list[0]))
		if !iso3166.Valid(code) {
			in.report.Dropped.Add(in.line, "country", "%s: %q is no country of ISO 3166", in.fields.name(), string(list[0]))
			return ""
		}
		in.countries[string(list[0])] = code
	}
	if len(list) > 1 {
		in.report.Dropped.Add(in.line, "country", "%s: of several countries, %s is taken", in.fields.name(), code)
	}
	return code
}
