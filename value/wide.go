package value

import (
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/ratio"
)

// wide is a number that is not negative, with a mantissa of 64 bits: m·2^e. The top bit of m
// is set, unless the number is 0. Each operation cuts its result off, so that it is too small
// by at most a fraction of 2^-62. It is what makes evaluations fast, and its error is known.
type wide struct {
	m uint64
	e int
}

// wideBits is the precision of wide in the sense of [polynomial.evaluate].
const wideBits = 62

var wideOne = wide{1 << 63, -63}

// wideOf returns |x|.
func wideOf(x *big.Float) wide {
	if x.Sign() == 0 {
		return wide{}
	}
	mantissa := new(big.Float).SetPrec(64).SetMode(big.ToZero).Set(x)
	e := mantissa.MantExp(mantissa)
	m, _ := mantissa.Abs(mantissa).SetMantExp(mantissa, 64).Uint64()
	return wide{m, e - 64}
}

// wideRatio returns |r|.
func wideRatio(r ratio.Ratio) wide {
	num, den, ok := r.Small()
	if !ok {
		return wideOf(new(big.Float).SetPrec(128).SetRat(r.Rat()))
	}
	if num == 0 {
		return wide{}
	}
	n, d := uint64(max(num, -num)), uint64(den)
	shift, down := bits.LeadingZeros64(n), bits.LeadingZeros64(d)
	n, d = n<<shift, d<<down
	// n/d lies between 1/2 and 2, and (n/2·2^64)/d fits in 64 bits.
	q, _ := bits.Div64(n>>1, n<<63, d)
	w := wide{q, down - shift - 63}
	return w.normal()
}

func wideInt(n int) wide { return wide{uint64(n), 0}.normal() }

func (a wide) normal() wide {
	if a.m == 0 {
		return wide{}
	}
	z := bits.LeadingZeros64(a.m)
	return wide{a.m << z, a.e - z}
}

func (a wide) mul(b wide) wide {
	hi, lo := bits.Mul64(a.m, b.m)
	if hi == 0 {
		return wide{}
	}
	if hi>>63 == 0 {
		return wide{hi<<1 | lo>>63, a.e + b.e + 63}
	}
	return wide{hi, a.e + b.e + 64}
}

func (a wide) add(b wide) wide {
	if a.m == 0 || b.m != 0 && a.e < b.e {
		a, b = b, a
	}
	if b.m == 0 || a.e-b.e >= 64 {
		return a
	}
	sum, carry := bits.Add64(a.m, b.m>>(a.e-b.e), 0)
	if carry == 1 {
		return wide{sum>>1 | 1<<63, a.e + 1}
	}
	return wide{sum, a.e}
}

// float returns the number as a big.Float, exactly.
func (a wide) float() *big.Float {
	f := new(big.Float).SetPrec(64).SetUint64(a.m)
	return f.SetMantExp(f, a.e)
}

// widePowers computes powers of one number.
type widePowers struct {
	w     wide
	small [64]wide // by exponent; 0 if not yet known
	large map[int]wide
}

func (p *widePowers) power(n int) wide {
	if n < len(p.small) {
		if p.small[n].m != 0 {
			return p.small[n]
		}
	} else if x, ok := p.large[n]; ok {
		return x
	}
	x := p.w
	if n > 1 {
		x = p.power(n / 2)
		if x = x.mul(x); n%2 == 1 {
			x = x.mul(p.w)
		}
	}
	if n < len(p.small) {
		p.small[n] = x
		return x
	}
	if p.large == nil {
		p.large = map[int]wide{}
	}
	p.large[n] = x
	return x
}
