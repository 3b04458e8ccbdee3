package crossholding_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// The zero value of every type that is got from a question answers like an empty
// book, or with an error: it does not panic. Numbers of nodes and stakes are left
// out, as an index of a slice is.
func TestZeroValuesDoNotPanic(t *testing.T) {
	byNumber := map[reflect.Type][]string{
		reflect.TypeFor[crossholding.Graph]():      {"ID", "IDs", "HasShares", "Dispersed", "Party", "Law", "Stake", "Stakes", "HeldBy", "Shares", "Issued"},
		reflect.TypeFor[*crossholding.Tally]():     {"Base", "Holdings", "Fractions", "Stake"},
		reflect.TypeFor[*crossholding.NodeGroup](): {"Votes"},
	}
	tested := map[string]bool{}
	for _, zero := range []any{
		new(crossholding.Alliance), new(crossholding.Ownership), new(crossholding.CertifiedOwnership), new(crossholding.Row),
		new(crossholding.Votes), new(crossholding.Control), new(crossholding.Group), new(crossholding.Bounds),
		new(scenario.Outcome), new(crossholding.Valuation), crossholding.StakeValue{}, crossholding.Portfolio{},
		new(crossholding.Diagnosis), crossholding.Graph{}, new(crossholding.Chains),
		new(crossholding.Tally), new(crossholding.NodeGroup), new(crossholding.Solver), new(crossholding.Draft), crossholding.OwnerAbove{},
		crossholding.ControlAnswer{}, crossholding.Proof{}, crossholding.Reason{}, crossholding.ControlBound{}, crossholding.Money{}, scenario.State{},
	} {
		v := reflect.ValueOf(zero)
		tested[reflect.Indirect(v).Type().String()] = true
		for i := range v.NumMethod() {
			name := v.Type().Method(i).Name
			if slices.Contains(byNumber[v.Type()], name) || name == "WriteBook" || name == "Stakes" {
				continue
			}
			t.Run(v.Type().String()+"."+name, func(t *testing.T) {
				require.NotPanics(t, func() { use(v.Method(i).Call(zeros(v.Method(i).Type()))) })
			})
		}
	}
	for _, name := range typesWithState(t) {
		require.Contains(t, tested, "crossholding."+name)
	}
}

// typesWithState lists the exported types of the package that have fields which are not exported.
func typesWithState(t *testing.T) (out []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			k, ok := n.(*ast.TypeSpec)
			if !ok || !k.Name.IsExported() {
				return true
			}
			if s, ok := k.Type.(*ast.StructType); ok && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
				return slices.ContainsFunc(f.Names, func(name *ast.Ident) bool { return !name.IsExported() })
			}) {
				out = append(out, k.Name.Name)
			}
			return false
		})
	}
	require.NotEmpty(t, out)
	return out
}

// zeros are arguments for a function: a context that lives, and zero values.
func zeros(f reflect.Type) []reflect.Value {
	n := f.NumIn()
	if f.IsVariadic() {
		n--
	}
	args := make([]reflect.Value, n)
	for i := range args {
		switch in := f.In(i); in {
		case reflect.TypeFor[context.Context]():
			args[i] = reflect.ValueOf(context.Background())
		case reflect.TypeFor[func(string) string]():
			args[i] = reflect.ValueOf(func(id string) string { return id })
		default:
			args[i] = reflect.Zero(in)
			if in.Kind() == reflect.Interface {
				args[i] = reflect.New(in).Elem()
			}
		}
	}
	return args
}

// use goes through what is an iterator.
func use(results []reflect.Value) {
	for _, r := range results {
		if r.Kind() == reflect.Func && !r.IsNil() && r.Type().NumIn() == 1 && r.Type().In(0).Kind() == reflect.Func {
			yield := reflect.MakeFunc(r.Type().In(0), func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(true)} })
			r.Call([]reflect.Value{yield})
		}
	}
}

// An answer that is kept outlives the contexts of its questions, and a context that
// has ended always fails, however small the book is.
func TestEndedContextsAreNotKept(t *testing.T) {
	a := readBook(t, "before")
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	c, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	b, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for range 50 {
		_, err = c.Ultimate(dead, "nissan")
		require.ErrorIs(t, err, context.Canceled)
		_, err = c.Controls(dead, "renault", "nissan")
		require.ErrorIs(t, err, context.Canceled)
		_, err = b.Owners(dead, "nissan")
		require.ErrorIs(t, err, context.Canceled)
		_, err = o.Owners(dead, "nissan")
		require.ErrorIs(t, err, context.Canceled)
		_, err = booktest.New(t, crossholding.Book{}).Votes(dead, crossholding.VotingOptions{})
		require.ErrorIs(t, err, context.Canceled)
		_, err = a.Votes(dead, crossholding.VotingOptions{})
		require.ErrorIs(t, err, context.Canceled)
		_, err = scenario.Run(dead, a, scenario.Scenario{})
		require.ErrorIs(t, err, context.Canceled)
	}
	ultimate, err := c.Ultimate(t.Context(), "nissan-finance")
	require.NoError(t, err)
	require.Equal(t, []string{"nissan"}, ultimate)
	_, err = b.Owners(t.Context(), "nissan")
	require.NoError(t, err)
}
