package intern

// List keeps values in blocks, so that a list of millions grows without being copied.
// The zero value is empty. It belongs to one goroutine while it grows.
type List[T any] struct {
	Blocks [][]T // all are full but the last
	Len    int
}

const (
	blockBits = 15
	blockLen  = 1 << blockBits
)

// Add adds a value.
func (l *List[T]) Add(x T) {
	last := len(l.Blocks) - 1
	if last < 0 || len(l.Blocks[last]) == blockLen {
		var block []T // the first block grows, because many lists are short
		if last >= 0 {
			block = make([]T, 0, blockLen)
		}
		l.Blocks, last = append(l.Blocks, block), last+1
	}
	l.Blocks[last] = append(l.Blocks[last], x)
	l.Len++
}

// At returns the place of value i.
func (l *List[T]) At(i int32) *T { return &l.Blocks[i>>blockBits][i&(blockLen-1)] }
