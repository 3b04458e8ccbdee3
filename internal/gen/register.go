package gen

import (
	"cmp"
	"math"
	"slices"
)

// Register returns a network that looks like a national register. If options cannot be
// satisfied, it returns an error of kind ErrOption that joins one *OptionError for each.
//
// Companies have levels from 0 to Depth. Only companies of lower levels hold a company,
// except inside a ring or the core. So rings and core are the strongly connected
// components, and only closed rings have no outside owner.
func Register(options Options) (*Network, error) {
	o, err := options.resolve()
	if err != nil {
		return nil, err
	}
	b := newBuilder(o)
	b.place()
	if err := b.count(); err != nil {
		return nil, err
	}
	b.relate()
	for c := range b.net.Issued {
		b.fill(int32(c))
	}
	if o.Shuffle {
		b.mix()
	}
	return b.net, nil
}

// none marks a company without a lead holder or without a level.
const none = -1

// builder holds the properties of each company that are drawn before its holders.
type builder struct {
	source
	o   Options
	net *Network

	level      []int16       // none for the members of closed rings
	byLevel    [][]int32     // companies by level, the likeliest holders first
	lead       []int32       // holder given by a pyramid or ring, or none
	leadParts  []int32       // fraction that the lead holds, in millionths
	listed     []bool        // held by funds and with a wide float
	funds      []int32       // stakes of funds to draw
	free       []int32       // other stakes to draw
	corePlace  map[int32]int // position of each member of the core
	coreDegree []int32       // stakes of other members, by position

	seen []int32 // by node: 1 + the last issuer whose holder it is
	row  []holding

	parent   []int32 // the company that gets the first stake, or none
	relative []int32 // another holder from the parent's group, or none
	family   []int32 // scratch of relatives

	pool    []int32 // scratch of the core
	weights []int64
}

type holding struct {
	holder int32
	shares int64
}

func newBuilder(o Options) *builder {
	n := o.Companies
	b := &builder{
		source:    newSource(o.Seed),
		o:         o,
		level:     make([]int16, n),
		byLevel:   make([][]int32, o.Depth+1),
		lead:      make([]int32, n),
		leadParts: make([]int32, n),
		listed:    make([]bool, n),
		funds:     make([]int32, n),
		free:      make([]int32, n),
		corePlace: make(map[int32]int, o.Core),
		seen:      make([]int32, n+o.Funds),
		parent:    make([]int32, n),
		relative:  make([]int32, n),
	}
	b.net = &Network{
		Issued: make([]int64, n), Treasury: make([]int64, n), Votes: make([]int64, n),
		Funds:  o.Funds,
		Holder: make([]int32, 0, o.Stakes), Issuer: make([]int32, 0, o.Stakes), Shares: make([]int64, 0, o.Stakes),
	}
	return b
}

// place distributes the companies, in random order, among the core, the rings, the
// pyramids and the rest, and gives each its level.
func (b *builder) place() {
	order := make([]int32, b.o.Companies)
	for c := range order {
		order[c] = int32(c)
		b.lead[c] = none
	}
	b.shuffle(order)
	deal := func(k int) []int32 {
		dealt := order[:k:k]
		order = order[k:]
		return dealt
	}
	b.net.Core = deal(b.o.Core)
	for place, c := range b.net.Core {
		b.corePlace[c] = place
		b.level[c] = int16(min(1, b.o.Depth))
		b.listed[c] = true
	}
	for range b.o.Rings {
		b.net.Rings = append(b.net.Rings, b.ring(deal(b.from(2, largestRing))))
	}
	for range b.o.ClosedRings {
		ring := b.ring(deal(b.from(2, largestRing)))
		for _, c := range ring {
			b.level[c], b.leadParts[c] = none, million
		}
		b.net.Closed = append(b.net.Closed, ring)
	}
	if b.o.Depth > 0 {
		for range b.o.Pyramids {
			b.pyramid(deal(b.o.Depth + 1))
		}
	}
	for _, c := range order {
		b.level[c] = b.drawLevel()
		b.listed[c] = b.percent(2)
	}
	b.index()
}

