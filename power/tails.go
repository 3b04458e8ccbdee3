package power

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/power/internal/limbs"
)

// fill computes the tails of every weight for one large holder less. It returns
// the sum, over the coalitions with large holders, of the terms z^(s) (A-z)^(m-s),
// where s is the size of the coalition.
func (l *ledger) fill(ctx context.Context, o Options) (*big.Int, error) {
	all := len(l.sums) - l.flat
	l.tails = make([]uint64, all*l.rows*l.limbs)
	const chunk = 16 * fillBlock
	o.Progress = nil
	fillers := make([]*filler, o.Workers)
	err := o.run(ctx, (all+chunk-1)/chunk, func(worker, task int) error {
		if fillers[worker] == nil {
			fillers[worker] = l.newFiller()
		}
		end := min((task+1)*chunk, all)
		for at := task * chunk; at < end; at += fillBlock {
			fillers[worker].fill(at, min(at+fillBlock, end))
		}
		return nil
	})
	if err == nil && l.apart >= 0 {
		err = l.pair(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	total := new(big.Int)
	for _, f := range fillers {
		if f == nil {
			continue
		}
		for parity, sum := range f.terms {
			t := sum.Value()
			if l.deep && (l.m-parity)%2 == 1 {
				t.Neg(t)
			}
			total.Add(total, t)
		}
	}
	if l.sizes > l.m { // of the others, A-z is 0
		total.Add(total, l.flatTail(l.row(l.m)[:l.flat], l.m))
	}
	return total, nil
}

// fillBlock is the number of weights whose tails are stored together, in a cache line
// for each word.
const fillBlock = 8

// filler has the memory of one worker that fills tails.
type filler struct {
	l          *ledger
	ups, downs limbs.Powers // of z, and of A-z or z-A
	full       []uint64     // A^(m-1)
	term, part []uint64
	tail       []uint64     // of one quota
	tails      []uint64     // of all quotas, for each weight of a block and each size
	terms      [2]limbs.Dot // the sums of the terms of even and of odd coalitions
}

func (l *ledger) newFiller() *filler {
	n := l.limbs
	words := limbs.NewDots(2, n+1)
	f := &filler{l: l, ups: limbs.NewPowers(l.m-1, n), downs: limbs.NewPowers(l.m-1, n), terms: [2]limbs.Dot{words[0], words[1]}}
	f.term, f.part, f.tail = make([]uint64, n+3), make([]uint64, n+1), make([]uint64, n)
	f.full, f.tails = make([]uint64, n), make([]uint64, fillBlock*l.m*n)
	if !l.deep {
		f.ups.Set(l.whole, l.rise, l.m-1)
		copy(f.full, f.ups.At(l.m-1))
	}
	return f
}

// fill stores the tails of a block of weights.
func (f *filler) fill(from, to int) {
	l := f.l
	clear(f.tails)
	size, width, most := l.m*l.limbs, len(l.sums)-l.flat, 0
	for at := from; at < to; at++ {
		k := l.flat + at
		top := l.top(k)
		quotas := l.quotas
		if l.apart >= 0 {
			quotas = quotas[:1]
			top = max(top, l.top(k-l.apart))
		}
		if top == 0 {
			continue
		}
		most = max(most, top)
		for _, quota := range quotas {
			if !l.deep || l.sums[k] < quota-l.whole {
				f.add(f.tails[(at-from)*size:], l.short(l.sums[k], quota), k, top)
			}
		}
	}
	for j := range min(most, l.rows) * l.limbs {
		row := l.tails[j*width+from : j*width+to]
		for i := range row {
			row[i] = f.tails[i*size+j]
		}
	}
}

// top returns the size of the largest coalition with the weight at k, 0 if there is no
// such weight.
func (l *ledger) top(k int) int {
	if k < 0 {
		return 0
	}
	s := l.sizes - 1
	for s > 0 && l.row(s)[k] == 0 {
		s--
	}
	return s
}

// pair adds the tails of the second quota. A weight falls short of it as much as a
// weight apart places above falls short of the first.
func (l *ledger) pair(ctx context.Context, o Options) error {
	n, width := l.limbs, len(l.sums)
	return o.run(ctx, l.rows, func(_, s int) error {
		for k := range width - l.apart {
			var carry uint64
			for j := s * n; j < (s+1)*n; j++ {
				x := &l.tails[j*width+k]
				*x, carry = bits.Add64(*x, l.tails[j*width+k+l.apart], carry)
			}
		}
		return nil
	})
}

// add adds the tails of the weight at k for one quota. It adds each term to terms
// once for each coalition. top is the size of the largest coalition.
func (f *filler) add(tails []uint64, z int64, k, top int) {
	l, n := f.l, f.l.limbs
	y := l.whole - z
	f.ups.Set(z, l.rise, top-1)
	f.downs.Set(max(y, -y), l.rise, l.m-1)
	copy(f.tail, f.full)
	for s := range top {
		limbs.MulTo(f.term, f.ups.At(s), f.downs.At(l.m-1-s))
		c := l.row(s + 1)[k]
		if l.apart >= 0 && k >= l.apart {
			c += l.row(s + 1)[k-l.apart]
		}
		if c != 0 {
			copy(f.part, f.term)
			limbs.MulWord(f.part, uint64(z+int64(s)*l.rise))
			f.terms[(s+1)&1].Add(c, f.part)
		}
		term := f.term[:n]
		limbs.MulWord(term, l.ways[s])
		if l.deep {
			limbs.SubFrom(f.tail, term)
		} else {
			limbs.TakeFrom(f.tail, term)
		}
		limbs.AddTo(tails[s*n:(s+1)*n], f.tail)
	}
}

// flatTail returns the sum of A^(m) over coalitions that need all of the dispersed
// holders, given their numbers.
func (l *ledger) flatTail(counts []uint64, m int) *big.Int {
	out := new(big.Int).SetUint64(sumWords(counts))
	return out.Mul(out, l.power(l.whole, m))
}

// indices returns the indices of the large holders. Let F and G count the
// coalitions of all holders, and of all holders but i, by size and weight. The
// swings of i are
//
//	sum over G(s, k) of f(s, k) - f(s, k + w)
//
// where f is the chance of the ledger. As G(s, k) + G(s-1, k-w) = F(s, k), this
// is the sum over G(s, k) of f(s, k) + f(s-1, k), minus the sum over F(s, k) of
// f(s-1, k). And f(s, k) + f(s-1, k) is the chance with one large holder fewer.
//
// The second sum is the same for all holders. By integration by parts, m f(s-1, k)
// is m-s times that chance plus x^(s) (1-x)^(m-s), where x is z/A. And the sum of
// G(s, k) over the holders i is (m-s) F(s, k). So m times the second sum is the
// first sums of all holders together plus the terms of fill over A^(m).
func (l *ledger) indices(ctx context.Context, o Options) ([]*big.Rat, error) {
	terms, err := l.fill(ctx, o)
	if err != nil {
		return nil, err
	}
	multiple := lcmUpTo(l.m - 1)
	odds := make([]*big.Int, l.rows) // each over A^(m-1) times the multiple
	for s := range odds {
		odds[s] = new(big.Int).Binomial(int64(l.m-2), int64(s))
		odds[s].Div(multiple, odds[s].Mul(odds[s], big.NewInt(int64(l.m-1))))
	}
	firsts := make([]*big.Int, l.m)
	rests := make([]*rest, o.Workers)
	err = o.run(ctx, l.m, func(worker, i int) (err error) {
		if rests[worker] == nil {
			rests[worker] = l.newRest()
		}
		firsts[i], err = l.first(ctx, rests[worker], l.d.large[i], odds)
		return err
	})
	if err != nil {
		return nil, err
	}
	// All figures are over m A^(m) times the multiple.
	scale := big.NewInt(l.whole + int64(l.m-1)*l.rise)
	same := terms.Sub(l.alone(), terms)
	same.Mul(same, multiple)
	for _, x := range firsts {
		x.Mul(x, scale)
		same.Sub(same, x)
	}
	each := big.NewInt(int64(l.m))
	under := l.power(l.whole, l.m)
	under.Mul(under, multiple).Mul(under, each)
	out := make([]*big.Rat, l.m)
	for i, x := range firsts {
		x.Mul(x, each)
		out[i] = new(big.Rat).SetFrac(x.Add(x, same), under)
	}
	return out, nil
}

// alone returns A^(m) times m times the part in which no large holder is before:
// the probability that z of the dispersed holders come first is
// 1 - ((A-z)/A)^(m), over m.
func (l *ledger) alone() *big.Int {
	sum := new(big.Int)
	for _, quota := range l.quotas {
		if !l.deep {
			sum.Add(sum, l.power(l.whole, l.m))
		}
		sum.Sub(sum, l.power(l.whole-l.short(0, quota), l.m))
	}
	return sum
}

// first returns the first sum of a holder of weight w, over A^(m-1) and the multiple
// of odds. It leaves out the coalition without large holders.
func (l *ledger) first(ctx context.Context, r *rest, w int64, odds []*big.Int) (*big.Int, error) {
	n, width := l.limbs, len(l.sums)-l.flat
	total, sum := new(big.Int), limbs.NewDots(1, n)[0]
	r.start(w)
	r.next()
	for s := range l.rows {
		if err := cancelled(ctx); err != nil {
			return nil, err
		}
		counts, from, to := r.next()
		low := max(from, l.flat)
		product := limbs.Inner
		if l.ways[s+1]>>32 == 0 { // all counts together
			product = innerNarrow
		}
		for j := range n {
			tails := l.tails[(s*n+j)*width : (s*n+j+1)*width]
			sum.Hi[j], sum.Lo[j] = product(counts[low:max(low, to)], tails[low-l.flat:])
		}
		x := sum.Value()
		if from < l.flat {
			x.Add(x, l.flatTail(counts[from:min(to, l.flat)], l.m-1))
		}
		if l.deep && (l.m-s)%2 == 1 {
			x.Neg(x)
		}
		total.Add(total, x.Mul(x, odds[s]))
	}
	return total, nil
}
