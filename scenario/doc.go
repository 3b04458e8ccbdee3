// Package scenario makes changes in a book one after another: trades, trusts, buybacks, issues,
// agreements, days, prices, and events of companies such as splits, mergers and spin-offs.
//
// [Run] makes the steps of a [Scenario] on a copy of an alliance and returns an [Outcome]: the
// alliance before and after, what each step moved, the cash of each party, the gains of each
// lot, and the costs that left the book without a sale. A step either applies whole, or fails
// with its number and reason. Differences between before and after are those of
// [crossholding.Alliance.Differences], and [Outcome.States] gives the alliance after each step.
//
// Each step is a list of [Posting] on a double-entry ledger whose shares, cash and cost
// balance exactly after every step. Ratios are written new:old, as in "2:1". Nothing is
// rounded but numbers of shares, to whole lots, and the outcome says by how much.
//
// [Read] and [Write] have scenarios as JSON. The same scenario gives the same bytes.
package scenario
