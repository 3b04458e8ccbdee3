package scenario

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// right is a right to new shares with its figures.
type right struct {
	crossholding.Right
	shares ratio.Ratio
	price  crossholding.Money // without currency if nothing is paid
}

// right returns a right of the book.
func (r *executor) right(id string) (right, error) {
	g, ok := r.book.Right(id)
	if !ok {
		if day, lapsed := r.lapsed[id]; lapsed {
			return right{}, fmt.Errorf("right %s lapsed after %s, and the day is %s: %w", id, day, r.book.AsOf(), crossholding.ErrDate)
		}
		return right{}, fmt.Errorf("right %s: %w", quoted(id), crossholding.ErrUnknown)
	}
	out := right{Right: g}
	var f faults
	out.shares, _ = f.count("shares", g.Shares)
	if g.Price != "" {
		out.price, _ = f.money("price", g.Price)
	}
	return out, f.err()
}

// setRight enters a right with another number of shares.
func (r *executor) setRight(g right, shares ratio.Ratio) error {
	g.Shares = shares.Number()
	return r.book.SetRight(g.Right)
}

// grant adds a right.
func (r *executor) grant(s *checkedStep) error {
	r.shares.Set("right " + s.Right.ID)
	return r.book.Grant(*s.Right)
}

// lapse takes shares away from a right.
func (r *executor) lapse(s *checkedStep) error {
	g, n, err := r.rightOf(s)
	if err != nil {
		return err
	}
	r.result.Shares = n
	return r.useRight(g, n)
}

// exercise turns a right, or a part of it, into shares.
func (r *executor) exercise(s *checkedStep) error {
	g, n, err := r.rightOf(s)
	if err != nil {
		return err
	}
	r.result.Shares = n
	if err := r.makeShares(s, g, n); err != nil {
		return err
	}
	return r.useRight(g, n)
}

// rightOf returns the right of a step, and the number of its shares that the step is about.
func (r *executor) rightOf(s *checkedStep) (right, ratio.Ratio, error) {
	g, err := r.right(s.ID)
	if err != nil {
		return right{}, ratio.Ratio{}, err
	}
	n, err := rightShares(s, g)
	return g, n, err
}

// rightShares returns the number of shares of a right that a step is about: all of them, if
// the step does not say.
func rightShares(s *checkedStep, g right) (ratio.Ratio, error) {
	if s.Shares == "" {
		return g.shares, nil
	}
	if g.shares.Less(s.amount) {
		return ratio.Ratio{}, fmt.Errorf("right %s is to %s shares of %s, and the step is about %s: %w", g.ID, g.shares.GroupedDecimal(6), g.Issuer, s.amount.GroupedDecimal(6), crossholding.ErrNotEnough)
	}
	return s.amount, nil
}

// useRight takes shares away from a right.
func (r *executor) useRight(g right, n ratio.Ratio) error {
	left := g.shares.Sub(n)
	r.shares.Set(fmt.Sprintf("right %s: %s shares left", g.ID, left))
	return r.setRight(g, left)
}

// makeShares issues the shares of a right, or moves those that its writer delivers. If the step
// does not say how many, the whole shares are made, and a fraction is lost.
func (r *executor) makeShares(s *checkedStep, g right, n ratio.Ratio) error {
	if day := r.book.AsOf(); g.From != "" && day < g.From {
		return fmt.Errorf("right %s can be exercised from %s, and the day is %s: %w", g.ID, g.From, day, crossholding.ErrDate)
	}
	p, err := r.position(g.Issuer, g.Class)
	if err != nil {
		return err
	}
	to, err := r.receiver(g.Holder, p)
	if err != nil {
		return err
	}
	to.target.Votes = s.ownVotes()
	if s.Shares == "" && !r.inPercent(p.c.ID) { // a split can leave a right to a fraction of a share
		n = r.shares.Round(ledger.Down, g.Holder, p.k, n)
		r.result.Shares = n
	}
	from := ledger.NewShares(p.k)
	if g.Writer != "" {
		if from, err = r.source(g.Writer, g.Writer, p); err != nil {
			return err
		}
		if from.Available.Less(n) {
			return fmt.Errorf("right %s: %s must deliver %s shares of %s and has %s: %w", g.ID, g.Writer, n.GroupedDecimal(6), g.Issuer,
				from.Available.GroupedDecimal(6), crossholding.ErrNotEnough)
		}
	}
	return r.shares.Transfer(p.k, ledger.Transfer{From: from, To: to.target, Shares: n, Price: ledger.Money(g.price), Payer: g.Holder})
}

