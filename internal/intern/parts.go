package intern

import (
	"bytes"
	"encoding/binary"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
)

// Parts numbers millions of strings on several goroutines. Goroutines put strings with their
// [Writer]s, which only sort them into parts by their hashes. Then each part is numbered by
// itself, in tables that fit into the cache of a core: first by [Parts.Define], later by
// [Parts.Resolve]. The result does not depend on which goroutine put a string, or when.
type Parts struct {
	hasher  hasher
	writers []Writer
	parts   [partCount]part
	maxPart int // strings in one part
}

const (
	partBits  = 8
	partCount = 1 << partBits
	partMask  = partCount - 1
)

// NoRef is the reference of a string that is put only so that it has a number.
const NoRef = 1<<32 - 1

// part has the strings of some hashes. They have local numbers from 0. A string begins in text at
// its start and ends at the next one.
type part struct {
	text   []byte
	starts []uint32
	refs   []uint32 // of the strings that are defined, which come first
	slots  []uint64 // of the strings that are defined, see table
}

// NewParts returns parts without strings, and with a number of writers.
func NewParts(writers int) *Parts {
	return &Parts{hasher: newHasher(), writers: make([]Writer, writers), maxPart: 1<<(31-partBits) - 1}
}

// Hash returns the hash that the other methods want of a string.
func (t *Parts) Hash(s []byte) uint64 { return t.hasher.hash(s) }

// Writer returns writer w, which one goroutine at a time may use.
func (t *Parts) Writer(w int) *Writer { return &t.writers[w] }

// Writer puts strings for [Parts].
type Writer struct {
	// Records of each part: 4 bytes of the hash, the reference in 4 bytes, the length in one byte or
	// longString and 4 bytes, and the string. The open block is the last, and is not among the full.
	open  [partCount][]byte
	full  [partCount][][]byte
	spare []byte // memory of further blocks
	slab  int    // bytes of the last spare memory
}

const (
	recordHead = 9
	minBlock   = 256
	maxBlock   = 8 << 10
	maxSlab    = 1 << 20
)

// Put puts a string, of which the caller gave a reference. The hash is that of the string.
func (w *Writer) Put(hash uint64, ref uint32, s []byte) {
	p := hash >> (64 - partBits)
	b := w.open[p]
	n := len(b)
	if cap(b)-n < recordHead+4+copyBytes+len(s) {
		b, n = w.block(p, recordHead+4+copyBytes+len(s)), 0
	}
	b = b[:n+recordHead]
	binary.LittleEndian.PutUint64(b[n:], uint64(ref)<<32|hash&(1<<32-1))
	if len(s) < longString {
		b[n+8] = byte(len(s))
	} else {
		b[n+8] = longString
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	}
	w.open[p] = appended(b, s)
}

// copyBytes is the length up to which a string is copied by moving as many bytes.
const copyBytes = 16

// appended returns append(b, s...). It is fast if s is short, and if both have room for more.
func appended(b, s []byte) []byte {
	n, k := len(b), len(s)
	if k > copyBytes || cap(s) < copyBytes || cap(b)-n < copyBytes {
		return append(b, s...)
	}
	from, to := s[:copyBytes], b[n:n+copyBytes]
	binary.LittleEndian.PutUint64(to, binary.LittleEndian.Uint64(from))
	binary.LittleEndian.PutUint64(to[8:], binary.LittleEndian.Uint64(from[8:]))
	return b[:n+k]
}

// block begins a block of part p with room for n bytes.
func (w *Writer) block(p uint64, n int) []byte {
	size := minBlock
	if b := w.open[p]; cap(b) > 0 {
		w.full[p] = append(w.full[p], b)
		size = min(2*cap(b), maxBlock)
	}
	if n > size {
		return make([]byte, 0, n)
	}
	if len(w.spare) < size {
		w.slab = min(max(2*w.slab, 16*minBlock), maxSlab)
		w.spare = memory.MakeUnset[uint8](w.slab)
	}
	b := w.spare[:0:size]
	w.spare = w.spare[size:]
	return b
}

