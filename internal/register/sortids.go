package register

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
)

// key is a string of a table: eight of its bytes as a number that orders like them, and
// the string's number.
type key struct {
	bytes  uint64
	number int32
}

// sortIDs sorts the ids, and returns the number that each had before. The sorted ids lie
// one after the other in memory.
func (r *reader) sortIDs() (sorted []string, number []int32) {
	t := r.ids
	t.slots, r.ids = nil, nil
	number = make([]int32, t.len())
	keys := make([]key, t.len())
	inParallel(r.workers, len(keys), func(from, to int) {
		for i := from; i < to; i++ {
			keys[i] = key{eight(t.at(int32(i)), 0), int32(i)}
		}
	})
	t.sort(keys, r.workers)
	for i, k := range keys {
		number[i] = k.number
	}
	var text strings.Builder
	text.Grow(t.textLen())
	ends := make([]uint32, 0, len(number))
	for _, i := range number {
		text.Write(t.at(i))
		ends = append(ends, uint32(text.Len()))
	}
	sorted = make([]string, len(number))
	all, start := text.String(), uint32(0)
	for i, end := range ends {
		sorted[i], start = all[start:end], end
	}
	return sorted, number
}

// textLen returns the length of all strings together.
func (t *stringTable) textLen() int {
	n := 0
	for _, b := range t.text {
		n += len(b)
	}
	return n - 5*t.len() // if all are short
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

// sort sorts the keys of all strings, of their first eight bytes, into the order of the
// strings.
func (t *stringTable) sort(keys []key, workers int) {
	ordered := slices.IsSortedFunc(keys, func(a, b key) int { return cmp.Compare(a.bytes, b.bytes) })
	if !ordered {
		spare := make([]key, len(keys))
		half := len(keys) / 2
		if workers < 2 || half < minPart {
			half = 0
		}
		var wait sync.WaitGroup
		wait.Go(func() { radixSort(keys[:half], spare[:half]) })
		radixSort(keys[half:], spare[half:])
		wait.Wait()
		merge(keys, spare, half)
	}
	t.sortEqual(keys, 0)
}

// merge merges keys before half and keys from half, both sorted, with the help of spare.
func merge(keys, spare []key, half int) {
	copy(spare[:half], keys[:half])
	a, b := spare[:half], keys[half:]
	for i := range keys {
		if len(a) == 0 {
			return
		}
		if len(b) == 0 || a[0].bytes <= b[0].bytes {
			keys[i], a = a[0], a[1:]
		} else {
			keys[i], b = b[0], b[1:]
		}
	}
}

// radixSort sorts keys by their bytes, from the last to the first. It skips bytes that all
// keys share. The spare has the same length.
func radixSort(keys, spare []key) {
	if len(keys) < 256 {
		slices.SortStableFunc(keys, func(a, b key) int { return cmp.Compare(a.bytes, b.bytes) })
		return
	}
	var counts [8][256]int32
	for _, k := range keys {
		for d := range counts {
			counts[d][uint8(k.bytes>>(8*d))]++
		}
	}
	from, to := keys, spare
	for d := range counts {
		next, sum, same := &counts[d], int32(0), false
		for b, n := range next {
			same = same || int(n) == len(keys)
			next[b], sum = sum, sum+n
		}
		if same {
			continue
		}
		for _, k := range from {
			b := uint8(k.bytes >> (8 * d))
			to[next[b]] = k
			next[b]++
		}
		from, to = to, from
	}
	if &from[0] != &keys[0] {
		copy(keys, from)
	}
}

// sortEqual sorts each run of keys with the same eight bytes, those from byte at of their
// strings, by the bytes that follow.
func (t *stringTable) sortEqual(keys []key, at int) {
	for i := 0; i < len(keys); {
		end := i + 1
		for end < len(keys) && keys[end].bytes == keys[i].bytes {
			end++
		}
		if run := keys[i:end]; len(run) > 1 {
			t.sortRun(run, at+8)
		}
		i = end
	}
}

// sortRun sorts keys whose strings are equal before byte at.
func (t *stringTable) sortRun(run []key, at int) {
	const short = 64
	if len(run) < short {
		slices.SortFunc(run, func(a, b key) int { return bytes.Compare(t.at(a.number), t.at(b.number)) })
		return
	}
	for i := range run {
		run[i].bytes = eight(t.at(run[i].number), at)
	}
	radixSort(run, make([]key, len(run)))
	t.sortEqual(run, at)
}
