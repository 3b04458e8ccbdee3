//go:build !purego

package power

import "math"

// This file has the walk for vectors of 256 bits. It multiplies a table by
// (1 + r x^w) for a few players at once.

//go:noescape
func chainMarked(a *uint64, ws *int64, players, rounds int, r, inverse, p float64)

//go:noescape
func chainFloat(a *float64, ws *int64, players, rounds int, r float64)

//go:noescape
func chainAdd(a *uint64, ws *int64, players, rounds int)

//go:noescape
func chainFold(a *uint64, ws *int64, players, rounds int, less, shift uint64)

// chained multiplies n entries by a few players with vectors of 256 bits. It reports
// false if they cannot be used.
func (f field) chained(a []uint64, n int, ws []int64) bool {
	switch {
	case path != vectors256:
		return false
	case f.inverse != 0:
		f.chainMarks(a, n, ws)
	case f.room > 0:
		f.chainCounts(a, n, ws)
	default:
		return false
	}
	return true
}

// chainMarks is for entries that are floats.
func (f field) chainMarks(a []uint64, n int, ws []int64) {
	r, p := float64(f.r), float64(f.p)
	chain(n, ws, func(from, first, last, rounds int) {
		chainMarked(&a[from], &ws[first], last-first, rounds, r, f.inverse, p)
	}, func(j, from, to int) {
		w := int(ws[j])
		for k := to - 1; k >= from; k-- {
			x := math.Float64frombits(a[k]) + r*math.Float64frombits(a[k-w])
			a[k] = math.Float64bits(nearest(x, f.inverse, p))
		}
	})
}

// nearest subtracts from x the nearest multiple of p. The result can be a little
// more than p/2. x is a whole number of at most 53 bits, and so is every number on
// the way but the quotient.
func nearest(x, inverse, p float64) float64 {
	const round = 3 << 51 // adding it to a quotient leaves no room for a fraction
	q := x*inverse + round
	return x - (q-round)*p
}

// chainCounts is for entries that are words. It folds them in the end, if they are
// residues.
func (f field) chainCounts(a []uint64, n int, ws []int64) {
	end := len(ws)
	chain(n, ws, func(from, first, last, rounds int) {
		if last == end && f.p != 0 {
			chainFold(&a[from], &ws[first], last-first, rounds, f.less, uint64(f.fold))
			return
		}
		chainAdd(&a[from], &ws[first], last-first, rounds)
	}, func(j, from, to int) {
		w := int(ws[j])
		for k := to - 1; k >= from; k-- {
			a[k] += a[k-w]
		}
		if j == end-1 && f.p != 0 && from < to {
			f.foldWords(a[from:to])
		}
	})
	if f.p != 0 {
		f.foldWords(a[:min(n, int(ws[end-1]))])
	}
}

// chainedFloat does the same for floats that are rounded.
func chainedFloat(a []float64, n int, ws []int64, r float64) bool {
	if path != vectors256 {
		return false
	}
	chain(n, ws, func(from, first, last, rounds int) {
		chainFloat(&a[from], &ws[first], last-first, rounds, r)
	}, func(j, from, to int) {
		w := int(ws[j])
		for k := to - 1; k >= from; k-- {
			a[k] = math.FMA(r, a[k-w], a[k])
		}
	})
	return true
}

// chainBlock is the number of entries that a chain takes at a time.
const chainBlock = 32

// chain walks a table of n entries from the top down. A block of player j is the
// block of player j-1 moved up by the weight of j: what j-1 has just written there is
// what j adds. So the blocks of all players follow from the block where the first
// player reads, and a player is some blocks behind the players before it.
//
// blocks does the players from first to last-1, for the given number of rounds. The
// first of these players reads the block at from, and 32 entries less in each round.
// single does the entries from to-1 down to from for player j. There are fewer than
// 32 of them, at the ends of the table.
func chain(n int, ws []int64, blocks func(from, first, last, rounds int), single func(j, from, to int)) {
	var few [64]int // saves an allocation
	steps := append(few[:0], 0)
	for j, w := range ws {
		steps = append(steps, steps[j]+int(w)) // by player: the weight of those before it
	}
	low := n - chainBlock - steps[1] // where the first player reads, even if it is below 0
	first, last := 0, 0
	for {
		for last < len(ws) && low+steps[last+1]+chainBlock <= n {
			single(last, max(int(ws[last]), low+steps[last+1]+chainBlock), n)
			last++
		}
		for first < last && low+steps[first] < 0 {
			single(first, int(ws[first]), min(n, low+steps[first+1]+chainBlock))
			first++
		}
		if first == len(ws) {
			return
		}
		rounds := 1 << 62
		if last < len(ws) {
			rounds = (low + steps[last+1] - n + 2*chainBlock - 1) / chainBlock
		}
		if first < last {
			rounds = min(rounds, (low+steps[first])/chainBlock+1)
			blocks(low+steps[first], first, last, rounds)
		}
		low -= rounds * chainBlock
	}
}
