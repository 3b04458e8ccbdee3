// Package sharing divides joint costs and joint savings among those who have them
// together, such as allies that share the development of parts. It says which division is
// fair by which rule, and who would do better to leave. The package does not use companies.
//
// A Problem is plain data: the members, and a value for each set of members. The values are
// a list, a table, or follow from rules: ventures that cost a fixed amount and an amount for
// each use, and assets that members bring to ventures. New checks a Problem and makes a Game
// of it. FromTable and FromFunc make a Game of exact fractions or of a function.
//
//	g, err := sharing.New(sharing.Problem{
//		Members: []string{"navigation", "flood control", "power"},
//		Table:   []sharing.Amount{"0", "163520", "140826", "301607", "250096", "378821", "367370", "412584"},
//	})
//	fair, err := g.Shapley(ctx)
//	unhappy, err := g.Objections(ctx, fair)
//
// # Divisions
//
// Shapley, Nucleolus, Prenucleolus, Owen, Equal, EqualGains, Proportional and SeparableCosts
// each return a Division. The amounts of a Division are exact fractions, and they add up to
// the value of all members. Excesses and Objections take any Division, also a proposed one.
// Core says whether there is a division that no set of members would leave.
//
// # Costs and savings
//
// In a game of costs a lower amount is better for a member, and in a game of savings a
// higher one. The excess of a set of members under a division is what the set gains by
// leaving: what it pays less the cost that it has alone, or what it saves alone less what it
// receives.
//
// # Bounds
//
// A game has at most MaxMembers members. Nucleolus and Prenucleolus take at most
// MaxNucleolusMembers. All calculations are exact and finite. They stop soon after their
// context ends; a nil context is never cancelled.
package sharing
