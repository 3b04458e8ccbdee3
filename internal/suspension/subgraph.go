package suspension

import (
	"cmp"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// subgraph is the meetings that decide what the statutes ask about control, with
// numbers of their own, so that a look at the law reads these and not the whole
// alliance. It is immutable after law.settle.
//
// What is asked is whether x controls y, both of one circle. Which meetings can
// matter follows from two facts.
//
// A controlled company in between lies in the circle too: x reaches it, it
// reaches y, and y reaches x. So all votes that count for x in y are votes of
// the circle's companies. What statutes silence in y are votes that one of the
// circle's companies holds, owns or casts. Let these all be v votes, of o that
// are outstanding, and s of them suspended: x and all it controls have at most v-s
// votes of o-s, which is no greater part than v of o. A meeting in which v of o
// is below every threshold that is asked about is controlled by no company of its
// circle, in no state of the law, and is left out.
//
// A presumption compares with the other holders, grouped by their ultimate
// controllers by majority, which may be outside the circle. Whoever controls a
// holder holds of it, directly or through others; so under a presumption all
// meetings that lie on such ways up are in the precinct. They may be those of
// another circle and so depend on the law there: that is why circles are judged
// together.
type subgraph struct {
	g            *graph.Graph       // the alliance's own if local is nil
	number       []int32            // of each node of the alliance: its number here, counted from 1; 0 is outside
	controllable []bool             // of each node here: whether its circle might control it
	controls     []bool             // of each node here: whether it might control another by its own votes
	stakes       []int32            // of each of law.stakes: its number here, or nobody
	denominators tally.Denominators // of each company: votes outstanding

	once  sync.Once
	plain *tally.Tally // no votes suspended
}

// wholeBelow is the number of stakes below which a graph is its own precinct.
const wholeBelow = 1 << 10

// subgraph finds the meetings that the statutes' questions of control rest on.
func (l *Search) subgraph() *subgraph {
	if len(l.g.Issuer) < cmp.Or(l.in.WholeBelow, wholeBelow) {
		return l.wholeSubgraph()
	}
	return l.partSubgraph()
}

// wholeSubgraph is all meetings.
func (l *Search) wholeSubgraph() *subgraph {
	g := l.g
	return &subgraph{g: g, stakes: l.stakes, denominators: tally.OutstandingVotes(g, &g.Votes, false)}
}

// partSubgraph is only the meetings that matter.
func (l *Search) partSubgraph() *subgraph {
	var circles []int32
	for c, part := range l.component {
		if part != 0 {
			circles = append(circles, int32(c))
		}
	}
	return l.subgraphOf(circles, 0, make([]int32, len(l.g.IDs)))
}

// subgraphOf is the meetings that matter to some companies of circles, listed in
// order, but for those outside one circle if that is not 0. It numbers them in
// local, which holds zeros.
func (l *Search) subgraphOf(among []int32, only int32, local []int32) *subgraph {
	g := l.g
	least, presumed := l.lowestThreshold()
	carried := l.controllable(among, least)
	companies := slices.Clone(carried)
	for _, c := range companies {
		local[c] = 1
	}
	if presumed {
		companies = l.upwards(companies, only, local)
	}
	p := &subgraph{number: local, g: g.Subgraph(companies, local)}
	p.controllable = make([]bool, len(p.g.IDs))
	p.controls = make([]bool, len(p.g.IDs))
	for _, c := range carried {
		p.controllable[p.node(c)] = true
		l.markControllers(p, c, least)
	}
	p.denominators = tally.OutstandingVotes(p.g, &p.g.Votes, false)
	p.stakes = make([]int32, len(l.stakes))
	for i, e := range l.stakes {
		p.stakes[i] = graph.None
		c := g.Issuer[e]
		if n, ok := slices.BinarySearch(companies, c); ok {
			p.stakes[i] = p.g.Columns[local[companies[n]]-1] + e - g.Columns[c]
		}
	}
	return p
}

// upwards adds to some companies, which are marked in local, all that vote there
// directly or through others and have meetings of their own, in one circle only
// if that is not 0. It marks them and returns them in order.
func (l *Search) upwards(companies []int32, only int32, local []int32) []int32 {
	g := l.g
	for at := 0; at < len(companies); at++ {
		from, to := g.Column(companies[at])
		for _, x := range g.Voter[from:to] {
			if x != graph.None && local[x] == 0 && g.Columns[x] < g.Columns[x+1] && (only == 0 || l.component[x] == only) {
				local[x] = 1
				companies = append(companies, x)
			}
		}
	}
	slices.Sort(companies)
	return companies
}

// lowestThreshold returns the least fraction of the votes that any rule in use takes
// for control, and whether one presumes control.
func (l *Search) lowestThreshold() (least ratio.Ratio, presumed bool) {
	least = ratio.Of(1, 2) // TestControls asks for no less
	used := make([]bool, len(l.rules))
	for i := range l.candidates {
		for _, r := range l.candidates[i].Rules {
			used[r] = true
		}
	}
	for r, s := range l.rules {
		if used[r] && !s.Presumed.IsZero() {
			presumed = true
			if s.Presumed.Less(least) {
				least = s.Presumed
			}
		}
	}
	return least, presumed
}

// controllable lists those of some companies of circles in which the circle's own
// votes are at least some fraction of all.
func (l *Search) controllable(among []int32, least ratio.Ratio) []int32 {
	var out []int32
	for _, c := range among {
		if !l.inside(c).Less(l.g.Votes.Outstanding(c).Mul(least)) {
			out = append(out, c)
		}
	}
	return out
}

// inside returns the votes in c that one of its circle holds, owns or casts.
func (l *Search) inside(c int32) ratio.Ratio {
	g, circle := l.g, l.component
	var sum ratio.Ratio
	from, to := g.Column(c)
	for e := from; e < to; e++ {
		for _, x := range [...]int32{g.Holder[e], g.Beneficiary[e], g.Voter[e]} {
			if x != graph.None && circle[x] == circle[c] {
				sum = sum.Add(g.Stake(&g.Votes, e))
				break
			}
		}
	}
	return sum
}

// markControllers marks in p the companies of c's circle whose own votes in c might
// reach a fraction of all, were those of the rest of the circle silent. A company
// that is marked nowhere controls nobody: the first that it controls it carries
// alone.
func (l *Search) markControllers(p *subgraph, c int32, least ratio.Ratio) {
	g, circle := l.g, l.component
	outside := g.Votes.Outstanding(c).Sub(l.inside(c))
	from, to := g.Column(c)
	ordered := slices.IsSorted(g.Voter[from:to]) // else one's votes need not lie together: take it for granted
	var own ratio.Ratio
	for e := from; e < to; e++ {
		x := g.Voter[e]
		if x == graph.None || circle[x] != circle[c] {
			continue
		}
		if e == from || g.Voter[e-1] != x {
			own = ratio.Ratio{}
		}
		own = own.Add(g.Stake(&g.Votes, e))
		if !ordered || !own.Less(outside.Add(own).Mul(least)) {
			p.controls[p.node(x)] = true
		}
	}
}

// node returns x's number in the precinct, or nobody if it controls nothing
// there and nobody controls it.
func (p *subgraph) node(x int32) int32 {
	if p.number == nil || x == graph.None {
		return x
	}
	return p.number[x] - 1
}

// mayControl reports whether x controls anybody of its circle in some state of
// the law, as far as can be told beforehand. It is for parts of an alliance only.
func (p *subgraph) mayControl(x int32) bool {
	in := p.node(x)
	return in != graph.None && p.controls[in]
}

// mayBeControlled reports whether some company of x's circle controls x in some
// state of the law, as far as can be told beforehand. It is for parts of an alliance only.
func (p *subgraph) mayBeControlled(x int32) bool {
	in := p.node(x)
	return in != graph.None && p.controllable[in]
}

// tally counts the precinct's votes with some of them taken, as a state of the
// law has it.
func (p *subgraph) tally(state []ratio.Ratio) *tally.Tally { return p.tallyOf(state, state) }

// tallyOf counts votes with some taken from their casters and others from the
// base. Where that leaves votes and no base, the base is the least of the votes:
// any of them is then enough.
func (p *subgraph) tallyOf(taken, fromBase []ratio.Ratio) *tally.Tally {
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
			col = tally.Column{Voter: g.Voter[from:to], Base: g.Votes.Outstanding(c)}
			for e := from; e < to; e++ {
				col.Units = append(col.Units, g.Stake(&g.Votes, e))
			}
		}
		col.Units[e-from] = col.Units[e-from].Sub(taken[i])
		col.Base = col.Base.Sub(fromBase[i])
		changed[c] = col
	}
	if len(changed) == 0 {
		return p.untouched()
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
	return tally.New(g, &g.Votes, g.Voter, p.rows(), p.denominators, changed)
}

// untouched counts all votes, none suspended.
func (p *subgraph) untouched() *tally.Tally {
	p.once.Do(func() { p.plain = tally.New(p.g, &p.g.Votes, p.g.Voter, p.rows(), p.denominators, nil) })
	return p.plain
}

// rows is the stakes by caster where the alliance has them.
func (p *subgraph) rows() *graph.Rows {
	if p.number != nil {
		return nil
	}
	return &p.g.ByVoter
}
