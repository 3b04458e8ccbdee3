// Package takeover finds the cheapest purchases of votes after which a group of holders
// controls its targets.
//
// It knows nodes, meetings and lots on offer, and no companies, prices or law. A [Model] is
// optimistic: whenever a purchase wins control, it wins control in the model too. So the
// cheapest purchases in the model are a lower bound. The caller decides whether purchases
// really win. [Search] asks it, and returns the cheapest purchases that win, with the bound.
//
// The cheapest purchases in the model are a shortest path between sets of controlled nodes:
// a step adds one node, at the price of the votes that the set still lacks in its meeting.
// [Model] searches it by A*. The votes that are lacking are bought by an exact knapsack.
// Where the caller says that the purchases do not win, Search cuts the numbers of lots into
// smaller ranges, by branch and bound (Land and Doig, 1960).
//
// The problem is NP-hard, because it contains the knapsack problem and the directed Steiner
// tree problem. Every search has a cap, and the bound that is proved then is smaller than
// the price that was found.
package takeover
