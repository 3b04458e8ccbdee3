package scenario

import (
	"cmp"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/maxflow"
	"github.com/crossholding/crossholding/ratio"
)

// passage is how the shares of one issuer passed on in a moment. Of a party that merged into another
// one in the moment, all is that of the other.
type passage struct {
	holdings []holding              // before the moment
	had      map[string]ratio.Ratio // their shares, by party
	now      map[string]ratio.Ratio // after the moment
	dropped  map[string]ratio.Ratio // what rounding took
	shifts   []shift
}

// holding is the shares of a party before the moment, with what conversions of its own and rounding
// changed in them.
type holding struct {
	party string
	side  string // the holder on whose side the party was, or ""
	n     ratio.Ratio
	lost  ratio.Ratio // of n, what rounding took
}

// parties returns all parties, and whether shares passed to or from them.
func (x *passage) parties() map[string]bool {
	out := map[string]bool{}
	for _, h := range x.holdings {
		out[h.party] = false
	}
	for who := range x.now {
		out[who] = false
	}
	for _, s := range x.shifts {
		out[s.from], out[s.to] = true, true
	}
	return out
}

// standing is on whose side parties are: a holder with a right of pre-emption, with the companies that
// it controls. A moment concerns the parties that gave or got shares or changed the side. The shares
// of all others stay where they are.
type standing struct {
	is        map[string]string // after the moment
	was       map[string]string // before it, of those concerned
	concerned map[string]bool
}

// sideOf returns the side after the moment of a holder, which is its own if it is gone.
func (s *standing) sideOf(holder string) string { return cmp.Or(s.is[holder], holder) }

// sideSums is the shares of the parties concerned, by side.
type sideSums struct {
	before, after map[string]ratio.Ratio
	lost          map[string]ratio.Ratio // of before, what rounding took
}

// sums adds up shares by side.
func (s *standing) sums(x *passage) sideSums {
	out := sideSums{map[string]ratio.Ratio{}, map[string]ratio.Ratio{}, map[string]ratio.Ratio{}}
	for _, h := range x.holdings {
		if s.concerned[h.party] && h.side != "" {
			side := s.sideOf(h.side)
			out.before[side], out.lost[side] = out.before[side].Add(h.n), out.lost[side].Add(h.lost)
		}
	}
	for who, concerned := range s.concerned {
		if side := s.is[who]; concerned && side != "" {
			out.after[side] = out.after[side].Add(x.now[who])
		}
	}
	return out
}

// point is a node of the network along which shares flow.
type point struct {
	what pointKind
	name string // of a side or a party
}

type pointKind int

const (
	source     pointKind = iota
	sink                 // where shares may be
	sideBefore           // what a side had
	sideAfter            // what a side has
	ofParty
)

// network is a network of points.
type network struct {
	flow  maxflow.Network
	nodes map[point]int
}

func (n *network) node(p point) int {
	at, ok := n.nodes[p]
	if !ok {
		at = len(n.nodes)
		n.nodes[p] = at
	}
	return at
}

func (n *network) edge(from, to point, shares ratio.Ratio) {
	n.flow.Edge(n.node(from), n.node(to), shares)
}

// largest returns the largest flow from the source to the sink, beyond what flows already.
func (n *network) largest() ratio.Ratio {
	return n.flow.Flow(n.node(point{what: source}), n.node(point{what: sink}))
}

// reached returns the parties to which more could flow.
func (n *network) reached() map[string]bool {
	out := map[string]bool{}
	for p, node := range n.nodes {
		if p.what == ofParty && n.flow.Reaches(node) {
			out[p.name] = true
		}
	}
	return out
}

