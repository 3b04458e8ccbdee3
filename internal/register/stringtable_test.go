package register

import (
	"hash/maphash"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStringTable(t *testing.T) {
	table := newStringTable()
	const n = 5000 // the table grows several times
	for round := range 2 {
		var hashes []uint64
		for i := range n {
			hashes = append(hashes, maphash.String(table.seed, strconv.Itoa(i)))
		}
		table.prefetch(hashes)
		for i := range n {
			number, ok := table.add([]byte(strconv.Itoa(i)), hashes[i])
			require.True(t, ok, round)
			require.Equal(t, int32(i), number)
		}
		require.Equal(t, n, table.len())
	}
	for _, i := range []int{0, 1, 4999} {
		number, ok := table.lookup([]byte(strconv.Itoa(i)), maphash.String(table.seed, strconv.Itoa(i)))
		require.True(t, ok)
		require.Equal(t, strconv.Itoa(i), string(table.at(number)))
	}
	_, ok := table.lookup([]byte("5000"), maphash.String(table.seed, "5000"))
	require.False(t, ok)
	number, ok := table.add(nil, maphash.String(table.seed, ""))
	require.True(t, ok)
	require.Empty(t, table.at(number))
}

// Strings of one hash are told apart.
func TestStringTableCollisions(t *testing.T) {
	table := newStringTable()
	for i := range 100 {
		number, ok := table.add([]byte(strconv.Itoa(i)), 7<<32)
		require.True(t, ok)
		require.Equal(t, int32(i), number)
	}
	number, _ := table.add([]byte("42"), 7<<32)
	require.Equal(t, int32(42), number)
}

func TestParseCount(t *testing.T) {
	for s, want := range map[string]int64{
		"": -1, "0": 0, "007": 7, "100": 100, "999999999999999999": 999999999999999999, "1000000000000000000": -1,
		"-1": -1, "+1": -1, "1.0": -1, "1e3": -1, " 1": -1, "/": -1, ":": -1,
	} {
		n, ok := parseCount([]byte(s))
		require.Equal(t, want >= 0, ok, s)
		if ok {
			require.Equal(t, want, n)
		}
	}
}
