// Package graphtext writes a book as the text of a graph for other tools: DOT for Graphviz,
// Mermaid for pages of text, and GraphML for programs that analyse graphs. It reads GraphML too.
//
// Every company and party is a node. An edge leads from a holder to the company that it holds,
// so owners stand above. Its label is the part of the issued shares, and the part of the votes
// where they differ. The edge of a band is dashed. A fact of control is a dotted edge with its
// means. Percentages of labels are short, see [ratio.Ratio.ShortPercent], and those of GraphML
// are exact. Equal books give equal bytes.
package graphtext

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// graph is what the formats write.
type graph struct {
	nodes []node
	edges []edge
}

type node struct{ id, name, kind, country, members string }

// edge is a stake, or a fact of control if By is given.
type edge struct {
	from, to      int
	capital       ratio.Interval
	votes         ratio.Interval
	by            crossholding.ControlMeans
	source, money string
	voter         string // if not the holder
}

// graphOf checks a book and makes its graph.
func graphOf(b crossholding.Book) (*graph, error) {
	a, err := crossholding.New(b)
	if err != nil {
		return nil, err
	}
	b = a.Book()
	parts, err := holdings.Parts(b)
	if err != nil {
		return nil, fmt.Errorf("graphtext: %w", err)
	}
	g, index := &graph{}, map[string]int{}
	add := func(id, name, kind, country string) {
		if name == "" {
			name = id
		}
		index[id] = len(g.nodes)
		g.nodes = append(g.nodes, node{id: id, name: name, kind: kind, country: country})
	}
	for _, c := range b.Companies {
		add(c.ID, c.Name, string(crossholding.KindCompany), c.Country)
	}
	for _, p := range b.Parties {
		kind := p.Kind
		if kind == "" {
			kind = crossholding.KindPerson
		}
		add(p.ID, p.Name, string(kind), p.Country)
		g.nodes[len(g.nodes)-1].members = strings.Join(p.Members, "\n")
	}
	for i := range parts {
		h := &parts[i]
		money := h.Beneficiary
		if money == h.Holder {
			money = ""
		}
		voter := h.Voter
		if voter == h.Holder {
			voter = ""
		}
		g.edges = append(g.edges, edge{from: index[h.Holder], to: index[h.Issuer], capital: h.Shares.Interval, votes: h.Votes.Interval, money: money, voter: voter})
	}
	for _, c := range b.Controls {
		if date.Within(b.AsOf, c.From, c.To) {
			g.edges = append(g.edges, edge{from: index[c.Controller], to: index[c.Company], by: c.By, source: c.Source})
		}
	}
	return g, nil
}

// label returns the text of an edge.
func (e *edge) label() string {
	if e.by != "" {
		return "controls: " + string(e.by)
	}
	text := e.capital.ShortPercent()
	if e.votes != e.capital && e.votes.String() != e.capital.String() {
		text += ", votes " + e.votes.ShortPercent()
	}
	if e.money != "" {
		text += ", for " + e.money
	}
	return text
}

func (e *edge) band() bool { return !e.capital.IsExact() || !e.votes.IsExact() }

// oneLine replaces characters that cannot be seen by blanks.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// write calls body with a writer that keeps the first error.
func write(w io.Writer, b crossholding.Book, body func(g *graph, out *bufio.Writer)) error {
	g, err := graphOf(b)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	body(g, out)
	return out.Flush()
}

// shapes are the shapes of nodes in DOT, and the brackets of nodes in Mermaid.
var shapes = map[string]struct{ dot, open, end string }{
	"company": {"box", "[", "]"}, "person": {"ellipse", "([", "])"}, "state": {"house", "[/", "\\]"},
	"fund": {"hexagon", "{{", "}}"}, "trust": {"diamond", "{", "}"}, "public": {"plaintext", "(", ")"},
}

// WriteDOT writes a book as a DOT graph (graphviz.org/doc/info/lang.html). It fails with the
// errors of [crossholding.New] for a book that is not valid, and with those of w.
func WriteDOT(w io.Writer, b crossholding.Book) error {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;", ">", "&gt;")
	quote := func(s string) string { return `"` + escape.Replace(oneLine(s)) + `"` }
	return write(w, b, func(g *graph, out *bufio.Writer) {
		fmt.Fprint(out, "digraph {\n\trankdir=TB;\n")
		for i, n := range g.nodes {
			fmt.Fprintf(out, "\tn%d [label=%s, shape=%s];\n", i, quote(n.name), shapes[n.kind].dot)
		}
		for i := range g.edges {
			e := &g.edges[i]
			style := ""
			switch {
			case e.by != "":
				style = ", style=dotted"
			case e.band():
				style = ", style=dashed"
			}
			fmt.Fprintf(out, "\tn%d -> n%d [label=%s%s];\n", e.from, e.to, quote(e.label()), style)
		}
		fmt.Fprint(out, "}\n")
	})
}

// WriteMermaid writes a book as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html). It
// fails as [WriteDOT] does.
func WriteMermaid(w io.Writer, b crossholding.Book) error {
	escape := strings.NewReplacer("#", "#35;", `"`, "#quot;", "&", "#amp;", "<", "#lt;", ">", "#gt;", "`", "#96;")
	quote := func(s string) string { return `"` + escape.Replace(oneLine(s)) + `"` }
	return write(w, b, func(g *graph, out *bufio.Writer) {
		fmt.Fprint(out, "flowchart TD\n")
		for i, n := range g.nodes {
			s := shapes[n.kind]
			fmt.Fprintf(out, "\tn%d%s%s%s\n", i, s.open, quote(n.name), s.end)
		}
		for i := range g.edges {
			e := &g.edges[i]
			arrow := "-->"
			if e.by != "" || e.band() {
				arrow = "-.->"
			}
			fmt.Fprintf(out, "\tn%d %s|%s| n%d\n", e.from, arrow, quote(e.label()), e.to)
		}
	})
}