// tradeRight passes a right, or a part of it, to another holder.
func (r *executor) tradeRight(s *checkedStep) error {
	g, n, err := r.rightOf(s)
	if err != nil {
		return err
	}
	switch {
	case s.From != "" && s.From != g.Holder:
		return fmt.Errorf("right %s belongs to %s, not to %s: %w", g.ID, g.Holder, s.From, crossholding.ErrUnknown)
	case s.Issuer != "" && s.Issuer != g.Issuer:
		return fmt.Errorf("right %s is to shares of %s, not of %s: %w", g.ID, g.Issuer, s.Issuer, crossholding.ErrUnknown)
	case s.To == g.Holder:
		return fmt.Errorf("from %s to %s moves nothing: %w", g.Holder, s.To, crossholding.ErrRange)
	case s.To == g.Writer:
		return fmt.Errorf("%s is the writer of right %s and cannot have it: %w", s.To, g.ID, crossholding.ErrSelfStake)
	case s.To == g.Issuer:
		return fmt.Errorf("%s cannot have a right to its own shares: %w", s.To, crossholding.ErrSelfStake)
	}
	if err := r.checkKnown(s.To); err != nil {
		return err
	}
	c, err := r.company("issuer", g.Issuer)
	if err != nil {
		return err
	}
	price, err := r.price(s.price, s.Price, c)
	if err != nil {
		return err
	}
	r.result.Shares = n
	r.shares.Pay(s.To, g.Holder, ledger.Money{Amount: price.Amount.Mul(n), Currency: price.Currency})
	if n.IsZero() {
		return nil
	}
	if n.Equal(g.shares) {
		g.Holder = s.To
		r.shares.Set(fmt.Sprintf("right %s: %s", g.ID, s.To))
		return r.setRight(g, n)
	}
	if err := r.useRight(g, n); err != nil {
		return err
	}
	part := g
	part.Holder = s.To
	n = n.Add(r.partOf(&part, g.ID+"/"+s.To))
	r.shares.Set(fmt.Sprintf("right %s: %s", part.ID, s.To))
	return r.setRight(part, n)
}

// partOf gives the part of a right that passes to another holder an id: the one asked for, or if
// another right has it, the first that is free or that a right of the same holder and terms has,
// with "/2", "/3" and so on. It returns the shares that the right of this id has.
func (r *executor) partOf(part *right, id string) ratio.Ratio {
	part.ID = id
	for i := 2; ; i++ {
		has, err := r.right(part.ID)
		if err != nil {
			return ratio.Ratio{}
		}
		terms := part.Right
		terms.Shares = has.Right.Shares
		if has.Right == terms {
			return has.shares
		}
		part.ID = fmt.Sprintf("%s/%d", id, i)
	}
}

// scaleRights adjusts the rights to shares of a class that became factor times as many: each
// is to factor times as many shares, at the price divided by factor.
func (r *executor) scaleRights(p position, factor ratio.Ratio) error {
	list, err := r.book.ScaleRights(p.c.ID, p.k.Name, factor)
	for _, g := range list {
		text := fmt.Sprintf("right %s: %s shares", g.ID, g.Shares)
		if g.Price != "" {
			text += " at " + g.Price
		}
		r.shares.Set(text)
	}
	return err
}
