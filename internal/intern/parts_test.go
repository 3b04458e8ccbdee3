package intern

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/radix"
	"github.com/crossholding/crossholding/internal/testkit"
)

// randomText returns a text that shares its start with others, and can have zeros and any length.
func randomText(r *rand.Rand) string {
	s := strings.Repeat("company:", r.IntN(3)*r.IntN(2))
	if r.IntN(40) == 0 {
		s += strings.Repeat("é", r.IntN(200))
	}
	for range r.IntN(7) {
		s += string("\x00ab0123\xff"[r.IntN(8)])
	}
	return s
}

// Parts give strings the places that they have in order, whoever puts them. A map and a sort are
// the oracle.
func TestParts(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, size := range []int{0, 1, 2, 300, testkit.Size(3000, 50_000)} {
		for _, short := range []bool{true, false} {
			for workers := 1; workers <= 3; workers += 2 {
				t.Run(fmt.Sprintf("%d %t %d", size, short, workers), func(t *testing.T) { testParts(t, r, size, short, workers) })
			}
		}
	}
}

func testParts(t *testing.T, r *rand.Rand, size int, short bool, workers int) {
	text := func() string {
		if short {
			return fmt.Sprintf("%c%d", "CFP"[r.IntN(3)], r.IntN(size+1))
		}
		return randomText(r)
	}
	parts := NewParts(workers)
	put := func(list []string, ref func(i int) uint32) {
		var wait sync.WaitGroup
		for w := range workers {
			wait.Go(func() {
				for i := w; i < len(list); i += workers {
					parts.Writer(w).Put(parts.Hash([]byte(list[i])), ref(i), []byte(list[i]))
				}
			})
		}
		wait.Wait()
	}
	known := map[string]bool{}
	var defined, others []string
	for range size / 2 {
		if s := text(); !known[s] {
			known[s], defined = true, append(defined, s)
		}
	}
	put(defined, func(i int) uint32 { return uint32(i) })
	again, ok := parts.Define(workers)
	require.True(t, ok)
	require.Empty(t, again)
	for range size {
		s := text()
		ref, ok := parts.Lookup(parts.Hash([]byte(s)), []byte(s))
		i := slices.Index(defined[:min(len(defined), 500)], s)
		require.True(t, i < 0 || ok && int(ref) == i)
		require.Equal(t, known[s], ok)
		if ok {
			require.Equal(t, s, defined[ref])
		}
		others = append(others, s)
	}
	put(others, func(i int) uint32 {
		if i%5 == 0 {
			return NoRef
		}
		return uint32(i)
	})
	for _, s := range others {
		known[s] = true
	}
	number := make([]int32, len(others))
	require.True(t, parts.Resolve(workers, func(refs []uint32, numbers []int32) {
		for i, ref := range refs {
			number[ref] = numbers[i]
		}
	}))
	want := []string{}
	for s := range known {
		want = append(want, s)
	}
	slices.Sort(want)
	ranks := parts.Ranks(workers)
	require.Equal(t, want, append([]string{}, ranks.Names.Strings()...))
	made := NewNames(want)
	require.True(t, made.Equal(&ranks.Names))
	require.Equal(t, len(defined), ranks.Defined)
	require.Equal(t, slices.IsSorted(defined), ranks.Sorted())
	for i, s := range defined {
		place := ranks.Of(int32(i))
		require.Equal(t, s, want[place])
		require.Equal(t, int32(i), ranks.Numbers[place])
	}
	for i, s := range others {
		if i%5 != 0 {
			require.Equal(t, s, want[ranks.Of(number[i])])
		}
	}
}

