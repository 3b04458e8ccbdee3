package whatif

import (
	"math"
	"slices"

	"github.com/crossholding/crossholding"
)

// check returns the faults of a simulation that do not depend on an alliance.
func (s Simulation) check() error {
	var bad several
	if len(s.Figures)+len(s.Goals) == 0 {
		bad.addf(crossholding.ErrMissing, "a simulation without figures and goals")
	}
	if s.First < 0 || s.Draws < 0 || s.First > maxDraws || s.Draws > maxDraws-s.First {
		bad.addf(crossholding.ErrRange, "%d draws from draw %d, of at most %d", s.Draws, s.First, maxDraws)
	}
	for _, f := range s.Figures {
		bad.add(f.check())
	}
	for _, g := range s.Goals {
		bad.add(g.check())
	}
	seen := map[string]bool{}
	for _, key := range s.Keys() {
		if seen[key] {
			bad.addf(crossholding.ErrDuplicate, "%s changes twice", clip(key))
		}
		seen[key] = true
	}
	switch {
	case (s.Table == nil) == (len(s.Factors) == 0):
		bad.addf(crossholding.ErrMissing, "a simulation needs either factors or a table")
	case s.Table != nil:
		if len(s.Correlations) > 0 {
			bad.addf(crossholding.ErrSyntax, "the rows of a table have their own correlations")
		}
		s.Table.check(&bad)
	default:
		s.checkFactors(&bad)
	}
	return bad.err()
}

// checkFactors adds the faults of the factors and of their correlations.
func (s Simulation) checkFactors(bad *several) {
	for _, f := range s.Factors {
		if !(f.Volatility > 0 && f.Volatility <= 100) || !(math.Abs(f.Drift) <= 100) {
			bad.addf(crossholding.ErrRange, "%s: a volatility of %g and a drift of %g, which must be above 0 and at most 100, and within -100 and 100", clip(f.Key), f.Volatility, f.Drift)
		}
	}
	keys, seen := s.Keys(), map[[2]int]bool{}
	for _, r := range s.Correlations {
		i, j := slices.Index(keys, r.A), slices.Index(keys, r.B)
		if i < 0 || j < 0 || i == j {
			bad.addf(crossholding.ErrUnknown, "a correlation of %q and %q, which are not two factors", clip(r.A), clip(r.B))
			continue
		}
		if seen[[2]int{i, j}] || seen[[2]int{j, i}] {
			bad.addf(crossholding.ErrDuplicate, "two correlations of %q and %q", clip(r.A), clip(r.B))
		}
		seen[[2]int{i, j}] = true
		if !(math.Abs(r.Coefficient) <= 1) {
			bad.addf(crossholding.ErrRange, "a correlation of %g between %q and %q", r.Coefficient, clip(r.A), clip(r.B))
		}
	}
}

// check adds the faults of a table.
func (t *Table) check(bad *several) {
	if len(t.Rows) == 0 || len(t.Keys) == 0 {
		bad.addf(crossholding.ErrMissing, "a table without rows or keys")
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Keys) {
			bad.addf(crossholding.ErrMissing, "row %d of the table has %d changes for %d keys", i, len(row), len(t.Keys))
		}
		for _, x := range row {
			if !(x > 0 && x < 1e30) {
				bad.addf(crossholding.ErrRange, "row %d of the table: a price cannot change by the factor %g", i, x)
			}
		}
	}
}
