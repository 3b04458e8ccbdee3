package value

import (
	"context"
	"errors"
	"math"
	"math/big"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// daysOfYear is the length of the year of XIRR, also in leap years.
const daysOfYear = 365

// maxSignChanges is the largest number of changes of sign for which rates are searched, and
// maxLogRate the largest |ln(1+r)|.
const (
	maxSignChanges = 500
	maxLogRate     = 700
)

// XIRR returns all annual rates of return r > -1 of dated payments, in ascending order, each
// correctly rounded to places decimals, half to even: the r for which the sum of
// amount / (1+r)^(days/365) is 0, with the days since the first payment. 0.1 is 10% a year.
//
// All rates are found. By the rule of Descartes their number is at most that of the changes of
// sign in the payments, and between the roots of a derivative with fewer changes of sign the
// function is monotone. Each rate is certified: the exact payments have opposite signs of
// value half a unit of the last decimal below and above it.
//
// It fails with a [*crossholding.InputError] for bad days and for payments in several
// currencies; with [crossholding.ErrRange] if places is not 0 to 30; with [ErrNoRoot] if there
// is no rate; with [ErrUndecided] if rates lie too close to one another or to a rounding
// boundary, or if |ln(1+r)| is above 700; with [crossholding.ErrTooLarge] for more than 500
// changes of sign, 1,000,000 payments or 200 years; and with the context's error when it ends.
func XIRR(ctx context.Context, flows []Flow, places int) ([]ratio.Ratio, error) {
	ctx = progress.OrBackground(ctx)
	if err := stopped(ctx); err != nil {
		return nil, err
	}
	if places < 0 || places > 30 {
		return nil, fail(crossholding.ErrRange, "%d places; give 0 to 30", places)
	}
	p, err := readFlows(flows)
	if err != nil {
		return nil, err
	}
	f := newPolynomial(p)
	switch changes := f.signChanges(); {
	case changes == 0:
		return nil, fail(ErrNoRoot, "no payment on any of %d days has another sign than the others", len(p.days))
	case changes > maxSignChanges:
		return nil, fail(crossholding.ErrTooLarge, "the payments change their sign %d times; rates are searched for at most %d changes", changes, maxSignChanges)
	}
	found, err := f.near(ctx)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fail(ErrNoRoot, "the payments change their sign %d times, and no rate makes their value 0", f.signChanges())
	}
	out := make([]ratio.Ratio, len(found))
	for i, y := range found {
		k := len(found) - 1 - i // the largest discount belongs to the smallest rate
		if out[k], err = f.round(ctx, y, places); err != nil {
			return nil, err
		}
	}
	for i := 1; i < len(out); i++ {
		if !out[i-1].Less(out[i]) {
			return nil, fail(ErrUndecided, "two rates near %s are the same to %d places", out[i], places)
		}
	}
	return out, nil
}

// round returns the rate near y, the logarithm of the discount of a day, rounded and
// certified.
func (f *polynomial) round(ctx context.Context, y float64, places int) (ratio.Ratio, error) {
	if math.Abs(y)*daysOfYear > maxLogRate {
		return ratio.Ratio{}, fail(ErrUndecided, "a rate with ln(1+r) near %.4g; rates are searched within %d", -y*daysOfYear, maxLogRate)
	}
	guess := ratio.FromRat(new(big.Rat).SetFloat64(math.Expm1(-y * daysOfYear)))
	r, err := f.certify(ctx, guess, places)
	if err == nil || !errors.Is(err, ErrUndecided) {
		return r, err
	}
	if guess, err = f.refine(ctx, guess, places); err != nil {
		return ratio.Ratio{}, err
	}
	return f.certify(ctx, guess, places)
}

// certify returns guess rounded, if the payments prove it: their values half a unit below and
// above have opposite signs.
func (f *polynomial) certify(ctx context.Context, guess ratio.Ratio, places int) (ratio.Ratio, error) {
	unit := tenth(places)
	half := unit.Mul(ratio.Of(1, 2))
	rounded := ratio.FromRat(guess.Round(places, ratio.HalfEven).Rat())
	for _, shift := range []int64{0, 1, -1} {
		r := rounded.Add(unit.Mul(ratio.Int(shift)))
		below, err := f.signAt(ctx, r.Sub(half))
		if err != nil {
			return ratio.Ratio{}, err
		}
		above, err := f.signAt(ctx, r.Add(half))
		if err != nil {
			return ratio.Ratio{}, err
		}
		even := r.Div(unit).Num().Bit(0) == 0
		if below*above < 0 || below*above == 0 && even {
			return r, nil
		}
	}
	return ratio.Ratio{}, fail(ErrUndecided, "a rate near %s to %d places: more than one, or none, within a unit of the last place", rounded, places)
}

// refine improves a guess by Newton's method in long floats. The result is still a guess.
func (f *polynomial) refine(ctx context.Context, guess ratio.Ratio, places int) (ratio.Ratio, error) {
	digits := places + 20
	for range 12 {
		if err := stopped(ctx); err != nil {
			return ratio.Ratio{}, err
		}
		growth := one.Add(guess)
		if growth.Sign() <= 0 {
			break
		}
		prec := uint(64 + 4*digits + 2*growth.Num().BitLen())
		w, _ := dayDiscount(growth, prec)
		step, ok := f.newton(w, growth, prec)
		if !ok {
			break
		}
		guess = ratio.FromRat(guess.Add(step).Round(digits, ratio.HalfEven).Rat())
		if size(step).Less(tenth(places + 5)) {
			break
		}
	}
	return guess, nil
}

// tenth returns 10^-n.
func tenth(n int) ratio.Ratio {
	return ratio.FromRat(new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)))
}
