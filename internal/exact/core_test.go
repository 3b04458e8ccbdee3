package exact_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

// cores draws networks in which a few parts, the cores, hardly belong to
// outsiders, so that V(i,i) in them is large, and in which other parts and
// single companies are downstream of the cores.
//
// A core is a ring in which one company has an outside share of 1/2 to 10^-6. V(i,i)
// is one over that share, a decimal number. Downstream parts have stakes
// of any size inside. What is not held inside is held in round fractions by
// cores and other companies above, equal ones for all members. So the value of
// the part is that fraction of the holders' values: a decimal number too, which
// Down and Up take to another digit if it is wrong by the least bit.
type cores struct {
	rng    *rand.Rand
	totals []int64
	stakes []stake
	above  []int32 // companies that can hold parts
}

// person is the outside owner of all that the draw gives to one.
const person = 0

func (x *cores) add(total int64) int32 {
	x.totals = append(x.totals, total)
	return int32(len(x.totals) - 1)
}

func (x *cores) hold(h, j int32, units int64) { x.stakes = append(x.stakes, stake{h, j, units}) }

// ring adds a core of n companies whose first has 1 share in 2, 4, 5, 8 or 10, times
// 10^(digits-1), outside.
func (x *cores) ring(n, digits int) {
	scale := []int64{2, 4, 5, 8, 10}[x.rng.IntN(5)]
	for range digits - 1 {
		scale *= 10
	}
	first := x.add(scale * (1 + x.rng.Int64N(9)))
	for range n - 1 {
		x.add(1 + x.rng.Int64N(1e9))
	}
	for k := range int32(n) {
		j, total := first+k, x.totals[first+k]
		if k == 0 {
			leak := total / scale
			total -= leak
			if x.rng.IntN(2) == 0 {
				x.hold(person, j, leak)
			}
		}
		x.hold(first+(k+int32(n)-1)%int32(n), j, total)
		x.above = append(x.above, j)
	}
}

// mesh adds a core of n companies that hold of one another at random.
func (x *cores) mesh(n, digits int) {
	first := int32(len(x.totals))
	for range n {
		x.add(1e12 + x.rng.Int64N(1e12))
	}
	for k := range int32(n) {
		j, left := first+k, x.totals[first+k]
		leak := left
		for range digits {
			leak /= 10
		}
		leak = x.rng.Int64N(leak + 1)
		left -= leak + 1
		x.hold(person, j, leak)
		for h := range int32(n) {
			if h != k && h != (k+1)%int32(n) && x.rng.IntN(2) == 0 {
				u := x.rng.Int64N(left)
				left -= u
				x.hold(first+h, j, u)
			}
		}
		x.hold(first+(k+1)%int32(n), j, left)
		x.above = append(x.above, j)
	}
}

// part adds n companies, connected if they are more than one, that one to three
// companies above hold.
func (x *cores) part(n int) {
	holders := []int32{x.above[x.rng.IntN(len(x.above))]}
	for range x.rng.IntN(3) {
		holders = append(holders, x.above[x.rng.IntN(len(x.above))])
	}
	const grain = 100
	tenths := make([]int64, len(holders)) // of grain
	left := int64(grain)
	for i := range tenths {
		tenths[i] = 1 + x.rng.Int64N(left-int64(len(holders)-i))
		left -= tenths[i]
	}
	first := int32(len(x.totals))
	size := []int64{2, 1000, 1e9, 1e15}[x.rng.IntN(4)]
	for k := range int32(n) {
		j := first + k
		free := 1 + x.rng.Int64N(size)
		x.add(free * grain)
		for i, h := range holders {
			x.hold(h, j, free*tenths[i])
		}
		for h := range int32(n) {
			if h != k && (h == (k+1)%int32(n) || x.rng.IntN(3) == 0) {
				u := 1 + x.rng.Int64N(free*grain*4/int64(n))
				x.totals[j] += u
				x.hold(first+h, j, u)
			}
		}
		x.above = append(x.above, j)
	}
}

