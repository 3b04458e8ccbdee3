package power

// This file has the walk for vectors of 256 bits. It multiplies a table by
// (1 + r x^w) for a few players at once.

// chainBlock is the number of entries that a chain takes at a time.
const chainBlock = 32

// chain walks a table of n entries from the top down. A block of player j is the
// block of player j-1 moved up by the weight of j: what j-1 has just written there is
// what j adds. So the blocks of all players follow from the block where the first
// player reads, and a player is some blocks behind the players before it.
//
// blocks does the players from first to last-1, for the given number of rounds. The
// first of these players reads the block at from, and 32 entries less in each round.
// single does the entries from to-1 down to from for player j. There are fewer than
// 32 of them, at the ends of the table.
func chain(n int, ws []int64, blocks func(from, first, last, rounds int), single func(j, from, to int)) {
	var few [64]int // saves an allocation
	steps := append(few[:0], 0)
	for j, w := range ws {
		steps = append(steps, steps[j]+int(w)) // by player: the weight of those before it
	}
	low := n - chainBlock - steps[1] // where the first player reads, even if it is below 0
	first, last := 0, 0
	for {
		for last < len(ws) && low+steps[last+1]+chainBlock <= n {
			single(last, max(int(ws[last]), low+steps[last+1]+chainBlock), n)
			last++
		}
		for first < last && low+steps[first] < 0 {
			single(first, int(ws[first]), min(n, low+steps[first+1]+chainBlock))
			first++
		}
		if first == len(ws) {
			return
		}
		rounds := 1 << 62
		if last < len(ws) {
			rounds = (low + steps[last+1] - n + 2*chainBlock - 1) / chainBlock
		}
		if first < last {
			rounds = min(rounds, (low+steps[first])/chainBlock+1)
			blocks(low+steps[first], first, last, rounds)
		}
		low -= rounds * chainBlock
	}
}
