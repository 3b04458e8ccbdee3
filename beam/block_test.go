package beam

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A block that is read and written again is the same, and damage is an error.
func FuzzBlock(f *testing.F) {
	f.Add(appendRecord(appendRecord(nil, "a", ""), "b"))
	f.Add([]byte{2, 200, 1})
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, block []byte) {
		list, err := appendRecords(nil, block)
		if err != nil {
			require.ErrorIs(t, err, errBlock)
			return
		}
		var again []byte
		for _, r := range list {
			again = appendRecord(again, r...)
		}
		same, err := appendRecords(nil, again)
		require.NoError(t, err)
		require.Equal(t, list, same)
	})
}

func TestPlaceIsEven(t *testing.T) {
	var count [16]int
	for i := range 16_000 {
		count[place("C"+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676)), 16)]++
	}
	for _, n := range count {
		require.InDelta(t, 1000, n, 300)
	}
}
