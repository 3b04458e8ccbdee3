package docs_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

// program matches the place of one program in COOKBOOK.md.
var program = regexp.MustCompile(`(?s)<!-- program: (\w+) -->\n.*?<!-- end -->\n`)

// COOKBOOK.md shows every program of the files cookbook*_test.go as it stands there, with its
// output.
func TestCookbook(t *testing.T) {
	names, err := filepath.Glob("cookbook*_test.go")
	require.NoError(t, err)
	blocks := map[string]string{}
	for _, name := range names {
		addPrograms(t, name, blocks)
	}

	raw, err := os.ReadFile("COOKBOOK.md")
	require.NoError(t, err)
	var shown []string
	page := program.ReplaceAllStringFunc(string(raw), func(place string) string {
		name := program.FindStringSubmatch(place)[1]
		require.Contains(t, blocks, name)
		shown = append(shown, name)
		return fmt.Sprintf("<!-- program: %s -->\n%s<!-- end -->\n", name, blocks[name])
	})
	for name := range blocks {
		require.Equal(t, 1, count(shown, name), "COOKBOOK.md shows %s as often", name)
	}
	testkit.Golden(t, "COOKBOOK.md", page)
}

// addPrograms adds the programs of a file by name, and its helper functions as "helpers".
func addPrograms(t *testing.T, name string, blocks map[string]string) {
	source, err := os.ReadFile(name)
	require.NoError(t, err)
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.ParseComments)
	require.NoError(t, err)
	text := func(from, to token.Pos) string {
		return string(source[set.Position(from).Offset:set.Position(to).Offset])
	}
	for _, e := range doc.Examples(file) {
		name := strings.TrimPrefix(e.Name, "_")
		body := e.Code.(*ast.BlockStmt)
		code, _, ok := strings.Cut(text(body.Lbrace+1, body.Rbrace), "\t// Output:")
		require.True(t, ok, "%s has no output", name)
		require.NotEmpty(t, e.Output, name)
		code = strings.ReplaceAll(strings.TrimSpace(code), "\n\t", "\n")
		require.LessOrEqual(t, strings.Count(code, "\n"), 20, "%s is long", name)
		require.NotContains(t, blocks, name)
		blocks[name] = fmt.Sprintf("```go\n%s\n```\n\n```\n%s```\n", code, e.Output)
	}
	var helpers []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && !strings.HasPrefix(f.Name.Name, "Example") {
			helpers = append(helpers, text(f.Doc.Pos(), f.End()))
		}
	}
	if len(helpers) > 0 {
		require.NotContains(t, blocks, "helpers", "%s: the helpers belong in one file", name)
		blocks["helpers"] = "```go\nvar ctx = context.Background()\n\n" + strings.Join(helpers, "\n\n") + "\n```\n"
	}
}

func count(names []string, name string) int {
	return len(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n != name }))
}

// GLOSSARY.md lists each term once, in order.
func TestGlossary(t *testing.T) {
	raw, err := os.ReadFile("GLOSSARY.md")
	require.NoError(t, err)
	seen := map[string]bool{}
	for section := range strings.SplitSeq(string(raw), "\n## ") {
		var terms []string
		for line := range strings.Lines(section) {
			term, about, ok := strings.Cut(strings.TrimPrefix(line, "- **"), "**: ")
			if !ok {
				continue
			}
			require.False(t, seen[term], term)
			seen[term] = true
			require.True(t, strings.HasSuffix(about, ".\n"), line)
			terms = append(terms, strings.ToLower(strings.ReplaceAll(term, "-", " ")))
		}
		require.True(t, slices.IsSorted(terms), terms)
	}
	require.NotEmpty(t, seen)
}
