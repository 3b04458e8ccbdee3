package links

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// run is one search for links in a book without bands.
type run struct {
	g     crossholding.Graph
	opt   *Query
	by    []*holdings         // the bases of holdings; the first is that of votes, if there is one
	votes *crossholding.Tally // who controls whom

	concerts []crossholding.Concert // that count
	of       int32                  // the node of the option Of, or no node
	left     int                    // the steps that are left
	links    []Link
	below    [][]crossholding.Holding // of each node: what it has the threshold of, or controls
}

func newRun(ctx context.Context, a *crossholding.Alliance, opt *Query) (*run, error) {
	q := &run{g: a.Graph(), opt: opt, of: crossholding.NoNode, links: []Link{}}
	q.left = opt.MaxSteps
	var err error
	if opt.Of != "" {
		if q.of, err = q.g.Node(opt.Of); err != nil {
			return nil, err
		}
	}
	bases := []crossholding.Basis{crossholding.BasisExercisable, crossholding.BasisCapital}
	if q.votes, err = a.Tally(ctx, bases[0], opt.Voting); err != nil {
		return nil, err
	}
	if opt.Together {
		v, err := a.Votes(ctx, opt.Voting)
		if err != nil {
			return nil, err
		}
		q.concerts = v.Concerts()
	}
	if opt.Basis != "" {
		bases = []crossholding.Basis{opt.Basis}
	}
	q.below = make([][]crossholding.Holding, q.g.Len())
	for _, basis := range bases {
		tally := q.votes
		if basis != crossholding.BasisExercisable {
			if tally, err = a.Tally(ctx, basis, opt.Voting); err != nil {
				return nil, err
			}
		}
		if len(q.by) > 0 && q.by[0].tally.Equal(tally) {
			continue // votes and capital are the same
		}
		b, err := newHoldings(ctx, basis, tally)
		if err != nil {
			return nil, err
		}
		q.by = append(q.by, b)
	}
	return q, nil
}

// from lists the nodes whose holdings can make links: all except the public. With the
// option Of, these are only its party and the nodes behind it.
func (q *run) from(ctx context.Context) (list []int32, err error) {
	if q.of != crossholding.NoNode {
		tallies := []*crossholding.Tally{q.votes}
		for _, b := range q.by {
			tallies = append(tallies, b.tally)
		}
		seen, err := together.Behind(ctx, tallies, q.concerts, nil, q.of)
		if err != nil {
			return nil, err
		}
		list = slices.Sorted(maps.Keys(seen))
	} else {
		for i := range int32(q.g.Len()) {
			list = append(list, i)
		}
	}
	return slices.DeleteFunc(list, q.g.Dispersed), nil
}

// about names the party whose links could not be found.
func (q *run) about(x int32, err error) error {
	if errors.Is(err, simplepath.ErrCap) {
		return fmt.Errorf("close links: more than %d steps, the last along paths from %s: %w",
			q.opt.MaxSteps, q.g.ID(x), crossholding.ErrSearchLimit)
	}
	return fmt.Errorf("close links from %s: %w", q.g.ID(x), told.Bare{Err: err})
}

// byPaths finds what x has of others by products along simple paths, and what it controls.
func (q *run) byPaths(ctx context.Context, x int32) error {
	g, err := q.group(ctx, x)
	if err != nil {
		return err
	}
	links := map[int32]*Link{}
	for y, level := range g.Nodes() {
		if level > 0 {
			links[y] = &Link{Kind: Control, Basis: q.by[0].basis}
		}
	}
	for _, b := range q.by {
		if err := q.alongPaths(ctx, b, x, links); err != nil {
			return err
		}
	}
	for y, l := range links {
		q.below[x] = append(q.below[x], crossholding.Holding{Node: y, Amount: l.Fraction})
		if err := q.add(x, y, *l); err != nil {
			return err
		}
	}
	if q.opt.ThirdControls {
		q.below[x] = q.controlled(g)
	}
	return nil
}

// alongPaths adds the links of x by one basis, in place of those by another basis with
// less. What x controls keeps the first basis. A first walk adds up the products. A second walk
// keeps only the paths of links.
func (q *run) alongPaths(ctx context.Context, b *holdings, x int32, links map[int32]*Link) error {
	sums, steps, err := b.sums(ctx, x, q.left)
	if err != nil {
		return err
	}
	q.left -= steps
	found := map[int32]*Link{}
	for y, share := range sums {
		old := links[y]
		switch {
		case old != nil && old.Kind == Control:
			if b != q.by[0] {
				continue
			}
			old.Fraction = share
		case !q.reaches(share) || old != nil && !old.Fraction.Less(share):
			continue
		default:
			links[y] = &Link{Kind: Holding, Fraction: share, Basis: b.basis}
		}
		if q.asked(x, y) {
			found[y] = links[y]
		}
	}
	if len(found) == 0 {
		return nil
	}
	err = b.walk(ctx, x, steps, func(path []int32, worth *big.Rat) {
		if l := found[path[len(path)-1]]; l != nil {
			l.note(q.g.IDs(path), worth)
		}
	})
	for _, l := range found {
		l.trim()
	}
	return err
}

// group returns a node with all that it controls. What partners in concerts have counts for it
// where they are about a company and it, or what it controls, is one of them.
func (q *run) group(ctx context.Context, x int32) (*crossholding.NodeGroup, error) {
	rule := crossholding.Rule{Threshold: q.opt.ControlThreshold}
	g, err := q.votes.Group(ctx, rule, x)
	for err == nil && len(q.concerts) > 0 {
		var t *crossholding.Tally
		if t, err = q.withPartners(g, x); err != nil {
			break
		}
		before := g.Len()
		if g, err = t.Group(ctx, rule, x); err == nil && g.Len() == before {
			break
		}
	}
	return g, err
}

