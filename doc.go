// Package crossholding answers, exactly, who owns what, who can vote, who
// controls whom, what changes if shares move and what a stake is worth, in
// groups of companies that hold one another's shares.
//
// # A book and an alliance
//
// A [Book] is plain data: a Go literal, a JSON file ([ReadBook]), or for
// millions of stakes a pair of CSV files ([ReadRegister]). [New] checks it
// whole, reports everything wrong with it at once, and returns an [Alliance]:
// immutable, indexed, safe for concurrent use. Each question is then a method
// that takes plain options, whose zero value is the default.
//
// # Six figures that must never be mixed up
//
//  1. capital: shares in a holder's name / shares issued
//  2. economic interest: dividend-weighted shares held for a holder's money /
//     those outstanding
//  3. theoretical votes: before the law, treasury counted in the total
//  4. exercisable votes: what the law leaves
//  5. free votes: what contracts leave, for the one who casts them
//  6. neutral votes: split for and against as the pass mark has it, so that they never
//     move a result; of 100 at a pass mark of 2/3, 66.7 are for and 33.3 against
//
// [Ownership] has the first two and what follows from them through loops,
// [Votes] the others, each vote that does not count with the rule that took it.
//
// # Law, contract, control
//
// Votes are counted in the order theoretical, statutes, agreements, neutral.
// The statutes are data ([law.Statute], [law.Statutes]), picked by the issuer's
// country, and each says whether its text could be checked. Whether a statute
// bites can depend on who controls whom, and control on which votes are
// suspended: where that leads to more than one consistent reading, or to none,
// the answer is a [*ReadingsError] that shows them.
//
// [Control] is a least fixpoint: x controls y when x, with all that it
// controls, has enough of y's votes. Every yes has a minimal [Proof], every no
// the votes that are missing. Rule books ask otherwise: package compliance has
// sanctions, beneficial owners, close links, the consolidation scope and
// thresholds. So do economists: package network has network control, control in
// fact, weakest links and voting power.
//
// # Exact
//
// Figures are fractions ([ratio.Ratio]); nothing is rounded inside. A decimal is
// rounded once, where it is asked for, and is the correctly rounded value of
// the exact one, also where a register is too large for fractions
// ([CertifiedOwnership]). No float reaches an answer, except where a name says so.
//
// # What changes, and what it is worth
//
// [Alliance.Run] makes the steps of a [Scenario] on a copy: trades, trusts,
// buybacks, issues, agreements, days and prices. Shares and cash balance
// exactly. [Alliance.Value] prices stakes by their lots and a [Market].
//
// # What takes long
//
// Everything that can take long has a context as its first argument. It returns the
// context's error within 50 ms when the context is done, and reports its progress to the
// function of [WithProgress]. A nil context means context.Background().
package crossholding
