package chart

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
)

// Options say what a chart shows. They are plain data. The zero value shows the whole book
// without floats.
type Options struct {
	Title  string // stands above the chart, and is its name for a screen reader
	Floats bool   // show the float of each company
	// Owners shows only a company and those above it. Holdings shows only a holder and what is
	// below it. With both, it shows what is between the two.
	Owners, Holdings string
	// Small is the number of holders of one company that are drawn one by one if they hold
	// nothing else. The smallest of the others become one node, "n more". 0 means 8.
	Small int
	// Since is an earlier alliance, or nil. What is not as it was then is emphasised.
	Since *crossholding.Alliance
	NoKey bool // leave out the key below the title, which explains lines and colours
	// Font is a TrueType or OpenType font for the letters of a PNG that the Go fonts do not
	// have, or nil. Chinese, Japanese and Korean letters have a font of their own without it.
	Font []byte
}

// maxNodes is the largest number of nodes of a chart, and maxName that of characters of a name.
const (
	maxNodes = 400
	maxName  = 40
)

// ErrTooLarge says that a chart would have too many nodes. Ask for the owners of one company or
// for the holdings of one holder.
var ErrTooLarge = errors.New("too many companies and holders for a chart")

// DOT writes a chart as text for Graphviz. It fails with [ErrTooLarge], with
// [crossholding.ErrUnknown] for an unknown name in opt, with the errors of
// [crossholding.Alliance.Control], and with those of w.
func DOT(ctx context.Context, w io.Writer, a *crossholding.Alliance, opt Options) error {
	text, _, err := source(ctx, a, opt)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// source returns a chart as DOT, with the graph that it is of.
func source(ctx context.Context, a *crossholding.Alliance, opt Options) ([]byte, *graph, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	g, err := newGraph(ctx, a, opt)
	if err != nil {
		return nil, nil, err
	}
	var buf bytes.Buffer
	out := bufio.NewWriter(&buf)
	begin(out, opt, g)
	g.write(out, "")
	g.stack(out)
	fmt.Fprint(out, "}\n")
	if err := out.Flush(); err != nil {
		return nil, nil, err
	}
	return buf.Bytes(), g, nil
}

// SVG draws an alliance as SVG. The errors are those of [DOT].
func SVG(ctx context.Context, w io.Writer, a *crossholding.Alliance, opt Options) error {
	text, g, err := source(ctx, a, opt)
	if err != nil {
		return err
	}
	return drawSVG(ctx, w, text, describe(opt.Title, g))
}

// PNG draws an alliance as PNG. The errors are those of [DOT], and [ErrLetters] for letters that
// no font has. Letters are drawn one by one from left to right. Scripts that are written from the
// right, or whose letters join, are for [SVG].
func PNG(ctx context.Context, w io.Writer, a *crossholding.Alliance, opt Options) error {
	text, _, err := source(ctx, a, opt)
	if err != nil {
		return err
	}
	return drawPNG(ctx, w, text, opt.Font)
}

// Changes draws two alliances side by side as SVG: before at the left, after at the right. What
// is new or different in the later one is emphasised. Since in opt is not used. The errors are
// those of [DOT].
func Changes(ctx context.Context, w io.Writer, before, after *crossholding.Alliance, opt Options) error {
	text, graphs, err := both(ctx, before, after, opt)
	if err != nil {
		return err
	}
	return drawSVG(ctx, w, text, describe(opt.Title, graphs...))
}

// ChangesPNG draws what [Changes] does, as PNG.
func ChangesPNG(ctx context.Context, w io.Writer, before, after *crossholding.Alliance, opt Options) error {
	text, _, err := both(ctx, before, after, opt)
	if err != nil {
		return err
	}
	return drawPNG(ctx, w, text, opt.Font)
}

// both returns a chart of two alliances side by side as DOT, with their graphs.
func both(ctx context.Context, before, after *crossholding.Alliance, opt Options) ([]byte, []*graph, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	opt.Since = nil
	left, err := newGraph(ctx, before, opt)
	if err != nil {
		return nil, nil, err
	}
	opt.Since = before
	right, err := newGraph(ctx, after, opt)
	if err != nil {
		return nil, nil, err
	}
	later, err := wholeGraph(ctx, after, opt)
	if err != nil {
		return nil, nil, err
	}
	left.compare(later)
	left.keepOnly() // the figures that are different are emphasised at the right
	var buf bytes.Buffer
	out := bufio.NewWriter(&buf)
	begin(out, opt, left, right)
	for _, side := range []struct {
		prefix, name, day string
		g                 *graph
	}{{"b", "before", string(before.AsOf()), left}, {"a", "after", string(after.AsOf()), right}} {
		fmt.Fprintf(out, "subgraph cluster_%s {\nlabel=%s; style=solid; color=\"#888888\"; margin=16;\n", side.prefix, quote(titled(side.name, side.day)))
		side.g.write(out, side.prefix)
		fmt.Fprint(out, "}\n")
	}
	fmt.Fprint(out, "}\n")
	if err := out.Flush(); err != nil {
		return nil, nil, err
	}
	return buf.Bytes(), []*graph{left, right}, nil
}

func titled(name, day string) string {
	if day == "" {
		return name
	}
	return name + ", " + day
}

// begin writes the beginning of a chart of some graphs.
func begin(out *bufio.Writer, opt Options, graphs ...*graph) {
	fmt.Fprint(out, "digraph {\nrankdir=TB; ranksep=0.7; nodesep=0.35; bgcolor=white; compound=true;\n")
	fmt.Fprintf(out, "fontname=%q; fontsize=14;\n", typeface)
	var lines []string
	if opt.Title != "" {
		lines = append(lines, `<FONT POINT-SIZE="16">`+rich(opt.Title)+`</FONT>`)
	}
	if !opt.NoKey {
		if opt.Title != "" {
			lines = append(lines, `<FONT POINT-SIZE="5"> </FONT>`)
		}
		for _, text := range key(graphs) {
			lines = append(lines, `<FONT POINT-SIZE="9" COLOR="#444444">`+rich(text)+`</FONT>`)
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(out, "label=<%s<BR/> >; labelloc=t;\n", strings.Join(lines, "<BR/>"))
	}
	fmt.Fprintf(out, "node [fontname=%q, fontsize=12, shape=box, style=filled, fillcolor=white, color=\"#333333\", penwidth=1.1, margin=\"0.12,0.07\"];\n", typeface)
	fmt.Fprintf(out, "edge [fontname=%q, fontsize=10, color=\"#333333\", arrowsize=0.7];\n", typeface)
}

// typeface is one of which Graphviz knows how wide the letters are.
const typeface = "Helvetica"

// families are the typefaces with letters as wide as Helvetica's, for which boxes are drawn.
const families = "Helvetica,Arial,Liberation Sans,Arimo,Nimbus Sans,sans-serif"

// restrict returns which nodes a chart shows.
func restrict(a *crossholding.Alliance, opt Options) (func(node int32) bool, error) {
	g := a.Graph()
	all := func(int32) bool { return true }
	up, down := all, all
	if opt.Owners != "" {
		c, err := g.Company(opt.Owners)
		if err != nil {
			return nil, err
		}
		up = reach(c, func(x int32, visit func(int32)) {
			if !g.HasShares(x) {
				return
			}
			from, to := g.Stakes(x)
			for e := from; e < to; e++ {
				s := g.Stake(e)
				visit(s.Holder)
				visit(s.Beneficiary)
			}
		})
	}
	if opt.Holdings != "" {
		h, err := g.Node(opt.Holdings)
		if err != nil {
			return nil, err
		}
		down = reach(h, func(x int32, visit func(int32)) {
			for e := range g.HeldBy(x) {
				visit(g.Stake(e).Issuer)
			}
		})
	}
	return func(node int32) bool { return up(node) && down(node) }, nil
}

// reach returns the nodes that are reached from one.
func reach(from int32, next func(x int32, visit func(int32))) func(int32) bool {
	seen := map[int32]bool{from: true}
	for list := []int32{from}; len(list) > 0; {
		x := list[len(list)-1]
		list = slices.Delete(list, len(list)-1, len(list))
		next(x, func(y int32) {
			if !seen[y] {
				seen[y] = true
				list = append(list, y)
			}
		})
	}
	return func(x int32) bool { return seen[x] }
}
