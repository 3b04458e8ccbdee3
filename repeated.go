package crossholding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// checkRepeated reports stakes that are listed again for the same time although none of the
// two adds to the other. They can be two reports of one stake, so their sum would be wrong.
func (p *parser) checkRepeated(stakes []Stake) {
	rows := p.l.stakes
	if len(p.elsewhere) > 0 {
		rows = slices.Concat(rows, p.elsewhere)
	}
	sortStakes(rows) // the ledger's stakes too, which have this order in the end
	var found [][2]int
	for from, to := 0, 1; from < len(rows); to++ {
		if to < len(rows) && compareKeys(&rows[from].stakeKey, &rows[to].stakeKey) == 0 {
			continue
		}
		if to > from+1 {
			found = append(found, repeatedRows(rows[from:to])...)
		}
		from = to
	}
	slices.SortFunc(found, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, x := range found {
		s, first := &stakes[x[0]], &stakes[x[1]]
		p.Add(fmt.Sprintf("stakes[%d]", x[0]), ErrDuplicate,
			"%s in %s: given twice, as %s and as %s in stakes[%d]: keep one, or write \"adds\": true if they add up",
			s.Holder, s.Issuer, s.Figure(), first.Figure(), x[1])
	}
}

// repeatedRows returns the pairs of stakes of one key that are of the same time and do not
// add up, by their numbers in the book, the later first. A stake is in at most one pair as
// the one that begins later.
func repeatedRows(group []*stakeRecord) [][2]int {
	var rows []*stakeRecord
	for _, s := range group {
		if !s.adds {
			rows = append(rows, s)
		}
	}
	slices.SortFunc(rows, func(a, b *stakeRecord) int {
		return cmp.Or(strings.Compare(string(a.from), string(b.from)), cmp.Compare(a.row, b.row))
	})
	var found [][2]int
	for n, longest := 1, 0; n < len(rows); n++ {
		a, b := rows[longest], rows[n]
		if overlap(a.to, b.from) {
			found = append(found, [2]int{max(a.row, b.row), min(a.row, b.row)})
			if a.to == "" || b.to != "" && b.to <= a.to {
				continue
			}
		}
		longest = n
	}
	return found
}
