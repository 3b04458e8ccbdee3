package gleif

import (
	"bytes"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/internal/intern"
)

// fields are the fields of a record that a book needs, as texts of the file. They are valid until
// the next record.
type fields struct {
	child, parent, kind, status []byte
	registration                []byte
	periods                     []period
	qualifiers                  []qualifier
	quantifiers                 []quantifier
	deleted                     bool

	lei, category []byte // of an exception
	reasons       [][]byte

	texts []byte // memory for the fields
}

type period struct{ from, end, kind []byte }

type qualifier struct{ dimension, category []byte }

type quantifier struct{ method, amount, units []byte }

// reset makes the fields those of an empty record.
func (f *fields) reset() {
	*f = fields{periods: f.periods[:0], qualifiers: f.qualifiers[:0], quantifiers: f.quantifiers[:0], reasons: f.reasons[:0], texts: f.texts[:0]}
}

// relation is a relationship that is in force. Its texts are words of the reader, and its ends
// ids.
type relation struct {
	child, parent int32
	kind          kind
	standard      int32 // of accounting
	since, end    int32
	line          int
}

// exception is what an entity reports instead of a parent that is not named.
type exception struct {
	lei, parent int32 // ids
	ultimate    bool
	reason      int32 // a word
	line        int
}

// reader holds what has been read of a file.
type reader struct {
	opt        Options
	line       int // on which the current record begins
	report     format.Report
	faults     format.Faults
	ids        *intern.Table // LEIs
	words      intern.Words
	days       holdings.Days
	relations  []relation
	stakes     []stake
	exceptions []exception
	fields     fields // of the current record
	id         []byte // memory for an id
}

// stake is what a percentage says.
type stake struct {
	holder, issuer int32 // ids
	size           holdings.Size
	since          int32 // a word
	line           int
}

func newReader(opt Options) *reader {
	in := &reader{opt: opt, ids: intern.New()}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	return in
}

// fault records a fault of the current record.
func (in *reader) fault(kind error, text string, args ...any) {
	in.faults.AddRecord(in.line, kind, text, args...)
}

// kind is a type of relationships.
type kind uint8

const (
	direct kind = iota + 1
	ultimate
	branch
	managed
	subfund
	feeder
)

// String returns the type as the files write it.
func (k kind) String() string { return kindNames[k] }

var kindNames = [...]string{"", "IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY", "IS_INTERNATIONAL_BRANCH_OF", "IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO"}

// kindOf returns the type that a text names, or 0.
func kindOf(text []byte) kind {
	for k := direct; k <= feeder; k++ {
		if string(text) == kindNames[k] {
			return k
		}
	}
	return 0
}

// record takes a record of a file.
func (in *reader) record(f *fields) {
	in.report.Lines++
	if len(f.lei) > 0 || len(f.category) > 0 {
		in.exception(f)
		return
	}
	r := relation{kind: kindOf(f.kind), line: in.line}
	if !in.named("child", f.child) || !in.named("parent", f.parent) || !in.wanted(f, &r) || !in.registered(f, f.child) || !in.inForce(f, &r) {
		return
	}
	var ok bool
	if r.child, ok = in.node(f.child); !ok {
		return
	}
	if r.parent, ok = in.node(f.parent); !ok {
		return
	}
	for _, q := range f.qualifiers {
		if string(q.dimension) == "ACCOUNTING_STANDARD" && len(q.category) <= 100 {
			r.standard = in.words.Put(q.category)
		}
	}
	first := len(in.stakes)
	for _, q := range f.quantifiers {
		size, ok, fault := in.size(f, &r, q)
		if fault {
			in.stakes = in.stakes[:first]
			return
		}
		if ok {
			in.stakes = append(in.stakes, stake{r.parent, r.child, size, r.since, r.line})
		}
	}
	in.relations = append(in.relations, r)
}

// named reports whether a record names an entity by an id that a book can have. It records a fault
// if not. It keeps nothing, because the record can still be dropped.
func (in *reader) named(what string, id []byte) bool {
	switch fault := idFault(id); {
	case len(id) == 0:
		in.fault(crossholding.ErrMissing, "the record has no LEI of a %s", what)
	case fault != "":
		in.fault(crossholding.ErrRange, "the LEI %q of a %s %s", string(id), what, fault)
	default:
		return true
	}
	return false
}

// idFault returns what is wrong with an id, or "". Most ids are LEIs: 20 capitals and digits.
func idFault(id []byte) string {
	plain := len(id) == 20
	for _, c := range id {
		plain = plain && ('A' <= c && c <= 'Z' || '0' <= c && c <= '9')
	}
	if plain {
		return ""
	}
	return holdings.IDFault(string(id))
}

