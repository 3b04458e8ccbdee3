package intern

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
	"github.com/crossholding/crossholding/internal/radix"
)

// Ranks says which place the strings of [Parts] have among all of them in order. Here a string that
// is defined has its reference as its number, and the others have the numbers from Defined on.
type Ranks struct {
	Names   Names   // the strings in order
	Numbers []int32 // of the string at each place
	Defined int
	place   []int32          // of the string with each number
	base    [partCount]int32 // of the strings of each part that are not defined: the first number
}

// Of returns the place of a string that is defined, by its reference, or of any string with a number
// that Resolve gave.
func (r *Ranks) Of(number int32) int32 {
	resolved := ^number
	n := r.base[resolved&partMask] + resolved>>partBits
	mask := number >> 31 // all bits if Resolve gave the number to a string that is not defined
	return r.place[number&^mask|n&mask]
}

// Sorted reports whether the strings that are defined are in order.
func (r *Ranks) Sorted() bool { return slices.IsSorted(r.place[:r.Defined]) }

// Ranks sorts all strings. The references in Define must have been the numbers from 0, each once.
// The parts cannot be used after that.
func (t *Parts) Ranks(workers int) *Ranks {
	r := &ranker{Parts: t, out: &Ranks{}, workers: max(workers, 1)}
	n := 0
	for p := range t.parts {
		r.out.Defined += len(t.parts[p].refs)
		r.first[p] = n
		n += t.parts[p].len()
	}
	next := r.out.Defined
	for p := range t.parts {
		r.out.base[p] = int32(next)
		next += t.parts[p].len() - len(t.parts[p].refs)
	}
	r.out.place = memory.MakeUnset[int32](n)
	r.keys, r.out.Numbers = memory.MakeUnset[uint64](n), memory.MakeUnset[int32](n)
	r.limit()
	r.scatter()
	r.order()
	return r.out
}

// len returns the number of strings of a part.
func (p *part) len() int { return max(len(p.starts), 1) - 1 }

// ranker sorts the strings of all parts. It scatters them into ranges of texts, which are sorted
// one by one in the cache of a core.
type ranker struct {
	*Parts
	out     *Ranks
	workers int
	first   [partCount]int      // strings in the parts before
	limits  [rangeCount]uint64  // a key of range i is at least limits[i], and below limits[i+1]
	keys    []uint64            // the first eight bytes of strings, by range
	from    [rangeCount + 1]int // where each range begins
	begin   [rangeCount + 1]uint64
	short   [rangeCount]bool // the keys have the whole strings
	where   []uint32         // of strings by number: the part and the place in it, if not all ranges are short
}

const (
	rangeBits  = 8
	rangeCount = 1 << rangeBits
	partSample = 16 // strings of each part
)

// limit chooses the limits of ranges from a sample. Strings are in a part in the order in which they
// were put, and files often list them in their own order. So the sample has some strings of each
// part, at equal distances, and begins in each part a little further on than in the part before.
func (r *ranker) limit() {
	sample := make([]uint64, 0, partCount*partSample)
	for p := range r.parts {
		in := &r.parts[p]
		n := uint64(in.len())
		k := min(n, partSample)
		for i := range k {
			at := (i*partCount + uint64(p)) * n / (k * partCount)
			sample = append(sample, radix.Eight(in.at(int(at)), 0))
		}
	}
	slices.Sort(sample)
	for i := 1; i < rangeCount && len(sample) > 0; i++ {
		r.limits[i] = sample[i*len(sample)/rangeCount]
	}
}

// at returns string i of a part.
func (p *part) at(i int) []byte { return p.text[p.starts[i]:p.starts[i+1]] }

// rangesOf appends the ranges of keys: the last whose limit is not above the key. It looks for
// those of four keys at a time, because each step of one waits for the step before.
func (r *ranker) rangesOf(ranges []uint8, keys []uint64) []uint8 {
	step := func(i uint64, key uint64, step uint64) uint64 {
		_, below := bits.Sub64(key, r.limits[(i+step)&(rangeCount-1)], 0) // 1 if the key is below
		return i + step&(below-1)
	}
	for ; len(keys) >= 4; keys = keys[4:] {
		a, b, c, d := uint64(0), uint64(0), uint64(0), uint64(0)
		for s := uint64(rangeCount / 2); s > 0; s /= 2 {
			a, b, c, d = step(a, keys[0], s), step(b, keys[1], s), step(c, keys[2], s), step(d, keys[3], s)
		}
		ranges = append(ranges, uint8(a), uint8(b), uint8(c), uint8(d))
	}
	for _, key := range keys {
		i := uint64(0)
		for s := uint64(rangeCount / 2); s > 0; s /= 2 {
			i = step(i, key, s)
		}
		ranges = append(ranges, uint8(i))
	}
	return ranges
}

// share is what one goroutine scatters: the strings of some parts.
type share struct {
	next [rangeCount]int // by range: the number of strings, and then where the next one goes
	text [rangeCount]int // by range: the bytes of the strings
	long [rangeCount]bool
	keys []uint64
}

