package crossholding

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// Agreements yields the agreements of the draft by id, also those that are not in force. The
// lists of holders are the draft's own and must not be changed.
func (d *Draft) Agreements() iter.Seq[Agreement] {
	return func(yield func(Agreement) bool) {
		l := d.book()
		for i := range l.agreements {
			if !yield(l.agreements[i].Agreement) {
				return
			}
		}
	}
}

// Agree adds an agreement. It fails with [ErrAgreement] if it contradicts another one.
func (d *Draft) Agree(in Agreement) error {
	p := d.termsParser()
	taken := make(map[string]string, len(p.l.agreements))
	for i := range p.l.agreements {
		taken[p.l.agreements[i].ID] = "an agreement"
	}
	p.identify("agreement", in.ID, taken)
	p.agreement("agreement", in)
	slices.SortFunc(p.l.agreements, func(a, b agreementRecord) int { return strings.Compare(a.ID, b.ID) })
	p.checkAgreements(p.l)
	return p.err()
}

// EndAgreement removes an agreement.
func (d *Draft) EndAgreement(id string) error {
	l := d.own(itsTerms)
	i := slices.IndexFunc(l.agreements, func(a agreementRecord) bool { return a.ID == id })
	if i < 0 {
		return unknown("agreement", id)
	}
	l.agreements = slices.Delete(l.agreements, i, i+1)
	return nil
}

// Assert adds facts of control.
func (d *Draft) Assert(facts []ControlFact) error {
	p := d.parser()
	p.controls(facts)
	return p.err()
}

// Retract removes the facts of control with the controller, the company and the means of f,
// and with its other fields where they are given. It fails with [ErrUnknown] if there is
// none.
func (d *Draft) Retract(f ControlFact) error {
	l := d.edit()
	before := len(l.controls)
	l.controls = slices.DeleteFunc(l.controls, func(g ControlFact) bool {
		return g.Controller == f.Controller && g.Company == f.Company && g.By == f.By && (f.Source == "" || g.Source == f.Source) &&
			(f.From == "" || g.From == f.From) && (f.To == "" || g.To == f.To)
	})
	if len(l.controls) == before {
		return fmt.Errorf("%s controls %s by %s: no such fact: %w", f.Controller, f.Company, f.By, ErrUnknown)
	}
	return nil
}

// Rights returns the rights to new shares by id.
func (d *Draft) Rights() []Right {
	l := d.book()
	out := make([]Right, len(l.rights))
	for i := range l.rights {
		out[i] = l.rights[i].plain()
	}
	return out
}

// Right returns a right, or false if there is none of this id.
func (d *Draft) Right(id string) (Right, bool) {
	l := d.book()
	if i, ok := l.right(id); ok {
		return l.rights[i].plain(), true
	}
	return Right{}, false
}

// right returns the index of a right, or where it would be.
func (l *ledger) right(id string) (int, bool) {
	return slices.BinarySearchFunc(l.rights, id, func(g rightRecord, id string) int { return strings.Compare(g.ID, id) })
}

// Grant adds a right. It fails with [ErrDuplicate] if the id is taken, and with [ErrDate] if
// its last day is over.
func (d *Draft) Grant(in Right) error {
	p := d.parser()
	taken := make(map[string]string, len(p.l.rights))
	for i := range p.l.rights {
		taken[p.l.rights[i].ID] = "a right"
	}
	p.identify("right", in.ID, taken)
	return p.addRight(in)
}

// SetRight enters a right in place of the one with its id, or adds it. A right to no shares
// is removed. It fails with [ErrDate] if its last day is over.
func (d *Draft) SetRight(in Right) error {
	p := d.parser()
	p.identify("right", in.ID, map[string]string{})
	if i, ok := p.l.right(in.ID); ok {
		p.l.rights = slices.Delete(p.l.rights, i, i+1)
	}
	if n, err := in.Shares.Ratio(); err == nil && n.IsZero() {
		return p.err()
	}
	return p.addRight(in)
}

// ScaleRights adjusts the rights to shares of a class that became factor times as many, such
// as in a split. Each right is to factor times as many shares, at the price divided by factor,
// exactly. It returns the rights that it changed, by id. It fails with [ErrRange] if the factor
// is not positive, and with [ratio.ErrNumber] for a figure that a book cannot hold.
func (d *Draft) ScaleRights(issuer, class string, factor ratio.Ratio) ([]Right, error) {
	if factor.Sign() <= 0 {
		return nil, fmt.Errorf("rights to shares of %s times %s: %w", issuer, factor, ErrRange)
	}
	l := d.edit()
	var out []Right
	for i := range l.rights {
		g := &l.rights[i]
		if g.Issuer != issuer || g.Class != class {
			continue
		}
		g.scale(factor)
		if !g.shares.IsNumber() || !g.price.Amount.IsNumber() {
			return nil, fmt.Errorf("right %s: its shares and price times %s are too long for a book: %w", g.ID, input.Abbreviate(factor.String()), ratio.ErrNumber)
		}
		out = append(out, g.plain())
	}
	return out, nil
}

// scale makes a right one to factor times as many shares.
func (g *rightRecord) scale(factor ratio.Ratio) {
	g.shares, g.price.Amount = g.shares.Mul(factor), g.price.Amount.Div(factor)
}

// addRight reads one right and sorts it in.
func (p *parser) addRight(in Right) error {
	p.right("right", in)
	slices.SortFunc(p.l.rights, func(a, b rightRecord) int { return strings.Compare(a.ID, b.ID) })
	if p.l.asOf != "" && in.To.Valid() && in.To < p.l.asOf {
		p.Add("right.to", ErrDate, "right %s ends on %s, before %s", in.ID, in.To, p.l.asOf)
	}
	return p.err()
}

