package attribution

import (
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
)

// holderRight is a right to shares of a company.
type holderRight struct {
	who    int32
	issued bool      // the shares exist already
	from   date.Date // first day of exercise
	amounts
}

// rightsOf lists the rights to shares by company, each list by holder.
func rightsOf(g crossholding.Graph) map[int32][]holderRight {
	var out map[int32][]holderRight
	for k := range g.Rights() {
		if out == nil {
			out = map[int32][]holderRight{}
		}
		out[k.Issuer] = append(out[k.Issuer], holderRight{k.Holder, k.Writer != crossholding.NoNode, k.From, amounts{k.Shares, k.Votes, k.Votes}})
	}
	for c := range out {
		slices.SortStableFunc(out[c], func(a, b holderRight) int { return int(a.who) - int(b.who) })
	}
	return out
}

// rightsHeld returns the rights of a node.
func (s *Counts) rightsHeld(who int32) []holderRight {
	from, _ := slices.BinarySearchFunc(s.rights, who, func(k holderRight, who int32) int { return int(k.who) - int(who) })
	to := from
	for to < len(s.rights) && s.rights[to].who == who {
		to++
	}
	return s.rights[from:to]
}

// addRights adds the rights of the members that a rule counts.
func (s *Counts) addRights(sum *Figures, members []int32, rule law.RightsRule) {
	for _, m := range members {
		for _, k := range s.rightsHeld(m) {
			if !rule.Counts(k.issued, k.from, s.day) {
				continue
			}
			sum.amounts = sum.add(k.amounts)
			if rule.InBase && !k.issued {
				sum.fresh = sum.fresh.add(k.amounts)
			}
		}
	}
}

// hasRight reports whether a rule counts a right of a node.
func (s *Counts) hasRight(who int32, r Reach) bool {
	return r.roles&hasRight != 0 && slices.ContainsFunc(s.rightsHeld(who), func(k holderRight) bool {
		return !k.shares.IsZero() && r.rights.Counts(k.issued, k.from, s.day)
	})
}

// sameRights reports whether two lists of rights are the same.
func sameRights(a, b []holderRight) bool {
	return slices.EqualFunc(a, b, func(a, b holderRight) bool {
		return a.who == b.who && a.issued == b.issued && a.from == b.from && a.amounts.equal(b.amounts)
	})
}

// movedRights appends the companies to whose shares the rights differ.
func movedRights(out []int32, before, after map[int32][]holderRight) []int32 {
	for c, list := range before {
		if !sameRights(list, after[c]) {
			out = append(out, c)
		}
	}
	for c := range after {
		if _, known := before[c]; !known {
			out = append(out, c)
		}
	}
	return out
}