// take calls each for the blocks of records of part p, and forgets them.
func (t *Parts) take(p int, each func(records []byte)) {
	for w := range t.writers {
		w := &t.writers[w]
		for _, b := range w.full[p] {
			each(b)
		}
		each(w.open[p])
		w.full[p], w.open[p] = nil, nil
	}
}

// record takes the first record off.
func record(b []byte) (tag, ref uint32, s, rest []byte) {
	tag, ref = binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	n, at := int(b[8]), recordHead
	if n == longString {
		n, at = int(binary.LittleEndian.Uint32(b[recordHead:])), recordHead+4
	}
	return tag, ref, b[at : at+n], b[at+n:]
}

// table numbers the strings of one part. It is a hash table with open addressing. Its memory is
// used again for further parts. A slot is 0 if it is free. Otherwise its upper half is 4 bytes of
// the hash, and its lower half is the local number plus 1.
type table struct {
	slots  []uint64
	spare  []uint64 // memory for more slots
	starts []uint32 // one more than strings
	text   []byte
	refs   []uint32
	number []int32

	bytes slab[byte] // memory of parts
	words slab[uint32]
	longs slab[uint64]
}

// begin makes the table one of the strings of a part, with room for as many more.
func (t *table) begin(p *part, more int) {
	known := len(p.starts) - 1
	size := 16
	for size < 2*(known+more) {
		size *= 2
	}
	t.reset(size)
	t.starts, t.text = append(t.starts[:0], 0), t.text[:0]
	if known > 0 {
		t.starts, t.text = append(t.starts[:0], p.starts...), append(t.text, p.text...)
		for _, v := range p.slots {
			t.insert(v)
		}
	}
	t.refs, t.number = t.refs[:0], t.number[:0]
}

// reset makes the slots free.
func (t *table) reset(size int) {
	if cap(t.slots) < size {
		t.slots = make([]uint64, size)
		return
	}
	t.slots = t.slots[:size]
	clear(t.slots)
}

// insert puts what a slot has into the slot where it belongs. It ignores a free one.
func (t *table) insert(v uint64) {
	if v == 0 {
		return
	}
	mask := uint64(len(t.slots) - 1)
	slot := v >> 32 & mask
	for t.slots[slot] != 0 {
		slot = (slot + 1) & mask
	}
	t.slots[slot] = v
}

// add returns the local number of a string, and whether it is new.
func (t *table) add(tag uint32, s []byte) (local int, isNew bool) {
	local, slot := find(t.slots, t.starts, t.text, tag, s)
	if local >= 0 {
		return local, false
	}
	local = len(t.starts) - 1
	t.slots[slot] = uint64(tag)<<32 | uint64(local+1)
	t.text = appended(t.text, s)
	t.starts = append(t.starts, uint32(len(t.text)))
	if 2*len(t.starts) > len(t.slots) {
		old := t.slots
		t.slots, t.spare = t.spare, old
		t.reset(2 * len(old))
		for _, v := range old {
			t.insert(v)
		}
	}
	return local, true
}

// find returns the local number of a string, or -1 and the free slot where it belongs.
func find(slots []uint64, starts []uint32, text []byte, tag uint32, s []byte) (local int, slot uint32) {
	mask := uint32(len(slots) - 1)
	for slot = tag & mask; ; slot = (slot + 1) & mask {
		v := slots[slot]
		if v == 0 {
			return -1, slot
		}
		if uint32(v>>32) == tag {
			local = int(uint32(v)) - 1
			if bytes.Equal(text[starts[local]:starts[local+1]], s) {
				return local, slot
			}
		}
	}
}

// addAll numbers the strings of some records, and calls each with the reference of each and its
// local number. It returns false if there is no room.
func (t *Parts) addAll(in *table, records []byte, each func(ref uint32, local int, isNew bool)) bool {
	for len(records) > 0 {
		tag, ref, s, rest := record(records)
		if !t.room(len(in.starts)-1, len(in.text), s) {
			return false
		}
		local, isNew := in.add(tag, s)
		each(ref, local, isNew)
		records = rest
	}
	return true
}

// room reports whether a part with n strings and some bytes of text has room for one more.
func (t *Parts) room(n, text int, s []byte) bool {
	return n < t.maxPart && uint64(text+len(s)) < 1<<32 && len(s) < maxString
}

