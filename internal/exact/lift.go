package exact

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/progress"
)

// modular is the inverse of B modulo a prime below 2^31, by rows.
type modular struct {
	p, barrett uint64
	inv        []uint32
}

func (m *modular) reduce(x uint64) uint64 {
	q, _ := bits.Mul64(x, m.barrett)
	if x -= q * m.p; x >= m.p {
		x -= m.p
	}
	return x
}

func (m *modular) inverse(a uint64) uint64 {
	// a^(p-2) by squaring.
	r := uint64(1)
	for e := m.p - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = m.reduce(r * a)
		}
		a = m.reduce(a * a)
	}
	return r
}

// modular returns the inverse of B modulo the largest prime below 2^31 that divides no
// leading minor of B. Such a prime exists, because the minors of an M-matrix are above 0
// and have finitely many prime factors.
func (s *Solver) modular(ctx context.Context, q *part, y *system) (*modular, error) {
	if err := q.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer q.gate.leave()
	for p := int64(1<<31 - 1); q.mod == nil; p -= 2 {
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

// invert inverts B, given by its columns, modulo p. It returns nil if a pivot is 0.
func invert(ctx context.Context, y *system, p uint64) (*modular, error) {
	n := len(y.diag)
	m := &modular{p: p, barrett: ^uint64(0) / p, inv: make([]uint32, n*n)}
	b := m.inv
	for k := range n {
		b[k*n+k] = uint32(uint64(y.diag[k]) % p)
		for e := y.start[k]; e < y.start[k+1]; e++ {
			x := &b[int(y.index[e])*n+k]
			*x = uint32((uint64(*x) + p - uint64(y.coef[e])%p) % p)
		}
	}
	stage := progress.Start(ctx, "factors", n, reportEverySlow)
	for r := range n {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(r)
		if b[r*n+r] == 0 {
			return nil, nil
		}
		row := b[r*n : r*n+n]
		f := m.inverse(uint64(row[r]))
		row[r] = 1
		for j := range row {
			row[j] = uint32(m.reduce(uint64(row[j]) * f))
		}
		for i := range n {
			if i == r {
				continue
			}
			to := b[i*n : i*n+n]
			g := p - uint64(to[r])
			to[r] = 0
			if g == p {
				continue
			}
			for j, x := range row {
				to[j] = uint32(m.reduce(uint64(to[j]) + g*uint64(x)))
			}
		}
	}
	stage.End()
	return m, nil
}

// times sets x to r inv (by row) or to inv r (by column), modulo p.
func (m *modular) times(r []uint32, x []int64, acc []uint64, byRow bool) {
	n, square := len(r), m.p*m.p
	if !byRow {
		for i := range n {
			var sum uint64
			for k, v := range m.inv[i*n : i*n+n] {
				if sum += uint64(v) * uint64(r[k]); sum >= square {
					sum -= square
				}
			}
			x[i] = int64(m.reduce(sum))
		}
		return
	}
	clear(acc)
	for i, f := range r {
		if f == 0 {
			continue
		}
		for k, v := range m.inv[i*n : i*n+n] {
			sum := acc[k] + uint64(v)*uint64(f)
			if sum >= square {
				sum -= square
			}
			acc[k] = sum
		}
	}
	for k, sum := range acc {
		x[k] = int64(m.reduce(sum))
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
// coefficients is below 2^(31+sum). It always fits in 128 bits: coefficients are below 2^62
// and an equation has fewer than 2^31 entries, so sum is at most 93. A residual of at most
// 120 bits minus such a sum fits too, and the division by p makes it small again.
func padicDigits(ctx context.Context, m *modular, y *system, num []*big.Int, widest, steps int, byRow bool) ([][]uint32, error) {
	n := len(num)
	var (
		x     = make([]int64, n)
		rest  = make([]uint32, n)
		acc   = make([]uint64, n)
		out   = make([][]uint32, n)
		small = make([]int128, n)
		large []*big.Int // used instead of small while the residual is wide
		p     = new(big.Int).SetUint64(m.p)
		t     big.Int
	)
	if widest > 120 || y.sum+32 > 126 {
		large = make([]*big.Int, n)
	}
	for k, c := range num {
		out[k] = make([]uint32, 0, steps)
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
				rest[k] = uint32(t.Mod(large[k], p).Uint64())
			} else {
				rest[k] = small[k].mod(m.p)
			}
		}
		m.times(rest, x, acc, byRow)
		widest = 0
		for k := range n {
			out[k] = append(out[k], uint32(x[k]))
			by := y.apply(k, x)
			if large != nil {
				large[k].Sub(large[k], by.big(&t))
				large[k].Quo(large[k], p)
				widest = max(widest, large[k].BitLen())
				continue
			}
			small[k] = small[k].sub(by).quoExact(m.p)
		}
		if large != nil && widest <= 120 && y.sum+32 <= 126 {
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
func (a int128) mod(p uint64) uint32 {
	neg := a.hi < 0
	if neg {
		a = int128{}.sub(a)
	}
	_, r := bits.Div64(uint64(a.hi)%p, a.lo, p)
	if neg && r != 0 {
		r = p - r
	}
	return uint32(r)
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
func reconstruct(ctx context.Context, digits [][]uint32, p uint64, modulus *big.Int, numBits, denBits int) ([]big.Int, *big.Int, error) {
	n := len(digits)
	vals, dens := make([]big.Int, n), make([]*big.Int, n)
	den := big.NewInt(1)
	bound := new(big.Int).Lsh(one, uint(numBits))
	half := new(big.Int).Rsh(modulus, 1)
	base, digit, t := new(big.Int).SetUint64(p), new(big.Int), new(big.Int)
	stage := progress.Start(ctx, "fractions", n, reportEverySlow)
	for k, ds := range digits {
		if err := canceled(ctx); err != nil {
			return nil, nil, err
		}
		stage.At(k)
		v := &vals[k]
		for at := len(ds) - 1; at >= 0; at-- {
			t.Mul(v, base)
			v.Add(t, digit.SetUint64(uint64(ds[at])))
		}
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
