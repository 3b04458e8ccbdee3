package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// BeneficialReading names a way of reading who a beneficial owner is.
type BeneficialReading string

// The readings.
const (
	// ReadingAMLR is Regulation (EU) 2024/1624, articles 52 to 54 together:
	// products along chains, control level by level, and the two mixed in
	// different layers of a chain.
	ReadingAMLR BeneficialReading = ""
	// ReadingProduct is article 52 alone: holdings multiplied along each
	// chain and added over chains.
	ReadingProduct BeneficialReading = "product"
	// ReadingControl is article 53 alone: control on each level of a chain, and
	// by agreements to act in concert or to appoint the board.
	ReadingControl BeneficialReading = "control"
	// ReadingDirective is Directive (EU) 2015/849, article 3(6): more than
	// 25% held directly or by companies under one's control, nothing multiplied.
	ReadingDirective BeneficialReading = "directive"
)

// BeneficialOptions says who a beneficial owner is. The zero value is
// Regulation (EU) 2024/1624 (AMLR): 25% or more.
type BeneficialOptions struct {
	Reading BeneficialReading
	// Threshold is the ownership interest that makes a beneficial owner, a
	// fraction, 0 meaning 1/4.
	Threshold ratio.Ratio
	// Strict asks for more than the threshold. [ReadingDirective] always does.
	Strict bool
	// Control is the fraction that must be passed to control a company, 0
	// meaning 1/2 (50% plus one, article 53(2)(c)).
	Control ratio.Ratio
	// Voting says how votes are counted; they are fractions of those that can
	// move a result.
	Voting VotingOptions
	// MaxBits bounds exact fractions as in [OwnershipOptions].
	MaxBits int
}

// BeneficialOwners is who stands behind a company in the end. Plain data.
type BeneficialOwners struct {
	Company string
	// Owners are the natural persons: parties of [KindPerson], which is what
	// a party without a kind is.
	Owners []BeneficialOwner
	// Unresolved are the others who stand outside and pass the same tests:
	// states, funds, trusts, the public, companies of which the book names no
	// shares, and floats. A natural person may be found behind them, but not
	// in this book. A float's votes include those that a cap takes from
	// others.
	Unresolved []BeneficialOwner
}

// BeneficialOwner is someone who passes a test, and which. Shares, Votes and
// Profits are products along chains, added over chains, 0..1. Where chains
// run in loops they are integrated ownership: what comes round is counted in
// full, so that over all outside owners and floats each sums to 1.
type BeneficialOwner struct {
	ID      string
	Kind    Kind // empty for a float
	Shares  ratio.Ratio
	Votes   ratio.Ratio
	Profits ratio.Ratio // by dividend weight
	Grounds []BeneficialGround
}

// BeneficialOwners answers who the beneficial owners of company are. A trust
// that holds for a beneficiary, as the stake says it does, is looked through
// for shares and profits. Articles 52 and 53 and the first half of 54 were
// read; the second half, an interest in a company that controls, in summary
// and in Swedish. Two decisions are ours: in article 54(a) a person's own
// direct stake counts together with those of the companies under its control,
// and in 54(b) persons are not added up.
//
// Errors: [ErrUnknown] for a company or a reading that is not there,
// [ErrRange] for thresholds outside 0..1 and MaxBits below 0, and those of
// [Alliance.Votes] and [Alliance.Ownership].
func (a *Alliance) BeneficialOwners(ctx context.Context, company string, opt BeneficialOptions) (BeneficialOwners, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return BeneficialOwners{}, err
	}
	b, err := newBeneficial(ctx, a, company, &opt)
	if err != nil {
		return BeneficialOwners{}, err
	}
	for _, test := range []func(context.Context) error{b.products, b.controls, b.otherMeans, b.mixed, b.directive} {
		if err := test(ctx); err != nil {
			return BeneficialOwners{}, err
		}
	}
	return b.report(), nil
}

// interestBy is one way of counting ownership interests.
type interestBy struct {
	name   string
	ballot *tally.Tally
	solver *exact.Solver
	column map[int32][]exact.Share // of companies asked for
	groups map[int32]*majority.Group
}

// beneficial is one run of the question.
type beneficial struct {
	a         *Alliance
	opt       *BeneficialOptions
	company   int32
	by        []*interestBy // shares, votes, profits
	above     []int32       // who holds something of the company, in the end
	rows      map[exact.Owner]*BeneficialOwner
	translate func(error) error
}