// scatter puts keys and numbers in the order of ranges.
func (r *ranker) scatter() {
	shares := make([]share, r.workers)
	ranges := memory.MakeUnset[uint8](len(r.keys))
	each := func(work func(s *share, p int, in *part, ranges []uint8)) {
		var wait sync.WaitGroup
		for w := range shares {
			wait.Go(func() {
				for p := partCount * w / len(shares); p < partCount*(w+1)/len(shares); p++ {
					in := &r.parts[p]
					work(&shares[w], p, in, ranges[r.first[p]:r.first[p]+in.len()])
				}
			})
		}
		wait.Wait()
	}
	each(r.count)
	if r.place(shares) {
		r.where = memory.MakeUnset[uint32](len(r.keys))
	}
	each(r.move)
}

// count finds the ranges of the strings of a part.
func (r *ranker) count(s *share, _ int, in *part, ranges []uint8) {
	s.keys = s.keys[:0]
	for i := range ranges {
		s.keys = append(s.keys, radix.Eight(in.at(i), 0))
	}
	r.rangesOf(ranges[:0], s.keys)
	for i, k := range ranges {
		s.next[k]++
		n := int(in.starts[i+1] - in.starts[i])
		s.text[k] += n
		if n > 8 || n > 0 && in.text[in.starts[i+1]-1] == 0 {
			s.long[k] = true
		}
	}
}

// place decides where each share puts the strings of each range. It reports whether not all ranges
// are short.
func (r *ranker) place(shares []share) (long bool) {
	at, begin := 0, uint64(0)
	for i := range rangeCount {
		r.from[i], r.begin[i], r.short[i] = at, begin, true
		for w := range shares {
			s := &shares[w]
			at, s.next[i] = at+s.next[i], at
			begin += uint64(s.text[i])
			r.short[i] = r.short[i] && !s.long[i]
		}
		long = long || !r.short[i]
	}
	r.from[rangeCount], r.begin[rangeCount] = at, begin
	return long
}

// move puts the keys and numbers of the strings of a part into their ranges.
func (r *ranker) move(s *share, p int, in *part, ranges []uint8) {
	for i, k := range ranges {
		number := r.out.base[p] + int32(i-len(in.refs))
		if i < len(in.refs) {
			number = int32(in.refs[i])
		}
		if r.where != nil {
			r.where[number] = uint32(i<<partBits | p)
		}
		to := s.next[k]
		s.next[k]++
		r.keys[to], r.out.Numbers[to] = radix.Eight(in.at(i), 0), number
	}
}

// order sorts the ranges, and writes the names in order.
func (r *ranker) order() {
	n := len(r.keys)
	text := memory.MakeUnset[uint8](int(r.begin[rangeCount]))
	names := &r.out.Names
	names.starts, names.bases = memory.MakeUnset[uint32](n+1), make([]uint64, n>>groupBits+1)
	parallel.Each(r.workers, rangeCount, func(spare *radix.Pairs, i int) {
		r.sortRange(i, spare)
		r.nameRange(i, text[r.begin[i]:r.begin[i+1]])
	})
	if n&(1<<groupBits-1) == 0 {
		names.bases[n>>groupBits] = uint64(len(text))
	}
	names.starts[n] = uint32(len(text))
	parallel.Each(r.workers, rangeCount, func(_ *struct{}, i int) {
		to := r.from[i+1]
		if i == rangeCount-1 {
			to++ // the end of the last name
		}
		for k := r.from[i]; k < to; k++ {
			names.starts[k] -= uint32(names.bases[k>>groupBits])
		}
	})
	names.text = memory.Text(text)
}

// text returns the string with a number.
func (r *ranker) text(number int32) []byte {
	where := r.where[number]
	return r.parts[where&partMask].at(int(where >> partBits))
}

// sortRange sorts the strings of range i.
func (r *ranker) sortRange(i int, spare *radix.Pairs) {
	from, to := r.from[i], r.from[i+1]
	n := to - from
	if len(spare.Keys) < n {
		spare.Keys, spare.Numbers = make([]uint64, n+n/4), make([]int32, n+n/4)
	}
	p := radix.Pairs{Keys: r.keys[from:to], Numbers: r.out.Numbers[from:to], SpareKeys: spare.Keys[:n], SpareNumbers: spare.Numbers[:n]}
	p.Sort()
	if !r.short[i] {
		radix.Break(&p, 0, r.text)
	}
}

// nameRange writes the text of range i, which is sorted, and notes where its strings are. It
// leaves the starts of names without their groups' bases, modulo 2^32.
func (r *ranker) nameRange(i int, text []byte) {
	names, begin, at := &r.out.Names, r.begin[i], 0
	from, to := r.from[i], r.from[i+1]
	numbers := r.out.Numbers[from:to]
	for k, number := range numbers {
		if k := from + k; k&(1<<groupBits-1) == 0 {
			names.bases[k>>groupBits] = begin + uint64(at)
		}
		names.starts[from+k] = uint32(begin + uint64(at))
		if r.short[i] {
			for key := r.keys[from+k]; key != 0; key <<= 8 {
				text[at] = byte(key >> 56)
				at++
			}
		} else {
			at += copy(text[at:], r.text(number))
		}
	}
	for k, number := range numbers {
		r.out.place[number] = int32(from + k)
	}
}
