package graphtext

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
)

// graphMLKeys are the attributes of nodes and edges.
var graphMLKeys = [...]struct{ id, on string }{
	{"name", "node"}, {"kind", "node"}, {"country", "node"}, {"members", "node"},
	{"capital", "edge"}, {"votes", "edge"}, {"beneficiary", "edge"}, {"voter", "edge"}, {"control", "edge"}, {"source", "edge"},
}

// WriteGraphML writes a book as GraphML (graphml.graphdrawing.org). The ids of nodes are those of
// the book. Nodes have a name, a kind and a country, and joint holders their members, one on a line.
// The edge of a stake has capital and votes, as in "43.4%", "1/3" or "(25%,50%]", with a beneficiary
// or a voter who is not the holder, and the edge of a fact has control and source. It fails as
// [WriteDOT] does.
func WriteGraphML(w io.Writer, b crossholding.Book) error {
	return write(w, b, func(g *graph, out *bufio.Writer) {
		fmt.Fprint(out, xml.Header, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns">`, "\n")
		for _, k := range graphMLKeys {
			fmt.Fprintf(out, "  <key id=%q for=%q attr.name=%q attr.type=\"string\"/>\n", k.id, k.on, k.id)
		}
		fmt.Fprint(out, "  <graph edgedefault=\"directed\">\n")
		for _, n := range g.nodes {
			fmt.Fprintf(out, "    <node id=\"%s\">%s%s%s</node>\n", escapeXML(n.id), data("name", n.name), data("kind", n.kind), data("country", n.country)+data("members", n.members))
		}
		for i := range g.edges {
			e := &g.edges[i]
			what := data("capital", e.capital.String()) + data("votes", e.votes.String()) + data("beneficiary", e.money) + data("voter", e.voter)
			if e.by != "" {
				what = data("control", string(e.by)) + data("source", e.source)
			}
			fmt.Fprintf(out, "    <edge source=\"%s\" target=\"%s\">%s</edge>\n", escapeXML(g.nodes[e.from].id), escapeXML(g.nodes[e.to].id), what)
		}
		fmt.Fprint(out, "  </graph>\n</graphml>\n")
	})
}

// data returns an attribute, or nothing for an empty one.
func data(key, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("<data key=%q>%s</data>", key, escapeXML(value))
}

func escapeXML(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a strings.Builder does not fail
	return out.String()
}
