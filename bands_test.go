package crossholding_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func TestBandFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*crossholding.Book)
		kind   error
		says   []string
	}{
		"crossing": {func(b *crossholding.Book) { b.Stakes[0].Between = "75%-50%" }, crossholding.ErrRange,
			[]string{"stakes[0].between", "Ada in Holdings", "75% is above 50%"}},
		"negative": {func(b *crossholding.Book) { b.Stakes[0].Between = "-5%-50%" }, crossholding.ErrRange,
			[]string{"Ada in Holdings", "-5%-50%", "negative"}},
		"above 100%": {func(b *crossholding.Book) { b.Stakes[0].Between = "50%-150%" }, crossholding.ErrRange,
			[]string{"Ada in Holdings", "50%-150%", "passes 100%"}},
		"unreadable": {func(b *crossholding.Book) { b.Stakes[0].Between = "most" }, ratio.ErrNumber,
			[]string{"Ada in Holdings", `"most"`}},
		"divided by zero": {func(b *crossholding.Book) { b.Stakes[0].Between = "1/0-1/2" }, ratio.ErrDivisionByZero,
			[]string{"Ada in Holdings", "1/0"}},
		"no finite shares": {func(b *crossholding.Book) { b.Stakes[0].Between = "1/3-1/2" }, ratio.ErrNumber,
			[]string{"Ada in Holdings", "1/3 of 100 issued"}},
		"a figure besides": {func(b *crossholding.Book) { b.Stakes[0].Percent = "60" }, crossholding.ErrDuplicate,
			[]string{"Ada in Holdings", "more than 50% but less than 75%"}},
		"lots": {func(b *crossholding.Book) {
			b.Stakes[0].Lots = []crossholding.Lot{{Shares: "1", Price: "1", Currency: "GBP"}}
		}, crossholding.ErrRange, []string{"Ada in Holdings", "(50%,75%)"}},
		"least over all": {func(b *crossholding.Book) { b.Stakes[1].Between = "60% or more" }, crossholding.ErrOverAllocated,
			[]string{"2 holders hold 110% of Holdings, 10 percentage points too many: Ben 60%, Ada 50%"}},
		"least just all, but more": {func(b *crossholding.Book) { b.Stakes[1].Between = "50% or more" }, crossholding.ErrOverAllocated,
			[]string{"Holdings", "more than 100 of 100", "Ada (50%,75%)"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := booktest.Banded()
			c.change(&b)
			_, err := crossholding.New(b)
			require.ErrorIs(t, err, c.kind)
			for _, s := range c.says {
				require.Contains(t, err.Error(), s)
			}
		})
	}
}

func TestBandsCanonical(t *testing.T) {
	write := func(b crossholding.Book) string {
		var out bytes.Buffer
		require.NoError(t, crossholding.WriteBook(&out, b))
		return out.String()
	}
	b := booktest.Banded()
	b.Stakes = append(b.Stakes,
		crossholding.Stake{Adds: true, Holder: "Ben", Issuer: "Trading", Between: "under 5%"},
		crossholding.Stake{Adds: true, Holder: "Ben", Issuer: "Trading", Between: "[0%,5%)"}, // twice on purpose: two holdings
		crossholding.Stake{Adds: true, Holder: "Ben", Issuer: "Trading", Percent: "1"},
		crossholding.Stake{Adds: true, Holder: "Ben", Issuer: "Trading", Between: "2%"},
	)
	want := write(b)
	require.Contains(t, want, `"between":"(25%,50%]"`)
	require.Equal(t, 2, strings.Count(want, `"between":"[0%,5%)"`))
	require.Contains(t, want, `{"holder":"Ben","issuer":"Trading","percent":"3"}`)
	slices.Reverse(b.Stakes)
	require.Equal(t, want, write(b))
	a, err := crossholding.ReadBook(strings.NewReader(want))
	require.NoError(t, err)
	require.Equal(t, want, write(a.Book()))
}

