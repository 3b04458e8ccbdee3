package gleif

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// fields are the fields of a record that a book needs, as texts of the file.
type fields struct {
	child, parent, kind, status string
	registration                string
	periods                     []period
	qualifiers                  []qualifier
	quantifiers                 []quantifier
	deleted                     bool

	lei, category string // of an exception
	reasons       []string
}

type period struct{ from, end, kind string }

type qualifier struct{ dimension, category string }

type quantifier struct{ method, amount, units string }

// relation is a relationship that is in force.
type relation struct {
	child, parent, kind string
	standard            string // of accounting
	since, end          date.Date
	line                int
}

// exception is what an entity reports instead of a parent of a category.
type exception struct {
	lei, category, reason string
	line                  int
}

// reader holds what has been read of a file.
type reader struct {
	opt        Options
	line       int // on which the current record begins
	report     format.Report
	faults     format.Faults
	words      map[string]string // ids and words that have occurred, so that each is in memory once
	relations  []relation
	stakes     []holdings.Holding
	exceptions []exception
}

func newReader(opt Options) *reader {
	in := &reader{opt: opt, words: map[string]string{}}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	return in
}

// word returns a copy of a text that is in memory once, without what the text is a part of.
func (in *reader) word(s string) string {
	if w, ok := in.words[s]; ok {
		return w
	}
	s = strings.Clone(s)
	in.words[s] = s
	return s
}

// fault records a fault of the current record.
func (in *reader) fault(kind error, text string, args ...any) {
	in.faults.AddRecord(in.line, kind, text, args...)
}

// The types of relationships.
const (
	direct   = "IS_DIRECTLY_CONSOLIDATED_BY"
	ultimate = "IS_ULTIMATELY_CONSOLIDATED_BY"
	branch   = "IS_INTERNATIONAL_BRANCH_OF"
	managed  = "IS_FUND-MANAGED_BY"
	subfund  = "IS_SUBFUND_OF"
	feeder   = "IS_FEEDER_TO"
)

// record takes a record of a file.
func (in *reader) record(f *fields) {
	in.report.Lines++
	if f.lei != "" || f.category != "" {
		in.exception(f)
		return
	}
	if !in.node("child", f.child) || !in.node("parent", f.parent) {
		return
	}
	r := relation{child: in.word(f.child), parent: in.word(f.parent), kind: in.word(f.kind), line: in.line}
	if !in.wanted(&r) || !in.registered(f, r.child) || !in.inForce(f, &r) {
		return
	}
	for _, q := range f.qualifiers {
		if q.dimension == "ACCOUNTING_STANDARD" && len(q.category) <= 100 {
			r.standard = in.word(q.category)
		}
	}
	var sizes []holdings.Size
	for _, q := range f.quantifiers {
		size, ok, fault := in.size(&r, q)
		if fault {
			return
		}
		if ok {
			sizes = append(sizes, size)
		}
	}
	for _, size := range sizes {
		in.stakes = append(in.stakes, holdings.Holding{Line: r.line, Holder: r.parent, Issuer: r.child, Shares: size, Since: r.since})
	}
	in.relations = append(in.relations, r)
}

// node reports whether a text is the id of an end of a relationship.
func (in *reader) node(what, id string) bool {
	if id == "" {
		in.fault(crossholding.ErrMissing, "the record has no LEI of a %s", what)
		return false
	}
	if fault := holdings.IDFault(id); fault != "" {
		in.fault(crossholding.ErrRange, "the LEI %q of a %s %s", id, what, fault)
		return false
	}
	return true
}

