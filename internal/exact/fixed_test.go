package exact_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

// rounded is the oracle: the decimal coefficient of an exact value.
func rounded(v *big.Rat, places int, mode rounding.Mode) *big.Int {
	num := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num.Mul(num, v.Num())
	q, r := new(big.Int).QuoRem(num, v.Denom(), new(big.Int))
	twice := new(big.Int).Lsh(r, 1)
	switch c := twice.Cmp(v.Denom()); {
	case mode == rounding.Up && r.Sign() > 0,
		mode == rounding.HalfUp && c >= 0,
		mode == rounding.HalfEven && (c > 0 || c == 0 && q.Bit(0) == 1):
		q.Add(q, big.NewInt(1))
	}
	return q
}

// sameLine compares a certified line with an exact one and returns how many
// figures it compared.
func sameLine(t *testing.T, want *exact.Line, got *exact.FixedLine, places int, mode rounding.Mode, what ...any) int {
	t.Helper()
	require.Equal(t, rounded(want.Diagonal, places, mode).String(), got.Diagonal.String(), what...)
	require.Equal(t, len(want.Shares), got.Len(), what...)
	at := 0
	for o, z := range got.All() {
		require.Equal(t, want.Shares[at].Owner, o, what...)
		if w := rounded(want.Shares[at].Value, places, mode); w.String() != z.String() {
			require.Equal(t, w.String(), z.String(), "%v of %v: %v", what, o, want.Shares[at].Value.FloatString(places+20))
		}
		at++
	}
	return at + 1
}

// firstPassage divides a row by its diagonal.
func firstPassage(t *testing.T, s *exact.Solver, m *matrix.Matrix, row *exact.Line, from exact.Owner) *exact.Line {
	t.Helper()
	d := big.NewRat(1, 1)
	if !from.Float && m.Total[from.Node] > 0 {
		var err error
		d, err = s.Diagonal(t.Context(), from.Node)
		require.NoError(t, err)
	}
	first := &exact.Line{Diagonal: row.Diagonal}
	for _, sh := range row.Shares {
		first.Shares = append(first.Shares, exact.Share{Owner: sh.Owner, Value: new(big.Rat).Quo(sh.Value, d)})
	}
	return first
}

// compareAll compares rows, columns and pairs of some nodes.
func compareAll(t *testing.T, rng *rand.Rand, m *matrix.Matrix, nodes int) (compared int) {
	t.Helper()
	ctx := t.Context()
	s := exact.NewSolver(m, exact.Limits{})
	if s.Check(ctx) != nil {
		return 0
	}
	modes := []rounding.Mode{rounding.HalfEven, rounding.HalfEven, rounding.Down, rounding.Up, rounding.HalfUp}
	var space exact.RowSpace
	for range nodes {
		places := []int{0, 2, 6, 10, 12, 18, 19, 28, 50}[rng.IntN(9)]
		mode := modes[rng.IntN(len(modes))]
		i := int32(rng.IntN(len(m.Total)))
		from := exact.Owner{Node: i, Float: m.Total[i] > 0 && rng.IntN(3) == 0}
		row, err := s.Row(ctx, from)
		require.NoError(t, err)
		fixed, err := s.RowFixed(ctx, from, places, mode)
		require.NoError(t, err)
		compared += sameLine(t, row, fixed, places, mode, "row", from, places, mode)
		col, err := s.Column(ctx, i)
		require.NoError(t, err)
		fixed, err = s.ColumnFixed(ctx, i, places, mode)
		require.NoError(t, err)
		compared += sameLine(t, col, fixed, places, mode, "column", i, places, mode)
		j := int32(rng.IntN(len(m.Total)))
		pair, err := s.PairFixed(ctx, from, j, places, mode)
		require.NoError(t, err)
		require.Equal(t, rounded(row.Find(exact.Owner{Node: j}), places, mode).String(), pair.String())
		d, err := s.DiagonalFixed(ctx, i, places, mode)
		require.NoError(t, err)
		require.Equal(t, rounded(col.Diagonal, places, mode).String(), d.String())
		first := firstPassage(t, s, m, row, from)
		fixed, err = s.FirstRowFixed(ctx, from, places, mode)
		require.NoError(t, err)
		compared += sameLine(t, first, fixed, places, mode, "first row", from, places, mode)
		both, once, err := s.RowsFixed(ctx, from, places, mode, &space)
		require.NoError(t, err)
		compared += sameLine(t, row, both, places, mode, "row of two", from, places, mode)
		sameLine(t, first, once, places, mode, "first row of two", from, places, mode)
		owned, _, _ := both.Lists()
		ownedOnce, _, _ := once.Lists()
		require.Equal(t, owned, ownedOnce)
		z, err := s.FirstPairFixed(ctx, from, j, places, mode)
		require.NoError(t, err)
		require.Equal(t, rounded(first.Find(exact.Owner{Node: j}), places, mode).String(), z.String(), "first pair")
		compared += 3
		if len(m.Total) > 50 {
			continue // an exact diagonal for each company takes too long
		}
		for at, sh := range col.Shares {
			if !sh.Float {
				d, err := s.Diagonal(ctx, sh.Node)
				require.NoError(t, err)
				col.Shares[at].Value.Quo(sh.Value, d)
			}
		}
		fixed, err = s.FirstColumnFixed(ctx, i, places, mode)
		require.NoError(t, err)
		compared += sameLine(t, col, fixed, places, mode, "first column", i, places, mode)
	}
	all, err := s.OutsideFixed(ctx, 15)
	require.NoError(t, err)
	for o, z := range all.All() {
		require.Equal(t, "1000000000000000", z.String(), o)
	}
	return compared
}

