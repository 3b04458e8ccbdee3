package whatif

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Axis is an open number of a scenario with the values that it takes. It is plain data.
type Axis struct {
	Open
	Values []ratio.Ratio `json:"values"`
}

// Grid asks for figures at all combinations of the values of its axes. It is plain data.
type Grid struct {
	Steps   []scenario.Step `json:"steps"`
	Axes    []Axis          `json:"axes"`
	Figures []Figure        `json:"figures"`
	// First is the index of the first cell, and Cells is the number of cells. 0 cells means
	// all from First on. So several programs can do a part each.
	First int `json:"first,omitempty"`
	Cells int `json:"cells,omitempty"`
}

// Cell is one combination of values with its figures. It is plain data.
type Cell struct {
	Index   int           `json:"index"`
	Values  []ratio.Ratio `json:"values"`  // of the axes
	Figures []ratio.Ratio `json:"figures"` // empty if Reason is not nil
	// Reason says why this combination has no figures: a step fails, or a figure does not
	// exist. It is a text in JSON, and left out if there are figures.
	Reason error `json:"-"`
}

// MarshalJSON writes the cell with its reason.
func (c Cell) MarshalJSON() ([]byte, error) {
	type plain Cell
	return json.Marshal(struct {
		plain
		Reason string `json:"reason,omitempty"`
	}{plain(c), told.Reason(c.Reason)})
}

// maxCells is the largest number of cells of a grid, if an int can hold it.
const maxCells = min(1<<40, math.MaxInt)

// size is the number of cells of the whole grid.
func (g Grid) size() (int, error) {
	n := 1
	for _, x := range g.Axes {
		if n > maxCells/max(1, len(x.Values)) {
			return 0, fmt.Errorf("a grid of more than %d cells: %w", maxCells, crossholding.ErrTooLarge)
		}
		n *= len(x.Values)
	}
	return n, nil
}

// sweep is a grid that was checked.
type sweep struct {
	grid     Grid
	opt      Options
	runner   *runner
	knobs    []*knob
	from, to int
}

// check adds the faults of the grid that do not depend on an alliance. It makes the knobs, and
// sets the range of cells.
func (s *sweep) check(bad *faults, place string) {
	g := &s.grid
	if len(g.Figures) == 0 {
		bad.Add(input.Join(place, "figures"), crossholding.ErrMissing, "a grid without figures")
	}
	for i, f := range g.Figures {
		f.check(bad, input.Join(place, fmt.Sprintf("figures[%d]", i)))
	}
	for i, x := range g.Axes {
		at := input.Join(place, fmt.Sprintf("axes[%d]", i))
		if slices.ContainsFunc(g.Axes[:i], func(y Axis) bool { return y.Step == x.Step && y.key() == x.key() }) {
			bad.Add(at, crossholding.ErrDuplicate, "%s: two axes", x.Open)
		}
		if len(x.Values) == 0 {
			bad.Add(at, crossholding.ErrMissing, "%s: an axis without values", x.Open)
		}
		k, err := x.knob(g.Steps)
		bad.wrap(at, err)
		s.knobs = append(s.knobs, k)
	}
	n, err := g.size()
	bad.wrap(input.Join(place, "axes"), err)
	if err == nil && (g.First < 0 || g.First > n || g.Cells < 0 || g.Cells > n-g.First) {
		bad.Add(place, crossholding.ErrRange, "%d cells from cell %d, of %d", g.Cells, g.First, n)
	}
	if s.from, s.to = g.First, n; g.Cells > 0 {
		s.to = g.First + g.Cells
	}
}

func newSweep(ctx context.Context, a *crossholding.Alliance, grid Grid, opt Options) (*sweep, error) {
	if err := progress.Stopped(ctx, "whatif"); err != nil {
		return nil, err
	}
	s := &sweep{grid: grid, opt: opt}
	var bad faults
	s.check(&bad, "")
	if err := bad.err(); err != nil {
		return nil, err
	}
	var err error
	s.runner, err = newRunner(ctx, a, grid.Steps, s.opens()...)
	return s, err
}

// opens are the open numbers of the axes.
func (s *sweep) opens() []Open {
	out := make([]Open, len(s.grid.Axes))
	for i, x := range s.grid.Axes {
		out[i] = x.Open
	}
	return out
}

// cell computes one cell. The last axis changes fastest.
func (s *sweep) cell(ctx context.Context, index int) (Cell, error) {
	c := Cell{Index: index, Values: make([]ratio.Ratio, len(s.knobs)), Figures: []ratio.Ratio{}}
	for i, rest := len(s.knobs)-1, index; i >= 0; i-- {
		values := s.grid.Axes[i].Values
		c.Values[i] = values[rest%len(values)]
		rest /= len(values)
	}
	var err error
	c.Figures, err = s.figures(ctx, c.Values)
	if err != nil {
		if ctx.Err() != nil {
			return Cell{}, withPrefix(err)
		}
		c.Reason = withPrefix(err)
	}
	return c, nil
}

