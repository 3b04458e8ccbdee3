package crossholding

import (
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Warning is something in a book that was read in a way that its author may not
// expect. Plain data.
type Warning struct {
	Holder string `json:"holder,omitempty"` // whom it is about, if anyone
	Issuer string `json:"issuer,omitempty"`
	Text   string `json:"text"`
}

// String returns the text.
func (w Warning) String() string { return w.Text }

// Warnings returns what was read in a way that the author of the book may not
// expect, in order of the book's stakes: a stake in percent of a class, rounded to
// whole shares.
func (a *Alliance) Warnings() []Warning {
	if a.ledger == nil {
		return []Warning{}
	}
	return append([]Warning{}, a.ledger.warnings...)
}

// wholePercents rounds the stakes in percent of classes that have whole shares to
// the nearest whole number of them, but so that those of one class do not come to
// more than their sum, rounded: where they do, those that rounding gave most are
// rounded down. It leaves nil for a stake that it is not about.
func (p *parser) wholePercents(stakes []Stake) []*ratio.Ratio {
	type key struct{ issuer, class string }
	type share struct {
		stake        int
		exact, whole ratio.Ratio
	}
	classes := map[key][]share{}
	for i := range stakes {
		s := &stakes[i]
		c := p.l.company(s.Issuer)
		if s.Percent == "" || s.Shares != "" || s.Between != "" || c == nil || c.percent {
			continue
		}
		k := c.class(s.classOf(c))
		pct, err := s.Percent.Ratio()
		if k == nil || k.fractions || !k.issued.IsInt() || err != nil {
			continue
		}
		exact := k.issued.Mul(pct).Mul(ratio.Of(1, 100))
		whole := ratio.FromRat(exact.Round(0, ratio.HalfEven).Rat())
		id := key{s.Issuer, k.name}
		classes[id] = append(classes[id], share{i, exact, whole})
	}
	out := make([]*ratio.Ratio, len(stakes))
	for _, list := range classes {
		var exact, whole ratio.Ratio
		for _, s := range list {
			exact, whole = exact.Add(s.exact), whole.Add(s.whole)
		}
		most := ratio.FromRat(exact.Round(0, ratio.HalfEven).Rat())
		gain := func(s share) ratio.Ratio { return s.whole.Sub(s.exact) }
		byGain := slices.Clone(list)
		slices.SortStableFunc(byGain, func(a, b share) int { return gain(b).Cmp(gain(a)) })
		less, last := map[int]bool{}, ratio.Ratio{}
		for _, s := range byGain {
			if !most.Less(whole) && !gain(s).Equal(last) || gain(s).Sign() <= 0 {
				break // equals are rounded alike, whatever they are called
			}
			less[s.stake], whole, last = true, whole.Sub(ratio.Int(1)), gain(s)
		}
		for _, s := range list {
			if less[s.stake] {
				s.whole = s.whole.Sub(ratio.Int(1))
			}
			out[s.stake] = &s.whole
		}
	}
	return out
}

// classOf returns the class of a stake: that which it names, the company's only one,
// or the ordinary one.
func (s *Stake) classOf(c *companyRecord) string {
	switch {
	case s.Class != "":
		return s.Class
	case len(c.classes) == 1:
		return c.classes[0].name
	}
	return defaultClass
}

// roundPercent takes the whole number of shares for a stake in percent.
func (p *parser) roundPercent(in *Stake, rec *stakeRecord, k *classRecord, whole ratio.Ratio) {
	if whole.Equal(rec.shares) {
		return
	}
	p.l.warnings = append(p.l.warnings, Warning{Holder: in.Holder, Issuer: in.Issuer,
		Text: fmt.Sprintf("%s in %s: %s%% of %s shares is %s, taken as %s whole shares", in.Holder, in.Issuer, in.Percent,
			k.issued.Grouped(), rec.shares.GroupedDecimal(6), whole.Grouped())})
	rec.shares = whole
}
