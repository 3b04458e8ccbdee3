package detect_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/bods"
	"github.com/crossholding/crossholding/format/detect"
	"github.com/crossholding/crossholding/format/ftm"
	"github.com/crossholding/crossholding/format/gleif"
	"github.com/crossholding/crossholding/format/graphtext"
	"github.com/crossholding/crossholding/format/ocf"
	"github.com/crossholding/crossholding/format/psc"
	"github.com/crossholding/crossholding/format/table"
)

func ExampleRead() {
	f, err := os.Open("../../testdata/alliance/before.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	book, err := detect.Read(context.Background(), f, detect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	list, err := detect.Read(context.Background(), strings.NewReader("holder;issuer;percent\nRenault;Nissan;43.4\n"), detect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(book.Form, len(book.Book.Stakes), list.Form, list.Report, detect.Forms())
	// Output: book 9 table 1 of 1 lines read; guessed: 1 kind [book bods ftm gleif graphml ocf psc table]
}

func ExampleOf() {
	form, err := detect.Of([]byte(`{"company_number":"01234567","data":{"kind":"individual-person`))
	fmt.Println(form, err)
	// Output: psc <nil>
}

func TestOf(t *testing.T) {
	for head, want := range map[string]detect.Form{
		`{"as_of": "2022-12-31", "companies": [`:                                           detect.Book,
		`  {"stakes": []}`:                                                                 detect.Book,
		"\ufeff{\"market\":{\"x\":[{\"schema\":1}]},\"companies\":[]}":                     detect.Book,
		`[{"statementId":"1","recordType":"entity"}]`:                                      detect.BODS,
		`{"statementID":"1"}` + "\n":                                                       detect.BODS,
		`{"id":"a","schema":"Company","properties":{"name":["A"]}}`:                        detect.FTM,
		`{"company_number":"1","data":{"etag":"x"}}`:                                       detect.PSC,
		`{"data":{"kind":"totals#persons-of-significant-control-snapshot"}}`:               detect.PSC,
		"holder,issuer,percent\n":                                                          detect.Table,
		"Aktionär\tFirma\tAnteil\n":                                                        detect.Table,
		"<?xml version='1.0'?>\n<!-- x --><rr:RelationshipData xmlns:rr=\"u\"><rr:Header>": detect.GLEIF,
		"<ReportingExceptionData>":                                                         detect.GLEIF,
		"\"Relationship.StartNode.NodeID\",\"Relationship.EndNode.NodeID\"\n":              detect.GLEIF,
		"LEI,Exception.Category,Exception.Reason.1\n":                                      detect.GLEIF,
		"\ufeff<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">":                  detect.GraphML,
		`{"file_type":"OCF_MANIFEST_FILE"`:                                                 detect.OCF,
		"PK\x03\x04 rest":                                                                  detect.OCF,
		"\"holder\",\"issuer\",\"x\"\n":                                                    detect.Table,
	} {
		got, err := detect.Of([]byte(head))
		require.NoError(t, err, head)
		require.Equal(t, want, got, head)
	}
	for _, head := range []string{"", " \n", "<xml/>", "<!-- cut", "<x><graphml>", `{"x":1}`, `{"x":{"companies":[]}}`, `[]`, `[1,2`, `{"properties":{}}`} {
		_, err := detect.Of([]byte(head))
		require.ErrorIs(t, err, crossholding.ErrSyntax, head)
	}
}

func TestReadErrors(t *testing.T) {
	var none context.Context
	_, err := detect.Read(none, strings.NewReader("x"), detect.Options{Form: "xlsx"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	require.ErrorContains(t, err, "book, bods, ftm, gleif, graphml, ocf, psc, table")
	gone := errors.New("disk gone")
	_, err = detect.Read(t.Context(), iotest.ErrReader(gone), detect.Options{})
	require.ErrorIs(t, err, gone)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = detect.Read(ended, strings.NewReader("holder,issuer,percent\n"), detect.Options{})
	require.ErrorIs(t, err, context.Canceled)
	out, err := detect.Read(t.Context(), strings.NewReader(`{"companies": [{"id": ""}]}`), detect.Options{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	require.Equal(t, detect.Book, out.Form)
}

func TestReadXML(t *testing.T) {
	for name, want := range map[string]struct {
		form detect.Form
		read int
	}{"../gleif/testdata/relationships.xml": {detect.GLEIF, 3}, "../gleif/testdata/relationships.csv": {detect.GLEIF, 3}} {
		f, err := os.Open(name)
		require.NoError(t, err)
		defer f.Close()
		out, err := detect.Read(t.Context(), f, detect.Options{})
		require.NoError(t, err)
		require.Equal(t, want.form, out.Form)
		require.Equal(t, want.read, out.Report.Read)
	}
	out, err := detect.Read(t.Context(), strings.NewReader("<graphml><graph><node id='a'/><node id='b'/><edge source='a' target='b'/></graph></graphml>"), detect.Options{})
	require.NoError(t, err)
	require.Equal(t, detect.GraphML, out.Form)
	require.Len(t, out.Book.Stakes, 1)
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"", "{", `{"a":[{"b":1}]`, `[[[{"companies":1}]]]`, "\ufeff\"", "holder,issuer\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		form, err := detect.Of(head)
		require.Equal(t, err == nil, form != "")
	})
}

// Every reader looks at an ended context first, also of an empty file.
func TestEndedContext(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, form := range detect.Forms() {
		if form == detect.Book {
			continue // a book is read at once
		}
		_, err := read(ended, form, "")
		require.ErrorIs(t, err, context.Canceled, form)
	}
}

// read reads a text by the reader of a form alone.
func read(ctx context.Context, form detect.Form, text string) (crossholding.Book, error) {
	r := strings.NewReader(text)
	var b crossholding.Book
	var err error
	switch form {
	case detect.BODS:
		b, _, err = bods.Read(ctx, r, bods.Options{})
	case detect.FTM:
		b, _, err = ftm.Read(ctx, r, ftm.Options{})
	case detect.GLEIF:
		b, _, err = gleif.Read(ctx, r, gleif.Options{})
	case detect.GraphML:
		b, _, err = graphtext.ReadGraphML(ctx, r, graphtext.ReadOptions{})
	case detect.OCF:
		b, _, _, err = ocf.Read(ctx, []io.Reader{r}, ocf.Options{})
	case detect.PSC:
		b, _, err = psc.Read(ctx, r, psc.Options{})
	case detect.Table:
		b, _, err = table.Read(ctx, r, table.Options{})
	}
	return b, err
}

// A file in another encoding than UTF-8 has one fault, which names the encoding.
func TestEncodings(t *testing.T) {
	encode := func(text, name string, mark bool) []byte {
		order, size := binary.AppendByteOrder(binary.LittleEndian), 2
		if strings.HasSuffix(name, "BE") {
			order = binary.BigEndian
		}
		if strings.HasPrefix(name, "UTF-32") {
			size = 4
		}
		if mark {
			text = "\ufeff" + text
		}
		var out []byte
		for _, r := range text {
			if size == 4 {
				out = order.AppendUint32(out, uint32(r))
				continue
			}
			for _, u := range utf16.AppendRune(nil, r) {
				out = order.AppendUint16(out, u)
			}
		}
		return out
	}
	texts := map[detect.Form]string{
		detect.PSC: `{"data":{"kind":"x"}}` + strings.Repeat("\n{}", 50), detect.FTM: `{"id":"a","schema":"Person"}` + strings.Repeat("\n{}", 50),
		detect.BODS: `[{"statementId":"é"}]`, detect.GLEIF: "<?xml version=\"1.0\"?>\n<RelationshipData/>", detect.GraphML: "<graphml/>", detect.Table: "holder,issuer,percent\nA,É,5\n",
	}
	for form, text := range texts {
		for _, name := range []string{"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"} {
			for _, mark := range []bool{true, false} {
				_, err := detect.Read(t.Context(), bytes.NewReader(encode(text, name, mark)), detect.Options{Form: form, DropFaults: true})
				var bad *crossholding.InputError
				require.ErrorAs(t, err, &bad, form)
				require.Len(t, bad.Faults, 1)
				require.EqualError(t, err, "crossholding: the file is written in "+name+": save it as UTF-8, such as with iconv -f "+name+" -t UTF-8")
				require.ErrorIs(t, err, crossholding.ErrSyntax)
			}
		}
		_, err := detect.Read(t.Context(), strings.NewReader("\ufeff"+text), detect.Options{Form: form, DropFaults: true})
		if err != nil {
			require.NotContains(t, err.Error(), "written in")
		}
	}
}
