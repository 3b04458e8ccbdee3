package law

import "github.com/crossholding/crossholding/ratio"

// Ladder is a creeping threshold, as data: not the size of a stake but its change matters.
// "Each change of 1% by whoever has more than 5%" is a ladder with a step and no window.
// "An increase of 1% within twelve months, between 30% and one half" is a ladder with both.
// It is a plain value.
//
// Without a window, a change is measured from the stake at the last crossing of the
// ladder, or at which the holder came between From and To. With a window, it is measured
// from the lowest stake within the window, and only increases count. What the holder had
// before the first known day is taken to be what it had on that day.
type Ladder struct {
	From   ratio.Ratio `json:"from"`             // the stake before the change must be at least this fraction, 0..1
	Over   bool        `json:"over,omitempty"`   // From itself is not enough
	To     ratio.Ratio `json:"to,omitempty"`     // and at most this fraction; default 1
	Step   ratio.Ratio `json:"step"`             // the change, as a fraction 0..1; 0 for any increase
	Months int         `json:"months,omitempty"` // the window; 0 for none
	Rising bool        `json:"rising,omitempty"` // only increases count, from the lowest stake since the last crossing
	// FromKnown says that From and To are about the stake from which the change is measured, and
	// not about the one before it: a fall below From that is less than a step does not end the
	// duty. It is for ladders without a window that count decreases.
	FromKnown bool `json:"from_known,omitempty"`
}

// Reaches reports whether a stake lies where the ladder's steps count.
func (l *Ladder) Reaches(share ratio.Ratio) bool {
	top := l.To
	if top.IsZero() {
		top = ratio.Int(1)
	}
	return share.Reaches(l.From, !l.Over) && !top.Less(share)
}

// OnlyUp reports whether only increases count.
func (l *Ladder) OnlyUp() bool { return l.Rising || l.Months > 0 }

// Above returns the stake at which an increase from share makes a step.
func (l *Ladder) Above(share ratio.Ratio) ratio.Ratio { return share.Add(l.Step) }

// Below returns the stake at which a decrease from share makes a step, or false if
// decreases do not count or the stake is less than a step.
func (l *Ladder) Below(share ratio.Ratio) (ratio.Ratio, bool) {
	below := share.Sub(l.Step)
	return below, !l.OnlyUp() && below.Sign() >= 0
}
