package gleif

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// builder makes the book of the records.
type builder struct {
	report *format.Report
	chains holdings.Chains // of direct parents
	facts  []crossholding.ControlFact
	names  map[string]string // of what is in the book, by id
	funds  map[string]bool
}

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := &builder{report: &in.report, names: map[string]string{}, funds: map[string]bool{}}
	parent := b.direct(in.relations)
	b.ultimate(in.relations, parent)
	for i := range in.relations {
		in.apart(b, &in.relations[i])
	}
	b.parents(in.exceptions)
	in.report.Read += len(b.facts)

	out := crossholding.Book{AsOf: in.opt.AsOf, Controls: holdings.Facts(b.facts)}
	out.Stakes, _ = holdings.Make(in.stakes, &in.report)
	for _, s := range out.Stakes {
		delete(b.funds, s.Issuer)
	}
	for _, id := range slices.Sorted(maps.Keys(b.names)) {
		if b.funds[id] {
			out.Parties = append(out.Parties, crossholding.Party{ID: id, Name: b.names[id], Kind: crossholding.KindFund})
		} else {
			out.Companies = append(out.Companies, crossholding.Company{ID: id, Name: b.names[id]})
		}
	}
	return out
}

// fact adds a fact of control and its ends.
func (b *builder) fact(f crossholding.ControlFact) {
	b.names[f.Controller], b.names[f.Company] = "", ""
	b.facts = append(b.facts, f)
}

// control adds the fact of control of a relationship.
func (b *builder) control(r *relation, by crossholding.ControlMeans) {
	source := "GLEIF: " + r.kind
	if r.standard != "" {
		source += " (" + r.standard + ")"
	}
	p := holdings.Period{From: r.since, End: r.end}
	b.fact(crossholding.ControlFact{Controller: r.parent, Company: r.child, By: by, Source: source, From: p.First(), To: p.Last()})
}

// direct adds the facts of direct parents. It returns the first direct parent of each entity.
func (b *builder) direct(list []relation) (parent map[string]string) {
	parent = map[string]string{}
	seen := map[[2]string]int{}
	for i := range list {
		r := &list[i]
		if r.kind != direct {
			continue
		}
		if line := seen[[2]string{r.child, r.parent}]; line > 0 {
			b.report.Conflicts.Add(r.line, "repeated", "%s: line %d has the same direct parent %s", r.child, line, r.parent)
			continue
		}
		seen[[2]string{r.child, r.parent}] = r.line
		if first, ok := parent[r.child]; ok {
			b.report.Conflicts.Add(r.line, "parents", "%s: %s is its direct parent, and %s is too", r.child, r.parent, first)
		} else {
			parent[r.child] = r.parent
		}
		b.chains.Add(r.parent, r.child)
		b.control(r, crossholding.ControlByVoting)
	}
	if n := len(b.facts); n > 0 {
		b.report.Guessed.Add(0, "means", "all %d direct parents are taken to control by votes, because the file does not state the means", n)
	}
	return parent
}

// ultimate adds the facts of ultimate parents to whom no chain of the file leads. Those of
// entities without a direct parent come first, because chains can go on through them.
func (b *builder) ultimate(list []relation, parent map[string]string) {
	for i := range list {
		r := &list[i]
		if _, ok := parent[r.child]; ok || r.kind != ultimate {
			continue
		}
		b.report.Guessed.Add(r.line, "ultimate", "%s: no direct parent is in the file, and %s controls it through others", r.child, r.parent)
		b.chains.Add(r.parent, r.child)
		b.control(r, crossholding.ControlByIndirect)
	}
	for i := range list {
		r := &list[i]
		first, ok := parent[r.child]
		switch {
		case !ok || r.kind != ultimate:
		case b.chains.Holds(r.parent, r.child):
			b.report.Dropped.Add(r.line, "ultimate", "%s: the chain of direct parents leads to %s", r.child, r.parent)
		default:
			b.report.Conflicts.Add(r.line, "ultimate", "%s: the chain from its direct parent %s does not lead to its ultimate parent %s, which stands beside it", r.child, first, r.parent)
			b.control(r, crossholding.ControlByIndirect)
		}
	}
}

// apart adds a relationship of a branch or a fund.
func (in *reader) apart(b *builder, r *relation) {
	switch r.kind {
	case branch:
		b.control(r, crossholding.ControlByManagement)
	case managed:
		b.funds[r.child] = true
		b.control(r, crossholding.ControlByManagement)
	case subfund:
		b.funds[r.child], b.funds[r.parent] = true, true
		b.control(r, crossholding.ControlByContractual)
	case feeder:
		b.funds[r.child], b.funds[r.parent] = true, true
		b.names[r.child], b.names[r.parent] = "", ""
		in.stakes = append(in.stakes, holdings.Holding{Line: r.line, Holder: r.child, Issuer: r.parent, Since: r.since})
		in.report.Read++
	}
}
