package power

import (
	"context"
	"math/big"
	"math/bits"
	"slices"
	"sort"
)

// ledger lists the distinct weights that coalitions of large holders can have.
// For each weight it has the number of coalitions of each size, and the tails
// of the dispersed holders.
//
// Let z be the part of the dispersed holders, of A in total, that a coalition
// of weight k needs to reach the quota. The sum over the times of arrival gives
// the probability that exactly s given ones of m large holders, and no more
// than z of the dispersed holders, come before a given one: it is P(m, s)/(m
// binomial(m-1, s)). Here P(m, s) is the sum, for c from s+1 to m, of the terms
// binomial(m, c) z^(c) (A-z)^(m-c), over A^(m). This is a binomial tail. For an
// ocean the powers are plain powers and z is a weight. For a crowd they are
// rising factorials, z is a number of holders, and A is one more than the
// number of all small holders.
//
// A deep ledger is for an ocean that is too small. It lists the weights that
// stay below the quota even with all of the ocean. The formula for an ocean
// without limits gives too much for them, and the chances of a deep ledger are
// this excess: the integrals to z/A, which is above 1, start from 1 and not from
// 0. They sum the terms up to s, not those from s+1 on. The powers of A-z
// alternate in sign, and so do the sums. The formula also gives too much for the
// dual of the meeting. A coalition counts in the same way for both, so one deep
// ledger can have both quotas and the sums of their tails.
type ledger struct {
	d      Dispersed
	m      int
	deep   bool
	quotas []int64 // one, or two of a deep ledger, the largest first
	below  int64   // only weights below this are listed
	rise   int64
	whole  int64    // A
	ways   []uint64 // binomial(m-1, s)
	limbs  int      // words of a number in tails
	sizes  int      // the number of sizes that listed coalitions can have, from 0 on
	unit   int64    // the sums are 0, unit, 2 unit and so on; 0 if they are listed one by one
	sums   []int64  // distinct, ascending
	apart  int      // the places between two quotas; -1 if there is one quota, or no whole number of places
	flat   int      // the number of sums that need all of the dispersed holders, or more
	count  []uint64 // number of coalitions, for each size and then each of the sums
	from   []int    // by size: coalitions have the sums from here on
	to     []int    // by size: and before here

	oldSums  []int64 // memory for the next list
	oldCount []uint64

	rows  int      // the sizes s in tails
	tails []uint64 // P(m-1, s), for each s, each word and then each of the sums from flat on
}

// ledger lists the weights of the coalitions. quotas is the quota of d, that of
// its dual, or both for a deep ledger.
func (d Dispersed) ledger(ctx context.Context, o Options, deep bool, quotas ...int64) (*ledger, error) {
	l := &ledger{d: d, m: len(d.large), deep: deep, whole: d.ocean}
	l.quotas = slices.Sorted(slices.Values(quotas))
	slices.Reverse(l.quotas)
	l.below = l.quotas[0]
	switch {
	case d.count > 0:
		l.rise, l.whole = 1, d.count+1
	case deep:
		l.below -= d.ocean
	}
	l.below = max(l.below, 1) // the quota of a dual can be 0
	l.ways = []uint64{1}
	for s := 1; s < l.m; s++ {
		l.ways = append(l.ways, l.ways[s-1]*uint64(l.m-s)/uint64(s)) // the product fits for mostLarge
	}
	l.limbs = (l.widest().BitLen() + 63) / 64
	ws := slices.Sorted(slices.Values(d.large))
	l.sizes = 1
	for sum := int64(0); l.sizes <= l.m && sum+ws[l.sizes-1] < l.below; l.sizes++ {
		sum += ws[l.sizes-1]
	}
	l.rows = min(l.sizes, l.m) - 1
	if err := l.list(ctx, o, ws); err != nil {
		return nil, err
	}
	l.measure()
	return l, nil
}

// widest returns a bound on the sums of tails of one weight, and on the terms in
// them. The terms of a deep ledger have the powers of z-A in place of A-z.
func (l *ledger) widest() *big.Int {
	base := l.whole
	if l.deep {
		base = 2*l.quotas[0] - l.whole
	}
	x := l.power(base, l.m-1)
	return x.Mul(x, big.NewInt(int64(len(l.quotas))))
}

