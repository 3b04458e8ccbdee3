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

// ShapeError names an array whose length contradicts the others.
type ShapeError struct {
	Array     string
	Len, Want int
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("%v: %s has %d elements, not %d", ErrShape, e.Array, e.Len, e.Want)
}

// Unwrap returns ErrShape.
func (e *ShapeError) Unwrap() error { return ErrShape }

// NodeError names a node that is not among the Nodes there are.
type NodeError struct {
	Node  int32
	Nodes int
}

func (e *NodeError) Error() string {
	return fmt.Sprintf("%v: %d, of %d nodes", ErrNode, e.Node, e.Nodes)
}

// Unwrap returns ErrNode.
func (e *NodeError) Unwrap() error { return ErrNode }

// RuleError holds a rule that cannot be applied, and why.
type RuleError struct {
	Rule    Rule
	Because string
}

func (e *RuleError) Error() string { return fmt.Sprintf("%v: %v: %s", ErrRule, e.Rule, e.Because) }

// Unwrap returns ErrRule.
func (e *RuleError) Unwrap() error { return ErrRule }

// CapError says how many control relations were found when the cap was
// reached.
type CapError struct {
	Cap int
}

func (e *CapError) Error() string { return fmt.Sprintf("%v of %d", ErrCap, e.Cap) }

// Unwrap returns ErrCap.
func (e *CapError) Unwrap() error { return ErrCap }

// mostNamed bounds the meetings that a ContestedError names.
const mostNamed = 20

// ContestedError holds the meetings in which two groups without a common
// member could both pass the rule, so that controllers need not form a chain:
// the first 20 in order of node, and how many there are.
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
