package crossholding

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// lotAllocation holds the shares that one stake of an account gives.
type lotAllocation struct {
	shares      ratio.Ratio
	named, left []lotRecord // the lots taken and left, if a specific sale names lots; otherwise nil
}

// allocate returns the shares that each stake of account a gives.
func (r *executor) allocate(s *checkedStep, a *account, shares ratio.Ratio) ([]lotAllocation, error) {
	out := make([]lotAllocation, len(a.pool))
	if s.Method == LotMethodSpecific {
		if err := r.allocateNamed(s, a, &shares, out); err != nil {
			return nil, err
		}
	}
	for j, i := range a.pool {
		free := r.l.stakes[i].shares
		if s.Method == LotMethodSpecific {
			free = r.l.stakes[i].unknown()
		}
		if shares.Less(free) {
			free = shares
		}
		out[j].shares = out[j].shares.Add(free)
		shares = shares.Sub(free)
	}
	if !shares.IsZero() {
		return nil, fmt.Errorf("%s in %s: the lots named leave %s shares open, more than are of unknown cost: %w",
			a.id, s.Issuer, shares.GroupedDecimal(6), ErrNotEnough)
	}
	return out, nil
}

// allocateNamed takes the lots that a specific sale names.
func (r *executor) allocateNamed(s *checkedStep, a *account, shares *ratio.Ratio, out []lotAllocation) error {
	for j, i := range a.pool {
		out[j].named = []lotRecord{}
		out[j].left = slices.Clone(r.l.stakes[i].lots)
	}
	for k := range s.picks {
		pick := s.picks[k]
		whole := s.Lots[k].Shares == ""
		var found ratio.Ratio
		for j := range out {
			q := &out[j]
			first, _ := slices.BinarySearchFunc(q.left, pick.date, func(l lotRecord, d date.Date) int { return cmp.Compare(l.date, d) })
			for n := first; n < len(q.left) && q.left[n].date == pick.date; n++ {
				lot := &q.left[n]
				if !pick.matches(lot, s.Lots[k].Price != "") || lot.shares.IsZero() {
					continue
				}
				want := lot.shares
				if !whole && pick.shares.Sub(found).Less(want) {
					want = pick.shares.Sub(found)
				}
				part := splitLot(lot, &want)
				if part.shares.IsZero() {
					continue
				}
				q.named = append(q.named, part)
				q.shares = q.shares.Add(part.shares)
				found = found.Add(part.shares)
			}
		}
		if found.IsZero() || !whole && !found.Equal(pick.shares) {
			return fmt.Errorf("%s in %s: %s shares of the lot of %s named, %s there: %w",
				a.id, s.Issuer, pick.shares.GroupedDecimal(6), pick.date, found.GroupedDecimal(6), ErrNotEnough)
		}
		if shares.Less(found) {
			return fmt.Errorf("%s in %s: more shares named than the %s left to move: %w",
				a.id, s.Issuer, (*shares).GroupedDecimal(6), ErrNotEnough)
		}
		*shares = shares.Sub(found)
	}
	for j := range out {
		out[j].named, out[j].left = joinLots(out[j].named), joinLots(out[j].left)
		if out[j].named == nil {
			out[j].named = []lotRecord{}
		}
	}
	return nil
}

// unknown returns the number of shares whose cost is in no lot.
func (s *stakeRecord) unknown() ratio.Ratio {
	n := s.shares
	for _, lot := range s.lots {
		n = n.Sub(lot.shares)
	}
	return n
}

// takeLots splits the lots of a stake that gives n shares: into those taken and those
// left. It does not change the lots in the ledger. Shares of unknown cost count as the
// oldest.
func takeLots(rec *stakeRecord, n ratio.Ratio, method LotMethod) (taken, left []lotRecord, err error) {
	switch {
	case n.Equal(rec.shares) && method != LotMethodAverage:
		return rec.lots, nil, nil
	case method == LotMethodAverage:
		return averageLots(rec, n)
	case method == LotMethodLIFO:
		left = slices.Clone(rec.lots)
		for i := len(left) - 1; i >= 0 && !n.IsZero(); i-- {
			taken = append(taken, splitLot(&left[i], &n))
		}
		slices.Reverse(taken)
		return taken, joinLots(left), nil
	}
	if n = n.Sub(rec.unknown()); n.Sign() <= 0 {
		return nil, rec.lots, nil
	}
	left = slices.Clone(rec.lots)
	for i := 0; i < len(left) && !n.IsZero(); i++ {
		taken = append(taken, splitLot(&left[i], &n))
	}
	return taken, joinLots(left), nil
}

