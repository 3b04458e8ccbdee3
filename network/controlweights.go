package network

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// interestSolver returns a solver of economic interests that stops at investors.
func (q *commonOwnership) interestSolver(ctx context.Context) (*crossholding.Solver, error) {
	dividends, err := q.g.Dividends()
	if err != nil {
		return nil, err
	}
	return q.solver(ctx, dividends.Fractions)
}

// controlSolver returns a solver of votes, or of power in meetings, that stops at investors.
func (q *commonOwnership) controlSolver(ctx context.Context, a *crossholding.Alliance) (*crossholding.Solver, error) {
	v, err := a.Votes(ctx, q.opt.Voting)
	if err != nil {
		return nil, err
	}
	tally, err := v.Tally(q.opt.Basis)
	if err != nil {
		return nil, err
	}
	if q.opt.Weights == WeightsByVotes {
		return q.solver(ctx, tally.Fractions)
	}
	weights, err := q.power(ctx, v, tally)
	if err != nil {
		return nil, err
	}
	return q.solver(ctx, func(company int32) []crossholding.Holding { return weights[company] })
}

// solver returns a solver of fractions of companies, in which nobody has investors.
func (q *commonOwnership) solver(ctx context.Context, fractions func(company int32) []crossholding.Holding) (*crossholding.Solver, error) {
	return q.g.Solver(ctx, func(y int32) ([]crossholding.Holding, ratio.Ratio) {
		if q.investor[y] {
			return nil, ratio.Ratio{}
		}
		held := slices.DeleteFunc(fractions(y), func(h crossholding.Holding) bool { return h.Node == y })
		if len(held) == 0 && !q.g.HasShares(y) {
			return nil, ratio.Ratio{}
		}
		return held, ratio.Int(1)
	}, crossholding.OwnershipOptions{})
}

// power measures the meetings of the firms and of all companies above them that are looked
// through. It returns the index of each voter but the dispersed.
func (q *commonOwnership) power(ctx context.Context, v *crossholding.Votes, tally *crossholding.Tally) (map[int32][]crossholding.Holding, error) {
	var companies []int32
	for _, f := range q.firms {
		above, err := tally.Upstream(ctx, f.node)
		if err != nil {
			return nil, err
		}
		companies = append(companies, above...)
	}
	slices.Sort(companies)
	companies = slices.DeleteFunc(slices.Compact(companies), func(c int32) bool { return !q.g.HasShares(c) || q.investor[c] })
	opt := q.opt.Power
	opt.Ungrouped = true
	out := make(map[int32][]crossholding.Holding, len(companies))
	stage := progress.Start(ctx, "meetings", len(companies), 1)
	for i, c := range companies {
		stage.At(i)
		p, err := MeetingPower(ctx, v, q.g.ID(c), opt)
		if err != nil {
			return nil, err
		}
		if out[c], err = q.voterWeights(p); err != nil {
			return nil, err
		}
	}
	stage.End()
	return out, nil
}

// voterWeights returns the chosen index of each voter of a meeting. What the dispersed have
// is left over for the float.
func (q *commonOwnership) voterWeights(p VotingPower) ([]crossholding.Holding, error) {
	var out []crossholding.Holding
	var sum ratio.Ratio
	for _, x := range p.Voters {
		weight := x.Banzhaf
		if q.opt.Weights == WeightsByShapleyShubik {
			weight = x.ShapleyShubik
		}
		sum = sum.Add(weight)
		if _, float := crossholding.IsFloat(x.Name); float || weight.IsZero() {
			continue
		}
		node, err := q.g.Node(x.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, crossholding.Holding{Node: node, Amount: weight})
	}
	if sum.IsZero() {
		return nil, fmt.Errorf("network: nobody has power in the meeting of %s, so nobody controls it by %s: %w", p.Company, q.opt.Weights, crossholding.ErrMissing)
	}
	return out, nil
}
