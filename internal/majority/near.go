package majority

import (
	"math/bits"
	"sync/atomic"
)

// unknownNear marks a node in a long chain whose nearest changed node is not yet known.
const unknownNear = -2

// findNear finds the nodes that are below changed ones in the trees of those that were changed
// last, and the nearest of these. It climbs from many nodes in step, so that the processor waits
// for many scattered reads at once.
func (b *hierarchyBuilder) findNear() error {
	nodes := b.forest.nodes
	var long atomic.Bool
	err := parallel(b.ctx, nil, b.e.n, chunk, func(a *voteSums, from, to int32) {
		climbers := a.climbers[:0]
		for w := from >> 6; w<<6 < to; w++ {
			for word := b.below[w] &^ b.changed.bitSet[w]; word != 0; word &= word - 1 {
				y := w<<6 + int32(bits.TrailingZeros64(word))
				switch n := nodes[y]; {
				case n.parent < 0 || !b.trees.has(n.top):
				case b.inner.has(n.top):
					climbers = append(climbers, y, n.parent)
				default:
					b.setNear(y, n.top)
				}
			}
		}
		for step := 0; step < maxClimb && len(climbers) > 0; step++ {
			rest := climbers[:0]
			for i := 0; i < len(climbers); i += 2 {
				y, v := climbers[i], climbers[i+1]
				if b.changed.has(v) {
					b.setNear(y, v)
				} else if b.below.has(v) {
					if up := nodes[v].parent; up >= 0 {
						rest = append(rest, y, up)
					}
				}
			}
			climbers = rest
		}
		for i := 0; i < len(climbers); i += 2 {
			b.near[climbers[i]] = unknownNear
			long.Store(true)
		}
		a.climbers = climbers
	})
	if err == nil && long.Load() {
		err = b.findNearInLongChains()
	}
	return err
}

// setNear records the changed node v as the nearest above y.
func (b *hierarchyBuilder) setNear(y, v int32) {
	b.near[y] = v
	b.reached.include(y)
}

// findNearInLongChains is findNear for the nodes that are marked as unknown.
func (b *hierarchyBuilder) findNearInLongChains() error {
	var path []int32
	for y := range b.near {
		path = path[:0]
		v := int32(y)
		for ; b.near[v] == unknownNear; v = b.forest.nodes[v].parent {
			path = append(path, v)
			b.near[v] = 0
		}
		if err := b.spend(1 + len(path)); err != nil {
			return err
		}
		switch {
		case len(path) == 0:
			continue
		case b.changed.has(v):
		case b.reached.has(v):
			v = b.near[v]
		default:
			continue
		}
		for _, u := range path {
			b.setNear(u, v)
		}
	}
	return nil
}
