package ratio

import (
	"errors"
	"fmt"
	"strings"
)

// Interval is the set of possible values of a figure that is not known exactly.
// The figure lies between Lo and Hi, which are fractions such as 1/4 and 1/2. An
// open end does not belong to the interval, and a closed end does.
//
// The zero value is the figure 0, known exactly. An Interval is plain data and
// safe to copy and to share.
type Interval struct {
	Lo, Hi         Ratio
	LoOpen, HiOpen bool
	// Unbounded says that there is no upper end. Hi is then 0 and has no
	// meaning.
	Unbounded bool
}

// Exactly returns the interval that holds r only.
func Exactly(r Ratio) Interval { return Interval{Lo: r, Hi: r} }

// IsExact reports whether the interval holds one figure only.
func (v Interval) IsExact() bool { return !v.Unbounded && v.Lo.Equal(v.Hi) }

// Contains reports whether r lies in the interval.
func (v Interval) Contains(r Ratio) bool {
	lo := v.Lo.Cmp(r)
	if lo > 0 || lo == 0 && v.LoOpen {
		return false
	}
	hi := r.Cmp(v.Hi)
	return v.Unbounded || hi < 0 || hi == 0 && !v.HiOpen
}

// String returns the canonical form, such as "(25%,50%]". A round bracket is an
// open end, and a square bracket is a closed end. A fraction that is not a finite
// decimal is written as a fraction, as in "[1/3,50%]". A figure known exactly has
// no brackets, as in "25%". An interval without an upper end is
// "[25%,unbounded)".
func (v Interval) String() string {
	if v.IsExact() && !v.LoOpen && !v.HiOpen {
		return v.Lo.PercentString()
	}
	from, to, hi := "[", "]", v.Hi.PercentString()
	if v.LoOpen {
		from = "("
	}
	if v.HiOpen {
		to = ")"
	}
	if v.Unbounded {
		hi, to = "unbounded", ")"
	}
	return from + v.Lo.PercentString() + "," + hi + to
}

// MarshalText writes the interval as [Interval.String] does.
func (v Interval) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the forms of [ParseInterval].
func (v *Interval) UnmarshalText(text []byte) error {
	w, err := ParseInterval(string(text))
	if err != nil {
		return err
	}
	*v = w
	return nil
}

// ParseInterval reads an interval within 0% and 100%, in one of these
// forms (capitals and spaces do not matter):
//
//	(25%,50%]                              brackets: round is open, square is closed
//	25%-50%, 25-50%, 25% to 50%            both ends belong to the band
//	between 25% and 50%                    the same
//	under 5%, below 5%, less than 5%, <5%  from 0%, without 5%
//	up to 5%, at most 5%, not more than 5%, no more than 5%, <=5%
//	over 75%, above 75%, more than 75%, >75%
//	75% or more, at least 75%, not less than 75%, no less than 75%, >=75%
//	more than 25% but not more than 50%    a lower and an upper form
//	25%                                    known exactly
//
// An end is a percentage or a fraction such as "1/3". A number without "%" is a
// percentage only if the end after it has "%". ParseInterval fails with [ErrRange]
// if the ends cross, if no value lies between them, or if an end is negative or
// above 100%. It fails with [ErrNumber] if the text has none of these forms.
func ParseInterval(s string) (Interval, error) {
	if len(s) > maxIntervalText {
		return Interval{}, &ParseError{clip(s), fmt.Sprintf("has %d characters", len(s)), ErrNumber}
	}
	v, err := readInterval(strings.ToLower(strings.Join(strings.Fields(s), " ")))
	var end *ParseError
	if !errors.As(err, &end) {
		return v, v.check(s)
	}
	if reason := end.Reason; end.Text != s {
		if end.Text != "" {
			reason = fmt.Sprintf("has the end %q, which %s", end.Text, reason)
		}
		end = &ParseError{clip(s), reason, end.Err}
	}
	return Interval{}, end
}

// maxIntervalText is the largest length of the text of an interval. Two numbers
// of the largest length fit.
const maxIntervalText = 300

// check reports ends that no stake can have.
func (v Interval) check(s string) error {
	why := ""
	switch order := v.Lo.Cmp(v.Hi); {
	case v.Lo.Sign() < 0 || v.Hi.Sign() < 0:
		why = "is negative"
	case Int(1).Less(v.Lo) || Int(1).Less(v.Hi):
		why = "passes 100%"
	case order > 0:
		why = fmt.Sprintf("has bounds that cross: %s is above %s", v.Lo.PercentString(), v.Hi.PercentString())
	case order == 0 && (v.LoOpen || v.HiOpen):
		why = fmt.Sprintf("holds nothing: both ends are %s and not both belong to it", v.Lo.PercentString())
	default:
		return nil
	}
	return &ParseError{clip(s), why, ErrRange}
}

