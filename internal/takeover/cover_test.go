package takeover

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// The cheapest lots are those of all numbers of lots, also where the last lot of an offer has far
// more weight than is needed.
func TestCoveringAgainstAllNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 47))
	for range testkit.Cases(20_000) {
		items := make([]item, 1+r.IntN(4))
		for i := range items {
			items[i] = item{offer: i, most: int64(1 + r.IntN(4)), cost: ratio.Int(r.Int64N(120)), weight: ratio.Int(1 + r.Int64N([]int64{3, 9, 40}[r.IntN(3)]))}
		}
		need := int64(1 + r.IntN(40))
		least, found := cheapest(items, need)
		_, cost, bound, ok := newCovering(items, ratio.Int(need), true).solve()
		require.Equal(t, found, ok, "%v for %d", items, need)
		if found {
			require.Equal(t, ratio.Int(least).String(), cost.String(), "%v for %d", items, need)
			require.Equal(t, cost.String(), bound.String())
		}
	}
}

// cheapest tries all numbers of lots.
func cheapest(items []item, need int64) (least int64, found bool) {
	if need <= 0 {
		return 0, true
	}
	if len(items) == 0 {
		return 0, false
	}
	cost, _, _ := items[0].cost.Small()
	weight, _, _ := items[0].weight.Small()
	for n := range items[0].most + 1 {
		rest, ok := cheapest(items[1:], need-n*weight)
		if all := rest + n*cost; ok && (!found || all < least) {
			least, found = all, true
		}
	}
	return least, found
}
