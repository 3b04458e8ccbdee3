package compliance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// BeneficialOwnerBounds lists the beneficial owners of a company of which some stakes are
// known only as bands. It is plain data.
type BeneficialOwnerBounds struct {
	Company string              `json:"company"`
	Rule    BeneficialOwnerRule `json:"rule"` // with its defaults filled in
	// Owners are the natural persons who are beneficial owners in every completion of the
	// book, or in some, sorted by id.
	Owners []BeneficialOwnerBound `json:"owners"`
	// Unresolved are the other outside parties that meet the tests so, sorted by id. Floats
	// are left out.
	Unresolved []BeneficialOwnerBound `json:"unresolved"`
}

// BeneficialOwnerBound is the answer to whether someone is a beneficial owner. It is plain
// data.
//
// If the answer is "depends", Yes lists stakes that make it "yes" if they have the figures
// given there, whatever the other banded stakes are. No lists stakes that make it "no" in
// the same way. No stake of a list can be left out. If more than 50 banded stakes are
// behind the company, this is not tried: Yes can then be longer, and No is empty. A list is
// also empty if no figures were found that decide the answer.
type BeneficialOwnerBound struct {
	ID     string                 `json:"id"`
	Kind   crossholding.PartyKind `json:"kind"`
	Answer crossholding.Certainty `json:"answer"` // yes or depends
	// Shares, Votes and Profits are the bounds of products along chains, added over chains.
	// Votes is nil if some votes are neutral or are not those of the class.
	Shares  *ratio.Interval `json:"shares"`
	Votes   *ratio.Interval `json:"votes"`
	Profits *ratio.Interval `json:"profits"`
	// Grounds are the tests that the party meets where all banded stakes are as small as
	// they can be. For "depends" they are the tests that it meets with the stakes of Yes.
	Grounds []Ground                   `json:"grounds"`
	Yes     []crossholding.BandedStake `json:"yes"` // if Answer is "depends"
	No      []crossholding.BandedStake `json:"no"`
	// Law reports that statutes suspend votes in a completion that was tried. The answer is
	// then "depends", because more votes can become fewer.
	Law bool `json:"law"`
}

