package crossholding

import (
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// withoutNoise returns the stakes of a book without the noise of floating-point arithmetic,
// and warns of what it changed.
func (p *parser) withoutNoise(stakes []Stake) []Stake {
	out := stakes
	for i := range stakes {
		s := &stakes[i]
		shares, noisy := s.Shares.Denoised()
		percent, noisyPercent := s.Percent.Denoised()
		if !noisy && !noisyPercent || s.Rounded {
			continue
		}
		if &out[0] == &stakes[0] {
			out = slices.Clone(stakes)
		}
		out[i].Shares, out[i].Percent = shares, percent
		p.l.warnings = append(p.l.warnings, Warning{Holder: s.Holder, Issuer: s.Issuer,
			Text: fmt.Sprintf("%s in %s: %s is read as %s: the difference is noise of floating-point arithmetic",
				s.Holder, s.Issuer, s.Figure(), out[i].Figure())})
	}
	return out
}

// noiseOfSum is the largest excess over the outstanding shares, as a part of them, that counts
// as noise of floating-point arithmetic.
var noiseOfSum = ratio.Of(1, 1e13)

// takeNoise takes an excess over the outstanding shares that is only noise of floating-point
// arithmetic off the largest stake whose number looks like such arithmetic. Between equal
// stakes the first by name gives it.
func (p *parser) takeNoise() {
	largest := map[[2]string]*stakeRecord{}
	for _, s := range p.l.stakes {
		key := [2]string{s.issuer, s.class}
		if s.noisy && len(s.lots) == 0 && (largest[key] == nil || largest[key].shares.Less(s.shares)) {
			largest[key] = s
		}
	}
	if len(largest) == 0 {
		return
	}
	held := map[[2]string]ratio.Ratio{}
	for _, s := range p.l.stakes {
		held[[2]string{s.issuer, s.class}] = held[[2]string{s.issuer, s.class}].Add(s.shares)
	}
	for i := range p.l.companies {
		c := &p.l.companies[i]
		for j := range c.classes {
			k := &c.classes[j]
			key := [2]string{c.ID, k.name}
			s, excess := largest[key], held[key].Sub(k.outstanding())
			if s == nil || excess.Sign() <= 0 || !excess.Less(k.outstanding().Mul(noiseOfSum)) || s.shares.Less(excess) {
				continue
			}
			p.l.warnings = append(p.l.warnings, Warning{Holder: s.holder, Issuer: c.ID,
				Text: fmt.Sprintf("%s (%s): stakes exceed the outstanding shares by %s, noise of floating-point arithmetic, which is taken off that of %s",
					c.ID, k.name, excess, s.holder)})
			s.shares = s.shares.Sub(excess)
		}
	}
}
