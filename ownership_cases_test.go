package crossholding_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// publishedCase is a worked example of ownership or control; a stake is
// holder, issuer and percent. See testdata/ownership/SOURCES.md.
type publishedCase struct {
	ID             string
	Source         string
	Stakes         [][3]string
	IntegratedRows map[string][]string `json:"integrated_rows"`
	Integrated     map[string]string   `json:"integrated_percent"`
	OwnersOfC      map[string]string   `json:"owners_of_C"`
	Controlled     []string            `json:"controlled_by_P"`
	NotControlled  []string            `json:"not_controlled"`
	ControlPercent map[string]string   `json:"control_percent"`
	Controls       []string
	Close          map[string]string
	Note           string
	Cases          []publishedCase
}

func publishedCases(t *testing.T) []publishedCase {
	t.Helper()
	text, err := os.ReadFile("testdata/ownership/cases.json")
	require.NoError(t, err)
	var file struct {
		About string
		Cases []publishedCase
	}
	require.NoError(t, json.Unmarshal(text, &file))
	var out []publishedCase
	for _, c := range file.Cases {
		if len(c.Cases) == 0 {
			out = append(out, c)
		}
		for i, part := range c.Cases {
			part.ID, part.Source = c.ID+"/"+string(rune('a'+i)), c.Source
			out = append(out, part)
		}
	}
	return out
}

func TestPublishedCases(t *testing.T) {
	for _, c := range publishedCases(t) {
		if c.Close != nil {
			continue // paths in a book over 100%: TestPublishedPaths
		}
		t.Run(c.ID, func(t *testing.T) {
			a, err := crossholding.New(booktest.Percents(c.Stakes...))
			require.NoError(t, err)
			checkPublishedOwnership(t, a, c)
			checkPublishedControl(t, a, c)
		})
	}
}

func checkPublishedOwnership(t *testing.T, a *crossholding.Alliance, c publishedCase) {
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for holder, row := range c.IntegratedRows {
		for i, want := range row {
			issuer := "A" + string(rune('1'+i))
			got, err := o.Integrated(t.Context(), holder, issuer)
			require.NoError(t, err)
			places := len(want) - strings.IndexByte(want, '.') - 1
			sameDecimal(t, want, got.Decimal(places).String(), holder, issuer)
		}
	}
	for pair, want := range c.Integrated {
		holder, issuer, _ := strings.Cut(pair, ">")
		got, err := o.Integrated(t.Context(), holder, issuer)
		require.NoError(t, err)
		sameDecimal(t, want, got.Percent(4).String(), pair)
	}
	for holder, want := range c.OwnersOfC {
		got, err := o.Integrated(t.Context(), holder, "C")
		require.NoError(t, err)
		sameDecimal(t, want, got.Percent(4).String(), holder)
	}
	if c.ID == "T7" { // a naive series gives 111.11 percent
		got, err := o.FirstPassage(t.Context(), "P", "C1")
		require.NoError(t, err)
		require.Equal(t, "1", got.String())
		got, err = o.Integrated(t.Context(), "P", "C1")
		require.NoError(t, err)
		require.Equal(t, "10/9", got.String())
	}
}

func checkPublishedControl(t *testing.T, a *crossholding.Alliance, c publishedCase) {
	if c.Controlled == nil && c.Controls == nil {
		return
	}
	control, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	if c.Controlled != nil {
		got, err := control.Controlled(t.Context(), "P")
		require.NoError(t, err)
		require.Equal(t, c.Controlled, got)
		for _, y := range c.NotControlled {
			require.NotContains(t, got, y)
		}
		for y, want := range c.ControlPercent {
			why, err := control.Why(t.Context(), "P", y)
			require.NoError(t, err)
			votes := why.Votes
			if why.Controlled {
				votes = AllVotes(t, control, "P", y)
			}
			sameDecimal(t, want, votes.String(), y) // of 100
		}
	}
	if c.Controls != nil {
		var got []string
		for p, err := range control.Pairs(t.Context()) {
			require.NoError(t, err)
			got = append(got, p.Controller+">"+p.Company)
		}
		want := slices.Clone(c.Controls)
		slices.Sort(want)
		require.Equal(t, want, got)
	}
}

// AllVotes adds up what a controller and all that it controls cast, which can
// be more than a minimal proof needs.
func AllVotes(t *testing.T, c *crossholding.Control, controller, company string) ratio.Ratio {
	t.Helper()
	under, err := c.Controlled(t.Context(), controller)
	require.NoError(t, err)
	var sum ratio.Ratio
	for _, who := range append(under, controller) {
		if who == company {
			continue
		}
		v, err := c.Votes().Of(who, company)
		require.NoError(t, err)
		sum = sum.Add(v.Free)
	}
	return sum
}

// sameDecimal compares decimals by value.
func sameDecimal(t *testing.T, want, got string, about ...string) {
	t.Helper()
	w, err := ratio.Parse(want)
	require.NoError(t, err)
	g, err := ratio.Parse(got)
	require.NoError(t, err)
	require.Truef(t, w.Equal(g), "%v: want %s, got %s", about, want, got)
}
