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
		a, err := h.timeline.At(t.Context(), p.Date)
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
	a, err := h.timeline.At(t.Context(), "2016-04-02")
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
			a, err := h.timeline.At(t.Context(), day)
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
		a, err := h.timeline.At(t.Context(), day)
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

// TestStub: 294,322,284 shares at €59.06 were €17,383m. The 1,831,837,027 Nissan shares at
// ¥950.7 and 128.34 yen were €13,570m: €3,813m are left. Nissan Finance's 44,358,343 shares
// were €2,620m: 48,427 - 13,570 - 2,620 are 32,238, but for rounding. In 2023 the Nissan
// shares, in Renault's own name and in that of the trust, were at ¥569 and 156.84 yen €6,646m,
// and in 2024 the 1,326,231,327 that were left at ¥417.6 and 161.52 yen €3,429m.
func TestStub(t *testing.T) {
	var out strings.Builder
	h := opened(t)
	for _, q := range h.quoted {
		require.NotEmpty(t, q.Sources)
	}
	require.NoError(t, h.stubs(t.Context(), &out))
	require.Equal(t, `2018-11-20, Renault at 59.06 EUR, Nissan at 950.7 JPY, 128.34 yen a euro (Renault's price is the close of the day before)
  Renault's shares 17383 million EUR, its stakes 13570 million EUR: its own business is 3813 million EUR, 12.96 EUR a share
  Nissan's shares 31045 million EUR; with Renault's 48427 million EUR, of which outsiders own 32238 million EUR
2023-12-12, Renault at 38.005 EUR, Nissan at 569 JPY, 156.84 yen a euro (Renault's price during the day)
  Renault's shares 11089 million EUR, its stakes 6646 million EUR: its own business is 4444 million EUR, 15.23 EUR a share
  Nissan's shares 15222 million EUR; with Renault's 26311 million EUR, of which outsiders own 17980 million EUR
2024-12-18, Renault at 47.27 EUR, Nissan at 417.6 JPY, 161.52 yen a euro (Renault's price at 13:20 GMT)
  Renault's shares 13612 million EUR, its stakes 3429 million EUR: its own business is 10183 million EUR, 35.36 EUR a share
  Nissan's shares 9551 million EUR; with Renault's 23162 million EUR, of which outsiders own 17637 million EUR
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
