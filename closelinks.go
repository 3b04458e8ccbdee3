package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/simplepath"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// CloseLinkReading names a way of counting indirect holdings for close links.
type CloseLinkReading string

// The readings.
const (
	// LinksByPaths adds the products along all simple paths from one to the
	// other, as the reasoning systems of the Bank of Italy do (Vadalog).
	LinksByPaths CloseLinkReading = ""
	// LinksByControl counts direct holdings together with those of
	// undertakings under control, in full: "direct or by way of control",
	// Directive 2014/65/EU, art. 4(1)(35).
	LinksByControl CloseLinkReading = "control"
)

// ThirdPartyTest says when one party links two others.
type ThirdPartyTest string

// The tests of a common third party.
const (
	// ThirdHolds: it holds the threshold of both, Guideline (EU) 2015/510
	// (ECB/2014/60), art. 138(2) (its words not verified).
	ThirdHolds ThirdPartyTest = ""
	// ThirdControls: it controls both, Directive 2014/65/EU, art. 4(1)(35)(c).
	ThirdControls ThirdPartyTest = "control"
)

// CloseLinkOptions says when parties are closely linked. The zero value is 20%
// of the capital, products along simple paths, and third parties with 20% of
// both.
type CloseLinkOptions struct {
	Reading CloseLinkReading
	Third   ThirdPartyTest
	// Threshold is a fraction, 0 meaning 1/5. Strict asks for more than it.
	Threshold ratio.Ratio
	Strict    bool
	// Control is the fraction that must be passed to control, 0 meaning 1/2.
	Control ratio.Ratio
	// Basis is what is counted: "" and [Capital] shares by whose money they
	// are, of those outstanding; [Exercisable] and [Theoretical] votes.
	Basis VoteBase
	// Of, if not empty, leaves only the links of this one.
	Of string
	// MaxSteps bounds how many steps along paths are taken, 0 meaning
	// 1,000,000. MaxLinks bounds the answer likewise. Beyond: [ErrCap].
	MaxSteps, MaxLinks int
	// Voting says how votes are counted.
	Voting VotingOptions
}

// CloseLinkKind says what links two parties.
type CloseLinkKind string

// The kinds of link.
const (
	LinkHolding CloseLinkKind = "holding"     // A has the threshold of B
	LinkControl CloseLinkKind = "control"     // A controls B
	LinkThird   CloseLinkKind = "third party" // Third is linked to both A and B
)

// CloseLink is one link. Plain data.
type CloseLink struct {
	A, B  string
	Kind  CloseLinkKind
	Share ratio.Ratio // what A has of B as the reading counts it, 0..1; 0 for a third party
	Paths []LinkPath  // LinksByPaths: the paths, strongest first, at most 20
	More  int         // paths beyond these
	// Through lists the undertakings under A's control that have something
	// of B, sorted (LinksByControl).
	Through []string
	// Third has ThirdA of A and ThirdB of B.
	Third          string
	ThirdA, ThirdB ratio.Ratio
}

// LinkPath is one simple path and the product along it. Plain data.
type LinkPath struct {
	Nodes   []string
	Product ratio.Ratio
}

// String returns the link as a sentence.
func (l CloseLink) String() string {
	switch l.Kind {
	case LinkThird:
		return fmt.Sprintf("%s and %s are closely linked: %s has %s and %s of them", l.A, l.B, l.Third, l.ThirdA.ShortPercent(), l.ThirdB.ShortPercent())
	case LinkControl:
		return fmt.Sprintf("%s and %s are closely linked: %s controls %s with %s of it%s", l.A, l.B, l.A, l.B, l.Share.ShortPercent(), via(l.Through))
	}
	text := fmt.Sprintf("%s and %s are closely linked: %s has %s of %s%s", l.A, l.B, l.A, l.Share.ShortPercent(), l.B, via(l.Through))
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

func via(companies []string) string {
	if len(companies) == 0 {
		return ""
	}
	return " through " + strings.Join(companies, ", ")
}

const (
	maxSteps     = 1_000_000
	maxLinks     = 1_000_000
	maxLinkPaths = 20
)

// CloseLinks answers which parties are closely linked, sorted by A, B, kind
// and third party: A has the threshold of B (which links them both ways), or
// a third party has it of both. Floats and parties of [KindPublic] link
// nobody. A path that returns to where it was does not count again.
//
// Errors: [ErrUnknown] for names and readings that are not there, [ErrRange]
// for thresholds outside 0..1 and negative caps, [ErrCap], and those of
// [Alliance.Votes] on a basis of votes.
func (a *Alliance) CloseLinks(ctx context.Context, opt CloseLinkOptions) ([]CloseLink, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return nil, err
	}
	q, err := newLinking(ctx, a, &opt)
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
	heard := progress.Start(ctx, "links", len(from), 1)
	for i, x := range from {
		heard.At(i)
		if err := held(ctx, x); err != nil {
			return nil, q.translate(x, err)
		}
	}
	heard.End()
	if err := q.thirds(ctx); err != nil {
		return nil, err
	}
	slices.SortFunc(q.links, func(x, y CloseLink) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Third, y.Third))
	})
	return q.links, nil
}

