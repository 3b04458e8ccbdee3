package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
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

// restriction is a promise about stakes, with the stakes before a moment.
type restriction struct {
	agreement *crossholding.Agreement
	limit     ratio.Ratio // Min of a lock-up, Max of a standstill or a ceiling
	holder    string      // none in a ceiling and in a pre-emption
	before    stakes
	side      map[string]string // in a pre-emption, the holder on whose side a party is
}

// restrictions lists the agreements in force that restrict transfers.
func (r *executor) restrictions() ([]restriction, error) {
	var out []restriction
	for ag := range r.book.Agreements() {
		if !restricts(&ag) || !date.Within(r.book.AsOf(), ag.From, ag.To) {
			continue
		}
		agreement := ag                              // so that only agreements that restrict are copied to the heap
		limit, _ := ratio.Parse(limitOf(&agreement)) // the book has checked it
		holders := ag.Holders
		if ag.Kind == crossholding.AgreementCeiling || ag.Kind == crossholding.AgreementPreemption {
			holders = []string{""}
		}
		for _, h := range holders {
			p := restriction{agreement: &agreement, limit: limit, holder: h}
			var err error
			if p.before, err = r.promised(&p); err != nil {
				return nil, err
			}
			if ag.Kind == crossholding.AgreementPreemption {
				if p.side, err = r.sides(ag.Holders, ag.Issuer, p.before.parties()); err != nil {
					return nil, err
				}
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// promised returns the stakes that a promise counts: of its holder with what that controls, of all
// parties with what they control, or in a pre-emption of all parties without.
func (r *executor) promised(p *restriction) (stakes, error) {
	switch p.agreement.Kind {
	case crossholding.AgreementPreemption:
		return r.stakesOf(p.agreement.Issuer), nil
	case crossholding.AgreementCeiling:
		return r.heldByAll(p.agreement.Issuer)
	}
	out := stakes{}
	return out, r.addHeldWith(out, p.holder, p.agreement.Issuer)
}

// limitOf returns the fraction of the issued shares that a holder promised not to pass.
func limitOf(a *crossholding.Agreement) string {
	if a.Kind == crossholding.AgreementLockUp {
		return a.Min
	}
	return a.Max
}

// overCeiling returns how parties whom a ceiling binds came above it, by name.
func (r *executor) overCeiling(p *restriction) (holders, texts []string, err error) {
	ag := p.agreement
	all, err := r.heldByAll(ag.Issuer)
	if err != nil {
		return nil, nil, err
	}
	issued := r.issued(ag.Issuer)
	bound := issued.Mul(p.limit)
	had, have := p.before.sums(), all.sums()
	for _, who := range slices.Sorted(maps.Keys(have)) {
		if has := have[who]; bound.Less(has) && had[who].Less(has) && !slices.ContainsFunc(ag.Holders, func(h string) bool { return r.heir(h) == who }) {
			holders = append(holders, who)
			texts = append(texts, fmt.Sprintf("%s would hold %s of %s issued shares of %s, whose articles allow %s of them (%s)",
				who, has, issued, ag.Issuer, ag.Max, ag.ID))
		}
	}
	return holders, texts, nil
}

// issued returns the issued shares of all classes of a company.
func (r *executor) issued(company string) ratio.Ratio {
	var sum ratio.Ratio
	for _, k := range r.open(company) {
		sum = sum.Add(k.Issued)
	}
	return sum
}

// checkRestrictions reports the promises that a step broke. A holder breaks a lock-up if
// its stake falls below its minimum, a standstill if its stake rises above its maximum, and
// a pre-emption if shares leave it and the other holders. A party breaks a ceiling if its stake
// rises above it. A change of the issued shares alone breaks none, and neither does a split, a
// dividend in shares or a conversion of all shares of a class. A holder that was wound up has no
// stake any more. The stake of one that merged into another company is that of the other.
func (r *executor) checkRestrictions(list []restriction) error {
	if len(list) == 0 {
		return nil
	}
	var errs []error
	asked, inForce := map[string]*crossholding.Agreement{}, map[string]bool{}
	for i := range list {
		asked[list[i].agreement.ID] = list[i].agreement
	}
	for ag := range r.book.Agreements() {
		if was := asked[ag.ID]; was != nil {
			inForce[ag.ID] = sameTerms(&ag, was)
		}
	}
	list = r.inherited(list)
	for i := range list {
		p := &list[i]
		if !r.book.Has(p.agreement.Issuer) || !r.ended[p.agreement.ID] && !inForce[p.agreement.ID] {
			continue // it ended, or the company did
		}
		holders, texts, err := r.broken(p)
		if err != nil {
			return err
		}
		for i, text := range texts {
			if r.report {
				r.breaches = append(r.breaches, Breach{r.step, p.agreement.ID, holders[i], text})
			} else {
				errs = append(errs, fmt.Errorf("%s: %w", text, crossholding.ErrAgreement))
			}
		}
	}
	return errors.Join(errs...)
}

// sameTerms reports whether two agreements of one id promise the same. The holders can have merged
// into others.
func sameTerms(a, b *crossholding.Agreement) bool {
	return a.Kind == b.Kind && a.Issuer == b.Issuer && a.Min == b.Min && a.Max == b.Max && a.From == b.From && a.To == b.To
}

// broken returns who broke a promise, and how.
func (r *executor) broken(p *restriction) (holders, texts []string, err error) {
	switch p.agreement.Kind {
	case crossholding.AgreementCeiling:
		return r.overCeiling(p)
	case crossholding.AgreementPreemption:
		return r.preempted(p)
	}
	text, err := r.brokenBy(p)
	if err != nil || text == "" {
		return nil, nil, err
	}
	return []string{p.holder}, []string{text}, nil
}

// brokenBy returns how a holder broke its promise, or "".
func (r *executor) brokenBy(p *restriction) (string, error) {
	ag := p.agreement
	issued := r.issued(ag.Issuer)
	now := stakes{}
	if err := r.addHeldWith(now, p.holder, ag.Issuer); err != nil {
		return "", err
	}
	before, after := p.before.sum(p.holder), now.sum(p.holder)
	bound := issued.Mul(p.limit)
	switch {
	case ag.Kind == crossholding.AgreementLockUp && after.Less(before) && after.Less(bound):
		return fmt.Sprintf("%s would hold %s of %s issued shares of %s and is locked up at %s of them (%s)",
			p.holder, after, issued, ag.Issuer, ag.Min, ag.ID), nil
	case ag.Kind == crossholding.AgreementStandstill && before.Less(after) && bound.Less(after):
		return fmt.Sprintf("%s would hold %s of %s issued shares of %s and stands still at %s of them (%s)",
			p.holder, after, issued, ag.Issuer, ag.Max, ag.ID), nil
	}
	return "", nil
}

// heir returns the company that took over a party in the moment, or the party.
func (r *executor) heir(party string) string {
	for range len(r.heirs) {
		next, ok := r.heirs[party]
		if !ok || next == "" {
			break
		}
		party = next
	}
	return party
}

// inherited returns the promises that are to be kept: without those about shares of a company that
// took over the holder, and of several of one agreement that one company took over, the strictest.
func (r *executor) inherited(list []restriction) []restriction {
	if len(r.heirs) == 0 {
		return list
	}
	out := make([]restriction, 0, len(list))
	for _, p := range list {
		if p.holder != "" && p.holder == p.agreement.Issuer {
			continue
		}
		same := slices.IndexFunc(out, func(q restriction) bool { return q.agreement.ID == p.agreement.ID && q.holder == p.holder })
		if same < 0 {
			out = append(out, p)
			continue
		}
		had, has := out[same].before.sum(p.holder), p.before.sum(p.holder)
		if had.Less(has) == (p.agreement.Kind == crossholding.AgreementLockUp) {
			out[same] = p
		}
	}
	return out
}
