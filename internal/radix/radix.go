// Package radix sorts millions of strings or numbers by eight bytes at a time, without a call
// for each comparison.
package radix

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// Text is a string, or its bytes.
type Text interface{ ~string | ~[]byte }

// Eight returns the bytes of s from byte at, eight of them, with zeros after its end. As numbers
// they order as the bytes do.
func Eight[S Text](s S, at int) uint64 {
	if len(s) >= at+8 {
		return uint64(s[at])<<56 | uint64(s[at+1])<<48 | uint64(s[at+2])<<40 | uint64(s[at+3])<<32 |
			uint64(s[at+4])<<24 | uint64(s[at+5])<<16 | uint64(s[at+6])<<8 | uint64(s[at+7])
	}
	var b [8]byte
	if at < len(s) {
		copy(b[:], s[at:])
	}
	return binary.BigEndian.Uint64(b[:])
}

// Pairs are keys, each with a number, and room for as many. The zero value has none. They belong
// to one goroutine.
type Pairs struct {
	Keys, SpareKeys       []uint64
	Numbers, SpareNumbers []int32
}

// NewPairs returns pairs of n keys, which are 0, with the numbers from 0.
func NewPairs(n int) *Pairs {
	keys, numbers := make([]uint64, 2*n), make([]int32, 2*n)
	p := &Pairs{keys[:n:n], keys[n:], numbers[:n:n], numbers[n:]}
	for i := range p.Numbers {
		p.Numbers[i] = int32(i)
	}
	return p
}

// Part returns the pairs from one to before another, in the same memory.
func (p *Pairs) Part(from, to int) *Pairs {
	return &Pairs{p.Keys[from:to], p.SpareKeys[from:to], p.Numbers[from:to], p.SpareNumbers[from:to]}
}

// few is the number of pairs up to which it is faster to compare them.
const few = 256

// Sort sorts the pairs by their keys. Pairs with the same key stay in order.
func (p *Pairs) Sort() {
	switch n := len(p.Keys); {
	case slices.IsSorted(p.Keys):
	case n <= few:
		p.insert()
	default:
		p.radix()
	}
}

// insert sorts few pairs.
func (p *Pairs) insert() {
	order := p.SpareNumbers
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(p.Keys[a], p.Keys[b]), cmp.Compare(a, b)) })
	var numbers [few]int32
	copy(numbers[:], p.Numbers)
	copy(p.SpareKeys, p.Keys)
	for to, from := range order {
		p.Keys[to], p.Numbers[to] = p.SpareKeys[from], numbers[from]
	}
}

// radix sorts the keys by the bits that not all of them share.
func (p *Pairs) radix() {
	differ := uint64(0)
	for _, k := range p.Keys {
		differ |= k ^ p.Keys[0]
	}
	if s := newSqueeze(differ); s.bits <= 32 {
		p.packed(&s)
	} else {
		p.bytes(differ)
	}
}

// bytes sorts the keys by their bytes, from the last to the first. It skips bytes that all keys
// share.
func (p *Pairs) bytes(differ uint64) {
	keys, numbers, toKeys, toNumbers := p.Keys, p.Numbers, p.SpareKeys, p.SpareNumbers
	swapped := false
	for d := range 8 {
		if uint8(differ>>(8*d)) == 0 {
			continue
		}
		var next [256]int32
		for _, k := range keys {
			next[uint8(k>>(8*d))]++
		}
		begins(next[:])
		for i, k := range keys {
			b := uint8(k >> (8 * d))
			to := next[b]
			next[b]++
			toKeys[to], toNumbers[to] = k, numbers[i]
		}
		keys, numbers, toKeys, toNumbers = toKeys, toNumbers, keys, numbers
		swapped = !swapped
	}
	if swapped {
		copy(p.Keys, keys)
		copy(p.Numbers, numbers)
	}
}

// begins turns how many things have each digit into where the first of them goes.
func begins(counts []int32) {
	sum := int32(0)
	for digit, n := range counts {
		counts[digit], sum = sum, sum+n
	}
}

// squeeze takes the bits out of keys that all of them share. What is left orders as the keys do.
// Keys of text leave little: a digit is four bits.
type squeeze struct {
	parts [8]bitPart
	count int // of parts
	bits  int // that are left
}

