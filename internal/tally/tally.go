package tally

import (
	"maps"
	"math/big"
	"runtime"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
	"github.com/crossholding/crossholding/ratio"
)

// Tally is one way of counting votes: the votes of every stake, who casts them and the
// total that they are compared with. It is immutable and safe for concurrent use.
type Tally struct {
	Engine   *majority.Engine
	meetings majority.Meetings
	Graph    *graph.Graph
	scale    []uint8               // of each company: decimals of one unit of its votes
	unit     map[int32]ratio.Ratio // of each company that is counted in big integers: one unit
}

// Rule returns the engine's form of a threshold. The threshold must be a fraction of two
// machine integers.
func Rule(threshold ratio.Ratio, strict bool) majority.Rule {
	num, den, _ := threshold.Small()
	return majority.Rule{Num: num, Den: den, Strict: strict}
}

// Presumption returns the engine's form of a lower threshold that is sufficient for the
// holder with the most votes.
func Presumption(threshold ratio.Ratio) *majority.Presumption {
	num, den, _ := threshold.Small()
	return &majority.Presumption{Num: num, Den: den, Strict: true}
}

// Column is the votes at one company, in place of those that the weighting gives.
type Column struct {
	Voter []int32
	Units []ratio.Ratio
	Base  ratio.Ratio
}

// New counts the stakes of weighting m by the nodes in who, against base. The columns in
// changed replace the votes at their companies. The argument by lists the stakes of each
// node in who; it may be nil.
func New(g *graph.Graph, m *graph.Weighting, who []int32, by *graph.Rows, base Denominators, changed map[int32]Column) *Tally {
	t := &Tally{Graph: g, scale: m.Scale}
	in := majority.Meetings{ColStart: g.Columns, Who: who, Units: m.Units, Base: base.counts, EntryCol: g.Issuer, Scratch: g.Scratch}
	if by != nil {
		in.RowStart, in.RowEntry = by.First, by.Stakes
	}
	for c, w := range m.Big {
		if _, ok := changed[c]; !ok {
			from, to := g.Column(c)
			t.big(&in, c, Column{who[from:to], w.Units, base.wide(g, c, w)})
		}
	}
	if len(changed) > 0 {
		if in.Units = memory.Clone(m.Units); !base.given {
			in.Base = memory.Clone(base.counts)
		}
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
		if !t.small(&in, c, col) {
			t.big(&in, c, col)
		}
	}
	engine, err := majority.New(in)
	if err != nil {
		panic("crossholding: " + err.Error()) // New made the arrays
	}
	t.Engine, t.meetings = engine, in
	return t
}

// fewColumns is the largest number of columns that With keeps in big integers beside the
// arrays of the first tally. More columns are written into copies of the arrays.
const fewColumns = 16

// With returns a tally with other votes at some companies. Where few companies change, and
// only the numbers of votes, it shares the arrays of t.
func (t *Tally) With(columns map[int32]Column) *Tally {
	if out := t.withFew(columns); out != nil {
		return out
	}
	out := &Tally{Graph: t.Graph, scale: t.scale, unit: maps.Clone(t.unit)}
	in := t.meetings
	in.Units, in.Base, in.Who, in.Wide = slices.Clone(in.Units), slices.Clone(in.Base), slices.Clone(in.Who), maps.Clone(in.Wide)
	for c, col := range columns {
		from, to := t.Graph.Column(c)
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
		panic("crossholding: " + err.Error()) // New made the arrays
	}
	out.Engine, out.meetings = engine, in
	return out
}

// withFew returns a tally that shares the arrays of t, or nil if too much changes.
func (t *Tally) withFew(columns map[int32]Column) *Tally {
	if len(columns) > fewColumns {
		return nil
	}
	out := &Tally{Graph: t.Graph, scale: t.scale, unit: maps.Clone(t.unit)}
	in := majority.Meetings{}
	for c, col := range columns {
		if from, to := t.Graph.Column(c); !slices.Equal(col.Voter, t.meetings.Who[from:to]) {
			return nil
		}
		out.big(&in, c, col)
	}
	engine, err := t.Engine.With(in.Wide)
	if err != nil {
		panic("crossholding: " + err.Error()) // the columns have the lengths of those in t
	}
	out.Engine, out.meetings = engine, t.meetings
	if out.meetings.Wide = maps.Clone(t.meetings.Wide); out.meetings.Wide == nil {
		out.meetings.Wide = in.Wide
	} else {
		maps.Copy(out.meetings.Wide, in.Wide)
	}
	return out
}

