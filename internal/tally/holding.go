package tally

import (
	"context"
	"iter"
	"runtime"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/ratio"
)

// Holding is the votes or shares that one node has at one company.
type Holding struct {
	Node   int32
	Float  bool // the float of Node has it, not Node; false in a tally
	Amount ratio.Ratio
}

// Base returns the denominator of c: the total that the votes in c are compared with.
func (t *Tally) Base(c int32) ratio.Ratio {
	if w := t.meetings.Wide[c]; w != nil {
		return t.Amount(c, majority.Amount{Wide: w.Base})
	}
	return t.Amount(c, majority.Amount{Units: t.meetings.Base[c]})
}

// AnyHolding is any type with the fields of [Holding]. A package can use its own type and
// need not copy lists.
type AnyHolding interface {
	~struct {
		Node   int32
		Float  bool
		Amount ratio.Ratio
	}
}

// Holdings returns what each node has of c, in the order of nodes. Neutral votes and nodes
// with nothing are left out.
func (t *Tally) Holdings(c int32) []Holding { return HoldingsOf[Holding](t, c) }

// HoldingsOf is [Tally.Holdings] with the caller's type of holding.
func HoldingsOf[H AnyHolding](t *Tally, c int32) []H {
	from, to := t.Graph.Column(c)
	out := make([]H, 0, to-from)
	for e := from; e < to; e++ {
		if who, figure := t.Stake(e); who != graph.None && !figure.IsZero() {
			out = append(out, H(Holding{Node: who, Amount: figure}))
		}
	}
	slices.SortStableFunc(out, func(x, y H) int { return int(Holding(x).Node) - int(Holding(y).Node) })
	kept := out[:0]
	for _, h := range out {
		if n := len(kept); n > 0 && Holding(kept[n-1]).Node == Holding(h).Node {
			kept[n-1] = H(Holding{Node: Holding(h).Node, Amount: Holding(kept[n-1]).Amount.Add(Holding(h).Amount)})
			continue
		}
		kept = append(kept, h)
	}
	return kept
}

// Shares returns holdings as fractions of the denominator. It returns nil if the
// denominator is 0.
func (t *Tally) Shares(c int32) []Holding { return SharesOf[Holding](t, c) }

// SharesOf is [Tally.Shares] with the caller's type of holding.
func SharesOf[H AnyHolding](t *Tally, c int32) []H {
	base := t.Base(c)
	if base.IsZero() {
		return nil
	}
	out := HoldingsOf[H](t, c)
	for i, h := range out {
		out[i] = H(Holding{Node: Holding(h).Node, Amount: Holding(h).Amount.Div(base)})
	}
	return out
}

// Issuers returns the companies in which any of the given nodes has something, in
// ascending order.
func (t *Tally) Issuers(who ...int32) []int32 {
	out := t.Held(who...)
	for i, e := range out {
		out[i] = t.Graph.Issuer[e] // ascending, as the stakes are
	}
	return slices.Compact(out)
}

// Held returns the stakes that any of some nodes has, in ascending order.
func (t *Tally) Held(who ...int32) []int32 {
	var out []int32
	if t.Engine.Listed() {
		for _, x := range who {
			out = append(out, t.Engine.Entries(x)...)
		}
		radix.Sort(out)
		return slices.Compact(out) // a node can be given twice
	}
	in := make([]bool, t.Graph.IDs.Len())
	for _, x := range who {
		in[x] = true
	}
	for e, x := range t.meetings.Who {
		if x != graph.None && in[x] {
			out = append(out, int32(e))
		}
	}
	return out
}

// Part is some stakes in one company, and what they count together without neutral votes.
type Part struct {
	Stakes []int32
	Sum    ratio.Ratio
}

