package crossholding

import (
	"context"
)

// components numbers the circles of the alliance: companies that hold of one
// another, directly or through others, in name, for their money or with their
// vote, have the same number from 1, and 0 is in no circle. They are the strongly
// connected parts, by Tarjan's algorithm (1972) without recursion.
//
// They are found once and kept; a search that ctx ends leaves it to the next.
func (a *Alliance) components(ctx context.Context) ([]int32, error) {
	if err := a.cache.parts.enter(ctx); err != nil {
		return nil, err
	}
	defer a.cache.parts.leave()
	if a.cache.part == nil {
		part, err := a.graph.Components(ctx)
		if err != nil {
			return nil, err
		}
		a.cache.part = part
	}
	return a.cache.part, nil
}
