// The days on which holders passed a threshold, according to the lots of their stakes.

package suspension

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// earlier reports whether k's holder passed the threshold before its issuer did, according
// to the lots of both stakes.
func (l *Search) earlier(s *law.Statute, k *Candidate) bool {
	mine, theirs, known := l.crossings(s, k)
	return known && mine < theirs
}

// overdue reports whether k's holder passed the threshold second and the time to sell has
// run out, according to the lots of both stakes. In an undated book it has not.
func (l *Search) overdue(s *law.Statute, k *Candidate) bool {
	if s.SellWithin == 0 || l.in.Day == "" {
		return false
	}
	mine, theirs, known := l.crossings(s, k)
	return known && mine >= theirs && l.in.Day > mine.AddMonths(s.SellWithin)
}

// crossings returns the days on which k's holder and its issuer passed the threshold, or
// false if the lots do not tell both.
func (l *Search) crossings(s *law.Statute, k *Candidate) (mine, theirs date.Date, known bool) {
	mine, ok1 := l.crossed(s, k.Holder, k.Issuer)
	theirs, ok2 := l.crossed(s, k.Issuer, k.Holder)
	return mine, theirs, ok1 && ok2
}

// crossed returns the day on which x's lots in y passed the threshold of today's base. It
// returns false if the lots do not cover x's stakes or have no dates.
func (l *Search) crossed(s *law.Statute, x, y int32) (date.Date, bool) {
	g := l.g
	var lots []Lot
	var held, covered ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		if g.Beneficiary[e] != x {
			continue
		}
		shares, of := l.in.Facts.Lots(e)
		held = held.Add(shares)
		for _, lot := range of {
			if lot.Date == "" {
				return "", false
			}
			covered = covered.Add(lot.Shares)
			lots = append(lots, lot)
		}
	}
	if !covered.Equal(held) {
		return "", false
	}
	slices.SortStableFunc(lots, func(a, b Lot) int { return strings.Compare(string(a.Date), string(b.Date)) })
	base := g.Capital.Outstanding(y)
	if s.Treasury {
		base = g.Capital.Issued(y)
	}
	var sum ratio.Ratio
	for _, lot := range lots {
		if sum = sum.Add(lot.Shares); s.Passed(sum, base) {
			return lot.Date, true
		}
	}
	return "", false
}
