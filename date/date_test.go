package date_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
)

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		day  date.Date
		n    int
		want date.Date
	}{
		{"2024-01-31", 1, "2024-02-29"}, {"2023-01-31", 1, "2023-02-28"}, {"2024-12-15", 1, "2025-01-15"}, {"2024-01-15", -1, "2023-12-15"},
		{"2024-03-31", 12, "2025-03-31"}, {"2024-05-31", 0, "2024-05-31"}, {"2024-10-31", -4, "2024-06-30"},
		{"9999-12-01", 1, "9999-12-01"}, {"0000-01-01", -1, "0000-01-01"}, {"2024-02-30", 1, "2024-02-30"}, {"", 1, ""},
		{"2024-01-01", math.MaxInt, "2024-01-01"}, {"2024-01-01", math.MinInt, "2024-01-01"},
	} {
		got := c.day.AddMonths(c.n)
		require.Equal(t, c.want, got, "%s + %d", c.day, c.n)
	}
}
