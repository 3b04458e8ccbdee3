package psc

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
)

// conflicts collects conflicts, which are not found in the order of the file. It holds the
// first of the file, and counts the rest.
type conflicts struct {
	found []found
	more  map[string]int // by rule
}

// maxFound is the largest number of conflicts that are held, and minFound the number of those
// that are held in any case: as many as a report shows.
const minFound, maxFound = 1000, 8000

type found struct {
	line       int
	rule, text string
}

func (c *conflicts) add(line int, rule, text string, args ...any) {
	c.found = append(c.found, found{line, rule, fmt.Sprintf(text, args...)})
	if len(c.found) < maxFound {
		return
	}
	c.sort()
	if c.more == nil {
		c.more = map[string]int{}
	}
	for _, f := range c.found[minFound:] {
		c.more[f.rule]++
	}
	c.found = slices.Clip(c.found[:minFound])
}

func (c *conflicts) sort() {
	slices.SortFunc(c.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.line, b.line), strings.Compare(a.rule, b.rule), strings.Compare(a.text, b.text))
	})
}

// report adds the conflicts to a report, in the order of the file.
func (c *conflicts) report(to *format.Notes) {
	c.sort()
	for _, f := range c.found {
		to.Add(f.line, f.rule, "%s", f.text)
	}
	for rule, n := range c.more {
		for range n {
			to.Add(0, rule, "") // counted only: the list is full
		}
	}
}

// holding is what a node holds of a company.
type holding struct {
	holder        int32
	shares, votes band
}

// fact is a fact of control between nodes.
type fact struct {
	controller, company int32
	by                  crossholding.ControlMeans
	source              string
	from                int32
}

// builder makes the book of the records.
type builder struct {
	*reader
	rank   []int32 // of each node, in the order of ids
	used   []bool  // whether a node is in the book
	split  []bool  // whether a company has two classes
	stakes []crossholding.Stake
	facts  []fact
}

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	for _, r := range in.records {
		for f := throughTrust; f < forms; f++ {
			if n := r.natures.of(f); n != 0 {
				in.vehicle(r.company, f, n)
			}
		}
	}
	order := in.byID()
	n := len(in.nodes)
	b := builder{reader: in, rank: make([]int32, n), used: make([]bool, n), split: make([]bool, n)}
	for k, i := range order {
		b.rank[i] = int32(k)
	}
	b.newest()
	in.report.Read = len(in.records)
	b.stakes = make([]crossholding.Stake, 0, len(in.records))
	for from := 0; from < len(in.records); {
		to := from + 1
		for to < len(in.records) && in.records[to].company == in.records[from].company {
			to++
		}
		b.company(in.records[from:to])
		from = to
	}
	in.conflicts.report(&in.report.Conflicts)
	out := crossholding.Book{AsOf: in.opt.AsOf, Stakes: b.stakes, Controls: b.controls()}
	b.ends(&out, order)
	return out
}

// byID returns the nodes in the order of their ids. It compares the first eight bytes of two
// ids as one number, which settles most company numbers.
func (in *reader) byID() []int32 {
	type start struct {
		bytes uint64
		node  int32
	}
	starts := make([]start, len(in.nodes))
	for i := range starts {
		var first [8]byte
		copy(first[:], in.nodes[i].id)
		starts[i] = start{binary.BigEndian.Uint64(first[:]), int32(i)}
	}
	slices.SortFunc(starts, func(a, b start) int {
		if a.bytes != b.bytes {
			return cmp.Compare(a.bytes, b.bytes)
		}
		return strings.Compare(in.nodes[a.node].id, in.nodes[b.node].id)
	})
	order := make([]int32, len(starts))
	for k, s := range starts {
		order[k] = s.node
	}
	return order
}

// newest sorts the records by company and owner. Of several records of one owner in one
// company it keeps the newest.
func (b *builder) newest() {
	all := b.records
	slices.SortFunc(all, func(x, y record) int {
		if c := cmp.Compare(b.rank[x.company], b.rank[y.company]); c != 0 {
			return c
		}
		if c := cmp.Compare(b.rank[x.owner], b.rank[y.owner]); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(x.notified, y.notified), cmp.Compare(x.natures, y.natures), cmp.Compare(x.line, y.line))
	})
	kept := all[:0]
	for i, r := range all {
		if i+1 == len(all) || all[i+1].company != r.company || all[i+1].owner != r.owner {
			kept = append(kept, r)
			continue
		}
		number, name, next := b.nodes[r.company].id, b.nodes[r.owner].name, all[i+1]
		if next.natures == r.natures {
			b.conflicts.add(r.line, "repeated", "%s: %s has the same record on line %d", number, name, next.line)
		} else {
			b.conflicts.add(r.line, "older", "%s: %s has a newer record on line %d, which stands", number, name, next.line)
		}
	}
	b.records = kept
}

// company puts the stakes in one company and the facts of control of it into the book.
func (b *builder) company(records []record) {
	var list []holding
	var through []int32
	for _, r := range records {
		if r.unknown {
			list = append(list, holding{r.owner, unknown, unknown})
		}
		for f := range forms {
			n := r.natures.of(f)
			if n == 0 {
				continue
			}
			holder, from := r.owner, r.notified
			if f != direct {
				holder, from = b.vehicle(r.company, f, n), 0
				b.control(fact{r.owner, holder, means[f], vehicleSources[f], r.notified})
				if slices.Contains(through, holder) {
					continue // another owner has said the same of it
				}
				through = append(through, holder)
			}
			if n&appoint != 0 {
				b.control(fact{holder, r.company, crossholding.ControlByAppointment, "PSC register: right to appoint or remove most of the board", from})
			}
			if n&influence != 0 {
				b.control(fact{holder, r.company, crossholding.ControlByContractual, "PSC register: significant influence or control", from})
			}
			if n&(anyShares|anyVotes) != 0 {
				list = append(list, n.holding(holder))
			}
		}
	}
	if len(list) > 0 {
		b.holdings(&records[0], list)
	}
}

