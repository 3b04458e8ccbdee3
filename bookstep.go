package crossholding

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

func (r *executor) advance(day date.Date) error {
	if day < r.l.asOf {
		return fmt.Errorf("the book is of %s, after %s: %w", r.l.asOf, day, ErrDate)
	}
	if r.l.asOf == "" {
		for i := range r.l.stakes {
			s := &r.l.stakes[i]
			if n := len(s.lots); n > 0 && s.lots[n-1].Date > day {
				return fmt.Errorf("%s in %s: bought on %s, after %s: %w", s.holder, s.issuer, s.lots[n-1].Date, day, ErrDate)
			}
		}
	}
	if err := r.book().checkUnchanged(day); err != nil {
		return err
	}
	if day != r.l.asOf {
		r.shares.Set("date " + string(day))
	}
	r.l.asOf = day
	r.lapseRights()
	return r.checkAgreements()
}

// checkAgreements reports agreements in force that contradict one another.
func (r *executor) checkAgreements() error {
	var f faults
	f.checkAgreements(r.l)
	return f.err()
}

func (r *executor) agree(in *Agreement) error {
	r.l.agreements = slices.Clone(r.l.agreements) // promises point to the old ones
	p := parser{l: r.l, ids: r.ids()}
	taken := make(map[string]string, len(r.l.agreements))
	for i := range r.l.agreements {
		taken[r.l.agreements[i].ID] = "an agreement"
	}
	p.identify("agreement", in.ID, taken)
	p.agreement("agreement", *in)
	slices.SortFunc(r.l.agreements, func(a, b agreementRecord) int { return strings.Compare(a.ID, b.ID) })
	p.checkAgreements(r.l)
	r.shares.Set("agreement " + in.ID)
	return p.err()
}

func (r *executor) endAgreement(id string) error {
	i := slices.IndexFunc(r.l.agreements, func(a agreementRecord) bool { return a.ID == id })
	if i < 0 {
		return unknown("agreement", id)
	}
	r.l.agreements = slices.Delete(slices.Clone(r.l.agreements), i, i+1)
	r.shares.Set("agreement " + id + " ends")
	return nil
}

func (r *executor) reprice(s *Step) error {
	l := *r.l
	p := parser{l: &l}
	p.market("", &Market{Prices: s.Prices, FX: s.FX})
	if err := p.err(); err != nil {
		return err
	}
	m := &r.l.market
	if m.prices == nil {
		m.prices = map[string]Money{}
	}
	if m.fx == nil {
		m.fx = map[string]ratio.Ratio{}
	}
	maps.Copy(m.prices, l.market.prices)
	for _, pair := range slices.Sorted(maps.Keys(l.market.fx)) {
		a, b, _ := strings.Cut(pair, "/")
		delete(m.fx, b+"/"+a)
		m.fx[pair] = l.market.fx[pair]
	}
	r.shares.Set("market")
	return nil
}

// classStep adds a class of shares, or changes the terms of one.
func (r *executor) classStep(s *checkedStep) error {
	c, err := r.company("issuer", s.Issuer)
	if err != nil {
		return err
	}
	r.open(c)
	if s.Step.Step == StepClass {
		return r.addClass(s, c)
	}
	p, err := r.position(s.Issuer, s.Class)
	if err != nil {
		return err
	}
	k := c.class(p.k.Name)
	if s.ClassVotes != "" {
		k.votes, k.votesGiven = s.classVotes, true
	}
	if s.Dividend != "" {
		k.dividend, p.k.Dividend = s.classDividend, s.classDividend
	}
	if s.Lot != "" {
		c.lot = s.lot
	}
	r.shares.Set(fmt.Sprintf("class %s of %s", k.name, c.ID))
	return nil
}

