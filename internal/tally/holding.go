package tally

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/ratio"
)

// Holding is what one party casts or has at one company, in the ballot's
// figures.
type Holding struct {
	Node   int32
	Float  bool // it is what the float of Node has; a tally has none
	Amount ratio.Ratio
}

// Base returns what holdings of c are counted against.
func (b *Tally) Base(c int32) ratio.Ratio {
	if w := b.In.Wide[c]; w != nil {
		return b.Amount(c, majority.Amount{Wide: w.Base})
	}
	return b.Amount(c, majority.Amount{Units: b.In.Base[c]})
}

// AnyHolding is Holding under any name, so that a package with a name of its own
// for it need not copy lists.
type AnyHolding interface {
	~struct {
		Node   int32
		Float  bool
		Amount ratio.Ratio
	}
}

// Holdings returns who has how much of c, one entry a party, by node. Neutral
// votes and holdings of nothing are left out.
func (b *Tally) Holdings(c int32) []Holding { return HoldingsOf[Holding](b, c) }

// HoldingsOf is [Tally.Holdings] under the caller's name for a holding.
func HoldingsOf[H AnyHolding](b *Tally, c int32) []H {
	from, to := b.Graph.Column(c)
	out := make([]H, 0, to-from)
	for e := from; e < to; e++ {
		if who, figure := b.Stake(e); who != graph.None && !figure.IsZero() {
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

// Shares returns holdings as fractions of the base; none where the base is 0.
func (b *Tally) Shares(c int32) []Holding { return SharesOf[Holding](b, c) }

// SharesOf is [Tally.Shares] under the caller's name for a holding.
func SharesOf[H AnyHolding](b *Tally, c int32) []H {
	base := b.Base(c)
	if base.IsZero() {
		return nil
	}
	out := HoldingsOf[H](b, c)
	for i, h := range out {
		out[i] = H(Holding{Node: Holding(h).Node, Amount: Holding(h).Amount.Div(base)})
	}
	return out
}

// Issuers returns the companies of which any of the given nodes has something,
// ascending.
func (b *Tally) Issuers(who ...int32) []int32 {
	var out []int32
	if b.In.RowStart != nil {
		for _, x := range who {
			for _, e := range b.In.RowEntry[b.In.RowStart[x]:b.In.RowStart[x+1]] {
				out = append(out, b.Graph.Issuer[e])
			}
		}
	} else {
		in := make([]bool, len(b.Graph.IDs))
		for _, x := range who {
			in[x] = true
		}
		for e, x := range b.In.Who {
			if x != graph.None && in[x] {
				out = append(out, b.Graph.Issuer[e])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// OutstandingShares is the ballot of shares by whose money they are, against
// those that are outstanding.
func OutstandingShares(g *graph.Graph) *Tally {
	return New(g, &g.Capital, g.Beneficiary, &g.ByBeneficiary, OutstandingVotes(g, &g.Capital, false), nil)
}

// Upstream returns the nodes from which something of c is held, directly or
// not, c among them, ascending.
func (b *Tally) Upstream(ctx context.Context, c int32) ([]int32, error) {
	seen := map[int32]bool{c: true}
	line := []int32{c}
	for at := 0; at < len(line); at++ {
		if at&0xff == 0xff && ctx.Err() != nil {
			return nil, fmt.Errorf("crossholding: %w", context.Cause(ctx))
		}
		for _, h := range b.Holdings(line[at]) {
			if !seen[h.Node] {
				seen[h.Node] = true
				line = append(line, h.Node)
			}
		}
	}
	slices.Sort(line)
	return line, nil
}

// Matrix states the ballot's fractions as who has how much of whom, for
// products along chains.
func (b *Tally) Matrix(ctx context.Context) (*exact.Matrix, error) {
	return MatrixOf(ctx, len(b.Graph.IDs), func(c int32) ([]Holding, ratio.Ratio) { return b.Holdings(c), b.Base(c) })
}

// MatrixOf makes a matrix of n columns. What a company has of itself, as the
// one that directs others' votes, is left out: it leads nowhere.
func MatrixOf(ctx context.Context, n int, column func(c int32) ([]Holding, ratio.Ratio)) (*exact.Matrix, error) {
	m := &exact.Matrix{ColStart: make([]int32, n+1), Total: make([]int64, n)}
	for c := range int32(n) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("crossholding: %w", context.Cause(ctx))
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
		small := whole.IsInt64() && whole.Int64() <= exact.MaxTotal
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
			m.Wide = map[int32]*exact.WideColumn{}
		}
		m.Wide[c] = &exact.WideColumn{Total: whole, Units: units}
		m.Total[c] = 1 // any number above 0: the wide column counts
	}
	return m, nil
}
