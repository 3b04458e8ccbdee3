package power

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Dispersed is a meeting of large holders and of many small ones, who are not
// listed. The small holders are either an ocean or a crowd. An ocean is
// infinitely many holders who each have nothing and together have a given
// weight. A crowd is a number of equal small holders. WithOcean,
// AtLeastWithCrowd and MoreThanWithCrowd build a Dispersed.
//
// The zero value is empty: every calculation on it fails with ErrEmpty. A
// Dispersed is immutable and safe for concurrent use.
type Dispersed struct {
	large []int64 // whole numbers, in units of unit
	quota int64   // a coalition wins with at least this
	ocean int64   // weight of the ocean; 0 with a crowd
	count int64   // small holders; 0 with an ocean
	each  int64   // weight of a small holder
	unit  *big.Rat
}

// The largest numbers of large holders and of small ones.
const (
	mostLarge = 60
	mostSmall = 1 << 40
)

// WithOcean returns the oceanic game. In it, a coalition wins when its weights,
// with its part of the ocean, reach the quota. With an ocean it makes no
// difference whether the quota must be reached or exceeded. WithOcean reports all
// faults at once. The ocean must have weight (ErrWeight), and the quota must be
// above 0 and at most the total (ErrQuota).
func WithOcean[T Number](quota, ocean T, weights ...T) (Dispersed, error) {
	return disperse(quota, ocean, 0, false, weights, nil)
}

// AtLeastWithCrowd returns the game of large holders with the given weights and
// a crowd of count small holders, each with the weight each. A coalition wins
// with the quota or more. Its errors are those of AtLeast.
func AtLeastWithCrowd[T Number](quota T, count int64, each T, weights ...T) (Dispersed, error) {
	return crowd(quota, count, each, false, weights)
}

// MoreThanWithCrowd returns the game of AtLeastWithCrowd in which the quota
// must be exceeded.
func MoreThanWithCrowd[T Number](quota T, count int64, each T, weights ...T) (Dispersed, error) {
	return crowd(quota, count, each, true, weights)
}

func crowd[T Number](quota T, count int64, each T, exceed bool, weights []T) (Dispersed, error) {
	var faults []error
	if count < 1 || count > mostSmall {
		faults = append(faults, fmt.Errorf("%w: %d small holders, from 1 to %d are allowed", ErrPlayers, count, int64(mostSmall)))
	}
	return disperse(quota, each, count, exceed, weights, faults)
}

// disperse builds both kinds. If count is 0 it builds an ocean, and small is
// the weight of the ocean.
func disperse[T Number](quota, small T, count int64, exceed bool, weights []T, faults []error) (Dispersed, error) {
	n := len(weights)
	ws, more := exactWeights(append(slices.Clone(weights), small))
	faults = append(faults, more...)
	if w := ws[n]; w != nil && w.Sign() == 0 {
		faults = append(faults, noSmall(n))
	}
	if n > mostLarge {
		faults = append(faults, fmt.Errorf("%w: %d large holders in a dispersed meeting, at most %d are allowed", ErrTooHard, n, mostLarge))
	}
	q, err := exactQuota(quota, exceed)
	if err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return Dispersed{}, errors.Join(faults...)
	}
	return disperseExact(q, ws[n], count, exceed, ws[:n])
}

// noSmall returns the error for dispersed holders without weight. n is the
// number of large holders.
func noSmall(n int) error {
	return &WeightError{Player: n, Weight: "0", Reason: "the dispersed holders must have weight", Kind: ErrWeight}
}

func disperseExact(quota, small *big.Rat, count int64, exceed bool, large []*big.Rat) (Dispersed, error) {
	n := len(large)
	total := new(big.Rat).Set(small)
	if count > 0 {
		total.Mul(total, new(big.Rat).SetInt64(count))
	}
	for _, w := range large {
		total.Add(total, w)
	}
	reason := ""
	switch over := quota.Cmp(total); {
	case quota.Sign() < 0 || quota.Sign() == 0 && !exceed:
		reason = "the empty coalition would win"
	case quota.Sign() == 0 && count == 0:
		reason = "the first vote would win"
	case over > 0 || over == 0 && exceed:
		reason = "all together would lose"
	}
	if reason != "" {
		return Dispersed{}, &QuotaError{Quota: showRat(quota), Total: showRat(total), Exceed: exceed, Reason: reason, Kind: ErrQuota}
	}
	ints, unit, err := whole(append(append(slices.Clone(large), small), quota))
	if err != nil {
		return Dispersed{}, err
	}
	if total.Quo(total, unit).Cmp(new(big.Rat).SetInt64(maxTotal)) > 0 {
		return Dispersed{}, fmt.Errorf("%w: all weights need %d bits as whole numbers, at most 61 are allowed", ErrRange, total.Num().BitLen())
	}
	d := Dispersed{large: ints[:n:n], quota: ints[n+1], unit: unit}
	if count == 0 {
		d.ocean = ints[n]
		return d, nil
	}
	d.count, d.each = count, ints[n]
	if exceed {
		d.quota++
	}
	return d, nil
}

// Large returns the number of large holders.
func (d Dispersed) Large() int { return len(d.large) }

// Small returns the number of small holders. It is 0 for an ocean.
func (d Dispersed) Small() int64 { return d.count }

