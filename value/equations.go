package value

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// value fills in the gross values: first those with a price, then those that follow.
func (c *companies) value(ctx context.Context, fig Figures, v *crossholding.Valuation) error {
	byDividend, err := c.g.Dividends()
	if err != nil {
		return err
	}
	values, err := c.market(ctx, fig, v)
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
	c.findMissing(fig)
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
func (c *companies) market(ctx context.Context, fig Figures, v *crossholding.Valuation) (map[int32][]crossholding.Holding, error) {
	values := map[int32][]crossholding.Holding{}
	count := func(s crossholding.StakeValue) error {
		j, err := c.g.Company(s.Issuer)
		if err != nil || fig.price(s.Issuer) == "" {
			return err
		}
		m, err := s.Value()
		if err != nil && c.unknown[j] == nil {
			c.unknown[j] = err
		}
		c.gross[j] = c.gross[j].Add(m.Amount)
		if i, err := c.g.Node(s.Holder); err == nil {
			values[j] = append(values[j], crossholding.Holding{Node: i, Amount: m.Amount})
		}
		return nil
	}
	for s := range v.Stakes() {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		if err := count(s); err != nil {
			return nil, err
		}
	}
	for j := range c.list {
		id := c.g.ID(j)
		s, err := v.Stake(crossholding.FloatOf(id), id)
		if err != nil {
			return nil, err
		}
		if err := count(s); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// findMissing finds the companies without a figure, and those whose value needs one of them.
func (c *companies) findMissing(fig Figures) {
	var queue []int32
	for j := range c.list {
		_, own := c.own[j]
		if fig.price(c.g.ID(j)) == "" && !own {
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

// solve computes the gross values of the companies whose own business is known.
func (c *companies) solve(ctx context.Context) error {
	var open []int32
	base := map[int32]ratio.Ratio{} // own value and stakes in companies with prices
	for _, i := range sortedKeys(c.own) {
		if c.unknown[i] != nil {
			continue
		}
		open, base[i] = append(open, i), c.own[i]
		for _, h := range c.holds[i] {
			base[i] = base[i].Add(c.stakes[[2]int32{i, h.Node}])
		}
	}
	if len(open) == 0 {
		return nil
	}
	s, err := c.g.Solver(ctx, func(j int32) ([]crossholding.Holding, ratio.Ratio) {
		if _, isOpen := base[j]; !isOpen {
			return nil, one
		}
		return slices.DeleteFunc(slices.Clone(c.held[j]), func(h crossholding.Holding) bool {
			_, isOpen := base[h.Node]
			return !isOpen
		}), one
	}, crossholding.OwnershipOptions{})
	if err != nil {
		return err
	}
	for _, i := range open {
		if c.gross[i] = base[i]; len(c.holds[i]) == 0 {
			continue
		}
		shares, _, err := s.Holdings(ctx, i)
		if err != nil {
			return err
		}
		for _, h := range shares {
			c.gross[i] = c.gross[i].Add(h.Amount.Mul(base[h.Node]))
		}
	}
	for _, i := range open {
		c.settle(i)
	}
	return nil
}
