package crossholding_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

// HeldApart leaves out the stakes in companies that are counted alike, also if the voters of a
// tally are others than those of the register.
func TestHeldApart(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	apart, alike := 0, 0
	for range testkit.Cases(300) {
		a := booktest.New(t, booktest.RandomBook(r))
		shares, err := a.Tally(t.Context(), crossholding.BasisCapital, crossholding.VotingOptions{})
		require.NoError(t, err)
		votes, err := a.Tally(t.Context(), "", crossholding.VotingOptions{Circular: crossholding.PolicyMost})
		require.NoError(t, err)
		g := a.Graph()
		nodes := []int32{int32(r.IntN(g.Len())), int32(r.IntN(g.Len()))}
		var want []int32
		for _, e := range votes.Held(nodes...) {
			c := g.Stake(e).Issuer
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
				want = append(want, e)
			}
		}
		for range 2 { // before and after the votes are listed by voter
			require.ElementsMatch(t, want, votes.HeldApart(shares, nodes...))
			_, err = votes.Group(t.Context(), crossholding.Rule{}, nodes...)
			require.NoError(t, err)
		}
	}
	require.Positive(t, apart)
	require.Positive(t, alike)
}
