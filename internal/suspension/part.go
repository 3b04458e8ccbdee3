// The components that an enumerator searches, and their readings.

package suspension

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// part is where an enumerator looks for readings: one strongly connected component with open
// stakes, or several that depend on one another.
type part struct {
	components map[int32]bool
	members    []int32 // their companies, in order
	candidates []int32 // theirs, by their numbers in the whole book
	places     []int32 // of their stakes in those of the whole book
	ambiguous  []int   // places of the open stakes in those of the whole book
	differing  bool    // whether the two runs of the iteration differ here
	each       int     // stakes read for one evaluation
}

// result has the readings of a part. The votes are those of the part's places.
type result struct {
	*part
	readings [][]ratio.Ratio
	most     []ratio.Ratio // the most votes that any run or reading suspends
	complete bool          // whether all assignments were tried
}

// assign copies a reading of the part into an assignment of the whole book.
func (s *result) assign(assignment []ratio.Ratio, reading int) {
	for n, i := range s.places {
		assignment[i] = s.readings[reading][n]
	}
}

// openStakes are the places of stakes on which readings may differ: those on which the two runs
// of the iteration differ, and those of components in which the runs agree.
type openStakes struct{ differing, others []int }

// parts returns a part for each group of components, in the order of their first open stakes.
func (sc *scope) parts(group map[int32]int32, open openStakes) []*part {
	l := sc.search
	byGroup := map[int32]*part{}
	var out []*part
	for n, i := range slices.Concat(open.differing, open.others) {
		c := l.componentOf(i)
		p := byGroup[group[c]]
		if p == nil {
			p = &part{components: map[int32]bool{}}
			byGroup[group[c]] = p
			out = append(out, p)
		}
		p.components[c] = true
		p.differing = p.differing || n < len(open.differing)
		p.ambiguous = append(p.ambiguous, i)
	}
	of := func(x int32) *part { return byGroup[group[l.component[x]]] }
	for x, c := range l.component {
		if _, ok := group[c]; ok {
			p := of(int32(x))
			p.members = append(p.members, int32(x))
			from, to := sc.g.Column(int32(x))
			p.each += int(to - from)
		}
	}
	for i := range sc.candidates {
		if k := &sc.candidates[i]; group[l.component[k.Issuer]] != 0 {
			p := of(k.Issuer)
			p.candidates = append(p.candidates, int32(i))
			p.places = append(p.places, k.Stakes...)
		}
	}
	for _, p := range out {
		slices.Sort(p.ambiguous)
		slices.Sort(p.places)
		p.places = slices.Compact(p.places)
		p.each += len(p.places)
	}
	slices.SortFunc(out, func(a, b *part) int { return cmp.Compare(a.ambiguous[0], b.ambiguous[0]) })
	return out
}

// restrict returns the scope of a part alone, before it has meetings.
func (sc *scope) restrict(p *part) *scope {
	n := len(p.candidates)
	out := &scope{search: sc.search, g: sc.g, candidates: make([]Candidate, n), stakes: make([]int32, len(p.places)), decided: make([]decided, n)}
	for i, at := range p.places {
		out.stakes[i] = sc.stakes[at]
	}
	for n, i := range p.candidates {
		k := sc.candidates[i]
		k.First, k.End = int32(n)+k.First-i, int32(n)+k.End-i // candidates of one issuer are adjacent here too
		k.Stakes = make([]int32, len(k.Stakes))
		for x, at := range sc.candidates[i].Stakes {
			at, _ := slices.BinarySearch(p.places, at)
			k.Stakes[x] = int32(at)
		}
		out.candidates[n], out.decided[n] = k, sc.decided[i]
	}
	return out
}

// outsiders calls visit with the voters at the component's meetings that are outside it.
func (p *part) outsiders(l *Search, visit func(x int32)) {
	for _, c := range p.members {
		from, to := l.g.Column(c)
		for _, x := range l.g.Voter[from:to] {
			if x != graph.None && !p.components[l.component[x]] {
				visit(x)
			}
		}
	}
}

// joinOutsiders lets holders outside the part that have one leader vote as one in a subgraph.
func (p *part) joinOutsiders(sc *scope, sub *subgraph, leader func(x int32) int32) {
	g := sc.g
	first := map[int32]int32{}
	for _, c := range p.members {
		in := sub.localIndex(c)
		if in == graph.None {
			continue
		}
		meeting := sub.g.Voter[sub.g.Columns[in]:sub.g.Columns[in+1]] // empty if only its votes in others matter
		from := g.Columns[c]
		for k := range meeting {
			x := g.Voter[from+int32(k)]
			if x == graph.None || p.components[sc.search.component[x]] {
				continue
			}
			key := leader(x)
			if _, ok := first[key]; !ok {
				first[key] = meeting[k]
			}
			meeting[k] = first[key]
		}
	}
}

// clear sets the entries of local that this part used to zero.
func (p *part) clear(g *graph.Graph, local []int32) {
	for _, c := range p.members {
		local[c] = 0
		from, to := g.Column(c)
		for _, x := range g.Voter[from:to] {
			if x != graph.None {
				local[x] = 0
			}
		}
	}
}
