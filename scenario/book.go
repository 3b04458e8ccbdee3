package scenario

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ledger"
)

// advance moves the day of the book.
func (r *executor) advance(day date.Date) error {
	d, err := r.draft()
	if err != nil {
		return err
	}
	before := d.AsOf()
	lapsed, err := d.SetAsOf(day)
	if err != nil {
		return err
	}
	if day != before {
		r.shares.Set("date " + string(day))
	}
	for _, g := range lapsed {
		if r.lapsed == nil {
			r.lapsed = map[string]date.Date{}
		}
		r.lapsed[g.ID] = g.To
		r.shares.Set("right " + g.ID + " lapses")
	}
	return nil
}

// restricts reports whether an agreement restricts transfers of shares.
func restricts(a *crossholding.Agreement) bool {
	switch a.Kind {
	case crossholding.AgreementLockUp, crossholding.AgreementStandstill, crossholding.AgreementPreemption, crossholding.AgreementCeiling:
		return true
	}
	return false
}

// changesVotes reports whether an agreement changes who casts votes, or how many, makes
// holders act in concert, or can be a fact of control.
func changesVotes(kind crossholding.AgreementKind) bool {
	switch kind {
	case crossholding.AgreementFollow, crossholding.AgreementProxy, crossholding.AgreementNeutral, crossholding.AgreementCap,
		crossholding.AgreementConcert, crossholding.AgreementDirectors:
		return true
	}
	return false
}

// advanceDate does nothing more: the day of a step moves before it is made.
func (r *executor) advanceDate(*checkedStep) error { return nil }

// agree adds an agreement.
func (r *executor) agree(s *checkedStep) error {
	r.shares.Set("agreement " + s.Agreement.ID)
	return r.book.Agree(*s.Agreement)
}

// endAgreement removes an agreement.
func (r *executor) endAgreement(s *checkedStep) error {
	r.shares.Set("agreement " + s.ID + " ends")
	for ag := range r.book.Agreements() {
		if ag.ID == s.ID {
			r.closed = ag.Kind
		}
	}
	return r.book.EndAgreement(s.ID)
}

// reprice changes prices and exchange rates.
func (r *executor) reprice(s *checkedStep) error {
	r.shares.Set("market")
	return r.book.Reprice(crossholding.Market{Prices: s.Prices, FX: s.FX})
}

// assert adds facts of control.
func (r *executor) assert(s *checkedStep) error {
	for _, f := range s.Controls {
		r.shares.Set(f.Controller + " controls " + f.Company)
	}
	return r.book.Assert(s.Controls)
}

// retract removes facts of control.
func (r *executor) retract(s *checkedStep) error {
	var errs []error
	for _, f := range s.Controls {
		errs = append(errs, r.book.Retract(f))
		r.shares.Set(f.Controller + " no longer controls " + f.Company)
	}
	return errors.Join(errs...)
}

// addClass adds a class of shares of which nothing is issued.
func (r *executor) addClass(s *checkedStep) error {
	if _, err := r.company("issuer", s.Issuer); err != nil {
		return err
	}
	opened := len(r.open(s.Issuer)) > 0
	if err := r.book.AddClass(s.Issuer, crossholding.ShareClass{Class: s.Class, Votes: s.ClassVotes, Dividend: s.Dividend}); err != nil {
		return err
	}
	if opened {
		list := r.book.Classes(s.Issuer)
		i := slices.IndexFunc(list, func(k crossholding.DraftClass) bool { return k.Name == s.Class })
		r.shares.Add(&ledger.Class{Issuer: s.Issuer, Name: s.Class, FloatName: crossholding.FloatOf(s.Issuer), Dividend: list[i].Dividend})
	}
	r.open(s.Issuer)
	r.shares.Set(fmt.Sprintf("class %s of %s", s.Class, s.Issuer))
	return nil
}

// amend changes the terms of a class.
func (r *executor) amend(s *checkedStep) error {
	class := s.Class
	if list := r.open(s.Issuer); s.ClassVotes == "" && s.Dividend == "" && class == "" && len(list) > 0 {
		class = list[0].Name // the trading unit is the company's
	}
	p, err := r.position(s.Issuer, class)
	if err != nil {
		return err
	}
	if err := r.book.Amend(s.Issuer, s.Lot, crossholding.ShareClass{Class: p.k.Name, Votes: s.ClassVotes, Dividend: s.Dividend}); err != nil {
		return err
	}
	if s.Dividend != "" {
		p.k.Dividend = s.classDividend
	}
	r.shares.Set(fmt.Sprintf("class %s of %s", p.k.Name, s.Issuer))
	return nil
}
