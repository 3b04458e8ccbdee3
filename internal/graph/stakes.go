package graph

import "slices"

// New returns a graph of nodes and stakes. The ids must be sorted and all different;
// holder and issuer give the nodes of each stake. Stakes of one holder in one issuer keep
// their order. Record gives the position of each stake in the arguments. Beneficiaries and
// voters are the holders.
//
// The graph keeps ids but not the other arguments. Its weightings and rows are empty: the
// caller fills the weightings and calls [Graph.ListRows].
func New(ids []string, holder, issuer []int32) Graph {
	n, m := len(ids), len(holder)
	words := make([]int32, n+1+2*m)
	g := Graph{IDs: ids, Columns: words[: n+1 : n+1]}
	g.Issuer, g.Holder = words[n+1:n+1+m:n+1+m], words[n+1+m:]
	g.Record = make([]int32, m) // an array of its own, because a register drops it
	for _, c := range issuer {
		g.Columns[c+1]++
	}
	for c := range n {
		g.Columns[c+1] += g.Columns[c]
	}
	next := slices.Clone(g.Columns[:n])
	for i, c := range issuer {
		e := next[c]
		next[c]++
		g.Issuer[e], g.Holder[e], g.Record[e] = c, holder[i], int32(i)
	}
	var scratch []uint64
	for c := range int32(n) {
		from, to := g.Column(c)
		scratch = sortColumn(g.Holder[from:to], g.Record[from:to], scratch)
	}
	g.Beneficiary, g.Voter = g.Holder, g.Holder
	return g
}

// sortColumn sorts the stakes in one company by holder, then by record. The records must
// be in ascending order. It returns scratch, which may have grown.
func sortColumn(holder, record []int32, scratch []uint64) []uint64 {
	const short = 24 // most columns are short and need no scratch
	if len(holder) <= short {
		for i := 1; i < len(holder); i++ {
			h, r, k := holder[i], record[i], i
			for ; k > 0 && holder[k-1] > h; k-- {
				holder[k], record[k] = holder[k-1], record[k-1]
			}
			holder[k], record[k] = h, r
		}
		return scratch
	}
	if slices.IsSorted(holder) {
		return scratch
	}
	scratch = scratch[:0]
	for i, h := range holder {
		scratch = append(scratch, uint64(h)<<32|uint64(record[i]))
	}
	slices.Sort(scratch)
	for i, s := range scratch {
		holder[i], record[i] = int32(s>>32), int32(uint32(s))
	}
	return scratch
}
