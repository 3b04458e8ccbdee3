package chart

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/goccy/go-graphviz"
)

// render lays a chart out and returns it in a format of Graphviz.
func render(ctx context.Context, text []byte, format graphviz.Format) ([]byte, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("chart: %w", context.Cause(ctx))
	}
	g, err := graphviz.ParseBytes(text)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	defer g.Close()
	v, err := graphviz.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	defer v.Close()
	var buf bytes.Buffer
	if err := v.Render(ctx, g, format, &buf); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return buf.Bytes(), nil
}

// drawSVG draws a chart as SVG. The function adds what a screen reader says.
func drawSVG(ctx context.Context, w io.Writer, text []byte, described func([]byte) []byte) error {
	svg, err := render(ctx, text, graphviz.SVG)
	if err == nil && bytes.ContainsFunc(text, wide) {
		svg, err = centre(ctx, svg, text)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(described(svg))
	return err
}

// drawPNG draws a chart as PNG.
func drawPNG(ctx context.Context, w io.Writer, text, ttf []byte) error {
	layout, err := render(ctx, text, graphviz.Format("json"))
	if err != nil {
		return err
	}
	return paint(w, layout, ttf)
}

var (
	comments = regexp.MustCompile(`(?s)<!--.*?-->\n?`)
	titles   = regexp.MustCompile(`<g id="([ab]?[ne]\d+)" class="(?:node|edge)">\s*<title>[^<]*</title>`)
	root     = regexp.MustCompile(`(<svg[^>]*)>`)
	first    = regexp.MustCompile(`(<g id="graph0"[^>]*>)\s*<title>[^<]*</title>`)
)

// describe returns a function that puts names and descriptions into an SVG: of the chart, and
// of each node and edge.
func describe(title string, graphs ...*graph) func([]byte) []byte {
	said := map[string]string{}
	var all []string
	for k, g := range graphs {
		prefix := ""
		if len(graphs) > 1 {
			prefix = []string{"b", "a"}[k]
		}
		for i := range g.nodes {
			said[fmt.Sprintf("%sn%d", prefix, i)] = g.nodes[i].sentence()
		}
		for i := range g.edges {
			s := g.sentence(i)
			said[fmt.Sprintf("%se%d", prefix, i)] = s
			if k == len(graphs)-1 {
				all = append(all, s)
			}
		}
	}
	if title == "" {
		title = "Ownership chart"
	}
	return func(svg []byte) []byte {
		svg = svg[max(0, bytes.Index(svg, []byte("<svg"))):] // it can then stand in a page
		svg = comments.ReplaceAll(svg, nil)                  // they name the version of Graphviz
		svg = titles.ReplaceAllFunc(svg, func(m []byte) []byte {
			parts := titles.FindSubmatch(m)
			at := bytes.Index(m, []byte("<title>"))
			return append(append([]byte{}, m[:at]...), "<title>"+xml(said[string(parts[1])])+"</title>"...)
		})
		svg = first.ReplaceAll(svg, []byte("$1"))
		svg = bytes.ReplaceAll(svg, []byte(`font-family="Helvetica,sans-Serif"`), []byte(`font-family="`+families+`"`))
		head := fmt.Sprintf(` role="img" aria-label="%s"><title>%s</title><desc>%s</desc>`, xml(title), xml(title), xml(strings.Join(all, ". ")))
		loc := root.FindIndex(svg)
		if loc == nil {
			return svg
		}
		out := append([]byte{}, svg[:loc[1]-1]...)
		return append(append(out, head...), svg[loc[1]:]...)
	}
}

// xml escapes a text for SVG.
func xml(s string) string { return html.EscapeString(clean(s)) }
