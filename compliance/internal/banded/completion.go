// Package banded completes books that know some stakes only as bands, and finds the bands
// that decide an answer.
//
// A [Book] makes completions, books in which every band has one figure. [Raise] looks for the
// completion in which a party has most. [DoubtfulVotes] says where more shares may be fewer
// votes, so that completions prove nothing. A [Decider] finds the stakes that decide.
package banded

import (
	"cmp"
	"errors"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Book is a book that knows some stakes only as bands. It makes completions: books in
// which every band has one figure.
type Book struct {
	Alliance *crossholding.Alliance
	Given    crossholding.Book // its book; empty without bands
	bands    []band
	exact    []band                  // the stakes that are no bands
	rest     map[classID]ratio.Ratio // by class: outstanding shares without the lower ends of all stakes

	outstanding map[classID]ratio.Ratio
}

type classID struct{ issuer, class string }

// band is a stake that is known as a band.
type band struct {
	at     int // its place among the stakes of the book
	class  classID
	issued ratio.Ratio
	lo, hi ratio.Ratio // in shares; hi is at most what the other stakes leave
	// least is what the stake has in the lowest completion: lo, or just above it if the
	// band does not contain lo.
	least  ratio.Ratio
	hiOpen bool
	given  ratio.Interval
}

// maxCompletions is the most completions that [Raise] tries.
const maxCompletions = 50

// tiny is the part of a band by which a completion stays away from an open end.
var tiny = ratio.MustParse("0.000000000001")

// New reads the bands of an alliance. Without bands, its only completion is empty.
func New(a *crossholding.Alliance) (*Book, error) {
	b := &Book{Alliance: a}
	if len(a.Banded()) == 0 {
		return b, nil
	}
	b.Given, b.rest, b.outstanding = a.Book(), map[classID]ratio.Ratio{}, map[classID]ratio.Ratio{}
	issued := map[classID]ratio.Ratio{}
	only := map[string]string{} // of each company: the class of a stake that names none
	for _, c := range b.Given.Companies {
		classes := c.Shares
		if len(classes) == 0 {
			classes = []crossholding.ShareClass{{Issued: "100"}}
		}
		for _, k := range classes {
			id := classID{c.ID, cmp.Or(k.Class, crossholding.DefaultClass)}
			if only[c.ID] = crossholding.DefaultClass; len(classes) == 1 {
				only[c.ID] = id.class
			}
			treasury, err := number(k.Treasury)
			if err != nil {
				return nil, err
			}
			if issued[id], err = number(k.Issued); err != nil {
				return nil, err
			}
			b.rest[id] = issued[id].Sub(treasury)
			b.outstanding[id] = b.rest[id]
		}
	}
	for i, s := range b.Given.Stakes {
		id := classID{s.Issuer, cmp.Or(s.Class, only[s.Issuer])}
		k := band{at: i, class: id, issued: issued[id]}
		if err := k.read(&s); err != nil {
			return nil, err
		}
		b.rest[id] = b.rest[id].Sub(k.lo)
		if k.lo.Less(k.hi) {
			b.bands = append(b.bands, k)
		} else {
			b.exact = append(b.exact, k)
		}
	}
	for i := range b.bands {
		b.bands[i].tighten(b.rest[b.bands[i].class])
	}
	return b, nil
}

// number reads a figure of a book. Nothing is 0.
func number(n ratio.Number) (ratio.Ratio, error) {
	if n == "" {
		return ratio.Ratio{}, nil
	}
	return ratio.Parse(string(n))
}

// bandOf returns the fractions for which a band or a rounded percentage stands.
func bandOf(s *crossholding.Stake) (ratio.Interval, error) {
	if s.Rounded {
		return s.Percent.RoundedPercent()
	}
	return ratio.ParseInterval(s.Between)
}

// read reads the ends of a stake. An exact stake has two equal ends.
func (k *band) read(s *crossholding.Stake) (err error) {
	switch {
	case s.Between != "" || s.Rounded:
		if k.given, err = bandOf(s); err != nil {
			return err
		}
		k.lo, k.hi, k.hiOpen = k.issued.Mul(k.given.Lo), k.issued.Mul(k.given.Hi), k.given.HiOpen
		return nil
	case s.Percent != "":
		if k.lo, err = number(s.Percent); err != nil {
			return err
		}
		k.lo = k.lo.Mul(k.issued).Div(ratio.Int(100))
	default:
		k.lo, err = number(s.Shares)
	}
	k.hi = k.lo
	return err
}

// tighten takes account of what the other stakes leave.
func (k *band) tighten(rest ratio.Ratio) {
	if most := k.lo.Add(rest); most.Less(k.hi) {
		k.hi, k.hiOpen = most, false
	}
	if k.least = k.lo; k.given.LoOpen {
		k.least = k.lo.Add(k.hi.Sub(k.lo).Mul(tiny))
	}
}

// most returns what the stake has at most, or just below it if the band does not contain it.
func (k *band) most() ratio.Ratio {
	if k.hiOpen {
		return k.hi.Sub(k.hi.Sub(k.least).Mul(tiny))
	}
	return k.hi
}

// Banded returns a band as a stake, with an assumed number of shares.
func (b *Book) Banded(i int, shares ratio.Ratio) crossholding.BandedStake {
	k := &b.bands[i]
	s := &b.Given.Stakes[k.at]
	out := crossholding.BandedStake{Holder: s.Holder, Issuer: s.Issuer, Class: k.class.class, Given: k.given, Shares: shares}
	if s.Rounded {
		out.Rounded = s.Percent
	}
	if !k.issued.IsZero() {
		out.Fraction = shares.Div(k.issued)
		out.Band = ratio.Interval{Lo: k.given.Lo, LoOpen: k.given.LoOpen, Hi: k.hi.Div(k.issued), HiOpen: k.hiOpen}
	}
	return out
}

// Len returns the number of bands.
func (b *Book) Len() int { return len(b.bands) }

// Stake returns the stake of a band. It must not be changed.
func (b *Book) Stake(i int) *crossholding.Stake { return &b.Given.Stakes[b.bands[i].at] }

// Full reports whether a completion gives a stake as much as its band has.
func (b *Book) Full(c Completion, i int) bool {
	k := &b.bands[i]
	return k.hi.Sub(c[i]).Cmp(k.hi.Sub(k.lo).Mul(tiny)) <= 0
}

// Completion is a number of shares for each band.
type Completion []ratio.Ratio

// Lowest returns the completion in which every stake is as small as it can be.
func (b *Book) Lowest() Completion {
	out := make(Completion, len(b.bands))
	for i := range b.bands {
		out[i] = b.bands[i].least
	}
	return out
}

// AboveLowest returns a completion in which every stake has something, and hardly more than
// in the lowest.
func (b *Book) AboveLowest() Completion {
	out := make(Completion, len(b.bands))
	for i := range b.bands {
		out[i] = b.bands[i].lo.Add(b.bands[i].hi.Sub(b.bands[i].lo).Mul(tiny))
	}
	return out
}

// Filled returns the completion in which stakes are as large as they can be, in falling
// order of rank. Stakes of rank 0 are as small as they can be.
func (b *Book) Filled(rank func(s *crossholding.Stake) ratio.Ratio) Completion {
	out := b.Lowest()
	room := map[classID]ratio.Ratio{}
	ranks := make([]ratio.Ratio, len(b.bands))
	var order []int
	for i := range b.bands {
		k := &b.bands[i]
		left, ok := room[k.class]
		if !ok {
			left = b.rest[k.class]
		}
		room[k.class] = left.Sub(k.least.Sub(k.lo))
		if ranks[i] = rank(&b.Given.Stakes[k.at]); ranks[i].Sign() > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return ranks[j].Cmp(ranks[i]) })
	for _, i := range order {
		k := &b.bands[i]
		more := ratio.Min(k.most().Sub(k.least), room[k.class])
		if more.Sign() > 0 {
			out[i] = k.least.Add(more)
			room[k.class] = room[k.class].Sub(more)
		}
	}
	return out
}

