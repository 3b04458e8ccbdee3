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

// TestValid has days at the ends of months and of leap years, and texts of which one byte differs
// from a day.
func TestValid(t *testing.T) {
	for day, want := range map[date.Date]bool{
		"0000-01-01": true, "0001-01-01": true, "9999-12-31": true, "2023-01-31": true, "2023-01-32": false, "2023-01-00": false,
		"2024-02-29": true, "2024-02-30": false, "2023-02-28": true, "2023-02-29": false, "2000-02-29": true, "1900-02-29": false,
		"2100-02-29": false, "0400-02-29": true, "2023-04-30": true, "2023-04-31": false, "2023-06-31": false, "2023-09-31": false,
		"2023-11-31": false, "2023-12-31": true, "2023-00-10": false, "2023-13-10": false,
		"": false, "2024-02-2": false, "2024-02-290": false, " 2024-02-29": false, "２024-2-29": false, "2024/02/29": false,
	} {
		require.Equal(t, want, day.Valid(), "%q", day)
	}
	for i := range "2024-02-29" {
		for c := range 256 {
			s := []byte("2024-02-29")
			if s[i] = byte(c); i == 4 || i == 7 {
				require.Equal(t, c == '-', date.Date(s).Valid(), "%q", s)
			} else if c < '0' || c > '9' {
				require.False(t, date.Date(s).Valid(), "%q", s)
			}
		}
	}
}
