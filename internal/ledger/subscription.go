package ledger

import "github.com/crossholding/crossholding/ratio"

// Subscribe creates new shares of c for the accounts of a name, in proportion. Each
// beneficiary pays the price of its shares to the issuer.
func (l *Ledger) Subscribe(c *Class, n *Name, taken ratio.Ratio, price Money) {
	for _, r := range n.stakes {
		x := taken.Mul(r.due).Div(n.Due)
		key := r.key
		to := place{key: key.plain()}
		if n.Float {
			to = place{kind: inFloat}
		}
		p := l.create(c, x)
		if !n.Float {
			p.lots = l.bought(x, price)
		}
		l.put(c, to, p)
		if price.Currency != "" && !x.IsZero() {
			l.Pay(key.Owner(), c.Issuer, price.times(x))
		}
	}
}
