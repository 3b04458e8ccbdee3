package main

import (
	"bytes"
	"context"
	"html/template"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/chart"
)

// draw draws an alliance as SVG that can stand in a page.
func draw(ctx context.Context, a, before *crossholding.Alliance) (template.HTML, error) {
	var svg bytes.Buffer
	if err := chart.SVG(ctx, &svg, a, chart.Options{Floats: true, Since: before}); err != nil {
		return "", err
	}
	return template.HTML(svg.String()), nil // all of its texts are escaped
}