// String returns the answer as a sentence.
func (o BeneficialOwnerBound) String() string {
	if o.Answer == crossholding.CertaintyYes {
		return o.ID + " is a beneficial owner"
	}
	s := o.ID + " may be a beneficial owner"
	for _, side := range []struct {
		answer crossholding.Certainty
		stakes []crossholding.BandedStake
	}{{crossholding.CertaintyYes, o.Yes}, {crossholding.CertaintyNo, o.No}} {
		parts := make([]string, len(side.stakes))
		for i, k := range side.stakes {
			parts[i] = fmt.Sprintf("%s has %s of %s", k.Holder, k.Fraction.ShortPercent(), k.Issuer)
		}
		if len(parts) > 0 {
			s += fmt.Sprintf("; %s if %s", side.answer, strings.Join(parts, " and "))
		}
	}
	if o.Law {
		s += "; statutes suspend votes"
	}
	return s
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (o BeneficialOwnerBound) WithNames(name func(id string) string) BeneficialOwnerBound {
	b := BeneficialOwner{ID: o.ID, Grounds: o.Grounds}.WithNames(name)
	o.ID, o.Grounds = b.ID, b.Grounds
	for _, list := range []*[]crossholding.BandedStake{&o.Yes, &o.No} {
		*list = slices.Clone(*list)
		for i, s := range *list {
			(*list)[i].Holder, (*list)[i].Issuer = name(s.Holder), name(s.Issuer)
		}
	}
	return o
}

// BoundBeneficialOwners returns the beneficial owners of a company of a book with bands:
// those who are in every completion of the book, and those who are in some. Who is in no
// completion is not listed. A completion gives every banded stake one figure of its band.
// Open ends are kept: "more than 25%" is always more than 25%.
//
// More of any stake makes everybody above it more of an owner, as long as no statute
// suspends votes. So the smallest stakes decide what is certain. What is possible is decided
// by completions that give the party as much as the others leave, and for products along
// chains also by [crossholding.Bounds.Owners]. If the stakes that compete for one class make
// it unclear, the answer is "depends". A completion stays away from an open end by 10^-12 of
// the band.
//
// The errors are those of [BeneficialOwners] and of [crossholding.Bounds.Owners], and
// [crossholding.ErrAgreement] if an agreement changes votes. Set VotingOptions.NoContracts to
// leave these out. It fails with a [*crossholding.BandsError] if the book has joint holders that
// the rule takes apart.
func BoundBeneficialOwners(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (BeneficialOwnerBounds, error) {
	ctx, a = given(ctx, a)
	if len(a.Banded()) == 0 {
		report, err := BeneficialOwners(ctx, a, company, opt)
		return certain(report), err
	}
	if err := opt.refuseJoint(a); err != nil {
		return BeneficialOwnerBounds{}, withPrefix(err)
	}
	q, err := newOwnerBoundsRun(ctx, a, company, opt)
	if err != nil {
		return BeneficialOwnerBounds{}, withPrefix(err)
	}
	out, err := q.answer(ctx)
	return out, withPrefix(err)
}

// certain returns the answers of a book without bands.
func certain(r BeneficialOwnersReport) BeneficialOwnerBounds {
	out := BeneficialOwnerBounds{Company: r.Company, Rule: r.Rule, Owners: []BeneficialOwnerBound{}, Unresolved: []BeneficialOwnerBound{}}
	exactly := func(r ratio.Ratio) *ratio.Interval {
		v := ratio.Exactly(r)
		return &v
	}
	for i, list := range [][]BeneficialOwner{r.Owners, r.Unresolved} {
		for _, o := range list {
			b := BeneficialOwnerBound{ID: o.ID, Kind: o.Kind, Answer: crossholding.CertaintyYes, Grounds: o.Grounds,
				Shares: exactly(o.Shares), Votes: exactly(o.Votes), Profits: exactly(o.Profits),
				Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}
			switch {
			case o.Kind == "": // a float
			case i == 0:
				out.Owners = append(out.Owners, b)
			default:
				out.Unresolved = append(out.Unresolved, b)
			}
		}
	}
	return out
}

// maxFillings is the most completions that are tried to raise what one party has.
const maxFillings = 50

// ownerBoundsRun is one call of [BoundBeneficialOwners].
type ownerBoundsRun struct {
	a       *crossholding.Alliance
	company string
	opt     BeneficialOwnerOptions
	rule    BeneficialOwnerRule
	banded  *bandedBook
	bounds  *productBounds
	low     *tried
	wide    *tried // no banded stake is 0
}

// tried is a completion with its answer.
type tried struct {
	at     completion
	run    *ownerRun
	report BeneficialOwnersReport
	law    bool
}

// of returns the grounds of a party, or nil if it is no owner.
func (t *tried) of(id string) []Ground {
	for _, list := range [][]BeneficialOwner{t.report.Owners, t.report.Unresolved} {
		for _, o := range list {
			if o.ID == id {
				return o.Grounds
			}
		}
	}
	return nil
}

func newOwnerBoundsRun(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (*ownerBoundsRun, error) {
	q := &ownerBoundsRun{a: a, company: company, opt: opt}
	var err error
	if q.rule, err = opt.rule(a.AsOf()); err != nil {
		return nil, err
	}
	q.opt.Rule = &q.rule
	if _, err := a.Graph().Company(company); err != nil {
		return nil, err
	}
	if err := q.checkAgreements(); err != nil {
		return nil, err
	}
	if q.banded, err = newBandedBook(a); err != nil {
		return nil, err
	}
	if q.bounds, err = newProductBounds(ctx, a, opt.MaxBits); err != nil {
		return nil, err
	}
	if q.low, err = q.try(ctx, q.banded.lowest()); err != nil || len(q.banded.bands) == 0 {
		q.wide = q.low
		return q, err
	}
	c := q.banded.lowest()
	for i := range c {
		k := &q.banded.bands[i]
		c[i] = k.lo.Add(k.hi.Sub(k.lo).Mul(tiny))
	}
	q.wide, err = q.try(ctx, c)
	return q, err
}

// checkAgreements fails if an agreement changes votes, because more of a stake can then be
// fewer votes.
func (q *ownerBoundsRun) checkAgreements() error {
	if q.opt.Voting.NoContracts {
		return nil
	}
	for ag := range q.a.Graph().Agreements() {
		switch ag.Kind {
		case crossholding.AgreementFollow, crossholding.AgreementProxy, crossholding.AgreementNeutral, crossholding.AgreementCap:
			return fmt.Errorf("agreement %q changes votes: no bounds with contracts: %w", ag.ID, crossholding.ErrAgreement)
		}
	}
	return nil
}

// try answers for a completion.
func (q *ownerBoundsRun) try(ctx context.Context, c completion) (*tried, error) {
	return askAt(q.banded, c, func(a *crossholding.Alliance, at completion) (_ *tried, err error) {
		opt := q.opt
		t := &tried{at: at}
		if t.run, err = newOwnerRun(ctx, a, q.company, &opt, nil); err != nil {
			return nil, err
		}
		if t.report, err = t.run.answer(ctx); err != nil {
			return nil, err
		}
		if len(at) > 0 {
			t.law, err = suspends(ctx, a, q.opt.Voting)
		}
		return t, err
	})
}

// suspends reports whether statutes suspend votes.
func suspends(ctx context.Context, a *crossholding.Alliance, opt crossholding.VotingOptions) (bool, error) {
	with, err := a.Tally(ctx, "", opt)
	if err != nil || opt.NoLaw {
		return false, err
	}
	opt.NoLaw = true
	without, err := a.Tally(ctx, "", opt)
	if err != nil {
		return false, err
	}
	return !with.Equal(without), nil
}

func (q *ownerBoundsRun) answer(ctx context.Context) (BeneficialOwnerBounds, error) {
	out := BeneficialOwnerBounds{Company: q.company, Rule: q.rule, Owners: []BeneficialOwnerBound{}, Unresolved: []BeneficialOwnerBound{}}
	byController, err := q.interestInController(ctx)
	if err != nil {
		return out, err
	}
	for _, x := range q.outsiders() {
		o, err := q.owner(ctx, x, byController[x.ID])
		if err != nil {
			return out, err
		}
		switch {
		case o.Answer == crossholding.CertaintyNo:
		case o.Kind == crossholding.KindPerson:
			out.Owners = append(out.Owners, o)
		default:
			out.Unresolved = append(out.Unresolved, o)
		}
	}
	return out, nil
}

// outsiders returns the parties behind the company in some completion, sorted by id.
func (q *ownerBoundsRun) outsiders() []crossholding.Party {
	var out []crossholding.Party
	for _, x := range q.wide.run.above {
		if g := q.wide.run.g; !g.HasShares(x) {
			p := g.Party(x)
			if p.ID = g.ID(x); p.Kind == "" {
				p.Kind = crossholding.KindPerson
			}
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y crossholding.Party) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// owner answers for one party.
func (q *ownerBoundsRun) owner(ctx context.Context, x crossholding.Party, byController bool) (BeneficialOwnerBound, error) {
	out := BeneficialOwnerBound{ID: x.ID, Kind: x.Kind, Answer: crossholding.CertaintyNo, Grounds: []Ground{},
		Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}
	if err := q.intervals(ctx, &out); err != nil {
		return out, err
	}
	if grounds := q.low.of(x.ID); grounds != nil {
		out.Answer, out.Grounds, out.Law = crossholding.CertaintyYes, grounds, q.low.law
		if out.Law {
			out.Answer = crossholding.CertaintyDepends
		}
		return out, nil
	}
	best, possible, law, err := q.possible(ctx, x.ID)
	if err != nil {
		return out, err
	}
	switch {
	case best != nil:
		out.Answer, out.Law = crossholding.CertaintyDepends, law
		if !law {
			err = q.decide(ctx, &out, best)
		} else {
			out.Grounds = best.of(x.ID)
		}
	case possible || byController || q.reaches(&out):
		out.Answer, out.Law = crossholding.CertaintyDepends, law
	}
	return out, err
}

// intervals fills in the bounds of products.
func (q *ownerBoundsRun) intervals(ctx context.Context, o *BeneficialOwnerBound) (err error) {
	for i, v := range []**ratio.Interval{&o.Shares, &o.Votes, &o.Profits} {
		if *v, err = q.bounds.of(ctx, i, o.ID, q.company); err != nil {
			return err
		}
	}
	return nil
}

// reaches reports whether the bounds of products let the party meet the test of interest.
func (q *ownerBoundsRun) reaches(o *BeneficialOwnerBound) bool {
	if !slices.ContainsFunc(q.rule.Tests, func(l OwnerLimb) bool { return l.Test == TestInterest }) {
		return false
	}
	for i, v := range []*ratio.Interval{o.Shares, o.Votes, o.Profits} {
		if slices.Contains(q.rule.Bases, ownerBases[i]) && q.mayReach(v) {
			return true
		}
	}
	return false
}

// mayReach reports whether some figure within bounds reaches the threshold. Unknown bounds
// may.
func (q *ownerBoundsRun) mayReach(v *ratio.Interval) bool {
	return v == nil || v.Unbounded || v.Hi.Reaches(q.rule.Threshold, q.rule.AtLeast && !v.HiOpen)
}

// ownerBases are the bases of an [ownerRun], in order.
var ownerBases = []Basis{BasisShares, BasisVotes, BasisProfits}
