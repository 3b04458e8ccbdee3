package exact_test

import (
	"math/big"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/stretchr/testify/require"
)

// FuzzSolver reads a matrix from bytes: a count of nodes, then three bytes an
// entry. Whatever passes Validate must be answered, outside owners must sum
// to 1, and the certified answer must be the rounded exact one.
func FuzzSolver(f *testing.F) {
	f.Add([]byte{3, 0, 1, 200, 1, 0, 200, 2, 0, 55, 2, 1, 55})
	f.Add([]byte{2, 0, 1, 255, 1, 0, 255})
	f.Add([]byte{6, 0, 1, 9, 1, 2, 9, 2, 0, 9, 5, 4, 1, 4, 3, 200, 5, 3, 55})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 1 || len(data) > 100 {
			return
		}
		n := int(data[0]%9) + 1
		totals := make([]int64, n)
		var stakes []stake
		for data = data[1:]; len(data) >= 3; data = data[3:] {
			j := int32(data[1]) % int32(n)
			totals[j] = 255
			stakes = append(stakes, stake{int32(data[0]) % int32(n), j, int64(data[2])})
		}
		m := build(totals, stakes)
		if err := m.Validate(); err != nil {
			require.ErrorIs(t, err, matrix.ErrMalformed)
			return
		}
		s := exact.NewSolver(m, exact.Limits{})
		for j := range int32(n) {
			col, err := s.Column(t.Context(), j)
			if err != nil {
				require.ErrorIs(t, err, exact.ErrRing)
				require.ErrorIs(t, s.Check(t.Context()), exact.ErrRing)
				continue
			}
			all := new(big.Rat)
			for _, sh := range col.Shares {
				if sh.Float || totals[sh.Node] == 0 {
					all.Add(all, sh.Value)
				}
			}
			if totals[j] > 0 {
				fraction(t, big.NewRat(1, 1), all)
			}
			fixed, err := s.ColumnFixed(t.Context(), j, 12, rounding.HalfEven)
			require.NoError(t, err)
			sameLine(t, col, fixed, 12, rounding.HalfEven)
			row, err := s.Row(t.Context(), exact.Owner{Node: j})
			require.NoError(t, err)
			fixed, err = s.RowFixed(t.Context(), exact.Owner{Node: j}, 12, rounding.HalfEven)
			require.NoError(t, err)
			sameLine(t, row, fixed, 12, rounding.HalfEven)
		}
	})
}
