package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

// bandedRing is n companies, each held in bands by the next of a ring, by others
// of it and by two parties.
func bandedRing(n, others int) crossholding.Book {
	r := rand.New(rand.NewPCG(uint64(n), uint64(others)))
	b := crossholding.Book{Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}}
	id := func(i int) string { return fmt.Sprintf("c%05d", i%n) }
	for i := range n {
		b.Companies = append(b.Companies, crossholding.Company{ID: id(i)})
		hold := func(holder, between string) {
			b.Stakes = append(b.Stakes, crossholding.Stake{Adds: true, Holder: holder, Issuer: id(i), Between: between})
		}
		least := 20 + r.IntN(20)
		hold(id(i+1), fmt.Sprintf("%d%%-%d%%", least, least+r.IntN(30)))
		for k := range others {
			hold(id(i+2+k*n/(others+1)), fmt.Sprintf("more than %d%% but not more than %d%%", r.IntN(5), 5+r.IntN(10)))
		}
		hold("p", "under 25%")
		if i%3 == 0 {
			hold("q", "up to 15%")
		}
	}
	return b
}

// Floats find the extreme completion, so that fractions are worked out hardly
// more than once for each question.
func TestWarmStartSavesSolutions(t *testing.T) {
	for name, b := range map[string]crossholding.Book{
		"ring": bandedRing(testkit.Size(20, 60), 0), "dense ring": bandedRing(testkit.Size(14, 40), 3), "group": bandedGroup(testkit.Size(60, 300)),
	} {
		t.Run(name, func(t *testing.T) {
			bounds, err := booktest.New(t, b).Bounds(t.Context(), crossholding.BoundsOptions{MaxRounds: 2})
			require.NoError(t, err)
			for _, c := range b.Companies[max(0, len(b.Companies)-3):] {
				owners, err := bounds.Owners(t.Context(), c.ID)
				require.NoError(t, err)
				require.NotEmpty(t, owners)
			}
		})
	}
}

// BenchmarkBoundsRing asks for all owners of one company of a ring.
func BenchmarkBoundsRing(b *testing.B) {
	for _, others := range []int{0, 3} {
		for _, n := range []int{25, 50, 100} {
			a, err := crossholding.New(bandedRing(n, others))
			require.NoError(b, err)
			b.Run(fmt.Sprintf("others=%d/n=%d", others, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					bounds, err := a.Bounds(b.Context(), crossholding.BoundsOptions{})
					require.NoError(b, err)
					_, err = bounds.Owners(b.Context(), "c00000")
					require.NoError(b, err)
				}
			})
		}
	}
}
