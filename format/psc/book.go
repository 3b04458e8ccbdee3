package psc

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/radix"
)

// conflicts collects conflicts, which are not found in the order of the file. It holds the
// first of the file, and counts the rest.
type conflicts struct {
	found []found
	more  map[string]int // by rule
	limit int32          // conflicts of later lines are counted only, unless it is 0
}

// maxFound is the largest number of conflicts that are held, and minFound the number of those
// that are held in any case: as many as a report shows.
const minFound, maxFound = 1000, 8000

type found struct {
	line       int32
	rule, text string
}

func (c *conflicts) add(line int32, rule, text string, args ...any) {
	if c.limit > 0 && line > c.limit {
		c.more[rule]++
		return
	}
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
	c.found = c.found[:minFound]
	c.limit = c.found[minFound-1].line
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
		to.Add(int(f.line), f.rule, "%s", f.text)
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
	from                int32
	means               means
}

// stake is a stake between nodes.
type stake struct {
	holder, issuer int32
	class          class
	size           band
}

// class is the class of a stake.
type class uint8

const (
	ordinary class = iota
	capital
	votes
)

var classNames = [...]string{ordinary: "", capital: "capital", votes: "votes"}

// builder makes the book of the records. Its nodes have the numbers of their ids in order.
type builder struct {
	*reader
	texts   []string // ids of the nodes
	place   []int32  // of a node: its number in the reader
	ordered []record
	used    []bool // whether a node is in the book
	split   []bool // whether a company has two classes
	stakes  intern.List[stake]
	facts   intern.List[fact]
	list    []holding // of one company
	through []int32   // trusts and firms of one company

	vehicles map[vehicle]int32 // trusts and firms by what is held through them
}

// vehicle is a trust or firm through which owners of a company with the same natures hold.
type vehicle struct {
	company int32
	form    form
	natures natures
}

// book makes the book of what has been read.
func (in *reader) book() crossholding.Book {
	b := in.builder()
	b.newest()
	in.report.Read = len(b.ordered)
	for from := 0; from < len(b.ordered); {
		to := from + 1
		for to < len(b.ordered) && b.ordered[to].company == b.ordered[from].company {
			to++
		}
		b.company(b.ordered[from:to])
		from = to
	}
	in.conflicts.report(&in.report.Conflicts)
	out := crossholding.Book{AsOf: in.opt.AsOf, Stakes: b.stakesOfBook(), Controls: b.controls()}
	b.ends(&out)
	return out
}

// builder returns the builder of what has been read, whose ids become nodes.
func (in *reader) builder() *builder {
	b := &builder{reader: in, vehicles: map[vehicle]int32{}}
	in.eachRecord(func(r *record) {
		for f := throughTrust; f < forms; f++ {
			if n := r.natures.of(f); n != 0 {
				v := vehicle{r.company, f, n}
				if _, ok := b.vehicles[v]; !ok {
					i := in.vehicle(v)
					b.vehicles[v] = i
					if !in.report.Guessed.CountIfFull("vehicle") {
						in.report.Guessed.Add(int(r.line), "vehicle", "%s: those who hold through %s are taken to hold through one", in.text(r.company), vehicleNames[f])
					}
				}
			}
		}
	})
	names, place := in.ids.Sorted(runtime.GOMAXPROCS(0))
	b.texts, b.place = names.Strings(), place
	in.ids = nil
	n := len(b.texts)
	rank := make([]int32, n)
	for k, i := range b.place {
		rank[i] = int32(k)
	}
	in.eachRecord(func(r *record) { r.company, r.owner = rank[r.company], rank[r.owner] })
	vehicles := make(map[vehicle]int32, len(b.vehicles))
	for v, i := range b.vehicles {
		v.company = rank[v.company]
		vehicles[v] = rank[i]
	}
	b.vehicles, b.used, b.split = vehicles, make([]bool, n), make([]bool, n)
	return b
}

// eachRecord calls do for all records in the order of the file.
func (in *reader) eachRecord(do func(r *record)) {
	for _, block := range in.records.Blocks {
		for i := range block {
			do(&block[i])
		}
	}
}

// node returns a node.
func (b *builder) node(i int32) *node { return b.nodes.At(b.place[i]) }

