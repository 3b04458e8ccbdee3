package power

import (
	"context"
	"math/big"
)

// formula returns the indices of the large holders with an ocean without limits:
// the ocean can make any coalition reach the quota, and no coalition needs more
// than the whole ocean.
//
// Let T = (q - w(C))/A. The ocean is pivotal with exactly the coalition C
// before it with probability T^|C| (1-T)^(m-|C|). By the identity of A. Hurwitz
// (Über Abel's Verallgemeinerung der binomischen Formel, Acta Mathematica 26,
// 1902; not verified in the article), the sum over all C is the sum over k of
// (-1)^k k! e_k(w/A), for any quota. Here e_k are the elementary symmetric
// polynomials. A holder is pivotal while the quota of the others falls by its
// weight. So its index is w/A times that sum over the others.
func (d Dispersed) formula() []*big.Rat {
	m := len(d.large)
	a := big.NewInt(d.ocean)
	e := make([]*big.Int, m+1) // of all the weights; below, without the weight of each holder
	for k := range e {
		e[k] = new(big.Int)
	}
	e[0].SetInt64(1)
	t := new(big.Int)
	for j, w := range d.large {
		for k := j + 1; k > 0; k-- {
			e[k].Add(e[k], t.Mul(e[k-1], big.NewInt(w)))
		}
	}
	power := new(big.Int).Exp(a, big.NewInt(int64(m)), nil)
	out := make([]*big.Rat, m)
	for i, w := range d.large {
		// Horner's method from the last term: k! over A^k is a factor k/A for
		// each step.
		others := make([]*big.Int, m)
		others[0] = e[0]
		for k := 1; k < m; k++ {
			others[k] = new(big.Int).Mul(others[k-1], big.NewInt(w))
			others[k].Sub(e[k], others[k])
		}
		sum, scale := new(big.Int), big.NewInt(1) // sum over A^(steps)
		for k := m - 1; k >= 0; k-- {
			sum.Mul(sum, big.NewInt(-int64(k+1)))
			sum.Add(sum, t.Mul(others[k], scale))
			scale.Mul(scale, a)
		}
		out[i] = new(big.Rat).SetFrac(sum.Mul(sum, big.NewInt(w)), power)
	}
	return out
}

// depths returns the quota minus the ocean, and the same for the dual. A depth is
// below 0 if the ocean alone is more than enough.
func (d Dispersed) depths() (own, dual int64) {
	own, dual = d.quota-d.ocean, -d.quota
	for _, w := range d.large {
		dual += w
	}
	return own, dual
}

// dual returns the meeting in which a coalition wins when all the others
// together lose this one. Both have the same indices.
func (d Dispersed) dual() Dispersed {
	total := d.ocean + d.count*d.each
	for _, w := range d.large {
		total += w
	}
	d.quota = total - d.quota
	if d.count > 0 {
		d.quota++
	}
	return d
}

// byFormula calculates by the formula and subtracts its excess. The formula gives
// too much for the coalitions that lose even with all of the ocean, and for those
// that win without any of it.
func (d Dispersed) byFormula(ctx context.Context, o Options) ([]*big.Rat, error) {
	out := d.formula()
	own, dual := d.depths()
	var quotas []int64
	if own > 0 {
		quotas = append(quotas, d.quota)
	}
	if dual > 0 {
		quotas = append(quotas, d.dual().quota)
	}
	if len(quotas) == 0 {
		if o.Progress != nil {
			o.Progress(len(out), len(out))
		}
		return out, nil
	}
	less, err := d.byLedger(ctx, o, true, quotas...)
	if err != nil {
		return nil, err
	}
	for i, x := range less {
		out[i].Sub(out[i], x)
	}
	return out, nil
}

// byLedger calculates from the weights of the coalitions. If deep is true, it
// returns the excess of the formula for the coalitions of these quotas.
func (d Dispersed) byLedger(ctx context.Context, o Options, deep bool, quotas ...int64) ([]*big.Rat, error) {
	l, err := d.ledger(ctx, o, deep, quotas...)
	if err != nil {
		return nil, err
	}
	return l.indices(ctx, o)
}
