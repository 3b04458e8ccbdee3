package above

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/memory"
)

// entry is what an owner has of a company: between low and low+off. The owner is a node, or
// the number of nodes plus the number of the company whose float it is.
//
// A row is a list of entries after a head. The head has the number of entries as owner. Its
// low is the slack: no owner has more than this besides its entry, or noAnswer. Its off is the
// number of stakes of the company that are still to be read. The number of a row is that of its
// block and its place there.
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

// blockBits is the size of a block of [rowStore] as a power of two. After the first stretch blocks,
// as many are made at a time, of large pages of memory.
const (
	blockBits = 12
	stretch   = 64
)

// rowStore keeps rows in blocks. A block is used again when all of its rows have had their last
// use. A row of more than a block has a block of its own.
//
// Workers make rows side by side. A row is not read before [rowStore.made].
type rowStore struct {
	mu     sync.Mutex
	blocks [][]entry
	rows   []int32 // of each block: the rows that are still to be used, and one more while a worker makes rows there
	free   []int32 // blocks without a row
	spare  []int32 // numbers of blocks that do not exist
	next   int32   // the number of the next block
	unused []entry // a stretch of memory for more blocks
}

// rowPlace is where one worker makes rows.
type rowPlace struct {
	block  []entry
	number int32
	next   int        // the first unused entry of block
	rows   int32      // to be counted for block
	full   []rowBlock // to be counted for others

	gone []int32 // of each block: the rows that had their last use, to be counted
	some []int32 // the blocks with such rows
}

// rowBlock is a block, its number, and how many rows more it has.
type rowBlock struct {
	block  []entry
	number int32
	rows   int32
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

// place returns an unused row of some entries and its number, which is above 0.
func (r *rowStore) place(x *rowPlace, size int) (row []entry, number int32) {
	if size >= 1<<blockBits {
		block, number := r.block(1 + size)
		x.full = append(x.full, rowBlock{block, number, 1})
		return block[1:], number<<blockBits | 1
	}
	if x.next+size > len(x.block) {
		if x.block != nil {
			x.full = append(x.full, rowBlock{x.block, x.number, x.rows - 1})
		}
		x.block, x.number = r.block(1 << blockBits)
		x.next, x.rows = 1, 1 // no row has number 0, and the block stays until the worker leaves it
	}
	at := x.next
	x.next += size
	x.rows++
	return x.block[at:x.next:x.next], x.number<<blockBits | int32(at)
}

// block returns an unused block of some entries.
func (r *rowStore) block(size int) ([]entry, int32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free) - 1; n >= 0 && size == 1<<blockBits {
		number := r.free[n]
		r.free = r.free[:n]
		return r.blocks[number], number
	}
	number := r.next
	if n := len(r.spare) - 1; n >= 0 {
		number, r.spare = r.spare[n], r.spare[:n]
	} else {
		r.next++
	}
	if size > 1<<blockBits || r.next < stretch {
		return make([]entry, size), number
	}
	if len(r.unused) == 0 {
		r.unused = make([]entry, stretch<<blockBits)
		memory.Advise(r.unused)
	}
	block := r.unused[:size:size]
	r.unused = r.unused[size:]
	return block, number
}

// used counts one use of a row.
func (x *rowPlace) used(number int32, row []entry) {
	if atomic.AddUint32(&row[0].off, ^uint32(0)) > 0 {
		return
	}
	block := int(number >> blockBits)
	if block >= len(x.gone) {
		x.gone = append(x.gone, make([]int32, block+1-len(x.gone)+len(x.gone)/2)...)
	}
	if x.gone[block] == 0 {
		x.some = append(x.some, int32(block))
	}
	x.gone[block]++
}

// made lists the blocks in which a worker made rows. No worker may work.
func (r *rowStore) made(x *rowPlace) {
	for _, b := range x.full {
		r.add(b)
	}
	x.full = x.full[:0]
	if x.block != nil {
		r.add(rowBlock{x.block, x.number, x.rows})
		x.rows = 0
	}
}

// add counts rows of a block.
func (r *rowStore) add(b rowBlock) {
	if more := int(b.number) + 1 - len(r.blocks); more > 0 {
		r.blocks, r.rows = append(r.blocks, make([][]entry, more)...), append(r.rows, make([]int32, more)...)
	}
	r.blocks[b.number] = b.block
	r.count(b.number, b.rows)
}

// ended takes back the blocks of which a worker used the last row. All blocks must be listed.
func (r *rowStore) ended(x *rowPlace) {
	for _, number := range x.some {
		r.count(number, -x.gone[number])
		x.gone[number] = 0
	}
	x.some = x.some[:0]
}

// count adds to the rows of a block, and takes it back if there are none.
func (r *rowStore) count(number, rows int32) {
	if r.rows[number] += rows; r.rows[number] > 0 {
		return
	}
	if len(r.blocks[number]) > 1<<blockBits {
		r.blocks[number] = nil
		r.spare = append(r.spare, number)
	} else {
		r.free = append(r.free, number)
	}
}
