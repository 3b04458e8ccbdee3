package whatif

import (
	"fmt"
	"math"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
)

// check adds the faults of a simulation that do not depend on an alliance.
func (s Simulation) check(bad *faults, place string) {
	if len(s.Figures)+len(s.Goals) == 0 {
		bad.Add(place, crossholding.ErrMissing, "a simulation without figures and goals")
	}
	if s.First < 0 || s.Draws < 0 || s.First > maxDraws || s.Draws > maxDraws-s.First {
		bad.Add(input.Join(place, "draws"), crossholding.ErrRange, "%d draws from draw %d, of at most %d", s.Draws, s.First, maxDraws)
	}
	for i, f := range s.Figures {
		f.check(bad, input.Join(place, fmt.Sprintf("figures[%d]", i)))
	}
	for i, g := range s.Goals {
		g.check(bad, input.Join(place, fmt.Sprintf("goals[%d]", i)))
	}
	seen := map[string]bool{}
	for _, key := range s.Keys() {
		if seen[key] {
			bad.Add(place, crossholding.ErrDuplicate, "%s changes twice", clip(key))
		}
		seen[key] = true
	}
	switch {
	case (s.Table == nil) == (len(s.Factors) == 0):
		bad.Add(place, crossholding.ErrMissing, "a simulation needs either factors or a table")
	case s.Table != nil:
		if len(s.Correlations) > 0 {
			bad.Add(input.Join(place, "correlations"), crossholding.ErrSyntax, "the rows of a table have their own correlations")
		}
		s.Table.check(bad, input.Join(place, "table"))
	default:
		s.checkFactors(bad, place)
	}
}

// checkFactors adds the faults of the factors and of their correlations.
func (s Simulation) checkFactors(bad *faults, place string) {
	for i, f := range s.Factors {
		if !(f.Volatility > 0 && f.Volatility <= 100) || !(math.Abs(f.Drift) <= 100) {
			bad.Add(input.Join(place, fmt.Sprintf("factors[%d]", i)), crossholding.ErrRange, "%q has a volatility of %g and a drift of %g, which must be above 0 and at most 100, and within -100 and 100", clip(f.Key), f.Volatility, f.Drift)
		}
	}
	keys, seen := s.Keys(), map[[2]int]bool{}
	for n, r := range s.Correlations {
		at := input.Join(place, fmt.Sprintf("correlations[%d]", n))
		i, j := slices.Index(keys, r.A), slices.Index(keys, r.B)
		if i < 0 || j < 0 || i == j {
			bad.Add(at, crossholding.ErrUnknown, "a correlation of %q and %q, which are not two factors", clip(r.A), clip(r.B))
			continue
		}
		if seen[[2]int{i, j}] || seen[[2]int{j, i}] {
			bad.Add(at, crossholding.ErrDuplicate, "two correlations of %q and %q", clip(r.A), clip(r.B))
		}
		seen[[2]int{i, j}] = true
		if !(math.Abs(r.Coefficient) <= 1) {
			bad.Add(at, crossholding.ErrRange, "a correlation of %g between %q and %q", r.Coefficient, clip(r.A), clip(r.B))
		}
	}
}

// check adds the faults of a table.
func (t *Table) check(bad *faults, place string) {
	if len(t.Rows) == 0 || len(t.Keys) == 0 {
		bad.Add(place, crossholding.ErrMissing, "a table without rows or keys")
	}
	for i, row := range t.Rows {
		at := input.Join(place, fmt.Sprintf("rows[%d]", i))
		if len(row) != len(t.Keys) {
			bad.Add(at, crossholding.ErrMissing, "row %d of the table has %d changes for %d keys", i, len(row), len(t.Keys))
		}
		for _, x := range row {
			if !(x > 0 && x < 1e30) {
				bad.Add(at, crossholding.ErrRange, "row %d of the table: a price cannot change by the factor %g", i, x)
			}
		}
	}
}
