package beam

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	sdk "github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/whatif"
)

func init() {
	register.DoFn3x1[context.Context, int, func([]byte), error](&drawFn{})
	register.Emitter1[[]byte]()
	register.Combiner1[[]byte](&mergeFn{})
	register.DoFn2x1[context.Context, []byte, error](&storeFn{})
}

// Simulate makes the draws of a simulation in Options.Shards shards, and returns their summary. It
// is that of [whatif.Simulate] on one machine with the options of their zero value, byte for byte.
// Of the options it uses Work, Shards and Run. It fails with the errors of [whatif.Simulate] and,
// for the options, of [Solve].
func Simulate(ctx context.Context, book crossholding.Book, sim whatif.Simulation, opt Options) (*whatif.Summary, error) {
	j, a, err := newSweep(ctx, book, opt)
	if err != nil {
		return nil, err
	}
	first, err := sim.Shard(0, max(sim.Draws, 1)) // one draw, for its errors
	if err != nil {
		return nil, fmt.Errorf("beam: %w", err)
	}
	if _, err := whatif.Simulate(j.ctx, a, first, whatif.Options{}); err != nil {
		return nil, fmt.Errorf("beam: %w", err)
	}
	text, err := json.Marshal(sim)
	if err != nil {
		return nil, fmt.Errorf("beam: %w", err)
	}
	j.Shards = max(1, min(j.Shards, sim.Draws))
	p, s := sdk.NewPipelineWithRoot()
	parts := sdk.ParDo(s, &drawFn{j.Book, text, j.Shards}, everyShard(s, j.Shards))
	sdk.ParDo0(s, &storeFn{j.Work + "/summary"}, sdk.Combine(s, &mergeFn{}, parts))
	if err := j.execute("draws", p); err != nil {
		return nil, err
	}
	text, err = load(j.ctx, j.Work+"/summary")
	var out whatif.Summary
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("beam: summary: %w", err)
	}
	return &out, nil
}

// newSweep checks the options of a sweep, and reads its book.
func newSweep(ctx context.Context, book crossholding.Book, opt Options) (*job, *crossholding.Alliance, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, "beam"); err != nil {
		return nil, nil, err
	}
	j, bad := newRun(ctx, opt)
	a, err := crossholding.New(book)
	if err != nil {
		bad = append(bad, fmt.Errorf("beam: %w", err))
	}
	var text bytes.Buffer
	if err := crossholding.WriteBook(&text, book); err != nil {
		bad = append(bad, fmt.Errorf("beam: %w", err))
	}
	if err := errors.Join(bad...); err != nil {
		return nil, nil, err
	}
	j.Book = text.Bytes()
	start()
	return j, a, nil
}

// A drawFn makes the draws of a shard.
type drawFn struct {
	Book, Simulation []byte
	Shards           int
}

// ProcessElement emits the summary of a shard.
func (f *drawFn) ProcessElement(ctx context.Context, shard int, emit func([]byte)) error {
	a, err := crossholding.ReadBook(bytes.NewReader(f.Book))
	if err != nil {
		return err
	}
	var sim whatif.Simulation
	if err := json.Unmarshal(f.Simulation, &sim); err != nil {
		return err
	}
	if sim, err = sim.Shard(shard, f.Shards); err != nil {
		return err
	}
	s, err := whatif.Simulate(ctx, a, sim, whatif.Options{})
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	emit(text)
	return err
}

// A mergeFn merges summaries in JSON. The empty accumulator has no bytes.
type mergeFn struct{}

// MergeAccumulators merges two summaries.
func (*mergeFn) MergeAccumulators(a, b []byte) ([]byte, error) {
	if len(a) == 0 {
		return b, nil
	}
	if len(b) == 0 {
		return a, nil
	}
	var x, y whatif.Summary
	if err := errors.Join(json.Unmarshal(a, &x), json.Unmarshal(b, &y)); err != nil {
		return nil, err
	}
	s, err := x.Merge(&y)
	if err != nil {
		return nil, err
	}
	return json.Marshal(s)
}

