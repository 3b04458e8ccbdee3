// Package crossholding answers questions about companies that hold one another's
// shares: who owns what, who can vote, who controls whom, what changes if shares move,
// and what a stake is worth. The answers are exact.
//
// # A book and an alliance
//
// A [Book] is plain data: a Go literal, a JSON file ([ReadBook]), or for
// millions of stakes a pair of CSV files ([ReadRegister]). [New] checks the book,
// returns all its faults in one error, and returns an [Alliance]. Package merge makes one
// book of the books of several sources, and [Alliance.On] is the book of another day. An
// alliance is immutable, indexed and safe for concurrent use. Each question is a method of it that
// takes plain options, whose zero value is the default.
//
// # Six figures that must never be mixed up
//
//  1. capital: shares in a holder's name / shares issued
//  2. economic interest: dividend-weighted shares held for a holder's money /
//     those outstanding
//  3. theoretical votes: votes before the law, with treasury shares in the total
//  4. exercisable votes: votes that the law leaves
//  5. free votes: votes that contracts leave, counted for the party that casts them
//  6. neutral votes: votes split for and against in the proportion of the pass mark, so
//     they never move a result; of 100 at a pass mark of 2/3, 66.7 are for and 33.3 against
//
// [Ownership] has the first two and integrated ownership. [Votes] has the others, and
// names the rule for each vote that does not count.
//
// # Law, contract, control
//
// Votes are counted in the order theoretical, statutes, agreements, neutral.
// The statutes are data ([law.Statute], [law.Statutes]). The issuer's country selects
// them, and each says whether its text was checked. Whether a statute applies can
// depend on who controls whom, and control can depend on which votes are suspended. If
// there is more than one consistent reading, or none, the answer is a
// [*ReadingsError] that lists the readings.
//
// [Control] is a least fixpoint: x controls y when x, with all that it
// controls, has enough of y's votes. If x controls y, the answer has a minimal
// [Proof]. Otherwise it has the missing votes. Package compliance has the questions of
// regulations: sanctions, beneficial owners, close links, the consolidation scope and
// thresholds. Package network has the measures of economists: network control, control
// in fact, weakest links and voting power.
//
// # Exact
//
// Figures are fractions ([ratio.Ratio]) and are not rounded inside. A decimal is the
// exact value, correctly rounded once, also if a register is too large for fractions
// ([CertifiedOwnership]). No answer depends on floating point, unless its name says so.
//
// # Changes and values
//
// Package scenario makes steps on a copy of a book, such as trades, trusts, buybacks, splits
// and mergers. [Alliance.Differences] compares two alliances. [Alliance.Draft] changes a book
// piece by piece. [Alliance.Value] prices stakes by their lots and a [Market].
//
// # Long work
//
// Everything that can take long has a context as its first argument. It returns the
// context's error within 50 ms when the context is done, and reports its progress to the
// function of [WithProgress]. A nil context means context.Background().
package crossholding
