package above

import (
	"math/big"
	"math/bits"
	"slices"
)

// unit62 is the fraction 1 in units of 2^-62. All shares of [Find] are in these units.
const unit62 = 1 << 62

// share62 returns floor(u/total) in units of 2^-62, for 0 <= u <= total, and 1 if that is
// rounded and 0 if it is exact.
func share62(u, total uint64) (low, off uint64) {
	low, rest := bits.Div64(u>>2, u<<62, total)
	if rest != 0 {
		off = 1
	}
	return low, off
}

// bigShare62 is share62 for numbers of any size.
func bigShare62(u, total *big.Int) (low, off uint64) {
	q, rest := new(big.Int).QuoRem(new(big.Int).Lsh(u, 62), total, new(big.Int))
	if rest.Sign() != 0 {
		off = 1
	}
	return q.Uint64(), off
}

// mul62 returns floor(a·b) for two shares, and 1 if that is rounded.
func mul62(a, b uint64) (low, off uint64) {
	hi, lo := bits.Mul64(a, b)
	if lo<<2 != 0 {
		off = 1
	}
	return hi<<2 | lo>>62, off
}

// mulUp62 returns a·b rounded up.
func mulUp62(a, b uint64) uint64 {
	low, off := mul62(a, b)
	return low + off
}

// divUp62 returns min(1, a/b) rounded up.
func divUp62(a, b uint64) uint64 {
	if a >= b {
		return unit62
	}
	low, off := share62(a, b)
	return low + off
}

// ownerTable adds up what owners have of one company. Few owners are found by looking at each,
// more of them by their slots.
type ownerTable struct {
	slots  []slot
	round  uint32
	hashed bool // the owners have slots
	list   []entry
	units  []uint64 // of the first entries of list: direct stakes, see settle
}

// slot is a place of the table. It is free if it is not of this round.
type slot struct{ round, index uint32 }

// fewOwners is the number of owners that have no slots.
const fewOwners = 8

// clear empties t.
func (t *ownerTable) clear() {
	t.list, t.units, t.hashed = t.list[:0], t.units[:0], false
}

// find returns the slot of an owner.
func (t *ownerTable) find(owner uint32) *slot {
	mask := uint32(len(t.slots) - 1)
	for at := (owner * 0x9E3779B1) >> 7 & mask; ; at = (at + 1) & mask {
		if x := &t.slots[at]; x.round != t.round || t.list[x.index].owner == owner {
			return x
		}
	}
}

// index returns the index of an owner among the first of list, or -1. Those after them have no
// slots.
func (t *ownerTable) index(owner uint32, among int) int {
	if t.hashed {
		if x := t.find(owner); x.round == t.round {
			return int(x.index)
		}
		return -1
	}
	for i := range t.list[:among] {
		if t.list[i].owner == owner {
			return i
		}
	}
	return -1
}

// of returns the index of an owner in list. A new one has nothing.
func (t *ownerTable) of(owner uint32) int {
	n := len(t.list)
	if i := t.index(owner, n); i >= 0 {
		return i
	}
	if n >= fewOwners && (!t.hashed || 2*n >= len(t.slots)) {
		t.hash()
	}
	if t.hashed {
		*t.find(owner) = slot{t.round, uint32(n)}
	}
	t.list = append(t.list, entry{owner: owner})
	return n
}

// hash gives the owners slots, of which more than half are free.
func (t *ownerTable) hash() {
	t.hashed = true
	if 2*len(t.list) >= len(t.slots) {
		t.slots, t.round = make([]slot, max(64, 2*len(t.slots))), 0
	}
	if t.round++; t.round == 0 { // the numbers are used up
		clear(t.slots)
		t.round = 1
	}
	for i := range t.list {
		*t.find(t.list[i].owner) = slot{t.round, uint32(i)}
	}
}

// add adds a share between low and low+off.
func (t *ownerTable) add(owner uint32, low, off uint64) {
	x := &t.list[t.of(owner)]
	x.low += low
	x.off = short(uint64(x.off) + off)
}

// addPart adds a fraction between d and d+dOff of each entry of a row.
func (t *ownerTable) addPart(row []entry, d, dOff uint64) {
	for i := range row {
		x := &row[i]
		low, off := mul62(d, x.low)
		// The true fraction is below d+dOff, and it and the true share are at most 1.
		t.add(x.owner, low, off+uint64(x.off)+dOff)
	}
}

// addLast is addPart, if nothing is added after it. Owners need not be found again then.
func (t *ownerTable) addLast(row []entry, d, dOff uint64) {
	known := len(t.list)
	t.list = slices.Grow(t.list, len(row))
	for i := range row {
		x := &row[i]
		low, off := mul62(d, x.low)
		off += uint64(x.off) + dOff
		if at := t.index(x.owner, known); at >= 0 {
			y := &t.list[at]
			y.low += low
			y.off = short(uint64(y.off) + off)
			continue
		}
		t.list = append(t.list, entry{low: low, owner: x.owner, off: short(off)})
	}
}

// direct adds a direct stake. It comes before all shares of other kinds.
func (t *ownerTable) direct(owner uint32, units uint64) {
	i := t.of(owner)
	if i == len(t.units) {
		t.units = append(t.units, 0)
	}
	t.units[i] += units
}

// settle turns the units of direct stakes into shares of total. Units stay only of owners who
// have nothing else.
func (t *ownerTable) settle(total uint64) {
	for i, u := range t.units {
		x := &t.list[i]
		if x.low != 0 || x.off != 0 {
			t.units[i] = 0
		}
		low, off := share62(u, total)
		x.low += low
		x.off = short(uint64(x.off) + off)
	}
}
