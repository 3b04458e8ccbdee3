package crossholding

import (
	"context"
	"sync"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
)

// The answers of an empty book. The zero value of a type that is got from a
// question stands for them, so that it answers and does not panic.
var (
	emptyOwnership = sync.OnceValue(func() *Ownership { return must(empty().Ownership(context.Background(), OwnershipOptions{})) })
	emptyCertified = sync.OnceValue(func() *CertifiedOwnership { return must(emptyOwnership().Certified(CertifiedOptions{})) })
	emptyVotes     = sync.OnceValue(func() *Votes { return must(empty().Votes(context.Background(), VotingOptions{})) })
	emptyControl   = sync.OnceValue(func() *Control { return must(empty().Control(context.Background(), ControlOptions{})) })
	emptyGroup     = sync.OnceValue(func() *Group {
		c := emptyControl()
		return &Group{c: c, g: must(c.tally.Engine.Group(context.Background(), c.rule)), over: graph.None}
	})
	emptyBounds  = sync.OnceValue(func() *Bounds { return must(empty().Bounds(context.Background(), BoundsOptions{})) })
	emptyOutcome = sync.OnceValue(func() *Outcome { return must(empty().Run(context.Background(), Scenario{})) })
)

func empty() *Alliance { return must(New(Book{})) }

// must returns what an empty book answers, which is never an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (o *Ownership) orEmpty() *Ownership {
	if o.a == nil {
		return emptyOwnership()
	}
	return o
}

func (c *CertifiedOwnership) orEmpty() *CertifiedOwnership {
	if c.o == nil {
		return emptyCertified()
	}
	return c
}

func (l *Row) orEmpty() *Row {
	if l.c == nil {
		return &Row{c: emptyCertified(), line: new(exact.FixedLine)}
	}
	return l
}

func (g *Group) orEmpty() *Group {
	if g.c == nil {
		return emptyGroup()
	}
	return g
}

func (v *Votes) orEmpty() *Votes {
	if v.a == nil {
		return emptyVotes()
	}
	return v
}

func (c *Control) orEmpty() *Control {
	if c.a == nil {
		return emptyControl()
	}
	return c
}

func (b *Bounds) orEmpty() *Bounds {
	if b.a == nil {
		return emptyBounds()
	}
	return b
}

func (o *Outcome) orEmpty() *Outcome {
	if o.Before == nil || o.After == nil {
		return emptyOutcome()
	}
	return o
}
