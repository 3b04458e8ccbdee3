package graphtext_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/graphtext"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// parts returns what everybody has of each company, as text.
func parts(t testing.TB, b crossholding.Book) (out []string) {
	a, err := crossholding.New(b)
	require.NoError(t, err)
	list, err := holdings.Parts(a.Book())
	require.NoError(t, err)
	for _, h := range list {
		if h.Beneficiary == h.Holder {
			h.Beneficiary = ""
		}
		if h.Voter == h.Holder {
			h.Voter = ""
		}
		out = append(out, fmt.Sprintln(h.Holder, h.Issuer, h.Beneficiary, h.Voter, h.Shares.Interval, h.Votes.Interval))
	}
	return out
}

func roundTrip(t testing.TB, b crossholding.Book) crossholding.Book {
	var text bytes.Buffer
	require.NoError(t, graphtext.WriteGraphML(&text, b))
	got, report, err := graphtext.ReadGraphML(context.Background(), bytes.NewReader(text.Bytes()), graphtext.ReadOptions{})
	require.NoError(t, err)
	require.Equal(t, report.Lines, report.Read)
	require.Empty(t, report.Guessed.Counts)
	require.Empty(t, report.Dropped.Counts)
	require.Empty(t, report.Conflicts.Counts)
	var again bytes.Buffer
	require.NoError(t, graphtext.WriteGraphML(&again, got))
	// An owner that is a company comes back among the companies, so the order can differ.
	require.ElementsMatch(t, strings.Split(text.String(), "\n"), strings.Split(again.String(), "\n"))
	return got
}

// Book to GraphML to book keeps every figure.
func TestGraphMLRoundTrip(t *testing.T) {
	third := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "7"}}},
			{ID: "y", Shares: []crossholding.ShareClass{{Class: "a", Issued: "3", Votes: "10"}, {Class: "b", Issued: "11"}, {Class: "v", Issued: "2", Dividend: "0"}}}},
		Parties: []crossholding.Party{{ID: "p"}, {ID: "q", Country: "DE"}, {ID: "p&q", Kind: crossholding.KindJoint, Members: []string{"p", "q"}},
			{ID: "t", Kind: crossholding.KindTrust, Name: "The <Trust>"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Shares: "2", Voter: "q"}, {Holder: "y", Issuer: "x", Shares: "1", Beneficiary: "q"},
			{Holder: "p&q", Issuer: "x", Between: "(1/7,2/7]"}, {Holder: "t", Issuer: "y", Class: "a", Shares: "2"}, {Holder: "q", Issuer: "y", Class: "b", Shares: "5"},
			{Holder: "p", Issuer: "y", Class: "v", Shares: "1", Voter: crossholding.Neutral}},
		Controls: []crossholding.ControlFact{{Controller: "q", Company: "t", By: crossholding.ControlByTrust, Source: "deed"}},
	}
	got := roundTrip(t, third)
	require.Equal(t, parts(t, third), parts(t, got))
	require.Equal(t, third.Controls, got.Controls)
	for _, b := range []crossholding.Book{alliance(), {}} {
		require.Equal(t, parts(t, b), parts(t, roundTrip(t, b)))
	}
	f, err := os.Open("../../testdata/alliance/before.json")
	require.NoError(t, err)
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	require.NoError(t, err)
	require.Equal(t, parts(t, a.Book()), parts(t, roundTrip(t, a.Book())))
}

func figures(b crossholding.Book) (out []string) {
	for _, s := range b.Stakes {
		out = append(out, s.Holder+">"+s.Issuer+" "+s.Figure())
	}
	return out
}

const yed = `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d10" yfiles.type="edgegraphics"/>
<graph edgedefault="directed" id="G">
<node id="n0" yfiles.foldertype="group"><data key="d6"><y:ShapeNode><y:NodeLabel>Renault</y:NodeLabel></y:ShapeNode></data>
<graph edgedefault="directed"><node id="n0::n1"><data key="d6"><y:ShapeNode><y:Geometry height="30.0"/><y:NodeLabel>Nissan</y:NodeLabel></y:ShapeNode></data></node></graph></node>
<edge id="e0" source="n0" target="n0::n1"><data key="d10"><y:PolyLineEdge><y:EdgeLabel>43,4 %</y:EdgeLabel></y:PolyLineEdge></data></edge>
<edge id="e1" source="n0::n1" target="n0"><data key="d10"><y:PolyLineEdge><y:EdgeLabel>friends</y:EdgeLabel></y:PolyLineEdge></data></edge>
</graph></graphml>`

