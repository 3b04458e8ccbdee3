package format_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/ratio"
)

func TestParsePercent(t *testing.T) {
	for text, want := range map[string]string{
		"25.5": "25.5%", "25,5 %": "25.5%", "100.00": "100%", "33 1/3": "1/3", "1/3%": "1/300", "100/3": "1/3", "1/3 %": "1/300", "75 - 100%": "[75%,100%]", "25%-50%": "[25%,50%]",
		"25,5 – 50,1": "[25.5%,50.1%]", ">50%": "(50%,100%]", "50%+": "[50%,100%]", "50+": "[50%,100%]", "less than 5%": "[0%,5%)", "<0.01%": "[0%,0.01%)",
		"~30%": "about 30%", "ca. 30": "about 30%", "約30％": "about 30%", "(25%,50%]": "(25%,50%]", "0": "0%", "more than 25% but not more than 50%": "(25%,50%]",
	} {
		p, err := format.ParsePercent(text)
		require.NoError(t, err, text)
		got := p.String()
		if p.About {
			got = "about " + got
		}
		require.Equal(t, want, got, text)
	}
	for text, want := range map[string]error{
		"n/a": format.ErrNotStated, "": format.ErrNotStated, "不明": format.ErrNotStated, "100.01": ratio.ErrRange, "105%": ratio.ErrRange,
		"lots": ratio.ErrNumber, "1/3": format.ErrAmbiguous, "~1/3": format.ErrAmbiguous, "1/1": format.ErrAmbiguous, "-5": ratio.ErrRange, "1/0": ratio.ErrNumber, "1e9": ratio.ErrNumber, "2,000,000": ratio.ErrNumber,
	} {
		_, err := format.ParsePercent(text)
		require.Error(t, err, text)
		if text != "-5" {
			require.ErrorIs(t, err, want, text)
		}
	}
}

func TestFigure(t *testing.T) {
	for text, want := range map[string]ratio.Number{"33,30 %": "33.30", "~30%": "30", "25-50%": "", "33 1/3": ""} {
		p, err := format.ParsePercent(text)
		require.NoError(t, err)
		require.Equal(t, want, p.Figure, text)
	}
}

func FuzzParsePercent(f *testing.F) {
	for _, s := range []string{"25,5 %", "33 1/3", "50%+", "~30", "n/a", "(1/3,1/2]", ">", "1,2,3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := format.ParsePercent(text)
		if err == nil && (p.Lo.Sign() < 0 || ratio.Int(1).Less(p.Hi) || p.Hi.Less(p.Lo) || p.Unbounded) {
			t.Fatalf("%q is %s", text, p)
		}
	})
}

func ExampleParsePercent() {
	for _, text := range []string{"25,5 %", "33 1/3", "75 - 100%", "50%+"} {
		p, err := format.ParsePercent(text)
		fmt.Println(p, err)
	}
	// Output:
	// 25.5% <nil>
	// 1/3 <nil>
	// [75%,100%] <nil>
	// [50%,100%] <nil>
}
