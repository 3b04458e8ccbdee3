package crossholding_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

// Differ names the companies that are not counted alike, also if the voters of a tally are others
// than those of the register.
func TestTallyDiffer(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	apart, alike := 0, 0
	for range testkit.Cases(300) {
		a := booktest.New(t, booktest.RandomBook(r))
		shares, err := a.Tally(t.Context(), crossholding.BasisCapital, crossholding.VotingOptions{})
		require.NoError(t, err)
		votes, err := a.Tally(t.Context(), "", crossholding.VotingOptions{Circular: crossholding.PolicyMost})
		require.NoError(t, err)
		g := a.Graph()
		var want []int32
		for c := range int32(g.Len()) {
			same := shares.Base(c).Equal(votes.Base(c))
			for k, to := g.Stakes(c); k < to; k++ {
				x, n := shares.Stake(k)
				y, m := votes.Stake(k)
				same = same && x == y && n.Equal(m)
			}
			if same {
				alike++
			} else {
				apart++
				want = append(want, c)
			}
		}
		require.Equal(t, want, votes.Differ(shares))
		require.Equal(t, len(want) == 0, votes.Equal(shares))
	}
	require.Positive(t, apart)
	require.Positive(t, alike)
	other := booktest.New(t, booktest.RandomBook(r))
	one, err := other.Tally(t.Context(), crossholding.BasisCapital, crossholding.VotingOptions{})
	require.NoError(t, err)
	two, err := booktest.New(t, other.Book()).Tally(t.Context(), crossholding.BasisCapital, crossholding.VotingOptions{})
	require.NoError(t, err)
	require.Nil(t, one.Differ(two))
}
