package exact_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

func TestExactAgainstElimination(t *testing.T) {
	shapes := []shape{
		{companies: 3, outsiders: 3, degree: 2, total: 10, cycles: true},
		{companies: 5, outsiders: 2, degree: 2, total: 1000, cycles: true},
		{companies: 6, outsiders: 3, degree: 3, total: 1 << 40, cycles: true},
		{companies: 8, outsiders: 4, degree: 1, total: 1 << 61, cycles: true},
		{companies: 12, outsiders: 4, degree: 2, total: 1e9, cycles: true},
		{companies: 8, outsiders: 3, degree: 3, total: 1e9},
		{companies: 6, outsiders: 1, degree: 3, total: 1e9, leak: 1, near: true, cycles: true},
	}
	rng := rand.New(rand.NewPCG(1, 2))
	rings, answered := 0, 0
	for round := range testkit.Cases(2400) {
		m := random(rng, shapes[round%len(shapes)])
		require.NoError(t, m.Validate())
		s := exact.NewSolver(m, exact.Limits{})
		g := newReference(m)
		if g == nil {
			rings++
			require.ErrorIs(t, s.Check(t.Context()), exact.ErrRing)
			continue
		}
		answered++
		require.NoError(t, s.Check(t.Context()))
		checkExact(t, m, s, g)
	}
	require.Greater(t, answered, testkit.Cases(2000))
	if testkit.Slowdown == 1 { // fewer cases hold none
		require.Positive(t, rings)
	}
}

func checkExact(t *testing.T, m *matrix.Matrix, s *exact.Solver, g *reference) {
	t.Helper()
	ctx := t.Context()
	n := int32(g.n)
	for i := range n {
		owners := []exact.Owner{{Node: i}}
		if m.Total[i] > 0 {
			owners = append(owners, exact.Owner{Node: i, Float: true})
		}
		for _, o := range owners {
			row, err := s.Row(ctx, o)
			require.NoError(t, err)
			for j := range n {
				fraction(t, g.y(o, j), row.Find(exact.Owner{Node: j}), "row", o, j)
				p, err := s.Pair(ctx, o, j)
				require.NoError(t, err)
				fraction(t, g.y(o, j), p, "pair", o, j)
			}
			if !o.Float {
				fraction(t, g.v[i][i], row.Diagonal)
			}
		}
	}
	for j := range n {
		col, err := s.Column(ctx, j)
		require.NoError(t, err)
		fraction(t, g.v[j][j], col.Diagonal)
		all := new(big.Rat)
		for _, sh := range col.Shares {
			fraction(t, g.y(sh.Owner, j), sh.Value, "column", sh.Owner, j)
			if sh.Float || m.Total[sh.Node] == 0 {
				all.Add(all, sh.Value)
			}
		}
		if m.Total[j] > 0 {
			fraction(t, big.NewRat(1, 1), all, "outside owners")
		}
		for i := range n {
			if g.y(exact.Owner{Node: i}, j).Sign() != 0 {
				require.NotZero(t, col.Find(exact.Owner{Node: i}).Sign())
			}
			terms, err := s.Terms(ctx, exact.Owner{Node: i}, j)
			require.NoError(t, err)
			total := new(big.Rat)
			for _, x := range terms {
				fraction(t, new(big.Rat).Mul(g.a[i][x.Node], g.v[x.Node][j]), x.Value)
				total.Add(total, x.Value)
			}
			fraction(t, g.y(exact.Owner{Node: i}, j), total)
		}
	}
}

func TestWideColumns(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range testkit.Cases(200) {
		m := random(rng, shape{companies: 6, outsiders: 3, degree: 2, total: 1 << 30, cycles: true})
		huge := new(big.Int).Lsh(big.NewInt(1), 80)
		m.Wide = map[int32]*matrix.WideColumn{}
		for j := range int32(len(m.Total)) {
			if m.Total[j] == 0 || rng.IntN(2) == 0 {
				continue
			}
			w := &matrix.WideColumn{Total: new(big.Int).Mul(huge, big.NewInt(m.Total[j]))}
			for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
				w.Units = append(w.Units, new(big.Int).Mul(huge, big.NewInt(m.Units[e])))
				m.Units[e] = -1
			}
			w.Total.Add(w.Total, big.NewInt(rng.Int64N(1000)))
			m.Wide[j] = w
		}
		require.NoError(t, m.Validate())
		if g := newReference(m); g != nil {
			checkExact(t, m, exact.NewSolver(m, exact.Limits{}), g)
		}
	}
}

