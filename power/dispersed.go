package power

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
)

// Dispersed is a meeting of large holders beside a dispersed public: either an
// ocean, infinitely many holders of nothing each who own a given weight
// together, or a crowd of equal small holders, however many, who are not
// listed. It is built by WithOcean, AtLeastWithCrowd and MoreThanWithCrowd.
//
// The zero value is empty: calculations on it return ErrEmpty. A Dispersed is
// immutable and safe for concurrent use.
type Dispersed struct {
	large []int64 // whole, in units of unit
	quota int64   // a coalition wins with at least this
	ocean int64   // weight of the ocean; 0 with a crowd
	count int64   // small holders; 0 with an ocean
	each  int64   // weight of a small holder
	unit  *big.Rat
}

// The greatest numbers of large holders and of small ones.
const (
	mostLarge = 60
	mostSmall = 1 << 40
)

// WithOcean returns the oceanic game in which a coalition wins when its
// weights, and what it has of the ocean, reach the quota. Reaching it or
// passing it makes no difference with an ocean. Faults are gathered: the
// ocean must have weight (ErrWeight), and the quota must be above nothing and
// at most the total (ErrQuota).
func WithOcean[T Number](quota, ocean T, weights ...T) (Dispersed, error) {
	return disperse(quota, ocean, 0, false, weights)
}

// AtLeastWithCrowd returns the game of the weights given and count small
// holders of weight each, in which a coalition wins with the quota or more.
// Its errors are those of AtLeast.
func AtLeastWithCrowd[T Number](quota T, count int64, each T, weights ...T) (Dispersed, error) {
	return crowd(quota, count, each, false, weights)
}

// MoreThanWithCrowd is AtLeastWithCrowd for a quota that must be passed.
func MoreThanWithCrowd[T Number](quota T, count int64, each T, weights ...T) (Dispersed, error) {
	return crowd(quota, count, each, true, weights)
}

func crowd[T Number](quota T, count int64, each T, strict bool, weights []T) (Dispersed, error) {
	if count < 1 || count > mostSmall {
		return Dispersed{}, fmt.Errorf("%w: %d small holders, from 1 to %d are counted", ErrPlayers, count, int64(mostSmall))
	}
	return disperse(quota, each, count, strict, weights)
}

// disperse builds either kind; count 0 is the ocean, of weight small.
func disperse[T Number](quota, small T, count int64, strict bool, weights []T) (Dispersed, error) {
	ws, faults := exactWeights(append(slices.Clone(weights), small, quota))
	n := len(weights)
	if n > mostLarge {
		faults = append(faults, fmt.Errorf("%w: %d large holders beside a dispersed public, at most %d", ErrTooHard, n, mostLarge))
	}
	if len(faults) > 0 {
		return Dispersed{}, errors.Join(faults...)
	}
	return disperseExact(ws[n+1], ws[n], count, strict, ws[:n])
}

func disperseExact(quota, small *big.Rat, count int64, strict bool, large []*big.Rat) (Dispersed, error) {
	n := len(large)
	if small.Sign() == 0 {
		return Dispersed{}, &WeightError{Player: n, Weight: "0", Reason: "the dispersed holders must have weight", Kind: ErrWeight}
	}
	ints, unit, err := whole(append(append(slices.Clone(large), small), quota))
	if err != nil {
		return Dispersed{}, err
	}
	d := Dispersed{large: ints[:n:n], quota: ints[n+1], unit: unit}
	total := big.NewInt(ints[n])
	if count == 0 {
		d.ocean = ints[n]
	} else {
		d.count, d.each = count, ints[n]
		total.Mul(total, big.NewInt(count))
	}
	for _, w := range d.large {
		total.Add(total, big.NewInt(w))
	}
	if total.Cmp(big.NewInt(maxTotal)) > 0 {
		return Dispersed{}, fmt.Errorf("%w: all weights need %d bits as whole numbers, at most 61 are counted", ErrRange, total.BitLen())
	}
	reason := ""
	reach := big.NewInt(d.quota)
	if strict {
		d.quota++
		reach.SetInt64(d.quota)
	}
	switch {
	case d.quota <= 0:
		reason = "the empty coalition would win"
	case reach.Cmp(total) > 0:
		reason = "all together would lose"
	}
	if reason != "" {
		sum := new(big.Rat).SetInt(total)
		return Dispersed{}, &QuotaError{Quota: showRat(quota), Total: showRat(sum.Mul(sum, unit)), Strict: strict, Reason: reason, Kind: ErrQuota}
	}
	return d, nil
}

