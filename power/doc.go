// Package power measures voting power: how often the votes of a shareholder, a
// state or a bloc decide a result. This is not the same as the share of the
// votes. The package does not use companies.
//
// A Game is a voting rule. It has weights and a quota, which are exact
// decimals, whole numbers or fractions of package ratio. With AtLeast a
// coalition wins when it reaches the quota, with MoreThan when it exceeds the
// quota, and with Majority when it has more than half. All and Any join rules
// over the same players, such as a double majority of shares and heads.
// Compound makes one game of a chain of meetings. Listed takes any rule that
// can say who wins.
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
// An Index has one exact fraction, a ratio.Ratio, for each player. The indices
// are ShapleyShubik, DeeganPackel, Johnston and PublicGood; Banzhaf with all
// that follows from its swing counts (absolute, normalized, Coleman's three,
// Rae, public help); and Owen, BanzhafOwen and SymmetricCoalitionalBanzhaf for
// games with precoalitions. A Dispersed meeting, such as that of a company with
// a float, has large holders and in addition an ocean or a crowd of small
// holders.
//
// Some figures are not exact, and their names say so. ShapleyShubikFloat gives
// an error bound with every figure, the Estimate methods give a confidence
// interval, and DegreeOfControlNormal is an approximation.
//
// # Algorithms
//
// The package chooses the algorithm by the game, and the result says which one
// was used. Options can set it; see Algorithm. Counts are residues in machine
// words until the end, so the size of a word limits neither the number of players
// nor the length of the counts.
// Options.Workers goroutines share the work; their number does not change the
// result. A calculation compares the size of its tables with Options.MaxMemory
// before it allocates them. It stops soon after its context is cancelled; a nil
// context is never cancelled.
//
// # Bounds on input
//
// A number has at most 1,024 bits, and a decimal has an exponent from -300 to
// 300. The weights as whole numbers without a common divisor add up to at most
// 2^61. A game has at most 16,384 players, and a dispersed meeting at most 60
// large holders.
package power
