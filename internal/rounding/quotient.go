package rounding

import (
	"math/big"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// Quotient rounds quotients of values by a divisor. [NewQuotient] makes it.
type Quotient struct {
	inverse fixed128.Value // 1 over the divisor
	short   Short
}

// NewQuotient returns a rounder of quotients by d. All values and d have an error of at most off, and
// the exact values are at most the exact divisor, which is at least 1.
//
// Proof of the bound: write v' and d' for the computed numbers and v and d for the exact ones. Then
// v'/d' - v/d = (v'-v)/d' + (v/d)(d-d')/d', where d' is raised to 1 if it is less, which brings it
// nearer to d. So the exact quotient by d' has an error of at most 2 off. The inverse falls short of
// 1/d' by less than one unit, and a value is below d'+1, so the product falls short by less than
// d'+1 units for this, and by less than one unit for its own rounding.
func NewQuotient(places int, mode Mode, off uint64, d fixed128.Value) Quotient {
	if d.Hi < fixed128.One.Hi {
		d = fixed128.One
	}
	z := new(big.Int).Lsh(one, 2*fixed128.Bits)
	inverse, _ := fixed128.ValueOf(z.Quo(z, d.Big()))
	return Quotient{inverse, NewShort(places, mode, 2*off+d.Whole()+3)}
}

// Round returns the coefficient to which v over the divisor rounds, as [Short.Round] does.
func (q *Quotient) Round(v fixed128.Value) (z uint64, ok bool) {
	var product [4]uint64
	fixed128.MulAdd(&product, v, q.inverse)
	return q.short.Round(fixed128.Product(&product))
}
