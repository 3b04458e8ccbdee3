package span_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/span"
)

// A span has another day just if the same periods go on on both and on all days between them.
func TestHas(t *testing.T) {
	day := func(n int) date.Date { return date.Date(fmt.Sprintf("2024-01-%02d", n)) }
	r := rand.New(rand.NewPCG(3, 7))
	for range 500 {
		at := 1 + r.IntN(31)
		around := span.Around(day(at))
		periods := make([][2]date.Date, r.IntN(4))
		for i := range periods {
			from := 1 + r.IntN(20)
			if periods[i][0] = day(from); r.IntN(3) == 0 {
				periods[i][0] = ""
			}
			if r.IntN(2) == 0 {
				periods[i][1] = day(from + r.IntN(10))
			}
			around.Add(periods[i][0], periods[i][1])
		}
		same := func(a, b int) bool {
			for _, p := range periods {
				if date.Within(day(a), p[0], p[1]) != date.Within(day(b), p[0], p[1]) {
					return false
				}
			}
			return true
		}
		for _, way := range []int{-1, 1} {
			unchanged := true
			for n := at; 1 <= n && n <= 31; n += way {
				unchanged = unchanged && same(at, n)
				require.Equal(t, unchanged, around.Has(day(n)), "%s and %s with %q", day(at), day(n), periods)
			}
		}
	}
}

func TestNoDay(t *testing.T) {
	undated, dated := span.Around(""), span.Around("2024-01-01")
	require.True(t, undated.Has(""))
	require.False(t, undated.Has("2024-01-01"))
	require.False(t, dated.Has(""))
	require.True(t, dated.Has("1999-01-01"), "no period begins or ends")
}
