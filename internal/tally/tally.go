package tally

import (
	"maps"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/ratio"
)

// Tally is one way of counting votes, ready for questions of control: the
// votes of every stake, who casts them and what they are counted against.
type Tally struct {
	Engine *majority.Engine
	In     majority.Meetings
	Graph  *graph.Graph
	scale  []uint8               // of each company: decimals of one unit of its votes
	unit   map[int32]ratio.Ratio // of companies counted in big integers: one unit
}

// Rule is a threshold, as [fraction] checked it, for the engine.
func Rule(threshold ratio.Ratio, strict bool) majority.Rule {
	num, den, _ := threshold.Small()
	return majority.Rule{Num: num, Den: den, Strict: strict}
}

// Presumption is a lower threshold that is enough for whoever has most.
func Presumption(threshold ratio.Ratio) *majority.Presumption {
	num, den, _ := threshold.Small()
	return &majority.Presumption{Num: num, Den: den, Strict: true}
}

// Column is the votes at one company where they differ from the plain
// count.
type Column struct {
	Voter []int32
	Units []ratio.Ratio
	Base  ratio.Ratio
}

// New counts measure m by who, against base, but for the changed columns.
func New(g *graph.Graph, m *graph.Weighting, who []int32, by *graph.Rows, base Denominators, changed map[int32]Column) *Tally {
	b := &Tally{Graph: g, scale: m.Scale}
	in := majority.Meetings{ColStart: g.Columns, Who: who, Units: m.Units, Base: base.counts, EntryCol: g.Issuer}
	if by != nil {
		in.RowStart, in.RowEntry = by.First, by.Stakes
	}
	for c, w := range m.Big {
		if _, ok := changed[c]; !ok {
			from, to := g.Column(c)
			b.big(&in, c, Column{who[from:to], w.Units, base.wide(g, c, w)})
		}
	}
	if len(changed) > 0 {
		in.Units, in.Base = slices.Clone(m.Units), slices.Clone(base.counts)
	}
	ownWho := false
	for c, col := range changed {
		from, to := g.Column(c)
		if !slices.Equal(col.Voter, who[from:to]) {
			if !ownWho {
				in.Who, in.RowStart, in.RowEntry, ownWho = slices.Clone(who), nil, nil, true
			}
			copy(in.Who[from:to], col.Voter)
		}
		if !b.small(&in, c, col) {
			b.big(&in, c, col)
		}
	}
	engine, err := majority.New(in)
	if err != nil {
		panic("crossholding: " + err.Error()) // the arrays are our own
	}
	b.Engine, b.In = engine, in
	return b
}

// With returns a tally in which the votes at some companies are others.
func (b *Tally) With(columns map[int32]Column) *Tally {
	out := &Tally{Graph: b.Graph, scale: b.scale, unit: maps.Clone(b.unit)}
	in := b.In
	in.Units, in.Base, in.Who, in.Wide = slices.Clone(in.Units), slices.Clone(in.Base), slices.Clone(in.Who), maps.Clone(in.Wide)
	for c, col := range columns {
		from, to := b.Graph.Column(c)
		if !slices.Equal(col.Voter, in.Who[from:to]) {
			in.RowStart, in.RowEntry = nil, nil
			copy(in.Who[from:to], col.Voter)
		}
		delete(in.Wide, c)
		delete(out.unit, c)
		if !out.small(&in, c, col) {
			out.big(&in, c, col)
		}
	}
	engine, err := majority.New(in)
	if err != nil {
		panic("crossholding: " + err.Error()) // the arrays are our own
	}
	out.Engine, out.In = engine, in
	return out
}

// small stores a changed column in machine integers if its figures are whole
// units of the company's.
func (b *Tally) small(in *majority.Meetings, c int32, col Column) bool {
	unit := ratio.Int(graph.PowersOfTen[b.scale[c]])
	whole := func(r ratio.Ratio) (int64, bool) {
		n, den, ok := r.Mul(unit).Small()
		return n, ok && den == 1 && n < graph.MaxUnits
	}
	base, ok := whole(col.Base)
	if !ok || b.Graph.Votes.Big[c] != nil {
		return false
	}
	from, _ := b.Graph.Column(c)
	sum := int64(0)
	for i, r := range col.Units {
		u, ok := whole(r)
		if sum += u; !ok || sum >= graph.MaxUnits {
			return false
		}
		in.Units[int(from)+i] = u
	}
	in.Base[c] = base
	return true
}

