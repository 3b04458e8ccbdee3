package gen

import (
	"errors"
	"fmt"
	"math"
)

// MaxCount is the largest number of companies and the largest number of stakes of a
// network. A node number has 32 bits, and both counts together must fit.
const MaxCount = 1_000_000_000

// These are the limits and the defaults that the comment on Options states.
const (
	defaultStakes  = 10_000
	defaultCore    = 1_500
	defaultDensity = 0.02
	defaultDepth   = 30
	defaultFunds   = 24
	maxDepth       = 10_000
	maxFunds       = 10_000
	largestRing    = 6
)

// Options says which network to generate. The zero value is a network of 10,000 stakes
// with seed 0 and the defaults below. For counts, 0 means the default and a negative
// number means none.
type Options struct {
	// Seed selects the network. The same options and seed give the same bytes.
	Seed uint64
	// Stakes is the exact number of stakes; 0 means 10,000.
	Stakes int
	// Companies is the number of companies; 0 means two for every five stakes.
	Companies int
	// Depth is the number of stakes in the longest chain of companies. A strongly
	// connected component counts as one company. 0 means 30, or an eighth of the companies
	// if that is less. Without pyramids it is only an upper bound.
	Depth int
	// Pyramids is the number of chains of majority stakes that are Depth long;
	// 0 means one for every 5,000 companies, and at least one.
	Pyramids int
	// Rings is the number of rings of two to six companies; 0 means one for
	// every 200 companies.
	Rings int
	// ClosedRings is the number of additional rings in which every company is completely
	// held by the one before it, so that they have no outside owner. 0 means none.
	ClosedRings int
	// Core is the number of companies in the one large strongly connected component. 0
	// means 1,500, or a hundredth of the companies if that is less.
	Core int
	// CoreDensity is the fraction, above 0 and up to 1, of the ordered pairs of core
	// companies that have a stake. 0 means 0.02, or four holders for each member if that
	// is more. At least one other member holds each member, whatever the density.
	CoreDensity float64
	// Funds is the number of index funds. They hold small stakes in the core and in one of
	// fifty other companies. 0 means 24.
	Funds int
	// Shuffle puts the stakes in random order. Without it they are sorted by issuer, then
	// holder.
	Shuffle bool
}

// ErrOption is the kind of every error about an option or an argument.
var ErrOption = errors.New("bad option")

// OptionError describes one option that cannot be satisfied. It is immutable and unwraps
// to ErrOption.
type OptionError struct {
	Option string // the field of Options, or the argument
	Value  any    // the value that the caller gave
	Reason string // why the value is not possible
}

// Error returns the option, its value and the reason.
func (e *OptionError) Error() string {
	return fmt.Sprintf("gen: %s %v: %s", e.Option, e.Value, e.Reason)
}

// Unwrap returns ErrOption.
func (e *OptionError) Unwrap() error { return ErrOption }

// faults collects the bad options of one call.
type faults []error

func (f *faults) add(option string, value any, reason string, args ...any) {
	*f = append(*f, &OptionError{option, value, fmt.Sprintf(reason, args...)})
}

// within reports a fault unless low <= value <= high.
func (f *faults) within(option string, value, low, high int) {
	if value < low || value > high {
		f.add(option, value, "must be from %d to %d", low, high)
	}
}

// count returns the default for 0, and 0 for a negative number.
func count(value, byDefault int) int {
	if value == 0 {
		return byDefault
	}
	return max(value, 0)
}

// resolve returns the options with the defaults filled in. The error joins one
// *OptionError for each option that cannot be satisfied.
func (o Options) resolve() (Options, error) {
	var bad faults
	if o.Stakes == 0 {
		o.Stakes = defaultStakes
	}
	bad.within("Stakes", o.Stakes, 1, MaxCount)
	if o.Companies == 0 {
		o.Companies = max(o.Stakes/5*2, 1)
	}
	bad.within("Companies", o.Companies, 1, MaxCount)
	if len(bad) > 0 {
		return o, errors.Join(bad...)
	}
	o.Depth = count(o.Depth, min(defaultDepth, o.Companies/8))
	o.Pyramids = count(o.Pyramids, max(o.Companies/5_000, 1))
	o.Rings = count(o.Rings, o.Companies/200)
	o.ClosedRings = max(o.ClosedRings, 0)
	o.Funds = count(o.Funds, defaultFunds)
	if o.Core == 0 {
		o.Core = min(defaultCore, o.Companies/100)
		if o.Core < 2 {
			o.Core = 0
		}
	}
	o.Core = max(o.Core, 0)
	if o.CoreDensity == 0 {
		o.CoreDensity = defaultDensity
		if o.Core > 1 {
			o.CoreDensity = min(1, max(defaultDensity, 4/float64(o.Core-1)))
		}
	}
	o.check(&bad)
	return o, errors.Join(bad...)
}

// check reports options that are out of range. Their defaults are filled in.
func (o Options) check(bad *faults) {
	bad.within("Depth", o.Depth, 0, maxDepth)
	bad.within("Funds", o.Funds, 0, maxFunds)
	bad.within("Pyramids", o.Pyramids, 0, o.Companies)
	bad.within("Rings", o.Rings, 0, o.Companies)
	bad.within("ClosedRings", o.ClosedRings, 0, o.Companies)
	bad.within("Core", o.Core, 0, o.Companies)
	if o.Core == 1 {
		bad.add("Core", o.Core, "one company cannot hold itself; ask for two or more, or a negative number for none")
	}
	if math.IsNaN(o.CoreDensity) || o.CoreDensity < 0 || o.CoreDensity > 1 {
		bad.add("CoreDensity", o.CoreDensity, "must be above 0 and at most 1")
	}
	if len(*bad) > 0 {
		return
	}
	members := int64(o.Core) + largestRing*(int64(o.Rings)+int64(o.ClosedRings))
	if o.Depth > 0 {
		members += int64(o.Pyramids) * int64(o.Depth+1)
	}
	if members > int64(o.Companies) {
		bad.add("Companies", o.Companies,
			"too few: Core %d, Rings %d and ClosedRings %d of up to %d companies, and Pyramids %d of Depth %d may need %d",
			o.Core, o.Rings, o.ClosedRings, largestRing, o.Pyramids, o.Depth, members)
	}
}
