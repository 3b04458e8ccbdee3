package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Diagnosis is what stands out in an alliance before any question is asked of
// it. Plain data, sorted; what a register kept out or scaled is in [Register].
type Diagnosis struct {
	Companies  int         `json:"companies"`
	Others     int         `json:"others"`
	Stakes     int         `json:"stakes"`
	Unowned    [][]string  `json:"unowned,omitempty"`    // companies that nobody outside owns: ownership fails on these
	Unheld     []string    `json:"unheld,omitempty"`     // companies with shares of which the book knows no holder
	NoFloat    []string    `json:"no_float,omitempty"`   // companies all of whose outstanding shares have a holder
	Components []Component `json:"components,omitempty"` // companies that own one another in a circle, largest first
}

// Component is a set of companies each of which owns each, directly or not: a
// strongly connected part of two or more.
type Component struct {
	Companies []string `json:"companies,omitempty"` // sorted
	Stakes    int      `json:"stakes"`              // among them
	// Cycle is the most telling circle: the one whose smallest stake is
	// largest, of these one with the fewest companies. It starts at its first
	// company by name, and each link holds of the next.
	Cycle []CycleStake `json:"cycle,omitempty"`
}

// CycleStake is one stake of a cycle.
type CycleStake struct {
	Holder   string      `json:"holder"`
	Issuer   string      `json:"issuer"`
	Economic ratio.Ratio `json:"economic"` // fraction of Issuer
}

// String writes the cycle as a sentence: "a holds 30% of b, b holds 20% of a".
func (p Component) String() string {
	links := make([]string, len(p.Cycle))
	for i, l := range p.Cycle {
		links[i] = fmt.Sprintf("%s holds %s of %s", l.Holder, l.Economic.ShortPercent(), l.Issuer)
	}
	return fmt.Sprintf("%d companies with %d stakes in one another: %s", len(p.Companies), p.Stakes, strings.Join(links, ", "))
}

// Diagnose looks an alliance over. It enumerates no cycles: the time is near
// that of reading the stakes, and of sorting those within each part. It ends
// with ctx's error. Stakes known only within bounds count with their lower
// ends.
func (a *Alliance) Diagnose(ctx context.Context) (*Diagnosis, error) {
	ctx = orBackground(ctx)
	if err := a.requireExact(); err != nil {
		return nil, err
	}
	g := &a.graph
	d := &Diagnosis{Stakes: len(g.Issuer)}
	stage := progress.Start(ctx, "companies", len(g.IDs), 1)
	for c := range int32(len(g.IDs)) {
		if c&0xfff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		stage.At(int(c))
		switch {
		case !g.IssuesShares(c):
			d.Others++
			continue
		case g.Columns[c] == g.Columns[c+1]:
			d.Unheld = append(d.Unheld, g.IDs[c])
		case g.Float(&g.Capital, c).IsZero():
			d.NoFloat = append(d.NoFloat, g.IDs[c])
		}
		d.Companies++
	}
	stage.End()
	solver := a.solver()
	o := &Ownership{a: a, solver: solver}
	if err := solver.Check(ctx); err != nil {
		ring, ok := nameSolverError(o.a, err).(*NoOutsideOwnerError)
		if !ok {
			return nil, nameSolverError(o.a, err)
		}
		d.Unowned = ring.Components
	}
	parts, err := solver.Parts(ctx)
	if err != nil {
		return nil, nameSolverError(o.a, err)
	}
	stage = progress.Start(ctx, "cycles in components", len(parts), 1)
	for i, members := range parts {
		stage.At(i)
		part, err := o.part(ctx, members)
		if err != nil {
			return nil, err
		}
		d.Components = append(d.Components, part)
	}
	stage.End()
	slices.SortStableFunc(d.Components, func(a, b Component) int {
		if n := len(b.Companies) - len(a.Companies); n != 0 {
			return n
		}
		return strings.Compare(a.Companies[0], b.Companies[0])
	})
	return d, nil
}

