//go:build !purego

package power

import (
	"math/bits"

	"github.com/crossholding/crossholding/power/internal/limbs"
)

// best is the highest level of the processor and the system. The highest is vectors
// of 512 bits with 52-bit multiplication, the next is vectors of 256 bits with whole
// numbers and fused multiplication.
var best = detect()

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

//go:noescape
func innerVector(counts, words *uint64, n int) (low, high uint64)

func detect() level {
	most, _, _, _ := cpuid(0, 0)
	if most < 7 {
		return portable
	}
	_, _, c, _ := cpuid(1, 0)
	if c>>27&1 == 0 { // the system saves the extended state
		return portable
	}
	state := xgetbv()
	_, b, _, _ := cpuid(7, 0)
	switch {
	case state&0xe6 == 0xe6 && b>>16&1 == 1 && b>>21&1 == 1: // AVX512F, AVX512IFMA
		return vectors512
	case state&6 == 6 && c>>28&1 == 1 && c>>12&1 == 1 && b>>5&1 == 1: // AVX, FMA, AVX2
		return vectors256
	}
	return portable
}

// add adds src to dst modulo m. The entries are below m, and m is at most 2^63.
func add(dst, src []uint64, m uint64) {
	n := 0
	if path == vectors512 && len(dst) >= 8 {
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
	if path == vectors512 && len(dst) >= 8 {
		n = len(dst) &^ 7
		axpyFloatVector(&dst[0], &src[0], n, r)
	}
	axpyFloatGo(dst[n:], src[n:], r)
}

// innerNarrow returns the sum of the products of counts and words. The counts must
// add up to less than 2^32. There can be more words than counts.
func innerNarrow(counts, words []uint64) (hi, lo uint64) {
	n := 0
	var low, high uint64
	if path != portable && len(counts) >= 8 {
		n = len(counts) &^ 7
		low, high = innerVector(&counts[0], &words[0], n)
	}
	hi, lo = limbs.JoinHalves(low, high)
	h, l := limbs.InnerNarrow(counts[n:], words[n:])
	lo, carry := bits.Add64(lo, l, 0)
	return hi + h + carry, lo
}
