package exact

import (
	"context"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/progress"
)

// factored returns the factors of M. The first call starts a goroutine that makes them,
// because gonum cannot be interrupted. If a call is cancelled, later calls use the same
// result.
func (q *part) factored(ctx context.Context, d *side, byRow bool) (*approx.Factors, error) {
	q.luMu.Lock()
	if q.lu == nil && q.making == nil {
		done := make(chan struct{})
		q.making = done
		go func() {
			lu := approx.NewFactors(len(q.nodes), d.matrix(byRow))
			q.luMu.Lock()
			q.lu = lu
			q.luMu.Unlock()
			close(done)
		}()
	}
	making := q.making
	q.luMu.Unlock()
	stage := progress.Start(ctx, "factors", len(q.nodes), reportEverySlow)
	select {
	case <-making:
		stage.End()
	case <-ctx.Done():
		return nil, canceled(ctx)
	}
	q.luMu.Lock()
	defer q.luMu.Unlock()
	return q.lu, nil
}

// matrix returns M = I - A by rows.
func (d *side) matrix(byRow bool) []float64 {
	n := len(d.sys.diag)
	m := make([]float64, n*n)
	for k := range n {
		m[k*n+k] = 1
		for e := d.sys.start[k]; e < d.sys.start[k+1]; e++ {
			if i := int(d.sys.index[e]); byRow {
				m[i*n+k] -= d.coef[e]
			} else {
				m[k*n+i] -= d.coef[e]
			}
		}
	}
	return m
}
