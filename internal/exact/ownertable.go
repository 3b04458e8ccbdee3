package exact

import (
	"math/big"
	"math/bits"
)

// unit62 is the fraction 1 in units of 2^-62. All shares of [Solver.Above] are in these units.
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

// entry is what an owner has of a company: between low and low+off. The owner is a node, or
// the number of nodes plus the number of the company whose float it is.
type entry struct {
	low, off uint64
	owner    uint32
	at       uint32 // the slot in ownerTable, or a member of a part
}

// ownerTable adds up what owners have of one company.
type ownerTable struct {
	slots []uint32 // 1 + an index in list, or 0
	list  []entry
	units []uint64 // of each entry of list: direct stakes, see settle
}

// clear empties t.
func (t *ownerTable) clear() {
	for i := range t.list {
		t.slots[t.list[i].at] = 0
	}
	t.list, t.units = t.list[:0], t.units[:0]
}

// of returns the index of an owner in list. A new owner has 0.
func (t *ownerTable) of(owner uint32) int {
	if 2*len(t.list) >= len(t.slots) {
		t.grow()
	}
	mask := uint32(len(t.slots) - 1)
	at := (owner * 0x9E3779B1) >> 7 & mask
	for ; t.slots[at] != 0; at = (at + 1) & mask {
		if i := int(t.slots[at] - 1); t.list[i].owner == owner {
			return i
		}
	}
	t.list, t.units = append(t.list, entry{owner: owner, at: at}), append(t.units, 0)
	t.slots[at] = uint32(len(t.list))
	return len(t.list) - 1
}

// grow doubles the slots.
func (t *ownerTable) grow() {
	t.slots = make([]uint32, max(64, 2*len(t.slots)))
	mask := uint32(len(t.slots) - 1)
	for i := range t.list {
		at := (t.list[i].owner * 0x9E3779B1) >> 7 & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at], t.list[i].at = uint32(i+1), at
	}
}

// add adds a share between low and low+off.
func (t *ownerTable) add(owner uint32, low, off uint64) {
	e := &t.list[t.of(owner)]
	e.low += low
	e.off += off
}

// addPart adds a fraction between d and d+dOff of each entry of a row.
func (t *ownerTable) addPart(row []entry, d, dOff uint64) {
	for i := range row {
		x := &row[i]
		low, off := mul62(d, x.low)
		if x.off != 0 {
			off += mulUp62(d, x.off)
		}
		// The true fraction is below d+dOff, and the true share at most 1.
		t.add(x.owner, low, off+dOff)
	}
}

// settle turns the units of direct stakes into shares of total. Units stay only of owners who
// have nothing else.
func (t *ownerTable) settle(total uint64) {
	for i, u := range t.units {
		if u == 0 {
			continue
		}
		x := &t.list[i]
		if x.low != 0 || x.off != 0 {
			t.units[i] = 0
		}
		low, off := share62(u, total)
		x.low += low
		x.off += off
	}
}
