package chart

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the font of Chinese, Japanese and Korean letters
	"errors"
	"fmt"
	"image"
	"io"
	"slices"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// ErrLetters says that no font has some letters of a picture. Give a font that has them with
// [Options.Font], or draw SVG, for which a browser has fonts.
var ErrLetters = errors.New("no font has these letters")

//go:embed fonts/DroidSansFallback.ttf.gz
var asian []byte

// goFonts are the Go fonts: regular, bold and italic.
var goFonts = sync.OnceValues(func() ([]*opentype.Font, error) {
	var out []*opentype.Font
	for _, ttf := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
		out = append(out, f)
	}
	return out, nil
})

// asianFont has Chinese, Japanese and Korean letters. It is unpacked on first use.
var asianFont = sync.OnceValues(func() (*opentype.Font, error) {
	z, err := gzip.NewReader(bytes.NewReader(asian))
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	ttf, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return f, nil
})

// parseFont reads a font, or the first of a collection.
func parseFont(data []byte) (*opentype.Font, error) {
	f, err := opentype.Parse(data)
	if err == nil {
		return f, nil
	}
	if c, err := opentype.ParseCollection(data); err == nil && c.NumFonts() > 0 {
		return c.Font(0)
	}
	return nil, fmt.Errorf("chart: the font cannot be read: %w", err)
}

// typefaces are the fonts of a picture: for each letter the first font that has it.
type typefaces struct {
	own     *opentype.Font // the caller's, or nil
	buffer  sfnt.Buffer
	missing []rune // letters that no font has, each once
}

// face is a font of several, at one size.
type face struct {
	*typefaces
	style *opentype.Font
	size  float64
	sized map[*opentype.Font]font.Face
	err   error
}

// face returns the face of a style, by the marks of Graphviz: 1 bold, 2 italic.
func (t *typefaces) face(marks int, size float64) (*face, error) {
	list, err := goFonts()
	if err != nil {
		return nil, err
	}
	style := list[0]
	switch {
	case marks&1 != 0:
		style = list[1]
	case marks&2 != 0:
		style = list[2]
	}
	return &face{typefaces: t, style: style, size: size, sized: map[*opentype.Font]font.Face{}}, nil
}

// has reports whether a font has a letter.
func (t *typefaces) has(f *opentype.Font, r rune) bool {
	i, err := f.GlyphIndex(&t.buffer, r)
	return err == nil && i != 0
}

// of returns the face that has a letter, or that of the style if none has it.
func (f *face) of(r rune) font.Face {
	switch {
	case f.has(f.style, r):
	case f.own != nil && f.has(f.own, r):
		return f.at(f.own)
	default:
		other, err := asianFont()
		if err != nil {
			f.err = err
			break
		}
		if f.has(other, r) {
			return f.at(other)
		}
		if !unicode.IsSpace(r) && !slices.Contains(f.missing, r) {
			f.missing = append(f.missing, r)
		}
	}
	return f.at(f.style)
}

// at returns a font at the size of the face.
func (f *face) at(of *opentype.Font) font.Face {
	if x := f.sized[of]; x != nil {
		return x
	}
	x, err := opentype.NewFace(of, &opentype.FaceOptions{Size: f.size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		f.err = err
		return nil
	}
	f.sized[of] = x
	return x
}

// Close, Glyph, GlyphBounds, GlyphAdvance, Kern and Metrics are those of [font.Face].
func (f *face) Close() error { return nil }

func (f *face) Glyph(dot fixed.Point26_6, r rune) (image.Rectangle, image.Image, image.Point, fixed.Int26_6, bool) {
	if x := f.of(r); x != nil {
		return x.Glyph(dot, r)
	}
	return image.Rectangle{}, nil, image.Point{}, 0, false
}

func (f *face) GlyphBounds(r rune) (fixed.Rectangle26_6, fixed.Int26_6, bool) {
	if x := f.of(r); x != nil {
		return x.GlyphBounds(r)
	}
	return fixed.Rectangle26_6{}, 0, false
}

func (f *face) GlyphAdvance(r rune) (fixed.Int26_6, bool) {
	if x := f.of(r); x != nil {
		return x.GlyphAdvance(r)
	}
	return 0, false
}

func (f *face) Kern(a, b rune) fixed.Int26_6 {
	if x := f.of(a); x != nil && x == f.of(b) {
		return x.Kern(a, b)
	}
	return 0
}

func (f *face) Metrics() font.Metrics {
	if x := f.at(f.style); x != nil {
		return x.Metrics()
	}
	return font.Metrics{}
}