// drawLevel draws a level. It starts at 0 and goes on to the next level with probability
// 11/20.
func (b *builder) drawLevel() int16 {
	level := 0
	for level < b.o.Depth && b.percent(55) {
		level++
	}
	return int16(level)
}

// ring makes each company the holder of 5% to 90% of the next.
func (b *builder) ring(members []int32) []int32 {
	level := b.drawLevel()
	before := members[len(members)-1]
	for _, c := range members {
		b.level[c], b.lead[c] = level, before
		b.leadParts[c] = int32(b.from(50_000, 900_000))
		before = c
	}
	return members
}

// pyramid makes each company the majority holder of the next.
func (b *builder) pyramid(members []int32) {
	for i, c := range members {
		b.level[c] = int16(i)
		if i > 0 {
			b.lead[c] = members[i-1]
			b.leadParts[c] = int32(b.from(505_000, 750_000))
		}
	}
}

// index lists the companies of each level in random order, but core and listed companies
// come first. So these get the largest groups of subsidiaries.
func (b *builder) index() {
	size := make([]int, b.o.Depth+1)
	for _, level := range b.level {
		if level != none {
			size[level]++
		}
	}
	for level, k := range size {
		b.byLevel[level] = make([]int32, 0, k)
	}
	for c, level := range b.level {
		if level != none {
			b.byLevel[level] = append(b.byLevel[level], int32(c))
		}
	}
	for _, list := range b.byLevel {
		b.shuffle(list)
		slices.SortStableFunc(list, func(x, y int32) int {
			switch {
			case b.listed[x] == b.listed[y]:
				return 0
			case b.listed[x]:
				return -1
			}
			return 1
		})
	}
}

// count sets the number of stakes of each kind for every company, so that they add up to
// the requested number.
func (b *builder) count() error {
	needed := b.countCore()
	for _, lead := range b.lead {
		if lead != none {
			needed++
		}
	}
	if needed > b.o.Stakes {
		var bad faults
		bad.add("Stakes", b.o.Stakes, "too few: Core %d of CoreDensity %v, Rings, ClosedRings and Pyramids alone need %d",
			b.o.Core, b.o.CoreDensity, needed)
		return bad[0]
	}
	left := b.o.Stakes - needed
	left -= b.countFunds(left / 5)
	return b.countFree(left)
}

// countCore draws how many other members hold each member of the core.
func (b *builder) countCore() int {
	others := len(b.net.Core) - 1
	mean := int(math.Round(b.o.CoreDensity * float64(others)))
	spread := min(mean/2, others-mean)
	sum := 0
	for range b.net.Core {
		degree := max(1, b.from(mean-spread, mean+spread))
		b.coreDegree = append(b.coreDegree, int32(degree))
		sum += degree
	}
	return sum
}

// countFunds draws the number of funds in each listed company, on average a third of all
// funds, until budget stakes are used. It returns the number used.
func (b *builder) countFunds(budget int) int {
	used := 0
	for c, listed := range b.listed {
		if listed && b.o.Funds > 0 {
			k := min(b.from(0, (2*b.o.Funds+2)/3), b.o.Funds, budget-used)
			b.funds[c] = int32(k)
			used += k
		}
	}
	return used
}

// countFree distributes the remaining stakes: a few to most companies and hundreds to
// some.
func (b *builder) countFree(left int) error {
	open, sum := make([]int32, 0, len(b.free)), 0
	for c := range b.free {
		if b.level[c] == none {
			continue
		}
		open = append(open, int32(c))
		b.free[c] = int32(b.holders())
		if b.lead[c] != none {
			b.free[c]--
		}
		sum += int(b.free[c])
	}
	if len(open) == 0 && left > 0 {
		var bad faults
		bad.add("Stakes", b.o.Stakes, "closed rings use every company, and %d stakes are left over", left)
		return bad[0]
	}
	if sum > left {
		b.trim(open, sum-left)
	} else if len(open) > 0 {
		b.top(open, left-sum)
	}
	return nil
}

