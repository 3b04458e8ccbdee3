// Package simplepath visits all simple paths of a weighted graph, up to a limit of steps.
//
// The number of simple paths can grow exponentially with the size of the graph. Use this
// package only for measures that are defined by simple paths.
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

// CapError reports that a walk needs more than Cap steps. It unwraps to [ErrCap].
type CapError struct{ Cap int }

func (e *CapError) Error() string { return fmt.Sprintf("%v: more than %d steps", ErrCap, e.Cap) }

// Unwrap returns [ErrCap].
func (e *CapError) Unwrap() error { return ErrCap }

// Edge is an edge to another node. A walk does not change Weight.
type Edge struct {
	To     int32
	Weight *big.Rat
}

// Combine returns the worth of a path that is extended by one edge. It must return a new
// number and leave its arguments as they are.
type Combine func(path, edge *big.Rat) *big.Rat

// Product returns the product of the edges: path × edge.
func Product(path, edge *big.Rat) *big.Rat { return new(big.Rat).Mul(path, edge) }

// Weakest returns the smallest edge of the path: the smaller of path and edge.
func Weakest(path, edge *big.Rat) *big.Rat {
	if path.Cmp(edge) <= 0 {
		return new(big.Rat).Set(path)
	}
	return new(big.Rat).Set(edge)
}

// checkEvery is the number of steps between two checks of the context.
const checkEvery = 1 << 10

// reportEvery is the number of steps between two reports of progress.
const reportEvery = 1 << 14

// Walk calls visit for every simple path that starts at from. Its arguments are the nodes
// of the path, beginning with from, and the worth of the path. A path is visited before
// the paths that extend it. A path does not return to from. If visit returns false, Walk
// does not extend that path. The caller must not keep or change the slice of nodes.
//
// Walk returns the cause of ctx when ctx is done, and a [*CapError] after limit steps.
func Walk(ctx context.Context, from int32, edges func(int32) []Edge, combine Combine, limit int, visit func(path []int32, worth *big.Rat) bool) error {
	type frame struct {
		edges []Edge
		worth *big.Rat
	}
	path := []int32{from}
	on := map[int32]bool{from: true}
	stack := []frame{{edges(from), nil}}
	stage := progress.Count(ctx, "paths", reportEvery)
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
			return progress.Cause(ctx)
		}
		stage.At(steps)
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