// With returns the book with figures for some bands. A band without one stays a band.
func (b *Book) With(at func(i int) (shares ratio.Ratio, ok bool)) (*crossholding.Alliance, error) {
	book := b.Given
	book.Stakes = slices.Clone(book.Stakes)
	for i := range b.bands {
		if shares, ok := at(i); ok {
			s := &book.Stakes[b.bands[i].at]
			s.Between, s.Percent, s.Rounded, s.Shares = "", "", false, ratio.Number(shares.String())
		}
	}
	return crossholding.New(book)
}

// at returns the alliance of a completion.
func (b *Book) at(c Completion) (*crossholding.Alliance, error) {
	if len(c) == 0 {
		return b.Alliance, nil
	}
	return b.With(func(i int) (ratio.Ratio, bool) { return c[i], true })
}

// Ask asks a question about a completion. If the completion leaves companies without an
// outside owner, it asks about one a little nearer to the lowest.
func Ask[T any](b *Book, c Completion, ask func(a *crossholding.Alliance, at Completion) (T, error)) (T, error) {
	var out T
	a, err := b.at(c)
	if err != nil {
		return out, err
	}
	if out, err = ask(a, c); !errors.Is(err, crossholding.ErrNoOutsideOwner) || len(c) == 0 {
		return out, err
	}
	c = b.inside(c)
	if a, err = b.at(c); err != nil {
		return out, err
	}
	return ask(a, c)
}

// Raise asks about completions until they no longer change, and returns the last answer. Each
// completion is made from the answer about the one before. The first is the lowest, and last
// is the answer about it.
func Raise[T any](b *Book, last T, next func(last T) (Completion, error), ask func(c Completion) (T, error)) (T, error) {
	at := b.Lowest()
	for range maxCompletions {
		c, err := next(last)
		if err != nil || c.equal(at) {
			return last, err
		}
		if last, err = ask(c); err != nil {
			return last, err
		}
		at = c
	}
	return last, nil
}

// inside returns the completion a little nearer to the lowest.
func (b *Book) inside(c Completion) Completion {
	out := slices.Clone(c)
	for i := range out {
		out[i] = out[i].Sub(out[i].Sub(b.bands[i].least).Mul(tiny))
	}
	return out
}

// equal reports whether two completions are the same.
func (c Completion) equal(d Completion) bool {
	return slices.EqualFunc(c, d, func(x, y ratio.Ratio) bool { return x.Equal(y) })
}
