package attribution

import (
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Measure is what counts as a holder's in one way, before and after a step.
type Measure struct {
	Was, Is Figures
	Same    bool // and the bases too
	known   []fractions
}

// fractions holds what a holder has of one base, before and after a step.
type fractions struct {
	base    law.ThresholdBase
	was, is ratio.Ratio
}

// Count counts what a holder has, in place of what was counted before. The argument bases
// says whether both states have the same bases.
func (k *Measure) Count(w *Scratch, old, now *Counts, who int32, r Reach, bases bool) {
	k.Was, k.Is, k.known = old.Figures(w, who, r), now.Figures(w, who, r), k.known[:0]
	k.Same = bases && k.Was.Equal(&k.Is)
}

// Fractions returns what counts as a fraction of a base, before and after a step. It divides
// once for each base.
func (k *Measure) Fractions(base law.ThresholdBase, old, now *Counts) (was, is ratio.Ratio) {
	for i := range k.known {
		if f := &k.known[i]; f.base == base {
			return f.was, f.is
		}
	}
	f := fractions{base, k.Was.Fraction(old, base), k.Is.Fraction(now, base)}
	k.known = append(k.known, f)
	return f.was, f.is
}
