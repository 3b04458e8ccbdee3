package crossholding

import (
	"context"
	"errors"
	"iter"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Interests yields the interests of all holders in all companies, sorted by holder,
// then company. Holders include floats and companies. Interests include shares in the
// holder's name that are held for others or have no dividend. It asks for the portfolios of a
// few hundred holders at a time on all processors, and keeps at most some 65,000 rows of them in
// memory, besides one portfolio for each processor.
//
// If there is no answer for a holder, because it has no outside owner or because a fraction
// is too large, it yields an interest with only the Holder beside the error, and goes on
// with the next. It ends when ctx is done.
func (o *Ownership) Interests(ctx context.Context) iter.Seq2[Interest, error] {
	ctx = progress.OrBackground(ctx)
	o = o.orEmpty()
	return byHolder(ctx, o, o.portfolio)
}

// byHolder yields the portfolios of all holders, one after the other.
func byHolder(ctx context.Context, o *Ownership, portfolio func(ctx context.Context, who exact.Owner, named graph.Rows, space *portfolioSpace) error) iter.Seq2[Interest, error] {
	return func(yield func(Interest, error) bool) {
		named := byNameOnly(&o.a.graph)
		var holders []exact.Owner
		if err := runUntil(ctx, o.a.size(), func() { holders = o.holders() }); err != nil {
			yield(Interest{}, err)
			return
		}
		heard := progress.Start(ctx, "holders", len(holders), 1)
		r := portfolioRound{ask: func(ctx context.Context, i int, space *portfolioSpace) error {
			return portfolio(ctx, holders[i], named, space)
		}}
		for from := 0; from < len(holders); from += len(r.found) {
			if r.run(ctx, from, len(holders)); len(r.found) == 0 { // ctx is done
				yield(Interest{}, stopped(ctx))
				return
			}
			for i, x := range r.found {
				heard.At(from + i)
				if ctx.Err() != nil {
					yield(Interest{}, stopped(ctx))
					return
				}
				if errors.Is(x.err, ErrNoOutsideOwner) || errors.Is(x.err, ErrTooLarge) {
					if !yield(Interest{Holder: o.name(holders[from+i])}, x.err) {
						return
					}
					continue
				}
				if x.err != nil {
					yield(Interest{}, x.err)
					return
				}
				for _, in := range x.rows {
					if !yield(in, nil) {
						return
					}
				}
			}
		}
		heard.End()
	}
}

// portfolioRound asks for the portfolios of some holders that follow one another, on all
// processors.
type portfolioRound struct {
	ask   func(ctx context.Context, i int, space *portfolioSpace) error // appends the portfolio of holder i
	found []foundPortfolio
	space []portfolioSpace // of each processor; used again in each round
}

// portfolioSpace has the portfolios that one processor found, one after the other.
type portfolioSpace struct {
	rows  []Interest
	lines exact.RowSpace
}

type foundPortfolio struct {
	rows []Interest
	err  error
}

// No further holder of a round is taken after so many rows. The first rounds are short, so that
// who wants few rows waits for few.
const (
	roundHolders = 256
	roundRows    = 1 << 16
)

// run asks for at most as many portfolios as twice those of the last round. A portfolio is
// missing at the end if ctx is done.
func (r *portfolioRound) run(ctx context.Context, from, end int) {
	n := min(end-from, roundHolders, max(2*len(r.found), 1))
	clear(r.found)
	r.found = slices.Grow(r.found[:0], n)[:n]
	var taken, rows atomic.Int64
	take := func(ctx context.Context, space *portfolioSpace) {
		space.rows = space.rows[:0]
		for ctx.Err() == nil && rows.Load() < roundRows {
			i := int(taken.Add(1)) - 1
			if i >= n {
				return
			}
			x, before := &r.found[i], len(space.rows)
			x.err = r.ask(ctx, from+i, space)
			x.rows = space.rows[before:]
			rows.Add(int64(len(x.rows)))
		}
	}
	workers := min(runtime.GOMAXPROCS(0), n)
	r.space = append(r.space, make([]portfolioSpace, max(0, workers-len(r.space)))...)
	var others sync.WaitGroup
	quiet := progress.With(ctx, nil)
	for w := 1; w < workers; w++ {
		others.Go(func() { take(quiet, &r.space[w]) })
	}
	take(ctx, &r.space[0])
	others.Wait()
	r.found = r.found[:min(int(taken.Load()), n)]
}

// holders lists all possible holders, with floats, by name. The names of nodes are in order, and
// so are those of floats.
func (o *Ownership) holders() []exact.Owner {
	g := &o.a.graph
	var nodes, floats []exact.Owner
	for i := range int32(g.IDs.Len()) {
		nodes = append(nodes, exact.Owner{Node: i})
		if g.IssuesShares(i) && g.Float(&g.Capital, i).Sign() > 0 {
			floats = append(floats, exact.Owner{Node: i, Float: true})
		}
	}
	first, _ := g.IDs.Find(FloatOf(""))
	out := slices.Concat(nodes[:first], floats, nodes[first:])
	end := int(first)
	for end < len(nodes) && strings.HasPrefix(g.IDs.At(int32(end)), FloatOf("")) {
		end++
	}
	if end > int(first) {
		slices.SortFunc(out, func(a, b exact.Owner) int { return strings.Compare(o.name(a), o.name(b)) })
	}
	return out
}

func (o *Ownership) name(who exact.Owner) string {
	if who.Float {
		return FloatOf(o.a.graph.IDs.At(who.Node))
	}
	return o.a.graph.IDs.At(who.Node)
}

// byNameOnly lists by holder the stakes whose holder may have no economic interest:
// shares held for another, or in a class without dividend.
func byNameOnly(g *graph.Graph) graph.Rows {
	if graph.SameArray(g.Beneficiary, g.Holder) && graph.SameWeighting(&g.Capital, &g.Dividends) {
		return graph.Rows{}
	}
	return graph.RowsOf(g.Holder, g.IDs.Len())
}

// nameOnly lists, in ascending order, the companies of which who has shares in its name
// but owns nothing.
func nameOnly(g *graph.Graph, who exact.Owner, named graph.Rows, owns func(c int32) bool) []int32 {
	if named.First == nil {
		return nil
	}
	if who.Float {
		if owns(who.Node) {
			return nil
		}
		return []int32{who.Node}
	}
	var out []int32
	last := int32(graph.None)
	for _, e := range named.Of(who.Node) { // by issuer
		if c := g.Issuer[e]; c != last {
			if last = c; !owns(c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// portfolio appends the holdings of who, with the shares that are only in its name.
func (o *Ownership) portfolio(ctx context.Context, who exact.Owner, named graph.Rows, space *portfolioSpace) error {
	owned, err := o.Holdings(ctx, o.name(who))
	if err != nil {
		return err
	}
	g := &o.a.graph
	extra := nameOnly(g, who, named, func(c int32) bool {
		_, ok := slices.BinarySearchFunc(owned, g.IDs.At(c), func(in Interest, id string) int { return strings.Compare(in.Issuer, id) })
		return ok
	})
	begin := len(space.rows)
	space.rows = append(space.rows, owned...)
	for _, c := range extra {
		space.rows = append(space.rows, o.interest(who, c, ratio.Ratio{}))
	}
	if len(extra) > 0 {
		slices.SortFunc(space.rows[begin:], func(a, b Interest) int { return strings.Compare(a.Issuer, b.Issuer) })
	}
	return nil
}

// Interests yields the interests of [Ownership.Interests], with Integrated and
// FirstPassage as certified decimals. Use it for large components, whose fractions
// would be very long.
func (c *CertifiedOwnership) Interests(ctx context.Context) iter.Seq2[Interest, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	return byHolder(ctx, c.o, c.portfolio)
}

// portfolio appends the holdings of who, with the shares that are only in its name.
func (c *CertifiedOwnership) portfolio(ctx context.Context, who exact.Owner, named graph.Rows, space *portfolioSpace) error {
	o := c.o
	line := &exact.FixedLine{Places: c.places}
	first := line
	if !o.idle(who) {
		var err error
		if line, first, err = o.solver.RowsFixed(ctx, who, c.places, c.mode, &space.lines); err != nil {
			return nameSolverError(o.a, err)
		}
	}
	extra := nameOnly(&o.a.graph, who, named, func(company int32) bool {
		_, ok := line.Find(exact.Owner{Node: company})
		return ok
	})
	held := o.stakesOf(who, named)
	out, at := slices.Grow(space.rows, line.Len()+len(extra)), len(space.rows)
	out = out[:at+line.Len()+len(extra)]
	space.rows = out
	holder := o.name(who)
	add := func(company int32, y, f ratio.Ratio) {
		in := &out[at]
		in.Holder, in.Issuer, in.Integrated, in.FirstPassage = holder, o.a.graph.IDs.At(company), y, f
		in.Capital, in.Economic = ratio.Ratio{}, ratio.Ratio{}
		if company >= held.next {
			in.Capital, in.Economic = held.figures(company)
		}
		at++
	}
	for i := range line.Len() {
		owned, z := line.At(i)
		for len(extra) > 0 && extra[0] < owned.Node {
			add(extra[0], ratio.Ratio{}, ratio.Ratio{})
			extra = extra[1:]
		}
		y := c.exactly(z)
		f := y
		if first != line {
			_, z := first.At(i)
			f = c.exactly(z)
		}
		add(owned.Node, y, f)
	}
	for _, company := range extra {
		add(company, ratio.Ratio{}, ratio.Ratio{})
	}
	return nil
}

// ownStakes finds the figures of a holder's own stakes in companies that it is asked about in
// ascending order. Most companies of a portfolio are held only through others.
type ownStakes struct {
	o            *Ownership
	who          exact.Owner
	named, owned []int32 // the stakes in its name and those for its money, by issuer
	next         int32   // before this company it has no figures
}

func (o *Ownership) stakesOf(who exact.Owner, named graph.Rows) *ownStakes {
	s := &ownStakes{o: o, who: who}
	switch {
	case len(o.changed) > 0: // the stakes of the book are not all that there are
		return s
	case who.Float:
		s.next = who.Node
		return s
	}
	s.owned = o.a.graph.ByBeneficiary.Of(who.Node)
	s.named = s.owned
	if named.First != nil {
		s.named = named.Of(who.Node)
	}
	s.next = min(s.first(s.named), s.first(s.owned))
	return s
}

// figures returns the capital and the economic interest of the holder in company c.
func (s *ownStakes) figures(c int32) (capital, economic ratio.Ratio) {
	capital, economic = s.o.capital(s.who, c), s.o.economic(s.who, c)
	switch {
	case len(s.o.changed) > 0:
	case s.who.Float:
		s.next = math.MaxInt32
	default:
		s.drop(&s.named, c)
		s.drop(&s.owned, c)
		s.next = min(s.first(s.named), s.first(s.owned))
	}
	return capital, economic
}

// first returns the company of the first of some stakes, or a number above all companies.
func (s *ownStakes) first(stakes []int32) int32 {
	if len(stakes) == 0 {
		return math.MaxInt32
	}
	return s.o.a.graph.Issuer[stakes[0]]
}

// drop removes the stakes in company c and in those before it.
func (s *ownStakes) drop(stakes *[]int32, c int32) {
	for s.first(*stakes) <= c {
		*stakes = (*stakes)[1:]
	}
}
