package majority

import "math/bits"

// abacus adds up votes by node: a hash table that is emptied at no cost, and
// small enough for the nearest cache in all but a few meetings. The zero value
// is empty.
type abacus struct {
	beads []bead // a power of two of them, at most half in use
	round uint32 // of the beads in use
	used  int

	climbers []int32 // memory of climbs
}

type bead struct {
	votes int64
	node  int32
	round uint32
	left  bool // its votes have been carried further up
}

// reset forgets all sums.
func (a *abacus) reset() {
	a.round++
	a.used = 0
	if a.round == 0 || a.beads == nil {
		a.beads = make([]bead, 1<<8)
		a.round = 1
	}
}

// add adds votes to a node's and returns its bead, valid until the next add,
// with the sum before.
func (a *abacus) add(node int32, votes int64) (b *bead, before int64) {
	b = a.find(node)
	if b.round != a.round {
		if 2*a.used >= len(a.beads) {
			a.grow()
			b = a.find(node)
		}
		a.used++
		*b = bead{node: node, round: a.round}
	}
	before = b.votes
	b.votes = add(before, votes)
	return b, before
}

// find returns the node's bead, or the unused one where it belongs.
func (a *abacus) find(node int32) *bead {
	mask := len(a.beads) - 1
	// Multiplying by 2^32 over the golden ratio spreads neighbours (Knuth,
	// volume 3, section 6.4); the top bits are the best.
	i := int(uint32(node) * 0x9e3779b9 >> (32 - bits.Len32(uint32(mask))))
	for {
		if b := &a.beads[i]; b.round != a.round || b.node == node {
			return b
		}
		i = (i + 1) & mask
	}
}

// grow doubles the table.
func (a *abacus) grow() {
	old := a.beads
	a.beads = make([]bead, 2*len(old))
	for i := range old {
		if old[i].round == a.round {
			*a.find(old[i].node) = old[i]
		}
	}
}
