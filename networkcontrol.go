package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// NetworkModel says how much direct control a holding gives.
type NetworkModel string

// The models, with W the holdings of a company as fractions.
const (
	// ModelLinear: control is the holding, C(i,j) = W(i,j).
	ModelLinear NetworkModel = ""
	// ModelThreshold: who passes the threshold has all control and nobody
	// else any; if nobody passes it, nobody has control.
	ModelThreshold NetworkModel = "threshold"
	// ModelThresholdRest: the same, but if nobody passes the threshold
	// control is the holding.
	ModelThresholdRest NetworkModel = "threshold-rest"
	// ModelRelative: control is divided by the squares of the holdings,
	// C(i,j) = W(i,j)^2 / sum of W(l,j)^2 over all holders l of j. Floats and
	// parties of [KindPublic], being many, have no square.
	ModelRelative NetworkModel = "relative"
)

// NetworkOptions says what network control is. The zero value is the linear
// model with every company worth 1.
type NetworkOptions struct {
	Model NetworkModel
	// Threshold is the fraction that must be passed, 0 meaning 1/2.
	Threshold ratio.Ratio
	// Basis is what holdings are fractions of: by default the votes that can
	// move a result; [Exercisable] or [Theoretical] votes; [Capital] shares
	// outstanding.
	Basis VoteBase
	// Values is what each company is worth, in any unit; one that is not
	// listed is worth 0. Nil makes every company that has shares worth 1.
	Values map[string]ratio.Ratio
	// Series takes the plain series (I-C)^-1 C v, which counts what comes
	// round a loop again and lets a company control itself. The default is
	// the paper's correction: links into the holder are removed first.
	Series bool
	// Voting says how votes are counted.
	Voting VotingOptions
	// MaxBits bounds exact fractions as in [OwnershipOptions].
	MaxBits int
}

// NetworkControl answers how much of the companies' value a holder controls,
// directly and through others, as a fraction of each: the measure of Vitali,
// Glattfelder and Battiston, The Network of Global Corporate Control, PLoS ONE
// 6(10), e25995 (2011). Get it from [Alliance.NetworkControl]. It is immutable
// and safe for concurrent use.
//
// With C the direct control of the model and v the values, the control of i is
// the sum over companies j of the control that flows from i to j, times v(j).
// The series was seen in public code that cites equation (2) of the paper's
// supplement, the threshold model in a summary; that the correction is to
// remove the links into i, which for the linear model is the series divided by
// V(i,i), and the relative model, are not verified.
type NetworkControl struct {
	a      *Alliance
	opt    NetworkOptions
	direct [][]tally.Holding // of each company: who controls what of it, 0..1
	values []ratio.Ratio     // of each node
	solver *exact.Solver
}

// NetworkHolder is one holder's network control. Plain data.
type NetworkHolder struct {
	Holder    string
	Control   ratio.Ratio // in the unit of the values
	Own       ratio.Ratio // what the holder itself is worth; not part of Control
	Companies []NetworkShare
}

// NetworkShare is what a holder controls of one company. Plain data.
type NetworkShare struct {
	Company string
	Direct  ratio.Ratio // C(i,j), 0..1
	Control ratio.Ratio // directly and through others, 0..1; a series can pass 1
	Value   ratio.Ratio // of the company
}

// String returns the holder's control as a sentence.
func (h NetworkHolder) String() string {
	parts := make([]string, len(h.Companies))
	for i, c := range h.Companies {
		parts[i] = fmt.Sprintf("%s of %s", c.Control.ShortPercent(), c.Company)
	}
	if len(parts) == 0 {
		return h.Holder + " controls no value"
	}
	return fmt.Sprintf("%s controls a value of %s: %s", h.Holder, h.Control.Decimal(4), strings.Join(parts, ", "))
}

// NetworkControl prepares the question of network control. Errors:
// [ErrUnknown] for a model, a basis or a company in Values that is not there,
// [ErrRange] for a threshold outside 0..1, a value below 0 or MaxBits below 0,
// and those of [Alliance.Votes].
func (a *Alliance) NetworkControl(ctx context.Context, opt NetworkOptions) (*NetworkControl, error) {
	ctx = orBackground(ctx)
	if err := a.settled(); err != nil {
		return nil, err
	}
	n := &NetworkControl{a: a, opt: opt, values: make([]ratio.Ratio, len(a.graph.IDs))}
	var err error
	if n.opt.Threshold, err = fraction("Threshold", opt.Threshold, ratio.Of(1, 2)); err != nil {
		return nil, err
	}
	if opt.MaxBits < 0 {
		return nil, fmt.Errorf("crossholding: MaxBits %d: %w", opt.MaxBits, ErrRange)
	}
	if err := n.worth(); err != nil {
		return nil, err
	}
	b, err := a.basis(ctx, opt.Basis, opt.Voting)
	if err != nil {
		return nil, err
	}
	n.direct = make([][]tally.Holding, len(a.graph.IDs))
	heard := progress.Start(ctx, "direct holdings", len(a.graph.IDs), 1<<10)
	for c := range int32(len(a.graph.IDs)) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		heard.At(int(c))
		held := slices.DeleteFunc(b.Shares(c), func(h tally.Holding) bool { return h.Node == c })
		if n.direct[c], err = n.model(held); err != nil {
			return nil, err
		}
	}
	heard.End()
	if n.solver, err = n.without(ctx, graph.None); err != nil {
		return nil, err
	}
	return n, nil
}

