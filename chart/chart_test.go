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
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/gomono"

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
	// Output: n1 -> n0 [id="e0", label=<&#160;60%&#160;>,
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

func ExampleChangesPNG() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}},
		Parties:   []crossholding.Party{{ID: "ann"}},
		Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "works", Percent: "60"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	var picture bytes.Buffer
	if err := chart.ChangesPNG(context.Background(), &picture, a, a, chart.Options{Title: "Nothing changes"}); err != nil {
		log.Fatal(err)
	}
	p, err := png.DecodeConfig(&picture)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Width > 300, p.Height > 300)
	// Output: true true
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
		"bands":            svg(made(t, register()), chart.Options{Floats: true}),
		"group":            svg(made(t, group()), chart.Options{}),
		"asia":             svg(made(t, asia()), chart.Options{Title: "三菱自動車 / 현대모비스"}),
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
		"bands": {"A. Owner has over 25% to under 75% of Example Holdings Ltd, and may control it", "perhaps controlled by A. Owner",
			"Example Holdings Ltd has over 25% to 50% of Example Trading Ltd, 75% or more of the votes, and controls it", "controlled by Example Holdings Ltd",
			"Open arrow: may control it.", "Thick: controls the company", "D. Director controls by appointment: Example Homes Ltd", "controlled by D. Director"},
		"pyramid": {"10%", "votes 52.63%", "controlled by The family"},
	} {
		for _, s := range says {
			require.Contains(t, text(name), s, name)
		}
	}
	require.NotContains(t, text("renault-owners"), "Mitsubishi Motors")
	require.NotContains(t, text("renault-owners"), "Open arrow")
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

// Letters that no font has are an error, and not boxes. A font of the caller can have them.
func TestLetters(t *testing.T) {
	draw := func(name string, font []byte) error {
		a := made(t, crossholding.Book{Companies: []crossholding.Company{{ID: "x", Name: name, Shares: []crossholding.ShareClass{{Issued: "1"}}}}})
		return chart.PNG(t.Context(), io.Discard, a, chart.Options{NoKey: true, Font: font})
	}
	for _, name := range []string{"三菱自動車", "현대모비스", "\u1112\u1167\u11ab\u1103\u1162", "中国石油化工集团", "カブシキ ひらがな", "Größe, Łódź, Ελλάς, Москва", "e\u0301te\u0301", "髙島屋"} {
		require.NoError(t, draw(name, nil), name)
	}
	err := draw("ไทย \U0001F600", nil)
	require.ErrorIs(t, err, chart.ErrLetters)
	require.ErrorContains(t, err, "ไ (U+0E44), ท (U+0E17), ย (U+0E22), \U0001F600 (U+1F600)")
	require.ErrorIs(t, draw("abc ไทย", gomono.TTF), chart.ErrLetters)
	require.ErrorContains(t, draw("x", []byte("no font")), "the font cannot be read")

	// The Go fonts have no wide letters, and the font of the caller comes before the one that is built in.
	a := made(t, asia())
	var with, without bytes.Buffer
	require.NoError(t, chart.PNG(t.Context(), &without, a, chart.Options{}))
	require.NoError(t, chart.PNG(t.Context(), &with, a, chart.Options{Font: gomono.TTF}))
	require.Equal(t, without.Bytes(), with.Bytes(), "it has none of the letters that the others lack")
}

