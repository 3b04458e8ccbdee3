package bods

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// builder makes the book. Its nodes have the numbers of their ids in order, but for the unknown
// owners, which come after them.
type builder struct {
	*reader
	ids      []string
	records  []*statement // by id; nil if there is none that stands
	replaced map[int32]int32
	nodes    []node
	sorted   int             // ids that are in order
	extra    map[string]bool // the other ids
	list     []holdings.Holding
	facts    []crossholding.ControlFact
	chains   holdings.Chains
	linked   []link            // what chains has, if there is something to look for
	pending  []pending         // indirect interests
	sole     map[string][]int  // of a trust: the holdings of beneficiaries without a share
	parties  map[int32][]int32 // of an arrangement: who has an interest in it
	nominees map[int32][]int32 // of a nomination
	holdFor  map[int32][]int32 // of a nomination or a nominee: its nominators
	lines    map[int32]int     // of an arrangement: the first line that names a party of it
}

// link is a holding.
type link struct{ holder, issuer int32 }

// pending is an interest that is indirect and waits until the chains are known.
type pending struct {
	st    *statement
	other int32
	list  []interest
}

// builder returns the builder of what has been read, whose ids become nodes.
func (in *reader) builder() *builder {
	b := &builder{reader: in, sole: map[string][]int{}, parties: map[int32][]int32{}, nominees: map[int32][]int32{},
		holdFor: map[int32][]int32{}, lines: map[int32]int{}, extra: map[string]bool{}}
	names, number := in.ids.Sorted(runtime.GOMAXPROCS(0))
	b.ids = names.Strings()
	in.ids = nil
	n := len(b.ids)
	b.sorted, b.nodes, b.records = n, make([]node, n), make([]*statement, n)
	place := make([]int32, n)
	for k, i := range number {
		place[i] = int32(k)
		if at := in.of[i]; at > 0 {
			b.records[k] = in.statements.At(at - 1)
		}
	}
	for _, st := range b.records {
		if st != nil {
			st.renumber(place)
		}
	}
	return b
}

// renumber replaces the ids of a statement.
func (st *statement) renumber(place []int32) {
	list := func(l []int32) {
		for i := range l {
			l[i] = place[l[i]]
		}
	}
	st.record = place[st.record]
	list(st.replaces)
	if r := st.relationship; r != nil {
		for _, p := range []*party{&r.subject, &r.interested} {
			if p.id != nobody {
				p.id = place[p.id]
			}
		}
		list(r.components)
	}
}

// person reports whether a node is a natural person.
func (b *builder) person(id int32) bool { return b.nodes[id].kind == crossholding.KindPerson }

// relationships reads the relationships in force.
func (b *builder) relationships() {
	for id, st := range b.records {
		if st == nil || st.kind != relationshipStatement {
			continue
		}
		if st.rank == closed {
			b.report.Dropped.Add(int(st.line), "closed", "%s: the relationship is closed", b.ids[id])
			continue
		}
		b.relation(st)
	}
	for _, l := range b.linked {
		if len(b.pending) > 0 {
			b.chains.Add(l.holder, l.issuer)
		}
	}
	for _, p := range b.pending {
		b.indirect(p)
	}
}

