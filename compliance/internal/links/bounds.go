package links

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/reading"
	"github.com/crossholding/crossholding/internal/progress"
)

// Key names a link. Third is empty unless it is by a third party.
type Key struct{ A, B, Third string }

func (l *Link) key() Key { return Key{l.A, l.B, l.Third} }

// compare orders keys.
func (k Key) compare(other Key) int {
	return cmp.Or(cmp.Compare(k.A, other.A), cmp.Compare(k.B, other.B), cmp.Compare(k.Third, other.Third))
}

// Bound says whether a link exists in all completions of a book with bands, or in all readings of
// the law.
type Bound struct {
	Key
	Answer crossholding.Certainty // yes or depends
	Least  *Link                  // nil if there is no link where A, or the third party, has least
	Most   *Link                  // nil if no completion with the link was found
	Yes    []crossholding.BandedStake
	No     []crossholding.BandedStake
	Law    bool // the answer depends, and statutes that may suspend votes matter
}

// bound returns a row for a link.
func (k Key) bound() Bound {
	return Bound{Key: k, Answer: crossholding.CertaintyDepends, Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}
}

// Bounds returns the links in a book with bands, sorted: those in every completion, and those in
// some.
func Bounds(ctx context.Context, a *crossholding.Alliance, opt Query) ([]Bound, error) {
	q, err := newBoundsRun(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	rows := []Bound{}
	from := q.from()
	stage := progress.Start(ctx, "links", len(from), 1)
	for i, x := range from {
		stage.At(i)
		found, err := q.linksOf(ctx, x)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, found...); len(rows) > q.opt.MaxLinks {
			return nil, fmt.Errorf("close links: more than %d: %w", q.opt.MaxLinks, crossholding.ErrSearchLimit)
		}
	}
	stage.End()
	slices.SortFunc(rows, func(x, y Bound) int { return x.compare(y.Key) })
	return rows, nil
}

// InReadings returns the links in a book without bands, sorted: those in every reading of the
// law, and those in some.
func InReadings(ctx context.Context, a *crossholding.Alliance, opt Query) ([]Bound, error) {
	all, err := reading.Each(opt.Voting, func(v crossholding.VotingOptions) ([]Link, error) {
		opt := opt
		opt.Voting = v
		return Find(ctx, a, &opt)
	})
	if err != nil {
		return nil, err
	}
	found := map[Key][]*Link{}
	for _, links := range all {
		for i := range links {
			k := links[i].key()
			found[k] = append(found[k], &links[i])
		}
	}
	out := []Bound{}
	for k, links := range found {
		slices.SortStableFunc(links, func(x, y *Link) int { return x.Fraction.Cmp(y.Fraction) })
		row := k.bound()
		if row.Most = links[len(links)-1]; len(links) == len(all) {
			row.Answer, row.Least = crossholding.CertaintyYes, links[0]
		}
		row.Law = row.Answer == crossholding.CertaintyDepends
		out = append(out, row)
	}
	slices.SortFunc(out, func(x, y Bound) int { return x.compare(y.Key) })
	return out, nil
}
