// Package whatif asks what would happen if: how far a step must go until a condition
// becomes true, which purchases win control at the least cost, what a figure is in many
// cases, and how figures changed over time.
//
// How many shares, or which price or rate, make a condition true? [Solve] finds the least
// or the greatest number, with a certificate: the condition at this number and one unit
// beside it.
//
// What is the cheapest way to control a company, directly or through others?
// [CheapestControl] finds the purchases, with a certificate and a proved lower bound.
//
// What is a figure for many shares, prices and rates? [Sweep] computes all cells of a grid,
// and [Tornado] says which number moves a figure most. [Simulate] estimates values on random
// markets, and how likely a condition is.
//
// What was a figure on each day of a history, and which steps changed it? A [Timeline] joins
// dated books and scenarios.
//
// [Read] reads a question from a JSON file, in which every fault is told with its place.
//
// A [Figure] names a number that an alliance has: a stake, votes, suspended votes, control,
// a limit that is reached, a value. A [Goal] compares a figure with a limit. An [Open]
// number is a number of a scenario that can vary. All three are plain data with JSON names.
//
// Figures are exact fractions ([ratio.Ratio]), but for the estimates of random markets. No
// result depends on the number of goroutines. Work that can take long takes a context
// first. It returns the context's error soon after the context is done, and reports its
// progress to the function of [crossholding.WithProgress]. A nil context means
// context.Background(). All functions can be called by several goroutines at once.
//
// Errors begin with the name of the package and unwrap to those of package crossholding,
// such as [crossholding.ErrUnknown], or to [ErrNoSolution] or [ErrNotMonotone].
package whatif
