package bods

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/ratio"
)

func validCountry(code string) bool { return iso3166.Valid(code) }

// builder makes the book.
type builder struct {
	*reader
	nodes    map[string]*node
	list     []holdings.Holding
	facts    []crossholding.ControlFact
	chains   holdings.Chains
	pending  []pending           // indirect interests
	sole     map[string][]int    // of a trust: the holdings of beneficiaries without a share
	parties  map[string][]string // of an arrangement: who has an interest in it
	nominees map[string][]string // of a nomination
	holdFor  map[string][]string // of a nomination or a nominee: its nominators
	lines    map[string]int      // of an arrangement: the first line that names a party of it
}

// pending is an interest that is indirect and waits until the chains are known.
type pending struct {
	st    *statement
	other string
	list  []interest
}

// person reports whether a node is a natural person.
func (b *builder) person(id string) bool {
	n := b.nodes[id]
	return n != nil && n.kind == crossholding.KindPerson
}

// relationships reads the relationships in force.
func (b *builder) relationships() {
	for _, id := range slices.Sorted(maps.Keys(b.records)) {
		st := b.records[id]
		if st.kind != "relationship" {
			continue
		}
		if st.status == "closed" {
			b.report.Dropped.Add(st.line, "closed", "%s: the relationship is closed", id)
			continue
		}
		b.relationship(st)
	}
	for _, p := range b.pending {
		b.indirect(p)
	}
}

