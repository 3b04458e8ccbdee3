// Package intern keeps millions of strings, each once, with a number.
package intern

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math"

	"github.com/crossholding/crossholding/internal/memory"
)

// Table numbers strings from 0 in order of appearance. It keeps them in one
// array of bytes, so that millions of ids cause no work for the garbage collector.
// It is a hash table with open addressing.
type Table struct {
	seed maphash.Seed
	// The length of slots is a power of two. A slot is 0 if it is free. Otherwise
	// its upper half is the upper half of the string's hash, which decides the
	// slot, and its lower half is where the string's entry begins in text, plus 1.
	slots []uint64
	// An entry is the string's number in four bytes, its length and the string. A
	// length is one byte, or 255 and four bytes. So a look-up loads one place of text.
	// Entries lie in blocks of 2^22 bytes, and begin at multiples of four bytes, so that
	// 32 bits are enough for the place in 16 GiB. An entry that is longer than the rest of
	// its block begins a block that is as long as it needs.
	text   [][]byte
	starts List[uint32] // of each string: where its entry begins
	length int          // of all strings together

	scratch []uint32
	sink    byte // keeps the compiler from leaving out the loads of Prefetch
}

// New returns a table without strings.
func New() *Table {
	return &Table{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)}
}

// Seed returns the seed of the hashes.
func (t *Table) Seed() maphash.Seed { return t.seed }

// Len returns the number of strings.
func (t *Table) Len() int { return t.starts.Len }

// At returns the string with number i. The bytes must not be changed.
func (t *Table) At(i int32) []byte {
	_, s := t.entry(*t.starts.At(i))
	return s
}

// entry returns the number and the string of an entry.
func (t *Table) entry(start uint32) (number int32, s []byte) {
	e := t.text[start>>placeBits][start&(1<<placeBits-1)*entryUnit:]
	number = int32(binary.LittleEndian.Uint32(e))
	if n := int(e[4]); n < longString {
		return number, e[5 : 5+n]
	}
	return number, e[9 : 9+binary.LittleEndian.Uint32(e[5:])]
}

// longString is the length byte of strings that are at least as long.
const longString = 255

// Prefetch loads the data for look-ups of some hashes into the processor's cache.
// The loads of one look-up wait for one another, but the loads of one loop here do
// not. This halves the time.
func (t *Table) Prefetch(hashes []uint64) {
	mask := uint64(len(t.slots) - 1)
	starts := t.scratch[:0]
	for _, h := range hashes {
		starts = append(starts, uint32(t.slots[h>>32&mask]))
	}
	var sink byte
	for _, start := range starts {
		if start != 0 {
			start--
			sink ^= t.text[start>>placeBits][start&(1<<placeBits-1)*entryUnit]
		}
	}
	t.scratch, t.sink = starts, sink
}

// find returns the number of s, or false and the free slot where s belongs.
func (t *Table) find(s []byte, hash uint64) (number int32, slot uint64, ok bool) {
	mask := uint64(len(t.slots) - 1)
	for slot = hash >> 32 & mask; t.slots[slot] != 0; slot = (slot + 1) & mask {
		if v := t.slots[slot]; v>>32 == hash>>32 {
			if number, known := t.entry(uint32(v) - 1); bytes.Equal(known, s) {
				return number, slot, true
			}
		}
	}
	return 0, slot, false
}

// Lookup returns the number of s, or false if it has none. The hash is that of s with
// the table's seed.
func (t *Table) Lookup(s []byte, hash uint64) (int32, bool) {
	i, _, ok := t.find(s, hash)
	return i, ok
}

// Add returns the number of s. If s is new, it gets a new number. The hash is that of
// s with the table's seed. Add returns false if s has 16 MiB, or does not fit into 4,096
// blocks of entries.
func (t *Table) Add(s []byte, hash uint64) (int32, bool) {
	i, slot, ok := t.find(s, hash)
	if ok {
		return i, true
	}
	start, ok := t.room(9 + len(s))
	if !ok || len(s) >= maxString {
		return 0, false
	}
	i = int32(t.starts.Len)
	t.starts.Add(start)
	t.length += len(s)
	t.slots[slot] = hash>>32<<32 | uint64(start+1)
	e := binary.LittleEndian.AppendUint32(t.text[len(t.text)-1], uint32(i))
	if len(s) < longString {
		e = append(e, byte(len(s)))
	} else {
		e = binary.LittleEndian.AppendUint32(append(e, longString), uint32(len(s)))
	}
	e = append(e, s...)
	t.text[len(t.text)-1] = append(e, padding[:-len(e)&(entryUnit-1)]...)
	if 3*t.starts.Len > 2*len(t.slots) {
		t.grow()
	}
	return i, true
}

// Put returns what Add does, and finds the hash itself.
func (t *Table) Put(s []byte) (int32, bool) { return t.Add(s, maphash.Bytes(t.seed, s)) }

// PutString returns what Put does.
func (t *Table) PutString(s string) (int32, bool) {
	return t.Add([]byte(s), maphash.String(t.seed, s)) // the compiler may make no copy
}

const (
	placeBits  = 20                     // bits of the place of an entry in a block
	entryUnit  = 4                      // bytes of a step of a place
	blockBytes = entryUnit << placeBits // bytes of a block
	maxBlocks  = 1 << (32 - placeBits)  // blocks
)

// padding comes before the next entry.
var padding [entryUnit]byte

// room returns where an entry of n bytes begins. It returns false if there is no room.
func (t *Table) room(n int) (start uint32, ok bool) {
	last := len(t.text) - 1
	if n += entryUnit - 1; last < 0 || len(t.text[last])+n > blockBytes {
		if last+1 >= maxBlocks {
			return 0, false
		}
		capacity := max(n, blockBytes)
		if last < 0 {
			capacity = n // the first block grows, because many tables are small
		}
		t.text, last = append(t.text, memory.Make[uint8](capacity)[:0]), last+1
	}
	return uint32(last<<placeBits | len(t.text[last])/entryUnit), t.starts.Len < math.MaxInt32-1
}

// grow doubles the slots.
func (t *Table) grow() {
	old := t.slots
	t.slots = memory.Make[uint64](2 * len(old))
	mask := uint64(len(t.slots) - 1)
	for _, v := range old {
		if v == 0 {
			continue
		}
		slot := v >> 32 & mask
		for t.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		t.slots[slot] = v
	}
}
