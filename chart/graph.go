package chart

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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
	byName     string // its name
	isNew      bool   // it was not there before
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
	changed   bool
	size      ratio.Ratio
}

// key tells edges apart, and text is all that an edge says.
func (e *edge) text() string {
	return strings.Join(append([]string{e.capital, e.votes, e.suspended, fmt.Sprint(e.fact)}, e.notes...), "|")
}

type graph struct {
	nodes []node
	edges []edge
}

// builder makes a graph of an alliance.
type builder struct {
	a     *crossholding.Alliance
	g     crossholding.Graph
	opt   Options
	shows func(int32) bool
	bands map[[2]string][]crossholding.BandedStake
	votes *crossholding.Votes // nil for a book with bands
	tally *crossholding.Tally // for facts; nil too then
	at    map[string]int      // id to node
	out   *graph
}

func newGraph(ctx context.Context, a *crossholding.Alliance, opt Options) (*graph, error) {
	if a == nil {
		a = new(crossholding.Alliance)
	}
	b := &builder{a: a, g: a.Graph(), opt: opt, bands: map[[2]string][]crossholding.BandedStake{}, at: map[string]int{}, out: &graph{}}
	b.opt.Small = cmp.Or(max(opt.Small, 0), 8)
	var err error
	if b.shows, err = restrict(a, opt); err != nil {
		return nil, err
	}
	for _, s := range a.Banded() {
		key := [2]string{s.Holder, s.Issuer}
		b.bands[key] = append(b.bands[key], s)
	}
	var control *crossholding.Control
	if len(b.bands) == 0 {
		if control, err = a.Control(ctx, crossholding.ControlOptions{}); err != nil {
			return nil, err
		}
		b.votes, b.tally = control.Votes(), control.Tally()
	}
	if err := b.collect(ctx); err != nil {
		return nil, err
	}
	if err := b.boxes(ctx); err != nil {
		return nil, err
	}
	if err := b.colours(ctx, control); err != nil {
		return nil, err
	}
	if opt.Since != nil {
		return b.out, b.compare(ctx, opt)
	}
	return b.out, nil
}

// node returns the number of the node of an id, which it adds if need be.
func (b *builder) node(id string) int {
	if i, ok := b.at[id]; ok {
		return i
	}
	n := node{id: id, name: b.a.Name(id)}
	if company, ok := crossholding.IsFloat(id); ok {
		n.float, n.name = true, "others"
		_ = company
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
		if err := b.holders(c); err != nil {
			return err
		}
		if len(b.out.nodes) > maxNodes {
			return fmt.Errorf("more than %d: %w", maxNodes, ErrTooLarge)
		}
	}
	return b.facts()
}

// part is one holder's stake in a company, for one beneficiary and one voter.
type part struct {
	holder, beneficiary, voter int32
}

// holders adds the holders of a company.
func (b *builder) holders(c int32) error {
	issued, _ := b.g.Issued(c)
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
		b.label(&edges[i], c, counts[i])
	}
	if b.opt.Floats {
		if err := b.float(c, issued, &edges); err != nil {
			return err
		}
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

// label writes the figures of an edge.
func (b *builder) label(e *edge, c int32, n stakeCount) {
	holder, issuer := b.g.ID(int32(e.from)), b.g.ID(c)
	e.capital = e.size.ShortPercent()
	if list := b.bands[[2]string{holder, issuer}]; len(list) > 0 {
		e.dashed = true
		e.capital = list[0].Given.ShortPercent()
		if len(list) > 1 {
			e.capital = fmt.Sprintf("%d bands", len(list))
		}
		return
	}
	if b.votes == nil {
		return
	}
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

// float adds what nobody in the book holds.
func (b *builder) float(c int32, issued ratio.Ratio, edges *[]edge) error {
	id := crossholding.FloatOf(b.g.ID(c))
	_, treasury := b.g.Issued(c)
	rest := issued.Sub(treasury)
	from, to := b.g.Stakes(c)
	for e := from; e < to; e++ {
		rest = rest.Sub(b.g.Shares(e))
	}
	if rest.Sign() <= 0 || issued.Sign() <= 0 {
		return nil
	}
	*edges = append(*edges, edge{from: -1 - b.node(id), to: b.node(b.g.ID(c)), capital: rest.Div(issued).ShortPercent(), size: rest.Div(issued)})
	return nil
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

// facts adds control by other means than votes.
func (b *builder) facts() error {
	if b.tally == nil {
		return nil
	}
	for f := range b.tally.Facts() {
		if !b.shows(f.Company) {
			continue
		}
		for _, x := range f.Controllers {
			if !b.shows(x) {
				continue
			}
			e := edge{from: b.node(b.g.ID(x)), to: b.node(b.g.ID(f.Company)), fact: true, notes: []string{"controls by " + string(f.Fact.By)},
				why: []string{f.Fact.WithNames(b.a.Name).String()}}
			if len(f.Controllers) > 1 {
				e.notes = append(e.notes, "with others")
			}
			b.out.edges = append(b.out.edges, e)
		}
	}
	return nil
}

// boxes notes which companies stand in one box.
func (b *builder) boxes(ctx context.Context) error {
	a := b.a
	if len(b.bands) > 0 { // the boxes do not depend on figures
		var err error
		if a, err = a.WithBandsAt(ratio.Ratio{}); err != nil {
			return err
		}
	}
	d, err := a.Diagnose(ctx)
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
		if err != nil || len(list) != 1 || list[0] == n.id {
			continue // the readings of the law differ, or there is not one controller
		}
		n.controller, n.byName = list[0], b.a.Name(list[0])
	}
	return ctx.Err()
}

// compare marks what was not there before.
func (b *builder) compare(ctx context.Context, opt Options) error {
	before := opt.Since
	opt.Since = nil
	// A name of the options that did not exist before asks for nothing there.
	old, err := newGraph(ctx, before, Options{Floats: opt.Floats, Small: opt.Small})
	if err != nil {
		return err
	}
	was, known := map[string]bool{}, map[string]bool{}
	for i := range old.nodes {
		known[old.nodes[i].id] = true
	}
	for i := range old.edges {
		e := &old.edges[i]
		was[old.nodes[e.from].id+"\n"+old.nodes[e.to].id+"\n"+e.text()] = true
	}
	for i := range b.out.nodes {
		b.out.nodes[i].isNew = !known[b.out.nodes[i].id] && b.out.nodes[i].id != ""
	}
	for i := range b.out.edges {
		e := &b.out.edges[i]
		e.changed = !was[b.out.nodes[e.from].id+"\n"+b.out.nodes[e.to].id+"\n"+e.text()]
	}
	return nil
}
