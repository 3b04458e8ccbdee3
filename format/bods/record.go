package bods

import (
	"cmp"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// reader keeps the statement that stands about each record.
type reader struct {
	opt     Options
	report  format.Report
	faults  format.Faults
	parser  parser
	records map[string]*statement
	// replaced gives the statement that replaces a statement, in versions before 0.4.
	replaced map[string]string
	replaces []*statement
}

// statement reads a statement and keeps it if it is the last about its record.
func (in *reader) statement(text []byte, line int) {
	st, err := in.parser.statement(text, line)
	if err != nil {
		in.faults.AddRecord(line, crossholding.ErrSyntax, "%s", err.Error())
		return
	}
	kind, known := statementKinds[st.kind]
	if !known {
		in.faults.AddRecord(line, crossholding.ErrUnknown, "%s: %q is no type of statement", st.record, st.kind)
		return
	}
	st.kind = kind
	if why := holdings.IDFault(st.record); why != "" {
		in.faults.AddRecord(line, crossholding.ErrRange, "the id %q %s", st.record, why)
		return
	}
	if _, ok := holdings.Day(st.day); !ok {
		in.faults.AddRecord(line, crossholding.ErrDate, "%s: the statement date %q is no day", st.record, st.day)
		return
	}
	if st.after(in.opt.AsOf) {
		in.report.Dropped.Add(line, "later", "%s: a statement of %s", st.record, st.day)
		return
	}
	for i := range st.interests {
		if f := &st.interests[i]; f.sizeFault != "" {
			in.faults.AddRecord(line, crossholding.ErrRange, "%s: %s: %s", st.record, f.kind, f.sizeFault)
			return
		}
	}
	kept := &st
	if old := in.records[st.record]; old != nil {
		if st.before(old) {
			kept, old = old, kept
		}
		in.report.Dropped.Add(old.line, "replaced", "%s: the statement on line %d replaces it", st.record, kept.line)
	}
	in.records[st.record] = kept
	if len(st.replaces) > 0 {
		in.replaces = append(in.replaces, &st)
	}
}

// replace takes out the statements that others replace.
func (in *reader) replace() {
	in.replaced = map[string]string{}
	slices.SortFunc(in.replaces, func(a, b *statement) int { return cmp.Compare(a.line, b.line) })
	for _, st := range in.replaces {
		if in.records[st.record] != st {
			continue
		}
		for _, old := range st.replaces {
			by, twice := in.replaced[old]
			if !twice || in.records[by].before(st) {
				in.replaced[old] = st.record
			}
		}
	}
	for _, old := range slices.Sorted(maps.Keys(in.replaced)) {
		by, ok := in.last(old)
		st := in.records[old]
		switch {
		case st == nil:
		case !ok:
			in.report.Conflicts.Add(st.line, "cycle", "%s and others replace one another: none is taken as replaced", old)
			in.records[old].replaces = nil
		default:
			in.report.Dropped.Add(st.line, "replaced", "%s: %s replaces it", old, by)
			delete(in.records, old)
		}
	}
}

// last returns the statement that stands for a statement: itself, or the last of those that
// replace one another. It returns false if they do so in a cycle.
func (in *reader) last(id string) (string, bool) {
	slow, step := id, false
	for {
		next, ok := in.replaced[id]
		if !ok {
			return id, true
		}
		id = next
		if step {
			slow = in.replaced[slow]
		}
		if step = !step; id == slow {
			return id, false
		}
	}
}

// node is an entity or a person of the book.
type node struct {
	id, name, country string
	kind              crossholding.PartyKind // empty for a company
	joint             bool                   // an arrangement that can be a joint holding
	nomination        bool
	listed            bool
	closed            bool
	line              int
}

// nodes makes the nodes of the records.
func (in *reader) nodes() map[string]*node {
	out := map[string]*node{}
	for _, id := range slices.Sorted(maps.Keys(in.records)) {
		st := in.records[id]
		if st.kind == "relationship" {
			continue
		}
		n := &node{id: id, name: st.name, line: st.line, closed: st.status == "closed", listed: st.listed}
		if n.country = st.country; n.country != "" && !validCountry(n.country) {
			in.report.Dropped.Add(st.line, "country", "%s: %q is no country of ISO 3166", id, n.country)
			n.country = ""
		}
		if n.kind = crossholding.KindPerson; st.kind == "entity" {
			n.kind = entityKind(st)
			n.nomination = st.subtype == "nomination"
			n.joint = st.entity == "arrangement" && st.subtype != "trust" && !n.nomination
		}
		out[id] = n
	}
	return out
}

// entityKind returns the kind of an entity, or "" for a company.
func entityKind(st *statement) crossholding.PartyKind {
	switch {
	case st.entity == "state" || st.entity == "stateBody":
		return crossholding.KindState
	case st.subtype == "trust" || st.entity == "trust":
		return crossholding.KindTrust
	}
	for _, k := range []crossholding.PartyKind{crossholding.KindCompany, crossholding.KindFund, crossholding.KindPublic} {
		if st.note == string(k) {
			return k
		}
	}
	return ""
}
