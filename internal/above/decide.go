package above

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/rounding"
)

// decide reports whether an owner is above the limit, where the bounds of its entry are too
// wide to tell.
func (w *run) decide(ctx context.Context, owner uint32, k int32) (bool, error) {
	if err := w.s.Index(ctx); err != nil {
		return false, err
	}
	if owner < w.nodes {
		if y, ok := w.simple(int32(owner), k); ok {
			return w.bar.passed(y.Cmp(w.bar.limit)), nil
		}
	}
	x, ok, err := w.fine.share(ctx, w, owner, k)
	if err != nil {
		return false, err
	}
	if ok && x.low >= w.bar.from {
		return true, nil
	}
	if ok && x.low+x.off < w.bar.from {
		return false, nil
	}
	return w.exceeds(ctx, w.owner(owner), k)
}

// again computes the owners of a company by themselves, where the bounds are too wide, and
// concludes.
func (w *worker) again(ctx context.Context, k int32) error {
	const places, most = 18, 1_000_000_000_000_000_000
	line, err := w.s.ColumnFixed(ctx, k, places, rounding.Down)
	if err != nil {
		return err
	}
	w.table.clear()
	for o, z := range line.All() {
		u, ok := z.Uint64()
		if !ok || !o.Float && w.c.Company(o.Node) {
			continue
		}
		owner := uint32(o.Node)
		if o.Float {
			owner += w.nodes
		}
		low, _ := share62(u, most)
		w.table.add(owner, low, unit62/most+2)
	}
	return w.conclude(ctx, k, bounds{list: w.table.list, last: true})
}

// exceeds reports whether a share is above the limit, exactly.
func (w *run) exceeds(ctx context.Context, o exact.Owner, k int32) (bool, error) {
	c, known := 0, false
	for places := 18; !known && places <= exact.MaxPlaces; places *= 3 {
		one := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
		bound, rest := new(big.Int).QuoRem(one.Mul(one, w.bar.limit.Num()), w.bar.limit.Denom(), new(big.Int))
		down, err := w.s.PairFixed(ctx, o, k, places, rounding.Down)
		if err != nil {
			return false, err
		}
		if c = down.Cmp(bound); c != 0 {
			known = true
		} else if rest.Sign() == 0 {
			up, err := w.s.PairFixed(ctx, o, k, places, rounding.Up)
			if err != nil {
				return false, err
			}
			c, known = up.Cmp(bound), true
		}
	}
	if !known {
		y, err := w.s.Pair(ctx, o, k)
		if err != nil {
			return false, err
		}
		c = y.Cmp(w.bar.limit)
	}
	return w.bar.passed(c), nil
}

// simple returns what an owner has of company k, if it has shares of few companies, directly
// and through others, and none of them is in a cycle. The matrix must be [Solver.indexed].
func (w *run) simple(owner, k int32) (*big.Rat, bool) {
	const most = 64
	reached := []int32{owner}
	for at := 0; at < len(reached) && len(reached) <= most; at++ {
		w.s.Issuers(reached[at], func(j int32) {
			if len(reached) <= most && !slices.Contains(reached, j) {
				reached = append(reached, j)
			}
		})
	}
	if len(reached) > most || slices.ContainsFunc(reached[1:], func(j int32) bool { return len(w.c.Members(w.c.Part[j])) > 1 }) {
		return nil, false
	}
	slices.SortFunc(reached[1:], func(a, b int32) int { return cmp.Compare(w.c.Pos[a], w.c.Pos[b]) })
	shares := map[int32]*big.Rat{owner: big.NewRat(1, 1)}
	for _, j := range reached {
		y := shares[j]
		w.s.Stakes(j, func(issuer int32, units *big.Int) {
			if units.Sign() > 0 {
				x := new(big.Rat).SetFrac(units, w.s.Holders(issuer).BigTotal())
				if x.Mul(x, y); shares[issuer] != nil {
					x.Add(x, shares[issuer])
				}
				shares[issuer] = x
			}
		})
	}
	if shares[k] == nil {
		return new(big.Rat), true
	}
	return shares[k], true
}
