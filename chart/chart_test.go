package chart_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/chart"
	"github.com/crossholding/crossholding/internal/testkit"
)

func ExampleSVG() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Name: "Works"}},
		Parties:   []crossholding.Party{{ID: "ann", Name: "Ann"}},
		Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "works", Percent: "60"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	var svg, picture bytes.Buffer
	if err := chart.SVG(context.Background(), &svg, a, chart.Options{Title: "Who owns Works"}); err != nil {
		log.Fatal(err)
	}
	if err := chart.PNG(context.Background(), &picture, a, chart.Options{}); err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(svg.String(), "<") {
		if said, ok := strings.CutPrefix(line, "desc>"); ok {
			fmt.Println(said)
		}
	}
	// Output: Ann has 60% of Works
}

func ExampleDOT() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}},
		Parties:   []crossholding.Party{{ID: "ann"}},
		Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "works", Percent: "60"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	var dot bytes.Buffer
	if err := chart.DOT(context.Background(), &dot, a, chart.Options{Owners: "works"}); err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(dot.String(), "\n") {
		if strings.Contains(line, "->") {
			fmt.Println(line)
		}
	}
	// Output: n1 -> n0 [id="e0", label=<60%>,
}

func ExampleChanges() {
	book := func(percent string) *crossholding.Alliance {
		a, err := crossholding.New(crossholding.Book{
			Companies: []crossholding.Company{{ID: "works"}},
			Parties:   []crossholding.Party{{ID: "ann"}},
			Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "works", Percent: "60"}},
		})
		if err != nil {
			log.Fatal(err)
		}
		return a
	}
	var svg bytes.Buffer
	if err := chart.Changes(context.Background(), &svg, book("60"), book("40"), chart.Options{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.HasPrefix(svg.String(), "<svg"), strings.Contains(svg.String(), ">before<"), strings.Contains(svg.String(), ">after<"))
	// Output: true true true
}

// pictures are the charts that the golden files hold.
func pictures(t testing.TB) map[string]func(w io.Writer) error {
	before, after := alliance(t)
	svg := func(a *crossholding.Alliance, opt chart.Options) func(io.Writer) error {
		return func(w io.Writer) error { return chart.SVG(t.Context(), w, a, opt) }
	}
	return map[string]func(io.Writer) error{
		"alliance-before":  svg(before, chart.Options{Title: "The alliance at the end of 2022", Floats: true}),
		"alliance-after":   svg(after, chart.Options{Title: "The alliance in November 2024", Since: before}),
		"alliance-changes": func(w io.Writer) error { return chart.Changes(t.Context(), w, before, after, chart.Options{}) },
		"renault-owners":   svg(before, chart.Options{Owners: "renault"}),
		"ring":             svg(made(t, korea()), chart.Options{Title: "A ring", Floats: true}),
		"pyramid":          svg(made(t, pyramid()), chart.Options{Title: "Ten votes a share"}),
		"everything":       svg(made(t, everything()), chart.Options{Small: 3, Floats: true}),
		"bands":            svg(made(t, register()), chart.Options{}),
		"group":            svg(made(t, group()), chart.Options{}),
	}
}

func TestGolden(t *testing.T) {
	for name, draw := range pictures(t) {
		var first, second bytes.Buffer
		require.NoError(t, draw(&first), name)
		require.NoError(t, draw(&second), name)
		require.Equal(t, first.String(), second.String(), "%s: the same book gives the same bytes", name)
		require.NoError(t, wellFormed(first.Bytes()), name)
		testkit.Golden(t, filepath.Join("testdata", name+".svg"), first.String())
	}
}