// figures are the figures with given values of the axes.
func (s *sweep) figures(ctx context.Context, values []ratio.Ratio) ([]ratio.Ratio, error) {
	steps, err := s.grid.Steps, error(nil)
	for i, k := range s.knobs {
		if steps, err = k.set(steps, values[i]); err != nil {
			return []ratio.Ratio{}, err
		}
	}
	after, err := s.runner.run(ctx, steps)
	if err != nil {
		return []ratio.Ratio{}, err
	}
	out := make([]ratio.Ratio, len(s.grid.Figures))
	for i, f := range s.grid.Figures {
		m, err := f.measure(ctx, after, s.opt, false)
		if err != nil {
			return []ratio.Ratio{}, err
		}
		out[i] = m.figure
	}
	return out, nil
}

// Sweep yields the figures of a grid, cell after cell. The last axis changes fastest. All
// figures are exact. They do not depend on [Options.Workers], and a bounded number of cells
// is in memory.
//
// A combination of values for which a step fails is a cell with a Reason. If there is an
// error, the cell is empty and the sequence ends. The errors are [crossholding.ErrMissing]
// without figures or values, [crossholding.ErrUnknown] and [crossholding.ErrRange] for a
// malformed grid, [crossholding.ErrTooLarge] above 2^40 cells, or those that an int counts, those of
// [scenario.Run] for the steps before the first axis, and ctx's error.
func Sweep(ctx context.Context, a *crossholding.Alliance, grid Grid, opt Options) iter.Seq2[Cell, error] {
	ctx, a = given(ctx, a)
	return func(yield func(Cell, error) bool) {
		s, err := newSweep(ctx, a, grid, opt)
		if err != nil {
			yield(Cell{}, withPrefix(err))
			return
		}
		stage := progress.Start(ctx, "cells", s.to-s.from, 1)
		work := func(i int) (Cell, error) { return s.cell(ctx, i) }
		for c, err := range inOrder(s.from, s.to, opt.workers(s.to-s.from), work) {
			if err != nil {
				yield(Cell{}, err)
				return
			}
			stage.At(c.Index - s.from + 1)
			if !yield(c, nil) {
				return
			}
		}
		stage.End()
	}
}

// Swing says how far one number moves one figure, with all other numbers as they stand in
// the steps. It is plain data.
type Swing struct {
	Figure Figure      `json:"figure"`
	Open   Open        `json:"open"`
	Low    ratio.Ratio `json:"low"` // the least and the greatest value of the axis
	High   ratio.Ratio `json:"high"`
	AtLow  ratio.Ratio `json:"at_low"` // the figure there
	AtHigh ratio.Ratio `json:"at_high"`
	Base   ratio.Ratio `json:"base"` // the figure with all numbers as they stand
}

// String returns the swing as a sentence.
func (s Swing) String() string {
	return fmt.Sprintf("%s is %s where %s is %s, and %s where it is %s (now %s)", s.Figure, shown(s.AtLow), s.Open, s.Low.Grouped(), shown(s.AtHigh), s.High.Grouped(), shown(s.Base))
}

// Size is the distance between the figures at both ends.
func (s Swing) Size() ratio.Ratio {
	if d := s.AtHigh.Sub(s.AtLow); d.Sign() >= 0 {
		return d
	}
	return s.AtLow.Sub(s.AtHigh)
}

// Tornado returns how far each axis of a grid moves each figure, in the order of figures,
// the largest swing first. One axis at a time goes to its least and its greatest value. The
// numbers of the other axes are those in the steps. Of equal swings, the axes stay in the
// order of the grid.
//
// It fails with [crossholding.ErrMissing] if the steps do not have a number at an axis, and
// with the errors of [Sweep], [scenario.Run] and [Figure.At].
func Tornado(ctx context.Context, a *crossholding.Alliance, grid Grid, opt Options) ([]Swing, error) {
	ctx, a = given(ctx, a)
	s, err := newSweep(ctx, a, grid, opt)
	if err != nil {
		return nil, withPrefix(err)
	}
	base := make([]ratio.Ratio, len(s.knobs))
	for i, k := range s.knobs {
		n, ok := k.present(grid.Steps)
		if !ok {
			return nil, withPrefix(fmt.Errorf("%s has no number from which it could move: %w", k.open, crossholding.ErrMissing))
		}
		base[i] = n
	}
	middle, err := s.figures(ctx, base)
	if err != nil {
		return nil, withPrefix(err)
	}
	var out []Swing
	for i, x := range grid.Axes {
		ends := [2]ratio.Ratio{slices.MinFunc(x.Values, ratio.Ratio.Cmp), slices.MaxFunc(x.Values, ratio.Ratio.Cmp)}
		var at [2][]ratio.Ratio
		for e, end := range ends {
			values := slices.Clone(base)
			values[i] = end
			if at[e], err = s.figures(ctx, values); err != nil {
				return nil, withPrefix(fmt.Errorf("%s = %s: %w", x.Open, end, told.Bare{Err: err}))
			}
		}
		for f, figure := range grid.Figures {
			out = append(out, Swing{figure, x.Open, ends[0], ends[1], at[0][f], at[1][f], middle[f]})
		}
	}
	slices.SortStableFunc(out, func(x, y Swing) int {
		if i, j := slices.Index(grid.Figures, x.Figure), slices.Index(grid.Figures, y.Figure); i != j {
			return i - j
		}
		return y.Size().Cmp(x.Size())
	})
	return out, nil
}
