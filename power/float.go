package power

import (
	"context"
	"fmt"
	"math"
	"math/big"
)

// FloatIndex is an index in floating point, with a bound on the error of every
// figure. The zero value has no players. A FloatIndex is immutable.
type FloatIndex struct {
	values, bounds []float64
}

// Len returns the number of players.
func (x FloatIndex) Len() int { return len(x.values) }

// Of returns the figure of a player and a bound on its distance from the exact
// figure. If the game does not have this player, ok is false.
func (x FloatIndex) Of(player int) (value, bound float64, ok bool) {
	if player < 0 || player >= len(x.values) {
		return 0, 0, false
	}
	return x.values[player], x.bounds[player], true
}

// Bound returns the largest of the bounds.
func (x FloatIndex) Bound() float64 {
	worst := 0.0
	for _, b := range x.bounds {
		worst = max(worst, b)
	}
	return worst
}

// mostFloat is the largest number of players. With more, powers of the marks
// and counts would overflow a float64.
const mostFloat = 1000

// unit is the largest relative error of one rounding.
const unit = 0x1p-53

// ShapleyShubikFloat returns the Shapley-Shubik index in floating point, with
// an error bound on each figure. It takes a fraction of the time of
// ShapleyShubik.
//
// It takes weighted games of one rule with at most 1,000 players (ErrTooHard),
// and no Algorithm but Auto or Weights (ErrOptions).
//
// The index is the integral, over t from 0 to 1, of the probability that the
// player swings when each of the others votes yes with probability t. This is a
// polynomial in t, and Gauss quadrature with enough points is exact for it. The
// tables are sums of positive terms, and the number of terms bounds their
// relative error. Taking a player out can add an error, which is bounded for
// each figure along the way.
func (g Game) ShapleyShubikFloat(ctx context.Context, opts ...Options) (FloatIndex, error) {
	o, err := g.begin(opts)
	if err != nil {
		return FloatIndex{}, err
	}
	z, single := g.reduce()
	if !single || o.Algorithm != Auto && o.Algorithm != Weights {
		return FloatIndex{}, o.unable("the Shapley-Shubik index of this game in floating point")
	}
	if len(z.w) > mostFloat {
		return FloatIndex{}, fmt.Errorf("%w: %d players, at most %d are allowed in floating point", ErrTooHard, len(z.w), mostFloat)
	}
	return z.shapleyFloat(ctx, g.players, o)
}

func (z weighted) shapleyFloat(ctx context.Context, players int, o Options) (FloatIndex, error) {
	if z.q > z.sum-z.q+1 {
		z = z.dualize()
	}
	n := len(z.w)
	win, lose := z.sizes()
	// Every swing has at least e players on each side. So t^e (1-t)^e is a
	// factor of the integrand, and it becomes the weight of the quadrature.
	e := min(win-1, n-1-min(lose, n-1), 100)
	// With an even number of points the middle is not among them. There,
	// taking a player out would lose the most digits.
	xs, ws := gegenbauer((n-2*e+3)/4*2, e)
	cs := z.classes()
	weights := ascending(cs)
	tasks := len(xs) / 2 // the points below the middle; the dual gives the others
	workers := min(o.Workers, tasks)
	if err := o.fits(float64(z.sum-z.q+1)*8*float64(workers), Weights); err != nil {
		return FloatIndex{}, err
	}
	size := int(z.sum - z.q + 1)
	tables := make([][]float64, workers)
	values, bounds := make([][]float64, tasks), make([][]float64, tasks)
	err := o.run(ctx, tasks, func(worker, j int) error {
		if tables[worker] == nil {
			tables[worker] = make([]float64, size)
		}
		t := (1 + xs[j]) / 2
		r := t / (1 - t)
		sums, err := floatTable(ctx, tables[worker], weights, r)
		if err != nil {
			return err
		}
		scale := ws[j] * floatScale(n, e, t)
		values[j], bounds[j] = make([]float64, len(cs)), make([]float64, len(cs))
		rel := tableError(n, size)
		for i, c := range cs {
			v, b := floatSwings(sums, int(c.w), int(z.q), r, rel)
			v2, b2 := floatSwings(sums, int(c.w), size, r, rel)
			values[j][i], bounds[j][i] = (v+v2)*scale, (b+b2)*scale
		}
		return nil
	})
	if err != nil {
		return FloatIndex{}, err
	}
	x := FloatIndex{values: make([]float64, players), bounds: make([]float64, players)}
	for i, c := range cs {
		var v, b float64
		for j := range values {
			v += values[j][i]
			b += bounds[j][i]
		}
		// The errors of the points, weights and scales of the quadrature, and
		// of this sum.
		b = b*1.001 + v*unit*float64(64*n+1000)
		for _, m := range c.members {
			x.values[z.players[m]], x.bounds[z.players[m]] = v, b
		}
	}
	return x, nil
}

