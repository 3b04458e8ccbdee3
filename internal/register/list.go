package register

// list keeps values in blocks, so that a list of millions grows without being copied.
// The zero value is empty.
type list[T any] struct {
	blocks [][]T // all are full but the last
	len    int
}

const (
	blockBits = 15
	blockLen  = 1 << blockBits
)

func (l *list[T]) add(x T) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) == blockLen {
		var block []T // the first block grows, because many lists are short
		if last >= 0 {
			block = make([]T, 0, blockLen)
		}
		l.blocks, last = append(l.blocks, block), last+1
	}
	l.blocks[last] = append(l.blocks[last], x)
	l.len++
}

// at returns the place of value i.
func (l *list[T]) at(i int32) *T { return &l.blocks[i>>blockBits][i&(blockLen-1)] }
