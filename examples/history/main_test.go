package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

var dir = filepath.Join("..", "..", "testdata")

func opened(t *testing.T) *history {
	t.Helper()
	h, err := open(t.Context(), dir)
	require.NoError(t, err)
	return h
}

// TestPublishedFigures compares every published percentage with the computed one, at the
// digits that were published.
func TestPublishedFigures(t *testing.T) {
	h := opened(t)
	require.Len(t, h.published, 23)
	for _, p := range h.published {
		a, err := h.timeline.At(p.Date)
		require.NoError(t, err)
		r, err := p.Figure.At(t.Context(), a, options)
		require.NoError(t, err)
		require.True(t, p.agrees(r), "%s: %s is %s, and %s%% was published", p.Date, p.Figure, r.ShortPercent(), p.Percent)
		require.NotEmpty(t, p.Source)
		require.False(t, p.agrees(r.Add(ratio.Of(1, 100))))
	}
}

// TestDoubleVotes: 19.74% of the capital are 26.05% of all votes in April 2016, and 17.9% of
// those that can move a result. Nissan's shares have double votes too, which are suspended.
func TestDoubleVotes(t *testing.T) {
	h := opened(t)
	for _, tt := range []struct {
		kind          whatif.FigureKind
		before, after string
		parts         []string
	}{
		{whatif.Capital, "19.74", "19.74", []string{"0"}},
		{whatif.Theoretical, "19.74", "26.05", []string{"6.31"}},
		{whatif.Exercisable, "23.23", "33.61", []string{"10.38"}},
		{whatif.Free, "23.23", "17.9", []string{"-5.33"}},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			f := whatif.Figure{Kind: tt.kind, Holder: "french-state", Issuer: "renault"}
			e, err := h.timeline.Explain(t.Context(), whatif.Period{Figure: f, From: "2016-04-01", To: "2016-04-02", InOrder: true}, options)
			require.NoError(t, err)
			require.Equal(t, tt.before, e.Before.Percent(2).String())
			require.Equal(t, tt.after, e.After.Percent(2).String())
			sum := e.Before
			var parts []string
			for _, p := range e.Parts {
				sum = sum.Add(p.Amount)
				parts = append(parts, p.Amount.Percent(2).String())
			}
			require.Equal(t, tt.parts, parts)
			require.True(t, sum.Equal(e.After))
		})
	}
	a, err := h.timeline.At("2016-04-02")
	require.NoError(t, err)
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	count, err := v.Of("nissan-finance", "renault")
	require.NoError(t, err)
	require.Equal(t, "88716686", count.Theoretical.String())
	require.Zero(t, count.Exercisable.Sign())
}

// TestChangesAddUp: between any two days, the parts of each figure's change add up to it
// exactly, in the order of the steps and as Shapley values.
func TestChangesAddUp(t *testing.T) {
	h := opened(t)
	days := h.timeline.Dates()
	for i, to := range days[1:] {
		for _, p := range pairs[:5] {
			for _, inOrder := range []bool{true, false} {
				f := whatif.Figure{Kind: whatif.Free, Holder: p.holder, Issuer: p.issuer}
				e, err := h.timeline.Explain(t.Context(), whatif.Period{Figure: f, From: days[i], To: to, InOrder: inOrder, ByDay: !inOrder}, options)
				require.NoError(t, err)
				sum := e.Before
				for _, part := range e.Parts {
					sum = sum.Add(part.Amount)
				}
				require.True(t, sum.Equal(e.After), "%s from %s to %s", f, days[i], to)
			}
		}
	}
}

// TestMeetsTheOtherBooks: at the end of 2022 and of 2024 the history has the stakes of the
// alliance's other books, but for what these do not know.
func TestMeetsTheOtherBooks(t *testing.T) {
	h := opened(t)
	for day, name := range map[date.Date]string{"2022-12-31": "before", "2023-12-15": "2023-12-15", "2024-04-03": "2024-04-03", "2024-11-29": "2024-11-29"} {
		t.Run(name, func(t *testing.T) {
			a, err := h.timeline.At(day)
			require.NoError(t, err)
			text, err := os.ReadFile(filepath.Join(dir, "alliance", name+".json"))
			require.NoError(t, err)
			var got bytes.Buffer
			require.NoError(t, crossholding.WriteBook(&got, known(a.Book())))
			require.Equal(t, string(text), got.String())
		})
	}
}

