package intern

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	table := New()
	const n = 5000 // the table grows several times
	for round := range 2 {
		var hashes []uint64
		for i := range n {
			hashes = append(hashes, maphash.String(table.seed, strconv.Itoa(i)))
		}
		table.Prefetch(hashes)
		for i := range n {
			number, ok := table.Add([]byte(strconv.Itoa(i)), hashes[i])
			require.True(t, ok, round)
			require.Equal(t, int32(i), number)
		}
		require.Equal(t, n, table.Len())
	}
	for _, i := range []int{0, 1, 4999} {
		number, ok := table.Lookup([]byte(strconv.Itoa(i)), maphash.String(table.seed, strconv.Itoa(i)))
		require.True(t, ok)
		require.Equal(t, strconv.Itoa(i), string(table.At(number)))
	}
	_, ok := table.Lookup([]byte("5000"), maphash.String(table.seed, "5000"))
	require.False(t, ok)
	number, ok := table.Add(nil, maphash.String(table.seed, ""))
	require.True(t, ok)
	require.Empty(t, table.At(number))
}

// Strings of one hash are told apart.
func TestCollisions(t *testing.T) {
	table := New()
	for i := range 100 {
		number, ok := table.Add([]byte(strconv.Itoa(i)), 7<<32)
		require.True(t, ok)
		require.Equal(t, int32(i), number)
	}
	number, _ := table.Add([]byte("42"), 7<<32)
	require.Equal(t, int32(42), number)
}

// Ids that begin alike are sorted, however long they are.
func TestSortStrings(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, n := range []int{0, 1, 2, 500, 70_000} {
		table, want := New(), map[string]bool{}
		for len(want) < n {
			s := strings.Repeat("abcdefgh", r.IntN(4)) + fmt.Sprintf("%x", r.IntN(1<<20)) + strings.Repeat("é", r.IntN(2)*r.IntN(300))
			if !want[s] {
				want[s] = true
				_, ok := table.Add([]byte(s), r.Uint64())
				require.True(t, ok)
			}
		}
		numbers := table.sort(2)
		require.Len(t, numbers, n)
		require.True(t, slices.IsSortedFunc(numbers, func(a, b int32) int { return bytes.Compare(table.At(a), table.At(b)) }))
	}
}

func TestWords(t *testing.T) {
	var w Words
	require.Equal(t, "", w.At(0))
	for range 2 {
		require.Equal(t, int32(0), w.Put(nil))
		require.Equal(t, int32(1), w.Put([]byte("a")))
		require.Equal(t, int32(2), w.Put([]byte("b")))
	}
	require.Equal(t, "b", w.At(2))
}

// Texts do not change when others follow, whatever their lengths.
func TestTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var texts Texts
	var got, want []string
	buf := make([]byte, 0, 100_000)
	for i := range 5000 {
		n := r.IntN(60)
		if i%500 == 7 {
			n = 50_000 + r.IntN(50_000)
		}
		buf = buf[:n]
		for k := range buf {
			buf[k] = byte(r.IntN(256))
		}
		got, want = append(got, texts.Text(buf)), append(want, string(buf))
	}
	require.Equal(t, want, got)
}