// graph returns a file with a number as the attribute weight of each of some edges.
func graph(edges ...string) string {
	out := `<graphml><key id="d0" for="edge" attr.name="weight" attr.type="double"/><graph edgedefault="directed">`
	for _, e := range edges {
		f := strings.Fields(e)
		out += fmt.Sprintf("\n<edge source=%q target=%q><data key=\"d0\">%s</data></edge>", f[0], f[1], strings.Join(f[2:], " "))
	}
	return out + "</graph></graphml>"
}

func TestReadGraphMLOfOthers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        graphtext.ReadOptions
		want       []string
		rules      string
	}{
		{"yEd", yed, graphtext.ReadOptions{}, []string{"n0::n1>n0 (0%,100%]", "n0>n0::n1 43.4%"}, "4 of 4 lines read; guessed: 1 unknown; dropped: 1 label"},
		{"fractions", graph("a b 0.434", "c b 0.2"), graphtext.ReadOptions{}, []string{"a>b 43.4%", "c>b 20%"}, "5 of 5 lines read; guessed: 2 kind, 1 unit, 3 unlisted"},
		{"percentages", graph("a b 43.4", "c b 0.2"), graphtext.ReadOptions{}, []string{"a>b 43.4%", "c>b 0.2%"}, "5 of 5 lines read; guessed: 2 kind, 1 unit, 3 unlisted"},
		{"small percentages", graph("a b 0.5"), graphtext.ReadOptions{Unit: graphtext.UnitPercent}, []string{"a>b 0.5%"}, "3 of 3 lines read; guessed: 1 kind, 2 unlisted"},
		{"all of a company", graph("a b 1"), graphtext.ReadOptions{Unit: graphtext.UnitFraction}, []string{"a>b 100%"}, "3 of 3 lines read; guessed: 1 kind, 2 unlisted"},
		{"thirds", graph("a b 1/3", "c b 33 1/3"), graphtext.ReadOptions{}, []string{"a>b 100 shares", "c>b 100 shares"}, "5 of 5 lines read; guessed: 2 kind, 3 unlisted"},
		{"reversed", graph("a b 30%"), graphtext.ReadOptions{Reversed: true}, []string{"b>a 30%"}, "3 of 3 lines read; guessed: 1 kind, 2 unlisted"},
		{"another name", strings.ReplaceAll(graph("a b 30"), "weight", "Anteil"), graphtext.ReadOptions{Capital: []string{"anteil"}}, []string{"a>b 30%"}, "3 of 3 lines read; guessed: 1 kind, 1 unit, 2 unlisted"},
		{"too much", graph("a b 60", "c b 50"), graphtext.ReadOptions{}, []string{"a>b [0%,60%]", "c>b [0%,50%]"}, "5 of 5 lines read; guessed: 2 kind, 1 unit, 3 unlisted; conflicts: 1 together"},
		{"default and undirected", `<graphml><key id="w" for="edge" attr.name="weight"><default>25%</default></key><graph edgedefault="undirected"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>`,
			graphtext.ReadOptions{}, []string{"a>b 25%"}, "3 of 3 lines read; guessed: 1 kind, 1 undirected"},
		{"kinds", `<graphml><key id="k" attr.name="kind"/><key id="c" attr.name="control"/><key id="l" attr.name="country"/><graph><hyperedge/><node id="a"><data key="k">state</data><data key="l">Utopia</data></node>
			<node id="b"><data key="k">robot</data></node><edge source="b" target="a"><data key="c">magic</data></edge><edge source="a" target="a"><data key="c">voting</data></edge></graph></graphml>`,
			graphtext.ReadOptions{}, nil, "3 of 5 lines read; guessed: 1 country, 2 kind, 1 means; dropped: 1 hyperedge, 1 itself; conflicts: 1 kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, report, err := graphtext.ReadGraphML(context.Background(), strings.NewReader(c.text), c.opt)
			require.NoError(t, err)
			require.Equal(t, c.want, figures(b))
			require.Equal(t, c.rules, report.String())
			_, err = crossholding.New(b)
			require.NoError(t, err)
		})
	}
}

