package ratio

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Ratio is an exact fraction: a share of a company, a number of votes, a price.
//
// The zero value is 0. A Ratio is immutable and safe for concurrent use. It is
// always in lowest terms, so two equal ratios have the same text. Compare them with
// [Ratio.Equal] or [Ratio.Cmp], not with ==. Only [Ratio.Decimal], [Ratio.Percent]
// and [Ratio.Round] round, to the given number of places.
type Ratio struct {
	// A small fraction is num/(den1+1) with |num| < 1<<63. The field holds the
	// denominator minus 1, so that the zero value is the fraction 0/1.
	num, den1 int64
	wide      *big.Rat // never changed once set; nil for small fractions
}

// Rounding says how a figure is rounded to a decimal.
type Rounding uint8

// The rounding modes. The zero value is HalfEven.
const (
	HalfEven     Rounding = iota // to nearest, ties to the even digit
	HalfUp                       // to nearest, ties away from zero
	TowardZero                   // truncate
	AwayFromZero                 // away from zero
	Floor                        // toward minus infinity
	Ceiling                      // toward plus infinity
)

// Int returns the whole number n as a Ratio.
func Int(n int64) Ratio {
	if n == math.MinInt64 {
		return FromRat(new(big.Rat).SetInt64(n))
	}
	return Ratio{num: n}
}

// Of returns num/den in lowest terms. It panics if den is not above 0. It also panics
// if num is [math.MinInt64], because its negative does not fit in 64 bits.
func Of(num, den int64) Ratio {
	if den <= 0 || num == math.MinInt64 {
		panic("ratio: Of needs a denominator above 0 and a numerator above -1<<63")
	}
	return reduced(num, den)
}

// FromRat returns r as a Ratio. A nil r is 0. The Ratio may keep r, so the caller
// must not change r afterwards.
func FromRat(r *big.Rat) Ratio {
	if r == nil {
		return Ratio{}
	}
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		if n := r.Num().Int64(); n != math.MinInt64 {
			return Ratio{num: n, den1: r.Denom().Int64() - 1}
		}
	}
	return Ratio{wide: r}
}

// FromDecimal returns d as a Ratio, or [ErrNumber] if it has more digits
// or a larger exponent than a book may hold (see [Number]).
func FromDecimal(d decimal.Decimal) (Ratio, error) {
	// Check the coefficient and the exponent first, because the expansion of
	// 1e1000000000 would never end.
	if d.Coefficient().BitLen() > 4*maxDigits || d.Exponent() > maxDigits || d.Exponent() < -maxDigits {
		return Ratio{}, &ParseError{fmt.Sprintf("decimal of %d bits with exponent %d", d.Coefficient().BitLen(), d.Exponent()),
			"is beyond the bounds of a Number", ErrNumber}
	}
	return FromRat(d.Rat()), nil
}

// Parse reads "1/3", "0.334", "33.4%" or "33", and all texts of [Ratio.String]. It
// fails with [ErrNumber] for any other text, for decimals beyond the bounds of
// [Number], and for fractions of more than 100,000 digits.
func Parse(s string) (Ratio, error) {
	if r, ok := parseLong(s); ok {
		return r, nil
	}
	return parseRatio(s)
}

// MustParse is [Parse] for constants. It panics if Parse fails.
func MustParse(s string) Ratio {
	r, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return r
}

// parseLong reads a fraction or a whole number with more digits than [Number]
// allows. Exact answers can be that long.
func parseLong(s string) (Ratio, bool) {
	const maxText = 100_002
	if len(s) <= maxDigits || len(s) > maxText {
		return Ratio{}, false
	}
	whole := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	n, d, ok := strings.Cut(s, "/")
	if !whole(strings.TrimPrefix(n, "-")) || ok && (!whole(d) || strings.Trim(d, "0") == "") {
		return Ratio{}, false
	}
	// Rat.SetString would read a number with a leading zero as octal.
	num, _ := new(big.Int).SetString(n, 10)
	den := big.NewInt(1)
	if ok {
		den, _ = den.SetString(d, 10)
	}
	return FromRat(new(big.Rat).SetFrac(num, den)), true
}