// small stores a column in machine integers. It returns false if the figures are not whole
// numbers of the company's unit, or too large.
func (t *Tally) small(in *majority.Meetings, c int32, col Column) bool {
	unit := ratio.Int(graph.PowersOfTen[t.scale[c]])
	whole := func(r ratio.Ratio) (int64, bool) {
		n, den, ok := r.Mul(unit).Small()
		return n, ok && den == 1 && n < graph.MaxUnits
	}
	base, ok := whole(col.Base)
	if !ok || t.Graph.Votes.Big[c] != nil {
		return false
	}
	from, _ := t.Graph.Column(c)
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

// big stores a column in big integers, in the largest unit for which all figures are
// whole.
func (t *Tally) big(in *majority.Meetings, c int32, col Column) {
	units, base, unit := graph.WholeUnits(col.Units, col.Base)
	if in.Wide == nil {
		in.Wide = map[int32]*majority.WideColumn{}
	}
	if t.unit == nil {
		t.unit = map[int32]ratio.Ratio{}
	}
	in.Wide[c] = &majority.WideColumn{Base: base, Units: units}
	t.unit[c] = unit
}

// Amount returns the engine's count of votes at c as a fraction.
func (t *Tally) Amount(c int32, a majority.Amount) ratio.Ratio {
	if u, ok := t.unit[c]; ok {
		return ratio.FromRat(new(big.Rat).SetInt(a.Big())).Mul(u)
	}
	return ratio.Of(a.Units, graph.PowersOfTen[t.scale[c]])
}

// Denominators is the total of each company with which its votes are compared.
type Denominators struct {
	counts            []int64 // of each company that is counted in machine integers
	treasury, neutral bool    // whether treasury and neutral votes are included
	given             bool    // nothing else uses counts
}

// AllVotes returns all issued votes as denominators, with treasury and neutral votes.
func AllVotes(m *graph.Weighting) Denominators { return Denominators{m.TotalUnits, true, true, false} }

// OutstandingVotes returns the outstanding votes as denominators, before law and
// contracts. Neutral votes are left out if neutralOut.
func OutstandingVotes(g *graph.Graph, m *graph.Weighting, neutralOut bool) Denominators {
	base := memory.Make[int64](len(m.TotalUnits))
	parallel.Parts(runtime.GOMAXPROCS(0), len(base), func(from, to int) {
		for c := from; c < to; c++ {
			base[c] = m.TotalUnits[c] - m.TreasuryUnits[c]
		}
	})
	if neutralOut && !graph.SameArray(g.Voter, g.Holder) {
		for e, who := range g.Voter {
			if who == graph.None {
				base[g.Issuer[e]] -= m.Units[e]
			}
		}
	}
	return Denominators{counts: base, neutral: !neutralOut}
}

// Given returns denominators of [OutstandingVotes] that nothing else uses, so that [New] need not
// copy them before it changes some.
func (b Denominators) Given() Denominators {
	b.given = true
	return b
}

// wide returns the denominator of a company whose figures are fractions.
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

// Stake returns who casts the votes of stake e, and how many they are.
func (t *Tally) Stake(e int32) (who int32, votes ratio.Ratio) {
	c := t.Graph.Issuer[e]
	if w := t.meetings.Wide[c]; w != nil {
		return t.meetings.Who[e], t.Amount(c, majority.Amount{Wide: w.Units[e-t.Graph.Columns[c]]})
	}
	return t.meetings.Who[e], t.Amount(c, majority.Amount{Units: t.meetings.Units[e]})
}
