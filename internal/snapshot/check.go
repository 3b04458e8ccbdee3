package snapshot

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/register"
)

// checkNodes checks all nodes with their stakes, and fills the ids and the issuers.
func (b *builder) checkNodes() error {
	g, n, m := b.g, len(b.lengths), int32(len(b.g.Holder))
	for _, first := range [][]int32{g.Columns, g.ByVoter.First} {
		if first[0] != 0 || first[n] != m {
			return fault("the stakes of its nodes are not 0 to %d", m)
		}
	}
	g.IDs = make([]string, n) // not before: the collector would look for texts in it
	var err error
	if g.Capital.Big, err = b.bigOf(b.facts.CapitalBig); err != nil {
		return err
	}
	b.mark.key = rand.Uint64()
	err = b.eachRange(func(from, to int32) error {
		if err := b.fillIDs(from, to); err != nil {
			return err
		}
		columns, rows := uint64(0), uint64(0)
		for x := from; x < to; x++ {
			if err := b.checkColumn(x, &columns); err != nil {
				return err
			}
			if err := checkFigures(g, &g.Capital, x); err != nil {
				return err
			}
			if err := b.checkRow(x, &rows); err != nil {
				return err
			}
		}
		b.mark.columns.Add(columns)
		b.mark.rows.Add(rows)
		return nil
	})
	if err == nil && b.mark.columns.Load() != b.mark.rows.Load() {
		err = fault("its held stakes are not those of their holders")
	}
	g.Beneficiary, g.Voter, g.ByBeneficiary = g.Holder, g.Holder, g.ByVoter
	return err
}

// marks are sums over all stakes, of a random function of each with its holder: once by
// company and once by holder. They are equal if every stake is in the row of its holder, and
// otherwise only by a chance of about 1 in 2^64. So no stake's holder is looked up, which
// would read memory in a random order.
type marks struct {
	key           uint64
	columns, rows atomic.Uint64
}

// of returns the function of one stake and its holder.
func (m *marks) of(e, holder int32) uint64 {
	x := uint64(uint32(e))<<32 | uint64(uint32(holder))
	x = (x ^ m.key) * 0x9e3779b97f4a7c15
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	return x ^ x>>32
}

// eachRange checks ranges of nodes with all processors.
func (b *builder) eachRange(check func(from, to int32) error) error {
	n := len(b.g.IDs)
	return share(b.ctx, (n+rangeNodes-1)/rangeNodes, func() func(int) error {
		return func(i int) error { return check(int32(i*rangeNodes), int32(min((i+1)*rangeNodes, n))) }
	})
}

// fillIDs fills the ids of a range, and checks that they are valid, sorted and different.
func (b *builder) fillIDs(from, to int32) error {
	at, last := b.starts[from/rangeNodes], ""
	if from > 0 {
		n := uint64(b.lengths[from-1])
		last, _ = b.idAt(at-n, n)
	}
	for i := from; i < to; i++ {
		n := uint64(b.lengths[i])
		id, plain := b.idAt(at, n)
		ok := id > last && n <= maxID
		if plain {
			ok = ok && id[0] != ' ' && id[n-1] != ' '
		} else {
			ok = ok && ident.Fault(id) == ""
		}
		if !ok || ident.Reserved(id) {
			return fault("id %d, %.40q, is not valid, or not after the id before it", i, id)
		}
		b.g.IDs[i], last = id, id
		at += n
	}
	return nil
}

// idAt returns the id of n bytes that begins at a byte of the ids, and whether it has only
// visible ASCII characters and blanks.
func (b *builder) idAt(at, n uint64) (id string, plain bool) {
	if n == 0 {
		return "", false
	}
	block, begin := at/blockBytes, at%blockBytes
	if text := b.texts[block]; begin+n <= uint64(len(text)) {
		return text[begin : begin+n], b.plain[block]
	}
	rest := begin + n - blockBytes
	return b.texts[block][begin:] + b.texts[block+1][:rest], b.plain[block] && b.plain[block+1]
}

// stakesIn returns the stakes of one node in a list of first stakes. It returns false if they
// are no stakes.
func (b *builder) stakesIn(first []int32, x int32) (from, to int32, ok bool) {
	from, to = first[x], first[x+1]
	return from, to, 0 <= from && from <= to && int(to) <= len(b.g.Holder)
}

