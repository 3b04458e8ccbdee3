package banded

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Decider finds banded stakes that decide an answer.
type Decider struct {
	Book   *Book
	Behind []int // the bands that can matter
	// is reports whether the answer is yes in a completion. More of the stakes that make it yes
	// never makes it no.
	Is func(c Completion) (bool, error)
	// never reports whether the answer is no in every completion in which some stakes have the
	// given figures.
	Never func(a *crossholding.Alliance) (bool, error)
}

// maxMinimal is the most banded stakes of which lists of decisive stakes are minimal.
const maxMinimal = 50

// simpleParts are parts of a band, tried so that the figures of an answer are simple.
var simpleParts = []ratio.Ratio{ratio.Of(1, 2), ratio.Of(3, 4), ratio.Of(15, 16)}

// part returns the figure of a band at a part of its length.
func (k *band) part(at ratio.Ratio) ratio.Ratio { return k.lo.Add(k.hi.Sub(k.lo).Mul(at)) }

// Decide returns stakes that make the answer yes, from a completion in which it is, and stakes
// that make it no.
func (d *Decider) Decide(at Completion) (yes, no []crossholding.BandedStake, err error) {
	minimal, low := len(d.Behind) <= maxMinimal, d.Book.Lowest()
	if minimal {
		if at, err = d.lessen(at, low); err != nil {
			return nil, nil, err
		}
	}
	yes, no = []crossholding.BandedStake{}, []crossholding.BandedStake{}
	for i, shares := range at {
		if !shares.Equal(low[i]) {
			yes = append(yes, d.Book.Banded(i, shares))
		}
	}
	if minimal {
		no, err = d.decideNo(low)
	}
	return yes, no, err
}

// lessen puts stakes to their lowest figures, or else to a simple part of their bands, as
// long as the answer is yes.
func (d *Decider) lessen(at, low Completion) (Completion, error) {
	for i := range at {
		if at[i].Equal(low[i]) {
			continue
		}
		figures := []ratio.Ratio{low[i]}
		for _, p := range simpleParts {
			figures = append(figures, d.Book.bands[i].part(p))
		}
		for _, lower := range figures {
			if !lower.Less(at[i]) {
				continue
			}
			try := append(Completion{}, at...)
			try[i] = lower
			ok, err := d.Is(try)
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
func (d *Decider) decideNo(low Completion) ([]crossholding.BandedStake, error) {
	fixed := map[int]ratio.Ratio{}
	never := func() (bool, error) {
		a, err := d.Book.With(func(i int) (ratio.Ratio, bool) {
			shares, ok := fixed[i]
			return shares, ok
		})
		if err != nil {
			return false, nil // half way, the stakes are more than all shares
		}
		return d.Never(a)
	}
	for _, i := range d.Behind {
		fixed[i] = low[i]
	}
	out := []crossholding.BandedStake{}
	if no, err := never(); err != nil || !no {
		return out, err
	}
	for _, i := range d.Behind {
		if err := d.loosen(i, low, fixed, never); err != nil {
			return nil, err
		}
	}
	for _, i := range d.Behind {
		if shares, ok := fixed[i]; ok {
			out = append(out, d.Book.Banded(i, shares))
		}
	}
	return out, nil
}

// loosen frees a fixed stake, or raises it to a simple part of its band, if the answer is
// then still no.
func (d *Decider) loosen(i int, low Completion, fixed map[int]ratio.Ratio, never func() (bool, error)) error {
	delete(fixed, i)
	no, err := never()
	if err != nil || no {
		return err
	}
	for _, p := range simpleParts {
		fixed[i] = d.Book.bands[i].part(ratio.Int(1).Sub(p))
		if no, err = never(); err != nil || no {
			return err
		}
	}
	fixed[i] = low[i]
	return nil
}

// All returns the numbers of all bands.
func (b *Book) All() []int {
	out := make([]int, len(b.bands))
	for i := range out {
		out[i] = i
	}
	return out
}

// Decided returns in words which stakes decide an answer. It begins with a semicolon.
func Decided(yesWord string, yes []crossholding.BandedStake, noWord string, no []crossholding.BandedStake, byLaw bool) string {
	s := ""
	for _, side := range []struct {
		word   string
		stakes []crossholding.BandedStake
	}{{yesWord, yes}, {noWord, no}} {
		parts := make([]string, len(side.stakes))
		for i, k := range side.stakes {
			parts[i] = fmt.Sprintf("%s has %s of %s", k.Holder, percent(k.Fraction, "just over ", "just under "), k.Issuer)
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

// NamedStakes returns a copy of stakes with names in place of ids.
func NamedStakes(stakes []crossholding.BandedStake, name func(id string) string) []crossholding.BandedStake {
	out := slices.Clone(stakes)
	for i := range out {
		out[i].Holder, out[i].Issuer = name(out[i].Holder), name(out[i].Issuer)
	}
	return out
}
