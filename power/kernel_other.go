//go:build !amd64 || purego

package power

const vector = false

func add(dst, src []uint64, m uint64) { addGo(dst, src, m) }

func axpy(dst, src []uint64, f field) { axpyGo(dst, src, f.r, f.rs, f.p) }

func axpyFloat(dst, src []float64, r float64) { axpyFloatGo(dst, src, r) }