// floatScale returns (1-t)^(n-1) / (t(1-t))^e times the integral of (t(1-t))^e.
// Values at the mark t/(1-t) are multiplied by it before the quadrature.
func floatScale(n, e int, t float64) float64 {
	// The integral is e!^2/(2e+1)!.
	f := new(big.Int).MulRange(1, int64(e))
	beta := new(big.Rat).SetFrac(f, new(big.Int).MulRange(int64(e+1), int64(2*e+1)))
	b, _ := beta.Float64()
	return math.Exp(float64(n-1-e)*math.Log1p(-t) - float64(e)*math.Log(t) + math.Log(b))
}

// floatBlock is the number of entries of a block, and the number of blocks of a
// group. Sums by block and by group keep the error small.
const floatBlock = 128

// tableError returns a bound on the relative error of a running sum: two
// roundings for each player, and those of the summation.
func tableError(n, size int) float64 {
	return unit * 1.01 * float64(2*n+2*floatBlock+size/(floatBlock*floatBlock)+8)
}

func floatTable(ctx context.Context, a []float64, ws []int64, r float64) ([]float64, error) {
	clear(a)
	a[0] = 1
	_, err := walk(ctx, len(a), ws, 1, maxPlayers, func(n int, ws []int64) { floatBatch(a, n, ws, r) })
	if err != nil {
		return nil, err
	}
	var base, far float64 // sums of the blocks: since the last group of blocks, and before it
	for from := 0; from < len(a); from += floatBlock {
		if from%(floatBlock*floatBlock) == 0 {
			far, base = far+base, 0
		}
		part := a[from:min(from+floatBlock, len(a))]
		sum := 0.0
		for k, x := range part {
			sum += x
			part[k] = far + (base + sum)
		}
		base += sum
	}
	return a, nil
}

// floatBatch multiplies n entries by (1 + r x^w) for a few players.
func floatBatch(a []float64, n int, ws []int64, r float64) {
	if chainedFloat(a, n, ws, r) {
		return
	}
	blocks(n, ws, func(j, from, to int) {
		w := int(ws[j])
		for to > from {
			lo := max(from, to-w)
			axpyFloat(a[lo:to], a[lo-w:to-w], r)
			to = lo
		}
	})
}

// axpyFloatGo adds r src to dst. The slices do not overlap.
func axpyFloatGo(dst, src []float64, r float64) {
	src = src[:len(dst)]
	for i, x := range src {
		dst[i] += r * x
	}
}

// floatSwings is field.swings in floating point, with a bound on the error. rel
// is the relative error of the running sums.
func floatSwings(sums []float64, w, q int, r, rel float64) (value, bound float64) {
	v, e := 0.0, 0.0
	if k := q - 1 - w; k >= 0 {
		for i := k % w; i <= k; i += w {
			v = sums[i] - r*v
			e = rel*sums[i] + r*e + 2*unit*(math.Abs(v)+sums[i])
		}
	}
	s := sums[q-1]
	return s - (1+r)*v, rel*s + (1+r)*e + 4*unit*(s+2*math.Abs(v))
}

// gegenbauer returns the points and weights of Gauss quadrature with m points
// for the weight (1-x^2)^e on -1..1. m is even. The points are ascending and
// the weights add up to 1. The points are the zeros of the orthonormal
// polynomial of degree m, found by bisection on the number of sign changes
// (Sturm). The weights are the reciprocals of the sums of squares of the
// polynomials below it (Golub and Welsch 1969).
func gegenbauer(m, e int) (xs, ws []float64) {
	b := make([]float64, m+1)
	for k := 1; k <= m; k++ {
		b[k] = math.Sqrt(float64(k*(k+2*e)) / (float64(2*k+2*e+1) * float64(2*k+2*e-1)))
	}
	xs, ws = make([]float64, m), make([]float64, m)
	for j := range m / 2 {
		lo, hi := -1.0, 0.0
		for range 64 {
			mid := (lo + hi) / 2
			if below(b, mid) > j {
				hi = mid
			} else {
				lo = mid
			}
		}
		x := (lo + hi) / 2
		p, last, sum := 1.0, 0.0, 1.0
		for k := 1; k < m; k++ {
			p, last = (x*p-b[k-1]*last)/b[k], p
			sum += p * p
		}
		xs[j], ws[j] = x, 1/sum
		xs[m-1-j], ws[m-1-j] = -x, 1/sum
	}
	return xs, ws
}

// below returns how many zeros of the polynomial are below x. This is the
// number of negative pivots of the tridiagonal matrix minus x times the identity.
func below(b []float64, x float64) int {
	count, d := 0, 1.0
	for k := 1; k < len(b); k++ {
		off := b[k-1]
		if k == 1 {
			off = 0
		}
		d = -x - off*off/d
		if d == 0 {
			d = 1e-300
		}
		if d < 0 {
			count++
		}
	}
	return count
}
