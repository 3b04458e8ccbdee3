package holdings_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

func TestWritten(t *testing.T) {
	for text, want := range map[string]string{
		"25,5 %": "25.5%", "33 1/3": "1/3", "75 - 100%": "[75%,100%]", "50%+": "[50%,100%]", "<0.01%": "[0%,0.01%)", "n/a": "not stated", "": "not stated",
		"~30%": "30% about", "105": "bad", "half": "bad",
	} {
		got := "not stated"
		size, about, err := holdings.Written(text)
		switch {
		case err != nil:
			got = "bad"
		case size.Stated:
			got = size.String()
		}
		if about {
			got += " about"
		}
		require.Equal(t, want, got, text)
	}
}

func TestHull(t *testing.T) {
	size := func(text string) holdings.Size {
		s, _, err := holdings.Written(text)
		require.NoError(t, err)
		return s
	}
	for _, c := range [][3]string{{"10", "20", "[10%,20%]"}, {"", "20", "20%"}, {"20", "", "20%"}, {"(10%,20%)", "[10%,20%]", "[10%,20%]"}, {"[5%,20%)", "20", "[5%,20%]"}} {
		require.Equal(t, c[2], holdings.Hull(size(c[0]), size(c[1])).String(), c)
	}
}

func TestPeriod(t *testing.T) {
	for _, c := range []struct {
		from, end, day date.Date
		began, ended   bool
		guess          bool
	}{
		{"", "", "", true, false, false},
		{"2020-01-02", "", "2020-01-02", true, false, false},
		{"2020-01-02", "", "2020-01-01", false, false, false},
		{"2020", "", "2020-01-01", true, false, true},
		{"", "2020-01-02", "", true, true, false},
		{"", "2020-01-02", "2020-01-02", true, true, false},
		{"", "2020-01-02", "2020-01-01", true, false, false},
		{"", "2020-01", "2020-01-31", true, false, true},
		{"", "2020-01", "2020-02-01", true, true, false},
	} {
		p := holdings.Period{From: c.from, End: c.end}
		began, guess1 := p.Began(c.day)
		ended, guess2 := p.Ended(c.day)
		require.Equal(t, []bool{c.began, c.ended, c.guess}, []bool{began, ended, guess1 || guess2}, c)
	}
	require.Equal(t, date.Date("2020-02-29"), holdings.Period{End: "2020-03-01"}.Last())
	require.Equal(t, date.Date("2020-03-01"), holdings.EndOf("2020-02-29"))
}

func TestDay(t *testing.T) {
	for text, want := range map[string]string{"2020-01-02": "2020-01-02", "2020-01-02T10:00:00Z": "2020-01-02", "2020-01": "2020-01", "2020": "2020", "": "",
		"soon": "bad", "2020-13-01": "bad", "20201": "bad"} {
		day, ok := holdings.Day(text)
		if !ok {
			day = "bad"
		}
		require.Equal(t, want, string(day), text)
	}
}

func TestChains(t *testing.T) {
	var c holdings.Chains
	c.Add("a", "b")
	c.Add("b", "c")
	c.Add("c", "b")
	require.True(t, c.Holds("a", "c"))
	require.False(t, c.Holds("c", "a"))
	require.False(t, c.Holds("x", "c"))
}

func TestFloor(t *testing.T) {
	require.Equal(t, "33.33%", holdings.Floor(ratio.Of(1, 3), 2).PercentString())
}

// Many notes take no more memory than the report, and are counted.
func TestNotesAreBounded(t *testing.T) {
	var list []holdings.Holding
	for i := range 30_000 {
		list = append(list, holdings.Holding{Line: 30_000 - i, Holder: "h", Issuer: fmt.Sprintf("c%05d", i)})
	}
	var report format.Report
	stakes, split := holdings.Make(list, &report)
	require.Len(t, stakes, 30_000)
	require.Empty(t, split)
	require.Equal(t, map[string]int{"unknown": 30_000}, report.Guessed.Counts)
	require.Equal(t, 30_000, report.Guessed.Len())
	require.Len(t, report.Guessed.List, 1000)
	require.Equal(t, 1000, report.Guessed.List[999].Line)
}