// Large returns the number of large holders.
func (d Dispersed) Large() int { return len(d.large) }

// Small returns the number of small holders, 0 for an ocean.
func (d Dispersed) Small() int64 { return d.count }

// AtTurnout returns the meeting to which all the large holders come and the
// given part of the dispersed votes, and in which more than the given share
// of the votes present wins. Of a crowd the whole number of holders nearest
// below comes. A turnout outside 0 to 1, one that leaves no dispersed holder,
// or a share outside 0 to 1 (1 itself cannot be passed) is an error that names it.
func (d Dispersed) AtTurnout(turnout, share *big.Rat) (Dispersed, error) {
	if d.unit == nil {
		return Dispersed{}, ErrEmpty
	}
	one := big.NewRat(1, 1)
	for _, x := range []struct {
		name string
		r    *big.Rat
	}{{"turnout", turnout}, {"share", share}} {
		r, shown, err := exact(x.r)
		if err != nil {
			return Dispersed{}, fmt.Errorf("%w: %s %s: %w", ErrRange, x.name, shown, err)
		}
		if r.Sign() < 0 || r.Cmp(one) > 0 {
			return Dispersed{}, fmt.Errorf("%w: %s %s is not from 0 to 1", ErrRange, x.name, showRat(r))
		}
	}
	large := make([]*big.Rat, len(d.large))
	present := new(big.Rat)
	for i, w := range d.large {
		large[i] = new(big.Rat).Mul(d.unit, new(big.Rat).SetInt64(w))
		present.Add(present, large[i])
	}
	if d.count == 0 {
		small := new(big.Rat).Mul(d.unit, new(big.Rat).SetInt64(d.ocean))
		small.Mul(small, turnout)
		quota := new(big.Rat).Mul(share, present.Add(present, small))
		return disperseExact(quota, small, 0, quota.Sign() == 0, large)
	}
	come := floorRat(new(big.Rat).Mul(turnout, new(big.Rat).SetInt64(d.count))).Int64()
	small := new(big.Rat).Mul(d.unit, new(big.Rat).SetInt64(d.each))
	if come == 0 {
		return Dispersed{}, fmt.Errorf("%w: turnout %s of %d small holders leaves none", ErrPlayers, showRat(turnout), d.count)
	}
	present.Add(present, new(big.Rat).Mul(small, new(big.Rat).SetInt64(come)))
	return disperseExact(new(big.Rat).Mul(share, present), small, come, true, large)
}

// DispersedIndex is the power of the large holders and what is left to the
// dispersed ones together.
type DispersedIndex struct {
	// Large has one figure for each large holder, in order.
	Large Index
	small *big.Rat
}

// Small returns what the dispersed holders have together.
func (x DispersedIndex) Small() *big.Rat {
	if x.small == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(x.small)
}

// ShapleyShubik returns, exactly, the share of the orderings in which each
// large holder is pivotal; the rest falls to the dispersed holders, equally.
// With an ocean it is the limit of J.W. Milnor and L.S. Shapley, Values of
// Large Games II: Oceanic Games, Mathematics of Operations Research 3, 1978:
// the large holders arrive at independent uniform times while the ocean flows
// in at a constant rate. The integrals are of polynomials, so the figures are
// fractions. With a crowd it is the index of the finite game.
func (d Dispersed) ShapleyShubik(ctx context.Context, opts ...Options) (DispersedIndex, error) {
	o, err := options(opts)
	if err != nil {
		return DispersedIndex{}, err
	}
	if d.unit == nil {
		return DispersedIndex{}, ErrEmpty
	}
	if o.Algorithm != Auto && o.Algorithm != Weights {
		return DispersedIndex{}, o.unable("a dispersed game")
	}
	if len(d.large) == 0 {
		return DispersedIndex{Large: Index{algorithm: Weights}, small: big.NewRat(1, 1)}, nil
	}
	l, err := d.ledger(o)
	if err != nil {
		return DispersedIndex{}, err
	}
	x := DispersedIndex{Large: Index{values: make([]*big.Rat, len(d.large)), algorithm: Weights}}
	if err := l.fill(ctx, o); err != nil {
		return DispersedIndex{}, err
	}
	err = o.run(ctx, len(d.large), func(_, i int) error {
		x.Large.values[i] = l.index(i)
		return nil
	})
	if err != nil {
		return DispersedIndex{}, err
	}
	x.small = new(big.Rat).Sub(big.NewRat(1, 1), x.Large.Sum())
	return x, nil
}