func (r *executor) addClass(s *checkedStep, c *companyRecord) error {
	if c.class(s.Class) != nil {
		return fmt.Errorf("%s has a class %q already: %w", c.ID, s.Class, ErrDuplicate)
	}
	var p parser
	k := p.class("class", c.ID, ShareClass{Class: s.Class, Issued: "0", Votes: s.ClassVotes, Dividend: s.Dividend})
	if err := p.err(); err != nil {
		return err
	}
	c.classes = append(c.classes, k)
	slices.SortFunc(c.classes, func(a, b classRecord) int { return strings.Compare(a.name, b.name) })
	r.shares.Add(newClass(c.ID, &k))
	r.shares.Set(fmt.Sprintf("class %s of %s", k.name, c.ID))
	return nil
}

// succeed gives the agreements, facts and rights of a company that ends to its successor, or ends
// them if there is none. Rights to its shares become rights to as many shares of the
// successor as the ratio gives.
func (r *executor) succeed(from, to string, factor ratio.Ratio) {
	swap := func(id string) string {
		if id == from {
			return to
		}
		return id
	}
	r.l.agreements = slices.DeleteFunc(slices.Clone(r.l.agreements), func(a agreementRecord) bool {
		return a.Issuer == from || to == "" && (a.Leader == from || a.WhileSuspended == from)
	})
	for i := range r.l.agreements {
		a := &r.l.agreements[i]
		a.Leader, a.WhileSuspended = swap(a.Leader), swap(a.WhileSuspended)
		holders := make([]string, 0, len(a.Holders))
		for _, h := range a.Holders {
			if h = swap(h); h != "" && h != a.Leader && h != a.Issuer {
				holders = append(holders, h)
			}
		}
		slices.Sort(holders)
		a.Holders = slices.Compact(holders)
	}
	r.l.agreements = slices.DeleteFunc(r.l.agreements, func(a agreementRecord) bool {
		return len(a.Holders) == 0 || a.Leader != "" && a.Leader == a.Issuer
	})
	for i := range r.l.controls {
		f := &r.l.controls[i]
		f.Controller, f.Company = swap(f.Controller), swap(f.Company)
	}
	r.l.controls = slices.DeleteFunc(r.l.controls, func(f ControlFact) bool {
		return f.Controller == "" || f.Company == "" || f.Controller == f.Company
	})
	slices.SortFunc(r.l.controls, compareFacts)
	r.l.controls = slices.Compact(r.l.controls)
	for i := range r.l.rights {
		g := &r.l.rights[i]
		g.Holder = swap(g.Holder)
		if g.Issuer == from && to != "" && !factor.IsZero() {
			g.Issuer, g.Class = to, (&Stake{}).classOf(r.l.company(to))
			g.shares, g.price.Amount = g.shares.Mul(factor), g.price.Amount.Div(factor)
		}
	}
	r.l.rights = slices.DeleteFunc(r.l.rights, func(g rightRecord) bool { return g.Issuer == from || g.Holder == g.Issuer })
}

// factStep adds facts of control or ends them.
func (r *executor) factStep(s *checkedStep) error {
	if s.Step.Step == StepAssert {
		r.l.controls = slices.Clone(r.l.controls)
		p := parser{l: r.l, ids: r.ids()}
		p.controls(s.Controls)
		for _, f := range s.Controls {
			r.shares.Set(f.Controller + " controls " + f.Company)
		}
		return p.err()
	}
	for _, f := range s.Controls {
		before := len(r.l.controls)
		r.l.controls = slices.DeleteFunc(slices.Clone(r.l.controls), func(g ControlFact) bool {
			return g.Controller == f.Controller && g.Company == f.Company && g.By == f.By && (f.Source == "" || g.Source == f.Source) &&
				(f.From == "" || g.From == f.From) && (f.To == "" || g.To == f.To)
		})
		if len(r.l.controls) == before {
			return fmt.Errorf("%s controls %s by %s: no such fact: %w", f.Controller, f.Company, f.By, ErrUnknown)
		}
		r.shares.Set(f.Controller + " no longer controls " + f.Company)
	}
	return nil
}
