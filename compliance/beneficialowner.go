package compliance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// BeneficialOwnerReading names a way of reading who a beneficial owner is. The zero
// value is [ReadingOfDay].
type BeneficialOwnerReading string

// These are the readings.
const (
	// ReadingOfDay is the law on the day of the book: [ReadingAMLR] from 2027-07-10 on,
	// when Regulation (EU) 2024/1624 applies, and [ReadingDirective] before. An undated
	// book is under the regulation.
	ReadingOfDay BeneficialOwnerReading = ""
	// ReadingAMLR is Regulation (EU) 2024/1624, articles 52 to 54 together:
	// products along chains, control level by level, and both combined in
	// different layers of a chain.
	ReadingAMLR BeneficialOwnerReading = "AMLR"
	// ReadingProduct is article 52 alone: holdings multiplied along each
	// chain and added over chains.
	ReadingProduct BeneficialOwnerReading = "product"
	// ReadingControl is article 53 alone: control on each level of a chain, by votes, by
	// agreements to act in concert or to appoint the board, and by facts of control.
	ReadingControl BeneficialOwnerReading = "control"
	// ReadingDirective is Directive (EU) 2015/849, article 3(6): more than
	// 25% held directly or by companies under control, without products, and control
	// via other means: the right to appoint the board, and facts of control.
	ReadingDirective BeneficialOwnerReading = "directive"
)

// amlrFrom is the first day on which Regulation (EU) 2024/1624 applies (its art. 90).
const amlrFrom = "2027-07-10"

// BeneficialOwnerOptions says who a beneficial owner is. The zero value is the European
// Union's law on the day of the book: 25% or more, or before 2027-07-10 more than 25%.
type BeneficialOwnerOptions struct {
	Reading BeneficialOwnerReading
	// Threshold is the ownership interest that makes a beneficial owner. It is
	// a fraction, and 0 means 1/4.
	Threshold ratio.Ratio
	// Exceed requires more than Threshold. By default reaching it is enough, except
	// with [ReadingDirective], which always requires more.
	Exceed bool
	// ControlThreshold is the fraction that must be exceeded to control a company. 0
	// means 1/2 (50% plus one, article 53(2)(c)).
	ControlThreshold ratio.Ratio
	// Voting says how votes are counted. They are fractions of those that can move
	// a result.
	Voting crossholding.VotingOptions
	// MaxBits bounds exact fractions, as in [crossholding.OwnershipOptions].
	MaxBits int
}

// BeneficialOwnersReport lists the beneficial owners of a company. It is plain data.
type BeneficialOwnersReport struct {
	Company string `json:"company"`
	// Owners are the natural persons, sorted by id: parties of
	// [crossholding.KindPerson], which is what a party without a kind is.
	Owners []BeneficialOwner `json:"owners"`
	// Unresolved are the other outside owners that meet the same tests, sorted by
	// id: states, funds, trusts, the public, companies of which the book names no
	// shares, and floats. There may be a natural person behind them, but the book does
	// not name one. A float's votes include those that a cap takes from others.
	Unresolved []BeneficialOwner `json:"unresolved"`
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
}

// String returns the owner with its grounds as a sentence.
func (o BeneficialOwner) String() string {
	parts := make([]string, len(o.Grounds))
	for i, g := range o.Grounds {
		parts[i] = g.String()
	}
	return o.ID + " " + strings.Join(parts, "; ")
}

