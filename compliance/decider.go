package compliance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// decider finds banded stakes that decide an answer.
type decider struct {
	banded *bandedBook
	behind []int // the bands that can matter
	// is reports whether the answer is yes in a completion. More of the stakes that make it yes
	// never makes it no.
	is func(c completion) (bool, error)
	// never reports whether the answer is no in every completion in which some stakes have the
	// given figures.
	never func(a *crossholding.Alliance) (bool, error)
}

// maxMinimal is the most banded stakes of which lists of decisive stakes are minimal.
const maxMinimal = 50

// simpleParts are parts of a band, tried so that the figures of an answer are simple.
var simpleParts = []ratio.Ratio{ratio.Of(1, 2), ratio.Of(3, 4), ratio.Of(15, 16)}

// part returns the figure of a band at a part of its length.
func (k *band) part(at ratio.Ratio) ratio.Ratio { return k.lo.Add(k.hi.Sub(k.lo).Mul(at)) }

// decide returns stakes that make the answer yes, from a completion in which it is, and stakes
// that make it no.
func (d *decider) decide(at completion) (yes, no []crossholding.BandedStake, err error) {
	minimal, low := len(d.behind) <= maxMinimal, d.banded.lowest()
	if minimal {
		if at, err = d.lessen(at, low); err != nil {
			return nil, nil, err
		}
	}
	yes, no = []crossholding.BandedStake{}, []crossholding.BandedStake{}
	for i, shares := range at {
		if !shares.Equal(low[i]) {
			yes = append(yes, d.banded.stake(i, shares))
		}
	}
	if minimal {
		no, err = d.decideNo(low)
	}
	return yes, no, err
}

// lessen puts stakes to their lowest figures, or else to a simple part of their bands, as
// long as the answer is yes.
func (d *decider) lessen(at, low completion) (completion, error) {
	for i := range at {
		if at[i].Equal(low[i]) {
			continue
		}
		figures := []ratio.Ratio{low[i]}
		for _, p := range simpleParts {
			figures = append(figures, d.banded.bands[i].part(p))
		}
		for _, lower := range figures {
			if !lower.Less(at[i]) {
				continue
			}
			try := append(completion{}, at...)
			try[i] = lower
			ok, err := d.is(try)
			if err != nil {
				return nil, err
			}
			if ok {
				at = try
				break
			}
		}
	}
	return at, nil
}

// decideNo finds stakes that make the answer no, whatever the others are.
func (d *decider) decideNo(low completion) ([]crossholding.BandedStake, error) {
	fixed := map[int]ratio.Ratio{}
	never := func() (bool, error) {
		a, err := d.banded.with(func(i int) (ratio.Ratio, bool) {
			shares, ok := fixed[i]
			return shares, ok
		})
		if err != nil {
			return false, nil // half way, the stakes are more than all shares
		}
		return d.never(a)
	}
	for _, i := range d.behind {
		fixed[i] = low[i]
	}
	out := []crossholding.BandedStake{}
	if no, err := never(); err != nil || !no {
		return out, err
	}
	for _, i := range d.behind {
		if err := d.loosen(i, low, fixed, never); err != nil {
			return nil, err
		}
	}
	for _, i := range d.behind {
		if shares, ok := fixed[i]; ok {
			out = append(out, d.banded.stake(i, shares))
		}
	}
	return out, nil
}

// loosen frees a fixed stake, or raises it to a simple part of its band, if the answer is
// then still no.
func (d *decider) loosen(i int, low completion, fixed map[int]ratio.Ratio, never func() (bool, error)) error {
	delete(fixed, i)
	no, err := never()
	if err != nil || no {
		return err
	}
	for _, p := range simpleParts {
		fixed[i] = d.banded.bands[i].part(ratio.Int(1).Sub(p))
		if no, err = never(); err != nil || no {
			return err
		}
	}
	fixed[i] = low[i]
	return nil
}

// all returns the numbers of all bands.
func (b *bandedBook) all() []int {
	out := make([]int, len(b.bands))
	for i := range out {
		out[i] = i
	}
	return out
}

// decided returns in words which stakes decide an answer. It begins with a semicolon.
func decided(yesWord string, yes []crossholding.BandedStake, noWord string, no []crossholding.BandedStake, byLaw bool) string {
	s := ""
	for _, side := range []struct {
		word   string
		stakes []crossholding.BandedStake
	}{{yesWord, yes}, {noWord, no}} {
		parts := make([]string, len(side.stakes))
		for i, k := range side.stakes {
			parts[i] = fmt.Sprintf("%s has %s of %s", k.Holder, k.Fraction.ShortPercent(), k.Issuer)
		}
		if len(parts) > 0 {
			s += fmt.Sprintf("; %s if %s", side.word, strings.Join(parts, " and "))
		}
	}
	if byLaw {
		s += "; statutes may suspend votes"
	}
	return s
}

// namedStakes returns a copy of stakes with names in place of ids.
func namedStakes(stakes []crossholding.BandedStake, name func(id string) string) []crossholding.BandedStake {
	out := slices.Clone(stakes)
	for i := range out {
		out[i].Holder, out[i].Issuer = name(out[i].Holder), name(out[i].Issuer)
	}
	return out
}
