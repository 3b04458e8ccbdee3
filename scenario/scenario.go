package scenario

import (
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/strictjson"
)

// Scenario is a list of changes, which are made one after another. It is plain data.
type Scenario struct {
	Name string `json:"name,omitempty"`
	// Breaches says what happens if a step breaks an agreement that restricts transfers.
	Breaches BreachRule `json:"breaches,omitempty"`
	Steps    []Step     `json:"steps"`
}

// BreachRule says what happens if a step breaks an agreement.
type BreachRule string

// These are the rules.
const (
	BreachesFail   BreachRule = "fail"   // the step fails; the default
	BreachesReport BreachRule = "report" // the step is made, and [Outcome.Breaches] reports it
)

// Read reads a scenario as JSON and checks everything that does not need a book.
// Numbers may be JSON strings or numbers. Unknown keys are errors. All faults are returned
// in one [*crossholding.InputError].
func Read(r io.Reader) (Scenario, error) {
	var s Scenario
	var f faults
	if err := f.DecodeSteps(r, &s, reflect.TypeFor[CostShare]()); err != nil {
		return Scenario{}, err
	}
	if !slices.ContainsFunc(f.List, func(x input.Fault) bool { return x.Place == "" }) { // the file is JSON to its end
		s = s.checked(&f)
	}
	if err := f.err(); err != nil {
		return Scenario{}, err
	}
	return s, nil
}

// Write writes s as JSON in canonical form, with one step on each line. The same
// scenario always gives the same bytes, in whatever notation its numbers were given. If
// the scenario is not valid, the errors are those of [Read].
func Write(w io.Writer, s Scenario) error {
	var f faults
	s = s.checked(&f)
	if err := f.err(); err != nil {
		return err
	}
	return strictjson.Encode(w, s)
}

// Check checks everything that does not need a book. It returns a [*CheckError], or nil if [Run] can
// begin.
func (s Scenario) Check() error {
	_, err := s.compile(make([]StepResult, len(s.Steps)))
	return err
}

// checked returns s in canonical form, and adds its faults.
func (s Scenario) checked(f *faults) Scenario {
	out := Scenario{Name: s.Name, Breaches: s.Breaches, Steps: make([]Step, len(s.Steps))}
	f.breachRule(s.Breaches)
	for i := range s.Steps {
		rec := checkedStep{Step: &out.Steps[i]}
		place := fmt.Sprintf("steps[%d]", i)
		f.step(place, &s.Steps[i], &rec)
		f.groupDay(place, s.Steps, i)
	}
	return out
}
