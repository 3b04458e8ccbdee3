package majority

import "math/bits"

// voteSums adds up votes by node. It is a hash table that is emptied in constant time. For
// nearly all meetings it fits in the fastest cache. The zero value is empty.
type voteSums struct {
	sums  []voteSum // their number is a power of two; at most half are in use
	round uint32    // the round in which the sums in use were added
	used  int

	climbers []int32 // reused memory of climbs
}

type voteSum struct {
	votes int64
	node  int32
	round uint32
	left  bool // its votes have been added to the nodes above
}

// reset removes all sums.
func (a *voteSums) reset() {
	a.round++
	a.used = 0
	if a.round == 0 || a.sums == nil {
		a.sums = make([]voteSum, 1<<8)
		a.round = 1
	}
}

// add adds votes to a node's sum. It returns the sum, valid until the next add, and its
// value before.
func (a *voteSums) add(node int32, votes int64) (b *voteSum, before int64) {
	b = a.find(node)
	if b.round != a.round {
		if 2*a.used >= len(a.sums) {
			a.grow()
			b = a.find(node)
		}
		a.used++
		*b = voteSum{node: node, round: a.round}
	}
	before = b.votes
	b.votes = add(before, votes)
	return b, before
}

// find returns the node's sum, or the unused one in its place.
func (a *voteSums) find(node int32) *voteSum {
	mask := len(a.sums) - 1
	// Multiplying by 2^32 over the golden ratio spreads neighbours (Knuth,
	// volume 3, section 6.4); the top bits are the best.
	i := int(uint32(node) * 0x9e3779b9 >> (32 - bits.Len32(uint32(mask))))
	for {
		if b := &a.sums[i]; b.round != a.round || b.node == node {
			return b
		}
		i = (i + 1) & mask
	}
}

// grow doubles the table.
func (a *voteSums) grow() {
	old := a.sums
	a.sums = make([]voteSum, 2*len(old))
	for i := range old {
		if old[i].round == a.round {
			*a.find(old[i].node) = old[i]
		}
	}
}
