package chart

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// node is a company, a holder, a float, or several small holders together.
type node struct {
	id         string // of the book; "" for several holders
	name       string
	kind       crossholding.PartyKind
	country    string
	company    bool
	float      bool
	component  int    // number of the box, from 1; 0 for none
	controller string // id of the ultimate controller, "" if there is none or several
	byName     string // the names of its ultimate controllers
	perhaps    string // who may control it, if it depends on the figures in bands
	only       bool   // it is not in the book that is compared
}

// edge is what a holder has of a company, or a fact of control.
type edge struct {
	from, to  int
	capital   string
	votes     string   // where they differ from the capital
	suspended string   // votes that the law suspends
	notes     []string // for whom, and what else
	why       []string // of the tooltip
	dashed    bool
	fact      bool
	control   crossholding.Certainty // whether the holder controls the company, in a book with bands
	// What is not so in the book that is compared: the edge as a whole, its capital, its votes.
	only, otherCapital, otherVotes bool
	size                           ratio.Ratio
}

type graph struct {
	nodes []node
	edges []edge
	bands bool // some stakes are known only as bands
	// agreements says that agreements about votes are left out, because of bands.
	agreements bool
}

// builder makes a graph of an alliance.
type builder struct {
	a     *crossholding.Alliance
	g     crossholding.Graph
	opt   Options
	whole bool // no picture is made of it
	shows func(int32) bool
	// floor is a, with each band at its lower end.
	floor  *crossholding.Alliance
	votes  *crossholding.Votes // nil for a book with bands
	tally  *crossholding.Tally // for facts
	bounds *crossholding.Bounds
	at     map[string]int // id to node
	out    *graph
}

// newGraph returns the graph of what opt shows.
func newGraph(ctx context.Context, a *crossholding.Alliance, opt Options) (*graph, error) {
	return makeGraph(ctx, a, opt, false)
}

// wholeGraph returns the nodes and edges of a whole book, for a comparison.
func wholeGraph(ctx context.Context, a *crossholding.Alliance, opt Options) (*graph, error) {
	return makeGraph(ctx, a, Options{Floats: opt.Floats, Small: opt.Small}, true)
}

func makeGraph(ctx context.Context, a *crossholding.Alliance, opt Options, whole bool) (*graph, error) {
	if a == nil {
		a = new(crossholding.Alliance)
	}
	b := &builder{a: a, whole: whole, floor: a, g: a.Graph(), opt: opt, at: map[string]int{}, out: &graph{bands: len(a.Banded()) > 0}}
	b.opt.Small = cmp.Or(max(opt.Small, 0), 8)
	var err error
	if b.shows, err = restrict(a, opt); err != nil {
		return nil, err
	}
	var control *crossholding.Control
	if b.out.bands {
		err = b.bracket(ctx)
	} else if control, err = a.Control(ctx, crossholding.ControlOptions{}); err == nil {
		b.votes, b.tally = control.Votes(), control.Tally()
		b.bounds, err = a.Bounds(ctx, crossholding.BoundsOptions{Control: crossholding.ControlOptions{Voting: crossholding.VotingOptions{NoLaw: true, NoContracts: true}}})
	}
	if err != nil {
		return nil, err
	}
	if err := b.collect(ctx); err != nil {
		return nil, err
	}
	if whole {
		return b.out, nil
	}
	if err := b.boxes(ctx); err != nil {
		return nil, err
	}
	if b.out.bands {
		err = b.certainties(ctx)
	} else {
		err = b.colours(ctx, control)
	}
	if err != nil {
		return nil, err
	}
	if opt.Since != nil {
		old, err := wholeGraph(ctx, opt.Since, opt)
		if err != nil {
			return nil, err
		}
		b.out.compare(old)
	}
	return b.out, nil
}

// node returns the number of the node of an id, which it adds if need be.
func (b *builder) node(id string) int {
	if i, ok := b.at[id]; ok {
		return i
	}
	n := node{id: id, name: b.a.Name(id)}
	if _, ok := crossholding.IsFloat(id); ok {
		n.float, n.name = true, "others"
	} else if x, err := b.g.Node(id); err == nil {
		p := b.g.Party(x)
		n.kind, n.country, n.company = p.Kind, p.Country, b.g.HasShares(x)
	}
	b.at[id] = len(b.out.nodes)
	b.out.nodes = append(b.out.nodes, n)
	return b.at[id]
}

// collect adds the nodes and the edges that are shown.
func (b *builder) collect(ctx context.Context) error {
	for c := range int32(b.g.Len()) {
		if c&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !b.g.HasShares(c) || !b.shows(c) {
			continue
		}
		b.node(b.g.ID(c))
		if err := b.holders(ctx, c); err != nil {
			return err
		}
		if len(b.out.nodes) > maxNodes && !b.whole {
			return fmt.Errorf("more than %d: %w", maxNodes, ErrTooLarge)
		}
	}
	b.facts()
	return nil
}