func TestBandsWantBounds(t *testing.T) {
	a := booktest.New(t, booktest.Banded())
	booktest.RequireBandsErrors(t, map[string]func() error{
		"ownership": func() error { _, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{}); return err },
		"votes":     func() error { _, err := a.Votes(t.Context(), crossholding.VotingOptions{}); return err },
		"control":   func() error { _, err := a.Control(t.Context(), crossholding.ControlOptions{}); return err },
		"control of capital": func() error {
			_, err := a.Control(t.Context(), crossholding.ControlOptions{Basis: crossholding.BasisCapital})
			return err
		},
		"beneficial owners": func() error {
			_, err := compliance.BeneficialOwners(t.Context(), a, "Trading", compliance.BeneficialOwnerOptions{})
			return err
		},
		"close links": func() error {
			_, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{})
			return err
		},
		"diagnosis": func() error { _, err := a.Diagnose(t.Context()); return err },
		"consolidation": func() error {
			_, err := compliance.Consolidate(t.Context(), a, "Holdings", compliance.ConsolidationOptions{})
			return err
		},
		"sanctions": func() error {
			_, err := compliance.Sanctions(t.Context(), a, []string{"Ada"}, compliance.SanctionsOptions{})
			return err
		},
		"value": func() error { _, err := a.Value(crossholding.Market{}, crossholding.ValuationOptions{}); return err },
	})
}

