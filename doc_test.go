package crossholding_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every exported function and method has a godoc Example of its own or is called in
// one of the package, but for those that a standard interface names.
func TestEveryVerbHasAnExample(t *testing.T) {
	standard := map[string]bool{"Error": true, "Unwrap": true, "String": true, "MarshalText": true, "UnmarshalText": true, "Attributes": true, "MarshalJSON": true, "UnmarshalJSON": true}
	for _, dir := range []string{".", "accounting", "clearing", "compliance", "date", "format", "format/bods", "format/detect", "format/ftm", "format/gleif", "format/graphtext",
		"format/ocf", "format/psc", "format/table", "law", "merge", "network", "power", "ratio", "scenario", "sharing", "value", "whatif"} {
		p := packageDoc(t, dir)
		funcs := p.Funcs
		for _, kind := range p.Types {
			funcs = append(append(funcs, kind.Funcs...), kind.Methods...)
		}
		require.NotEmpty(t, funcs, dir)
		called := calledInExamples(p)
		for _, f := range funcs {
			if !standard[f.Name] && len(f.Examples) == 0 && !called[f.Name] {
				t.Errorf("%s: %s%s has no Example", p.Name, f.Recv, "."+f.Name)
			}
		}
	}
}

// calledInExamples lists the names that the Examples of a package call.
func calledInExamples(p *doc.Package) map[string]bool {
	examples := p.Examples
	for _, f := range p.Funcs {
		examples = append(examples, f.Examples...)
	}
	for _, kind := range p.Types {
		examples = append(examples, kind.Examples...)
		for _, f := range slices.Concat(kind.Funcs, kind.Methods) {
			examples = append(examples, f.Examples...)
		}
	}
	called := map[string]bool{}
	for _, e := range examples {
		ast.Inspect(e.Code, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
					called[sel.Sel.Name] = true
				}
			}
			return true
		})
	}
	return called
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