// wellFormed reports whether a text is XML.
func wellFormed(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func TestWhatAChartSays(t *testing.T) {
	text := func(name string) string {
		b, err := os.ReadFile(filepath.Join("testdata", name+".svg"))
		require.NoError(t, err)
		return string(b)
	}
	for name, says := range map[string][]string{
		"alliance-before": {"text-decoration=\"line-through\"", "art. L.233-31", "controlled by Nissan Motor", "hold one another&#39;s shares", "role=\"img\"",
			"<title>The alliance at the end of 2022</title>", "Nissan Finance has 15.0000001% of Renault SA, votes of 22.14% suspended"},
		"alliance-after": {"stroke-dasharray", "for Renault SA", "votes neutral", "#b00020"},
		"everything":     {"18 more", "controls by appointment", "for Ann and Bob", "The State"},
		"bands":          {"over 25% to 50%"},
		"pyramid":        {"10%", "votes 52.63%", "controlled by The family"},
	} {
		for _, s := range says {
			require.Contains(t, text(name), s, name)
		}
	}
	require.NotContains(t, text("renault-owners"), "Mitsubishi Motors")
	require.NotContains(t, text("bands"), "controlled by", "control of a book with bands may depend on them")
}

func TestPNG(t *testing.T) {
	before, _ := alliance(t)
	var buf bytes.Buffer
	require.NoError(t, chart.PNG(t.Context(), &buf, before, chart.Options{Title: "x"}))
	picture, err := png.Decode(&buf)
	require.NoError(t, err)
	require.Greater(t, picture.Bounds().Dx(), 600)
	dark := 0
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if r, g, b, _ := picture.At(x, y).RGBA(); r+g+b < 3*0x6000 {
				dark++
			}
		}
	}
	part := float64(dark) / float64(picture.Bounds().Dx()*picture.Bounds().Dy())
	require.Greater(t, part, 0.005, "there are lines and letters")
	require.Less(t, part, 0.1, "and no blots")
}

func TestErrors(t *testing.T) {
	before, _ := alliance(t)
	var none context.Context
	require.NoError(t, chart.SVG(none, io.Discard, nil, chart.Options{}), "nil means an empty book, and context.Background")
	require.ErrorIs(t, chart.SVG(t.Context(), io.Discard, before, chart.Options{Owners: "nobody"}), crossholding.ErrUnknown)
	require.ErrorIs(t, chart.DOT(t.Context(), io.Discard, before, chart.Options{Holdings: "nobody"}), crossholding.ErrUnknown)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range []error{chart.SVG(ended, io.Discard, before, chart.Options{}), chart.PNG(ended, io.Discard, nil, chart.Options{}),
		chart.Changes(ended, io.Discard, before, before, chart.Options{})} {
		require.ErrorIs(t, err, context.Canceled)
	}
	var b crossholding.Book
	for i := range 600 {
		id := fmt.Sprint("c", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "1"}}})
	}
	require.ErrorIs(t, chart.SVG(t.Context(), io.Discard, made(t, b), chart.Options{}), chart.ErrTooLarge)
}

// FuzzNames draws books whose names try to break out of the picture.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"a", `"];x[label="`, "</text><script>alert(1)</script>", "<B>&amp;\\N\\", strings.Repeat("long ", 99), "日産", "a\nb\r\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		a, err := crossholding.New(crossholding.Book{
			Companies: []crossholding.Company{{ID: "x", Name: name}, {ID: "y", Name: "y"}},
			Parties:   []crossholding.Party{{ID: "p", Name: name}},
			Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "x", Percent: "60", Beneficiary: "y"}, {Holder: "x", Issuer: "y", Percent: "3"}},
			Controls:  []crossholding.ControlFact{{Controller: "p", Company: "y", By: crossholding.ControlByTrust, Source: name}},
		})
		if err != nil {
			return
		}
		var svg bytes.Buffer
		require.NoError(t, chart.SVG(t.Context(), &svg, a, chart.Options{Title: name}))
		require.NoError(t, wellFormed(svg.Bytes()))
		require.NotContains(t, svg.String(), "<script")
		require.NoError(t, chart.PNG(t.Context(), io.Discard, a, chart.Options{Title: name}))
	})
}

func BenchmarkSVG(b *testing.B) {
	before, _ := alliance(b)
	large := made(b, group())
	b.Run("alliance", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, chart.SVG(b.Context(), io.Discard, before, chart.Options{}))
		}
	})
	b.Run("companies=60", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, chart.SVG(b.Context(), io.Discard, large, chart.Options{}))
		}
	})
}
