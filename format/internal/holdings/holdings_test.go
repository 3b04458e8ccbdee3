package holdings_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/internal/testkit"
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
	var days holdings.Days
	for text, want := range map[string]string{"2020-01-02": "2020-01-02", "2020-01-02T10:00:00Z": "2020-01-02", "2020-01": "2020-01", "2020": "2020", "": "",
		"soon": "bad", "2020-13-01": "bad", "20201": "bad", "2020-02-30": "bad", "2020-02-29": "2020-02-29", "2020-01-00": "bad",
		"2020-01-02Z": "bad", "2020-01-31 x": "2020-01-31", "2020-01-0x": "bad", "2020 12": "2020"} {
		day, ok := holdings.Day(text)
		if !ok {
			day = "bad"
		}
		require.Equal(t, want, string(day), text)
		for range 2 {
			again, fine := days.Day([]byte(text))
			require.Equal(t, ok, fine)
			require.True(t, !ok || again == day)
		}
	}
}

func TestChains(t *testing.T) {
	const a, b, c, x = 0, 1, 2, 9
	var chains holdings.Chains
	require.Equal(t, holdings.NoChain, chains.Find(a, c))
	chains.Add(a, b)
	chains.Add(b, c)
	chains.Add(c, b)
	require.Equal(t, holdings.Chain, chains.Find(a, c))
	require.Equal(t, holdings.Chain, chains.Find(c, c), "a ring")
	require.Equal(t, holdings.NoChain, chains.Find(c, a))
	require.Equal(t, holdings.NoChain, chains.Find(x, c))
	require.Equal(t, holdings.NoChain, chains.Find(c, x))
}

// A search ends after 10,000 holdings, and says so.
func TestChainsAreCapped(t *testing.T) {
	var chains holdings.Chains
	for i := range int32(10_001) {
		chains.Add(i+1, i)
	}
	require.Equal(t, holdings.Chain, chains.Find(10_000, 0))
	require.Equal(t, holdings.Chain, chains.Find(10_001, 0), "the last that is looked at")
	require.Equal(t, holdings.Unsought, chains.Find(20_000, 0))
}

// Random holdings: a search finds what the closure of all pairs has.
func TestChainsOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range testkit.Cases(200) {
		const n = 12
		var chains holdings.Chains
		var holds [n][n]bool
		for range rng.IntN(25) {
			h, c := rng.IntN(n), rng.IntN(n)
			chains.Add(int32(h), int32(c))
			holds[h][c] = true
		}
		for k := range n {
			for i := range n {
				for j := range n {
					holds[i][j] = holds[i][j] || holds[i][k] && holds[k][j]
				}
			}
		}
		for i := range n {
			for j := range n {
				require.Equal(t, holds[i][j], chains.Find(int32(i), int32(j)) == holdings.Chain)
			}
		}
	}
}

// Of two sizes of one holding, the later stands if it is later for certain. Otherwise the band of
// both does.
func TestPartialDays(t *testing.T) {
	for _, c := range []struct {
		days [3]date.Date // on which 10%, 20% and 30% are stated
		want string
	}{
		{[3]date.Date{"2018", "2019", "2020"}, "30%"},
		{[3]date.Date{"2019-12-31", "2020", "2020-05-01"}, "[20%,30%]"},
		{[3]date.Date{"2020", "2020-05", "2020-06"}, "[10%,30%]"},
		{[3]date.Date{"2020-04-30", "2020-05", "2020-06-01"}, "30%"},
		{[3]date.Date{"2020-05", "2020-05-31", "2020-06"}, "30%"},
		{[3]date.Date{"2020-06", "2020", "2019-01-02"}, "[10%,20%]"},
		{[3]date.Date{"", "2020-05-31", "2020-06-01"}, "[10%,30%]"},
		{[3]date.Date{"2020-05-31", "2020-05-31", "2020-06-01"}, "30%"},
		{[3]date.Date{"2021", "2021-01-01", "2020"}, "[10%,20%]"},
	} {
		var list []holdings.Holding
		for i, day := range c.days {
			list = append(list, holdings.Holding{Line: i + 1, Holder: "h", Issuer: "i", Shares: holdings.Exactly(ratio.Of(int64(i+1), 10)), Since: day})
		}
		for range 6 {
			rand.Shuffle(3, func(i, j int) { list[i], list[j] = list[j], list[i] })
			stakes, _ := holdings.Make(list, &format.Report{})
			require.Len(t, stakes, 1)
			got := stakes[0].Between
			if got == "" {
				got = string(stakes[0].Percent) + "%"
			}
			require.Equal(t, c.want, got, c.days)
		}
	}
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
