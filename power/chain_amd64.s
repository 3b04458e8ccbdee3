//go:build !purego

#include "textflag.h"

// The loops of this file take 32 entries at a time, from the block at a down.
// For each player they step up by its weight, and what they have just written is
// what the next player adds. So an entry is read and written once for each player.

#define LOAD \
	VMOVDQU 0(DI), Y0; \
	VMOVDQU 32(DI), Y1; \
	VMOVDQU 64(DI), Y2; \
	VMOVDQU 96(DI), Y3; \
	VMOVDQU 128(DI), Y4; \
	VMOVDQU 160(DI), Y5; \
	VMOVDQU 192(DI), Y6; \
	VMOVDQU 224(DI), Y7

#define STORE \
	VMOVDQU Y0, 0(DI); \
	VMOVDQU Y1, 32(DI); \
	VMOVDQU Y2, 64(DI); \
	VMOVDQU Y3, 96(DI); \
	VMOVDQU Y4, 128(DI); \
	VMOVDQU Y5, 160(DI); \
	VMOVDQU Y6, 192(DI); \
	VMOVDQU Y7, 224(DI)

// MULADD sets the entries to r times the entries before, plus those in memory.
#define MULADD \
	VFMADD213PD 0(DI), Y15, Y0; \
	VFMADD213PD 32(DI), Y15, Y1; \
	VFMADD213PD 64(DI), Y15, Y2; \
	VFMADD213PD 96(DI), Y15, Y3; \
	VFMADD213PD 128(DI), Y15, Y4; \
	VFMADD213PD 160(DI), Y15, Y5; \
	VFMADD213PD 192(DI), Y15, Y6; \
	VFMADD213PD 224(DI), Y15, Y7

// REDUCE4 subtracts from four vectors the nearest multiple of p. Adding and
// subtracting Y13 rounds a quotient to a whole number.
#define REDUCE4(A, B, C, D) \
	VMOVAPD A, Y8; \
	VMOVAPD B, Y9; \
	VMOVAPD C, Y10; \
	VMOVAPD D, Y11; \
	VFMADD213PD Y13, Y14, Y8; \
	VFMADD213PD Y13, Y14, Y9; \
	VFMADD213PD Y13, Y14, Y10; \
	VFMADD213PD Y13, Y14, Y11; \
	VSUBPD Y13, Y8, Y8; \
	VSUBPD Y13, Y9, Y9; \
	VSUBPD Y13, Y10, Y10; \
	VSUBPD Y13, Y11, Y11; \
	VFNMADD231PD Y12, Y8, A; \
	VFNMADD231PD Y12, Y9, B; \
	VFNMADD231PD Y12, Y10, C; \
	VFNMADD231PD Y12, Y11, D

// ADD adds the words in memory.
#define ADD \
	VPADDQ 0(DI), Y0, Y0; \
	VPADDQ 32(DI), Y1, Y1; \
	VPADDQ 64(DI), Y2, Y2; \
	VPADDQ 96(DI), Y3, Y3; \
	VPADDQ 128(DI), Y4, Y4; \
	VPADDQ 160(DI), Y5, Y5; \
	VPADDQ 192(DI), Y6, Y6; \
	VPADDQ 224(DI), Y7, Y7

// FOLD4 multiplies the high parts of four vectors by Y14 and adds them to the low
// parts. The shift is in X15 and the mask of the low part in Y13.
#define FOLD4(A, B, C, D) \
	VPSRLQ X15, A, Y8; \
	VPSRLQ X15, B, Y9; \
	VPSRLQ X15, C, Y10; \
	VPSRLQ X15, D, Y11; \
	VPMULUDQ Y14, Y8, Y8; \
	VPMULUDQ Y14, Y9, Y9; \
	VPMULUDQ Y14, Y10, Y10; \
	VPMULUDQ Y14, Y11, Y11; \
	VPAND Y13, A, A; \
	VPAND Y13, B, B; \
	VPAND Y13, C, C; \
	VPAND Y13, D, D; \
	VPADDQ Y8, A, A; \
	VPADDQ Y9, B, B; \
	VPADDQ Y10, C, C; \
	VPADDQ Y11, D, D