// ledger lists the distinct weights that coalitions of large holders can
// have, with how many of each size have them, and for each the tails of the
// dispersed holders.
//
// Let z be how much of the dispersed, out of A, leaves a coalition of weight
// k short of the quota. Summing over the times of arrival, the chance that
// exactly s given ones of m large holders and no more than z of the
// dispersed come before a given one is P(s, z)/(m binomial(m-1, s)), where
// P(s, z) is the sum for c from s+1 to m of binomial(m, c) z^(c)
// (A-z)^(m-c), over A^(m). The powers are plain for an ocean, z counting
// weight, and rising factorials for a crowd, z counting holders and A being
// one more than there are.
type ledger struct {
	d     Dispersed
	m     int
	rise  int64
	whole int64   // A
	sums  []int64 // distinct, ascending, below the quota
	count [][]uint64
	tails [][]big.Int // tails[at][s]: P with m-1 for m, at the weight sums[at]
	same  *big.Rat    // the sum over F(s, k) of f(s-1, k)
}

func (d Dispersed) ledger(o Options) (*ledger, error) {
	l := &ledger{d: d, m: len(d.large), whole: d.ocean}
	if d.count > 0 {
		l.rise, l.whole = 1, d.count+1
	}
	bytes := 8 * float64(l.m) * (3 + float64((l.m*bits.Len64(uint64(l.whole)))/64+2))
	l.sums, l.count = []int64{0}, [][]uint64{make([]uint64, l.m+1)}
	l.count[0][0] = 1
	for _, w := range d.large {
		var sums []int64
		var count [][]uint64
		a, b := 0, 0
		for a < len(l.sums) || b < len(l.sums) && l.sums[b]+w < d.quota {
			if err := o.fits(float64(len(sums)+1)*bytes, Weights); err != nil {
				return nil, err
			}
			row := make([]uint64, l.m+1)
			next := int64(maxTotal)
			if a < len(l.sums) {
				next = l.sums[a]
			}
			if b < len(l.sums) {
				next = min(next, l.sums[b]+w)
			}
			if a < len(l.sums) && l.sums[a] == next {
				copy(row, l.count[a])
				a++
			}
			if b < len(l.sums) && l.sums[b]+w == next {
				for s, c := range l.count[b][:l.m] {
					row[s+1] += c
				}
				b++
			}
			sums, count = append(sums, next), append(count, row)
		}
		l.sums, l.count = sums, count
	}
	return l, nil
}

// short returns z for a weight below the quota.
func (l *ledger) short(k int64) int64 {
	need := l.d.quota - k
	if l.rise == 1 {
		need = (need + l.d.each - 1) / l.d.each
	}
	return min(need, l.whole)
}

// fill computes the tails of every weight for one large holder fewer, and
// what is the same for all.
func (l *ledger) fill(ctx context.Context, o Options) error {
	l.tails = make([][]big.Int, len(l.sums))
	const chunk = 256
	o.Progress = nil
	chunks := (len(l.sums) + chunk - 1) / chunk
	partial := make([][]dot, chunks)
	err := o.run(ctx, chunks, func(_, task int) error {
		sums := make([]dot, l.m+1)
		for at := task * chunk; at < min((task+1)*chunk, len(l.sums)); at++ {
			l.tails[at] = l.tail(l.m-1, l.sums[at])
			tails := l.tail(l.m, l.sums[at])
			for s := 1; s <= l.m; s++ {
				if c := l.count[at][s]; c != 0 {
					sums[s].add(c, &tails[s-1])
				}
			}
		}
		partial[task] = sums
		return nil
	})
	if err != nil {
		return err
	}
	l.same = new(big.Rat)
	for s := 1; s <= l.m; s++ {
		var sum big.Int
		for _, p := range partial {
			v := p[s].value()
			sum.Add(&sum, &v)
		}
		l.same.Add(l.same, l.chance(s-1, sum, l.m))
	}
	return nil
}

