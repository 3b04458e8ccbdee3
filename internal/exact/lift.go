package exact

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/progress"
)

// modular is the inverse of B modulo a prime, by rows. Its entries are below p.
type modular struct {
	p   uint64
	inv []uint64
}

// Primes are below 2^59, so that 2^10 products of residues fit in 128 bits, or below 2^31
// if a digit of 59 bits times the coefficients of an equation might not fit.
const (
	longDigit, shortDigit = 59, 31
	mostProducts          = 1 << 10
)

// multiplier is a factor f below p with floor(f 2^64 / p), after V. Shoup.
type multiplier struct{ f, quo, p uint64 }

func newMultiplier(f, p uint64) multiplier {
	q, _ := bits.Div64(f, 0, p)
	return multiplier{f, q, p}
}

// times returns the product with any word modulo p, below 2p.
func (m multiplier) times(x uint64) uint64 {
	q, _ := bits.Mul64(x, m.quo)
	return x*m.f - q*m.p
}

// invMod returns a^(p-2), by squaring.
func invMod(a, p uint64) uint64 {
	times := func(a, b uint64) uint64 {
		hi, lo := bits.Mul64(a, b)
		return bits.Rem64(hi, lo, p)
	}
	r := uint64(1)
	for e := p - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = times(r, a)
		}
		a = times(a, a)
	}
	return r
}

// modular returns the inverse of B modulo the largest prime of a length that divides no
// leading minor of B. Such a prime exists, because the minors of an M-matrix are above 0
// and have finitely many prime factors.
func (s *Solver) modular(ctx context.Context, q *part, y *system) (*modular, error) {
	if err := q.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer q.gate.leave()
	length := longDigit
	// Here the sum of the coefficients of an equation is below 2^66 by row and by column.
	if y.top+uint(bits.Len(uint(len(y.diag)))) > 65 {
		length = shortDigit
	}
	for p := int64(1)<<length - 1; q.mod == nil; p -= 2 {
		if !big.NewInt(p).ProbablyPrime(0) { // exact below 2^64
			continue
		}
		m, err := invert(ctx, y, uint64(p))
		if err != nil {
			return nil, err
		}
		q.mod = m
	}
	return q.mod, nil
}

// invert inverts B, given by its columns, modulo p. It returns nil if a pivot is 0. Entries
// are below 2p on the way.
func invert(ctx context.Context, y *system, p uint64) (*modular, error) {
	n := len(y.diag)
	m := &modular{p: p, inv: make([]uint64, n*n)}
	b := m.inv
	for k := range n {
		b[k*n+k] = uint64(y.diag[k]) % p
		for e := y.start[k]; e < y.start[k+1]; e++ {
			x := &b[int(y.index[e])*n+k]
			*x = (*x + p - uint64(y.coef[e])%p) % p
		}
	}
	stage := progress.Start(ctx, "factors", n, reportEverySlow)
	for r := range n {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(r)
		row := b[r*n : r*n+n]
		if row[r]%p == 0 {
			return nil, nil
		}
		f := newMultiplier(invMod(row[r]%p, p), p)
		row[r] = 1
		for j, x := range row {
			row[j] = f.times(x)
		}
		for i := range n {
			if i == r {
				continue
			}
			to := b[i*n : i*n+n]
			g := to[r] % p
			to[r] = 0
			if g != 0 {
				newMultiplier(p-g, p).addTo(to, row)
			}
		}
	}
	for k, x := range b {
		b[k] = x % p
	}
	stage.End()
	return m, nil
}

// addTo adds multiples of the words of row to entries below 2p.
func (m multiplier) addTo(to, row []uint64) {
	row = row[:len(to)]
	p2 := 2 * m.p
	for j, x := range row {
		q, _ := bits.Mul64(x, m.quo)
		v := to[j] + x*m.f - q*m.p
		if v >= p2 {
			v -= p2
		}
		to[j] = v
	}
}

// times sets x to r inv (by row) or to inv r (by column), modulo p.
func (m *modular) times(r []uint64, x []int64, acc []uint64, byRow bool) {
	n := len(r)
	if !byRow {
		for i := range n {
			row := m.inv[i*n : i*n+n]
			var sum uint64
			for from := 0; from < n; from += mostProducts {
				to := min(n, from+mostProducts)
				hi, lo := dotWords(row[from:to], r[from:to])
				lo, c := bits.Add64(lo, sum, 0)
				sum = bits.Rem64(hi+c, lo, m.p)
			}
			x[i] = int64(sum)
		}
		return
	}
	lo, hi := acc[:n], acc[n:2*n]
	clear(acc)
	for i, f := range r {
		if i > 0 && i%(mostProducts-1) == 0 { // with what is left, as many products as fit
			for k := range lo {
				lo[k], hi[k] = bits.Rem64(hi[k], lo[k], m.p), 0
			}
		}
		addProducts(hi, lo, m.inv[i*n:i*n+n], f)
	}
	for k := range n {
		x[k] = int64(bits.Rem64(hi[k], lo[k], m.p))
	}
}

