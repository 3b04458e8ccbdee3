package beam

import (
	"context"
	"fmt"
	"sync"

	sdk "github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
)

func init() {
	register.DoFn3x1[context.Context, int, func(int, []byte), error](&firstFn{})
	register.DoFn4x1[context.Context, int, func(*[]byte) bool, func(int, []byte), error](&nextFn{})
	register.Emitter2[int, []byte]()
	register.Iter1[[]byte]()
}

// A task is what each worker knows of the whole. It is plain data that goes with the pipeline.
type task struct {
	Work    string
	Shards  int // of companies and holders
	Bins    int // in which components are solved
	Largest int // stakes that are solved at once
	Policy  crossholding.OverAllocationPolicy
	Control bool
	Owners  []string
	Places  int
	Sources []source
	Giants  []string // labels of components that do not fit, sorted
	Rounds  []string // those of them whose control is found by rounds, sorted
	Slab    int      // the slab of components that is solved
	Round   int      // the number of the round
	Book    []byte   // of a sweep, in JSON
	Grid    []byte   // of a sweep, in JSON
}

// A step is one phase of a pipeline. It turns records of one shard into records for the shards
// of the next phase. The phases of a pipeline are joined by a GroupByKey on the shard.
type step struct {
	name  string
	width int // the number of its shards
}

// A phase does the work of a step for one shard. The records come in any order.
type phase func(w *worker, in []record) error

// A worker is what a phase works with.
type worker struct {
	*task
	ctx   context.Context
	shard int
	out   *sender
}

// phases are the phases by name, which is what goes to workers.
var phases = map[string]phase{
	"read": readFile, "check": checkShard, "links": linkShard,
	"edges": sendEdges, "join": joinEdges, "large": largeStar, "small": smallStar,
	"spread": spreadEdges, "stars": sendStars, "label": labelShard, "sizes": sizeShard,
	"pack": packShard, "solve": solveBin,
	"sketch": sendPlan, "plan": planGiant, "places": keepPlan,
	"ask": askHolders, "serve": serveSlab, "slab": solveSlab, "state": keepState,
	"votes": countVotes, "held": keepHeld, "join votes": joinVotes, "decide": decideShard, "pairs": listPairs, "answer": answerPairs,
	"cells": sweepShard,
}

// firstFn does the first phase of a pipeline.
type firstFn struct {
	Task  task
	Phase string
	Next  int // shards of the next phase, or 0
}

// ProcessElement does the phase for a shard.
func (f *firstFn) ProcessElement(ctx context.Context, shard int, emit func(int, []byte)) error {
	return perform(ctx, &f.Task, f.Phase, f.Next, shard, nil, emit)
}

// nextFn does a phase with the blocks that the phase before it sent.
type nextFn struct {
	Task  task
	Phase string
	Next  int
}

// ProcessElement does the phase for a shard.
func (f *nextFn) ProcessElement(ctx context.Context, shard int, blocks func(*[]byte) bool, emit func(int, []byte)) error {
	var in []record
	var block []byte
	for blocks(&block) {
		var err error
		if in, err = appendRecords(in, block); err != nil {
			return err
		}
	}
	return perform(ctx, &f.Task, f.Phase, f.Next, shard, in, emit)
}

// perform does a phase for a shard. Shard 0 sends an empty block to every shard of the next
// phase, so that each shard has its turn, also without records.
func perform(ctx context.Context, t *task, name string, next, shard int, in []record, emit func(int, []byte)) error {
	if shard == 0 {
		for i := range next {
			emit(i, []byte{})
		}
	}
	w := &worker{task: t, ctx: ctx, shard: shard, out: newSender(emit)}
	if err := phases[name](w, in); err != nil {
		return fmt.Errorf("%s, shard %d: %w", name, shard, err)
	}
	w.out.flush()
	return nil
}

// pipeline makes the pipeline of a few steps.
func (t *task) pipeline(steps []step) *sdk.Pipeline {
	p, s := sdk.NewPipelineWithRoot()
	var at sdk.PCollection
	for i, st := range steps {
		next := 0
		if i+1 < len(steps) {
			next = steps[i+1].width
		}
		s := s.Scope(st.name)
		if i == 0 {
			at = sdk.ParDo(s, &firstFn{*t, st.name, next}, everyShard(s, st.width))
		} else {
			at = sdk.ParDo(s, &nextFn{*t, st.name, next}, sdk.GroupByKey(s, at))
		}
	}
	return p
}

// everyShard is the numbers of shards from 0, each for any worker.
func everyShard(s sdk.Scope, shards int) sdk.PCollection {
	all := make([]int, shards)
	for i := range all {
		all[i] = i
	}
	return sdk.Reshuffle(s, sdk.CreateList(s, all))
}

var initialize sync.Mutex // guards the start of the SDK, which must be once

// start starts the SDK, if the program has not done so.
func start() {
	initialize.Lock()
	defer initialize.Unlock()
	if !sdk.Initialized() {
		sdk.Init()
	}
}

// run runs a pipeline of a few steps.
func (j *job) run(steps ...step) error {
	return j.execute(steps[0].name, j.pipeline(steps))
}

// execute runs a pipeline, and waits for its end or for that of ctx.
func (j *job) execute(name string, p *sdk.Pipeline) error {
	if err := progress.Stopped(j.ctx, "beam"); err != nil {
		return err
	}
	j.pipelines++
	var err error
	if ended := await.Run(j.ctx, func() { err = j.runner(j.ctx, p) }); ended != nil {
		return progress.Stopped(j.ctx, "beam")
	}
	if err != nil {
		return fmt.Errorf("beam: pipeline of %s: %w", name, err)
	}
	return nil
}

// runOnPrism runs a pipeline in this process.
func runOnPrism(ctx context.Context, p *sdk.Pipeline) error {
	_, err := prism.Execute(ctx, p)
	return err
}
