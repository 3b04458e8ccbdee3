//go:build !amd64 || purego

package power

import "github.com/crossholding/crossholding/power/internal/limbs"

const best = portable

func add(dst, src []uint64, m uint64) { addGo(dst, src, m) }

func axpy(dst, src []uint64, f field) { axpyWords(dst, src, f) }

func axpyFloat(dst, src []float64, r float64) { axpyFloatGo(dst, src, r) }

func innerNarrow(counts, words []uint64) (hi, lo uint64) { return limbs.InnerNarrow(counts, words) }

func (f field) chained([]uint64, int, []int64) bool { return false }

func chainedFloat([]float64, int, []int64, float64) bool { return false }
