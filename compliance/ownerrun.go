package compliance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/interest"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// owner is a node, or the float of one.
type owner struct {
	node  int32
	float bool
}

// ownerRun is one call of [BeneficialOwners].
type ownerRun struct {
	*interest.Interests
	rule BeneficialOwnerRule
	rows map[owner]*BeneficialOwner
}

// newOwnerRun prepares the question.
func newOwnerRun(ctx context.Context, a *crossholding.Alliance, company string, opt *BeneficialOwnerOptions) (*ownerRun, error) {
	b := &ownerRun{rows: map[owner]*BeneficialOwner{}}
	var err error
	if b.rule, err = opt.rule(a.AsOf()); err != nil {
		return nil, err
	}
	node, err := subject(a.Graph(), company)
	if err != nil {
		return nil, err
	}
	b.Interests, err = interest.New(ctx, a, node, interest.Options{
		Voting:    opt.Voting,
		Ownership: crossholding.OwnershipOptions{MaxBits: opt.MaxBits, Strict: opt.Strict},

		ControlThreshold: b.rule.ControlThreshold, ControlByVotes: b.rule.ControlByVotes, Treasury: b.rule.Treasury,
		Joint: b.rule.JointInterests, Rights: b.tests(TestJointInterest),
	})
	return b, err
}

// rule returns the rule of a day, with its defaults.
func (o *BeneficialOwnerOptions) rule(day date.Date) (BeneficialOwnerRule, error) {
	if o.MaxBits < 0 {
		return BeneficialOwnerRule{}, fmt.Errorf("MaxBits %d: %w", o.MaxBits, crossholding.ErrRange)
	}
	if o.Rule != nil {
		return o.Rule.check()
	}
	r, err := BeneficialOwnerRuleOn(day, o.Reading)
	if err != nil {
		return r, err
	}
	return r.check()
}

// answer applies the tests of the rule.
func (b *ownerRun) answer(ctx context.Context) (BeneficialOwnersReport, error) {
	for _, test := range []func(context.Context) error{b.interest, b.control, b.ownersInConcert, b.facts, b.controlledInterest, b.interestInController,
		b.directInterest, b.jointInterest} {
		if err := test(ctx); err != nil {
			return BeneficialOwnersReport{}, err
		}
	}
	out, err := b.report(ctx)
	if err != nil {
		return out, err
	}
	if out.Rings, err = b.rings(ctx); err != nil {
		return out, err
	}
	out.Closed, err = b.closedRings(ctx)
	return out, err
}

// row returns the row of an owner. The first call makes it, with its products.
func (b *ownerRun) row(ctx context.Context, who owner) (*BeneficialOwner, error) {
	if r := b.rows[who]; r != nil {
		return r, nil
	}
	r := &BeneficialOwner{ID: b.G.ID(who.node)}
	if who.float {
		r.ID = crossholding.FloatOf(r.ID)
	} else if r.Kind = b.G.Party(who.node).Kind; r.Kind == "" {
		r.Kind = crossholding.KindPerson
	}
	for i, figure := range []*ratio.Ratio{&r.Shares, &r.Votes, &r.Profits} {
		list, err := b.Owners(ctx, b.By[i], b.Company)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if (owner{s.Node, s.Float}) == who {
				*figure = s.Amount
			}
		}
	}
	b.rows[who] = r
	return r, nil
}

func (b *ownerRun) add(ctx context.Context, who owner, g Ground) error {
	r, err := b.row(ctx, who)
	if err != nil {
		return err
	}
	if g.Through == nil {
		g.Through = []string{}
	}
	if b.rule.TrustCitation != "" && slices.ContainsFunc(g.Through, b.trust) {
		g.Citation += "; " + b.rule.TrustCitation
	}
	r.Grounds = append(r.Grounds, g)
	return nil
}

// trust reports whether an id is that of a trust.
func (b *ownerRun) trust(id string) bool {
	x, err := b.G.Node(id)
	return err == nil && b.G.Party(x).Kind == crossholding.KindTrust
}

func (b *ownerRun) report(ctx context.Context) (BeneficialOwnersReport, error) {
	out := BeneficialOwnersReport{Company: b.G.ID(b.Company), Rule: b.rule, Owners: []BeneficialOwner{}, Unresolved: []BeneficialOwner{}}
	for who, r := range b.rows {
		if !who.float {
			var err error
			if r.Joint, err = b.JointOf(ctx, who.node); err != nil {
				return out, err
			}
		}
		if r.Kind == crossholding.KindPerson {
			out.Owners = append(out.Owners, *r)
		} else {
			out.Unresolved = append(out.Unresolved, *r)
		}
	}
	for _, list := range [][]BeneficialOwner{out.Owners, out.Unresolved} {
		slices.SortFunc(list, func(x, y BeneficialOwner) int { return strings.Compare(x.ID, y.ID) })
	}
	return out, nil
}
