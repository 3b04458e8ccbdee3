package ratio

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ShortPercent returns r as a percentage with two decimals. It uses more decimals if
// the percentage would otherwise look like a round number that it is not: "49.9996%",
// not "50%". If twelve decimals are not enough, it returns "just under 50%".
func (r Ratio) ShortPercent() string {
	const most = 12
	percent := r.Mul(Int(100))
	d := percent.Round(2, HalfEven)
	for places := 3; places <= most && d.IsInteger() && !percent.IsInt(); places++ {
		d = percent.Round(places, HalfEven)
	}
	text := d.String() + "%"
	if d.IsInteger() {
		switch percent.rat().Cmp(d.Rat()) {
		case -1:
			return "just under " + text
		case 1:
			return "just over " + text
		}
	}
	return text
}

// PercentString returns r as a percentage such as "33.4%" if that is a decimal that
// [Parse] reads. Otherwise it returns a fraction such as "1/3".
func (r Ratio) PercentString() string {
	if percent := r.Mul(Int(100)); percent.IsDecimal() {
		return percent.String() + "%"
	}
	return r.String()
}

// GroupedDecimal returns r rounded, half to even, to at most places decimals, with
// commas between the thousands: "1,831,837,027.5".
func (r Ratio) GroupedDecimal(places int) string {
	return commas(r.Decimal(places).String())
}

// Grouped returns r exactly, with commas between the thousands if it has five digits
// or more: "1,831,837,027". If r is not a finite decimal, it returns a fraction.
func (r Ratio) Grouped() string {
	if !r.IsDecimal() || r.Sign() >= 0 && r.Less(Int(10_000)) {
		return r.String()
	}
	return commas(r.String())
}

// commas puts commas between the thousands of a decimal.
func commas(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + frac
	}
	return sign + whole
}

// Format prints fractions. %v and %s print the text of [Ratio.String]. %f prints a
// decimal, rounded half to even to the given places or to 6. %q prints a quoted
// string. Width and the flags "-" and "0" work as for other numbers.
func (r Ratio) Format(f fmt.State, verb rune) {
	text := ""
	switch verb {
	case 'v', 's':
		text = r.String()
	case 'q':
		text = strconv.Quote(r.String())
	case 'f', 'F':
		places, ok := f.Precision()
		if !ok {
			places = 6
		}
		text = r.Decimal(places).StringFixed(int32(min(places, maxPlaces)))
		if f.Flag('+') && r.Sign() >= 0 {
			text = "+" + text
		}
	default:
		fmt.Fprintf(f, "%%!%c(ratio.Ratio=%s)", verb, r)
		return
	}
	width, _ := f.Width()
	pad := width - utf8.RuneCountInString(text)
	switch {
	case pad <= 0:
	case f.Flag('-'):
		text += strings.Repeat(" ", pad)
	case f.Flag('0') && (verb == 'f' || verb == 'F'):
		sign := ""
		if text[0] == '-' || text[0] == '+' {
			sign, text = text[:1], text[1:]
		}
		text = sign + strings.Repeat("0", pad) + text
	default:
		text = strings.Repeat(" ", pad) + text
	}
	io.WriteString(f, text)
}
