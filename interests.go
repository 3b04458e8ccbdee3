package crossholding

import (
	"context"
	"errors"
	"iter"
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
func byHolder(ctx context.Context, o *Ownership, portfolio func(ctx context.Context, who exact.Owner, named graph.Rows, out []Interest) ([]Interest, error)) iter.Seq2[Interest, error] {
	return func(yield func(Interest, error) bool) {
		named := byNameOnly(&o.a.graph)
		var holders []exact.Owner
		if err := runUntil(ctx, o.a.size(), func() { holders = o.holders() }); err != nil {
			yield(Interest{}, err)
			return
		}
		heard := progress.Start(ctx, "holders", len(holders), 1)
		r := portfolioRound{ask: func(ctx context.Context, i int, out []Interest) ([]Interest, error) {
			return portfolio(ctx, holders[i], named, out)
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
	ask   func(ctx context.Context, i int, out []Interest) ([]Interest, error) // appends the portfolio of holder i
	found []foundPortfolio
	space [][]Interest // the rows of each processor, one portfolio after the other; used again in each round
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
	take := func(ctx context.Context, out []Interest) []Interest {
		for ctx.Err() == nil && rows.Load() < roundRows {
			i := int(taken.Add(1)) - 1
			if i >= n {
				break
			}
			x, before := &r.found[i], len(out)
			out, x.err = r.ask(ctx, from+i, out)
			x.rows = out[before:]
			rows.Add(int64(len(x.rows)))
		}
		return out
	}
	workers := min(runtime.GOMAXPROCS(0), n)
	for len(r.space) < workers {
		r.space = append(r.space, nil)
	}
	var others sync.WaitGroup
	quiet := progress.With(ctx, nil)
	for w := 1; w < workers; w++ {
		others.Go(func() { r.space[w] = take(quiet, r.space[w][:0]) })
	}
	r.space[0] = take(ctx, r.space[0][:0])
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
func (o *Ownership) portfolio(ctx context.Context, who exact.Owner, named graph.Rows, out []Interest) ([]Interest, error) {
	owned, err := o.Holdings(ctx, o.name(who))
	if err != nil {
		return out, err
	}
	g := &o.a.graph
	begin := len(out)
	out = append(out, owned...)
	extra := nameOnly(g, who, named, func(c int32) bool {
		_, ok := slices.BinarySearchFunc(owned, g.IDs.At(c), func(in Interest, id string) int { return strings.Compare(in.Issuer, id) })
		return ok
	})
	for _, c := range extra {
		out = append(out, o.interest(who, c, ratio.Ratio{}))
	}
	if len(extra) > 0 {
		slices.SortFunc(out[begin:], func(a, b Interest) int { return strings.Compare(a.Issuer, b.Issuer) })
	}
	return out, nil
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
func (c *CertifiedOwnership) portfolio(ctx context.Context, who exact.Owner, named graph.Rows, out []Interest) ([]Interest, error) {
	o := c.o
	line := &exact.FixedLine{Places: c.places}
	first := line
	if !o.idle(who) {
		var err error
		if line, first, err = o.solver.RowsFixed(ctx, who, c.places, c.mode); err != nil {
			return out, nameSolverError(o.a, err)
		}
	}
	extra := nameOnly(&o.a.graph, who, named, func(company int32) bool {
		_, ok := line.Find(exact.Owner{Node: company})
		return ok
	})
	held := o.stakesOf(who, named)
	holder := o.name(who)
	add := func(company int32) *Interest {
		out = append(out, Interest{Holder: holder, Issuer: o.a.graph.IDs.At(company)})
		in := &out[len(out)-1]
		in.Capital, in.Economic = held.figures(company)
		return in
	}
	out = slices.Grow(out, line.Len()+len(extra))
	for i := range line.Len() {
		owned, y := line.At(i)
		for len(extra) > 0 && extra[0] < owned.Node {
			add(extra[0])
			extra = extra[1:]
		}
		in := add(owned.Node)
		in.Integrated = c.exactly(y)
		in.FirstPassage = in.Integrated
		if first != line {
			_, f := first.At(i)
			in.FirstPassage = c.exactly(f)
		}
	}
	for _, company := range extra {
		add(company)
	}
	return out, nil
}

// ownStakes finds the figures of a holder's own stakes in companies that it is asked about in
// ascending order. Most companies of a portfolio are held only through others.
type ownStakes struct {
	o            *Ownership
	who          exact.Owner
	named, owned []int32 // the stakes in its name and those for its money, by issuer
}

func (o *Ownership) stakesOf(who exact.Owner, named graph.Rows) *ownStakes {
	s := &ownStakes{o: o, who: who}
	if who.Float {
		return s
	}
	s.owned = o.a.graph.ByBeneficiary.Of(who.Node)
	s.named = s.owned
	if named.First != nil {
		s.named = named.Of(who.Node)
	}
	return s
}

// figures returns the capital and the economic interest of the holder in company c.
func (s *ownStakes) figures(c int32) (capital, economic ratio.Ratio) {
	changed, float := s.o.changed[c] != nil, s.who.Float && s.who.Node == c
	if s.reach(&s.named, c) || changed || float {
		capital = s.o.capital(s.who, c)
	}
	if s.reach(&s.owned, c) || changed || float {
		economic = s.o.economic(s.who, c)
	}
	return capital, economic
}

// reach drops the stakes in companies before c, and reports whether the next is one in c.
func (s *ownStakes) reach(stakes *[]int32, c int32) bool {
	issuer := s.o.a.graph.Issuer
	for len(*stakes) > 0 && issuer[(*stakes)[0]] < c {
		*stakes = (*stakes)[1:]
	}
	return len(*stakes) > 0 && issuer[(*stakes)[0]] == c
}
