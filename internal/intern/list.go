package intern

import "github.com/crossholding/crossholding/internal/memory"

// List keeps values in blocks, so that a list of millions grows without being copied.
// The zero value is empty. It belongs to one goroutine while it grows.
type List[T any] struct {
	Blocks [][]T // all are full but the last
	Len    int
	// Make makes memory for many values, which [List.Extend] then leaves as they are. If it is nil,
	// they are zeros.
	Make func(n int) []T

	spare []T // memory of further blocks
}

const (
	blockBits = 15
	blockLen  = 1 << blockBits
	slabLen   = 1 << 4 // blocks that are made together, once there are as many
)

// Add adds a value.
func (l *List[T]) Add(x T) {
	last := len(l.Blocks) - 1
	if last < 0 || len(l.Blocks[last]) == blockLen {
		l.Blocks, last = append(l.Blocks, l.block()), last+1
	}
	l.Blocks[last] = append(l.Blocks[last], x)
	l.Len++
}

// Extend adds n values, and returns the places where they are, for others to set. They are zeros
// unless Make makes others. The list can grow further only if more is set. Otherwise a short list
// takes no more memory than it needs.
func (l *List[T]) Extend(n int, more bool) (places [][]T) {
	for n > 0 {
		last := len(l.Blocks) - 1
		if last < 0 || len(l.Blocks[last]) == blockLen {
			b := l.block()
			if b == nil {
				b = make([]T, 0, blockLen)
				if !more {
					b = make([]T, 0, min(n, blockLen))
				}
			}
			l.Blocks, last = append(l.Blocks, b), last+1
		}
		b := l.Blocks[last]
		from, to := len(b), min(cap(b), len(b)+n)
		l.Blocks[last] = b[:to]
		places = append(places, b[from:to:to])
		n, l.Len = n-(to-from), l.Len+to-from
	}
	return places
}

// block returns an empty block. The first block grows, because many lists are short.
func (l *List[T]) block() []T {
	switch known := len(l.Blocks); {
	case known == 0:
		return nil
	case known < slabLen:
		return make([]T, 0, blockLen)
	}
	if len(l.spare) == 0 {
		if l.Make != nil {
			l.spare = l.Make(slabLen * blockLen)
		} else {
			l.spare = make([]T, slabLen*blockLen)
			memory.Advise(l.spare)
		}
	}
	block := l.spare[:0:blockLen]
	l.spare = l.spare[blockLen:]
	return block
}

// At returns the place of value i.
func (l *List[T]) At(i int32) *T { return &l.Blocks[i>>blockBits][i&(blockLen-1)] }
