package crossholding

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// builtinLoyalties are the laws that give shares more votes for being held long. They are
// made once and never changed.
var builtinLoyalties = law.Loyalties()

// loyaltyOf returns the law that gives shares of a class more votes on a day, or nil. There
// is none if the book gives the votes of the class.
func (c *companyRecord) loyaltyOf(k *classRecord, day date.Date) *law.Loyalty {
	if k.votesGiven {
		return nil
	}
	issuer := c.lawOf()
	for i := range builtinLoyalties {
		if l := &builtinLoyalties[i]; l.Reaches(&issuer, day) {
			return l
		}
	}
	return nil
}

// mayHaveLoyalty reports whether a law gives shares of the company more votes on some day.
func (c *companyRecord) mayHaveLoyalty() bool {
	issuer := c.lawOf()
	return slices.ContainsFunc(builtinLoyalties, func(l law.Loyalty) bool {
		l.From, l.To = "", ""
		return l.Reaches(&issuer, "2000-01-01")
	})
}

// loyal returns the shares of a stake that have more votes under a law on a day: those of
// lots that are old enough. There are none if the stake has votes of its own, or if another
// holds it or has its money: the lots then do not tell since when.
func (s *stakeRecord) loyal(l *law.Loyalty, day date.Date) (shares ratio.Ratio) {
	if s.votesText != "" || s.beneficiary != "" && !s.cashSettled || s.band != nil {
		return shares
	}
	for i := range s.lots {
		if l.Earned(s.lots[i].Date, day) {
			shares = shares.Add(s.lots[i].Shares)
		}
	}
	return shares
}

// votesOf returns the votes of a stake on the ledger's day, and whether the class alone
// gives them.
func (l *ledger) votesOf(c *companyRecord, k *classRecord, s *stakeRecord) (votes ratio.Ratio, plain bool) {
	if s.votesText != "" && date.Within(l.asOf, s.since, "") {
		return s.shares.Mul(s.votes), false
	}
	votes = s.shares.Mul(k.votes)
	if law := c.loyaltyOf(k, l.asOf); law != nil {
		if more := s.loyal(law, l.asOf); !more.IsZero() {
			return votes.Add(more.Mul(k.votes).Mul(law.Times.Sub(ratio.Int(1)))), false
		}
	}
	return votes, true
}

// hasLoyalVotes reports whether a law gives some stake more votes on the ledger's day.
func (l *ledger) hasLoyalVotes() bool {
	return l.loyalOn(l.asOf, func(*stakeRecord, *law.Loyalty) bool { return true })
}

// loyalOn reports whether a law gives a stake of which also is true more votes on a day.
func (l *ledger) loyalOn(day date.Date, also func(s *stakeRecord, by *law.Loyalty) bool) bool {
	var reached map[string]*companyRecord
	for i := range l.companies {
		c := &l.companies[i]
		for j := range c.classes {
			if c.loyaltyOf(&c.classes[j], day) != nil {
				if reached == nil {
					reached = map[string]*companyRecord{}
				}
				reached[c.ID] = c
			}
		}
	}
	if len(reached) == 0 {
		return false
	}
	for _, s := range l.stakes {
		c := reached[s.issuer]
		if c == nil || len(s.lots) == 0 {
			continue
		}
		if by := c.loyaltyOf(c.class(s.class), day); by != nil && !s.loyal(by, day).IsZero() && also(s, by) {
			return true
		}
	}
	return false
}

// withMovedVotes adds to some companies those in which the time since another day can have changed
// the votes of a share.
func (l *ledger) withMovedVotes(since date.Date, companies []string) []string {
	if since == l.asOf {
		return companies
	}
	out := slices.Clone(companies)
	for i := range l.stakes {
		s := l.stakes[i]
		if s.votesText != "" && date.Within(since, s.since, "") != date.Within(l.asOf, s.since, "") {
			out = append(out, s.issuer)
		}
	}
	for i := range l.companies {
		c := &l.companies[i]
		if slices.ContainsFunc(c.classes, func(k classRecord) bool { return c.loyaltyOf(&k, since) != nil || c.loyaltyOf(&k, l.asOf) != nil }) {
			out = append(out, c.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// loyaltyMoves reports whether time gave shares more votes between two days.
func (l *ledger) loyaltyMoves(before date.Date) bool {
	return l.loyalOn(l.asOf, func(s *stakeRecord, by *law.Loyalty) bool {
		c := l.company(s.issuer)
		old := c.loyaltyOf(c.class(s.class), before)
		return old == nil || !s.loyal(old, before).Equal(s.loyal(by, l.asOf))
	})
}
