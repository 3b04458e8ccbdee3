package intern

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Names give back the strings that they were made of, by place and by text, for numbers of
// strings around those of a group.
func TestNames(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{0, 1, 2, 255, 256, 257, 512, 700} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var list []string
			for i := range n {
				list = append(list, fmt.Sprintf("%04d%s", i, strings.Repeat("x", r.IntN(200))))
			}
			lengths := make([]uint8, n)
			for i, s := range list {
				lengths[i] = uint8(len(s))
			}
			made := NewNames(list)
			read, ok := NamesOf([]byte(strings.Join(list, "")), lengths)
			require.True(t, ok)
			require.True(t, made.Equal(&read))
			for _, s := range []*Names{&made, &read} {
				require.Equal(t, n, s.Len())
				require.Equal(t, strings.Join(list, ""), s.Text())
				require.Equal(t, list, append([]string(nil), s.Strings()...))
				for i, x := range s.All() {
					require.Equal(t, list[i], x)
					at, ok := s.Find(x)
					require.True(t, ok)
					require.Equal(t, i, at)
					require.Equal(t, s.Begin(i+1)-s.Begin(i), uint64(len(x)))
				}
				_, ok := s.Find("0")
				require.False(t, ok)
				_, ok = s.Find("z")
				require.False(t, ok)
			}
			_, ok = NamesOf([]byte(strings.Join(list, "")+"z"), lengths)
			require.False(t, ok)
			if n > 300 { // the last of one group is longer by a byte, and the last of all shorter
				other := slices.Clone(lengths)
				other[255], other[n-1] = other[255]+1, other[n-1]-1
				moved, ok := NamesOf([]byte(strings.Join(list, "")), other)
				require.True(t, ok)
				require.False(t, made.Equal(&moved))
			}
		})
	}
	var none Names
	require.Zero(t, none.Len())
	require.Empty(t, none.Strings())
	require.Empty(t, none.Text())
}

// A text of over 4 GiB needs no other numbers: the places of groups have 64 bits. This moves
// the base of a group there and looks at the arithmetic, without the text.
func TestNamesBeyond4GiB(t *testing.T) {
	list := make([]string, 600)
	for i := range list {
		list[i] = fmt.Sprintf("%08d", i)
	}
	s := NewNames(list)
	for g := 1; g < len(s.bases); g++ {
		s.bases[g] += 9 << 32
	}
	from, to := s.span(300)
	require.Equal(t, uint64(9<<32+300*8), from)
	require.Equal(t, uint64(9<<32+301*8), to)
	require.Equal(t, uint64(9<<32+512*8), s.Begin(512))
}