func drawCores(rng *rand.Rand, wide int) *matrix.Matrix {
	x := &cores{rng: rng, totals: []int64{0}}
	for range 1 + rng.IntN(2) {
		n, digits := 2+rng.IntN(7), 1+rng.IntN(6)
		if rng.IntN(2) == 0 {
			n = 13 + rng.IntN(3) // too large for a table, so that its errors are small
		}
		if rng.IntN(4) == 0 {
			x.mesh(n, digits)
		} else {
			x.ring(n, digits)
		}
	}
	for range 1 + rng.IntN(6) {
		switch rng.IntN(4) {
		case 0:
			x.part(1)
		case 1:
			x.part(13 + rng.IntN(2))
		default:
			x.part(2 + rng.IntN(11))
		}
	}
	m := build(x.totals, x.stakes)
	for j := range m.Total {
		if wide == 0 || m.Total[j] == 0 || rng.IntN(wide) > 0 {
			continue
		}
		factor := new(big.Int).Exp(big.NewInt(7), big.NewInt(1+rng.Int64N(60)), nil)
		w := &matrix.WideColumn{Total: new(big.Int).Mul(factor, big.NewInt(m.Total[j]))}
		for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
			w.Units = append(w.Units, new(big.Int).Mul(factor, big.NewInt(m.Units[e])))
		}
		if m.Wide == nil {
			m.Wide = map[int32]*matrix.WideColumn{}
		}
		m.Wide[int32(j)] = w
	}
	return m
}

var allModes = []rounding.Mode{rounding.HalfEven, rounding.Down, rounding.Up, rounding.HalfUp}

// drawOwner returns an owner, in two of three draws one of the first core.
func drawOwner(rng *rand.Rand, m *matrix.Matrix) exact.Owner {
	o := exact.Owner{Node: int32(rng.IntN(len(m.Total)))}
	if rng.IntN(3) > 0 {
		o.Node = 1 + rng.Int32N(2) // a core has at least two companies
	}
	o.Float = m.Total[o.Node] > 0 && rng.IntN(6) == 0
	return o
}

// mostPlaces returns the most places at which the fast path has room for a value.
// There its error bounds are tightest.
func mostPlaces(v *big.Rat) int {
	f, _ := v.Float64()
	return max(0, min(18, int(math.Log10(math.MaxInt64/f))))
}

// drawPlaces returns places up to 18 in three of four draws. These have a fast path.
func drawPlaces(rng *rand.Rand) int {
	if rng.IntN(4) == 0 {
		return []int{0, 19, 25, 40, 70}[rng.IntN(5)]
	}
	return 1 + rng.IntN(18)
}

// checkCores compares figures of every kind, digit for digit, with fractions.
func checkCores(t *testing.T, rng *rand.Rand, m *matrix.Matrix, nodes int) (compared int) {
	t.Helper()
	ctx := t.Context()
	require.NoError(t, m.Validate())
	s := exact.NewSolver(m, exact.Limits{})
	require.NoError(t, s.Check(ctx))
	for n := range nodes {
		from := drawOwner(rng, m)
		if n == 0 {
			from = exact.Owner{Node: 1} // the first company of a core
		}
		i := from.Node
		row, err := s.Row(ctx, from)
		require.NoError(t, err)
		first := firstPassage(t, s, m, row, from)
		col, err := s.Column(ctx, i)
		require.NoError(t, err)
		firstCol := firstShares(t, s, col)
		for _, mode := range allModes {
			places := drawPlaces(rng)
			if n == 0 && mode == rounding.Down {
				places = mostPlaces(row.Diagonal)
			}
			what := []any{i, from.Float, places, mode}
			got, err := s.RowFixed(ctx, from, places, mode)
			require.NoError(t, err)
			compared += sameLine(t, row, got, places, mode, append(what, "row")...)
			got, err = s.FirstRowFixed(ctx, from, places, mode)
			require.NoError(t, err)
			compared += sameLine(t, first, got, places, mode, append(what, "first row")...)
			got, err = s.ColumnFixed(ctx, i, places, mode)
			require.NoError(t, err)
			compared += sameLine(t, col, got, places, mode, append(what, "column")...)
			got, err = s.FirstColumnFixed(ctx, i, places, mode)
			require.NoError(t, err)
			compared += sameLine(t, firstCol, got, places, mode, append(what, "first column")...)
			j := int32(rng.IntN(len(m.Total)))
			z, err := s.PairFixed(ctx, from, j, places, mode)
			require.NoError(t, err)
			require.Equal(t, rounded(row.Find(exact.Owner{Node: j}), places, mode).String(), z.String(), append(what, "pair", j)...)
			z, err = s.FirstPairFixed(ctx, from, j, places, mode)
			require.NoError(t, err)
			require.Equal(t, rounded(first.Find(exact.Owner{Node: j}), places, mode).String(), z.String(), append(what, "first pair", j)...)
			z, err = s.DiagonalFixed(ctx, i, places, mode)
			require.NoError(t, err)
			require.Equal(t, rounded(col.Diagonal, places, mode).String(), z.String(), append(what, "diagonal")...)
			compared += 3
		}
	}
	all, err := s.OutsideFixed(ctx, 18)
	require.NoError(t, err)
	for o, z := range all.All() {
		require.Equal(t, "1000000000000000000", z.String(), o)
	}
	return compared
}