// checkColumn checks that the holders of the stakes in c are nodes in order, and fills the
// issuers of these stakes.
func (b *builder) checkColumn(c int32, mark *uint64) error {
	from, to, ok := b.stakesIn(b.g.Columns, c)
	if !ok {
		return fault("node %d has the stakes %d to %d", c, from, to)
	}
	last, n := int32(0), int32(len(b.g.IDs))
	issuer := b.g.Issuer[from:to]
	for i, h := range b.g.Holder[from:to] {
		if h < last || h >= n || h == c {
			return fault("stake %d has the holder %d, which is not a node in order", int(from)+i, h)
		}
		issuer[i], last = c, h
		*mark += b.mark.of(from+int32(i), h)
	}
	return nil
}

// checkRow checks that the stakes of a holder are in order. All rows together have as many
// places as there are stakes.
func (b *builder) checkRow(x int32, mark *uint64) error {
	from, to, ok := b.stakesIn(b.g.ByVoter.First, x)
	if !ok {
		return fault("node %d holds the stakes at %d to %d", x, from, to)
	}
	last := int32(-1)
	for _, e := range b.g.ByVoter.Stakes[from:to] {
		if e <= last || int(e) >= len(b.g.Holder) {
			return fault("node %d holds the stake %d, which is not a stake in order", x, e)
		}
		last = e
		*mark += b.mark.of(e, x)
	}
	return nil
}

// bigOf returns columns of fractions by company.
func (b *builder) bigOf(columns []bigColumn) (map[int32]*graph.BigColumn, error) {
	if len(columns) == 0 {
		return nil, nil
	}
	big := make(map[int32]*graph.BigColumn, len(columns))
	for _, x := range columns {
		if x.Company < 0 || int(x.Company) >= len(b.g.IDs) || big[x.Company] != nil {
			return nil, fault("it has fractions of %d, which is not a node, or twice", x.Company)
		}
		if from, to, ok := b.stakesIn(b.g.Columns, x.Company); !ok || len(x.Units) != int(to-from) {
			return nil, fault("it has %d fractions for %d stakes in node %d", len(x.Units), to-from, x.Company)
		}
		big[x.Company] = &graph.BigColumn{Units: x.Units, Total: x.Total, Treasury: x.Treasury}
	}
	return big, nil
}

// checkFigures checks the figures of company c, whose column is right: none is negative, and
// those of the stakes and the treasury are together at most those that it has issued.
func checkFigures(g *graph.Graph, m *graph.Weighting, c int32) error {
	from, to := g.Column(c)
	total, own := m.TotalUnits[c], m.TreasuryUnits[c]
	left := total - own
	ok := 0 <= own && own <= total && total < graph.MaxUnits && int(m.Scale[c]) < len(graph.PowersOfTen)
	for _, u := range m.Units[from:to] {
		ok = ok && u >= 0 && u <= left
		left -= u
	}
	if len(m.Big) > 0 && m.Big[c] != nil {
		w := m.Big[c]
		ok = ok && total == 0 && m.Scale[c] == 0 && fits(w)
	}
	if !ok {
		return fault("the figures of %s do not fit together", g.IDs[c])
	}
	return nil
}

// fillVotes makes the votes from the shares and from what differs from them.
func (b *builder) fillVotes() error {
	g, v := b.g, &b.votes
	g.Dividends = g.Capital
	if !b.facts.OwnVotes {
		if g.Votes = g.Capital; len(v.companies)+len(v.units)+len(b.facts.VotesBig) > 0 {
			return fault("it has votes, and says that it has none")
		}
		return nil
	}
	big, err := b.bigOf(b.facts.VotesBig)
	if err != nil {
		return err
	}
	g.Votes = graph.Weighting{Units: slices.Clone(g.Capital.Units), TotalUnits: slices.Clone(g.Capital.TotalUnits),
		TreasuryUnits: slices.Clone(g.Capital.TreasuryUnits), Scale: slices.Clone(g.Capital.Scale), Big: big}
	at, last := 0, int32(-1)
	for i, c := range v.companies {
		if c <= last || int(c) >= len(g.IDs) {
			return fault("it has votes of %d, which is not a node in order", c)
		}
		last = c
		from, to := g.Column(c)
		if int(to-from) > len(v.units)-at {
			return fault("it has too few votes of %s", g.IDs[c])
		}
		g.Votes.TotalUnits[c], g.Votes.TreasuryUnits[c], g.Votes.Scale[c] = v.total[i], v.treasury[i], v.scale[i]
		at += copy(g.Votes.Units[from:to], v.units[at:])
	}
	if at != len(v.units) {
		return fault("it has votes of no company")
	}
	return nil
}

