package crossholding

import (
	"fmt"

	"github.com/crossholding/crossholding/ratio"
)

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
	for i := range p.own {
		s := &p.own[i]
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
	for i := range p.own {
		s := &p.own[i]
		k := p.l.company(s.issuer).class(s.class)
		own, first := sums[k]
		if k == nil || !first {
			continue
		}
		delete(sums, k)
		if !k.issued.Less(own) {
			if k.treasury.Less(own) {
				k.treasury = own
			}
		} else {
			p.Add("companies."+s.issuer, ErrOverAllocated, "%s (%s) holds %s of its own %s issued shares", s.issuer, k.name, own.Grouped(), k.issued.Grouped())
		}
	}
}