func TestCertifiedAgreesWithExact(t *testing.T) {
	shapes := map[string]shape{
		"small":       {companies: 6, outsiders: 4, degree: 2, total: 1e9, cycles: true},
		"round":       {companies: 10, outsiders: 4, degree: 2, total: 100, cycles: true},
		"tree":        {companies: 30, outsiders: 8, degree: 2, total: 1 << 61},
		"tiny leak":   {companies: 6, outsiders: 2, degree: 2, total: 1e9, leak: 1, near: true, cycles: true},
		"tinier leak": {companies: 8, outsiders: 2, degree: 2, total: 1e15, leak: 1, near: true, cycles: true},
		"rings":       {companies: 40, outsiders: 20, degree: 1, total: 1e12, cycles: true},
		"medium":      {companies: 30, outsiders: 5, degree: 3, total: 1e10, cycles: true},
		"medium leak": {companies: 24, outsiders: 3, degree: 4, total: 1e9, leak: 1, near: true, cycles: true},
		"medium 1e15": {companies: 24, outsiders: 3, degree: 4, total: 1e15, leak: 1, near: true, cycles: true},
		"wide range":  {companies: 20, outsiders: 3, degree: 3, total: 1 << 61, cycles: true},
	}
	total := 0
	for name, sh := range shapes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(21, uint64(len(name))))
			for range testkit.Cases(12) {
				total += compareAll(t, rng, random(rng, sh), 6)
			}
		})
	}
	t.Logf("%d figures compared", total)
	require.Greater(t, total, testkit.Cases(10_000))
}

func TestCertifiedLargeParts(t *testing.T) {
	for _, x := range []struct {
		n       int
		density float64
		total   int64
	}{{13, 1, 1 << 40}, {40, 0.3, 1 << 33}, {60, 1, 1 << 61}, {150, 0.02, 1 << 35}, {150, 0.5, 1000}} {
		t.Run(fmt.Sprintf("n=%d/density=%v", x.n, x.density), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(31, uint64(x.n)))
			require.Positive(t, compareAll(t, rng, dense(rng, x.n, x.density, x.total), testkit.Cases(3)))
		})
	}
}

// TestLongRing is a ring through many companies from which hardly anything
// leaks, so that sweeps along it converge too slowly to be of use.
func TestLongRing(t *testing.T) {
	const n = 130
	rng := rand.New(rand.NewPCG(61, 62))
	for _, leak := range []int64{1_000_000, 1000, 1} {
		totals := make([]int64, n+1)
		var stakes []stake
		for j := range int32(n) {
			totals[j] = 1e9
			stakes = append(stakes, stake{(j + 1) % n, j, 9e8}, stake{(j + 7) % n, j, 1e8 - leak})
		}
		stakes = append(stakes, stake{n, 4, leak / 2})
		require.Positive(t, compareAll(t, rng, build(totals, stakes), testkit.Cases(2)))
	}
}

