package radix

import "slices"

// many is the number of numbers from which sorting by their digits is faster.
const many = 1 << 10

// Sort sorts numbers that are not negative.
func Sort(list []int32) {
	if len(list) < many || slices.IsSorted(list) {
		slices.Sort(list)
		return
	}
	const mask = 1<<digitBits - 1
	var counts [maxDigits][mask + 1]int32
	for _, x := range list {
		counts[0][x&mask]++
		counts[1][x>>digitBits&mask]++
		counts[2][x>>(2*digitBits)]++
	}
	from, to := list, make([]int32, len(list))
	for d := range counts {
		next, shift := &counts[d], d*digitBits
		if int(next[list[0]>>shift&mask]) == len(list) { // one digit for all
			continue
		}
		begins(next[:])
		for _, x := range from {
			i := x >> shift & mask
			to[next[i]] = x
			next[i]++
		}
		from, to = to, from
	}
	copy(list, from)
}