// Texts with wide letters stand in the middle of their boxes, which are wide enough.
func TestWideLetters(t *testing.T) {
	var svg bytes.Buffer
	require.NoError(t, chart.SVG(t.Context(), &svg, made(t, asia()), chart.Options{NoKey: true}))
	found := 0
	for _, m := range regexp.MustCompile(`(?s)<polygon [^>]*points="([-\d.]+),[-\d.]+ ([-\d.]+),[^>]*>\s*<text text-anchor="middle" x="([-\d.]+)"[^>]*font-size="([\d.]+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(svg.String(), -1) {
		var right, left, x, size float64
		for i, to := range []*float64{&right, &left, &x, &size} {
			_, err := fmt.Sscan(m[i+1], to)
			require.NoError(t, err)
		}
		require.InDelta(t, (left+right)/2, x, 0.6, m[5])
		require.GreaterOrEqual(t, right-left, size*float64(len([]rune(m[5]))), m[5])
		found++
	}
	require.Equal(t, 4, found)
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
		chart.Changes(ended, io.Discard, before, before, chart.Options{}), chart.ChangesPNG(ended, io.Discard, before, before, chart.Options{}),
		chart.SVG(ended, io.Discard, made(t, register()), chart.Options{})} {
		require.ErrorIs(t, err, context.Canceled)
	}
	var b crossholding.Book
	for i := range 600 {
		id := fmt.Sprint("c", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "1"}}})
	}
	require.ErrorIs(t, chart.SVG(t.Context(), io.Discard, made(t, b), chart.Options{}), chart.ErrTooLarge)
}

// A chart says what changed, figure by figure, and what is gone.
func TestChanges(t *testing.T) {
	book := func(stakes ...crossholding.Stake) *crossholding.Alliance {
		b := crossholding.Book{Companies: []crossholding.Company{{ID: "works", Shares: []crossholding.ShareClass{{Issued: "100"}}}}, Stakes: stakes}
		for _, s := range stakes {
			b.Parties = append(b.Parties, crossholding.Party{ID: s.Holder})
		}
		return made(t, b)
	}
	before := book(crossholding.Stake{Holder: "ann", Issuer: "works", Shares: "60"}, crossholding.Stake{Holder: "bob", Issuer: "works", Shares: "10"}, crossholding.Stake{Holder: "eve", Issuer: "works", Shares: "5"})
	after := book(crossholding.Stake{Holder: "ann", Issuer: "works", Shares: "60", Votes: "2"}, crossholding.Stake{Holder: "eve", Issuer: "works", Shares: "6"}, crossholding.Stake{Holder: "zoe", Issuer: "works", Shares: "1"})
	var svg bytes.Buffer
	require.NoError(t, chart.Changes(t.Context(), &svg, before, after, chart.Options{}))
	lines := map[string]bool{}
	for _, m := range regexp.MustCompile(`<text [^>]*fill="#b00020"[^>]*>([^<]*)<`).FindAllStringSubmatch(svg.String(), -1) {
		lines[strings.Trim(m[1], "\u00a0")] = true
	}
	require.Equal(t, map[string]bool{"10%": true, "votes 75%": true, "6%": true, "votes 3.75%": true, "1%": true, "votes 0.62%": true}, lines)
	require.Contains(t, svg.String(), "Red: new, different or gone.")
}

// Companies that have nothing to do with one another stand below one another too.
func TestIslands(t *testing.T) {
	var b crossholding.Book
	for i := range 30 {
		id, holder := fmt.Sprint("c", i), fmt.Sprint("p", i)
		b.Companies, b.Parties = append(b.Companies, crossholding.Company{ID: id}), append(b.Parties, crossholding.Party{ID: holder})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: holder, Issuer: id, Percent: "60"})
	}
	var picture bytes.Buffer
	require.NoError(t, chart.PNG(t.Context(), &picture, made(t, b), chart.Options{NoKey: true}))
	size, err := png.DecodeConfig(&picture)
	require.NoError(t, err)
	require.Less(t, size.Width, 3*size.Height)
	require.Less(t, size.Height, 3*size.Width)
	var dot bytes.Buffer
	require.NoError(t, chart.DOT(t.Context(), &dot, made(t, b), chart.Options{NoKey: true}))
	require.NotContains(t, dot.String(), "Figures:")
	require.Equal(t, 24, strings.Count(dot.String(), "style=invis"), "five rows of six")
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
		if err := chart.PNG(t.Context(), io.Discard, a, chart.Options{Title: name}); err != nil {
			require.ErrorIs(t, err, chart.ErrLetters)
		}
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
