package crossholding_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/network"
)

// BenchmarkCancellation ends long questions at seven moments spread over the
// time that they take; worst-ms is the longest that one went on after that.
func BenchmarkCancellation(b *testing.B) {
	type work struct {
		name string
		ask  func(ctx context.Context, n *benchNetwork) error
	}
	french := map[*benchNetwork]*crossholding.Alliance{}
	works := []work{
		{"read", func(ctx context.Context, n *benchNetwork) error {
			_, err := crossholding.ReadRegister(ctx, bytes.NewReader(n.companies), bytes.NewReader(n.stakes), crossholding.RegisterOptions{})
			return err
		}},
		{"prepare", func(ctx context.Context, n *benchNetwork) error {
			// A bound of its own makes the solver start anew.
			_, err := n.register.Ownership(ctx, crossholding.OwnershipOptions{MaxBits: 1 << 17})
			return err
		}},
		{"check", func(ctx context.Context, n *benchNetwork) error {
			o, err := n.register.Ownership(ctx, crossholding.OwnershipOptions{MaxBits: 1 << 17})
			if err != nil {
				return err
			}
			c, err := o.Certified(crossholding.CertifiedOptions{})
			if err != nil {
				return err
			}
			return c.Check(ctx)
		}},
		{"control", func(ctx context.Context, n *benchNetwork) error {
			c, err := n.register.Control(ctx, crossholding.ControlOptions{})
			if err != nil {
				return err
			}
			_, err = c.Ultimate(ctx, "C0000001")
			return err
		}},
		{"pairs", func(ctx context.Context, n *benchNetwork) error {
			c, err := n.register.Control(ctx, crossholding.ControlOptions{})
			if err != nil {
				return err
			}
			return drain(c.Pairs(ctx))
		}},
		{"votes", func(ctx context.Context, n *benchNetwork) error {
			r := french[n]
			if r == nil {
				var err error
				if r, err = crossholding.ReadRegister(context.Background(), bytes.NewReader(n.companies), bytes.NewReader(n.stakes),
					crossholding.RegisterOptions{Country: "FR"}); err != nil {
					return err
				}
				clear(french)
				french[n] = r
			}
			_, err := r.Votes(ctx, crossholding.VotingOptions{Circular: crossholding.PolicyMost})
			return err
		}},
		{"diagnose", func(ctx context.Context, n *benchNetwork) error {
			_, err := n.register.Diagnose(ctx)
			return err
		}},
		{"network", func(ctx context.Context, n *benchNetwork) error {
			_, err := network.NewControl(ctx, n.register, network.ControlOptions{Basis: crossholding.BasisCapital})
			return err
		}},
		{"turnout", func(ctx context.Context, n *benchNetwork) error {
			_, err := network.NewControlInFact(ctx, n.register, network.TurnoutOptions{})
			return err
		}},
	}
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		for _, w := range works {
			b.Run("work="+w.name, func(b *testing.B) {
				worst := time.Duration(0)
				for b.Loop() {
					start := time.Now()
					require.NoError(b, w.ask(context.Background(), n))
					for whole, k := time.Since(start), time.Duration(1); k < 8; k++ {
						worst = max(worst, endAt(b, whole*k/8, func(ctx context.Context) error { return w.ask(ctx, n) }))
					}
				}
				b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
			})
		}
	})
}

// endAt ends a question's context some time after it was asked and returns for
// how long it went on.
func endAt(b *testing.B, after time.Duration, ask func(context.Context) error) time.Duration {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var ended time.Time
	timer := time.AfterFunc(after, func() {
		ended = time.Now()
		cancel(cause)
	})
	defer timer.Stop()
	err := ask(ctx)
	now := time.Now()
	if ctx.Err() == nil {
		require.NoError(b, err)
		return 0 // it was done before
	}
	if err != nil {
		require.ErrorIs(b, err, cause)
	}
	return now.Sub(ended)
}