// TestTies asks for one place less than the exact values have, so that each
// ends in a 5 that no number of digits can decide.
func TestTies(t *testing.T) {
	const depth = 16
	totals := make([]int64, depth+1)
	var stakes []stake
	for j := 1; j <= depth; j++ {
		totals[j] = 2
		stakes = append(stakes, stake{int32(j - 1), int32(j), 1})
	}
	s := exact.NewSolver(build(totals, stakes), exact.Limits{})
	for _, mode := range []rounding.Mode{rounding.HalfEven, rounding.Down, rounding.Up} {
		for places := range depth {
			exactRow, err := s.Row(t.Context(), exact.Owner{Node: 0})
			require.NoError(t, err)
			row, err := s.RowFixed(t.Context(), exact.Owner{Node: 0}, places, mode)
			require.NoError(t, err)
			sameLine(t, exactRow, row, places, mode, places)
			col, err := s.ColumnFixed(t.Context(), depth, places, mode)
			require.NoError(t, err)
			exactCol, err := s.Column(t.Context(), depth)
			require.NoError(t, err)
			sameLine(t, exactCol, col, places, mode, places)
		}
	}
	row, err := s.RowFixed(t.Context(), exact.Owner{Node: 0}, 12, rounding.HalfEven)
	require.NoError(t, err)
	half, ok := row.Find(exact.Owner{Node: 13})
	require.True(t, ok)
	require.Equal(t, "122070312", half.String()) // 1/2^13 = 0.0001220703125, to even
}

// TestManyTies has more ties in one row than are settled one by one at first.
func TestManyTies(t *testing.T) {
	const n = 500
	totals := make([]int64, n+1)
	var stakes []stake
	for j := range int32(n) {
		totals[j] = 1 << 13
		stakes = append(stakes, stake{n, j, 1 + int64(j%4)})
	}
	s := exact.NewSolver(build(totals, stakes), exact.Limits{})
	for _, mode := range []rounding.Mode{rounding.HalfEven, rounding.HalfUp, rounding.Down, rounding.Up} {
		want, err := s.Row(t.Context(), exact.Owner{Node: n})
		require.NoError(t, err)
		for _, places := range []int{12, 13, 25} {
			got, err := s.RowFixed(t.Context(), exact.Owner{Node: n}, places, mode)
			require.NoError(t, err)
			require.Equal(t, n+1, sameLine(t, want, got, places, mode, places, mode))
		}
	}
}

// TestTieBelowClosedRing asks for figures that only their fraction decides, of
// companies that a closed ring holds too. The row does not reach the ring.
func TestTieBelowClosedRing(t *testing.T) {
	// 0 and 1 hold each other wholly and some of 2; 2 and 3 each other.
	m := build([]int64{10, 10, 10, 5, 0}, []stake{{0, 1, 10}, {1, 0, 10}, {0, 2, 2}, {4, 2, 3}, {3, 2, 5}, {2, 3, 1}})
	s := exact.NewSolver(m, exact.Limits{})
	for _, from := range []int32{4, 2} {
		want, err := s.Row(t.Context(), exact.Owner{Node: from})
		require.NoError(t, err)
		for _, places := range []int{3, 18, 30} {
			for _, mode := range allModes {
				got, err := s.RowFixed(t.Context(), exact.Owner{Node: from}, places, mode)
				require.NoError(t, err)
				sameLine(t, want, got, places, mode, from, places, mode)
			}
		}
	}
	v, err := s.Diagonal(t.Context(), 2)
	require.NoError(t, err)
	d, err := s.DiagonalFixed(t.Context(), 2, 20, rounding.Down)
	require.NoError(t, err)
	require.Equal(t, rounded(v, 20, rounding.Down).String(), d.String())
	_, err = s.PairFixed(t.Context(), exact.Owner{Node: 4}, 2, 18, rounding.Down)
	require.ErrorIs(t, err, exact.ErrRing) // as Pair
}
