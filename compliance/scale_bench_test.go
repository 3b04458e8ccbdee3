package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
)

// BenchmarkSanctions finds what 1,000 blocked parties, a hundredth of them funds, own and
// control of a register under each regime. A pass is one loop over all stakes that adds up
// each company's shares; cpu-passes is the time of the processors in passes.
func BenchmarkSanctions(b *testing.B) {
	sizes := []int{10_000}
	if testkit.Long() {
		sizes = []int{1_000_000, 4_000_000}
	}
	for _, stakes := range sizes {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) {
			made, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
			require.NoError(b, err)
			a := booktest.Register(b, made, crossholding.RegisterOptions{})
			blocked := blockedParties(made, 1000)
			clock, processor := onePass(a)
			for _, regime := range []string{compliance.RegimeOFAC, compliance.RegimeEU, compliance.RegimeUK} {
				b.Run(regime, func(b *testing.B) {
					b.ReportAllocs()
					found := 0
					_, err := compliance.Sanctions(b.Context(), a, blocked[:1], compliance.SanctionsOptions{Regime: regime}) // indexes the register
					require.NoError(b, err)
					before, times := testkit.CPUTime(), 0
					for b.Loop() {
						r, err := compliance.Sanctions(b.Context(), a, blocked, compliance.SanctionsOptions{Regime: regime})
						require.NoError(b, err)
						found = len(r.Companies)
						times++
					}
					b.ReportMetric(float64(b.Elapsed())/float64(times)/float64(clock), "passes")
					b.ReportMetric(float64(testkit.CPUTime()-before)/float64(times)/float64(processor), "cpu-passes")
					b.ReportMetric(float64(found), "companies")
				})
			}
		})
	}
}

// blockedParties draws holders, of whom one in a hundred is a fund.
func blockedParties(n *gen.Network, count int) []string {
	r := rand.New(rand.NewPCG(1, 1000))
	drawn := map[int32]bool{}
	var out []string
	add := func(x int32) {
		if !drawn[x] {
			drawn[x] = true
			out = append(out, n.ID(x))
		}
	}
	for i := range min(n.Funds, count/100) {
		add(int32(n.Companies() + i))
	}
	for len(out) < min(count, n.Stakes()/10) {
		add(n.Holder[r.IntN(n.Stakes())])
	}
	return out
}

// onePass times the yardstick on a register.
func onePass(a *crossholding.Alliance) (clock, processor time.Duration) {
	g := a.Graph()
	var at []int32
	var shares []int64
	for c := range int32(g.Len()) {
		from, to := g.Stakes(c)
		at = append(at, from)
		for e := from; e < to; e++ {
			n, _, _ := g.Shares(e).Small()
			shares = append(shares, n)
		}
	}
	return testkit.Pass(append(at, int32(len(shares))), shares)
}
