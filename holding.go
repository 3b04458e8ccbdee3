package crossholding

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/ratio"
)

// holding is what one party casts or has at one company, in the ballot's
// figures.
type holding struct {
	who    int32
	figure ratio.Ratio
}

// base returns what holdings of c are counted against.
func (b *ballot) base(c int32) ratio.Ratio {
	if w := b.in.Wide[c]; w != nil {
		return b.figure(c, majority.Amount{Wide: w.Base})
	}
	return b.figure(c, majority.Amount{Units: b.in.Base[c]})
}

// holdings returns who has how much of c, one entry a party, by node. Neutral
// votes and holdings of nothing are left out.
func (b *ballot) holdings(c int32) []holding {
	from, to := b.g.Column(c)
	out := make([]holding, 0, to-from)
	for e := from; e < to; e++ {
		if who, figure := b.votes(e); who != graph.None && !figure.IsZero() {
			out = append(out, holding{who, figure})
		}
	}
	slices.SortStableFunc(out, func(x, y holding) int { return int(x.who) - int(y.who) })
	kept := out[:0]
	for _, h := range out {
		if n := len(kept); n > 0 && kept[n-1].who == h.who {
			kept[n-1].figure = kept[n-1].figure.Add(h.figure)
			continue
		}
		kept = append(kept, h)
	}
	return kept
}

// shares returns holdings as fractions of the base; none where the base is 0.
func (b *ballot) shares(c int32) []holding {
	base := b.base(c)
	if base.IsZero() {
		return nil
	}
	out := b.holdings(c)
	for i := range out {
		out[i].figure = out[i].figure.Div(base)
	}
	return out
}

// issuers returns the companies of which any of the given nodes has something,
// ascending.
func (b *ballot) issuers(who ...int32) []int32 {
	var out []int32
	if b.in.RowStart != nil {
		for _, x := range who {
			for _, e := range b.in.RowEntry[b.in.RowStart[x]:b.in.RowStart[x+1]] {
				out = append(out, b.g.Issuer[e])
			}
		}
	} else {
		in := make([]bool, len(b.g.IDs))
		for _, x := range who {
			in[x] = true
		}
		for e, x := range b.in.Who {
			if x != graph.None && in[x] {
				out = append(out, b.g.Issuer[e])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// outstandingShares is the ballot of shares by whose money they are, against
// those that are outstanding.
func outstandingShares(g *graph.Graph) *ballot {
	return newBallot(g, &g.Capital, g.Beneficiary, &g.ByBeneficiary, newBases(g, &g.Capital, false), nil)
}

// basis is the ballot that an option names: votes that can move a result by
// default, or exercisable or theoretical ones, or shares outstanding by whose
// money they are.
func (a *Alliance) basis(ctx context.Context, b VoteBase, voting VotingOptions) (*ballot, error) {
	switch b {
	case Capital:
		return outstandingShares(&a.graph), nil
	case "", Exercisable, Theoretical:
		if voting.Context == nil {
			voting.Context = ctx
		}
		v, err := a.Votes(voting)
		if err != nil {
			return nil, err
		}
		return v.ballot(b), nil
	}
	return nil, unknown("basis", string(b))
}

// upstream returns the nodes from which something of c is held, directly or
// not, c among them, ascending.
func (b *ballot) upstream(ctx context.Context, c int32) ([]int32, error) {
	seen := map[int32]bool{c: true}
	line := []int32{c}
	for at := 0; at < len(line); at++ {
		if at&0xff == 0xff && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		for _, h := range b.holdings(line[at]) {
			if !seen[h.who] {
				seen[h.who] = true
				line = append(line, h.who)
			}
		}
	}
	slices.Sort(line)
	return line, nil
}

// downstream is upstream in another order: who holds comes before what is held,
// but for rings.
func (b *ballot) downstream(ctx context.Context, c int32) ([]int32, error) {
	type visit struct {
		node int32
		left []holding
	}
	seen := map[int32]bool{c: true}
	var line []int32
	path := []visit{{c, b.holdings(c)}}
	for len(path) > 0 {
		at := &path[len(path)-1]
		if len(at.left) == 0 {
			if line = append(line, at.node); len(line)&0xff == 0 && ctx.Err() != nil {
				return nil, stopped(ctx)
			}
			path = path[:len(path)-1]
			continue
		}
		next := at.left[0].who
		at.left = at.left[1:]
		if !seen[next] {
			seen[next] = true
			path = append(path, visit{next, b.holdings(next)})
		}
	}
	return line, nil
}

// matrix states the ballot's fractions as who has how much of whom, for
// products along chains.
func (b *ballot) matrix(ctx context.Context) (*exact.Matrix, error) {
	return newMatrix(ctx, len(b.g.IDs), func(c int32) ([]holding, ratio.Ratio) { return b.holdings(c), b.base(c) })
}

// newMatrix makes a matrix of n columns. What a company has of itself, as the
// one that directs others' votes, is left out: it leads nowhere.
func newMatrix(ctx context.Context, n int, column func(c int32) ([]holding, ratio.Ratio)) (*exact.Matrix, error) {
	m := &exact.Matrix{ColStart: make([]int32, n+1), Total: make([]int64, n)}
	for c := range int32(n) {
		if c&0xff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		held, total := column(c)
		held = slices.DeleteFunc(held, func(h holding) bool { return h.who == c })
		if total.IsZero() {
			held = nil
		}
		m.ColStart[c+1] = m.ColStart[c] + int32(len(held))
		figures := make([]ratio.Ratio, len(held))
		for i, h := range held {
			figures[i] = h.figure
		}
		units, whole, _ := graph.WholeUnits(figures, total)
		small := whole.IsInt64() && whole.Int64() <= exact.MaxTotal
		for i, h := range held {
			m.Row = append(m.Row, h.who)
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

// party returns the index of someone who can act: not a float.
func (a *Alliance) party(id string) (int32, error) {
	i, float, err := a.holder(id)
	if err == nil && float {
		err = fmt.Errorf("crossholding: %q is dispersed and acts as nobody: %w", id, ErrRange)
	}
	return i, err
}

// dispersed reports whether a node is many holders who act apart: a party of
// [KindPublic]. Floats are dispersed too but are no nodes.
func (a *Alliance) dispersed(i int32) bool {
	if a.register != nil || i == graph.None {
		return false
	}
	p := a.ledger.party(a.graph.IDs[i])
	return p != nil && p.Kind == KindPublic
}
