package memory

import (
	"encoding/binary"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Arrays of all sizes around that of a page are zero, and show what is written to their bytes.
func TestMake(t *testing.T) {
	for _, n := range []int{0, 1, 1000, largeBytes/8 - 1, largeBytes / 8, largeBytes/8 + 12345} {
		s := Make[int64](n)
		require.Len(t, s, n)
		b := Bytes(s)
		require.Len(t, b, 8*n)
		for _, x := range s {
			if x != 0 {
				t.Fatal(x)
			}
		}
		if n > 0 {
			binary.NativeEndian.PutUint64(b[8*(n-1):], 1<<40+5)
			require.Equal(t, int64(1<<40+5), s[n-1])
		}
	}
	require.Equal(t, "", Text(nil))
	require.Equal(t, "abc", Text([]byte("abc")))
}

// Arrays of any values keep what is set, whatever is made and collected beside them.
func TestMakeUnset(t *testing.T) {
	for _, n := range []int{0, 1, largeBytes/4 - 1, largeBytes / 4, largeBytes/4 + 12345} {
		arrays := make([][]uint32, 4)
		for i := range arrays {
			arrays[i] = MakeUnset[uint32](n)
			require.Len(t, arrays[i], n)
			for k := range arrays[i] {
				arrays[i][k] = uint32(i + 4*k)
			}
			runtime.GC()
		}
		for i, s := range arrays {
			for k, x := range s {
				if x != uint32(i+4*k) {
					t.Fatal(n, i, k, x)
				}
			}
		}
	}
	require.Panics(t, func() { MakeUnset[int64](math.MaxInt) })
}

// What is written as little-endian bytes is read as the numbers, here and on processors with
// the other order.
func TestFromLittleEndian(t *testing.T) {
	s := make([]int32, 3)
	for i := range s {
		binary.LittleEndian.PutUint32(Bytes(s)[4*i:], uint32(7+i<<20))
	}
	FromLittleEndian(Bytes(s), 4)
	require.Equal(t, []int32{7, 7 + 1<<20, 7 + 2<<20}, s)
	for size, turned := range map[int][]byte{
		1: {1, 2, 3, 4, 5, 6, 7, 8}, 4: {4, 3, 2, 1, 8, 7, 6, 5}, 8: {8, 7, 6, 5, 4, 3, 2, 1},
	} {
		b := []byte{1, 2, 3, 4, 5, 6, 7, 8}
		turn(b, size)
		require.Equal(t, turned, b)
	}
}
