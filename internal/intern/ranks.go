package intern

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/radix"
)

// Ranks says which place the strings of [Parts] have among all of them in order.
type Ranks struct {
	Names Names    // the strings in order
	Refs  []uint32 // of the string at each place: its reference in [Parts.Define], or NoRef
	base  [partCount + 1]int32
	place []int32 // of the strings of the parts, one part after the other
}

// Of returns the place of the string with a number that Resolve gave.
func (r *Ranks) Of(number int32) int32 {
	return r.place[r.base[number&partMask]+number>>partBits]
}

// Ranks sorts all strings. The parts cannot be used after that.
func (t *Parts) Ranks(workers int) *Ranks {
	r := &ranker{Parts: t, out: &Ranks{}}
	n := 0
	for p := range t.parts {
		r.out.base[p] = int32(n)
		n += max(len(t.parts[p].starts), 1) - 1
	}
	r.out.base[partCount] = int32(n)
	r.out.place, r.out.Refs = memory.MakeUnset[int32](n), memory.MakeUnset[uint32](n)
	r.keys, r.numbers = memory.MakeUnset[uint64](n), memory.MakeUnset[int32](n)
	r.split()
	r.scatter(workers)
	r.order(workers)
	return r.out
}

// ranker sorts the strings of all parts. It scatters them into ranges of texts, which are sorted
// one by one in the cache of a core.
type ranker struct {
	*Parts
	out     *Ranks
	limits  [rangeCount]uint64 // a key of range i is at least limits[i], and below limits[i+1]
	keys    []uint64           // the first eight bytes of strings, by range
	numbers []int32            // of the strings with these keys
	from    [rangeCount + 1]int
	begin   [rangeCount + 1]uint64 // where the text of each range begins
	short   [rangeCount]bool       // the keys have the whole strings
}

const (
	rangeBits  = 8
	rangeCount = 1 << rangeBits
	sampleSize = 16 * rangeCount
)

// text returns the string with a number.
func (t *Parts) text(number int32) []byte {
	p, local := &t.parts[number&partMask], number>>partBits
	return p.text[p.starts[local]:p.starts[local+1]]
}

// split chooses the limits of ranges. As parts are chosen by hash, the first strings of the parts
// are a fair sample.
func (r *ranker) split() {
	var sample []uint64
	for round := int32(0); len(sample) < sampleSize && round < sampleSize; round++ {
		known := len(sample)
		for p := range r.parts {
			if int(round)+1 < len(r.parts[p].starts) {
				sample = append(sample, radix.Eight(r.text(round<<partBits|int32(p)), 0))
			}
		}
		if len(sample) == known {
			break
		}
	}
	slices.Sort(sample)
	for i := 1; i < rangeCount && len(sample) > 0; i++ {
		r.limits[i] = sample[i*len(sample)/rangeCount]
	}
}

// rangeOf returns the last range whose limit is not above a key.
func (r *ranker) rangeOf(key uint64) int {
	i := 0
	for step := rangeCount / 2; step > 0; step /= 2 {
		_, below := bits.Sub64(key, r.limits[i+step], 0) // 1 if the key is below
		i += step & (int(below) - 1)
	}
	return i
}

// share is what one goroutine scatters: the strings of some parts.
type share struct {
	next [rangeCount]int // by range: the number of strings, and then where the next one goes
	text [rangeCount]int // by range: the bytes of the strings
	long [rangeCount]bool
}

