package crossholding_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// sizes are the numbers of stakes that the benchmarks of registers run on; the
// short form is for a quick look that everything still runs.
func sizes() []int {
	if !testkit.Long() {
		return []int{10_000}
	}
	return []int{10_000, 100_000, 1_000_000, 4_000_000}
}

// benchNetwork is a generated register with what the benchmarks ask about.
type benchNetwork struct {
	*gen.Network
	companies, stakes []byte
	register          *crossholding.Alliance
	ownership         *crossholding.Ownership
	certified         *crossholding.CertifiedOwnership
	pass              time.Duration // one loop over all stakes adding up each company's votes
	cpuPass           time.Duration // the same, in time of the processors
}

var (
	networksLock sync.Mutex
	networks     = map[int]*benchNetwork{}
)

func networkOf(b testing.TB, stakes int) *benchNetwork {
	b.Helper()
	networksLock.Lock()
	defer networksLock.Unlock()
	if n := networks[stakes]; n != nil {
		return n
	}
	made, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
	require.NoError(b, err)
	n := &benchNetwork{Network: made}
	var companies, rows bytes.Buffer
	require.NoError(b, made.WriteCSV(&companies, &rows))
	n.companies, n.stakes = companies.Bytes(), rows.Bytes()
	n.register = n.read(b)
	n.ownership = ownership(b, n.register)
	n.certified = certified(b, n.ownership, crossholding.CertifiedOptions{})
	n.pass, n.cpuPass = n.onePass()
	clear(networks) // one at a time: four million stakes are 500 MB with their files
	networks[stakes] = n
	return n
}

func (n *benchNetwork) read(b testing.TB) *crossholding.Alliance {
	r, err := crossholding.ReadRegister(context.Background(), bytes.NewReader(n.companies), bytes.NewReader(n.stakes), crossholding.RegisterOptions{})
	require.NoError(b, err)
	return r
}

// onePass times the yardstick: the stakes in order of issuer, votes added up
// by company.
func (n *benchNetwork) onePass() (clock, processor time.Duration) {
	at := make([]int32, n.Nodes()+1)
	for _, c := range n.Issuer {
		at[c+1]++
	}
	for i := range n.Nodes() {
		at[i+1] += at[i]
	}
	shares, next := make([]int64, n.Stakes()), append([]int32(nil), at...)
	for e, c := range n.Issuer {
		shares[next[c]] = n.Shares[e]
		next[c]++
	}
	return testkit.Pass(at, shares)
}

// perPass reports the time of an operation in passes.
func (n *benchNetwork) perPass(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(n.pass), "passes")
}

// passes runs work and reports its time in passes: of the clock, and of the processors
// with those that clean up memory, which says more on a busy machine.
func (n *benchNetwork) passes(b *testing.B, work func()) {
	b.ReportAllocs()
	before, times := testkit.CPUTime(), 0
	for b.Loop() {
		work()
		times++
	}
	n.perPass(b)
	b.ReportMetric(float64(testkit.CPUTime()-before)/float64(times)/float64(n.cpuPass), "cpu-passes")
}

func eachSize(b *testing.B, run func(*testing.B, *benchNetwork)) {
	for _, stakes := range sizes() {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) {
			n := networkOf(b, stakes)
			runtime.GC()
			b.ReportAllocs()
			run(b, n)
		})
	}
}

// BenchmarkReadCSV reads and builds a register; csv-ratio is the time over
// that of encoding/csv reading the same bytes and doing nothing with them.
func BenchmarkReadCSV(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		start := time.Now()
		for _, file := range [][]byte{n.companies, n.stakes} {
			r := csv.NewReader(bytes.NewReader(file))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); err == io.EOF {
					break
				}
			}
		}
		alone := time.Since(start)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var r *crossholding.Alliance
		for b.Loop() {
			r = n.read(b)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(alone), "csv-ratio")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n.Stakes()), "kept-B/stake")
		runtime.KeepAlive(r)
	})
}

// BenchmarkReadSnapshot reads a register from its snapshot, on all cores; csv-ratio is the time
// over that of reading the CSV files.
func BenchmarkReadSnapshot(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		var file bytes.Buffer
		require.NoError(b, n.register.WriteSnapshot(b.Context(), &file))
		start := time.Now()
		n.read(b)
		alone := time.Since(start)
		for b.Loop() {
			_, err := crossholding.ReadSnapshot(b.Context(), bytes.NewReader(file.Bytes()), crossholding.RegisterOptions{})
			require.NoError(b, err)
		}
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(alone), "csv-ratio")
		b.ReportMetric(float64(file.Len())/float64(n.Stakes()), "file-B/stake")
	})
}

