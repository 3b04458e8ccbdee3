package intern

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// hasher hashes strings with a random seed, short ones without a call. It multiplies their bytes
// with secret numbers, as maphash does where the processor has no AES.
type hasher struct {
	seed   maphash.Seed
	secret [4]uint64
}

func newHasher() hasher {
	h := hasher{seed: maphash.MakeSeed()}
	for i := range h.secret {
		h.secret[i] = maphash.Bytes(h.seed, []byte{byte(i)})
	}
	return h
}

func (h *hasher) hash(s []byte) uint64 {
	var a, b uint64
	switch n := len(s); {
	case n > 16:
		return maphash.Bytes(h.seed, s)
	case n >= 8:
		a, b = binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[n-8:])
	case n >= 4:
		a, b = uint64(binary.LittleEndian.Uint32(s)), uint64(binary.LittleEndian.Uint32(s[n-4:]))
	case n > 0:
		a, b = uint64(s[0])|uint64(s[n/2])<<8, uint64(s[n-1])
	}
	a = folded(a^h.secret[0], b^h.secret[1])
	return folded(a^h.secret[2], uint64(len(s))^h.secret[3])
}

// folded multiplies two numbers, and mixes the two halves of the product.
func folded(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}