// trim removes excess stakes. In each round it removes half of the stakes of each company,
// rounded up, but leaves one. It removes the last stake of a company only if every company
// has a single stake.
func (b *builder) trim(open []int32, excess int) {
	for least := int32(1); excess > 0; {
		before := excess
		for _, c := range open {
			if cut := min((b.free[c]-least+1)/2, int32(excess)); cut > 0 {
				b.free[c] -= cut
				excess -= int(cut)
			}
		}
		if excess == before {
			least--
		}
	}
}

// top adds stakes. Each company gets the same number, and the remainder is distributed at
// random.
func (b *builder) top(open []int32, more int) {
	for _, c := range open {
		b.free[c] += int32(more / len(open))
	}
	for range more % len(open) {
		b.free[open[b.below(len(open))]]++
	}
}

// holders draws the number of holders of a company, from 1 to 300. It is 1 for most
// companies.
func (b *builder) holders() int {
	switch p := b.below(100); {
	case p < 55:
		return 1
	case p < 82:
		return 2
	case p < 92:
		return 3
	}
	return 4 + int(min((1<<32)/(1+b.below64(1<<32))-1, 296))
}

// relate gives each company above level 0 a parent of a lower level. Many get a second
// holder from the same group: another child, or the parent's parent. So some companies are
// controlled only by several holders together.
func (b *builder) relate() {
	child := make([]int32, b.o.Companies) // the last child of each company
	for c := range b.parent {
		b.parent[c], b.relative[c], child[c] = b.lead[c], none, none
	}
	for c := range b.parent {
		if b.parent[c] == none && b.free[c] > 0 {
			b.parent[c] = b.above(int(b.level[c]))
		}
	}
	for c, parent := range b.parent {
		if parent == none || b.level[c] == none {
			continue
		}
		relative := b.parent[parent]
		if twin := child[parent]; twin != none && b.level[twin] < b.level[c] {
			relative = twin
		}
		if relative != none && b.level[relative] < b.level[c] && b.percent(80) {
			b.relative[c] = relative
		}
		if b.lead[c] == none || b.leadParts[c] > million/2 {
			child[parent] = int32(c)
		}
	}
}

// above draws a company of a lower level, usually of the level before. It draws the heads
// of large groups most often. It returns none if there is no such company.
func (b *builder) above(level int) int32 {
	if level <= 0 {
		return none
	}
	list := b.byLevel[level-1]
	if b.percent(30) {
		list = b.byLevel[b.below(level)]
	}
	if len(list) == 0 {
		return none
	}
	return list[b.heavy(len(list), 3)]
}

// mix puts the stakes in random order.
func (b *builder) mix() {
	n := b.net
	for i := len(n.Holder) - 1; i > 0; i-- {
		j := b.below(i + 1)
		n.Holder[i], n.Holder[j] = n.Holder[j], n.Holder[i]
		n.Issuer[i], n.Issuer[j] = n.Issuer[j], n.Issuer[i]
		n.Shares[i], n.Shares[j] = n.Shares[j], n.Shares[i]
	}
}

// emit appends the drawn row of an issuer, sorted by holder.
func (b *builder) emit(issuer int32) {
	slices.SortFunc(b.row, func(x, y holding) int { return cmp.Compare(x.holder, y.holder) })
	n := b.net
	for _, h := range b.row {
		n.Holder = append(n.Holder, h.holder)
		n.Issuer = append(n.Issuer, issuer)
		n.Shares = append(n.Shares, h.shares)
	}
	b.row = b.row[:0]
}