// known leaves out the companies, parties and lots that the other books do not have.
func known(b crossholding.Book) crossholding.Book {
	unknown := []string{"ampere", "horse", "geely", "aramco"}
	b.Companies = slices.DeleteFunc(b.Companies, func(c crossholding.Company) bool { return slices.Contains(unknown, c.ID) })
	b.Parties = slices.DeleteFunc(b.Parties, func(p crossholding.Party) bool { return slices.Contains(unknown, p.ID) })
	b.Stakes = slices.DeleteFunc(b.Stakes, func(s crossholding.Stake) bool { return slices.Contains(unknown, s.Issuer) })
	for i := range b.Stakes {
		if b.Stakes[i].Holder == "nissan-finance" {
			b.Stakes[i].Lots = nil
		}
	}
	return b
}

// TestLockUp: from 31 March 2025 Nissan may come down to 10% of Renault, and not before.
func TestLockUp(t *testing.T) {
	h := opened(t)
	for day, can := range map[date.Date]bool{"2025-03-30": false, "2025-03-31": true} {
		a, err := h.timeline.At(day)
		require.NoError(t, err)
		_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{{Step: "trade", From: "nissan-finance", To: "float:renault", Issuer: "renault", DownTo: "11%"}}})
		require.Equal(t, can, err == nil, "%s: %v", day, err)
	}
}

// TestTold pins the whole text.
func TestTold(t *testing.T) {
	var out strings.Builder
	require.NoError(t, opened(t).tell(t.Context(), &out))
	testkit.Golden(t, filepath.Join("testdata", "history.txt"), out.String())
	for _, text := range []string{
		"19.74% [19.74%]       19.74%  26.05% [26.05%]       33.61%  17.9%",
		"renault in nissan  44.37% [44.4%]",
		"renault controls nissan-finance: renault casts 1,950,753,000 of 4,494,715,112 votes in nissan (43.4%), more than 40% and nobody else has as many",
		"state-governance: at most 17.9% of exercisable votes",
		"aramco in horse    10% [10%]",
	} {
		require.Contains(t, out.String(), text)
	}
}

// TestStub: 291,789,196 shares at €38.005 are €11,089m. The 1,831,837,027 Nissan shares in its
// own name and in that of the trust are at ¥569 and 157.13 yen €6,633m. €4,456m are left,
// €15.27 a share. Nissan Finance's 44,358,343 are €1,686m: 26,283 - 6,633 - 1,686 are 17,964.
func TestStub(t *testing.T) {
	var out strings.Builder
	h := opened(t)
	require.NoError(t, h.stubs(t.Context(), &out))
	require.Equal(t, `2023-12-12, Renault at 38.005 EUR, Nissan at 569 JPY, 157.13 yen a euro (Renault's price during the day; the rate of the European Central Bank is that of the next day)
  Renault's shares 11089 million EUR, its stakes 6633 million EUR: its own business is 4456 million EUR, 15.27 EUR a share
  Nissan's shares 15194 million EUR; with Renault's 26283 million EUR, of which outsiders own 17964 million EUR
`, out.String())
}

func TestBadFiles(t *testing.T) {
	_, err := open(t.Context(), t.TempDir())
	require.ErrorContains(t, err, "1999.json")
	_, err = readPublished(strings.NewReader(`[{"day":"2000-01-01"}]`))
	require.ErrorContains(t, err, `unknown field "day"`)
	_, err = readQuoted(strings.NewReader(`{}`))
	require.Error(t, err)
	require.False(t, (&published{Percent: "a third"}).agrees(ratio.Of(1, 3)))
}
