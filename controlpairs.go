package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/parallel"
	"github.com/crossholding/crossholding/internal/progress"
)

// ControlRelation is a controller and a company under it.
type ControlRelation struct{ Controller, Company string }

// NodePair is a controller and a company under it, as nodes of a [Graph]. It is plain data.
type NodePair struct {
	Controller int32 `json:"controller"`
	Company    int32 `json:"company"`
}

const (
	// maxPairs is the largest number of relations of control that one question keeps in memory.
	maxPairs = 50_000_000
	// maxStreamed is the largest number of relations of control that one question lists
	// without keeping them.
	maxStreamed = 2_000_000_000
)

// Pairs yields every controller with every company that it controls, sorted by
// controller, then company. Concerts are among the controllers, see [ConcertOf]. If
// there is an error, the pair is empty. The error is ctx's error when ctx is done, or
// [ErrSearchLimit] after two billion pairs. Below a majority, and under a presumption, it is
// [ErrSearchLimit] after 50 million pairs. [Chains.Pairs] yields nodes instead of ids.
func (c *Control) Pairs(ctx context.Context) iter.Seq2[ControlRelation, error] {
	ctx = progress.OrBackground(ctx)
	c = c.orEmpty()
	if len(c.others) > 0 {
		return agreedRelations(c, func(c *Control) iter.Seq2[ControlRelation, error] { return c.Pairs(ctx) }, func(a, b ControlRelation) int {
			return cmp.Or(strings.Compare(a.Controller, b.Controller), strings.Compare(a.Company, b.Company))
		})
	}
	return func(yield func(ControlRelation, error) bool) {
		ids := &c.a.graph.IDs
		more := true
		var rows []ControlRelation
		list := func(pairs []majority.Pair) bool {
			rows = appendRelations(rows[:0], ids, pairs)
			for i := range rows {
				if more = yield(rows[i], nil); !more {
					return false
				}
			}
			return true
		}
		left := c.concerts() // sorted by id, as names are
		var failed error
		concert := func() bool {
			g, err := c.concertGroup(ctx, left[0])
			if failed = err; err != nil {
				return false
			}
			for _, y := range g.companies() {
				if more = yield(ControlRelation{left[0].name(), ids.At(y)}, nil); !more {
					return false
				}
			}
			left = left[1:]
			return true
		}
		err := c.eachPair(ctx, func(pairs []majority.Pair) bool {
			for len(left) > 0 {
				next, _ := ids.Find(left[0].name())
				if i, _ := slices.BinarySearch(pairs, majority.NewPair(next, 0)); i == len(pairs) {
					break
				} else if !list(pairs[:i]) || !concert() {
					return false
				} else {
					pairs = pairs[i:]
				}
			}
			return list(pairs)
		})
		for err == nil && failed == nil && more && len(left) > 0 {
			concert()
		}
		if err = cmp.Or(failed, err); err != nil && more {
			yield(ControlRelation{}, err)
		}
	}
}

// appendRelations names the nodes of pairs, on all processors if there are many.
func appendRelations(out []ControlRelation, ids *intern.Names, pairs []majority.Pair) []ControlRelation {
	out = slices.Grow(out, len(pairs))[:len(pairs)]
	name := func(from, to int) {
		for i, k := range pairs[from:to] {
			out[from+i] = ControlRelation{ids.At(k.Controller()), ids.At(k.Node())}
		}
	}
	if workers := runtime.GOMAXPROCS(0); len(pairs) < manyPairs || workers == 1 {
		name(0, len(pairs))
	} else {
		parallel.Split(workers, len(pairs), name)
	}
	return out
}

// manyPairs is the number of pairs from which naming them pays for more goroutines.
const manyPairs = 1 << 13

// eachPair calls visit with all pairs of a node that controls others by itself and one of these,
// in order, some at a time, until visit returns false. The list is only valid during the call.
func (c *Control) eachPair(ctx context.Context, visit func(pairs []majority.Pair) bool) error {
	h, err := c.hierarchy(ctx)
	if err == nil {
		return pairsError(h.Pairs(ctx, maxStreamed, visit))
	}
	if !noHierarchy(err) {
		return err
	}
	var pairs []majority.Pair
	for g, err := range c.tally.Engine.All(ctx, c.rule, maxPairs) {
		if err != nil {
			return pairsError(err)
		}
		pairs = pairs[:0]
		for m := range g.Controlled() {
			pairs = append(pairs, majority.NewPair(first(g), m.Node))
		}
		slices.Sort(pairs)
		if !visit(pairs) {
			return nil
		}
	}
	return nil
}

// pairsError returns an error of the engine as one of this package.
func pairsError(err error) error {
	if errors.Is(err, majority.ErrCap) {
		err = fmt.Errorf("%w: %w", ErrSearchLimit, err)
	}
	if err != nil {
		err = fmt.Errorf("crossholding: %w", err)
	}
	return err
}

// Pairs yields every controller with every company that it controls, in order of the
// controller's node, then the company's. If there is an error, the pair is zero. The error is
// ctx's error when ctx is done, or [ErrSearchLimit] after two billion pairs.
//
// It needs memory for each node and not for each pair. Its time is proportional to the number
// of nodes and pairs.
func (c *Chains) Pairs(ctx context.Context) iter.Seq2[NodePair, error] {
	return func(yield func(NodePair, error) bool) {
		if c.h == nil {
			return
		}
		more := true
		err := c.h.Pairs(progress.OrBackground(ctx), maxStreamed, func(pairs []majority.Pair) bool {
			for _, k := range pairs {
				if more = yield(NodePair{k.Controller(), k.Node()}, nil); !more {
					return false
				}
			}
			return true
		})
		if err != nil && more {
			yield(NodePair{}, pairsError(err))
		}
	}
}
