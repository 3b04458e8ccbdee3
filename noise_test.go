package crossholding_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// Noise of floating-point arithmetic is no holding.
func TestFloatNoise(t *testing.T) {
	for name, tc := range map[string]struct {
		book   crossholding.Book
		stakes string
		warns  string
	}{
		"too much":                  {percentages("30.000000000000004", "70"), "[30 70]", "[a in x: 30.000000000000004% is read as 30%: the difference is noise of floating-point arithmetic]"},
		"too little":                {percentages("29.999999999999996", "70"), "[30 70]", "[a in x: 29.999999999999996% is read as 30%: the difference is noise of floating-point arithmetic]"},
		"in the sum":                {percentages("33.333333333333336", "33.333333333333336", "33.333333333333336"), "[33.333333333333328 33.333333333333336 33.333333333333336]", "[x (ordinary): stakes exceed the outstanding shares by 0.000000000000008, noise of floating-point arithmetic, which is taken off that of a]"},
		"sum that fits":             {percentages("33.333333333333336", "33.333333333333336"), "[33.333333333333336 33.333333333333336]", "[]"},
		"exact digits":              {percentages("30.00000000000000000004", "60"), "[30.00000000000000000004 60]", "[]"},
		"noise adds up":             {adding("33.333333333333336", "16.66666666666666"), "[49.9999999999999960]", "[]"},
		"exact digits, few of them": {percentages("30.0000000000000040", "60"), "[30.0000000000000040 60]", "[]"},
		"few digits":                {percentages("30.000000000001"), "[30.000000000001]", "[]"},
		"rounded figure":            {percentages("~30.0000000000004"), "[30.0000000000004]", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			given := fmt.Sprint(tc.book)
			a := booktest.New(t, tc.book)
			require.Equal(t, given, fmt.Sprint(tc.book))
			var stakes []ratio.Number
			for _, s := range a.Book().Stakes {
				stakes = append(stakes, s.Percent)
			}
			require.Equal(t, tc.stakes, fmt.Sprint(stakes))
			require.Equal(t, tc.warns, fmt.Sprint(a.Warnings()))
			again := booktest.New(t, a.Book())
			require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, again))
			require.Empty(t, again.Warnings())
		})
	}
	for _, b := range []crossholding.Book{percentages("30.00000000000000000004", "70"), percentages("30.000000000001", "70"), percentages("50.0000000001", "50")} {
		_, err := crossholding.New(b)
		require.ErrorIs(t, err, crossholding.ErrOverAllocated)
	}
	control, err := booktest.New(t, percentages("50.00000000000001")).Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	yes, err := control.Controls(t.Context(), "a", "x")
	require.NoError(t, err)
	require.False(t, yes, "noise gives no majority")
}

// adding is a company x of which one holder has these percentages together.
func adding(figures ...string) crossholding.Book {
	b := percentages(figures...)
	b.Parties = b.Parties[:1]
	for i := range b.Stakes {
		b.Stakes[i].Holder, b.Stakes[i].Adds = "a", true
	}
	return b
}
