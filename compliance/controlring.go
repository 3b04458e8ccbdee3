package compliance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// ControlRing is a set of companies that control one another by votes and facts while
// nobody outside controls them. Who stands behind them is not in the figures of control:
// their managers decide. It is plain data.
type ControlRing struct {
	Companies []string `json:"companies"` // sorted
}

// String returns the ring as a sentence.
func (r ControlRing) String() string {
	return strings.Join(r.Companies, " and ") + " control one another, and nobody outside controls them"
}

// WithNames returns the ring with ids replaced by names, as by [crossholding.Alliance.Name].
func (r ControlRing) WithNames(name func(id string) string) ControlRing {
	r.Companies = named(r.Companies, name)
	return r
}

// rings returns the rings that control the company or contain it, by votes, sorted. Below a
// majority there are none, because companies outside could control them as well.
func (b *ownerRun) rings(ctx context.Context) ([]ControlRing, error) {
	out := []ControlRing{}
	chains, err := b.Votes().Tally.Chains(ctx, b.Majority())
	if err != nil {
		if errors.Is(err, crossholding.ErrRange) {
			err = nil
		}
		return out, err
	}
	left := append(chains.Controllers(b.Company), b.Company)
	for len(left) > 0 {
		x := left[len(left)-1]
		ring := []int32{x}
		for _, y := range left {
			if y != x && chains.Controls(x, y) && chains.Controls(y, x) {
				ring = append(ring, y)
			}
		}
		inside := func(y int32) bool { return slices.Contains(ring, y) }
		above := slices.ContainsFunc(chains.Controllers(x), func(y int32) bool { return !inside(y) })
		if len(ring) > 1 && !above {
			slices.Sort(ring)
			ids := b.G.IDs(slices.Compact(ring))
			slices.Sort(ids)
			out = append(out, ControlRing{ids})
		}
		left = slices.DeleteFunc(left, inside)
	}
	slices.SortFunc(out, func(x, y ControlRing) int { return slices.Compare(x.Companies, y.Companies) })
	return out, nil
}

// ClosedRing is a set of companies that nobody outside owns, because they own one another
// completely, and what they have of a company together. Their parts are products along chains,
// added over chains, 0..1. It is plain data.
type ClosedRing struct {
	Companies []string    `json:"companies"` // sorted
	Shares    ratio.Ratio `json:"shares"`
	Votes     ratio.Ratio `json:"votes"`
	Profits   ratio.Ratio `json:"profits"` // by dividend weight
}

// String returns the ring as a sentence.
func (r ClosedRing) String() string {
	return fmt.Sprintf("%s own one another, and nobody outside owns their part: %s of the shares, %s of the votes, %s of the profits",
		strings.Join(r.Companies, " and "), r.Shares.ShortPercent(), r.Votes.ShortPercent(), r.Profits.ShortPercent())
}

// WithNames returns the ring with ids replaced by names, as by [crossholding.Alliance.Name].
func (r ClosedRing) WithNames(name func(id string) string) ClosedRing {
	r.Companies = named(r.Companies, name)
	return r
}

// closedRings returns the closed rings that have a part of the company, sorted. It fails if they
// have all of it by each basis, the rule asks for such products, and it found nobody.
func (b *ownerRun) closedRings(ctx context.Context) ([]ClosedRing, error) {
	out := []ClosedRing{}
	whole := b.G.HasShares(b.Company) && len(b.rows) == 0 && b.tests(TestInterest)
	var all [][]string
	for i, m := range b.By {
		parts, err := b.Closed(ctx, m)
		if err != nil {
			return nil, err
		}
		var sum ratio.Ratio
		for _, p := range parts {
			ids := b.G.IDs(p.Companies)
			slices.Sort(ids)
			at := slices.IndexFunc(out, func(r ClosedRing) bool { return slices.Equal(r.Companies, ids) })
			if at < 0 {
				at, all = len(out), append(all, ids)
				out = append(out, ClosedRing{Companies: ids})
			}
			r := &out[at]
			*[]*ratio.Ratio{&r.Shares, &r.Votes, &r.Profits}[i] = p.Amount
			sum = sum.Add(p.Amount)
		}
		whole = whole && !sum.Less(ratio.Int(1))
	}
	slices.SortFunc(out, func(x, y ClosedRing) int { return slices.Compare(x.Companies, y.Companies) })
	if whole {
		slices.SortFunc(all, slices.Compare)
		return nil, &crossholding.NoOutsideOwnerError{Components: all}
	}
	return out, nil
}