func newBeneficial(ctx context.Context, a *Alliance, company string, opt *BeneficialOptions) (*beneficial, error) {
	b := &beneficial{a: a, opt: opt, rows: map[exact.Owner]*BeneficialOwner{}, translate: func(err error) error { return nameSolverError(a, err) }}
	if err := opt.check(ctx); err != nil {
		return nil, err
	}
	var err error
	if b.company, err = a.company(company); err != nil {
		return nil, err
	}
	votes, err := a.Votes(ctx, opt.Voting)
	if err != nil {
		return nil, err
	}
	g := &a.graph
	if err := b.count(ctx, "shares", tally.OutstandingShares(g)); err != nil {
		return nil, err
	}
	if err := b.count(ctx, "votes", votes.ballot("")); err != nil {
		return nil, err
	}
	if graph.SameWeighting(&g.Capital, &g.Dividends) {
		profits := *b.by[0]
		profits.name = "profits"
		b.by = append(b.by, &profits)
	} else if err := b.count(ctx, "profits", tally.New(g, &g.Dividends, g.Beneficiary, &g.ByBeneficiary, tally.OutstandingVotes(g, &g.Dividends, false), nil)); err != nil {
		return nil, err
	}
	slices.Sort(b.above)
	b.above = slices.Compact(b.above)
	return b, nil
}

// check fills in the defaults.
func (o *BeneficialOptions) check(ctx context.Context) error {
	switch o.Reading {
	case ReadingAMLR, ReadingProduct, ReadingControl, ReadingDirective:
	default:
		return noChoice("reading", o.Reading, ReadingProduct, ReadingControl, ReadingDirective)
	}
	if o.MaxBits < 0 {
		return fmt.Errorf("crossholding: MaxBits %d: %w", o.MaxBits, ErrRange)
	}
	var err error
	if o.Threshold, err = fraction("Threshold", o.Threshold, ratio.Of(1, 4)); err != nil {
		return err
	}
	o.Control, err = fraction("Control", o.Control, ratio.Of(1, 2))
	return err
}

// count adds a measure, and who is above the company by it.
func (b *beneficial) count(ctx context.Context, name string, by *tally.Tally) error {
	m, err := by.Matrix(ctx)
	if err != nil {
		return err
	}
	b.by = append(b.by, &interestBy{name, by, exact.NewSolver(m, exact.Limits{Bits: b.opt.MaxBits}),
		map[int32][]exact.Share{}, map[int32]*majority.Group{}})
	above, err := by.Upstream(ctx, b.company)
	if err != nil {
		return err
	}
	b.above = append(b.above, slices.DeleteFunc(above, func(i int32) bool { return i == b.company })...)
	return nil
}

// owners returns the outside owners of company c by one measure.
func (b *beneficial) owners(ctx context.Context, m *interestBy, c int32) ([]exact.Share, error) {
	if list, ok := m.column[c]; ok {
		return list, nil
	}
	line, err := m.solver.Column(ctx, c)
	if err != nil {
		return nil, b.translate(err)
	}
	list := slices.DeleteFunc(line.Shares, func(s exact.Share) bool { return !s.Float && b.a.graph.IssuesShares(s.Node) })
	m.column[c] = list
	return list, nil
}

// group returns x with all that it controls by one measure.
func (b *beneficial) group(ctx context.Context, m *interestBy, x int32) (*majority.Group, error) {
	if g := m.groups[x]; g != nil {
		return g, nil
	}
	g, err := m.ballot.Engine.Group(ctx, b.rule(), x)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	m.groups[x] = g
	return g, nil
}

func (b *beneficial) rule() majority.Rule {
	return tally.Rule(b.opt.Control, true)
}

// row returns the row of an owner, made with its products.
func (b *beneficial) row(ctx context.Context, who exact.Owner) (*BeneficialOwner, error) {
	if r := b.rows[who]; r != nil {
		return r, nil
	}
	g := &b.a.graph
	r := &BeneficialOwner{ID: g.IDs[who.Node]}
	if who.Float {
		r.ID = Float(r.ID)
	} else if r.Kind = KindPerson; b.a.register == nil { // holders of a register are parties without a kind
		if p := b.a.ledger.party(r.ID); p == nil {
			r.Kind = KindCompany
		} else if p.Kind != "" {
			r.Kind = p.Kind
		}
	}
	for i, figure := range []*ratio.Ratio{&r.Shares, &r.Votes, &r.Profits} {
		list, err := b.owners(ctx, b.by[i], b.company)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if s.Owner == who {
				*figure = ratio.FromRat(s.Value)
			}
		}
	}
	b.rows[who] = r
	return r, nil
}

func (b *beneficial) add(ctx context.Context, who exact.Owner, g BeneficialGround) error {
	r, err := b.row(ctx, who)
	if err != nil {
		return err
	}
	r.Grounds = append(r.Grounds, g)
	return nil
}

func (b *beneficial) report() BeneficialOwners {
	out := BeneficialOwners{Company: b.a.graph.IDs[b.company]}
	for _, r := range b.rows {
		if r.Kind == KindPerson {
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