// wanted reports whether a relationship is of a type that is for the book.
func (in *reader) wanted(r *relation) bool {
	switch r.kind {
	case direct, ultimate:
	case branch:
		if !in.opt.Branches {
			in.report.Dropped.Add(in.line, "branch", "%s is a branch of %s", r.child, r.parent)
			return false
		}
	case managed, subfund, feeder:
		if !in.opt.Funds {
			in.report.Dropped.Add(in.line, "fund", "%s: %s %s", r.child, r.kind, r.parent)
			return false
		}
	case "":
		in.fault(crossholding.ErrMissing, "%s and %s: the record has no type of relationship", r.child, r.parent)
		return false
	default:
		in.report.Dropped.Add(in.line, "type", "%s and %s: no known type of relationship: %q", r.child, r.parent, r.kind)
		return false
	}
	if r.child == r.parent {
		in.report.Dropped.Add(in.line, "itself", "%s: %s itself", r.child, r.kind)
		return false
	}
	return true
}

// withdrawn are the registration statuses of records that do not hold.
var withdrawn = []string{"ANNULLED", "DUPLICATE", "RETIRED", "TRANSFERRED", "CANCELLED", "MERGED"}

// registered reports whether the registration of a record holds.
func (in *reader) registered(f *fields, child string) bool {
	if f.deleted {
		in.report.Dropped.Add(in.line, "withdrawn", "%s: the record is deleted", child)
		return false
	}
	if slices.Contains(withdrawn, f.registration) {
		in.report.Dropped.Add(in.line, "withdrawn", "%s: the registration of the record is %s", child, f.registration)
		return false
	}
	return true
}

// inForce reports whether a relationship is in force on the day to look at, and sets its days.
// An inactive one that has a last day was in force before it.
func (in *reader) inForce(f *fields, r *relation) bool {
	p, ok := in.period(f, r)
	if !ok {
		return false
	}
	began, guess := p.Began(in.opt.AsOf)
	ended, guessEnd := p.Ended(in.opt.AsOf)
	switch {
	case f.status == "":
		in.fault(crossholding.ErrMissing, "%s and %s: the relationship has no status", r.child, r.parent)
		return false
	case f.status != "ACTIVE" && (f.status != "INACTIVE" || p.End == ""):
		in.report.Dropped.Add(in.line, "inactive", "%s: %s %s has status %s", r.child, r.kind, r.parent, f.status)
		return false
	case !began:
		in.report.Dropped.Add(in.line, "future", "%s: %s %s begins on %s", r.child, r.kind, r.parent, string(p.From))
		return false
	case ended:
		in.report.Dropped.Add(in.line, "ended", "%s: %s %s ended on %s", r.child, r.kind, r.parent, string(p.End))
		return false
	case guess || guessEnd:
		in.report.Guessed.Add(in.line, "date", "%s: %s %s from %s to %s is taken as in force", r.child, r.kind, r.parent, string(p.From), string(p.End))
	}
	if f.registration == "LAPSED" {
		in.report.Guessed.Add(in.line, "lapsed", "%s: %s %s is in a record that nobody has renewed", r.child, r.kind, r.parent)
	}
	r.since, r.end = p.From, p.End
	return true
}

// period returns the period of a relationship. It returns false if a day is none, or if the
// period ends before it begins.
func (in *reader) period(f *fields, r *relation) (holdings.Period, bool) {
	var p holdings.Period
	for _, x := range f.periods {
		if x.kind != "RELATIONSHIP_PERIOD" {
			continue
		}
		from, ok1 := holdings.Day(x.from)
		end, ok2 := holdings.Day(x.end)
		if !ok1 || !ok2 {
			in.fault(crossholding.ErrDate, "%s and %s: the period from %q to %q has no days of the form 2006-01-02", r.child, r.parent, x.from, x.end)
			return p, false
		}
		p = holdings.Period{From: date.Date(in.word(string(from))), End: date.Date(in.word(string(end)))}
	}
	if p.End != "" && p.End < p.From {
		in.fault(crossholding.ErrDate, "%s and %s: the relationship ended on %s, before it began on %s", r.child, r.parent, string(p.End), string(p.From))
		return p, false
	}
	return p, true
}
