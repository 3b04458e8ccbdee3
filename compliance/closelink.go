package compliance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/ratio"
)

// CloseLinkReading names a way of counting indirect holdings for close links. The zero
// value is [LinksByPaths].
type CloseLinkReading string

// These are the readings.
const (
	// LinksByPaths adds the products along all simple paths from one to the
	// other, as the reasoning systems of the Bank of Italy do (Vadalog).
	LinksByPaths CloseLinkReading = ""
	// LinksByControl counts direct holdings together with the full holdings of
	// undertakings under control: "direct or by way of control", Directive
	// 2014/65/EU, art. 4(1)(35).
	LinksByControl CloseLinkReading = "control"
)

// ThirdPartyTest says when one party links two others. The zero value is [ThirdHolds].
type ThirdPartyTest string

// These are the tests of a common third party.
const (
	// ThirdHolds means that it holds the threshold of both, Guideline (EU)
	// 2015/510 (ECB/2014/60), art. 138(2) (its words are not verified).
	ThirdHolds ThirdPartyTest = ""
	// ThirdControls means that it controls both, Directive 2014/65/EU, art.
	// 4(1)(35)(c).
	ThirdControls ThirdPartyTest = "control"
)

// CloseLinkOptions says when parties are closely linked. The zero value is 20% of the
// voting rights or of the capital, or more, products along simple paths, and third parties
// with 20% of both. Control is always by votes that can be cast.
type CloseLinkOptions struct {
	Reading CloseLinkReading
	Third   ThirdPartyTest
	// Threshold is a fraction, and 0 means 1/5.
	Threshold ratio.Ratio
	// Exceed requires more than Threshold. By default reaching it is enough.
	Exceed bool
	// ControlThreshold is the fraction that must be exceeded to control. 0 means 1/2.
	ControlThreshold ratio.Ratio
	// Basis, if not empty, is the only basis of holdings. With [crossholding.BasisCapital],
	// shares are counted by beneficiary, as a fraction of those outstanding. Otherwise they
	// are [crossholding.BasisExercisable] or [crossholding.BasisTheoretical] votes. By
	// default a holding of the capital or of the exercisable votes is enough, whichever
	// reaches Threshold: Regulation (EU) No 575/2013, art. 4(1)(38)(a).
	Basis crossholding.Basis
	// Of, if not empty, is the only party whose links are returned.
	Of string
	// MaxSteps bounds the steps along paths, and MaxLinks bounds the number of links.
	// 0 means 1,000,000. Above a bound, [CloseLinks] fails with
	// [crossholding.ErrSearchLimit].
	MaxSteps, MaxLinks int
	// Voting says how votes are counted.
	Voting crossholding.VotingOptions
}

// CloseLinkKind says what links two parties. The zero value is no kind.
type CloseLinkKind string

// These are the kinds of links.
const (
	LinkHolding CloseLinkKind = "holding"     // A has the threshold of B
	LinkControl CloseLinkKind = "control"     // A controls B
	LinkThird   CloseLinkKind = "third party" // Third is linked to both A and B
)

// CloseLink is one link between two parties. It is plain data.
type CloseLink struct {
	A        string        `json:"a"`
	B        string        `json:"b"`
	Kind     CloseLinkKind `json:"kind"`
	Fraction ratio.Ratio   `json:"fraction"` // the fraction of B that A has by the reading, 0..1; 0 for a third party
	// Basis is what Fraction is of: the basis by which A has more of B. For control it is
	// that of votes. It is empty for a third party.
	Basis crossholding.Basis `json:"basis,omitempty"`
	Paths []LinkPath         `json:"paths"` // with LinksByPaths, strongest first, at most 20
	More  int                `json:"more"`  // the number of further paths
	// Through lists the undertakings under A's control that have something of B,
	// sorted. It is empty except with LinksByControl.
	Through []string `json:"through"`
	// Third has ThirdA of A and ThirdB of B.
	Third  string      `json:"third,omitempty"`
	ThirdA ratio.Ratio `json:"third_a"`
	ThirdB ratio.Ratio `json:"third_b"`
}

// LinkPath is one simple path and the product along it. It is plain data.
type LinkPath struct {
	Nodes   []string    `json:"nodes"`
	Product ratio.Ratio `json:"product"`
}

// String returns the link as a sentence.
func (l CloseLink) String() string {
	switch l.Kind {
	case LinkThird:
		return fmt.Sprintf("%s and %s are closely linked: %s has %s and %s of them", l.A, l.B, l.Third, l.ThirdA.ShortPercent(), l.ThirdB.ShortPercent())
	case LinkControl:
		return fmt.Sprintf("%s and %s are closely linked: %s controls %s with %s of it%s", l.A, l.B, l.A, l.B, l.Fraction.ShortPercent(), through(l.Through))
	}
	text := fmt.Sprintf("%s and %s are closely linked: %s has %s of %s%s", l.A, l.B, l.A, l.Fraction.ShortPercent(), l.B, through(l.Through))
	for i, p := range l.Paths {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		text += fmt.Sprintf("%s%s %s", sep, strings.Join(p.Nodes, " > "), p.Product.ShortPercent())
	}
	if l.More > 0 {
		text += fmt.Sprintf(" and %d paths more", l.More)
	}
	return text
}

// WithNames returns the link with ids replaced by names, as by [crossholding.Alliance.Name].
// Lists stay in the order of ids.
func (l CloseLink) WithNames(name func(id string) string) CloseLink {
	l.A, l.B, l.Through, l.Paths = name(l.A), name(l.B), named(l.Through, name), slices.Clone(l.Paths)
	if l.Third != "" {
		l.Third = name(l.Third)
	}
	for i, p := range l.Paths {
		l.Paths[i].Nodes = named(p.Nodes, name)
	}
	return l
}

