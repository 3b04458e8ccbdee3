package bods

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// maxConcerts is the largest number of joint holdings that become concerts. A book can have
// 5,000 agreements.
const maxConcerts = 5000

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	in.replace()
	b := builder{reader: in, nodes: in.nodes(), sole: map[string][]int{}, parties: map[string][]string{},
		nominees: map[string][]string{}, holdFor: map[string][]string{}, lines: map[string]int{}}
	b.relationships()
	b.beneficiaries()
	b.holdForOthers()
	out := crossholding.Book{AsOf: in.opt.AsOf, Agreements: b.concerts(), Controls: holdings.Facts(b.facts)}
	var split map[string]bool
	out.Stakes, split = holdings.Make(b.list, &in.report)
	b.place(&out, split)
	return out
}

// beneficiaries gives all of a trust to its only beneficiary, if no share is stated.
func (b *builder) beneficiaries() {
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
func (b *builder) nomination(st *statement, other string, nominee bool) {
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
		b.lines[subject] = st.line
	}
}

// holdForOthers sets who benefits from the stakes of nominees and who votes them.
func (b *builder) holdForOthers() {
	told := map[string]bool{}
	for i := range b.list {
		h := &b.list[i]
		nominee := h.Holder
		principals := unique(b.holdFor[nominee])
		names := unique(b.nominees[nominee])
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
}

func unique(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// concerts returns the agreements of those who hold jointly through an arrangement.
func (b *builder) concerts() []crossholding.Agreement {
	var out []crossholding.Agreement
	for _, id := range slices.Sorted(maps.Keys(b.parties)) {
		parties := unique(b.parties[id])
		switch {
		case len(parties) < 2:
			continue
		case len(out) == maxConcerts:
			b.report.Dropped.Add(b.lines[id], "joint", "%s: its %d parties act in concert, and a book has at most %d agreements", id, len(parties), maxConcerts)
			continue
		}
		out = append(out, crossholding.Agreement{ID: fresh(jointPrefix+id, b.nodes), Kind: crossholding.AgreementConcert, Holders: parties})
		b.report.Guessed.Add(b.lines[id], "joint", "%s: its %d parties act in concert", id, len(parties))
	}
	return out
}

// jointPrefix begins the id of the concert of those who hold through an arrangement.
const jointPrefix = "joint:"

// place puts the nodes into the book. A nomination without a stake of its own is left out.
func (b *builder) place(out *crossholding.Book, split map[string]bool) {
	issuer, used, controlled := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, s := range out.Stakes {
		issuer[s.Issuer], used[s.Holder], used[s.Beneficiary], used[s.Voter] = true, true, true, true
	}
	for _, c := range out.Controls {
		controlled[c.Company], used[c.Controller] = true, true
	}
	for _, a := range out.Agreements {
		for _, h := range a.Holders {
			used[h] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.nodes)) {
		n := b.nodes[id]
		taken := issuer[id] || used[id] || controlled[id]
		switch {
		case n.nomination && !taken:
			continue
		case n.closed && !taken:
			b.report.Dropped.Add(n.line, "closed", "%s: the record is closed", id)
			continue
		case n.line > 0 && b.records[id] != nil:
			b.report.Read++
		}
		uncontrollable := controlled[id] && (n.kind == crossholding.KindState || n.kind == crossholding.KindPublic)
		if n.kind != "" && !issuer[id] && !uncontrollable {
			out.Parties = append(out.Parties, crossholding.Party{ID: id, Name: n.name, Kind: n.kind, Country: n.country})
			continue
		}
		c := crossholding.Company{ID: id, Name: n.name, Country: n.country, Listed: n.listed}
		if split[id] {
			c.Shares = holdings.Classes()
		}
		out.Companies = append(out.Companies, c)
	}
}
