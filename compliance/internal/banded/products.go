package banded

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Products holds the bounds of products along chains by shares, votes and profits.
// Bounds of ownership weigh shares by their dividends. So the bounds by another basis are
// those of a book whose dividends are replaced.
type Products struct {
	By [3]*crossholding.Bounds // by shares, votes and profits; nil if there are none
}

// NewProducts returns the bounds of a book with bands. With treasury, shares are fractions of all
// issued shares. Their bounds can then be too wide, as if treasury shares could be in a band.
func NewProducts(ctx context.Context, a *crossholding.Alliance, maxBits int, treasury bool) (*Products, error) {
	var p Products
	opt := crossholding.BoundsOptions{MaxBits: maxBits, Control: crossholding.ControlOptions{Basis: crossholding.BasisCapital}}
	bounds := func(a *crossholding.Alliance) (*crossholding.Bounds, error) { return a.Bounds(ctx, opt) }
	var err error
	if p.By[2], err = bounds(a); err != nil {
		return nil, err
	}
	for i := range 2 {
		book, same, known := weighted(a.Book(), i == 1, treasury)
		switch {
		case !known:
			continue
		case same:
			p.By[i] = p.By[2]
			continue
		}
		b, err := crossholding.New(book)
		if err != nil {
			return nil, err
		}
		if p.By[i], err = bounds(b); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

// weighted returns a book whose dividends count shares or votes. It reports whether it is
// the same book, and whether such a book exists: not if votes are neutral, or are not those
// of the class. With treasury, the float has the treasury shares where shares are counted.
func weighted(b crossholding.Book, votes, treasury bool) (out crossholding.Book, same, known bool) {
	same = true
	b.Companies, b.Stakes = slices.Clone(b.Companies), slices.Clone(b.Stakes)
	for i := range b.Companies {
		c := &b.Companies[i]
		c.Shares = slices.Clone(c.Shares)
		for j := range c.Shares {
			k := &c.Shares[j]
			weight := ratio.Number("1")
			if votes && k.Votes != "" {
				weight = k.Votes
			}
			same = same && (k.Dividend == weight || k.Dividend == "" && weight == "1")
			k.Dividend = weight
			if !votes && treasury && k.Treasury != "" {
				k.Treasury, same = "", false
			}
		}
	}
	if !votes {
		return b, same, true
	}
	for i := range b.Stakes {
		s := &b.Stakes[i]
		if s.Voter == crossholding.Neutral || s.Votes != "" || len(s.Lots) > 0 {
			return b, false, false
		}
		voter := s.Voter
		if voter == "" {
			voter = s.Holder
		}
		same = same && (s.Beneficiary == voter || s.Beneficiary == "" && voter == s.Holder)
		s.Beneficiary, s.CashSettled = voter, false
	}
	return b, same, true
}

// Of returns the bounds of what a party has of a company by a basis, or nil if there are
// none.
func (p *Products) Of(ctx context.Context, basis int, id, company string) (*ratio.Interval, error) {
	if p.By[basis] == nil {
		return nil, nil
	}
	v, err := p.By[basis].FirstPassage(ctx, id, company)
	return &v, err
}