// Ranges have about as many strings, also if the strings are put in order. Otherwise one goroutine
// would sort most of them alone. Of 60,000 names from 00000000 on, each of 256 ranges has about 234.
func TestRangesAreFair(t *testing.T) {
	for _, order := range []func(i int) int{
		func(i int) int { return i },
		func(i int) int { return 59_999 - i },
		func(i int) int { return i * 7919 % 60_000 },
	} {
		parts := NewParts(1)
		var keys []uint64
		for i := range 60_000 {
			if i == 20_000 {
				_, ok := parts.Define(1)
				require.True(t, ok)
			}
			id := fmt.Appendf(nil, "%08d", order(i))
			parts.Writer(0).Put(parts.Hash(id), uint32(i), id)
			keys = append(keys, radix.Eight(id, 0))
		}
		require.True(t, parts.Resolve(1, func([]uint32, []int32) {}))
		r := &ranker{Parts: parts}
		r.limit()
		var counts [rangeCount]int
		for _, k := range r.rangesOf(nil, keys) {
			counts[k]++
		}
		require.Less(t, slices.Max(counts[:]), 4*len(keys)/rangeCount)
	}
}

// Of strings that are defined several times, the least reference counts, and the others are told.
func TestDefineAgain(t *testing.T) {
	parts := NewParts(2)
	for i, s := range strings.Fields("a b a c b a d") {
		parts.Writer(1-i%2).Put(parts.Hash([]byte(s)), uint32(i), []byte(s))
	}
	again, ok := parts.Define(2)
	require.True(t, ok)
	slices.Sort(again)
	require.Equal(t, []uint32{2, 4, 5}, again)
	for s, want := range map[string]uint32{"a": 0, "b": 1, "c": 3, "d": 6} {
		ref, ok := parts.Lookup(parts.Hash([]byte(s)), []byte(s))
		require.True(t, ok)
		require.Equal(t, want, ref)
	}
}

// Strings of one hash are told apart, and a part that is full takes no more.
func TestOneHash(t *testing.T) {
	for _, room := range []int{100, 99} {
		parts := NewParts(1)
		parts.maxPart = room
		for i := range 100 {
			parts.Writer(0).Put(7, uint32(i), fmt.Appendf(nil, "%d", i))
		}
		_, ok := parts.Define(1)
		require.Equal(t, room == 100, ok)
		if ok {
			ref, ok := parts.Lookup(7, []byte("42"))
			require.True(t, ok)
			require.Equal(t, uint32(42), ref)
			parts.Writer(0).Put(7, 0, []byte("more"))
			require.False(t, parts.Resolve(1, func([]uint32, []int32) {}))
		}
	}
}

// Values that are added together are those that are added one by one.
func TestExtend(t *testing.T) {
	for _, more := range []bool{true, false} {
		var l List[int64]
		want := 0
		for _, n := range []int{5, 1, blockLen, 3 * blockLen, 0, 7} {
			got := 0
			for _, place := range l.Extend(n, more || want > 0) {
				require.Equal(t, -1, slices.IndexFunc(place, func(x int64) bool { return x != 0 }))
				for i := range place {
					place[i] = int64(want + got)
					got++
				}
			}
			require.Equal(t, n, got)
			want += n
			require.Equal(t, want, l.Len)
			if !more {
				break
			}
		}
		got := 0
		for got < want && *l.At(int32(got)) == int64(got) {
			got++
		}
		require.Equal(t, want, got)
	}
}

// A list of many blocks takes further memory from Make, and leaves what is there.
func TestExtendMade(t *testing.T) {
	made := 0
	l := List[int32]{Make: func(n int) []int32 {
		made += n
		return slices.Repeat([]int32{7}, n)
	}}
	l.Extend(slabLen*blockLen, true)
	require.Zero(t, made)
	for _, place := range l.Extend(blockLen+5, true) {
		require.Equal(t, slices.Repeat([]int32{7}, len(place)), place)
	}
	require.Equal(t, slabLen*blockLen, made)
	require.Equal(t, int32(7), *l.At((slabLen+1)*blockLen + 4))
}

// Short strings that differ in one bit or in their length have different hashes.
func TestHash(t *testing.T) {
	h, other := newHasher(), newHasher()
	seen, same := map[uint64]string{}, 0
	for n := range 40 {
		s := make([]byte, n)
		for bit := -1; bit < 8*n; bit++ {
			clear(s)
			if bit >= 0 {
				s[bit/8] = 1 << (bit % 8)
			}
			x := h.hash(s)
			before, met := seen[x]
			require.False(t, met, "%q %q", s, before)
			seen[x] = string(s)
			if x == other.hash(s) {
				same++
			}
		}
	}
	require.Less(t, same, 2)
}
