package compliance

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
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
