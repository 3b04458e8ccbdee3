package crossholding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/majority"
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
		left, more := c.concerts(), true // concerts are sorted by id, as names are
		b := relationBatch{ids: ids}
		list := func(controller string, companies []int32) bool {
			for len(companies) > 0 && more {
				if companies = b.add(controller, companies); b.full() {
					more = b.flush(yield)
				}
			}
			return more
		}
		var failed error
		concerts := func(before string) bool {
			for ; len(left) > 0 && (before == "" || left[0].name() < before); left = left[1:] {
				g, err := c.concertGroup(ctx, left[0])
				if failed = err; err != nil || !list(left[0].name(), g.companies()) {
					return false
				}
			}
			return true
		}
		err := c.eachController(ctx, func(x int32, below []int32) bool { return concerts(ids.At(x)) && list(ids.At(x), below) })
		if err = cmp.Or(failed, err); err == nil && more {
			concerts("")
			err = failed
		}
		more = more && b.flush(yield)
		if err != nil && more {
			yield(ControlRelation{}, err)
		}
	}
}

// relationBatch gathers relations, so that the ids of many companies are read side by side. They
// are scattered in memory.
type relationBatch struct {
	ids         *intern.Names
	controllers [batchSize]string
	companies   [batchSize]int32
	n           int
}

const batchSize = 128

func (b *relationBatch) full() bool { return b.n == batchSize }

// add takes companies of a controller while there is room, and returns the others.
func (b *relationBatch) add(controller string, companies []int32) []int32 {
	n := copy(b.companies[b.n:], companies)
	for i := range n {
		b.controllers[b.n+i] = controller
	}
	b.n += n
	return companies[n:]
}

// flush yields the relations, until yield returns false.
func (b *relationBatch) flush(yield func(ControlRelation, error) bool) bool {
	var companies [batchSize]string
	for i, y := range b.companies[:b.n] {
		companies[i] = b.ids.At(y)
	}
	for i, company := range companies[:b.n] {
		if !yield(ControlRelation{b.controllers[i], company}, nil) {
			return false
		}
	}
	b.n = 0
	return true
}

// eachController calls visit for each node that controls others by itself, in order, with
// the nodes that it controls, in order, until visit returns false. The list is only valid
// during the call.
func (c *Control) eachController(ctx context.Context, visit func(x int32, below []int32) bool) error {
	h, err := c.hierarchy(ctx)
	if err == nil {
		return pairsError(h.Below(ctx, maxStreamed, visit))
	}
	if !noHierarchy(err) {
		return err
	}
	var below []int32
	for g, err := range c.tally.Engine.All(ctx, c.rule, maxPairs) {
		if err != nil {
			return pairsError(err)
		}
		below = below[:0]
		for m := range g.Controlled() {
			below = append(below, m.Node)
		}
		slices.Sort(below)
		if !visit(first(g), below) {
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
		err := c.h.Below(progress.OrBackground(ctx), maxStreamed, func(x int32, below []int32) bool {
			for _, y := range below {
				if more = yield(NodePair{x, y}, nil); !more {
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
