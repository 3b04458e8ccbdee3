package crossholding

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// controls reads the facts of control. The companies and parties must have been read.
func (p *parser) controls(list []ControlFact) {
	for i, in := range list {
		place := fmt.Sprintf("controls[%d]", i)
		p.About = text.Truncate(in.Controller, input.MaxText) + " and " + text.Truncate(in.Company, input.MaxText)
		p.reference(place+".controller", "controller", in.Controller)
		if p.reference(place+".company", "company", in.Company) && !p.fromRegister && !p.l.controllable(in.Company) {
			p.Add(place+".company", ErrRange, "%q is a person, a state or the public, whom nobody controls", in.Company)
		}
		p.controlFact(place, &in)
		p.l.controls = append(p.l.controls, in)
	}
	p.About = ""
	p.repeatedFacts()
}

// controlFact checks the parts of a fact that do not depend on the rest of the book.
func (p *parser) controlFact(place string, in *ControlFact) {
	if in.Controller == in.Company && in.Company != "" {
		p.Add(place+".controller", ErrSelfStake, "%s cannot control itself", in.Company)
	}
	switch {
	case in.By == "":
		p.Add(place+".by", ErrMissing, "%s and %s: by what means?", in.Controller, in.Company)
	case !slices.Contains(law.AllControlMeans(), in.By):
		p.Add(place+".by", ErrUnknown, "%q is not voting, appointment, management, contractual, trust, nominee, state or indirect", string(in.By))
	}
	p.name(place+".source", in.Source)
	p.period(place, in.From, in.To)
}

// repeatedFacts puts the facts in order, and reports facts that are listed twice for one
// day: with the same controller, company, means and source.
func (p *parser) repeatedFacts() {
	l := p.l.controls
	slices.SortFunc(l, ControlFact.Compare)
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		same := a.Controller == b.Controller && a.Company == b.Company && a.By == b.By && a.Source == b.Source
		if same && (a.To == "" || b.From == "" || b.From <= a.To) {
			p.Add("controls", ErrDuplicate, "%s controls %s twice for one day (%s)", a.Controller, a.Company, describeFact(a.By, a.Source))
		}
	}
}

// controllable reports whether somebody can control a company or party of the ledger.
func (l *ledger) controllable(id string) bool {
	if l.company(id) != nil {
		return true
	}
	p := l.party(id)
	return p != nil && (p.Kind == KindCompany || p.Kind == KindFund || p.Kind == KindTrust)
}

// controllable returns the index of a company or party that somebody can control.
func (a *Alliance) controllable(id string) (int32, error) {
	i, ok := a.node(id)
	switch {
	case !ok:
		return 0, unknown("company", id)
	case a.graph.IssuesShares(i), a.register == nil && a.ledger.controllable(id), a.register != nil && a.register.named[i]:
		return i, nil
	}
	return 0, unknown("company", id)
}

// Fact is evidence of control by other means than votes: a [ControlFact] of the book, or one or
// more agreements of kind [AgreementDirectors] whose holders together appoint more than half of
// a board. It is plain data.
type Fact struct {
	Controllers []string     `json:"controllers"` // sorted; all of them are needed
	Company     string       `json:"company"`
	By          ControlMeans `json:"by"`
	Source      string       `json:"source,omitempty"`
	Agreement   string       `json:"agreement,omitempty"` // its id; the ids of several that add up, with ", " between them
	Seats       ratio.Ratio  `json:"seats"`               // the fraction of the board that the agreements appoint, 0..1
}

// String returns the fact as a sentence.
func (f Fact) String() string {
	who := strings.Join(f.Controllers, " and ")
	if f.Agreement == "" {
		return fmt.Sprintf("%s controls %s by fact (%s)", who, f.Company, describeFact(f.By, f.Source))
	}
	verb := "appoint"
	if len(f.Controllers) == 1 {
		verb = "appoints"
	}
	return fmt.Sprintf("%s %s %s of the board of %s (%s)", who, verb, f.Seats.PercentString(), f.Company, f.Agreement)
}

func describeFact(by ControlMeans, source string) string {
	if source == "" {
		return string(by)
	}
	return string(by) + ": " + source
}

// WithNames returns the fact with ids replaced by names, as by [Alliance.Name]. The id of
// an agreement is not replaced.
func (f Fact) WithNames(name func(id string) string) Fact {
	f.Company, f.Controllers = name(f.Company), slices.Clone(f.Controllers)
	for i, id := range f.Controllers {
		f.Controllers[i] = name(id)
	}
	return f
}

// NodeFact is a fact with nodes instead of ids.
type NodeFact struct {
	Controllers []int32 // in order of node; all of them are needed, unless Seats has some
	Company     int32
	Fact        Fact
	// Seats are rights to appoint parts of the board which are enough only together: whoever
	// has more than half of the board by them controls the company. It is nil in every other
	// fact.
	Seats []NodeSeats
}

// factIndex holds the facts that are in force on the day of an alliance, with the numbers
// that they have in the engine.
type factIndex struct {
	engine *majority.Facts
	a      *Alliance
	list   []factRecord
}

// factRecord is a fact of control of the ledger, or one or more agreements on a board.
type factRecord struct {
	fact   *ControlFact
	boards []*agreementRecord
}

