package clearing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// Options says how the values are stated. The zero value is exact fractions.
type Options struct {
	// Places is the number of decimals of each figure, at most 300. Each is the exact value,
	// rounded half to even. This is much faster for hundreds of firms. 0 means exact
	// fractions.
	Places int
}

// maxPlaces leaves the solver room for more digits than are shown.
const maxPlaces = 300

// Clearing is the answer of [System.Clear].
type Clearing struct {
	// Greatest and Least are the solutions in which every firm has the most and the least.
	Greatest, Least *Solution
	// Unique says that the two are the same, so that there is no other solution.
	Unique bool
	// Differ names the firms whose assets differ between the two. It is empty if and only if
	// Unique. With Options.Places it may lack firms whose assets differ by less than
	// 10^-(Places+6).
	Differ []string
}

// Clear returns the greatest and the least solution, and whether there is only one. It fails
// with [ErrOptions], with [ErrTooHard], or with the cause of a cancelled context.
func (s *System) Clear(ctx context.Context, opt Options) (*Clearing, error) {
	var out *Clearing
	err := attempt(ctx, opt, func(ctx context.Context, digits int) error {
		greatest, err := s.greatest(ctx, digits)
		if err != nil {
			return err
		}
		least, err := s.least(ctx, digits, greatest)
		if err != nil {
			return err
		}
		out = &Clearing{}
		if out.Greatest, err = greatest.solution(opt.Places); err != nil {
			return err
		}
		if out.Least, err = least.solution(opt.Places); err != nil {
			return err
		}
		if out.Differ, err = s.differences(greatest, least); err != nil {
			return err
		}
		out.Unique = len(out.Differ) == 0
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Greatest returns the solution in which all firms have the most. Its errors are those of
// [System.Clear].
func (s *System) Greatest(ctx context.Context, opt Options) (*Solution, error) {
	return s.one(ctx, opt, func(ctx context.Context, digits int) (*solving, error) { return s.greatest(ctx, digits) })
}

// Least returns the solution in which all firms have the least. Its errors are those of
// [System.Clear].
func (s *System) Least(ctx context.Context, opt Options) (*Solution, error) {
	return s.one(ctx, opt, func(ctx context.Context, digits int) (*solving, error) { return s.least(ctx, digits, nil) })
}

func (s *System) one(ctx context.Context, opt Options, find func(context.Context, int) (*solving, error)) (*Solution, error) {
	var out *Solution
	err := attempt(ctx, opt, func(ctx context.Context, digits int) error {
		v, err := find(ctx, digits)
		if err == nil {
			out, err = v.solution(opt.Places)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// stopped begins the error of a context that has ended.
const stopped = "clearing: stopped"

// attempt calls f with more and more digits until they suffice, and at last with 0, which
// means exact fractions.
func attempt(ctx context.Context, opt Options, f func(ctx context.Context, digits int) error) error {
	ctx = progress.OrBackground(ctx)
	if err := progress.Stopped(ctx, stopped); err != nil {
		return err
	}
	if opt.Places < 0 || opt.Places > maxPlaces {
		return fmt.Errorf("%w: %d places are not within 0 and %d", ErrOptions, opt.Places, maxPlaces)
	}
	var digits []int
	if opt.Places > 0 {
		digits = []int{opt.Places + 12, 2*opt.Places + 40}
	}
	for _, d := range append(digits, 0) {
		if err := f(ctx, d); !errors.Is(err, errUndecided) {
			return err
		}
	}
	return fmt.Errorf("%w: a comparison is undecided", ErrTooHard) // exact values are never undecided
}

// greatest finds the greatest solution. At first all firms pay all their debts. Then those that
// cannot are in default and bear its costs, wave by wave: the algorithms of Eisenberg and Noe
// (2001) and of Rogers and Veraart (2013). All values on the way are at least those of the
// greatest solution, so whoever is in default once is so in the end.
func (s *System) greatest(ctx context.Context, digits int) (*solving, error) {
	v := s.newSolving(ctx, digits)
	v.startAbove()
	for {
		if err := v.fall(); err != nil {
			return nil, err
		}
		wave := v.short()
		if len(wave) == 0 {
			return v, nil
		}
		v.waves = append(v.waves, wave)
		for _, i := range wave {
			v.setBearing(i, s.firms[i].costly())
			if err := v.lower(i); err != nil {
				return nil, err
			}
		}
	}
}

// least finds the least solution. At first all firms bear the costs of default, and then
// those do not that can pay all the same. Without costs of default it goes down from the
// greatest solution, if there is one at hand.
func (s *System) least(ctx context.Context, digits int, greatest *solving) (*solving, error) {
	v := s.newSolving(ctx, digits)
	costly := false
	for i := range s.firms {
		v.bearing[i] = s.firms[i].costly()
		costly = costly || v.bearing[i]
	}
	if greatest != nil && !costly {
		copy(v.assets, greatest.assets)
		v.regimes = greatest.regimes
		return v, v.drain()
	}
	v.startBelow()
	for {
		if err := v.rise(); err != nil {
			return nil, err
		}
		recovered := false
		gross := v.gross()
		for i := range s.firms {
			if !v.bearing[i] {
				continue
			}
			c, err := gross[i].cmp(s.firms[i].debt)
			if err != nil {
				return nil, err
			}
			if c >= 0 {
				v.setBearing(i, false)
				recovered = true
			}
		}
		if !recovered {
			return v, nil
		}
	}
}

// differences names the firms whose assets differ between the greatest and the least solution.
// If the same firms bear costs, the two differ only by what circulates in rings. If not, an
// undecided comparison means that two decimals agree.
func (s *System) differences(greatest, least *solving) ([]string, error) {
	if slices.Equal(greatest.bearing, least.bearing) {
		low := *greatest
		low.assets = slices.Clone(greatest.assets)
		err := low.drain()
		var out []string
		for i, name := range s.names {
			if !low.assets[i].lo.Equal(greatest.assets[i].lo) {
				out = append(out, name)
			}
		}
		return out, err
	}
	var out []string
	more, less := greatest.gross(), least.gross()
	for i, name := range s.names {
		c, err := more[i].compare(less[i])
		if err == nil && c != 0 || greatest.bearing[i] != least.bearing[i] {
			out = append(out, name)
		}
	}
	return out, nil
}

// pays returns what a firm pays of a tier: the value of the debt, or of all its shares.
func (v *solving) pays(i, k int) span {
	f := &v.s.firms[i]
	t := &f.tiers[k]
	beyond := v.assets[i].plus(f.top(k - 1).Neg())
	switch {
	case !t.equity:
		return beyond.within(t.size)
	case v.bearing[i]:
		return span{}
	default:
		return beyond.aboveZero()
	}
}

// gross returns the assets of all firms before costs of default.
func (v *solving) gross() []span {
	out := make([]span, len(v.assets))
	var bears []int32
	for i := range out {
		out[i] = v.assets[i]
		if v.bearing[i] {
			out[i] = exactly(v.s.firms[i].assets)
			bears = append(bears, int32(i))
		}
	}
	if len(bears) == 0 {
		return out
	}
	sums := newSums(v.digits, len(v.assets))
	for i := range v.s.firms {
		for k := range v.s.firms[i].tiers {
			sums.share(&v.s.firms[i].tiers[k].column, v.pays(i, k), v.bearing)
		}
	}
	for _, i := range bears {
		out[i] = out[i].add(sums.of(i))
	}
	return out
}