// checkVotes checks that each company has one number of votes for each of its shares. The
// votes of most companies are a copy of their shares and need no check.
func (b *builder) checkVotes() error {
	if !b.facts.OwnVotes {
		return nil
	}
	other := slices.Clone(b.votes.companies)
	for _, columns := range [][]bigColumn{b.facts.CapitalBig, b.facts.VotesBig} {
		for _, x := range columns {
			other = append(other, x.Company)
		}
	}
	const piece = 1 << 10
	return share(b.ctx, (len(other)+piece-1)/piece, func() func(int) error {
		return func(i int) error {
			for _, c := range other[i*piece : min((i+1)*piece, len(other))] {
				if err := checkFigures(b.g, &b.g.Votes, c); err != nil {
					return err
				}
				if !proportional(b.g, c) {
					return fault("the votes of %s are not proportional to its shares", b.g.IDs[c])
				}
			}
			return nil
		}
	})
}

// proportional reports whether the votes of c are its shares times one number.
func proportional(g *graph.Graph, c int32) bool {
	from, to := g.Column(c)
	if g.Capital.Big[c] == nil && g.Votes.Big[c] == nil {
		shares, votes := g.Capital.TotalUnits[c], g.Votes.TotalUnits[c]
		ok := sameProduct(g.Capital.TreasuryUnits[c], votes, g.Votes.TreasuryUnits[c], shares)
		for e := from; e < to && ok; e++ {
			ok = sameProduct(g.Capital.Units[e], votes, g.Votes.Units[e], shares)
		}
		return ok && (shares > 0 || votes == 0)
	}
	issued, votes := g.Capital.Issued(c), g.Votes.Issued(c)
	if issued.IsZero() {
		return votes.IsZero()
	}
	per := votes.Div(issued)
	if !g.Votes.Treasury(c).Equal(g.Capital.Treasury(c).Mul(per)) {
		return false
	}
	for e := from; e < to; e++ {
		if !g.Stake(&g.Votes, e).Equal(g.Stake(&g.Capital, e).Mul(per)) {
			return false
		}
	}
	return true
}

// sameProduct reports whether a × b = c × d. None of them is negative.
func sameProduct(a, b, c, d int64) bool {
	high, low := bits.Mul64(uint64(a), uint64(b))
	high2, low2 := bits.Mul64(uint64(c), uint64(d))
	return high == high2 && low == low2
}

// fits does for fractions what checkFigures does.
func fits(w *graph.BigColumn) bool {
	ok := w.Treasury.Sign() >= 0
	left := w.Total.Sub(w.Treasury)
	for _, u := range w.Units {
		ok = ok && u.Sign() >= 0
		left = left.Sub(u)
	}
	return ok && left.Sign() >= 0
}

// checkFacts checks the last section and fills the register from it.
func (b *builder) checkFacts() error {
	r, t := b.Register, &b.facts
	b.Policy = t.Policy
	r.OverAllocated, r.Joined, r.Own, r.Unissued = t.OverAllocated, t.Joined, t.Own, t.Unissued
	known := func(id string) bool {
		_, ok := slices.BinarySearch(b.g.IDs, id)
		return ok
	}
	ok := slices.IsSortedFunc(r.OverAllocated, func(x, y register.OverAllocation) int { return strings.Compare(x.Company, y.Company) })
	for _, x := range r.OverAllocated {
		ok = ok && known(x.Company) && x.Outstanding.Sign() >= 0 && x.Outstanding.Less(x.Held)
	}
	rows := 0
	for _, x := range r.Joined.First {
		ok = ok && known(x.Holder) && known(x.Issuer) && x.Rows >= 2 && x.Shares.Sign() >= 0
		rows += x.Rows - 1
	}
	ok = ok && rows >= 0 && rows <= r.Joined.Rows && r.Joined.Rows <= len(b.g.Holder)
	for _, x := range r.Own {
		ok = ok && known(x.Company) && x.Shares.Sign() >= 0
	}
	last := int32(-1)
	for _, c := range r.Unissued {
		ok = ok && c > last && int(c) < len(b.g.IDs) && !b.g.IssuesShares(c)
		last = c
	}
	if !ok {
		return fault("its facts do not fit the register")
	}
	return nil
}
