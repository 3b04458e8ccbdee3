package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// ControlModel says how much direct control a holding gives. The zero value is
// [ModelLinear].
type ControlModel string

// These are the models. W are the holdings of a company as fractions.
const (
	// ModelLinear sets control equal to the holding, C(i,j) = W(i,j).
	ModelLinear ControlModel = ""
	// ModelThreshold gives all control to the holder with more than the threshold
	// and none to anybody else. If no holder has more, nobody has control.
	ModelThreshold ControlModel = "threshold"
	// ModelThresholdElseLinear is ModelThreshold if a holder has more than the
	// threshold, and ModelLinear otherwise.
	ModelThresholdElseLinear ControlModel = "threshold-else-linear"
	// ModelRelative divides control in proportion to the squares of the holdings,
	// C(i,j) = W(i,j)^2 / sum of W(l,j)^2 over all holders l of j. Floats and
	// parties of [crossholding.KindPublic] are many holders and are left out.
	ModelRelative ControlModel = "relative"
)

// ControlOptions says how network control is measured. The zero value is the linear
// model in which every company is worth 1. It is plain data.
type ControlOptions struct {
	Model ControlModel
	// Threshold is the fraction that a holder must exceed in the threshold models. 0
	// means 1/2. If it is below 1/2, several holders of a company may exceed it. Then
	// the first of them by name has all control.
	Threshold ratio.Ratio
	// Basis says what holdings are fractions of: by default the votes that can move a
	// result; [crossholding.BasisExercisable] or [crossholding.BasisTheoretical] votes; or
	// [crossholding.BasisCapital], shares outstanding.
	Basis crossholding.Basis
	// Values is the value of each company, in any unit. A company that is not in the
	// map has the value 0. If the map is nil, every company that has shares has the
	// value 1.
	Values map[string]ratio.Ratio
	// Uncorrected uses the plain series (I-C)^-1 C v. It counts control through a loop
	// again each time, and a company in a loop controls itself. The default is the
	// paper's correction, which first removes the links into the holder.
	Uncorrected bool
	// Voting says how votes are counted.
	Voting crossholding.VotingOptions
	// MaxBits bounds exact fractions, as in [crossholding.OwnershipOptions].
	MaxBits int
}

// Control answers how much of the companies' value a holder controls, directly and
// through others. It is the network control of Vitali, Glattfelder and Battiston, The
// Network of Global Corporate Control, PLoS ONE 6(10), e25995 (2011). [NewControl]
// makes it. It is immutable and safe for concurrent use.
//
// C is the direct control of the model, and v are the values. The control of i is the
// sum over companies j of the control that flows from i to j, times v(j). The series
// was found in public code that cites equation (2) of the paper's supplement, and the
// threshold model in a summary. Two things are not verified: the relative model, and
// that the correction removes the links into i. For the linear model this is the same
// as dividing the series by V(i,i).
type Control struct {
	g      crossholding.Graph
	opt    ControlOptions
	direct [][]crossholding.Holding // of each company: the direct control of each holder, 0..1
	values []ratio.Ratio            // of each node
	solver *crossholding.Solver
}

// HolderControl is the control of one holder over all companies. It is plain data.
type HolderControl struct {
	Holder          string           `json:"holder"`
	ControlledValue ratio.Ratio      `json:"controlled_value"` // in the unit of the values
	OwnValue        ratio.Ratio      `json:"own_value"`        // the value of the holder itself; not part of ControlledValue
	Companies       []CompanyControl `json:"companies"`        // by name
}

// CompanyControl is the control of a holder over one company. It is plain data.
type CompanyControl struct {
	Company string      `json:"company"`
	Direct  ratio.Ratio `json:"direct"`  // C(i,j), 0..1
	Control ratio.Ratio `json:"control"` // directly and through others, 0..1; it can be above 1 if uncorrected
	Value   ratio.Ratio `json:"value"`   // of the whole company
}

