package chart

import (
	"bufio"
	"cmp"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/crossholding/crossholding"
)

// palette has light colours that differ in lightness too. They are those of ColorBrewer's
// Pastel1 scheme.
var palette = []string{"#fbb4ae", "#b3cde3", "#ccebc5", "#decbe4", "#fed9a6", "#ffffcc", "#e5d8bd", "#fddaec", "#f2f2f2"}

const emphasis = "#b00020"

// shapes are the forms of nodes by their kinds. A holder of no kind has rounded corners.
var shapes = map[crossholding.PartyKind]string{
	crossholding.KindPerson:  "shape=ellipse",
	crossholding.KindCompany: `style="filled,rounded"`,
	crossholding.KindState:   "peripheries=2",
	crossholding.KindFund:    "shape=tab",
	crossholding.KindTrust:   `style="filled,dashed"`,
	crossholding.KindPublic:  `shape=plaintext, style=""`,
	crossholding.KindJoint:   `style="filled,rounded", peripheries=2`,
	"":                       `style="filled,rounded"`,
}

// clean replaces what cannot be seen by blanks.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
}

// clip shortens a name.
func clip(s string) string { return clipTo(s, maxName) }

func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// quote returns a text as a string of DOT.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(clean(s)) + `"`
}

// rich returns a text for a label with marks.
func rich(s string) string { return html.EscapeString(clean(s)) }

// apart returns a text with room at its ends, so that a line beside a label does not touch it.
func apart(s string) string { return "&#160;" + s + "&#160;" }

// write writes the nodes and edges. The prefix keeps the nodes of two graphs apart.
func (g *graph) write(out *bufio.Writer, prefix string) {
	colours := g.colours()
	boxes := map[int][]int{}
	for i := range g.nodes {
		if c := g.nodes[i].component; c > 0 {
			boxes[c] = append(boxes[c], i)
			continue
		}
		g.writeNode(out, prefix, i, colours)
	}
	for c := 1; len(boxes) > 0; c++ {
		list := boxes[c]
		delete(boxes, c)
		if len(list) < 2 {
			for _, i := range list {
				g.writeNode(out, prefix, i, colours)
			}
			continue
		}
		fmt.Fprintf(out, "subgraph cluster_%sbox%d {\nlabel=\"hold one another's shares  \"; labelloc=b; labeljust=r; fontsize=10; fontcolor=\"#555555\"; style=\"rounded,dashed\"; color=\"#777777\"; margin=12;\n", prefix, c)
		for _, i := range list {
			g.writeNode(out, prefix, i, colours)
		}
		fmt.Fprint(out, "}\n")
	}
	for i := range g.edges {
		g.writeEdge(out, prefix, i)
	}
}

// colours gives the ultimate controllers of most companies a colour each, in the order of names.
// If there are more controllers than colours, those of few companies have none.
func (g *graph) colours() map[string]string {
	count := map[string]int{}
	for i := range g.nodes {
		if by := g.nodes[i].controller; by != "" {
			count[by]++
		}
	}
	list := slices.SortedFunc(maps.Keys(count), func(x, y string) int { return cmp.Or(cmp.Compare(count[y], count[x]), strings.Compare(x, y)) })
	if len(list) > len(palette) {
		few := count[list[len(palette)]]
		list = slices.DeleteFunc(list, func(by string) bool { return count[by] <= few })
	}
	slices.Sort(list)
	out := map[string]string{}
	for i, by := range list {
		out[by] = palette[i]
	}
	return out
}