// A node of which the file states no kind is what others hold, what its name tells, or a person.
func TestReadGraphMLKinds(t *testing.T) {
	const text = `<graphml><key id="k" attr.name="kind"/><key id="n" attr.name="name"/><key id="w" attr.name="weight"/><graph>
<node id="a"><data key="n">Holding GmbH</data></node>
<node id="b"><data key="n">Frau B</data></node>
<node id="c"><data key="k">Personne morale</data></node>
<node id="x"/>
<edge source="a" target="x"><data key="w">10</data></edge><edge source="b" target="x"><data key="w">10</data></edge><edge source="c" target="x"><data key="w">10</data></edge>
</graph></graphml>`
	b, report, err := graphtext.ReadGraphML(t.Context(), strings.NewReader(text), graphtext.ReadOptions{})
	require.NoError(t, err)
	require.Equal(t, []crossholding.Party{{ID: "b", Name: "Frau B", Kind: crossholding.KindPerson}}, b.Parties)
	require.Len(t, b.Companies, 3)
	var notes []string
	for _, n := range report.Guessed.List {
		if n.Rule == "kind" {
			notes = append(notes, n.String())
		}
	}
	require.Equal(t, []string{"line 2: a: no kind is stated: it is taken as a company by the legal form GmbH", "line 3: b: no kind is stated: it is taken as a person"}, notes)
}

func TestReadGraphMLFaults(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		kind             error
		drops            bool
	}{
		{"empty", "", "the file has no element graph", crossholding.ErrMissing, false},
		{"truncated", "<graphml>\n<graph><node id='a'>", "line 2: the file is no XML from here on: unexpected EOF", crossholding.ErrSyntax, false},
		{"encoding", `<?xml version="1.0" encoding="UTF-16"?><graph/>`, "line 1: the file cannot be read", crossholding.ErrSyntax, false},
		{"no id", "<graph><node/></graph>", `line 1: the id "" of a node is empty`, crossholding.ErrRange, true},
		{"two nodes", "<graph><node id='a'/>\n<node id='a'/></graph>", `line 2: the node "a" is on line 1 too`, crossholding.ErrDuplicate, true},
		{"no end", "<graph><edge source='a'/></graph>", `line 1: the end "" of an edge is empty`, crossholding.ErrRange, true},
		{"no part", graph("a b lots"), `line 2: a in b: the weight "lots" is no part of a company`, ratio.ErrNumber, true},
		{"over 100", graph("a b 101"), `line 2: a in b: the weight "101" is no part of a company`, ratio.ErrNumber, true},
		{"deep", strings.Repeat("<graph>", 2000), "elements lie too deep", crossholding.ErrSyntax, false},
		{"long", "<graph><data>" + strings.Repeat("x", 3<<20), "an element has more than", crossholding.ErrTooLarge, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := graphtext.ReadGraphML(context.Background(), strings.NewReader(c.text), graphtext.ReadOptions{})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
			_, report, err := graphtext.ReadGraphML(context.Background(), strings.NewReader(c.text), graphtext.ReadOptions{DropFaults: true})
			require.Equal(t, c.drops, err == nil, "%v", err)
			if c.drops {
				require.Equal(t, 1, report.Dropped.Counts["fault"])
			}
		})
	}
	_, _, err := graphtext.ReadGraphML(t.Context(), iotest.ErrReader(errors.New("disk gone")), graphtext.ReadOptions{})
	require.ErrorContains(t, err, "disk gone")
	_, _, err = graphtext.ReadGraphML(t.Context(), nil, graphtext.ReadOptions{Unit: "miles"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err = graphtext.ReadGraphML(ctx, nil, graphtext.ReadOptions{Unit: "miles"})
	require.ErrorIs(t, err, context.Canceled)
}

// Whatever the bytes are, ReadGraphML ends without a panic, and a book that it returns is valid.
func FuzzReadGraphML(f *testing.F) {
	var text bytes.Buffer
	require.NoError(f, graphtext.WriteGraphML(&text, book()))
	for _, s := range []string{text.String(), yed, graph("a b 1/3", "a b 0.2"), "<graph><node id='a'><edge/></node></graph>"} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, drop bool) {
		b, report, err := graphtext.ReadGraphML(context.Background(), bytes.NewReader(text), graphtext.ReadOptions{DropFaults: drop})
		if err != nil {
			return
		}
		require.LessOrEqual(t, report.Read, report.Lines)
		if _, err = crossholding.New(b); err != nil {
			t.Fatal(err)
		}
	})
}

func ExampleReadGraphML() {
	const file = `<graphml><key id="d0" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="directed"><node id="Renault"/><node id="Nissan"/>
<edge source="Renault" target="Nissan"><data key="d0">0.434</data></edge>
<edge source="Nissan" target="Renault"><data key="d0">0.15</data></edge></graph></graphml>`
	book, report, err := graphtext.ReadGraphML(context.Background(), strings.NewReader(file), graphtext.ReadOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range book.Stakes {
		fmt.Println(s.Holder, "holds", s.Figure(), "of", s.Issuer)
	}
	fmt.Println(report.Guessed.List[0])
	// Output:
	// Renault holds 43.4% of Nissan
	// Nissan holds 15% of Renault
	// the 2 plain numbers of edges are fractions, because none is above 1
}
