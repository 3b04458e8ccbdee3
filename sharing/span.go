package sharing

// span is the set of the coalitions that are sums of multiples of given ones, as vectors of
// 0 and 1. It calculates modulo a prime. This is exact: a determinant of 0 and 1 with at most
// 20 rows is below 2^27 (J. Hadamard's bound, 21^10.5/2^20), so it is 0 only if it is 0 modulo
// the prime. The zero value is the span of nothing.
type span struct {
	rows  [][]uint64 // reduced: each has a 1 where it begins, and no other row has an entry there
	first []int      // where each row begins
}

const spanPrime = 1<<31 - 1

// reduce subtracts the rows from a coalition. It returns what is left, and where it begins,
// which is n if nothing is left.
func (s *span) reduce(c Coalition, n int) ([]uint64, int) {
	v := make([]uint64, n)
	for k := c; k != 0; k = k.rest() {
		v[k.first()] = 1
	}
	for r, row := range s.rows {
		if factor := v[s.first[r]]; factor != 0 {
			for i, x := range row {
				v[i] = (v[i] + (spanPrime-factor)*x) % spanPrime
			}
		}
	}
	for i, x := range v {
		if x != 0 {
			return v, i
		}
	}
	return v, n
}

// has reports whether a coalition is in the span.
func (s *span) has(c Coalition, n int) bool {
	_, first := s.reduce(c, n)
	return first == n
}

// add adds a coalition to those that span. It returns false if it is in the span already.
func (s *span) add(c Coalition, n int) bool {
	v, first := s.reduce(c, n)
	if first == n {
		return false
	}
	scale := inverse(v[first])
	for i := range v {
		v[i] = v[i] * scale % spanPrime
	}
	for _, row := range s.rows {
		if factor := row[first]; factor != 0 {
			for i, x := range v {
				row[i] = (row[i] + (spanPrime-factor)*x) % spanPrime
			}
		}
	}
	s.rows, s.first = append(s.rows, v), append(s.first, first)
	return true
}

// inverse returns the inverse modulo the prime, by Fermat's theorem.
func inverse(x uint64) uint64 {
	out := uint64(1)
	for e := uint64(spanPrime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			out = out * x % spanPrime
		}
		x = x * x % spanPrime
	}
	return out
}
