package crossholding

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Diagnosis is an overview of an alliance, for a first look. It is plain data, sorted.
// [Alliance.Warnings] says what a register left out or scaled.
type Diagnosis struct {
	Companies int        `json:"companies"`
	Others    int        `json:"others"`
	Stakes    int        `json:"stakes"`
	Unowned   [][]string `json:"unowned"`  // companies without an outside owner; Ownership fails for them
	Unheld    []string   `json:"unheld"`   // companies whose shares have no known holder
	NoFloat   []string   `json:"no_float"` // companies whose outstanding shares all have a known holder
	// NoEarnings are companies that earn for nobody: no outstanding share has a dividend. The
	// integrated shares in what they own sum to less than 1, by the part that they have.
	NoEarnings []string    `json:"no_earnings"`
	Components []Component `json:"components"` // strongly connected components, largest first
}

// Component is a strongly connected component: two or more companies that all own one
// another, directly or through others. It is plain data.
type Component struct {
	Companies []string `json:"companies"` // sorted
	Stakes    int      `json:"stakes"`    // between these companies
	// Cycle is the cycle whose smallest stake is largest. Among several such cycles it is
	// one with the fewest companies. Each company stands with its economic interest in the
	// next one, and the last with that in the first. The first is the first by name.
	Cycle []Portion `json:"cycle"`
}

// String returns the cycle as a sentence: "a holds 30% of b, b holds 20% of a". If there can
// be other cycles, it says which of them it shows.
func (p Component) String() string {
	links := make([]string, len(p.Cycle))
	for i, l := range p.Cycle {
		next := p.Cycle[(i+1)%len(p.Cycle)]
		links[i] = fmt.Sprintf("%s holds %s of %s", l.Name, l.Figure.ShortPercent(), next.Name)
	}
	which := ""
	if p.Stakes > len(p.Cycle) {
		which = "; one loop, whose smallest stake is largest"
	}
	return fmt.Sprintf("%d companies with %d stakes in one another%s: %s", len(p.Companies), p.Stakes, which, strings.Join(links, ", "))
}

// Diagnose returns an overview of an alliance. It does not enumerate cycles: it takes
// little longer than to read the stakes and to sort those within each component. It fails
// with [ErrBands] if stakes are known only as bands. It returns ctx's error when ctx is
// done.
func (a *Alliance) Diagnose(ctx context.Context) (*Diagnosis, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if err := a.requireExact(""); err != nil {
		return nil, err
	}
	g := &a.graph
	d := &Diagnosis{Stakes: len(g.Issuer), Unowned: [][]string{}, Unheld: []string{}, NoFloat: []string{}, Components: []Component{}}
	stage := progress.Start(ctx, "companies", g.IDs.Len(), 1)
	for c := range int32(g.IDs.Len()) {
		if c&0xfff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		stage.At(int(c))
		switch {
		case !g.IssuesShares(c):
			d.Others++
			continue
		case g.Columns[c] == g.Columns[c+1]:
			d.Unheld = append(d.Unheld, g.IDs.At(c))
		case g.Float(&g.Capital, c).IsZero():
			d.NoFloat = append(d.NoFloat, g.IDs.At(c))
		}
		d.Companies++
	}
	stage.End()
	d.NoEarnings = a.earnForNobody()
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
		part, err := o.component(ctx, members)
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

// edge is a stake within a component, between positions in its list of members.
type edge struct {
	from, to int32
	share    ratio.Ratio
}

func (o *Ownership) component(ctx context.Context, members []int32) (Component, error) {
	g := &o.a.graph
	out := Component{Companies: g.Names(members), Cycle: []Portion{}}
	var edges []edge
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
			if !seen[i] { // several stakes of one holder count as one
				seen[i] = true
				edges = append(edges, edge{int32(from), int32(to), economicShare(g, exact.Owner{Node: i}, c)})
			}
		}
	}
	var cycle []edge
	if err := runUntil(ctx, len(edges), func() { cycle = widestCycle(len(members), edges) }); err != nil {
		return Component{}, err
	}
	for _, x := range cycle {
		out.Cycle = append(out.Cycle, Portion{g.IDs.At(members[x.from]), x.share})
	}
	return out, nil
}

// widestCycle returns a cycle whose smallest edge is as large as possible. A bisection
// over the edges, sorted by size, finds the smallest number of the largest edges that
// contain a cycle. The last of these edges lies on every such cycle. A search from its end
// to its start finds the shortest one.
func widestCycle(n int, edges []edge) []edge {
	slices.SortFunc(edges, func(a, b edge) int {
		if c := b.share.Cmp(a.share); c != 0 {
			return c
		}
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return int(a.to - b.to)
	})
	low, high := 1, len(edges) // the first high edges contain a cycle
	for low < high {
		mid := (low + high) / 2
		if cyclic(n, edges[:mid]) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	last := edges[high-1]
	return rotate(append(shortest(n, edges[:high-1], last.to, last.from), last))
}

// outgoing lists edges by their start.
func outgoing(n int, edges []edge) [][]edge {
	out := make([][]edge, n)
	for _, x := range edges {
		out[x.from] = append(out[x.from], x)
	}
	return out
}

// cyclic reports whether edges contain a cycle. It removes nodes without incoming edges
// until there are none; a cycle remains if nodes remain.
func cyclic(n int, edges []edge) bool {
	in := make([]int32, n)
	for _, x := range edges {
		in[x.to]++
	}
	out := outgoing(n, edges)
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

// shortest returns the edges of a shortest path. The path is empty if from is to.
func shortest(n int, edges []edge, from, to int32) []edge {
	out := outgoing(n, edges)
	came := make([]edge, n)
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
	var path []edge
	for i := to; i != from; i = came[i].from {
		path = append(path, came[i])
	}
	slices.Reverse(path)
	return path
}

// rotate returns the cycle starting at its lowest node.
func rotate(cycle []edge) []edge {
	start := 0
	for i, x := range cycle {
		if x.from < cycle[start].from {
			start = i
		}
	}
	return slices.Concat(cycle[start:], cycle[:start])
}

// earnForNobody lists the companies of which no outstanding share has a dividend.
func (a *Alliance) earnForNobody() []string {
	g := &a.graph
	out := []string{}
	for c := range a.earnsNothing() {
		out = append(out, g.IDs.At(c))
	}
	return out
}

// earnsNothing yields the companies of which no outstanding share has a dividend.
func (a *Alliance) earnsNothing() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		g := &a.graph
		for c := range int32(g.IDs.Len()) {
			if !g.Dividends.AnyOutstanding(c) && g.IssuesShares(c) && !yield(c) {
				return
			}
		}
	}
}