func parseRatio(s string) (Ratio, error) {
	if p, ok := strings.CutSuffix(s, "%"); ok {
		r, err := ParseNumber(p)
		return r.Mul(Ratio{num: 1, den1: 99}), err
	}
	n, d, ok := strings.Cut(s, "/")
	if !ok {
		return ParseNumber(s)
	}
	num, err := ParseNumber(n)
	if err != nil {
		return Ratio{}, err
	}
	den, err := ParseNumber(d)
	if err != nil {
		return Ratio{}, err
	}
	if den.IsZero() {
		return Ratio{}, &ParseError{clip(s), "has the denominator 0", ErrDivisionByZero}
	}
	return num.Div(den), nil
}

// Small returns r as num/den in lowest terms, with den above 0. If the two do not fit
// in 64 bits, ok is false.
func (r Ratio) Small() (num, den int64, ok bool) {
	return r.num, r.den1 + 1, r.wide == nil && r.den1+1 > 0
}

// Num returns the numerator of r in lowest terms.
func (r Ratio) Num() *big.Int {
	if r.wide != nil {
		return new(big.Int).Set(r.wide.Num())
	}
	return big.NewInt(r.num)
}

// Denom returns the denominator of r in lowest terms. It is above 0.
func (r Ratio) Denom() *big.Int {
	if r.wide != nil {
		return new(big.Int).Set(r.wide.Denom())
	}
	return big.NewInt(r.den1 + 1)
}

// rat returns r as a big.Rat that the caller must not change.
func (r Ratio) rat() *big.Rat {
	if r.wide != nil {
		return r.wide
	}
	return big.NewRat(r.num, r.den1+1)
}

// Rat returns r as a new big.Rat, which the caller may change.
func (r Ratio) Rat() *big.Rat {
	if r.wide == nil {
		return r.rat()
	}
	return new(big.Rat).Set(r.wide)
}

// Sign returns -1, 0 or +1.
func (r Ratio) Sign() int {
	switch {
	case r.wide != nil:
		return r.wide.Sign()
	case r.num > 0:
		return 1
	case r.num < 0:
		return -1
	}
	return 0
}

// IsZero reports whether r is 0.
func (r Ratio) IsZero() bool { return r.wide == nil && r.num == 0 }

// IsInt reports whether r is a whole number.
func (r Ratio) IsInt() bool {
	if r.wide != nil {
		return r.wide.IsInt()
	}
	return r.den1 == 0
}

// Cmp returns -1, 0 or +1 as r is less than, equal to or greater than s.
func (r Ratio) Cmp(s Ratio) int {
	if r.wide == nil && s.wide == nil {
		if r.den1 == s.den1 {
			switch {
			case r.num < s.num:
				return -1
			case r.num > s.num:
				return 1
			}
			return 0
		}
		if rs, ss := r.Sign(), s.Sign(); rs != ss {
			if rs < ss {
				return -1
			}
			return 1
		}
		h1, l1 := bits.Mul64(magnitude(r.num), uint64(s.den1)+1)
		h2, l2 := bits.Mul64(magnitude(s.num), uint64(r.den1)+1)
		c := 0
		switch {
		case h1 < h2 || h1 == h2 && l1 < l2:
			c = -1
		case h1 > h2 || l1 > l2:
			c = 1
		}
		if r.num < 0 {
			return -c
		}
		return c
	}
	return r.rat().Cmp(s.rat())
}

// Equal reports whether r and s are the same number.
func (r Ratio) Equal(s Ratio) bool { return r.Cmp(s) == 0 }

// Less reports whether r < s.
func (r Ratio) Less(s Ratio) bool { return r.Cmp(s) < 0 }

// Min returns the smaller of two numbers.
func Min(r, s Ratio) Ratio {
	if s.Less(r) {
		return s
	}
	return r
}

// Max returns the larger of two numbers.
func Max(r, s Ratio) Ratio {
	if r.Less(s) {
		return s
	}
	return r
}

// Reaches reports whether r is above limit or, with atLeast, equal to it.
func (r Ratio) Reaches(limit Ratio, atLeast bool) bool {
	c := r.Cmp(limit)
	return c > 0 || c == 0 && atLeast
}

