package interval

import (
	"context"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// process is a Markov decision process. Its states are the companies that a walk
// from issuers to holders may visit. The choices in a state are the points of
// the company's feasible set. A point gives the probability of a step to each
// holder.
type process struct {
	model     *Model
	stop      int32         // a company at which the walk ends, or graph.None
	companies []int32       // by state
	state     map[int32]int // by company
}

// process returns the decision process of walks from j, and of walks from stop
// that have taken their first step.
func (m *Model) process(stop, j int32) *process {
	p := &process{model: m, stop: stop, state: map[int32]int{}}
	p.visit(j)
	if stop != graph.None {
		p.visitOwners(stop)
	}
	for at := 0; at < len(p.companies); at++ {
		p.visitOwners(p.companies[at])
	}
	return p
}

// visit gives company c a state if it has none. Outside owners get none.
func (p *process) visit(c int32) {
	if _, ok := p.state[c]; !ok && c != p.stop && p.model.PaysDividends(c) {
		p.state[c] = len(p.companies)
		p.companies = append(p.companies, c)
	}
}

// visitOwners visits everyone who may hold a stake in company c.
func (p *process) visitOwners(c int32) {
	for s := range p.model.Stakes(c).All() {
		if s.Hi.Sign() > 0 {
			p.visit(s.Owner)
		}
	}
}

// probability is the least upper bound of a probability over all completions.
type probability struct {
	value    ratio.Ratio
	attained bool // whether some completion attains it
}

// maximum returns the greatest probability that a walk ends at the target, for
// walks from j and for walks from stop after at least one step. It is the least
// upper bound over the completions without a closed ring.
//
// This is maximal reachability in a Markov decision process whose choices are
// polytopes. Policy iteration solves it in exact fractions. Let T be the operator
// that takes every company's best step on given values. Let v be the values of a
// policy: the least solution of v = Pv + r, which is 0 on closed sets that miss
// the target. A company changes its step only if the new step is worth strictly
// more than v.
//
//   - The new policy is not worse. It has v <= P'v + r'. On a set closed under
//     P', v <= P'v makes v constant there, and the steps worth exactly v. So no
//     step of the set was changed, the set was closed before, and v is 0 on it.
//     Hence v <= v' by iteration, and v' is strictly greater somewhere.
//   - The loop ends. A policy never comes back, and all steps are vertices of
//     polytopes.
//   - The result is the maximum. At the end v = Tv. The greatest probability is
//     the least solution of that equation. The value of a policy is not above the
//     greatest probability. So v is the greatest probability.
//
// A policy may contain closed rings. Mix it with any completion that has none, at
// a weight that goes to 0. The mixture has no closed ring. The probability is a
// sum of products of non-negative stakes, so its limit is at least v.
func (p *process) maximum(ctx context.Context, t target, j int32) (from, back probability, err error) {
	policy, objectives := p.warmStart(ctx, t), make([]Linear, len(p.companies))
	stage := progress.Count(ctx, "rounds", 10)
	for round := range p.model.MaxRounds {
		stage.At(round)
		v, err := p.evaluate(ctx, policy, t)
		if err != nil {
			return probability{}, probability{}, err
		}
		ranks := v.ranks()
		changed := false
		for at, c := range p.companies {
			set := p.model.Stakes(c)
			objectives[at] = p.rankObjective(set, t, ranks)
			if !set.IsExact() && !set.isOptimal(objectives[at], policy[at]) {
				policy[at], changed = set.vertex(objectives[at]), true
			}
		}
		if changed {
			continue
		}
		from.attained, back.attained = p.attained(t, objectives, ranks, j)
		if at, ok := p.state[j]; ok {
			from.value = v.at(at)
		}
		if p.stop != graph.None {
			back.value = p.firstStep(t, v, ranks)
		}
		return from, back, nil
	}
	return probability{}, probability{}, ErrRounds
}

// firstStep returns the greatest probability with which a walk from stop ends at
// the target after at least one step.
func (p *process) firstStep(t target, v values, r ranks) ratio.Ratio {
	set := p.model.Stakes(p.stop)
	point := set.vertex(p.rankObjective(set, t, r))
	return set.value(p.objective(set, t, v.at), point).Div(set.total)
}

// evaluate returns the probability of reaching the target from every company
// under a policy. A policy is a point of every company's feasible set.
func (p *process) evaluate(ctx context.Context, policy [][]ratio.Ratio, t target) (values, error) {
	n := len(p.companies)
	m := &matrix.Matrix{ColStart: make([]int32, 1, n+2), Total: make([]int64, n+1), Wide: map[int32]*matrix.WideColumn{}}
	for at, c := range p.companies {
		p.addColumn(m, int32(at), p.model.Stakes(c), policy[at], t)
	}
	m.ColStart = append(m.ColStart, int32(len(m.Row))) // the target, which nobody holds
	solver := exact.NewSolver(m, exact.Limits{Bits: p.model.MaxBits})
	v, err := solver.Fractions(ctx, int32(n))
	if err != nil {
		return nil, err
	}
	return v[:n], nil
}

// addColumn adds the matrix column of one company: one entry for each holder that
// is a state, and one entry for all that reaches the target in this step.
func (p *process) addColumn(m *matrix.Matrix, at int32, set *FeasibleSet, point []ratio.Ratio, t target) {
	rows, figures := make([]int32, 0, set.size()+1), make([]ratio.Ratio, 0, set.size()+1)
	arrival := p.objective(set, t, func(int) ratio.Ratio { return ratio.Ratio{} })
	if end := set.value(arrival, point); !end.IsZero() {
		rows, figures = append(rows, int32(len(p.companies))), append(figures, end)
	}
	next := 0
	for i := range set.Classes {
		k := &set.Classes[i]
		for j := range k.Stakes {
			figure := point[next].Mul(k.Dividend)
			next++
			if state, ok := p.state[k.Stakes[j].Owner]; ok && !figure.IsZero() {
				rows, figures = append(rows, int32(state)), append(figures, figure)
			}
		}
	}
	m.Row = append(m.Row, rows...)
	m.ColStart = append(m.ColStart, int32(len(m.Row)))
	if units, all, ok := graph.SmallUnits(figures, set.total); ok {
		m.Units = append(m.Units, units...)
		m.Total[at] = all
		return
	}
	units, all, _ := graph.WholeUnits(figures, set.total)
	m.Total[at] = 1
	if all.IsInt64() && all.Int64() <= matrix.MaxTotal {
		m.Total[at] = all.Int64()
		for _, u := range units {
			m.Units = append(m.Units, u.Int64())
		}
		return
	}
	m.Units = append(m.Units, make([]int64, len(units))...)
	m.Wide[at] = &matrix.WideColumn{Total: all, Units: units}
}
