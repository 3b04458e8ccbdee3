package ratio

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Number is a number as text: a decimal such as "4220715112" or "28.4", or a fraction
// of two whole numbers such as "100/3", for a number whose decimal does not end. The
// empty string means that the number was not given, which is not the same as "0".
//
// A decimal has at most 60 digits, with at most 30 of them after the point. It may
// have an exponent ("1.5e6") if the number written without it is within these
// bounds. Each part of a fraction has at most 60 digits. The bounds are checked on the
// text, before any arithmetic.
type Number string

const (
	maxDigits   = 60
	maxDecimals = 30
)

// Ratio returns the number exactly, and 0 for the empty string. It fails with
// [ErrNumber].
func (n Number) Ratio() (Ratio, error) {
	if n == "" {
		return Ratio{}, nil
	}
	if strings.IndexByte(string(n), '/') >= 0 {
		return parseFraction(string(n))
	}
	return ParseNumber(string(n))
}

// parseFraction reads a fraction of two whole numbers.
func parseFraction(s string) (Ratio, error) {
	n, d, _ := strings.Cut(s, "/")
	whole := func(s string) bool {
		return s != "" && len(s) <= maxDigits && strings.Trim(s, "0123456789") == ""
	}
	if !whole(strings.TrimPrefix(n, "-")) || !whole(d) {
		return Ratio{}, badNumber(s, fmt.Sprintf("is not a decimal number, and not a fraction of two whole numbers of at most %d digits", maxDigits))
	}
	if strings.Trim(d, "0") == "" {
		return Ratio{}, badNumber(s, "is not a decimal number, and has the denominator 0")
	}
	return Parse(s)
}

// ParseNumber reads a decimal number within the bounds of [Number]. It fails with
// [ErrNumber], also for the empty text.
func ParseNumber(s string) (Ratio, error) {
	if m, scale, ok := parseFixed(s); ok {
		return reduced(m, pow10[scale]), nil
	}
	digits, scale, err := scanNumber(s)
	if err != nil {
		return Ratio{}, err
	}
	num, _ := new(big.Int).SetString(digits, 10) // cannot fail: all are digits
	ten := big.NewInt(10)
	if scale <= 0 {
		num.Mul(num, ten.Exp(ten, big.NewInt(int64(-scale)), nil))
		return FromRat(new(big.Rat).SetInt(num)), nil
	}
	return FromRat(new(big.Rat).SetFrac(num, ten.Exp(ten, big.NewInt(int64(scale)), nil))), nil
}

var pow10 = [19]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
	1e14, 1e15, 1e16, 1e17, 1e18,
}

// parseFixed reads numbers with up to 18 digits and no exponent. Nearly all
// numbers of a book have this form. The number is m / 10^scale.
func parseFixed[T string | []byte](s T) (m int64, scale int, ok bool) {
	i, neg := 0, false
	if len(s) > 0 && s[0] == '-' {
		i, neg = 1, true
	}
	digits, point := 0, -1
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			if digits++; digits > 18 {
				return 0, 0, false
			}
			m = m*10 + int64(c-'0')
		case c == '.' && point < 0 && digits > 0:
			point = digits
		default:
			return 0, 0, false
		}
	}
	if digits == 0 || point == digits {
		return 0, 0, false
	}
	if point >= 0 {
		scale = digits - point
	}
	if neg {
		m = -m
	}
	return m, scale, true
}

// scanNumber checks s against the grammar and the bounds. It returns the sign and
// the digits, and the number of digits after the point.
func scanNumber(s string) (digits string, scale int, err error) {
	const maxText = 200
	if len(s) > maxText {
		return "", 0, badNumber(s, fmt.Sprintf("has %d characters", len(s)))
	}
	mantissa, exp := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
		if mantissa == "" || strings.Trim(mantissa, "-.0123456789") != "" {
			return "", 0, notDecimal(s)
		}
		if exp, err = scanExponent(s, s[i+1:]); err != nil {
			return "", 0, err
		}
	}
	sign, body := "", mantissa
	if strings.HasPrefix(body, "-") {
		sign, body = "-", body[1:]
	}
	whole, frac, dotted := strings.Cut(body, ".")
	if whole == "" || dotted && frac == "" || strings.Trim(whole+frac, "0123456789") != "" {
		return "", 0, notDecimal(s)
	}
	frac = strings.TrimRight(frac, "0")
	whole = strings.TrimLeft(whole, "0")
	scale = len(frac) - exp
	body = strings.TrimLeft(whole+frac, "0")
	if body == "" {
		return "0", 0, nil
	}
	if len(body)+max(0, -scale) > maxDigits || scale > maxDecimals {
		return "", 0, badNumber(s, fmt.Sprintf("has more than %d digits or %d decimals", maxDigits, maxDecimals))
	}
	return sign + body, scale, nil
}

func scanExponent(s, e string) (int, error) {
	neg := strings.HasPrefix(e, "-")
	raw := strings.TrimPrefix(e, "-")
	if !neg {
		raw = strings.TrimPrefix(e, "+")
	}
	if raw == "" || strings.Trim(raw, "0123456789") != "" {
		return 0, notDecimal(s)
	}
	e = strings.TrimLeft(raw, "0")
	if len(e) > 3 {
		return 0, badNumber(s, "has an exponent beyond bounds")
	}
	x := 0
	for _, c := range []byte(e) {
		x = x*10 + int(c-'0')
	}
	if neg {
		return -x, nil
	}
	return x, nil
}

// thousands matches a number with commas between its thousands.
var thousands = regexp.MustCompile(`^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// notDecimal is the error of a text that is no number. Where the text is nearly one, it says
// what to write.
func notDecimal(s string) error {
	fixed := func(s string) bool { _, _, ok := parseFixed(s); return ok }
	why := "is not a decimal number"
	plain, percent := strings.CutSuffix(s, "%")
	plain = strings.TrimRight(plain, " ")
	whole, frac, comma := strings.Cut(plain, ",")
	switch {
	case len(s) > 40:
	case percent && fixed(plain):
		why += fmt.Sprintf("; write %s, without a percent sign", plain)
	case thousands.MatchString(plain) && strings.ContainsAny(frac, ",."):
		why += fmt.Sprintf("; write %s, without commas", strings.ReplaceAll(plain, ",", ""))
	case comma && fixed(whole+"."+frac) && len(frac) == 3:
		why += fmt.Sprintf("; write %s%s, or %s.%s if the comma is a decimal point", whole, frac, whole, frac)
	case comma && fixed(whole+"."+frac):
		why += fmt.Sprintf("; write %s.%s, with a point", whole, frac)
	}
	return badNumber(s, why)
}

func badNumber(s, why string) error {
	return &ParseError{clip(s), why, ErrNumber}
}

// Number returns r as a Number. It can be read again only if [Ratio.IsNumber] returns
// true.
func (r Ratio) Number() Number { return Number(r.String()) }

// IsDecimal reports whether r is a finite decimal within the bounds of [Number].
func (r Ratio) IsDecimal() bool {
	if r.IsInt() && r.wide == nil {
		return true
	}
	if r.wide == nil {
		if _, places, ends := r.fixed(); !ends || places >= 0 {
			return ends
		}
	}
	_, err := ParseNumber(r.String())
	return err == nil
}

// IsNumber reports whether r is within the bounds of [Number], as a decimal or as a
// fraction.
func (r Ratio) IsNumber() bool {
	if r.wide == nil {
		return true
	}
	_, err := r.Number().Ratio()
	return err == nil
}
