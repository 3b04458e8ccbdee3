package crossholding_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// TestStakeChangeIsFresh changes one stake of a register and compares the owners of its company,
// and of others, with those of the register that is read with the stake changed.
func TestStakeChangeIsFresh(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 4))
	for range testkit.Cases(3) {
		n, err := gen.Register(gen.Options{Seed: rng.Uint64(), Stakes: 1_500, Core: 30})
		require.NoError(t, err)
		before := ownership(t, readNetwork(t, n))
		for range 10 {
			e := rng.IntN(n.Stakes())
			if rng.IntN(3) == 0 { // a stake in the core
				for !slices.Contains(n.Core, n.Issuer[e]) {
					e = rng.IntN(n.Stakes())
				}
			}
			old := n.Shares[e]
			n.Shares[e] = rng.Int64N(old + 1)
			after, err := before.WithChanges(t.Context(), crossholding.Stake{Holder: n.ID(n.Holder[e]), Issuer: n.ID(n.Issuer[e]),
				Shares: ratio.Number(fmt.Sprint(n.Shares[e]))})
			require.NoError(t, err)
			fresh := ownership(t, readNetwork(t, n))
			for _, k := range []int32{n.Issuer[e], n.Core[rng.IntN(len(n.Core))]} {
				require.Equal(t, owners(t, fresh, n.ID(k)), owners(t, after, n.ID(k)))
			}
			n.Shares[e] = old
		}
	}
}

func readNetwork(t *testing.T, n *gen.Network) *crossholding.Alliance {
	var companies, stakes bytes.Buffer
	require.NoError(t, n.WriteCSV(&companies, &stakes))
	r, err := crossholding.ReadRegister(t.Context(), &companies, &stakes, crossholding.RegisterOptions{})
	require.NoError(t, err)
	return r
}

// owners lists the owners of a company with 12 places.
func owners(t *testing.T, o *crossholding.Ownership, company string) string {
	row, err := certified(t, o, crossholding.CertifiedOptions{}).Owners(t.Context(), company)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for id, share := range row.All() {
		fmt.Fprintln(&b, id, share)
	}
	return b.String()
}
