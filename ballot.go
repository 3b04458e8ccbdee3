package crossholding

import (
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/ratio"
)

// ballot is one way of counting votes, ready for questions of control: the
// votes of every stake, who casts them and what they are counted against.
type ballot struct {
	engine *majority.Engine
	in     majority.Meetings
	g      *graph.Graph
	scale  []uint8               // of each company: decimals of one unit of its votes
	unit   map[int32]ratio.Ratio // of companies counted in big integers: one unit
}

// majorityRule is a threshold, as [fraction] checked it, for the engine.
func majorityRule(threshold ratio.Ratio, strict bool) majority.Rule {
	num, den, _ := threshold.Small()
	return majority.Rule{Num: num, Den: den, Strict: strict}
}

// presumption is a lower threshold that is enough for whoever has most.
func presumption(threshold ratio.Ratio) *majority.Presumption {
	num, den, _ := threshold.Small()
	return &majority.Presumption{Num: num, Den: den, Strict: true}
}

// ballotColumn is the votes at one company where they differ from the plain
// count.
type ballotColumn struct {
	who   []int32
	units []ratio.Ratio
	base  ratio.Ratio
}

// newBallot counts measure m by who, against base, but for the changed columns.
func newBallot(g *graph.Graph, m *graph.Weighting, who []int32, by *graph.Rows, base bases, changed map[int32]ballotColumn) *ballot {
	b := &ballot{g: g, scale: m.Scale}
	in := majority.Meetings{ColStart: g.Columns, Who: who, Units: m.Units, Base: base.counts, EntryCol: g.Issuer}
	if by != nil {
		in.RowStart, in.RowEntry = by.First, by.Stakes
	}
	for c, w := range m.Big {
		if _, ok := changed[c]; !ok {
			from, to := g.Column(c)
			b.big(&in, c, ballotColumn{who[from:to], w.Units, base.wide(g, c, w)})
		}
	}
	if len(changed) > 0 {
		in.Units, in.Base = slices.Clone(m.Units), slices.Clone(base.counts)
	}
	ownWho := false
	for c, col := range changed {
		from, to := g.Column(c)
		if !slices.Equal(col.who, who[from:to]) {
			if !ownWho {
				in.Who, in.RowStart, in.RowEntry, ownWho = slices.Clone(who), nil, nil, true
			}
			copy(in.Who[from:to], col.who)
		}
		if !b.small(&in, c, col) {
			b.big(&in, c, col)
		}
	}
	engine, err := majority.New(in)
	if err != nil {
		panic("crossholding: " + err.Error()) // the arrays are our own
	}
	b.engine, b.in = engine, in
	return b
}

// small stores a changed column in machine integers if its figures are whole
// units of the company's.
func (b *ballot) small(in *majority.Meetings, c int32, col ballotColumn) bool {
	unit := ratio.Int(graph.PowersOfTen[b.scale[c]])
	whole := func(r ratio.Ratio) (int64, bool) {
		n, den, ok := r.Mul(unit).Small()
		return n, ok && den == 1 && n < graph.MaxUnits
	}
	base, ok := whole(col.base)
	if !ok || b.g.Votes.Big[c] != nil {
		return false
	}
	from, _ := b.g.Column(c)
	for i, r := range col.units {
		u, ok := whole(r)
		if !ok {
			return false
		}
		in.Units[int(from)+i] = u
	}
	in.Base[c] = base
	return true
}

// big stores a column in big integers, in the largest unit that makes all of
// its figures whole.
func (b *ballot) big(in *majority.Meetings, c int32, col ballotColumn) {
	units, base, unit := graph.WholeUnits(col.units, col.base)
	if in.Wide == nil {
		in.Wide = map[int32]*majority.WideColumn{}
		b.unit = map[int32]ratio.Ratio{}
	}
	in.Wide[c] = &majority.WideColumn{Base: base, Units: units}
	b.unit[c] = unit
}

// figure returns a count of votes at c as a fraction.
func (b *ballot) figure(c int32, a majority.Amount) ratio.Ratio {
	if u, ok := b.unit[c]; ok {
		return ratio.FromRat(new(big.Rat).SetInt(a.Big())).Mul(u)
	}
	return ratio.Of(a.Units, graph.PowersOfTen[b.scale[c]])
}

// bases is what the votes of each company are counted against.
type bases struct {
	counts            []int64 // where counts are machine integers
	treasury, neutral bool    // whether these are in
}

// allVotes returns everything issued, treasury and neutral votes too.
func allVotes(m *graph.Weighting) bases { return bases{m.TotalUnits, true, true} }

// newBases returns what votes are counted against before law and contract:
// all that are outstanding, without neutral ones if they are not to count.
func newBases(g *graph.Graph, m *graph.Weighting, neutralOut bool) bases {
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
	return bases{counts: base, neutral: !neutralOut}
}

// wide returns the base of a company counted in fractions.
func (b bases) wide(g *graph.Graph, c int32, w *graph.BigColumn) ratio.Ratio {
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

// votes returns who casts stake e, and how many votes.
func (b *ballot) votes(e int32) (who int32, votes ratio.Ratio) {
	c := b.g.Issuer[e]
	if w := b.in.Wide[c]; w != nil {
		return b.in.Who[e], b.figure(c, majority.Amount{Wide: w.Units[e-b.g.Columns[c]]})
	}
	return b.in.Who[e], b.figure(c, majority.Amount{Units: b.in.Units[e]})
}
