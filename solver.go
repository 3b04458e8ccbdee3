package crossholding

import (
	"context"
	"fmt"
	"math/big"
	"sync"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// Solver computes integrated ownership from given fractions of companies. With A the
// given fractions, it is Y = A·V for V = (I-A)^-1, exactly. If the fractions of a company
// add up to less than 1, the rest belongs to its float.
//
// [Tally.Solver] and [Graph.Solver] make it. It is immutable and safe for concurrent use. The
// zero value is that of an empty book.
type Solver struct {
	a *Alliance
	s *exact.Solver
}

var emptySolver = sync.OnceValue(func() *Solver { return must(emptyTally().Solver(context.Background(), OwnershipOptions{})) })

func (s *Solver) orEmpty() *Solver {
	if s == nil || s.s == nil {
		return emptySolver()
	}
	return s
}

// Solver returns a solver of the tally's fractions.
func (t *Tally) Solver(ctx context.Context, opt OwnershipOptions) (*Solver, error) {
	t = t.orEmpty()
	if t.economic && opt.MaxBits == 0 {
		return &Solver{t.a, t.a.solver()}, nil
	}
	m, err := t.t.Matrix(progress.OrBackground(ctx))
	if err != nil {
		return nil, err
	}
	return newSolver(t.a, m, opt)
}

// Solver returns a solver of fractions that the caller gives. The function column
// returns the amounts of a company that nodes have, each node once, and their total. An
// amount that a company has of itself is left out. Solver fails with [ErrRange] if
// amounts are negative or exceed the total, with [ErrUnknown] for a number that is not a
// node, and with ctx's error when ctx is done.
func (g Graph) Solver(ctx context.Context, column func(company int32) ([]Holding, ratio.Ratio), opt OwnershipOptions) (*Solver, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	var wrong error
	m, err := tally.MatrixOf(ctx, g.Len(), func(c int32) ([]tally.Holding, ratio.Ratio) {
		held, base := column(c)
		out := make([]tally.Holding, len(held))
		var sum ratio.Ratio
		for i, h := range held {
			out[i] = tally.Holding(h)
			if err := g.checkNodes([]int32{h.Node}); err != nil {
				wrong = err
				return nil, ratio.Ratio{}
			}
			if sum = sum.Add(h.Amount); h.Amount.Sign() < 0 || base.Less(sum) {
				wrong = fmt.Errorf("crossholding: %s has %s of %s, of which others have %s of %s: %w",
					g.ID(h.Node), h.Amount, g.ID(c), sum.Sub(h.Amount), base, ErrRange)
				return nil, ratio.Ratio{}
			}
		}
		return out, base
	})
	if err == nil {
		err = wrong
	}
	if err != nil {
		return nil, err
	}
	return newSolver(g.a, m, opt)
}

func newSolver(a *Alliance, m *matrix.Matrix, opt OwnershipOptions) (*Solver, error) {
	if opt.MaxBits < 0 {
		return nil, fmt.Errorf("crossholding: MaxBits %d: %w", opt.MaxBits, ErrRange)
	}
	return &Solver{a, exact.NewSolver(m, exact.Limits{Bits: opt.MaxBits})}, nil
}

// Holdings returns what an owner has of every company, directly and through others, by
// node. It also returns V(i,i) of the owner, which is 1 if it is in no loop. Shares
// divided by V(i,i) are first-passage ownership.
//
// It fails with a [*NoOutsideOwnerError] if some of these companies have no outside owner,
// with [ErrTooLarge] if a fraction needs more than MaxBits, and with ctx's error when ctx
// is done.
func (s *Solver) Holdings(ctx context.Context, owner int32) (shares []Holding, self ratio.Ratio, err error) {
	s, ctx = s.orEmpty(), progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ratio.Ratio{}, stopped(ctx)
	}
	line, err := s.s.Row(ctx, exact.Owner{Node: owner})
	return s.line(line, err)
}

// Owners returns what all owners have of a company, directly and through others, by node,
// with a company before its float. It also returns V(j,j) of the company. The errors are
// those of [Solver.Holdings].
func (s *Solver) Owners(ctx context.Context, company int32) (shares []Holding, self ratio.Ratio, err error) {
	s, ctx = s.orEmpty(), progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ratio.Ratio{}, stopped(ctx)
	}
	line, err := s.s.Column(ctx, company)
	return s.line(line, err)
}

// Share returns what an owner has of a company, directly and through others. The errors
// are those of [Solver.Holdings].
func (s *Solver) Share(ctx context.Context, owner, company int32) (ratio.Ratio, error) {
	s, ctx = s.orEmpty(), progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return ratio.Ratio{}, stopped(ctx)
	}
	y, err := s.s.Pair(ctx, exact.Owner{Node: owner}, company)
	if err != nil {
		return ratio.Ratio{}, nameSolverError(s.a, err)
	}
	return ratio.FromRat(y), nil
}

func (s *Solver) line(line *exact.Line, err error) ([]Holding, ratio.Ratio, error) {
	if err != nil {
		return nil, ratio.Ratio{}, nameSolverError(s.a, err)
	}
	out := make([]Holding, len(line.Shares))
	for i, x := range line.Shares {
		out[i] = Holding{x.Node, x.Float, ratio.FromRat(x.Value)}
	}
	return out, ratio.FromRat(new(big.Rat).Set(line.Diagonal)), nil
}
