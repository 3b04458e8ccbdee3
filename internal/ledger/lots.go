package ledger

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Method says which lots are used first.
type Method uint8

// These are the methods.
const (
	FIFO Method = iota
	LIFO
	HIFO
	Average
	Specific
)

// Pick names a lot of a specific sale.
type Pick struct {
	Date     date.Date
	Price    *ratio.Ratio // nil: any
	Currency string       // empty: any
	Shares   *ratio.Ratio // nil: the whole lot
}

// Draw says which lots are drawn.
type Draw struct {
	Method Method
	Picks  []Pick
}

// part is the shares of one lot of a stake, or its shares of unknown cost.
type part struct {
	stake int // in the pool
	own   int // 1 if the stake has votes per share of its own, otherwise 0
	other int // 1 if another than the holder votes the shares, otherwise 0
	lot   int // in the stake; -1 for shares of unknown cost
	Lot
	taken ratio.Ratio
}

func (p *part) left() ratio.Ratio { return p.Shares.Sub(p.taken) }

// draw takes n shares out of the stakes of a pool, and returns the shares and lots that each stake
// gave. The stakes are those of one holder's name for one beneficiary, so that the names of their
// voters do not decide which lots are used.
//
// The order is: shares without votes per share of their own first; then by method; then shares
// that the holder votes itself. Lots that are equal in all of that give pro rata. Shares of unknown
// cost count as the oldest, and HIFO uses them last.
func draw(pool []*Stake, n ratio.Ratio, how Draw) ([]Stake, error) {
	switch how.Method {
	case Average:
		return drawAverage(pool, n)
	case HIFO:
		if err := oneCurrency(pool, "highest cost"); err != nil {
			return nil, err
		}
	}
	parts := listParts(pool, how.Method)
	if how.Method == Specific {
		if err := drawPicks(parts, &n, how.Picks); err != nil {
			return nil, err
		}
		if n = drainWhere(parts, n, func(p *part) bool { return p.lot < 0 }); !n.IsZero() {
			return nil, fmt.Errorf("the lots named leave %s shares open, more than are of unknown cost: %w", n.GroupedDecimal(6), ErrNotEnough)
		}
		return removeTaken(pool, parts), nil
	}
	if n = drain(parts, n); !n.IsZero() {
		return nil, fmt.Errorf("%s shares too many: %w", n.GroupedDecimal(6), ErrNotEnough)
	}
	return removeTaken(pool, parts), nil
}

// listParts lists the parts of a pool in the order in which a method uses them.
func listParts(pool []*Stake, method Method) []part {
	n := 0
	for _, s := range pool {
		n += 1 + len(s.Lots)
	}
	parts := make([]part, 0, n)
	for i, s := range pool {
		own, other := min(1, len(s.VotesText)), min(1, len(s.Voter))
		if u := s.unknown(); !u.IsZero() {
			parts = append(parts, part{stake: i, own: own, other: other, lot: -1, Lot: Lot{Shares: u}})
		}
		for j := range s.Lots {
			parts = append(parts, part{stake: i, own: own, other: other, lot: j, Lot: s.Lots[j]})
		}
	}
	order := compareCost
	switch method {
	case LIFO:
		order = func(a, b *part) int { return compareCost(b, a) }
	case HIFO:
		order = compareHighest
	default:
		if len(pool) == 1 {
			return parts // the lots of a stake are sorted
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.own, b.own), order(&a, &b), cmp.Compare(a.other, b.other))
	})
	return parts
}

// compareCost puts shares of unknown cost first, then lots by date, currency and price.
func compareCost(a, b *part) int {
	if a.lot < 0 || b.lot < 0 {
		return cmp.Compare(min(a.lot, 0), min(b.lot, 0))
	}
	return compareLots(a.Lot, b.Lot)
}

// compareHighest puts lots of the highest cost of a share first, of these the oldest, and shares of
// unknown cost last.
func compareHighest(a, b *part) int {
	if a.lot < 0 || b.lot < 0 {
		return cmp.Compare(min(b.lot, 0), min(a.lot, 0))
	}
	return cmp.Or(b.Price.Cmp(a.Price), compareLots(a.Lot, b.Lot))
}

// oneCurrency fails if the lots of a pool are in several currencies, so that their costs cannot be
// compared.
func oneCurrency(pool []*Stake, what string) error {
	first := ""
	for _, s := range pool {
		for i := range s.Lots {
			first = cmp.Or(first, s.Lots[i].Currency)
			if c := s.Lots[i].Currency; c != first {
				return fmt.Errorf("%s: lots in %s and in %s: %w", what, first, c, ErrCurrency)
			}
		}
	}
	return nil
}