// Neg returns -r.
func (r Ratio) Neg() Ratio {
	if r.wide != nil {
		return FromRat(new(big.Rat).Neg(r.wide))
	}
	return Ratio{num: -r.num, den1: r.den1}
}

// Add returns r + s.
func (r Ratio) Add(s Ratio) Ratio {
	if r.wide == nil && s.wide == nil {
		if r.den1 == 0 && s.den1 == 0 {
			if n, ok := addInt(r.num, s.num); ok {
				return Ratio{num: n}
			}
		} else if t, ok := addSmall(r, s); ok {
			return t
		}
	}
	return FromRat(new(big.Rat).Add(r.rat(), s.rat()))
}

// Sub returns r - s.
func (r Ratio) Sub(s Ratio) Ratio { return r.Add(s.Neg()) }

// Mul returns r × s.
func (r Ratio) Mul(s Ratio) Ratio {
	if r.wide == nil && s.wide == nil {
		g1 := gcd(magnitude(r.num), uint64(s.den1)+1)
		g2 := gcd(magnitude(s.num), uint64(r.den1)+1)
		n, ok1 := mulInt(r.num/int64(g1), s.num/int64(g2))
		d, ok2 := mulInt((r.den1+1)/int64(g2), (s.den1+1)/int64(g1))
		if ok1 && ok2 {
			return Ratio{num: n, den1: d - 1}
		}
	}
	return FromRat(new(big.Rat).Mul(r.rat(), s.rat()))
}

// Div returns r / s. It panics if s is 0.
func (r Ratio) Div(s Ratio) Ratio {
	if s.IsZero() {
		panic("ratio: " + r.String() + " divided by 0")
	}
	if s.wide == nil {
		inv := Ratio{num: s.den1 + 1, den1: s.num - 1}
		if s.num < 0 {
			inv = Ratio{num: -(s.den1 + 1), den1: -s.num - 1}
		}
		return r.Mul(inv)
	}
	return FromRat(new(big.Rat).Quo(r.rat(), s.rat()))
}

// maxPlaces is the largest number of decimals of one figure.
const maxPlaces = 10_000

// Decimal returns r correctly rounded, half to even, to places decimals. It uses 0
// for places below 0, and 10,000 for places above 10,000.
func (r Ratio) Decimal(places int) decimal.Decimal { return r.Round(places, HalfEven) }

// Percent returns 100 × r correctly rounded, half to even, to places decimals.
func (r Ratio) Percent(places int) decimal.Decimal {
	return r.Mul(Ratio{num: 100}).Round(places, HalfEven)
}

// Round returns r rounded to places decimals in the given mode.
func (r Ratio) Round(places int, mode Rounding) decimal.Decimal {
	places = min(max(places, 0), maxPlaces)
	if r.IsInt() {
		return decimal.NewFromBigInt(r.rat().Num(), 0)
	}
	x := r.rat()
	scaled := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	scaled.Mul(scaled, x.Num())
	return decimal.NewFromBigInt(roundQuotient(scaled, x.Denom(), mode), -int32(places))
}

// Floor returns the largest whole number that is not above r.
func (r Ratio) Floor() Ratio {
	if r.IsInt() {
		return r
	}
	if n, d, ok := r.Small(); ok {
		if n < 0 {
			return Int(n/d - 1)
		}
		return Int(n / d)
	}
	x := r.rat()
	return FromRat(new(big.Rat).SetInt(roundQuotient(new(big.Int).Set(x.Num()), x.Denom(), Floor)))
}

// roundQuotient returns n/d rounded to a whole number; d > 0, n is overwritten.
func roundQuotient(n, d *big.Int, mode Rounding) *big.Int {
	neg := n.Sign() < 0
	q, rest := n.QuoRem(n, d, new(big.Int))
	if rest.Sign() == 0 {
		return q
	}
	half := new(big.Int).Lsh(rest.Abs(rest), 1).Cmp(d)
	var away bool
	switch mode {
	case HalfUp:
		away = half >= 0
	case TowardZero:
	case AwayFromZero:
		away = true
	case Floor:
		away = neg
	case Ceiling:
		away = !neg
	default:
		away = half > 0 || half == 0 && q.Bit(0) == 1
	}
	if !away {
		return q
	}
	if neg {
		return q.Sub(q, big.NewInt(1))
	}
	return q.Add(q, big.NewInt(1))
}

