package ftm

import (
	"errors"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/format/internal/jsonline"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/ratio"
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
		in.nodes = append(in.nodes, node{bad: holdings.IDFault(string(text)) != ""})
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

// maxPairs is the largest number of pairs of a relation that has several entities at both ends.
const maxPairs = 100

// relation reads an Ownership or a Control. Every value of one end has a relation with
// every value of the other.
func (in *reader) relation(from, to property) {
	f := &in.fields
	if len(f.values[from]) == 0 || len(f.values[to]) == 0 {
		in.fault(crossholding.ErrMissing, "%s: a relation without %s or %s", f.name(), propertyNames[from], propertyNames[to])
		return
	}
	if m, n := len(f.values[from]), len(f.values[to]); min(m, n) > 1 && m*n > maxPairs {
		in.fault(crossholding.ErrTooLarge, "%s: a relation of %d with %d entities", f.name(), m, n)
		return
	}
	r := relation{line: int32(in.line)}
	if !in.period(&r) {
		return
	}
	in.by = append(in.by[:0], 0)
	if f.schema == "Control" {
		in.means()
		if l := f.values[legalBasis]; len(l) > 0 {
			r.source = in.words.Put(l[0])
		}
	} else if !in.size(&r) {
		return
	}
	kept := false
	for _, a := range f.values[from] {
		for _, b := range f.values[to] {
			i, ok1 := in.find(a)
			j, ok2 := in.find(b)
			if !ok1 || !ok2 {
				continue
			}
			for _, by := range in.by {
				r.from, r.to, r.by = i, j, by
				in.relations = append(in.relations, r)
				kept = true
			}
		}
	}
	if kept {
		in.report.Read++
	}
}

// maxRemembered is the number of percentages whose size is remembered. Files have few different
// ones.
const maxRemembered = 10_000

// written is the result of [holdings.Written]: a size of the reader.
type written struct {
	size  int32
	about bool
}

// percent reads a percentage.
func (in *reader) percent(text []byte) (written, error) {
	if w, ok := in.written[string(text)]; ok {
		return w, nil
	}
	size, about, err := holdings.Written(string(text))
	if err != nil {
		return written{}, err
	}
	w := written{in.sized(size), about}
	if len(in.written) < maxRemembered {
		in.written[string(text)] = w
	}
	return w, nil
}

// sized returns the number of a size.
func (in *reader) sized(size holdings.Size) int32 {
	if !size.Stated {
		return 0
	}
	in.sizes = append(in.sizes, size)
	return int32(len(in.sizes) - 1)
}

// size reads the size of an Ownership. It returns false after a fault.
func (in *reader) size(r *relation) bool {
	f := &in.fields
	for _, text := range f.values[percentage] {
		w, err := in.percent(text)
		if err != nil {
			if errors.Is(err, ratio.ErrRange) || errors.Is(err, crossholding.ErrRange) {
				in.fault(crossholding.ErrRange, "%s: the percentage %q: %s", f.name(), string(text), err.Error())
				return false
			}
			in.report.Dropped.Add(in.line, "percentage", "%s: the percentage %q cannot be read: %s", f.name(), string(text), err.Error())
			continue
		}
		if w.about {
			in.report.Guessed.Add(in.line, "about", "%s: %q is taken as rounded at its last digit", f.name(), string(text))
		}
		switch {
		case r.size == 0:
			r.size = w.size
		case w.size != 0 && w.size != r.size:
			in.several(r, w.size)
		}
	}
	if n := f.first(sharesCount); n != "" {
		in.report.Dropped.Add(in.line, "count", "%s: %s shares, of a number that the file does not have", f.name(), n)
	}
	for _, value := range f.values[ownershipType] {
		text := strings.ToLower(string(value))
		r.indirect = r.indirect || strings.Contains(text, "indirect") || strings.Contains(text, "ultimate")
	}
	return true
}

// several merges a second size of a relation.
func (in *reader) several(r *relation, next int32) {
	a, b := in.sizes[r.size], in.sizes[next]
	both := holdings.Hull(a, b)
	if both.String() != a.String() {
		in.report.Conflicts.Add(in.line, "percentage", "%s: %s and %s: taken as %s", in.fields.name(), a.String(), b.String(), both.String())
		r.size = in.sized(both)
	}
}

// means reads the means of a Control into in.by.
func (in *reader) means() {
	in.by = in.by[:0]
	contractual := means(slices.Index(knownMeans, crossholding.ControlByContractual))
	for _, value := range in.fields.values[controlType] {
		by := slices.Index(knownMeans, crossholding.ControlMeans(strings.ToLower(strings.TrimSpace(string(value)))))
		if by <= 0 {
			in.report.Guessed.Add(in.line, "means", "%s: the type of control %q is taken as contractual", in.fields.name(), string(value))
			by = int(contractual)
		}
		if !slices.Contains(in.by, means(by)) {
			in.by = append(in.by, means(by))
		}
	}
	if len(in.by) == 0 {
		in.report.Guessed.Add(in.line, "means", "%s: no type of control is stated, and it is taken as contractual", in.fields.name())
		in.by = append(in.by, contractual)
	}
}

// knownMeans are the means of a Control, of which the first is not a means.
var knownMeans = []crossholding.ControlMeans{"", crossholding.ControlByVoting, crossholding.ControlByAppointment,
	crossholding.ControlByManagement, crossholding.ControlByContractual, crossholding.ControlByTrust,
	crossholding.ControlByNominee, crossholding.ControlByState, crossholding.ControlByIndirect}
