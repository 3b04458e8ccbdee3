package scenario_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/scenario"
)

// TestEveryKindIsMade: the kinds of steps that can be checked and made are those that the package
// declares.
func TestEveryKindIsMade(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "step.go", nil, 0)
	require.NoError(t, err)
	var declared []scenario.StepKind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "StepKind" {
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			declared = append(declared, scenario.StepKind(name))
		}
		return true
	})
	require.NotEmpty(t, declared)
	require.Equal(t, declared, scenario.StepKinds())
}
