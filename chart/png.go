package chart

import (
	"encoding/json"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/fogleman/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
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

// paint draws a layout as PNG.
func paint(w io.Writer, text []byte) error {
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
	p := &painter{ctx: gg.NewContext(width, height), left: x0, top: y1, size: 12, pen: color.Black, fill: color.Black}
	p.ctx.SetColor(color.White)
	p.ctx.Clear()
	for _, o := range append(append([]object{l.object}, l.Objects...), l.Edges...) {
		for _, list := range [][]operation{o.Draw, o.Head, o.Label} {
			if err := p.all(list); err != nil {
				return err
			}
		}
	}
	return p.ctx.EncodePNG(w)
}

// painter holds the pen.
type painter struct {
	ctx       *gg.Context
	left, top float64 // of the layout, in points
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

// text writes a text within the width that the layout keeps for it.
func (p *painter) text(o *operation) error {
	face, err := faceOf(p.marks, p.size*scale)
	if err != nil {
		return err
	}
	p.ctx.SetFontFace(face)
	width, _ := p.ctx.MeasureString(o.Text)
	if room := o.Width * scale; width > room && room > 0 {
		if face, err = faceOf(p.marks, p.size*scale*room/width); err != nil {
			return err
		}
		p.ctx.SetFontFace(face)
		width, _ = p.ctx.MeasureString(o.Text)
	}
	x, y := p.x(o.At[0]), p.y(o.At[1])
	switch o.Align {
	case "c":
		x -= width / 2
	case "r":
		x -= width
	}
	p.ctx.SetColor(p.pen)
	p.ctx.DrawString(o.Text, x, y)
	if p.marks&32 != 0 {
		p.ctx.SetLineWidth(scale)
		p.ctx.SetDash()
		p.ctx.DrawLine(x, y-p.size*scale*0.3, x+width, y-p.size*scale*0.3)
		p.ctx.Stroke()
	}
	return nil
}

// fonts are the Go fonts, which come with the program.
var fonts = sync.OnceValues(func() ([3]*opentype.Font, error) {
	var out [3]*opentype.Font
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return out, fmt.Errorf("chart: %w", err)
		}
		out[i] = f
	}
	return out, nil
})

func faceOf(marks int, size float64) (font.Face, error) {
	list, err := fonts()
	if err != nil {
		return nil, err
	}
	f := list[0]
	switch {
	case marks&1 != 0:
		f = list[1]
	case marks&2 != 0:
		f = list[2]
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return face, nil
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
