package compliance

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/links"
)

// CloseLinkBound says whether two parties are closely linked in a book of which some stakes are
// known only as bands. It is plain data.
//
// Least and Most are the link where A, or the third party, has as little as it can, and as much.
// Their figures stay away from an open end of a band by 10^-12 of the band, and count votes as
// if no statute suspended any. Least is nil if there is no link then, and Most is nil if no
// completion with the link was found.
//
// If the answer is "depends", Yes and No list stakes that decide it, as in
// [BeneficialOwnerBound]. Both are empty if no completion with the link was found, or if the
// answer depends on votes in doubt.
type CloseLinkBound struct {
	A      string                     `json:"a"`
	B      string                     `json:"b"`
	Third  string                     `json:"third,omitempty"` // of [LinkThird]: the third party
	Answer crossholding.Certainty     `json:"answer"`          // yes or depends
	Least  *CloseLink                 `json:"least"`
	Most   *CloseLink                 `json:"most"`
	Yes    []crossholding.BandedStake `json:"yes"`
	No     []crossholding.BandedStake `json:"no"`
	Law    bool                       `json:"law"` // the answer depends, and statutes that may suspend votes matter
}

// String returns the answer as a sentence.
func (l CloseLinkBound) String() string {
	by := ""
	if l.Third != "" {
		by = " by " + l.Third
	}
	switch {
	case l.Answer == crossholding.CertaintyYes && l.Least != nil:
		return l.Least.sentence(banded.Percent)
	case l.Answer == crossholding.CertaintyYes:
		return fmt.Sprintf("%s and %s are closely linked%s", l.A, l.B, by)
	}
	return fmt.Sprintf("%s and %s may be closely linked%s%s", l.A, l.B, by, banded.Decided("yes", l.Yes, "no", l.No, l.Law))
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (l CloseLinkBound) WithNames(name func(id string) string) CloseLinkBound {
	l.A, l.B = name(l.A), name(l.B)
	if l.Third != "" {
		l.Third = name(l.Third)
	}
	for _, link := range []**CloseLink{&l.Least, &l.Most} {
		if *link != nil {
			n := (*link).WithNames(name)
			*link = &n
		}
	}
	l.Yes, l.No = banded.NamedStakes(l.Yes, name), banded.NamedStakes(l.No, name)
	return l
}

// BoundCloseLinks returns the close links of a book with bands, sorted by A, B and third party:
// those in every completion, and those in some. Who is linked in no completion is not listed. A
// completion gives every banded stake one figure of its band. Open ends are kept.
//
// More of any stake links more, and never less, as long as the votes of shares are their own.
// So the smallest stakes decide what is certain, and what is possible is decided by completions
// that give one party as much as the others leave. An answer can be "depends" although exact
// figures would decide it, in three cases: votes are in doubt between the two, as for
// [BoundBeneficialOwners]; the reading is by paths and companies on them own one another in a
// loop; or a third party may have enough of both, but perhaps not at once. In a book without
// bands, an answer that differs between the readings of the law depends.
//
// The errors are those of [CloseLinks], and [crossholding.ErrAgreement] for [ConcertsTogether] in
// a book with bands. It makes several books for each party that holds a
// stake. Use Of in a book of many parties.
func BoundCloseLinks(ctx context.Context, a *crossholding.Alliance, opt CloseLinkOptions) ([]CloseLinkBound, error) {
	ctx, a = given(ctx, a)
	out, err := boundCloseLinks(ctx, a, &opt)
	return out, withPrefix(err)
}

func boundCloseLinks(ctx context.Context, a *crossholding.Alliance, opt *CloseLinkOptions) ([]CloseLinkBound, error) {
	q, err := opt.query()
	if err != nil {
		return nil, err
	}
	bound := links.InReadings
	if len(a.Banded()) > 0 {
		bound = links.Bounds
	}
	found, err := bound(ctx, a, q)
	if err != nil {
		return nil, err
	}
	out := make([]CloseLinkBound, len(found))
	for i := range found {
		b := &found[i]
		out[i] = CloseLinkBound{A: b.A, B: b.B, Third: b.Third, Answer: b.Answer, Least: newCloseLink(b.Least), Most: newCloseLink(b.Most), Yes: b.Yes, No: b.No, Law: b.Law}
	}
	return out, nil
}
