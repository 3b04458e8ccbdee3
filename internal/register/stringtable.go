package register

import (
	"bytes"
	"hash/maphash"
	"math"
)

// stringTable numbers strings from 0 in order of appearance. It keeps them in one
// array of bytes, so that millions of ids cause no work for the garbage collector.
// It is a hash table with open addressing.
type stringTable struct {
	seed maphash.Seed
	// The length of slots is a power of two. A slot is 0 if it is free. Otherwise
	// its upper half is the upper half of the string's hash, which decides the
	// slot, and its lower half is the string's number plus 1.
	slots []uint64
	text  []byte
	ends  []uint32 // of each string: where it ends in text

	scratch []uint32
	sink    byte // keeps the compiler from leaving out the loads of prefetch
}

func newStringTable() *stringTable {
	return &stringTable{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)}
}

// len returns the number of strings.
func (t *stringTable) len() int { return len(t.ends) }

// at returns the string with number i. The bytes must not be changed.
func (t *stringTable) at(i int32) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.text[start:t.ends[i]]
}

// prefetch loads the data for look-ups of some hashes into the processor's cache.
// The loads of one look-up wait for one another, but the loads of one loop here do
// not. This halves the time.
func (t *stringTable) prefetch(hashes []uint64) {
	mask := uint64(len(t.slots) - 1)
	numbers := t.scratch[:0]
	for _, h := range hashes {
		numbers = append(numbers, uint32(t.slots[h>>32&mask]))
	}
	for i, n := range numbers {
		if n != 0 {
			numbers[i] = t.ends[n-1]
		}
	}
	var sink byte
	for _, end := range numbers {
		if end != 0 {
			sink ^= t.text[end-1]
		}
	}
	t.scratch, t.sink = numbers, sink
}

// find returns the number of s, or false and the free slot where s belongs.
func (t *stringTable) find(s []byte, hash uint64) (number int32, slot uint64, ok bool) {
	mask := uint64(len(t.slots) - 1)
	for slot = hash >> 32 & mask; t.slots[slot] != 0; slot = (slot + 1) & mask {
		if v := t.slots[slot]; v>>32 == hash>>32 {
			if number = int32(uint32(v)) - 1; bytes.Equal(t.at(number), s) {
				return number, slot, true
			}
		}
	}
	return 0, slot, false
}

// lookup returns the number of s, or false if it has none. The hash is that of s with
// the table's seed.
func (t *stringTable) lookup(s []byte, hash uint64) (int32, bool) {
	i, _, ok := t.find(s, hash)
	return i, ok
}

// add returns the number of s. If s is new, it gets a new number. The hash is that of
// s with the table's seed. add returns false if s does not fit into four gigabytes of
// text.
func (t *stringTable) add(s []byte, hash uint64) (int32, bool) {
	i, slot, ok := t.find(s, hash)
	if ok {
		return i, true
	}
	if uint64(len(t.text)+len(s)) > math.MaxUint32 || len(t.ends) >= math.MaxInt32-1 {
		return 0, false
	}
	t.text = append(t.text, s...)
	t.ends = append(t.ends, uint32(len(t.text)))
	t.slots[slot] = hash>>32<<32 | uint64(len(t.ends))
	if 3*len(t.ends) > 2*len(t.slots) {
		t.grow()
	}
	return int32(len(t.ends) - 1), true
}

// grow doubles the slots.
func (t *stringTable) grow() {
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
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
