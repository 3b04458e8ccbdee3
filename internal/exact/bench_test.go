package exact_test

import (
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/stretchr/testify/require"
)

// alliance is the shape of the Renault, Nissan and Mitsubishi group: three
// companies in a cycle, held by eight outside owners, in counts of shares.
func alliance() *exact.Matrix {
	return build([]int64{295722284, 4220715112, 1490282496, 0, 0, 0, 0, 0, 0, 0, 0}, []stake{
		{1, 0, 44358343}, {3, 0, 44387915}, {4, 0, 9150000}, {5, 0, 21000000},
		{0, 1, 1831837027}, {4, 1, 140142130}, {6, 1, 331000000}, {7, 1, 102000000},
		{1, 2, 506620577}, {8, 2, 298012214}, {9, 2, 61000000}, {10, 2, 44000000}, {0, 2, 1000},
	})
}

func BenchmarkAlliance(b *testing.B) {
	s := exact.NewSolver(alliance(), exact.Limits{})
	for _, x := range []struct {
		name string
		ask  func() error
	}{
		{"pair", func() error { _, err := s.Pair(b.Context(), exact.Owner{Node: 3}, 2); return err }},
		{"row", func() error { _, err := s.Row(b.Context(), exact.Owner{Node: 3}); return err }},
		{"column", func() error { _, err := s.Column(b.Context(), 2); return err }},
		{"terms", func() error { _, err := s.Terms(b.Context(), exact.Owner{Node: 0}, 1); return err }},
		{"fresh", func() error {
			_, err := exact.NewSolver(alliance(), exact.Limits{}).Pair(b.Context(), exact.Owner{Node: 3}, 2)
			return err
		}},
	} {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, x.ask())
			}
		})
	}
}