// alike reports whether nothing but the names of voters tells two parts apart.
func alike(a, b *part) bool { return a.own == b.own && a.other == b.other && compareCost(a, b) == 0 }

// drain takes up to n shares out of parts, in order, and returns what is missing. Neighbours
// that are alike give pro rata.
func drain(parts []part, n ratio.Ratio) ratio.Ratio {
	for i := 0; i < len(parts) && !n.IsZero(); {
		end := i + 1
		for end < len(parts) && alike(&parts[i], &parts[end]) {
			end++
		}
		if end == i+1 {
			give := ratio.Min(n, parts[i].left())
			parts[i].taken, n = parts[i].taken.Add(give), n.Sub(give)
		} else {
			n = drainEqually(parts[i:end], n)
		}
		i = end
	}
	return n
}

func drainEqually(parts []part, n ratio.Ratio) ratio.Ratio {
	have, whole := make([]ratio.Ratio, len(parts)), n.IsInt()
	var sum ratio.Ratio
	for i := range parts {
		have[i] = parts[i].left()
		sum, whole = sum.Add(have[i]), whole && have[i].IsInt()
	}
	give := ratio.Min(n, sum)
	for i, x := range ratio.Apportion(give, have, nil, unitOf(whole)) {
		parts[i].taken = parts[i].taken.Add(x)
	}
	return n.Sub(give)
}

// drawPicks takes the lots that a specific sale names, and reduces n. Its error has all names that
// fit no lots.
func drawPicks(parts []part, n *ratio.Ratio, picks []Pick) error {
	var faults error
	for i := range picks {
		k := &picks[i]
		want, err := k.shares(parts)
		if err == nil && n.Less(want) {
			err = fmt.Errorf("more shares named than the %s left to move: %w", n.GroupedDecimal(6), ErrNotEnough)
		}
		switch {
		case err == nil:
			drainWhere(parts, want, k.matches)
			*n = n.Sub(want)
		case faults == nil:
			faults = err
		default:
			faults = fmt.Errorf("%w; %w", faults, err)
		}
	}
	return faults
}

// shares returns how many shares a pick names. It fails with [ErrNotEnough] if they are not there,
// and with [ErrMissing] if the pick fits lots of several prices or currencies and only a part of
// them is meant.
func (k *Pick) shares(parts []part) (ratio.Ratio, error) {
	var there ratio.Ratio
	var first, other *part // other: at another price than the first
	for i := range parts {
		p := &parts[i]
		if !k.matches(p) || p.left().IsZero() {
			continue
		}
		if first == nil {
			first = p
		} else if compareLots(first.Lot, p.Lot) != 0 {
			other = p
		}
		there = there.Add(p.left())
	}
	want := there
	if k.Shares != nil {
		want = *k.Shares
	}
	if there.IsZero() {
		return want, fmt.Errorf("no lot of %s is there or left: %w", k, ErrNotEnough)
	}
	if there.Less(want) {
		return want, fmt.Errorf("%s shares of the lot of %s named, %s there: %w", want.GroupedDecimal(6), k, there.GroupedDecimal(6), ErrNotEnough)
	}
	if other != nil && want.Less(there) {
		return want, fmt.Errorf("%s shares of the lots of %s at %s %s and at %s %s: of which one? %w",
			want.GroupedDecimal(6), k.Date, first.Price, first.Currency, other.Price, other.Currency, ErrMissing)
	}
	return want, nil
}

// String returns what the pick names, for example "2020-03-04 at 7 EUR".
func (k *Pick) String() string {
	text := k.Date.String()
	if k.Price != nil {
		text = fmt.Sprintf("%s at %s", text, k.Price)
	}
	if k.Currency != "" {
		text += " " + k.Currency
	}
	return text
}

// drainWhere is drain for the parts that match.
func drainWhere(parts []part, n ratio.Ratio, match func(*part) bool) ratio.Ratio {
	var some []part
	var at []int
	for i := range parts {
		if match(&parts[i]) {
			some, at = append(some, parts[i]), append(at, i)
		}
	}
	n = drain(some, n)
	for j, i := range at {
		parts[i].taken = some[j].taken
	}
	return n
}

func (k *Pick) matches(p *part) bool {
	return p.lot >= 0 && p.Date == k.Date && (k.Price == nil || k.Price.Equal(p.Price)) && (k.Currency == "" || k.Currency == p.Currency)
}

