package interval

import (
	"context"
	"errors"
	"iter"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Model is companies that choose what their stakes are.
type Model struct {
	Stakes        func(c int32) *FeasibleSet // what the stakes in company c can be
	PaysDividends func(c int32) bool         // whether c has shares that dividends are paid on; walks end at others

	MaxBits   int // of exact fractions, as in exact.Limits
	MaxRounds int // policies looked at for one extreme
}

var ErrRounds = errors.New("interval: no end within the limit of rounds")

// walk is the companies that a walk from issuers to holders may come to. Its
// steps are chosen by whoever completes the book: for every company a point of
// its column.
type walk struct {
	m     *Model
	stop  int32   // a company at which the walk ends, or nobody
	nodes []int32 // companies with a step to take
	slot  map[int32]int
}

// goal is where a walk should end: at who, or anywhere but there.
type goal struct {
	who    exact.Owner
	others bool
}

func (t goal) holder(i int32) bool { return (!t.who.Float && t.who.Node == i) != t.others }
func (t goal) float(c int32) bool  { return (t.who.Float && t.who.Node == c) != t.others }

// walk finds the companies that may be met from j, and from stop after its
// own first step.
func (m *Model) walk(stop, j int32) *walk {
	w := &walk{m: m, stop: stop, slot: map[int32]int{}}
	w.meet(j)
	if stop != graph.None {
		w.spread(stop)
	}
	for at := 0; at < len(w.nodes); at++ {
		w.spread(w.nodes[at])
	}
	return w
}

func (w *walk) meet(c int32) {
	if _, ok := w.slot[c]; !ok && c != w.stop && w.m.PaysDividends(c) {
		w.slot[c] = len(w.nodes)
		w.nodes = append(w.nodes, c)
	}
}

func (w *walk) spread(c int32) {
	for s := range w.m.Stakes(c).All() {
		if s.Hi.Sign() > 0 {
			w.meet(s.Owner)
		}
	}
}

// All yields the stakes in the order of points.
func (col *FeasibleSet) All() iter.Seq[*Stake] {
	return func(yield func(*Stake) bool) {
		for i := range col.Classes {
			for j := range col.Classes[i].Stakes {
				if !yield(&col.Classes[i].Stakes[j]) {
					return
				}
			}
		}
	}
}

// chance is the greatest probability of something, and whether some completion
// reaches it.
type chance struct {
	most    ratio.Ratio
	reached bool
}

// most returns the greatest probability with which a walk from j, and one from
// stop after its first step, ends at the goal, over all completions: the least
// upper bound over those without closed rings.
//
// Every company chooses the point of its own column, so this is the problem of
// maximal reachability in a Markov decision process whose choices are
// polytopes. Policy iteration solves it in exact fractions. With T the
// operator that takes every company's best step on given values, and v the
// values of a policy, the least solution of v = Pv + r (0 on closed sets that
// miss the goal), a company changes its step only if that is worth strictly
// more than v. Then
//
//   - no step is worse: v <= P'v + r' for the new policy. On a set closed
//     under it v <= P'v forces v to be constant there and the steps to be worth
//     just v, so none was changed, the set was closed before and v is 0 on it;
//     hence v <= v' by iterating, and v' is strictly more somewhere. A policy
//     never comes back, steps are vertices of polytopes, so the loop ends;
//   - at the end v = Tv. The greatest probability is the least solution of
//     that equation and v, the value of a policy, is not above it: v is it.
//
// A policy may hold closed rings. Mixed with any completion that has none, at
// a weight that goes to 0, it has none either, and since the probability is a
// sum of products of non-negative stakes it goes to no less than v.
func (w *walk) most(ctx context.Context, t goal, j int32) (from, back chance, err error) {
	policy, worth := w.steer(ctx, t), make([]Linear, len(w.nodes))
	heard := progress.Count(ctx, "rounds", 10)
	for round := range w.m.MaxRounds {
		heard.At(round)
		v, err := w.values(ctx, policy, t)
		if err != nil {
			return chance{}, chance{}, err
		}
		ranks := v.ranks()
		changed := false
		for at, c := range w.nodes {
			col := w.m.Stakes(c)
			worth[at] = w.order(col, t, ranks)
			if !col.IsExact() && !col.isBest(worth[at], policy[at]) {
				policy[at], changed = col.greedy(worth[at]), true
			}
		}
		if changed {
			continue
		}
		from.reached, back.reached = w.reached(t, worth, ranks, j)
		if at, ok := w.slot[j]; ok {
			from.most = v.at(at)
		}
		if w.stop != graph.None {
			back.most = w.first(t, v, ranks)
		}
		return from, back, nil
	}
	return chance{}, chance{}, ErrRounds
}

// first returns what the best first step from stop is worth.
func (w *walk) first(t goal, v values, r ranks) ratio.Ratio {
	col := w.m.Stakes(w.stop)
	point := col.greedy(w.order(col, t, r))
	return col.at(w.worth(col, t, v.at), point).Div(col.total)
}

// worth says what each share in a column brings on its way to the goal, times
// its dividend; v is the values of companies.
func (w *walk) worth(col *FeasibleSet, t goal, v func(at int) ratio.Ratio) Linear {
	return w.linear(col, t, ratio.Int(1), v, func(k *Class) ratio.Ratio { return k.Dividend })
}

// order is worth with ranks instead of values and dividends: of the stakes and
// the float of one class the same is more, so that the same points are best.
func (w *walk) order(col *FeasibleSet, t goal, r ranks) Linear {
	return w.linear(col, t, ratio.Int(r.one), func(at int) ratio.Ratio { return ratio.Int(r.of[at]) }, func(k *Class) ratio.Ratio { return ratio.Int(int64(k.Dividend.Sign())) })
}

func (w *walk) linear(col *FeasibleSet, t goal, one ratio.Ratio, v func(at int) ratio.Ratio, each func(k *Class) ratio.Ratio) Linear {
	f := Linear{Stakes: make([]ratio.Ratio, 0, col.size()), Floats: make([]ratio.Ratio, 0, len(col.Classes))}
	for i := range col.Classes {
		k := &col.Classes[i]
		times := each(k)
		end := one.Mul(times)
		for j := range k.Stakes {
			worth := ratio.Ratio{}
			if i := k.Stakes[j].Owner; i == w.stop || !w.m.PaysDividends(i) {
				if t.holder(i) {
					worth = end
				}
			} else if at, ok := w.slot[i]; ok {
				worth = times.Mul(v(at))
			}
			f.Stakes = append(f.Stakes, worth)
		}
		float := ratio.Ratio{}
		if t.float(col.Company) {
			float = end
		}
		f.Floats = append(f.Floats, float)
	}
	return f
}

// values returns the probability of reaching the goal from every company
// under a policy.
func (w *walk) values(ctx context.Context, policy [][]ratio.Ratio, t goal) (values, error) {
	n := len(w.nodes)
	m := &exact.Matrix{ColStart: make([]int32, 1, n+2), Total: make([]int64, n+1), Wide: map[int32]*exact.WideColumn{}}
	for at, c := range w.nodes {
		w.fill(m, int32(at), w.m.Stakes(c), policy[at], t)
	}
	m.ColStart = append(m.ColStart, int32(len(m.Row))) // the goal, which nobody holds
	solver := exact.NewSolver(m, exact.Limits{Bits: w.m.MaxBits})
	v, err := solver.Fractions(ctx, int32(n))
	if err != nil {
		return nil, err
	}
	return v[:n], nil
}

// fill adds one company's column: its holders among the companies of the walk,
// and in one entry all that ends at the goal.
func (w *walk) fill(m *exact.Matrix, at int32, col *FeasibleSet, point []ratio.Ratio, t goal) {
	rows, figures := make([]int32, 0, col.size()+1), make([]ratio.Ratio, 0, col.size()+1)
	goal := w.worth(col, t, func(int) ratio.Ratio { return ratio.Ratio{} }) // companies worth nothing by themselves
	if end := col.at(goal, point); !end.IsZero() {
		rows, figures = append(rows, int32(len(w.nodes))), append(figures, end)
	}
	next := 0
	for i := range col.Classes {
		k := &col.Classes[i]
		for j := range k.Stakes {
			figure := point[next].Mul(k.Dividend)
			next++
			if slot, ok := w.slot[k.Stakes[j].Owner]; ok && !figure.IsZero() {
				rows, figures = append(rows, int32(slot)), append(figures, figure)
			}
		}
	}
	m.Row = append(m.Row, rows...)
	m.ColStart = append(m.ColStart, int32(len(m.Row)))
	if units, all, ok := graph.SmallUnits(figures, col.total); ok {
		m.Units = append(m.Units, units...)
		m.Total[at] = all
		return
	}
	units, all, _ := graph.WholeUnits(figures, col.total)
	m.Total[at] = 1
	if all.IsInt64() && all.Int64() <= exact.MaxTotal {
		m.Total[at] = all.Int64()
		for _, u := range units {
			m.Units = append(m.Units, u.Int64())
		}
		return
	}
	m.Units = append(m.Units, make([]int64, len(units))...)
	m.Wide[at] = &exact.WideColumn{Total: all, Units: units}
}
