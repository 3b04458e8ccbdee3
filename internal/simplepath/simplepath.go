// Package simplepath walks all simple paths of a weighted graph, under a cap.
//
// There can be more simple paths than atoms, so nothing else of the library
// walks them; the measures that are defined by them have no other form.
package simplepath

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/crossholding/crossholding/internal/progress"
)

// ErrCap is the kind of error of a walk that took too many steps.
var ErrCap = errors.New("too many simple paths")

// CapError says how many steps were taken. It unwraps to [ErrCap].
type CapError struct{ Cap int }

func (e *CapError) Error() string { return fmt.Sprintf("%v: more than %d steps", ErrCap, e.Cap) }

// Unwrap returns [ErrCap].
func (e *CapError) Unwrap() error { return ErrCap }

// Edge is a step to another node. Weight is not changed.
type Edge struct {
	To     int32
	Weight *big.Rat
}

// Combine says what a path is worth that goes on by one more edge. It must
// return a new number.
type Combine func(path, edge *big.Rat) *big.Rat

// Product multiplies along the path.
func Product(path, edge *big.Rat) *big.Rat { return new(big.Rat).Mul(path, edge) }

// Weakest keeps the smallest edge of the path.
func Weakest(path, edge *big.Rat) *big.Rat {
	if path.Cmp(edge) <= 0 {
		return new(big.Rat).Set(path)
	}
	return new(big.Rat).Set(edge)
}

// checkEvery is how many steps are taken between two looks at the context.
const checkEvery = 1 << 10

// heardOf is after how many steps the progress is told, again and again.
const heardOf = 1 << 14

// Walk calls visit for every simple path that starts at from, with its nodes
// (from first) and its worth, each path before those that go on from it. The
// slice is the walk's own. If visit returns false the walk does not go on from
// that path. A path never returns to from.
//
// The error is the cause of ctx, or a [*CapError] after limit steps.
func Walk(ctx context.Context, from int32, edges func(int32) []Edge, combine Combine, limit int, visit func(path []int32, worth *big.Rat) bool) error {
	type frame struct {
		edges []Edge
		worth *big.Rat
	}
	path := []int32{from}
	on := map[int32]bool{from: true}
	stack := []frame{{edges(from), nil}}
	heard := progress.Count(ctx, "paths", heardOf)
	for steps := 0; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if len(top.edges) == 0 {
			stack = stack[:len(stack)-1]
			delete(on, path[len(path)-1])
			path = path[:len(path)-1]
			continue
		}
		e := top.edges[0]
		top.edges = top.edges[1:]
		if on[e.To] {
			continue
		}
		if steps++; steps > limit {
			return &CapError{limit}
		}
		if steps%checkEvery == 1 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		heard.At(steps)
		worth := e.Weight
		if top.worth != nil {
			worth = combine(top.worth, e.Weight)
		}
		path = append(path, e.To)
		if !visit(path, worth) {
			path = path[:len(path)-1]
			continue
		}
		on[e.To] = true
		stack = append(stack, frame{edges(e.To), worth})
	}
	return nil
}
