// Package together counts what several nodes have of companies together.
package together

import (
	"context"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
)

// Behind returns the nodes behind a node, with itself: those that have something of it by
// any tally, directly or through others, those that control one of them by fact, their
// partners in concerts, and the others whom a function names for a node. The first tally is that
// of votes, whose facts count. The function may be nil.
func Behind(ctx context.Context, tallies []*crossholding.Tally, concerts []crossholding.Concert, others func(int32) []int32, node int32) (map[int32]bool, error) {
	controllers := map[int32][]int32{}
	for f := range tallies[0].Facts() {
		controllers[f.Company] = append(controllers[f.Company], f.Controllers...)
	}
	partners := map[int32][]int32{}
	for _, p := range concerts {
		for _, x := range p.Members {
			partners[x] = append(partners[x], p.Members...)
		}
	}
	seen := map[int32]bool{node: true}
	line := []int32{node}
	add := func(nodes ...int32) {
		for _, x := range nodes {
			if !seen[x] {
				seen[x] = true
				line = append(line, x)
			}
		}
	}
	for at := 0; at < len(line); at++ {
		if at&0xff == 0xff && ctx.Err() != nil {
			return nil, progress.Cause(ctx)
		}
		for _, t := range tallies {
			for _, h := range t.Holdings(line[at]) {
				add(h.Node)
			}
		}
		add(controllers[line[at]]...)
		add(partners[line[at]]...)
		if others != nil {
			add(others(line[at])...)
		}
	}
	return seen, nil
}
