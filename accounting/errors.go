package accounting

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

const (
	maxFaults = 1000
	maxShown  = 60   // bytes of a name or a number in a message
	maxBits   = 1024 // of a numerator or denominator of an input
)

// faults gathers what is wrong with an input.
type faults struct {
	list []error
	more int
}

func (f *faults) add(place string, kind error, format string, args ...any) {
	if len(f.list) >= maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, fmt.Errorf("accounting: %s: %s: %w", place, fmt.Sprintf(format, args...), kind))
}

// err returns all faults as one error, or nil.
func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(f.list, fmt.Errorf("accounting: and %d more faults", f.more))...)
	}
	return errors.Join(f.list...)
}

// sized checks that a figure is not too long to calculate with.
func (f *faults) sized(place, what string, r ratio.Ratio) bool {
	if _, _, small := r.Small(); small {
		return true
	}
	bits := max(r.Num().BitLen(), r.Denom().BitLen())
	if bits > maxBits {
		f.add(place, crossholding.ErrTooLarge, "%s has %d bits, and at most %d are allowed", what, bits, maxBits)
	}
	return bits <= maxBits
}

// positive checks that a figure is not below 0.
func (f *faults) positive(place, what string, r ratio.Ratio) bool {
	if !f.sized(place, what, r) {
		return false
	}
	if r.Sign() < 0 {
		f.add(place, crossholding.ErrRange, "%s %s is below 0", what, brief(r))
	}
	return r.Sign() >= 0
}

// quote shows a name, and shortens a long one.
func quote(name string) string { return fmt.Sprintf("%q", text.Truncate(name, maxShown)) }

// brief shortens a long figure.
func brief(r ratio.Ratio) string { return text.Truncate(r.String(), maxShown) }

// place names an element of a list.
func place(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// figure writes an amount for a sentence: exactly if it has few decimals, and otherwise
// rounded to 2 decimals with "about" before it.
func figure(r ratio.Ratio) string {
	sign := ""
	if r.Sign() < 0 { // Grouped puts commas into -1000, but not into 1000
		sign, r = "-", r.Neg()
	}
	if places, ends := r.Decimals(); ends && places <= 6 {
		return sign + r.Grouped()
	}
	return "about " + sign + r.GroupedDecimal(2)
}

// begin returns ctx, or [context.Background] if it is nil, and an error if it has ended.
func begin(ctx context.Context) (context.Context, error) {
	ctx = progress.OrBackground(ctx)
	return ctx, progress.Stopped(ctx, "accounting")
}