// relationship reads one relationship.
func (b *builder) relationship(st *statement) {
	if st.subject.id == "" {
		b.report.Dropped.Add(st.line, "no subject", "%s: the subject is not specified (%s)", st.record, st.subject.reason)
		return
	}
	subject, ok1 := b.find(st.subject.id, st.line)
	other, ok2 := b.interested(st, subject)
	if !ok1 || !ok2 {
		return
	}
	if b.person(subject) {
		b.report.Dropped.Add(st.line, "person", "%s has an interest in %s, a person", other, subject)
		return
	}
	if subject == other && !slices.ContainsFunc(st.interests, func(f interest) bool { return f.kind == "shareholding" }) {
		b.report.Dropped.Add(st.line, "itself", "%s has an interest in itself", subject)
		return
	}
	st.subject.id = subject
	var direct, indirect []interest
	for _, f := range st.interests {
		switch {
		case !b.inForce(st, &f):
		case f.indirect || len(st.components) > 0 && !f.direct:
			indirect = append(indirect, f)
		default:
			direct = append(direct, f)
		}
	}
	if len(st.interests) == 0 {
		if st.interested.id != "" {
			b.report.Dropped.Add(st.line, "no interest", "%s in %s: no interest is stated", other, subject)
			return
		}
		direct = append(direct, interest{kind: "shareholding"})
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
func (b *builder) find(id string, line int) (string, bool) {
	if last, ok := b.last(id); ok {
		id = last
	}
	if n := b.nodes[id]; n != nil {
		if n.closed {
			b.report.Conflicts.Add(line, "open", "the record %s is closed since line %d, and a relationship of it stands", id, n.line)
		}
		return id, true
	}
	if why := holdings.IDFault(id); why != "" {
		b.faults.AddRecord(line, crossholding.ErrRange, "the id %q %s", id, why)
		return "", false
	}
	b.report.Guessed.Add(line, "unlisted", "the record %s is not in the file, and is taken as a company", id)
	b.nodes[id] = &node{id: id}
	return id, true
}

// noOwner are the reasons that say that there is no owner, or none to be stated.
var noOwner = map[string]bool{"noBeneficialOwners": true, "noNotifiableOwners": true, "subjectExemptFromDisclosure": true,
	"no-beneficial-owners": true, "no-notifiable-owners": true, "subject-exempt-from-disclosure": true}

// interested returns the party of a relationship. A party that is not specified becomes an
// unknown owner.
func (b *builder) interested(st *statement, subject string) (string, bool) {
	p := st.interested
	switch {
	case p.id != "":
		return b.find(p.id, st.line)
	case noOwner[p.reason]:
		b.report.Dropped.Add(st.line, "no owner", "%s: %s %s", subject, p.reason, p.description)
		return "", false
	}
	id := fresh("unknown:"+st.record, b.nodes)
	b.nodes[id] = &node{id: id, name: "unknown owner of " + subject, kind: crossholding.KindPerson, line: st.line}
	b.report.Guessed.Add(st.line, "unspecified", "%s: the party is not specified (%s %s), and is the unknown owner %s", subject, p.reason, p.description, id)
	return id, true
}

// fresh returns an id that no node has, short enough for a book.
func fresh(id string, nodes map[string]*node) string {
	if len(id) > 180 {
		sum := sha256.Sum256([]byte(id))
		id = fmt.Sprintf("%s-%x", strings.ToValidUTF8(id[:120], ""), sum[:10])
	}
	for nodes[id] != nil {
		id += "+"
	}
	return id
}

// inForce reports whether an interest is in force.
func (b *builder) inForce(st *statement, f *interest) bool {
	from, ok1 := holdings.Day(f.from)
	end, ok2 := holdings.Day(f.end)
	if !ok1 || !ok2 {
		b.faults.AddRecord(st.line, crossholding.ErrDate, "%s: an interest from %q to %q: that is no day", st.record, f.from, f.end)
		return false
	}
	p := holdings.Period{From: from, End: end}
	began, guess := p.Began(b.opt.AsOf)
	ended, guessEnd := p.Ended(b.opt.AsOf)
	switch {
	case !began:
		b.report.Dropped.Add(st.line, "future", "%s: %s begins on %s", st.record, f.kind, f.from)
	case ended:
		b.report.Dropped.Add(st.line, "ended", "%s: %s ended on %s", st.record, f.kind, f.end)
	case guess || guessEnd:
		b.report.Guessed.Add(st.line, "date", "%s: %s from %s to %s is taken as in force", st.record, f.kind, f.from, f.end)
	}
	return began && !ended
}

// indirect reads indirect interests, unless the chain that carries them is in the file.
func (b *builder) indirect(p pending) {
	subject := p.st.subject.id
	carried := b.chains.Holds(p.other, subject) || slices.ContainsFunc(p.st.components, func(id string) bool {
		last, _ := b.last(id)
		c := b.records[last]
		return c != nil && c.kind == "relationship" && c.status != "closed"
	})
	for _, f := range p.list {
		what := f.kind
		if f.size.Stated {
			what += " of " + f.size.String()
		}
		if carried {
			b.report.Dropped.Add(p.st.line, "indirect", "%s in %s: indirect interest represented by its components: %s", p.other, subject, what)
		} else {
			b.report.Guessed.Add(p.st.line, "indirect", "%s in %s: no chain is in the file, and the indirect interest is taken as direct: %s", p.other, subject, what)
		}
	}
	if !carried {
		b.report.Read++
		b.interests(p.st, p.other, p.list)
	}
}

// interests reads the interests of one party in one subject.
func (b *builder) interests(st *statement, other string, list []interest) {
	subject := st.subject.id
	b.chains.Add(other, subject)
	shares := slices.ContainsFunc(list, func(f interest) bool { return f.kind == "shareholding" })
	tied := false
	for _, f := range list {
		h := holdings.Holding{Line: st.line, Holder: other, Issuer: subject, Since: date.Date(f.from)}
		dropped := func(rule string) {
			b.report.Dropped.Add(st.line, rule, "%s in %s: %s %s", other, subject, f.kind, f.note)
		}
		switch f.kind {
		case "shareholding":
			h.Shares = f.size
			b.list = append(b.list, h)
		case "votingrights":
			if h.Votes = f.size; !f.size.Stated {
				h.Votes, _ = holdings.Between(ratio.Interval{Hi: ratio.Int(1), LoOpen: true})
			}
			b.list = append(b.list, h)
		case "rightstosurplusassetsondissolution", "rightstosurplusassets", "rightstoprofitorincome":
			if shares || !f.size.Stated {
				dropped("economic")
				continue
			}
			shares = true
			h.Shares = f.size
			b.list = append(b.list, h)
			b.report.Guessed.Add(st.line, "economic", "%s in %s: %s of %s is taken as shares", other, subject, f.kind, f.size.String())
		case "nominee", "nominator":
			b.nomination(st, other, f.kind == "nominee")
			continue
		default:
			if rule := b.other(st, other, &f, h); rule != "" {
				dropped(rule)
				tied = tied || rule == "unknown interest"
				continue
			}
		}
		tied = true
	}
	if n := b.nodes[subject]; tied && n.joint {
		b.parties[subject] = append(b.parties[subject], other)
		if b.lines[subject] == 0 || st.line < b.lines[subject] {
			b.lines[subject] = st.line
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
func (b *builder) other(st *statement, other string, f *interest, h holdings.Holding) string {
	switch f.kind {
	case "beneficiaryoflegalarrangement", "beneficiaryoftrust":
		h.Shares, h.Votes = f.size, holdings.Exactly(ratio.Ratio{})
		if !f.size.Stated {
			b.sole[h.Issuer] = append(b.sole[h.Issuer], len(b.list))
		}
		b.list = append(b.list, h)
		return ""
	case "trustee", "trusteeoftrust":
		b.fact(st, other, f, crossholding.ControlByTrust)
		return ""
	}
	by := crossholding.ControlByContractual
	switch f.kind {
	case "appointmentofboard":
		by = crossholding.ControlByAppointment
	case "controlbylegalframework":
		if n := b.nodes[other]; n.kind == crossholding.KindState {
			by = crossholding.ControlByState
		}
	case "otherinfluenceorcontrol", "influenceorcontrol", "otherinfluenceorcontroloftrust", "controlviacompanyrulesorarticles", "rightsgrantedbycontract":
	default:
		if rule := leftOut[f.kind]; rule != "" {
			return rule
		}
		return "type"
	}
	switch {
	case b.person(other) && !f.flag:
		return "influence"
	case !b.person(other):
		b.report.Guessed.Add(st.line, "entity", "%s in %s: %s of an entity is taken as control", other, h.Issuer, f.kind)
	}
	b.fact(st, other, f, by)
	return ""
}

// meansByWord are the means of control that details can begin with, as [Write] writes them.
var meansByWord = []crossholding.ControlMeans{crossholding.ControlByVoting, crossholding.ControlByAppointment,
	crossholding.ControlByManagement, crossholding.ControlByContractual, crossholding.ControlByTrust,
	crossholding.ControlByNominee, crossholding.ControlByState, crossholding.ControlByIndirect}

// fact adds a fact of control. Details such as "state: decree 12" say the means and the source.
func (b *builder) fact(st *statement, other string, f *interest, by crossholding.ControlMeans) {
	source := strings.ToValidUTF8(f.note, "?")
	if word, rest, _ := strings.Cut(source, ":"); slices.Contains(meansByWord, crossholding.ControlMeans(word)) {
		by, source = crossholding.ControlMeans(word), strings.TrimSpace(rest)
	}
	if other == st.subject.id {
		b.report.Dropped.Add(st.line, "itself", "%s controls itself", other)
		return
	}
	from, _ := holdings.Day(f.from)
	end, _ := holdings.Day(f.end)
	p := holdings.Period{From: from, End: end}
	c := crossholding.ControlFact{Controller: other, Company: st.subject.id, By: by, Source: source, From: p.First(), To: p.Last()}
	if c.To != "" && c.From > c.To {
		c.From = c.To
	}
	b.facts = append(b.facts, c)
}
