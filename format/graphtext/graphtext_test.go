package graphtext_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/graphtext"
)

func book() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "nissan", Name: "Nissan Motor", Country: "JP"}, {ID: "renault", Name: "Renault", Country: "FR",
			Shares: []crossholding.ShareClass{{Class: "a", Issued: "20", Votes: "4"}, {Class: "b", Issued: "80"}}}},
		Parties: []crossholding.Party{{ID: "state", Name: "French State", Kind: crossholding.KindState}, {ID: "odd", Name: "\"<&>`#\\\n\u202e"}},
		Stakes: []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}, {Holder: "state", Issuer: "renault", Class: "a", Shares: "20"},
			{Holder: "odd", Issuer: "nissan", Between: "(5%,10%)", Beneficiary: "state"}},
		Controls: []crossholding.ControlFact{{Controller: "state", Company: "nissan", By: crossholding.ControlByAppointment, Source: "<art. 1>"}},
	}
}

var formats = map[string]func(io.Writer, crossholding.Book) error{
	"dot": graphtext.WriteDOT, "mermaid": graphtext.WriteMermaid, "graphml": graphtext.WriteGraphML,
}

func TestFormats(t *testing.T) {
	want := map[string][]string{
		"dot": {`n0 [label="Nissan Motor", shape=box];`, `n1 -> n0 [label="43.4%"];`, `n3 -> n1 [label="20%, votes 50%"];`, `label="over 5% to under 10%, for state", style=dashed`,
			`n3 -> n0 [label="controls: appointment", style=dotted];`, "label=\"\\\"&lt;&amp;&gt;`#\\\\  \""},
		"mermaid": {`n0["Nissan Motor"]`, `n1 -->|"43.4%"| n0`, `n3 -.->|"controls: appointment"| n0`, `n2(["#quot;#lt;#amp;#gt;#96;#35;\  "])`, `n3[/"French State"\]`},
		"graphml": {`<node id="nissan"><data key="name">Nissan Motor</data><data key="kind">company</data><data key="country">JP</data></node>`,
			`<data key="capital">20%</data><data key="votes">50%</data>`, `<data key="capital">(5%,10%)</data>`, `<data key="control">appointment</data><data key="source">&lt;art. 1&gt;</data>`},
	}
	for name, write := range formats {
		t.Run(name, func(t *testing.T) {
			var out, again bytes.Buffer
			require.NoError(t, write(&out, book()))
			for _, line := range want[name] {
				require.Contains(t, out.String(), line)
			}
			b := book()
			slices.Reverse(b.Companies)
			slices.Reverse(b.Parties)
			slices.Reverse(b.Stakes)
			require.NoError(t, write(&again, b))
			require.Equal(t, out.String(), again.String(), "the order of the book matters")
			require.NotContains(t, out.String(), "\u202e]")
			require.Error(t, write(io.Discard, crossholding.Book{Stakes: []crossholding.Stake{{Holder: "x"}}}))
			require.ErrorIs(t, write(broken{}, b), io.ErrClosedPipe)
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestGraphMLIsXML(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, graphtext.WriteGraphML(&out, book()))
	var file struct {
		Graph struct {
			Nodes []struct {
				ID string `xml:"id,attr"`
			} `xml:"node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
			} `xml:"edge"`
		} `xml:"graph"`
	}
	require.NoError(t, xml.Unmarshal(out.Bytes(), &file))
	require.Len(t, file.Graph.Nodes, 4)
	require.Len(t, file.Graph.Edges, 4)
}

func alliance() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "nissan", Name: "Nissan"}, {ID: "renault", Name: "Renault"}},
		Parties:   []crossholding.Party{{ID: "state", Name: "French State", Kind: crossholding.KindState}},
		Stakes: []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}, {Holder: "nissan", Issuer: "renault", Percent: "15"},
			{Holder: "state", Issuer: "renault", Between: "[15%,16%]"}},
	}
}

func ExampleWriteDOT() {
	if err := graphtext.WriteDOT(os.Stdout, alliance()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// digraph {
	// 	rankdir=TB;
	// 	n0 [label="Nissan", shape=box];
	// 	n1 [label="Renault", shape=box];
	// 	n2 [label="French State", shape=house];
	// 	n1 -> n0 [label="43.4%"];
	// 	n0 -> n1 [label="15%"];
	// 	n2 -> n1 [label="15% to 16%", style=dashed];
	// }
}

func ExampleWriteMermaid() {
	if err := graphtext.WriteMermaid(os.Stdout, alliance()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// flowchart TD
	// 	n0["Nissan"]
	// 	n1["Renault"]
	// 	n2[/"French State"\]
	// 	n1 -->|"43.4%"| n0
	// 	n0 -->|"15%"| n1
	// 	n2 -.->|"15% to 16%"| n1
}

func ExampleWriteGraphML() {
	var out strings.Builder
	if err := graphtext.WriteGraphML(&out, alliance()); err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "<edge") {
			fmt.Print(line)
		}
	}
	// Output:
	//     <edge source="renault" target="nissan"><data key="capital">43.4%</data><data key="votes">43.4%</data></edge>
	//     <edge source="nissan" target="renault"><data key="capital">15%</data><data key="votes">15%</data></edge>
	//     <edge source="state" target="renault"><data key="capital">[15%,16%]</data><data key="votes">[15%,16%]</data></edge>
}
