package compliance

import (
	"cmp"
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

// linkRun is one call of [CloseLinks].
type linkRun struct {
	g     crossholding.Graph
	opt   *CloseLinkOptions
	by    []*linkBasis        // the bases of holdings; the first is that of votes, if there is one
	votes *crossholding.Tally // who controls whom

	concerts []crossholding.Concert // that count
	of       int32                  // the node of the option Of, or no node
	left     int                    // the steps that are left
	links    []CloseLink
	below    [][]crossholding.Holding // of each node: what it has the threshold of, or controls
}

// linkBasis is one way of counting holdings.
type linkBasis struct {
	basis     crossholding.Basis
	tally     *crossholding.Tally
	fractions [][]crossholding.Holding // of each company: who has which fraction of it
	out       [][]simplepath.Edge      // of each node: what it holds
}

func newLinkRun(ctx context.Context, a *crossholding.Alliance, opt *CloseLinkOptions) (*linkRun, error) {
	q := &linkRun{g: a.Graph(), opt: opt, of: crossholding.NoNode, links: []CloseLink{}}
	if err := opt.check(); err != nil {
		return nil, err
	}
	q.left = cmp.Or(opt.MaxSteps, maxSteps)
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
	if opt.Concerts == ConcertsTogether {
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
		b, err := q.newBasis(ctx, basis, tally)
		if err != nil {
			return nil, err
		}
		q.by = append(q.by, b)
	}
	return q, nil
}

func (q *linkRun) newBasis(ctx context.Context, basis crossholding.Basis, tally *crossholding.Tally) (*linkBasis, error) {
	n := q.g.Len()
	b := &linkBasis{basis, tally, make([][]crossholding.Holding, n), make([][]simplepath.Edge, n)}
	for c := range int32(n) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, progress.Cause(ctx)
		}
		b.fractions[c] = tally.Fractions(c)
		for _, h := range b.fractions[c] {
			b.out[h.Node] = append(b.out[h.Node], simplepath.Edge{To: c, Weight: h.Amount.Rat()})
		}
	}
	return b, nil
}

