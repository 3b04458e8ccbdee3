//go:build !purego

package power

import "math"

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