// dotWords returns the sum of the products.
func dotWords(a, b []uint64) (hi, lo uint64) {
	b = b[:len(a)]
	for k, v := range a {
		h, l := bits.Mul64(v, b[k])
		var c uint64
		lo, c = bits.Add64(lo, l, 0)
		hi, _ = bits.Add64(hi, h, c)
	}
	return hi, lo
}

// addProducts adds f times each word.
func addProducts(hi, lo, words []uint64, f uint64) {
	hi, lo = hi[:len(words)], lo[:len(words)]
	for k, v := range words {
		h, l := bits.Mul64(v, f)
		var c uint64
		lo[k], c = bits.Add64(lo[k], l, 0)
		hi[k], _ = bits.Add64(hi[k], h, c)
	}
}

// lift solves the part's system exactly by p-adic lifting (Dixon 1982). Each step gives one
// digit of the solution in base p and an exact residual. The steps end when only one vector
// of rational numbers fits the digits. The solution is vals/det, which is not always in
// lowest terms.
func (s *Solver) lift(ctx context.Context, q *part, num []*big.Int, byRow bool) ([]big.Int, *big.Int, error) {
	y, err := s.system(ctx, q, byRow, false)
	if err != nil {
		return nil, nil, err
	}
	cols := y
	if !byRow {
		if cols, err = s.system(ctx, q, true, false); err != nil {
			return nil, nil, err
		}
	}
	m, err := s.modular(ctx, q, cols)
	if err != nil {
		return nil, nil, err
	}
	// By row, the numerator of solution k over det B is the sum of c_i
	// adj(i,k). Row i of adj is a multiple of row i of V, and V(i,k) <=
	// V(i,i). So adj(i,k) <= adj(i,i), which is the determinant of a smaller
	// part and so below 2^denBits. By column it is the sum of adj(k,i) c_i,
	// and adj(k,i) <= adj(k,k).
	denBits := s.bits(q.nodes)
	numBits := denBits + bits.Len(uint(len(num)))
	widest := 0
	for _, c := range num {
		if c != nil {
			widest = max(widest, c.BitLen())
		}
	}
	numBits += widest
	steps := (numBits+denBits+2)/(bits.Len64(m.p)-1) + 1 // so p^steps > 2^(numBits+denBits+2)
	digits, err := padicDigits(ctx, m, y, num, widest, steps, byRow)
	if err != nil {
		return nil, nil, err
	}
	modulus := new(big.Int).Exp(new(big.Int).SetUint64(m.p), big.NewInt(int64(steps)), nil)
	return reconstruct(ctx, digits, m.p, modulus, numBits, denBits)
}

// padicDigits returns the base p digits of each unknown, lowest first. A sum of digits times
// coefficients is below 2^(digit+sum), if digits have so many bits. It always fits in 128
// bits: coefficients are below 2^62 and an equation has fewer than 2^31 entries, so sum is
// at most 93 with short digits and at most 66 with long ones. A residual of at most 120 bits
// minus such a sum fits too, and the division by p makes it small again.
func padicDigits(ctx context.Context, m *modular, y *system, num []*big.Int, widest, steps int, byRow bool) ([][]uint64, error) {
	n := len(num)
	var (
		x     = make([]int64, n)
		rest  = make([]uint64, n)
		acc   = make([]uint64, 2*n)
		out   = make([][]uint64, n)
		digit = uint(bits.Len64(m.p))
		small = make([]int128, n)
		large []*big.Int // used instead of small while the residual is wide
		p     = new(big.Int).SetUint64(m.p)
		t     big.Int
	)
	if widest > 120 || y.sum+digit+1 > 126 {
		large = make([]*big.Int, n)
	}
	for k, c := range num {
		out[k] = make([]uint64, 0, steps)
		switch {
		case large != nil && c != nil:
			large[k] = new(big.Int).Set(c)
		case large != nil:
			large[k] = new(big.Int)
		case c != nil:
			small[k] = toInt128(c)
		}
	}
	stage := progress.Start(ctx, "digits", steps, reportEverySlow)
	for step := range steps {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(step)
		for k := range n {
			if large != nil {
				rest[k] = t.Mod(large[k], p).Uint64()
			} else {
				rest[k] = small[k].mod(m.p)
			}
		}
		m.times(rest, x, acc, byRow)
		widest = 0
		for k := range n {
			out[k] = append(out[k], uint64(x[k]))
			by := y.apply(k, x)
			if large != nil {
				large[k].Sub(large[k], by.big(&t))
				large[k].Quo(large[k], p)
				widest = max(widest, large[k].BitLen())
				continue
			}
			small[k] = small[k].sub(by).quoExact(m.p)
		}
		if large != nil && widest <= 120 && y.sum+digit+1 <= 126 {
			for k := range n {
				small[k] = toInt128(large[k])
			}
			large = nil
		}
	}
	stage.End()
	return out, nil
}

func toInt128(z *big.Int) int128 {
	var t, low big.Int
	low.And(t.Abs(z), mask64)
	a := int128{int64(t.Rsh(&t, 64).Uint64()), low.Uint64()}
	if z.Sign() < 0 {
		return int128{}.sub(a)
	}
	return a
}

