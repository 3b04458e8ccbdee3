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

// everyone holds control of all companies. It is computed on first use and kept, unless
// the context is done before.
type everyone struct {
	one    ctxMutex
	done   bool
	forest *majority.Forest // where the controllers of a company form a chain
	listed [][]int32        // otherwise: the controllers of each node; controllers of others come last

	pacts   []pact
	jointly map[int32][]int // by company: indices in pacts of the concerts that control it if no member does alone
}

// all computes control of all companies. Under a majority the controllers of a company
// form a chain, and one pass finds all of them. Under a lower threshold or a
// presumption two holders may control the same company. Then all computes the group of
// each possible controller.
func (c *Control) all(ctx context.Context) (*everyone, error) {
	e := c.everyone
	if err := e.one.enter(ctx); err != nil {
		return nil, err
	}
	defer e.one.leave()
	if e.done {
		return e, nil
	}
	engine := c.tally.Engine
	var err error
	e.pacts, e.jointly = c.pacts(), nil
	if e.forest, err = engine.Forest(ctx, c.rule); err == nil {
		if err = e.addPacts(ctx, c); err != nil {
			return nil, err
		}
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
			return nil, fmt.Errorf("crossholding: %w: %w", ErrSearchLimit, err)
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
	e.listed = listed
	if err = e.addPacts(ctx, c); err != nil {
		return nil, err
	}
	e.done = true
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

// ultimate returns the only controller of y that nobody controls, or none.
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

// Ultimate returns the controller of company that nobody controls. This is a holder,
// or a concert (see [ConcertOf]) if its holders control company only together. It is
// "" if there is none, because nobody controls the company or only companies that
// control one another do. It is also "" if there are several, which is possible below
// a majority or with two concerts.
func (c *Control) Ultimate(ctx context.Context, company string) (string, error) {
	ctx = orBackground(ctx)
	if ctx.Err() != nil {
		return "", stopped(ctx)
	}
	c = c.orEmpty()
	y, err := c.a.company(company)
	if err != nil {
		return "", err
	}
	e, err := c.all(ctx)
	if err != nil {
		return "", err
	}
	return e.ultimateName(&c.a.graph, y), nil
}

// ultimateName returns the name of y's ultimate controller, or "" if there is none.
func (e *everyone) ultimateName(g *graph.Graph, y int32) string {
	switch concerts := e.jointly[y]; {
	case len(concerts) == 1:
		return e.pacts[concerts[0]].name()
	case len(concerts) > 1:
		return ""
	}
	if x := e.ultimate(y); x != graph.None {
		return g.IDs[x]
	}
	return ""
}

// Controllers returns all controllers of company, the lowest first and the ultimate
// one last. A concert is among them if its holders control company only together.
func (c *Control) Controllers(ctx context.Context, company string) ([]string, error) {
	ctx = orBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	y, err := c.a.company(company)
	if err != nil {
		return nil, err
	}
	e, err := c.all(ctx)
	if err != nil {
		return nil, err
	}
	out := c.a.graph.Names(e.controllers(y))
	for _, i := range e.jointly[y] {
		out = append(out, e.pacts[i].name())
	}
	return out, nil
}

// Ultimates yields every controlled company with its ultimate controller, sorted by
// company. The controller is "" if there is none (see [Control.Ultimate]). Under a
// majority it takes about the time of reading the stakes a few times. If there is an
// error, the relation is empty.
func (c *Control) Ultimates(ctx context.Context) iter.Seq2[ControlRelation, error] {
	ctx = orBackground(ctx)
	c = c.orEmpty()
	return func(yield func(ControlRelation, error) bool) {
		e, err := c.all(ctx)
		if err != nil {
			yield(ControlRelation{}, err)
			return
		}
		g := &c.a.graph
		for y := range int32(len(g.IDs)) {
			p := ControlRelation{Controller: e.ultimateName(g, y), Company: g.IDs[y]}
			if p.Controller == "" && e.free(y) && e.jointly[y] == nil {
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

// MutualControl returns the sets of companies that control one another, each sorted.
// Under a majority nobody outside controls them. Below a majority this need not be so,
// and the result is empty.
func (c *Control) MutualControl(ctx context.Context) ([][]string, error) {
	ctx = orBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
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

// addPacts records for each company the concerts that control it and of which no
// member controls it alone.
func (e *everyone) addPacts(ctx context.Context, c *Control) error {
	for i, p := range e.pacts {
		g, err := c.pactGroup(ctx, p)
		if err != nil {
			return err
		}
		for _, y := range g.companies() {
			if slices.ContainsFunc(p.members, func(x int32) bool { return e.controls(x, y) }) {
				continue
			}
			if e.jointly == nil {
				e.jointly = map[int32][]int{}
			}
			e.jointly[y] = append(e.jointly[y], i)
		}
	}
	return nil
}

// controls reports whether x controls y by itself.
func (e *everyone) controls(x, y int32) bool {
	if e.forest != nil {
		return e.forest.Controls(x, y)
	}
	return slices.Contains(e.listed[y], x)
}