// String returns the holder's control as a sentence.
func (h HolderControl) String() string {
	parts := make([]string, len(h.Companies))
	for i, c := range h.Companies {
		parts[i] = fmt.Sprintf("%s of %s", c.Control.ShortPercent(), c.Company)
	}
	if len(parts) == 0 {
		return h.Holder + " controls no value"
	}
	return fmt.Sprintf("%s controls a value of %s: %s", h.Holder, h.ControlledValue.Decimal(4), strings.Join(parts, ", "))
}

// WithNames returns the answer with ids replaced by names, as by
// [crossholding.Alliance.Name].
func (h HolderControl) WithNames(name func(id string) string) HolderControl {
	h.Holder, h.Companies = name(h.Holder), slices.Clone(h.Companies)
	for i, c := range h.Companies {
		h.Companies[i].Company = name(c.Company)
	}
	return h
}

// NewControl returns the network control in an alliance. It fails with
// [crossholding.ErrUnknown] for an unknown model, basis or company in Values, with
// [crossholding.ErrRange] for a threshold outside 0..1, a value below 0 or MaxBits
// below 0, and with the errors of [crossholding.Alliance.Votes].
func NewControl(ctx context.Context, a *crossholding.Alliance, opt ControlOptions) (*Control, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	c := &Control{g: a.Graph(), opt: opt}
	var err error
	if c.opt.Threshold, err = fraction("Threshold", opt.Threshold, ratio.Of(1, 2)); err != nil {
		return nil, err
	}
	if opt.MaxBits < 0 {
		return nil, negative("MaxBits", opt.MaxBits)
	}
	if err := c.setValues(); err != nil {
		return nil, err
	}
	t, err := a.Tally(ctx, opt.Basis, opt.Voting)
	if err != nil {
		return nil, err
	}
	c.direct = make([][]crossholding.Holding, c.g.Len())
	stage := progress.Start(ctx, "direct holdings", len(c.direct), 1<<10)
	for y := range int32(len(c.direct)) {
		if y&0xff == 0 && ctx.Err() != nil {
			return nil, ctxError(ctx)
		}
		stage.At(int(y))
		held := slices.DeleteFunc(t.Fractions(y), func(h crossholding.Holding) bool { return h.Node == y })
		if c.direct[y], err = c.model(held); err != nil {
			return nil, err
		}
	}
	stage.End()
	if c.solver, err = c.without(ctx, crossholding.NoNode); err != nil {
		return nil, err
	}
	return c, nil
}

// setValues sets the values of the companies.
func (c *Control) setValues() error {
	c.values = make([]ratio.Ratio, c.g.Len())
	if c.opt.Values == nil {
		for y := range c.values {
			if c.g.HasShares(int32(y)) {
				c.values[y] = ratio.Int(1)
			}
		}
		return nil
	}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(c.opt.Values)) {
		y, err := c.g.Node(id)
		switch v := c.opt.Values[id]; {
		case err != nil:
			errs = append(errs, fmt.Errorf("network: Values: company %q: %w", id, crossholding.ErrUnknown))
		case v.Sign() < 0:
			errs = append(errs, fmt.Errorf("network: Values: %s is worth %s: %w", id, v, crossholding.ErrRange))
		default:
			c.values[y] = v
		}
	}
	return errors.Join(errs...)
}

// model turns the holdings of one company into direct control of it.
func (c *Control) model(held []crossholding.Holding) ([]crossholding.Holding, error) {
	switch c.opt.Model {
	case ModelLinear:
		return held, nil
	case ModelThreshold, ModelThresholdElseLinear:
		for _, h := range held {
			if h.Amount.Reaches(c.opt.Threshold, false) {
				return []crossholding.Holding{{Node: h.Node, Amount: ratio.Int(1)}}, nil
			}
		}
		if c.opt.Model == ModelThreshold {
			return nil, nil
		}
		return held, nil
	case ModelRelative:
		var sum ratio.Ratio
		held = slices.DeleteFunc(held, func(h crossholding.Holding) bool { return c.g.Dispersed(h.Node) })
		for i, h := range held {
			held[i].Amount = h.Amount.Mul(h.Amount)
			sum = sum.Add(held[i].Amount)
		}
		for i := range held {
			held[i].Amount = held[i].Amount.Div(sum)
		}
		return held, nil
	}
	return nil, unknownOption("Model", c.opt.Model, ModelThreshold, ModelThresholdElseLinear, ModelRelative)
}

