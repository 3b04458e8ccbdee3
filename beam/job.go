package beam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/internal/told"
)

// Files are the files of a register, in the form of [crossholding.ReadRegister]. Each name can
// be a pattern, such as gs://bucket/stakes-*.csv, so that several workers read. Every file has
// the header.
type Files struct {
	Companies string
	Stakes    string
}

// Question says what is asked of a register.
type Question struct {
	// Control asks who controls whom, by the majority of the votes that can move a result.
	Control bool
	// Holdings asks what these owners have of every company, directly and through others: ids,
	// or floats by their names of [crossholding.FloatOf].
	Holdings []string
	// Places are the decimals of holdings, from 1 to 20. If it is 0, there are 12.
	Places int
}

// Options says how a register is divided. Only Work is required. The answer does not depend on
// the others, as long as the parts fit.
type Options struct {
	// Work is an empty folder that all workers can write, such as gs://bucket/run-7. The files
	// between the pipelines are in it, and the answers. Delete it when you have the answers.
	Work string
	// Shards is the number of parts into which companies and holders are divided by their
	// ids. One worker holds the stakes in the companies of a part in memory. 0 means 16.
	Shards int
	// Largest is the number of stakes that one worker solves at once. A larger component is
	// solved by levels. 0 means 2,000,000.
	Largest       int
	OverAllocated crossholding.OverAllocationPolicy
	// Run runs a pipeline and waits for its end. If it is nil, Prism does in this process.
	Run func(context.Context, *sdk.Pipeline) error
}

// These are the defaults and limits of options.
const (
	defaultShards  = 16
	maxShards      = 100_000
	defaultLargest = 2_000_000
	defaultPlaces  = 12
	maxPlaces      = 20
	maxRounds      = 100 // of one search
)

// ErrUndecided is returned if the bounds of a figure do not decide its last digit.
var ErrUndecided = errors.New("bounds do not decide the last digit")

// Answers are the answers about a register. They lie in files and are read when they are asked
// for. It is immutable and safe for concurrent use.
type Answers struct {
	Companies  int
	Stakes     int // rows
	Components int // weakly connected, by the stakes of companies in one another
	Divided    int // components that were larger than Options.Largest
	Rounds     int // of joins: of stars that found components, and of control
	Slabs      int // into which the larger components were divided
	Pipelines  int

	work     string
	question Question
}

// A job is one run of [Solve].
type job struct {
	task
	ctx       context.Context
	runner    func(context.Context, *sdk.Pipeline) error
	pipelines int
	solved    []solved // notes of the bins
	answers   *Answers
}

// Solve answers questions about a register whose files are read by many workers. The answers
// are those of [crossholding.ReadRegister], [crossholding.Control.Pairs] and
// [crossholding.CertifiedOwnership.Holdings] on one machine, byte for byte. Package
// documentation says how.
//
// All faults of the files are returned at once, each with its file and line, as a
// [*crossholding.InputError] that lists the first 1,000. Solve fails with
// [crossholding.ErrMissing] without files or folder, [crossholding.ErrRange] for options out of
// range or a folder that is not empty, [crossholding.ErrUnknown] for an owner that is not in the
// register, [crossholding.ErrTooLarge] for a part that does not fit, [ErrUndecided], and with
// ctx's error when ctx is done. Pipelines that run then go on until their runner ends them.
func Solve(ctx context.Context, files Files, q Question, opt Options) (*Answers, error) {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, "beam"); err != nil {
		return nil, err
	}
	j, err := newJob(ctx, files, q, opt)
	if err != nil {
		return nil, err
	}
	start()
	for _, part := range []func() error{j.read, j.components, j.small, j.large, j.rounds, j.settle} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	j.answers.Pipelines = j.pipelines
	return j.answers, nil
}

