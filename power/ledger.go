package power

import (
	"context"
	"math/big"
	"math/bits"
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
// alternate in sign, and so do the sums.
type ledger struct {
	d     Dispersed
	m     int
	deep  bool
	below int64 // only weights below this are listed
	rise  int64
	whole int64    // A
	limbs int      // words of a number in tails
	sums  []int64  // distinct, ascending
	flat  int      // the number of sums that need all of the dispersed holders, or more
	count []uint64 // number of coalitions, for each size and then each of the sums

	oldSums  []int64 // memory for the next list
	oldCount []uint64

	tails []uint64 // P(m-1, s) for s below m-1, for each s, each word and then each of the sums from flat on
	same  *big.Rat // the sum over F(s, k) of f(s-1, k), see index
}

func (d Dispersed) ledger(ctx context.Context, o Options, deep bool) (*ledger, error) {
	l := &ledger{d: d, m: len(d.large), deep: deep, below: d.quota, whole: d.ocean}
	widest := l.whole
	switch {
	case d.count > 0:
		l.rise, l.whole = 1, d.count+1
		widest = l.whole
	case deep:
		l.below, widest = d.quota-d.ocean, d.quota
	}
	width := l.m + 1
	l.limbs = (l.m*bits.Len64(uint64(widest+int64(l.m)))+l.m)/64 + 2
	// Memory is for the counts of this list and of the list before, both with
	// spare room, for the counts of each worker, and for the tails.
	bytes := 8 * float64(width*(4+o.Workers)+l.m*l.limbs+5)
	l.sums, l.count = []int64{0}, make([]uint64, width)
	l.count[0] = 1
	for i, w := range d.large {
		if err := cancelled(ctx); err != nil {
			return nil, err
		}
		if err := o.fits(float64(2*len(l.sums))*bytes, Weights); err != nil && !l.fit(o, w, bytes) {
			return nil, err
		}
		l.add(i)
	}
	if !deep {
		for l.flat < len(l.sums) && l.short(l.sums[l.flat]) == l.whole {
			l.flat++
		}
	}
	return l, nil
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

// add adds holder i.
func (l *ledger) add(i int) {
	w, n := l.d.large[i], 0
	for range l.merge(w) {
		n++
	}
	before, width := len(l.sums), i+2 // the number of possible sizes
	sums, count := l.spare(n, n*(l.m+1))
	k := 0
	for sum, at := range l.merge(w) {
		sums[k] = sum
		for s := range width {
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
	clear(count[width*n:])
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

// short returns z for a weight below the quota.
func (l *ledger) short(k int64) int64 {
	need := l.d.quota - k
	if l.deep {
		return need
	}
	if l.rise == 1 {
		need = (need-1)/l.d.each + 1
	}
	return min(need, l.whole)
}

// fill computes the tails of every weight for one large holder less, and the
// sum that is the same for all holders. P(m, s) follows from the tails for m-1
// holders and the last of m draws: it is A^(m)/A^(m-1) P(m-1, s) + (z + s rise)
// times the term s.
func (l *ledger) fill(ctx context.Context, o Options) error {
	m, all := l.m, len(l.sums)-l.flat
	l.tails = make([]uint64, all*m*l.limbs)
	const chunk = 128
	o.Progress = nil
	chunks := (all + chunk - 1) / chunk
	partial := make([]totals, o.Workers)
	err := o.run(ctx, chunks, func(worker, task int) error {
		sum := &partial[worker]
		if sum.draws == nil {
			*sum = totals{newDraws(m-1, l.limbs), newDots(m, l.limbs), newDots(m, l.limbs)}
		}
		for at := task * chunk; at < min((task+1)*chunk, all); at++ {
			l.fillOne(at, sum)
		}
		return nil
	})
	if err != nil {
		return err
	}
	last := big.NewInt(l.whole + int64(m-1)*l.rise)
	both := make([]*big.Int, m)
	for s := range m {
		tails, terms := l.flatTail(l.count[(s+1)*len(l.sums):]), new(big.Int)
		for _, p := range partial {
			if p.draws == nil {
				continue
			}
			tails.Add(tails, p.tails[s].value())
			terms.Add(terms, p.terms[s].value())
		}
		if l.deep {
			terms.Neg(terms)
		}
		both[s] = l.signed(terms.Add(terms, tails.Mul(tails, last)), s)
	}
	l.same = l.chances(both, m)
	return nil
}

// totals are the sums of one worker over coalitions, by size, and the draws
// that make their terms.
type totals struct {
	draws        *draws
	tails, terms []dot
}

// fillOne stores the tails of one weight. It adds the tails and the terms to
// sum, once for each coalition with this weight.
func (l *ledger) fillOne(at int, sum *totals) {
	d, n, width := sum.draws, l.limbs, len(l.sums)-l.flat
	z := l.short(l.sums[l.flat+at])
	y := l.whole - z
	d.set(z, max(y, -y), l.rise)
	tail := d.tail
	clear(tail)
	for step := range l.m {
		s := step // sums up to s if deep, otherwise those after it
		if !l.deep {
			s = l.m - 1 - step
		}
		term := d.term(s)
		if l.deep {
			subFrom(tail, term)
		}
		for i, v := range tail {
			l.tails[(s*n+i)*width+at] = v
		}
		c := l.count[(s+1)*len(l.sums)+l.flat+at]
		if c != 0 {
			sum.tails[s].add(c, tail)
		}
		if !l.deep {
			addTo(tail, term)
		}
		if c != 0 {
			mulWord(term, uint64(z+int64(s)*l.rise))
			sum.terms[s].add(c, term)
		}
	}
}

// flatTail returns the sum of the tails of the weights whose tail is the
// largest possible, A^(m-1). It is given the counts of the coalitions of one
// size.
func (l *ledger) flatTail(counts []uint64) *big.Int {
	var sum uint64
	for _, c := range counts[:l.flat] {
		sum += c
	}
	out := new(big.Int).SetUint64(sum)
	return out.Mul(out, l.power(l.m-1))
}

// signed gives a sum of tails s its sign in a deep ledger.
func (l *ledger) signed(sum *big.Int, s int) *big.Int {
	if l.deep && (l.m-s)%2 == 1 {
		sum.Neg(sum)
	}
	return sum
}

// index returns the index of large holder i. Let F and G count the coalitions
// of all holders, and of all holders but i, by size and weight. The swings are
//
//	sum over G(s, k) of f(s, k) - f(s, k + w)
//
// where f is the chance of the ledger. As G(s, k) + G(s-1, k-w) = F(s, k), this
// is the sum over G(s, k) of f(s, k) + f(s-1, k), minus the sum over F(s, k) of
// f(s-1, k). And f(s, k) + f(s-1, k) is the chance with one large holder fewer.
// The second sum is the same for all holders.
func (l *ledger) index(i int, scratch []uint64) *big.Rat {
	m, n, all := l.m, l.limbs, len(l.sums)
	width := all - l.flat
	l.without(i, scratch)
	out := l.alone()
	if m > 1 {
		others, sum := make([]*big.Int, m-1), newDots(1, n)[0]
		for s := 1; s < m; s++ {
			counts := scratch[s*all+l.flat : (s+1)*all]
			from, to := 0, width
			for from < to && counts[from] == 0 {
				from++
			}
			for from < to && counts[to-1] == 0 {
				to--
			}
			for j := range n {
				tails := l.tails[((s-1)*n+j)*width : ((s-1)*n+j+1)*width]
				sum.hi[j], sum.lo[j] = inner(counts[from:to], tails[from:to])
			}
			others[s-1] = sum.value()
			if l.flat > 0 {
				others[s-1].Add(others[s-1], l.flatTail(scratch[s*all:]))
			}
			l.signed(others[s-1], s-1)
		}
		out.Add(out, l.chances(others, m-1))
	}
	return out.Sub(out, l.same)
}

// alone returns the part in which no large holder is before: the probability
// that z of the dispersed holders come first, 1 - ((A-z)/A)^(m), over m.
func (l *ledger) alone() *big.Rat {
	rest, z := big.NewInt(1), l.short(0)
	for c := range l.m {
		rest.Mul(rest, big.NewInt(l.whole-z+int64(c)*l.rise))
	}
	rest.Neg(rest)
	if !l.deep {
		rest.Add(rest, l.power(l.m))
	}
	return l.chances([]*big.Int{rest}, l.m)
}

// power returns A^(m).
func (l *ledger) power(m int) *big.Int {
	out := big.NewInt(1)
	for c := range m {
		out.Mul(out, big.NewInt(l.whole+int64(c)*l.rise))
	}
	return out
}

// chances turns sums of tails P(m, s), by s, into a probability. Every m
// binomial(m-1, s) divides the least common multiple of 1 to m.
func (l *ledger) chances(sums []*big.Int, m int) *big.Rat {
	multiple := lcmUpTo(m)
	total, b := new(big.Int), new(big.Int)
	for s, sum := range sums {
		b.Binomial(int64(m-1), int64(s))
		b.Div(multiple, b.Mul(b, big.NewInt(int64(m))))
		total.Add(total, b.Mul(b, sum))
	}
	return new(big.Rat).SetFrac(total, multiple.Mul(multiple, l.power(m)))
}

// without fills out with the counts of the coalitions that do not contain
// holder i. It also uses the memory after these counts.
func (l *ledger) without(i int, out []uint64) {
	w, all := l.d.large[i], len(l.sums)
	copy(out, l.count)
	back := out[len(l.count):][:all] // the place of the sum minus w, or all if there is none
	at := 0
	for k, sum := range l.sums {
		for l.sums[at] < sum-w {
			at++
		}
		back[k] = uint64(all)
		if l.sums[at] == sum-w {
			back[k] = uint64(at)
		}
	}
	for s := 1; s <= l.m; s++ {
		row, from := out[s*all:(s+1)*all], out[(s-1)*all:s*all]
		for k, at := range back {
			if at < uint64(len(from)) {
				row[k] -= from[at]
			}
		}
	}
}
