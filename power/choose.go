package power

import "math"

// The greatest games that the exponential ways are tried on unasked.
const (
	mostEnumerated = 24
	mostHalved     = 44
)

// choose picks the algorithm for swing counts, by size or not, from estimated
// work in steps of about a nanosecond.
func (g Game) choose(z weighted, single bool, o Options, bySize bool) Algorithm {
	if o.Algorithm != Auto {
		return o.Algorithm
	}
	if !single {
		if g.rule.hasList() {
			return Enumeration
		}
		return Diagram
	}
	n := float64(len(z.w))
	tables := 1 + math.Floor(n/wordBits)
	if bySize {
		tables *= n / 3
		tables *= 1.44
	}
	size := float64(min(z.q, z.sum-z.q+1))
	byWeights := tables * size * (n/2 + 2)
	memory := size * 8
	if bySize {
		memory *= 2
	}
	half := math.Exp2(math.Ceil(n / 2))
	byHalves := 4 * n * half
	if bySize {
		byHalves *= n / 4
	}
	if n <= mostHalved && (byHalves < byWeights || memory > float64(o.MaxMemory)) {
		return Halves
	}
	return Weights
}

// tableOrList picks between tables and the list of all coalitions for the
// indices that know no other way. A table has so many entries; the list has
// 2^listed coalitions.
func tableOrList(single bool, o Options, entries, tables float64, listed int) Algorithm {
	if o.Algorithm != Auto {
		return o.Algorithm
	}
	if !single {
		return Enumeration
	}
	n := float64(listed)
	if listed <= mostEnumerated && (entries*8 > float64(o.MaxMemory) || entries*tables*n > math.Exp2(n)*4*n) {
		return Enumeration
	}
	return Weights
}

// markedTables is about how many tables it takes to divide by sizes exactly.
func (z weighted) markedTables() float64 {
	n := float64(len(z.w))
	return n * math.Ceil(2.5*n/shortBits)
}
