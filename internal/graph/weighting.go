package graph

import (
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Weighting is one way of counting shares. Counts are whole numbers of a unit, and each
// company has its own unit: a count is the figure × 10^Scale. If a company's counts do not
// fit in machine integers, its figures are fractions in Big, and its counts and its Scale are 0.
type Weighting struct {
	Units         []int64 // of each stake
	TotalUnits    []int64 // of each company: all issued shares, with its treasury
	TreasuryUnits []int64 // of each company: the treasury in TotalUnits
	Scale         []uint8 // of each company: decimals of one unit
	Big           map[int32]*BigColumn
}

// BigColumn holds the figures of one company as fractions.
type BigColumn struct {
	Units           []ratio.Ratio // of the company's stakes, in their order
	Total, Treasury ratio.Ratio
}

// MaxUnits is above every count, so that sums and doubles of counts fit in 64 bits.
const MaxUnits = 1 << 61

// Issued returns the figure of all shares that c has issued, with its treasury.
func (m *Weighting) Issued(c int32) ratio.Ratio {
	if w := m.Big[c]; w != nil {
		return w.Total
	}
	return ratio.Of(m.TotalUnits[c], PowersOfTen[m.Scale[c]])
}

// Treasury returns the figure of the shares that c holds itself.
func (m *Weighting) Treasury(c int32) ratio.Ratio {
	if w := m.Big[c]; w != nil {
		return w.Treasury
	}
	return ratio.Of(m.TreasuryUnits[c], PowersOfTen[m.Scale[c]])
}

// AnyIssued reports whether [Weighting.Issued] is above 0.
func (m *Weighting) AnyIssued(c int32) bool {
	if len(m.Big) == 0 {
		return m.TotalUnits[c] > 0
	}
	return m.Issued(c).Sign() > 0
}

// Outstanding returns the figure of the shares that c has issued and does not hold itself.
func (m *Weighting) Outstanding(c int32) ratio.Ratio { return m.Issued(c).Sub(m.Treasury(c)) }

// AnyOutstanding reports whether [Weighting.Outstanding] is above 0.
func (m *Weighting) AnyOutstanding(c int32) bool {
	if len(m.Big) == 0 {
		return m.TotalUnits[c] > m.TreasuryUnits[c]
	}
	return m.Outstanding(c).Sign() > 0
}

// Stake returns the figure of stake e in a weighting.
func (g *Graph) Stake(m *Weighting, e int32) ratio.Ratio {
	c := g.Issuer[e]
	if w := m.Big[c]; w != nil {
		return w.Units[e-g.Columns[c]]
	}
	return ratio.Of(m.Units[e], PowersOfTen[m.Scale[c]])
}

// Float returns the figure of the outstanding shares of c that nobody in the book holds.
func (g *Graph) Float(m *Weighting, c int32) ratio.Ratio {
	from, to := g.Column(c)
	if w := m.Big[c]; w != nil {
		rest := w.Total.Sub(w.Treasury)
		for _, u := range w.Units {
			rest = rest.Sub(u)
		}
		return rest
	}
	return ratio.Of(m.floatUnits(c, from, to), PowersOfTen[m.Scale[c]])
}

// floatUnits returns the float of a company that is not big, in its units.
func (m *Weighting) floatUnits(c, from, to int32) int64 {
	rest := m.TotalUnits[c] - m.TreasuryUnits[c]
	for _, u := range m.Units[from:to] {
		rest -= u
	}
	return rest
}

// HasFloat reports whether nobody in the book holds some outstanding shares of c.
func (g *Graph) HasFloat(m *Weighting, c int32) bool {
	if m.Big[c] != nil {
		return g.Float(m, c).Sign() > 0
	}
	from, to := g.Column(c)
	return m.floatUnits(c, from, to) > 0
}

// Store sets the figures of company c, whose first stake is from. They are stored as
// machine integers if all of them fit. The argument own is the treasury's part of total.
func (m *Weighting) Store(c, from int32, column []ratio.Ratio, total, own ratio.Ratio) {
	scale, fits := total.Decimals()
	widen := func(r ratio.Ratio) {
		n, ends := r.Decimals()
		scale, fits = max(scale, n), fits && ends
	}
	widen(own)
	for _, r := range column {
		widen(r)
	}
	if !fits || scale >= len(PowersOfTen) {
		fits = false
	} else if n, _, ok := total.Mul(ratio.Int(PowersOfTen[scale])).Small(); !ok || n >= MaxUnits {
		fits = false
	}
	if !fits {
		if m.Big == nil {
			m.Big = map[int32]*BigColumn{}
		}
		m.Big[c] = &BigColumn{slices.Clone(column), total, own}
		m.TotalUnits[c], m.TreasuryUnits[c], m.Scale[c] = 0, 0, 0
		clear(m.Units[from : int(from)+len(column)])
		return
	}
	delete(m.Big, c)
	m.Scale[c] = uint8(scale)
	unit := ratio.Int(PowersOfTen[scale])
	m.TotalUnits[c], _, _ = total.Mul(unit).Small()
	m.TreasuryUnits[c], _, _ = own.Mul(unit).Small()
	for i, r := range column {
		m.Units[from+int32(i)], _, _ = r.Mul(unit).Small()
	}
}

// Integers returns the figures as whole numbers of one unit.
func (w *BigColumn) Integers() (units []*big.Int, total, own *big.Int) {
	units, total, _ = WholeUnits(slices.Concat(w.Units, []ratio.Ratio{w.Treasury}), w.Total)
	last := len(units) - 1
	return units[:last], total, units[last]
}

// WholeUnits returns figures and their total as whole numbers of one unit. The unit is the
// largest fraction 1/n for which all of them are whole.
func WholeUnits(figures []ratio.Ratio, total ratio.Ratio) (units []*big.Int, all *big.Int, unit ratio.Ratio) {
	den := total.Denom()
	for _, r := range figures {
		d := r.Denom()
		g := new(big.Int).GCD(nil, nil, den, d)
		den.Mul(den, g.Quo(d, g))
	}
	parts := ratio.FromRat(new(big.Rat).SetInt(den))
	whole := func(r ratio.Ratio) *big.Int { return r.Mul(parts).Num() }
	units = make([]*big.Int, len(figures))
	for i, r := range figures {
		units[i] = whole(r)
	}
	return units, whole(total), ratio.Int(1).Div(parts)
}

// SmallUnits is like [WholeUnits], with results in machine integers. The figures must lie
// between 0 and total. It returns false if a result does not fit.
func SmallUnits(figures []ratio.Ratio, total ratio.Ratio) (units []int64, all int64, ok bool) {
	den := int64(1)
	widen := func(r ratio.Ratio) bool {
		_, d, ok := r.Small()
		if ok {
			den, ok = timesUnits(den, d/commonDivisor(den, d))
		}
		return ok
	}
	if !widen(total) {
		return nil, 0, false
	}
	for _, r := range figures {
		if !widen(r) {
			return nil, 0, false
		}
	}
	n, d, _ := total.Small()
	if all, ok = timesUnits(n, den/d); !ok {
		return nil, 0, false
	}
	units = make([]int64, len(figures))
	for i, r := range figures {
		n, d, _ := r.Small()
		units[i] = n * (den / d) // at most all
	}
	return units, all, true
}

// commonDivisor returns the greatest common divisor of a and b.
func commonDivisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// PowersOfTen[scale] is the number of units in one share or vote: 10^scale.
var PowersOfTen = [19]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
	1e14, 1e15, 1e16, 1e17, 1e18,
}

