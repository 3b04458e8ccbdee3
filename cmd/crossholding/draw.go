package main

import (
	"bytes"
	"context"
	"html/template"
	"strings"

	"github.com/goccy/go-graphviz"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/graphtext"
)

// draw draws an alliance as SVG that can stand in a page.
func draw(ctx context.Context, a, before *crossholding.Alliance) (template.HTML, error) {
	var dot, svg bytes.Buffer
	if err := graphtext.WriteDOT(&dot, a.Book()); err != nil {
		return "", err
	}
	g, err := graphviz.ParseBytes(dot.Bytes())
	if err != nil {
		return "", err
	}
	defer g.Close()
	v, err := graphviz.New(ctx)
	if err != nil {
		return "", err
	}
	defer v.Close()
	if err := v.Render(ctx, g, graphviz.SVG, &svg); err != nil {
		return "", err
	}
	text := svg.String()
	return template.HTML(text[max(0, strings.Index(text, "<svg")):]), nil
}
