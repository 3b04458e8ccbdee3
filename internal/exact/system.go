package exact

import (
	"context"
	"math/bits"
	"slices"
	"sort"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// system is the integer system of one part, by equations. Equation k is diag[k] x[k] - sum
// of coef x[index] = right-hand side. The indices of an equation ascend. By row it is w B = rhs,
// with one equation for each column of B. By column it is B z = rhs. A scaled system by column
// has every column k multiplied by 2^shift[k], so that all diagonals have the same number of
// bits.
type system struct {
	diag  []int64
	start []int32
	index []int32
	coef  []int64
	shift []uint8 // by column only
	top   uint    // the bits of the largest total
	sum   uint    // the bits of the largest sum of an equation's coefficients
}

// system builds the system of a part without wide columns.
func (s *Solver) system(ctx context.Context, q *part, byRow, scaled bool) (*system, error) {
	n := len(q.nodes)
	y := &system{diag: make([]int64, n), start: make([]int32, n+1), shift: make([]uint8, n)}
	for k, node := range q.nodes {
		y.diag[k] = s.Holders(node).Total
		y.top = max(y.top, uint(bits.Len64(uint64(y.diag[k]))))
	}
	if scaled && !byRow {
		for k, d := range y.diag {
			y.shift[k] = uint8(y.top - uint(bits.Len64(uint64(d))))
			y.diag[k] = d << y.shift[k]
		}
	}
	each := func(yield func(i, k int32, u int64)) error {
		for k, node := range q.nodes {
			if k&0xff == 0xff {
				if err := canceled(ctx); err != nil {
					return err
				}
			}
			col := s.Holders(node)
			for e, h := range col.Rows {
				if i := q.local(h); i >= 0 && col.Units[e] > 0 {
					yield(int32(i), int32(k), col.Units[e]<<y.shift[k])
				}
			}
		}
		return nil
	}
	ends := func(i, k int32) (int32, int32) {
		if byRow {
			return k, i
		}
		return i, k
	}
	err := each(func(i, k int32, _ int64) {
		eq, _ := ends(i, k)
		y.start[eq+1]++
	})
	if err != nil {
		return nil, err
	}
	for k := range n {
		y.start[k+1] += y.start[k]
	}
	next := append([]int32(nil), y.start...)
	y.index, y.coef = make([]int32, y.start[n]), make([]int64, y.start[n])
	err = each(func(i, k int32, u int64) {
		eq, of := ends(i, k)
		y.index[next[eq]], y.coef[next[eq]] = of, u
		next[eq]++
	})
	if err != nil {
		return nil, err
	}
	for k := range n {
		if e := y.start[k+1]; !slices.IsSorted(y.index[y.start[k]:e]) {
			sort.Sort(&equation{y.index[y.start[k]:e], y.coef[y.start[k]:e]})
		}
		y.sum = max(y.sum, y.sumOf(k))
	}
	return y, nil
}

// sumOf returns the bits of the sum of the coefficients of equation k.
func (y *system) sumOf(k int) uint {
	hi, lo, carry := uint64(0), uint64(y.diag[k]), uint64(0)
	for _, u := range y.coef[y.start[k]:y.start[k+1]] {
		lo, carry = bits.Add64(lo, uint64(u), 0)
		hi += carry
	}
	if hi > 0 {
		return 64 + uint(bits.Len64(hi))
	}
	return uint(bits.Len64(lo))
}

// entry returns the first entry of equation k with the given index. ok is false if there is none.
func (y *system) entry(k int, index int32) (e int32, ok bool) {
	lo, hi := y.start[k], y.start[k+1]
	at, ok := slices.BinarySearch(y.index[lo:hi], index)
	return lo + int32(at), ok
}

// equation is the entries of one equation, to be sorted by index.
type equation struct {
	index []int32
	coef  []int64
}

func (q *equation) Len() int           { return len(q.index) }
func (q *equation) Less(i, j int) bool { return q.index[i] < q.index[j] }
func (q *equation) Swap(i, j int) {
	q.index[i], q.index[j] = q.index[j], q.index[i]
	q.coef[i], q.coef[j] = q.coef[j], q.coef[i]
}

// apply returns the left side of equation k for integers x, modulo 2^128. It is exact if
// the true value fits.
func (y *system) apply(k int, x []int64) fixed128.Int {
	hi, lo := fixed128.Mul(x[k], y.diag[k])
	from, to := y.start[k], y.start[k+1]
	index, coef := y.index[from:to], y.coef[from:to]
	var h, l, borrow uint64
	for e, i := range index {
		ph, pl := fixed128.Mul(x[i], coef[e])
		var c uint64
		l, c = bits.Add64(l, pl, 0)
		h, _ = bits.Add64(h, ph, c)
	}
	lo, borrow = bits.Sub64(lo, l, 0)
	hi, _ = bits.Sub64(hi, h, borrow)
	return fixed128.Int{Hi: int64(hi), Lo: lo}
}
