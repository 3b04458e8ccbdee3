package ledger

import (
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Delivery gives shares of an asset to the holders of a company.
type Delivery struct {
	Names      []Name        // the holders
	Due, Made  []ratio.Ratio // of each name: shares due and shares delivered
	CostShares []ratio.Ratio // of each name: part of the cost of its lots that goes with the shares
	Terms                    // Ratio is not used
}

// Sum returns the number of shares delivered.
func (d *Delivery) Sum() ratio.Ratio {
	var sum ratio.Ratio
	for _, n := range d.Made {
		sum = sum.Add(n)
	}
	return sum
}

// Distribution returns the delivery of t.Ratio shares of asset for every share of the holders.
func (l *Ledger) Distribution(asset *Class, names []Name, costShare ratio.Ratio, t Terms) Delivery {
	d := Delivery{Names: names, Terms: t}
	for i := range names {
		due := names[i].Due.Mul(t.Ratio)
		d.Due, d.Made = append(d.Due, due), append(d.Made, l.Round(t.Fractions, names[i].ID, asset, due))
		d.CostShares = append(d.CostShares, costShare)
	}
	return d
}

// Deliver moves shares of asset from their holder to the holders of a company. The lots of
// the giver are dropped. The holders' lots give a part of their cost to new lots of the same
// date. If a holder gets no share, none of its cost moves.
func (l *Ledger) Deliver(asset *Class, from []Source, d Delivery) error {
	rest, sum := d.Sum(), d.Sum()
	var have ratio.Ratio
	for i := range from {
		have = have.Add(from[i].Available)
	}
	if have.Less(sum) {
		return fmt.Errorf("%s holds %s shares of %s (%s), and %s are to be distributed: not enough: %s of %s: %w",
			from[0].Beneficiary, have.GroupedDecimal(6), asset.Issuer, asset.Name, sum.GroupedDecimal(6), sum.GroupedDecimal(6), have.GroupedDecimal(6), ErrNotEnough)
	}
	var supply []parcel
	for i := range from {
		n := ratio.Min(rest, from[i].Available)
		got, err := l.take(asset, &from[i], n, d.How)
		if err != nil {
			return err
		}
		for j := range got {
			l.drop(asset, got[j].owner(), got[j].lots)
			got[j].lots = nil
		}
		supply, rest = append(supply, got...), rest.Sub(n)
	}
	for i := range d.Names {
		if err := l.deliverTo(asset, &supply, i, &d); err != nil {
			return err
		}
	}
	return nil
}

// deliverTo gives name i of a delivery its shares.
func (l *Ledger) deliverTo(asset *Class, supply *[]parcel, i int, d *Delivery) error {
	n := &d.Names[i]
	e := entitlement{name: n.ID, into: asset, due: d.Due[i], made: d.Made[i]}
	if !n.Float {
		cost := d.CostShares[i]
		if e.received(d.Fractions).IsZero() {
			cost = ratio.Ratio{} // the old shares keep it
		}
		e.stakes = make([]Stake, len(n.stakes))
		for j := range n.stakes {
			e.stakes[j] = n.stakes[j].claim(cost)
		}
	}
	return l.handOver(&e, &d.Terms, supply)
}

// handOver settles an entitlement of a holder or of the float, and moves its shares out of the
// supply.
func (l *Ledger) handOver(e *entitlement, t *Terms, supply *[]parcel) error {
	if err := l.settle(e, t); err != nil {
		return err
	}
	if len(e.stakes) == 0 {
		l.supplyTo(e.into, supply, place{kind: inFloat}, e.made, nil)
	}
	for i := range e.stakes {
		s := &e.stakes[i]
		l.supplyTo(e.into, supply, place{key: s.Key}, s.Shares, s.Lots)
	}
	return nil
}

// claim returns what a stake counts for when shares are delivered to its holder: its shares by the
// weight of their class, with a part of the cost of its lots, which it loses.
func (r *stakeRef) claim(cost ratio.Ratio) Stake {
	out := Stake{Key: r.key, Shares: r.due}
	if !cost.IsZero() {
		r.class.touch()
		s := &r.class.Stakes[r.at]
		out.Lots, s.Lots = splitCost(s.Lots, cost, r.due.Div(s.Shares))
	}
	return out
}

// supplyTo moves n shares out of the supply to a place, with lots. Lots that the place cannot keep
// are dropped: they were those of its own party, not of the supplier.
func (l *Ledger) supplyTo(c *Class, supply *[]parcel, to place, n ratio.Ratio, lots []Lot) {
	if to.kind == inName && to.notOneself(c).kind != inName {
		l.drop(c, to.key.Owner(), lots)
		lots = nil
	}
	total := n
	for len(*supply) > 0 && !n.IsZero() {
		p := &(*supply)[0]
		part := *p
		part.shares = ratio.Min(n, p.shares)
		part.gone, part.votes = part.shares, ratio.Ratio{}
		if part.lots = nil; len(lots) > 0 {
			part.lots = partOfLots(lots, part.shares.Div(total))
		}
		l.put(c, to, part)
		n, p.shares = n.Sub(part.shares), p.shares.Sub(part.shares)
		if p.shares.IsZero() {
			*supply = (*supply)[1:]
		}
	}
}

// DropCost drops the cost of all lots of the holders of a class: their company is gone and
// left nothing that the cost could go with.
func (l *Ledger) DropCost(c *Class) {
	for i := range c.Stakes {
		s := &c.Stakes[i]
		l.drop(c, s.Owner(), s.Lots)
		s.Lots = nil
	}
	c.touch()
}

// Cancel destroys the shares of a class that are in some accounts. Their lots are dropped.
func (l *Ledger) Cancel(c *Class, which func(Key) bool) {
	c.touch()
	gone := c.remove(which)
	for i := range gone {
		l.put(c, place{kind: nowhere}, c.parcelOf(&gone[i]))
	}
}

// SellOut pays a price for every share of a class and destroys all of them. The gain of their
// lots is realized. The treasury gets nothing.
func (l *Ledger) SellOut(c *Class, payer string, price Money) {
	l.PayOut(c, payer, price)
	c.touch()
	for i := range c.Stakes {
		p := c.parcelOf(&c.Stakes[i])
		l.sell(&p, price)
		l.put(c, place{kind: nowhere}, p)
	}
	c.Stakes = nil
	l.Empty(c)
}

// Empty destroys the float and the treasury of a class.
func (l *Ledger) Empty(c *Class) {
	c.touch()
	float, treasury := c.Float, c.Treasury
	c.Float, c.Treasury = ratio.Ratio{}, ratio.Ratio{}
	l.put(c, place{kind: nowhere}, parcel{from: place{kind: inFloat}, class: c, gone: float, shares: float})
	l.put(c, place{kind: nowhere}, parcel{from: place{kind: inTreasury}, class: c, gone: treasury, shares: treasury})
}

// Remove removes a class of which nothing is issued.
func (l *Ledger) Remove(c *Class) {
	c.touch()
	i, found := slices.BinarySearchFunc(l.classes, c, compareClasses)
	if !found {
		return
	}
	l.removed = append(l.removed, c)
	l.classes = slices.Delete(l.classes, i, i+1)
	l.of[c.Issuer] = slices.DeleteFunc(slices.Clone(l.of[c.Issuer]), func(k *Class) bool { return k == c })
}
