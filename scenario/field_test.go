package scenario_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

// stepFields says what each key of a step is: the name of a party, text that may be anything, a figure
// or a choice, or parts that have keys of their own.
var stepFields = map[string][]string{
	"party": {"from", "to", "issuer", "beneficiary", "voter", "holder", "asset", "into", "takes", "tendered", "pass_on", "for", "founders"},
	"text":  {"class", "id", "to_class", "cancel"},
	"figure": {"shares", "percent", "down_to", "up_to", "of", "round", "lot", "price", "method", "votes_per_share", "votes_since", "ratio",
		"fractions", "keep", "cash", "source", "against", "per_share", "total", "in", "cost", "amount", "votes", "dividend"},
	"parts": {"lots", "agreement", "prices", "fx", "company", "cost_share", "right", "controls"},
}

// eachField calls do with each field of a step but those that every step may have.
func eachField(do func(key string, set func(s *scenario.Step, text string))) {
	for f := range reflect.TypeFor[scenario.Step]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if slices.Contains([]string{"step", "note", "date", "group"}, key) {
			continue
		}
		do(key, func(s *scenario.Step, text string) {
			reflect.ValueOf(s).Elem().FieldByIndex(f.Index).Set(sample(f.Type, text))
		})
	}
}

// sample returns a value of a type in which every text is the given one.
func sample(t reflect.Type, text string) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(sample(t.Elem(), text))
	case reflect.Slice:
		v.Set(reflect.Append(v, sample(t.Elem(), text)))
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(sample(t.Key(), text), sample(t.Elem(), text))
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(sample(t.Field(i).Type, text))
		}
	}
	return v
}

// faultsOf returns the faults of a step.
func faultsOf(s scenario.Step) []crossholding.Fault {
	var bad *scenario.CheckError
	var faults *crossholding.InputError
	if !errors.As(scenario.Scenario{Steps: []scenario.Step{s}}.Check(), &bad) || !errors.As(bad.Steps[0].Reason, &faults) {
		return nil
	}
	return faults.Faults
}

const noUse = "has no use for this key"

// TestEveryFieldIsAKey: a step that has no use for a field says so, so no field passes unseen.
func TestEveryFieldIsAKey(t *testing.T) {
	var keys []string
	eachField(func(key string, set func(*scenario.Step, string)) {
		keys = append(keys, key)
		s := scenario.Step{Step: scenario.StepAdvanceDate, Date: "2024-01-01"}
		set(&s, "1")
		require.True(t, slices.ContainsFunc(faultsOf(s), func(f crossholding.Fault) bool {
			return f.Place == key && strings.Contains(f.Reason, noUse)
		}), "an advance_date takes %q", key)
	})
	var listed []string
	for _, list := range stepFields {
		listed = append(listed, list...)
	}
	require.ElementsMatch(t, keys, listed, "say in stepFields of this test what a new key is")
}

// TestEveryKeyHasAKind: some kind of step has a use for each key.
func TestEveryKeyHasAKind(t *testing.T) {
	eachField(func(key string, set func(*scenario.Step, string)) {
		kinds := scenario.StepKinds()
		kinds = slices.DeleteFunc(kinds, func(kind scenario.StepKind) bool {
			s := scenario.Step{Step: kind}
			set(&s, "1")
			return slices.ContainsFunc(faultsOf(s), func(f crossholding.Fault) bool { return f.Place == key && strings.Contains(f.Reason, noUse) })
		})
		require.NotEmpty(t, kinds, key)
		require.Less(t, len(kinds), len(scenario.StepKinds()), key)
	})
}

// TestEveryFigureIsChecked: what is no figure and no choice is a fault of its key.
func TestEveryFigureIsChecked(t *testing.T) {
	eachField(func(key string, set func(*scenario.Step, string)) {
		if !slices.Contains(stepFields["figure"], key) {
			return
		}
		require.True(t, slices.ContainsFunc(scenario.StepKinds(), func(kind scenario.StepKind) bool {
			s := scenario.Step{Step: kind}
			set(&s, "bad")
			return slices.ContainsFunc(faultsOf(s), func(f crossholding.Fault) bool {
				return f.Place == key && !strings.Contains(f.Reason, noUse) && strings.Contains(f.Reason, "bad")
			})
		}), key)
	})
}

// TestEveryNameIsKnown: the names that a book may lack are those of the fields that name parties.
func TestEveryNameIsKnown(t *testing.T) {
	eachField(func(key string, set func(*scenario.Step, string)) {
		s := scenario.Step{Step: scenario.StepTrade}
		set(&s, "somebody")
		var names []string
		for _, name := range s.Names() {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if slices.Contains(stepFields["party"], key) {
			require.Equal(t, []string{"somebody"}, names, key)
		} else {
			require.Empty(t, names, key)
		}
	})
	s := scenario.Step{Step: scenario.StepRestate, Of: "somebody"}
	require.Contains(t, s.Names(), "somebody", "the beneficiary of a restate")
}