// part is one holder's stake in a company, for one beneficiary and one voter.
type part struct {
	holder, beneficiary, voter int32
}

// holders adds the holders of a company.
func (b *builder) holders(ctx context.Context, c int32) error {
	issued, _ := b.g.Issued(c)
	bounded, err := b.holdings(ctx, c)
	if err != nil {
		return err
	}
	var edges []edge
	index := map[part]int{}
	from, to := b.g.Stakes(c)
	votes, err := b.stakeVotes(c)
	if err != nil {
		return err
	}
	held := make([]ratio.Ratio, 0, to-from)
	counts := make([]stakeCount, 0, to-from)
	for e := from; e < to; e++ {
		s := b.g.Stake(e)
		if !b.shows(s.Holder) && !b.shows(s.Beneficiary) {
			continue
		}
		k := part{s.Holder, s.Beneficiary, s.Voter}
		i, ok := index[k]
		if !ok {
			i = len(edges)
			index[k] = i
			edges = append(edges, b.edge(c, k))
			held, counts = append(held, ratio.Ratio{}), append(counts, stakeCount{})
		}
		held[i] = held[i].Add(b.g.Shares(e))
		counts[i].add(votes, e)
	}
	for i := range edges {
		if issued.Sign() > 0 {
			edges[i].size = held[i].Div(issued)
		}
		edges[i].capital = edges[i].size.ShortPercent()
	}
	for k, i := range index {
		if h, ok := bounded[k]; ok {
			b.bound(&edges[i], c, h)
		}
		if b.votes != nil {
			b.label(&edges[i], c, counts[i])
		}
	}
	if b.opt.Floats {
		b.float(c, issued, bounded, &edges)
	}
	b.fold(c, edges)
	return nil
}

// edge returns the edge of a part, without figures.
func (b *builder) edge(c int32, k part) edge {
	e := edge{from: int(k.holder), to: b.node(b.g.ID(c))}
	name := func(x int32) string { return clip(b.a.Name(b.g.ID(x))) }
	if k.beneficiary != k.holder {
		e.dashed = true
		e.notes = append(e.notes, "for "+name(k.beneficiary))
	}
	switch {
	case k.voter == crossholding.NoNode:
		e.dashed = true
		e.notes = append(e.notes, "votes neutral")
	case k.voter != k.holder:
		e.notes = append(e.notes, "voted by "+name(k.voter))
	}
	return e
}

// stakeCount adds up votes of stakes.
type stakeCount struct{ theoretical, exercisable ratio.Ratio }

func (s *stakeCount) add(v map[int32]crossholding.StakeVotes, e int32) {
	s.theoretical, s.exercisable = s.theoretical.Add(v[e].Theoretical), s.exercisable.Add(v[e].Exercisable)
}

func (b *builder) stakeVotes(c int32) (map[int32]crossholding.StakeVotes, error) {
	if b.votes == nil {
		return nil, nil
	}
	out := map[int32]crossholding.StakeVotes{}
	for e, v := range b.votes.Stakes(c) {
		out[e] = v
	}
	return out, nil
}

// label writes the votes of an edge, where they differ from the capital.
func (b *builder) label(e *edge, c int32, n stakeCount) {
	holder, issuer := b.g.ID(int32(e.from)), b.g.ID(c)
	m, err := b.votes.Meeting(issuer)
	if err != nil || m.Theoretical.IsZero() {
		return
	}
	if n.exercisable.Less(n.theoretical) {
		e.suspended = n.theoretical.Div(m.Theoretical).ShortPercent()
		count, err := b.votes.Of(holder, issuer)
		if err == nil {
			for _, r := range count.Reasons {
				if r.Citation != "" {
					e.why = append(e.why, r.WithNames(b.a.Name).Because()+" ("+r.Citation+")")
				}
			}
		}
	}
	if !m.Exercisable.IsZero() && !n.exercisable.IsZero() {
		if v := n.exercisable.Div(m.Exercisable).ShortPercent(); v != e.capital {
			e.votes = v
		}
	}
}

// float adds what nobody in the book holds. With bands it is what the lower ends leave at most.
func (b *builder) float(c int32, issued ratio.Ratio, bounded map[part]crossholding.HoldingBound, edges *[]edge) {
	if issued.Sign() <= 0 {
		return
	}
	_, treasury := b.g.Issued(c)
	rest := issued.Sub(treasury)
	from, to := b.g.Stakes(c)
	for e := from; e < to; e++ {
		rest = rest.Sub(b.g.Shares(e))
	}
	rest = rest.Div(issued)
	part := ratio.Exactly(rest)
	if b.g.VotesApart(c) {
		part = ratio.Exactly(ratio.Int(1))
		for _, h := range bounded {
			part.Lo, part.Hi = part.Lo.Sub(h.Economic.Hi), part.Hi.Sub(h.Economic.Lo)
		}
	} else if b.out.bands {
		for _, h := range bounded {
			part.Lo = part.Lo.Sub(h.Capital.Hi.Sub(h.Capital.Lo))
		}
	}
	if part.Hi.Sign() <= 0 {
		return
	}
	if part.Lo.Sign() < 0 {
		part.Lo = ratio.Ratio{}
	}
	*edges = append(*edges, edge{from: -1 - b.node(crossholding.FloatOf(b.g.ID(c))), to: b.node(b.g.ID(c)), capital: part.ShortPercent(), dashed: !part.IsExact(), size: part.Lo})
}

