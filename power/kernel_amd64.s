//go:build !purego

#include "textflag.h"

// func cpuid(eax, ecx uint32) (a, b, c, d uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-24
	MOVL eax+0(FP), AX
	MOVL ecx+4(FP), CX
	CPUID
	MOVL AX, a+8(FP)
	MOVL BX, b+12(FP)
	MOVL CX, c+16(FP)
	MOVL DX, d+20(FP)
	RET

// func xgetbv() uint32
TEXT ·xgetbv(SB), NOSPLIT, $0-4
	XORL CX, CX
	XGETBV
	MOVL AX, ret+0(FP)
	RET

// func addVector(dst, src *uint64, n int, m uint64)
// dst[i] = min(dst[i]+src[i], dst[i]+src[i]-m) as unsigned words; n is a
// multiple of 8.
TEXT ·addVector(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ m+24(FP), AX
	VPBROADCASTQ AX, Z31
	CMPQ CX, $32
	JLT  one

four:
	VMOVDQU64 0(DI), Z0
	VMOVDQU64 64(DI), Z1
	VMOVDQU64 128(DI), Z2
	VMOVDQU64 192(DI), Z3
	VPADDQ 0(SI), Z0, Z0
	VPADDQ 64(SI), Z1, Z1
	VPADDQ 128(SI), Z2, Z2
	VPADDQ 192(SI), Z3, Z3
	VPSUBQ Z31, Z0, Z4
	VPSUBQ Z31, Z1, Z5
	VPSUBQ Z31, Z2, Z6
	VPSUBQ Z31, Z3, Z7
	VPMINUQ Z4, Z0, Z0
	VPMINUQ Z5, Z1, Z1
	VPMINUQ Z6, Z2, Z2
	VPMINUQ Z7, Z3, Z3
	VMOVDQU64 Z0, 0(DI)
	VMOVDQU64 Z1, 64(DI)
	VMOVDQU64 Z2, 128(DI)
	VMOVDQU64 Z3, 192(DI)
	ADDQ $256, DI
	ADDQ $256, SI
	SUBQ $32, CX
	CMPQ CX, $32
	JGE  four

one:
	TESTQ CX, CX
	JLE  done
	VMOVDQU64 0(DI), Z0
	VPADDQ 0(SI), Z0, Z0
	VPSUBQ Z31, Z0, Z4
	VPMINUQ Z4, Z0, Z0
	VMOVDQU64 Z0, 0(DI)
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $8, CX
	JMP  one

done:
	VZEROUPPER
	RET

// func axpyVector(dst, src *uint64, n int, r, rs, p uint64)
// dst[i] += r src[i] modulo p, entries below 2p < 2^51, rs = floor(r 2^52/p);
// n is a multiple of 8.
TEXT ·axpyVector(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ r+24(FP), AX
	VPBROADCASTQ AX, Z31
	MOVQ rs+32(FP), AX
	VPBROADCASTQ AX, Z30
	MOVQ p+40(FP), AX
	LEAQ (AX)(AX*1), BX
	VPBROADCASTQ BX, Z28        // 2p
	MOVQ $0x10000000000000, BX
	SUBQ AX, BX
	VPBROADCASTQ BX, Z29        // 2^52 - p
	MOVQ $0xfffffffffffff, BX
	VPBROADCASTQ BX, Z27
	CMPQ CX, $16
	JLT  one

two:
	VMOVDQU64 0(SI), Z0
	VMOVDQU64 64(SI), Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPMADD52HUQ Z30, Z0, Z2     // quotients
	VPMADD52HUQ Z30, Z1, Z3
	VPMADD52LUQ Z31, Z0, Z4     // products, low
	VPMADD52LUQ Z31, Z1, Z5
	VPMADD52LUQ Z29, Z2, Z4     // less quotient times p
	VPMADD52LUQ Z29, Z3, Z5
	VPANDQ Z27, Z4, Z4
	VPANDQ Z27, Z5, Z5
	VPADDQ 0(DI), Z4, Z4
	VPADDQ 64(DI), Z5, Z5
	VPSUBQ Z28, Z4, Z6
	VPSUBQ Z28, Z5, Z7
	VPMINUQ Z6, Z4, Z4
	VPMINUQ Z7, Z5, Z5
	VMOVDQU64 Z4, 0(DI)
	VMOVDQU64 Z5, 64(DI)
	ADDQ $128, DI
	ADDQ $128, SI
	SUBQ $16, CX
	CMPQ CX, $16
	JGE  two

one:
	TESTQ CX, CX
	JLE  done
	VMOVDQU64 0(SI), Z0
	VPXORQ Z2, Z2, Z2
	VPXORQ Z4, Z4, Z4
	VPMADD52HUQ Z30, Z0, Z2
	VPMADD52LUQ Z31, Z0, Z4
	VPMADD52LUQ Z29, Z2, Z4
	VPANDQ Z27, Z4, Z4
	VPADDQ 0(DI), Z4, Z4
	VPSUBQ Z28, Z4, Z6
	VPMINUQ Z6, Z4, Z4
	VMOVDQU64 Z4, 0(DI)
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $8, CX
	JMP  one

done:
	VZEROUPPER
	RET

// func axpyFloatVector(dst, src *float64, n int, r float64)
// dst[i] += r src[i], rounded once; n is a multiple of 8.
TEXT ·axpyFloatVector(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTSD r+24(FP), Z31
	CMPQ CX, $32
	JLT  one

four:
	VMOVUPD 0(DI), Z0
	VMOVUPD 64(DI), Z1
	VMOVUPD 128(DI), Z2
	VMOVUPD 192(DI), Z3
	VFMADD231PD 0(SI), Z31, Z0
	VFMADD231PD 64(SI), Z31, Z1
	VFMADD231PD 128(SI), Z31, Z2
	VFMADD231PD 192(SI), Z31, Z3
	VMOVUPD Z0, 0(DI)
	VMOVUPD Z1, 64(DI)
	VMOVUPD Z2, 128(DI)
	VMOVUPD Z3, 192(DI)
	ADDQ $256, DI
	ADDQ $256, SI
	SUBQ $32, CX
	CMPQ CX, $32
	JGE  four

one:
	TESTQ CX, CX
	JLE  done
	VMOVUPD 0(DI), Z0
	VFMADD231PD 0(SI), Z31, Z0
	VMOVUPD Z0, 0(DI)
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $8, CX
	JMP  one

done:
	VZEROUPPER
	RET

// func innerVector(counts, words *uint64, n int) (low, high uint64)
// The sums of the products of counts and the low and high halves of words; counts
// are below 2^32, and n is a multiple of 8, at least 8. It is for 256 bits.
TEXT ·innerVector(SB), NOSPLIT, $0-40
	MOVQ counts+0(FP), DI
	MOVQ words+8(FP), SI
	MOVQ n+16(FP), CX
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	VPXOR Y10, Y10, Y10
	VPXOR Y11, Y11, Y11

eight:
	VMOVDQU (DI), Y0
	VMOVDQU 32(DI), Y1
	VMOVDQU (SI), Y2
	VMOVDQU 32(SI), Y3
	VPSRLQ $32, Y2, Y4
	VPSRLQ $32, Y3, Y5
	VPMULUDQ Y0, Y2, Y2
	VPMULUDQ Y1, Y3, Y3
	VPMULUDQ Y0, Y4, Y4
	VPMULUDQ Y1, Y5, Y5
	VPADDQ Y2, Y8, Y8
	VPADDQ Y3, Y9, Y9
	VPADDQ Y4, Y10, Y10
	VPADDQ Y5, Y11, Y11
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $8, CX
	JNZ  eight

	VPADDQ Y9, Y8, Y8
	VPADDQ Y11, Y10, Y10
	VEXTRACTI128 $1, Y8, X9
	VEXTRACTI128 $1, Y10, X11
	VPADDQ X9, X8, X8
	VPADDQ X11, X10, X10
	VPSRLDQ $8, X8, X9
	VPSRLDQ $8, X10, X11
	VPADDQ X9, X8, X8
	VPADDQ X11, X10, X10
	VMOVQ X8, AX
	VMOVQ X10, BX
	MOVQ AX, low+24(FP)
	MOVQ BX, high+32(FP)
	VZEROUPPER
	RET
