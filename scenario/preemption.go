package scenario

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// noteMoved keeps the postings of shares with a right of pre-emption. A step that treats all
// shares of its issuer alike moves none of them from one party to another.
func (r *executor) noteMoved(s *checkedStep) {
	issuers := map[string]bool{}
	for i := range r.promises {
		if a := &r.promises[i].agreement; a.Kind == crossholding.AgreementPreemption && !(s.treatsAllAlike() && a.Issuer == s.Issuer) {
			issuers[a.Issuer] = true
		}
	}
	if len(issuers) == 0 {
		return
	}
	for _, p := range r.shares.Postings {
		if p.Kind <= ledger.Transform && (issuers[p.Issuer] || issuers[p.IntoIssuer]) {
			r.moved = append(r.moved, p)
		}
	}
}

// ownerOf returns the party whose shares an account has, or "" for new shares and for those that
// cease to exist.
func ownerOf(a ledger.Account) string { return cmp.Or(a.Beneficiary, a.Holder) }

// shift is shares of one issuer that passed from one party to another. An empty party stands for
// shares that did not exist before, or do not exist after.
type shift struct {
	from, to string
	n        ratio.Ratio
}

// shifts lists the shares of an issuer that changed their owner in the moment.
func (r *executor) shifts(issuer string) []shift {
	var out []shift
	for i := range r.moved {
		p := &r.moved[i]
		from, to := r.heir(ownerOf(p.From)), r.heir(ownerOf(p.To))
		switch {
		case p.Kind == ledger.Transform:
			if p.Issuer == issuer {
				out = append(out, shift{from, "", p.Shares})
			}
			if p.IntoIssuer == issuer {
				out = append(out, shift{"", to, p.Into})
			}
		case p.Issuer == issuer && from != to:
			out = append(out, shift{from, to, p.Shares})
		}
	}
	return out
}

// sides are the holders with a right of pre-emption, each with the companies that it controls. A
// holder that another one controls is on the side of that one.
type sides struct {
	holders  []string
	controls []func(company string) bool
}

// sides returns the sides of the holders of an agreement about an issuer, as control is now.
func (r *executor) sides(holders []string, issuer string) (s sides, err error) {
	if !r.companiesHold(issuer) {
		return sides{holders, make([]func(string) bool, len(holders))}, nil
	}
	t, err := r.tally()
	if err != nil {
		return s, err
	}
	controls := make([]func(string) bool, len(holders))
	for i, h := range holders {
		if controls[i], err = controlBy(t, h); err != nil {
			return s, err
		}
		if controls[i] == nil {
			controls[i] = func(string) bool { return false } // the holder is gone
		}
	}
	for i, h := range holders {
		under := false
		for j, g := range holders {
			under = under || i != j && controls[j](h) && !(controls[i](g) && i < j)
		}
		if !under {
			s.holders, s.controls = append(s.holders, h), append(s.controls, controls[i])
		}
	}
	return s, nil
}

// companiesHold reports whether companies have shares of an issuer, or had some in the moment.
func (r *executor) companiesHold(issuer string) bool {
	company := func(id string) bool { _, ok := r.book.Company(id); return ok && id != issuer }
	for _, k := range r.open(issuer) {
		if slices.ContainsFunc(k.Stakes, func(s ledger.Stake) bool { return company(s.Owner()) }) {
			return true
		}
	}
	return slices.ContainsFunc(r.shifts(issuer), func(m shift) bool { return company(m.from) || company(m.to) })
}

// sideStakes returns the shares of an issuer that each side has.
func (r *executor) sideStakes(s *sides, issuer string) []ratio.Ratio {
	out := make([]ratio.Ratio, len(s.holders))
	for _, k := range r.open(issuer) {
		for i := range k.Stakes {
			if at := s.of(k.Stakes[i].Owner()); at >= 0 {
				out[at] = out[at].Add(k.Stakes[i].Shares)
			}
		}
	}
	return out
}

// of returns the index of the side that a party is on, or -1.
func (s *sides) of(party string) int {
	if i := slices.Index(s.holders, party); i >= 0 {
		return i
	}
	return slices.IndexFunc(s.controls, func(c func(string) bool) bool { return c != nil && c(party) })
}

// sideAccount is what passed to and from one side in a moment.
type sideAccount struct {
	change      ratio.Ratio // of its stake
	got, gave   ratio.Ratio // from and to outsiders, without what an outsider only passes on
	within, net ratio.Ratio // given to other sides; got less given, in all
}

// lost returns the shares that the side parted with.
func (a *sideAccount) lost() ratio.Ratio {
	if a.change.Sign() < 0 {
		return a.change.Neg()
	}
	return ratio.Ratio{}
}

