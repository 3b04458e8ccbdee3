package crossholding

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
)

// everyone is control for all companies at once, worked out on first use and kept.
// Work that a context ended is not kept.
type everyone struct {
	one    gate
	done   bool
	forest *majority.Forest // where the controllers of a company form a chain
	listed [][]int32        // of each node, where they need not: its controllers, those above others last
}

// all works out control for everyone. Under a majority the controllers of a
// company are a chain and one pass finds all; under a lower threshold or a
// presumption two holders may control the same company, and each possible
// controller is asked in turn.
func (c *Control) all(ctx context.Context) (*everyone, error) {
	e := c.everyone
	if err := e.one.enter(ctx); err != nil {
		return nil, err
	}
	defer e.one.leave()
	if e.done {
		return e, nil
	}
	engine := c.ballot.Engine
	var err error
	if e.forest, err = engine.Forest(ctx, c.rule); err == nil {
		e.done = true
		return e, nil
	}
	if !errors.Is(err, majority.ErrContested) && !errors.Is(err, majority.ErrRule) {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	listed := make([][]int32, len(c.a.graph.IDs))
	for g, err := range engine.All(ctx, c.rule, maxPairs) {
		switch {
		case errors.Is(err, majority.ErrCap):
			return nil, fmt.Errorf("crossholding: %w: %w", ErrCap, err)
		case err != nil:
			return nil, fmt.Errorf("crossholding: %w", err)
		}
		x := first(g)
		for m := range g.Controlled() {
			listed[m.Node] = append(listed[m.Node], x)
		}
	}
	for _, list := range listed {
		slices.SortStableFunc(list, func(a, b int32) int { return len(listed[b]) - len(listed[a]) })
	}
	e.listed, e.done = listed, true
	return e, nil
}

// first returns a group's one seed.
func first(g *majority.Group) int32 {
	for m := range g.Members() {
		return m.Node
	}
	return graph.None
}

// controllers returns the controllers of y, the lowest first.
func (e *everyone) controllers(y int32) []int32 {
	if e.forest == nil {
		return e.listed[y]
	}
	return slices.Collect(e.forest.Controllers(y))
}

// ultimate returns the one controller of y whom nobody controls, or nobody.
func (e *everyone) ultimate(y int32) int32 {
	if e.forest != nil {
		return e.forest.Ultimate(y)
	}
	top := int32(graph.None)
	for _, x := range e.listed[y] {
		if len(e.listed[x]) == 0 {
			if top != graph.None {
				return graph.None
			}
			top = x
		}
	}
	return top
}

// Ultimate returns the controller of company whom nobody controls: "" if there
// is none, as for a company that nobody controls or that stands under a ring
// of companies which control one another, or (below a majority) if there are
// several.
func (c *Control) Ultimate(ctx context.Context, company string) (string, error) {
	ctx = orBackground(ctx)
	c = c.orEmpty()
	y, err := c.a.company(company)
	if err != nil {
		return "", err
	}
	e, err := c.all(ctx)
	if err != nil {
		return "", err
	}
	if x := e.ultimate(y); x != graph.None {
		return c.a.graph.IDs[x], nil
	}
	return "", nil
}

// Controllers returns all controllers of company, the lowest first and the
// ultimate one last.
func (c *Control) Controllers(ctx context.Context, company string) ([]string, error) {
	ctx = orBackground(ctx)
	c = c.orEmpty()
	y, err := c.a.company(company)
	if err != nil {
		return nil, err
	}
	e, err := c.all(ctx)
	if err != nil {
		return nil, err
	}
	return c.a.graph.Names(e.controllers(y)), nil
}

// Ultimates yields every company that someone controls with its ultimate
// controller, "" where there is none (see [Control.Ultimate]), sorted by
// company. It works control out for everyone at once, in a time near that of
// reading the stakes a few times; an error comes alone.
func (c *Control) Ultimates(ctx context.Context) iter.Seq2[Pair, error] {
	ctx = orBackground(ctx)
	c = c.orEmpty()
	return func(yield func(Pair, error) bool) {
		e, err := c.all(ctx)
		if err != nil {
			yield(Pair{}, err)
			return
		}
		g := &c.a.graph
		for y := range int32(len(g.IDs)) {
			p := Pair{Company: g.IDs[y]}
			if x := e.ultimate(y); x != graph.None {
				p.Controller = g.IDs[x]
			} else if e.free(y) {
				continue
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// free reports whether nobody controls y.
func (e *everyone) free(y int32) bool {
	if e.forest == nil {
		return len(e.listed[y]) == 0
	}
	return e.forest.Top(y) == y && e.forest.Ring(y) == nil
}

// Rings returns the sets of companies that control one another, each sorted:
// nobody outside controls them. Below a majority there is no such theorem and
// the answer is empty.
func (c *Control) Rings(ctx context.Context) ([][]string, error) {
	ctx = orBackground(ctx)
	c = c.orEmpty()
	e, err := c.all(ctx)
	if err != nil || e.forest == nil {
		return nil, err
	}
	var out [][]string
	for r := range e.forest.Rings() {
		out = append(out, c.a.graph.Names(r))
	}
	return out, nil
}
