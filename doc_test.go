package crossholding_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every exported function and method has a godoc Example, but for those that a
// standard interface names.
func TestEveryVerbHasAnExample(t *testing.T) {
	standard := map[string]bool{"Error": true, "Unwrap": true, "String": true, "MarshalText": true, "UnmarshalText": true}
	for _, dir := range []string{".", "date", "law", "power", "ratio"} {
		p := packageDoc(t, dir)
		funcs := p.Funcs
		for _, kind := range p.Types {
			funcs = append(append(funcs, kind.Funcs...), kind.Methods...)
		}
		require.NotEmpty(t, funcs, dir)
		for _, f := range funcs {
			if !standard[f.Name] && len(f.Examples) == 0 {
				t.Errorf("%s: %s%s has no Example", p.Name, f.Recv, "."+f.Name)
			}
		}
	}
}

// packageDoc is the documentation of the package in dir, with its Examples.
func packageDoc(t *testing.T, dir string) *doc.Package {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, f)
	}
	p, err := doc.NewFromFiles(set, files, "github.com/crossholding/crossholding/"+dir)
	require.NoError(t, err)
	return p
}