// relation reads one relationship.
func (b *builder) relation(st *statement) {
	line := int(st.line)
	if st.subject.id == nobody {
		b.report.Dropped.Add(line, "no subject", "%s: the subject is not specified (%s)", b.ids[st.record], b.words.At(st.subject.reason))
		return
	}
	subject, ok1 := b.find(st.subject.id, line)
	other, ok2 := b.interested(st, subject)
	if !ok1 || !ok2 {
		return
	}
	if b.person(subject) {
		b.report.Dropped.Add(line, "person", "%s has an interest in %s, a person", b.ids[other], b.ids[subject])
		return
	}
	if subject == other && !slices.ContainsFunc(st.interests, func(f interest) bool { return b.words.At(f.kind) == "shareholding" }) {
		b.report.Dropped.Add(line, "itself", "%s has an interest in itself", b.ids[subject])
		return
	}
	st.subject.id = subject
	var direct, indirect []interest
	direct = st.interests[:0:0]
	for i := range st.interests {
		switch f := &st.interests[i]; {
		case !b.inForce(st, f):
		case f.indirect || len(st.components) > 0 && !f.direct:
			indirect = append(indirect, *f)
		case len(direct) == i: // all so far
			direct = st.interests[: i+1 : i+1]
		default:
			direct = append(direct, *f)
		}
	}
	if len(st.interests) == 0 {
		if st.interested.id != nobody {
			b.report.Dropped.Add(line, "no interest", "%s in %s: no interest is stated", b.ids[other], b.ids[subject])
			return
		}
		direct = append(direct, interest{kind: b.words.Put([]byte("shareholding"))})
	}
	if len(direct) > 0 {
		b.report.Read++
		b.interests(st, other, direct)
	}
	if len(indirect) > 0 {
		b.pending = append(b.pending, pending{st, other, indirect})
	}
}

// find returns the record that a reference leads to.
func (b *builder) find(id int32, line int) (int32, bool) {
	if last, ok := b.last(id); ok {
		id = last
	}
	if n := &b.nodes[id]; n.known {
		if n.closed {
			b.report.Conflicts.Add(line, "open", "the record %s is closed since line %d, and a relationship of it stands", b.ids[id], int(n.line))
		}
		return id, true
	}
	if why := holdings.IDFault(b.ids[id]); why != "" {
		b.faults.AddRecord(line, crossholding.ErrRange, "the id %q %s", b.ids[id], why)
		return 0, false
	}
	b.report.Guessed.Add(line, "unlisted", "the record %s is not in the file, and is taken as a company", b.ids[id])
	b.nodes[id] = node{known: true}
	return id, true
}

// noOwner are the reasons that say that there is no owner, or none to be stated.
var noOwner = map[string]bool{"noBeneficialOwners": true, "noNotifiableOwners": true, "subjectExemptFromDisclosure": true,
	"no-beneficial-owners": true, "no-notifiable-owners": true, "subject-exempt-from-disclosure": true}

// interested returns the party of a relationship. A party that is not specified becomes an
// unknown owner.
func (b *builder) interested(st *statement, subject int32) (int32, bool) {
	p, line := &st.relationship.interested, int(st.line)
	reason := b.words.At(p.reason)
	switch {
	case p.id != nobody:
		return b.find(p.id, line)
	case noOwner[reason]:
		b.report.Dropped.Add(line, "no owner", "%s: %s %s", b.ids[subject], reason, p.description)
		return 0, false
	}
	id := b.fresh("unknown:" + b.ids[st.record])
	b.extra[id] = true
	i := int32(len(b.ids))
	b.ids = append(b.ids, id)
	b.nodes = append(b.nodes, node{known: true, name: "unknown owner of " + b.ids[subject], kind: crossholding.KindPerson, line: st.line})
	b.report.Guessed.Add(line, "unspecified", "%s: the party is not specified (%s %s), and is the unknown owner %s, a person", b.ids[subject], reason, p.description, id)
	return i, true
}

// fresh returns an id that no node has, short enough for a book.
func (b *builder) fresh(id string) string {
	if len(id) > 180 {
		sum := sha256.Sum256([]byte(id))
		id = fmt.Sprintf("%s-%x", strings.ToValidUTF8(id[:120], ""), sum[:10])
	}
	for b.has(id) {
		id += "+"
	}
	return id
}

// has reports whether there is a node of an id.
func (b *builder) has(id string) bool {
	i, ok := slices.BinarySearch(b.ids[:b.sorted], id)
	return ok && b.nodes[i].known || b.extra[id]
}

