package intern

import (
	"iter"
	"slices"
	"sort"

	"github.com/crossholding/crossholding/internal/memory"
)

// Names holds different strings in order, one after the other in one text. It takes four bytes
// for each beside the text, and has no pointers that the garbage collector must follow. The zero
// value is empty. It is immutable and safe for concurrent use.
type Names struct {
	text string
	// String i begins at byte bases[i>>groupBits] + starts[i], and ends where the next begins.
	// There is one more start than strings, so that all of the text can be longer than 4 GiB.
	starts []uint32
	bases  []uint64
}

// A group of strings has one base. Each string is shorter than maxString, so the text of a group
// is shorter than 4 GiB.
const (
	groupBits = 8
	maxString = 1 << (32 - groupBits)
)

// NewNames makes names of strings that are in order, each shorter than 16 MiB.
func NewNames(list []string) Names {
	length := 0
	for _, s := range list {
		length += len(s)
	}
	b := newNamesBuilder(len(list), length)
	for _, s := range list {
		b.add(s)
	}
	return b.names()
}

// namesBuilder makes names of strings that are added in order.
type namesBuilder struct {
	out  Names
	text []byte
	n    int
}

func newNamesBuilder(n, length int) *namesBuilder {
	b := &namesBuilder{text: memory.Make[uint8](length)[:0]}
	b.out = Names{starts: memory.Make[uint32](n + 1), bases: make([]uint64, n>>groupBits+1)}
	return b
}

// begin notes that the next string begins at the end of the text.
func (b *namesBuilder) begin() {
	at := uint64(len(b.text))
	if b.n&(1<<groupBits-1) == 0 {
		b.out.bases[b.n>>groupBits] = at
	}
	b.out.starts[b.n] = uint32(at - b.out.bases[b.n>>groupBits])
	b.n++
}

func (b *namesBuilder) add(s string) { b.begin(); b.text = append(b.text, s...) }

func (b *namesBuilder) names() Names {
	b.begin()
	b.out.text = memory.Text(b.text)
	return b.out
}

// NamesOf makes names of a text and the length of each string in it. The strings must be in
// order. It returns false if the text does not have the length of all of them.
func NamesOf(text []byte, lengths []uint8) (Names, bool) {
	out := Names{text: memory.Text(text), starts: memory.MakeUnset[uint32](len(lengths) + 1), bases: make([]uint64, len(lengths)>>groupBits+1)}
	at := uint64(0)
	for group := range out.bases {
		from := group << groupBits
		out.bases[group] = at
		start := uint32(0)
		for i, n := range lengths[from:min(from+1<<groupBits, len(lengths))] {
			out.starts[from+i] = start
			start += uint32(n)
		}
		at += uint64(start)
		if from+1<<groupBits > len(lengths) {
			out.starts[len(lengths)] = start
		}
	}
	return out, at == uint64(len(text))
}

// Len returns the number of strings.
func (s *Names) Len() int { return max(len(s.starts), 1) - 1 }

// At returns string i.
func (s *Names) At(i int32) string {
	from, to := s.span(int(i))
	return s.text[from:to]
}

// span returns where string i begins and ends.
func (s *Names) span(i int) (from, to uint64) {
	return s.bases[i>>groupBits] + uint64(s.starts[i]), s.bases[(i+1)>>groupBits] + uint64(s.starts[i+1])
}

// Begin returns where string i begins in the text. For i = Len it returns the length of the text.
func (s *Names) Begin(i int32) uint64 { return s.bases[i>>groupBits] + uint64(s.starts[i]) }

// Find returns the place of a string, or false if it is not there.
func (s *Names) Find(x string) (int32, bool) {
	i, ok := sort.Find(s.Len(), func(i int) int {
		switch at := s.At(int32(i)); {
		case x < at:
			return -1
		case x > at:
			return 1
		}
		return 0
	})
	return int32(i), ok
}

// All yields the strings with their places.
func (s *Names) All() iter.Seq2[int32, string] {
	return func(yield func(int32, string) bool) {
		for i := range int32(s.Len()) {
			if !yield(i, s.At(i)) {
				return
			}
		}
	}
}

// Strings returns the strings. They share the memory of the text.
func (s *Names) Strings() []string {
	out := make([]string, s.Len())
	for i := range out {
		out[i] = s.At(int32(i))
	}
	return out
}

// Equal reports whether both have the same strings.
func (s *Names) Equal(other *Names) bool {
	return s.text == other.text && slices.Equal(s.starts, other.starts) && slices.Equal(s.bases, other.bases)
}

// Text returns all strings, one after the other.
func (s *Names) Text() string { return s.text }