// Parts yields the parts of some stakes, which ascend, by company. It reads the figures of some
// stakes before it adds them up, so that the processor waits for their memory together.
func (t *Tally) Parts(stakes []int32) iter.Seq2[int32, Part] {
	const ahead = 64
	return func(yield func(c int32, p Part) bool) {
		var issuers [ahead]int32
		var units [ahead]int64
		c, from, sum, read := int32(graph.None), 0, int64(0), int64(0)
		for first := 0; first < len(stakes); first += ahead {
			block := stakes[first:min(first+ahead, len(stakes))]
			for i, e := range block {
				issuers[i], units[i] = t.Graph.Issuer[e], t.meetings.Units[e]
				if t.meetings.Who[e] == graph.None {
					units[i] = 0
				}
			}
			for _, x := range issuers[:len(block)] {
				read += t.meetings.Base[x] + int64(t.scale[x])
			}
			for i, x := range issuers[:len(block)] {
				if x == c {
					if sum >= 0 { // else it was too large
						sum += units[i]
					}
					continue
				}
				if c != graph.None && !yield(c, t.part(c, stakes[from:first+i], sum)) {
					return
				}
				c, from, sum = x, first+i, units[i]
			}
		}
		runtime.KeepAlive(read)
		if c != graph.None {
			yield(c, t.part(c, stakes[from:], sum))
		}
	}
}

// part returns a part of so many units. It counts again what is in big integers, and stakes that
// were given more than once, of which units can be negative.
func (t *Tally) part(c int32, stakes []int32, units int64) Part {
	if units >= 0 && t.meetings.Wide[c] == nil {
		return Part{stakes, t.Amount(c, majority.Amount{Units: units})}
	}
	p := Part{Stakes: stakes}
	for _, e := range stakes {
		if who, votes := t.Stake(e); who != graph.None {
			p.Sum = p.Sum.Add(votes)
		}
	}
	return p
}

// OutstandingShares returns the tally of shares by beneficiary, compared with all
// outstanding shares.
func OutstandingShares(g *graph.Graph) *Tally {
	return New(g, &g.Capital, g.Beneficiary, &g.ByBeneficiary, OutstandingVotes(g, &g.Capital, false), nil)
}

// Upstream returns c and the nodes that have something of c, directly or through others,
// in ascending order.
func (t *Tally) Upstream(ctx context.Context, c int32) ([]int32, error) {
	seen := map[int32]bool{c: true}
	line := []int32{c}
	for at := 0; at < len(line); at++ {
		if at&0xff == 0xff && ctx.Err() != nil {
			return nil, progress.Stopped(ctx, "crossholding")
		}
		for _, h := range t.Holdings(line[at]) {
			if !seen[h.Node] {
				seen[h.Node] = true
				line = append(line, h.Node)
			}
		}
	}
	slices.Sort(line)
	return line, nil
}

// Matrix returns the fractions that nodes have of companies, for products along chains.
func (t *Tally) Matrix(ctx context.Context) (*matrix.Matrix, error) {
	return MatrixOf(ctx, t.Graph.IDs.Len(), func(c int32) ([]Holding, ratio.Ratio) { return t.Holdings(c), t.Base(c) })
}

// MatrixOf returns the matrix of n columns. The function column returns the holdings in
// one company and their total. A company can have votes in itself if it directs the votes
// of others. MatrixOf leaves these out, because no chain needs them.
func MatrixOf(ctx context.Context, n int, column func(c int32) ([]Holding, ratio.Ratio)) (*matrix.Matrix, error) {
	m := &matrix.Matrix{ColStart: make([]int32, n+1), Total: make([]int64, n)}
	for c := range int32(n) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, progress.Stopped(ctx, "crossholding")
		}
		held, total := column(c)
		held = slices.DeleteFunc(held, func(h Holding) bool { return h.Node == c })
		if total.IsZero() {
			held = nil
		}
		m.ColStart[c+1] = m.ColStart[c] + int32(len(held))
		figures := make([]ratio.Ratio, len(held))
		for i, h := range held {
			figures[i] = h.Amount
		}
		units, whole, _ := graph.WholeUnits(figures, total)
		small := whole.IsInt64() && whole.Int64() <= matrix.MaxTotal
		for i, h := range held {
			m.Row = append(m.Row, h.Node)
			if small {
				m.Units = append(m.Units, units[i].Int64())
			} else {
				m.Units = append(m.Units, 0)
			}
		}
		if small {
			m.Total[c] = whole.Int64()
			continue
		}
		if m.Wide == nil {
			m.Wide = map[int32]*matrix.WideColumn{}
		}
		m.Wide[c] = &matrix.WideColumn{Total: whole, Units: units}
		m.Total[c] = 1 // any positive number: the solver reads the wide column
	}
	return m, nil
}
