package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

// bandedGroup is a group of n companies, each held by about four others or
// outsiders in bands such as registers publish.
func bandedGroup(n int) crossholding.Book {
	r := rand.New(rand.NewPCG(uint64(n), 9))
	bands := []string{"under 25%", "more than 25% but not more than 50%", "more than 50% but less than 75%", "30%-60%", "up to 15%"}
	least := []int{0, 26, 51, 30, 0}
	var b crossholding.Book
	for i := range n {
		b.Companies = append(b.Companies, crossholding.Company{ID: fmt.Sprintf("c%05d", i)})
		b.Parties = append(b.Parties, crossholding.Party{ID: fmt.Sprintf("p%05d", i)})
	}
	for i := range n {
		left := 100
		for stake := range 4 {
			holder := b.Parties[r.IntN(n)].ID
			if j := r.IntN(n); r.IntN(2) == 0 && j != i && (j < i || r.IntN(10) == 0) {
				holder = b.Companies[j].ID
			}
			k := r.IntN(len(bands))
			if stake == 0 {
				k = 3 // a majority or not
			}
			if least[k] < left {
				left -= least[k]
				b.Stakes = append(b.Stakes, crossholding.Stake{Adds: true, Holder: holder, Issuer: b.Companies[i].ID, Between: bands[k]})
			}
		}
	}
	return b
}

func BenchmarkBounds(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10_000} {
		a, err := crossholding.New(bandedGroup(n))
		require.NoError(b, err)
		bounds, err := a.Bounds(b.Context(), crossholding.BoundsOptions{})
		require.NoError(b, err)
		last := fmt.Sprintf("c%05d", n-1)
		owners, err := bounds.Owners(b.Context(), last)
		require.NoError(b, err)
		holder := owners[len(owners)/2].Holder
		pair := doubtful(b, bounds, n)
		for _, q := range []struct {
			name string
			ask  func() error
		}{
			{"integrated", func() error { _, err := bounds.Integrated(b.Context(), holder, last); return err }},
			{"owners", func() error { _, err := bounds.Owners(b.Context(), last); return err }},
			{"controls", func() error { _, err := bounds.Controls(b.Context(), pair[0], pair[1]); return err }},
			{"controlled", func() error { _, err := bounds.Controlled(b.Context(), pair[0]); return err }},
		} {
			b.Run(fmt.Sprintf("%s/n=%d", q.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					require.NoError(b, q.ask())
				}
			})
		}
	}
}

// doubtful finds a pair whose control depends on most stakes.
func doubtful(b *testing.B, bounds *crossholding.Bounds, n int) (pair [2]string) {
	b.Helper()
	most := -1
	for i := range n {
		under, err := bounds.Controlled(b.Context(), fmt.Sprintf("p%05d", i))
		require.NoError(b, err)
		for _, v := range under {
			if len(under) > most && v.Answer == crossholding.CertaintyDepends {
				most, pair = len(under), [2]string{v.Controller, v.Company}
			}
		}
	}
	require.NotEmpty(b, pair[0])
	return pair
}
