package chart

import (
	"encoding/json"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"strings"

	"github.com/fogleman/gg"
	"golang.org/x/text/unicode/norm"
)

// A layout is what Graphviz writes as JSON: a list of drawing operations for the whole, for
// boxes and nodes, and for edges (graphviz.org/docs/outputs/json).
type layout struct {
	Box     string   `json:"bb"`
	Objects []object `json:"objects"`
	Edges   []object `json:"edges"`
	object
}

type object struct {
	Draw  []operation `json:"_draw_"`
	Label []operation `json:"_ldraw_"`
	Head  []operation `json:"_hdraw_"`
}

type operation struct {
	Op       string       `json:"op"`
	Color    string       `json:"color"`
	Points   [][2]float64 `json:"points"`
	Rect     [4]float64   `json:"rect"`
	Style    string       `json:"style"`
	Size     float64      `json:"size"`
	FontChar int          `json:"fontchar"`
	At       [2]float64   `json:"pt"`
	Align    string       `json:"align"`
	Width    float64      `json:"width"`
	Text     string       `json:"text"`
}

const (
	scale     = 2  // pixels for a point
	margin    = 12 // points
	maxPixels = 60_000_000
)

// paint draws a layout as PNG. A font, if there is one, has letters that the Go fonts have not.
func paint(w io.Writer, text, ttf []byte) error {
	fonts := &typefaces{}
	if len(ttf) > 0 {
		var err error
		if fonts.own, err = parseFont(ttf); err != nil {
			return err
		}
	}
	var l layout
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	var x0, y0, x1, y1 float64
	if _, err := fmt.Sscanf(l.Box, "%g,%g,%g,%g", &x0, &y0, &x1, &y1); err != nil {
		return fmt.Errorf("chart: size %q of the chart: %w", l.Box, err)
	}
	width, height := int((x1-x0+2*margin)*scale), int((y1-y0+2*margin)*scale)
	if width*height > maxPixels {
		return fmt.Errorf("a picture of %d by %d points: %w", width, height, ErrTooLarge)
	}
	p := &painter{ctx: gg.NewContext(width, height), left: x0, top: y1, fonts: fonts, size: 12, pen: color.Black, fill: color.Black}
	p.ctx.SetColor(color.White)
	p.ctx.Clear()
	for _, o := range append(append([]object{l.object}, l.Objects...), l.Edges...) {
		for _, list := range [][]operation{o.Draw, o.Head, o.Label} {
			if err := p.all(list); err != nil {
				return err
			}
		}
	}
	if len(fonts.missing) > 0 {
		return fmt.Errorf("chart: %w: %s", ErrLetters, listLetters(fonts.missing))
	}
	return p.ctx.EncodePNG(w)
}

// listLetters lists the first letters of a list with their numbers, as in "ก (U+0E01)".
func listLetters(list []rune) string {
	var out []string
	for _, r := range list[:min(len(list), 10)] {
		out = append(out, fmt.Sprintf("%c (%U)", r, r))
	}
	if n := len(list); n > 10 {
		out = append(out, fmt.Sprintf("and %d more", n-10))
	}
	return strings.Join(out, ", ")
}

// painter holds the pen.
type painter struct {
	ctx       *gg.Context
	left, top float64 // of the layout, in points
	fonts     *typefaces
	pen, fill color.Color
	size      float64
	marks     int // of the text: 1 bold, 2 italic, 32 struck through
	dash      []float64
	thickness float64
}

func (p *painter) x(x float64) float64 { return (x - p.left + margin) * scale }

func (p *painter) y(y float64) float64 { return (p.top - y + margin) * scale }

