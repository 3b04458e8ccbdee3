package detect_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/detect"
)

// A folder in the Open Cap Format is a cap table: who holds how many shares of each class.
func ExampleReadFile() {
	table, err := detect.ReadFile(context.Background(), os.DirFS("../ocf"), "testdata", detect.Options{AsOf: "2021-06-01"})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range table.Book.Stakes {
		fmt.Println(s.Holder, s.Shares, s.Class)
	}
	fmt.Println(table.Form, table.Report)
	// Output:
	// ann 12000 Common
	// bob 8000 Common
	// fund 5000 Series A
	// ocf 10 of 18 lines read; guessed: 1 kind; dropped: 7 future, 1 type
}

// zipOf returns the files of the folder of a cap table as a ZIP file, below a folder of its own.
func zipOf(t testing.TB, fsys fstest.MapFS) []byte {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, f := range fsys {
		w, err := z.Create("Acme/" + name)
		require.NoError(t, err)
		_, err = w.Write(f.Data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return buf.Bytes()
}

func capTable(t testing.TB) fstest.MapFS {
	out := fstest.MapFS{}
	for _, name := range []string{"manifest.json", "stakeholders.json", "classes.json", "transactions.json", "README.md"} {
		text, err := os.ReadFile("../ocf/testdata/" + name)
		require.NoError(t, err)
		out[name] = &fstest.MapFile{Data: text}
	}
	return out
}

func TestCapTable(t *testing.T) {
	fsys := capTable(t)
	fsys["notes.json"] = &fstest.MapFile{Data: []byte("not even JSON")}
	whole := fstest.MapFS{"cap table.ocf.zip": {Data: zipOf(t, fsys)}}
	for name, f := range fsys {
		whole["folder/"+name] = f
	}
	for _, name := range []string{"folder", "folder/manifest.json", "folder/transactions.json", "cap table.ocf.zip"} {
		out, err := detect.ReadFile(t.Context(), whole, name, detect.Options{})
		require.NoError(t, err, name)
		require.Equal(t, detect.OCF, out.Form)
		require.Len(t, out.Book.Stakes, 3)
		require.EqualValues(t, "9500", out.Book.Stakes[1].Shares, name)
		require.EqualValues(t, "2023-01-01", out.Book.AsOf)
	}
	out, err := detect.Read(t.Context(), bytes.NewReader(whole["cap table.ocf.zip"].Data), detect.Options{})
	require.NoError(t, err)
	require.Len(t, out.Book.Stakes, 3)

	whole["list.csv"] = &fstest.MapFile{Data: []byte("holder;issuer;percent\nA;B;60\n")}
	out, err = detect.ReadFile(t.Context(), whole, "list.csv", detect.Options{})
	require.NoError(t, err)
	require.Equal(t, detect.Table, out.Form)
}

func TestCapTableFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		kind   error
		says   string
	}{
		"no manifest":   {func(f fstest.MapFS) { delete(f, "manifest.json") }, crossholding.ErrMissing, "OCF_MANIFEST_FILE"},
		"two manifests": {func(f fstest.MapFS) { f["x/manifest.json"] = f["manifest.json"] }, crossholding.ErrDuplicate, "manifest.json and x/manifest.json are manifests"},
		"missing file":  {func(f fstest.MapFS) { delete(f, "stakeholders.json") }, crossholding.ErrMissing, "the manifest lists stakeholders.json, and there is no such file"},
		"outside": {func(f fstest.MapFS) {
			f["manifest.json"] = &fstest.MapFile{Data: []byte(`{"file_type":"OCF_MANIFEST_FILE","transactions_files":[{"filepath":"../../etc/passwd"}]}`)}
		}, crossholding.ErrRange, "outside of its folder"},
		"broken": {func(f fstest.MapFS) { f["transactions.json"] = &fstest.MapFile{Data: []byte(`{"items":[{`)} }, crossholding.ErrSyntax, "cannot be read on"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := capTable(t)
			c.change(fsys)
			_, err := detect.ReadFile(t.Context(), fsys, ".", detect.Options{})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.says)
			_, err = detect.Read(t.Context(), bytes.NewReader(zipOf(t, fsys)), detect.Options{})
			require.ErrorIs(t, err, c.kind)
		})
	}
	_, err := detect.Read(t.Context(), bytes.NewReader([]byte("PK\x03\x04 cut off")), detect.Options{})
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	_, err = detect.ReadFile(t.Context(), capTable(t), "nowhere", detect.Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = detect.ReadFile(ended, capTable(t), "nowhere", detect.Options{})
	require.ErrorIs(t, err, context.Canceled)
}
