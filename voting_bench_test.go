package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/crossholding/crossholding"
	"github.com/stretchr/testify/require"
)

// benchBook is n companies under one law, each held by four others, most of
// them further up, so that a tenth of the holdings close circles.
func benchBook(n int, country string) crossholding.Book {
	rnd := rand.New(rand.NewPCG(uint64(n), 7))
	var b crossholding.Book
	for i := range n {
		b.Companies = append(b.Companies, crossholding.Company{ID: fmt.Sprintf("c%05d", i), Country: country, Listed: true,
			Shares: []crossholding.ShareClass{{Issued: "1000000", Treasury: "10000"}}})
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
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: b.Companies[j].ID, Issuer: b.Companies[i].ID,
				Shares: crossholding.Number(fmt.Sprint(20_000 + rnd.IntN(220_000)))})
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
					country = "CH"
				}
				book := benchBook(n, country)
				a, err := crossholding.New(book)
				require.NoError(b, err)
				var ids []string
				for _, c := range book.Companies {
					ids = append(ids, c.ID)
				}
				opt := crossholding.VotingOptions{NoLaw: law == "nolaw", Circular: crossholding.PolicySilence}
				b.ReportAllocs()
				for b.Loop() {
					v, err := a.Votes(opt)
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
// statute and finds who controls Nissan Finance, and states how many counts
// without law or contract take as long: "plain".
func BenchmarkAllianceVotesAndControl(b *testing.B) {
	for _, c := range []struct {
		name string
		book crossholding.Book
	}{{"before", before2023()}, {"after", after2023()}} {
		b.Run("book="+c.name, func(b *testing.B) {
			a, err := crossholding.New(c.book)
			require.NoError(b, err)
			count := func() {
				v, err := a.Votes(crossholding.VotingOptions{NoLaw: true, NoContracts: true})
				require.NoError(b, err)
				for n := range v.Rows() {
					_ = n
				}
			}
			plain := timed(count)
			b.ReportAllocs()
			for b.Loop() {
				c, err := a.Control(crossholding.ControlOptions{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := c.Controls("renault", "nissan-finance"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/plain, "plain/op")
		})
	}
	b.Run("plain", func(b *testing.B) {
		a, err := crossholding.New(before2023())
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			v, err := a.Votes(crossholding.VotingOptions{NoLaw: true, NoContracts: true})
			if err != nil {
				b.Fatal(err)
			}
			for n := range v.Rows() {
				_ = n
			}
		}
	})
}

// timed returns the nanoseconds that f takes: the best of five runs.
func timed(f func()) float64 {
	best := time.Duration(1 << 62)
	for range 5 {
		start := time.Now()
		for range 200 {
			f()
		}
		best = min(best, time.Since(start)/200)
	}
	return float64(best.Nanoseconds())
}
