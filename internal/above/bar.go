package above

import (
	"cmp"
	"math/big"
	"math/bits"
)

// bar is the limit of [Find].
type bar struct {
	limit   *big.Rat
	num     uint64 // limit = num/den, or den is 0
	den     uint64
	from    uint64 // a share of at least this is above the limit, and one below it is not
	atLeast bool
}

// newBar prepares the comparison with the limit.
func newBar(limit *big.Rat, atLeast bool) bar {
	b := bar{limit: limit, atLeast: atLeast}
	z := new(big.Int).Lsh(limit.Num(), 62)
	z, rest := z.QuoRem(z, limit.Denom(), new(big.Int))
	switch {
	case limit.Sign() < 0:
		b.from = 0
	case !z.IsUint64() || z.Uint64() > unit62:
		b.from = unit62 + 1
	case atLeast && rest.Sign() == 0:
		b.from = z.Uint64()
	default:
		b.from = z.Uint64() + 1
	}
	if limit.Sign() >= 0 && limit.Num().IsInt64() && limit.Denom().IsInt64() {
		b.num, b.den = limit.Num().Uint64(), limit.Denom().Uint64()
	}
	return b
}

// passed reports whether a comparison of a share with the limit, below 0 if it is less, means
// that the owner counts.
func (b *bar) passed(c int) bool { return c > 0 || c == 0 && b.atLeast }

// direct reports whether u of total units are above the limit.
func (b *bar) direct(u, total uint64) bool {
	if b.den == 0 {
		return b.passed(big.NewRat(int64(u), int64(total)).Cmp(b.limit))
	}
	h1, l1 := bits.Mul64(u, b.den)
	h2, l2 := bits.Mul64(total, b.num)
	return b.passed(cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2)))
}
