package compliance

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
)

// behind returns the nodes behind a node, with itself: those that have something of it by
// any tally, directly or through others, those that control one of them by fact, and their
// partners in concerts.
func behind(ctx context.Context, tallies []*crossholding.Tally, pacts []pact, node int32) (map[int32]bool, error) {
	seen := map[int32]bool{}
	grow := func(nodes ...int32) error {
		for _, x := range nodes {
			for _, t := range tallies {
				up, err := t.Upstream(ctx, x)
				if err != nil {
					return err
				}
				for _, y := range up {
					seen[y] = true
				}
			}
		}
		return nil
	}
	if err := grow(node); err != nil {
		return nil, err
	}
	known := func(x int32) bool { return seen[x] }
	unknown := func(x int32) bool { return !seen[x] }
	for size := 0; size < len(seen); {
		size = len(seen)
		for _, t := range tallies {
			for f := range t.Facts() {
				if seen[f.Company] && slices.ContainsFunc(f.Controllers, unknown) {
					if err := grow(f.Controllers...); err != nil {
						return nil, err
					}
				}
			}
		}
		for _, p := range pacts {
			if slices.ContainsFunc(p.members, known) && slices.ContainsFunc(p.members, unknown) {
				if err := grow(p.members...); err != nil {
					return nil, err
				}
			}
		}
	}
	return seen, nil
}
