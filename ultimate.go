package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
)

// all computes control of all companies. Under a majority the controllers of a company
// form a chain but for facts, and one pass finds all of them. Under a lower threshold or a
// presumption two holders may control the same company by votes. Then all computes the
// group of each possible controller.
func (c *Control) all(ctx context.Context) (*everyone, error) {
	e := c.everyone
	if e.one.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	defer e.one.Unlock()
	if e.done {
		return e, nil
	}
	e.concerts, e.jointly, e.listed = c.concerts(), nil, nil
	err := e.findHierarchy(ctx, c)
	if noHierarchy(err) {
		e.listed, err = c.list(ctx)
	}
	if err != nil {
		return nil, err
	}
	if err = e.addPacts(ctx, c); err != nil {
		return nil, err
	}
	e.done = true
	return e, nil
}

// findHierarchy finds the hierarchy on first use and keeps it. The caller has the lock.
func (e *everyone) findHierarchy(ctx context.Context, c *Control) error {
	if e.hierarchy != nil {
		return nil
	}
	h, err := c.tally.Engine.Hierarchy(ctx, c.rule)
	if err != nil {
		return fmt.Errorf("crossholding: %w", err)
	}
	e.hierarchy = h
	return nil
}

// noHierarchy reports whether an error says that controllers need not form chains.
func noHierarchy(err error) bool {
	return errors.Is(err, majority.ErrContested) || errors.Is(err, majority.ErrRule)
}

// hierarchy returns control of all companies if controllers form chains but for facts. See
// [noHierarchy] for its error otherwise.
func (c *Control) hierarchy(ctx context.Context) (*majority.Hierarchy, error) {
	e := c.everyone
	if e.one.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	defer e.one.Unlock()
	if err := e.findHierarchy(ctx, c); err != nil {
		return nil, err
	}
	return e.hierarchy, nil
}

// list lists the controllers of each node, those that control others of them last.
func (c *Control) list(ctx context.Context) ([][]int32, error) {
	listed := make([][]int32, c.a.graph.IDs.Len())
	for g, err := range c.tally.Engine.All(ctx, c.rule, maxPairs) {
		if err != nil {
			return nil, pairsError(err)
		}
		x := first(g)
		for m := range g.Controlled() {
			listed[m.Node] = append(listed[m.Node], x)
		}
	}
	for _, list := range listed {
		slices.SortStableFunc(list, func(a, b int32) int { return len(listed[b]) - len(listed[a]) })
	}
	return listed, nil
}

// controllers returns the controllers of y, the lowest first.
func (e *everyone) controllers(y int32) []int32 {
	if e.hierarchy == nil {
		return e.listed[y]
	}
	return e.hierarchy.Controllers(y)
}

// free reports whether nobody controls y by itself.
func (e *everyone) free(y int32) bool {
	if e.hierarchy == nil {
		return len(e.listed[y]) == 0
	}
	return !e.hierarchy.Controlled(y)
}

// ultimate appends to a list the controllers of y that nobody controls by itself, in order
// of node.
func (e *everyone) ultimate(list []int32, y int32) []int32 {
	if e.hierarchy != nil {
		return e.hierarchy.AppendUltimates(list, y)
	}
	from := len(list)
	for _, x := range e.listed[y] {
		if e.free(x) {
			list = append(list, x)
		}
	}
	slices.Sort(list[from:])
	return list
}

// Ultimate returns the controllers of company that nobody controls, sorted. These are
// holders, and concerts (see [ConcertOf]) if their holders control company only together.
// There are none if nobody controls the company, or if only companies that control one
// another do. There can be several: with facts of control, with concerts, and below a
// majority.
func (c *Control) Ultimate(ctx context.Context, company string) ([]string, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreed(c, func(c *Control) ([]string, error) { return c.Ultimate(ctx, company) })
	}
	y, err := c.a.controllable(company)
	if err != nil {
		return nil, err
	}
	e, err := c.all(ctx)
	if err != nil {
		return nil, err
	}
	return e.ultimateNames(&c.a.graph, y), nil
}

// ultimateNames returns the names of y's ultimate controllers, sorted.
func (e *everyone) ultimateNames(g *graph.Graph, y int32) []string {
	tops := e.ultimate(nil, y)
	if len(e.jointly) > 0 {
		// A concert that controls y only together may control what controls y alone.
		tops = slices.DeleteFunc(tops, func(x int32) bool { return e.jointly[x] != nil })
	}
	out := g.Names(tops)
	for _, i := range e.jointly[y] {
		out = append(out, e.concerts[i].name())
	}
	if len(e.jointly[y]) > 0 {
		slices.Sort(out)
	}
	return out
}

