package crossholding_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// longWork is a question that takes its time, on data of its own: what an
// alliance keeps would make the next question short.
type longWork struct {
	name   string
	stages []string // that must be heard of, among others
	ready  func(t *testing.T) func(ctx context.Context) error
}

// filesOf makes the files of a generated register.
func filesOf(t *testing.T, opt gen.Options) (n *gen.Network, read func(ctx context.Context, country string) (*crossholding.Alliance, error)) {
	n, err := gen.Register(opt)
	require.NoError(t, err)
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	return n, func(ctx context.Context, country string) (*crossholding.Alliance, error) {
		return crossholding.ReadRegister(ctx, bytes.NewReader(companies.Bytes()), bytes.NewReader(stakes.Bytes()),
			crossholding.RegisterOptions{Country: country})
	}
}

// inCore returns a company of the register's largest part.
func inCore(t *testing.T, read func(ctx context.Context, country string) (*crossholding.Alliance, error)) string {
	r, err := read(context.Background(), "")
	require.NoError(t, err)
	d, err := r.Diagnose(context.Background())
	require.NoError(t, err)
	return d.Components[0].Companies[0]
}

// drain goes through an iterator up to its error.
func drain[T any](all iter.Seq2[T, error]) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// bandedChain is a chain of companies, each with stakes known within bounds in
// the next.
func bandedChain(n int) crossholding.Book {
	b := crossholding.Book{Parties: []crossholding.Party{{ID: "ann"}, {ID: "bob"}}}
	for i := range n {
		id := fmt.Sprintf("c%03d", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id})
		above := "ann"
		if i > 0 {
			above = fmt.Sprintf("c%03d", i-1)
		}
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: above, Issuer: id, Between: "51%-60%"},
			crossholding.Stake{Holder: "bob", Issuer: id, Between: "5%-30%"})
	}
	return b
}

// ringBook is a ring of majorities in which suspended votes and control depend on each other.
func ringBook(n int) crossholding.Book {
	var b crossholding.Book
	for i := range n {
		b.Companies = append(b.Companies, crossholding.Company{ID: fmt.Sprintf("c%d", i), Country: "US-DE"})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("c%d", i), Issuer: fmt.Sprintf("c%d", (i+1)%n), Percent: "60"})
	}
	return b
}

// votingBook is companies in layers, each held by several of the layer above.
func votingBook(layers, wide int) crossholding.Book {
	var b crossholding.Book
	name := func(layer, i int) string { return fmt.Sprintf("n%d-%d", layer, i) }
	for i := range wide {
		b.Parties = append(b.Parties, crossholding.Party{ID: name(0, i)})
	}
	for layer := 1; layer <= layers; layer++ {
		for i := range wide {
			b.Companies = append(b.Companies, crossholding.Company{ID: name(layer, i)})
			for j := range wide {
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: name(layer-1, j), Issuer: name(layer, i),
					Percent: ratio.Number(fmt.Sprint(10 + (i+j)%3))})
			}
		}
	}
	return b
}

