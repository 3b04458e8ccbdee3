package together

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Had reports whether those who count control a company by a fact, and returns the fact as they
// have it: of rights to appoint that add up, only theirs. With each, a right that several have
// jointly counts if one of them counts, and otherwise only if all of them do.
func Had(g crossholding.Graph, f crossholding.NodeFact, counts func(node int32) bool, each bool) (crossholding.NodeFact, bool) {
	has := func(holders []int32) bool {
		if each {
			return slices.ContainsFunc(holders, counts)
		}
		return !slices.ContainsFunc(holders, func(x int32) bool { return !counts(x) })
	}
	if f.Seats == nil {
		return f, has(f.Controllers)
	}
	out := crossholding.NodeFact{Company: f.Company, Fact: f.Fact}
	var sum ratio.Ratio
	var ids []string
	for _, s := range f.Seats {
		if has(s.Holders) {
			sum = sum.Add(s.Seats)
			ids = append(ids, s.Agreement)
			out.Seats = append(out.Seats, s)
			out.Controllers = append(out.Controllers, s.Holders...)
		}
	}
	slices.Sort(out.Controllers)
	out.Controllers = slices.Compact(out.Controllers)
	out.Fact.Controllers, out.Fact.Agreement, out.Fact.Seats = g.IDs(out.Controllers), strings.Join(ids, ", "), sum
	return out, sum.Reaches(ratio.Of(1, 2), false)
}
