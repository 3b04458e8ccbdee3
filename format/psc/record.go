package psc

import (
	"bytes"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/jsonline"
	"github.com/crossholding/crossholding/internal/intern"
)

// record is what a line says of one owner of one company.
type record struct {
	company, owner int32
	natures        natures
	unknown        bool // the owner has a stake of unknown size
	notified       int32
	line           int32
}

// reader holds what has been read of a snapshot.
type reader struct {
	opt     Options
	asOf    int32
	line    int
	report  format.Report
	faults  format.Faults
	scanner jsonline.Scanner
	fields  fields
	known   map[string]natures // by name, for names that have occurred
	ids     *intern.Table      // of the nodes
	nodes   intern.List[node]
	names   intern.Texts
	records intern.List[record]
	lands   map[string]land // countries, by the texts of the file
	id      []byte          // memory for an id
	name    []byte          // memory for a name
	number  []byte          // memory for a registration number
	seen    counts          // what the file has

	conflicts conflicts
}

// counts are numbers of records of the file, also of those that are not in the book.
type counts struct{ persons, statements, exemptions int }

func newReader(opt Options) *reader {
	in := &reader{opt: opt, known: map[string]natures{}, ids: intern.New(), lands: map[string]land{}}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	in.asOf, _ = day([]byte(opt.AsOf))
	return in
}

// fields are the fields of a line that a book needs. The texts are valid until the next line.
type fields struct {
	company, kind, name, statement, linked []byte
	number, country, place                 []byte
	self, notifiedText, ceasedText         []byte
	birthYear, birthMonth                  int
	ceased                                 bool
	natures                                natures
	unread                                 []string // natures that are not known
	listed                                 int      // natures in the file
	total                                  counts
}

// record reads one line.
func (in *reader) record(line []byte) {
	s, f := &in.scanner, &in.fields
	*f = fields{unread: f.unread[:0]}
	s.Reset(line)
	if s.Object() {
		var seen jsonline.Seen
		for key, ok := s.Key(); ok; key, ok = s.Key() {
			switch string(key) {
			case "company_number":
				s.Once(&seen, 0, key)
				f.company = s.Text()
			case "data":
				s.Once(&seen, 1, key)
				in.data()
			default:
				s.Skip()
			}
		}
	}
	if err := s.End(); err != nil {
		in.fault(crossholding.ErrSyntax, "%s", err.Error())
		return
	}
	in.kind()
}

// data reads the fields of a record.
func (in *reader) data() {
	s, f := &in.scanner, &in.fields
	if !s.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		switch string(key) {
		case "kind":
			s.Once(&seen, 0, key)
			f.kind = s.Text()
		case "name":
			s.Once(&seen, 1, key)
			f.name = s.Text()
		case "natures_of_control":
			s.Once(&seen, 2, key)
			in.natures()
		case "notified_on":
			s.Once(&seen, 3, key)
			f.notifiedText = s.Text()
		case "ceased_on":
			s.Once(&seen, 4, key)
			f.ceasedText = s.Text()
		case "ceased":
			s.Once(&seen, 5, key)
			f.ceased = s.Bool()
		case "identification":
			s.Once(&seen, 6, key)
			in.identification()
		case "date_of_birth":
			s.Once(&seen, 7, key)
			in.birth()
		case "links":
			s.Once(&seen, 8, key)
			in.links()
		case "statement":
			s.Once(&seen, 9, key)
			f.statement = s.Text()
		case "linked_psc_name":
			s.Once(&seen, 10, key)
			f.linked = s.Text()
		case "persons_of_significant_control_count":
			s.Once(&seen, 11, key)
			f.total.persons = s.Int()
		case "statements_count":
			s.Once(&seen, 12, key)
			f.total.statements = s.Int()
		case "exemptions_count":
			s.Once(&seen, 13, key)
			f.total.exemptions = s.Int()
		default:
			s.Skip()
		}
	}
}

func (in *reader) natures() {
	s, f := &in.scanner, &in.fields
	if !s.List() {
		return
	}
	for s.Element() {
		text := s.Text()
		f.listed++
		n, ok := in.known[string(text)]
		if !ok {
			if n, ok = parseNature(string(text)); ok {
				in.known[string(text)] = n
			} else if len(f.unread) < 100 {
				f.unread = append(f.unread, string(text))
			}
		}
		f.natures |= n
	}
}

