package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/internal/above"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// OwnerAbove is an outside owner or a float that is above a threshold at a company. It has
// nodes in place of ids, because a register has millions of them. It is an immutable value.
type OwnerAbove struct {
	Company int32
	Owner   int32 // a node; of a float, the company whose float it is
	Float   bool

	low, high uint64 // in units of 2^-62
}

// Bounds returns two fractions of the company between which the owner's integrated ownership
// lies. They are close enough to tell that it is above the threshold, or it was compared
// exactly. [Ownership.Integrated] and [CertifiedOwnership.Integrated] return the figure.
func (o OwnerAbove) Bounds() (low, high ratio.Ratio) {
	return ratio.Of(int64(o.low), 1<<62), ratio.Of(int64(o.high), 1<<62)
}

// OwnersAbove yields, for every company, the outside owners and the floats whose integrated
// ownership is more than threshold, or with atLeast also those with exactly threshold. No
// owner is left out and none is listed by rounding: bounds decide where they can, and exact
// fractions elsewhere. It is the question of the beneficial owners of a whole country, at
// once.
//
// The threshold is a fraction of the company, such as 1/4, and not below 0. Companies come
// after those that hold them, and the owners of one company by node, floats last. A company
// without an answer, because nobody outside owns it or a company above it, is yielded once
// beside a [*NoOutsideOwnerError] that names it, and the next ones follow.
//
// The work is one pass over the companies, on all processors. The owners of a company are kept
// until the last company in which it has shares has been done, but for small shares of which a
// bound is kept. It fails with [ErrRange] for a threshold below 0 and with ctx's error when ctx is done.
func (o *Ownership) OwnersAbove(ctx context.Context, threshold ratio.Ratio, atLeast bool) iter.Seq2[OwnerAbove, error] {
	ctx = progress.OrBackground(ctx)
	o = o.orEmpty()
	return func(yield func(OwnerAbove, error) bool) {
		if ctx.Err() != nil {
			yield(OwnerAbove{}, stopped(ctx))
			return
		}
		if threshold.Sign() < 0 {
			yield(OwnerAbove{}, fmt.Errorf("crossholding: a threshold of %s is below 0: %w", threshold, ErrRange))
			return
		}
		more := true
		idle := map[int32]bool{} // companies that earn for nobody
		for c := range o.a.earnsNothing() {
			idle[c] = true
		}
		err := above.Find(ctx, o.solver, threshold.Rat(), atLeast, func(x above.Found) bool {
			if x.None {
				none := &exact.RingError{Rings: [][]int32{{x.Company}}}
				more = yield(OwnerAbove{Company: x.Company}, nameSolverError(o.a, none))
				return more
			}
			if len(idle) > 0 && !x.Owner.Float && idle[x.Owner.Node] {
				return true
			}
			more = yield(OwnerAbove{x.Company, x.Owner.Node, x.Owner.Float, x.Low, x.High}, nil)
			return more
		})
		if err != nil && more {
			yield(OwnerAbove{}, nameSolverError(o.a, err))
		}
	}
}

// OwnersAbove yields the owners of [Ownership.OwnersAbove] in their order, with ids and with
// figures as certified decimals. The threshold is compared with the exact figure, not with the
// decimal. Beside the error of a company without an answer it yields an interest with only the
// Issuer.
//
// It finds the owners twice: first to learn where their bounds do not tell the last place of a
// figure, and what those owners hold is then computed as by [CertifiedOwnership.NodeInterests], and
// kept. On the generated registers that is one figure in ten.
func (c *CertifiedOwnership) OwnersAbove(ctx context.Context, threshold ratio.Ratio, atLeast bool) iter.Seq2[Interest, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	return func(yield func(Interest, error) bool) {
		g := &c.o.a.graph
		figures, err := c.figuresBetween(ctx, threshold, atLeast)
		if err != nil {
			yield(Interest{}, err)
			return
		}
		for x, err := range c.o.OwnersAbove(ctx, threshold, atLeast) {
			var in Interest
			switch {
			case err == nil:
				in, err = c.interestOf(ctx, x, figures)
			case errors.Is(err, ErrNoOutsideOwner):
				in.Issuer = g.IDs.At(x.Company)
			}
			if !yield(in, err) || err != nil && in.Issuer == "" {
				return
			}
		}
	}
}

// ownedBy is what an owner has of a company.
type ownedBy struct {
	owner   exact.Owner
	company int32
}

// figuresBetween returns the figures of the owners above a threshold that their bounds do not tell.
func (c *CertifiedOwnership) figuresBetween(ctx context.Context, threshold ratio.Ratio, atLeast bool) (map[ownedBy]decimal.Decimal, error) {
	open := map[exact.Owner][]int32{} // by owner, the companies
	for x, err := range c.o.OwnersAbove(ctx, threshold, atLeast) {
		switch {
		case errors.Is(err, ErrNoOutsideOwner):
		case err != nil:
			return nil, err
		default:
			if _, known := c.between(x); !known {
				open[x.owner()] = append(open[x.owner()], x.Company)
			}
		}
	}
	owners := slices.SortedFunc(maps.Keys(open), func(a, b exact.Owner) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), strings.Compare(c.o.name(a), c.o.name(b)))
	})
	figures := map[ownedBy]decimal.Decimal{}
	for x, err := range eachOf(ctx, holderList{given: owners}, func(ctx context.Context, who exact.Owner, space *holderSpace) ([]decimal.Decimal, int, error) {
		line, _, err := c.o.solver.RowsFixed(ctx, who, c.places, c.mode, space.lines)
		if err != nil {
			return nil, 0, nameSolverError(c.o.a, err)
		}
		out := make([]decimal.Decimal, len(open[who]))
		for i, company := range open[who] {
			z, _ := line.Find(exact.Owner{Node: company})
			out[i] = c.decimal(z)
		}
		return out, line.Len(), nil
	}) {
		if err != nil {
			return nil, err
		}
		for i, y := range x.what { // none beside an error, which is told when the figure is asked for
			figures[ownedBy{x.who, open[x.who][i]}] = y
		}
	}
	return figures, nil
}

// owner returns the owner.
func (o OwnerAbove) owner() exact.Owner { return exact.Owner{Node: o.Owner, Float: o.Float} }

// between returns the decimal to which both bounds of an owner round, or false if they do not.
func (c *CertifiedOwnership) between(x OwnerAbove) (decimal.Decimal, bool) {
	if x.high-x.low > 1<<20 {
		return decimal.Decimal{}, false
	}
	low, high := x.Bounds()
	y := low.Round(c.places, c.round)
	return y, x.low == x.high || y.Equal(high.Round(c.places, c.round))
}

// interestOf names an owner, and rounds its figure or finds it among figures.
func (c *CertifiedOwnership) interestOf(ctx context.Context, x OwnerAbove, figures map[ownedBy]decimal.Decimal) (Interest, error) {
	who := x.owner()
	in := Interest{
		Holder: c.o.name(who), Issuer: c.o.a.graph.IDs.At(x.Company),
		Capital: c.o.capital(who, x.Company), Economic: c.o.economic(who, x.Company),
	}
	y, known := c.between(x)
	if !known {
		if y, known = figures[ownedBy{who, x.Company}]; !known {
			var err error
			if y, err = c.Integrated(ctx, in.Holder, in.Issuer); err != nil {
				return Interest{}, err
			}
		}
	}
	in.Integrated = ratio.FromRat(y.Rat())
	in.FirstPassage = in.Integrated // it has no loops through an outside owner
	return in, nil
}