// without returns a solver in which nothing controls node i.
func (c *Control) without(ctx context.Context, i int32) (*crossholding.Solver, error) {
	return c.g.Solver(ctx, func(y int32) ([]crossholding.Holding, ratio.Ratio) {
		if y == i || len(c.direct[y]) == 0 {
			return nil, ratio.Ratio{}
		}
		return c.direct[y], ratio.Int(1)
	}, crossholding.OwnershipOptions{MaxBits: c.opt.MaxBits})
}

// Of returns the control of holder. It fails with [crossholding.ErrUnknown] for an
// unknown holder, with [crossholding.ErrRange] for a float, and with
// [crossholding.ErrTooLarge] if fractions need more than MaxBits. Without the
// correction, it fails with a [*crossholding.NoOutsideOwnerError] if it reaches
// companies that are controlled only by one another. The corrected figure always exists.
func (c *Control) Of(ctx context.Context, holder string) (HolderControl, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return HolderControl{}, ctxError(ctx)
	}
	i, err := c.g.Node(holder)
	if err != nil {
		return HolderControl{}, err
	}
	return c.of(ctx, i)
}

// flow returns the control that flows from i to each company. Removing the links
// into i is the same as dividing the flow by V(i,i). V does not exist if companies are
// controlled only by one another. Then flow removes the links themselves.
func (c *Control) flow(ctx context.Context, i int32) ([]crossholding.Holding, error) {
	shares, self, err := c.solver.Holdings(ctx, i)
	switch {
	case c.opt.Uncorrected:
		return shares, err
	case errors.Is(err, crossholding.ErrNoOutsideOwner):
		solver, err := c.without(ctx, i)
		if err != nil {
			return nil, err
		}
		shares, _, err = solver.Holdings(ctx, i)
		return shares, err
	case err != nil:
		return nil, err
	}
	shares = slices.DeleteFunc(shares, func(s crossholding.Holding) bool { return s.Node == i })
	for k, s := range shares {
		shares[k].Amount = s.Amount.Div(self)
	}
	return shares, nil
}

func (c *Control) of(ctx context.Context, i int32) (HolderControl, error) {
	shares, err := c.flow(ctx, i)
	if err != nil {
		return HolderControl{}, err
	}
	out := HolderControl{Holder: c.g.ID(i), OwnValue: c.values[i], Companies: make([]CompanyControl, len(shares))}
	for k, s := range shares {
		one := CompanyControl{Company: c.g.ID(s.Node), Control: s.Amount, Value: c.values[s.Node]}
		for _, h := range c.direct[s.Node] {
			if h.Node == i {
				one.Direct = h.Amount
			}
		}
		out.ControlledValue = out.ControlledValue.Add(one.Control.Mul(one.Value))
		out.Companies[k] = one
	}
	return out, nil
}

// Rank returns all holders that control something. The largest controlled value comes
// first, and equal values are sorted by name. The errors are those of [Control.Of].
func (c *Control) Rank(ctx context.Context) ([]HolderControl, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	holds := make([]bool, len(c.direct))
	for _, list := range c.direct {
		for _, h := range list {
			holds[h.Node] = true
		}
	}
	out := []HolderControl{}
	stage := progress.Start(ctx, "ranking", len(holds), 1)
	for i, ok := range holds {
		stage.At(i)
		if !ok {
			continue
		}
		h, err := c.of(ctx, int32(i))
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	stage.End()
	slices.SortFunc(out, func(x, y HolderControl) int {
		return cmp.Or(y.ControlledValue.Cmp(x.ControlledValue), cmp.Compare(x.Holder, y.Holder))
	})
	return out, nil
}
