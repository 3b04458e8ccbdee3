package power

import (
	"context"
	"math/bits"

	"github.com/crossholding/crossholding/internal/residue"
)

// This file has the inner loops. Entry k of a table is the coefficient of x^k in
// the product of (1 + r x^w) over the players, modulo p. It is the sum of r^size
// over the coalitions of weight k. With r = 1 it is their number.

// axpyGo adds r src to dst modulo p. The entries of dst stay below 2p. The
// entries of src can be any words. The slices have the same length and do not
// overlap.
func axpyGo(dst, src []uint64, r, rs, p uint64) {
	src = src[:len(dst)]
	p2 := 2 * p
	for i, x := range src {
		q, _ := bits.Mul64(x, rs)
		v := dst[i] + x*r - q*p
		if v >= p2 {
			v -= p2
		}
		dst[i] = v
	}
}

// foldGo adds r src to dst modulo p = 2^n - less. The entries are below 2p, and
// (r+1) 2p fits in a word. The part above n bits is multiplied by less and
// added to the part below.
func foldGo(dst, src []uint64, r, less uint64, n uint) {
	src = src[:len(dst)]
	n &= 63
	mask := uint64(1)<<n - 1
	for i, x := range src {
		v := dst[i] + x*r
		dst[i] = v&mask + v>>n*less
	}
}

// axpyWords adds r src to dst modulo p. The entries are below 2p.
func axpyWords(dst, src []uint64, f field) {
	if f.fold != 0 {
		foldGo(dst, src, f.r, f.less, f.fold)
		return
	}
	axpyGo(dst, src, f.r, f.rs, f.p)
}

// addGo adds src to dst modulo m. The entries are below m, and m is at most
// 2^63.
func addGo(dst, src []uint64, m uint64) {
	src = src[:len(dst)]
	for i, x := range src {
		v := dst[i] + x
		if v >= m {
			v -= m
		}
		dst[i] = v
	}
}

// addWords adds src to dst modulo 2^64. It adds four words in a round, because
// the speed of a loop over single words depends on where the linker puts it.
func addWords(dst, src []uint64) {
	src = src[:len(dst)]
	for len(dst) >= 4 && len(src) >= 4 {
		dst[0] += src[0]
		dst[1] += src[1]
		dst[2] += src[2]
		dst[3] += src[3]
		dst, src = dst[4:], src[4:]
	}
	for i, x := range src {
		dst[i] += x
	}
}

// subtractWords sets dst to x minus y modulo 2^64.
func subtractWords(dst, x, y []uint64) {
	x, y = x[:len(dst)], y[:len(dst)]
	for len(dst) >= 4 && len(x) >= 4 && len(y) >= 4 {
		dst[0] = x[0] - y[0]
		dst[1] = x[1] - y[1]
		dst[2] = x[2] - y[2]
		dst[3] = x[3] - y[3]
		dst, x, y = dst[4:], x[4:], y[4:]
	}
	for i, v := range y {
		dst[i] = x[i] - v
	}
}

// sumWords returns the sum modulo 2^64.
func sumWords(x []uint64) uint64 {
	var a, b, c, d uint64
	for ; len(x) >= 4; x = x[4:] {
		a += x[0]
		b += x[1]
		c += x[2]
		d += x[3]
	}
	for _, v := range x {
		a += v
	}
	return a + b + c + d
}

// step adds r src to dst.
func (f field) step(dst, src []uint64) {
	switch {
	case f.room > 0:
		addWords(dst, src)
	case f.r == 1:
		add(dst, src, f.m)
	default:
		axpy(dst, src, f)
	}
}

const (
	block      = 8192    // entries that are calculated at a time
	reach      = 1 << 16 // the largest weight of a batch of players; this number of entries fits in the cache
	chainReach = 3 << 14 // the same for chains
)

// multiply multiplies the table by (1 + r x^w) for every given weight, in any
// order. used is the number of entries that can be nonzero before. It returns
// the number that can be nonzero after.
func (f field) multiply(ctx context.Context, a []uint64, ws []int64, used int) (int, error) {
	if f.inverse != 0 {
		f.toFloats(a[:used])
	}
	used, err := walk(ctx, len(a), ws, used, maxPlayers, func(n int, ws []int64) { f.batch(a, n, ws) })
	if f.inverse != 0 {
		f.toWords(a[:used])
	}
	return used, err
}

// walk multiplies a table of n entries by batches of at most most players. batch
// multiplies the given number of entries.
//
// For each batch, the table is walked once from the top, and every player works a
// little below the one before. So each block is fetched once for the whole batch.
func walk(ctx context.Context, n int, ws []int64, used, most int, batch func(n int, ws []int64)) (int, error) {
	for len(ws) > 0 {
		if err := cancelled(ctx); err != nil {
			return used, err
		}
		m, span := nextBatch(ws, most)
		used = int(min(int64(n), int64(used)+span))
		batch(used, ws[:m])
		ws = ws[m:]
	}
	return used, nil
}

// nextBatch returns the number of players in the next batch, at most most, and their
// weight.
func nextBatch(ws []int64, most int) (m int, span int64) {
	limit := int64(reach)
	if path == vectors256 {
		limit = chainReach
	}
	m, span = 1, ws[0]
	for m < min(len(ws), most) && span+ws[m] <= limit {
		span += ws[m]
		m++
	}
	return m, span
}

