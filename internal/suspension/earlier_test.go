package suspension

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
)

// The time around a day has another day just if the same rules are in force on both and on all
// days between them.
func TestStillAround(t *testing.T) {
	day := func(n int) date.Date { return date.Date(fmt.Sprintf("2024-01-%02d", n)) }
	r := rand.New(rand.NewPCG(3, 7))
	for range 500 {
		rules := make([]law.Statute, r.IntN(4))
		for i := range rules {
			from := 1 + r.IntN(20)
			if rules[i].From = day(from); r.IntN(3) == 0 {
				rules[i].From = ""
			}
			if r.IntN(2) == 0 {
				rules[i].To = day(from + r.IntN(10))
			}
		}
		same := func(a, b int) bool {
			for _, s := range rules {
				if law.InForce(day(a), s.From, s.To) != law.InForce(day(b), s.From, s.To) {
					return false
				}
			}
			return true
		}
		at := 1 + r.IntN(31)
		around := stillAround(rules, day(at))
		for _, way := range []int{-1, 1} {
			unchanged := true
			for n := at; 1 <= n && n <= 31; n += way {
				unchanged = unchanged && same(at, n)
				require.Equal(t, unchanged, around.has(day(n)), "%s and %s under %+v", day(at), day(n), rules)
			}
		}
	}
}
