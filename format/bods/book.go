package bods

import (
	"cmp"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/ratio"
)

// maxConcerts is the largest number of joint holdings that become concerts. A book can have
// 5,000 agreements.
const maxConcerts = 5000

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := in.builder()
	b.replace()
	b.makeNodes()
	b.list = make([]holdings.Holding, 0, in.statements.Len/3)
	b.relationships()
	b.beneficiaries()
	b.holdForOthers()
	joint := b.named(b.parties)
	out := crossholding.Book{AsOf: in.opt.AsOf, Agreements: b.concerts(joint), Controls: holdings.Facts(b.facts)}
	var split map[string]bool
	out.Stakes, split = holdings.Make(b.list, &in.report)
	b.place(&out, split, joint)
	return out
}

// beneficiaries gives all of a trust to its only beneficiary, if no share is stated.
func (b *builder) beneficiaries() {
	if len(b.sole) == 0 {
		return
	}
	stated := map[string]bool{}
	for i := range b.list {
		stated[b.list[i].Issuer] = stated[b.list[i].Issuer] || b.list[i].Shares.Stated
	}
	for _, trust := range slices.Sorted(maps.Keys(b.sole)) {
		list := b.sole[trust]
		if len(list) > 1 || stated[trust] {
			continue
		}
		h := &b.list[list[0]]
		h.Shares = holdings.Exactly(ratio.Int(1))
		b.report.Guessed.Add(h.Line, "beneficiary", "%s is the only beneficiary of %s, and has all of it", h.Holder, trust)
	}
}

// nomination notes a nominee or a nominator. The subject is a nomination, or the other of the
// two.
func (b *builder) nomination(st *statement, other int32, nominee bool) {
	subject := st.subject.id
	switch {
	case b.nodes[subject].nomination && nominee:
		b.nominees[subject] = append(b.nominees[subject], other)
	case nominee: // other holds for the subject
		b.holdFor[other] = append(b.holdFor[other], subject)
	default:
		b.holdFor[subject] = append(b.holdFor[subject], other)
	}
	if b.lines[subject] == 0 {
		b.lines[subject] = int(st.line)
	}
}

// holdForOthers sets who benefits from the stakes of nominees and who votes them.
func (b *builder) holdForOthers() {
	if len(b.holdFor)+len(b.nominees) == 0 {
		return
	}
	holdFor, nominees, told, holds := b.named(b.holdFor), b.named(b.nominees), map[string]bool{}, map[string]bool{}
	for i := range b.list {
		h := &b.list[i]
		nominee := h.Holder
		principals, names := holdFor[nominee], nominees[nominee]
		holds[nominee] = true
		switch {
		case len(principals) == 0 && len(names) == 0:
			continue
		case len(principals) != 1 || len(names) > 1 || principals[0] == h.Issuer || len(names) == 1 && names[0] == h.Issuer:
			if !told[nominee] {
				told[nominee] = true
				b.report.Conflicts.Add(h.Line, "nominees", "%s has %d nominators and %d nominees, or one of them is the company, and is taken to hold for itself", nominee, len(principals), len(names))
			}
			continue
		}
		if len(names) == 1 {
			h.Holder = names[0]
		}
		if h.Holder != principals[0] {
			h.Beneficiary, h.Voter = principals[0], principals[0]
		}
		b.report.Guessed.Add(h.Line, "nominee", "%s holds its stake in %s for %s, who directs the votes", h.Holder, h.Issuer, principals[0])
	}
	var idle []int32 // nominees and nominations without a stake
	for _, lists := range []map[int32][]int32{b.holdFor, b.nominees} {
		for i := range lists {
			if !holds[b.ids[i]] {
				idle = append(idle, i)
			}
		}
	}
	slices.Sort(idle)
	for _, i := range slices.Compact(idle) {
		b.report.Dropped.Add(b.lines[i], "nominees", "%s is a nominee or a nomination, and has no stake in the file: for whom it would hold is left out", b.ids[i])
	}
}

// named returns lists of nodes as ids, sorted and each once.
func (b *builder) named(lists map[int32][]int32) map[string][]string {
	out := make(map[string][]string, len(lists))
	for i, list := range lists {
		ids := make([]string, len(list))
		for k, n := range list {
			ids[k] = b.ids[n]
		}
		slices.Sort(ids)
		out[b.ids[i]] = slices.Compact(ids)
	}
	return out
}

