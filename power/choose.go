package power

import "math"

// These are the largest numbers of players for which Auto chooses the exponential
// algorithms. Enumeration never takes more players than its limit.
const (
	mostEnumerated = 24
	mostHalved     = 44
)

// choose returns the algorithm for swing counts. bySize says whether swings are
// counted by size. It compares estimates of the work, in steps of about a
// nanosecond.
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

// tableOrList chooses between tables and the list of all coalitions, for the
// indices that have no other algorithm. entries is the size of a table, and the
// list has 2^listed coalitions.
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

// markedTables returns about how many tables are needed to divide by sizes
// exactly.
func (z weighted) markedTables() float64 {
	n := float64(len(z.w))
	return n * math.Ceil(2.5*n/shortBits)
}