// tail returns P(s, z) for s below m, times A^(m).
func (l *ledger) tail(m int, k int64) []big.Int {
	z := l.short(k)
	ups, downs := make([]big.Int, m+1), make([]big.Int, m+1)
	ups[0].SetInt64(1)
	downs[0].SetInt64(1)
	var t big.Int
	for c := range m {
		ups[c+1].Mul(&ups[c], t.SetInt64(z+int64(c)*l.rise))
		downs[c+1].Mul(&downs[c], t.SetInt64(l.whole-z+int64(c)*l.rise))
	}
	out := make([]big.Int, m)
	binomial := big.NewInt(1) // binomial(m, c)
	var sum big.Int
	for c := m; c >= 1; c-- {
		t.Mul(&ups[c], &downs[m-c])
		sum.Add(&sum, t.Mul(&t, binomial))
		out[c-1].Set(&sum)
		binomial.Mul(binomial, t.SetInt64(int64(c)))
		binomial.Div(binomial, t.SetInt64(int64(m-c+1)))
	}
	return out
}

// power returns A^(m).
func (l *ledger) power(m int) *big.Int {
	out, t := big.NewInt(1), new(big.Int)
	for c := range m {
		out.Mul(out, t.SetInt64(l.whole+int64(c)*l.rise))
	}
	return out
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
func (l *ledger) index(i int) *big.Rat {
	without := l.without(i)
	out := new(big.Rat)
	out.Add(out, l.chance(0, l.tail(l.m, 0)[0], l.m)) // s = 0: nobody before
	for s := 1; s < l.m; s++ {
		var sum dot
		for at, row := range without {
			if c := row[s]; c != 0 {
				sum.add(c, &l.tails[at][s-1])
			}
		}
		out.Add(out, l.chance(s-1, sum.value(), l.m-1))
	}
	return out.Sub(out, l.same)
}

// chance turns a sum of tails into a probability.
func (l *ledger) chance(s int, sum big.Int, m int) *big.Rat {
	den := l.power(m)
	b := new(big.Int).Binomial(int64(m-1), int64(s))
	den.Mul(den, b.Mul(b, big.NewInt(int64(m))))
	return new(big.Rat).SetFrac(&sum, den)
}

// without returns the counts of the coalitions that lack holder i.
func (l *ledger) without(i int) [][]uint64 {
	w := l.d.large[i]
	out := make([][]uint64, len(l.sums))
	back := 0
	for at, k := range l.sums {
		row := slices.Clone(l.count[at])
		if w == 0 {
			for s := 1; s <= l.m; s++ {
				row[s] -= row[s-1]
			}
		} else {
			for back < at && l.sums[back] < k-w {
				back++
			}
			if l.sums[back] == k-w {
				for s := 1; s <= l.m; s++ {
					row[s] -= out[back][s-1]
				}
			}
		}
		out[at] = row
	}
	return out
}

// dot adds up products of counts and long numbers, limb by limb, carrying
// only at the end.
type dot struct{ lo, hi []uint64 }

func (d *dot) add(c uint64, x *big.Int) {
	words := x.Bits()
	for len(d.lo) < len(words) {
		d.lo, d.hi = append(d.lo, 0), append(d.hi, 0)
	}
	for i, w := range words {
		hi, lo := bits.Mul64(c, uint64(w))
		var carry uint64
		d.lo[i], carry = bits.Add64(d.lo[i], lo, 0)
		d.hi[i] += hi + carry
	}
}

func (d *dot) value() big.Int {
	var out, t big.Int
	for i := len(d.lo) - 1; i >= 0; i-- {
		out.Lsh(&out, bits.UintSize)
		t.SetUint64(d.hi[i])
		t.Lsh(&t, 64)
		out.Add(&out, t.Add(&t, new(big.Int).SetUint64(d.lo[i])))
	}
	return out
}