// removeTaken removes the taken shares from the stakes and returns them.
func removeTaken(pool []*Stake, parts []part) []Stake {
	out := make([]Stake, 0, len(pool))
	for i, s := range pool {
		t := Stake{Key: s.Key, Votes: s.Votes}
		lots := 0
		for j := range parts {
			if parts[j].stake == i && !parts[j].taken.IsZero() {
				t.Shares = t.Shares.Add(parts[j].taken)
				lots += 1 + min(parts[j].lot, 0)
			}
		}
		switch {
		case t.Shares.IsZero():
			continue
		case t.Shares.Equal(s.Shares):
			t.Lots, s.Lots = s.Lots, nil
		case lots > 0:
			t.Lots, s.Lots = splitLots(s.Lots, parts, i, lots)
		}
		s.Shares = s.Shares.Sub(t.Shares)
		out = append(out, t)
	}
	return out
}

// splitLots splits the lots of stake i into those taken, which are n, and those left.
func splitLots(lots []Lot, parts []part, i, n int) (taken, left []Lot) {
	taken, left = make([]Lot, 0, n), make([]Lot, 0, len(lots))
	gone := make([]ratio.Ratio, len(lots))
	for j := range parts {
		if parts[j].stake == i && parts[j].lot >= 0 {
			gone[parts[j].lot] = parts[j].taken
		}
	}
	for j, lot := range lots {
		if !gone[j].IsZero() {
			t := lot
			t.Shares = gone[j]
			taken = append(taken, t)
		}
		if lot.Shares = lot.Shares.Sub(gone[j]); !lot.Shares.IsZero() {
			left = append(left, lot)
		}
	}
	return taken, left
}

// drawAverage takes n shares at the average cost of all lots of the pool. The lots of the
// pool become lots of the oldest date at the average.
func drawAverage(pool []*Stake, n ratio.Ratio) ([]Stake, error) {
	var shares, cost, unknown ratio.Ratio
	var first *Lot
	for _, s := range pool {
		shares, unknown = shares.Add(s.Shares), unknown.Add(s.unknown())
		for i := range s.Lots {
			lot := &s.Lots[i]
			if first == nil || lot.Date < first.Date {
				first = lot
			}
			cost = cost.Add(lot.Cost())
		}
	}
	if !unknown.IsZero() {
		return nil, fmt.Errorf("average cost: %s of %s shares: %w", unknown.GroupedDecimal(6), shares.GroupedDecimal(6), ErrNoCost)
	}
	if first == nil {
		return nil, nil
	}
	if err := oneCurrency(pool, "average cost"); err != nil {
		return nil, err
	}
	average := *first
	average.Price = cost.Div(shares)
	for _, s := range pool {
		lot := average
		lot.Shares, s.Lots = s.Shares, nil
		if !lot.Shares.IsZero() {
			s.Lots = []Lot{lot}
		}
	}
	return draw(pool, n, Draw{})
}

// partOfLots returns the part f of the shares of lots, with their cost.
func partOfLots(lots []Lot, f ratio.Ratio) []Lot {
	out := make([]Lot, len(lots))
	for i, lot := range lots {
		lot.Shares = lot.Shares.Mul(f)
		out[i] = lot
	}
	return out
}

// spreadLots spreads the cost of lots over f times as many shares.
func spreadLots(lots []Lot, f ratio.Ratio) []Lot {
	if len(lots) == 0 || f.IsZero() {
		return nil
	}
	out := make([]Lot, len(lots))
	for i, lot := range lots {
		lot.Shares, lot.Price = lot.Shares.Mul(f), lot.Price.Div(f)
		out[i] = lot
	}
	return out
}

// splitCost divides the cost of lots: the part f of it goes to new lots of g times as many shares,
// and the rest stays with the old ones.
func splitCost(lots []Lot, f, g ratio.Ratio) (moved, left []Lot) {
	left = make([]Lot, len(lots))
	moved = make([]Lot, len(lots))
	for i, lot := range lots {
		m := lot
		m.Shares, m.Price = lot.Shares.Mul(g), lot.Price.Mul(f).Div(g)
		lot.Price = lot.Price.Sub(lot.Price.Mul(f))
		moved[i], left[i] = m, lot
	}
	return JoinLots(moved, nil), JoinLots(left, nil)
}

// JoinLots joins two lists of lots into a sorted one. Lots that differ only in their number
// of shares become one.
func JoinLots(a, b []Lot) []Lot {
	if len(b) == 0 && joined(a) {
		return a
	}
	if len(a) == 0 && joined(b) {
		return b
	}
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, compareLots)
	out := all[:0]
	for _, lot := range all {
		if n := len(out); n > 0 && compareLots(out[n-1], lot) == 0 {
			out[n-1].Shares = out[n-1].Shares.Add(lot.Shares)
		} else if !lot.Shares.IsZero() {
			out = append(out, lot)
		}
	}
	return out
}

func joined(lots []Lot) bool {
	for i := 1; i < len(lots); i++ {
		if compareLots(lots[i-1], lots[i]) >= 0 {
			return false
		}
	}
	return true
}