const (
	maxSteps     = 1_000_000
	maxLinks     = 1_000_000
	maxLinkPaths = 20
)

// CloseLinks returns the close links between parties, sorted by A, B, kind and third
// party. Two parties are closely linked if A has the threshold of B, or if a third
// party has the threshold of both. The link goes both ways. Floats and parties of
// [crossholding.KindPublic] link nobody. A path does not return to a node.
//
// It fails with [crossholding.ErrUnknown] for unknown names and readings, with
// [crossholding.ErrRange] for thresholds outside 0..1 and negative bounds, with
// [crossholding.ErrSearchLimit] above MaxSteps or MaxLinks, and with the errors of
// [crossholding.Alliance.Votes].
func CloseLinks(ctx context.Context, a *crossholding.Alliance, opt CloseLinkOptions) ([]CloseLink, error) {
	ctx, a = given(ctx, a)
	links, err := closeLinks(ctx, a, &opt)
	return links, told(err)
}

func closeLinks(ctx context.Context, a *crossholding.Alliance, opt *CloseLinkOptions) ([]CloseLink, error) {
	q, err := newLinkRun(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	held := q.byPaths
	if opt.Reading == LinksByControl {
		held = q.byControl
	}
	from, err := q.from(ctx)
	if err != nil {
		return nil, err
	}
	stage := progress.Start(ctx, "links", len(from), 1)
	for i, x := range from {
		stage.At(i)
		if err := held(ctx, x); err != nil {
			return nil, q.about(x, err)
		}
	}
	stage.End()
	if err := q.thirds(ctx); err != nil {
		return nil, err
	}
	slices.SortFunc(q.links, func(x, y CloseLink) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Third, y.Third))
	})
	return q.links, nil
}

// linkRun is one call of [CloseLinks].
type linkRun struct {
	g     crossholding.Graph
	opt   *CloseLinkOptions
	by    []*linkBasis        // the bases of holdings; the first is that of votes, if there is one
	votes *crossholding.Tally // who controls whom
	of    int32               // the node of the option Of, or no node
	left  int                 // the steps that are left
	links []CloseLink
	below [][]crossholding.Holding // of each node: what it has the threshold of, or controls
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

// check checks the options and fills in the defaults.
func (o *CloseLinkOptions) check() error {
	switch o.Reading {
	case LinksByPaths, LinksByControl:
	default:
		return unknownOption("reading", o.Reading, LinksByControl)
	}
	switch o.Third {
	case ThirdHolds, ThirdControls:
	default:
		return unknownOption("test of a third party", o.Third, ThirdControls)
	}
	var err error
	if o.Threshold, err = fraction("Threshold", o.Threshold, ratio.Of(1, 5)); err != nil {
		return err
	}
	if o.ControlThreshold, err = fraction("ControlThreshold", o.ControlThreshold, ratio.Of(1, 2)); err != nil {
		return err
	}
	if o.MaxSteps < 0 || o.MaxLinks < 0 {
		return fmt.Errorf("MaxSteps %d, MaxLinks %d: %w", o.MaxSteps, o.MaxLinks, crossholding.ErrRange)
	}
	o.MaxLinks = cmp.Or(o.MaxLinks, maxLinks)
	return nil
}

// from lists the nodes whose holdings can make links: all except the public. With the
// option Of, these are only its party and the nodes that hold something of it,
// directly or through others.
func (q *linkRun) from(ctx context.Context) (list []int32, err error) {
	if q.of != crossholding.NoNode {
		for _, b := range q.by {
			more, err := b.tally.Upstream(ctx, q.of)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
		}
		more, err := q.votes.Upstream(ctx, q.of)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
		slices.Sort(list)
		list = slices.Compact(list)
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
	return fmt.Errorf("close links from %s: %w", q.g.ID(x), bare{err})
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

// alongPaths adds the links of x by one basis, in place of those by another basis with
// less. A first walk adds up the products. A second walk keeps only the paths of links.
func (q *linkRun) alongPaths(ctx context.Context, b *linkBasis, x int32, links map[int32]*CloseLink) error {
	sums := map[int32]*big.Rat{}
	steps := 0
	err := b.walk(ctx, x, q.left, func(path []int32, worth *big.Rat) {
		steps++
		y := path[len(path)-1]
		if sums[y] == nil {
			sums[y] = new(big.Rat)
		}
		sums[y].Add(sums[y], worth)
	})
	if err != nil {
		return err
	}
	q.left -= steps
	found := map[int32]*CloseLink{}
	for y, sum := range sums {
		share := ratio.FromRat(sum)
		if old := links[y]; share.Reaches(q.opt.Threshold, !q.opt.Exceed) && (old == nil || old.Fraction.Less(share)) {
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

func (q *linkRun) group(ctx context.Context, x int32) (*crossholding.NodeGroup, error) {
	return q.votes.Group(ctx, crossholding.Rule{Threshold: q.opt.ControlThreshold}, x)
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
		if g.Has(h.Node) && h.Node != y {
			share = share.Add(h.Amount)
			if g.Controls(h.Node) {
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
		case share.Reaches(q.opt.Threshold, !q.opt.Exceed):
			link = CloseLink{Kind: LinkHolding, Fraction: share, Basis: b.basis, Through: through}
		}
	}
	return link
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