// arc is a stake within a part, between places in its list of members.
type arc struct {
	from, to int32
	share    ratio.Ratio
}

func (o *Ownership) part(ctx context.Context, members []int32) (Component, error) {
	g := &o.a.graph
	out := Component{Companies: g.Names(members)}
	var arcs []arc
	for to, c := range members {
		if ctx.Err() != nil {
			return Component{}, stopped(ctx)
		}
		first, end := g.Column(c)
		seen := map[int32]bool{}
		for e := first; e < end; e++ {
			i := g.Beneficiary[e]
			from, ok := slices.BinarySearch(members, i)
			if !ok {
				continue
			}
			out.Stakes++
			if !seen[i] { // several stakes of one holder count together
				seen[i] = true
				arcs = append(arcs, arc{int32(from), int32(to), economicShare(g, exact.Owner{Node: i}, c)})
			}
		}
	}
	var cycle []arc
	if err := runUntil(ctx, func() { cycle = widestCycle(len(members), arcs) }); err != nil {
		return Component{}, err
	}
	for _, x := range cycle {
		out.Cycle = append(out.Cycle, CycleStake{g.IDs[members[x.from]], g.IDs[members[x.to]], x.share})
	}
	return out, nil
}

// widestCycle returns a cycle whose smallest arc is as large as can be. A
// bisection over the arcs in order of size finds the fewest of the largest
// that still close a cycle; the last of them lies on every such cycle, and a
// search from its end to its start finds the shortest.
func widestCycle(n int, arcs []arc) []arc {
	slices.SortFunc(arcs, func(a, b arc) int {
		if c := b.share.Cmp(a.share); c != 0 {
			return c
		}
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return int(a.to - b.to)
	})
	low, high := 1, len(arcs) // the first high arcs close a cycle
	for low < high {
		mid := (low + high) / 2
		if cyclic(n, arcs[:mid]) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	last := arcs[high-1]
	return rotate(append(shortest(n, arcs[:high-1], last.to, last.from), last))
}

// outgoing sorts arcs by where they start.
func outgoing(n int, arcs []arc) [][]arc {
	out := make([][]arc, n)
	for _, x := range arcs {
		out[x.from] = append(out[x.from], x)
	}
	return out
}

// cyclic reports whether arcs close a cycle: whether taking away nodes that
// nothing leads to, over and over, leaves any.
func cyclic(n int, arcs []arc) bool {
	in := make([]int32, n)
	for _, x := range arcs {
		in[x.to]++
	}
	out := outgoing(n, arcs)
	var free []int32
	for i, k := range in {
		if k == 0 {
			free = append(free, int32(i))
		}
	}
	taken := 0
	for ; len(free) > 0; taken++ {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		for _, x := range out[i] {
			if in[x.to]--; in[x.to] == 0 {
				free = append(free, x.to)
			}
		}
	}
	return taken < n
}

// shortest returns the arcs of a shortest path, nil if from is to.
func shortest(n int, arcs []arc, from, to int32) []arc {
	out := outgoing(n, arcs)
	came := make([]arc, n)
	seen := make([]bool, n)
	seen[from] = true
	for queue := []int32{from}; len(queue) > 0 && !seen[to]; queue = queue[1:] {
		for _, x := range out[queue[0]] {
			if !seen[x.to] {
				seen[x.to], came[x.to] = true, x
				queue = append(queue, x.to)
			}
		}
	}
	var path []arc
	for i := to; i != from; i = came[i].from {
		path = append(path, came[i])
	}
	slices.Reverse(path)
	return path
}

// rotate starts a cycle at its lowest node.
func rotate(cycle []arc) []arc {
	start := 0
	for i, x := range cycle {
		if x.from < cycle[start].from {
			start = i
		}
	}
	return slices.Concat(cycle[start:], cycle[:start])
}
