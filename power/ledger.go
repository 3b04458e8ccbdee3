package power

import (
	"context"
	"math/big"
	"math/bits"
)

// ledger lists the distinct weights that coalitions of large holders can
// have, with how many of each size have them, and for each the tails of the
// dispersed holders.
//
// Let z be how much of the dispersed, out of A, leaves a coalition of weight
// k short of the quota. Summing over the times of arrival, the chance that
// exactly s given ones of m large holders and no more than z of the
// dispersed come before a given one is P(m, s)/(m binomial(m-1, s)), where
// P(m, s) is the sum for c from s+1 to m of the terms binomial(m, c) z^(c)
// (A-z)^(m-c), over A^(m): a binomial tail. The powers are plain for an ocean, z
// counting weight, and rising factorials for a crowd, z counting holders and
// A being one more than there are.
type ledger struct {
	d     Dispersed
	m     int
	rise  int64
	whole int64    // A
	limbs int      // words of a number in tails
	sums  []int64  // distinct, ascending, below the quota
	count []uint64 // m+1 sizes for each of the sums
	tails []uint64 // P(m-1, s) for s below m-1, for each of the sums
	same  *big.Rat // the sum over F(s, k) of f(s-1, k), see index
}

func (d Dispersed) ledger(ctx context.Context, o Options) (*ledger, error) {
	l := &ledger{d: d, m: len(d.large), whole: d.ocean}
	if d.count > 0 {
		l.rise, l.whole = 1, d.count+1
	}
	width := l.m + 1
	l.limbs = (l.m*bits.Len64(uint64(l.whole+int64(l.m)))+l.m)/64 + 2
	// Counts here, of the list before and of each worker; and the tails.
	bytes := 8 * float64(width*(2+o.Workers)+l.m*l.limbs+2)
	l.sums, l.count = []int64{0}, make([]uint64, width)
	l.count[0] = 1
	for _, w := range d.large {
		if err := cancelled(ctx); err != nil {
			return nil, err
		}
		if err := o.fits(float64(2*len(l.sums))*bytes, Weights); err != nil && !l.fit(o, w, bytes) {
			return nil, err
		}
		l.add(w)
	}
	return l, nil
}

// fit counts how many sums there are with one holder more, stopping at what
// the memory allows.
func (l *ledger) fit(o Options, w int64, bytes float64) bool {
	n := 0
	for range l.merge(w) {
		if n++; float64(n)*bytes > float64(o.MaxMemory) {
			return false
		}
	}
	return true
}

