package ledger

import "github.com/crossholding/crossholding/ratio"

// Swap is a payment in shares.
type Swap struct {
	To     Target // who gets the shares that are given
	For    *Class // the class that is paid with
	Supply Source // of the shares that are paid
	Terms         // Ratio is the shares paid for a share given; How also says which lots are given
}

// GiveFor transfers shares of a name to a buyer and pays for them in shares of another
// class. The cost goes with each payment: the giver's cost to the shares that it gets, and
// the cost of shares that the buyer held to the shares that the buyer gets. If the issuer takes
// back its own shares, that cost is dropped. It fails with [ErrRange] if somebody would buy its
// own shares from itself, and with [ErrNotEnough] if there are too few shares to give or to pay.
func (l *Ledger) GiveFor(c *Class, n *Name, shares ratio.Ratio, w *Swap) error {
	due := shares.Mul(w.Ratio)
	made := l.Round(w.Fractions, n.ID, w.For, due)
	return n.each(c, shares, func(from Source, given ratio.Ratio) error {
		part := given.Div(shares)
		return l.swap(c, &from, given, &entitlement{from: c, into: w.For, due: due.Mul(part), made: made.Mul(part)}, w)
	})
}

// swap transfers shares out of one account, and pays what is due to it in shares.
func (l *Ledger) swap(c *Class, from *Source, shares ratio.Ratio, e *entitlement, w *Swap) error {
	if from.Beneficiary == w.To.Beneficiary {
		return c.fromItself(from, shares)
	}
	given, err := l.take(c, from, shares, w.How)
	if err != nil {
		return err
	}
	paid, err := l.takePayment(w, e.made)
	if err != nil {
		return err
	}
	cost := takeLots(paid) // the buyer's, which goes to what it gets
	if err := l.settleGiver(given, &paid, e, w); err != nil {
		return err
	}
	l.settleBuyer(given, shares, cost, e, w)
	return nil
}

// takePayment takes the shares that pay in a swap.
func (l *Ledger) takePayment(w *Swap, n ratio.Ratio) ([]parcel, error) {
	from := w.Supply
	if !from.New { // swaps before this one have used a part
		var err error
		if from, err = w.For.Source(from.Name, from.Beneficiary); err != nil {
			return nil, err
		}
	}
	return l.take(w.For, &from, n, Draw{})
}

// takeLots takes the lots away from parcels and returns them.
func takeLots(parcels []parcel) []Lot {
	var lots []Lot
	for i := range parcels {
		lots, parcels[i].lots = JoinLots(lots, parcels[i].lots), nil
	}
	return lots
}

// settleGiver gives the former holder of given shares the shares that pay for them. A fraction in
// cash is sold out of all of its lots.
func (l *Ledger) settleGiver(given []parcel, paid *[]parcel, e *entitlement, w *Swap) error {
	all := *e
	if all.name = given[0].owner(); given[0].from.kind == inName {
		all.stakes = stakesOf(given)
	}
	return l.handOver(&all, &w.Terms, paid)
}

// settleBuyer puts given shares where the buyer wants them, at the cost of the shares that paid.
func (l *Ledger) settleBuyer(given []parcel, shares ratio.Ratio, cost []Lot, e *entitlement, w *Swap) {
	if w.To.Treasury || w.To.Gone {
		l.drop(w.For, w.Supply.Beneficiary, cost)
		cost = nil
	}
	for i := range given {
		p := given[i]
		to, votes := w.To.place(&p)
		p.votes, p.lots = votes, nil
		if len(cost) > 0 {
			p.lots = spreadLots(partOfLots(cost, p.shares.Div(shares)), shares.Div(e.made))
		}
		l.put(e.from, to, p)
	}
}