// Dissolve removes a company. The agreements that it is a party to, its control of others by
// fact and its rights pass to its successor, which is another company, or end if there is none.
// What is agreed about its shares ends, and so does others' control of it. Rights to its shares
// become rights to factor as many shares of a class of the successor, or end if factor is 0 or
// the successor has no shares. An empty class is the ordinary or the only one. It fails with
// [ErrUnknown] for an unknown company or class, with [ErrRange] for a negative factor, and while
// the company holds, votes or has the money of shares.
func (d *Draft) Dissolve(company, successor, class string, factor ratio.Ratio) error {
	l := d.edit()
	if l.company(company) == nil {
		return unknown("company", company)
	}
	if successor != "" && (successor == company || l.company(successor) == nil) {
		return fmt.Errorf("the successor of %s is %q, which is not another company: %w", company, successor, ErrUnknown)
	}
	if factor.Sign() < 0 {
		return fmt.Errorf("rights to shares of %s become rights to %s as many: %w", company, factor, ErrRange)
	}
	if class != "" && !slices.ContainsFunc(d.Classes(successor), func(k DraftClass) bool { return k.Name == class }) {
		return unknown("class of "+successor, class)
	}
	if left := d.IssuersOf(company); len(left) > 0 {
		return fmt.Errorf("%s still has stakes in %s: %w", company, text.Some(left, maxNames), ErrRange)
	}
	l.succeed(company, successor, class, factor)
	l.stakes = slices.DeleteFunc(l.stakes, func(s *stakeRecord) bool { return s.issuer == company })
	l.companies = slices.DeleteFunc(l.companies, func(c companyRecord) bool { return c.ID == company })
	for key := range l.market.prices {
		if key == company || strings.HasPrefix(key, company+"/") && l.company(key) == nil {
			delete(l.market.prices, key)
		}
	}
	l.dormant = slices.DeleteFunc(slices.Clone(l.dormant), func(s Stake) bool {
		return slices.Contains([]string{s.Holder, s.Issuer, s.Beneficiary, s.Voter}, company)
	})
	return nil
}

// succeed gives the agreements, facts and rights of a company that ends to its successor, or
// ends them if there is none.
func (l *ledger) succeed(from, to, class string, factor ratio.Ratio) {
	swap := func(id string) string {
		if id == from {
			return to
		}
		return id
	}
	l.agreements = slices.DeleteFunc(l.agreements, func(a agreementRecord) bool {
		return a.Issuer == from || to == "" && (a.Leader == from || a.WhileSuspended == from)
	})
	ended := map[string]bool{}
	for i := range l.agreements {
		a := &l.agreements[i]
		a.Leader, a.WhileSuspended = swap(a.Leader), swap(a.WhileSuspended)
		holders := make([]string, 0, len(a.Holders))
		for _, h := range a.Holders {
			if h = swap(h); h != "" && h != a.Leader && h != a.Issuer {
				holders = append(holders, h)
			}
		}
		slices.Sort(holders)
		// An agreement that has lost its last holder ends, and does not come to bind everyone.
		ended[a.ID] = len(holders) == 0 && len(a.Holders) > 0 && a.Kind != AgreementCeiling || a.Leader != "" && a.Leader == a.Issuer
		a.Holders = slices.Compact(holders)
	}
	l.agreements = slices.DeleteFunc(l.agreements, func(a agreementRecord) bool { return ended[a.ID] })
	l.controls = slices.DeleteFunc(l.controls, func(f ControlFact) bool { return f.Company == from })
	for i := range l.controls {
		f := &l.controls[i]
		f.Controller = swap(f.Controller)
	}
	l.controls = slices.DeleteFunc(l.controls, func(f ControlFact) bool { return f.Controller == "" || f.Controller == f.Company })
	slices.SortFunc(l.controls, ControlFact.Compare)
	l.controls = slices.Compact(l.controls)
	for i := range l.parties {
		if p := &l.parties[i]; slices.Contains(p.Members, from) {
			p.swapMember(swap)
		}
	}
	for i := range l.rights {
		g := &l.rights[i]
		written := g.Writer != ""
		g.Holder, g.Writer = swap(g.Holder), swap(g.Writer)
		if written && g.Writer == "" {
			g.Holder = "" // nobody delivers the shares any more
		}
		if g.Issuer == from && to != "" && !factor.IsZero() && len(l.company(to).classes) > 0 {
			g.Issuer, g.Class = to, (&Stake{Class: class}).classOf(l.company(to))
			g.scale(factor)
		}
		if g.Writer == g.Issuer {
			g.Writer = "" // it has its own shares, or makes new ones
		}
	}
	l.rights = slices.DeleteFunc(l.rights, func(g rightRecord) bool {
		return g.Issuer == from || g.Holder == "" || g.Holder == g.Issuer || g.Holder == g.Writer
	})
}

// swapMember replaces members of joint holders. A single member that is left holds alone, for
// the rest of its days as a party of no kind.
func (p *Party) swapMember(swap func(string) string) {
	var members []string
	for _, id := range p.Members {
		if id = swap(id); id != "" && id != p.ID {
			members = append(members, id)
		}
	}
	slices.Sort(members)
	if p.Members = slices.Compact(members); len(p.Members) < 2 {
		p.Members, p.Kind = nil, ""
	}
}