// WithNames returns the owner with ids replaced by names, as by
// [crossholding.Alliance.Name]. Lists stay in the order of ids.
func (o BeneficialOwner) WithNames(name func(id string) string) BeneficialOwner {
	o.ID, o.Grounds = name(o.ID), slices.Clone(o.Grounds)
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
// It fails with [crossholding.ErrUnknown] for an unknown company or reading, with
// [crossholding.ErrRange] for thresholds outside 0..1 and MaxBits below 0, and with
// the errors of [crossholding.Alliance.Votes] and [crossholding.Ownership.Owners]. Several
// readings of the law are no error if the answer is the same under each.
func BeneficialOwners(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (BeneficialOwnersReport, error) {
	ctx, a = given(ctx, a)
	report, err := underReadings(opt.Voting, func(v crossholding.VotingOptions) (BeneficialOwnersReport, error) {
		opt.Voting = v
		return beneficialOwners(ctx, a, company, opt)
	})
	return report, told(err)
}

// beneficialOwners takes the options by value, because a run fills in their defaults.
func beneficialOwners(ctx context.Context, a *crossholding.Alliance, company string, opt BeneficialOwnerOptions) (BeneficialOwnersReport, error) {
	b, err := newOwnerRun(ctx, a, company, &opt)
	if err != nil {
		return BeneficialOwnersReport{}, err
	}
	for _, article := range []func(context.Context) error{b.art52, b.art53, b.art53Agreements, b.otherMeans, b.art54, b.directive} {
		if err := article(ctx); err != nil {
			return BeneficialOwnersReport{}, err
		}
	}
	return b.report(), nil
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
	g       crossholding.Graph
	opt     *BeneficialOwnerOptions
	company int32
	by      []*interest // shares, votes, profits
	above   []int32     // the nodes that hold something of the company, directly or through others
	rows    map[owner]*BeneficialOwner
}

func newOwnerRun(ctx context.Context, a *crossholding.Alliance, company string, opt *BeneficialOwnerOptions) (*ownerRun, error) {
	b := &ownerRun{g: a.Graph(), opt: opt, rows: map[owner]*BeneficialOwner{}}
	if err := opt.check(a.AsOf()); err != nil {
		return nil, err
	}
	shares, err := a.Tally(ctx, crossholding.BasisCapital, opt.Voting)
	if err != nil {
		return nil, err
	}
	if b.company, err = b.g.Company(company); err != nil {
		return nil, err
	}
	votes, err := a.Tally(ctx, "", opt.Voting)
	if err != nil {
		return nil, err
	}
	profits, err := b.g.Dividends()
	if err != nil {
		return nil, err
	}
	for i, t := range []*crossholding.Tally{shares, votes, profits} {
		if err := b.count(ctx, []Basis{BasisShares, BasisVotes, BasisProfits}[i], t); err != nil {
			return nil, err
		}
	}
	return b, b.addControllers(ctx)
}

// addControllers adds the nodes above the company by facts: the controllers of the company
// and of nodes above it, and whoever is above these. It sorts the nodes above.
func (b *ownerRun) addControllers(ctx context.Context) error {
	by := map[int32][]int32{}
	for f := range b.votes().tally.Facts() {
		by[f.Company] = append(by[f.Company], f.Controllers...)
	}
	seen := map[int32]bool{b.company: true}
	list := append([]int32{b.company}, b.above...)
	for _, x := range b.above {
		seen[x] = true
	}
	for next := 0; next < len(list) && len(by) > 0; next++ {
		for _, x := range by[list[next]] {
			if seen[x] {
				continue
			}
			for _, m := range b.by {
				above, err := m.tally.Upstream(ctx, x)
				if err != nil {
					return err
				}
				for _, z := range above {
					if !seen[z] {
						seen[z] = true
						list = append(list, z)
					}
				}
			}
		}
	}
	b.above = list[1:]
	slices.Sort(b.above)
	b.above = slices.Compact(b.above)
	return nil
}

// check checks the options and fills in the defaults of a day.
func (o *BeneficialOwnerOptions) check(day date.Date) error {
	switch o.Reading {
	case ReadingAMLR, ReadingProduct, ReadingControl, ReadingDirective:
	case ReadingOfDay:
		if o.Reading = ReadingAMLR; day != "" && day < amlrFrom {
			o.Reading = ReadingDirective
		}
	default:
		return unknownOption("reading", o.Reading, ReadingAMLR, ReadingProduct, ReadingControl, ReadingDirective)
	}
	if o.MaxBits < 0 {
		return fmt.Errorf("MaxBits %d: %w", o.MaxBits, crossholding.ErrRange)
	}
	var err error
	if o.Threshold, err = fraction("Threshold", o.Threshold, ratio.Of(1, 4)); err != nil {
		return err
	}
	o.ControlThreshold, err = fraction("ControlThreshold", o.ControlThreshold, ratio.Of(1, 2))
	return err
}

// count adds a basis and the nodes above the company by it. If the basis counts the
// same as one before it, the two share their answers.
func (b *ownerRun) count(ctx context.Context, basis Basis, t *crossholding.Tally) error {
	for _, m := range b.by {
		if m.tally.Equal(t) {
			same := *m
			same.basis = basis
			b.by = append(b.by, &same)
			return nil
		}
	}
	solver, err := t.Solver(ctx, crossholding.OwnershipOptions{MaxBits: b.opt.MaxBits})
	if err != nil {
		return err
	}
	b.by = append(b.by, &interest{basis, t, solver, t.Fractions(b.company),
		map[int32][]crossholding.Holding{}, map[int32]*crossholding.NodeGroup{}})
	above, err := t.Upstream(ctx, b.company)
	if err != nil {
		return err
	}
	b.above = append(b.above, slices.DeleteFunc(above, func(i int32) bool { return i == b.company })...)
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

// group returns x with all that it controls by one basis or by facts.
func (b *ownerRun) group(ctx context.Context, m *interest, x int32) (*crossholding.NodeGroup, error) {
	if g := m.groups[x]; g != nil {
		return g, nil
	}
	rule := b.rule()
	rule.Facts = true
	g, err := m.tally.Group(ctx, rule, x)
	if err != nil {
		return nil, err
	}
	m.groups[x] = g
	return g, nil
}

func (b *ownerRun) rule() crossholding.Rule {
	return crossholding.Rule{Threshold: b.opt.ControlThreshold}
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
	out := BeneficialOwnersReport{Company: b.g.ID(b.company), Owners: []BeneficialOwner{}, Unresolved: []BeneficialOwner{}}
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