// func chainMarked(a *float64, ws *int64, players, rounds int, r, inverse, p float64)
TEXT ·chainMarked(SB), NOSPLIT, $0-56
	MOVQ a+0(FP), R8
	MOVQ ws+8(FP), R9
	MOVQ players+16(FP), R10
	MOVQ rounds+24(FP), R11
	VBROADCASTSD r+32(FP), Y15
	VBROADCASTSD inverse+40(FP), Y14
	VBROADCASTSD p+48(FP), Y12
	MOVQ $0x4338000000000000, AX // 1.5 times 2^52
	MOVQ AX, X13
	VBROADCASTSD X13, Y13

round:
	MOVQ R8, DI
	MOVQ R9, SI
	MOVQ R10, CX
	LOAD

player:
	MOVQ (SI), AX
	ADDQ $8, SI
	LEAQ (DI)(AX*8), DI
	MULADD
	REDUCE4(Y0, Y1, Y2, Y3)
	REDUCE4(Y4, Y5, Y6, Y7)
	STORE
	DECQ CX
	JNZ  player
	SUBQ $256, R8
	DECQ R11
	JNZ  round
	VZEROUPPER
	RET

// func chainFloat(a *float64, ws *int64, players, rounds int, r float64)
TEXT ·chainFloat(SB), NOSPLIT, $0-40
	MOVQ a+0(FP), R8
	MOVQ ws+8(FP), R9
	MOVQ players+16(FP), R10
	MOVQ rounds+24(FP), R11
	VBROADCASTSD r+32(FP), Y15

round:
	MOVQ R8, DI
	MOVQ R9, SI
	MOVQ R10, CX
	LOAD

player:
	MOVQ (SI), AX
	ADDQ $8, SI
	LEAQ (DI)(AX*8), DI
	MULADD
	STORE
	DECQ CX
	JNZ  player
	SUBQ $256, R8
	DECQ R11
	JNZ  round
	VZEROUPPER
	RET

// func chainAdd(a *uint64, ws *int64, players, rounds int)
TEXT ·chainAdd(SB), NOSPLIT, $0-32
	MOVQ a+0(FP), R8
	MOVQ ws+8(FP), R9
	MOVQ players+16(FP), R10
	MOVQ rounds+24(FP), R11

round:
	MOVQ R8, DI
	MOVQ R9, SI
	MOVQ R10, CX
	LOAD

player:
	MOVQ (SI), AX
	ADDQ $8, SI
	LEAQ (DI)(AX*8), DI
	ADD
	STORE
	DECQ CX
	JNZ  player
	SUBQ $256, R8
	DECQ R11
	JNZ  round
	VZEROUPPER
	RET

// func chainFold(a *uint64, ws *int64, players, rounds int, less, shift uint64)
// It folds what the last player writes.
TEXT ·chainFold(SB), NOSPLIT, $0-48
	MOVQ a+0(FP), R8
	MOVQ ws+8(FP), R9
	MOVQ players+16(FP), R10
	MOVQ rounds+24(FP), R11
	MOVQ less+32(FP), AX
	MOVQ AX, X14
	VPBROADCASTQ X14, Y14
	MOVQ shift+40(FP), CX
	MOVQ CX, X15
	VPCMPEQQ Y13, Y13, Y13
	VPSLLQ X15, Y13, Y13
	VPCMPEQQ Y8, Y8, Y8
	VPXOR Y8, Y13, Y13

round:
	MOVQ R8, DI
	MOVQ R9, SI
	MOVQ R10, CX
	LOAD
	DECQ CX
	JZ   last

player:
	MOVQ (SI), AX
	ADDQ $8, SI
	LEAQ (DI)(AX*8), DI
	ADD
	STORE
	DECQ CX
	JNZ  player

last:
	MOVQ (SI), AX
	LEAQ (DI)(AX*8), DI
	ADD
	FOLD4(Y0, Y1, Y2, Y3)
	FOLD4(Y4, Y5, Y6, Y7)
	STORE
	SUBQ $256, R8
	DECQ R11
	JNZ  round
	VZEROUPPER
	RET