// linking is one run of the question.
type linking struct {
	a      *Alliance
	opt    *CloseLinkOptions
	ballot *tally.Tally
	out    [][]simplepath.Edge // of each node: what it holds
	of     int32               // or nobody
	left   int                 // steps
	links  []CloseLink
	below  [][]tally.Holding // of each node: what it has the threshold of, or controls
}

func newLinking(ctx context.Context, a *Alliance, opt *CloseLinkOptions) (*linking, error) {
	q := &linking{a: a, opt: opt, of: graph.None}
	switch opt.Reading {
	case LinksByPaths, LinksByControl:
	default:
		return nil, noChoice("reading", opt.Reading, LinksByControl)
	}
	switch opt.Third {
	case ThirdHolds, ThirdControls:
	default:
		return nil, unknown("test of a third party", string(opt.Third))
	}
	var err error
	if opt.Threshold, err = fraction("Threshold", opt.Threshold, ratio.Of(1, 5)); err != nil {
		return nil, err
	}
	if opt.Control, err = fraction("Control", opt.Control, ratio.Of(1, 2)); err != nil {
		return nil, err
	}
	if opt.MaxSteps < 0 || opt.MaxLinks < 0 {
		return nil, fmt.Errorf("crossholding: MaxSteps %d, MaxLinks %d: %w", opt.MaxSteps, opt.MaxLinks, ErrRange)
	}
	q.left = cmp.Or(opt.MaxSteps, maxSteps)
	opt.MaxLinks = cmp.Or(opt.MaxLinks, maxLinks)
	if opt.Of != "" {
		if q.of, err = a.party(opt.Of); err != nil {
			return nil, err
		}
	}
	if q.ballot, err = a.basis(ctx, cmp.Or(opt.Basis, Capital), opt.Voting); err != nil {
		return nil, err
	}
	n := len(a.graph.IDs)
	q.below = make([][]tally.Holding, n)
	q.out = make([][]simplepath.Edge, n)
	for c := range int32(n) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		for _, h := range q.ballot.Shares(c) {
			q.out[h.Node] = append(q.out[h.Node], simplepath.Edge{To: c, Weight: h.Amount.Rat()})
		}
	}
	return q, nil
}

// from lists those whose holdings matter: everyone but the public, or of them
// whoever holds something of the one asked about, directly or not, and itself.
func (q *linking) from(ctx context.Context) (list []int32, err error) {
	if q.of != graph.None {
		list, err = q.ballot.Upstream(ctx, q.of)
	} else {
		for i := range int32(len(q.a.graph.IDs)) {
			list = append(list, i)
		}
	}
	return slices.DeleteFunc(list, q.a.dispersed), err
}

// translate names the party whose paths were too many.
func (q *linking) translate(x int32, err error) error {
	if errors.Is(err, simplepath.ErrCap) {
		return fmt.Errorf("crossholding: close links: more than %d steps, the last along paths from %s: %w",
			cmp.Or(q.opt.MaxSteps, maxSteps), q.a.graph.IDs[x], ErrCap)
	}
	if err != nil {
		return fmt.Errorf("crossholding: close links from %s: %w", q.a.graph.IDs[x], err)
	}
	return nil
}

// walk visits all simple paths from x.
func (q *linking) walk(ctx context.Context, x int32, steps int, visit func(path []int32, worth *big.Rat)) error {
	return simplepath.Walk(ctx, x, func(i int32) []simplepath.Edge { return q.out[i] }, simplepath.Product, steps,
		func(path []int32, worth *big.Rat) bool {
			visit(path, worth)
			return true
		})
}