// measure finds the sums of each size, those that need all of the dispersed holders,
// and how far two quotas are apart.
func (l *ledger) measure() {
	l.apart = -1
	if len(l.quotas) == 2 && l.unit > 0 && (l.quotas[0]-l.quotas[1])%l.unit == 0 {
		l.apart = int(min((l.quotas[0]-l.quotas[1])/l.unit, int64(len(l.sums))))
	}
	l.from, l.to = make([]int, l.sizes), make([]int, l.sizes)
	for s := range l.sizes {
		row := l.row(s)
		l.from[s] = slices.IndexFunc(row, func(c uint64) bool { return c != 0 })
		for l.to[s] = len(row); row[l.to[s]-1] == 0; l.to[s]-- {
		}
	}
	if !l.deep {
		l.flat = sort.Search(len(l.sums), func(k int) bool { return l.short(l.sums[k], l.quotas[0]) < l.whole })
	}
}

// row returns the counts of the coalitions of size s.
func (l *ledger) row(s int) []uint64 { return l.count[s*len(l.sums) : (s+1)*len(l.sums)] }

// short returns z for a weight below the quota.
func (l *ledger) short(k, quota int64) int64 {
	need := quota - k
	if l.deep {
		return need
	}
	if l.rise == 1 {
		need = (need-1)/l.d.each + 1
	}
	return min(need, l.whole)
}

// power returns x^(m).
func (l *ledger) power(x int64, m int) *big.Int {
	out := big.NewInt(1)
	for c := range m {
		out.Mul(out, big.NewInt(x+int64(c)*l.rise))
	}
	return out
}

// bytes returns the memory for each of the sums, with the given number of words for
// the lists.
func (l *ledger) bytes(o Options, lists int) float64 {
	return 8 * float64(lists+3*o.Workers+l.rows*l.limbs)
}

// list lists the sums, given the weights in ascending order. It takes all
// multiples of a unit if at least a quarter of them are weights of coalitions.
func (l *ledger) list(ctx context.Context, o Options, ws []int64) error {
	if unit, n := l.multiples(o, ws); n > 0 {
		return l.listMultiples(ctx, ws, unit, n)
	}
	return l.listSums(ctx, o, ws)
}

// multiples returns the common divisor of the weights and the number of its
// multiples that are listed. The number is 0 if the weights of coalitions are less
// than a quarter of them, or if they do not fit in the memory allowed.
func (l *ledger) multiples(o Options, ws []int64) (unit int64, n int) {
	for _, w := range ws {
		for unit, w = w, unit; w != 0; unit, w = w, unit%w {
		}
	}
	unit = max(unit, 1)
	places := (l.below-1)/unit + 1
	if o.fits(float64(places)*l.bytes(o, l.sizes+1), Weights) != nil || l.m < 40 && places > 4<<int64(l.m) {
		return unit, 0
	}
	// Bit k of reached says whether a coalition has k units.
	reached, mask, t := big.NewInt(1), pow2(int(places)), new(big.Int)
	mask.Sub(mask, t.SetInt64(1))
	for _, w := range ws {
		if w < l.below {
			t.Lsh(reached, uint(w/unit))
			reached.Or(reached, t.And(t, mask))
		}
	}
	filled := 0
	for _, word := range reached.Bits() {
		filled += bits.OnesCount(uint(word))
	}
	if int64(filled) < places/4 {
		return unit, 0
	}
	return unit, int(places)
}

// listMultiples lists n multiples of a unit.
func (l *ledger) listMultiples(ctx context.Context, ws []int64, unit int64, n int) error {
	l.unit = unit
	l.sums, l.count = make([]int64, n), make([]uint64, l.sizes*n)
	for k := range l.sums {
		l.sums[k] = int64(k) * unit
	}
	l.count[0] = 1
	sums := make([]int64, len(ws)+1) // of so many of the lightest, in units
	for i, w := range ws {
		if w >= l.below {
			break
		}
		shift := int(w / unit)
		sums[i+1] = sums[i] + w/unit
		for s := min(i+1, l.sizes-1); s > 0; s-- {
			if err := cancelled(ctx); err != nil {
				return err
			}
			// The coalitions of s-1 of the holders before weigh this much.
			most := sums[i] - sums[i-(s-1)]
			from, to := int(sums[s-1]), int(min(most+1, int64(n-shift)))
			if from < to {
				addWords(l.row(s)[from+shift:to+shift], l.row(s - 1)[from:to])
			}
		}
	}
	return nil
}

// listSums lists the sums one by one.
func (l *ledger) listSums(ctx context.Context, o Options, ws []int64) error {
	// Memory is for the counts of this list and of the list before, both with
	// spare room.
	bytes := l.bytes(o, 4*l.sizes+5)
	l.sums, l.count = []int64{0}, make([]uint64, l.sizes)
	l.count[0] = 1
	for i, w := range ws {
		if err := cancelled(ctx); err != nil {
			return err
		}
		if err := o.fits(float64(2*len(l.sums))*bytes, Weights); err != nil && !l.fit(o, w, bytes) {
			return err
		}
		l.add(min(i+2, l.sizes), w)
	}
	return nil
}

