package crossholding

import (
	"errors"
	"fmt"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// restriction is a holder's promise about its stake, with the stake before a step.
type restriction struct {
	agreement *agreementRecord
	holder    string
	before    ratio.Ratio // shares whose beneficiary it is
}

// restrictions lists the lock-ups and standstills in force at one issuer.
func (r *executor) restrictions(issuer string) []restriction {
	var out []restriction
	for i := range r.l.agreements {
		ag := &r.l.agreements[i]
		if ag.Issuer != issuer || ag.Kind != AgreementLockUp && ag.Kind != AgreementStandstill || !date.Within(r.l.asOf, ag.From, ag.To) {
			continue
		}
		for _, h := range ag.Holders {
			out = append(out, restriction{ag, h, r.l.heldFor(h, issuer)})
		}
	}
	return out
}

// heldFor returns the shares of an issuer, of all classes, whose beneficiary is holder.
func (l *ledger) heldFor(holder, issuer string) ratio.Ratio {
	var sum ratio.Ratio
	for i := range l.stakes {
		s := &l.stakes[i]
		if s.issuer == issuer && (s.beneficiary == holder || s.beneficiary == "" && s.holder == holder) {
			sum = sum.Add(s.shares)
		}
	}
	return sum
}

// checkRestrictions reports the promises that a step broke. A holder breaks a lock-up if
// it sells below its minimum, and a standstill if it buys above its maximum. A change of
// the issued shares alone breaks neither.
func (r *executor) checkRestrictions(list []restriction) error {
	var errs []error
	for _, p := range list {
		c := r.l.company(p.agreement.Issuer)
		var issued ratio.Ratio
		for _, k := range c.classes {
			issued = issued.Add(k.issued)
		}
		after := r.l.heldFor(p.holder, c.ID)
		low, high := issued.Mul(p.agreement.min), issued.Mul(p.agreement.max)
		switch {
		case p.agreement.Kind == AgreementLockUp && after.Less(p.before) && after.Less(low):
			errs = append(errs, fmt.Errorf("%s would hold %s of %s issued shares of %s and is locked up at %s of them (%s): %w",
				p.holder, after, issued, c.ID, p.agreement.Min, p.agreement.ID, ErrAgreement))
		case p.agreement.Kind == AgreementStandstill && p.before.Less(after) && high.Less(after):
			errs = append(errs, fmt.Errorf("%s would hold %s of %s issued shares of %s and stands still at %s of them (%s): %w",
				p.holder, after, issued, c.ID, p.agreement.Max, p.agreement.ID, ErrAgreement))
		}
	}
	return errors.Join(errs...)
}
