package crossholding_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/scenario"
)

// endedArgument returns an argument of a type for a question about a small book.
func endedArgument(t *testing.T, of reflect.Type, a *crossholding.Alliance) reflect.Value {
	switch of {
	case reflect.TypeFor[string]():
		return reflect.ValueOf("x")
	case reflect.TypeFor[*crossholding.Ownership]():
		o, err := a.Ownership(context.Background(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		return reflect.ValueOf(o)
	case reflect.TypeFor[[]string]():
		return reflect.ValueOf([]string{"p"})
	case reflect.TypeFor[*crossholding.Alliance]():
		return reflect.ValueOf(a)
	case reflect.TypeFor[*scenario.Outcome]():
		return reflect.ValueOf(booktest.Run(t, a.Book(), scenario.Step{Step: "trade", From: "p", To: "y", Issuer: "x", Shares: "1"}))
	case reflect.TypeFor[io.Reader]():
		return reflect.ValueOf(strings.NewReader("id,issued,treasury,votes\n"))
	}
	return reflect.Zero(of)
}

// requireEnded calls a function whose first argument is a context that has ended, and which
// must fail with the context's error and with its cause, first thing and always.
func requireEnded(t *testing.T, name string, f reflect.Value, a *crossholding.Alliance) (asked bool) {
	typ := f.Type()
	if typ.NumIn() == 0 || typ.In(0) != reflect.TypeFor[context.Context]() || typ.NumOut() == 0 {
		return false
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	for range 20 {
		in := []reflect.Value{reflect.ValueOf(ctx)}
		for i := 1; i < typ.NumIn(); i++ {
			if i == typ.NumIn()-1 && typ.IsVariadic() {
				in = append(in, endedArgument(t, typ.In(i).Elem(), a))
				break
			}
			in = append(in, endedArgument(t, typ.In(i), a))
		}
		out := f.Call(in)
		last := out[len(out)-1]
		var err error
		if last.Kind() == reflect.Func { // an iterator with errors
			if last.Type().In(0).NumIn() < 2 {
				return false
			}
			last.Call([]reflect.Value{reflect.MakeFunc(last.Type().In(0), func(got []reflect.Value) []reflect.Value {
				err, _ = got[len(got)-1].Interface().(error)
				return []reflect.Value{reflect.ValueOf(false)}
			})})
		} else {
			err, _ = last.Interface().(error)
			if last.Type() != reflect.TypeFor[error]() {
				return false
			}
		}
		require.ErrorIs(t, err, context.Canceled, name)
		require.ErrorIs(t, err, cause, name)
	}
	return true
}

// TestEndedContexts asks every verb that takes a context with one that has ended.
func TestEndedContexts(t *testing.T) {
	ctx := context.Background()
	a := booktest.New(t, crossholding.Book{
		AsOf:      "2024-01-01",
		Companies: []crossholding.Company{{ID: "x", Country: "JP"}, {ID: "y", Country: "JP"}},
		Parties:   []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Percent: "60"}, {Holder: "y", Issuer: "x", Percent: "20"},
			{Holder: "x", Issuer: "y", Percent: "30"}},
	})
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	require.NoError(t, err)
	certified, err := o.Certified(crossholding.CertifiedOptions{})
	require.NoError(t, err)
	row, err := certified.Holdings(ctx, "p")
	require.NoError(t, err)
	votes, err := a.Votes(ctx, crossholding.VotingOptions{})
	require.NoError(t, err)
	tally, err := votes.Tally("")
	require.NoError(t, err)
	solver, err := tally.Solver(ctx, crossholding.OwnershipOptions{})
	require.NoError(t, err)
	control, err := a.Control(ctx, crossholding.ControlOptions{})
	require.NoError(t, err)
	group, err := control.Group(ctx, "p")
	require.NoError(t, err)
	bounds, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	require.NoError(t, err)
	outcome := booktest.Run(t, a.Book(), scenario.Step{Step: "trade", From: "p", To: "y", Issuer: "x", Shares: "1"})
	flow, err := network.NewControl(ctx, a, network.ControlOptions{})
	require.NoError(t, err)
	inFact, err := network.NewControlInFact(ctx, a, network.TurnoutOptions{})
	require.NoError(t, err)
	asked := 0
	for _, receiver := range []any{a, o, certified, row, votes, tally, solver, control, group, bounds, outcome, a.Graph(), flow, inFact} {
		v := reflect.ValueOf(receiver)
		for i := range v.NumMethod() {
			if requireEnded(t, v.Type().String()+"."+v.Type().Method(i).Name, v.Method(i), a) {
				asked++
			}
		}
	}
	for name, f := range map[string]any{
		"ReadRegister": crossholding.ReadRegister, "ReadSnapshot": crossholding.ReadSnapshot, "Sanctions": compliance.Sanctions, "BeneficialOwners": compliance.BeneficialOwners,
		"BoundBeneficialOwners": compliance.BoundBeneficialOwners, "BoundConsolidation": compliance.BoundConsolidation,
		"BoundCloseLinks": compliance.BoundCloseLinks, "BoundSanctions": compliance.BoundSanctions,
		"CloseLinks": compliance.CloseLinks, "Consolidate": compliance.Consolidate, "Crossings": compliance.Crossings,
		"Thresholds": compliance.Thresholds, "NewControl": network.NewControl, "NewControlInFact": network.NewControlInFact,
		"WeakestLinks": network.WeakestLinks, "MeetingPower": network.MeetingPower,
	} {
		require.True(t, requireEnded(t, name, reflect.ValueOf(f), a), name)
	}
	require.Greater(t, asked, 25)
}