// networkOf returns the network from what sides had before the moment, over parties, to what they have
// after it. What a side lost and gained counts as one.
func networkOf(x *passage, s *standing, sums *sideSums) *network {
	n := &network{nodes: map[point]int{}}
	for _, h := range x.holdings {
		if s.concerned[h.party] && h.side != "" {
			n.edge(point{sideBefore, s.sideOf(h.side)}, point{ofParty, h.party}, h.n)
		}
	}
	for _, who := range slices.Sorted(maps.Keys(s.concerned)) {
		if side := s.is[who]; s.concerned[who] && side != "" {
			n.edge(point{ofParty, who}, point{sideAfter, side}, x.now[who])
		}
	}
	for _, m := range x.shifts {
		n.edge(point{ofParty, m.from}, point{ofParty, m.to}, m.n)
	}
	for _, side := range slices.Sorted(maps.Keys(sums.before)) {
		n.edge(point{what: source}, point{sideBefore, side}, sums.before[side])
		n.edge(point{sideBefore, side}, point{sideAfter, side}, sums.before[side])
	}
	for _, side := range slices.Sorted(maps.Keys(sums.after)) {
		n.edge(point{sideAfter, side}, point{what: sink}, sums.after[side])
	}
	return n
}

// flow is how many of the shares that sides had can be with sides after the moment.
type flow struct {
	missing ratio.Ratio     // that none of them can have, though rounding did not take them
	rounded ratio.Ratio     // of the shares that sides gave to outsiders, what rounding took
	reached map[string]bool // parties through which missing shares may have passed
}

// flowOf finds the largest flow.
func flowOf(x *passage, s *standing, sums *sideSums) flow {
	n := networkOf(x, s, sums)
	kept := n.largest()
	for _, party := range slices.Sorted(maps.Keys(x.dropped)) {
		n.edge(point{ofParty, party}, point{what: sink}, x.dropped[party])
	}
	rounded := n.largest()
	var all, lost ratio.Ratio
	for side, had := range sums.before {
		if had.Sign() > 0 {
			all, lost = all.Add(had), lost.Add(sums.lost[side])
		}
	}
	return flow{all.Sub(kept).Sub(rounded), ratio.Max(rounded.Sub(lost), ratio.Ratio{}), n.reached()}
}

// leaks returns, by side, the shares that it gave to outsiders who kept some, or passed them on to
// such.
func leaks(x *passage, s *standing, reached map[string]bool) map[string]ratio.Ratio {
	keep := keepers(x, s)
	out := map[string]ratio.Ratio{}
	for party, side := range s.was {
		if s.is[party] == "" && reached[party] {
			out[side] = out[side].Add(x.now[party]) // somebody else controls it now
		}
	}
	for _, m := range x.shifts {
		if side := s.was[m.from]; side != "" && s.was[m.to] == "" && keep[m.to] && reached[m.from] && reached[m.to] {
			out[side] = out[side].Add(m.n)
		}
	}
	return out
}

// keepers returns the parties that kept shares, or passed some on to others that did, and that are on
// no side. What ceases to exist is with nobody, whose name is "".
func keepers(x *passage, s *standing) map[string]bool {
	givers := map[string][]string{} // outsiders, by who got shares of them
	for _, m := range x.shifts {
		if s.was[m.from] == "" {
			givers[m.to] = append(givers[m.to], m.from)
		}
	}
	open := []string{""}
	for party, n := range x.now {
		if s.is[party] == "" && x.had[party].Less(n) {
			open = append(open, party)
		}
	}
	out := map[string]bool{}
	for len(open) > 0 {
		last := open[len(open)-1]
		open = open[:len(open)-1]
		if !out[last] {
			out[last] = true
			open = append(open, givers[last]...)
		}
	}
	return out
}

// shareOf is n of some shares.
type shareOf struct{ n, of ratio.Ratio }

// partsOf returns how many shares each side parts with, and how many of all of these the sides get.
func partsOf(sums *sideSums, f *flow, leaks map[string]ratio.Ratio) (parted map[string]ratio.Ratio, got shareOf) {
	parted = map[string]ratio.Ratio{}
	for side, n := range sums.before {
		lost := n.Sub(sums.lost[side]).Sub(sums.after[side])
		leak := ratio.Min(leaks[side], f.missing)
		if len(leaks) == 0 || leak.Sign() > 0 {
			parted[side] = ratio.Max(lost, leak)
			got.of = got.of.Add(parted[side])
		}
	}
	got.of = ratio.Max(got.of, f.missing)
	got.n = ratio.Max(got.of.Sub(f.missing).Sub(f.rounded), ratio.Ratio{})
	return parted, got
}
