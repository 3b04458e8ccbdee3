package above

import (
	"math"
	"math/bits"
	"sync/atomic"
)

// entry is what an owner has of a company: between low and low+off. The owner is a node, or
// the number of nodes plus the number of the company whose float it is.
//
// A row is a list of entries after a head. The head has the number of entries as owner. Its
// low is the slack: no owner has more than this besides its entry, or noAnswer. Its off is the
// number of stakes of the company that are still to be read.
type entry struct {
	low   uint64
	owner uint32
	off   uint32
}

// noAnswer is the slack of a company without an answer.
const noAnswer = math.MaxUint64

// anyOff is the off of an entry whose error is not known.
const anyOff = math.MaxUint32

// high returns the most that the owner can have.
func (x *entry) high() uint64 {
	if x.off == anyOff {
		return unit62
	}
	return x.low + uint64(x.off)
}

// short returns an error as an entry has it.
func short(off uint64) uint32 { return uint32(min(off, anyOff)) }

// ownerSet is a set of owners. Several goroutines can use it.
type ownerSet []uint32

func newOwnerSet(owners int) ownerSet { return make(ownerSet, owners/32+1) }

func (s ownerSet) has(owner uint32) bool {
	return atomic.LoadUint32(&s[owner>>5])>>(owner&31)&1 != 0
}

func (s ownerSet) add(owner uint32) {
	if !s.has(owner) {
		atomic.OrUint32(&s[owner>>5], 1<<(owner&31))
	}
}

// blockBits is the size of a block of [rowStore] as a power of two.
const blockBits = 15

// rowStore keeps rows. Each has a place of a power of two of entries, and freed places are
// used again.
type rowStore struct {
	blocks [][]entry // a place of more than a block has several, and is at the first
	next   int       // the first unused entry of the last block
	unused [32][]int32
}

// at returns a row by its number.
func (r *rowStore) at(number int32) []entry {
	row := r.blocks[number>>blockBits][number&(1<<blockBits-1):]
	return row[:1+row[0].owner]
}

// head returns the head of a row.
func (r *rowStore) head(number int32) *entry {
	return &r.blocks[number>>blockBits][number&(1<<blockBits-1)]
}

// sizeClass returns the size of the place of a row of some entries, as a power of two.
func sizeClass(size int) int { return bits.Len(uint(max(size, 4) - 1)) }

// keep copies a row, and returns its number, which is above 0.
func (r *rowStore) keep(row []entry) int32 {
	number := r.place(sizeClass(len(row)))
	copy(r.blocks[number>>blockBits][number&(1<<blockBits-1):], row)
	return number
}

// place returns where 2^class entries are free.
func (r *rowStore) place(class int) int32 {
	if list := r.unused[class]; len(list) > 0 {
		r.unused[class] = list[:len(list)-1]
		return list[len(list)-1]
	}
	if len(r.blocks) == 0 {
		r.blocks, r.next = [][]entry{nil}, 1<<blockBits // no row has number 0
	}
	size := 1 << class
	if size > 1<<blockBits {
		first := len(r.blocks)
		r.blocks = append(r.blocks, make([][]entry, size>>blockBits)...)
		r.blocks[first], r.next = make([]entry, size), 1<<blockBits
		return int32(first << blockBits)
	}
	if r.next+size > 1<<blockBits {
		r.blocks, r.next = append(r.blocks, make([]entry, 1<<blockBits)), 0
	}
	number := int32((len(r.blocks)-1)<<blockBits + r.next)
	r.next += size
	return number
}

// unusedRow is a row that had its last use.
type unusedRow struct{ row, size int32 }

// free gives a row up.
func (r *rowStore) free(x unusedRow) {
	class := sizeClass(int(x.size))
	r.unused[class] = append(r.unused[class], x.row)
}