// BenchmarkWriteSnapshot writes a register as a snapshot.
func BenchmarkWriteSnapshot(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		for b.Loop() {
			require.NoError(b, n.register.WriteSnapshot(b.Context(), io.Discard))
		}
	})
}

// BenchmarkControl finds every company's controllers and ultimate controller.
func BenchmarkControl(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		for b.Loop() {
			c, err := n.register.Control(b.Context(), crossholding.ControlOptions{})
			require.NoError(b, err)
			_, err = c.Ultimate(b.Context(), "C0000001")
			require.NoError(b, err)
		}
		n.perPass(b)
	})
}

// BenchmarkPairs lists all pairs of control, as ids and as nodes, once control is known.
func BenchmarkPairs(b *testing.B) {
	list := func(ask func(*testing.B, *benchNetwork) func(context.Context) int) func(*testing.B) {
		return func(b *testing.B) {
			eachSize(b, func(b *testing.B, n *benchNetwork) {
				again, count := ask(b, n), 0
				before := testkit.CPUTime()
				for b.Loop() {
					count += again(b.Context())
				}
				b.ReportMetric(float64(count)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
				b.ReportMetric(float64(count)/(testkit.CPUTime()-before).Seconds()/1e6, "Mpairs/cpu-s")
			})
		}
	}
	b.Run("ids", list(func(b *testing.B, n *benchNetwork) func(context.Context) int {
		c, err := n.register.Control(b.Context(), crossholding.ControlOptions{})
		require.NoError(b, err)
		_, err = c.Ultimate(b.Context(), "C0000001")
		require.NoError(b, err)
		return func(ctx context.Context) int { return count(b, c.Pairs(ctx)) }
	}))
	b.Run("nodes", list(func(b *testing.B, n *benchNetwork) func(context.Context) int {
		votes, err := n.register.Tally(b.Context(), "", crossholding.VotingOptions{})
		require.NoError(b, err)
		chains, err := votes.Chains(b.Context(), crossholding.Rule{})
		require.NoError(b, err)
		return func(ctx context.Context) int { return count(b, chains.Pairs(ctx)) }
	}))
}

// BenchmarkInterests lists the interests of all holders as certified decimals, up to twenty
// million of them, as ids and as nodes.
func BenchmarkInterests(b *testing.B) {
	const most = 20_000_000
	list := func(ask func(b *testing.B, c *crossholding.CertifiedOwnership) (rows int)) func(*testing.B) {
		return func(b *testing.B) {
			eachSize(b, func(b *testing.B, n *benchNetwork) {
				rows := 0
				before := testkit.CPUTime()
				for b.Loop() {
					rows += ask(b, n.certified)
				}
				b.ReportMetric(float64(rows)/b.Elapsed().Seconds()/1e6, "Mrows/s")
				b.ReportMetric(float64(rows)/(testkit.CPUTime()-before).Seconds()/1e6, "Mrows/cpu-s")
			})
		}
	}
	answered := func(b *testing.B, err error) {
		if err != nil && !errors.Is(err, crossholding.ErrNoOutsideOwner) {
			b.Fatal(err)
		}
	}
	b.Run("ids", list(func(b *testing.B, c *crossholding.CertifiedOwnership) (rows int) {
		for _, err := range c.Interests(b.Context()) {
			answered(b, err)
			if rows++; rows == most {
				break
			}
		}
		return rows
	}))
	b.Run("nodes", list(func(b *testing.B, c *crossholding.CertifiedOwnership) (rows int) {
		for in, err := range c.NodeInterests(b.Context()) {
			answered(b, err)
			if rows += len(in.Companies); rows >= most {
				break
			}
		}
		return rows
	}))
}

func count[T any](b *testing.B, list iter.Seq2[T, error]) (n int) {
	for _, err := range list {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}

// BenchmarkHoldings asks for all that a fund owns, to 12 certified places,
// with the strongly connected parts already factored.
func BenchmarkHoldings(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		_, err := n.certified.Holdings(b.Context(), "F0000000")
		require.NoError(b, err)
		for b.Loop() {
			_, err := n.certified.Holdings(b.Context(), "F0000000")
			require.NoError(b, err)
		}
		n.perPass(b)
	})
}

// BenchmarkOwners asks for all owners of one company, a hundred companies in
// turn.
func BenchmarkOwners(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		i := 0
		for b.Loop() {
			i++
			_, err := n.certified.Owners(b.Context(), n.ID(int32(i%100*(n.Companies()/100))))
			require.NoError(b, err)
		}
		n.perPass(b)
	})
}