// lineErrors is the largest errors of values as fractions of their bounds.
type lineErrors struct{ quick, long, column, diagonal float64 }

// checkBounds compares values of every kind with fractions. Every error must be
// within the bound that the solver has for it.
func checkBounds(t *testing.T, rng *rand.Rand, m *matrix.Matrix, nodes int, so lineErrors) lineErrors {
	t.Helper()
	ctx := t.Context()
	s := exact.NewSolver(m, exact.Limits{})
	for range nodes {
		from, places := drawOwner(rng, m), drawPlaces(rng)
		quick, long, err := s.RowErrors(ctx, from, places)
		require.NoError(t, err)
		j := int32(rng.IntN(len(m.Total)))
		column, diagonal, err := s.ColumnErrors(ctx, j, places)
		require.NoError(t, err)
		require.LessOrEqual(t, max(quick, long), 1.0, "row of %v, places %d: %v %v", from, places, quick, long)
		require.LessOrEqual(t, max(column, diagonal), 1.0, "column of %d, places %d: %v %v", j, places, column, diagonal)
		so = lineErrors{max(so.quick, quick), max(so.long, long), max(so.column, column), max(so.diagonal, diagonal)}
	}
	return so
}

// firstShares divides each share of a column by its owner's diagonal.
func firstShares(t *testing.T, s *exact.Solver, col *exact.Line) *exact.Line {
	t.Helper()
	first := &exact.Line{Diagonal: col.Diagonal, Shares: slices.Clone(col.Shares)}
	for at, sh := range first.Shares {
		if sh.Float {
			continue
		}
		d, err := s.Diagonal(t.Context(), sh.Node)
		require.NoError(t, err)
		first.Shares[at].Value = new(big.Rat).Quo(sh.Value, d)
	}
	return first
}

// checkCoreUpdates changes columns again and again and compares updated rows
// with fractions of the changed matrix.
func checkCoreUpdates(t *testing.T, rng *rand.Rand, m *matrix.Matrix, steps int) (compared int) {
	t.Helper()
	ctx := t.Context()
	s := exact.NewSolver(m, exact.Limits{})
	from := drawOwner(rng, m)
	places, mode := 1+rng.IntN(20), allModes[rng.IntN(4)]
	kept, err := s.Retain(ctx, from, places, mode)
	require.NoError(t, err)
	for range steps {
		var x exact.Change
		j := 1 + int32(rng.IntN(len(m.Total)-1))
		if rng.IntN(3) == 0 {
			x, m = redraw(rng, m, j)
		} else {
			x, m = rescale(m, j, 2+rng.Int64N(5))
		}
		if s, err = s.With(x); err != nil {
			require.ErrorIs(t, err, matrix.ErrMalformed)
			return compared // a total of 2^62 or more
		}
		want, err := exact.NewSolver(m, exact.Limits{}).Row(ctx, from)
		got, gotErr := kept.Update(ctx, s)
		if err != nil {
			require.ErrorIs(t, err, exact.ErrRing)
			require.ErrorIs(t, gotErr, exact.ErrRing)
			return compared
		}
		require.NoError(t, gotErr)
		compared += sameLine(t, want, got.Line(), places, mode, from, places, mode, j)
		off, err := got.Errors(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, off, 1.0, "bound of the update of %d", j)
		kept = got
	}
	return compared
}

