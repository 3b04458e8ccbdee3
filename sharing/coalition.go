package sharing

import "math/bits"

// Coalition is a set of members of a game. Bit i is set if member i is in it, counting from
// 0 in the order of the game's members. The zero value is the empty set. It is also the
// place of the set in a table of values.
type Coalition uint32

// Has reports whether member i is in the coalition.
func (c Coalition) Has(i int) bool { return i >= 0 && i < 32 && c>>uint(i)&1 == 1 }

// Len returns the number of members in the coalition.
func (c Coalition) Len() int { return bits.OnesCount32(uint32(c)) }

// first returns the first member of a coalition that is not empty.
func (c Coalition) first() int { return bits.TrailingZeros32(uint32(c)) }

// rest returns the coalition without its first member.
func (c Coalition) rest() Coalition { return c & (c - 1) }

// alone returns the coalition of one member.
func alone(i int) Coalition { return 1 << uint(i) }

// everyone returns the coalition of n members.
func everyone(n int) Coalition { return 1<<uint(n) - 1 }
