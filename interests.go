package crossholding

import (
	"context"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Interests yields the interests of all holders in all companies, sorted by holder,
// then company. Holders include floats and companies. Interests include shares in the
// holder's name that are held for others or have no dividend. It asks for portfolios on all
// processors, and goes on while the caller looks at those that were found. Of these it keeps some
// 65,000 rows in memory, and for each processor some 8,000 and a portfolio more.
//
// If there is no answer for a holder, because it has no outside owner or because a fraction
// is too large, it yields an interest with only the Holder beside the error, and goes on
// with the next. It ends when ctx is done.
func (o *Ownership) Interests(ctx context.Context) iter.Seq2[Interest, error] {
	ctx = progress.OrBackground(ctx)
	o = o.orEmpty()
	named := byNameOnly(&o.a.graph)
	return func(yield func(Interest, error) bool) {
		ask := func(ctx context.Context, who exact.Owner, space *holderSpace) ([]Interest, int, error) {
			return o.portfolio(ctx, who, named, space)
		}
		for x, err := range eachHolder(ctx, o, ask) {
			if err != nil {
				yield(Interest{}, err)
				return
			}
			if x.err != nil && !yield(Interest{Holder: o.name(x.who)}, x.err) {
				return
			}
			for _, in := range x.what {
				if !yield(in, nil) {
					return
				}
			}
		}
	}
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

// portfolio returns the holdings of who, with the shares that are only in its name.
func (o *Ownership) portfolio(ctx context.Context, who exact.Owner, named graph.Rows, space *holderSpace) ([]Interest, int, error) {
	owned, err := o.Holdings(ctx, o.name(who))
	if err != nil {
		return nil, 0, err
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
	out := space.rows[begin:]
	if len(extra) > 0 {
		slices.SortFunc(out, func(a, b Interest) int { return strings.Compare(a.Issuer, b.Issuer) })
	}
	return out, len(out), nil
}

// Interests yields the interests of [Ownership.Interests], with Integrated and
// FirstPassage as certified decimals. Use it for large components, whose fractions
// would be very long. [CertifiedOwnership.NodeInterests] yields nodes instead of ids.
func (c *CertifiedOwnership) Interests(ctx context.Context) iter.Seq2[Interest, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	return func(yield func(Interest, error) bool) {
		named := byNameOnly(&c.o.a.graph)
		names := nodeNames{ids: &c.o.a.graph.IDs}
		for x, err := range c.byHolder(ctx, named) {
			if err != nil {
				yield(Interest{}, err)
				return
			}
			in := Interest{Holder: c.o.name(x.who)}
			if x.err != nil && !yield(in, x.err) {
				return
			}
			held := c.o.stakesOf(x.who, named)
			ids := names.of(x.what.Companies)
			for i, company := range x.what.Companies {
				in.Issuer = ids[i]
				in.Integrated, in.FirstPassage = c.figures(&x.what, i)
				in.Capital, in.Economic = ratio.Ratio{}, ratio.Ratio{}
				if company >= held.next {
					in.Capital, in.Economic = held.figures(company)
				}
				if !yield(in, nil) {
					return
				}
			}
		}
	}
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
