package ftm

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
)

// period reads the first and the last day of a relation. It returns false if the relation is
// not in force.
func (in *reader) period(r *relation) bool {
	f := &in.fields
	p := holdings.Period{}
	for _, d := range []struct {
		property property
		latest   bool
	}{{startDate, false}, {endDate, true}} {
		for _, value := range f.values[d.property] {
			text := string(value)
			day, ok := holdings.Day(text)
			if !ok {
				in.fault(crossholding.ErrDate, "%s: the %s %q is no day", f.name(), propertyNames[d.property], text)
				return false
			}
			switch {
			case d.latest:
				p.End = max(p.End, day)
			case p.From == "" || day < p.From:
				p.From = day
			}
		}
	}
	began, guess := p.Began(in.opt.AsOf)
	ended, guessEnd := p.Ended(in.opt.AsOf)
	switch {
	case !began:
		in.report.Dropped.Add(in.line, "future", "%s begins on %s", f.name(), string(p.From))
		return false
	case ended:
		in.report.Dropped.Add(in.line, "ended", "%s ended on %s", f.name(), string(p.End))
		return false
	case guess || guessEnd:
		in.report.Guessed.Add(in.line, "date", "%s: from %s to %s is taken as in force", f.name(), string(p.From), string(p.End))
	}
	r.since, r.end = p.From, p.End
	return true
}

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := crossholding.Book{AsOf: in.opt.AsOf}
	var chains holdings.Chains
	for _, r := range in.relations {
		if !r.indirect {
			chains.Add(in.nodes[r.from].id, in.nodes[r.to].id)
		}
	}
	var list []holdings.Holding
	issuer, used, controlled := map[int32]bool{}, map[int32]bool{}, map[int32]bool{}
	for i := range in.relations {
		r := &in.relations[i]
		if in.line = r.line; !in.keeps(r, &chains) {
			continue
		}
		used[r.from], used[r.to] = true, true
		if r.by != "" {
			controlled[r.to] = true
			b.Controls = append(b.Controls, in.fact(r))
			continue
		}
		issuer[r.to] = true
		list = append(list, holdings.Holding{Line: r.line, Holder: in.nodes[r.from].id, Issuer: in.nodes[r.to].id, Shares: r.size, Since: r.since})
	}
	b.Controls = holdings.Facts(b.Controls)
	b.Stakes, _ = holdings.Make(list, &in.report.Report)
	for i := range in.nodes {
		in.place(&b, int32(i), issuer, used, controlled)
	}
	slices.SortFunc(b.Companies, func(a, b crossholding.Company) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(b.Parties, func(a, b crossholding.Party) int { return strings.Compare(a.ID, b.ID) })
	slices.Sort(in.report.Sanctioned)
	return b
}

// keeps reports whether a relation is for the book.
func (in *reader) keeps(r *relation, chains *holdings.Chains) bool {
	from, to := &in.nodes[r.from], &in.nodes[r.to]
	switch {
	case to.kind == person:
		in.report.Dropped.Add(r.line, "person", "%s owns or controls %s, a person", from.id, to.id)
		return false
	case to.kind == thing || from.kind == thing:
		in.report.Dropped.Add(r.line, "asset", "%s owns or controls %s, and one of them is a thing", from.id, to.id)
		return false
	case r.by != "" && r.from == r.to:
		in.report.Dropped.Add(r.line, "itself", "%s controls itself", from.id)
		return false
	case r.indirect && chains.Holds(from.id, to.id):
		in.report.Dropped.Add(r.line, "indirect", "%s in %s: the indirect %s is the work of the chain that is in the file", from.id, to.id, r.size.String())
		return false
	case r.indirect:
		in.report.Guessed.Add(r.line, "indirect", "%s in %s: no chain is in the file, and the indirect %s is taken as a stake", from.id, to.id, r.size.String())
	}
	return true
}

// fact returns the fact of control of a relation.
func (in *reader) fact(r *relation) crossholding.ControlFact {
	p := holdings.Period{From: r.since, End: r.end}
	c := crossholding.ControlFact{Controller: in.nodes[r.from].id, Company: in.nodes[r.to].id, By: r.by, Source: r.source, From: p.First(), To: p.Last()}
	if c.To != "" && c.From > c.To {
		c.From = c.To
	}
	return c
}

// place puts an entity into the book. Entities without a stake and without a fact are in it too.
func (in *reader) place(b *crossholding.Book, i int32, issuer, used, controlled map[int32]bool) {
	n := &in.nodes[i]
	switch {
	case n.kind == thing:
		in.report.Read--
		in.report.Dropped.Add(int(n.line), "schema", "%s is a thing, and no party", n.id)
		return
	case n.kind == unlisted && !used[i]:
		return
	case n.kind == unlisted:
		in.report.Guessed.Add(0, "unlisted", "%s is not in the file, and is taken as a company", n.id)
	}
	if n.sanctioned {
		in.report.Sanctioned = append(in.report.Sanctioned, n.id)
	}
	party := n.kind == person || (n.kind == publicBody || n.kind == trust) && !issuer[i]
	if !party || n.kind == publicBody && controlled[i] {
		b.Companies = append(b.Companies, crossholding.Company{ID: n.id, Name: n.name, Country: n.country})
		return
	}
	kind := map[kind]crossholding.PartyKind{person: crossholding.KindPerson, publicBody: crossholding.KindState, trust: crossholding.KindTrust}[n.kind]
	b.Parties = append(b.Parties, crossholding.Party{ID: n.id, Name: n.name, Kind: kind, Country: n.country})
}
