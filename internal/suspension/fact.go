// Facts of control, and which of them a rule counts.

package suspension

import (
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/law"
)

// Fact says that some nodes together control a node by other means than votes. If there are
// several controllers, all of them are needed, unless it consists of rights that add up.
type Fact struct {
	Controllers []int32 // ascending
	Node        int32
	By          law.ControlMeans
	Rights      *majority.Rights // nil, or the rights of the controllers
}

// Counting says which facts a rule counts. It has a bit for each means, and eight bits further a
// bit for each means that counts only for holders. 0 is a rule that counts none.
type Counting uint16

var allMeans = law.AllControlMeans()

// CountingOf returns which facts a rule counts.
func CountingOf(s *law.Statute) Counting {
	var c Counting
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
	l.facts = map[Counting][]countedFact{}
	for r := range l.rules {
		s := &l.rules[r]
		key := CountingOf(s)
		if _, known := l.facts[key]; known || key == 0 {
			continue
		}
		list := []countedFact{}
		for i := range l.in.Controls {
			if f := l.counted(s, &l.in.Controls[i]); f != nil {
				list = append(list, countedFact{int32(i), f})
			}
		}
		l.facts[key] = list
	}
}

// countedFact is a fact of the input, by its number, as far as it counts.
type countedFact struct {
	number int32
	*Fact
}

// counted returns a fact as far as a rule counts it, or nil.
func (l *Search) counted(s *law.Statute, f *Fact) *Fact {
	counts := func(holders []int32) bool {
		return l.within(f.Node, holders) && s.CountsFact(f.By, l.heldByAll(f.Node, holders))
	}
	if f.Rights == nil {
		if counts(f.Controllers) {
			return f
		}
		return nil
	}
	out := *f
	out.Rights = f.Rights.Only(counts)
	if out.Controllers = out.Rights.Holders(); out.Rights.Possible() {
		return &out
	}
	return nil
}

// within reports whether all controllers of a node are in its component.
func (l *Search) within(node int32, controllers []int32) bool {
	c := l.component[node]
	return c != 0 && !slices.ContainsFunc(controllers, func(x int32) bool { return l.component[x] != c })
}

// heldByAll reports whether each controller of a node holds shares of it.
func (l *Search) heldByAll(node int32, controllers []int32) bool {
	g := l.g
	from, to := g.Column(node)
	for _, x := range controllers {
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

// factsOf returns the facts that a rule counts.
func (l *Search) factsOf(s *law.Statute) []countedFact {
	if l.facts == nil {
		return nil
	}
	return l.facts[CountingOf(s)]
}

// FactsOf returns the facts of the input that a rule counts, by their numbers in the groups of
// [Search.Control].
func (l *Search) FactsOf(rule *law.Statute) []int32 {
	var out []int32
	for _, f := range l.factsOf(rule) {
		out = append(out, f.number)
	}
	return out
}

// AllFacts returns an index of the facts that a rule counts, among all nodes of the graph. It
// returns nil if there are none.
func (l *Search) AllFacts(rule *law.Statute) *majority.Facts {
	return l.indexFacts(l.factsOf(rule), l.g.IDs.Len(), func(x int32) int32 { return x })
}

// indexFacts returns an index of facts under other numbers of nodes. It leaves out facts of nodes
// that have none. It returns nil if no fact is left.
func (l *Search) indexFacts(list []countedFact, nodes int, number func(x int32) int32) *majority.Facts {
	var in []majority.Fact
	for _, f := range list {
		out := majority.Fact{Node: number(f.Node)}
		if f.Rights == nil {
			for _, x := range f.Controllers {
				out.Controllers = append(out.Controllers, number(x))
			}
		} else if out.Rights = f.Rights.Numbered(number); !out.Rights.Possible() {
			continue
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
			p.facts = map[Counting]*majority.Facts{}
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
		for _, f := range list {
			for _, x := range append(slices.Clone(f.Controllers), f.Node) {
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
	return p.facts[CountingOf(s)]
}

// ruleWithFacts returns the rule's definition of control with the facts that it counts.
func (p *subgraph) ruleWithFacts(s *law.Statute) majority.Rule {
	rule := controlRule(s)
	rule.Facts = p.factsFor(s)
	return rule
}
