// Package power measures voting power: how much the votes of a shareholder, a
// state or a bloc decide, which is not what they add up to. It knows nothing
// of companies.
//
// A Game is a voting rule: weights and a quota, as exact decimals, whole
// numbers or fractions of package ratio. AtLeast and MoreThan say which side of the quota
// wins; Majority is more than half; All and Any join rules over the same
// players, as a double majority of shares and heads does; Compound makes one
// game of a chain of meetings; Listed takes any rule that lists who wins.
//
//	g, err := power.Majority(30, 25, 20, 15, 10)
//	ss, err := g.ShapleyShubik(ctx)
//	b, err := g.Banzhaf(ctx)
//	fmt.Println(ss, b.Normalized())
//
//	d, err := power.WithOcean(50, 55, 30, 15) // quota, float, large holders
//	x, err := d.ShapleyShubik(ctx)
//	fmt.Println(x.Large, x.Small())
//
// # Figures
//
// Every index is a vector of exact fractions, a ratio.Ratio for each player:
// ShapleyShubik,
// Banzhaf with all that follows from its swing counts (absolute, normalized,
// Coleman's three, Rae, public help), DeeganPackel, Johnston, PublicGood; with
// precoalitions Owen, BanzhafOwen and SymmetricCoalitionalBanzhaf. A
// Dispersed meeting, such as that of a company with a float, has large holders
// beside an ocean or a crowd of small ones. What is not exact says so by its name: ShapleyShubikFloat carries an
// error bound on every figure, the Estimate methods a confidence interval,
// DegreeOfControlNormal is an approximation.
//
// # Algorithms
//
// The data choose how coalitions are counted and the result tells what was
// chosen; Options overrides it. See Algorithm for the ways there are. Counts
// are kept as residues in machine words and recombined, so that neither the
// number of players nor the length of the counts is bounded by a word. Work is
// spread over Options.Workers goroutines without any effect on the result,
// tables are measured against Options.MaxMemory before they are made, and a
// cancelled context stops any calculation soon; a nil one never does.
//
// # Bounds on input
//
// Numbers have at most 1,024 bits and decimals exponents from -300 to 300; as
// whole numbers without a common divisor the weights add up to at most 2^61.
// Games have up to 16,384 players, dispersed ones 60 large holders.
package power
