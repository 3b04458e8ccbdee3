package crossholding

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Breach is an agreement that a step broke. It is plain data.
type Breach struct {
	Step      int    `json:"step"` // index of the step
	Agreement string `json:"agreement"`
	Holder    string `json:"holder"`
	Text      string `json:"text"` // what is broken, with the figures
}

// String returns the text.
func (b Breach) String() string { return b.Text }

// restriction is a holder's promise about its stake, with the stake before a step.
type restriction struct {
	agreement *agreementRecord
	holder    string
	before    ratio.Ratio
}

// restricts reports whether the agreement restricts transfers of shares.
func (a *agreementRecord) restricts() bool {
	return a.Kind == AgreementLockUp || a.Kind == AgreementStandstill || a.Kind == AgreementPreemption
}

// restrictions lists the agreements in force that restrict transfers.
func (r *executor) restrictions() []restriction {
	var out []restriction
	for i := range r.l.agreements {
		ag := &r.l.agreements[i]
		if !ag.restricts() || !date.Within(r.l.asOf, ag.From, ag.To) {
			continue
		}
		for _, h := range ag.Holders {
			out = append(out, restriction{ag, h, r.heldWith(h, ag.Issuer)})
		}
	}
	return out
}

// heldWith returns the shares of an issuer, of all classes, whose beneficiary is a holder or
// a company that it controls.
func (r *executor) heldWith(holder, issuer string) ratio.Ratio {
	var sum ratio.Ratio
	var others []string
	c := r.l.company(issuer)
	if c == nil {
		return sum
	}
	for _, k := range r.open(c) {
		sum = sum.Add(k.For(holder))
		for i := range k.Stakes {
			who := k.Stakes[i].Owner()
			if who == holder || slices.Contains(others, who) {
				continue
			}
			if o := r.l.company(who); o != nil && len(o.classes) > 0 {
				others = append(others, who)
			}
		}
	}
	if len(others) == 0 {
		return sum
	}
	controlled := r.controlledBy(holder)
	for _, who := range others {
		if controlled[who] {
			for _, k := range r.open(c) {
				sum = sum.Add(k.For(who))
			}
		}
	}
	return sum
}

// controlledBy returns the companies in which a holder, with the companies that it controls,
// casts more than half of the votes. Votes are counted as the shares have them on the day,
// without votes that a law suspends and without agreements.
func (r *executor) controlledBy(holder string) map[string]bool {
	l := r.book()
	in := map[string]bool{holder: true}
	for grown := true; grown; {
		grown = false
		have := map[string]ratio.Ratio{}
		for i := range l.stakes {
			s := &l.stakes[i]
			voter := s.voter
			if voter == "" {
				voter = s.holder
			}
			if in[voter] && !in[s.issuer] {
				c := l.company(s.issuer)
				votes, _ := l.votesOf(c, c.class(s.class), s)
				have[s.issuer] = have[s.issuer].Add(votes)
			}
		}
		for issuer, votes := range have {
			if l.company(issuer).halfOfVotes(l).Less(votes) {
				in[issuer], grown = true, true
			}
		}
	}
	delete(in, holder)
	return in
}

// halfOfVotes returns half of the votes of all shares without treasury.
func (c *companyRecord) halfOfVotes(l *ledger) ratio.Ratio {
	var sum ratio.Ratio
	for i := range c.classes {
		sum = sum.Add(c.classes[i].outstanding().Mul(c.classes[i].votes))
	}
	for i := range l.stakes {
		s := &l.stakes[i]
		if s.issuer != c.ID {
			continue
		}
		k := c.class(s.class)
		if votes, plain := l.votesOf(c, k, s); !plain {
			sum = sum.Add(votes).Sub(s.shares.Mul(k.votes))
		}
	}
	return sum.Div(ratio.Int(2))
}

// checkRestrictions reports the promises that a step broke. A holder breaks a lock-up if
// its stake falls below its minimum, a standstill if its stake rises above its maximum, and
// a pre-emption if shares leave it and the other holders. A change of the issued shares
// alone breaks none.
func (r *executor) checkRestrictions(list []restriction) error {
	var errs []error
	for i := range list {
		p := &list[i]
		c := r.l.company(p.agreement.Issuer)
		inForce := slices.ContainsFunc(r.l.agreements, func(a agreementRecord) bool { return a.ID == p.agreement.ID })
		if c == nil || !inForce || !r.l.known(p.holder) {
			continue // it ended, or the company or the holder did
		}
		text := r.broken(p, c, list)
		switch {
		case text == "":
		case r.report:
			r.breaches = append(r.breaches, Breach{r.step, p.agreement.ID, p.holder, text})
		default:
			errs = append(errs, fmt.Errorf("%s: %w", text, ErrAgreement))
		}
	}
	return errors.Join(errs...)
}

// broken returns how a promise is broken, or "".
func (r *executor) broken(p *restriction, c *companyRecord, all []restriction) string {
	var issued ratio.Ratio
	for _, k := range c.classes {
		issued = issued.Add(k.issued)
	}
	ag := p.agreement
	after := r.heldWith(p.holder, c.ID)
	switch {
	case ag.Kind == AgreementLockUp && after.Less(p.before) && after.Less(issued.Mul(ag.min)):
		return fmt.Sprintf("%s would hold %s of %s issued shares of %s and is locked up at %s of them (%s)",
			p.holder, after, issued, c.ID, ag.Min, ag.ID)
	case ag.Kind == AgreementStandstill && p.before.Less(after) && issued.Mul(ag.max).Less(after):
		return fmt.Sprintf("%s would hold %s of %s issued shares of %s and stands still at %s of them (%s)",
			p.holder, after, issued, c.ID, ag.Max, ag.ID)
	case ag.Kind == AgreementPreemption && after.Less(p.before):
		lost, gained := p.before.Sub(after), ratio.Ratio{}
		for i := range all {
			if q := &all[i]; q.agreement.ID == ag.ID {
				if now := r.heldWith(q.holder, c.ID); q.before.Less(now) {
					gained = gained.Add(now.Sub(q.before))
				}
			}
		}
		if gained.Less(lost) {
			return fmt.Sprintf("%s parts with %s shares of %s, and the others with a right of pre-emption get %s of them (%s)",
				p.holder, lost, c.ID, gained, ag.ID)
		}
	}
	return ""
}
