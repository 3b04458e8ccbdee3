// Package graph holds companies and stakes as index arrays, and finds their
// strongly connected components.
//
// The same arrays serve three companies and four million stakes. The engines of
// ownership (internal/exact) and of control (internal/majority) borrow them.
package graph

import (
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Graph is companies, parties and stakes as index arrays. Nodes are the companies
// and parties in order of id; a node that issues no shares is an outside owner.
// Stakes are numbered by issuer, then holder, so that the stakes in company c are
// Columns[c] to Columns[c+1].
//
// Where no stake names a beneficiary or a voter, Beneficiary and Voter are the
// Holder array itself. Where every share counts alike, the three weightings share
// their arrays.
type Graph struct {
	IDs         []string
	Columns     []int32 // of each company: its first stake; one more than IDs
	Issuer      []int32 // of each stake
	Holder      []int32 // of each stake: in whose name it is
	Beneficiary []int32 // of each stake: whose money it is
	Voter       []int32 // of each stake: who casts its votes, or None for neutral votes
	Record      []int32 // of each stake: its place before the stakes were sorted, as in a book's ledger; may be nil

	Capital   Weighting // shares
	Dividends Weighting // shares by dividend weight
	Votes     Weighting // shares by votes per share

	ByBeneficiary Rows
	ByVoter       Rows // without neutral votes
}

// None is the voter of neutral votes.
const None = -1

// Rows lists stakes by who has them: the stakes of node i are
// Stakes[First[i]:First[i+1]].
type Rows struct {
	First, Stakes []int32
}

// Of returns the stakes of node i.
func (r Rows) Of(i int32) []int32 { return r.Stakes[r.First[i]:r.First[i+1]] }

// Weighting is one way of counting shares. Counts are whole units of a size
// chosen per company: figure × 10^Scale. A company whose counts do not fit in
// machine integers is held in fractions instead.
type Weighting struct {
	Units         []int64 // of each stake
	TotalUnits    []int64 // of each company: all that is issued, treasury too
	TreasuryUnits []int64 // of each company: its treasury's part of TotalUnits
	Scale         []uint8 // of each company: decimals of one unit
	Big           map[int32]*BigColumn
}

// BigColumn is the figures of one company as fractions.
type BigColumn struct {
	Units           []ratio.Ratio // of the company's stakes in their order
	Total, Treasury ratio.Ratio
}

// MaxUnits keeps sums and doubles of counts within 64 bits.
const MaxUnits = 1 << 61

// IssuesShares reports whether c is a company with shares, or with stakes in it.
func (g *Graph) IssuesShares(c int32) bool {
	return g.Capital.Issued(c).Sign() > 0 || g.Columns[c] < g.Columns[c+1]
}

// Column returns the first stake in c and the one after the last.
func (g *Graph) Column(c int32) (from, to int32) { return g.Columns[c], g.Columns[c+1] }

// Issued returns what c has issued, treasury too.
func (m *Weighting) Issued(c int32) ratio.Ratio {
	if w := m.Big[c]; w != nil {
		return w.Total
	}
	return ratio.Of(m.TotalUnits[c], PowersOfTen[m.Scale[c]])
}

// Treasury returns what c has of its own.
func (m *Weighting) Treasury(c int32) ratio.Ratio {
	if w := m.Big[c]; w != nil {
		return w.Treasury
	}
	return ratio.Of(m.TreasuryUnits[c], PowersOfTen[m.Scale[c]])
}

// Outstanding returns what c has issued and does not have itself.
func (m *Weighting) Outstanding(c int32) ratio.Ratio { return m.Issued(c).Sub(m.Treasury(c)) }

// Stake returns the figure of stake e in a weighting.
func (g *Graph) Stake(m *Weighting, e int32) ratio.Ratio {
	c := g.Issuer[e]
	if w := m.Big[c]; w != nil {
		return w.Units[e-g.Columns[c]]
	}
	return ratio.Of(m.Units[e], PowersOfTen[m.Scale[c]])
}

// Store keeps one company's figures, as machine integers if they all fit.
func (m *Weighting) Store(c, from int32, column []ratio.Ratio, total, own ratio.Ratio) {
	scale, fits := total.Decimals()
	for _, r := range append([]ratio.Ratio{own}, column...) {
		n, ends := r.Decimals()
		scale, fits = max(scale, n), fits && ends
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
		return
	}
	m.Scale[c] = uint8(scale)
	unit := ratio.Int(PowersOfTen[scale])
	m.TotalUnits[c], _, _ = total.Mul(unit).Small()
	m.TreasuryUnits[c], _, _ = own.Mul(unit).Small()
	for i, r := range column {
		m.Units[from+int32(i)], _, _ = r.Mul(unit).Small()
	}
}

// Integers returns a wide column in whole units, for arithmetic that wants
// integers.
func (w *BigColumn) Integers() (units []*big.Int, total, own *big.Int) {
	units, total, _ = WholeUnits(slices.Concat(w.Units, []ratio.Ratio{w.Treasury}), w.Total)
	last := len(units) - 1
	return units[:last], total, units[last]
}

// WholeUnits states figures and their total in the largest unit, of one part
// in a whole number, that makes all of them whole.
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

// SmallUnits is wholeUnits in machine integers, for figures from 0 to total,
// where these do.
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

// PowersOfTen are the sizes of units: 1 / 10^scale of a share or vote.
var PowersOfTen = [19]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
	1e14, 1e15, 1e16, 1e17, 1e18,
}

// timesUnits returns a times b, neither below 0, if that is no more than maxUnits.
func timesUnits(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo <= MaxUnits
}

// RowsOf sorts stake numbers by who has them, in order of stake.
func RowsOf(who []int32, n int) Rows {
	words := make([]int32, n+1+len(who))
	r := Rows{First: words[: n+1 : n+1], Stakes: words[n+1:]}
	for _, i := range who {
		if i != None {
			r.First[i+1]++
		}
	}
	for i := range n {
		r.First[i+1] += r.First[i]
	}
	next := slices.Clone(r.First[:n])
	for e, i := range who {
		if i != None {
			r.Stakes[next[i]] = int32(e)
			next[i]++
		}
	}
	r.Stakes = r.Stakes[:r.First[n]]
	return r
}

// SameArray reports whether a and b share their memory.
func SameArray(a, b []int32) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// Names returns the ids of nodes, sorted because nodes are.
func (g *Graph) Names(nodes []int32) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = g.IDs[n]
	}
	return out
}

// Float returns what nobody in the book holds of company c.
func (g *Graph) Float(m *Weighting, c int32) ratio.Ratio {
	from, to := g.Column(c)
	if w := m.Big[c]; w != nil {
		rest := w.Total.Sub(w.Treasury)
		for _, u := range w.Units {
			rest = rest.Sub(u)
		}
		return rest
	}
	rest := m.TotalUnits[c] - m.TreasuryUnits[c]
	for _, u := range m.Units[from:to] {
		rest -= u
	}
	return ratio.Of(rest, PowersOfTen[m.Scale[c]])
}

// SameWeighting reports whether two measures are one: every share counts alike.
func SameWeighting(a, b *Weighting) bool {
	return len(a.Units) > 0 && len(b.Units) > 0 && &a.Units[0] == &b.Units[0]
}