// holding returns what a holder has by the natures of one form.
func (n natures) holding(holder int32) holding {
	h := holding{holder, unstated, unstated}
	if n.shares() != 0 {
		h.shares = bandOf(n.shares())
	}
	if n.votes() != 0 {
		h.votes = bandOf(n.votes())
	}
	return h
}

// holdings puts the stakes in the company of a record into the book.
func (b *builder) holdings(first *record, list []holding) {
	split := slices.ContainsFunc(list, func(h holding) bool { return h.shares != h.votes })
	b.together(first, list, "shares", func(h *holding) *band { return &h.shares })
	b.together(first, list, "votes", func(h *holding) *band { return &h.votes })
	slices.SortFunc(list, func(x, y holding) int { return cmp.Compare(b.rank[x.holder], b.rank[y.holder]) })
	b.split[first.company], b.used[first.company] = split, true
	for _, h := range list {
		b.used[h.holder] = true
		s := crossholding.Stake{Holder: b.nodes[h.holder].id, Issuer: b.nodes[first.company].id, Between: h.shares.String()}
		if split {
			s.Class = "capital"
			b.stakes = append(b.stakes, s)
			s.Class, s.Between = "votes", h.votes.String()
		}
		b.stakes = append(b.stakes, s)
	}
}

func (b *builder) control(f fact) {
	b.used[f.controller], b.used[f.company] = true, true
	b.facts = append(b.facts, f)
}

// controls returns the facts of control in order.
func (b *builder) controls() []crossholding.ControlFact {
	slices.SortFunc(b.facts, func(x, y fact) int {
		if c := cmp.Compare(b.rank[x.company], b.rank[y.company]); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(b.rank[x.controller], b.rank[y.controller]), strings.Compare(string(x.by), string(y.by)))
	})
	var out []crossholding.ControlFact
	if len(b.facts) > 0 {
		out = make([]crossholding.ControlFact, len(b.facts))
	}
	days := map[int32]date.Date{0: ""}
	for i, f := range b.facts {
		day, ok := days[f.from]
		if !ok {
			day = date.Date(fmt.Sprintf("%04d-%02d-%02d", f.from/10_000, f.from/100%100, f.from%100))
			days[f.from] = day
		}
		out[i] = crossholding.ControlFact{Controller: b.nodes[f.controller].id, Company: b.nodes[f.company].id, By: f.by, Source: f.source, From: day}
	}
	return out
}

// vehiclePrefixes begin the ids of trusts and firms through which others hold.
var vehiclePrefixes = [forms]string{"", "trust", "members"}

// means are the means by which an owner controls such a trust or firm.
var means = [forms]crossholding.ControlMeans{"", crossholding.ControlByTrust, crossholding.ControlByManagement}

var vehicleSources = [forms]string{"", "PSC register: significant influence or control over the trust",
	"PSC register: significant influence or control over the firm"}

// vehicle returns the trust or firm through which owners of a company with the same natures
// hold.
func (in *reader) vehicle(c int32, f form, n natures) int32 {
	kind := trust
	if f == throughFirm {
		kind = firm
	}
	number := in.nodes[c].id
	i, isNew := in.node(fmt.Appendf(nil, "%s:%s:%x", vehiclePrefixes[f], number, uint32(n)), kind)
	if isNew {
		in.nodes[i].name = formNames[f] + " with an interest in " + number
	}
	return i
}

// together takes the lower ends of all bands of a company as 0 if they add up to more than
// 100%: some owners then hold the same shares.
func (b *builder) together(first *record, list []holding, what string, of func(*holding) *band) {
	sum, open := 0, false
	for i := range list {
		sum, open = sum+of(&list[i]).lo, open || of(&list[i]).loOpen
	}
	if sum < 4 || sum == 4 && !open {
		return
	}
	b.conflicts.add(first.line, "together", "%s: the lower ends of the %s of its %d owners add up to %d%%: some hold the same %s, and all lower ends are taken as 0%%",
		b.nodes[first.company].id, what, len(list), sum*25, what)
	for i := range list {
		of(&list[i]).lo, of(&list[i]).loOpen = 0, false
	}
}

// ends puts the companies and parties into the book, in the order of their ids.
func (b *builder) ends(out *crossholding.Book, order []int32) {
	for _, i := range order {
		n := &b.nodes[i]
		switch {
		case !b.used[i]:
		case n.kind == company:
			c := crossholding.Company{ID: n.id, Name: n.name, Country: n.country}
			if b.split[i] {
				c.Shares = []crossholding.ShareClass{{Class: "capital", Issued: "100", Votes: "0", Fractions: true},
					{Class: "votes", Issued: "100", Dividend: "0", Fractions: true}}
			}
			out.Companies = append(out.Companies, c)
		default:
			out.Parties = append(out.Parties, crossholding.Party{ID: n.id, Name: n.name, Kind: partyKinds[n.kind], Country: n.country})
		}
	}
}

// partyKinds are the kinds of parties. A legal person of the register is a government, a
// corporation sole or a public body (Companies Act 2006, s. 790C(12), not verified). An owner
// who is not named can be anybody.
var partyKinds = [...]crossholding.PartyKind{
	unknownOwner: crossholding.KindPerson, person: crossholding.KindPerson, legalPerson: crossholding.KindState,
	trust: crossholding.KindTrust, firm: crossholding.KindCompany,
}
