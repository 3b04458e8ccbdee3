package approx

import (
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"
)

// Vectors is the largest number of vectors that [System.Solve] keeps. Each has one number for
// each equation.
const Vectors = 24

// cycles is the largest number of times that Solve starts again from what it has.
const cycles = 4

// Solve sets x to a solution of (I-C) x = b whose residual is about a fraction still of that of
// 0. It reports whether it found one. Before each step it calls step with the number of steps
// so far, and ends with its error. A step reads the matrix once.
//
// Method: the generalised minimal residual (Saad and Schultz 1986) of the matrix between the
// inverses of its lower and upper triangles (Eisenstat 1981). With I-C = (I-L) + (I-U) - I, the
// product of this with v is t + (I-L)^-1 (v-t), where t = (I-U)^-1 v.
func (y *System) Solve(b, x []float64, still float64, step func(done int) error) (bool, error) {
	y.once.Do(y.split)
	w, _ := spaces.Get().(*space)
	if w == nil {
		w = new(space)
	}
	defer spaces.Put(w)
	w.resize(len(b))
	clear(x)
	copy(w.rest, b)
	target, steps, before := 0.0, 0, math.Inf(1)
	for cycle := range cycles {
		y.lower(w.rest)
		size := floats.Norm(w.rest, 2)
		if cycle == 0 {
			target = size * still
		}
		if size <= target {
			return true, nil
		}
		if !(size <= before/2) { // also if it is not a number
			return false, nil
		}
		before = size
		floats.ScaleTo(w.vector(0), 1/size, w.rest)
		done, err := y.cycle(w, size, target, &steps, step)
		if err != nil {
			return false, err
		}
		floats.Add(x, w.sum)
		if done {
			return true, nil
		}
		y.residual(b, x, w.rest)
	}
	return false, nil
}

// cycle makes up to Vectors steps from a residual of the given size, whose direction is the
// first vector, and sets w.sum to the correction of the solution. It reports whether the size
// is at most target then.
func (y *System) cycle(w *space, size, target float64, steps *int, step func(int) error) (bool, error) {
	w.turns, w.sizes = w.turns[:0], append(w.sizes[:0], size)
	at := 0
	for ; at < Vectors; at++ {
		if err := step(*steps); err != nil {
			return false, err
		}
		*steps++
		w.next(at, y)
		if math.Abs(w.sizes[at+1]) <= target || w.column(at)[at+1] == 0 {
			at++
			break
		}
	}
	// The coefficients of the vectors solve a triangular system.
	coef := w.sizes[:at]
	for i := at - 1; i >= 0; i-- {
		for j := i + 1; j < at; j++ {
			coef[i] -= w.column(j)[i] * coef[j]
		}
		coef[i] /= w.column(i)[i]
	}
	clear(w.sum)
	for i, c := range coef {
		floats.AddScaled(w.sum, c, w.vector(i))
	}
	y.upper(w.sum)
	return math.Abs(w.sizes[at]) <= target, nil
}

// next makes vector at+1 and column at of the triangular system. It makes the last of the sizes
// part of the right-hand side of this system, and adds the size of the residual that is left.
func (w *space) next(at int, y *System) {
	v, to := w.vector(at), w.vector(at+1)
	copy(w.rest, v)
	y.upper(w.rest)
	floats.SubTo(to, v, w.rest)
	y.lower(to)
	floats.Add(to, w.rest)
	h := w.column(at)
	for j := range at + 1 {
		h[j] = floats.Dot(to, w.vector(j))
		floats.AddScaled(to, -h[j], w.vector(j))
	}
	length := floats.Norm(to, 2)
	if length > 0 {
		floats.Scale(1/length, to)
	}
	for j, turn := range w.turns {
		h[j], h[j+1] = turn.cos*h[j]+turn.sin*h[j+1], turn.cos*h[j+1]-turn.sin*h[j]
	}
	d := math.Hypot(h[at], length)
	turn := rotation{h[at] / d, length / d}
	w.turns = append(w.turns, turn)
	h[at], h[at+1] = d, length
	w.sizes = append(w.sizes, -turn.sin*w.sizes[at])
	w.sizes[at] *= turn.cos
}

// rotation is a rotation of two coordinates.
type rotation struct{ cos, sin float64 }

// space is the memory of a solution.
type space struct {
	n         int
	vectors   []float64 // one after another, orthonormal
	columns   [Vectors][Vectors + 2]float64
	turns     []rotation
	sizes     []float64 // of the residuals, with a sign
	rest, sum []float64
}

var spaces sync.Pool // of *space

func (w *space) resize(n int) {
	w.n, w.vectors = n, w.vectors[:0]
	w.rest, w.sum = slices.Grow(w.rest[:0], n)[:n], slices.Grow(w.sum[:0], n)[:n]
}

// vector returns vector i. Its memory may be that of an earlier solution.
func (w *space) vector(i int) []float64 {
	if need := (i + 1) * w.n; len(w.vectors) < need {
		w.vectors = slices.Grow(w.vectors, need-len(w.vectors))[:need]
	}
	return w.vectors[i*w.n : (i+1)*w.n]
}

func (w *space) column(i int) []float64 { return w.columns[i][:] }

// lower replaces x by (I-L)^-1 x, where L is C below the diagonal.
func (y *System) lower(x []float64) {
	for k := range x {
		x[k] += weighed(y.Index[y.Start[k]:y.half[k]], y.Coef[y.Start[k]:y.half[k]], x)
	}
}

// upper replaces x by (I-U)^-1 x, where U is C above the diagonal.
func (y *System) upper(x []float64) {
	for k := len(x) - 1; k >= 0; k-- {
		x[k] += weighed(y.Index[y.half[k]:y.Start[k+1]], y.Coef[y.half[k]:y.Start[k+1]], x)
	}
}
