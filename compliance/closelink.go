package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/links"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/ratio"
)

// CloseLinkReading names a way of counting indirect holdings for close links. Control is a link
// in each of them. The zero value is [LinksByPaths].
type CloseLinkReading string

// These are the readings.
const (
	// LinksByPaths adds the products along all simple paths from one to the
	// other, as the reasoning systems of the Bank of Italy do (Vadalog). A path is of stakes
	// only: no path leads over a fact of control.
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
	// ThirdHolds means that it is linked to both, by a holding or by control. The holdings are
	// those of Guideline (EU) 2015/510 (ECB/2014/60), art. 138(2) (its words are not verified).
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
// voting rights or of the capital, or more, products along simple paths, control, and third
// parties that are so linked to both. Control is by votes that can be cast and by facts of
// control.
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
	LinkControl CloseLinkKind = "control"     // A controls B, whatever it has of it
	LinkThird   CloseLinkKind = "third party" // Third is linked to both A and B
)

// CloseLink is one link between two parties. It is plain data.
type CloseLink struct {
	A        string        `json:"a"`
	B        string        `json:"b"`
	Kind     CloseLinkKind `json:"kind"`
	Fraction ratio.Ratio   `json:"fraction"` // the fraction of B that A has by the reading, 0..1; for control it can be 0; 0 for a third party
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
	text := fmt.Sprintf("%s has %s of %s", l.A, percent(l.Fraction), l.B)
	switch l.Kind {
	case LinkThird:
		return fmt.Sprintf("%s and %s are closely linked: %s has %s and %s of them", l.A, l.B, l.Third, partOrControl(l.ThirdA, percent), partOrControl(l.ThirdB, percent))
	case LinkControl:
		text = fmt.Sprintf("%s controls %s", l.A, l.B)
		if !l.Fraction.IsZero() {
			text += fmt.Sprintf(" with %s of it", percent(l.Fraction))
		}
	}
	text = fmt.Sprintf("%s and %s are closely linked: %s%s", l.A, l.B, text, through(l.Through))
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

// partOrControl returns in words what a third party has of another. Without a part of it, it
// controls it.
func partOrControl(part ratio.Ratio, percent func(ratio.Ratio) string) string {
	if part.IsZero() {
		return "control"
	}
	return percent(part)
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
	maxSteps = 1_000_000
	maxLinks = 1_000_000
)

// CloseLinks returns the close links between parties, sorted by A, B, kind and third
// party. Two parties are closely linked if A has the threshold of B, if A controls B, or if a
// third party is so linked to both (Regulation (EU) No 575/2013, art. 4(1)(38), not verified;
// Directive 2014/65/EU, art. 4(1)(35), read). The link goes both ways. A pair has one link of A
// with B: if A controls B, it is of kind [LinkControl] in each reading. Control counts facts of
// control. Floats and parties of [crossholding.KindPublic] link nobody. A path does not return to
// a node.
//
// It fails with [crossholding.ErrUnknown] for unknown names and readings, with
// [crossholding.ErrRange] for thresholds outside 0..1 and negative bounds, with
// [crossholding.ErrSearchLimit] above MaxSteps or MaxLinks, and with the errors of
// [crossholding.Alliance.Votes].
func CloseLinks(ctx context.Context, a *crossholding.Alliance, opt CloseLinkOptions) ([]CloseLink, error) {
	ctx, a = given(ctx, a)
	out, err := reading.Agreed(opt.Voting, func(v crossholding.VotingOptions) ([]CloseLink, error) {
		opt := opt
		opt.Voting = v
		return closeLinks(ctx, a, &opt)
	})
	return out, orBounds(err, "compliance.BoundCloseLinks")
}

func closeLinks(ctx context.Context, a *crossholding.Alliance, opt *CloseLinkOptions) ([]CloseLink, error) {
	q, err := opt.query()
	if err != nil {
		return nil, err
	}
	found, err := links.Find(ctx, a, &q)
	if err != nil {
		return nil, err
	}
	out := make([]CloseLink, len(found))
	for i := range found {
		out[i] = *newCloseLink(&found[i])
	}
	return out, nil
}

// newCloseLink returns a link as plain data, or nil for none.
func newCloseLink(l *links.Link) *CloseLink {
	if l == nil {
		return nil
	}
	paths := make([]LinkPath, len(l.Paths))
	for i, p := range l.Paths {
		paths[i] = LinkPath(p)
	}
	return &CloseLink{A: l.A, B: l.B, Kind: CloseLinkKind(l.Kind), Fraction: l.Fraction, Basis: l.Basis, Paths: paths, More: l.More,
		Through: l.Through, Third: l.Third, ThirdA: l.ThirdA, ThirdB: l.ThirdB}
}

// query checks the options, and returns them with the defaults.
func (o *CloseLinkOptions) query() (links.Query, error) {
	q := links.Query{ByControl: o.Reading == LinksByControl, ThirdControls: o.Third == ThirdControls, Together: o.Concerts == ConcertsTogether,
		Exceed: o.Exceed, Basis: o.Basis, Of: o.Of, MaxSteps: cmp.Or(o.MaxSteps, maxSteps), MaxLinks: cmp.Or(o.MaxLinks, maxLinks), Voting: o.Voting}
	if o.Reading != LinksByPaths && !q.ByControl {
		return q, unknownOption("reading", o.Reading, LinksByControl)
	}
	if o.Third != ThirdHolds && !q.ThirdControls {
		return q, unknownOption("test of a third party", o.Third, ThirdControls)
	}
	if o.Concerts != ConcertsApart && !q.Together {
		return q, unknownOption("reading of concerts", o.Concerts, ConcertsTogether)
	}
	var err error
	if q.Threshold, err = fraction("Threshold", o.Threshold, ratio.Of(1, 5)); err != nil {
		return q, err
	}
	if q.ControlThreshold, err = fraction("ControlThreshold", o.ControlThreshold, ratio.Of(1, 2)); err != nil {
		return q, err
	}
	if o.MaxSteps < 0 || o.MaxLinks < 0 {
		return q, fmt.Errorf("MaxSteps %d, MaxLinks %d: %w", o.MaxSteps, o.MaxLinks, crossholding.ErrRange)
	}
	return q, nil
}
