package value

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// value fills in the gross values: first those with a price, then those that follow.
func (c *companies) value(ctx context.Context, v *crossholding.Valuation) error {
	byDividend, err := c.g.Dividends()
	if err != nil {
		return err
	}
	values, err := c.market(ctx, v)
	if err != nil {
		return err
	}
	for j := range c.list {
		held, total := values[j], c.gross[j]
		if total.IsZero() {
			held, total = byDividend.Fractions(j), one
		}
		for _, h := range held {
			c.add(h.Node, j, h.Amount.Div(total))
		}
		c.settle(j)
	}
	c.findMissing()
	return c.solve(ctx)
}

// add notes the fraction of company j that holder i has.
func (c *companies) add(i, j int32, fraction ratio.Ratio) {
	if !c.g.HasShares(i) {
		c.others[j] = append(c.others[j], crossholding.Holding{Node: i, Amount: fraction})
		return
	}
	c.held[j] = append(c.held[j], crossholding.Holding{Node: i, Amount: fraction})
	c.holds[i] = append(c.holds[i], crossholding.Holding{Node: j, Amount: fraction})
}

// settle values the stakes in company j at its gross value.
func (c *companies) settle(j int32) {
	for _, h := range c.held[j] {
		c.stakes[[2]int32{h.Node, j}] = h.Amount.Mul(c.gross[j])
	}
}