// splitLot takes up to *n shares out of lot and subtracts them from both.
func splitLot(lot *lotRecord, n *ratio.Ratio) lotRecord {
	part := *lot
	if n.Less(part.shares) {
		part.shares = *n
	}
	lot.shares = lot.shares.Sub(part.shares)
	*n = n.Sub(part.shares)
	return part
}

// matches reports whether a pick names lot, which has the pick's date.
func (pick *lotRecord) matches(lot *lotRecord, priced bool) bool {
	return (!priced || pick.price.Equal(lot.price)) && (pick.currency == "" || pick.currency == lot.currency)
}

// averagePlaces is the number of decimals of the average cost of the remaining shares, if
// the exact average is not a finite decimal. The sold shares have the exact average.
const averagePlaces = 12

func averageLots(rec *stakeRecord, n ratio.Ratio) (taken, left []lotRecord, err error) {
	if unknown := rec.unknown(); !unknown.IsZero() {
		return nil, nil, fmt.Errorf("average cost of %s in %s: %s of %s shares: %w",
			rec.holder, rec.issuer, unknown.GroupedDecimal(6), rec.shares.GroupedDecimal(6), ErrNoCost)
	}
	lot := rec.lots[0] // keeps the oldest date
	var cost ratio.Ratio
	for _, other := range rec.lots {
		if other.currency != lot.currency {
			return nil, nil, fmt.Errorf("average cost of %s in %s: lots in %s and in %s: %w",
				rec.holder, rec.issuer, lot.currency, other.currency, ErrCurrency)
		}
		cost = cost.Add(other.shares.Mul(other.price))
	}
	lot.price, lot.shares = cost.Div(rec.shares), n
	taken = []lotRecord{lot}
	if n.Equal(rec.shares) {
		return taken, nil, nil
	}
	lot.shares = rec.shares.Sub(n)
	if !lot.price.IsDecimal() {
		if lot.price, err = ratio.FromDecimal(lot.price.Decimal(averagePlaces)); err != nil {
			return nil, nil, err
		}
	}
	return taken, []lotRecord{lot}, nil
}

// recordGains records the gain of each lot sold at price, and the sold shares of unknown
// cost.
func (r *executor) recordGains(holder string, rec *stakeRecord, n ratio.Ratio, taken []lotRecord, price Money) {
	row := Gain{Holder: holder, Issuer: rec.issuer, Class: rec.class}
	for _, lot := range taken {
		g := row
		g.Lot, g.Shares = lot.date, lot.shares
		g.Proceeds = Money{price.Amount.Mul(lot.shares), price.Currency}
		g.Cost = Money{lot.price.Mul(lot.shares), lot.currency}
		proceeds, err := r.l.market.convert(Money{g.Proceeds.Amount, g.Proceeds.Currency}, lot.currency)
		if err != nil {
			g.Unknown = fmt.Errorf("%w (gain of %s in %s)", err, holder, rec.issuer)
		} else {
			g.Gain = Money{proceeds.Sub(g.Cost.Amount), lot.currency}
		}
		r.gains = append(r.gains, g)
		n = n.Sub(lot.shares)
	}
	if !n.IsZero() {
		row.Shares = n
		row.Proceeds = Money{price.Amount.Mul(n), price.Currency}
		row.Unknown = fmt.Errorf("crossholding: %s in %s: no lot covers %s of the shares: %w", holder, rec.issuer, n.GroupedDecimal(6), ErrNoCost)
		r.gains = append(r.gains, row)
	}
}
