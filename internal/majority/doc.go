// Package majority finds who controls whom by votes and by facts. It reads the votes of all
// meetings from compressed arrays, and facts as lists of nodes. It knows nothing else.
//
// A set of seeds S controls a meeting when the votes of S and of all nodes that S controls
// pass a threshold of the meeting's base, or when they are the controllers of a fact about
// the meeting's node. Control is a least fixpoint: a node's votes
// count only after the node has been shown to be controlled. Two companies that hold each
// other therefore do not control each other for that reason alone. The condition is
// monotone: it still holds when members are added. So there is one fixpoint, in whatever
// order nodes join. (The presumption of the largest holder is monotone too, because a new
// member's votes leave its rivals.)
//
// [Engine.Group] answers for one set of seeds. It can prove control, and it can count the
// votes that are missing for control. [Engine.All] returns the group of every node.
// [Engine.Forest] answers for all nodes at once. It requires that no two groups without a
// common member could both carry one meeting. Then the controllers of each node form a
// chain, and nobody outside a ring of nodes that control one another controls its members.
// [Engine.Hierarchy] adds facts to such a forest. A node can then have several ultimate
// controllers.
package majority
