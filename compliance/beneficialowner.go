package compliance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/date"
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
// with those of the companies under its control. In 54(b) the interests of several
// persons are not added up.
//
// Facts of control give control as votes do: those of the book, and agreements that
// together appoint more than half of a board. A concert about one company counts there, and its
// result reaches down the chain.
//
// Joint holders are one owner, see [crossholding.Party.Members]. If the rule says so, what they
// hold counts for each of their members instead, and for those behind a member.
//
// Of a book with bands, it answers for companies that no band is behind, and otherwise fails
// with a [*crossholding.BandsError]. [BoundBeneficialOwners] answers for all.
//
// It fails with [crossholding.ErrUnknown] for an unknown company, reading, basis or test,
// with [crossholding.ErrRange] for thresholds outside 0..1 and MaxBits below 0, and with
// the errors of [crossholding.Alliance.Votes] and [crossholding.Ownership.Owners]. Several
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
	if _, err := a.Graph().Company(company); err != nil {
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

// answer applies the tests of the rule.
func (b *ownerRun) answer(ctx context.Context) (BeneficialOwnersReport, error) {
	for _, test := range []func(context.Context) error{b.interest, b.control, b.ownersInConcert, b.facts, b.controlledInterest, b.interestInController, b.directInterest, b.jointInterest} {
		if err := test(ctx); err != nil {
			return BeneficialOwnersReport{}, err
		}
	}
	out := b.report()
	var err error
	out.Rings, err = b.rings(ctx)
	return out, err
}

// interest is one way of counting ownership interests.
type interest struct {
	basis  Basis
	tally  *crossholding.Tally
	solver *crossholding.Solver
	held   []crossholding.Holding           // fractions of the company
	owners map[int32][]crossholding.Holding // by company: its outside owners, if they were computed
	groups map[int32]*crossholding.NodeGroup
}

// owner is a node, or the float of one.
type owner struct {
	node  int32
	float bool
}

// ownerRun is one call of [BeneficialOwners].
type ownerRun struct {
	g        crossholding.Graph
	rule     BeneficialOwnerRule
	maxBits  int
	company  int32
	by       []*interest // shares, votes, profits
	concerts []crossholding.Concert
	shared   []crossholding.NodeFact // facts about the company that several have together
	above    []int32                 // the nodes behind the company: by stakes, facts and concerts
	rows     map[owner]*BeneficialOwner
}

// newOwnerRun prepares the question. What the holders in heldBy have counts for another node.
func newOwnerRun(ctx context.Context, a *crossholding.Alliance, company string, opt *BeneficialOwnerOptions, heldBy map[int32]int32) (*ownerRun, error) {
	b := &ownerRun{g: a.Graph(), maxBits: opt.MaxBits, rows: map[owner]*BeneficialOwner{}}
	var err error
	if b.rule, err = opt.rule(a.AsOf()); err != nil {
		return nil, err
	}
	shares, err := a.Tally(ctx, crossholding.BasisCapital, opt.Voting)
	if err != nil {
		return nil, err
	}
	if b.company, err = b.g.Company(company); err != nil {
		return nil, err
	}
	v, err := a.Votes(ctx, opt.Voting)
	if err != nil {
		return nil, err
	}
	votes, err := v.Tally("")
	if err != nil {
		return nil, err
	}
	profits, err := b.g.Dividends()
	if err != nil {
		return nil, err
	}
	b.concerts = v.Concerts()
	for _, t := range []**crossholding.Tally{&shares, &votes, &profits} {
		if *t, err = together.HeldFor(*t, heldBy); err != nil {
			return nil, err
		}
	}
	for i, t := range []*crossholding.Tally{shares, votes, profits} {
		if err := b.count(ctx, []Basis{BasisShares, BasisVotes, BasisProfits}[i], t); err != nil {
			return nil, err
		}
	}
	seen, err := together.Behind(ctx, []*crossholding.Tally{votes, shares, profits}, b.concerts, b.company)
	if err != nil {
		return nil, err
	}
	for f := range votes.Facts() {
		if f.Company == b.company && len(f.Controllers) > 1 {
			b.shared = append(b.shared, f)
		}
	}
	delete(seen, b.company)
	b.above = slices.Sorted(maps.Keys(seen))
	return b, nil
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

// count adds a basis. If the basis counts the same as one before it, the two share their
// answers.
func (b *ownerRun) count(ctx context.Context, basis Basis, t *crossholding.Tally) error {
	for _, m := range b.by {
		if m.tally.Equal(t) {
			same := *m
			same.basis = basis
			b.by = append(b.by, &same)
			return nil
		}
	}
	solver, err := t.Solver(ctx, crossholding.OwnershipOptions{MaxBits: b.maxBits})
	if err != nil {
		return err
	}
	b.by = append(b.by, &interest{basis, t, solver, t.Fractions(b.company),
		map[int32][]crossholding.Holding{}, map[int32]*crossholding.NodeGroup{}})
	return nil
}

// owners returns the outside owners of company c by one basis.
func (b *ownerRun) owners(ctx context.Context, m *interest, c int32) ([]crossholding.Holding, error) {
	if list, ok := m.owners[c]; ok {
		return list, nil
	}
	list, _, err := m.solver.Owners(ctx, c)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(s crossholding.Holding) bool { return !s.Float && b.g.HasShares(s.Node) })
	m.owners[c] = list
	return list, nil
}

// group returns x with all that it controls by one basis and by facts.
func (b *ownerRun) group(ctx context.Context, m *interest, x int32) (*crossholding.NodeGroup, error) {
	m = b.deciding(m)
	if g := m.groups[x]; g != nil {
		return g, nil
	}
	g, err := m.tally.Group(ctx, b.majority(), x)
	if err != nil {
		return nil, err
	}
	m.groups[x] = g
	return g, nil
}

// deciding returns the interest that decides control where m is counted.
func (b *ownerRun) deciding(m *interest) *interest {
	if b.rule.ControlByVotes {
		return b.votes()
	}
	return m
}

// byShares returns x with all that it controls by one basis, without facts.
func (b *ownerRun) byShares(ctx context.Context, m *interest, x int32) (*crossholding.NodeGroup, error) {
	rule := b.majority()
	rule.Facts = false
	return b.deciding(m).tally.Group(ctx, rule, x)
}

func (b *ownerRun) majority() crossholding.Rule {
	return crossholding.Rule{Threshold: b.rule.ControlThreshold, Facts: true}
}

// row returns the row of an owner. The first call makes it, with its products.
func (b *ownerRun) row(ctx context.Context, who owner) (*BeneficialOwner, error) {
	if r := b.rows[who]; r != nil {
		return r, nil
	}
	r := &BeneficialOwner{ID: b.g.ID(who.node)}
	if who.float {
		r.ID = crossholding.FloatOf(r.ID)
	} else if r.Kind = b.g.Party(who.node).Kind; r.Kind == "" {
		r.Kind = crossholding.KindPerson
	}
	for i, figure := range []*ratio.Ratio{&r.Shares, &r.Votes, &r.Profits} {
		list, err := b.owners(ctx, b.by[i], b.company)
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
	r.Grounds = append(r.Grounds, g)
	return nil
}

func (b *ownerRun) report() BeneficialOwnersReport {
	out := BeneficialOwnersReport{Company: b.g.ID(b.company), Rule: b.rule, Owners: []BeneficialOwner{}, Unresolved: []BeneficialOwner{}}
	for _, r := range b.rows {
		if r.Kind == crossholding.KindPerson {
			out.Owners = append(out.Owners, *r)
		} else {
			out.Unresolved = append(out.Unresolved, *r)
		}
	}
	for _, list := range [][]BeneficialOwner{out.Owners, out.Unresolved} {
		slices.SortFunc(list, func(x, y BeneficialOwner) int { return strings.Compare(x.ID, y.ID) })
	}
	return out
}