// A storeFn writes a file.
type storeFn struct{ Path string }

// ProcessElement writes the text.
func (f *storeFn) ProcessElement(ctx context.Context, text []byte) error {
	return create(ctx, f.Path, func(to io.Writer) error {
		_, err := to.Write(text)
		return err
	})
}

// Sweep yields the figures of a grid, cell after cell, which are computed in Options.Shards
// shards. They are those of [whatif.Sweep] on one machine with the options of their zero value.
// The Reason of a cell keeps its text but not its kind. Of the options it uses Work, Shards and
// Run. If there is an error, the cell is empty and the sequence ends. The errors are those of
// [whatif.Sweep] and, for the options, of [Solve].
func Sweep(ctx context.Context, book crossholding.Book, grid whatif.Grid, opt Options) iter.Seq2[whatif.Cell, error] {
	return func(yield func(whatif.Cell, error) bool) {
		j, err := sweep(ctx, book, grid, opt)
		if err != nil {
			yield(whatif.Cell{}, err)
			return
		}
		for i := range j.Shards {
			text, err := load(j.ctx, j.path("cells", i))
			if err == nil {
				err = progress.Stopped(j.ctx, "beam")
			}
			if err != nil {
				yield(whatif.Cell{}, fmt.Errorf("beam: cells: %w", err))
				return
			}
			for in := json.NewDecoder(bytes.NewReader(text)); in.More(); {
				var c sweptCell
				if err := in.Decode(&c); err != nil {
					yield(whatif.Cell{}, fmt.Errorf("beam: cells: %w", err))
					return
				}
				if c.Because != "" {
					c.Cell.Reason = errors.New(c.Because)
				}
				if !yield(c.Cell, nil) {
					return
				}
			}
		}
	}
}

// A sweptCell is a cell with its reason as text.
type sweptCell struct {
	Cell    whatif.Cell
	Because string `json:"because,omitempty"`
}

// sweep runs the pipeline of a sweep.
func sweep(ctx context.Context, book crossholding.Book, grid whatif.Grid, opt Options) (*job, error) {
	j, a, err := newSweep(ctx, book, opt)
	if err != nil {
		return nil, err
	}
	first := grid
	first.Cells = 1
	for _, err := range whatif.Sweep(j.ctx, a, first, whatif.Options{}) { // one cell, for its errors
		if err != nil {
			return nil, fmt.Errorf("beam: %w", err)
		}
	}
	if grid.Cells == 0 { // the first cell has shown that this is a number
		grid.Cells = 1
		for _, axis := range grid.Axes {
			grid.Cells *= len(axis.Values)
		}
		grid.Cells -= grid.First
	}
	if j.Grid, err = json.Marshal(grid); err != nil {
		return nil, fmt.Errorf("beam: %w", err)
	}
	j.Shards = max(1, min(j.Shards, grid.Cells))
	return j, j.run(step{"cells", j.Shards})
}

// sweepShard computes the cells of a shard.
func sweepShard(w *worker, _ []record) error {
	a, err := crossholding.ReadBook(bytes.NewReader(w.Book))
	if err != nil {
		return err
	}
	var grid whatif.Grid
	if err := json.Unmarshal(w.Grid, &grid); err != nil {
		return err
	}
	each, more := grid.Cells/w.Shards, grid.Cells%w.Shards // the first shards have one more
	grid.First += each*w.shard + min(w.shard, more)
	grid.Cells = each
	if w.shard < more {
		grid.Cells++
	}
	return create(w.ctx, w.path("cells", w.shard), func(to io.Writer) error {
		out := json.NewEncoder(to)
		for c, err := range whatif.Sweep(w.ctx, a, grid, whatif.Options{}) {
			if err != nil {
				return err
			}
			cell := sweptCell{Cell: c}
			if c.Reason != nil {
				cell.Because = c.Reason.Error()
			}
			if err := out.Encode(cell); err != nil {
				return err
			}
		}
		return nil
	})
}
