// Package memory makes arrays of millions of numbers, and shows them as bytes.
package memory

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unsafe"
)

// Number is a type of which every pattern of bits is a value.
type Number interface {
	~uint8 | ~int32 | ~uint32 | ~int64 | ~uint64
}

// largeBytes is the size from which an array is made of large pages.
const largeBytes = 4 << 20

// Make returns an array of n zeros. A large array is made of large pages of memory where the
// system has them, so that its first use takes a third of the time.
func Make[T Number](n int) []T {
	s := make([]T, n)
	Advise(s)
	return s
}

// MakeUnset returns an array of n numbers with any values, for a caller who sets all of them. It is
// [Make] without the time to clear memory that was used before.
func MakeUnset[T Number](n int) []T {
	var x T
	size := int(unsafe.Sizeof(x))
	if n > math.MaxInt/size-1 || n*size < largeBytes {
		return Make[T](n)
	}
	var b strings.Builder // clears nothing, and begins at a page if it is large
	b.Grow(n * size)
	b.WriteByte(0) // an empty text has no place
	s := unsafe.Slice((*T)(unsafe.Pointer(unsafe.StringData(b.String()))), n)
	Advise(s)
	return s
}

// Advise asks for large pages for an array that was just made, if it is large.
func Advise[T any](s []T) {
	var x T
	if n := len(s) * int(unsafe.Sizeof(x)); n >= largeBytes {
		largePages(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), n))
	}
}

// Clone returns a copy that is made like an array of [Make].
func Clone[T Number](s []T) []T {
	out := Make[T](len(s))
	copy(out, s)
	return out
}

// Bytes returns the memory of s as bytes. A change of one changes the other.
func Bytes[T Number](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	var x T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(x)))
}

// Text returns the bytes as a text without a copy. They must not change after that.
func Text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// FromLittleEndian changes the bytes of numbers of some size, which are in little-endian order,
// into the bytes that the processor has for them. On most processors it does nothing.
func FromLittleEndian(b []byte, size int) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		turn(b, size)
	}
}

// turn turns round the bytes of each number.
func turn(b []byte, size int) {
	for ; len(b) >= size; b = b[size:] {
		slices.Reverse(b[:size])
	}
}
