// Package majority decides who controls what, on nothing but the votes of
// meetings in compressed arrays.
//
// A set of seeds S controls a meeting when the votes of S and of all that S
// controls pass a threshold of the meeting's base. That is a least fixpoint:
// votes count only once their caster has been shown to be controlled, so two
// companies that hold each other do not pull each other in. The condition is
// monotone, with more members passing wherever fewer did, so the fixpoint is
// one and the order in which nodes join does not change it. (The presumption
// is monotone too: a member's votes leave the rivals as they join the group.)
//
// Engine.Group answers for one set of seeds, with the proof of each yes and
// the votes that are missing from each no.
package majority