// market values the outstanding shares of the companies with prices. It returns the values of
// the stakes in each.
func (c *companies) market(ctx context.Context, v *crossholding.Valuation) (map[int32][]crossholding.Holding, error) {
	values := map[int32][]crossholding.Holding{}
	price := map[int32]ratio.Ratio{} // of a share, where all classes have one price
	sums := map[int32]ratio.Ratio{}
	for s := range v.Stakes() {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		i, err1 := c.g.Node(s.Holder)
		j, err2 := c.g.Company(s.Issuer)
		if err := cmp.Or(err1, err2); err != nil {
			return nil, err
		}
		if _, priced := c.priceKey[j]; !priced || s.Shares.IsZero() {
			continue
		}
		m, err := s.Value()
		if err != nil {
			c.unknown[j] = cmp.Or(c.unknown[j], err)
			continue
		}
		values[j] = append(values[j], crossholding.Holding{Node: i, Amount: m.Amount})
		if sums[j] = sums[j].Add(m.Amount); !c.byClass[j] {
			price[j] = m.Amount.Div(s.Shares)
		}
	}
	for j := range c.priceKey {
		if err := c.capitalise(j, v, price, sums[j]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// capitalise values all outstanding shares of a company: at the price of a share, or as what
// the holders and the float have.
func (c *companies) capitalise(j int32, v *crossholding.Valuation, price map[int32]ratio.Ratio, held ratio.Ratio) error {
	if c.unknown[j] != nil {
		return nil
	}
	if p, ok := price[j]; ok {
		issued, treasury := c.g.Issued(j)
		c.gross[j] = p.Mul(issued.Sub(treasury))
		return nil
	}
	id := c.g.ID(j)
	s, err := v.Stake(crossholding.FloatOf(id), id)
	if err != nil {
		return err
	}
	m, err := s.Value()
	if err != nil {
		c.unknown[j] = err
		return nil
	}
	c.gross[j] = held.Add(m.Amount)
	return nil
}

// findMissing finds the companies without a figure, and those whose value needs one of them.
func (c *companies) findMissing() {
	var queue []int32
	for j := range c.list {
		_, own := c.own[j]
		if _, priced := c.priceKey[j]; !priced && !own {
			c.unknown[j] = noPrice("the value of "+c.g.ID(j), []string{c.g.ID(j)})
		}
		if c.unknown[j] != nil {
			queue = append(queue, j)
		}
	}
	for len(queue) > 0 {
		j := queue[0]
		queue = queue[1:]
		for _, h := range c.held[j] {
			if _, own := c.own[h.Node]; own && c.unknown[h.Node] == nil {
				c.unknown[h.Node] = noPrice("the value of "+c.g.ID(h.Node), []string{c.g.ID(j)})
				queue = append(queue, h.Node)
			}
		}
	}
}

// solve computes the gross values of the companies whose own business is known. Those that
// hold only companies with a value follow at once, and then those that hold them. Of the rest,
// those that nobody of the rest holds come last. What remains has loops, and is solved as
// equations.
func (c *companies) solve(ctx context.Context) error {
	open := map[int32]bool{}
	for i := range c.own {
		if c.unknown[i] == nil {
			open[i] = true
		}
	}
	below := c.peel(open, c.holds, c.held)
	for _, i := range below {
		c.finish(i)
	}
	above := c.peel(open, c.held, c.holds)
	if err := c.solveLoops(ctx, open); err != nil {
		return err
	}
	for _, i := range slices.Backward(above) {
		c.finish(i)
	}
	return nil
}

// finish computes the gross value of a company, all of whose stakes have values.
func (c *companies) finish(i int32) {
	c.gross[i] = c.own[i]
	for _, h := range c.holds[i] {
		c.gross[i] = c.gross[i].Add(c.stakes[[2]int32{i, h.Node}])
	}
	c.settle(i)
}

// peel removes companies from open that have no neighbour in open in one direction, then those
// that have none left, and returns them in this order.
func (c *companies) peel(open map[int32]bool, towards, back map[int32][]crossholding.Holding) []int32 {
	left := map[int32]int{}
	var out []int32
	for _, i := range sortedKeys(open) {
		for _, h := range towards[i] {
			if open[h.Node] {
				left[i]++
			}
		}
		if left[i] == 0 {
			out = append(out, i)
		}
	}
	for k := 0; k < len(out); k++ {
		delete(open, out[k])
		for _, h := range back[out[k]] {
			if left[h.Node]--; open[h.Node] && left[h.Node] == 0 {
				out = append(out, h.Node)
			}
		}
	}
	return out
}

// solveLoops computes the gross values of companies that hold one another in loops.
func (c *companies) solveLoops(ctx context.Context, open map[int32]bool) error {
	if len(open) == 0 {
		return nil
	}
	base := map[int32]ratio.Ratio{} // own value and stakes that have a value
	for i := range open {
		base[i] = c.own[i]
		for _, h := range c.holds[i] {
			if !open[h.Node] {
				base[i] = base[i].Add(c.stakes[[2]int32{i, h.Node}])
			}
		}
	}
	free := c.outsider(open)
	for _, sign := range []int{1, -1} {
		if err := c.addLoops(ctx, open, base, free, sign); err != nil {
			return err
		}
	}
	for i := range open {
		c.settle(i)
	}
	return nil
}

// outsider returns a node that is not in open, or -1.
func (c *companies) outsider(open map[int32]bool) int32 {
	for i := range int32(c.g.Len()) {
		if !open[i] {
			return i
		}
	}
	return -1
}

// addLoops adds what the bases of one sign come to. A company that is held in proportion to
// the bases has owners in proportion to (I-C)^-1·base: so one column of the solver answers for
// all companies. Node free stands for it. A base that is not above 0 counts as 1 for the first
// sign and as 1 - base for the second, so that the solver meets every company and finds those
// that nobody outside owns. Without a free node, each company asks for its row.
func (c *companies) addLoops(ctx context.Context, open map[int32]bool, base map[int32]ratio.Ratio, free int32, sign int) error {
	var bases []crossholding.Holding
	total := ratio.Ratio{}
	for _, i := range sortedKeys(open) {
		amount := base[i]
		switch above := amount.Sign() > 0; {
		case above && sign < 0:
			continue
		case !above && sign < 0:
			amount = one.Sub(amount)
		case !above:
			amount = one
		}
		bases, total = append(bases, crossholding.Holding{Node: i, Amount: amount}), total.Add(amount)
	}
	if len(bases) == 0 {
		return nil
	}
	s, err := c.g.Solver(ctx, func(j int32) ([]crossholding.Holding, ratio.Ratio) {
		switch {
		case j == free:
			return bases, total
		case !open[j]:
			return nil, one
		}
		return slices.DeleteFunc(slices.Clone(c.held[j]), func(h crossholding.Holding) bool { return !open[h.Node] }), one
	}, crossholding.OwnershipOptions{})
	if err != nil {
		return err
	}
	if free < 0 {
		return c.addRows(ctx, s, open, base, sign)
	}
	owners, _, err := s.Owners(ctx, free)
	if err != nil {
		return err
	}
	for _, h := range owners {
		if !h.Float {
			c.gross[h.Node] = c.gross[h.Node].Add(h.Amount.Mul(total).Mul(ratio.Int(int64(sign))))
		}
	}
	return nil
}

// addRows is addLoops, row by row.
func (c *companies) addRows(ctx context.Context, s *crossholding.Solver, open map[int32]bool, base map[int32]ratio.Ratio, sign int) error {
	if sign < 0 {
		return nil // a row has both signs
	}
	for _, i := range sortedKeys(open) {
		shares, _, err := s.Holdings(ctx, i)
		if err != nil {
			return err
		}
		c.gross[i] = base[i]
		for _, h := range shares {
			c.gross[i] = c.gross[i].Add(h.Amount.Mul(base[h.Node]))
		}
	}
	return nil
}