// eachPart calls work for each part on some goroutines, and waits for all. Each goroutine has a
// table. It returns false if a call did.
func eachPart(workers int, work func(p int, in *table) bool) bool {
	var failed atomic.Bool
	parallel.Each(max(workers, 1), partCount, func(in *table, p int) {
		if !work(p, in) {
			failed.Store(true)
		}
	})
	return !failed.Load()
}

// Define numbers all strings that were put, whose references must be different. If several are
// equal, the least reference is the one of the string, and Define returns the others in any order.
// It may be called once. It returns false if there are too many strings.
func (t *Parts) Define(workers int) (again []uint32, ok bool) {
	var lock sync.Mutex
	ok = eachPart(workers, func(p int, in *table) bool {
		out := &t.parts[p]
		in.begin(out, 0)
		full := false
		t.take(p, func(b []byte) {
			full = full || !t.addAll(in, b, func(ref uint32, local int, isNew bool) {
				if isNew {
					in.refs = append(in.refs, ref)
					return
				}
				lock.Lock()
				again = append(again, max(ref, in.refs[local]))
				lock.Unlock()
				in.refs[local] = min(ref, in.refs[local])
			})
		})
		if n := len(in.refs); n > 0 {
			*out = part{text: in.bytes.clone(in.text), starts: in.words.clone(in.starts), refs: in.words.clone(in.refs), slots: in.longs.clone(in.slots)}
		}
		return !full
	})
	return again, ok
}

// slab is memory for copies of lists. The parts of a small register then need few allocations, and
// those of a large one lie in large pages.
type slab[T memory.Number] struct {
	rest []T
	size int // of the last piece of memory
}

const (
	minPiece = 1 << 12 // items of the first piece of memory
	maxPiece = 1 << 20 // items of a piece of memory; a list of an eighth gets memory of its own
)

// clone returns a copy without room for more.
func (s *slab[T]) clone(list []T) []T {
	n := len(list)
	if n > maxPiece/8 {
		return append(make([]T, 0, n), list...)
	}
	if len(s.rest) < n {
		s.size = min(max(2*s.size, 2*n, minPiece), maxPiece)
		s.rest = memory.MakeUnset[T](s.size)
	}
	out := s.rest[:n:n]
	s.rest = s.rest[n:]
	copy(out, list)
	return out
}

// Lookup returns the reference of a string that is defined. Goroutines may call it at the same
// time after Define.
func (t *Parts) Lookup(hash uint64, s []byte) (ref uint32, ok bool) {
	p := &t.parts[hash>>(64-partBits)]
	if len(p.slots) == 0 {
		return 0, false
	}
	local, _ := find(p.slots, p.starts, p.text, uint32(hash), s)
	if local < 0 {
		return 0, false
	}
	return p.refs[local], true
}

// Resolve numbers the strings that were put after Define. For those with a reference it calls set
// with the references and the numbers of some of them, on several goroutines at the same time. The
// number of a string that is defined is its reference there. A number of another is negative, and
// is meant for [Ranks]. Resolve may be called once; after it, Lookup finds nothing. It
// returns false if there are too many strings.
func (t *Parts) Resolve(workers int, set func(refs []uint32, numbers []int32)) bool {
	return eachPart(workers, func(p int, in *table) bool {
		out := &t.parts[p]
		in.begin(out, len(out.refs)/2)
		full := false
		t.take(p, func(b []byte) {
			in.refs, in.number = in.refs[:0], in.number[:0]
			full = full || !t.addAll(in, b, func(ref uint32, local int, _ bool) {
				if ref == NoRef {
					return
				}
				number := ^int32((local-len(out.refs))<<partBits | p)
				if local < len(out.refs) {
					number = int32(out.refs[local])
				}
				in.refs, in.number = append(in.refs, ref), append(in.number, number)
			})
			if !full {
				set(in.refs, in.number)
			}
		})
		out.slots = nil
		if len(in.starts) > len(out.starts) {
			out.text, out.starts = in.bytes.clone(in.text), in.words.clone(in.starts)
		}
		return !full
	})
}