func (in *reader) identification() {
	s, f := &in.scanner, &in.fields
	if !s.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		switch string(key) {
		case "registration_number":
			s.Once(&seen, 0, key)
			f.number = s.Text()
		case "country_registered":
			s.Once(&seen, 1, key)
			f.country = s.Text()
		case "place_registered":
			s.Once(&seen, 2, key)
			f.place = s.Text()
		default:
			s.Skip()
		}
	}
}

func (in *reader) birth() {
	s, f := &in.scanner, &in.fields
	if !s.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		switch string(key) {
		case "year":
			s.Once(&seen, 0, key)
			f.birthYear = s.Int()
		case "month":
			s.Once(&seen, 1, key)
			f.birthMonth = s.Int()
		default:
			s.Skip()
		}
	}
}

func (in *reader) links() {
	s, f := &in.scanner, &in.fields
	if !s.Object() {
		return
	}
	var seen jsonline.Seen
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		if string(key) == "self" {
			s.Once(&seen, 0, key)
			f.self = s.Text()
		} else {
			s.Skip()
		}
	}
}

// kind decides by the kind of a record what to do with it.
func (in *reader) kind() {
	f := &in.fields
	kind := bytes.TrimSuffix(bytes.TrimSuffix(f.kind, []byte("-person-with-significant-control")), []byte("-beneficial-owner"))
	switch string(kind) {
	case "individual", "corporate-entity", "legal-person", "super-secure":
		in.seen.persons++
		in.owner(string(kind))
	case "persons-with-significant-control-statement":
		in.seen.statements++
		in.statement()
	case "exemptions":
		in.seen.exemptions++
		in.report.Dropped.Add(in.line, "exemption", "%s is exempt from naming its owners", string(f.company))
	case "totals#persons-of-significant-control-snapshot":
		in.totals()
	case "":
		in.fault(crossholding.ErrMissing, "the record has no kind")
	default:
		in.report.Dropped.Add(in.line, "kind", "%s: no known kind of record: %q", string(f.company), string(kind))
	}
}

// totals compares the numbers in the last line with those of the file.
func (in *reader) totals() {
	for _, c := range []struct {
		what       string
		said, read int
	}{
		{"persons", in.fields.total.persons, in.seen.persons}, {"statements", in.fields.total.statements, in.seen.statements},
		{"exemptions", in.fields.total.exemptions, in.seen.exemptions},
	} {
		if c.said != c.read {
			in.conflicts.add(int32(in.line), "total", "the file says that it has %d %s, and has %d", c.said, c.what, c.read)
		}
	}
}

// inForce reports whether a record is in force on the day to look at. If not, or if it
// has a fault, it says so.
func (in *reader) inForce() (notified int32, ok bool) {
	f := &in.fields
	notified, ok1 := day(f.notifiedText)
	ceased, ok2 := day(f.ceasedText)
	if !ok1 {
		in.fault(crossholding.ErrDate, "%s: notified on %q, which is not a date of the form 2006-01-02", string(f.company), string(f.notifiedText))
	}
	if !ok2 {
		in.fault(crossholding.ErrDate, "%s: ceased on %q, which is not a date of the form 2006-01-02", string(f.company), string(f.ceasedText))
	}
	switch {
	case !ok1 || !ok2:
		return 0, false
	case ceased != 0 && (in.asOf == 0 || ceased <= in.asOf):
		if in.report.Dropped.CountIfFull("ceased") {
			return 0, false
		}
		in.report.Dropped.Add(in.line, "ceased", "%s: %s ceased on %s", string(f.company), string(f.name), string(f.ceasedText))
		return 0, false
	case ceased == 0 && f.ceased:
		in.report.Dropped.Add(in.line, "ceased", "%s: %s ceased on a day that is not stated", string(f.company), string(f.name))
		return 0, false
	case in.asOf != 0 && notified > in.asOf:
		in.report.Dropped.Add(in.line, "future", "%s: %s was notified on %s, after %s", string(f.company), string(f.name), string(f.notifiedText), string(in.opt.AsOf))
		return 0, false
	}
	return notified, true
}

// day returns a date as a number that compares as the date does, such as 20230131. It returns
// 0 for the empty text.
func day(text []byte) (int32, bool) {
	if len(text) == 0 {
		return 0, true
	}
	if len(text) != len("2006-01-02") || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	n := int32(0)
	for i, c := range text {
		switch {
		case i == 4 || i == 7:
		case c < '0' || c > '9':
			return 0, false
		default:
			n = n*10 + int32(c-'0')
		}
	}
	month, d := n/100%100, n%100
	if n < 10000 || month < 1 || month > 12 || d < 1 || d > 28 && !date.Date(text).Valid() {
		return 0, false
	}
	return n, true
}