// from lists the nodes whose holdings can make links: all except the public. With the
// option Of, these are only its party and the nodes behind it.
func (q *linkRun) from(ctx context.Context) (list []int32, err error) {
	if q.of != crossholding.NoNode {
		tallies := []*crossholding.Tally{q.votes}
		for _, b := range q.by {
			tallies = append(tallies, b.tally)
		}
		seen, err := together.Behind(ctx, tallies, q.concerts, q.of)
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
func (q *linkRun) about(x int32, err error) error {
	if errors.Is(err, simplepath.ErrCap) {
		return fmt.Errorf("close links: more than %d steps, the last along paths from %s: %w",
			cmp.Or(q.opt.MaxSteps, maxSteps), q.g.ID(x), crossholding.ErrSearchLimit)
	}
	return fmt.Errorf("close links from %s: %w", q.g.ID(x), told.Bare{Err: err})
}

// walk visits all simple paths from x.
func (b *linkBasis) walk(ctx context.Context, x int32, steps int, visit func(path []int32, worth *big.Rat)) error {
	return simplepath.Walk(ctx, x, func(i int32) []simplepath.Edge { return b.out[i] }, simplepath.Product, steps,
		func(path []int32, worth *big.Rat) bool {
			visit(path, worth)
			return true
		})
}

// byPaths finds what x has of others by products along simple paths.
func (q *linkRun) byPaths(ctx context.Context, x int32) error {
	links := map[int32]*CloseLink{}
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
	if q.opt.Third == ThirdControls {
		g, err := q.group(ctx, x)
		if err != nil {
			return err
		}
		q.below[x] = q.controlled(g)
	}
	return nil
}

// sums adds up the products along all simple paths from x. It counts the steps.
func (b *linkBasis) sums(ctx context.Context, x int32, steps int) (sums map[int32]ratio.Ratio, used int, err error) {
	worths := map[int32]*big.Rat{}
	err = b.walk(ctx, x, steps, func(path []int32, worth *big.Rat) {
		used++
		y := path[len(path)-1]
		if worths[y] == nil {
			worths[y] = new(big.Rat)
		}
		worths[y].Add(worths[y], worth)
	})
	sums = make(map[int32]ratio.Ratio, len(worths))
	for y, sum := range worths {
		sums[y] = ratio.FromRat(sum)
	}
	return sums, used, err
}

// alongPaths adds the links of x by one basis, in place of those by another basis with
// less. A first walk adds up the products. A second walk keeps only the paths of links.
func (q *linkRun) alongPaths(ctx context.Context, b *linkBasis, x int32, links map[int32]*CloseLink) error {
	sums, steps, err := b.sums(ctx, x, q.left)
	if err != nil {
		return err
	}
	q.left -= steps
	found := map[int32]*CloseLink{}
	for y, share := range sums {
		if old := links[y]; q.reaches(share) && (old == nil || old.Fraction.Less(share)) {
			links[y] = &CloseLink{Kind: LinkHolding, Fraction: share, Basis: b.basis}
			if q.asked(x, y) {
				found[y] = links[y]
			}
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

// note adds a path to the link. If there are too many, it drops the weakest paths.
func (l *CloseLink) note(nodes []string, worth *big.Rat) {
	l.Paths = append(l.Paths, LinkPath{nodes, ratio.FromRat(worth)})
	if len(l.Paths) >= 2*maxLinkPaths {
		l.trim()
	}
}

// trim keeps the strongest paths, in order.
func (l *CloseLink) trim() {
	slices.SortFunc(l.Paths, func(x, y LinkPath) int {
		return cmp.Or(y.Product.Cmp(x.Product), slices.Compare(x.Nodes, y.Nodes))
	})
	if len(l.Paths) > maxLinkPaths {
		l.More += len(l.Paths) - maxLinkPaths
		l.Paths = l.Paths[:maxLinkPaths]
	}
}

// group returns a node with all that it controls. What partners in concerts have counts for it
// where they are about a company and it, or what it controls, is one of them.
func (q *linkRun) group(ctx context.Context, x int32) (*crossholding.NodeGroup, error) {
	t, rule := q.votes, crossholding.Rule{Threshold: q.opt.ControlThreshold, Facts: true}
	for {
		g, err := t.Group(ctx, rule, x)
		if err != nil || len(q.concerts) == 0 {
			return g, err
		}
		more, err := q.withPartners(g)
		if err != nil {
			return nil, err
		}
		larger, err := more.Group(ctx, rule, x)
		if err != nil || larger.Len() == g.Len() {
			return larger, err
		}
		t = more
	}
}

// withPartners returns the tally of votes in which those of partners count for a group.
func (q *linkRun) withPartners(g *crossholding.NodeGroup) (*crossholding.Tally, error) {
	meetings := map[int32]crossholding.Meeting{}
	for _, p := range q.concerts {
		i := slices.IndexFunc(p.Members, g.Has)
		if i < 0 {
			continue
		}
		partners := map[int32]bool{}
		for _, y := range p.Members {
			partners[y] = !g.Has(y)
		}
		about := []int32{p.Over}
		if p.Over == crossholding.NoNode {
			about = q.votes.Issuers(p.Members...)
		}
		together.CountFor(q.votes, meetings, about, partners, p.Members[i])
	}
	return q.votes.With(meetings)
}

// counts returns whether what a node has of a company counts for a group.
func (q *linkRun) counts(g *crossholding.NodeGroup, node, company int32) bool {
	return g.Has(node) || slices.ContainsFunc(q.concerts, func(p crossholding.Concert) bool {
		return (p.Over == crossholding.NoNode || p.Over == company) && slices.Contains(p.Members, node) && slices.ContainsFunc(p.Members, g.Has)
	})
}

// controlled returns what a group controls, with its fraction of each by the first basis.
func (q *linkRun) controlled(g *crossholding.NodeGroup) []crossholding.Holding {
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
func (q *linkRun) joint(b *linkBasis, g *crossholding.NodeGroup, y int32) (share ratio.Ratio, through []string) {
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
func (q *linkRun) byControl(ctx context.Context, x int32) error {
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
	if q.opt.Third == ThirdControls {
		q.below[x] = q.controlled(g)
	}
	return nil
}

// jointLink returns the link of a group's seed with company y, by the basis with the most.
// It has no kind if there is none.
func (q *linkRun) jointLink(g *crossholding.NodeGroup, y int32) CloseLink {
	var link CloseLink
	controls := g.Controls(y)
	for i, b := range q.by {
		share, through := q.joint(b, g, y)
		switch {
		case i > 0 && (controls || !link.Fraction.Less(share)):
		case controls:
			link = CloseLink{Kind: LinkControl, Fraction: share, Basis: b.basis, Through: through}
		case q.reaches(share):
			link = CloseLink{Kind: LinkHolding, Fraction: share, Basis: b.basis, Through: through}
		}
	}
	return link
}

// reaches reports whether a fraction is enough for a link.
func (q *linkRun) reaches(share ratio.Ratio) bool {
	return share.Reaches(q.opt.Threshold, !q.opt.Exceed)
}

// asked reports whether a link of x and y is wanted.
func (q *linkRun) asked(x, y int32) bool {
	return q.of == crossholding.NoNode || q.of == x || q.of == y
}

func (q *linkRun) add(x, y int32, l CloseLink) error {
	if !q.asked(x, y) {
		return nil
	}
	if len(q.links) >= q.opt.MaxLinks {
		return fmt.Errorf("close links: more than %d: %w", q.opt.MaxLinks, crossholding.ErrSearchLimit)
	}
	l.A, l.B = q.g.ID(x), q.g.ID(y)
	if l.Paths == nil {
		l.Paths = []LinkPath{}
	}
	if l.Through == nil {
		l.Through = []string{}
	}
	q.links = append(q.links, l)
	return nil
}

// thirds links companies through a common third party.
func (q *linkRun) thirds(ctx context.Context) error {
	for z, list := range q.below {
		slices.SortFunc(list, func(x, y crossholding.Holding) int { return int(x.Node) - int(y.Node) })
		for i, x := range list {
			if ctx.Err() != nil {
				return progress.Cause(ctx)
			}
			for _, y := range list[i+1:] {
				l := CloseLink{Kind: LinkThird, Third: q.g.ID(int32(z)), ThirdA: x.Amount, ThirdB: y.Amount}
				if err := q.add(x.Node, y.Node, l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
