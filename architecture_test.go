package crossholding_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

const module = "github.com/crossholding/crossholding"

// packageSource is what the code of a package, tests left out, says of itself.
type packageSource struct {
	imports []string // of this module, without the module's path
	files   int
	lines   int
	about   string // first sentence of its documentation
}

// packagesOfModule reads the packages that other programs or packages import.
func packagesOfModule(t *testing.T) map[string]*packageSource {
	t.Helper()
	out := map[string]*packageSource{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			nested := path != "." && exists(filepath.Join(path, "go.mod"))
			if name := d.Name(); nested || name != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "examples" || name == "bench" || name == "cmd") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		p := out[dir]
		if p == nil {
			p = &packageSource{}
			out[dir] = p
		}
		p.files++
		p.lines += strings.Count(string(text), "\n")
		if f.Doc != nil {
			p.about, _, _ = strings.Cut(strings.Join(strings.Fields(f.Doc.Text()), " "), ". ")
			p.about = strings.TrimSuffix(p.about, ".")
		}
		for _, im := range f.Imports {
			if rest, ok := strings.CutPrefix(strings.Trim(im.Path.Value, `"`), module); ok {
				name := strings.TrimPrefix(rest, "/")
				if name == "" {
					name = "."
				}
				if !slices.Contains(p.imports, name) {
					p.imports = append(p.imports, name)
				}
			}
		}
		slices.Sort(p.imports)
		return nil
	}))
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// docs/ARCHITECTURE.md lists the packages and their imports as they are.
func TestArchitecture(t *testing.T) {
	packages := packagesOfModule(t)
	var table strings.Builder
	table.WriteString("| package | what it is | imports |\n|---|---|---|\n")
	name := func(dir string) string {
		if dir == "." {
			return "root"
		}
		return "`" + dir + "`"
	}
	for _, dir := range slices.Sorted(keysOf(packages)) {
		p := packages[dir]
		require.NotEmpty(t, p.about, "%s has no package documentation", dir)
		imports := make([]string, len(p.imports))
		for i, im := range p.imports {
			imports[i] = name(im)
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", name(dir), p.about, strings.Join(imports, ", "))
	}
	text, err := os.ReadFile("docs/ARCHITECTURE.md")
	require.NoError(t, err)
	const begin, end = "<!-- packages: written by a test -->\n", "<!-- end -->\n"
	head, rest, ok := strings.Cut(string(text), begin)
	require.True(t, ok, "docs/ARCHITECTURE.md has no table of packages")
	_, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	testkit.Golden(t, "docs/ARCHITECTURE.md", head+begin+table.String()+end+tail)
}

// The packages that use the low-level view use what any other program could.
func TestPublicPackagesUseThePublicView(t *testing.T) {
	helpers := []string{"internal/progress", "internal/simplepath", "internal/text", "internal/told", "internal/iso3166", "internal/iso4217", "internal/takeover",
		"internal/intern", "internal/radix", "internal/parallel", "internal/span", "internal/await"} // texts, orders, days and work in parts, with no book in them
	files := []string{"internal/input"} // what books, scenarios and questions read in the same way
	for dir, p := range packagesOfModule(t) {
		for _, im := range p.imports {
			require.NotContains(t, []string{"internal/booktest", "internal/testkit"}, im, "%s imports %s, which is for tests", dir, im)
			switch {
			case dir == "network" || dir == "compliance" || strings.HasPrefix(dir, "compliance/") || dir == "accounting" || dir == "whatif" || dir == "merge" || strings.HasPrefix(dir, "format"):
				require.True(t, !strings.HasPrefix(im, "internal/") || slices.Contains(helpers, im) || dir == "whatif" && slices.Contains(files, im), "%s imports %s", dir, im)
			case dir == "internal/booktest" || dir == "internal/inspect": // above root
			case strings.HasPrefix(dir, "internal/") || dir == "ratio" || dir == "date" || dir == "law" || dir == "power" || dir == "sharing" || dir == "clearing":
				require.NotEqual(t, ".", im, "%s imports root", dir)
			}
		}
		if dir != "." {
			require.Less(t, p.lines, 6000, "%s has %d lines", dir, p.lines)
		}
	}
}

func keysOf[K comparable, V any](m map[K]V) func(yield func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