func readInterval(text string) (Interval, error) {
	if n := len(text); n > 1 && strings.ContainsAny(text[:1], "([") && strings.ContainsAny(text[n-1:], ")]") {
		v, err := readPair(text[1:n-1], ",")
		v.LoOpen, v.HiOpen = text[0] == '(', text[n-1] == ')'
		return v, err
	}
	if low, high, ok := strings.Cut(text, " but "); ok {
		return readSides(low, high)
	}
	if v, _, found, err := readSide(text); found {
		return v, err
	}
	if rest, ok := strings.CutPrefix(text, "between "); ok {
		return readPair(rest, " and ")
	}
	if strings.Contains(text, " to ") {
		return readPair(text, " to ")
	}
	if strings.Contains(text, "–") { // an en dash, which registers use
		return readPair(text, "–")
	}
	if len(text) > 0 && strings.Contains(text[1:], "-") {
		return readPair(text, "-")
	}
	r, err := readEnd(text, false)
	return Exactly(r), err
}

// readSides reads a lower form and an upper one, in either order.
func readSides(low, high string) (Interval, error) {
	a, lower, ok1, err1 := readSide(low)
	b, lower2, ok2, err2 := readSide(high)
	switch {
	case !ok1 || !ok2 || lower == lower2:
		return Interval{}, &ParseError{"", "wants a lower and an upper bound around \"but\"", ErrNumber}
	case err1 != nil:
		return Interval{}, err1
	case err2 != nil:
		return Interval{}, err2
	case lower2:
		a, b = b, a
	}
	return Interval{Lo: a.Lo, LoOpen: a.LoOpen, Hi: b.Hi, HiOpen: b.HiOpen}, nil
}

// sideForms are the forms of one bound. A form comes before any form that is a
// part of it.
var sideForms = [...]struct {
	words       string
	lower, open bool
}{
	{"not more than ", false, false}, {"no more than ", false, false}, {"not less than ", true, false}, {"no less than ", true, false},
	{"more than ", true, true}, {"less than ", false, true}, {"at least ", true, false}, {"at most ", false, false},
	{"up to ", false, false}, {"under ", false, true}, {"below ", false, true}, {"over ", true, true}, {"above ", true, true},
	{"<=", false, false}, {"≤", false, false}, {">=", true, false}, {"≥", true, false}, {"<", false, true}, {">", true, true},
}

// readSide reads a form with one bound. found reports whether text has such a
// form.
func readSide(text string) (v Interval, lower, found bool, err error) {
	end, open := "", false
	if rest, ok := strings.CutSuffix(text, " or more"); ok {
		end, lower, found = rest, true, true
	} else if rest, ok := strings.CutSuffix(text, " or less"); ok {
		end, found = rest, true
	}
	for _, f := range sideForms {
		if rest, ok := strings.CutPrefix(text, f.words); ok && !found {
			end, lower, open, found = rest, f.lower, f.open, true
		}
	}
	if !found {
		return
	}
	r, err := readEnd(end, false)
	if lower {
		return Interval{Lo: r, LoOpen: open, Hi: Int(1)}, lower, found, err
	}
	return Interval{Hi: r, HiOpen: open}, lower, found, err
}

func readPair(text, between string) (Interval, error) {
	at := -1
	if len(text) > 0 { // a minus sign at the start is not a separator
		at = strings.Index(text[1:], between)
	}
	if at < 0 {
		return Interval{}, &ParseError{"", "wants two ends", ErrNumber}
	}
	low, high := text[:at+1], text[at+1+len(between):]
	lo, err := readEnd(low, strings.Contains(high, "%"))
	if err != nil {
		return Interval{}, err
	}
	hi, err := readEnd(high, false)
	return Interval{Lo: lo, Hi: hi}, err
}

// readEnd reads one end. It refuses an exponent, because the sign of an exponent
// looks like the dash between two ends.
func readEnd(text string, percent bool) (Ratio, error) {
	text = strings.TrimSpace(text)
	bare, marked := strings.CutSuffix(text, "%")
	bare = strings.TrimSpace(bare)
	switch {
	case strings.ContainsAny(bare, "e%"):
		return Ratio{}, badNumber(text, "is not a percentage or a fraction")
	case marked || percent && !strings.Contains(bare, "/"):
		bare += "%"
	case !strings.Contains(bare, "/"):
		return Ratio{}, badNumber(text, "lacks a percent sign or is not a percentage or a fraction")
	}
	r, err := parseRatio(bare)
	if err != nil {
		return Ratio{}, err
	}
	// The text that String writes must be readable again.
	if _, err := parseRatio(r.PercentString()); err != nil {
		return Ratio{}, err
	}
	return r, nil
}

// ShortPercent returns the interval in words, as in "over 25% to 50%", with the ends as
// [Ratio.ShortPercent] has them. An end at 0% or 100% is left out, as in "up to 25%", "under
// 25%" and "75% or more". The interval from 0% to 100% is "an unknown part".
func (v Interval) ShortPercent() string {
	if v.IsExact() {
		return v.Lo.ShortPercent()
	}
	lo, hi := v.Lo.ShortPercent(), v.Hi.ShortPercent()
	bottom, top := v.Lo.IsZero() && !v.LoOpen, v.Unbounded || v.Hi.Equal(Int(1)) && !v.HiOpen
	switch {
	case bottom && top:
		return "an unknown part"
	case bottom && v.HiOpen:
		return "under " + hi
	case bottom:
		return "up to " + hi
	case top && v.LoOpen:
		return "over " + lo
	case top:
		return lo + " or more"
	}
	if v.LoOpen {
		lo = "over " + lo
	}
	if v.HiOpen {
		hi = "under " + hi
	}
	return lo + " to " + hi
}
