package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/scenario"
)

// goroutine returns the number of the goroutine that calls it.
func goroutine() string {
	buf := make([]byte, 64)
	return strings.Fields(string(buf[:runtime.Stack(buf, false)]))[1]
}

// hearing keeps what it hears of some work, unguarded: it is told on the
// goroutine that asks.
type hearing struct {
	caller string
	last   map[string]crossholding.Progress
	count  int
	wrong  []string
}

func newHearing() *hearing {
	return &hearing{caller: goroutine(), last: map[string]crossholding.Progress{}}
}

func (h *hearing) hear(p crossholding.Progress) {
	h.count++
	last, known := h.last[p.Stage]
	switch {
	case goroutine() != h.caller:
		h.wrong = append(h.wrong, fmt.Sprintf("%v on another goroutine", p))
	case p.Done == 0: // a run begins
	case !known:
		h.wrong = append(h.wrong, fmt.Sprintf("%v begins late", p))
	case p.Done < last.Done:
		h.wrong = append(h.wrong, fmt.Sprintf("%v after %v", p, last))
	case p.Total != last.Total || p.Total > 0 && p.Done > p.Total:
		h.wrong = append(h.wrong, fmt.Sprintf("%v does not fit %v", p, last))
	}
	h.last[p.Stage] = p
}

// TestLongWork asks every long question with a listener; then with a context
// that has ended, that ends as the first progress is told, and that ends half
// way; then again: work that was cut short leaves nothing wrong.
func TestLongWork(t *testing.T) {
	doc := stagesDocumented(t)
	for _, w := range longWorks(t) {
		t.Run(w.name, func(t *testing.T) {
			h := newHearing()
			require.NoError(t, w.ready(t)(crossholding.WithProgress(context.Background(), h.hear)))
			require.Empty(t, h.wrong)
			for _, stage := range w.stages {
				require.Contains(t, h.last, stage)
			}
			for stage, p := range h.last {
				require.Truef(t, strings.Contains(doc, fmt.Sprintf("%q", stage)), "%s is not documented", stage)
				if p.Total > 0 {
					require.Equal(t, p.Total, p.Done, "the last run of %s", stage)
				}
			}
			require.Less(t, h.count, 1_000)

			ask := w.ready(t)
			requireEnds(t, ask, 0, h.count)
			requireEnds(t, ask, 1, h.count)
			requireEnds(t, ask, h.count/2, h.count)
			require.NoError(t, ask(context.Background()))
		})
	}
}

// stagesDocumented returns the comment on [crossholding.Progress].
func stagesDocumented(t *testing.T) string {
	source, err := os.ReadFile("progress.go")
	require.NoError(t, err)
	doc, _, _ := strings.Cut(string(source), "type Progress struct")
	return strings.ReplaceAll(doc, "\n//     ", " ")
}

// TestStagesAreDocumented looks the stages up in the sources: some are too
// seldom long to be heard of in a test.
func TestStagesAreDocumented(t *testing.T) {
	doc := stagesDocumented(t)
	named := regexp.MustCompile(`progress\.(?:Start|Count)\([\w.]+, ("[^"]+")`)
	count := 0
	for _, pattern := range []string{"*.go", "compliance/*.go", "network/*.go", "internal/*/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, stage := range named.FindAllStringSubmatch(string(source), -1) {
				count++
				require.Truef(t, strings.Contains(doc, stage[1]), "%s: %s is not documented", file, stage[1])
			}
		}
	}
	require.Greater(t, count, 40)
}

// requireEnds asks a question whose context ends at one of its reports, or has
// ended before.
func requireEnds(t *testing.T, ask func(ctx context.Context) error, at, reports int) {
	t.Helper()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	ended := time.Now()
	if at == 0 {
		cancel(cause)
	}
	count := 0
	err := ask(crossholding.WithProgress(ctx, func(crossholding.Progress) {
		if count++; count == at {
			ended = time.Now()
			cancel(cause)
		}
	}))
	took := time.Since(ended)
	if at > 1 && reports < 20 && err == nil {
		return // there was little left to do
	}
	require.ErrorIs(t, err, cause, "at report %d of %d", at, reports)
	require.Less(t, took, 5*time.Second, "generous: the machine may be busy")
}