// kept returns the part of what the side gained that came from other sides.
func (a *sideAccount) kept() ratio.Ratio {
	n := a.change
	if fresh := a.got.Sub(a.gave); fresh.Sign() > 0 {
		n = n.Sub(fresh)
	}
	if n.Sign() < 0 {
		return ratio.Ratio{}
	}
	return n
}

// accounts returns what passed to and from each side. An outsider passes on what it got from the
// sides before it gives shares of its own.
func (s *sides) accounts(moves []shift) []sideAccount {
	gave, got := map[string]ratio.Ratio{}, map[string]ratio.Ratio{} // by outsider, to and from the sides
	for _, m := range moves {
		switch from, to := s.of(m.from), s.of(m.to); {
		case from < 0 && to >= 0:
			gave[m.from] = gave[m.from].Add(m.n)
		case from >= 0 && to < 0:
			got[m.to] = got[m.to].Add(m.n)
		}
	}
	out := make([]sideAccount, len(s.holders))
	for _, m := range moves {
		from, to := s.of(m.from), s.of(m.to)
		if from == to {
			continue
		}
		if from >= 0 {
			a := &out[from]
			if a.net = a.net.Sub(m.n); to < 0 {
				a.gave = a.gave.Add(m.n)
			} else {
				a.within = a.within.Add(m.n)
			}
		}
		if to >= 0 {
			a := &out[to]
			if a.net = a.net.Add(m.n); from < 0 && got[m.from].Less(gave[m.from]) {
				own := gave[m.from].Sub(got[m.from]).Div(gave[m.from])
				a.got = a.got.Add(m.n.Mul(own))
			}
		}
	}
	return out
}

// exchange is what the holders with a right of pre-emption lost, and what they gained from one
// another, in a moment.
type exchange struct {
	holders    []string
	accounts   []sideAccount // by holder
	lost, kept ratio.Ratio
	losers     int
	passed     int // losers that gave all they lost to other sides
}

// exchanged returns what passed in the moment among the holders of an agreement.
func (r *executor) exchanged(a *crossholding.Agreement, all []restriction) (*exchange, error) {
	if x := r.passed[a.ID]; x != nil {
		return x, nil
	}
	before := map[string]ratio.Ratio{}
	var holders []string
	for i := range all {
		if q := &all[i]; q.agreement.ID == a.ID {
			before[q.holder], holders = q.before, append(holders, q.holder)
		}
	}
	s, err := r.sides(holders, a.Issuer)
	if err != nil {
		return nil, err
	}
	x := &exchange{holders: s.holders, accounts: s.accounts(r.shifts(a.Issuer))}
	for i, n := range r.sideStakes(&s, a.Issuer) {
		x.accounts[i].change = n
	}
	for _, h := range holders { // those on the side of another holder now had stakes of their own
		if at := s.of(h); at >= 0 {
			x.accounts[at].change = x.accounts[at].change.Sub(before[h])
		}
	}
	x.add()
	r.passed[a.ID] = x
	return x, nil
}

// add adds up the accounts. Shares of a company that came under a side without a posting are
// gained from outside.
func (x *exchange) add() {
	var control ratio.Ratio
	for i := range x.accounts {
		a := &x.accounts[i]
		x.lost, x.kept, control = x.lost.Add(a.lost()), x.kept.Add(a.kept()), control.Add(a.change.Sub(a.net))
		if a.change.Sign() < 0 {
			x.losers++
			if !a.within.Less(a.lost()) {
				x.passed++
			}
		}
	}
	if control.Sign() > 0 {
		x.kept = x.kept.Sub(control)
	}
	if x.kept.Sign() < 0 {
		x.kept = ratio.Ratio{}
	}
}

// preempted returns how shares that a holder lost went to others than those with a right of
// pre-emption, or "". What all holders lost together must be what they gained from one another.
func (r *executor) preempted(p *restriction, all []restriction) (string, error) {
	ag := &p.agreement
	x, err := r.exchanged(ag, all)
	if err != nil || !x.kept.Less(x.lost) {
		return "", err
	}
	i := slices.Index(x.holders, p.holder)
	if i < 0 || x.accounts[i].change.Sign() >= 0 {
		return "", nil
	}
	a := &x.accounts[i]
	switch {
	case x.passed < x.losers && !a.within.Less(a.lost()):
		return "", nil // what it lost went to other holders, and another one sold
	case x.losers == 1:
		return fmt.Sprintf("%s parts with %s shares of %s, and the others with a right of pre-emption get %s of them (%s)",
			p.holder, a.lost(), ag.Issuer, x.kept, ag.ID), nil
	}
	return fmt.Sprintf("%s parts with %s shares of %s, and of the %s that the holders part with, those with a right of pre-emption get %s (%s)",
		p.holder, a.lost(), ag.Issuer, x.lost, x.kept, ag.ID), nil
}