// String returns the meeting as [quota; weights, ocean weight] or [quota;
// weights, count of weight], in whole numbers without a common divisor.
func (d Dispersed) String() string {
	if d.unit == nil {
		return "[empty]"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[%d;", d.quota)
	for _, w := range d.large {
		fmt.Fprintf(&b, " %d", w)
	}
	if len(d.large) > 0 {
		b.WriteByte(',')
	}
	if d.count == 0 {
		fmt.Fprintf(&b, " ocean %d]", d.ocean)
	} else {
		fmt.Fprintf(&b, " %d of %d]", d.count, d.each)
	}
	return b.String()
}

// AtTurnout returns the meeting at which all the large holders and the given
// part of the dispersed votes are present. In it, a coalition wins with more
// than the given share of the votes present. The number of holders of a crowd
// is rounded down.
//
// It fails with ErrRange if turnout or share is not from 0 to 1, and it reports
// both. It fails with ErrPlayers if no dispersed holder is present. It fails
// with ErrQuota if the share is 1, which cannot be exceeded, or if the share is
// 0 and there is an ocean, because the first vote would win.
func (d Dispersed) AtTurnout(turnout, share ratio.Ratio) (Dispersed, error) {
	if d.unit == nil {
		return Dispersed{}, fmt.Errorf("%w: the meeting has no holders", ErrEmpty)
	}
	coming, turnoutErr := part("turnout", turnout)
	wins, shareErr := part("share", share)
	if err := errors.Join(turnoutErr, shareErr); err != nil {
		return Dispersed{}, err
	}
	large := make([]*big.Rat, len(d.large))
	present := new(big.Rat)
	for i, w := range d.large {
		large[i] = new(big.Rat).Mul(d.unit, new(big.Rat).SetInt64(w))
		present.Add(present, large[i])
	}
	small, come := new(big.Rat).Mul(d.unit, new(big.Rat).SetInt64(d.each)), int64(0)
	if d.count == 0 {
		small.Mul(coming, new(big.Rat).Mul(d.unit, new(big.Rat).SetInt64(d.ocean)))
		present.Add(present, small)
	} else {
		come = floorRat(new(big.Rat).Mul(coming, new(big.Rat).SetInt64(d.count))).Int64()
		present.Add(present, new(big.Rat).Mul(small, new(big.Rat).SetInt64(come)))
	}
	if small.Sign() == 0 || d.count > 0 && come == 0 {
		return Dispersed{}, fmt.Errorf("%w: turnout %s leaves no dispersed holder", ErrPlayers, showRat(coming))
	}
	return disperseExact(present.Mul(present, wins), small, come, true, large)
}

// part checks that a fraction is from 0 to 1.
func part(name string, x ratio.Ratio) (*big.Rat, error) {
	r, shown, err := exact(x)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %s is %s: %w", ErrRange, name, shown, err)
	case r.Sign() < 0 || r.Cmp(big.NewRat(1, 1)) > 0:
		return nil, fmt.Errorf("%w: %s %s is not from 0 to 1", ErrRange, name, showRat(r))
	}
	return r, nil
}

// DispersedIndex is the power of each large holder and the power of the
// dispersed holders together.
type DispersedIndex struct {
	// Large has one figure for each large holder, in order.
	Large Index
	small *big.Rat // must not change, because a Ratio may keep it
}

// Small returns the power of all dispersed holders together.
func (x DispersedIndex) Small() ratio.Ratio { return ratio.FromRat(x.small) }

// String returns the fractions of the large holders in order, then a semicolon
// and the fraction of the dispersed holders together.
func (x DispersedIndex) String() string {
	return strings.TrimSpace(x.Large.String() + "; " + x.Small().Rat().RatString())
}

// ShapleyShubik returns the exact share of the orderings in which each large
// holder is pivotal. The rest is divided equally among the dispersed holders.
//
// With an ocean the index is the limit of J.W. Milnor and L.S. Shapley, Values
// of Large Games II: Oceanic Games, Mathematics of Operations Research 3, 1978
// (not verified in the article). The large holders arrive at independent
// uniform times while the ocean arrives at a constant rate. The figures are
// integrals of polynomials and therefore fractions. With a crowd it is the
// index of the finite game.
//
// A formula gives the figures at once, for weights of any length, if the ocean
// can replace all the large holders together and no coalition needs more than
// the whole ocean. Otherwise ShapleyShubik lists the weights that coalitions of
// large holders can have, if the figures depend on them.
func (d Dispersed) ShapleyShubik(ctx context.Context, opts ...Options) (DispersedIndex, error) {
	o, err := options(opts)
	if err != nil {
		return DispersedIndex{}, err
	}
	if d.unit == nil {
		return DispersedIndex{}, fmt.Errorf("%w: the meeting has no holders", ErrEmpty)
	}
	a := d.choose(o)
	if a != Weights && (a != Formula || d.ocean == 0) {
		return DispersedIndex{}, o.unable("the Shapley-Shubik index of this meeting")
	}
	x := DispersedIndex{Large: Index{algorithm: a}}
	switch {
	case len(d.large) == 0:
	case a == Formula:
		x.Large.values, err = d.byFormula(ctx, o)
	default:
		if dual := d.dual(); dual.quota < d.quota {
			d = dual
		}
		x.Large.values, err = d.byLedger(ctx, o, false, d.quota)
	}
	if err != nil {
		return DispersedIndex{}, err
	}
	x.small = new(big.Rat).Sub(big.NewRat(1, 1), x.Large.sum())
	return x, nil
}

// choose returns the formula if the coalitions for which it is wrong weigh less
// than those for which it is right. Both ways list coalitions: the formula the
// lightest, with tails for all of them, and the other way all that lose, with tails
// for those that the ocean can help to win. So a small ocean is against the formula.
func (d Dispersed) choose(o Options) Algorithm {
	if o.Algorithm != Auto {
		return o.Algorithm
	}
	if d.ocean == 0 || max(d.depths()) > min(d.quota, d.dual().quota, 2*d.ocean) {
		return Weights
	}
	return Formula
}