// rescale multiplies all counts of company j by a factor, which changes no
// value but makes all downstream values be computed again.
func rescale(m *matrix.Matrix, j int32, by int64) (exact.Change, *matrix.Matrix) {
	c := *m
	c.Total, c.Units = slices.Clone(m.Total), slices.Clone(m.Units)
	lo, hi := m.ColStart[j], m.ColStart[j+1]
	if c.Total[j] > matrix.MaxTotal/by {
		by = 1
	}
	c.Total[j] *= by
	for e := lo; e < hi; e++ {
		c.Units[e] *= by
	}
	return exact.Change{Node: j, Rows: c.Row[lo:hi], Units: c.Units[lo:hi], Total: c.Total[j]}, &c
}

// TestCores is about figures far above 1: in cycles that outsiders hardly own
// and below them.
func TestCores(t *testing.T) {
	rng := rand.New(rand.NewPCG(81, 1))
	total, so := 0, lineErrors{}
	for round := range testkit.Cases(200) {
		wide := 0
		if round%5 == 4 {
			wide = 6
		}
		total += checkCores(t, rng, drawCores(rng, wide), 2)
		total += checkCoreUpdates(t, rng, drawCores(rng, 0), 5)
		so = checkBounds(t, rng, drawCores(rng, wide), 6, so)
	}
	t.Logf("%d figures compared, closest to the bounds %.3f", total, so)
	require.Greater(t, total, testkit.Cases(80_000))
}

// TestBelowRing is the ring with V(i,i) = 8.9 and twelve companies that hold of
// one another, of each of which the ring holds 88%: 0.88 V / (1 - 0.11).
func TestBelowRing(t *testing.T) {
	const ring, below = 14, 12
	totals := make([]int64, ring+below+1)
	var stakes []stake
	for k := range int32(ring) {
		totals[k] = 8900
		u := int64(8900)
		if k == 0 {
			u = 7900
		}
		stakes = append(stakes, stake{(k + ring - 1) % ring, k, u})
	}
	for k := range int32(below) {
		totals[ring+k] = 100
		stakes = append(stakes, stake{0, ring + k, 88})
		for h := range int32(below) {
			if h != k {
				stakes = append(stakes, stake{ring + h, ring + k, 1})
			}
		}
	}
	s := exact.NewSolver(build(totals, stakes), exact.Limits{})
	for _, mode := range allModes {
		l, err := s.RowFixed(t.Context(), exact.Owner{Node: 0}, 18, mode)
		require.NoError(t, err)
		for k := range int32(below) {
			z, ok := l.Find(exact.Owner{Node: ring + k})
			require.True(t, ok)
			require.Equal(t, "8800000000000000000", z.String(), mode)
		}
	}
}

// FuzzCores draws networks from a seed.
func FuzzCores(f *testing.F) {
	f.Add(uint64(1), uint8(0))
	f.Add(uint64(2), uint8(3))
	f.Add(uint64(3), uint8(5))
	f.Fuzz(func(t *testing.T, seed uint64, wide uint8) {
		rng := rand.New(rand.NewPCG(seed, 83))
		switch seed % 3 { // one check an input, so that inputs are quick
		case 0:
			checkCores(t, rng, drawCores(rng, int(wide%8)), 1)
		case 1:
			checkCoreUpdates(t, rng, drawCores(rng, 0), 4)
		default:
			checkBounds(t, rng, drawCores(rng, int(wide%8)), 4, lineErrors{})
		}
	})
}
