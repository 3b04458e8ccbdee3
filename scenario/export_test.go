package scenario

// Repeating returns an outcome that has kept no state: its states repeat the steps.
func (o *Outcome) Repeating() *Outcome {
	out := *o
	out.kept = keptStates{over: true}
	return &out
}

// Kept returns the number of states that the outcome keeps.
func (o *Outcome) Kept() int { return len(o.kept.books) }

// MaxKept is the largest size of the states that an outcome keeps.
const MaxKept = maxKept

// Names lists the parties that a step names.
func (s *Step) Names() []string { return s.names() }

// StepKinds lists the kinds of steps.
func StepKinds() []StepKind { return kindNames() }
