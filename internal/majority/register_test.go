package majority_test

import (
	"math/rand/v2"
	"slices"

	"github.com/crossholding/crossholding/internal/majority"
)

// register draws a network like a national one, straight into arrays: half of
// its companies have a majority holder, a tenth two holders of one family that
// carry it together only; pyramids, small rings, one core whose members hold
// one another, and holders in the hundreds here and there. Nodes are numbered
// at random, and entries lie in no order.
func register(stakes int, seed uint64) majority.Meetings {
	r := rand.New(rand.NewPCG(seed, 8))
	companies, persons := max(4, stakes*2/5), max(4, stakes/2)
	b := &drawn{r: r, above: make([]int, companies), name: r.Perm(companies + persons)}
	n := companies + persons
	m := majority.Meetings{Base: make([]int64, n), ColStart: make([]int32, n+1)}
	columns := make([][]holding, n)
	core := min(1500, companies/100)
	for c := range companies {
		base := int64(100) * int64(1+r.IntN(1_000_000))
		columns[b.name[c]], m.Base[b.name[c]] = b.company(c, companies, core, base), base
	}
	for y, column := range columns {
		r.Shuffle(len(column), func(i, j int) { column[i], column[j] = column[j], column[i] })
		for _, h := range column {
			m.Who, m.Units = append(m.Who, int32(h.who)), append(m.Units, h.units)
		}
		m.ColStart[y+1] = int32(len(m.Who))
	}
	return m
}

type holding struct {
	who   int
	units int64
}

type drawn struct {
	r     *rand.Rand
	above []int // the company that leads each, -1 if none
	name  []int // the node of each company, then of each person
}

// company draws the holders of company c.
func (b *drawn) company(c, companies, core int, base int64) []holding {
	var column []holding
	left := base
	give := func(holder int, percent int) {
		u := min(left, base*int64(percent)/100)
		if left -= u; u > 0 && holder != c {
			column = append(column, holding{b.name[holder], u})
		}
	}
	person := func() int { return companies + b.r.IntN(len(b.name)-companies) }
	b.above[c] = -1
	switch kind := b.r.IntN(100); {
	case c < core: // each is held by the one before and others
		give((c+core-1)%core, 20)
		for range 8 {
			give(b.r.IntN(core), 2+b.r.IntN(8))
		}
	case c%200 < 3 && c >= 200 && c-c%200+2 < companies: // a ring of three
		next := c + 1
		if c%200 == 2 {
			next = c - 2
		}
		give(next, 25+b.r.IntN(40))
		give(c-c%200+b.r.IntN(3), 20)
	case kind < 25 && c > core:
		b.above[c] = max(0, c-1-b.r.IntN(40))
		give(b.above[c], 51+b.r.IntN(49))
	case kind < 50:
		give(person(), 51+b.r.IntN(49))
	case kind < 60 && c > core:
		p := max(0, c-1-b.r.IntN(40))
		b.above[c] = p
		give(p, 26+b.r.IntN(20))
		if g := b.above[p]; g >= 0 {
			give(g, 26+b.r.IntN(20))
		}
	}
	holders := b.r.IntN(5)
	if b.r.IntN(500) == 0 {
		holders = 100 + b.r.IntN(500)
	}
	for range holders {
		if b.r.IntN(4) == 0 {
			give(b.r.IntN(companies), 1+b.r.IntN(30))
		} else {
			give(person(), 1+b.r.IntN(30))
		}
	}
	return column
}

// renumbered gives every node another number and every column another order.
func renumbered(m majority.Meetings, r *rand.Rand) (out majority.Meetings, name []int) {
	n := len(m.Base)
	name = r.Perm(n)
	old := make([]int, n)
	for x, y := range name {
		old[y] = x
	}
	out = majority.Meetings{Base: make([]int64, n), ColStart: make([]int32, n+1)}
	for y, x := range old {
		out.Base[y] = m.Base[x]
		entries := r.Perm(int(m.ColStart[x+1] - m.ColStart[x]))
		for _, i := range entries {
			k := int(m.ColStart[x]) + i
			who := m.Who[k]
			if who >= 0 {
				who = int32(name[who])
			}
			out.Who, out.Units = append(out.Who, who), append(out.Units, m.Units[k])
		}
		out.ColStart[y+1] = int32(len(out.Who))
	}
	return out, name
}

// chains returns everyone's controllers, sorted, by the names of nodes.
func chains(f *majority.Forest, name []int) [][]int32 {
	out := make([][]int32, f.Len())
	for x := range out {
		for c := range f.Controllers(int32(name[x])) {
			out[x] = append(out[x], c)
		}
		slices.Sort(out[x])
	}
	return out
}
