package intern

import (
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
	"github.com/crossholding/crossholding/internal/radix"
)

// Sorted returns the strings in order, and the number that each has. The table cannot be used
// after that.
func (t *Table) Sorted(workers int) (sorted Names, number []int32) {
	number = t.sort(workers)
	b := newNamesBuilder(len(number), t.length)
	for _, i := range number {
		b.begin()
		b.text = append(b.text, t.At(i)...)
	}
	return b.names(), number
}

// sort returns the numbers of all strings in the order of the strings. The table cannot
// look up strings after that, because its slots are used to sort.
func (t *Table) sort(workers int) []int32 {
	n := t.Len()
	s := sorter{radix.Pairs{Keys: t.slots, Numbers: memory.Make[int32](n), SpareNumbers: memory.Make[int32](n)}}
	t.slots = nil
	if len(s.Keys) >= 2*n {
		s.Keys, s.SpareKeys = s.Keys[:n], s.Keys[n:2*n]
	} else {
		s.Keys, s.SpareKeys = s.Keys[:n], make([]uint64, n)
	}
	parallel.Parts(workers, n, func(from, to int) {
		for i := from; i < to; i++ {
			s.Keys[i], s.Numbers[i] = radix.Eight(t.At(int32(i)), 0), int32(i)
		}
	})
	half := n / 2
	if workers < 2 || half < parallel.MinPart {
		half = 0
	}
	if !slices.IsSorted(s.Keys) {
		var wait sync.WaitGroup
		wait.Go(func() { s.Part(0, half).Sort() })
		s.Part(half, n).Sort()
		wait.Wait()
		s.merge(half)
	}
	radix.Break(&s.Pairs, 0, t.At)
	return s.Numbers
}

// sorter sorts strings of a table by eight of their bytes at a time. The key of a string
// has eight of its bytes as a number that orders like them.
type sorter struct{ radix.Pairs }

// merge merges the keys before half and those from half, both sorted.
func (s *sorter) merge(half int) {
	a, from := copy(s.SpareKeys, s.Keys[:half]), 0
	copy(s.SpareNumbers, s.Numbers[:half])
	for to, b := 0, half; from < a; to++ {
		if b == len(s.Keys) || s.SpareKeys[from] <= s.Keys[b] {
			s.Keys[to], s.Numbers[to] = s.SpareKeys[from], s.SpareNumbers[from]
			from++
		} else {
			s.Keys[to], s.Numbers[to] = s.Keys[b], s.Numbers[b]
			b++
		}
	}
}