// scatter puts keys and numbers in the order of ranges.
func (r *ranker) scatter(workers int) {
	shares := make([]share, max(workers, 1))
	where := memory.MakeUnset[uint8](len(r.keys))
	each := func(work func(s *share, number, at int32, text []byte)) {
		var wait sync.WaitGroup
		for w := range shares {
			wait.Go(func() {
				for p := partCount * w / len(shares); p < partCount*(w+1)/len(shares); p++ {
					in := &r.parts[p]
					for i := range int32(max(len(in.starts), 1) - 1) {
						work(&shares[w], i<<partBits|int32(p), r.out.base[p]+i, in.text[in.starts[i]:in.starts[i+1]])
					}
				}
			})
		}
		wait.Wait()
	}
	each(func(s *share, _, at int32, text []byte) {
		i := r.rangeOf(radix.Eight(text, 0))
		where[at] = uint8(i)
		s.next[i]++
		s.text[i] += len(text)
		s.long[i] = s.long[i] || len(text) > 8 || len(text) > 0 && text[len(text)-1] == 0
	})
	at, begin := 0, uint64(0)
	for i := range rangeCount {
		r.from[i], r.begin[i], r.short[i] = at, begin, true
		for w := range shares {
			s := &shares[w]
			at, s.next[i] = at+s.next[i], at
			begin += uint64(s.text[i])
			r.short[i] = r.short[i] && !s.long[i]
		}
	}
	r.from[rangeCount], r.begin[rangeCount] = at, begin
	each(func(s *share, number, at int32, text []byte) {
		i := where[at]
		to := s.next[i]
		s.next[i]++
		r.keys[to], r.numbers[to] = radix.Eight(text, 0), number
	})
}

// order sorts the ranges, and writes the names in order.
func (r *ranker) order(workers int) {
	n := len(r.keys)
	text := memory.MakeUnset[uint8](int(r.begin[rangeCount]))
	names := &r.out.Names
	names.starts, names.bases = memory.MakeUnset[uint32](n+1), make([]uint64, n>>groupBits+1)
	eachRange := func(work func(i int, spare *radix.Pairs)) {
		var next atomic.Int32
		var wait sync.WaitGroup
		for range max(workers, 1) {
			wait.Go(func() {
				var spare radix.Pairs
				for i := int(next.Add(1)) - 1; i < rangeCount; i = int(next.Add(1)) - 1 {
					work(i, &spare)
				}
			})
		}
		wait.Wait()
	}
	eachRange(func(i int, spare *radix.Pairs) {
		r.sortRange(i, spare)
		r.nameRange(i, text[r.begin[i]:r.begin[i+1]])
	})
	if n&(1<<groupBits-1) == 0 {
		names.bases[n>>groupBits] = uint64(len(text))
	}
	names.starts[n] = uint32(len(text))
	eachRange(func(i int, _ *radix.Pairs) {
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

// sortRange sorts the strings of range i.
func (r *ranker) sortRange(i int, spare *radix.Pairs) {
	from, to := r.from[i], r.from[i+1]
	if n := to - from; len(spare.Keys) < n {
		spare.Keys, spare.Numbers = make([]uint64, n+n/4), make([]int32, n+n/4)
	}
	p := radix.Pairs{Keys: r.keys[from:to], Numbers: r.numbers[from:to], SpareKeys: spare.Keys[:to-from], SpareNumbers: spare.Numbers[:to-from]}
	p.Sort()
	if !r.short[i] {
		radix.Break(&p, 0, r.text)
	}
}

// nameRange writes the text of range i, which is sorted, and notes where its strings are. It
// leaves the starts of names without their groups' bases, modulo 2^32.
func (r *ranker) nameRange(i int, text []byte) {
	names, begin, at := &r.out.Names, r.begin[i], 0
	for k := r.from[i]; k < r.from[i+1]; k++ {
		if k&(1<<groupBits-1) == 0 {
			names.bases[k>>groupBits] = begin + uint64(at)
		}
		names.starts[k] = uint32(begin + uint64(at))
		number := r.numbers[k]
		if r.short[i] {
			for key := r.keys[k]; key != 0; key <<= 8 {
				text[at] = byte(key >> 56)
				at++
			}
		} else {
			at += copy(text[at:], r.Parts.text(number))
		}
		p, local := number&partMask, number>>partBits
		ref := uint32(NoRef)
		if refs := r.parts[p].refs; int(local) < len(refs) {
			ref = refs[local]
		}
		r.out.Refs[k] = ref
		r.out.place[r.out.base[p]+local] = int32(k)
	}
}