// inForce reports whether an interest is in force.
func (b *builder) inForce(st *statement, f *interest) bool {
	if f.from == 0 && f.end == 0 {
		return true
	}
	kind, record, line := b.words.At(f.kind), b.ids[st.record], int(st.line)
	from, ok1 := holdings.Day(b.words.At(f.from))
	end, ok2 := holdings.Day(b.words.At(f.end))
	if !ok1 || !ok2 {
		b.faults.AddRecord(line, crossholding.ErrDate, "%s: an interest from %q to %q: that is no day", record, b.words.At(f.from), b.words.At(f.end))
		return false
	}
	p := holdings.Period{From: from, End: end}
	began, guess := p.Began(b.opt.AsOf)
	ended, guessEnd := p.Ended(b.opt.AsOf)
	switch {
	case !began:
		b.report.Dropped.Add(line, "future", "%s: %s begins on %s", record, kind, b.words.At(f.from))
	case ended:
		b.report.Dropped.Add(line, "ended", "%s: %s ended on %s", record, kind, b.words.At(f.end))
	case guess || guessEnd:
		b.report.Guessed.Add(line, "date", "%s: %s from %s to %s is taken as in force", record, kind, b.words.At(f.from), b.words.At(f.end))
	}
	return began && !ended
}

// indirect reads indirect interests, unless the chain that carries them is in the file.
func (b *builder) indirect(p pending) {
	st, line := p.st, int(p.st.line)
	subject, other := b.ids[st.subject.id], b.ids[p.other]
	link := b.chains.Find(p.other, st.subject.id)
	if slices.ContainsFunc(st.components, b.stands) {
		link = holdings.Chain
	}
	for i := range p.list {
		f := &p.list[i]
		what := b.words.At(f.kind)
		if f.size != 0 {
			what += " of " + b.sizes[f.size].String()
		}
		switch link {
		case holdings.Chain:
			b.report.Dropped.Add(line, "indirect", "%s in %s: indirect interest represented by its components: %s", other, subject, what)
		case holdings.Unsought:
			b.report.Dropped.Add(line, "search", "%s in %s: the search for its chain was given up, and the indirect interest is taken as represented by one: %s", other, subject, what)
		default:
			b.report.Guessed.Add(line, "indirect", "%s in %s: no chain is in the file, and the indirect interest is taken as direct: %s", other, subject, what)
		}
	}
	if link == holdings.NoChain {
		b.report.Read++
		b.interests(st, p.other, p.list)
		b.chains.Add(p.other, st.subject.id)
	}
}

// stands reports whether a relationship of an id is in force.
func (b *builder) stands(id int32) bool {
	last, _ := b.last(id)
	st := b.records[last]
	return st != nil && st.kind == relationshipStatement && st.rank != closed
}

// interests reads the interests of one party in one subject.
func (b *builder) interests(st *statement, other int32, list []interest) {
	subject, line := st.subject.id, int(st.line)
	b.linked = append(b.linked, link{other, subject})
	shares := slices.ContainsFunc(list, func(f interest) bool { return b.words.At(f.kind) == "shareholding" })
	tied := false
	for i := range list {
		f := &list[i]
		kind, size := b.words.At(f.kind), b.sizes[f.size]
		from, _ := holdings.Day(b.words.At(f.from))
		h := holdings.Holding{Line: line, Holder: b.ids[other], Issuer: b.ids[subject], Since: from}
		dropped := func(rule string) {
			b.report.Dropped.Add(line, rule, "%s in %s: %s %s", b.ids[other], b.ids[subject], kind, f.note)
		}
		switch kind {
		case "shareholding":
			h.Shares = size
			b.list = append(b.list, h)
		case "votingrights":
			if h.Votes = size; !size.Stated {
				h.Votes, _ = holdings.Between(ratio.Interval{Hi: ratio.Int(1), LoOpen: true})
			}
			b.list = append(b.list, h)
		case "rightstosurplusassetsondissolution", "rightstosurplusassets", "rightstoprofitorincome":
			if shares || !size.Stated {
				dropped("economic")
				continue
			}
			shares = true
			h.Shares = size
			b.list = append(b.list, h)
			b.report.Guessed.Add(line, "economic", "%s in %s: %s of %s is taken as shares", b.ids[other], b.ids[subject], kind, size.String())
		case "nominee", "nominator":
			b.nomination(st, other, kind == "nominee")
			continue
		default:
			if rule := b.other(st, other, f, h); rule != "" {
				dropped(rule)
				tied = tied || rule == "unknown interest"
				continue
			}
		}
		tied = true
	}
	if tied && b.nodes[subject].joint {
		b.parties[subject] = append(b.parties[subject], other)
		if b.lines[subject] == 0 || line < b.lines[subject] {
			b.lines[subject] = line
		}
	}
}