// count makes the table of the coalitions by weight, with r = 1, up to at most
// half of all weights. There are as many coalitions of weight k as of the
// weight of all players minus k. So only the lower half of each intermediate
// table is computed, and the entries above it that the next table needs are its
// mirror image.
func (f field) count(ctx context.Context, a []uint64, ws []int64) error {
	clear(a)
	a[0] = 1
	total, valid := int64(0), 1
	for len(ws) > 0 {
		if err := cancelled(ctx); err != nil {
			return err
		}
		m, span := nextBatch(ws, max(f.room, 1))
		top := int(min(int64(len(a)), (total+span)/2+1))
		for k := valid; k < top && int64(k) <= total; k++ {
			a[k] = a[total-int64(k)]
		}
		total, valid = total+span, top
		f.batch(a, top, ws[:m])
		ws = ws[m:]
	}
	return nil
}

// batch multiplies n entries by a few players. With room for sums, it folds them
// in the end.
func (f field) batch(a []uint64, n int, ws []int64) {
	if f.chained(a, n, ws) {
		return
	}
	last := len(ws) - 1
	blocks(n, ws, func(j, from, to int) {
		f.shift(a, int(ws[j]), from, to)
		if j == last && f.room > 0 && f.p != 0 {
			f.foldWords(a[from:to])
		}
	})
	if f.room > 0 && f.p != 0 {
		f.foldWords(a[:min(n, int(ws[last]))])
	}
}

// foldWords makes entries of any size less than 2p.
func (f field) foldWords(a []uint64) {
	mask, n := uint64(1)<<(f.fold&63)-1, f.fold&63
	for k, x := range a {
		a[k] = x&mask + x>>n*f.less
	}
}

// blocks multiplies n entries by a few players in one walk from the top down,
// through shift.
func blocks(n int, ws []int64, shift func(j, from, to int)) {
	for hi := n; ; hi -= block {
		low := hi - block // the lower end for the first player in this round
		working := false
		for j, w := range ws {
			if j > 0 {
				low += int(w)
			}
			from, to := max(low, int(w)), min(low+block, n)
			if from < to {
				shift(j, from, to)
			}
			working = working || low > int(w)
		}
		if !working {
			return
		}
	}
}

// shift does a[k] += r a[k-w] for k from to-1 down to from.
func (f field) shift(a []uint64, w, from, to int) {
	if w < 16 {
		f.shiftSmall(a, w, from, to)
		return
	}
	for to > from {
		lo := from
		if to-from > w {
			// Tables begin at a cache line, so blocks should begin at one too.
			lo = (to - w + 7) &^ 7
		} else if next := (from + 7) &^ 7; next < to {
			lo = next
		}
		f.step(a[lo:to], a[lo-w:to-w])
		to = lo
	}
}

func (f field) shiftSmall(a []uint64, w, from, to int) {
	if f.room > 0 {
		for k := to - 1; k >= from; k-- {
			a[k] += a[k-w]
		}
		return
	}
	for k := to - 1; k >= from; k-- {
		v := a[k-w]
		if f.r != 1 {
			v = residue.MulLazy(v, f.r, f.rs, f.p)
		}
		if v += a[k]; v >= f.m {
			v -= f.m
		}
		a[k] = v
	}
}

// divide undoes a multiplication by (1 + r x^w), from the bottom up.
func (f field) divide(a []uint64, w int) {
	if f.p == 0 {
		for k := w; k < len(a); k++ {
			a[k] -= a[k-w]
		}
		return
	}
	for k := w; k < len(a); k++ {
		v := a[k-w]
		if f.r != 1 {
			v = residue.MulLazy(v, f.r, f.rs, f.p)
		}
		a[k] = residue.Sub(a[k], v, f.m)
	}
}

// accumulate turns entries into running sums below p.
func (f field) accumulate(a []uint64) {
	var sum uint64
	if f.p == 0 {
		for k, x := range a {
			sum += x
			a[k] = sum
		}
		return
	}
	for k, x := range a {
		if x >= f.p {
			x -= f.p
		}
		if sum += x; sum >= f.p {
			sum -= f.p
		}
		a[k] = sum
	}
}

// without returns the running sum at k of the table without a player of weight
// w and mark r. It is the alternating series S(k) - r S(k-w) + r^2 S(k-2w) -
// ... of running sums, which are 0 below the table.
func (f field) without(sums []uint64, w, k int) uint64 {
	if k < 0 {
		return 0
	}
	var v uint64
	if f.p == 0 {
		for i := k % w; i <= k; i += w {
			v = sums[i] - v
		}
		return v
	}
	if f.r == 1 {
		return f.alternate(sums, w, k)
	}
	for i := k % w; i <= k; i += w {
		v = residue.Sub(sums[i], residue.MulShoup(v, f.r, f.rs, f.p), f.p)
	}
	return v
}

// alternate returns S(k) - S(k-w) + S(k-2w) - ... modulo p, for sums below p. It
// has no branch that depends on the sums, so that the processor can read ahead.
func (f field) alternate(sums []uint64, w, k int) uint64 {
	var hi, lo, carry uint64
	for ; k >= w; k -= 2 * w {
		d := sums[k] - sums[k-w]
		d += f.p & uint64(int64(d)>>63)
		lo, carry = bits.Add64(lo, d, 0)
		hi += carry
	}
	if k >= 0 {
		lo, carry = bits.Add64(lo, sums[k], 0)
		hi += carry
	}
	return bits.Rem64(hi, lo, f.p)
}

// swings returns the sum of r^size over the coalitions without a player of
// weight w that weigh less than q without the player and at least q with it.
func (f field) swings(sums []uint64, w, q int) uint64 {
	v := f.without(sums, w, q-1-w)
	if f.p == 0 {
		return sums[q-1] - 2*v
	}
	// S'(q-1) - S'(q-1-w), where S'(q-1) = S(q-1) - r S'(q-1-w).
	return residue.Sub(sums[q-1], residue.Mul(v, f.r+1, f.p), f.p)
}
