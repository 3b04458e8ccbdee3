package gleif

import (
	"bytes"
	"slices"

	"github.com/crossholding/crossholding"
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
	if !in.named("reporting entity", f.lei) || f.deleted && !in.registered(f, f.lei) {
		return
	}
	in.id = append(append(in.id[:0], unnamedPrefix...), f.lei...)
	if fault := idFault(in.id); fault != "" {
		in.fault(crossholding.ErrRange, "the id %q of a parent that is not named %s", string(in.id), fault)
		return
	}
	is := func(list []string) bool {
		return slices.ContainsFunc(f.reasons, func(r []byte) bool { return slices.Contains(list, string(r)) })
	}
	switch reasons := bytes.Join(f.reasons, []byte(", ")); {
	case string(f.category) != directParent && string(f.category) != ultimateParent:
		in.report.Dropped.Add(in.line, "exception", "%s: no known category of exception: %q", string(f.lei), string(f.category))
	case len(reasons) == 0:
		in.fault(crossholding.ErrMissing, "%s: the exception has no reason", string(f.lei))
	case is(unnamed):
		e := exception{ultimate: string(f.category) == ultimateParent, reason: in.words.Put(reasons), line: in.line}
		var ok bool
		if e.lei, ok = in.node(f.lei); !ok {
			return
		}
		if e.parent, ok = in.node(in.id); ok {
			in.exceptions = append(in.exceptions, e)
		}
	case is(noParent):
		in.report.Dropped.Add(in.line, "no parent", "%s: %s: %s", string(f.lei), string(f.category), string(reasons))
	default:
		in.report.Dropped.Add(in.line, "exception", "%s: no known reason of an exception: %q", string(f.lei), string(reasons))
	}
}

// unnamedPrefix begins the id of a parent that is not named.
const unnamedPrefix = "parent:"

// parents makes facts of control of the exceptions that say that a parent is not named. The
// unnamed ultimate parent of an entity whose direct parent is not named is not known to be
// another one.
func (b *builder) parents() {
	first := [2][]int{make([]int, len(b.ids)), make([]int, len(b.ids))} // lines, of direct and of ultimate parents
	list := func(e *exception) []int {
		if e.ultimate {
			return first[1]
		}
		return first[0]
	}
	for i := range b.in.exceptions {
		if e := &b.in.exceptions[i]; list(e)[e.lei] == 0 {
			list(e)[e.lei] = e.line
		}
	}
	for i := range b.in.exceptions {
		e := &b.in.exceptions[i]
		category, by := directParent, crossholding.ControlByVoting
		if e.ultimate {
			category, by = ultimateParent, crossholding.ControlByIndirect
		}
		lei, reason := b.ids[e.lei], b.in.words.At(e.reason)
		switch line := list(e)[e.lei]; {
		case line != e.line:
			b.report.Conflicts.Add(e.line, "exception", "%s: the exception of line %d stands, which is of the same category %s", lei, line, category)
			continue
		case e.ultimate && first[0][e.lei] != 0:
			b.report.Dropped.Add(e.line, "ultimate", "%s: its direct parent is not named, and leads to its ultimate parent", lei)
			continue
		}
		b.report.Guessed.Add(e.line, "unnamed", "%s: a parent that is not named is taken as a company: %s", lei, reason)
		b.fact(e.parent, e.lei, crossholding.ControlFact{By: by, Source: "GLEIF exception: " + reason})
		b.unnamed[e.parent] = true
	}
}
