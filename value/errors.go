package value

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// These are kinds of errors of this package. The others are those of package crossholding,
// such as [crossholding.ErrNoPrice] for a missing price or rate, [crossholding.ErrNoCost],
// [crossholding.ErrCurrency] and [crossholding.ErrNotEnough].
var (
	// ErrContradiction reports exchange rates that cannot all be right.
	ErrContradiction = errors.New("exchange rates contradict one another")
	// ErrAmbiguous reports a sale that does not say which lots it takes.
	ErrAmbiguous = errors.New("more than one lot can be meant")
	// ErrNoRoot reports payments that have no rate of return.
	ErrNoRoot = errors.New("no rate of return")
	// ErrUndecided reports a rate of return that is not determined within the precision that
	// is tried: two rates, or a rate and a rounding boundary, are too close to one another.
	ErrUndecided = errors.New("not decided within the precision tried")
	// ErrJudgement reports a test that needs a judgement that was not given.
	ErrJudgement = errors.New("a judgement is missing")
)

// fail returns an error with the prefix of the package.
func fail(kind error, format string, args ...any) error {
	return fmt.Errorf("value: %s: %w", fmt.Sprintf(format, args...), kind)
}

// faultsError returns the faults of an input as one error, or nil.
func faultsError(f *input.Faults) error {
	if f.Count() == 0 {
		return nil
	}
	e := &crossholding.InputError{More: f.More}
	for _, x := range f.List {
		e.Faults = append(e.Faults, crossholding.Fault{Place: x.Place, Reason: x.Reason, Kind: x.Kind})
	}
	return e
}

// stopped returns an error if the context has ended.
func stopped(ctx context.Context) error {
	return progress.Stopped(ctx, "value")
}

var one = ratio.Int(1)

// inverse returns 1/r.
func inverse(r ratio.Ratio) ratio.Ratio { return one.Div(r) }

// size returns the absolute value of r.
func size(r ratio.Ratio) ratio.Ratio {
	if r.Sign() < 0 {
		return r.Neg()
	}
	return r
}

// money returns an amount in a currency.
func money(r ratio.Ratio, currency string) crossholding.Money {
	return crossholding.Money{Amount: r, Currency: currency}
}

// sameCurrency fails if two amounts are in different currencies.
func sameCurrency(what string, a, b crossholding.Money) error {
	if a.Currency == b.Currency {
		return nil
	}
	return fail(crossholding.ErrCurrency, "%s: %s and %s are in different currencies; convert one of them at a rate", what, a, b)
}
