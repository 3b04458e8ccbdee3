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
	at       []int // in the list of promises
	controls []func(company string) bool
	holders  []string
}

// noteUnder notes which holders with a right of pre-emption others control, before a moment.
func (r *executor) noteUnder(a *crossholding.Agreement, all []restriction) error {
	company := func(h string) bool { _, ok := r.book.Company(h); return ok }
	if a.Kind != crossholding.AgreementPreemption || !slices.ContainsFunc(a.Holders, company) {
		return nil
	}
	s, err := r.sides(a.ID, all)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].agreement.ID == a.ID {
			all[i].under = !slices.Contains(s.at, i)
		}
	}
	return nil
}

// sides returns the sides of an agreement, as control is now.
func (r *executor) sides(id string, all []restriction) (s sides, err error) {
	var each sides
	for i := range all {
		if all[i].agreement.ID != id || all[i].under {
			continue
		}
		c, err := r.control(all[i].holder)
		if err != nil {
			return s, err
		}
		if c == nil {
			c = func(string) bool { return false } // the holder is gone
		}
		each.at, each.controls, each.holders = append(each.at, i), append(each.controls, c), append(each.holders, all[i].holder)
	}
	for i, h := range each.holders {
		under := false
		for j, g := range each.holders {
			under = under || i != j && each.controls[j](h) && !(each.controls[i](g) && i < j)
		}
		if !under {
			s.at, s.controls, s.holders = append(s.at, each.at[i]), append(s.controls, each.controls[i]), append(s.holders, h)
		}
	}
	return s, nil
}

// of returns the index of the side that a party is on, or -1.
func (s *sides) of(party string) int {
	if i := slices.Index(s.holders, party); i >= 0 {
		return i
	}
	return slices.IndexFunc(s.controls, func(c func(string) bool) bool { return c(party) })
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

// preempted returns how shares that a holder lost went to others than those with a right of
// pre-emption, or "". What all holders lost together must be what they gained from one another.
func (r *executor) preempted(p *restriction, all []restriction) (string, error) {
	s, err := r.sides(p.agreement.ID, all)
	if err != nil {
		return "", err
	}
	list := s.accounts(r.shifts(p.agreement.Issuer))
	var lost, kept, control ratio.Ratio // control: shares of companies that came under a side
	losers, passed := 0, 0              // passed: those that gave all they lost to other sides
	for i := range list {
		a, q := &list[i], &all[s.at[i]]
		now, err := r.heldWith(q.holder, q.agreement.Issuer)
		if err != nil {
			return "", err
		}
		a.change = now.Sub(q.before)
		lost, kept, control = lost.Add(a.lost()), kept.Add(a.kept()), control.Add(a.change.Sub(a.net))
		if a.change.Sign() < 0 {
			losers++
			if !a.within.Less(a.lost()) {
				passed++
			}
		}
	}
	if control.Sign() > 0 {
		kept = kept.Sub(control)
	}
	if kept.Sign() < 0 {
		kept = ratio.Ratio{}
	}
	i := s.of(p.holder)
	if i < 0 || !kept.Less(lost) || passed < losers && !list[i].within.Less(list[i].lost()) {
		return "", nil
	}
	mine, ag := list[i].lost(), &p.agreement
	if losers == 1 {
		return fmt.Sprintf("%s parts with %s shares of %s, and the others with a right of pre-emption get %s of them (%s)",
			p.holder, mine, ag.Issuer, kept, ag.ID), nil
	}
	return fmt.Sprintf("%s parts with %s shares of %s, and of the %s that the holders part with, those with a right of pre-emption get %s (%s)",
		p.holder, mine, ag.Issuer, lost, kept, ag.ID), nil
}
