// Package tally counts the votes of all meetings in one way, ready to be asked who
// controls whom.
//
// A [Tally] has the votes of every stake, the node that casts them and the base that they
// are counted against. It keeps them as whole numbers of a unit that each company has, and
// hands them to package majority. It can be changed in some meetings without counting the
// others again.
package tally