// String returns r as a decimal such as "0.15" if it is a finite decimal within the
// bounds of [Number]. Otherwise it returns a fraction such as "1/3". [Parse] reads
// both.
func (r Ratio) String() string {
	if r.wide == nil && r.den1 == 0 {
		return strconv.FormatInt(r.num, 10)
	}
	if r.wide == nil {
		if m, places, ends := r.fixed(); ends && places >= 0 {
			return fixedText(m, places)
		} else if !ends {
			return strconv.FormatInt(r.num, 10) + "/" + strconv.FormatInt(r.den1+1, 10)
		}
	}
	x := r.rat()
	if places, ok := decimalsOf(x.Denom()); ok && places <= maxDecimals {
		s := x.FloatString(places)
		if digits := strings.Trim(s, "-0."); places == 0 || len(digits)-strings.Count(digits, ".") <= maxDigits {
			return s
		}
	}
	return x.RatString()
}

// fixed returns a small fraction as m / 10^places with as few places as it has, if it is a finite
// decimal. Places is -1 if m has more than 63 bits.
func (r Ratio) fixed() (m int64, places int, ends bool) {
	twos := bits.TrailingZeros64(uint64(r.den1 + 1))
	fives, rest := 0, (r.den1+1)>>twos
	for rest%5 == 0 {
		fives, rest = fives+1, rest/5
	}
	if rest != 1 {
		return 0, -1, false
	}
	if places = max(twos, fives); places >= len(pow10) {
		return 0, -1, true
	}
	negative := r.num < 0
	high, low := bits.Mul64(uint64(max(r.num, -r.num)), uint64(pow10[places]/(r.den1+1)))
	if high != 0 || low > math.MaxInt64 {
		return 0, -1, true
	}
	if m = int64(low); negative {
		m = -m
	}
	return m, places, true
}

// fixedText returns m / 10^places as a decimal with so many places.
func fixedText(m int64, places int) string {
	var buf [24]byte
	out := buf[:0]
	if m < 0 {
		m, out = -m, append(out, '-')
	}
	start := len(out)
	out = strconv.AppendInt(out, m, 10)
	if short := places + 1 - (len(out) - start); short > 0 {
		out = slices.Insert(out, start, []byte("0000000000000000000")[:short]...)
	}
	if places > 0 {
		out = slices.Insert(out, len(out)-places, '.')
	}
	return string(out)
}

// MarshalText writes r as [Ratio.String] does.
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the texts of [Parse].
func (r *Ratio) UnmarshalText(text []byte) error {
	v, err := Parse(string(text))
	if err != nil {
		return err
	}
	*r = v
	return nil
}

// Decimals returns the number of decimals of r, or false if r is not a finite
// decimal.
func (r Ratio) Decimals() (places int, ends bool) {
	if r.wide == nil && r.den1 == 0 {
		return 0, true
	}
	return decimalsOf(r.rat().Denom())
}

// Float64 returns a float near r. It is the nearest float unless the numerator or
// the denominator of r is above 2^53.
func (r Ratio) Float64() float64 {
	if r.wide == nil {
		return float64(r.num) / (float64(r.den1) + 1)
	}
	f, _ := r.wide.Float64()
	return f
}

// decimalsOf returns the number of decimals of a fraction with denominator d, or
// false if it is not a finite decimal.
func decimalsOf(d *big.Int) (int, bool) {
	twos := int(d.TrailingZeroBits())
	rest := new(big.Int).Rsh(d, uint(twos))
	five, m := big.NewInt(5), new(big.Int)
	q := new(big.Int)
	fives := 0
	for rest.BitLen() > 1 {
		if fives > 4*maxDigits {
			return 0, false
		}
		if q.QuoRem(rest, five, m); m.Sign() != 0 {
			return 0, false
		}
		rest, q = q, rest
		fives++
	}
	return max(twos, fives), true
}
