package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/internal/progress"
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

// ConcertReading says whether what the partners in a concert have counts for each of them. The
// zero value is [ConcertsApart].
type ConcertReading string

// These are the readings of agreements of kind [crossholding.AgreementConcert].
const (
	// ConcertsApart counts nobody's partners. Directive 2013/34/EU, art. 22(1)(d)(ii), to which
	// the definitions of control lead, asks that one shareholder alone controls a majority of
	// the votes by an agreement with others (its words are not verified). A holder to whom an
	// agreement gives the votes of others does so by its own votes, in every reading. A
	// concert gives nobody the votes alone.
	ConcertsApart ConcertReading = ""
	// ConcertsTogether counts for each member what all members of its concert have in the
	// company that the concert is about, or in all companies. So the members control what they
	// control together, and what that controls.
	ConcertsTogether ConcertReading = "together"
)

// CloseLinkOptions says when parties are closely linked. The zero value is 20% of the
// voting rights or of the capital, or more, products along simple paths, and third parties
// with 20% of both. Control is always by votes that can be cast.
type CloseLinkOptions struct {
	Reading CloseLinkReading
	Third   ThirdPartyTest
	// Concerts says whether partners count. They count for control, and for holdings by
	// [LinksByControl]. A path of [LinksByPaths] has one holder on each step.
	Concerts ConcertReading
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
	// Through lists the undertakings under A's control, and the partners that count with A,
	// that have something of B, sorted. It is empty except with LinksByControl.
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
func (l CloseLink) String() string { return l.sentence(ratio.Ratio.ShortPercent) }

func (l *CloseLink) sentence(percent func(ratio.Ratio) string) string {
	switch l.Kind {
	case LinkThird:
		return fmt.Sprintf("%s and %s are closely linked: %s has %s and %s of them", l.A, l.B, l.Third, percent(l.ThirdA), percent(l.ThirdB))
	case LinkControl:
		return fmt.Sprintf("%s and %s are closely linked: %s controls %s with %s of it%s", l.A, l.B, l.A, l.B, percent(l.Fraction), through(l.Through))
	}
	text := fmt.Sprintf("%s and %s are closely linked: %s has %s of %s%s", l.A, l.B, l.A, percent(l.Fraction), l.B, through(l.Through))
	for i, p := range l.Paths {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		text += fmt.Sprintf("%s%s %s", sep, strings.Join(p.Nodes, " > "), percent(p.Product))
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
// party has the threshold of both. The link goes both ways. Control counts facts of
// control. Floats and parties of
// [crossholding.KindPublic] link nobody. A path does not return to a node.
//
// It fails with [crossholding.ErrUnknown] for unknown names and readings, with
// [crossholding.ErrRange] for thresholds outside 0..1 and negative bounds, with
// [crossholding.ErrSearchLimit] above MaxSteps or MaxLinks, and with the errors of
// [crossholding.Alliance.Votes].
func CloseLinks(ctx context.Context, a *crossholding.Alliance, opt CloseLinkOptions) ([]CloseLink, error) {
	ctx, a = given(ctx, a)
	links, err := reading.Agreed(opt.Voting, func(v crossholding.VotingOptions) ([]CloseLink, error) {
		opt := opt // a run fills in the defaults
		opt.Voting = v
		return closeLinks(ctx, a, &opt)
	})
	return links, orBounds(err, "compliance.BoundCloseLinks")
}

func closeLinks(ctx context.Context, a *crossholding.Alliance, opt *CloseLinkOptions) ([]CloseLink, error) {
	q, err := newLinkRun(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	from, err := q.from(ctx)
	if err != nil {
		return nil, err
	}
	if err := q.find(ctx, from...); err != nil {
		return nil, err
	}
	slices.SortFunc(q.links, func(x, y CloseLink) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Third, y.Third))
	})
	return q.links, nil
}

// find finds the links of nodes with what they hold, and of what they hold with one another.
func (q *linkRun) find(ctx context.Context, from ...int32) error {
	held := q.byPaths
	if q.opt.Reading == LinksByControl {
		held = q.byControl
	}
	stage := progress.Start(ctx, "links", len(from), 1)
	for i, x := range from {
		stage.At(i)
		if err := held(ctx, x); err != nil {
			return q.about(x, err)
		}
	}
	stage.End()
	return q.thirds(ctx)
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
	if o.Concerts != ConcertsApart && o.Concerts != ConcertsTogether {
		return unknownOption("reading of concerts", o.Concerts, ConcertsTogether)
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
