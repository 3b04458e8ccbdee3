package suspension

import (
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/law"
)

// Fact says that some nodes together control a node by other means than votes. If there are
// several controllers, all of them are needed.
type Fact struct {
	Controllers []int32 // ascending
	Node        int32
	By          law.ControlMeans
}

// counting says which facts a rule counts. It has a bit for each means, and eight bits further a
// bit for each means that counts only for holders. 0 is a rule that counts none.
type counting uint16

var allMeans = law.AllControlMeans()

// countingOf returns which facts a rule counts.
func countingOf(s *law.Statute) counting {
	var c counting
	for i, by := range allMeans {
		switch {
		case s.CountsFact(by, false):
			c |= 1 << i
		case s.CountsFact(by, true):
			c |= 1 << (i + 8)
		}
	}
	return c
}

// Counted reports whether some rule of a table counts facts of control by the given means.
func Counted(rules []law.Statute, by law.ControlMeans) bool {
	return slices.ContainsFunc(rules, func(s law.Statute) bool { return s.CountsFact(by, true) })
}

// listFacts lists, for each way of counting in use, the numbers of the facts that count. A fact
// can matter only if all of its nodes are in one component: whoever controls all controllers
// reaches each of them by stakes and facts, and what is controlled reaches the issuer.
func (l *Search) listFacts() {
	if len(l.in.Controls) == 0 {
		return
	}
	l.facts = map[counting][]int32{}
	for r := range l.rules {
		s := &l.rules[r]
		key := countingOf(s)
		if _, known := l.facts[key]; known || key == 0 {
			continue
		}
		list := []int32{}
		for i := range l.in.Controls {
			if f := &l.in.Controls[i]; l.within(f) && s.CountsFact(f.By, l.heldByAll(f)) {
				list = append(list, int32(i))
			}
		}
		l.facts[key] = list
	}
}

// within reports whether all nodes of a fact are in one component.
func (l *Search) within(f *Fact) bool {
	c := l.component[f.Node]
	return c != 0 && !slices.ContainsFunc(f.Controllers, func(x int32) bool { return l.component[x] != c })
}

// heldByAll reports whether each controller of a fact holds shares of the controlled company.
func (l *Search) heldByAll(f *Fact) bool {
	g := l.g
	from, to := g.Column(f.Node)
	for _, x := range f.Controllers {
		e := from
		for e < to && (g.Holder[e] != x || g.Stake(&g.Capital, e).IsZero()) {
			e++
		}
		if e == to {
			return false
		}
	}
	return true
}

// factsOf returns the numbers of the facts that a rule counts.
func (l *Search) factsOf(s *law.Statute) []int32 {
	if l.facts == nil {
		return nil
	}
	return l.facts[countingOf(s)]
}

// FactsOf returns the facts of the input that a rule counts, by their numbers in the groups of
// [Search.Control].
func (l *Search) FactsOf(rule *law.Statute) []int32 { return slices.Clone(l.factsOf(rule)) }

// AllFacts returns an index of the facts that a rule counts, among all nodes of the graph. It
// returns nil if there are none.
func (l *Search) AllFacts(rule *law.Statute) *majority.Facts {
	return l.indexFacts(l.factsOf(rule), l.g.IDs.Len(), func(x int32) int32 { return x })
}

// indexFacts returns an index of facts under other numbers of nodes. It leaves out facts of nodes
// that have none. It returns nil if no fact is left.
func (l *Search) indexFacts(list []int32, nodes int, number func(x int32) int32) *majority.Facts {
	var in []majority.Fact
	for _, i := range list {
		f := &l.in.Controls[i]
		out := majority.Fact{Node: number(f.Node)}
		for _, x := range f.Controllers {
			out.Controllers = append(out.Controllers, number(x))
		}
		if out.Node != graph.None && !slices.Contains(out.Controllers, graph.None) {
			in = append(in, out)
		}
	}
	if len(in) == 0 {
		return nil
	}
	facts, err := majority.NewFacts(nodes, in)
	if err != nil {
		panic(err) // the nodes are those of the graph
	}
	return facts
}

// addFacts gives a subgraph its facts, and marks whom they control and who controls.
func (l *Search) addFacts(p *subgraph) {
	for key, list := range l.facts {
		facts := l.indexFacts(list, p.g.IDs.Len(), p.localIndex)
		if facts == nil {
			continue
		}
		if p.facts == nil {
			p.facts = map[counting]*majority.Facts{}
		}
		p.facts[key] = facts
		if p.number == nil {
			continue
		}
		for i := range int32(facts.Len()) {
			f := facts.Fact(i)
			p.controllable[f.Node] = true
			for _, x := range f.Controllers {
				p.controls[x] = true
			}
		}
	}
}

// factNodes adds to companies, which are sorted, the nodes among others of facts that some rule
// counts.
func (l *Search) factNodes(companies, among []int32) []int32 {
	if len(l.facts) == 0 {
		return companies
	}
	in := func(x int32) bool { _, ok := slices.BinarySearch(among, x); return ok }
	for _, list := range l.facts {
		for _, i := range list {
			for _, x := range append(slices.Clone(l.in.Controls[i].Controllers), l.in.Controls[i].Node) {
				if in(x) {
					companies = append(companies, x)
				}
			}
		}
	}
	slices.Sort(companies)
	return slices.Compact(companies)
}

// factsFor returns the facts that a rule counts in a subgraph, or nil.
func (p *subgraph) factsFor(s *law.Statute) *majority.Facts {
	if p.facts == nil {
		return nil
	}
	return p.facts[countingOf(s)]
}

// ruleWithFacts returns the rule's definition of control with the facts that it counts.
func (p *subgraph) ruleWithFacts(s *law.Statute) majority.Rule {
	rule := controlRule(s)
	rule.Facts = p.factsFor(s)
	return rule
}
