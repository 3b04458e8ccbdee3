package attribution

import (
	"slices"

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

// Measures counts what holders have at companies, before and after a step. It counts each
// holder in the ways that are asked for, and in each once. It keeps its memory from holder to
// holder, and is not safe for concurrent use.
type Measures struct {
	Old, Now *Counts
	Who      int32
	Plain    bool // the holder has stakes alone: every way that counts stakes gives it the same

	reaches []Reach
	stakes  int       // the first of them that counts stakes, or -1
	list    []Measure // of each way of counting
	known   []bool    // whether the holder was counted in it
	bases   bool      // the bases of the company are the same
	scratch Scratch
}

// NewMeasures returns measures in one or more ways of counting.
func NewMeasures(reaches []Reach) *Measures {
	stakes := slices.IndexFunc(reaches, Reach.CountsStakes)
	return &Measures{reaches: reaches, stakes: stakes, list: make([]Measure, len(reaches)), known: make([]bool, len(reaches))}
}

// At turns to a company.
func (k *Measures) At(old, now *Counts) {
	k.Old, k.Now, k.bases = old, now, old.totals.equal(&now.totals)
}

// Of turns to a holder at the company.
func (k *Measures) Of(who int32) {
	k.Who, k.Plain = who, k.Old.Plain(who) && k.Now.Plain(who)
	clear(k.known)
}

// Reaches reports whether a way of counting can give the holder anything.
func (k *Measures) Reaches(reach int) bool { return !k.Plain || k.reaches[reach].CountsStakes() }

// Still reports whether it is known at a glance that nothing of the holder changed.
func (k *Measures) Still() bool { return k.Plain && (k.stakes < 0 || k.In(k.stakes).Same) }

// In returns what counts as the holder's in one way, which [Measures.Reaches] it. It is valid until
// the next call of Of.
func (k *Measures) In(reach int) *Measure {
	if k.Plain {
		reach = k.stakes
	}
	m := &k.list[reach]
	if !k.known[reach] {
		r := k.reaches[reach]
		m.Was, m.Is, m.known = k.Old.Figures(&k.scratch, k.Who, r), k.Now.Figures(&k.scratch, k.Who, r), m.known[:0]
		m.Same = k.bases && m.Was.Equal(&m.Is)
		k.known[reach] = true
	}
	return m
}

// With lists the others whose stakes and rights count as the holder's, before or after the step.
func (k *Measures) With(reach int) []int32 {
	r := k.reaches[reach]
	out := append(k.Old.With(&k.scratch, k.Who, r), k.Now.With(&k.scratch, k.Who, r)...)
	slices.Sort(out)
	return slices.Compact(out)
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
