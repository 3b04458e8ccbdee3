// The meetings that decide the questions of control.

package suspension

import (
	"cmp"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// subgraph is the part of a graph that decides the statutes' questions of control. Its
// nodes have numbers of their own, so that an evaluation reads only this part. It does not
// change after [Search.Solve] has made it.
//
// The question is whether x controls y, both of one component. Two facts tell which
// meetings matter.
//
// First, a controlled company in between lies in the same component: x reaches it, it
// reaches y, and y reaches x. So all votes that count for x in y are votes of the
// component's companies. Statutes suspend in y only votes that a company of the component
// holds, owns or casts. Let these be v votes of o that are outstanding, and s of them
// suspended. Then x and all it controls have at most v-s votes of o-s, and (v-s)/(o-s) is
// at most v/o. If v/o is below every threshold in use, no company of the component
// controls y in any assignment, and y's meeting is left out.
//
// Second, a presumption compares with the other holders, grouped by their ultimate
// controllers by majority. These may be outside the component. Whoever controls a holder
// holds shares of it, directly or through others. So under a presumption the subgraph also
// contains all meetings on such paths upwards. They may lie in another component and
// depend on the law there. Components are therefore evaluated together.
//
// Third, facts of control join companies in components as stakes do. The subgraph contains all
// companies of facts that a rule counts.
type subgraph struct {
	g            *graph.Graph // the whole graph if number is nil
	number       []int32      // of each node of the whole graph: its number here, counted from 1; 0 means not here
	controllable []bool       // of each node here: whether its component might control it
	controls     []bool       // of each node here: whether it might control another by its own votes alone
	stakes       []int32      // of each of the scope's stakes: its number here, or graph.None

	facts map[Counting]*majority.Facts // by the way of counting; nil if there are none

	onceBase sync.Once
	base     tally.Denominators // of each company: outstanding votes

	once sync.Once
	all  *tally.Tally // with no votes suspended

	own     []int32 // the voters of g, without votes cast for another's money; nil if there are none, or if no rule asks
	onceOwn sync.Once
	allOwn  *tally.Tally // the votes of own, with none suspended
}

// wholeBelow is the number of stakes below which the whole graph is used as subgraph.
const wholeBelow = 1 << 10

// subgraph selects the meetings that decide the statutes' questions of control.
func (sc *scope) subgraph() *subgraph {
	if len(sc.g.Issuer) < cmp.Or(sc.search.in.WholeBelow, wholeBelow) {
		return sc.wholeSubgraph()
	}
	return sc.partSubgraph()
}

// wholeSubgraph returns the subgraph with all meetings.
func (sc *scope) wholeSubgraph() *subgraph {
	g := sc.g
	p := &subgraph{g: g, stakes: sc.stakes}
	if sc.countsOwnVotes() {
		p.own = make([]int32, 0, len(g.Voter))
		for e, x := range g.Voter {
			p.own = append(p.own, ownVoter(g, int32(e), x))
		}
	}
	sc.search.addFacts(p)
	return p
}

// countsOwnVotes reports whether a rule in use leaves out votes cast for another's money,
// and the graph has such votes.
func (sc *scope) countsOwnVotes() bool {
	if graph.SameArray(sc.g.Voter, sc.g.Beneficiary) {
		return false
	}
	for i := range sc.candidates {
		for _, r := range sc.candidates[i].Rules {
			if sc.search.rules[r].OwnVotes {
				return true
			}
		}
	}
	return false
}

// ownVoter returns x if the votes of stake e are cast for the voter's own money, and
// otherwise graph.None.
func ownVoter(g *graph.Graph, e, x int32) int32 {
	if g.Voter[e] != g.Beneficiary[e] {
		return graph.None
	}
	return x
}

// partSubgraph returns the subgraph with only the meetings that matter.
func (sc *scope) partSubgraph() *subgraph {
	var components []int32
	for c, part := range sc.search.component {
		if part != 0 {
			components = append(components, int32(c))
		}
	}
	return sc.subgraphOf(components, nil, make([]int32, sc.g.IDs.Len()))
}

// subgraphOf returns the subgraph with the meetings that matter to the companies in among,
// which lie in components and are sorted. If only is not nil, meetings outside these
// components are left out. It numbers the nodes in local, which holds zeros.
func (sc *scope) subgraphOf(among []int32, only map[int32]bool, local []int32) *subgraph {
	g := sc.g
	least, presumed := sc.lowestThreshold()
	controllable := sc.search.controllable(among, least)
	companies := sc.search.factNodes(slices.Clone(controllable), among)
	for _, c := range companies {
		local[c] = 1
	}
	if presumed {
		companies = sc.search.upwards(companies, only, local)
	}
	p := &subgraph{number: local, g: g.Subgraph(companies, local)}
	if sc.countsOwnVotes() {
		p.own = make([]int32, 0, len(p.g.Voter))
		for _, c := range companies {
			from, to := g.Column(c)
			for e := from; e < to; e++ {
				p.own = append(p.own, ownVoter(g, e, p.g.Voter[len(p.own)]))
			}
		}
	}
	p.controllable = make([]bool, p.g.IDs.Len())
	p.controls = make([]bool, p.g.IDs.Len())
	for _, c := range controllable {
		p.controllable[p.localIndex(c)] = true
		sc.search.markControllers(p, c, least)
	}
	p.stakes = make([]int32, len(sc.stakes))
	for i, e := range sc.stakes {
		p.stakes[i] = graph.None
		c := g.Issuer[e]
		if n, ok := slices.BinarySearch(companies, c); ok {
			p.stakes[i] = p.g.Columns[local[companies[n]]-1] + e - g.Columns[c]
		}
	}
	sc.search.addFacts(p)
	return p
}

// upwards adds to companies, which are marked in local, all that vote there directly or
// through others and have meetings of their own. If only is not nil, it adds companies of
// these components alone. It marks them in local and returns them in order.
func (l *Search) upwards(companies []int32, only map[int32]bool, local []int32) []int32 {
	g := l.g
	for at := 0; at < len(companies); at++ {
		from, to := g.Column(companies[at])
		for _, x := range g.Voter[from:to] {
			if x != graph.None && local[x] == 0 && g.Columns[x] < g.Columns[x+1] && (only == nil || only[l.component[x]]) {
				local[x] = 1
				companies = append(companies, x)
			}
		}
	}
	slices.Sort(companies)
	return companies
}

// lowestThreshold returns the lowest fraction of votes that any rule in use requires for
// control, and whether a rule presumes control.
func (sc *scope) lowestThreshold() (least ratio.Ratio, presumed bool) {
	least = ratio.Of(1, 2) // the lowest threshold that TestControls allows
	used := make([]bool, len(sc.search.rules))
	for i := range sc.candidates {
		for _, r := range sc.candidates[i].Rules {
			used[r] = true
		}
	}
	for r, s := range sc.search.rules {
		if used[r] && !s.Presumed.IsZero() {
			presumed = true
			least = ratio.Min(least, s.Presumed)
		}
	}
	return least, presumed
}

// controllable lists the companies of among in which the votes of their own component are
// at least the given fraction of all.
func (l *Search) controllable(among []int32, least ratio.Ratio) []int32 {
	var out []int32
	for _, c := range among {
		if !l.componentVotes(c).Less(l.g.Votes.Outstanding(c).Mul(least)) {
			out = append(out, c)
		}
	}
	return out
}

// componentVotes returns the votes in c that a company of its component holds, owns or
// casts.
func (l *Search) componentVotes(c int32) ratio.Ratio {
	g, component := l.g, l.component
	var sum ratio.Ratio
	from, to := g.Column(c)
	for e := from; e < to; e++ {
		for _, x := range [...]int32{g.Holder[e], g.Beneficiary[e], g.Voter[e]} {
			if x != graph.None && component[x] == component[c] {
				sum = sum.Add(g.Stake(&g.Votes, e))
				break
			}
		}
	}
	return sum
}

// markControllers marks in p the companies of c's component whose own votes in c might
// reach a fraction of all if the votes of the rest of the component were suspended. A
// company that is marked at no meeting controls nobody, because it must reach control of
// its first company by its own votes alone.
func (l *Search) markControllers(p *subgraph, c int32, least ratio.Ratio) {
	g, component := l.g, l.component
	outside := g.Votes.Outstanding(c).Sub(l.componentVotes(c))
	from, to := g.Column(c)
	ordered := slices.IsSorted(g.Voter[from:to]) // otherwise the votes of one voter may not be adjacent: then mark every voter
	var own ratio.Ratio
	for e := from; e < to; e++ {
		x := g.Voter[e]
		if x == graph.None || component[x] != component[c] {
			continue
		}
		if e == from || g.Voter[e-1] != x {
			own = ratio.Ratio{}
		}
		own = own.Add(g.Stake(&g.Votes, e))
		if !ordered || !own.Less(outside.Add(own).Mul(least)) {
			p.controls[p.localIndex(x)] = true
		}
	}
}

// localIndex returns x's number in the subgraph. It returns graph.None if x is not in it:
// x then controls nothing there, and nobody there controls x.
func (p *subgraph) localIndex(x int32) int32 {
	if p.number == nil || x == graph.None {
		return x
	}
	return p.number[x] - 1
}

// mayControl reports whether x might control a company of its component in some
// assignment. It must not be called if the subgraph is the whole graph.
func (p *subgraph) mayControl(x int32) bool {
	in := p.localIndex(x)
	return in != graph.None && p.controls[in]
}

// mayBeControlled reports whether a company of x's component might control x in some
// assignment. It must not be called if the subgraph is the whole graph.
func (p *subgraph) mayBeControlled(x int32) bool {
	in := p.localIndex(x)
	return in != graph.None && p.controllable[in]
}

// tally counts the subgraph's votes without those that an assignment suspends.
func (p *subgraph) tally(assignment []ratio.Ratio) *tally.Tally {
	return p.tallyOf(assignment, assignment)
}

// tallyOf counts votes, with taken subtracted from the votes of their voters and fromBase
// from the denominators. If that leaves votes but a denominator of 0, the denominator
// becomes the smallest of the remaining votes: any of them is then enough.
func (p *subgraph) tallyOf(taken, fromBase []ratio.Ratio) *tally.Tally {
	return p.tallyBy(p.g.Voter, p.rows(), taken, fromBase)
}

// ownTallyOf is like tallyOf, without votes cast for another's money. They stay in the
// denominators.
func (p *subgraph) ownTallyOf(taken, fromBase []ratio.Ratio) *tally.Tally {
	return p.tallyBy(p.own, nil, taken, fromBase)
}

func (p *subgraph) tallyBy(voter []int32, rows *graph.Rows, taken, fromBase []ratio.Ratio) *tally.Tally {
	g := p.g
	changed := map[int32]tally.Column{}
	for i, e := range p.stakes {
		if e == graph.None || taken[i].IsZero() && fromBase[i].IsZero() {
			continue
		}
		c := g.Issuer[e]
		from, to := g.Column(c)
		col, ok := changed[c]
		if !ok {
			col = tally.Column{Voter: voter[from:to], Units: make([]ratio.Ratio, 0, to-from), Base: g.Votes.Outstanding(c)}
			for e := from; e < to; e++ {
				col.Units = append(col.Units, g.Stake(&g.Votes, e))
			}
		}
		col.Units[e-from] = col.Units[e-from].Sub(taken[i])
		col.Base = col.Base.Sub(fromBase[i])
		changed[c] = col
	}
	if len(changed) == 0 {
		if p.own != nil && graph.SameArray(voter, p.own) {
			return p.allOwnVotes()
		}
		return p.allVotes()
	}
	for c, col := range changed {
		if col.Base.Sign() > 0 {
			continue
		}
		for _, votes := range col.Units {
			if votes.Sign() > 0 && (col.Base.Sign() <= 0 || votes.Less(col.Base)) {
				col.Base = votes
			}
		}
		changed[c] = col
	}
	return tally.New(g, &g.Votes, voter, rows, p.denominators(), changed)
}

// allOwnVotes counts all votes that are cast for the voter's own money, with none suspended.
func (p *subgraph) allOwnVotes() *tally.Tally {
	p.onceOwn.Do(func() { p.allOwn = tally.New(p.g, &p.g.Votes, p.own, nil, p.denominators(), nil) })
	return p.allOwn
}

// allVotes counts all votes, with none suspended.
func (p *subgraph) allVotes() *tally.Tally {
	p.once.Do(func() { p.all = tally.New(p.g, &p.g.Votes, p.g.Voter, p.rows(), p.denominators(), nil) })
	return p.all
}

// denominators returns the outstanding votes. It counts them on first use: in a small book a look
// at a few holders often answers all questions.
func (p *subgraph) denominators() tally.Denominators {
	p.onceBase.Do(func() { p.base = tally.OutstandingVotes(p.g, &p.g.Votes, false) })
	return p.base
}

// rows returns the stakes by voter if the whole graph is used, and otherwise nil.
func (p *subgraph) rows() *graph.Rows {
	if p.number != nil {
		return nil
	}
	return &p.g.ByVoter
}
