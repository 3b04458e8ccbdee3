package booktest_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
)

func TestBook(t *testing.T) {
	b := booktest.Alliance(t, "p 60 a", "a 50 b").Book()
	require.Equal(t, []crossholding.Company{{ID: "a"}, {ID: "b"}}, b.Companies)
	require.Equal(t, []crossholding.Party{{ID: "p"}}, b.Parties)
	require.Len(t, b.Stakes, 2)
}

// A world is its book, whatever the names are.
func TestWorld(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		w := booktest.RandomWorld(r, 5, 3)
		a := w.Alliance(t)
		other, names := w.Renamed(r)
		b := booktest.New(t, other)
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		renamed, err := b.Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		for i, holder := range w.IDs {
			for j := range w.Companies {
				if i == j {
					continue
				}
				held, err := o.Capital(holder, w.IDs[j])
				require.NoError(t, err)
				require.Zero(t, w.Held[i][j].Cmp(held.Rat()))
				again, err := renamed.Capital(names[holder], names[w.IDs[j]])
				require.NoError(t, err)
				require.True(t, held.Equal(again))
			}
		}
		everyone := w.Fixpoint([]int{0}, func(*big.Rat, int) bool { return true })
		require.Len(t, w.Names(everyone, 0), 4)
	}
}
