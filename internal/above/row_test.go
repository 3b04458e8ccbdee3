package above

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Rows of many sizes come and go in turns. Each keeps its entries until its last use, and the
// store does not grow when as many go as come.
func TestRowStore(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	var store rowStore
	places := make([]rowPlace, 3)
	rows := map[int32]entry{} // the last entry of each
	largest := 0
	for turn := range 60 {
		for number, want := range rows {
			row := store.at(number)
			if want != row[len(row)-1] {
				t.Fatal(number, want)
			}
			if r.IntN(3) == 0 {
				for range 2 {
					places[r.IntN(3)].used(number, row)
				}
				delete(rows, number)
			}
		}
		for range 1000 {
			size := 1 + r.IntN(30)
			if r.IntN(200) == 0 {
				size = 1<<blockBits - 2 + r.IntN(100)
			}
			row, number := store.place(&places[r.IntN(3)], 1+size)
			_, used := rows[number]
			if used || number <= 0 {
				t.Fatal(number)
			}
			row[0] = entry{owner: uint32(size), off: 2}
			row[size] = entry{low: r.Uint64(), owner: uint32(number)}
			rows[number] = row[size]
		}
		for i := range places {
			store.made(&places[i])
		}
		for i := range places {
			store.ended(&places[i])
		}
		if turn == 30 {
			largest = len(store.blocks)
		}
	}
	require.LessOrEqual(t, len(store.blocks), largest+largest/2)
}

// The owners of a table are those of a map, few and many.
func TestOwnerTable(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	var table ownerTable
	for _, owners := range []int{1, fewOwners - 1, fewOwners, fewOwners + 1, 200, 3, 5000} {
		table.clear()
		want := map[uint32]uint64{}
		add := func(owner uint32) uint64 {
			want[owner]++
			return 1
		}
		for range 3 * owners {
			owner := uint32(r.IntN(owners))
			table.add(owner, add(owner), 0)
		}
		var row []entry
		for owner := range uint32(2 * owners) {
			row = append(row, entry{owner: owner, low: add(owner)})
		}
		table.addLast(row, unit62, 0)
		got := map[uint32]uint64{}
		for _, x := range table.list {
			_, twice := got[x.owner]
			if twice {
				t.Fatal(x.owner)
			}
			got[x.owner] = x.low
		}
		require.Equal(t, want, got)
	}
}
