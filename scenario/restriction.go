package scenario

import (
	"context"
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

// restriction is a holder's promise about its stake, with the stake before a step.
type restriction struct {
	agreement crossholding.Agreement
	limit     ratio.Ratio // Min of a lock-up, Max of a standstill or a ceiling
	holder    string      // none in a ceiling
	before    ratio.Ratio
	all       map[string]ratio.Ratio // the stakes of all, in a ceiling
}

// restrictions lists the agreements in force that restrict transfers.
func (r *executor) restrictions() ([]restriction, error) {
	var out []restriction
	for ag := range r.book.Agreements() {
		if !restricts(&ag) || !date.Within(r.book.AsOf(), ag.From, ag.To) {
			continue
		}
		limit, _ := ratio.Parse(limitOf(&ag)) // the book has checked it
		if ag.Kind == crossholding.AgreementCeiling {
			all, err := r.heldByAll(ag.Issuer)
			if err != nil {
				return nil, err
			}
			out = append(out, restriction{agreement: ag, limit: limit, all: all})
			continue
		}
		held, err := r.heldBy(&ag)
		if err != nil {
			return nil, err
		}
		for _, h := range ag.Holders {
			n, err := held(h)
			if err != nil {
				return nil, err
			}
			out = append(out, restriction{agreement: ag, limit: limit, holder: h, before: n})
		}
	}
	return out, nil
}

// heldBy returns how to count the stakes of the holders of an agreement: each alone, or in a
// pre-emption each share once.
func (r *executor) heldBy(a *crossholding.Agreement) (func(holder string) (ratio.Ratio, error), error) {
	if a.Kind != crossholding.AgreementPreemption {
		return func(holder string) (ratio.Ratio, error) { return r.heldWith(holder, a.Issuer) }, nil
	}
	s, err := r.sides(a.Holders, a.Issuer)
	if err != nil {
		return nil, err
	}
	stakes := r.sideStakes(&s, a.Issuer)
	return func(holder string) (n ratio.Ratio, _ error) {
		if i := slices.Index(s.holders, holder); i >= 0 {
			n = stakes[i]
		}
		return n, nil
	}, nil
}

// limitOf returns the fraction of the issued shares that a holder promised not to pass.
func limitOf(a *crossholding.Agreement) string {
	if a.Kind == crossholding.AgreementLockUp {
		return a.Min
	}
	return a.Max
}

// heldWith returns the shares of an issuer, of all classes, whose beneficiary is a holder or
// a company that it controls.
func (r *executor) heldWith(holder, issuer string) (ratio.Ratio, error) {
	var sum ratio.Ratio
	others := map[string]ratio.Ratio{} // what other companies have
	for _, k := range r.open(issuer) {
		sum = sum.Add(k.For(holder))
		for i := range k.Stakes {
			s := &k.Stakes[i]
			who := s.Owner()
			if who == holder {
				continue
			}
			if _, ok := r.book.Company(who); ok {
				others[who] = others[who].Add(s.Shares)
			}
		}
	}
	if len(others) == 0 {
		return sum, nil
	}
	controls, err := r.control(holder)
	if err != nil || controls == nil {
		return sum, err
	}
	for who, shares := range others {
		if controls(who) {
			sum = sum.Add(shares)
		}
	}
	return sum, nil
}

// control tells which companies a holder controls: those in which it has more than half of
// the votes, or that it controls by a fact of the day, itself or through such companies. Votes
// count as the shares have them on the day, without the law and without agreements. It returns
// nil if the holder is gone.
func (r *executor) control(holder string) (func(company string) bool, error) {
	t, err := r.tally()
	if err != nil {
		return nil, err
	}
	return controlBy(t, holder)
}

// controlBy is [executor.control] by a count of votes.
func controlBy(t *crossholding.Tally, holder string) (func(company string) bool, error) {
	g := t.Graph()
	node, err := g.Node(holder)
	if err != nil {
		return nil, nil
	}
	group, err := t.Group(context.Background(), crossholding.Rule{Facts: true}, node) // the step as a whole can be cancelled
	if err != nil {
		return nil, err
	}
	return func(company string) bool {
		c, err := g.Node(company)
		return err == nil && group.Controls(c)
	}, nil
}

// tally counts the votes of all shares, without the law and without agreements. The lowest
// figure of a band counts. It counts once for all that ask between two steps.
func (r *executor) tally() (*crossholding.Tally, error) {
	if r.counted != nil {
		return r.counted, nil
	}
	d, err := r.draft()
	if err != nil {
		return nil, err
	}
	a := d.Alliance()
	if len(a.Banded()) > 0 {
		if a, err = a.WithBandsAt(ratio.Ratio{}); err != nil {
			return nil, err
		}
	}
	r.counted, err = a.Tally(context.Background(), crossholding.BasisExercisable, crossholding.VotingOptions{NoLaw: true, NoContracts: true})
	return r.counted, err
}

// heldByAll returns the shares of an issuer, of all classes, that each party has for its money,
// itself and through companies that it controls. The issuer is left out.
func (r *executor) heldByAll(issuer string) (map[string]ratio.Ratio, error) {
	own := map[string]ratio.Ratio{}
	companies := false
	for _, k := range r.open(issuer) {
		for i := range k.Stakes {
			s := &k.Stakes[i]
			own[s.Owner()] = own[s.Owner()].Add(s.Shares)
			_, company := r.book.Company(s.Owner())
			companies = companies || company
		}
	}
	if !companies {
		return own, nil
	}
	t, err := r.tally()
	if err != nil {
		return nil, err
	}
	above, err := t.Chains(context.Background(), crossholding.Rule{Facts: true})
	if err != nil {
		return nil, err
	}
	g := t.Graph()
	out := maps.Clone(own)
	for who, shares := range own {
		c, err := g.Company(who)
		if err != nil {
			continue // not a company
		}
		for _, x := range above.Controllers(c) {
			if id := g.ID(x); id != issuer {
				out[id] = out[id].Add(shares)
			}
		}
	}
	return out, nil
}

// treatsAllAlike reports whether the step turns the shares of all holders into others, so that
// nobody buys or sells.
func (s *checkedStep) treatsAllAlike() bool {
	switch s.Step.Step {
	case StepSplit:
		return true
	case StepConvert:
		return s.From == ""
	case StepDividend:
		return s.In == DividendShares
	}
	return false
}

// keepPromises makes a step that treats all shares of an issuer alike. What it changes in the
// stakes breaks no promise: it counts as if it had been so before the moment.
func (r *executor) keepPromises(s *checkedStep) error {
	list := slices.Clone(r.promises)
	if r.begun {
		var err error
		if list, err = r.restrictions(); err != nil {
			return err
		}
	}
	if err := r.dispatch(s); err != nil {
		return err
	}
	for i := range r.promises {
		p := &r.promises[i]
		j := slices.IndexFunc(list, func(q restriction) bool { return q.agreement.ID == p.agreement.ID && q.holder == p.holder })
		if j < 0 || p.agreement.Issuer != s.Issuer {
			continue
		}
		if err := r.follow(p, &list[j]); err != nil {
			return err
		}
	}
	return nil
}

// follow adds to the stakes of a promise what changed since the stakes in was.
func (r *executor) follow(p, was *restriction) error {
	if p.holder != "" {
		held, err := r.heldBy(&p.agreement)
		if err != nil {
			return err
		}
		now, err := held(p.holder)
		p.before = p.before.Add(now.Sub(was.before))
		return err
	}
	all, err := r.heldByAll(p.agreement.Issuer)
	for who, now := range all {
		all[who] = p.all[who].Add(now.Sub(was.all[who]))
	}
	p.all = all
	return err
}

// overCeiling returns how parties whom a ceiling binds came above it, by name.
func (r *executor) overCeiling(p *restriction) (holders, texts []string, err error) {
	ag := &p.agreement
	all, err := r.heldByAll(ag.Issuer)
	if err != nil {
		return nil, nil, err
	}
	issued := r.issued(ag.Issuer)
	bound := issued.Mul(p.limit)
	for _, who := range slices.Sorted(maps.Keys(all)) {
		if has := all[who]; bound.Less(has) && p.all[who].Less(has) && !slices.Contains(ag.Holders, who) {
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
	now := map[string]bool{}
	for ag := range r.book.Agreements() {
		now[ag.ID] = true
	}
	list = r.inherited(list)
	clear(r.passed)
	for i := range list {
		p := &list[i]
		if !r.book.Has(p.agreement.Issuer) || !now[p.agreement.ID] && !r.ended[p.agreement.ID] {
			continue // it ended, or the company did
		}
		holders, texts, err := r.broken(p, list)
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

// broken returns who broke a promise, and how.
func (r *executor) broken(p *restriction, all []restriction) (holders, texts []string, err error) {
	if p.agreement.Kind == crossholding.AgreementCeiling {
		return r.overCeiling(p)
	}
	text, err := r.brokenBy(p, all)
	if err != nil || text == "" {
		return nil, nil, err
	}
	return []string{p.holder}, []string{text}, nil
}

// brokenBy returns how a holder broke its promise, or "".
func (r *executor) brokenBy(p *restriction, all []restriction) (string, error) {
	ag := &p.agreement
	if ag.Kind == crossholding.AgreementPreemption {
		return r.preempted(p, all)
	}
	issued := r.issued(ag.Issuer)
	after, err := r.heldWith(p.holder, ag.Issuer)
	if err != nil {
		return "", err
	}
	bound := issued.Mul(p.limit)
	switch {
	case ag.Kind == crossholding.AgreementLockUp && after.Less(p.before) && after.Less(bound):
		return fmt.Sprintf("%s would hold %s of %s issued shares of %s and is locked up at %s of them (%s)",
			p.holder, after, issued, ag.Issuer, ag.Min, ag.ID), nil
	case ag.Kind == crossholding.AgreementStandstill && p.before.Less(after) && bound.Less(after):
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

// inherited returns the promises in the names of the companies that took over their holders.
// Two of one agreement become one. A standstill of a holder that is gone is left out, because
// its successor bought nothing, and so is what an issuer took over about its own shares.
func (r *executor) inherited(list []restriction) []restriction {
	if len(r.heirs) == 0 {
		return list
	}
	out := make([]restriction, 0, len(list))
	for _, p := range list {
		heir := r.heir(p.holder)
		gone := p.holder != "" && !r.book.Has(p.holder)
		if gone && (p.agreement.Kind == crossholding.AgreementStandstill || heir == p.agreement.Issuer) {
			continue
		}
		p.holder = heir
		same := slices.IndexFunc(out, func(q restriction) bool { return q.agreement.ID == p.agreement.ID && q.holder == heir })
		if same < 0 || p.holder == "" {
			out = append(out, p)
			continue
		}
		out[same].before = out[same].before.Add(p.before)
	}
	return out
}