// worth fills in the values.
func (n *NetworkControl) worth() error {
	if n.opt.Values == nil {
		for c := range n.values {
			if n.a.graph.IssuesShares(int32(c)) {
				n.values[c] = ratio.Int(1)
			}
		}
		return nil
	}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(n.opt.Values)) {
		c, ok := n.a.node(id)
		switch v := n.opt.Values[id]; {
		case !ok:
			errs = append(errs, unknown("company", id))
		case v.Sign() < 0:
			errs = append(errs, fmt.Errorf("crossholding: %s is worth %s: %w", id, v, ErrRange))
		default:
			n.values[c] = v
		}
	}
	return errors.Join(errs...)
}

// model turns the holdings of one company into direct control of it.
func (n *NetworkControl) model(held []tally.Holding) ([]tally.Holding, error) {
	switch n.opt.Model {
	case ModelLinear:
		return held, nil
	case ModelThreshold, ModelThresholdRest:
		for _, h := range held {
			if enough(h.Amount, n.opt.Threshold, true) {
				return []tally.Holding{{Node: h.Node, Amount: ratio.Int(1)}}, nil
			}
		}
		if n.opt.Model == ModelThreshold {
			return nil, nil
		}
		return held, nil
	case ModelRelative:
		var sum ratio.Ratio
		held = slices.DeleteFunc(held, func(h tally.Holding) bool { return n.a.dispersed(h.Node) })
		for i, h := range held {
			held[i].Amount = h.Amount.Mul(h.Amount)
			sum = sum.Add(held[i].Amount)
		}
		for i := range held {
			held[i].Amount = held[i].Amount.Div(sum)
		}
		return held, nil
	}
	return nil, noChoice("model", n.opt.Model, ModelThreshold, ModelThresholdRest, ModelRelative)
}

// without returns a solver in which nothing controls node i.
func (n *NetworkControl) without(ctx context.Context, i int32) (*exact.Solver, error) {
	m, err := tally.MatrixOf(ctx, len(n.direct), func(c int32) ([]tally.Holding, ratio.Ratio) {
		if c == i || len(n.direct[c]) == 0 {
			return nil, ratio.Ratio{}
		}
		return slices.Clone(n.direct[c]), ratio.Int(1)
	})
	if err != nil {
		return nil, err
	}
	return exact.NewSolver(m, exact.Limits{Bits: n.opt.MaxBits}), nil
}

// Of returns what holder controls, companies sorted by id. It fails with
// [ErrUnknown] for a holder that is not there, [ErrRange] for a float,
// [ErrTooLarge] if fractions outgrow MaxBits, and a [*RingError] if a series
// goes round companies that only control one another; the corrected figure
// always exists.
func (n *NetworkControl) Of(ctx context.Context, holder string) (NetworkHolder, error) {
	ctx = orBackground(ctx)
	i, err := n.a.party(holder)
	if err != nil {
		return NetworkHolder{}, err
	}
	return n.of(ctx, i)
}

// flow returns what control flows from i to each company. Removing the links
// into i divides what flows by V(i,i); only where companies control nobody but
// one another has V no answer, and the links have to be removed outright.
func (n *NetworkControl) flow(ctx context.Context, i int32) ([]exact.Share, error) {
	ctx, who := ctx, exact.Owner{Node: i}
	line, err := n.solver.Row(ctx, who)
	switch {
	case n.opt.Series && err == nil:
		return line.Shares, nil
	case errors.Is(err, exact.ErrRing) && !n.opt.Series:
		solver, err := n.without(ctx, i)
		if err != nil {
			return nil, err
		}
		if line, err = solver.Row(ctx, who); err == nil {
			return line.Shares, nil
		}
	}
	if err != nil {
		return nil, nameSolverError(n.a, err)
	}
	out := slices.DeleteFunc(line.Shares, func(s exact.Share) bool { return s.Node == i })
	for _, s := range out {
		s.Value.Quo(s.Value, line.Diagonal)
	}
	return out, nil
}

func (n *NetworkControl) of(ctx context.Context, i int32) (NetworkHolder, error) {
	shares, err := n.flow(ctx, i)
	if err != nil {
		return NetworkHolder{}, err
	}
	out := NetworkHolder{Holder: n.a.graph.IDs[i], Own: n.values[i]}
	for _, s := range shares {
		share := NetworkShare{Company: n.a.graph.IDs[s.Node], Control: ratio.FromRat(s.Value), Value: n.values[s.Node]}
		for _, h := range n.direct[s.Node] {
			if h.Node == i {
				share.Direct = h.Amount
			}
		}
		out.Control = out.Control.Add(share.Control.Mul(share.Value))
		out.Companies = append(out.Companies, share)
	}
	return out, nil
}

// Rank returns everyone who controls something, the most first, then by name.
// Errors are those of [NetworkControl.Of].
func (n *NetworkControl) Rank(ctx context.Context) ([]NetworkHolder, error) {
	ctx = orBackground(ctx)
	holds := make([]bool, len(n.direct))
	for _, list := range n.direct {
		for _, h := range list {
			holds[h.Node] = true
		}
	}
	var out []NetworkHolder
	heard := progress.Start(ctx, "ranking", len(holds), 1)
	for i, ok := range holds {
		heard.At(i)
		if !ok {
			continue
		}
		h, err := n.of(ctx, int32(i))
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	heard.End()
	slices.SortFunc(out, func(x, y NetworkHolder) int { return cmp.Or(y.Control.Cmp(x.Control), cmp.Compare(x.Holder, y.Holder)) })
	return out, nil
}
