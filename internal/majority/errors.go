package majority

import (
	"errors"
	"fmt"
)

// The kinds of error; each typed error below unwraps to its kind.
var (
	ErrShape     = errors.New("majority: arrays do not fit together")
	ErrNode      = errors.New("majority: no such node")
	ErrRule      = errors.New("majority: not a rule of control")
	ErrContested = errors.New("majority: two groups could carry one meeting")
	ErrCap       = errors.New("majority: more control relations than the cap")
)

// ShapeError names an array whose length does not fit the other arrays.
type ShapeError struct {
	Array     string
	Len, Want int
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("%v: %s has %d elements, not %d", ErrShape, e.Array, e.Len, e.Want)
}

// Unwrap returns ErrShape.
func (e *ShapeError) Unwrap() error { return ErrShape }

// NodeError names a node that does not exist.
type NodeError struct {
	Node  int32
	Nodes int
}

func (e *NodeError) Error() string {
	return fmt.Sprintf("%v: %d, of %d nodes", ErrNode, e.Node, e.Nodes)
}

// Unwrap returns ErrNode.
func (e *NodeError) Unwrap() error { return ErrNode }

// RuleError holds a rule that cannot be applied, and the reason.
type RuleError struct {
	Rule    Rule
	Because string
}

func (e *RuleError) Error() string { return fmt.Sprintf("%v: %v: %s", ErrRule, e.Rule, e.Because) }

// Unwrap returns ErrRule.
func (e *RuleError) Unwrap() error { return ErrRule }

// CapError reports that there are more control relations than Cap allows.
type CapError struct {
	Cap int
}

func (e *CapError) Error() string { return fmt.Sprintf("%v of %d", ErrCap, e.Cap) }

// Unwrap returns ErrCap.
func (e *CapError) Unwrap() error { return ErrCap }

// maxNamed is the largest number of meetings that a ContestedError names.
const maxNamed = 20

// ContestedError reports meetings that two groups without a common member could both carry,
// so that controllers need not form a chain. Nodes are the first 20 in order of node, and
// Count is the number of all such meetings.
type ContestedError struct {
	Rule  Rule
	Nodes []int32
	Count int
}

func (e *ContestedError) Error() string {
	return fmt.Sprintf("%v: with %v, %d of them, the first %v", ErrContested, e.Rule, e.Count, e.Nodes)
}

// Unwrap returns ErrContested.
func (e *ContestedError) Unwrap() error { return ErrContested }
