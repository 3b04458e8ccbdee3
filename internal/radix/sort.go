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
	const bits, mask = 11, 1<<11 - 1
	var counts [3][mask + 1]int32
	for _, x := range list {
		counts[0][x&mask]++
		counts[1][x>>bits&mask]++
		counts[2][x>>(2*bits)]++
	}
	from, to := list, make([]int32, len(list))
	for d := range counts {
		next, sum, same := &counts[d], int32(0), false
		for i, n := range next {
			same = same || int(n) == len(list)
			next[i], sum = sum, sum+n
		}
		if same { // one digit for all
			continue
		}
		for _, x := range from {
			i := x >> (d * bits) & mask
			to[next[i]] = x
			next[i]++
		}
		from, to = to, from
	}
	copy(list, from)
}
