package chart

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/goccy/go-graphviz"
	"golang.org/x/text/width"
)

// wide reports whether a letter is as wide as it is high, as Chinese, Japanese and Korean letters
// are. Graphviz does not know that.
func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// emWidth returns about how wide a text with wide letters is, in heights of a letter. It is 0 for
// a text without wide letters, of which Graphviz knows better.
func emWidth(s string) float64 {
	sum, found := 0.0, false
	for _, r := range s {
		if wide(r) {
			found = true
			sum++
		} else {
			sum += 0.6
		}
	}
	if !found {
		return 0
	}
	return sum
}

var texts = regexp.MustCompile(`<text text-anchor="start" x="([^"]*)" y="([^"]*)"([^>]*)>([^<]*)</text>`)

// centre puts texts with wide letters of an SVG at the middle of the room that Graphviz keeps for
// them, which is not as wide as they are.
func centre(ctx context.Context, svg, text []byte) ([]byte, error) {
	drawn, err := render(ctx, text, graphviz.Format("json"))
	if err != nil {
		return nil, err
	}
	var l layout
	if err := json.Unmarshal(drawn, &l); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	var drawnTexts []operation
	for _, o := range append(append([]object{l.object}, l.Objects...), l.Edges...) {
		for _, op := range o.Label {
			if op.Op == "T" && op.Align == "l" {
				drawnTexts = append(drawnTexts, op)
			}
		}
	}
	return texts.ReplaceAllFunc(svg, func(m []byte) []byte {
		parts := texts.FindSubmatch(m)
		var x, y float64
		if !bytes.ContainsFunc(parts[4], wide) {
			return m
		}
		if _, err := fmt.Sscan(string(parts[1]), &x); err != nil {
			return m
		}
		if _, err := fmt.Sscan(string(parts[2]), &y); err != nil {
			return m
		}
		i := slices.IndexFunc(drawnTexts, func(op operation) bool { // where it begins, as exactly as an SVG says it
			return math.Abs(op.At[0]-x) < 0.02 && math.Abs(op.At[1]+y) < 0.02
		})
		if i < 0 {
			return m
		}
		return fmt.Appendf(nil, `<text text-anchor="middle" x="%.2f" y="%s"%s>%s</text>`, x+drawnTexts[i].Width/2, parts[2], parts[3], parts[4])
	}), nil
}
