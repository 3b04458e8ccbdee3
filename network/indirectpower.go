package network

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// IndirectPower returns the shares of the outside holders in the power over a company.
// It is the network power index of Mizuno, Doi and Kurizaki (2020; the article was not
// read, the definition is this paragraph). In each round, every company takes the label
// of the shareholder whose vote decides in a random order of its meeting. The index of
// an outside holder is the fraction of rounds in which the company has its label. Each
// round draws new orders, so labels follow a Markov chain whose steps are
// Shapley-Shubik indices. So the exact index is the integrated ownership in a network
// whose stakes are those indices.
//
// The list contains all outside holders with a share of the power over the company,
// with floats, sorted by name. The shares add up to exactly 1. IndirectPower fails with
// [crossholding.ErrUnknown] for an unknown company, with a
// [*crossholding.NoOutsideOwnerError] if companies have all power over one another, with
// the errors of [MeetingPower], and with ctx's error when ctx is done.
func IndirectPower(ctx context.Context, v *crossholding.Votes, company string) ([]HolderPower, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	g := v.Graph()
	c, err := g.Company(company)
	if err != nil {
		return nil, err
	}
	pivots, err := pivotsAbove(ctx, v, c)
	if err != nil {
		return nil, err
	}
	solver, err := g.Solver(ctx, func(x int32) ([]crossholding.Holding, ratio.Ratio) {
		if held, ok := pivots[x]; ok {
			return held, ratio.Int(1)
		}
		return nil, ratio.Ratio{}
	}, crossholding.OwnershipOptions{})
	if err != nil {
		return nil, err
	}
	shares, _, err := solver.Owners(ctx, c)
	if err != nil {
		return nil, err
	}
	out := []HolderPower{}
	for _, s := range shares {
		switch {
		case s.Float:
			out = append(out, HolderPower{crossholding.FloatOf(g.ID(s.Node)), s.Amount})
		case !g.HasShares(s.Node):
			out = append(out, HolderPower{g.ID(s.Node), s.Amount})
		}
	}
	sortPower(out)
	return out, nil
}

func sortPower(list []HolderPower) {
	slices.SortFunc(list, func(a, b HolderPower) int { return strings.Compare(a.Holder, b.Holder) })
}

// pivotsAbove computes, for c and every company above it, the fraction of orders in
// which each holder is pivotal in its meeting. The rest belongs to the float.
func pivotsAbove(ctx context.Context, v *crossholding.Votes, c int32) (map[int32][]crossholding.Holding, error) {
	g := v.Graph()
	out := map[int32][]crossholding.Holding{}
	stage := progress.Count(ctx, "pivots", 1)
	for queue := []int32{c}; len(queue) > 0; queue = queue[1:] {
		stage.At(len(out))
		x := queue[0]
		if _, done := out[x]; done {
			continue
		}
		p, err := MeetingPower(ctx, v, g.ID(x), PowerOptions{Ungrouped: true})
		if err != nil {
			return nil, err
		}
		held := []crossholding.Holding{}
		for _, voter := range p.Voters {
			if voter.ShapleyShubik.IsZero() || voter.Name == crossholding.FloatOf(g.ID(x)) {
				continue
			}
			i, err := g.Node(voter.Name)
			if err != nil {
				return nil, err
			}
			held = append(held, crossholding.Holding{Node: i, Amount: voter.ShapleyShubik})
			if g.HasShares(i) {
				queue = append(queue, i)
			}
		}
		out[x] = held
	}
	return out, nil
}

// maxDraws bounds the walks of one estimate, and maxWalk the steps of one walk.
const (
	maxDraws = 1_000_000_000
	maxWalk  = 10_000
)

// EstimateIndirectPower estimates [IndirectPower] if the network is too large for exact
// fractions. It makes draws random walks up the network from company, with a generator
// of the given seed. It returns the fraction of the walks that ended at each holder,
// sorted by name. Each is within sqrt(ln(2/a)/(2·draws)) of the index with a
// probability of at least 1-a (Hoeffding, 1963).
//
// It fails with [crossholding.ErrRange] for draws below 1 or above 1,000,000,000,
// with [crossholding.ErrSearchLimit] for a walk of more than 10,000 steps, with
// [crossholding.ErrUnknown] for an unknown company, with the errors of [MeetingPower],
// and with ctx's error when ctx is done.
func EstimateIndirectPower(ctx context.Context, v *crossholding.Votes, company string, draws int, seed uint64) ([]HolderPower, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	c, err := v.Graph().Company(company)
	if err != nil {
		return nil, err
	}
	if draws <= 0 || draws > maxDraws {
		return nil, fmt.Errorf("network: %d draws are not within 1 and 1,000,000,000: %w", draws, crossholding.ErrRange)
	}
	pivots, err := pivotsAbove(ctx, v, c)
	if err != nil {
		return nil, err
	}
	w := &walker{g: v.Graph(), pivots: pivots, steps: make(map[int32][]float64, len(pivots)), rng: rand.New(rand.NewPCG(seed, 0))}
	for x, held := range pivots {
		sum := 0.0
		for _, h := range held {
			sum += h.Amount.Float64()
			w.steps[x] = append(w.steps[x], sum)
		}
	}
	ends := map[string]int64{}
	stage := progress.Start(ctx, "draws", draws, 1<<10)
	for n := range draws {
		if n&0xfff == 0 && ctx.Err() != nil {
			return nil, ctxError(ctx)
		}
		stage.At(n)
		name, err := w.climb(c)
		if err != nil {
			return nil, err
		}
		ends[name]++
	}
	stage.End()
	out := make([]HolderPower, 0, len(ends))
	for name, n := range ends {
		out = append(out, HolderPower{name, ratio.Of(n, int64(draws))})
	}
	sortPower(out)
	return out, nil
}

// walker makes random walks up a network.
type walker struct {
	g      crossholding.Graph
	pivots map[int32][]crossholding.Holding
	steps  map[int32][]float64 // cumulative probabilities of pivots
	rng    *rand.Rand
}

// climb follows pivotal shareholders up from x to an outside owner.
func (w *walker) climb(x int32) (string, error) {
	for range maxWalk {
		draw := w.rng.Float64()
		at, _ := slices.BinarySearch(w.steps[x], draw)
		if at == len(w.steps[x]) {
			return crossholding.FloatOf(w.g.ID(x)), nil
		}
		if x = w.pivots[x][at].Node; !w.g.HasShares(x) {
			return w.g.ID(x), nil
		}
	}
	return "", fmt.Errorf("network: a walk up from %s does not end: %w", w.g.ID(x), crossholding.ErrSearchLimit)
}
