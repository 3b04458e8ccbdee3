package crossholding

import (
	"fmt"
	"io"
	"strings"

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

// ReadScenario reads a scenario as JSON and checks everything that does not need a book.
// Numbers may be JSON strings or numbers. Unknown keys are errors. All faults are returned
// in one [*InputError].
func ReadScenario(r io.Reader) (Scenario, error) {
	var s Scenario
	if err := decodeJSON(r, &s); err != nil {
		return Scenario{}, err
	}
	return s.checked()
}

// WriteScenario writes s as JSON in canonical form, with one step on each line. The same
// scenario always gives the same bytes, in whatever notation its numbers were given. If
// the scenario is not valid, the errors are those of [ReadScenario].
func WriteScenario(w io.Writer, s Scenario) error {
	s, err := s.checked()
	if err != nil {
		return err
	}
	return strictjson.Encode(w, s)
}

// checked returns s in canonical form.
func (s Scenario) checked() (Scenario, error) {
	var f faults
	out := Scenario{Name: s.Name, Breaches: s.Breaches, Steps: make([]Step, len(s.Steps))}
	f.breachRule(s.Breaches)
	for i := range s.Steps {
		var rec checkedStep
		place := fmt.Sprintf("steps[%d]", i)
		f.step(place, &s.Steps[i], &rec)
		f.groupDay(place, s.Steps, i)
		out.Steps[i] = rec.Step
	}
	return out, f.err()
}

// A StepError says that a step of a scenario failed. The alliance is not changed by this
// step or by steps before it. It unwraps to [ErrStep] and to the reason.
type StepError struct {
	Index  int   // of the step, from 0
	Step   Step  // as it was given
	Reason error // what is wrong, with the companies and figures
}

func (e *StepError) Error() string {
	return fmt.Sprintf("crossholding: steps[%d] (%s): %s", e.Index, e.Step.Step, unprefixed(e.Reason))
}

// Unwrap returns [ErrStep] and the reason.
func (e *StepError) Unwrap() []error { return []error{ErrStep, e.Reason} }

func unprefixed(err error) string { return strings.TrimPrefix(err.Error(), "crossholding: ") }
