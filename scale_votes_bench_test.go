package crossholding_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

// BenchmarkRegisterVotes counts the votes of every company's meeting under a
// country's statutes and agreements; plain-ratio is the time over
// that of counting the same meetings without law or contract. Rings of
// majorities have several readings in some countries; doubtful stakes are suspended.
func BenchmarkRegisterVotes(b *testing.B) {
	for _, country := range []string{"FR", "DE", "JP", "US-CA"} {
		b.Run("law="+country, func(b *testing.B) {
			eachSize(b, func(b *testing.B, n *benchNetwork) {
				r, err := crossholding.ReadRegister(context.Background(), bytes.NewReader(n.companies), bytes.NewReader(n.stakes),
					crossholding.RegisterOptions{Country: country, Agreements: n.agreements()})
				require.NoError(b, err)
				opt := crossholding.VotingOptions{Circular: crossholding.PolicyMost}
				plain := crossholding.VotingOptions{NoLaw: true, NoContracts: true}
				n.meetings(b, r, opt) // finds the strongly connected components, once for the register
				var alone time.Duration
				for b.Loop() {
					n.meetings(b, r, opt)
					b.StopTimer()
					start := time.Now()
					n.meetings(b, r, plain)
					alone += time.Since(start)
					b.StartTimer()
				}
				b.ReportMetric(float64(b.Elapsed())/float64(alone), "plain-ratio")
			})
		})
	}
}

// BenchmarkReadings reports the readings of the law if it has several or none,
// under French and Californian law; silence-ratio is the time over that of
// settling the same law by a policy. Untried is how many circles were too large
// to try every reading.
func BenchmarkReadings(b *testing.B) {
	for _, country := range []string{"FR", "US-CA"} {
		b.Run("law="+country, func(b *testing.B) {
			eachSize(b, func(b *testing.B, n *benchNetwork) {
				r, err := crossholding.ReadRegister(context.Background(), bytes.NewReader(n.companies), bytes.NewReader(n.stakes),
					crossholding.RegisterOptions{Country: country})
				require.NoError(b, err)
				_, err = r.Votes(b.Context(), crossholding.VotingOptions{Circular: crossholding.PolicyMost}) // finds the circles, once for the register
				require.NoError(b, err)
				var alone time.Duration
				var e *crossholding.ReadingsError
				for b.Loop() {
					_, err = r.Votes(b.Context(), crossholding.VotingOptions{})
					require.ErrorAs(b, err, &e)
					b.StopTimer()
					start := time.Now()
					_, err = r.Votes(b.Context(), crossholding.VotingOptions{Circular: crossholding.PolicyMost})
					require.NoError(b, err)
					alone += time.Since(start)
					b.StartTimer()
				}
				untried := 0
				for _, k := range e.Components {
					if k.Incomplete {
						untried++
					}
				}
				b.ReportMetric(float64(b.Elapsed())/float64(alone), "silence-ratio")
				b.ReportMetric(float64(len(e.Components)), "circles")
				b.ReportMetric(float64(untried), "untried")
			})
		})
	}
}

// meetings counts the votes of every meeting.
func (n *benchNetwork) meetings(b *testing.B, r *crossholding.Alliance, opt crossholding.VotingOptions) {
	v, err := r.Votes(b.Context(), opt)
	if err != nil {
		b.Fatal(err)
	}
	for c := range n.Companies() {
		if _, err := v.Meeting(n.ID(int32(c))); err != nil {
			b.Fatal(err)
		}
	}
}

// agreements makes one for every four thousand stakes, all over the network: caps,
// and holders who vote as the fund directs.
func (n *benchNetwork) agreements() []crossholding.Agreement {
	var out []crossholding.Agreement
	capped := map[[2]int32]bool{}
	for i := range n.Stakes() / 4000 {
		e := i * 4000
		a := crossholding.Agreement{ID: fmt.Sprintf("A%03d", i), Kind: crossholding.AgreementCap, Holders: []string{n.ID(n.Holder[e])},
			Issuer: n.ID(n.Issuer[e]), Max: "10%"}
		if capped[[2]int32{n.Holder[e], n.Issuer[e]}] {
			continue
		}
		capped[[2]int32{n.Holder[e], n.Issuer[e]}] = true
		if i%10 == 0 && a.Holders[0] != "F0000000" {
			a.Kind, a.Max, a.Leader = crossholding.AgreementProxy, "", "F0000000"
		}
		out = append(out, a)
	}
	return out
}
