//go:build !purego

package power

// vector says whether the processor and the system have 512-bit vectors with
// 52-bit multiplication. It is set once at the start.
var vector = hasVector()

//go:noescape
func cpuid(eax, ecx uint32) (a, b, c, d uint32)

//go:noescape
func xgetbv() uint32

//go:noescape
func addVector(dst, src *uint64, n int, m uint64)

//go:noescape
func axpyVector(dst, src *uint64, n int, r, rs, p uint64)

//go:noescape
func axpyFloatVector(dst, src *float64, n int, r float64)

func hasVector() bool {
	most, _, _, _ := cpuid(0, 0)
	if most < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	if c>>27&1 == 0 { // the system saves the extended state
		return false
	}
	if xgetbv()&0xe6 != 0xe6 { // and the state of 512-bit vectors
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b>>16&1 == 1 && b>>21&1 == 1 // AVX512F, AVX512IFMA
}

// add adds src to dst modulo m. The entries are below m, and m is at most 2^63.
func add(dst, src []uint64, m uint64) {
	n := 0
	if vector && len(dst) >= 8 {
		n = len(dst) &^ 7
		addVector(&dst[0], &src[0], n, m)
	}
	addGo(dst[n:], src[n:], m)
}

// axpy adds r src to dst modulo p. The entries are below 2p.
func axpy(dst, src []uint64, f field) {
	n := 0
	if f.short != 0 && len(dst) >= 8 {
		n = len(dst) &^ 7
		axpyVector(&dst[0], &src[0], n, f.r, f.short, f.p)
	}
	axpyWords(dst[n:], src[n:], f)
}

// axpyFloat adds r src to dst.
func axpyFloat(dst, src []float64, r float64) {
	n := 0
	if vector && len(dst) >= 8 {
		n = len(dst) &^ 7
		axpyFloatVector(&dst[0], &src[0], n, r)
	}
	axpyFloatGo(dst[n:], src[n:], r)
}