// timesUnits returns a times b, which must not be negative. It returns false if the
// product is above MaxUnits.
func timesUnits(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo <= MaxUnits
}

// SameWeighting reports whether a and b share their arrays: every share then counts alike
// in both. It returns false if there are no stakes.
func SameWeighting(a, b *Weighting) bool {
	return len(a.Units) > 0 && len(b.Units) > 0 && &a.Units[0] == &b.Units[0]
}

// SameFigures reports whether two graphs with the same stakes have the same votes and shares in
// company c. It returns false if they are fractions that do not fit in machine integers.
func (g *Graph) SameFigures(h *Graph, c int32) bool {
	from, to := g.Column(c)
	return g.Votes.sameColumn(&h.Votes, c, from, to) && g.Capital.sameColumn(&h.Capital, c, from, to)
}

// sameColumn reports whether two weightings have the same counts of company c, whose stakes are
// those from one to before another.
func (m *Weighting) sameColumn(w *Weighting, c, from, to int32) bool {
	if len(m.Big)+len(w.Big) > 0 && (m.Big[c] != nil || w.Big[c] != nil) {
		return false
	}
	return m.TotalUnits[c] == w.TotalUnits[c] && m.TreasuryUnits[c] == w.TreasuryUnits[c] && m.Scale[c] == w.Scale[c] &&
		slices.Equal(m.Units[from:to], w.Units[from:to])
}
