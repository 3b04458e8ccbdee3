// Package majority decides who controls what, on nothing but the votes of
// meetings in compressed arrays.
//
// A set of seeds S controls a meeting when the votes of S and of all that S
// controls pass a threshold of the meeting's base. That is a least fixpoint:
// votes count only once their caster has been shown to be controlled, so two
// companies that hold each other do not pull each other in. The condition is
// monotone: with more members it still holds wherever it held. So the fixpoint
// is one, whatever the order in which nodes join. (The presumption of the
// largest holder is monotone too, because a member's votes leave its rivals.)
//
// Engine.Group answers for one set of seeds, with the proof of each yes and
// the votes that are missing from each no. Engine.Forest answers for everyone
// at once, where the following holds. Engine.All is every node's Group.
//
// # Why controllers form a chain
//
// Write S(x) for x with all that it controls. Suppose that in no meeting two
// sets of casters without a common member can both pass: the least number of
// votes that passes, doubled, exceeds all votes that are cast there. More than
// one half of a base that contains the votes cast is the usual case; Forest
// checks it meeting by meeting, whatever the rule.
//
// Lemma. If S(x) and S(z) have a common node, then x is in S(z) or z in S(x).
// Proof. Otherwise every common node joined both groups. Take one, y, for
// which the rounds of joining, of both groups together, are the fewest. The
// members of S(x) before y joined and those of S(z) before y joined both carry
// y, so they share a caster: a common node that joined both earlier.
//
// If x is in S(z), all of S(x) is, since S(z) is closed under the rule. So any
// two such sets are nested or disjoint, and:
//
// Chain. The controllers of y are ordered by inclusion of their sets. Those
// with equal sets control one another: a ring. The sets form a forest.
//
// Alone. A node that alone carries y is y's lowest controller: any other set
// that carries y has it as a common caster, and so contains all it controls.
//
// Together. Let trees be known in part, each link x over y sound: y is in S(x).
// The trees that carry y are a chain, since they cannot be disjoint. Put y
// below the lowest or, where that is below y, make them a ring with all above
// them; again and again, until that is news for no y. Then the forest is
// complete. Proof. Otherwise some y is in S(x) but not in x's tree;
// take the pair for which y joins S(x) in the earliest round. All that joined
// before are in x's tree, so it carries y, so the lowest tree that does lies
// within it, and y below that.
//
// Rings. Nobody outside a ring controls its members, so a ring is always the
// top of its tree. Proof. Let z do so from outside, let a be the member that
// joins S(z) first, and b another. What is in S(z) before a joins carries a,
// and so does what is in S(b) before a joins; so they have common nodes. The
// one whose two rounds of joining are the fewest joined only one of the two
// groups, as in the lemma, and was the seed of the other: z or b. It is not b,
// a member that was in S(z) before a. So z is in S(b): z, a and b control one
// another, and z is in the ring.
//
// The arguments are the package's own; its tests compare every pair of nodes
// with the definition on thousands of networks.
package majority
