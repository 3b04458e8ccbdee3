package crossholding

import (
	"hash/maphash"
	"math"
)

// interner numbers strings in order of appearance. It keeps them in one array
// of bytes, so that millions of ids cost the garbage collector nothing.
type interner struct {
	seed  maphash.Seed
	slots []uint64 // hash's upper half, which also places it, and number+1; 0 if free; length a power of two
	text  []byte
	ends  []uint32 // of each string in text

	scratch []uint32
	sink    byte // keeps warm's loads from being left out
}

func newInterner() *interner {
	return &interner{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<10)}
}

func (in *interner) len() int { return len(in.ends) }

func (in *interner) at(i int32) []byte {
	start := uint32(0)
	if i > 0 {
		start = in.ends[i-1]
	}
	return in.text[start:in.ends[i]]
}

// warm brings what will be looked up for some hashes into the cache. Each loop's
// loads do not wait for one another, as those of one look-up do: that is worth
// half of the time.
func (in *interner) warm(hashes []uint64) {
	mask := uint64(len(in.slots) - 1)
	numbers := in.scratch[:0]
	for _, h := range hashes {
		numbers = append(numbers, uint32(in.slots[h>>32&mask]))
	}
	for i, n := range numbers {
		if n != 0 {
			numbers[i] = in.ends[n-1]
		}
	}
	var sink byte
	for _, end := range numbers {
		if end != 0 {
			sink ^= in.text[end-1]
		}
	}
	in.scratch, in.sink = numbers, sink
}

// find returns the number of s, or the free slot where it belongs.
func (in *interner) find(s string, hash uint64) (number int32, slot uint64, ok bool) {
	mask := uint64(len(in.slots) - 1)
	for slot = hash >> 32 & mask; in.slots[slot] != 0; slot = (slot + 1) & mask {
		if v := in.slots[slot]; v>>32 == hash>>32 {
			if number = int32(uint32(v)) - 1; string(in.at(number)) == s {
				return number, slot, true
			}
		}
	}
	return 0, slot, false
}

// lookup returns the number of s if it has one.
func (in *interner) lookup(s string) (int32, bool) {
	i, _, ok := in.find(s, maphash.String(in.seed, s))
	return i, ok
}

// add returns the number of s, a new one if it has none, given its hash by
// warm. It returns false when there is no room for more: four gigabytes of text.
func (in *interner) add(s string, hash uint64) (int32, bool) {
	i, slot, ok := in.find(s, hash)
	if ok {
		return i, true
	}
	if uint64(len(in.text)+len(s)) > math.MaxUint32 || len(in.ends) >= math.MaxInt32-1 {
		return 0, false
	}
	in.text = append(in.text, s...)
	in.ends = append(in.ends, uint32(len(in.text)))
	in.slots[slot] = hash>>32<<32 | uint64(len(in.ends))
	if 3*len(in.ends) > 2*len(in.slots) {
		in.grow()
	}
	return int32(len(in.ends) - 1), true
}

func (in *interner) grow() {
	old := in.slots
	in.slots = make([]uint64, 2*len(old))
	mask := uint64(len(in.slots) - 1)
	for _, v := range old {
		if v == 0 {
			continue
		}
		slot := v >> 32 & mask
		for in.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		in.slots[slot] = v
	}
}

// strings returns all strings in order of number; they share their memory.
func (in *interner) strings() []string {
	text := string(in.text)
	out := make([]string, len(in.ends))
	start := uint32(0)
	for i, end := range in.ends {
		out[i], start = text[start:end], end
	}
	return out
}