// big stores a column in big integers, in the largest unit that makes all of
// its figures whole.
func (b *Tally) big(in *majority.Meetings, c int32, col Column) {
	units, base, unit := graph.WholeUnits(col.Units, col.Base)
	if in.Wide == nil {
		in.Wide = map[int32]*majority.WideColumn{}
		b.unit = map[int32]ratio.Ratio{}
	}
	in.Wide[c] = &majority.WideColumn{Base: base, Units: units}
	b.unit[c] = unit
}

// Amount returns a count of votes at c as a fraction.
func (b *Tally) Amount(c int32, a majority.Amount) ratio.Ratio {
	if u, ok := b.unit[c]; ok {
		return ratio.FromRat(new(big.Rat).SetInt(a.Big())).Mul(u)
	}
	return ratio.Of(a.Units, graph.PowersOfTen[b.scale[c]])
}

// Denominators is what the votes of each company are counted against.
type Denominators struct {
	counts            []int64 // where counts are machine integers
	treasury, neutral bool    // whether these are in
}

// AllVotes returns everything issued, treasury and neutral votes too.
func AllVotes(m *graph.Weighting) Denominators { return Denominators{m.TotalUnits, true, true} }

// OutstandingVotes returns what votes are counted against before law and contract:
// all that are outstanding, without neutral ones if they are not to count.
func OutstandingVotes(g *graph.Graph, m *graph.Weighting, neutralOut bool) Denominators {
	base := make([]int64, len(m.TotalUnits))
	for c := range base {
		base[c] = m.TotalUnits[c] - m.TreasuryUnits[c]
	}
	if neutralOut && !graph.SameArray(g.Voter, g.Holder) {
		for e, who := range g.Voter {
			if who == graph.None {
				base[g.Issuer[e]] -= m.Units[e]
			}
		}
	}
	return Denominators{counts: base, neutral: !neutralOut}
}

// wide returns the base of a company counted in fractions.
func (b Denominators) wide(g *graph.Graph, c int32, w *graph.BigColumn) ratio.Ratio {
	base := w.Total
	if !b.treasury {
		base = base.Sub(w.Treasury)
	}
	if !b.neutral {
		from, to := g.Column(c)
		for i, who := range g.Voter[from:to] {
			if who == graph.None {
				base = base.Sub(w.Units[i])
			}
		}
	}
	return base
}

// Stake returns who casts stake e, and how many votes.
func (b *Tally) Stake(e int32) (who int32, votes ratio.Ratio) {
	c := b.Graph.Issuer[e]
	if w := b.In.Wide[c]; w != nil {
		return b.In.Who[e], b.Amount(c, majority.Amount{Wide: w.Units[e-b.Graph.Columns[c]]})
	}
	return b.In.Who[e], b.Amount(c, majority.Amount{Units: b.In.Units[e]})
}

// Equal reports whether c counts the same stakes of the same graph as b does.
func (b *Tally) Equal(c *Tally) bool {
	if b.Graph != c.Graph || !slices.Equal(b.In.Who, c.In.Who) {
		return false
	}
	for y := range int32(len(b.Graph.IDs)) {
		from, to := b.Graph.Column(y)
		if b.scale[y] == c.scale[y] && b.In.Wide[y] == nil && c.In.Wide[y] == nil {
			if b.In.Base[y] != c.In.Base[y] || !slices.Equal(b.In.Units[from:to], c.In.Units[from:to]) {
				return false
			}
			continue
		}
		if !b.Base(y).Equal(c.Base(y)) {
			return false
		}
		for e := from; e < to; e++ {
			_, have := b.Stake(e)
			if _, other := c.Stake(e); !have.Equal(other) {
				return false
			}
		}
	}
	return true
}
