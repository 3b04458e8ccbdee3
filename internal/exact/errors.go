package exact

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossholding/crossholding/internal/progress"
)

// These are the kinds of errors. Every error of this package but a cancellation wraps one
// of them.
var (
	// ErrNode means that a question names a node that does not exist.
	ErrNode = errors.New("exact: no such node")
	// ErrRing means that companies hold one another completely; see [RingError].
	ErrRing = errors.New("exact: closed ring without outside owner")
	// ErrSize means that the exact answer is larger than the limit; see [SizeError].
	ErrSize = errors.New("exact: fraction too large")
	// ErrPlaces means that the number of decimal places is out of range.
	ErrPlaces = errors.New("exact: decimal places out of range")
)

// RingError lists the closed rings that leave a question without an answer. A closed ring
// is a set of companies whose shares are all held by one another. It wraps [ErrRing].
type RingError struct {
	Rings [][]int32 // members ascending; rings by first member
}

func (e *RingError) Error() string {
	if len(e.Rings) == 1 {
		return fmt.Sprintf("%v: nodes %v", ErrRing, e.Rings[0])
	}
	return fmt.Sprintf("%v: %d rings, the first of nodes %v", ErrRing, len(e.Rings), e.Rings[0])
}

// Unwrap returns [ErrRing].
func (e *RingError) Unwrap() error { return ErrRing }

// SizeError says how large an exact answer would be. It wraps [ErrSize]. Certified answers
// have no such limit on size.
type SizeError struct {
	Bits, Limit int // of one denominator, or of all values kept at once
	Node        int32
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("%v: %d bits at node %d, limit %d", ErrSize, e.Bits, e.Node, e.Limit)
}

// Unwrap returns [ErrSize].
func (e *SizeError) Unwrap() error { return ErrSize }

// reportEvery is the number of companies between two reports of progress, which is some
// milliseconds of work. reportEverySlow is the same for work that takes long for each
// company, such as exact fractions or systems of equations.
const (
	reportEvery     = 1 << 12
	reportEverySlow = 1 << 7
)

// gate is a lock. Unlike the wait for a mutex, the wait for it can be cancelled.
type gate chan struct{}

func newGate() gate { return make(gate, 1) }

func (g gate) enter(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return canceled(ctx)
	}
}

// try enters if nobody is inside, and reports whether it did.
func (g gate) try() bool {
	select {
	case g <- struct{}{}:
		return true
	default:
		return false
	}
}

func (g gate) leave() { <-g }

// canceled returns the cause of ctx if ctx is done.
func canceled(ctx context.Context) error {
	return progress.Stopped(ctx, "stopped")
}