// merge yields the sums with and without a holder more, in ascending order,
// and where each stood before: without it and with it, -1 for nowhere.
func (l *ledger) merge(w int64) func(yield func(sum int64, at [2]int) bool) {
	return func(yield func(int64, [2]int) bool) {
		a, b := 0, 0
		for {
			next := l.d.quota
			if a < len(l.sums) {
				next = min(next, l.sums[a])
			}
			if b < len(l.sums) {
				next = min(next, l.sums[b]+w)
			}
			if next == l.d.quota {
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

// add enters one holder more.
func (l *ledger) add(w int64) {
	width, n := l.m+1, 0
	for range l.merge(w) {
		n++
	}
	sums, count := make([]int64, 0, n), make([]uint64, n*width)
	for sum, at := range l.merge(w) {
		row := count[len(sums)*width:]
		sums = append(sums, sum)
		if at[0] >= 0 {
			copy(row, l.count[at[0]*width:(at[0]+1)*width])
		}
		if at[1] >= 0 {
			for s, c := range l.count[at[1]*width : (at[1]+1)*width-1] {
				row[s+1] += c
			}
		}
	}
	l.sums, l.count = sums, count
}

// short returns z for a weight below the quota.
func (l *ledger) short(k int64) int64 {
	need := l.d.quota - k
	if l.rise == 1 {
		need = (need-1)/l.d.each + 1
	}
	return min(need, l.whole)
}

// fill computes the tails of every weight for one large holder fewer, and
// what is the same for all. From those of m-1 holders, by the last of m
// draws, P(m, s) is A^(m)/A^(m-1) P(m-1, s) + (z + s rise) times the term s.
func (l *ledger) fill(ctx context.Context, o Options) error {
	m, n := l.m, l.limbs
	l.tails = make([]uint64, len(l.sums)*m*n)
	const chunk = 256
	o.Progress = nil
	chunks := (len(l.sums) + chunk - 1) / chunk
	type sums struct{ tails, terms []dot }
	partial := make([]sums, chunks)
	err := o.run(ctx, chunks, func(_, task int) error {
		sum := sums{newDots(m, n), newDots(m, n)}
		d := newDraws(m-1, n)
		for at := task * chunk; at < min((task+1)*chunk, len(l.sums)); at++ {
			z := l.short(l.sums[at])
			d.set(z, l.whole-z, l.rise)
			tails := l.tails[at*m*n : (at+1)*m*n]
			for s := m - 1; s >= 0; s-- {
				term := d.term(s)
				if s > 0 { // the tail s-1 is the tail s and this
					copy(tails[(s-1)*n:s*n], tails[s*n:(s+1)*n])
					addTo(tails[(s-1)*n:s*n], term)
				}
				if c := l.count[at*(m+1)+s+1]; c != 0 {
					sum.tails[s].add(c, tails[s*n:(s+1)*n])
					mulWord(term, uint64(z+int64(s)*l.rise))
					sum.terms[s].add(c, term)
				}
			}
		}
		partial[task] = sum
		return nil
	})
	if err != nil {
		return err
	}
	last := big.NewInt(l.whole + int64(m-1)*l.rise)
	all := make([]*big.Int, m)
	for s := range m {
		tails, terms := new(big.Int), new(big.Int)
		for _, p := range partial {
			tails.Add(tails, p.tails[s].value())
			terms.Add(terms, p.terms[s].value())
		}
		all[s] = terms.Add(terms, tails.Mul(tails, last))
	}
	l.same = l.chances(all, m)
	return nil
}

// index returns the index of large holder i. With F and G counting the
// coalitions of all, and of all but i, by size and weight, the swings are
//
//	sum over G(s, k) of f(s, k) - f(s, k + w)
//
// where f is the chance of the ledger. As G(s, k) + G(s-1, k-w) = F(s, k), that
// is the sum over G(s, k) of f(s, k) + f(s-1, k) less the sum over F(s, k) of
// f(s-1, k); and f(s, k) + f(s-1, k) is the chance with one large holder
// fewer. The second sum is the same for all.
func (l *ledger) index(i int, scratch []uint64) *big.Rat {
	m, n := l.m, l.limbs
	l.without(i, scratch)
	sums := newDots(m, n)
	for at := range l.sums {
		row, tails := scratch[at*(m+1):], l.tails[at*m*n:]
		for s := 1; s < m; s++ {
			if c := row[s]; c != 0 {
				sums[s].add(c, tails[(s-1)*n:s*n])
			}
		}
	}
	// Nobody before: the chance that z of the dispersed, and no large holder,
	// come first, 1 - ((A-z)/A)^(m) over m.
	rest, z := big.NewInt(1), l.short(0)
	for c := range m {
		rest.Mul(rest, big.NewInt(l.whole-z+int64(c)*l.rise))
	}
	out := l.chances([]*big.Int{rest.Sub(l.power(m), rest)}, m)
	if m > 1 {
		others := make([]*big.Int, m-1)
		for s := range others {
			others[s] = sums[s+1].value()
		}
		out.Add(out, l.chances(others, m-1))
	}
	return out.Sub(out, l.same)
}

// power returns A^(m).
func (l *ledger) power(m int) *big.Int {
	out := big.NewInt(1)
	for c := range m {
		out.Mul(out, big.NewInt(l.whole+int64(c)*l.rise))
	}
	return out
}

// chances turns sums of tails P(m, s), by s, into a probability. Every
// m binomial(m-1, s) divides the least common multiple of 1 to m.
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

// without fills out with the counts of the coalitions that lack holder i.
func (l *ledger) without(i int, out []uint64) {
	w, width := l.d.large[i], l.m+1
	copy(out, l.count)
	back := 0
	for at, k := range l.sums {
		for l.sums[back] < k-w {
			back++
		}
		if l.sums[back] != k-w {
			continue
		}
		row, from := out[at*width:(at+1)*width], out[back*width:(back+1)*width]
		for s := 1; s < width; s++ {
			row[s] -= from[s-1]
		}
	}
}
