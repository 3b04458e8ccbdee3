package crossholding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// classKey is one class of one company.
type classKey struct{ issuer, class string }

// checkAllocation reports the classes of which more shares are held than outstanding.
func (f *faults) checkAllocation(l *ledger) {
	held := make(map[classKey]ratio.Ratio, len(l.companies))
	for _, s := range l.stakes {
		k := classKey{s.issuer, s.class}
		held[k] = held[k].Add(s.shares)
	}
	var over map[classKey]map[string]ratio.Ratio // what each holder has
	for i := range l.companies {
		for _, k := range l.companies[i].classes {
			if id := (classKey{l.companies[i].ID, k.name}); !k.faulty && k.outstanding().Less(held[id]) {
				if over == nil {
					over = map[classKey]map[string]ratio.Ratio{}
				}
				over[id] = map[string]ratio.Ratio{}
			}
		}
	}
	if over == nil {
		return
	}
	for _, s := range l.stakes {
		if holders := over[classKey{s.issuer, s.class}]; holders != nil {
			holders[s.holder] = holders[s.holder].Add(s.shares)
		}
	}
	for i := range l.companies {
		c := &l.companies[i]
		for _, k := range c.classes {
			if holders := over[classKey{c.ID, k.name}]; holders != nil {
				f.Add("companies."+c.ID, ErrOverAllocated, "%s", overAllocated(c, &k, held[classKey{c.ID, k.name}], holders))
			}
		}
	}
}

// overAllocated says who holds more of a class than is outstanding: the five largest
// holders.
func overAllocated(c *companyRecord, k *classRecord, sum ratio.Ratio, holders map[string]ratio.Ratio) string {
	percent := c.percentCompany()
	amount := func(r ratio.Ratio) string {
		if percent {
			return r.GroupedDecimal(6) + "%"
		}
		return r.GroupedDecimal(6)
	}
	names := make([]string, 0, len(holders))
	for who := range holders {
		names = append(names, who)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(holders[b].Cmp(holders[a]), strings.Compare(a, b)) })
	for i, who := range names {
		names[i] = text.Truncate(who, input.MaxText/8) + " " + amount(holders[who])
	}
	id, out := text.Truncate(c.ID, input.MaxText/8), k.outstanding()
	said := countOf(len(names), "holder holds", "holders hold") + " "
	if percent {
		said += fmt.Sprintf("%s of %s, %s percentage points too many", amount(sum), id, sum.Sub(out).GroupedDecimal(6))
	} else {
		said += fmt.Sprintf("%s of %s outstanding shares of %s (%s), %s too many",
			amount(sum), amount(out), id, text.Truncate(k.name, input.MaxText/8), amount(sum.Sub(out)))
	}
	said += ": " + text.Some(names, 5)
	return said
}

// countOf returns a number with the word for one or for several.
func countOf(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// ofItself reports whether the stake is a company's in itself and nothing more: for its own
// money, with its own vote, not a band and not for a time only. Registers list such stakes. They are the
// company's own shares.
func (s *Stake) ofItself() bool {
	or := func(id string) bool { return id == "" || id == s.Issuer }
	return s.Holder == s.Issuer && s.Issuer != "" && or(s.Beneficiary) && or(s.Voter) && s.Between == "" && !s.Rounded && s.From == "" && s.To == ""
}

// ownShares counts the stakes of companies in themselves as their treasury. If the company
// states a treasury, the larger of the two counts: both describe the same shares.
func (p *parser) ownShares() {
	sums := map[*classRecord]ratio.Ratio{}
	for _, s := range p.own {
		c := p.l.company(s.issuer)
		if k := c.class(s.class); k != nil {
			sums[k] = sums[k].Add(s.shares)
			what := s.shares.GroupedDecimal(6) + " shares"
			if c.percentCompany() {
				what = s.shares.GroupedDecimal(6) + "%"
			}
			text := fmt.Sprintf("%s in itself: %s, taken as its treasury", s.issuer, what)
			if len(s.lots) > 0 {
				text += "; its lots are left out"
			}
			p.l.warnings = append(p.l.warnings, Warning{Holder: s.issuer, Issuer: s.issuer, Kind: ErrSelfStake, Text: text})
		}
	}
	for _, s := range p.own {
		k := p.l.company(s.issuer).class(s.class)
		own, first := sums[k]
		if k == nil || !first {
			continue
		}
		delete(sums, k)
		if !k.issued.Less(own) {
			k.treasury = ratio.Max(k.treasury, own)
		} else {
			p.Add("companies."+s.issuer, ErrOverAllocated, "%s (%s) holds %s of its own %s issued shares", s.issuer, k.name, own.Grouped(), k.issued.Grouped())
		}
	}
}