// Controllers returns all controllers of company, the lowest first: a controller comes
// before those that control it. Concerts come last. They are among the controllers if their
// holders control company only together.
func (c *Control) Controllers(ctx context.Context, company string) ([]string, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreed(c, func(c *Control) ([]string, error) { return c.Controllers(ctx, company) })
	}
	y, err := c.a.controllable(company)
	if err != nil {
		return nil, err
	}
	e, err := c.all(ctx)
	if err != nil {
		return nil, err
	}
	out := c.a.graph.Names(e.controllers(y))
	for _, i := range e.jointly[y] {
		out = append(out, e.concerts[i].name())
	}
	return out, nil
}

// Ultimates yields every controlled company with each of its ultimate controllers (see
// [Control.Ultimate]), sorted by company, then controller. A controlled company without an
// ultimate controller has one relation, whose controller is "". Under a majority it takes
// about the time of reading the stakes a few times. If there is an error, the relation is
// empty.
func (c *Control) Ultimates(ctx context.Context) iter.Seq2[ControlRelation, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreedRelations(c, func(c *Control) iter.Seq2[ControlRelation, error] { return c.Ultimates(ctx) }, func(a, b ControlRelation) int {
			return cmp.Or(strings.Compare(a.Company, b.Company), strings.Compare(a.Controller, b.Controller))
		})
	}
	return func(yield func(ControlRelation, error) bool) {
		e, err := c.all(ctx)
		if err != nil {
			yield(ControlRelation{}, err)
			return
		}
		g := &c.a.graph
		var tops []int32
		var names []string
		for y := range int32(g.IDs.Len()) {
			if y%(1<<14) == 0 && ctx.Err() != nil {
				yield(ControlRelation{}, stopped(ctx))
				return
			}
			if e.free(y) && e.jointly[y] == nil {
				continue
			}
			if len(e.jointly) > 0 {
				names = e.ultimateNames(g, y)
			} else {
				tops, names = e.ultimate(tops[:0], y), names[:0]
				for _, x := range tops {
					names = append(names, g.IDs.At(x))
				}
			}
			if len(names) == 0 {
				names = append(names, "")
			}
			for _, x := range names {
				if !yield(ControlRelation{Controller: x, Company: g.IDs.At(y)}, nil) {
					return
				}
			}
		}
	}
}

// MutualControl returns the sets of companies that control one another, each sorted.
// Under a majority nobody outside controls them except by fact. Below a majority this need
// not be so, and the result is empty.
func (c *Control) MutualControl(ctx context.Context) ([][]string, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreed(c, func(c *Control) ([][]string, error) { return c.MutualControl(ctx) })
	}
	e, err := c.all(ctx)
	if err != nil || e.hierarchy == nil {
		return nil, err
	}
	var out [][]string
	for r := range e.hierarchy.Rings() {
		out = append(out, c.a.graph.Names(r))
	}
	return out, nil
}

// Warnings names the companies that control one another while nobody outside controls them:
// who decides there does not follow from the figures, because control is the least fixpoint.
// [Votes.Warnings] says whether a law that might suspend these votes is missing. The errors are
// those of [Control.MutualControl].
func (c *Control) Warnings(ctx context.Context) ([]Warning, error) {
	rings, err := c.MutualControl(ctx)
	if err != nil {
		return nil, err
	}
	out := []Warning{}
	for _, ring := range rings {
		above, err := c.Ultimate(ctx, ring[0])
		if err != nil {
			return nil, err
		}
		if len(above) == 0 {
			out = append(out, aboutCompanies(ring, "they control one another, and nobody outside controls them: who decides there is not in the figures"))
		}
	}
	return out, nil
}

// addPacts records for each company the concerts that control it and of which no
// member controls it alone.
func (e *everyone) addPacts(ctx context.Context, c *Control) error {
	for i, p := range e.concerts {
		g, err := c.concertGroup(ctx, p)
		if err != nil {
			return err
		}
		for _, y := range g.companies() {
			if slices.ContainsFunc(p.Members, func(x int32) bool { return e.controls(x, y) }) {
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
	if e.hierarchy != nil {
		return e.hierarchy.Controls(x, y)
	}
	return slices.Contains(e.listed[y], x)
}