// newest sorts the records by company and owner. Of several records of one owner in one
// company it keeps the newest.
func (b *builder) newest() {
	pairs := radix.NewPairs(b.records.Len)
	k := 0
	b.eachRecord(func(r *record) {
		pairs.Keys[k] = uint64(r.company)<<32 | uint64(r.owner)
		k++
	})
	pairs.Sort()
	b.ordered = make([]record, 0, b.records.Len)
	for from := 0; from < len(pairs.Keys); {
		to := from + 1
		for to < len(pairs.Keys) && pairs.Keys[to] == pairs.Keys[from] {
			to++
		}
		if to-from > 1 {
			slices.SortFunc(pairs.Numbers[from:to], func(i, j int32) int {
				x, y := b.records.At(i), b.records.At(j)
				return cmp.Or(cmp.Compare(x.notified, y.notified), cmp.Compare(x.natures, y.natures), cmp.Compare(x.line, y.line))
			})
		}
		for k := from; k < to-1; k++ {
			b.superseded(b.records.At(pairs.Numbers[k]), b.records.At(pairs.Numbers[k+1]))
		}
		b.ordered = append(b.ordered, *b.records.At(pairs.Numbers[to-1]))
		from = to
	}
}

// superseded says that a record of an owner does not stand beside the next.
func (b *builder) superseded(r, next *record) {
	number, name := b.texts[r.company], b.node(r.owner).name
	if next.natures == r.natures {
		b.conflicts.add(r.line, "repeated", "%s: %s has the same record on line %d", number, name, int(next.line))
	} else {
		b.conflicts.add(r.line, "older", "%s: %s has a newer record on line %d, which stands", number, name, int(next.line))
	}
}

