package intern

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The places of entries reach 16 GiB: a table whose blocks are almost all used up finds what is
// in the last of them, and refuses what does not fit. The blocks before the last two are empty,
// so that no memory is needed for them.
func TestLastPlaces(t *testing.T) {
	table := New()
	first, ok := table.PutString("first")
	require.True(t, ok)
	table.text = append(table.text, make([][]byte, maxBlocks-3)...)
	table.text = append(table.text, make([]byte, 0, blockBytes)) // the last but one
	number := map[string]int32{"first": first}
	long := make([]byte, 1000)
	for i := 0; ; i++ {
		s := fmt.Sprintf("%d %s", i, long[:i%len(long)])
		n, ok := table.PutString(s)
		if !ok {
			break
		}
		number[s] = n
	}
	require.Len(t, table.text, maxBlocks)
	require.Greater(t, *table.starts.At(int32(table.Len() - 1)), uint32(1<<32-1-1000))
	for s, n := range number {
		got, ok := table.PutString(s)
		require.True(t, ok)
		require.Equal(t, n, got)
		require.Equal(t, s, string(table.At(n)))
	}
	require.Equal(t, uint64(16<<30), uint64(maxBlocks)*blockBytes)

	other := New()
	_, ok = other.Put(make([]byte, maxString))
	require.False(t, ok)
	_, ok = other.Put(make([]byte, maxString-1))
	require.True(t, ok)
	_, ok = other.PutString("next")
	require.True(t, ok)
	require.Len(t, other.At(0), maxString-1)
}
