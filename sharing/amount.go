package sharing

import (
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Amount is an exact number as text, such as "412584", "0.5" or "1/3". In a file it is a
// string or a JSON number. The empty text means that no amount is given, which counts as 0
// unless a field says otherwise.
type Amount string

// Exactly returns r as an Amount.
func Exactly(r ratio.Ratio) Amount { return Amount(r.String()) }

// Ratio returns the amount as a fraction, and 0 for the empty text. It fails with ErrAmount.
func (a Amount) Ratio() (ratio.Ratio, error) {
	if a == "" {
		return ratio.Ratio{}, nil
	}
	r, err := ratio.Parse(string(a))
	if err != nil || strings.HasSuffix(string(a), "%") {
		return ratio.Ratio{}, failure(ErrAmount, "%s is not a number or a fraction", show(string(a)))
	}
	return r, nil
}

// read returns the amount, and reports a fault if it is not a number.
func (a Amount) read(f *faults, place string) ratio.Ratio {
	r, err := a.Ratio()
	if err != nil {
		f.add(place, ErrAmount, "%s is not a number or a fraction", show(string(a)))
	}
	return r
}

// readPositive returns the amount, and reports a fault if it is not a number of at least 0.
func (a Amount) readPositive(f *faults, place string) ratio.Ratio {
	r := a.read(f, place)
	if r.Sign() < 0 {
		f.add(place, ErrAmount, "%s is below 0", brief(r))
		return ratio.Ratio{}
	}
	return r
}
