// Package interval finds the extreme values of ownership over all books that
// fit the bands.
//
// A band says that a stake lies between two numbers of shares. A [FeasibleSet]
// holds what the stakes in one company can be. A completion picks one point of
// every company's feasible set. A company's choice does not limit the choice of
// another company.
//
// Start with [Model]. [Model.Ownership] returns the least and the most that one
// holder owns of a company over all completions. [FeasibleSet.Witness] decides
// whether a company has a point at which a linear function is above zero.
//
// How it works: profits of a company flow to its holders, and onwards, like a
// random walk from issuers to holders. The share that a holder owns is a
// probability that this walk ends at the holder. The companies choose the steps
// of the walk, so the problem is a Markov decision process whose choices are
// polytopes. Policy iteration solves it. Floating point finds the first policy
// only. All values and all comparisons that decide are exact fractions.
package interval
