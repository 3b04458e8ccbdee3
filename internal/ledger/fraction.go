package ledger

import (
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Fractions says what happens to the fraction of a share that a holder would get. The shares
// in one holder's name are taken together; the float and the treasury are one holder each.
type Fractions uint8

// These are the ways.
const (
	Keep Fractions = iota // they stay
	Down                  // they are dropped
	Up                    // they become a whole share
	Cash                  // they are dropped and paid for
)

// made returns the number of shares that a holder gets.
func (f Fractions) made(due ratio.Ratio) ratio.Ratio {
	whole := due.Floor()
	switch {
	case f == Keep || whole.Equal(due):
		return due
	case f == Up:
		return whole.Add(ratio.Int(1))
	}
	return whole
}

// Fraction is a number of shares that a ratio gave a holder, and what it was rounded to.
type Fraction struct {
	Holder, Issuer, Class string
	Due, Made             ratio.Ratio
}

// Round returns the number of shares of c that a name gets where due are due, and notes what
// rounding changed.
func (l *Ledger) Round(f Fractions, name string, c *Class, due ratio.Ratio) ratio.Ratio {
	made := f.made(due)
	if l.Due, l.Made = l.Due.Add(due), l.Made.Add(made); !made.Equal(due) {
		l.Fractions = append(l.Fractions, Fraction{name, c.Issuer, c.Name, due, made})
	}
	return made
}

// Terms says how shares become others.
type Terms struct {
	Ratio     ratio.Ratio // new shares for an old one
	Fractions Fractions
	Price     Money  // of a new share, for fractions in cash
	Payer     string // who pays for fractions
	How       Draw   // which lots a fraction in cash comes from
}

// entitlement is what one holder is due, and what it gets: shares of a class for its stakes.
type entitlement struct {
	name       string
	from, into *Class      // of stakes that are given up, and of the shares that are due
	stakes     []Stake     // none for the float and the treasury, which have no lots
	due, made  ratio.Ratio // shares of into
}

// received returns how many shares the stakes get before a fraction is sold out of them.
func (e *entitlement) received(f Fractions) ratio.Ratio {
	if f == Cash {
		return e.due
	}
	return e.made
}

// settle turns the stakes of an entitlement into the shares that the holder gets for them. Each
// stake gets its part of them, and its cost goes along. The cost of stakes that get nothing is
// dropped.
//
// With fractions in cash, the stakes first get all that is due. What is over is then sold out of
// their lots, so that it has a cost and a gain. The float and the treasury are only paid.
func (l *Ledger) settle(e *entitlement, t *Terms) error {
	if len(e.stakes) == 0 {
		l.payFraction(e.name, e.due.Sub(e.made), t)
		return nil
	}
	var had ratio.Ratio
	for i := range e.stakes {
		had = had.Add(e.stakes[i].Shares)
	}
	factor := e.received(t.Fractions).Div(had)
	for i := range e.stakes {
		s := &e.stakes[i]
		if factor.IsZero() {
			l.drop(e.from, s.Owner(), s.Lots)
		}
		if e.from != e.into { // votes per share of their own are those of the old class
			s.Key, s.Votes = s.plain(), ratio.Ratio{}
		}
		s.Shares, s.Lots = s.Shares.Mul(factor), spreadLots(s.Lots, factor)
	}
	if t.Fractions != Cash {
		return nil
	}
	return l.sellFraction(e, t)
}

// sellFraction sells what is due over what is made. Each beneficiary sells its part, out of the
// lots of its stakes.
func (l *Ledger) sellFraction(e *entitlement, t *Terms) error {
	rest := e.due.Sub(e.made)
	if rest.IsZero() {
		return nil
	}
	for i := range e.stakes {
		owner := e.stakes[i].Owner()
		if slices.ContainsFunc(e.stakes[:i], func(s Stake) bool { return s.Owner() == owner }) {
			continue // sold with an earlier stake
		}
		var pool []*Stake
		var sum ratio.Ratio
		for j := range e.stakes[i:] {
			if s := &e.stakes[i+j]; s.Owner() == owner {
				pool, sum = append(pool, s), sum.Add(s.Shares)
			}
		}
		n := rest.Mul(sum).Div(e.due)
		sold, err := draw(pool, n, t.How)
		if err != nil {
			return fmt.Errorf("%s in %s: %w", e.stakes[i].Holder, e.into.Issuer, err)
		}
		for k := range sold {
			p := e.into.parcelOf(&sold[k])
			l.sell(&p, t.Price)
		}
		l.payFraction(owner, n, t)
	}
	return nil
}

// payFraction pays for the fraction of a share that a party does not get.
func (l *Ledger) payFraction(party string, fraction ratio.Ratio, t *Terms) {
	if t.Fractions == Cash && fraction.Sign() > 0 {
		l.Pay(t.Payer, party, t.Price.times(fraction))
	}
}
