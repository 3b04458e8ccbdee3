package ratio_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/crossholding/crossholding/ratio"
	"github.com/stretchr/testify/require"
)

func TestParseInterval(t *testing.T) {
	for in, want := range map[string]string{
		"25%-50%":                             "[25%,50%]",
		"25-50%":                              "[25%,50%]",
		"25 - 50 %":                           "[25%,50%]",
		"25–50%":                              "[25%,50%]",
		"25% to 50%":                          "[25%,50%]",
		"Between 25% and 50%":                 "[25%,50%]",
		"(25%,50%]":                           "(25%,50%]",
		"[ 25% , 50% )":                       "[25%,50%)",
		"under 5%":                            "[0%,5%)",
		"below 5%":                            "[0%,5%)",
		"less than 5%":                        "[0%,5%)",
		"< 5%":                                "[0%,5%)",
		"up to 5%":                            "[0%,5%]",
		"at most 5%":                          "[0%,5%]",
		"no more than 5%":                     "[0%,5%]",
		"5% or less":                          "[0%,5%]",
		"<=5%":                                "[0%,5%]",
		"≤5%":                                 "[0%,5%]",
		"over 75%":                            "(75%,100%]",
		"more than 75%":                       "(75%,100%]",
		">75%":                                "(75%,100%]",
		"75% or more":                         "[75%,100%]",
		"at least 75%":                        "[75%,100%]",
		"not less than 75%":                   "[75%,100%]",
		"≥ 75%":                               "[75%,100%]",
		"more than 25% but not more than 50%": "(25%,50%]",
		"More than 50% but less than 75%":     "(50%,75%)",
		"less than 75% but more than 50%":     "(50%,75%)",
		"1/3-1/2":                             "[1/3,50%]",
		"1/3 - 66.6%":                         "[1/3,66.6%]",
		"0%-100%":                             "[0%,100%]",
		"25%":                                 "25%",
		"1/8":                                 "12.5%",
		"[25%,25%]":                           "25%",
		"12.345%-12.4%":                       "[12.345%,12.4%]",
		"> 0% but < 1/7":                      "(0%,1/7)",
	} {
		t.Run(in, func(t *testing.T) {
			v, err := ratio.ParseInterval(in)
			require.NoError(t, err)
			require.Equal(t, want, v.String())
			again, err := ratio.ParseInterval(want)
			require.NoError(t, err)
			require.Equal(t, v.String(), again.String())
			text, err := v.MarshalText()
			require.NoError(t, err)
			require.Equal(t, want, string(text))
		})
	}
}

func TestParseIntervalRefuses(t *testing.T) {
	for in, kind := range map[string]error{
		"50%-25%":                      ratio.ErrRange,
		"(25%,25%]":                    ratio.ErrRange,
		"under 0%":                     ratio.ErrRange,
		"over 100%":                    ratio.ErrRange,
		"-5%-10%":                      ratio.ErrRange,
		"5%--10%":                      ratio.ErrRange,
		"90%-110%":                     ratio.ErrRange,
		"3/2":                          ratio.ErrRange,
		"":                             ratio.ErrNumber,
		"-":                            ratio.ErrNumber,
		"about a half":                 ratio.ErrNumber,
		"25-50":                        ratio.ErrNumber,
		"25":                           ratio.ErrNumber,
		"25%-":                         ratio.ErrNumber,
		"[25%,50%":                     ratio.ErrNumber,
		"[25%]":                        ratio.ErrNumber,
		"1e1%-50%":                     ratio.ErrNumber,
		"25%%-50%":                     ratio.ErrNumber,
		"1/0-50%":                      ratio.ErrDivisionByZero,
		"more than 25% but over 50%":   ratio.ErrNumber,
		"more than 25% but often not":  ratio.ErrNumber,
		"25%-50%-75%":                  ratio.ErrNumber,
		strings.Repeat("1", 400) + "%": ratio.ErrNumber,
		strings.Repeat("1", 100) + "%": ratio.ErrNumber,
	} {
		t.Run(in, func(t *testing.T) {
			_, err := ratio.ParseInterval(in)
			require.ErrorIs(t, err, kind)
			require.Contains(t, err.Error(), "ratio: ")
		})
	}
}

func TestIntervalContains(t *testing.T) {
	v, err := ratio.ParseInterval("(25%,50%]")
	require.NoError(t, err)
	for text, want := range map[string]bool{"1/5": false, "1/4": false, "26%": true, "1/2": true, "51%": false} {
		require.Equal(t, want, v.Contains(ratio.MustParse(text)), text)
	}
	require.False(t, v.IsExact())
	require.True(t, ratio.Interval{}.IsExact())
	require.True(t, ratio.Interval{Unbounded: true}.Contains(ratio.Int(7)))
	var w ratio.Interval
	require.NoError(t, json.Unmarshal([]byte(`"under 5%"`), &w))
	require.Equal(t, "[0%,5%)", w.String())
	require.Error(t, json.Unmarshal([]byte(`"much"`), &w))
}

func FuzzParseInterval(f *testing.F) {
	for _, s := range []string{"25%-50%", "(1/3,50%]", "under 5%", "more than 25% but not more than 50%", "25–50 %", "≥ 75%", "-", "[,]", "1/3-", "between and "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ratio.ParseInterval(s)
		if err != nil {
			return
		}
		if v.Lo.Sign() < 0 || ratio.Int(1).Less(v.Hi) || v.Hi.Less(v.Lo) || v.IsExact() && (v.LoOpen || v.HiOpen) {
			t.Fatalf("%q read as %s", s, v)
		}
		again, err := ratio.ParseInterval(v.String())
		if err != nil || again.String() != v.String() {
			t.Fatalf("%q written as %s, read as %s: %v", s, v, again, err)
		}
	})
}

func TestIntervalInWords(t *testing.T) {
	for in, want := range map[string]string{
		"(25%,50%]": "over 25% to 50%", "(50%,75%)": "over 50% to under 75%", "[25%,50%)": "25% to under 50%", "[1/3,50%]": "33.33% to 50%",
		"[0%,25%]": "up to 25%", "[0%,25%)": "under 25%", "(0%,25%]": "over 0% to 25%",
		"[75%,100%]": "75% or more", "(75%,100%]": "over 75%", "[75%,100%)": "75% to under 100%",
		"[0%,100%]": "an unknown part", "[0%,100%)": "under 100%", "(0%,100%]": "over 0%", "20%": "20%",
	} {
		v, err := ratio.ParseInterval(in)
		require.NoError(t, err, in)
		require.Equal(t, want, v.ShortPercent(), in)
	}
	require.Equal(t, "over 25%", ratio.Interval{Lo: ratio.Of(1, 4), LoOpen: true, Unbounded: true}.ShortPercent())
	require.Equal(t, "an unknown part", ratio.Interval{Unbounded: true}.ShortPercent())
}
