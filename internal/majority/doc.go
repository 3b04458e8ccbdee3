// Package majority finds who controls whom by votes. It reads the votes of all meetings
// from compressed arrays and knows nothing else.
//
// A set of seeds S controls a meeting when the votes of S and of all nodes that S controls
// pass a threshold of the meeting's base. Control is a least fixpoint: a node's votes
// count only after the node has been shown to be controlled. Two companies that hold each
// other therefore do not control each other for that reason alone. The condition is
// monotone: it still holds when members are added. So there is one fixpoint, in whatever
// order nodes join. (The presumption of the largest holder is monotone too, because a new
// member's votes leave its rivals.)
//
// [Engine.Group] answers for one set of seeds, with a proof of each yes and the missing
// votes of each no. [Engine.Forest] answers for all nodes at once, under the condition
// below. [Engine.All] returns the group of every node.
package majority
