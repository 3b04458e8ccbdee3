package gleif

import (
	"runtime"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// builder makes the book of the records. Its nodes have the numbers of their ids in order.
type builder struct {
	in      *reader
	report  *format.Report
	ids     []string        // of the nodes, in order
	chains  holdings.Chains // of direct parents
	facts   []crossholding.ControlFact
	used    []bool                       // whether a node is in the book
	unnamed []bool                       // whether a node is a parent that is not named
	funds   []bool                       // whether a node is a fund
	sources map[[2]int32]string          // of facts, by type and word of the standard of accounting
	periods map[[2]int32]holdings.Period // first and last days, by words
}

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := in.builder()
	parent := b.direct()
	b.ultimate(parent)
	for i := range in.relations {
		b.apart(&in.relations[i])
	}
	b.parents()
	in.report.Read += len(b.facts)

	out := crossholding.Book{AsOf: in.opt.AsOf, Controls: holdings.Facts(b.facts)}
	var list []holdings.Holding
	issuers := map[string]bool{}
	for _, s := range in.stakes {
		list = append(list, holdings.Holding{Line: s.line, Holder: b.ids[s.holder], Issuer: b.ids[s.issuer], Shares: s.size, Since: date.Date(in.words.At(s.since))})
	}
	out.Stakes, _ = holdings.Make(list, &in.report)
	for i := range out.Stakes {
		issuers[out.Stakes[i].Issuer] = true
	}
	companies := 0
	for i, id := range b.ids {
		name := ""
		if b.unnamed[i] {
			name = "unnamed parent of " + id[len(unnamedPrefix):]
		}
		switch {
		case !b.used[i]:
		case b.funds[i] && !issuers[id]:
			out.Parties = append(out.Parties, crossholding.Party{ID: id, Name: name, Kind: crossholding.KindFund})
		default:
			out.Companies = append(out.Companies, crossholding.Company{ID: id, Name: name})
			companies++
		}
	}
	if companies > 0 {
		in.report.Guessed.Add(0, "kind", "all %d entities that no relationship of funds names, or in which funds hold, are taken as companies, because the file does not state what they are", companies)
	}
	return out
}

// builder returns the builder of what has been read, whose ends become nodes.
func (in *reader) builder() *builder {
	b := &builder{in: in, report: &in.report, periods: map[[2]int32]holdings.Period{}, sources: map[[2]int32]string{}}
	names, number := in.ids.Sorted(runtime.GOMAXPROCS(0))
	in.ids = nil
	node := make([]int32, len(number))
	for k, i := range number {
		node[i] = int32(k)
	}
	for i := range in.relations {
		r := &in.relations[i]
		r.child, r.parent = node[r.child], node[r.parent]
	}
	for i := range in.stakes {
		s := &in.stakes[i]
		s.holder, s.issuer = node[s.holder], node[s.issuer]
	}
	for i := range in.exceptions {
		e := &in.exceptions[i]
		e.lei, e.parent = node[e.lei], node[e.parent]
	}
	b.ids = names.Strings()
	n := len(b.ids)
	b.used, b.unnamed, b.funds = make([]bool, n), make([]bool, n), make([]bool, n)
	b.facts = make([]crossholding.ControlFact, 0, len(in.relations)+len(in.exceptions))
	return b
}

// fact adds a fact of control and its ends.
func (b *builder) fact(controller, company int32, f crossholding.ControlFact) {
	b.used[controller], b.used[company] = true, true
	b.unnamed[controller], b.unnamed[company] = false, false
	f.Controller, f.Company = b.ids[controller], b.ids[company]
	b.facts = append(b.facts, f)
}

// control adds the fact of control of a relationship.
func (b *builder) control(r *relation, by crossholding.ControlMeans) {
	key := [2]int32{int32(r.kind), r.standard}
	source := b.sources[key]
	if source == "" {
		source = "GLEIF: " + r.kind.String()
		if r.standard != 0 {
			source += " (" + b.in.words.At(r.standard) + ")"
		}
		b.sources[key] = source
	}
	p, ok := b.periods[[2]int32{r.since, r.end}]
	if !ok {
		p = holdings.Period{From: date.Date(b.in.words.At(r.since)), End: date.Date(b.in.words.At(r.end))}
		p.From, p.End = p.First(), p.Last()
		b.periods[[2]int32{r.since, r.end}] = p
	}
	b.fact(r.parent, r.child, crossholding.ControlFact{By: by, Source: source, From: p.From, To: p.End})
}

// direct adds the facts of direct parents. It returns the first direct parent of each node, or -1.
func (b *builder) direct() (parent []int32) {
	parent, lines := make([]int32, len(b.ids)), make([]int, len(b.ids))
	for i := range parent {
		parent[i] = -1
	}
	others := map[[2]int32]int{} // lines of parents that are not the first
	for i := range b.in.relations {
		r := &b.in.relations[i]
		if r.kind != direct {
			continue
		}
		line := others[[2]int32{r.child, r.parent}]
		if parent[r.child] == r.parent {
			line = lines[r.child]
		}
		switch {
		case line > 0:
			b.report.Conflicts.Add(r.line, "repeated", "%s: line %d has the same direct parent %s", b.ids[r.child], line, b.ids[r.parent])
			continue
		case parent[r.child] >= 0:
			b.report.Conflicts.Add(r.line, "parents", "%s: %s is its direct parent, and %s is too", b.ids[r.child], b.ids[r.parent], b.ids[parent[r.child]])
			others[[2]int32{r.child, r.parent}] = r.line
		default:
			parent[r.child], lines[r.child] = r.parent, r.line
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
func (b *builder) ultimate(parent []int32) {
	for i := range b.in.relations {
		r := &b.in.relations[i]
		if parent[r.child] >= 0 || r.kind != ultimate {
			continue
		}
		b.report.Guessed.Add(r.line, "ultimate", "%s: no direct parent is in the file, and %s controls it through others", b.ids[r.child], b.ids[r.parent])
		b.chains.Add(r.parent, r.child)
		b.control(r, crossholding.ControlByIndirect)
	}
	for i := range b.in.relations {
		r := &b.in.relations[i]
		if parent[r.child] < 0 || r.kind != ultimate {
			continue
		}
		switch b.chains.Find(r.parent, r.child) {
		case holdings.Chain:
			b.report.Dropped.Add(r.line, "ultimate", "%s: the chain of direct parents leads to %s", b.ids[r.child], b.ids[r.parent])
		case holdings.Unsought:
			b.report.Dropped.Add(r.line, "search", "%s: the search for a chain of direct parents to its ultimate parent %s was given up: it is taken to be there", b.ids[r.child], b.ids[r.parent])
		default:
			b.report.Conflicts.Add(r.line, "ultimate", "%s: the chain from its direct parent %s does not lead to its ultimate parent %s, which stands beside it",
				b.ids[r.child], b.ids[parent[r.child]], b.ids[r.parent])
			b.control(r, crossholding.ControlByIndirect)
		}
	}
}

// apart adds a relationship of a branch or a fund.
func (b *builder) apart(r *relation) {
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
		b.used[r.child], b.used[r.parent] = true, true
		b.in.stakes = append(b.in.stakes, stake{holder: r.child, issuer: r.parent, since: r.since, line: r.line})
		b.in.report.Read++
	}
}