// leftOut gives the rule for the interests that are neither shares nor votes nor control.
var leftOut = map[string]string{
	"seniormanagingofficial": "official", "boardmember": "official", "boardchair": "official",
	"settlor": "trust role", "settloroftrust": "trust role", "protector": "trust role", "protectoroftrust": "trust role",
	"conditionalrightsgrantedbycontract": "conditional", "enjoymentanduseofassets": "assets", "righttoprofitorincomefromassets": "assets",
	"unknowninterest": "unknown interest", "unpublishedinterest": "unknown interest",
}

// other reads an interest that is neither shares nor votes. It returns the rule by which it
// is left out, or "".
func (b *builder) other(st *statement, other int32, f *interest, h holdings.Holding) string {
	kind := b.words.At(f.kind)
	switch kind {
	case "beneficiaryoflegalarrangement", "beneficiaryoftrust":
		h.Shares, h.Votes = b.sizes[f.size], holdings.Exactly(ratio.Ratio{})
		if f.size == 0 {
			b.sole[h.Issuer] = append(b.sole[h.Issuer], len(b.list))
		}
		b.list = append(b.list, h)
		return ""
	case "trustee", "trusteeoftrust":
		b.fact(st, other, f, crossholding.ControlByTrust)
		return ""
	}
	by := crossholding.ControlByContractual
	switch kind {
	case "appointmentofboard":
		by = crossholding.ControlByAppointment
	case "controlbylegalframework":
		if b.nodes[other].kind == crossholding.KindState {
			by = crossholding.ControlByState
		}
	case "otherinfluenceorcontrol", "influenceorcontrol", "otherinfluenceorcontroloftrust", "controlviacompanyrulesorarticles", "rightsgrantedbycontract":
	default:
		if rule := leftOut[kind]; rule != "" {
			return rule
		}
		return "type"
	}
	switch {
	case b.person(other) && !f.flag:
		return "influence"
	case !b.person(other):
		b.report.Guessed.Add(int(st.line), "entity", "%s in %s: %s of an entity is taken as control", h.Holder, h.Issuer, kind)
	}
	b.fact(st, other, f, by)
	return ""
}

// meansByWord are the means of control that details can begin with, as [Write] writes them.
var meansByWord = []crossholding.ControlMeans{crossholding.ControlByVoting, crossholding.ControlByAppointment,
	crossholding.ControlByManagement, crossholding.ControlByContractual, crossholding.ControlByTrust,
	crossholding.ControlByNominee, crossholding.ControlByState, crossholding.ControlByIndirect}

// fact adds a fact of control. Details such as "state: decree 12" say the means and the source.
func (b *builder) fact(st *statement, other int32, f *interest, by crossholding.ControlMeans) {
	source := strings.ToValidUTF8(f.note, "?")
	if word, rest, _ := strings.Cut(source, ":"); slices.Contains(meansByWord, crossholding.ControlMeans(word)) {
		by, source = crossholding.ControlMeans(word), strings.TrimSpace(rest)
	}
	if other == st.subject.id {
		b.report.Dropped.Add(int(st.line), "itself", "%s controls itself", b.ids[other])
		return
	}
	from, _ := holdings.Day(b.words.At(f.from))
	end, _ := holdings.Day(b.words.At(f.end))
	p := holdings.Period{From: from, End: end}
	c := crossholding.ControlFact{Controller: b.ids[other], Company: b.ids[st.subject.id], By: by, Source: source, From: p.First(), To: p.Last()}
	if c.To != "" && c.From > c.To {
		c.From = c.To
	}
	b.facts = append(b.facts, c)
}