// BenchmarkInvariant adds up what all outside owners own of every company.
func BenchmarkInvariant(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		for b.Loop() {
			require.NoError(b, n.certified.Check(b.Context()))
		}
		n.perPass(b)
	})
}

// BenchmarkControlWithFacts finds every company's controllers with one fact of control for
// 40 stakes. The metric facts-ratio compares the time with that of control without facts, and
// cpu-ratio the time of the processors.
func BenchmarkControlWithFacts(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		r := rand.New(rand.NewPCG(1, 40))
		ids := n.register.Graph()
		var facts []crossholding.ControlFact
		for len(facts) < n.Stakes()/40 {
			x, y := int32(r.IntN(ids.Len())), int32(r.IntN(ids.Len()))
			if x != y && ids.HasShares(y) {
				facts = append(facts, crossholding.ControlFact{Controller: ids.ID(x), Company: ids.ID(y),
					By: crossholding.ControlByAppointment, Source: fmt.Sprint(len(facts))})
			}
		}
		with, err := crossholding.ReadRegister(b.Context(), bytes.NewReader(n.companies), bytes.NewReader(n.stakes), crossholding.RegisterOptions{Controls: facts})
		require.NoError(b, err)
		ask := func(register *crossholding.Alliance) (clock, processor time.Duration) {
			start, before := time.Now(), testkit.CPUTime()
			c, err := register.Control(b.Context(), crossholding.ControlOptions{})
			require.NoError(b, err)
			_, err = c.Ultimate(b.Context(), "C0000001")
			require.NoError(b, err)
			return time.Since(start), testkit.CPUTime() - before
		}
		ask(with) // the first question puts the facts in order
		var votes, both, votesCPU, bothCPU time.Duration
		for b.Loop() {
			clock, processor := ask(n.register)
			votes, votesCPU = votes+clock, votesCPU+processor
			clock, processor = ask(with)
			both, bothCPU = both+clock, bothCPU+processor
		}
		b.ReportMetric(float64(both)/float64(votes), "facts-ratio")
		b.ReportMetric(float64(bothCPU)/float64(votesCPU), "cpu-ratio")
	})
}

// BenchmarkRegisterValue values every stake of a register at a price for each company, and
// adds up the amounts, in three ways: by the number of the stake; with holder, issuer and
// shares; and all companies through one another.
func BenchmarkRegisterValue(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		v, err := n.register.Value(n.market(), crossholding.ValuationOptions{}) // reads the prices
		require.NoError(b, err)
		b.Run("amounts", func(b *testing.B) {
			n.passes(b, func() {
				for e := range int32(n.Stakes()) {
					if m, err := v.Amount(e); err != nil || m.Amount.Sign() <= 0 {
						b.Fatal(m, err)
					}
				}
			})
		})
		b.Run("stakes", func(b *testing.B) {
			n.passes(b, func() {
				count := 0
				for s := range v.Stakes() {
					if _, err := s.Value(); err != nil {
						b.Fatal(err)
					}
					count++
				}
				require.GreaterOrEqual(b, count, n.Stakes()/2)
			})
		})
	})
}

// BenchmarkOwnersAbove finds the outside owners of more than a quarter of every company.
func BenchmarkOwnersAbove(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		for _, threshold := range []string{"1/4", "1/10"} {
			b.Run("threshold="+threshold, func(b *testing.B) {
				found := 0
				n.passes(b, func() {
					found = 0
					for _, err := range n.ownership.OwnersAbove(b.Context(), ratio.MustParse(threshold), false) {
						if err != nil {
							b.Fatal(err)
						}
						found++
					}
				})
				b.ReportMetric(float64(found), "owners")
			})
		}
	})
}

// BenchmarkCertifiedOwnersAbove finds those of more than a tenth, with 12 certified places.
func BenchmarkCertifiedOwnersAbove(b *testing.B) {
	eachSize(b, func(b *testing.B, n *benchNetwork) {
		n.passes(b, func() { count(b, n.certified.OwnersAbove(b.Context(), ratio.Of(1, 10), false)) })
	})
}

// market has a price in whole cents for each company.
func (n *benchNetwork) market() crossholding.Market {
	m := crossholding.Market{Currency: "EUR", Prices: map[string]string{}}
	g := n.register.Graph()
	for c := range int32(g.Len()) {
		if g.HasShares(c) {
			m.Prices[g.ID(c)] = fmt.Sprintf("%d.%02d EUR", 1+c%90, c%100)
		}
	}
	return m
}
