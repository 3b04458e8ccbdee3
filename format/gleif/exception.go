package gleif

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// The categories of exceptions.
const (
	directParent   = "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"
	ultimateParent = "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT"
)

// The reasons of exceptions: those that say that there is no parent, and those that say that it
// is not named. NON_PUBLIC has replaced those that follow it.
var (
	noParent = []string{"NATURAL_PERSONS", "NON_CONSOLIDATING", "NO_KNOWN_PERSON"}
	unnamed  = []string{"NO_LEI", "NON_PUBLIC", "BINDING_LEGAL_COMMITMENTS", "CONSENT_NOT_OBTAINED", "DETRIMENT_NOT_EXCLUDED",
		"DISCLOSURE_DETRIMENTAL", "LEGAL_OBSTACLES"}
)

// exception takes a record of an exception. If it has several reasons, one that says that there
// is a parent stands.
func (in *reader) exception(f *fields) {
	if !in.node("reporting entity", f.lei) || f.deleted && !in.registered(f, f.lei) {
		return
	}
	if fault := holdings.IDFault(unnamedPrefix + f.lei); fault != "" {
		in.fault(crossholding.ErrRange, "the id %q of a parent that is not named %s", unnamedPrefix+f.lei, fault)
		return
	}
	reasons := strings.Join(f.reasons, ", ")
	is := func(list []string) bool {
		return slices.ContainsFunc(f.reasons, func(r string) bool { return slices.Contains(list, r) })
	}
	switch {
	case f.category != directParent && f.category != ultimateParent:
		in.report.Dropped.Add(in.line, "exception", "%s: no known category of exception: %q", f.lei, f.category)
	case reasons == "":
		in.fault(crossholding.ErrMissing, "%s: the exception has no reason", f.lei)
	case is(unnamed):
		in.exceptions = append(in.exceptions, exception{in.word(f.lei), in.word(f.category), in.word(reasons), in.line})
	case is(noParent):
		in.report.Dropped.Add(in.line, "no parent", "%s: %s: %s", f.lei, f.category, reasons)
	default:
		in.report.Dropped.Add(in.line, "exception", "%s: no known reason of an exception: %q", f.lei, reasons)
	}
}

// unnamedPrefix begins the id of a parent that is not named.
const unnamedPrefix = "parent:"

// parents makes facts of control of the exceptions that say that a parent is not named. The
// unnamed ultimate parent of an entity whose direct parent is not named is not known to be
// another one.
func (b *builder) parents(list []exception) {
	type key struct{ lei, category string }
	first := map[key]int{}
	for _, e := range list {
		k := key{e.lei, e.category}
		if _, ok := first[k]; !ok {
			first[k] = e.line
		}
	}
	for _, e := range list {
		line := first[key{e.lei, e.category}]
		_, direct := first[key{e.lei, directParent}]
		switch {
		case line != e.line:
			b.report.Conflicts.Add(e.line, "exception", "%s: the exception of line %d stands, which is of the same category %s", e.lei, line, e.category)
			continue
		case direct && e.category == ultimateParent:
			b.report.Dropped.Add(e.line, "ultimate", "%s: its direct parent is not named, and leads to its ultimate parent", e.lei)
			continue
		}
		b.report.Guessed.Add(e.line, "unnamed", "%s: a parent that is not named is taken as a company: %s", e.lei, e.reason)
		by := crossholding.ControlByVoting
		if e.category == ultimateParent {
			by = crossholding.ControlByIndirect
		}
		id := unnamedPrefix + e.lei
		b.fact(crossholding.ControlFact{Controller: id, Company: e.lei, By: by, Source: "GLEIF exception: " + e.reason})
		b.names[id] = "unnamed parent of " + e.lei
	}
}