// fold adds the edges of a company. Small holders who hold nothing else become one node.
func (b *builder) fold(c int32, edges []edge) {
	slices.SortStableFunc(edges, func(x, y edge) int { return y.size.Cmp(x.size) })
	only := 0
	var more int
	var sum ratio.Ratio
	for _, e := range edges {
		if e.from < 0 { // a float, whose node there is
			e.from = -1 - e.from
			b.out.edges = append(b.out.edges, e)
			continue
		}
		x := int32(e.from)
		id := b.g.ID(x)
		if b.single(x) && !e.dashed && id != b.opt.Holdings {
			if only++; only > b.opt.Small {
				more++
				sum = sum.Add(e.size)
				continue
			}
		}
		e.from = b.node(id)
		b.out.edges = append(b.out.edges, e)
	}
	if more == 0 {
		return
	}
	b.out.nodes = append(b.out.nodes, node{name: fmt.Sprintf("%d more", more), kind: crossholding.KindPublic})
	b.out.edges = append(b.out.edges, edge{from: len(b.out.nodes) - 1, to: b.node(b.g.ID(c)), capital: sum.ShortPercent(), size: sum})
}

// single reports whether a holder has no shares of its own and one stake only.
func (b *builder) single(x int32) bool {
	if b.g.HasShares(x) {
		return false
	}
	n := 0
	for range b.g.HeldBy(x) {
		if n++; n > 1 {
			return false
		}
	}
	return true
}

// facts adds control by other means than votes, and rights to appoint parts of a board that
// control it together.
func (b *builder) facts() {
	shown := map[string]bool{} // agreements that several facts may name
	for f := range b.tally.Facts() {
		why := f.Fact.WithNames(b.a.Name).String()
		if f.Seats == nil {
			b.factEdges(f.Company, f.Controllers, "controls by "+string(f.Fact.By), why)
		}
		for _, s := range f.Seats {
			if shown[s.Agreement] {
				continue
			}
			shown[s.Agreement] = true
			b.factEdges(f.Company, s.Holders, "appoints "+s.Seats.PercentString()+" of the board", why)
		}
	}
}

// factEdges adds an edge from each of those who control a company by a fact, or have a right.
func (b *builder) factEdges(company int32, holders []int32, note, why string) {
	if !b.shows(company) {
		return
	}
	for _, x := range holders {
		if !b.shows(x) {
			continue
		}
		e := edge{from: b.node(b.g.ID(x)), to: b.node(b.g.ID(company)), fact: true, notes: []string{note}, why: []string{why}}
		if len(holders) > 1 {
			e.notes = append(e.notes, "with others")
		}
		b.out.edges = append(b.out.edges, e)
	}
}

// boxes notes which companies stand in one box.
func (b *builder) boxes(ctx context.Context) error {
	d, err := b.floor.Diagnose(ctx) // the boxes do not depend on the figures in bands
	if err != nil {
		return err
	}
	for i, c := range d.Components {
		for _, id := range c.Companies {
			if n, ok := b.at[id]; ok {
				b.out.nodes[n].component = i + 1
			}
		}
	}
	return nil
}

// colours notes the ultimate controller of each company that has one.
func (b *builder) colours(ctx context.Context, c *crossholding.Control) error {
	if c == nil {
		return nil
	}
	for i := range b.out.nodes {
		n := &b.out.nodes[i]
		if !n.company {
			continue
		}
		list, err := c.Ultimate(ctx, n.id)
		if err == nil { // else the readings of the law differ
			b.controlled(n, slices.DeleteFunc(list, func(x string) bool { return x == n.id }))
		}
	}
	return ctx.Err()
}

// controlled notes the ultimate controllers of a company. One has a colour.
func (b *builder) controlled(n *node, by []string) {
	if len(by) == 1 {
		n.controller = by[0]
	}
	n.byName = b.names(by, "and")
}

// names joins the names of ids. It does not name more than two.
func (b *builder) names(ids []string, word string) string {
	switch len(ids) {
	case 0:
		return ""
	case 1:
		return b.a.Name(ids[0])
	case 2:
		return clip(b.a.Name(ids[0])) + " " + word + " " + clip(b.a.Name(ids[1]))
	}
	return fmt.Sprintf("%d holders", len(ids))
}
