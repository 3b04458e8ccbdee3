package main

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"regexp"
	"strconv"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/chart"
)

// draw draws an alliance as SVG that can stand in a page.
func draw(ctx context.Context, a, before *crossholding.Alliance) (template.HTML, error) {
	var svg bytes.Buffer
	floats := len(a.Banded()) == 0 // ranges of what others have say little
	if err := chart.SVG(ctx, &svg, a, chart.Options{Floats: floats, Since: before}); err != nil {
		return "", err
	}
	return template.HTML(readable(svg.String())), nil // all of its texts are escaped
}

var svgWidth = regexp.MustCompile(`^<svg width="([0-9]+)pt"`)

// readable keeps a wide chart at about half of its size or more, so that a page does not make
// its letters too small. It then scrolls.
func readable(svg string) string {
	return svgWidth.ReplaceAllStringFunc(svg, func(m string) string {
		n, err := strconv.Atoi(svgWidth.FindStringSubmatch(m)[1])
		if err != nil {
			return m
		}
		return fmt.Sprintf(`<svg style="min-width:%dpt" width="%dpt"`, n*55/100, n)
	})
}