// withPartners returns the tally of votes in which those of all members of a concert count for x, if
// one of them is in its group. So a group that grows only adds to them.
func (q *run) withPartners(g *crossholding.NodeGroup, x int32) (*crossholding.Tally, error) {
	meetings := map[int32]crossholding.Meeting{}
	for _, p := range q.concerts {
		if !slices.ContainsFunc(p.Members, g.Has) {
			continue
		}
		members := map[int32]int32{}
		for _, y := range p.Members {
			members[y] = x
		}
		about := []int32{p.Over}
		if p.Over == crossholding.NoNode {
			about = q.votes.Issuers(p.Members...)
		}
		together.CountBy(q.votes, meetings, about, members)
	}
	return q.votes.With(meetings)
}

// counts returns whether what a node has of a company counts for a group.
func (q *run) counts(g *crossholding.NodeGroup, node, company int32) bool {
	return g.Has(node) || slices.ContainsFunc(q.concerts, func(p crossholding.Concert) bool {
		return (p.Over == crossholding.NoNode || p.Over == company) && slices.Contains(p.Members, node) && slices.ContainsFunc(p.Members, g.Has)
	})
}

// controlled returns what a group controls, with its fraction of each by the first basis.
func (q *run) controlled(g *crossholding.NodeGroup) []crossholding.Holding {
	var out []crossholding.Holding
	for node, level := range g.Nodes() {
		if level > 0 {
			share, _ := q.joint(q.by[0], g, node)
			out = append(out, crossholding.Holding{Node: node, Amount: share})
		}
	}
	return out
}

// joint returns the fraction of y that the members of a group have. It also returns
// the members, without the seed, that have some of it.
func (q *run) joint(b *holdings, g *crossholding.NodeGroup, y int32) (share ratio.Ratio, through []string) {
	for _, h := range b.fractions[y] {
		if h.Node != y && q.counts(g, h.Node, y) {
			share = share.Add(h.Amount)
			if g.Controls(h.Node) || !g.Has(h.Node) {
				through = append(through, q.g.ID(h.Node))
			}
		}
	}
	return share, through
}

// byControl finds what x has of others directly and through undertakings that
// it controls.
func (q *run) byControl(ctx context.Context, x int32) error {
	g, err := q.group(ctx, x)
	if err != nil {
		return err
	}
	var companies []int32
	for node, level := range g.Nodes() {
		if level > 0 {
			companies = append(companies, node)
		}
		for _, b := range q.by {
			for _, e := range b.out[node] {
				companies = append(companies, e.To)
			}
		}
	}
	for _, p := range q.concerts {
		if slices.ContainsFunc(p.Members, g.Has) {
			companies = append(companies, q.votes.Issuers(p.Members...)...)
			for _, b := range q.by {
				companies = append(companies, b.tally.Issuers(p.Members...)...)
			}
		}
	}
	slices.Sort(companies)
	for _, y := range slices.Compact(companies) {
		link := q.jointLink(g, y)
		if y == x || link.Kind == "" {
			continue
		}
		if err := q.add(x, y, link); err != nil {
			return err
		}
		q.below[x] = append(q.below[x], crossholding.Holding{Node: y, Amount: link.Fraction})
	}
	if q.opt.ThirdControls {
		q.below[x] = q.controlled(g)
	}
	return nil
}

// jointLink returns the link of a group's seed with company y, by the basis with the most.
// It has no kind if there is none.
func (q *run) jointLink(g *crossholding.NodeGroup, y int32) Link {
	var link Link
	controls := g.Controls(y)
	for i, b := range q.by {
		share, through := q.joint(b, g, y)
		switch {
		case i > 0 && (controls || !link.Fraction.Less(share)):
		case controls:
			link = Link{Kind: Control, Fraction: share, Basis: b.basis, Through: through}
		case q.reaches(share):
			link = Link{Kind: Holding, Fraction: share, Basis: b.basis, Through: through}
		}
	}
	return link
}

// reaches reports whether a fraction is enough for a link.
func (q *run) reaches(share ratio.Ratio) bool {
	return share.Reaches(q.opt.Threshold, !q.opt.Exceed)
}

// asked reports whether a link of x and y is wanted.
func (q *run) asked(x, y int32) bool {
	return q.of == crossholding.NoNode || q.of == x || q.of == y
}

func (q *run) add(x, y int32, l Link) error {
	if !q.asked(x, y) {
		return nil
	}
	if len(q.links) >= q.opt.MaxLinks {
		return fmt.Errorf("close links: more than %d: %w", q.opt.MaxLinks, crossholding.ErrSearchLimit)
	}
	l.A, l.B = q.g.ID(x), q.g.ID(y)
	if l.Paths == nil {
		l.Paths = []Path{}
	}
	if l.Through == nil {
		l.Through = []string{}
	}
	q.links = append(q.links, l)
	return nil
}

// thirds links companies through a common third party.
func (q *run) thirds(ctx context.Context) error {
	for z, list := range q.below {
		slices.SortFunc(list, func(x, y crossholding.Holding) int { return int(x.Node) - int(y.Node) })
		for i, x := range list {
			if ctx.Err() != nil {
				return progress.Cause(ctx)
			}
			for _, y := range list[i+1:] {
				l := Link{Kind: ThirdParty, Third: q.g.ID(int32(z)), ThirdA: x.Amount, ThirdB: y.Amount}
				if err := q.add(x.Node, y.Node, l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