func TestRings(t *testing.T) {
	// 0 and 1 hold each other wholly and all of 2; 3 and 4 each other.
	m := build([]int64{10, 10, 10, 5, 5, 7, 0}, []stake{
		{0, 1, 10}, {1, 0, 10}, {0, 2, 4}, {1, 2, 6}, {3, 4, 5}, {4, 3, 5}, {3, 5, 2}, {6, 5, 3}, {2, 0, 0},
	})
	s := exact.NewSolver(m, exact.Limits{})
	var ring *exact.RingError
	require.ErrorAs(t, s.Check(t.Context()), &ring)
	require.Equal(t, [][]int32{{0, 1}, {3, 4}}, ring.Rings)
	_, err := s.Column(t.Context(), 2)
	require.ErrorAs(t, err, &ring)
	require.Equal(t, [][]int32{{0, 1}}, ring.Rings)
	_, err = s.Row(t.Context(), exact.Owner{Node: 3})
	require.ErrorAs(t, err, &ring)
	require.Equal(t, [][]int32{{3, 4}}, ring.Rings)
	_, err = s.Pair(t.Context(), exact.Owner{Node: 6}, 2)
	require.ErrorIs(t, err, exact.ErrRing)
	row, err := s.Row(t.Context(), exact.Owner{Node: 6})
	require.NoError(t, err)
	require.Equal(t, "3/7", row.Find(exact.Owner{Node: 5}).RatString())
}

func TestErrors(t *testing.T) {
	m := build([]int64{10, 0}, []stake{{1, 0, 4}})
	s := exact.NewSolver(m, exact.Limits{})
	_, err := s.Row(t.Context(), exact.Owner{Node: 2})
	require.ErrorIs(t, err, exact.ErrNode)
	_, err = s.Row(t.Context(), exact.Owner{Node: 1, Float: true})
	require.ErrorIs(t, err, exact.ErrNode)
	_, err = s.Column(t.Context(), -1)
	require.ErrorIs(t, err, exact.ErrNode)
	bad := build([]int64{10, 0, -1}, []stake{{1, 0, 14}, {1, 1, 2}})
	err = bad.Validate()
	require.ErrorIs(t, err, matrix.ErrMalformed)
	require.Equal(t, 3, strings.Count(err.Error(), "malformed"))
	require.NoError(t, new(matrix.Matrix).Validate())
	good := func() *matrix.Matrix {
		m := build([]int64{10, 10, 0}, []stake{{2, 0, 4}, {0, 1, 3}, {2, 1, 1}})
		m.RowStart, m.RowEntry, m.EntryCol = []int32{0, 1, 1, 3}, []int32{1, 0, 2}, []int32{0, 1, 1}
		return m
	}
	require.NoError(t, good().Validate())
	for name, spoil := range map[string]func(m *matrix.Matrix){
		"starts":        func(m *matrix.Matrix) { m.ColStart[1] = 9 },
		"descending":    func(m *matrix.Matrix) { m.ColStart[1], m.ColStart[2] = 3, 1 },
		"lengths":       func(m *matrix.Matrix) { m.Units = m.Units[1:] },
		"issuers":       func(m *matrix.Matrix) { m.EntryCol[0] = 1 },
		"few issuers":   func(m *matrix.Matrix) { m.EntryCol = m.EntryCol[1:] },
		"row starts":    func(m *matrix.Matrix) { m.RowStart[1] = 7 },
		"rows":          func(m *matrix.Matrix) { m.RowEntry[0], m.RowEntry[1] = 0, 1 },
		"twice":         func(m *matrix.Matrix) { m.RowEntry[2] = 0 },
		"few rows":      func(m *matrix.Matrix) { m.RowEntry = m.RowEntry[1:] },
		"no such owner": func(m *matrix.Matrix) { m.Row[0] = 3 },
		"wide":          func(m *matrix.Matrix) { m.Wide = map[int32]*matrix.WideColumn{1: {Total: big.NewInt(9)}} },
	} {
		m := good()
		spoil(m)
		require.ErrorIs(t, m.Validate(), matrix.ErrMalformed, name)
	}
	_, err = exact.NewSolver(build([]int64{9, 9, 0}, []stake{{0, 1, 4}, {1, 0, 4}}), exact.Limits{Bits: 5}).
		Column(t.Context(), 0)
	var size *exact.SizeError
	require.True(t, errors.As(err, &size))
	require.Equal(t, exact.SizeError{Bits: 8, Limit: 5, Node: 0}, *size)
}

