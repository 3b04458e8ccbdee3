package power

import (
	"math"
	"math/bits"

	"github.com/crossholding/crossholding/internal/residue"
)

// This file has the arithmetic of tables, and the lengths of the primes that suit it.

// These are lengths of primes in bits. The first three are the largest: for tables
// that only count, so that the sum of two residues fits in a word; for tables with
// marks, whose entries stay below 2p; and for multiplication with vectors of 512
// bits. Then come the smallest for folding and for floats. The last are for tables that
// only count and fold the sums after a batch of players: the smallest, the largest,
// and the largest for vectors of 256 bits, with which folding costs little.
const (
	countBits  = 63
	wordBits   = 62
	shortBits  = 50
	foldBits   = 54
	floatBits  = 40
	batchLeast = 48
	batchMost  = 55
	chainMost  = 59
)

// level is a set of instructions. Every level gives the same figures.
type level uint8

const (
	portable level = iota
	vectors256
	vectors512
)

// path is the level in use. Only tests change it.
var path = best

// countPrimes returns primes for tables that count. Their product has more than
// need bits. Without vectors of 512 bits it returns the shortest primes that are
// not more in number, because more players can then be added before the sums are
// folded.
func countPrimes(need int) []uint64 {
	most := batchMost
	switch path {
	case vectors512:
		return residue.Primes(countBits, need)
	case vectors256:
		most = chainMost
	}
	count := need/most + 1
	return residue.Primes(max(need/count+1, batchLeast), need)
}

// markedPrimes returns primes for tables with marks. Their product has more
// than need bits.
func markedPrimes(need int) []uint64 {
	if path == vectors512 {
		return residue.Primes(shortBits, need)
	}
	return residue.Primes(wordBits, need)
}

// foldPrimes is markedPrimes for marks up to most. Use it if tables are nearly all
// the work. Without vectors of 512 bits it returns shorter primes, so that the
// product with the mark fits in a word, or is exact in a float64, unless they would
// be much shorter.
func foldPrimes(need int, most uint64) []uint64 {
	length := bits.Len64(most + 1)
	switch {
	case path == vectors256 && 54-length >= floatBits:
		return residue.Primes(54-length, need)
	case path == portable && 63-length >= foldBits:
		return residue.Primes(63-length, need)
	}
	return markedPrimes(need)
}

// field is the arithmetic of a table. If p is 0, the entries are words modulo
// 2^64. Otherwise they are residues modulo the prime p, with the mark r for
// every player.
type field struct {
	p, r, rs uint64
	short    uint64 // rs for vectors, 0 if they cannot be used
	less     uint64 // p = 2^fold - less, if fold is not 0
	fold     uint
	m        uint64  // the entries of a table stay below this: 2p, or p in a counter
	room     int     // players that can be added before sums are folded; 0 if each sum is reduced
	inverse  float64 // 1/p, if entries are floats while players are multiplied; 0 otherwise
}

// newCounter returns the field of tables that only count, with r = 1.
func newCounter(p uint64) field {
	f := newField(p, 1)
	f.m = p
	if n := bits.Len64(p); p == 0 {
		f.room = maxPlayers
	} else if less := uint64(1)<<n - p; n < 63 && n >= batchLeast && less < 1<<20 {
		// Folded entries are below 2^(n+1), and every player doubles them at most.
		f.room, f.fold, f.less = 63-n, uint(n), less
	}
	return f
}

func newField(p, r uint64) field {
	f := field{p: p, r: r, m: 2 * p}
	if p != 0 {
		f.rs = residue.Shoup(r, p)
		if path == vectors512 && p < 1<<shortBits {
			f.short = f.rs >> 12
		}
		// Entries are from -p/2-4 to p/2+4, so the sum that is reduced is exact.
		if path == vectors256 && r > 1 && p < 1<<51 && r < 1<<51 && float64(r+1)*float64(p/2+8) < 1<<53 {
			f.inverse = 1 / float64(p)
		}
		// A word has at most 2^10 times 2^n, and less is below 2^20. Their
		// product is far below p, so that folded entries stay below 2p.
		if n := bits.Len64(p); n >= foldBits && 1<<n-p < 1<<20 && (r+1)<<(n+1)>>(n+1) == r+1 {
			f.fold, f.less = uint(n), 1<<n-p
		}
	}
	return f
}

// toFloats turns residues below 2p into floats from -p/2 to p/2.
func (f field) toFloats(a []uint64) {
	for k, x := range a {
		if x >= f.p {
			x -= f.p
		}
		v := int64(x)
		if x > f.p/2 {
			v -= int64(f.p)
		}
		a[k] = math.Float64bits(float64(v))
	}
}

// toWords turns floats from -p to p into residues below 2p.
func (f field) toWords(a []uint64) {
	for k, x := range a {
		v := int64(math.Float64frombits(x))
		a[k] = uint64(v + v>>63&int64(f.p))
	}
}
