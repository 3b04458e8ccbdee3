// Package suspension finds which votes the law suspends, in every reading of the law.
//
// A statute suspends votes of a company if someone controls it, or holds enough of it.
// Who controls it depends on which votes are suspended. A reading is a set of suspended
// votes that agrees with itself: the statutes, applied to the control that follows from
// it, suspend exactly these votes.
//
// [Input] says what the search is about. The search applies the statutes again and again,
// once from no suspended votes and once from all that may be suspended. If both end in
// the same state and no other reading is possible, that state is the answer. Otherwise the
// result is an [Ambiguity], which lists the readings of each strongly connected component.
//
// The package counts votes by package tally. It knows nothing of names, contracts or dates
// other than those of rules and lots.
package suspension
