package exact

import "github.com/crossholding/crossholding/internal/matrix"

// Matrix returns the matrix without the columns that [Solver.With] replaced. The caller must
// not change it.
func (s *Solver) Matrix() *matrix.Matrix { return s.m }

// Uses returns in how many columns each node has an entry. The matrix must be [Solver.Index]ed.
func (s *Solver) Uses() []int32 {
	uses := make([]int32, s.m.Nodes())
	start := s.idx.at.Load().RowStart
	for h := range uses {
		uses[h] = start[h+1] - start[h]
	}
	for k, col := range s.over {
		for _, h := range s.m.Column(k).Rows {
			uses[h]--
		}
		for _, h := range col.Rows {
			uses[h]++
		}
	}
	return uses
}
