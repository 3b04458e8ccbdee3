package crossholding_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// docLink matches what is meant as a link in a docstring: a name in brackets.
var docLink = regexp.MustCompile(`\[\*?([A-Z]\w*(?:\.\w+)*|[a-z]\w*(?:\.[A-Z]\w*)+)\](?:\.([A-Z]\w*))?`)

// publicSources returns the files of the packages that a program can import, by the name of the
// package. Those of modules beside this one are among them if they are named.
func publicSources(t *testing.T, modules ...string) map[string][]*ast.File {
	t.Helper()
	dirs := modules
	for dir := range packagesOfModule(t) {
		if !slices.Contains(strings.Split(dir, "/"), "internal") {
			dirs = append(dirs, dir)
		}
	}
	files := map[string][]*ast.File{}
	for _, dir := range dirs {
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, source := range sources {
			if strings.HasSuffix(source, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.ParseComments)
			require.NoError(t, err)
			files[f.Name.Name] = append(files[f.Name.Name], f)
		}
	}
	return files
}

// Every call that a page names for a question exists.
func TestQuestionsNameCalls(t *testing.T) {
	names, found := map[string]bool{}, 0
	for pkg, list := range publicSources(t, "chart", "parquet", "beam") {
		for name := range exportedNames(list) {
			_, method, is := strings.Cut(name, ".")
			if is {
				name = method
			} else {
				names[pkg+"."+name] = true
			}
			names[name] = true
		}
		names[pkg] = true
	}
	for _, page := range []string{"README.md", "docs/QUESTIONS.md"} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		_, rows, _ := strings.Cut(string(text), "| question | call |")
		rows, _, _ = strings.Cut(rows, "\n\n")
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(rows, -1) {
			found++
			require.True(t, names[strings.TrimPrefix(m[1], "a.")], "%s names %s", page, m[1])
		}
	}
	require.Greater(t, found, 100)
}

// Every link of a docstring leads to a name of this module, of a package that the file
// imports, or of the standard library.
func TestDocLinks(t *testing.T) {
	names := map[string]map[string]bool{} // of each package
	files := publicSources(t)
	for pkg, list := range files {
		names[pkg] = exportedNames(list)
	}
	checked := 0
	for pkg, list := range files {
		for _, f := range list {
			imported := map[string]bool{}
			for _, i := range f.Imports {
				imported[path.Base(strings.Trim(i.Path.Value, `"`))] = true
			}
			for _, c := range f.Comments {
				text := c.Text()
				for _, m := range docLink.FindAllStringSubmatch(text, -1) {
					name := m[1]
					first, rest, qualified := strings.Cut(name, ".")
					switch {
					case names[pkg][name]:
						checked++
					case qualified && names[first] != nil:
						require.True(t, names[first][rest], "package %s: [%s] in %q", pkg, name, text)
						checked++
					case qualified && imported[first], name == "context.Background":
					default:
						require.Failf(t, "a link to nothing", "package %s: [%s] in %q", pkg, name, text)
					}
					if m[2] != "" && !qualified { // [Type].Field
						require.True(t, names[pkg][name+"."+m[2]], "package %s: [%s].%s in %q", pkg, name, m[2], text)
					}
				}
			}
		}
	}
	require.Greater(t, checked, 300)
}

// exportedNames returns the names of a package, with those of fields and methods after
// their type's, as "Votes.Of".
func exportedNames(files []*ast.File) map[string]bool {
	names := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					t := d.Recv.List[0].Type
					if star, ok := t.(*ast.StarExpr); ok {
						t = star.X
					}
					if generic, ok := t.(*ast.IndexExpr); ok {
						t = generic.X
					}
					name = t.(*ast.Ident).Name + "." + name
				}
				names[name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					addSpec(names, s)
				}
			}
		}
	}
	return names
}

func addSpec(names map[string]bool, s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names[n.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
		if fields, ok := s.Type.(*ast.StructType); ok {
			for _, f := range fields.Fields.List {
				for _, n := range f.Names {
					names[s.Name.Name+"."+n.Name] = true
				}
			}
		}
	}
}