// Every question that needs exact stakes names the one that answers with bounds, if there is one.
func TestBandsErrorNamesBounds(t *testing.T) {
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "x"}, {ID: "y"}, {ID: "apart"}}, Parties: []crossholding.Party{{ID: "p", Kind: crossholding.KindPerson}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Percent: "33.3", Rounded: true}, {Holder: "x", Issuer: "y", Percent: "60"}, {Holder: "p", Issuer: "apart", Percent: "60"}}}
	a, ctx := booktest.New(t, b), t.Context()
	for _, c := range []struct {
		use string
		ask func() error
	}{
		{"Bounds.FirstPassage", func() error { _, err := a.Ownership(ctx, crossholding.OwnershipOptions{}); return err }},
		{"Bounds.FirstPassage", func() error { _, err := a.Graph().Dividends(); return err }},
		{"Bounds.Controls and Bounds.Suspended", func() error { _, err := a.Votes(ctx, crossholding.VotingOptions{}); return err }},
		{"Bounds.Controls", func() error { _, err := a.Control(ctx, crossholding.ControlOptions{}); return err }},
		{"Bounds.Controls", func() error { _, err := a.Tally(ctx, "", crossholding.VotingOptions{}); return err }},
		{"", func() error { _, err := a.Diagnose(ctx); return err }},
		{"", func() error { _, err := a.Value(crossholding.Market{}, crossholding.ValuationOptions{}); return err }},
		{"compliance.BoundSanctions", func() error {
			_, err := compliance.Sanctions(ctx, a, []string{"p"}, compliance.SanctionsOptions{})
			return err
		}},
		{"compliance.BoundSanctions", func() error {
			_, err := compliance.Sanctions(ctx, a, []string{"p"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
			return err
		}},
		{"compliance.BoundBeneficialOwners", func() error {
			_, err := compliance.BeneficialOwners(ctx, a, "y", compliance.BeneficialOwnerOptions{})
			return err
		}},
		{"compliance.BoundCloseLinks", func() error {
			_, err := compliance.CloseLinks(ctx, a, compliance.CloseLinkOptions{})
			return err
		}},
		{"compliance.BoundConsolidation", func() error {
			_, err := compliance.Consolidate(ctx, a, "x", compliance.ConsolidationOptions{})
			return err
		}},
		{"bounded.Thresholds", func() error {
			_, err := compliance.Thresholds(ctx, a, compliance.ThresholdOptions{})
			return err
		}},
		{"", func() error {
			_, err := compliance.Crossings(ctx, &scenario.Outcome{Before: a}, compliance.ThresholdOptions{})
			return err
		}},
	} {
		err := c.ask()
		var e *crossholding.BandsError
		require.ErrorAs(t, err, &e)
		require.Equal(t, c.use, e.Use)
		want := "p in x (ordinary): [33.25%,33.35%], written 33.3% and rounded: "
		if c.use != "" {
			want += "use " + c.use + ", or "
		}
		require.ErrorContains(t, err, want+"take the percentages as they are written with AsWritten")
	}
	// Where no band is behind a company, the answer is exact.
	got, err := compliance.BeneficialOwners(ctx, a, "apart", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Len(t, got.Owners, 1)
	bounds, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	require.NoError(t, err)
	part, err := bounds.FirstPassage(ctx, "p", "apart")
	require.NoError(t, err)
	require.Equal(t, "60%", part.String())
	_, err = compliance.BeneficialOwners(ctx, a, "nobody", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

func TestTightened(t *testing.T) {
	a, err := crossholding.New(booktest.Banded())
	require.NoError(t, err)
	for i, want := range []string{
		"Ada in Holdings (ordinary): (50%,75%)",
		"Ben in Holdings (ordinary): (25%,50%)", // Ada's more than 50% leave less than 50%
		"Holdings in Trading (ordinary): (25%,50%]",
	} {
		require.Equal(t, want, a.Banded()[i].String())
	}
	require.Equal(t, "(25%,50%]", a.Banded()[1].Given.String())
}

func TestAt(t *testing.T) {
	a, err := crossholding.New(booktest.Banded())
	require.NoError(t, err)
	low, err := a.WithBandsAt(ratio.Int(0))
	require.NoError(t, err)
	o, err := low.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	y, err := o.Integrated(t.Context(), "Ada", "Trading")
	require.NoError(t, err)
	require.Equal(t, "0.325", y.String()) // 20% and half of 25%
	mid, err := a.WithBandsAt(ratio.Of(1, 2))
	require.NoError(t, err)
	require.Empty(t, mid.Banded())
	require.Contains(t, mid.Book().Stakes, crossholding.Stake{Holder: "Ada", Issuer: "Holdings", Percent: "62.5"})
	_, err = a.WithBandsAt(ratio.Int(1)) // 75% and 50%
	require.ErrorIs(t, err, crossholding.ErrOverAllocated)
	require.Contains(t, err.Error(), "25 percentage points too many")
	for _, at := range []ratio.Ratio{ratio.Int(-1), ratio.Of(11, 10)} {
		_, err = a.WithBandsAt(at)
		require.ErrorIs(t, err, crossholding.ErrRange)
	}
	exact, err := low.WithBandsAt(ratio.Int(1))
	require.NoError(t, err)
	require.Same(t, low, exact)
}

// A ring of two with any bands: no text makes it fail but by name, and the
// least stakes lie within the bounds.
func FuzzBands(f *testing.F) {
	f.Add("25%-50%", "under 5%", "more than 25% but not more than 50%")
	f.Add("0%-100%", "0%-100%", "0%-100%")
	f.Add("[100%,100%]", "over 99%", "under 0.0000001%")
	f.Fuzz(func(t *testing.T, x, y, z string) {
		a, err := crossholding.New(crossholding.Book{
			Companies: []crossholding.Company{{ID: "x"}, {ID: "y"}}, Parties: []crossholding.Party{{ID: "p"}},
			Stakes: []crossholding.Stake{
				{Holder: "x", Issuer: "y", Between: x}, {Holder: "y", Issuer: "x", Between: y}, {Holder: "p", Issuer: "x", Between: z},
			},
		})
		if err != nil {
			return
		}
		b, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
		if err != nil {
			t.Fatal(err)
		}
		low, err := a.WithBandsAt(ratio.Int(0))
		if err != nil {
			t.Fatal(err)
		}
		o, err := low.Ownership(t.Context(), crossholding.OwnershipOptions{})
		for _, holder := range []string{"p", "x", "y", "float:x"} {
			got, err2 := b.Integrated(t.Context(), holder, "x")
			if (err != nil) != (err2 != nil) {
				t.Fatalf("%v but %v", err, err2)
			}
			if err != nil {
				continue
			}
			want, err := o.Integrated(t.Context(), holder, "x")
			if err != nil {
				return // nobody holds x
			}
			if want.Less(got.Lo) || !got.Unbounded && got.Hi.Less(want) {
				t.Fatalf("%s in x: %s is not within %s", holder, want, got)
			}
			if _, err := b.Controls(t.Context(), "p", "y"); err != nil && !errors.Is(err, crossholding.ErrUnknown) {
				t.Fatal(err)
			}
		}
	})
}
