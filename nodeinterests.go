package crossholding

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// NodeInterests is all interests of one holder, with nodes of a [Graph] instead of ids and
// certified decimals as whole numbers. It is plain data.
type NodeInterests struct {
	Holder    int32   `json:"holder"`
	Float     bool    `json:"float,omitempty"` // they are those of the float of Holder, not of Holder
	Companies []int32 `json:"companies"`       // in order of node
	// Integrated and FirstPassage have a figure of each company, times 10 to the power of
	// [CertifiedOptions].Places.
	Integrated   []int64 `json:"integrated"`
	FirstPassage []int64 `json:"first_passage"`
}

// NodeInterests yields the interests of [CertifiedOwnership.Interests] by holder, in the same order
// and with the same figures, as nodes of [Alliance.Graph] and whole numbers. It leaves out holders
// that have none, and the holder's own stakes, which [Graph.HeldBy] lists. The lists must not be
// changed, and are valid until the next ones.
//
// If there is no answer for a holder, because it has no outside owner or because a fraction is too
// large or a figure does not fit in 64 bits, it yields interests with only Holder and Float beside
// the error, and goes on with the next. It ends when ctx is done, and fails with [ErrRange] for more
// than 18 places.
func (c *CertifiedOwnership) NodeInterests(ctx context.Context) iter.Seq2[NodeInterests, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	return func(yield func(NodeInterests, error) bool) {
		if c.places > smallPlaces {
			yield(NodeInterests{}, fmt.Errorf("crossholding: figures of %d places do not fit in 64 bits, those of %d do: %w", c.places, smallPlaces, ErrRange))
			return
		}
		for x, err := range c.byHolder(ctx, byNameOnly(&c.o.a.graph)) {
			if err != nil {
				yield(NodeInterests{}, err)
				return
			}
			p := NodeInterests{Holder: x.who.Node, Float: x.who.Float}
			if x.what.line != nil {
				x.err = fmt.Errorf("crossholding: %s owns so much of a company that %d places do not fit in 64 bits: %w", c.o.name(x.who), c.places, ErrTooLarge)
			} else if len(x.what.Companies) > 0 {
				p = x.what.NodeInterests
			} else if x.err == nil {
				continue
			}
			if !yield(p, x.err) {
				return
			}
		}
	}
}

// smallPlaces is the largest number of places of a fraction of 1 that fits in 63 bits.
const smallPlaces = 18

// certifiedInterests is interests of which some figures may not fit in 64 bits.
type certifiedInterests struct {
	NodeInterests
	line, first *exact.FixedLine // all figures, if some do not fit; nil otherwise
}

// byHolder yields what each holder owns, with the companies of which it has shares only in its
// name.
func (c *CertifiedOwnership) byHolder(ctx context.Context, named graph.Rows) iter.Seq2[holderAnswer[certifiedInterests], error] {
	return eachHolder(ctx, c.o, func(ctx context.Context, who exact.Owner, space *holderSpace) (certifiedInterests, int, error) {
		p, err := c.portfolio(ctx, who, named, space)
		return p, len(p.Companies), err
	})
}

func (c *CertifiedOwnership) portfolio(ctx context.Context, who exact.Owner, named graph.Rows, space *holderSpace) (certifiedInterests, error) {
	lines := space.lines
	if c.places > smallPlaces { // most figures do not fit, so the lines are kept
		lines = nil
	}
	line := new(exact.FixedLine)
	first := line
	if !c.o.idle(who) {
		var err error
		if line, first, err = c.o.solver.RowsFixed(ctx, who, c.places, c.mode, lines); err != nil {
			return certifiedInterests{}, nameSolverError(c.o.a, err)
		}
	}
	p := certifiedInterests{NodeInterests: NodeInterests{Holder: who.Node, Float: who.Float}}
	p.Companies = space.companiesOf(line, nameOnly(&c.o.a.graph, who, named, func(company int32) bool {
		_, ok := line.Find(exact.Owner{Node: company})
		return ok
	}))
	var fit, firstFit bool
	p.Integrated, fit = space.figuresOf(line, p.Companies)
	if p.FirstPassage, firstFit = p.Integrated, fit; first != line {
		p.FirstPassage, firstFit = space.figuresOf(first, p.Companies)
	}
	if fit && firstFit {
		return p, nil
	}
	if lines != nil {
		var err error
		if line, first, err = c.o.solver.RowsFixed(ctx, who, c.places, c.mode, nil); err != nil {
			return certifiedInterests{}, nameSolverError(c.o.a, err)
		}
	}
	p.line, p.first = line, first
	return p, nil
}

// companiesOf appends the companies of a row and others, which are not in it, and returns them in
// order.
func (s *holderSpace) companiesOf(line *exact.FixedLine, others []int32) []int32 {
	begin := len(s.companies)
	owned, _, _ := line.Lists()
	s.companies = slices.Grow(s.companies, len(owned)+len(others))
	for _, o := range owned {
		s.companies = append(s.companies, o.Node)
	}
	s.companies = append(s.companies, others...)
	out := s.companies[begin:]
	if len(others) > 0 {
		slices.Sort(out)
	}
	return out
}

// figuresOf appends the coefficients of a row, with 0 for companies that are not in it, and returns
// them. It returns false if one does not fit.
func (s *holderSpace) figuresOf(line *exact.FixedLine, companies []int32) ([]int64, bool) {
	owned, coef, fit := line.Lists()
	begin, all := len(s.figures), uint64(0)
	s.figures = slices.Grow(s.figures, len(companies))[:begin+len(companies)]
	out := s.figures[begin:]
	if len(coef) == len(out) {
		for i, z := range coef {
			out[i], all = int64(z), all|z
		}
		return out, fit && all <= math.MaxInt64
	}
	at := 0
	for i, company := range companies {
		if out[i] = 0; at < len(owned) && owned[at].Node == company {
			out[i], all = int64(coef[at]), all|coef[at]
			at++
		}
	}
	return out, fit && all <= math.MaxInt64
}

// figures returns integrated and first-passage ownership of company i of p.
func (c *CertifiedOwnership) figures(p *certifiedInterests, i int) (integrated, first ratio.Ratio) {
	if p.line != nil {
		company := exact.Owner{Node: p.Companies[i]}
		y, _ := p.line.Find(company)
		f, _ := p.first.Find(company)
		return c.exactly(y), c.exactly(f)
	}
	y, f := p.Integrated[i], p.FirstPassage[i]
	if integrated = c.fraction(y); f == y {
		return integrated, integrated
	}
	return integrated, c.fraction(f)
}

// nodeNames names the nodes of one list after another. Most long portfolios of a register have
// nearly the same companies, whose ids are scattered in memory, so the names of one are kept.
type nodeNames struct {
	ids        *intern.Names
	nodes      []int32
	names, out []string // of nodes, and of the list asked for
}

// of returns the ids of nodes, which ascend. The list is valid until the next call.
func (n *nodeNames) of(nodes []int32) []string {
	n.out = slices.Grow(n.out[:0], len(nodes))
	kept := n.nodes
	if len(nodes) < len(kept)/16 {
		kept = nil
	}
	at, found := 0, 0
	for _, node := range nodes {
		for at < len(kept) && kept[at] < node {
			at++
		}
		if at < len(kept) && kept[at] == node {
			n.out = append(n.out, n.names[at])
			found++
			continue
		}
		n.out = append(n.out, n.ids.At(node))
	}
	if len(nodes) >= len(n.nodes)/16 && found < len(nodes)/2 {
		n.nodes = append(n.nodes[:0], nodes...)
		n.names = append(n.names[:0], n.out...)
	}
	return n.out
}
