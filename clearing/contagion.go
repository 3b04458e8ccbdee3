package clearing

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Organization is a member of a network in which failure costs a fixed amount.
type Organization struct {
	Name string `json:"name"`
	// Assets is the value of what the organization owns outside the network: Dp in the
	// paper. 0 or more.
	Assets ratio.Ratio `json:"assets"`
	// Threshold is the market value below which the organization fails. 0 or more.
	Threshold ratio.Ratio `json:"threshold"`
	// Cost is what a failure destroys. 0 or more.
	Cost ratio.Ratio `json:"cost"`
}

// Contagion is the model of Elliott, Golub and Jackson (2014). It has cross-holdings C, which
// are linear claims without limited liability.
//
// The book value of an organization is its assets, plus its holdings of the book values of
// others, less the cost if it fails: V = (I-C)^-1 (Dp - b). Its market value is the part of
// the book value that belongs outside the network: v = Ĉ V. It fails if the market value is
// below its threshold.
//
// [NewContagion] makes it. It is immutable and safe for concurrent use. The zero value has no
// organizations.
type Contagion struct {
	organizations []Organization
	names         []string
	cols          []*column
	outside       []ratio.Ratio // Ĉ: the fraction of each organization that belongs outside
}

// NewContagion checks the organizations and who holds how much of whom. Its error is an
// [InputError] with all faults: [ErrName], [ErrAmount], [ErrHolding] and [ErrRing].
func NewContagion(organizations []Organization, holdings []Holding) (*Contagion, error) {
	var c checker
	c.names(len(organizations), func(i int) string { return organizations[i].Name })
	out := &Contagion{}
	for i, o := range organizations {
		where := place{"firm", i, o.Name}
		c.amount(where, "the value of the assets", o.Assets)
		c.amount(where, "the threshold", o.Threshold)
		c.amount(where, "the cost of failure", o.Cost)
		out.organizations = append(out.organizations, o)
		out.names = append(out.names, o.Name)
	}
	held := readHoldings(&c, out.names, holdings)
	c.common(&c.amounts, "figures of all firms")
	if err := c.err(); err != nil {
		return nil, err
	}
	for i := range organizations {
		var f firm
		f.build(nil, held[i])
		column := &f.tiers[0].column
		out.cols = append(out.cols, column)
		out.outside = append(out.outside, f.tiers[0].outside)
	}
	if err := checkRings(out.names, out.cols); err != nil {
		return nil, err
	}
	return out, nil
}

// Cascade is one equilibrium, and the waves that lead to it.
type Cascade struct {
	// Waves has the organizations that fail at the same time. In the worst equilibrium it
	// has those that recover at the same time.
	Waves []Wave
	// Values has the organizations in the order of the input.
	Values []Worth
	Places int // decimals, or 0 if the values are exact
}

// Failed names the organizations that fail, in the order of the input.
func (c *Cascade) Failed() []string {
	var out []string
	for _, v := range c.Values {
		if v.Failed {
			out = append(out, v.Name)
		}
	}
	return out
}

// Wave is one step of a cascade.
type Wave struct {
	Names []string
	// Market has the market values of all organizations before this wave.
	Market []ratio.Ratio
}

// Worth is what an organization is worth in an equilibrium.
type Worth struct {
	Name         string
	Book, Market ratio.Ratio // V and v in the paper
	Failed       bool
}

// Cascades is the answer of [Contagion.Cascades].
type Cascades struct {
	// Best is the equilibrium with the fewest failures. It starts without any failure. In
	// each wave the organizations fail that are below their thresholds because of the costs
	// of the waves before.
	Best *Cascade
	// Worst is the equilibrium with the most failures. It starts with all failed. In each
	// wave the organizations recover that are worth their thresholds all the same.
	Worst *Cascade
	// Unique says that the same organizations fail in both, so that there is no other
	// equilibrium.
	Unique bool
}

// Cascades returns the best and the worst equilibrium, each wave by wave. Its errors are those
// of [System.Clear].
func (c *Contagion) Cascades(ctx context.Context, opt Options) (*Cascades, error) {
	var out *Cascades
	err := attempt(ctx, opt, func(ctx context.Context, digits int) error {
		best, err := c.cascade(ctx, opt.Places, digits, false)
		if err != nil {
			return err
		}
		worst, err := c.cascade(ctx, opt.Places, digits, true)
		if err != nil {
			return err
		}
		out = &Cascades{Best: best, Worst: worst, Unique: true}
		for i, v := range best.Values {
			out.Unique = out.Unique && v.Failed == worst.Values[i].Failed
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// cascade starts with no organization failed, or with all, and changes those that contradict
// their market values until there are none. Each wave changes values in one direction, so
// nobody changes twice.
func (c *Contagion) cascade(ctx context.Context, places, digits int, failed bool) (*Cascade, error) {
	out := &Cascade{Places: places}
	r := rounder{places: places}
	state := make([]bool, len(c.names))
	for i := range state {
		state[i] = failed
	}
	for {
		if err := progress.Stopped(ctx, stopped); err != nil {
			return nil, err
		}
		book, err := c.book(ctx, digits, state)
		if err != nil {
			return nil, err
		}
		var wave Wave
		values := make([]Worth, len(c.names))
		for i, name := range c.names {
			market := book[i].times(c.outside[i])
			sign, err := market.cmp(c.organizations[i].Threshold)
			if err != nil {
				return nil, err
			}
			values[i] = Worth{Name: name, Book: r.state(book[i]), Market: r.state(market), Failed: state[i]}
			wave.Market = append(wave.Market, values[i].Market)
			if below := sign < 0; below != failed && below != state[i] {
				state[i] = below
				wave.Names = append(wave.Names, name)
			}
		}
		if len(wave.Names) == 0 {
			out.Values = values
			return out, r.err
		}
		out.Waves = append(out.Waves, wave)
	}
}

// book returns the book values when the given organizations have failed.
func (c *Contagion) book(ctx context.Context, digits int, failed []bool) ([]span, error) {
	b := make([]ratio.Ratio, len(c.names))
	for i, o := range c.organizations {
		b[i] = o.Assets
		if failed[i] {
			b[i] = b[i].Sub(o.Cost)
		}
	}
	return solveLinear(ctx, c.cols, b, digits)
}

// Dependency returns the matrix A = Ĉ(I-C)^-1, exactly. The entry at [i][j] is the fraction of
// the assets of organization j that belongs to the outside owners of i. Each column adds up to
// 1. It fails with [ErrTooHard] or with the cause of a cancelled context.
func (c *Contagion) Dependency(ctx context.Context) ([][]ratio.Ratio, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, stopped); err != nil {
		return nil, err
	}
	solver := exact.NewSolver(matrixOf(c.cols, nil), exact.Limits{})
	out := make([][]ratio.Ratio, len(c.cols))
	for i := range out {
		out[i] = make([]ratio.Ratio, len(c.cols))
	}
	for j := range c.cols {
		line, err := solver.Column(ctx, int32(j))
		if err != nil {
			return nil, linearError(err)
		}
		put := func(i int32, v *big.Rat) {
			out[i][j] = out[i][j].Add(ratio.FromRat(v).Mul(c.outside[i]))
		}
		for _, share := range line.Shares {
			if !share.Float {
				put(share.Node, share.Value)
			}
		}
		put(int32(j), big.NewRat(1, 1)) // Y is V less 1 here
	}
	return out, nil
}
