// Package suspension finds the votes that statutes suspend.
//
// A statute suspends votes of a holder at an issuer when its test is met. A test
// can depend on who controls whom, and control can depend on which votes are
// suspended. The package therefore searches for fixed points:
//
//   - An assignment says how many votes of each stake are suspended.
//   - An evaluation applies all statutes to one assignment and gives the next.
//   - A reading is an assignment that an evaluation leaves as it is. A reading is a
//     consistent answer of the law.
//
// [New] finds the candidates: the pairs of issuer and holder to which a statute may
// apply. Both companies of a pair lie in one strongly connected component.
// [Search.Solve] works in stages, each of which returns a value for the next:
//
//   - It selects the meetings that decide the questions of control. The candidates with
//     these meetings are a scope.
//   - It evaluates the statutes again and again, once from no suspended votes and once from
//     all votes suspended.
//   - It bounds all readings.
//   - Where the runs differ, or the bounds leave room for another reading, it enumerates the
//     readings of the component.
//   - A component with one reading is settled. For the others Solve returns an [Ambiguity],
//     which lists the readings of each component and can choose one.
package suspension
