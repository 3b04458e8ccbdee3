// Package approx solves systems of linear equations in floats, without a bound on the error of the
// solution.
package approx

import (
	"math"
	"slices"
	"sync"
)

// System is the matrix I - C, where C has a diagonal of zeros, by equations: C(k, Index[e]) =
// Coef[e] for Start[k] <= e < Start[k+1]. The indices of an equation ascend. An index can occur
// more than once.
type System struct {
	Start []int32 // one more than there are equations
	Index []int32
	Coef  []float64

	once sync.Once
	half []int32 // the first entry of each equation whose index is above the equation's
}

// split finds where the indices of each equation pass the equation's own.
func (y *System) split() {
	n := len(y.Start) - 1
	y.half = make([]int32, n)
	for k := range n {
		lo, hi := y.Start[k], y.Start[k+1]
		at, _ := slices.BinarySearch(y.Index[lo:hi], int32(k))
		y.half[k] = lo + int32(at)
	}
}

// residual sets r to b - (I-C) x.
func (y *System) residual(b, x, r []float64) {
	for k := range x {
		r[k] = b[k] - x[k] + weighed(y.Index[y.Start[k]:y.Start[k+1]], y.Coef[y.Start[k]:y.Start[k+1]], x)
	}
}

// weighed returns the sum of coefficients times x. It adds four sums side by side, because each
// addition waits for the one before it.
func weighed(index []int32, coef, x []float64) float64 {
	var a, b, c, d float64
	for ; len(index) >= 4 && len(coef) >= 4; index, coef = index[4:], coef[4:] {
		a += coef[0] * x[index[0]]
		b += coef[1] * x[index[1]]
		c += coef[2] * x[index[2]]
		d += coef[3] * x[index[3]]
	}
	for at, i := range index {
		a += coef[at] * x[i]
	}
	return a + b + (c + d)
}

// Sweep makes up to limit Gauss-Seidel sweeps, alternately forward and backward, from x = b,
// until x changes by at most the fraction still of its largest value. Before each sweep it calls
// step with the number of sweeps so far, and ends with its error.
func (y *System) Sweep(b, x []float64, limit int, still float64, step func(done int) error) error {
	n := len(x)
	copy(x, b)
	for sweep := range limit {
		if err := step(sweep); err != nil {
			return err
		}
		var moved, largest float64
		for at := range n {
			k := at
			if sweep&1 == 1 {
				k = n - 1 - at
			}
			sum := b[k] + weighed(y.Index[y.Start[k]:y.Start[k+1]], y.Coef[y.Start[k]:y.Start[k+1]], x)
			moved = max(moved, math.Abs(sum-x[k]))
			largest = max(largest, math.Abs(sum))
			x[k] = sum
		}
		if moved <= largest*still || math.IsNaN(moved) || math.IsInf(largest, 0) {
			return nil
		}
	}
	return nil
}
