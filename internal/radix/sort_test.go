package radix_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/radix"
)

func TestSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, n := range []int{0, 1, 1000, 1024, 5000} {
		for _, most := range []int32{3, 2000, 1 << 21, 1<<31 - 1} {
			for _, low := range []int32{0, most - most/3} { // numbers that share their first digit
				list := make([]int32, n)
				for i := range list {
					list[i] = low + rng.Int32N(most-low)
				}
				want := slices.Clone(list)
				slices.Sort(want)
				radix.Sort(list)
				require.Equal(t, want, list)
			}
		}
	}
}
