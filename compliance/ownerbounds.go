package compliance

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
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
	// Votes is nil if some votes are neutral, are not those of the class, may be suspended or are
	// changed by an agreement. All are nil if a
	// closed ring of known stakes is behind the company, if there are too many ways in which
	// joint holders can count for the party, and if they have something of a company behind
	// which it stands and that is one of them.
	Shares  *ratio.Interval `json:"shares"`
	Votes   *ratio.Interval `json:"votes"`
	Profits *ratio.Interval `json:"profits"`
	// Grounds are the tests that the party meets where all banded stakes are as small as
	// they can be. For "depends" they are the tests that it meets with the stakes of Yes.
	Grounds []Ground                   `json:"grounds"`
	Yes     []crossholding.BandedStake `json:"yes"` // if Answer is "depends"
	No      []crossholding.BandedStake `json:"no"`
	// Joint lists the joint holders whose holdings count for the party, as in
	// [BeneficialOwner].
	Joint []string `json:"joint,omitempty"`
	// Law reports that the answer depends, and that votes which statutes may suspend matter.
	Law bool `json:"law"`
}

// String returns the answer as a sentence.
func (o BeneficialOwnerBound) String() string {
	if o.Answer == crossholding.CertaintyYes {
		return o.ID + " is a beneficial owner"
	}
	return o.ID + " may be a beneficial owner" + banded.Decided("yes", o.Yes, "no", o.No, o.Law)
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (o BeneficialOwnerBound) WithNames(name func(id string) string) BeneficialOwnerBound {
	b := BeneficialOwner{ID: o.ID, Grounds: o.Grounds}.WithNames(name)
	o.ID, o.Grounds = b.ID, b.Grounds
	o.Yes, o.No = banded.NamedStakes(o.Yes, name), banded.NamedStakes(o.No, name)
	return o
}

// BoundBeneficialOwners returns the beneficial owners of a company of a book with bands:
// those who are in every completion of the book, and those who are in some. Who is in no
// completion is not listed. A completion gives every banded stake one figure of its band.
// Open ends are kept: "more than 25%" is always more than 25%.
//
// More of any stake makes everybody above it more of an owner, as long as the votes of shares
// are their own. So the smallest stakes decide what is certain. What is possible is decided
// by completions that give the party as much as the others leave, and for products along
// chains also by [crossholding.Bounds.Owners]. If the stakes that compete for one class make
// it unclear, the answer is "depends". A completion stays away from an open end by 10^-12 of
// the band.
//
// An answer can also be "depends", without lists of stakes, if the rule counts votes and one of
// these is between the party and the company: votes that a statute may suspend or an agreement
// changes, a band whose shares have votes of their own, or one of which one party has the money
// and another the votes. In a book without bands, an answer that differs between the readings
// of the law depends.
//
// The errors are those of [BeneficialOwners] and of [crossholding.Bounds.Owners].
func BoundBeneficialOwners(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (BeneficialOwnerBounds, error) {
	ctx, a = given(ctx, a)
	out, err := boundOwners(ctx, a, company, opt)
	return out, withPrefix(err)
}

func boundOwners(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (BeneficialOwnerBounds, error) {
	if len(a.Banded()) == 0 {
		reports, err := reading.Each(opt.Voting, func(v crossholding.VotingOptions) (BeneficialOwnersReport, error) {
			opt.Voting = v
			return ownersOf(ctx, a, company, &opt)
		})
		if err != nil {
			return BeneficialOwnerBounds{}, err
		}
		return certain(reports), nil
	}
	if _, err := subject(a.Graph(), company); err != nil {
		return BeneficialOwnerBounds{}, err
	}
	book, err := banded.New(a)
	if err != nil {
		return BeneficialOwnerBounds{}, err
	}
	part, _, err := book.About(nil, nil, company)
	if err != nil {
		return BeneficialOwnerBounds{}, err
	}
	q, err := newOwnerBoundsRun(ctx, part.Alliance, company, opt)
	if err != nil {
		return BeneficialOwnerBounds{}, err
	}
	return q.answer(ctx)
}

// certain returns the answers of a book without bands, from those under each reading.
func certain(reports []BeneficialOwnersReport) BeneficialOwnerBounds {
	out := BeneficialOwnerBounds{Company: reports[0].Company, Rule: reports[0].Rule, Owners: []BeneficialOwnerBound{}, Unresolved: []BeneficialOwnerBound{}}
	for _, r := range reports {
		for i, list := range [][]BeneficialOwner{r.Owners, r.Unresolved} {
			to := &out.Owners
			if i > 0 {
				to = &out.Unresolved
			}
			for _, o := range list {
				if o.Kind != "" && !slices.ContainsFunc(*to, func(b BeneficialOwnerBound) bool { return b.ID == o.ID }) { // no float
					*to = append(*to, inEach(reports, i, o))
				}
			}
			slices.SortFunc(*to, func(x, y BeneficialOwnerBound) int { return strings.Compare(x.ID, y.ID) })
		}
	}
	return out
}

// inEach returns the answer for an owner by the list of owners, or of the unresolved, under
// each reading.
func inEach(reports []BeneficialOwnersReport, which int, o BeneficialOwner) BeneficialOwnerBound {
	out := BeneficialOwnerBound{ID: o.ID, Kind: o.Kind, Answer: crossholding.CertaintyYes, Grounds: o.Grounds, Joint: o.Joint,
		Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}
	widen := func(v **ratio.Interval, r ratio.Ratio) {
		switch {
		case *v == nil:
			exactly := ratio.Exactly(r)
			*v = &exactly
		case r.Less((*v).Lo):
			(*v).Lo = r
		case (*v).Hi.Less(r):
			(*v).Hi = r
		}
	}
	for _, r := range reports {
		list := [][]BeneficialOwner{r.Owners, r.Unresolved}[which]
		at := slices.IndexFunc(list, func(x BeneficialOwner) bool { return x.ID == o.ID })
		if at < 0 {
			out.Answer, out.Law = crossholding.CertaintyDepends, true
			continue
		}
		widen(&out.Shares, list[at].Shares)
		widen(&out.Votes, list[at].Votes)
		widen(&out.Profits, list[at].Profits)
	}
	return out
}

// ownerBoundsRun is one call of [BoundBeneficialOwners].
type ownerBoundsRun struct {
	a       *crossholding.Alliance
	company string
	opt     BeneficialOwnerOptions
	rule    BeneficialOwnerRule
	banded  *banded.Book
	bounds  *banded.Products
	jointly map[string]*banded.Products // the bounds where joint holders count for members, by the text of who counts for whom
	low     *tried
	wide    *tried                // no banded stake is 0
	doubt   *banded.DoubtfulVotes // if the rule counts votes
	moved   *banded.DoubtfulVotes // whether or not it does
	sure    *tried                // the lowest completion by what is not in doubt; nil if that is nothing
}

// tried is a completion with its answer.
type tried struct {
	at     banded.Completion
	run    *ownerRun
	report BeneficialOwnersReport
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
	q := &ownerBoundsRun{a: a, company: company, opt: opt, jointly: map[string]*banded.Products{}}
	var err error
	if q.rule, err = opt.rule(a.AsOf()); err != nil {
		return nil, err
	}
	q.opt.Rule = &q.rule
	if q.banded, err = banded.New(a); err != nil {
		return nil, err
	}
	if q.bounds, err = banded.NewProducts(ctx, a, opt.MaxBits, q.rule.Treasury); err != nil {
		return nil, err
	}
	if err := q.findDoubt(ctx); err != nil {
		return nil, err
	}
	if q.low, err = q.try(ctx, q.banded.Lowest()); err != nil || q.banded.Len() == 0 {
		q.wide = q.low
		return q, err
	}
	q.wide, err = q.try(ctx, q.banded.AboveLowest())
	return q, err
}

// findDoubt finds the votes that are in doubt. If there are any, completions count votes as if
// no statute suspended any, and what is certain is decided by shares and profits alone.
func (q *ownerBoundsRun) findDoubt(ctx context.Context) error {
	q.doubt, q.moved = &banded.DoubtfulVotes{}, &banded.DoubtfulVotes{}
	if q.banded.Len() == 0 {
		return nil
	}
	var err error
	if q.moved, err = q.banded.VotesInDoubt(ctx, q.opt.Voting); err != nil {
		return err
	}
	if !q.rule.ControlByVotes && !slices.Contains(q.rule.Bases, BasisVotes) && !slices.ContainsFunc(q.rule.Tests, OwnerLimb.byVotes) {
		return nil
	}
	q.doubt = q.moved
	q.opt.Voting.NoLaw = true
	if doubt, _ := q.doubt.Concerns(q.company); !doubt || q.rule.ControlByVotes {
		return nil
	}
	rule := q.rule
	rule.Bases = slices.DeleteFunc(slices.Clone(rule.Bases), func(b Basis) bool { return b == BasisVotes })
	rule.Tests = slices.DeleteFunc(slices.Clone(rule.Tests), OwnerLimb.byVotes)
	if len(rule.Bases) == 0 || len(rule.Tests) == 0 {
		return nil
	}
	certain := *q
	certain.opt.Rule = &rule
	q.sure, err = certain.try(ctx, q.banded.Lowest())
	return err
}

// byVotes reports whether a test counts votes whatever the bases of the rule are.
func (l OwnerLimb) byVotes() bool {
	return l.Test == TestConcert || l.Test == TestBoard || l.Test == TestOtherMeans
}

// tests reports whether the rule has a test.
func (q *ownerBoundsRun) tests(t OwnerTest) bool {
	return slices.ContainsFunc(q.rule.Tests, func(l OwnerLimb) bool { return l.Test == t })
}

// try answers for a completion. If the stakes that are known make a closed ring, the completions
// next to it have the ring too.
func (q *ownerBoundsRun) try(ctx context.Context, c banded.Completion) (*tried, error) {
	ask := func(strict bool) (*tried, error) {
		return banded.Ask(q.banded, c, func(a *crossholding.Alliance, at banded.Completion) (_ *tried, err error) {
			opt := q.opt
			opt.Strict = strict
			t := &tried{at: at}
			if t.run, err = newOwnerRun(ctx, a, q.company, &opt); err != nil {
				return nil, err
			}
			t.report, err = t.run.answer(ctx)
			return t, err
		})
	}
	t, err := ask(true)
	if errors.Is(err, crossholding.ErrNoOutsideOwner) && !q.opt.Strict {
		return ask(false)
	}
	return t, err
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
	for _, x := range q.wide.run.Above {
		if g := q.wide.run.G; q.wide.run.Outside(x) {
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
	node, err := q.wide.run.G.Node(x.ID)
	if err != nil {
		return out, err
	}
	if out.Joint, err = q.wide.run.JointOf(ctx, node); err != nil {
		return out, err
	}
	if err := q.intervals(ctx, &out); err != nil {
		return out, err
	}
	doubt, byLaw := q.doubt.Concerns(q.company, append([]string{x.ID}, out.Joint...)...)
	if grounds := q.low.of(x.ID); grounds != nil {
		out.Answer, out.Grounds = crossholding.CertaintyYes, grounds
		if doubt && (q.sure == nil || q.sure.of(x.ID) == nil) {
			out.Answer, out.Law = crossholding.CertaintyDepends, byLaw
		}
		return out, nil
	}
	best, possible, err := q.possible(ctx, x.ID)
	if err != nil {
		return out, err
	}
	switch {
	case best != nil:
		if out.Answer, out.Grounds = crossholding.CertaintyDepends, best.of(x.ID); !doubt {
			return out, q.decide(ctx, &out, best)
		}
	case possible || byController || doubt || q.reaches(&out):
		out.Answer = crossholding.CertaintyDepends
	}
	out.Law = doubt && byLaw
	return out, nil
}

// reaches reports whether the bounds of products let the party meet the test of interest.
func (q *ownerBoundsRun) reaches(o *BeneficialOwnerBound) bool {
	if !q.tests(TestInterest) {
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

// ownerBases are the bases of an [ownerRun], in the order of [banded.Products].
var ownerBases = []Basis{BasisShares, BasisVotes, BasisProfits}