// node returns the number of an id. It returns false after a fault.
func (in *reader) node(id []byte) (int32, bool) {
	i, ok := in.ids.Put(id)
	if !ok {
		in.fault(crossholding.ErrTooLarge, "no room for one more LEI")
	}
	return i, ok
}

// wanted reports whether a relationship is of a type that is for the book.
func (in *reader) wanted(f *fields, r *relation) bool {
	switch r.kind {
	case direct, ultimate:
	case branch:
		if !in.opt.Branches {
			in.report.Dropped.Add(in.line, "branch", "%s is a branch of %s", string(f.child), string(f.parent))
			return false
		}
	case managed, subfund, feeder:
		if !in.opt.Funds {
			in.report.Dropped.Add(in.line, "fund", "%s: %s %s", string(f.child), r.kind.String(), string(f.parent))
			return false
		}
	default:
		if len(f.kind) == 0 {
			in.fault(crossholding.ErrMissing, "%s and %s: the record has no type of relationship", string(f.child), string(f.parent))
		} else {
			in.report.Dropped.Add(in.line, "type", "%s and %s: no known type of relationship: %q", string(f.child), string(f.parent), string(f.kind))
		}
		return false
	}
	if bytes.Equal(f.child, f.parent) {
		in.report.Dropped.Add(in.line, "itself", "%s: %s itself", string(f.child), r.kind.String())
		return false
	}
	return true
}

// withdrawn are the registration statuses of records that do not hold.
var withdrawn = []string{"ANNULLED", "DUPLICATE", "RETIRED", "TRANSFERRED", "CANCELLED", "MERGED"}

// registered reports whether the registration of a record of an entity holds.
func (in *reader) registered(f *fields, lei []byte) bool {
	if f.deleted {
		in.report.Dropped.Add(in.line, "withdrawn", "%s: the record is deleted", string(lei))
		return false
	}
	if slices.Contains(withdrawn, string(f.registration)) {
		in.report.Dropped.Add(in.line, "withdrawn", "%s: the registration of the record is %s", string(lei), string(f.registration))
		return false
	}
	return true
}

// inForce reports whether a relationship is in force on the day to look at, and sets its days.
// An inactive one that has a last day was in force before it.
func (in *reader) inForce(f *fields, r *relation) bool {
	p, ok := in.period(f)
	if !ok {
		return false
	}
	began, guess := p.Began(in.opt.AsOf)
	ended, guessEnd := p.Ended(in.opt.AsOf)
	switch {
	case len(f.status) == 0:
		in.fault(crossholding.ErrMissing, "%s and %s: the relationship has no status", string(f.child), string(f.parent))
		return false
	case string(f.status) != "ACTIVE" && (string(f.status) != "INACTIVE" || p.End == ""):
		in.report.Dropped.Add(in.line, "inactive", "%s: %s %s has status %s", string(f.child), r.kind.String(), string(f.parent), string(f.status))
		return false
	case !began:
		in.report.Dropped.Add(in.line, "future", "%s: %s %s begins on %s", string(f.child), r.kind.String(), string(f.parent), string(p.From))
		return false
	case ended:
		in.report.Dropped.Add(in.line, "ended", "%s: %s %s ended on %s", string(f.child), r.kind.String(), string(f.parent), string(p.End))
		return false
	case guess || guessEnd:
		in.report.Guessed.Add(in.line, "date", "%s: %s %s from %s to %s is taken as in force", string(f.child), r.kind.String(), string(f.parent), string(p.From), string(p.End))
	}
	if string(f.registration) == "LAPSED" {
		in.report.Guessed.Add(in.line, "lapsed", "%s: %s %s is in a record that nobody has renewed", string(f.child), r.kind.String(), string(f.parent))
	}
	r.since, r.end = in.words.Put([]byte(p.From)), in.words.Put([]byte(p.End))
	return true
}

// period returns the period of a relationship. It returns false if a day is
// none, or if the period ends before it begins.
func (in *reader) period(f *fields) (holdings.Period, bool) {
	var p holdings.Period
	for _, x := range f.periods {
		if string(x.kind) != "RELATIONSHIP_PERIOD" {
			continue
		}
		from, ok1 := in.days.Day(x.from)
		end, ok2 := in.days.Day(x.end)
		if !ok1 || !ok2 {
			in.fault(crossholding.ErrDate, "%s and %s: the period from %q to %q has no days of the form 2006-01-02", string(f.child), string(f.parent), string(x.from), string(x.end))
			return p, false
		}
		p = holdings.Period{From: from, End: end}
	}
	if p.End != "" && p.End < p.From {
		in.fault(crossholding.ErrDate, "%s and %s: the relationship ended on %s, before it began on %s", string(f.child), string(f.parent), string(p.End), string(p.From))
		return p, false
	}
	return p, true
}