func (g *graph) writeNode(out *bufio.Writer, prefix string, i int, colours map[string]string) {
	n := &g.nodes[i]
	label := rich(clip(n.name))
	small := clip(n.country)
	switch {
	case n.byName != "":
		small = strings.TrimPrefix(small+", controlled by "+clipTo(n.byName, 2*maxName), ", ")
	case n.perhaps != "":
		small = strings.TrimPrefix(small+", perhaps controlled by "+clipTo(n.perhaps, 2*maxName), ", ")
	}
	if small != "" {
		label += fmt.Sprintf(`<BR/><FONT POINT-SIZE="3"> </FONT><BR/><FONT POINT-SIZE="9" COLOR="#444444">%s</FONT>`, rich(small))
	}
	attributes := ""
	colour := colours[n.controller]
	if colour == "" {
		colour = colours[n.id] // it controls others
	}
	if colour != "" && !n.float {
		attributes += fmt.Sprintf(", fillcolor=%q", colour)
	}
	switch {
	case n.float || n.id == "":
		attributes += `, shape=plaintext, style="", fontcolor="#555555"`
	case n.company:
		attributes += ", penwidth=1.4"
	default:
		attributes += ", " + shapes[n.kind]
	}
	if w := emWidth(clip(n.name)); w > 0 { // 12 points each, with the margin; an ellipse needs more
		w = w*12 + 20
		if !n.company && n.kind == crossholding.KindPerson {
			w *= 1.4
		}
		attributes += fmt.Sprintf(", width=%.2f", w/72)
	}
	if n.only {
		attributes += fmt.Sprintf(", color=%q, penwidth=2.4", emphasis)
	}
	fmt.Fprintf(out, "%sn%d [id=\"%sn%d\", label=<%s>,\n\ttooltip=%s%s];\n", prefix, i, prefix, i, label, quote(n.sentence()), attributes)
}

func (g *graph) writeEdge(out *bufio.Writer, prefix string, i int) {
	e := &g.edges[i]
	var lines []string
	add := func(text string, mark bool) {
		if mark {
			text = fmt.Sprintf(`<FONT COLOR="%s"><B>%s</B></FONT>`, emphasis, text)
		}
		lines = append(lines, text)
	}
	if e.capital != "" {
		add(apart(rich(e.capital)), e.only || e.otherCapital)
	}
	if e.votes != "" {
		add(apart("votes "+rich(e.votes)), e.only || e.otherVotes)
	}
	if e.suspended != "" {
		add("&#160;votes&#160;<S>"+rich(e.suspended)+"</S>", e.only || e.otherVotes)
	}
	for _, n := range e.notes {
		add("<I>"+apart(rich(n))+"</I>", e.only)
	}
	attributes := ""
	switch {
	case e.fact:
		attributes += `, style=dotted, penwidth=1.8, arrowhead=onormal`
	case e.dashed:
		attributes += ", style=dashed"
	}
	switch e.control {
	case crossholding.CertaintyYes:
		attributes += ", penwidth=2.4"
	case crossholding.CertaintyDepends:
		attributes += ", arrowhead=onormal"
	}
	if e.only || e.otherCapital {
		attributes += fmt.Sprintf(", color=%q, penwidth=2.2", emphasis)
	}
	label := strings.Join(lines, "<BR/>")
	said := quote(g.sentence(i))
	fmt.Fprintf(out, "%sn%d -> %sn%d [id=\"%se%d\", label=<%s>%s,\n\ttooltip=%s,\n\tlabeltooltip=%s];\n", prefix, e.from, prefix, e.to, prefix, i, label, attributes, said, said)
}

// sentence says what a node is, for a screen reader.
func (n *node) sentence() string {
	s := n.name
	if n.country != "" {
		s += " (" + n.country + ")"
	}
	switch {
	case n.byName != "":
		s += ", controlled by " + n.byName
	case n.perhaps != "":
		s += ", perhaps controlled by " + n.perhaps
	}
	return s
}

// sentence says what an edge is, for a screen reader.
func (g *graph) sentence(i int) string {
	e := &g.edges[i]
	s := g.nodes[e.from].name
	switch {
	case e.fact:
		s += " " + strings.Join(e.notes, ", ") + ": " + g.nodes[e.to].name
	default:
		s += fmt.Sprintf(" has %s of %s", e.capital, g.nodes[e.to].name)
		if e.votes != "" {
			s += fmt.Sprintf(", %s of the votes", e.votes)
		}
		if e.suspended != "" {
			s += fmt.Sprintf(", votes of %s suspended", e.suspended)
		}
		if len(e.notes) > 0 {
			s += ", " + strings.Join(e.notes, ", ")
		}
		switch e.control {
		case crossholding.CertaintyYes:
			s += ", and controls it"
		case crossholding.CertaintyDepends:
			s += ", and may control it"
		}
	}
	if len(e.why) > 0 {
		s += ": " + strings.Join(e.why, "; ")
	}
	return s
}
