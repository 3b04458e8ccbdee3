package bods

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/iso3166"
)

// reader keeps the statement that stands about each record.
type reader struct {
	opt        Options
	report     format.Report
	faults     format.Faults
	parser     parser
	ids        *intern.Table          // of records, and of what refers to them
	statements intern.List[statement] // one about each record
	of         []int32                // of an id: the number of the statement about it plus 1, or 0
	words      intern.Words
	texts      intern.Texts
	again      bool // the statement is not the first about its record
	days       holdings.Days
	kinds      map[string]int32 // words of types of interests, by the texts of the file
	shares     map[string]sized // by their figures
	sizes      []holdings.Size  // the first is not stated
	key        []byte           // of a share
}

func newReader(opt Options) *reader {
	in := &reader{opt: opt, ids: intern.New(), kinds: map[string]int32{}, shares: map[string]sized{}, sizes: make([]holdings.Size, 1)}
	if opt.DropFaults {
		in.faults.Dropped = &in.report.Dropped
	}
	return in
}

// statement keeps the statement that the parser has read if it is the last about its record.
func (in *reader) statement(line int) {
	p := &in.parser
	kind, known := statementKinds[string(p.kind)]
	if !known {
		in.faults.AddRecord(line, crossholding.ErrUnknown, "%s: %q is no type of statement", string(p.record), string(p.kind))
		return
	}
	id, ok := in.id(p.record)
	if !ok || in.of[id] == 0 {
		if why := holdings.IDFault(string(p.record)); why != "" || !ok {
			in.faults.AddRecord(line, crossholding.ErrRange, "the id %q %s", string(p.record), cmp.Or(why, "is one too many"))
			return
		}
	}
	day, ok := in.days.Day(p.day)
	if !ok {
		in.faults.AddRecord(line, crossholding.ErrDate, "%s: the statement date %q is no day", string(p.record), string(p.day))
		return
	}
	if after(day, in.opt.AsOf) {
		in.report.Dropped.Add(line, "later", "%s: a statement of %s", string(p.record), string(p.day))
		return
	}
	for i := range p.interests {
		if f := &p.interests[i]; in.share(&f.share).fault != "" {
			in.faults.AddRecord(line, crossholding.ErrRange, "%s: %s: %s", string(p.record), string(plainKind(f.kind)), in.share(&f.share).fault)
			return
		}
	}
	st := statement{line: int32(line), record: id, day: in.words.Put([]byte(day)), kind: kind, rank: rankOf(p.status)}
	if in.again = in.of[id] != 0; !in.again {
		in.fill(&st)
		in.statements.Add(st)
		in.of[id] = int32(in.statements.Len)
		return
	}
	old := in.statements.At(in.of[id] - 1)
	if in.before(&st, old) {
		in.report.Dropped.Add(line, "replaced", "%s: the statement on line %d replaces it", string(p.record), int(old.line))
		return
	}
	in.report.Dropped.Add(int(old.line), "replaced", "%s: the statement on line %d replaces it", string(p.record), line)
	in.fill(&st)
	*old = st
}

// id returns the number of an id, or false if there are too many.
func (in *reader) id(text []byte) (int32, bool) {
	i, ok := in.ids.Put(text)
	if ok && int(i) == len(in.of) {
		in.of = append(in.of, 0)
	}
	return i, ok
}

// idOf returns the number of a reference, or nobody.
func (in *reader) idOf(text []byte) int32 {
	if len(text) == 0 {
		return nobody
	}
	i, ok := in.id(text)
	if !ok {
		return nobody
	}
	return i
}

// text returns a copy of a text. Those of a statement that replaces another have memory of their
// own, so that they do not outlive it if it is replaced too.
func (in *reader) text(s []byte) string {
	if in.again {
		return string(s)
	}
	return in.texts.Text(s)
}

// fill takes over the fields of the statement that has been read.
func (in *reader) fill(st *statement) {
	p := &in.parser
	st.entity, st.subtype, st.note = in.words.Put(p.entity), in.words.Put(p.subtype), in.words.Put(p.note)
	st.country, st.listed, st.name = in.words.Put(p.country), p.listed, in.text(p.name)
	st.replaces = in.references(p.replaces)
	if st.kind != relationshipStatement {
		return
	}
	r := &relationship{subject: in.party(&p.subject), interested: in.party(&p.interested), components: in.references(p.components)}
	if len(p.interests) > 0 {
		r.interests = make([]interest, len(p.interests))
	}
	for i := range p.interests {
		f := &p.interests[i]
		kind, ok := in.kinds[string(f.kind)]
		if !ok {
			kind = in.words.Put(plainKind(f.kind))
			if len(in.kinds) < maxShares {
				in.kinds[string(f.kind)] = kind
			}
		}
		r.interests[i] = interest{kind: kind, from: in.words.Put(f.from), end: in.words.Put(f.end), size: in.share(&f.share).size,
			indirect: f.indirect, direct: f.direct, flag: f.flag, note: in.text(f.note)}
	}
	st.relationship = r
}

