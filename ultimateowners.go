package crossholding

import (
	"context"
	"errors"
	"fmt"
	"iter"

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
// It takes longer than [Ownership.OwnersAbove] where its bounds do not tell the last place of a
// figure: all owners of that company are then computed, as [CertifiedOwnership.Owners] does.
func (c *CertifiedOwnership) OwnersAbove(ctx context.Context, threshold ratio.Ratio, atLeast bool) iter.Seq2[Interest, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	return func(yield func(Interest, error) bool) {
		g := &c.o.a.graph
		r := rounder{c: c}
		for x, err := range c.o.OwnersAbove(ctx, threshold, atLeast) {
			var in Interest
			switch {
			case err == nil:
				in, err = r.interest(ctx, x)
			case errors.Is(err, ErrNoOutsideOwner):
				in.Issuer = g.IDs.At(x.Company)
			}
			if !yield(in, err) || err != nil && in.Issuer == "" {
				return
			}
		}
	}
}

// rounder rounds the figures of the owners of one company after another.
type rounder struct {
	c      *CertifiedOwnership
	owners *Row  // of company, once a figure of it needs them; they cost less together than two apart
	of     int32 // the company of owners
}

// interest names an owner, and rounds its figure.
func (r *rounder) interest(ctx context.Context, x OwnerAbove) (Interest, error) {
	c, who := r.c, exact.Owner{Node: x.Owner, Float: x.Float}
	in := Interest{
		Holder: c.o.name(who), Issuer: c.o.a.graph.IDs.At(x.Company),
		Capital: c.o.capital(who, x.Company), Economic: c.o.economic(who, x.Company),
	}
	low, high := x.Bounds()
	y := low.Round(c.places, c.round)
	if !low.Equal(high) && (x.high-x.low > 1<<20 || !y.Equal(high.Round(c.places, c.round))) {
		var err error
		if r.owners == nil || r.of != x.Company {
			if r.owners, err = c.Owners(ctx, in.Issuer); err != nil {
				return Interest{}, err
			}
			r.of = x.Company
		}
		if y, err = r.owners.Of(in.Holder); err != nil {
			return Interest{}, err
		}
	}
	in.Integrated = ratio.FromRat(y.Rat())
	in.FirstPassage = in.Integrated // it has no loops through an outside owner
	return in, nil
}