func TestConcurrent(t *testing.T) {
	m := random(rand.New(rand.NewPCG(5, 6)), shape{companies: 20, outsiders: 5, degree: 2, total: 1e6, cycles: true})
	s := exact.NewSolver(m, exact.Limits{})
	if s.Check(t.Context()) != nil {
		t.Fatal("the seed draws a closed ring")
	}
	want := make([]string, len(m.Total))
	for j := range want {
		l, err := exact.NewSolver(m, exact.Limits{}).Column(t.Context(), int32(j))
		require.NoError(t, err)
		want[j] = fmt.Sprint(l.Shares)
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for x := range want {
				j := (x + w) % len(want)
				l, err := s.Column(t.Context(), int32(j))
				if err != nil || fmt.Sprint(l.Shares) != want[j] {
					t.Errorf("column %d: %v", j, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestConcurrentCertified asks one solver everything at once, from the first
// question on.
func TestConcurrentCertified(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	m := dense(rng, 110, 1, 1e9)
	x, after := redraw(rng, m, 5)
	ctx := t.Context()
	from := exact.Owner{Node: 110}
	ask := func(s *exact.Solver) string {
		row, err := s.RowFixed(ctx, from, 18, rounding.HalfEven)
		require.NoError(t, err)
		col, err := s.ColumnFixed(ctx, 7, 18, rounding.HalfEven)
		require.NoError(t, err)
		pair, err := s.PairFixed(ctx, from, 9, 40, rounding.HalfEven)
		require.NoError(t, err)
		return lineText(row) + lineText(col) + pair.String()
	}
	before, changed := ask(exact.NewSolver(m, exact.Limits{})), ask(exact.NewSolver(after, exact.Limits{}))
	s := exact.NewSolver(m, exact.Limits{})
	t2, err := s.With(x)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			if w%2 == 0 {
				if ask(s) != before {
					t.Error("not as before")
				}
			} else if ask(t2) != changed {
				t.Error("not as changed")
			}
			kept, err := s.Retain(ctx, from, 18, rounding.HalfEven)
			if err != nil {
				t.Error(err)
				return
			}
			next, err := kept.Update(ctx, t2)
			if err != nil || !strings.HasPrefix(changed, lineText(next.Line())) {
				t.Error("not brought up to date", err)
			}
		})
	}
	wg.Wait()
}

// worked is one published case; percentages are of 100 shares a company.
type worked struct {
	ID         string              `json:"id"`
	Source     string              `json:"source"`
	Stakes     [][3]string         `json:"stakes"`
	Integrated map[string]string   `json:"integrated_percent"`
	Rows       map[string][]string `json:"integrated_rows"`
	First      map[string]string   `json:"first_passage_percent"`
}

func TestWorkedCases(t *testing.T) {
	raw, err := os.ReadFile("testdata/worked.json")
	require.NoError(t, err)
	var cases []worked
	require.NoError(t, json.Unmarshal(raw, &cases))
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			ids := map[string]int32{}
			var totals []int64
			node := func(id string) int32 {
				if _, ok := ids[id]; !ok {
					ids[id] = int32(len(totals))
					totals = append(totals, 0)
				}
				return ids[id]
			}
			var stakes []stake
			for _, x := range c.Stakes {
				units, ok := new(big.Rat).SetString(x[2])
				require.True(t, ok)
				units.Mul(units, big.NewRat(1000, 1))
				s := stake{node(x[0]), node(x[1]), units.Num().Int64()}
				totals[s.issuer] = 100_000
				stakes = append(stakes, s)
			}
			s := exact.NewSolver(build(totals, stakes), exact.Limits{})
			for pair, percent := range c.Integrated {
				from, to, _ := strings.Cut(pair, ">")
				want, _ := new(big.Rat).SetString(percent)
				got, err := s.Pair(t.Context(), exact.Owner{Node: ids[from]}, ids[to])
				require.NoError(t, err)
				fraction(t, want, got.Mul(got, big.NewRat(100, 1)), pair)
			}
			for pair, percent := range c.First {
				from, to, _ := strings.Cut(pair, ">")
				want, _ := new(big.Rat).SetString(percent)
				row, err := s.Row(t.Context(), exact.Owner{Node: ids[from]})
				require.NoError(t, err)
				got := new(big.Rat).Quo(row.Find(exact.Owner{Node: ids[to]}), row.Diagonal)
				fraction(t, want, got.Mul(got, big.NewRat(100, 1)), pair)
			}
			for from, row := range c.Rows {
				for k, want := range row {
					got, err := s.Pair(t.Context(), exact.Owner{Node: ids[from]}, ids[fmt.Sprintf("A%d", k+1)])
					require.NoError(t, err)
					// The source prints up to 8 places without its zeros and
					// leaves the last place unrounded here and there.
					w, _ := new(big.Rat).SetString(want)
					diff := new(big.Rat).Sub(w, got)
					require.LessOrEqual(t, diff.Abs(diff).Cmp(big.NewRat(1, 1e8)), 0, "%s A%d: %s is %s", from, k+1, want, got.FloatString(12))
				}
			}
		})
	}
}
