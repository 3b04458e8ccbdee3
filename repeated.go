package crossholding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
)

// stakeRow is one stake of a book that is read.
type stakeRow struct {
	stakeKey    // without the period
	first, last date.Date
	index       int // in the book
	adds        bool
}

// checkRepeated reports stakes that are listed again for the same time although none of the
// two adds to the other. They can be two reports of one stake, so their sum would be wrong.
func (p *parser) checkRepeated(stakes []Stake) {
	rows := make([]int, 0, len(p.rows))
	for i := range p.rows {
		if !p.rows[i].adds {
			rows = append(rows, i)
		}
	}
	slices.SortFunc(rows, func(i, j int) int {
		a, b := &p.rows[i], &p.rows[j]
		return cmp.Or(compareKeys(&a.stakeKey, &b.stakeKey), strings.Compare(string(a.first), string(b.first)), cmp.Compare(i, j))
	})
	type pair struct{ row, other int }
	var found []pair
	for n, longest := 1, 0; n < len(rows); n++ {
		a, b := &p.rows[rows[longest]], &p.rows[rows[n]]
		if same := a.stakeKey == b.stakeKey; same && overlap(a.last, b.first) {
			found = append(found, pair{max(rows[n], rows[longest]), min(rows[n], rows[longest])})
			if a.last == "" || b.last != "" && b.last <= a.last {
				continue
			}
		}
		longest = n
	}
	slices.SortFunc(found, func(a, b pair) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.other, b.other)) })
	for _, x := range found {
		a, b := &p.rows[x.other], &p.rows[x.row]
		p.add(fmt.Sprintf("stakes[%d]", b.index), ErrDuplicate,
			"%s in %s: given twice, as %s and as %s in stakes[%d]: keep one, or write \"adds\": true if they add up",
			b.holder, b.issuer, stakes[b.index].figure(), stakes[a.index].figure(), a.index)
	}
}

// figure returns the number of a stake in words, as it is given.
func (s *Stake) figure() string {
	switch {
	case s.Between != "":
		return abbreviate(s.Between)
	case s.Rounded:
		return "rounded " + abbreviate(string(s.Percent)) + "%"
	case s.Percent != "":
		return abbreviate(string(s.Percent)) + "%"
	}
	return abbreviate(string(s.Shares)) + " shares"
}

// compareKeys sorts keys of stakes, without their periods.
func compareKeys(a, b *stakeKey) int {
	return cmp.Or(
		strings.Compare(a.holder, b.holder),
		strings.Compare(a.issuer, b.issuer),
		strings.Compare(a.class, b.class),
		strings.Compare(a.beneficiary, b.beneficiary),
		strings.Compare(a.voter, b.voter),
		compareBools(a.cashSettled, b.cashSettled),
		strings.Compare(string(a.since), string(b.since)),
		strings.Compare(a.votesText, b.votesText),
	)
}

// joinSources returns the sources of two stakes that add up, each once and in order.
func joinSources(a, b string) string {
	if a == b {
		return a
	}
	list := append(strings.Split(a, "; "), strings.Split(b, "; ")...)
	slices.Sort(list)
	return strings.Join(slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" }), "; ")
}
