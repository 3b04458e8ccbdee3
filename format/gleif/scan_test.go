package gleif

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

// describe writes all fields of a record.
func (f *fields) describe(line int) string {
	return fmt.Sprintf("%d: %q %q %q %q %q %q %q %q %v %q %q %q", line, f.child, f.parent, f.kind, f.status, f.registration,
		f.periods, f.qualifiers, f.quantifiers, f.deleted, f.lei, f.category, f.reasons)
}

// byLibrary lists the records and the fault of a file as a decoder alone reads it.
func byLibrary(text []byte) (out []string) {
	d, depth := xml.NewDecoder(bytes.NewReader(text)), 0
	line := func() int {
		n, _ := d.InputPos()
		return n
	}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			return append(out, fmt.Sprintf("%d: %s", line(), message(err)))
		}
		switch t := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if isRecord([]byte(t.Name.Local)) {
				var f fields
				at := line()
				if err := f.element(d, t.Name.Local); err != nil {
					return append(out, fmt.Sprintf("%d: %s", line(), message(err)))
				}
				out = append(out, f.describe(at))
			} else if depth++; depth > maxDepth {
				return append(out, fmt.Sprintf("%d: elements lie too deep", line()))
			}
		}
	}
}

// byScan lists the same as the scanner reads it.
func byScan(r io.Reader) (out []string) {
	x := newXMLFile(r)
	var f fields
	for {
		line, err := x.next(&f)
		var bad xmlError
		switch {
		case err == io.EOF:
			return out
		case errors.As(err, &bad):
			return append(out, fmt.Sprintf("%d: %s", bad.line, message(bad.error)))
		case err != nil:
			return append(out, err.Error())
		case line > 0:
			out = append(out, f.describe(line))
		}
	}
}

// message is an error without the line that a decoder puts before it.
func message(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Msg
	}
	return err.Error()
}

// snippets are what files can have, and what they must not have.
var snippets = []string{
	"<RelationshipRecord>", "</RelationshipRecord>", "<rr:RelationshipRecord xmlns:rr='x'>", "</rr:RelationshipRecord>", "<Exception>", "</Exception>", "<Exception/>",
	"<StartNode>", "</StartNode>", "<NodeID>", "</NodeID>", "<rr:NodeID>", "</rr:NodeID>", "<NodeID />", "<RelationshipPeriod>", "</RelationshipPeriod>",
	"<StartDate>2020-01-02</StartDate>", "<LEI>A</LEI>", "<LEI a=\"b\" c = 'd'>B</LEI>", "<LEI a=\"x&amp;y\">C</LEI>", "<ExceptionReason>R</ExceptionReason>", "<DeletedAt/>",
	"<a>", "</a>", "<a:b>", "</a:b>", "</a >", "</ a>", "< a>", "<a/ >", "<a b>", "<a b=c>", "<a b='<'>", "<a b='>'/>", "<a b=\"1\"c='2'/>", "<a b='\n'/>", "<a :b='1'/>", "<a b:c:d='1'/>",
	"<a:b:c>", "<:a>", "<a:>", "<1>", "<é>", "</é>", "<a:1>", "<a\xff>", "<_a.b-c1>", "</_a.b-c1>", "<a", "</", "<", ">", "/>", "'", "=\"",
	"text", "  ", "\n", "\r\n", "\r", "x\ry", "&amp;", "&lt;x&gt;", "&quot;&apos;", "&#65;", "&#x41;", "&#0;", "&bad;", "&", "&amp", "&;", "]]>", "]", "é", "\u00a0", "\ufffe", "\uffff", "\ufffd", "\xff", "\x00", "\x7f", "\u0085",
	"<!-- c -->", "<!-- a -- b -->", "<!--", "-->", "<![CDATA[<x>&]]>", "<![CDATA[", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "<?pi x?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
	"<?xml version=\"1.0\" encoding=\"latin1\"?>", "<?xml version=\"1.1\"?>", "<?", "<!", "<!>",
}

// mutated returns a file that is one of the good files with some bytes, or some snippets, changed.
func mutated(rng *rand.Rand, good [][]byte) []byte {
	if rng.IntN(2) == 0 {
		var out strings.Builder
		for range rng.IntN(30) {
			out.WriteString(snippets[rng.IntN(len(snippets))])
		}
		return []byte(out.String())
	}
	text := bytes.Clone(good[rng.IntN(len(good))])
	for range rng.IntN(3) {
		at := rng.IntN(len(text))
		switch rng.IntN(4) {
		case 0:
			text[at] = byte(rng.IntN(256))
		case 1:
			text = append(text[:at:at], text[min(len(text), at+rng.IntN(20)):]...)
		case 2:
			text = text[:at+1]
		default:
			text = append(append(text[:at:at], snippets[rng.IntN(len(snippets))]...), text[at:]...)
		}
	}
	return text
}

func goodFiles(t testing.TB) (out [][]byte) {
	for _, name := range []string{"relationships.xml", "exceptions.xml"} {
		text, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		out = append(out, text)
	}
	return out
}

// The scanner reads what a decoder reads, and has its faults on the same lines.
func TestScanIsAsTheLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	good := goodFiles(t)
	for range testkit.Cases(30_000) {
		text := mutated(rng, good)
		require.Equal(t, byLibrary(text), byScan(bytes.NewReader(text)), "%q", text)
	}
}

// The scanner needs the decoder for none of the published forms but their first lines.
func TestScanIsFast(t *testing.T) {
	for _, text := range goodFiles(t) {
		x := newXMLFile(bytes.NewReader(text))
		var f fields
		slow := 0
		for {
			before := x.pos
			end, _, result := x.part(&f)
			if result == short && x.err == nil {
				x.fill()
				continue
			}
			if result == taken {
				x.take(end)
				continue
			}
			if _, err := x.decode(&f); err == io.EOF {
				break
			}
			require.Greater(t, x.pos, before)
			slow++
		}
		require.Equal(t, 2, slow, "the first line, and the end of the file")
	}
}

// However the bytes arrive, the parts are the same, also those that are longer than what is read
// at once.
func TestScanInPieces(t *testing.T) {
	long := "<a>" + strings.Repeat("<!-- x -->\n", 20_000) + "<Exception><LEI>" + strings.Repeat("é", 200_000) + "</LEI></Exception><Exception><LEI>" +
		strings.Repeat("&amp;", 100_000) + "</LEI>\n</Exception></a>"
	for _, text := range append(goodFiles(t), []byte(long)) {
		want := byLibrary(text)
		require.NotEmpty(t, want)
		require.Equal(t, want, byScan(bytes.NewReader(text)))
		require.Equal(t, want, byScan(iotest.HalfReader(bytes.NewReader(text))))
		require.Equal(t, want, byScan(iotest.OneByteReader(bytes.NewReader(text))))
		require.Equal(t, want, byScan(iotest.DataErrReader(bytes.NewReader(text))))
	}
}

func FuzzScan(f *testing.F) {
	for _, text := range goodFiles(f) {
		f.Add(text)
	}
	for _, s := range snippets {
		f.Add([]byte("<a><Exception>" + s + "</Exception></a>"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) < 1<<16 {
			require.Equal(t, byLibrary(text), byScan(bytes.NewReader(text)))
		}
	})
}
