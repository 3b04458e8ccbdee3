package register

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
)

// sortIDs sorts the ids, and returns the number that each had before. The sorted ids lie
// one after the other in memory.
func (r *reader) sortIDs() (sorted []string, number []int32) {
	t := r.ids
	r.ids = nil
	number = t.sort(r.workers)
	length := 0
	for _, i := range number {
		length += len(t.at(i))
	}
	var text strings.Builder
	text.Grow(length)
	sorted = make([]string, len(number))
	for node, i := range number {
		start := text.Len()
		text.Write(t.at(i))
		sorted[node] = text.String()[start:]
	}
	return sorted, number
}

// sort returns the numbers of all strings in the order of the strings. The table cannot
// look up strings after that, because its slots are used to sort.
func (t *stringTable) sort(workers int) []int32 {
	n := t.len()
	s := sorter{table: t, keys: t.slots, numbers: make([]int32, n)}
	t.slots = nil
	if len(s.keys) >= 2*n {
		s.keys, s.spareKeys = s.keys[:n], s.keys[n:2*n]
	} else {
		s.keys, s.spareKeys = s.keys[:n], make([]uint64, n)
	}
	s.spareNumbers = make([]int32, n)
	inParallel(workers, n, func(from, to int) {
		for i := from; i < to; i++ {
			s.keys[i], s.numbers[i] = eight(t.at(int32(i)), 0), int32(i)
		}
	})
	half := n / 2
	if workers < 2 || half < minPart {
		half = 0
	}
	if !slices.IsSorted(s.keys) {
		var wait sync.WaitGroup
		wait.Go(func() { s.part(0, half).radix() })
		s.part(half, n).radix()
		wait.Wait()
		s.merge(half)
	}
	s.equal(0)
	return s.numbers
}

// eight returns the bytes of s from byte at, eight of them, with zeros after its end.
func eight(s []byte, at int) uint64 {
	if len(s) >= at+8 {
		return binary.BigEndian.Uint64(s[at:])
	}
	var b [8]byte
	if at < len(s) {
		copy(b[:], s[at:])
	}
	return binary.BigEndian.Uint64(b[:])
}

// sorter sorts strings of a table by eight of their bytes at a time. The key of a string
// has eight of its bytes as a number that orders like them.
type sorter struct {
	table                 *stringTable
	keys, spareKeys       []uint64
	numbers, spareNumbers []int32 // of the strings in the table
}

// part returns the sorter of the keys from one to before another.
func (s *sorter) part(from, to int) *sorter {
	return &sorter{s.table, s.keys[from:to], s.spareKeys[from:to], s.numbers[from:to], s.spareNumbers[from:to]}
}

// radix sorts the keys by their bytes, from the last to the first. It skips bytes that
// all keys share.
func (s *sorter) radix() {
	var counts [8][256]int32
	for _, k := range s.keys {
		for d := range counts {
			counts[d][uint8(k>>(8*d))]++
		}
	}
	keys, numbers, toKeys, toNumbers := s.keys, s.numbers, s.spareKeys, s.spareNumbers
	swapped := false
	for d := range counts {
		next, sum, same := &counts[d], int32(0), false
		for b, n := range next {
			same = same || int(n) == len(keys)
			next[b], sum = sum, sum+n
		}
		if same {
			continue
		}
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
		copy(s.keys, keys)
		copy(s.numbers, numbers)
	}
}

// merge merges the keys before half and those from half, both sorted.
func (s *sorter) merge(half int) {
	a, from := copy(s.spareKeys, s.keys[:half]), 0
	copy(s.spareNumbers, s.numbers[:half])
	for to, b := 0, half; from < a; to++ {
		if b == len(s.keys) || s.spareKeys[from] <= s.keys[b] {
			s.keys[to], s.numbers[to] = s.spareKeys[from], s.spareNumbers[from]
			from++
		} else {
			s.keys[to], s.numbers[to] = s.keys[b], s.numbers[b]
			b++
		}
	}
}

// equal sorts each run of equal keys, which are the bytes from byte at of their strings,
// by the bytes that follow.
func (s *sorter) equal(at int) {
	const short = 256
	for i := 0; i < len(s.keys); {
		end := i + 1
		for end < len(s.keys) && s.keys[end] == s.keys[i] {
			end++
		}
		switch {
		case end-i == 1:
		case end-i < short:
			slices.SortFunc(s.numbers[i:end], func(a, b int32) int { return bytes.Compare(s.table.at(a), s.table.at(b)) })
		default:
			run := s.part(i, end)
			for k, n := range run.numbers {
				run.keys[k] = eight(s.table.at(n), at+8)
			}
			run.radix()
			run.equal(at + 8)
		}
		i = end
	}
}