// bitPart says that the bits of a mask are at one place in keys, and at another in what is left.
type bitPart struct {
	mask     uint64
	from, to uint8
}

// newSqueeze returns a squeeze of keys that differ in some bits. Of each byte it leaves those up to
// the highest that differs.
func newSqueeze(differ uint64) squeeze {
	var s squeeze
	for from := 0; from < 64; from += 8 {
		if width := bits.Len8(uint8(differ >> from)); width > 0 {
			s.parts[s.count] = bitPart{1<<width - 1, uint8(from), uint8(s.bits)}
			s.bits, s.count = s.bits+width, s.count+1
		}
	}
	return s
}

const (
	digitBits = 11
	maxDigits = 3 // of 32 bits
)

// packed sorts keys of which a squeeze leaves 32 bits or fewer, each together with its number in
// one word.
func (p *Pairs) packed(s *squeeze) {
	var next [maxDigits][1 << digitBits]int32
	parts := s.parts[:s.count]
	digits := (s.bits + digitBits - 1) / digitBits
	from, to := p.SpareKeys, p.Keys
	shared := p.Keys[0]
	for _, b := range parts {
		shared &^= b.mask << b.from
	}
	for i, k := range p.Keys {
		left := uint64(0)
		for _, b := range parts {
			left |= k >> (b.from & 63) & b.mask << (b.to & 63)
		}
		for d := range digits {
			next[d][left>>(d*digitBits)&(1<<digitBits-1)]++
		}
		from[i] = left<<32 | uint64(uint32(p.Numbers[i]))
	}
	for d := range digits {
		next := &next[d]
		begins(next[:])
		shift := 32 + d*digitBits
		for _, k := range from {
			b := k >> (shift & 63) & (1<<digitBits - 1)
			to[next[b]] = k
			next[b]++
		}
		from, to = to, from
	}
	for i, k := range from {
		p.Numbers[i] = int32(uint32(k))
		key := shared
		for _, b := range parts {
			key |= k >> (32 + b.to&31) & b.mask << (b.from & 63)
		}
		p.Keys[i] = key
	}
}

// Break sorts each run of equal keys, which are the bytes from byte at of the texts of their
// numbers, by the bytes that follow. The keys are lost.
func Break[S Text](p *Pairs, at int, text func(int32) S) {
	for i := 0; i < len(p.Keys); {
		end := i + 1
		for end < len(p.Keys) && p.Keys[end] == p.Keys[i] {
			end++
		}
		switch {
		case end-i == 1:
		case end-i < few:
			slices.SortFunc(p.Numbers[i:end], func(a, b int32) int { return compare(text(a), text(b)) })
		default:
			run, longer := p.Part(i, end), false
			for k, n := range run.Numbers {
				s := text(n)
				run.Keys[k], longer = Eight(s, at+8), longer || len(s) > at+8
			}
			if longer {
				run.Sort()
				Break(run, at+8, text)
			} else { // they differ in zero bytes at their ends, if at all
				slices.SortFunc(run.Numbers, func(a, b int32) int { return compare(text(a), text(b)) })
			}
		}
		i = end
	}
}

// compare compares two texts by their bytes. The compiler makes no copies for it.
func compare[S Text](a, b S) int {
	switch {
	case string(a) < string(b):
		return -1
	case string(a) == string(b):
		return 0
	}
	return 1
}

// Order returns the numbers of n texts in the order of the texts. Equal texts are in any order.
func Order[S Text](n int, text func(int32) S) []int32 {
	p := NewPairs(n)
	for i := range p.Keys {
		p.Keys[i] = Eight(text(int32(i)), 0)
	}
	p.Sort()
	Break(p, 0, text)
	return p.Numbers
}

// Runs calls each for the numbers of those of n things that have the same text, in the order of
// the texts. Within a run they are in any order.
func Runs[S Text](n int, text func(int32) S, each func(run []int32)) {
	order := Order(n, text)
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && compare(text(order[to]), text(order[from])) == 0 {
			to++
		}
		each(order[from:to])
		from = to
	}
}