// plain returns the fact. If rights are given, it consists only of the agreements at these places.
func (f *factRecord) plain(rights []int32) Fact {
	if rights != nil {
		list := make([]*agreementRecord, len(rights))
		for k, i := range rights {
			list[k] = f.boards[i]
		}
		return boardFact(list)
	}
	if f.boards != nil {
		return boardFact(f.boards)
	}
	return Fact{Controllers: []string{f.fact.Controller}, Company: f.fact.Company, By: f.fact.By, Source: f.fact.Source}
}

// factCache keeps the facts that do not depend on a count of votes.
type factCache struct {
	once    sync.Once
	facts   *factIndex
	boards  []*agreementRecord // the agreements on boards
	waiting []*agreementRecord // those that depend on suspended votes
}

// facts returns the facts in force under a count of votes, which may be nil. An agreement
// that depends on suspended votes is left out if there is no count.
func (a *Alliance) facts(v *Votes) *factIndex {
	c := &a.cache.facts
	c.once.Do(func() { c.facts = a.fixedFacts(c) })
	if len(c.waiting) == 0 || v == nil {
		return c.facts
	}
	boards := slices.Clone(c.boards)
	for _, ag := range c.waiting {
		if v.conditionMet(ag) {
			boards = append(boards, ag)
		}
	}
	if len(boards) == len(c.boards) {
		return c.facts
	}
	first := slices.IndexFunc(c.facts.list, func(f factRecord) bool { return f.fact == nil })
	if first < 0 {
		first = len(c.facts.list)
	}
	return a.indexFacts(slices.Concat(c.facts.list[:first], boardFacts(boards, a.ledger.asOf)))
}

// fixedFacts returns the facts that do not depend on a count of votes, and lists agreements on
// boards in the cache.
func (a *Alliance) fixedFacts(c *factCache) *factIndex {
	l := a.ledger
	if l == nil {
		return a.indexFacts(nil)
	}
	var list []factRecord
	for i := range l.controls {
		if f := &l.controls[i]; date.Within(l.asOf, f.From, f.To) {
			list = append(list, factRecord{fact: f})
		}
	}
	for i := range l.agreements {
		ag := &l.agreements[i]
		switch {
		case ag.Kind != AgreementDirectors || !date.Within(l.asOf, ag.From, ag.To):
		case ag.WhileSuspended != "":
			c.waiting = append(c.waiting, ag)
		default:
			c.boards = append(c.boards, ag)
		}
	}
	return a.indexFacts(append(list, boardFacts(c.boards, l.asOf)...))
}

func (a *Alliance) indexFacts(list []factRecord) *factIndex {
	out := &factIndex{a: a, list: list}
	if len(list) == 0 {
		return out
	}
	in := make([]majority.Fact, len(list))
	for i, f := range list {
		if f.boards != nil {
			in[i].Node, _ = a.node(f.boards[0].Issuer)
			in[i].Controllers, in[i].Rights = a.boardHolders(f.boards[0]), a.rights(f.boards)
			continue
		}
		x, _ := a.node(f.fact.Controller)
		in[i].Controllers = []int32{x}
		in[i].Node, _ = a.node(f.fact.Company)
	}
	out.engine = must(majority.NewFacts(a.graph.IDs.Len(), in)) // the names are checked
	return out
}

// nodeFact returns a fact by its number in the engine.
func (x *factIndex) nodeFact(i int32) NodeFact {
	f, record := x.engine.Fact(i), &x.list[i]
	out := NodeFact{Controllers: slices.Clone(f.Controllers), Company: f.Node, Fact: record.plain(nil)}
	if f.Rights != nil {
		for k, right := range f.Rights.List {
			ag := record.boards[k]
			out.Seats = append(out.Seats, NodeSeats{slices.Clone(right.Holders), ag.max, ag.ID})
		}
	}
	return out
}

// factOf returns a fact of which only the rights at the given places count, if it has rights.
func (x *factIndex) factOf(i int32, rights []int32) NodeFact {
	if rights == nil {
		return x.nodeFact(i)
	}
	f := x.engine.Fact(i)
	out := NodeFact{Company: f.Node, Fact: x.list[i].plain(rights)}
	for _, k := range rights {
		out.Controllers = append(out.Controllers, f.Rights.List[k].Holders...)
	}
	slices.Sort(out.Controllers)
	out.Controllers = slices.Compact(out.Controllers)
	return out
}

// Facts yields the facts of control that are in force: those of the book, in order of
// controller, company, means and source, then those of agreements that appoint more than half
// of a board by themselves, by id, then those of agreements that do so only together, see
// [NodeFact].
func (t *Tally) Facts() iter.Seq[NodeFact] {
	return func(yield func(NodeFact) bool) {
		t := t.orEmpty()
		x := t.a.facts(t.v)
		for i := range x.list {
			if !yield(x.nodeFact(int32(i))) {
				return
			}
		}
	}
}

// Facts returns the facts by which the group controls a company, without those that hold
// only because the group controls the company itself. Rights that add up are one fact, of
// those that the group has.
func (g *NodeGroup) Facts(company int32) []NodeFact {
	g = g.orEmpty()
	var out []NodeFact
	for _, i := range g.g.Facts(company) {
		out = append(out, g.facts.factOf(i, g.g.RightsOf(i, company)))
	}
	return out
}