// fit reports whether the list with one more holder fits in the memory allowed.
// It counts the sums, and stops when there are too many.
func (l *ledger) fit(o Options, w int64, bytes float64) bool {
	n := 0
	for range l.merge(w) {
		if n++; float64(n)*bytes > float64(o.MaxMemory) {
			return false
		}
	}
	return true
}

// merge returns an iterator over the sums with and without one more holder, in
// ascending order. at says where each sum was before: without the holder and
// with it, -1 if nowhere.
func (l *ledger) merge(w int64) func(yield func(sum int64, at [2]int) bool) {
	return func(yield func(int64, [2]int) bool) {
		a, b := 0, 0
		for {
			next := l.below
			if a < len(l.sums) {
				next = min(next, l.sums[a])
			}
			if b < len(l.sums) {
				next = min(next, l.sums[b]+w)
			}
			if next == l.below {
				return
			}
			at := [2]int{-1, -1}
			if a < len(l.sums) && l.sums[a] == next {
				at[0] = a
				a++
			}
			if b < len(l.sums) && l.sums[b]+w == next {
				at[1] = b
				b++
			}
			if !yield(next, at) {
				return
			}
		}
	}
}

// add adds a holder of weight w. Coalitions then have the given number of sizes.
func (l *ledger) add(sizes int, w int64) {
	n := 0
	for range l.merge(w) {
		n++
	}
	before := len(l.sums)
	sums, count := l.spare(n, n*l.sizes)
	k := 0
	for sum, at := range l.merge(w) {
		sums[k] = sum
		for s := range sizes {
			var c uint64
			if at[0] >= 0 {
				c = l.count[s*before+at[0]]
			}
			if at[1] >= 0 && s > 0 {
				c += l.count[(s-1)*before+at[1]]
			}
			count[s*n+k] = c
		}
		k++
	}
	clear(count[sizes*n:])
	l.sums, l.oldSums = sums, l.sums
	l.count, l.oldCount = count, l.count
}

// spare returns memory for a list. It reuses the memory of the list before the
// last if it is large enough. The content is not cleared.
func (l *ledger) spare(sums, count int) ([]int64, []uint64) {
	if cap(l.oldSums) < sums || cap(l.oldCount) < count {
		return make([]int64, sums, 2*sums), make([]uint64, count, 2*count)
	}
	return l.oldSums[:sums], l.oldCount[:count]
}

// rest counts the coalitions without one holder, size by size: those of a size,
// minus those with the holder, which are the coalitions without it of one size less.
type rest struct {
	l         *ledger
	size      int      // of the next row
	shift     int      // the places from a sum without the holder to the sum with it
	back      []int    // the place of the sum without the holder, -1 if there is none; nil with a unit
	row, last []uint64 // of this size and of the size before
}

func (l *ledger) newRest() *rest {
	n := len(l.sums)
	r := &rest{l: l, row: make([]uint64, n), last: make([]uint64, n)}
	if l.unit == 0 {
		r.back = make([]int, n)
	}
	return r
}

// start begins with size 0 for a holder of weight w.
func (r *rest) start(w int64) {
	r.size = 0
	if r.l.unit > 0 {
		r.shift = int(min(w/r.l.unit, int64(len(r.l.sums))))
		return
	}
	at := 0
	for k, sum := range r.l.sums {
		for r.l.sums[at] < sum-w {
			at++
		}
		r.back[k] = -1
		if r.l.sums[at] == sum-w {
			r.back[k] = at
		}
	}
}

// next returns the counts of the next size and the range of sums that they are valid
// for. They are 0 elsewhere. The slice is valid until the call after the next.
func (r *rest) next() (row []uint64, from, to int) {
	s := r.size
	r.size++
	r.row, r.last = r.last, r.row
	from, to = r.l.from[s], r.l.to[s]
	row, all := r.row, r.l.row(s)
	if s == 0 {
		copy(row[from:to], all[from:to])
		return row, from, to
	}
	low, high := r.l.from[s-1], r.l.to[s-1]
	if r.back == nil {
		low, high = max(low+r.shift, from), min(high+r.shift, to)
		if low >= high {
			low, high = to, to
		} else {
			subtractWords(row[low:high], all[low:high], r.last[low-r.shift:])
		}
		copy(row[from:low], all[from:low])
		copy(row[high:to], all[high:to])
		return row, from, to
	}
	for k, at := range r.back[from:to] {
		row[from+k] = all[from+k]
		if at >= low && at < high {
			row[from+k] -= r.last[at]
		}
	}
	return row, from, to
}