var mask64 = new(big.Int).SetUint64(1<<64 - 1)

func (a int128) sub(b int128) int128 {
	lo, c := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(uint64(a.hi), uint64(b.hi), c)
	return int128{int64(hi), lo}
}

// big puts the value into z and returns z.
func (a int128) big(z *big.Int) *big.Int {
	z.SetInt64(a.hi)
	z.Lsh(z, 64)
	return z.Add(z, new(big.Int).SetUint64(a.lo))
}

// mod returns the value modulo p, from 0 to p-1.
func (a int128) mod(p uint64) uint64 {
	neg := a.hi < 0
	if neg {
		a = int128{}.sub(a)
	}
	_, r := bits.Div64(uint64(a.hi)%p, a.lo, p)
	if neg && r != 0 {
		r = p - r
	}
	return r
}

// quoExact returns the value divided by p. The value must be a multiple of p.
func (a int128) quoExact(p uint64) int128 {
	neg := a.hi < 0
	if neg {
		a = int128{}.sub(a)
	}
	hi := uint64(a.hi) / p
	lo, _ := bits.Div64(uint64(a.hi)%p, a.lo, p)
	a = int128{int64(hi), lo}
	if neg {
		a = int128{}.sub(a)
	}
	return a
}

// reconstruct turns residues into fractions with one common denominator. The modulus
// exceeds 2^(numBits+denBits+1), so only one fraction is within these bounds (Wang 1981).
func reconstruct(ctx context.Context, digits [][]uint64, p uint64, modulus *big.Int, numBits, denBits int) ([]big.Int, *big.Int, error) {
	n := len(digits)
	vals, dens := make([]big.Int, n), make([]*big.Int, n)
	den := big.NewInt(1)
	bound := new(big.Int).Lsh(one, uint(numBits))
	half := new(big.Int).Rsh(modulus, 1)
	t := new(big.Int)
	values := newRadix(p, len(digits[0]))
	stage := progress.Start(ctx, "fractions", n, reportEverySlow)
	for k, ds := range digits {
		if err := canceled(ctx); err != nil {
			return nil, nil, err
		}
		stage.At(k)
		v := &vals[k]
		values.put(v, ds)
		t.Mul(v, den)
		v.Mod(t, modulus)
		if v.Cmp(half) > 0 {
			v.Sub(v, modulus)
		}
		if v.CmpAbs(bound) > 0 {
			extra, err := rational(ctx, v, modulus, bound)
			if err != nil {
				return nil, nil, err
			}
			den = new(big.Int).Mul(den, extra)
		}
		dens[k] = den
	}
	for k := range vals {
		if dens[k] != den {
			vals[k].Mul(&vals[k], t.Quo(den, dens[k]))
		}
	}
	stage.End()
	return vals, den, nil
}

// radix turns digits into numbers. It has the powers of the base to 1, 2, 4, 8 and so on,
// and memory for a product at each of these lengths.
type radix struct {
	powers   []*big.Int
	products []big.Int
	low      []big.Int
}

func newRadix(p uint64, digits int) *radix {
	x := &radix{powers: []*big.Int{new(big.Int).SetUint64(p)}}
	for length := 2; length < digits; length *= 2 {
		last := x.powers[len(x.powers)-1]
		x.powers = append(x.powers, new(big.Int).Mul(last, last))
	}
	x.products, x.low = make([]big.Int, len(x.powers)), make([]big.Int, len(x.powers))
	return x
}

// put sets v to the number with the given digits, the lowest first. It halves them at the
// largest power that is shorter, so that most products are of long numbers.
func (x *radix) put(v *big.Int, digits []uint64) {
	if len(digits) == 0 {
		v.SetUint64(0)
		return
	}
	if len(digits) == 1 {
		v.SetUint64(digits[0])
		return
	}
	k := bits.Len(uint(len(digits)-1)) - 1 // 2^k is below the number of digits
	half := 1 << k
	x.put(v, digits[half:])
	x.products[k].Mul(v, x.powers[k])
	x.put(&x.low[k], digits[:half])
	v.Add(&x.products[k], &x.low[k])
}

// rational returns the denominator of the fraction whose residue is v, and sets v to its
// numerator. The numerator is the first remainder of Euclid's algorithm that is at most
// bound.
func rational(ctx context.Context, v, modulus, bound *big.Int) (*big.Int, error) {
	a, b := new(big.Int).Set(modulus), new(big.Int).Mod(v, modulus)
	x, y := new(big.Int), big.NewInt(1)
	quo, rem, t := new(big.Int), new(big.Int), new(big.Int)
	for step := 0; b.CmpAbs(bound) > 0; step++ {
		if step&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		quo.QuoRem(a, b, rem)
		a, b, rem = b, rem, a
		t.Mul(quo, y)
		x.Sub(x, t)
		x, y = y, x
	}
	if y.Sign() < 0 {
		y.Neg(y)
		b.Neg(b)
	}
	v.Set(b)
	return y, nil
}
