package takeover

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// maxCoverings is the largest number of choices that one knapsack tries.
const maxCoverings = 20_000

// item is a kind of lots in a knapsack: all of them are alike.
type item struct {
	offer  int
	most   int64
	cost   ratio.Ratio // in units, so whole
	weight ratio.Ratio // in units, so whole and above 0
}

// covering is the cheapest number of lots of each item whose weights add up to a need. All
// figures are whole multiples of two units.
type covering struct {
	items []item // the cheapest for its weight first
	need  ratio.Ratio
	unit  ratio.Ratio // of cost

	taken, best []int64
	cost        ratio.Ratio // of best
	found       bool
	tried       int
}

// newCovering makes the knapsack of some offers with gains. The gains of the lots bought
// must exceed the lack, or with reach be at least as much.
func newCovering(items []item, lack ratio.Ratio, reach bool) *covering {
	c := &covering{items: items}
	var weights, costs []ratio.Ratio
	for i := range items {
		weights, costs = append(weights, items[i].weight), append(costs, items[i].cost)
	}
	w := divisor(weights)
	if c.unit = divisor(costs); c.unit.IsZero() {
		c.unit = ratio.Int(1)
	}
	for i := range items {
		items[i].weight, items[i].cost = items[i].weight.Div(w), items[i].cost.Div(c.unit)
	}
	if lack = lack.Div(w); reach {
		c.need = ceil(lack)
	} else {
		c.need = lack.Floor().Add(ratio.Int(1))
	}
	slices.SortStableFunc(items, func(a, b item) int {
		if d := a.cost.Mul(b.weight).Cmp(b.cost.Mul(a.weight)); d != 0 {
			return d
		}
		return cmp.Or(b.weight.Cmp(a.weight), cmp.Compare(a.offer, b.offer))
	})
	return c
}

// bound is a lower bound of the cost of a need with the items from i on: parts of a lot can
// be bought, and the sum is rounded up to a whole unit. It returns false if the items do not
// suffice.
func (c *covering) bound(i int, need ratio.Ratio) (ratio.Ratio, bool) {
	var cost ratio.Ratio
	for ; need.Sign() > 0; i++ {
		if i == len(c.items) {
			return cost, false
		}
		t := &c.items[i]
		if all := t.weight.Mul(ratio.Int(t.most)); all.Less(need) {
			cost, need = cost.Add(t.cost.Mul(ratio.Int(t.most))), need.Sub(all)
			continue
		}
		cost, need = cost.Add(t.cost.Mul(need).Div(t.weight)), ratio.Ratio{}
	}
	return ceil(cost), true
}

// least returns a lower bound of the cost.
func (c *covering) least() (ratio.Ratio, bool) {
	b, ok := c.bound(0, c.need)
	return b.Mul(c.unit), ok
}

// solve returns the cheapest lots of each item, their cost, and a lower bound. The two are
// equal unless the search reached its cap.
func (c *covering) solve() (lots []int64, cost, least ratio.Ratio, ok bool) {
	low, ok := c.bound(0, c.need)
	if !ok {
		return nil, cost, least, false
	}
	c.taken = make([]int64, len(c.items))
	c.search(0, c.need, ratio.Ratio{}, low)
	if least = c.cost; c.tried > maxCoverings {
		least = low
	}
	return c.best, c.cost.Mul(c.unit), least.Mul(c.unit), true
}

// search tries numbers of lots of item i, the most first. It ends as soon as the cost is
// that of low, which is a lower bound of all. The first choice that it tries covers the
// need.
func (c *covering) search(i int, need, cost, low ratio.Ratio) {
	c.tried++
	if need.Sign() <= 0 {
		if !c.found || cost.Less(c.cost) {
			c.found, c.cost, c.best = true, cost, slices.Clone(c.taken)
		}
		return
	}
	if i == len(c.items) {
		return
	}
	t := &c.items[i]
	n := t.most
	if lots := ceil(need.Div(t.weight)); lots.Less(ratio.Int(n)) {
		n = lots.Num().Int64()
	}
	for ; n >= 0; n-- {
		if c.found && (c.tried > maxCoverings || c.cost.Equal(low)) {
			break
		}
		rest, paid := need.Sub(t.weight.Mul(ratio.Int(n))), cost.Add(t.cost.Mul(ratio.Int(n)))
		// Fewer lots of this item mean more of dearer ones, so the bound only grows, but for the
		// last lot: more than its weight is needed of nothing else.
		b, ok := c.bound(i+1, rest)
		if !ok {
			break
		}
		if c.found && !paid.Add(b).Less(c.cost) {
			if rest.Sign() < 0 {
				continue
			}
			break
		}
		c.taken[i] = n
		c.search(i+1, rest, paid, low)
	}
	c.taken[i] = 0
}

func ceil(r ratio.Ratio) ratio.Ratio { return r.Neg().Floor().Neg() }

// divisor is the largest fraction of which all figures are whole multiples. Figures of 0 are
// left out. It is 0 if there are no others.
func divisor(list []ratio.Ratio) ratio.Ratio {
	num, den := new(big.Int), big.NewInt(1)
	for _, r := range list {
		if r.IsZero() {
			continue
		}
		// gcd(a/b, c/d) = gcd(ad, cb)/(bd)
		a, b := new(big.Int).Mul(num, r.Denom()), new(big.Int).Mul(r.Num(), den)
		num.GCD(nil, nil, a, b)
		den.Mul(den, r.Denom())
		g := new(big.Int).GCD(nil, nil, num, den)
		num.Quo(num, g)
		den.Quo(den, g)
	}
	return ratio.FromRat(new(big.Rat).SetFrac(num, den))
}
