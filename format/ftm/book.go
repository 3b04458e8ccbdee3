package ftm

import (
	"runtime"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
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
			day, ok := in.days.Day(value)
			if !ok {
				in.fault(crossholding.ErrDate, "%s: the %s %q is no day", f.name(), propertyNames[d.property], string(value))
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
	r.since, r.end = in.words.Put([]byte(p.From)), in.words.Put([]byte(p.End))
	return true
}

// builder makes the book of what has been read. Its nodes have the numbers of their ids in order.
type builder struct {
	*reader
	ids                      []string // of the nodes, in order
	place                    []int32  // of a node: its place in the file, as the number of a node of the reader
	chains                   holdings.Chains
	issuer, used, controlled []bool
}

// builder returns the builder of what has been read, whose ids become nodes.
func (in *reader) builder() *builder {
	b := &builder{reader: in}
	names, place := in.ids.Sorted(runtime.GOMAXPROCS(0))
	b.ids, b.place = names.Strings(), place
	in.ids = nil
	n := len(b.ids)
	number := make([]int32, n)
	for k, i := range b.place {
		number[i] = int32(k)
	}
	indirect := false
	for i := range in.relations {
		r := &in.relations[i]
		r.from, r.to, indirect = number[r.from], number[r.to], indirect || r.indirect
	}
	for i := 0; indirect && i < len(in.relations); i++ {
		if r := &in.relations[i]; !r.indirect {
			b.chains.Add(r.from, r.to)
		}
	}
	b.issuer, b.used, b.controlled = make([]bool, n), make([]bool, n), make([]bool, n)
	return b
}

// node returns a node.
func (b *builder) node(i int32) *node { return &b.nodes[b.place[i]] }

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := in.builder()
	out := crossholding.Book{AsOf: in.opt.AsOf}
	list := make([]holdings.Holding, 0, len(in.relations))
	for i := range in.relations {
		r := &in.relations[i]
		if !b.keeps(r) {
			continue
		}
		b.used[r.from], b.used[r.to] = true, true
		if r.by != 0 {
			b.controlled[r.to] = true
			out.Controls = append(out.Controls, b.fact(r))
			continue
		}
		b.issuer[r.to] = true
		list = append(list, holdings.Holding{Line: int(r.line), Holder: b.ids[r.from], Issuer: b.ids[r.to], Shares: in.sizes[r.size], Since: date.Date(in.words.At(r.since))})
	}
	out.Controls = holdings.Facts(out.Controls)
	out.Stakes, _ = holdings.Make(list, &in.report.Report)
	b.note()
	parties := 0
	for i := range b.nodes {
		if b.nodes[i].kind == person {
			parties++
		}
	}
	out.Companies, out.Parties = slices.Grow(out.Companies, len(b.ids)-parties), slices.Grow(out.Parties, parties)
	for i := range b.ids {
		b.put(&out, int32(i))
	}
	return out
}

// keeps reports whether a relation is for the book.
func (b *builder) keeps(r *relation) bool {
	from, to, line := b.node(r.from).kind, b.node(r.to).kind, int(r.line)
	switch {
	case to == person:
		b.report.Dropped.Add(line, "person", "%s owns or controls %s, a person", b.ids[r.from], b.ids[r.to])
		return false
	case to == thing || from == thing:
		b.report.Dropped.Add(line, "asset", "%s owns or controls %s, and one of them is a thing", b.ids[r.from], b.ids[r.to])
		return false
	case r.by != 0 && r.from == r.to:
		b.report.Dropped.Add(line, "itself", "%s controls itself", b.ids[r.from])
		return false
	case !r.indirect:
		return true
	}
	size := b.sizes[r.size].String()
	switch b.chains.Find(r.from, r.to) {
	case holdings.Chain:
		b.report.Dropped.Add(line, "indirect", "%s in %s: the indirect %s is the work of the chain that is in the file", b.ids[r.from], b.ids[r.to], size)
		return false
	case holdings.Unsought:
		b.report.Dropped.Add(line, "search", "%s in %s: the search for its chain was given up: the indirect %s is taken as the work of a chain", b.ids[r.from], b.ids[r.to], size)
		return false
	}
	b.report.Guessed.Add(line, "indirect", "%s in %s: no chain is in the file, and the indirect %s is taken as a stake", b.ids[r.from], b.ids[r.to], size)
	return true
}

// fact returns the fact of control of a relation.
func (b *builder) fact(r *relation) crossholding.ControlFact {
	p := holdings.Period{From: date.Date(b.words.At(r.since)), End: date.Date(b.words.At(r.end))}
	c := crossholding.ControlFact{Controller: b.ids[r.from], Company: b.ids[r.to], By: knownMeans[r.by], Source: b.words.At(r.source), From: p.First(), To: p.Last()}
	if c.To != "" && c.From > c.To {
		c.From = c.To
	}
	return c
}

// note reports on the nodes in the order of the file.
func (b *builder) note() {
	number := make([]int32, len(b.place))
	for k, i := range b.place {
		number[i] = int32(k)
	}
	for i := range b.nodes {
		n, k := &b.nodes[i], number[i]
		switch {
		case n.kind == thing:
			b.report.Read--
			b.report.Dropped.Add(int(n.line), "schema", "%s is a thing, and no party", b.ids[k])
		case n.kind == unlisted && b.used[k]:
			b.report.Guessed.Add(int(n.named), "unlisted", "%s is not in the file, and is taken as a company", b.ids[k])
		case n.kind == legalEntity && !b.issuer[k] && !b.controlled[k]:
			b.report.Guessed.Add(int(n.line), "kind", "%s is a LegalEntity, which can be a person or a company: it is taken as a company", b.ids[k])
		case (n.kind == publicBody || n.kind == trust) && b.issuer[k], n.kind == publicBody && b.controlled[k]:
			b.report.Guessed.Add(int(n.line), "kind", "%s is a %s, and somebody owns or controls it: it is taken as a company", b.ids[k], schemaNames[n.kind])
		}
	}
}

// put puts an entity into the book. Entities without a stake and without a fact are in it too.
func (b *builder) put(out *crossholding.Book, i int32) {
	n, id := b.node(i), b.ids[i]
	if n.kind == thing || n.kind == unlisted && !b.used[i] {
		return
	}
	if n.sanctioned {
		b.report.Sanctioned = append(b.report.Sanctioned, id)
	}
	party := n.kind == person || (n.kind == publicBody || n.kind == trust) && !b.issuer[i]
	if !party || n.kind == publicBody && b.controlled[i] {
		out.Companies = append(out.Companies, crossholding.Company{ID: id, Name: n.name, Country: n.country})
		return
	}
	out.Parties = append(out.Parties, crossholding.Party{ID: id, Name: n.name, Kind: partyKinds[n.kind], Country: n.country})
}

// partyKinds are the kinds of parties.
var partyKinds = [...]crossholding.PartyKind{person: crossholding.KindPerson, publicBody: crossholding.KindState, trust: crossholding.KindTrust}

// schemaNames are the schemata of entities that become companies if others hold them.
var schemaNames = [...]string{publicBody: "PublicBody", trust: "Trust"}
