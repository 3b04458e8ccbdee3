package limit

import (
	"slices"

	"github.com/crossholding/crossholding/compliance/internal/attribution"
)

// Ways are what one holder has before and after a step, in every way in which the rules of a
// book count. The memory is used again for the next holder.
type Ways struct {
	Scratch attribution.Scratch

	book   *Book
	all    []attribution.Measure // by place in the Reaches of the book
	stakes *attribution.Measure  // of a holder that has stakes alone: what it has by every rule that counts them
}

// Count counts what a holder has, and reports whether anything changed. The argument bases says
// whether both states have the same bases.
func (w *Ways) Count(b *Book, old, now *attribution.Counts, who int32, bases bool) bool {
	if w.book != b {
		w.book, w.all = b, make([]attribution.Measure, len(b.Reaches))
	}
	if w.stakes = nil; old.Plain(who) && now.Plain(who) {
		i := slices.IndexFunc(b.Reaches, attribution.Reach.CountsStakes)
		if i < 0 {
			return false
		}
		w.stakes = &w.all[i]
		w.stakes.Count(&w.Scratch, old, now, who, b.Reaches[i], bases)
		return !w.stakes.Same
	}
	changed := false
	for i, r := range b.Reaches {
		w.all[i].Count(&w.Scratch, old, now, who, r, bases)
		changed = changed || !w.all[i].Same
	}
	return changed
}

// Of returns what the holder has by a rule, or nil if the rule does not reach it.
func (w *Ways) Of(l *Look) *attribution.Measure {
	if w.stakes != nil {
		if l.Rule.Aggregate || !w.book.Reaches[l.Reach].CountsStakes() {
			return nil
		}
		return w.stakes
	}
	was := func(reach int) *attribution.Figures { return &w.all[reach].Was }
	is := func(reach int) *attribution.Figures { return &w.all[reach].Is }
	if l.Silent(was) && l.Silent(is) {
		return nil
	}
	return &w.all[l.Reach]
}
