package radix_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/internal/testkit"
)

// text returns a random text that shares its start with others, and can end in zeros.
func text(rng *rand.Rand) string {
	s := strings.Repeat("person:", rng.IntN(4))
	for range rng.IntN(10) {
		s += string("\x00\x00ab\xff"[rng.IntN(5)])
	}
	return s
}

func TestOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range testkit.Cases(200) {
		list := make([]string, rng.IntN(3000))
		for i := range list {
			list[i] = text(rng)
		}
		got := []string{}
		for _, i := range radix.Order(len(list), func(i int32) string { return list[i] }) {
			got = append(got, list[i])
		}
		require.Equal(t, slices.Sorted(slices.Values(list)), append([]string(nil), got...))
		met := 0
		radix.Runs(len(list), func(i int32) string { return list[i] }, func(run []int32) {
			for _, i := range run {
				require.Equal(t, list[run[0]], list[i])
			}
			require.Equal(t, got[met], list[run[0]])
			met += len(run)
			require.True(t, met == len(got) || got[met] != list[run[0]])
		})
		require.Equal(t, len(list), met)
		byBytes := radix.Order(len(list), func(i int32) []byte { return []byte(list[i]) })
		require.True(t, slices.IsSortedFunc(byBytes, func(a, b int32) int { return strings.Compare(list[a], list[b]) }))
	}
}

// Pairs with the same key stay in order.
func TestPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round, n := range []int{0, 1, 2, 255, 256, 257, 5000, 300, 301, 302, 303, 304, 305, 306} {
		p := radix.NewPairs(n)
		want := make([][2]uint64, n)
		differ, shared := rng.Uint64(), rng.Uint64()
		for range round % 4 {
			differ &= rng.Uint64() // fewer bits
		}
		for i := range p.Keys {
			p.Keys[i] = rng.Uint64N(50) << (rng.IntN(3) * 20)
			if n < 5000 {
				p.Keys[i] = rng.Uint64()&differ | shared&^differ
			}
			want[i] = [2]uint64{p.Keys[i], uint64(i)}
		}
		slices.SortFunc(want, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
		p.Sort()
		for i, w := range want {
			require.Equal(t, w, [2]uint64{p.Keys[i], uint64(p.Numbers[i])})
		}
	}
}

func TestEight(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		a, b := text(rng), text(rng)
		if x, y := radix.Eight(a, 0), radix.Eight([]byte(b), 0); x < y {
			require.Negative(t, bytes.Compare([]byte(a), []byte(b)))
		}
	}
}
