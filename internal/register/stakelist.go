package register

// stake is one row of the stakes' file.
type stake struct {
	holder, issuer int32
	units          int64 // shares; ^k stands for exactShares[k] of the reader
}

// stakeList keeps stakes in blocks, so that a list of millions grows without being
// copied. The zero value is empty.
type stakeList struct {
	blocks [][]stake // all are full but the last
	len    int
}

const blockStakes = 1 << 15

func (l *stakeList) add(s stake) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) == blockStakes {
		capacity := blockStakes
		if last < 0 {
			capacity = 64 // most lists of tests are short
		}
		l.blocks, last = append(l.blocks, make([]stake, 0, capacity)), last+1
	}
	l.blocks[last] = append(l.blocks[last], s)
	l.len++
}
