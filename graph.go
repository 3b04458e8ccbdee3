package crossholding

import (
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// graph is the alliance as index arrays. Nodes are the companies and parties
// in order of id; a node without shares of its own is an outside owner. Stakes
// are numbered by issuer, then holder, so that a company's stakes lie together
// in columns[c]:columns[c+1].
//
// The same arrays serve three companies and four million stakes: where no
// stake names a beneficiary or a voter, owner and caster are the holder array
// itself, and where every share is plain, the three measures are one.
type graph struct {
	ids     []string
	columns []int32 // first stake of each company; one more than ids
	issuer  []int32 // of each stake
	holder  []int32 // in whose name
	owner   []int32 // whose money
	caster  []int32 // who votes, or nobody for neutral votes
	record  []int32 // of each stake: its place in the ledger

	capital   measure // shares
	dividends measure // shares by dividend weight
	votes     measure // shares by votes per share

	byOwner  rows // stakes by owner
	byCaster rows // stakes by caster, neutral ones left out
}

// nobody is the caster of neutral votes.
const nobody = -1

// rows lists stakes by who has them: those of node i are
// stakes[first[i]:first[i+1]].
type rows struct {
	first, stakes []int32
}

func (r rows) of(i int32) []int32 { return r.stakes[r.first[i]:r.first[i+1]] }

// measure is one way of counting shares. Counts are whole units of a size
// chosen per company: figure × 10^scale. A company whose counts do not fit
// is held in fractions instead.
type measure struct {
	units []int64 // of each stake
	total []int64 // of each company: all that is issued, treasury too
	own   []int64 // of each company: its treasury's part of total
	scale []uint8 // of each company: decimals of one unit
	wide  map[int32]*wideColumn
}

type wideColumn struct {
	units      []ratio.Ratio // of the company's stakes in their order
	total, own ratio.Ratio
}

// maxUnits keeps sums and doubles of counts within 64 bits.
const maxUnits = 1 << 61

func (g *graph) issuesShares(c int32) bool {
	return g.capital.issued(c).Sign() > 0 || g.columns[c] < g.columns[c+1]
}

func (g *graph) column(c int32) (from, to int32) { return g.columns[c], g.columns[c+1] }

func (m *measure) issued(c int32) ratio.Ratio {
	if w := m.wide[c]; w != nil {
		return w.total
	}
	return ratio.Of(m.total[c], powersOfTen[m.scale[c]])
}

func (m *measure) treasury(c int32) ratio.Ratio {
	if w := m.wide[c]; w != nil {
		return w.own
	}
	return ratio.Of(m.own[c], powersOfTen[m.scale[c]])
}

func (m *measure) outstanding(c int32) ratio.Ratio { return m.issued(c).Sub(m.treasury(c)) }

// stake returns the figure of stake e.
func (g *graph) stake(m *measure, e int32) ratio.Ratio {
	c := g.issuer[e]
	if w := m.wide[c]; w != nil {
		return w.units[e-g.columns[c]]
	}
	return ratio.Of(m.units[e], powersOfTen[m.scale[c]])
}

// index turns a checked ledger into an alliance.
func index(l *ledger) *Alliance {
	a := &Alliance{ledger: l}
	g := &a.graph
	g.ids = make([]string, 0, len(l.companies)+len(l.parties))
	for i := range l.companies {
		g.ids = append(g.ids, l.companies[i].ID)
	}
	for i := range l.parties {
		g.ids = append(g.ids, l.parties[i].ID)
	}
	slices.Sort(g.ids)
	node := make(map[string]int32, len(g.ids))
	for i, id := range g.ids {
		node[id] = int32(i)
	}
	g.placeStakes(l, node)
	g.weigh(l, node)
	g.byOwner = byWhom(g.owner, len(g.ids))
	if sameArray(g.owner, g.caster) {
		g.byCaster = g.byOwner
	} else {
		g.byCaster = byWhom(g.caster, len(g.ids))
	}
	return a
}

// placeStakes numbers the stakes by issuer; the ledger has them by holder.
func (g *graph) placeStakes(l *ledger, node map[string]int32) {
	n, m := len(g.ids), len(l.stakes)
	words := make([]int32, n+1+3*m)
	g.columns, words = words[:n+1:n+1], words[n+1:]
	g.issuer, words = words[:m:m], words[m:]
	g.holder, g.record = words[:m:m], words[m:]
	plainOwner, plainCaster := true, true
	for i := range l.stakes {
		s := &l.stakes[i]
		g.columns[node[s.issuer]+1]++
		plainOwner = plainOwner && s.beneficiary == ""
		plainCaster = plainCaster && s.voter == ""
	}
	for c := range n {
		g.columns[c+1] += g.columns[c]
	}
	next := slices.Clone(g.columns[:n])
	for i := range l.stakes {
		c := node[l.stakes[i].issuer]
		e := next[c]
		next[c]++
		g.issuer[e], g.holder[e], g.record[e] = c, node[l.stakes[i].holder], int32(i)
	}
	g.owner, g.caster = g.holder, g.holder
	if !plainOwner {
		g.owner = slices.Clone(g.holder)
	}
	if !plainCaster {
		g.caster = slices.Clone(g.holder)
	}
	for e, i := range g.record {
		s := &l.stakes[i]
		if s.beneficiary != "" {
			g.owner[e] = node[s.beneficiary]
		}
		switch s.voter {
		case "":
		case Neutral:
			g.caster[e] = nobody
		default:
			g.caster[e] = node[s.voter]
		}
	}
}

// weigh fills the three measures, sharing one where they do not differ.
func (g *graph) weigh(l *ledger, node map[string]int32) {
	plainVotes, plainDividends := true, true
	one := ratio.Int(1)
	for i := range l.companies {
		for _, k := range l.companies[i].classes {
			plainVotes = plainVotes && k.votes.Equal(one)
			plainDividends = plainDividends && k.dividend.Equal(one)
		}
	}
	for i := range l.stakes {
		plainVotes = plainVotes && l.stakes[i].votesText == ""
	}
	g.capital = g.measure(l, node, func(*classRec) ratio.Ratio { return one }, nil)
	g.dividends, g.votes = g.capital, g.capital
	if !plainDividends {
		g.dividends = g.measure(l, node, func(k *classRec) ratio.Ratio { return k.dividend }, nil)
	}
	if !plainVotes {
		g.votes = g.measure(l, node, func(k *classRec) ratio.Ratio { return k.votes }, func(s *stakeRec) (ratio.Ratio, bool) {
			return s.votes, s.votesText != "" && date.Within(l.asOf, s.since, "")
		})
	}
}

// measure counts every stake by its class's weight, or the stake's own.
func (g *graph) measure(l *ledger, node map[string]int32, weight func(*classRec) ratio.Ratio, own func(*stakeRec) (ratio.Ratio, bool)) measure {
	n := len(g.ids)
	words := make([]int64, 2*n+len(g.issuer))
	m := measure{total: words[:n:n], own: words[n : 2*n : 2*n], units: words[2*n:], scale: make([]uint8, n)}
	var column []ratio.Ratio
	for i := range l.companies {
		rec := &l.companies[i]
		if len(rec.classes) == 0 {
			continue
		}
		c := node[rec.ID]
		var total, treasury ratio.Ratio
		for j := range rec.classes {
			k := &rec.classes[j]
			total = total.Add(k.issued.Mul(weight(k)))
			treasury = treasury.Add(k.treasury.Mul(weight(k)))
		}
		from, to := g.column(c)
		column = column[:0]
		for e := from; e < to; e++ {
			s := &l.stakes[g.record[e]]
			k := rec.class(s.class)
			w := weight(k)
			if own != nil {
				if v, ok := own(s); ok {
					total = total.Add(s.shares.Mul(v.Sub(w)))
					w = v
				}
			}
			column = append(column, s.shares.Mul(w))
		}
		m.store(c, from, column, total, treasury)
	}
	return m
}

// store keeps one company's figures, as machine integers if they all fit.
func (m *measure) store(c, from int32, column []ratio.Ratio, total, own ratio.Ratio) {
	scale, fits := total.Decimals()
	for _, r := range append([]ratio.Ratio{own}, column...) {
		n, ends := r.Decimals()
		scale, fits = max(scale, n), fits && ends
	}
	if !fits || scale >= len(powersOfTen) {
		fits = false
	} else if n, _, ok := total.Mul(ratio.Int(powersOfTen[scale])).Small(); !ok || n >= maxUnits {
		fits = false
	}
	if !fits {
		if m.wide == nil {
			m.wide = map[int32]*wideColumn{}
		}
		m.wide[c] = &wideColumn{slices.Clone(column), total, own}
		return
	}
	m.scale[c] = uint8(scale)
	unit := ratio.Int(powersOfTen[scale])
	m.total[c], _, _ = total.Mul(unit).Small()
	m.own[c], _, _ = own.Mul(unit).Small()
	for i, r := range column {
		m.units[from+int32(i)], _, _ = r.Mul(unit).Small()
	}
}

// integers returns a wide column in whole units, for arithmetic that wants
// integers.
func (w *wideColumn) integers() (units []*big.Int, total, own *big.Int) {
	units, total, _ = wholeUnits(slices.Concat(w.units, []ratio.Ratio{w.own}), w.total)
	last := len(units) - 1
	return units[:last], total, units[last]
}

// wholeUnits states figures and their total in the largest unit, of one part
// in a whole number, that makes all of them whole.
func wholeUnits(figures []ratio.Ratio, total ratio.Ratio) (units []*big.Int, all *big.Int, unit ratio.Ratio) {
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

// smallUnits is wholeUnits in machine integers, for figures from 0 to total,
// where these do.
func smallUnits(figures []ratio.Ratio, total ratio.Ratio) (units []int64, all int64, ok bool) {
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

func commonDivisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// powersOfTen are the sizes of units: 1 / 10^scale of a share or vote.
var powersOfTen = [19]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
	1e14, 1e15, 1e16, 1e17, 1e18,
}

// timesUnits returns a times b, neither below 0, if that is no more than maxUnits.
func timesUnits(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo <= maxUnits
}

// byWhom sorts stake numbers by who has them, in order of stake.
func byWhom(who []int32, n int) rows {
	words := make([]int32, n+1+len(who))
	r := rows{first: words[: n+1 : n+1], stakes: words[n+1:]}
	for _, i := range who {
		if i != nobody {
			r.first[i+1]++
		}
	}
	for i := range n {
		r.first[i+1] += r.first[i]
	}
	next := slices.Clone(r.first[:n])
	for e, i := range who {
		if i != nobody {
			r.stakes[next[i]] = int32(e)
			next[i]++
		}
	}
	r.stakes = r.stakes[:r.first[n]]
	return r
}

func sameArray(a, b []int32) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// names returns the ids of nodes, sorted because nodes are.
func (g *graph) names(nodes []int32) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = g.ids[n]
	}
	return out
}

// float returns what nobody in the book holds of company c.
func (g *graph) float(m *measure, c int32) ratio.Ratio {
	from, to := g.column(c)
	if w := m.wide[c]; w != nil {
		rest := w.total.Sub(w.own)
		for _, u := range w.units {
			rest = rest.Sub(u)
		}
		return rest
	}
	rest := m.total[c] - m.own[c]
	for _, u := range m.units[from:to] {
		rest -= u
	}
	return ratio.Of(rest, powersOfTen[m.scale[c]])
}

// sameMeasure reports whether two measures are one: every share counts alike.
func sameMeasure(a, b *measure) bool {
	return len(a.units) > 0 && len(b.units) > 0 && &a.units[0] == &b.units[0]
}