func (p *painter) all(list []operation) error {
	p.dash, p.thickness, p.marks = nil, 1, 0
	for i := range list {
		if err := p.one(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *painter) one(o *operation) error {
	switch o.Op {
	case "c":
		p.pen = parseColor(o.Color)
	case "C":
		p.fill = parseColor(o.Color)
	case "S":
		p.style(o.Style)
	case "F":
		p.size = o.Size
	case "t":
		p.marks = o.FontChar
	case "T":
		return p.text(o)
	case "e", "E":
		p.ctx.DrawEllipse(p.x(o.Rect[0]), p.y(o.Rect[1]), o.Rect[2]*scale, o.Rect[3]*scale)
		p.stroke(o.Op == "E")
	case "p", "P":
		p.path(o.Points, 1)
		p.ctx.ClosePath()
		p.stroke(o.Op == "P")
	case "L":
		p.path(o.Points, 1)
		p.stroke(false)
	case "b", "B":
		p.path(o.Points, 3)
		p.stroke(o.Op == "B")
	}
	return nil
}

// path draws lines, or curves of three points each.
func (p *painter) path(points [][2]float64, each int) {
	if len(points) == 0 {
		return
	}
	p.ctx.MoveTo(p.x(points[0][0]), p.y(points[0][1]))
	for i := 1; i+each <= len(points); i += each {
		if each == 1 {
			p.ctx.LineTo(p.x(points[i][0]), p.y(points[i][1]))
			continue
		}
		a, b, c := points[i], points[i+1], points[i+2]
		p.ctx.CubicTo(p.x(a[0]), p.y(a[1]), p.x(b[0]), p.y(b[1]), p.x(c[0]), p.y(c[1]))
	}
}

func (p *painter) stroke(fill bool) {
	if fill {
		p.ctx.SetColor(p.fill)
		p.ctx.FillPreserve()
	}
	p.ctx.SetColor(p.pen)
	p.ctx.SetLineWidth(p.thickness * scale)
	p.ctx.SetDash(p.dash...)
	p.ctx.Stroke()
}

func (p *painter) style(s string) {
	switch {
	case s == "solid":
		p.dash = nil
	case s == "dashed":
		p.dash = []float64{5 * scale, 3 * scale}
	case s == "dotted":
		p.dash = []float64{1 * scale, 3 * scale}
	case strings.HasPrefix(s, "setlinewidth("):
		if n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimPrefix(s, "setlinewidth("), ")"), 64); err == nil {
			p.thickness = n
		}
	}
}

// text writes a text within the width that the layout keeps for it, about its middle.
func (p *painter) text(o *operation) error {
	text := norm.NFC.String(o.Text) // letters with their marks as one
	size := p.size * scale
	f, err := p.fonts.face(p.marks, size)
	if err != nil {
		return err
	}
	p.ctx.SetFontFace(f)
	width, _ := p.ctx.MeasureString(text)
	if room := max(o.Width, emWidth(text)*p.size) * scale; width > room && room > 0 {
		if f, err = p.fonts.face(p.marks, size*room/width); err != nil {
			return err
		}
		p.ctx.SetFontFace(f)
		width, _ = p.ctx.MeasureString(text)
	}
	x, y := p.x(o.At[0]), p.y(o.At[1])
	switch o.Align {
	case "l":
		x += (o.Width*scale - width) / 2
	case "r":
		x -= (o.Width*scale + width) / 2
	default:
		x -= width / 2
	}
	p.ctx.SetColor(p.pen)
	p.ctx.DrawString(text, x, y)
	if f.err != nil {
		return f.err
	}
	if p.marks&32 != 0 {
		p.ctx.SetLineWidth(scale)
		p.ctx.SetDash()
		p.ctx.DrawLine(x, y-p.size*scale*0.3, x+width, y-p.size*scale*0.3)
		p.ctx.Stroke()
	}
	return nil
}

// parseColor reads "#rrggbb" or "#rrggbbaa". Another color is black.
func parseColor(s string) color.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	switch {
	case err != nil:
		return color.Black
	case len(s) == 7:
		return color.NRGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
	}
	return color.NRGBA{uint8(n >> 24), uint8(n >> 16), uint8(n >> 8), uint8(n)}
}