// company puts the stakes in one company and the facts of control of it into the book.
func (b *builder) company(records []record) {
	b.list, b.through = b.list[:0], b.through[:0]
	for i := range records {
		r := &records[i]
		if r.unknown {
			b.list = append(b.list, holding{r.owner, unknown, unknown})
		}
		for f := range forms {
			n := r.natures.of(f)
			if n == 0 {
				continue
			}
			holder, from := r.owner, r.notified
			if f != direct {
				holder, from = b.vehicles[vehicle{r.company, f, n}], 0
				b.control(fact{r.owner, holder, r.notified, vehicleMeans[f]})
				if slices.Contains(b.through, holder) {
					continue // another owner has said the same of it
				}
				b.through = append(b.through, holder)
			}
			if n&appoint != 0 {
				b.control(fact{holder, r.company, from, byAppointment})
			}
			if n&influence != 0 {
				b.control(fact{holder, r.company, from, byInfluence})
			}
			if n&(anyShares|anyVotes) != 0 {
				b.list = append(b.list, n.holding(holder))
			}
		}
	}
	if len(b.list) > 0 {
		b.holdings(&records[0], b.list)
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
	slices.SortFunc(list, func(x, y holding) int { return cmp.Compare(x.holder, y.holder) })
	b.split[first.company], b.used[first.company] = split, true
	for _, h := range list {
		b.used[h.holder] = true
		if !split {
			b.stakes.Add(stake{h.holder, first.company, ordinary, h.shares})
			continue
		}
		b.stakes.Add(stake{h.holder, first.company, capital, h.shares})
		b.stakes.Add(stake{h.holder, first.company, votes, h.votes})
	}
}

// stakesOfBook returns the stakes in order.
func (b *builder) stakesOfBook() []crossholding.Stake {
	out := make([]crossholding.Stake, 0, b.stakes.Len)
	for _, block := range b.stakes.Blocks {
		for _, s := range block {
			out = append(out, crossholding.Stake{Holder: b.texts[s.holder], Issuer: b.texts[s.issuer], Class: classNames[s.class], Between: s.size.String()})
		}
	}
	return out
}

func (b *builder) control(f fact) {
	b.used[f.controller], b.used[f.company] = true, true
	b.facts.Add(f)
}

// controls returns the facts of control in order.
func (b *builder) controls() []crossholding.ControlFact {
	if b.facts.Len == 0 {
		return nil
	}
	pairs := radix.NewPairs(b.facts.Len)
	for i := range pairs.Keys {
		f := b.facts.At(int32(i))
		pairs.Keys[i] = uint64(f.company)<<32 | uint64(f.controller)
	}
	pairs.Sort()
	out := make([]crossholding.ControlFact, 0, b.facts.Len)
	days := map[int32]date.Date{0: ""}
	for from := 0; from < len(pairs.Keys); {
		to := from + 1
		for to < len(pairs.Keys) && pairs.Keys[to] == pairs.Keys[from] {
			to++
		}
		run := pairs.Numbers[from:to]
		slices.SortStableFunc(run, func(i, j int32) int {
			return strings.Compare(string(meansOf[b.facts.At(i).means].by), string(meansOf[b.facts.At(j).means].by))
		})
		for _, i := range run {
			f := b.facts.At(i)
			day, ok := days[f.from]
			if !ok {
				day = date.Date(fmt.Sprintf("%04d-%02d-%02d", f.from/10_000, f.from/100%100, f.from%100))
				days[f.from] = day
			}
			m := meansOf[f.means]
			out = append(out, crossholding.ControlFact{Controller: b.texts[f.controller], Company: b.texts[f.company], By: m.by, Source: m.source, From: day})
		}
		from = to
	}
	return out
}

// means is how a fact of control comes about.
type means uint8

const (
	byTrust means = iota
	byFirm
	byAppointment
	byInfluence
)

var meansOf = [...]struct {
	by     crossholding.ControlMeans
	source string
}{
	byTrust:       {crossholding.ControlByTrust, "PSC register: significant influence or control over the trust"},
	byFirm:        {crossholding.ControlByManagement, "PSC register: significant influence or control over the firm"},
	byAppointment: {crossholding.ControlByAppointment, "PSC register: right to appoint or remove most of the board"},
	byInfluence:   {crossholding.ControlByContractual, "PSC register: significant influence or control"},
}

// vehicleMeans are the means by which an owner controls a trust or firm.
var vehicleMeans = [forms]means{throughTrust: byTrust, throughFirm: byFirm}

// vehicleNames say what owners hold through, and as what it is taken.
var vehicleNames = [forms]string{throughTrust: "a trust", throughFirm: "a firm, which is taken as a company,"}

// vehiclePrefixes begin the ids of trusts and firms through which others hold.
var vehiclePrefixes = [forms]string{"", "trust", "members"}

// vehicle returns the node of a trust or firm.
func (in *reader) vehicle(v vehicle) int32 {
	kind := trust
	if v.form == throughFirm {
		kind = firm
	}
	number := in.text(v.company)
	i, isNew := in.node(fmt.Appendf(nil, "%s:%s:%x", vehiclePrefixes[v.form], number, uint32(v.natures)), kind)
	if isNew {
		in.nodes.At(i).name = formNames[v.form] + " with an interest in " + number
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
		b.texts[first.company], what, len(list), sum*25, what)
	for i := range list {
		of(&list[i]).lo, of(&list[i]).loOpen = 0, false
	}
}

// ends puts the companies and parties into the book, in the order of their ids.
func (b *builder) ends(out *crossholding.Book) {
	companies, parties := 0, 0
	for i, used := range b.used {
		if used && b.node(int32(i)).kind == company {
			companies++
		} else if used {
			parties++
		}
	}
	out.Companies, out.Parties = slices.Grow(out.Companies, companies), slices.Grow(out.Parties, parties)
	for i, used := range b.used {
		if !used {
			continue
		}
		n, id := b.node(int32(i)), b.texts[i]
		if n.kind != company {
			out.Parties = append(out.Parties, crossholding.Party{ID: id, Name: n.name, Kind: partyKinds[n.kind], Country: n.country})
			continue
		}
		c := crossholding.Company{ID: id, Name: n.name, Country: n.country}
		if b.split[i] {
			c.Shares = []crossholding.ShareClass{{Class: "capital", Issued: "100", Votes: "0", Fractions: true},
				{Class: "votes", Issued: "100", Dividend: "0", Fractions: true}}
		}
		out.Companies = append(out.Companies, c)
	}
}

// partyKinds are the kinds of parties. A legal person of the register is a government, a
// corporation sole or a public body (Companies Act 2006, s. 790C(12), not verified). An owner
// who is not named can be anybody.
var partyKinds = [...]crossholding.PartyKind{
	unknownOwner: crossholding.KindPerson, person: crossholding.KindPerson, legalPerson: crossholding.KindState,
	trust: crossholding.KindTrust, firm: crossholding.KindCompany,
}
