package compliance

import (
	"context"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/ratio"
)

// BeneficialOwnerOptions says who a beneficial owner is. The zero value is the European
// Union's law on the day of the book: 25% or more, or before 2027-07-10 more than 25%.
type BeneficialOwnerOptions struct {
	// Reading is a built-in rule.
	Reading BeneficialOwnerReading
	// Rule, if not nil, is used instead of a built-in rule. To change a built-in rule,
	// change what [BeneficialOwnerRuleOn] returns.
	Rule *BeneficialOwnerRule
	// Voting says how votes are counted. They are fractions of those that can move
	// a result.
	Voting crossholding.VotingOptions
	// MaxBits bounds exact fractions, as in [crossholding.OwnershipOptions].
	MaxBits int
	// Strict makes the question fail if a company behind the company has no outside owner.
	// By default the report lists such closed rings, and the question fails only if
	// nothing else is known about the company.
	Strict bool
}

// BeneficialOwnersReport lists the beneficial owners of a company. It is plain data.
type BeneficialOwnersReport struct {
	Company string              `json:"company"`
	Rule    BeneficialOwnerRule `json:"rule"` // with its defaults filled in
	// Owners are the natural persons, sorted by id: parties of
	// [crossholding.KindPerson], which is what a party without a kind is.
	Owners []BeneficialOwner `json:"owners"`
	// Unresolved are the other outside owners that meet the same tests, sorted by
	// id: states, funds, trusts, the public, companies of which the book names no
	// shares, and floats. There may be a natural person behind them, but the book does
	// not name one. A float's votes include those that a cap takes from others.
	Unresolved []BeneficialOwner `json:"unresolved"`
	// Rings are the sets of companies that control one another, control the company or
	// contain it, and have nobody outside who controls them, sorted. They can hide that
	// nobody in the lists above has control.
	Rings []ControlRing `json:"rings"`
	// Closed are the closed rings that have a part of the company, sorted. Nobody outside
	// owns this part.
	Closed []ClosedRing `json:"closed"`
}

// BeneficialOwner is someone who meets a test. Shares, Votes and Profits are products
// along chains, added over chains, 0..1. With loops they are integrated ownership,
// which counts ownership through loops in full, so each sums to 1 over all outside
// owners and floats. It is plain data.
type BeneficialOwner struct {
	ID      string                 `json:"id"`
	Kind    crossholding.PartyKind `json:"kind"` // empty for a float
	Shares  ratio.Ratio            `json:"shares"`
	Votes   ratio.Ratio            `json:"votes"`
	Profits ratio.Ratio            `json:"profits"` // by dividend weight
	Grounds []Ground               `json:"grounds"` // the tests that it meets, in order of articles
	// Joint lists the joint holders whose shares are counted as its own, or as those of a
	// company behind which it stands. The figures have them too.
	Joint []string `json:"joint,omitempty"`
}

// String returns the owner with its grounds as a sentence.
func (o BeneficialOwner) String() string {
	parts := make([]string, len(o.Grounds))
	for i, g := range o.Grounds {
		parts[i] = g.String()
	}
	text := o.ID + " " + strings.Join(parts, "; ")
	if len(o.Joint) > 0 {
		text += "; all that " + strings.Join(o.Joint, " and ") + " hold jointly is counted for each of them"
	}
	return text
}

// WithNames returns the owner with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (o BeneficialOwner) WithNames(name func(id string) string) BeneficialOwner {
	o.ID, o.Grounds = name(o.ID), slices.Clone(o.Grounds)
	if o.Joint != nil {
		o.Joint = named(o.Joint, name)
	}
	for i, g := range o.Grounds {
		o.Grounds[i] = g.WithNames(name)
	}
	return o
}

// BeneficialOwners returns the beneficial owners of a company. If a stake of a trust
// names a beneficiary, its shares and profits count for the beneficiary.
//
// Articles 52 and 53 and the first half of 54 were read. The second half of 54, an
// interest in a company that controls, was read in summary and in Swedish. Two
// decisions are ours. In article 54(a) a person's own direct stake counts together
// with those of the companies under its control, alone or in concert. In 54(b) the interests of several
// persons are not added up.
//
// Facts of control give control as votes do: those of the book, and agreements that
// together appoint more than half of a board. A concert about one company counts there, and its
// result reaches down the chain.
//
// Joint holders are one owner, see [crossholding.Party.Members]. If the rule says so, their
// shares and rights count for each of their members instead, and for those behind a member by
// shares or by facts. Members of a concert then also have the rights to appoint directors
// together. Who controls a trust by a fact has what the trust has.
//
// A company of which the book names no shares has its answer from facts, rights and concerts.
// All shares of it are 0.
//
// Of a book with bands, it answers for companies that no band is behind, and otherwise fails
// with a [*crossholding.BandsError]. [BoundBeneficialOwners] answers for all.
//
// It fails with [crossholding.ErrUnknown] for an unknown company, reading, basis or test,
// with [crossholding.ErrRange] for thresholds outside 0..1 and MaxBits below 0, with a
// [*crossholding.NoOutsideOwnerError] as the options say, and with the other errors of
// [crossholding.Alliance.Votes] and [crossholding.Ownership.Owners]. Several
// readings of the law are no error if the answer is the same under each.
func BeneficialOwners(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (BeneficialOwnersReport, error) {
	ctx, a = given(ctx, a)
	a, err := exactPart(a, company)
	if err != nil {
		return BeneficialOwnersReport{}, withPrefix(err)
	}
	report, err := reading.Agreed(opt.Voting, func(v crossholding.VotingOptions) (BeneficialOwnersReport, error) {
		opt.Voting = v
		return ownersOf(ctx, a, company, &opt)
	})
	return report, orBounds(err, "compliance.BoundBeneficialOwners")
}

// exactPart returns the part of a book with bands that is behind a company, if it has no bands,
// and otherwise the book.
func exactPart(a *crossholding.Alliance, company string) (*crossholding.Alliance, error) {
	if len(a.Banded()) == 0 {
		return a, nil
	}
	if _, err := subject(a.Graph(), company); err != nil {
		return nil, err
	}
	book, err := banded.New(a)
	if err != nil {
		return nil, err
	}
	part, _, err := book.About(nil, nil, company)
	if err != nil || part.Len() > 0 {
		return a, err
	}
	return part.Alliance, nil
}

// subject returns the node of a company whose owners can be asked for: one with shares, or a
// company, fund or trust that the book knows only by facts, rights and concerts.
func subject(g crossholding.Graph, company string) (int32, error) {
	c, err := g.Company(company)
	if err == nil {
		return c, nil
	}
	c, other := g.Node(company)
	if other != nil {
		return 0, err
	}
	switch g.Party(c).Kind {
	case crossholding.KindCompany, crossholding.KindFund, crossholding.KindTrust:
		return c, nil
	}
	return 0, err
}

// ownersOf answers for one count of votes.
func ownersOf(ctx context.Context, a *crossholding.Alliance, company string, opt *BeneficialOwnerOptions) (BeneficialOwnersReport, error) {
	b, err := newOwnerRun(ctx, a, company, opt)
	if err != nil {
		return BeneficialOwnersReport{}, err
	}
	return b.answer(ctx)
}