// longWorks lists the verbs.
func longWorks(t *testing.T) []longWork {
	_, mid := filesOf(t, gen.Options{Seed: 1, Stakes: testkit.Size(21_000, 40_000), Core: testkit.Size(30, 150), CoreDensity: 0.12})
	_, dense := filesOf(t, gen.Options{Seed: 1, Stakes: testkit.Size(15_000, 40_000), Core: testkit.Size(136, 150), CoreDensity: 0.12})
	_, wide := filesOf(t, gen.Options{Seed: 1, Stakes: testkit.Size(30_000, 40_000), Core: testkit.Size(136, 150), CoreDensity: 0.12})
	_, core := filesOf(t, gen.Options{Seed: 1, Stakes: 21_000, Core: 60})
	_, small := filesOf(t, gen.Options{Seed: 2, Stakes: 1_500, Core: testkit.Size(8, 15)})
	inSmaller := inCore(t, core)
	inDense := inCore(t, dense)
	fresh := func(read func(context.Context, string) (*crossholding.Alliance, error), country string,
		ask func(ctx context.Context, a *crossholding.Alliance) error) func(*testing.T) func(context.Context) error {
		return func(t *testing.T) func(context.Context) error {
			r, err := read(context.Background(), country)
			require.NoError(t, err)
			return func(ctx context.Context) error { return ask(ctx, r) }
		}
	}
	book := func(b crossholding.Book, ask func(ctx context.Context, a *crossholding.Alliance) error) func(*testing.T) func(context.Context) error {
		return func(t *testing.T) func(context.Context) error {
			a := booktest.New(t, b)
			return func(ctx context.Context) error { return ask(ctx, a) }
		}
	}
	owning := func(ask func(ctx context.Context, o *crossholding.Ownership) error) func(context.Context, *crossholding.Alliance) error {
		return func(ctx context.Context, a *crossholding.Alliance) error {
			o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
			if err != nil {
				return err
			}
			return ask(ctx, o)
		}
	}
	certified := func(opt crossholding.CertifiedOptions, ask func(ctx context.Context, c *crossholding.CertifiedOwnership) error) func(context.Context, *crossholding.Alliance) error {
		return owning(func(ctx context.Context, o *crossholding.Ownership) error {
			c, err := o.Certified(opt)
			if err != nil {
				return err
			}
			return ask(ctx, c)
		})
	}
	controlling := func(opt crossholding.ControlOptions, ask func(ctx context.Context, c *crossholding.Control) error) func(context.Context, *crossholding.Alliance) error {
		return func(ctx context.Context, a *crossholding.Alliance) error {
			c, err := a.Control(ctx, opt)
			if err != nil {
				return err
			}
			return ask(ctx, c)
		}
	}
	bounding := func(ask func(ctx context.Context, b *crossholding.Bounds) error) func(context.Context, *crossholding.Alliance) error {
		return func(ctx context.Context, a *crossholding.Alliance) error {
			b, err := a.Bounds(ctx, crossholding.BoundsOptions{})
			if err != nil {
				return err
			}
			return ask(ctx, b)
		}
	}
	counting := func(ask func(ctx context.Context, v *crossholding.Votes) error) func(context.Context, *crossholding.Alliance) error {
		return func(ctx context.Context, a *crossholding.Alliance) error {
			v, err := a.Votes(ctx, crossholding.VotingOptions{})
			if err != nil {
				return err
			}
			return ask(ctx, v)
		}
	}
	moves := func(n int) scenario.Scenario {
		var s scenario.Scenario
		for i := range n {
			s.Steps = append(s.Steps, scenario.Step{Step: scenario.StepTrade, From: crossholding.FloatOf("n1-0"), To: "n0-0", Issuer: "n1-0",
				Percent: ratio.Number(fmt.Sprintf("0.%03d", i+1))})
		}
		return s
	}
	afterwards := func(ask func(ctx context.Context, out *scenario.Outcome) error) func(t *testing.T) func(context.Context) error {
		return func(t *testing.T) func(context.Context) error {
			out, err := scenario.Run(t.Context(), booktest.New(t, votingBook(3, 5)), moves(30))
			require.NoError(t, err)
			return func(ctx context.Context) error { return ask(ctx, out) }
		}
	}
	return []longWork{
		{"ReadRegister", []string{"companies", "stakes", "index"}, func(*testing.T) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := mid(ctx, "")
				return err
			}
		}},
		{"WriteSnapshot", []string{"index"}, fresh(mid, "", func(ctx context.Context, a *crossholding.Alliance) error { return a.WriteSnapshot(ctx, io.Discard) })},
		{"ReadSnapshot", []string{"index"}, func(t *testing.T) func(context.Context) error {
			a, err := mid(t.Context(), "")
			require.NoError(t, err)
			var file bytes.Buffer
			require.NoError(t, a.WriteSnapshot(t.Context(), &file))
			return func(ctx context.Context) error {
				_, err := crossholding.ReadSnapshot(ctx, bytes.NewReader(file.Bytes()), crossholding.RegisterOptions{})
				return err
			}
		}},
		{"Ownership", []string{"ownership components"}, fresh(mid, "", owning(func(context.Context, *crossholding.Ownership) error { return nil }))},
		{"Ownership.Holdings", []string{"ownership components", "factors", "digits", "fractions", "holdings"},
			fresh(dense, "", owning(func(ctx context.Context, o *crossholding.Ownership) error {
				_, err := o.Holdings(ctx, "F0000000")
				return err
			}))},
		{"Ownership.Owners", []string{"owners", "loops"}, fresh(core, "", owning(func(ctx context.Context, o *crossholding.Ownership) error {
			_, err := o.Owners(ctx, inSmaller)
			return err
		}))},
		{"Ownership.Interests", []string{"holders"}, fresh(small, "", owning(func(ctx context.Context, o *crossholding.Ownership) error { return drain(o.Interests(ctx)) }))},
		{"Certified.Holdings", []string{"ownership components", "order", "factors", "holdings"},
			fresh(dense, "", certified(crossholding.CertifiedOptions{}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error {
				_, err := c.Holdings(ctx, "F0000000")
				return err
			}))},
		{"Certified.Owners", []string{"factors", "rounding"},
			fresh(dense, "", certified(crossholding.CertifiedOptions{FirstPassage: true}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error {
				_, err := c.Owners(ctx, inDense)
				return err
			}))},
		{"Certified.Check", []string{"order", "holdings", "rounding"}, fresh(mid, "", certified(crossholding.CertifiedOptions{}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error { return c.Check(ctx) }))},
		{"Certified.Check to 30 places", []string{"holdings"}, fresh(mid, "", certified(crossholding.CertifiedOptions{Places: 30}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error { return c.Check(ctx) }))},
		{"Certified.OwnersAbove", []string{"ultimate owners"},
			fresh(mid, "", certified(crossholding.CertifiedOptions{}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error {
				return drain(c.OwnersAbove(ctx, ratio.MustParse("1/4"), true))
			}))},
		{"Ownership.OwnersAbove", []string{"ultimate owners"}, fresh(mid, "", owning(func(ctx context.Context, o *crossholding.Ownership) error {
			return drain(o.OwnersAbove(ctx, ratio.MustParse("1/4"), false))
		}))},
		{"Certified.Interests", []string{"holders"},
			fresh(small, "", certified(crossholding.CertifiedOptions{}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error { return drain(c.Interests(ctx)) }))},
		{"Certified.NodeInterests", []string{"holders"},
			fresh(small, "", certified(crossholding.CertifiedOptions{}, func(ctx context.Context, c *crossholding.CertifiedOwnership) error {
				return drain(c.NodeInterests(ctx))
			}))},
		{"Control.Ultimates", []string{"direct control", "chains", "joint control"},
			fresh(mid, "", controlling(crossholding.ControlOptions{}, func(ctx context.Context, c *crossholding.Control) error { return drain(c.Ultimates(ctx)) }))},
		{"Control.Pairs", []string{"groups"},
			fresh(mid, "", controlling(crossholding.ControlOptions{}, func(ctx context.Context, c *crossholding.Control) error { return drain(c.Pairs(ctx)) }))},
		{"Control.Ultimate of a third", []string{"groups"},
			fresh(mid, "", controlling(crossholding.ControlOptions{Threshold: ratio.MustParse("1/3")}, func(ctx context.Context, c *crossholding.Control) error {
				_, err := c.Ultimate(ctx, "C0000001")
				return err
			}))},
		{"Votes", []string{"components", "candidates", "statutes"}, fresh(wide, "JP", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := a.Votes(ctx, crossholding.VotingOptions{Circular: crossholding.PolicyMost})
			return err
		})},
		{"Votes that lead in a circle", []string{"readings"}, book(ringBook(60), func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := a.Votes(ctx, crossholding.VotingOptions{})
			if errors.Is(err, crossholding.ErrReadings) {
				return nil
			}
			return err
		})},
		{"Diagnose", []string{"companies", "ownership components", "cycles in components"}, fresh(mid, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := a.Diagnose(ctx)
			return err
		})},
		{"network.Control.Rank", []string{"direct holdings", "ranking"}, fresh(small, "", func(ctx context.Context, a *crossholding.Alliance) error {
			n, err := network.NewControl(ctx, a, network.ControlOptions{Basis: crossholding.BasisCapital})
			if err != nil {
				return err
			}
			_, err = n.Rank(ctx)
			return err
		})},
		{"CloseLinks", []string{"links"}, fresh(small, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := compliance.CloseLinks(ctx, a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl})
			return err
		})},
		{"CloseLinks by paths", []string{"links", "paths"}, book(votingBook(5, 7), func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := compliance.CloseLinks(ctx, a, compliance.CloseLinkOptions{})
			return err
		})},
		{"Bounds.Owners", []string{"bounds"}, book(bandedChain(40), bounding(func(ctx context.Context, b *crossholding.Bounds) error {
			_, err := b.Owners(ctx, "c020")
			return err
		}))},
		{"Bounds.Controlled", []string{"joining"}, book(bandedChain(40), bounding(func(ctx context.Context, b *crossholding.Bounds) error {
			_, err := b.Controlled(ctx, "ann")
			return err
		}))},
		{"network.NewControlInFact", []string{"meetings"}, fresh(mid, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := network.NewControlInFact(ctx, a, network.TurnoutOptions{})
			return err
		})},
		{"network.WeakestLinks", []string{"weakest links"}, fresh(dense, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := network.WeakestLinks(ctx, a, inDense, network.WeakestLinkOptions{Basis: crossholding.BasisCapital})
			return err
		})},
		{"Sanctions", []string{"blocked groups"}, fresh(small, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := compliance.Sanctions(ctx, a, []string{"P0000001", "F0000000"}, compliance.SanctionsOptions{})
			return err
		})},
		{"BeneficialOwners", []string{"beneficial owners"}, fresh(small, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := compliance.BeneficialOwners(ctx, a, "C0000001", compliance.BeneficialOwnerOptions{})
			return err
		})},
		{"Consolidate", []string{"entities"}, fresh(small, "", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := compliance.Consolidate(ctx, a, "F0000000", compliance.ConsolidationOptions{})
			return err
		})},
		{"Thresholds", []string{"thresholds"}, fresh(small, "JP", func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := compliance.Thresholds(ctx, a, compliance.ThresholdOptions{Voting: crossholding.VotingOptions{Circular: crossholding.PolicyMost}})
			return err
		})},
		{"network.MeetingPower", []string{"power"}, book(votingBook(1, 9), counting(func(ctx context.Context, v *crossholding.Votes) error {
			_, err := network.MeetingPower(ctx, v, "n1-0", network.PowerOptions{})
			return err
		}))},
		{"network.CompoundPower", []string{"coalitions"}, book(votingBook(3, 9), counting(func(ctx context.Context, v *crossholding.Votes) error {
			_, err := network.CompoundPower(ctx, v, "n3-0", network.CoalitionOptions{})
			return err
		}))},
		{"network.ControlPower", []string{"coalitions"}, book(votingBook(3, 4), counting(func(ctx context.Context, v *crossholding.Votes) error {
			_, err := network.ControlPower(ctx, v, network.CoalitionOptions{})
			return err
		}))},
		{"network.IndirectPower", []string{"pivots", "power"}, book(votingBook(3, 5), counting(func(ctx context.Context, v *crossholding.Votes) error {
			_, err := network.IndirectPower(ctx, v, "n3-0")
			return err
		}))},
		{"network.EstimateIndirectPower", []string{"draws"}, book(votingBook(3, 5), counting(func(ctx context.Context, v *crossholding.Votes) error {
			_, err := network.EstimateIndirectPower(ctx, v, "n3-0", 20_000, 1)
			return err
		}))},
		{"RunContext", []string{"steps"}, book(votingBook(3, 5), func(ctx context.Context, a *crossholding.Alliance) error {
			_, err := scenario.Run(ctx, a, moves(30))
			return err
		})},
		{"Outcome.Crossings", []string{"crossings"}, afterwards(func(ctx context.Context, out *scenario.Outcome) error {
			_, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{})
			return err
		})},
		{"Outcome.Differences", []string{"differences"}, afterwards(func(ctx context.Context, out *scenario.Outcome) error {
			_, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
			return err
		})},
		{"Outcome.Differences of a register", []string{"differences", "groups"}, func(t *testing.T) func(context.Context) error {
			r, err := core(context.Background(), "")
			require.NoError(t, err)
			out, err := scenario.Run(t.Context(), r, scenario.Scenario{Steps: []scenario.Step{{Step: scenario.StepAdvanceDate, Date: "2026-01-01"}}})
			require.NoError(t, err)
			return func(ctx context.Context) error {
				_, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
				return err
			}
		}},
	}
}