// TestWaitingCanBeGivenUp asks twice for what is worked out once: who waits for
// the other's work can give up, and spoils nothing.
func TestWaitingCanBeGivenUp(t *testing.T) {
	_, read := filesOf(t, gen.Options{Seed: 1, Stakes: 20_000, Core: 60})
	for stage, ask := range map[string]func(ctx context.Context, r *crossholding.Alliance) error{
		"ownership components": func(ctx context.Context, r *crossholding.Alliance) error {
			_, err := r.Ownership(ctx, crossholding.OwnershipOptions{})
			return err
		},
		"components": func(ctx context.Context, r *crossholding.Alliance) error {
			_, err := r.Votes(ctx, crossholding.VotingOptions{Circular: crossholding.PolicyFewest})
			return err
		},
	} {
		t.Run(stage, func(t *testing.T) {
			r, err := read(context.Background(), "FR")
			require.NoError(t, err)
			at, release, first := make(chan struct{}), make(chan struct{}), make(chan error)
			go func() {
				held := false
				first <- ask(crossholding.WithProgress(context.Background(), func(p crossholding.Progress) {
					if p.Stage == stage && !held {
						held = true
						close(at)
						<-release
					}
				}), r)
			}()
			<-at
			cause := errors.New("enough")
			ctx, cancel := context.WithCancelCause(context.Background())
			second := make(chan error)
			go func() { second <- ask(ctx, r) }()
			cancel(cause)
			require.ErrorIs(t, <-second, cause)
			close(release)
			require.NoError(t, <-first)
			require.NoError(t, ask(context.Background(), r))
		})
	}
}

// TestProgressAllocatesNothing: neither to be heard nor not to be costs an
// allocation, whatever the question is.
func TestProgressAllocatesNothing(t *testing.T) {
	_, core := filesOf(t, gen.Options{Seed: 1, Stakes: 20_000, Core: 60})
	r, err := core(context.Background(), "")
	require.NoError(t, err)
	o := ownership(t, r)
	const tries = 20
	heard := 0
	// The fewest of many tries: pools lose something now and then, and under
	// the race detector on purpose.
	fewest := func(ctx context.Context) float64 {
		c, err := o.Certified(crossholding.CertifiedOptions{})
		require.NoError(t, err)
		least := math.Inf(1)
		for range tries {
			least = min(least, testing.AllocsPerRun(1, func() {
				if err := c.Check(ctx); err != nil {
					t.Error(err)
				}
			}))
		}
		return least
	}
	silent := fewest(context.Background())
	listened := fewest(crossholding.WithProgress(context.Background(), func(crossholding.Progress) { heard++ }))
	reports := heard / (2 * tries) // a measured run is preceded by another
	require.GreaterOrEqual(t, reports, 5)
	require.Less(t, listened, silent+float64(reports), "with %d reports", reports)
}

// TestNilContexts asks with no context where one is an argument.
func TestNilContexts(t *testing.T) {
	var none context.Context
	a := booktest.New(t, votingBook(1, 3))
	_, err := a.Diagnose(none)
	require.NoError(t, err)
	_, err = crossholding.ReadRegister(none, strings.NewReader("id,issued,treasury,votes\nx,10,,\n"), strings.NewReader("holder,issuer,shares\n"),
		crossholding.RegisterOptions{})
	require.NoError(t, err)
	_, err = scenario.Run(none, a, scenario.Scenario{})
	require.NoError(t, err)
	v, err := a.Votes(none, crossholding.VotingOptions{})
	require.NoError(t, err)
	for name, ask := range map[string]func() error{
		"Power":        func() error { _, err := network.MeetingPower(none, v, "n1-0", network.PowerOptions{}); return err },
		"Compound":     func() error { _, err := network.CompoundPower(none, v, "n1-0", network.CoalitionOptions{}); return err },
		"Control":      func() error { _, err := network.ControlPower(none, v, network.CoalitionOptions{}); return err },
		"Network":      func() error { _, err := network.IndirectPower(none, v, "n1-0"); return err },
		"Estimate":     func() error { _, err := network.EstimateIndirectPower(none, v, "n1-0", 10, 1); return err },
		"Owners":       func() error { _, err := ownership(t, a).Owners(none, "n1-0"); return err },
		"WithProgress": func() error { return crossholding.WithProgress(none, nil).Err() },
	} {
		require.NoError(t, ask(), name)
	}
}