func (in *reader) party(f *partyFields) party {
	return party{id: in.idOf(f.id), reason: in.words.Put(f.reason), description: in.text(f.description)}
}

func (in *reader) references(list [][]byte) (out []int32) {
	for _, text := range list {
		if i, ok := in.id(text); ok {
			out = append(out, i)
		}
	}
	return out
}

// replace takes out the statements that others replace.
func (b *builder) replace() {
	var list []*statement
	for _, st := range b.records {
		if st != nil && len(st.replaces) > 0 {
			list = append(list, st)
		}
	}
	slices.SortFunc(list, func(a, b *statement) int { return cmp.Compare(a.line, b.line) })
	b.replaced = map[int32]int32{}
	for _, st := range list {
		for _, old := range st.replaces {
			by, twice := b.replaced[old]
			if !twice || b.before(b.records[by], st) {
				b.replaced[old] = st.record
			}
		}
	}
	olds := make([]int32, 0, len(b.replaced))
	for old := range b.replaced {
		olds = append(olds, old)
	}
	slices.Sort(olds)
	for _, old := range olds {
		by, ok := b.last(old)
		st := b.records[old]
		switch {
		case st == nil:
		case !ok:
			b.report.Conflicts.Add(int(st.line), "cycle", "%s and others replace one another: none is taken as replaced", b.ids[old])
		default:
			b.report.Dropped.Add(int(st.line), "replaced", "%s: %s replaces it", b.ids[old], b.ids[by])
			b.records[old] = nil
		}
	}
}

// last returns the statement that stands for a statement: itself, or the last of those that
// replace one another. It returns false if they do so in a cycle.
func (b *builder) last(id int32) (int32, bool) {
	slow, step := id, false
	for {
		next, ok := b.replaced[id]
		if !ok {
			return id, true
		}
		id = next
		if step {
			slow = b.replaced[slow]
		}
		if step = !step; id == slow {
			return id, false
		}
	}
}

// node is an entity or a person of the book. The zero value is none.
type node struct {
	name, country string
	kind          crossholding.PartyKind // empty for a company
	known         bool                   // there is such a node
	joint         bool                   // an arrangement that can be a joint holding
	nomination    bool
	listed        bool
	untyped       bool  // an entity whose type does not say that it is a company
	entity        int32 // the word for its type
	closed        bool
	line          int32
}

// makeNodes makes the nodes of the records.
func (b *builder) makeNodes() {
	for id, st := range b.records {
		if st == nil || st.kind == relationshipStatement {
			continue
		}
		n := node{name: st.name, known: true, line: st.line, closed: st.rank == closed, listed: st.listed}
		if n.country = b.words.At(st.country); n.country != "" && !iso3166.Valid(n.country) {
			b.report.Dropped.Add(int(st.line), "country", "%s: %q is no country of ISO 3166", b.ids[id], n.country)
			n.country = ""
		}
		if n.kind = crossholding.KindPerson; st.kind == entityStatement {
			entity, subtype := b.words.At(st.entity), b.words.At(st.subtype)
			n.kind = entityKind(entity, subtype, b.words.At(st.note))
			n.untyped = n.kind == "" && entity != "registeredEntity" && entity != "legalEntity"
			n.entity = st.entity
			n.nomination = subtype == "nomination"
			n.joint = entity == "arrangement" && subtype != "trust" && !n.nomination
		}
		b.nodes[id] = n
	}
}

// entityKind returns the kind of an entity, or "" for a company.
func entityKind(entity, subtype, note string) crossholding.PartyKind {
	switch {
	case entity == "state" || entity == "stateBody":
		return crossholding.KindState
	case subtype == "trust" || entity == "trust":
		return crossholding.KindTrust
	}
	for _, k := range []crossholding.PartyKind{crossholding.KindCompany, crossholding.KindFund, crossholding.KindPublic} {
		if note == string(k) {
			return k
		}
	}
	return ""
}
