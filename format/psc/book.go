package psc

import (
	"cmp"
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

// holding is what a node holds of a company, with the line that says so.
type holding struct {
	holder        int32
	shares, votes band
}

// builder makes the book of the records.
type builder struct {
	*reader
	out crossholding.Book
}

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := builder{reader: in, out: crossholding.Book{AsOf: in.opt.AsOf}}
	in.newest()
	in.report.Read = len(in.records)
	split := map[int32]bool{}
	for from := 0; from < len(in.records); {
		to := from + 1
		for to < len(in.records) && in.records[to].company == in.records[from].company {
			to++
		}
		split[in.records[from].company] = b.company(in.records[from:to])
		from = to
	}
	b.ends(split)
	in.conflicts.report(&in.report.Conflicts)
	return b.out
}

// newest sorts the records by company and owner. Of several records of one owner in one
// company it keeps the newest.
func (in *reader) newest() {
	id := func(i int32) string { return in.nodes[i].id }
	slices.SortFunc(in.records, func(a, b record) int {
		if a.company != b.company {
			return strings.Compare(id(a.company), id(b.company))
		}
		if a.owner != b.owner {
			return strings.Compare(id(a.owner), id(b.owner))
		}
		return cmp.Or(cmp.Compare(a.notified, b.notified), cmp.Compare(a.natures, b.natures), cmp.Compare(a.line, b.line))
	})
	kept := in.records[:0]
	for i, r := range in.records {
		if i+1 == len(in.records) || in.records[i+1].company != r.company || in.records[i+1].owner != r.owner {
			kept = append(kept, r)
			continue
		}
		next := in.records[i+1]
		if next.natures == r.natures {
			in.conflicts.add(r.line, "repeated", "%s: %s has the same record on line %d", id(r.company), in.nodes[r.owner].name, next.line)
		} else {
			in.conflicts.add(r.line, "older", "%s: %s has a newer record on line %d, which stands", id(r.company), in.nodes[r.owner].name, next.line)
		}
	}
	in.records = kept
}

// company puts the stakes in one company and the facts of control of it into the book. It
// reports whether the company has two classes.
func (b *builder) company(records []record) (split bool) {
	var list []holding
	through := map[int32]bool{}
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
				holder, from = b.vehicle(r, f, n), 0
				b.control(r.owner, holder, means[f], "significant influence or control over the "+formNames[f], r.notified)
				if through[holder] {
					continue // another owner has said the same of it
				}
				through[holder] = true
			}
			if n&appoint != 0 {
				b.control(holder, r.company, crossholding.ControlByAppointment, "right to appoint or remove most of the board", from)
			}
			if n&influence != 0 {
				b.control(holder, r.company, crossholding.ControlByContractual, "significant influence or control", from)
			}
			if n&(anyShares|anyVotes) != 0 {
				h := holding{holder, unstated, unstated}
				if n.shares() != 0 {
					h.shares = bandOf(n.shares())
				}
				if n.votes() != 0 {
					h.votes = bandOf(n.votes())
				}
				list = append(list, h)
			}
		}
	}
	split = slices.ContainsFunc(list, func(h holding) bool { return h.shares != h.votes })
	b.together(records[0], list, "shares", func(h *holding) *band { return &h.shares })
	b.together(records[0], list, "votes", func(h *holding) *band { return &h.votes })
	for _, h := range list {
		s := crossholding.Stake{Holder: b.nodes[h.holder].id, Issuer: b.nodes[records[0].company].id, Between: h.shares.String()}
		if split {
			s.Class = "capital"
			b.out.Stakes = append(b.out.Stakes, s)
			s.Class, s.Between = "votes", h.votes.String()
		}
		b.out.Stakes = append(b.out.Stakes, s)
	}
	return split
}

// vehiclePrefixes begin the ids of trusts and firms through which others hold.
var vehiclePrefixes = [forms]string{"", "trust", "members"}

// means are the means by which an owner controls such a trust or firm.
var means = [forms]crossholding.ControlMeans{"", crossholding.ControlByTrust, crossholding.ControlByManagement}

// vehicle returns the trust or firm through which owners with the same natures hold.
func (b *builder) vehicle(r record, f form, n natures) int32 {
	kind := trust
	if f == throughFirm {
		kind = firm
	}
	number := b.nodes[r.company].id
	i, _ := b.node(fmt.Appendf(nil, "%s:%s:%x", vehiclePrefixes[f], number, n), kind)
	b.named(i, []byte(formNames[f]+" with an interest in "+number))
	return i
}

func (b *builder) control(controller, company int32, by crossholding.ControlMeans, source string, notified int32) {
	fact := crossholding.ControlFact{Controller: b.nodes[controller].id, Company: b.nodes[company].id, By: by, Source: "PSC register: " + source}
	if notified != 0 {
		fact.From = date.Date(fmt.Sprintf("%04d-%02d-%02d", notified/10_000, notified/100%100, notified%100))
	}
	b.out.Controls = append(b.out.Controls, fact)
}

// together takes the lower ends of all bands of a company as 0 if they add up to more than
// 100%: some owners then hold the same shares.
func (b *builder) together(first record, list []holding, what string, of func(*holding) *band) {
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

// ends puts the companies and parties into the book, and sorts the book. split says which
// companies have two classes.
func (b *builder) ends(split map[int32]bool) {
	used := map[string]bool{}
	for _, s := range b.out.Stakes {
		used[s.Holder], used[s.Issuer] = true, true
	}
	for _, c := range b.out.Controls {
		used[c.Controller], used[c.Company] = true, true
	}
	for i := range b.nodes {
		n := &b.nodes[i]
		switch {
		case !used[n.id]:
		case n.kind == company:
			c := crossholding.Company{ID: n.id, Name: n.name, Country: n.country}
			if split[int32(i)] {
				c.Shares = []crossholding.ShareClass{{Class: "capital", Issued: "100", Votes: "0", Fractions: true},
					{Class: "votes", Issued: "100", Dividend: "0", Fractions: true}}
			}
			b.out.Companies = append(b.out.Companies, c)
		default:
			b.out.Parties = append(b.out.Parties, crossholding.Party{ID: n.id, Name: n.name, Kind: partyKinds[n.kind], Country: n.country})
		}
	}
	slices.SortFunc(b.out.Companies, func(a, b crossholding.Company) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(b.out.Parties, func(a, b crossholding.Party) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(b.out.Stakes, func(a, b crossholding.Stake) int {
		return cmp.Or(strings.Compare(a.Issuer, b.Issuer), strings.Compare(a.Holder, b.Holder))
	})
	slices.SortStableFunc(b.out.Controls, func(a, b crossholding.ControlFact) int {
		return cmp.Or(strings.Compare(a.Company, b.Company), strings.Compare(a.Controller, b.Controller), strings.Compare(string(a.By), string(b.By)))
	})
}

// partyKinds are the kinds of parties. A legal person of the register is a government, a
// corporation sole or a public body (Companies Act 2006, s. 790C(12), not verified). An owner
// who is not named can be anybody.
var partyKinds = map[nodeKind]crossholding.PartyKind{
	unknownOwner: crossholding.KindPerson, person: crossholding.KindPerson, legalPerson: crossholding.KindState,
	trust: crossholding.KindTrust, firm: crossholding.KindCompany,
}