// concerts returns the agreements of those who hold jointly through an arrangement.
func (b *builder) concerts(joint map[string][]string) []crossholding.Agreement {
	var out []crossholding.Agreement
	lines := map[string]int{}
	for i := range b.parties {
		lines[b.ids[i]] = b.lines[i]
	}
	for _, id := range slices.Sorted(maps.Keys(joint)) {
		parties := joint[id]
		switch {
		case len(parties) < 2:
			continue
		case len(out) == maxConcerts:
			b.report.Dropped.Add(lines[id], "joint", "%s: its %d parties act in concert, and a book has at most %d agreements", id, len(parties), maxConcerts)
			continue
		}
		out = append(out, crossholding.Agreement{ID: b.fresh(jointPrefix + id), Kind: crossholding.AgreementConcert, Holders: parties})
		b.report.Guessed.Add(lines[id], "joint", "%s: its %d parties act in concert", id, len(parties))
	}
	return out
}

// jointPrefix begins the id of the concert of those who hold through an arrangement.
const jointPrefix = "joint:"

// place puts the nodes into the book, in the order of their ids. A nomination without a stake of
// its own is left out.
func (b *builder) place(out *crossholding.Book, split map[string]bool, joint map[string][]string) {
	number := b.numbers()
	issuer, used, controlled := make([]bool, len(b.ids)), make([]bool, len(b.ids)), make([]bool, len(b.ids))
	use := func(id string) {
		if id != "" {
			used[number(id)] = true
		}
	}
	at := 0 // the issuers are in order, and none is an unknown owner
	for i := range out.Stakes {
		s := &out.Stakes[i]
		for b.ids[at] != s.Issuer {
			at++
		}
		issuer[at] = true
		use(s.Holder)
		use(s.Beneficiary)
		use(s.Voter)
	}
	for _, c := range out.Controls {
		controlled[number(c.Company)] = true
		use(c.Controller)
	}
	for i := range b.parties {
		members := joint[b.ids[i]]
		if len(members) < 2 {
			continue
		}
		for _, m := range members {
			use(m)
		}
		nested := slices.ContainsFunc(members, func(m string) bool { return len(joint[m]) > 1 })
		if !nested && !issuer[i] && !controlled[i] {
			b.nodes[i].kind = crossholding.KindJoint
		}
	}
	companies, parties := 0, 0
	for i := range b.nodes {
		switch n := &b.nodes[i]; {
		case n.known && n.kind == "":
			companies++
		case n.known:
			parties++
		}
	}
	out.Companies, out.Parties = slices.Grow(out.Companies, companies), slices.Grow(out.Parties, parties)
	for _, id := range b.order() {
		b.put(out, id, issuer[id], used[id] || issuer[id] || controlled[id], controlled[id], split, joint)
	}
}

// order returns the nodes in the order of their ids.
func (b *builder) order() []int32 {
	if len(b.ids) > b.sorted {
		return radix.Order(len(b.ids), func(i int32) string { return b.ids[i] })
	}
	out := make([]int32, len(b.ids))
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// numbers returns a function that gives the number of the id of a node.
func (b *builder) numbers() func(id string) int32 {
	extra := map[string]int32{}
	for i := b.sorted; i < len(b.ids); i++ {
		extra[b.ids[i]] = int32(i)
	}
	return func(id string) int32 {
		if i, ok := extra[id]; ok {
			return i
		}
		i, _ := slices.BinarySearch(b.ids[:b.sorted], id)
		return int32(i)
	}
}

// put puts a node into the book.
func (b *builder) put(out *crossholding.Book, i int32, issuer, taken, controlled bool, split map[string]bool, joint map[string][]string) {
	n, id := &b.nodes[i], b.ids[i]
	switch {
	case !n.known || n.nomination && !taken:
		return
	case n.closed && !taken:
		b.report.Dropped.Add(int(n.line), "closed", "%s: the record is closed", id)
		return
	case n.line > 0 && int(i) < b.sorted && b.records[i] != nil:
		b.report.Read++
	}
	uncontrollable := controlled && (n.kind == crossholding.KindState || n.kind == crossholding.KindPublic)
	if n.kind != "" && !issuer && !uncontrollable {
		p := crossholding.Party{ID: id, Name: n.name, Kind: n.kind, Country: n.country}
		if n.kind == crossholding.KindJoint {
			p.Members = joint[id]
		}
		out.Parties = append(out.Parties, p)
		return
	}
	switch {
	case n.kind != "":
		b.report.Guessed.Add(int(n.line), "kind", "%s is a %s, and somebody owns or controls it: it is taken as a company", id, string(n.kind))
	case n.untyped && !issuer:
		b.report.Guessed.Add(int(n.line), "kind", "%s is of the type %q: it is taken as a company", id, cmp.Or(b.words.At(n.entity), "not stated"))
	}
	c := crossholding.Company{ID: id, Name: n.name, Country: n.country, Listed: n.listed}
	if split[id] {
		c.Shares = holdings.Classes()
	}
	out.Companies = append(out.Companies, c)
}
