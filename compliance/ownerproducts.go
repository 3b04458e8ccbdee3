package compliance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/ratio"
)

// maxJointly bounds the ways in which joint holders count for members that are tried for one
// party.
const maxJointly = 32

// intervals fills in the bounds of products.
func (q *ownerBoundsRun) intervals(ctx context.Context, o *BeneficialOwnerBound) error {
	ways, err := q.ways(ctx, o.ID)
	if err != nil {
		return err
	}
	for i, v := range []**ratio.Interval{&o.Shares, &o.Votes, &o.Profits} {
		for _, by := range ways {
			p, err := q.products(ctx, by)
			if err != nil {
				return err
			}
			one, err := q.product(ctx, p, i, o.ID)
			if err != nil {
				return err
			}
			if *v = larger(*v, one); *v == nil {
				break
			}
		}
	}
	return nil
}

// product returns the bounds of what a party has of the company by a basis, or nil if there are
// none.
func (q *ownerBoundsRun) product(ctx context.Context, p *banded.Products, basis int, id string) (*ratio.Interval, error) {
	if !q.wide.run.G.HasShares(q.wide.run.Company) {
		none := ratio.Exactly(ratio.Ratio{})
		return &none, nil
	}
	if doubt, _ := q.moved.Fewer().Concerns(q.company); doubt && ownerBases[basis] == BasisVotes {
		return nil, nil
	}
	v, err := p.Of(ctx, basis, id, q.company)
	if errors.Is(err, crossholding.ErrNoOutsideOwner) && !q.opt.Strict {
		return nil, nil
	}
	return v, err
}

// larger returns the bounds of the larger of two figures. Nil bounds for the first are no figure
// yet, and for the second unknown.
func larger(a, b *ratio.Interval) *ratio.Interval {
	if a == nil || b == nil {
		return b
	}
	out := *a
	if c := out.Lo.Cmp(b.Lo); c < 0 || c == 0 && b.LoOpen {
		out.Lo, out.LoOpen = b.Lo, b.LoOpen
	}
	if c := out.Hi.Cmp(b.Hi); c < 0 || c == 0 && !b.HiOpen {
		out.Hi, out.HiOpen = b.Hi, b.HiOpen
	}
	out.Unbounded = a.Unbounded || b.Unbounded
	return &out
}

// ways returns the ways in which joint holders can count for a party: for the party itself if it
// is a member, and otherwise for one of the companies that are members and behind which it
// stands. It returns none if there are too many, or if joint holders have something of such a
// company, which then counts for nobody.
func (q *ownerBoundsRun) ways(ctx context.Context, id string) ([]map[string]string, error) {
	run := q.wide.run
	x, err := run.G.Node(id)
	if err != nil {
		return nil, err
	}
	ways := []map[string]string{{}}
	for _, holder := range run.Holders() {
		counted, known, err := run.CountedFor(ctx, x, holder)
		if err != nil || !known {
			return nil, err
		}
		if len(counted)*len(ways) > maxJointly {
			return nil, nil
		}
		var more []map[string]string
		for _, way := range ways {
			for _, m := range counted {
				next := map[string]string{run.G.ID(holder): m}
				for k, v := range way {
					next[k] = v
				}
				more = append(more, next)
			}
		}
		if len(more) > 0 {
			ways = more
		}
	}
	return ways, nil
}

// products returns the bounds of products where what joint holders have counts for members.
func (q *ownerBoundsRun) products(ctx context.Context, by map[string]string) (*banded.Products, error) {
	if len(by) == 0 {
		return q.bounds, nil
	}
	key := fmt.Sprint(by) // in order of keys
	if p := q.jointly[key]; p != nil {
		return p, nil
	}
	a, err := heldByMembers(q.a, by)
	if err != nil {
		return nil, err
	}
	p, err := banded.NewProducts(ctx, a, q.opt.MaxBits, q.rule.Treasury)
	if err == nil {
		q.jointly[key] = p
	}
	return p, err
}

// heldByMembers returns the alliance in which members of joint holders have the money and the
// votes of what these hold.
func heldByMembers(a *crossholding.Alliance, by map[string]string) (*crossholding.Alliance, error) {
	b := a.Book()
	b.Stakes = slices.Clone(b.Stakes)
	for i := range b.Stakes {
		s := &b.Stakes[i]
		for _, x := range []*string{&s.Beneficiary, &s.Voter} {
			if member, ok := by[cmp.Or(*x, s.Holder)]; ok {
				*x = member
			}
		}
	}
	return crossholding.New(b)
}
