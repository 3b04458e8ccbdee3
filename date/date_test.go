package date_test

import (
	"fmt"
	"math"
	"testing"
	"time"

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

// TestValidAgreesWithTime compares with package time: days at the ends of all months, and texts
// of which one byte differs from a day.
func TestValidAgreesWithTime(t *testing.T) {
	agree := func(s string) {
		_, err := time.Parse(time.DateOnly, s)
		require.Equal(t, err == nil, date.Date(s).Valid(), "%q", s)
	}
	for _, year := range []int{0, 1, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 9999} {
		for month := range 14 {
			for day := range 34 {
				agree(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
			}
		}
	}
	for i := range "2024-02-29" {
		for c := range 256 {
			s := []byte("2024-02-29")
			s[i] = byte(c)
			agree(string(s))
		}
	}
	for _, s := range []string{"", "2024-02-2", "2024-02-290", " 2024-02-29", "２024-2-29"} {
		agree(s)
	}
}
