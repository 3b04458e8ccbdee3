package limit

import (
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Ladders follow stakes from step to step, for the rules that are ladders.
type Ladders map[stakeKey]*history

// stakeKey identifies one stake that a ladder follows: whose, in which company, by which
// rule and base.
type stakeKey struct {
	who, company string
	rule         string
	base         law.ThresholdBase
}

// history is what one ladder knows of one stake.
type history struct {
	last   ratio.Ratio // the stake from which steps without a window are measured
	values []dated     // the stake from each day on, oldest first; the first from before all days
}

// dated is a stake and the first day on which it was so.
type dated struct {
	day   date.Date
	stake ratio.Ratio
}

// Step is a change of a stake by a ladder's step.
type Step struct {
	Limit ratio.Ratio // the stake at which the step was made
	Up    bool
}

// Change records that a stake changed on the day of a meeting, and returns the step of the
// ladder that this makes, or false. A stake of which nothing is known was unchanged so far.
func (k Ladders) Change(m *Meeting, who int32, l *Look, was, is ratio.Ratio) (Step, bool) {
	key := stakeKey{m.Graph.ID(who), m.Graph.ID(m.Company), l.Rule.ID, l.Base}
	if k[key] == nil {
		k[key] = &history{was, []dated{{"", was}}}
	}
	return k[key].change(l.Rule, m.Day, was, is)
}

// change records that a stake changed on a day, and returns the step of the ladder that
// this makes, or false.
func (h *history) change(rule *law.Threshold, day date.Date, was, is ratio.Ratio) (Step, bool) {
	ladder := rule.Ladder
	var found Step
	made := false
	switch {
	case ladder.Months > 0:
		if ladder.Reaches(was) {
			found = Step{ladder.Above(h.lowest(ladder, day, was)), true}
			made = rule.Rises(was, is, found.Limit)
		}
		h.values = append(h.values, dated{day, is})
	case !ladder.Reaches(was) && !(ladder.FromKnown && ladder.Reaches(h.last)):
		h.last = is
	default:
		found, made = h.step(rule, is)
		if made || ladder.Rising && is.Less(h.last) {
			h.last = is
		}
	}
	return found, made
}

// step returns the step that a stake makes from the last one.
func (h *history) step(rule *law.Threshold, is ratio.Ratio) (Step, bool) {
	if up := rule.Ladder.Above(h.last); rule.Passed(is, up) {
		return Step{up, true}, true
	}
	down, counts := rule.Ladder.Below(h.last)
	return Step{down, false}, counts && rule.Lost(is, down)
}

// lowest returns the lowest stake of the window that ends on a day, of those on which the
// ladder's steps count. The stake that it is on the day itself is among them.
func (h *history) lowest(ladder *law.Ladder, day date.Date, was ratio.Ratio) ratio.Ratio {
	start := day.AddMonths(-ladder.Months)
	low := was
	for i, v := range h.values {
		if i+1 < len(h.values) && day != "" && h.values[i+1].day != "" && h.values[i+1].day <= start {
			continue // it had ended
		}
		if ladder.Reaches(v.stake) && v.stake.Less(low) {
			low = v.stake
		}
	}
	return low
}
