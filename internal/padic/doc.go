// Package padic has the arithmetic of exact solutions by p-adic lifting: the inverse of a matrix
// modulo a prime, and fractions from their digits to the base of this prime. See J.D. Dixon, Exact
// solution of linear equations using p-adic expansions, Numerische Mathematik 40, 1982 (not
// verified in the article).
package padic

import (
	"context"

	"github.com/crossholding/crossholding/internal/progress"
)

// reportEvery is the number of steps between two reports of progress.
const reportEvery = 1 << 7

func stopped(ctx context.Context) error { return progress.Stopped(ctx, "stopped") }
