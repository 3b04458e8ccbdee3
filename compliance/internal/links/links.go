// Package links finds the close links of parties: what one has of another along paths or through
// what it controls, and those of whom a third party has enough.
//
// [Find] answers for a book without bands, [InReadings] for one of which the law has several
// readings, and [Bounds] for a book with bands.
package links

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Query says which parties are linked. It has no defaults: the package that asks fills them in.
type Query struct {
	ByControl        bool // holdings count directly and through what is controlled; otherwise along paths
	ThirdControls    bool // a third party must control both; otherwise it must have the threshold of both
	Together         bool // partners in concerts count for each other
	Threshold        ratio.Ratio
	Exceed           bool // Threshold must be exceeded
	ControlThreshold ratio.Ratio
	Basis            crossholding.Basis // the only basis of holdings; empty for votes and capital
	Of               string             // the only party whose links are wanted; empty for all
	MaxSteps         int
	MaxLinks         int
	Voting           crossholding.VotingOptions
}

// Kind says what links two parties.
type Kind string

// These are the kinds.
const (
	Holding    Kind = "holding"
	Control    Kind = "control"
	ThirdParty Kind = "third party"
)

// Link is one link between two parties.
type Link struct {
	A, B     string
	Kind     Kind
	Fraction ratio.Ratio        // of B that A has
	Basis    crossholding.Basis // what Fraction is of
	Paths    []Path             // the strongest
	More     int                // the number of further paths
	Through  []string
	Third    string // has ThirdA of A and ThirdB of B
	ThirdA   ratio.Ratio
	ThirdB   ratio.Ratio
}

// Path is one simple path and the product along it.
type Path struct {
	Nodes   []string
	Product ratio.Ratio
}

// maxPaths is the number of paths that a link lists.
const maxPaths = 20

// Find returns the links in a book without bands, sorted by A, B, kind and third party.
func Find(ctx context.Context, a *crossholding.Alliance, opt *Query) ([]Link, error) {
	q, err := newRun(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	from, err := q.from(ctx)
	if err != nil {
		return nil, err
	}
	if err := q.find(ctx, from...); err != nil {
		return nil, err
	}
	slices.SortFunc(q.links, func(x, y Link) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Third, y.Third))
	})
	return q.links, nil
}

// find finds the links of nodes with what they hold, and of what they hold with one another.
func (q *run) find(ctx context.Context, from ...int32) error {
	held := q.byPaths
	if q.opt.ByControl {
		held = q.byControl
	}
	stage := progress.Start(ctx, "links", len(from), 1)
	for i, x := range from {
		stage.At(i)
		if err := held(ctx, x); err != nil {
			return q.about(x, err)
		}
	}
	stage.End()
	return q.thirds(ctx)
}
