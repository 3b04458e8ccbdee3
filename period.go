package crossholding

import (
	"fmt"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// On returns the book as of another day: with the stakes and agreements of that day, and the
// law of that day. It fails with an [*InputError] if the book of that day has a fault, such
// as more shares held than outstanding. A register has no stakes with periods, so only its
// agreements and the law can differ.
//
// The issued shares, the votes per share and the market of a book have no dates. They are the
// same on every day.
func (a *Alliance) On(day date.Date) (*Alliance, error) {
	if !day.Valid() {
		return nil, fmt.Errorf("crossholding: %q is not a date of the form 2006-01-02: %w", string(day), ErrDate)
	}
	if a.register == nil {
		b := a.Book()
		b.AsOf = day
		return New(b)
	}
	var f faults
	l := a.ledger.clone()
	l.asOf = day
	if f.checkAgreements(l); f.err() != nil {
		return nil, f.err()
	}
	return &Alliance{ledger: l, graph: a.graph, companyOf: a.companyOf, register: a.register}, nil
}

// stakePeriod checks the first and the last day of a stake.
func (p *parser) stakePeriod(place string, in *Stake) {
	if in.From == "" && in.To == "" {
		return
	}
	p.period(place, in.From, in.To)
	if p.l.asOf == "" {
		p.Add(place, ErrMissing, "%s in %s: exists only for a time, and the book has no as_of", in.Holder, in.Issuer)
	}
}

// keep puts a stake into the ledger: with those of its day, or with the others.
func (p *parser) keep(place string, in *Stake, rec stakeRecord) {
	rec.row, rec.adds = p.row, in.Adds
	p.records = append(p.records, rec)
	kept := &p.records[len(p.records)-1]
	if in.ofItself() {
		p.own = append(p.own, kept)
		p.elsewhere = append(p.elsewhere, kept)
		return
	}
	if date.Within(p.l.asOf, in.From, in.To) {
		p.l.stakes = append(p.l.stakes, kept)
		return
	}
	p.elsewhere = append(p.elsewhere, kept)
	rec.lots = shareledger.JoinLots(rec.lots, nil)
	out := rec.plain(p.l.company(in.Issuer).percentCompany())
	if in.Percent != "" && !in.Rounded {
		// The percentage stays, because it is made whole shares only on its own days.
		pct := p.number(place+".percent", in.Percent, ratio.Ratio{})
		out.Percent, out.Shares = meant(pct.Number()), ""
	}
	p.l.dormant = append(p.l.dormant, out)
}

// checkUnchanged fails if stakes of the book begin or end after the ledger's day and up to
// day. What happens to their shares is for steps to say.
func (l *ledger) checkUnchanged(day date.Date) error {
	var what []string
	for _, s := range l.stakes {
		if s.to != "" && s.to < day {
			what = append(what, fmt.Sprintf("%s in %s ends on %s", s.holder, s.issuer, s.to))
		}
	}
	for _, s := range l.dormant {
		if s.From > l.asOf && s.From <= day {
			what = append(what, fmt.Sprintf("%s in %s begins on %s", s.Holder, s.Issuer, s.From))
		}
	}
	if len(what) == 0 {
		return nil
	}
	return fmt.Errorf("stakes of the book change on the way to %s: %s: begin with the book of that day, see Alliance.On: %w",
		day, text.Truncate(text.Some(what, maxNames), input.MaxText), ErrDate)
}