// byPaths finds what x has of others by products along simple paths. A first
// walk adds up; only paths of links are then kept, on a second one.
func (q *linking) byPaths(ctx context.Context, x int32) error {
	sums := map[int32]*big.Rat{}
	steps := 0
	err := q.walk(ctx, x, q.left, func(path []int32, worth *big.Rat) {
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
	links := map[int32]*CloseLink{}
	for y, sum := range sums {
		if share := ratio.FromRat(sum); enough(share, q.opt.Threshold, q.opt.Strict) {
			q.below[x] = append(q.below[x], tally.Holding{Node: y, Amount: share})
			if q.asked(x, y) {
				links[y] = &CloseLink{Kind: LinkHolding, Share: share}
			}
		}
	}
	if len(links) > 0 {
		err = q.walk(ctx, x, steps, func(path []int32, worth *big.Rat) {
			if l := links[path[len(path)-1]]; l != nil {
				l.note(q.a.graph.Names(path), worth)
			}
		})
		if err != nil {
			return err
		}
	}
	for y, l := range links {
		l.trim()
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

// note keeps a path of the link, now and then dropping the weakest.
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

func (q *linking) group(ctx context.Context, x int32) (*majority.Group, error) {
	rule := tally.Rule(q.opt.Control, true)
	g, err := q.ballot.Engine.Group(ctx, rule, x)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return g, nil
}

// controlled returns what a group controls, with its share of each.
func (q *linking) controlled(g *majority.Group) []tally.Holding {
	var out []tally.Holding
	for m := range g.Controlled() {
		share, _ := q.joint(g, m.Node)
		out = append(out, tally.Holding{Node: m.Node, Amount: share})
	}
	return out
}

// joint returns what the members of a group have of y, and who of them but
// the seed has some.
func (q *linking) joint(g *majority.Group, y int32) (share ratio.Ratio, through []string) {
	for _, h := range q.ballot.Shares(y) {
		if g.Has(h.Node) && h.Node != y {
			share = share.Add(h.Amount)
			if g.Controls(h.Node) {
				through = append(through, q.a.graph.IDs[h.Node])
			}
		}
	}
	return share, through
}

// byControl finds what x has of others directly and through undertakings that
// it controls.
func (q *linking) byControl(ctx context.Context, x int32) error {
	g, err := q.group(ctx, x)
	if err != nil {
		return err
	}
	var companies []int32
	for m := range g.Members() {
		for _, e := range q.out[m.Node] {
			companies = append(companies, e.To)
		}
	}
	slices.Sort(companies)
	for _, y := range slices.Compact(companies) {
		if y == x {
			continue
		}
		link := CloseLink{Kind: LinkHolding}
		link.Share, link.Through = q.joint(g, y)
		if g.Controls(y) {
			link.Kind = LinkControl
		} else if !enough(link.Share, q.opt.Threshold, q.opt.Strict) {
			continue
		}
		if err := q.add(x, y, link); err != nil {
			return err
		}
		q.below[x] = append(q.below[x], tally.Holding{Node: y, Amount: link.Share})
	}
	if q.opt.Third == ThirdControls {
		q.below[x] = q.controlled(g)
	}
	return nil
}

// asked reports whether a link of x and y is wanted.
func (q *linking) asked(x, y int32) bool { return q.of == graph.None || q.of == x || q.of == y }

func (q *linking) add(x, y int32, l CloseLink) error {
	if !q.asked(x, y) {
		return nil
	}
	if len(q.links) >= q.opt.MaxLinks {
		return fmt.Errorf("crossholding: close links: more than %d: %w", q.opt.MaxLinks, ErrCap)
	}
	l.A, l.B = q.a.graph.IDs[x], q.a.graph.IDs[y]
	q.links = append(q.links, l)
	return nil
}

// thirds links companies that one party has.
func (q *linking) thirds(ctx context.Context) error {
	for z, list := range q.below {
		slices.SortFunc(list, func(x, y tally.Holding) int { return int(x.Node) - int(y.Node) })
		for i, x := range list {
			if ctx.Err() != nil {
				return stopped(ctx)
			}
			for _, y := range list[i+1:] {
				l := CloseLink{Kind: LinkThird, Third: q.a.graph.IDs[z], ThirdA: x.Amount, ThirdB: y.Amount}
				if err := q.add(x.Node, y.Node, l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