// newRun checks the options of a run.
func newRun(ctx context.Context, opt Options) (*job, []error) {
	j := &job{ctx: ctx, runner: opt.Run, task: task{
		Work: strings.TrimRight(opt.Work, "/"), Shards: orDefault(opt.Shards, defaultShards),
		Largest: orDefault(opt.Largest, defaultLargest), Policy: opt.OverAllocated,
	}}
	if j.runner == nil {
		j.runner = runOnPrism
	}
	bad := []error{within("Shards", j.Shards, maxShards), within("Largest", j.Largest, 1<<31-1), j.checkFolder()}
	switch j.Policy {
	case crossholding.OverAllocationError, crossholding.OverAllocationKeepOut, crossholding.OverAllocationScale:
	default:
		bad = append(bad, fmt.Errorf("beam: OverAllocated is %s: %w", told.Choice("policy", j.Policy,
			crossholding.OverAllocationKeepOut, crossholding.OverAllocationScale), crossholding.ErrUnknown))
	}
	return j, bad
}

// within refuses a number that is not from 1 to most.
func within(name string, n, most int) error {
	if n < 1 || n > most {
		return fmt.Errorf("beam: %s %d is not within 1 and %d: %w", name, n, most, crossholding.ErrRange)
	}
	return nil
}

// newJob checks what is asked of a register.
func newJob(ctx context.Context, files Files, q Question, opt Options) (*job, error) {
	j, bad := newRun(ctx, opt)
	q.Holdings = slices.Compact(slices.Sorted(slices.Values(q.Holdings)))
	q.Places = orDefault(q.Places, defaultPlaces)
	j.Control, j.Owners, j.Places = q.Control, q.Holdings, q.Places
	bad = append(bad, within("Places", j.Places, maxPlaces))
	if !q.Control && len(q.Holdings) == 0 {
		bad = append(bad, fmt.Errorf("beam: no question: %w", crossholding.ErrMissing))
	}
	bad = append(bad, j.addSources(files.Companies, false), j.addSources(files.Stakes, true))
	j.answers = &Answers{work: j.Work, question: q}
	return j, errors.Join(bad...)
}

func orDefault(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}

// addSources adds the files of a pattern.
func (j *job) addSources(pattern string, stakes bool) error {
	if pattern == "" {
		return fmt.Errorf("beam: the register needs files of companies and of stakes: %w", crossholding.ErrMissing)
	}
	found, err := list(j.ctx, pattern)
	if err != nil {
		return fmt.Errorf("beam: %s: %w", pattern, err)
	}
	if len(found) == 0 {
		return fmt.Errorf("beam: there is no file %s: %w", pattern, crossholding.ErrMissing)
	}
	slices.Sort(found)
	for _, path := range found {
		j.Sources = append(j.Sources, source{path, stakes})
	}
	return nil
}

// checkFolder refuses a folder with files, which could be those of another run.
func (j *job) checkFolder() error {
	if j.Work == "" {
		return fmt.Errorf("beam: Work, a folder for files, is missing: %w", crossholding.ErrMissing)
	}
	found, err := list(j.ctx, j.Work+"/*")
	if err != nil {
		return fmt.Errorf("beam: %s: %w", j.Work, err)
	}
	if len(found) > 0 {
		return fmt.Errorf("beam: the folder %s is not empty: %w", j.Work, crossholding.ErrRange)
	}
	return nil
}

// read reads and checks the register.
func (j *job) read() error {
	err := j.run(step{"read", len(j.Sources)}, step{"check", j.Shards}, step{"links", j.Shards})
	if err != nil {
		return err
	}
	shards, err := notes[checked](j.ctx, &j.task, "checked", j.Shards)
	if err != nil {
		return err
	}
	for _, s := range shards {
		j.answers.Companies += s.Companies
		j.answers.Stakes += s.Stakes
	}
	if err := j.inputError(shards); err != nil {
		return fmt.Errorf("beam: %w", err)
	}
	return nil
}

