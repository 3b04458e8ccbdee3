package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// benchBook is n companies under one law, each held by four others, most of
// them further up, so that a tenth of the holdings close cycles.
func benchBook(n int, country string) crossholding.Book {
	rnd := rand.New(rand.NewPCG(uint64(n), 7))
	var b crossholding.Book
	for i := range n {
		b.Companies = append(b.Companies, crossholding.Company{
			ID: fmt.Sprintf("c%05d", i), Country: country, Listed: true,
			Shares: []crossholding.ShareClass{{Issued: "1000000", Treasury: "10000"}},
		})
	}
	for i := range n {
		for range min(4, n-1) {
			j := rnd.IntN(n)
			if rnd.IntN(10) > 0 && i > 0 {
				j = rnd.IntN(i)
			}
			if j == i {
				continue
			}
			b.Stakes = append(b.Stakes, crossholding.Stake{
				Holder: b.Companies[j].ID, Issuer: b.Companies[i].ID,
				Shares: ratio.Number(fmt.Sprint(20_000 + rnd.IntN(220_000))), Adds: true,
			})
		}
	}
	return b
}

// BenchmarkVotes counts the votes of every meeting, by number of companies and by statute. A
// book that leads in a circle is counted by policy.
func BenchmarkVotes(b *testing.B) {
	for _, n := range []int{3, 10, 100, 1000, 10000} {
		for _, law := range []string{"nolaw", "DE", "ES", "FR", "IT", "JP", "KR", "TW", "US-CA", "US-DE"} {
			if n > 3 && n < 10000 && law != "nolaw" && law != "FR" && law != "JP" {
				continue
			}
			b.Run(fmt.Sprintf("companies=%d/law=%s", n, law), func(b *testing.B) {
				country := law
				if law == "nolaw" {
					country = "AE"
				}
				book := benchBook(n, country)
				a, err := crossholding.New(book)
				require.NoError(b, err)
				var ids []string
				for _, c := range book.Companies {
					ids = append(ids, c.ID)
				}
				opt := crossholding.VotingOptions{NoLaw: law == "nolaw", Circular: crossholding.PolicyMost}
				b.ReportAllocs()
				for b.Loop() {
					v, err := a.Votes(b.Context(), opt)
					if err != nil {
						b.Fatal(err)
					}
					for _, id := range ids {
						if _, err := v.Meeting(id); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

// BenchmarkAllianceVotesAndControl counts the alliance's votes with every
// statute, lists them, and finds who controls Nissan Finance. The metric
// plain/op says how many counts without law or contract take as long.
func BenchmarkAllianceVotesAndControl(b *testing.B) {
	for _, c := range []struct {
		name string
		book crossholding.Book
	}{{"before", before2023()}, {"after", after2023()}} {
		a, err := crossholding.New(c.book)
		require.NoError(b, err)
		plain := func() {
			v, err := a.Votes(b.Context(), crossholding.VotingOptions{NoLaw: true, NoContracts: true})
			require.NoError(b, err)
			for range v.Rows() {
			}
		}
		full := func() {
			c, err := a.Control(b.Context(), crossholding.ControlOptions{})
			require.NoError(b, err)
			for range c.Votes().Rows() {
			}
			_, err = c.Controls(b.Context(), "renault", "nissan-finance")
			require.NoError(b, err)
		}
		b.Run("book="+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				full()
			}
			b.ReportMetric(ratioOfTimes(full, plain), "plain/op")
		})
		b.Run("book="+c.name+"/plain", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				plain()
			}
		})
	}
}

// ratioOfTimes says how many times as long f takes as g: the best of twenty
// runs of each, taken in turn.
func ratioOfTimes(f, g func()) float64 {
	best := [2]time.Duration{1 << 62, 1 << 62}
	for range 20 {
		for i, h := range []func(){f, g} {
			start := time.Now()
			for range 50 {
				h()
			}
			best[i] = min(best[i], time.Since(start))
		}
	}
	return float64(best[0]) / float64(best[1])
}
