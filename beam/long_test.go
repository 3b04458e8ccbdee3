package beam_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/crossholding/crossholding/beam"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

// A register of 1,000,000 stakes has the same answers, whole and divided.
func TestMillionStakes(t *testing.T) {
	testkit.SkipUnlessLong(t)
	companies, stakes := generated(t, gen.Options{Seed: 7, Stakes: 1_000_000, Shuffle: true})
	q := beam.Question{Control: true, Holdings: []string{"P0000001", "P0000005", "P0000123", "C0000701", "float:C0000020"}}
	start := time.Now()
	want := alone(t, companies, stakes, q, "")
	t.Logf("alone: %v, %d bytes", time.Since(start), len(want))
	for _, c := range []struct{ shards, largest int }{{16, 0}, {64, 400_000}} {
		t.Run(fmt.Sprintf("shards=%d/largest=%d", c.shards, c.largest), func(t *testing.T) {
			f := files(t, companies, stakes, 8)
			start := time.Now()
			got, answers := together(t, f, q, beam.Options{Shards: c.shards, Largest: c.largest})
			var use syscall.Rusage
			require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &use)) // of the process so far
			t.Logf("%v, %v of the processors so far, peak %d MB, %d pipelines, %d components, %d divided into %d slabs, %d rounds", time.Since(start),
				time.Duration(use.Utime.Nano()+use.Stime.Nano()), use.Maxrss>>10,
				answers.Pipelines, answers.Components, answers.Divided, answers.Slabs, answers.Rounds)
			require.True(t, want == got, "the answers differ")
		})
	}
}