// components finds the component of each company, and the components that do not fit.
func (j *job) components() error {
	found, err := notes[linked](j.ctx, &j.task, "linked", j.Shards)
	if err != nil {
		return err
	}
	edges := 0
	for _, f := range found {
		edges += f.Edges
	}
	first := []step{{"edges", j.Shards}, {"join", 1}}
	if edges > j.Largest {
		first = []step{{"stars", j.Shards}}
		if err := j.stars(); err != nil {
			return err
		}
	}
	if err := j.run(append(first, step{"label", j.Shards}, step{"sizes", j.Shards})...); err != nil {
		return err
	}
	sizes, err := notes[sized](j.ctx, &j.task, "sized", j.Shards)
	if err != nil {
		return err
	}
	stakes := 0
	for _, s := range sizes {
		j.answers.Components += s.Components
		stakes += s.Stakes
		j.Giants = append(j.Giants, sorted(s.Giants)...)
	}
	slices.Sort(j.Giants)
	j.answers.Divided = len(j.Giants)
	j.Bins = max(j.Shards, 2*stakes/j.Largest+1)
	return nil
}

// stars makes stars of the edges: each company is joined to the least of its component. The
// alternating algorithm ends in O(log² n) rounds (Kiveris et al., Connected Components in
// MapReduce and Beyond, 2014).
func (j *job) stars() error {
	for range maxRounds {
		if err := j.run(step{"spread", j.Shards}, step{"large", j.Shards}, step{"small", j.Shards}); err != nil {
			return err
		}
		j.answers.Rounds++
		found, err := notes[starred](j.ctx, &j.task, "starred", j.Shards)
		if err != nil {
			return err
		}
		bad := 0
		for _, f := range found {
			bad += f.Bad
		}
		if bad == 0 {
			return nil
		}
	}
	return fmt.Errorf("beam: components are not found after %d rounds: %w", maxRounds, crossholding.ErrSearchLimit)
}

// small solves the components that fit.
func (j *job) small() error {
	if err := j.run(step{"pack", j.Shards}, step{"solve", j.Bins}); err != nil {
		return err
	}
	return j.gather("solved")
}

// gather adds the notes of solved bins.
func (j *job) gather(name string) error {
	found, err := notes[solved](j.ctx, &j.task, name, j.Bins)
	j.solved = append(j.solved, found...)
	return err
}

// large solves the components that do not fit, slab by slab.
func (j *job) large() error {
	if len(j.Giants) == 0 {
		return nil
	}
	if err := j.run(step{"sketch", j.Shards}, step{"plan", len(j.Giants)}, step{"places", j.Shards}); err != nil {
		return err
	}
	plans, err := notes[planned](j.ctx, &j.task, "planned", len(j.Giants))
	if err != nil {
		return err
	}
	slabs := 0
	for i, p := range plans {
		if p.Tight != "" {
			if len(j.Owners) > 0 {
				return p.tooLarge(j.Largest)
			}
			j.Rounds = append(j.Rounds, j.Giants[i])
			continue
		}
		slabs = max(slabs, p.Slabs)
		j.answers.Slabs += p.Slabs
	}
	for j.Slab = range slabs {
		err := j.run(step{"ask", j.Shards}, step{"serve", j.Shards}, step{"slab", j.Bins}, step{"state", j.Shards})
		if err == nil {
			err = j.gather(slabName("solved", j.Slab))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settle checks that each owner of the question is known, and that each figure is decided.
func (j *job) settle() error {
	known, undecided := map[string]bool{}, []string(nil)
	for _, p := range j.solved {
		for _, o := range p.Owners {
			known[o] = true
		}
		undecided = append(undecided, p.Undecided...)
	}
	unknown := slices.DeleteFunc(slices.Clone(j.Owners), func(o string) bool { return known[o] })
	if len(unknown) > 0 {
		return fmt.Errorf("beam: holder %s: %w", text.Some(unknown, 10), crossholding.ErrUnknown)
	}
	if len(undecided) > 0 {
		return fmt.Errorf("beam: %s: %w", text.Some(undecided, 10), ErrUndecided)
	}
	return nil
}
