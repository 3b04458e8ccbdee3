package majority

import (
	"math/big"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// chunk is how many columns a worker takes at a time; whole words of a bit
// set, so that two workers never write the same one.
const chunk = 1 << 13

// each calls work on all columns, in pieces, on all processors if there are
// many. Calls must not depend on one another.
func (b *planter) each(work func(from, to int32)) error {
	n := int32(b.e.n)
	workers := min(runtime.GOMAXPROCS(0), (b.e.n+len(b.e.m.Who))>>16)
	var next atomic.Int64
	pull := func() {
		for stopped(b.ctx) == nil {
			from := next.Add(chunk) - chunk
			if from >= int64(n) {
				return
			}
			work(int32(from), int32(min(from+chunk, int64(n))))
		}
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Go(pull)
	}
	pull()
	others.Wait()
	return stopped(b.ctx)
}

// direct finds in one reading the meetings that a single entry carries, sets
// aside as open those that several entries could, and reports the contested.
func (b *planter) direct() error {
	b.may = make([]uint64, (b.e.n+63)/64)
	var contested contest
	err := b.each(func(from, to int32) {
		var bad []int32
		for y := from; y < to; y++ {
			p, ok := b.carrier(y)
			if !ok {
				bad = append(bad, y)
			}
			b.parent[y] = p
			if p != Nobody {
				b.may[y>>6] |= 1 << (y & 63)
			}
		}
		contested.add(bad)
	})
	if err != nil {
		return err
	}
	for y := range b.e.m.Wide {
		p, ok := b.carrierWide(y)
		contested.settle(y, ok)
		b.parent[y] = p
		if b.may[y>>6] &^= 1 << (y & 63); p != Nobody {
			b.may[y>>6] |= 1 << (y & 63)
		}
	}
	return contested.err(b)
}

// carrier returns who casts the one entry that carries y, openMark if several
// could together, or Nobody; and false if two groups could carry it.
func (b *planter) carrier(y int32) (int32, bool) {
	m := &b.e.m
	from, to, base := m.ColStart[y], m.ColStart[y+1], m.Base[y]
	if from == to || base <= 0 {
		return Nobody, true
	}
	need := b.rule.needed(base)
	sum, best := int64(0), int32(-1)
	for i, u := range m.Units[from:to] {
		sum += u
		if u >= need {
			best = from + int32(i)
		}
	}
	if sum < need {
		return Nobody, true
	}
	if sum>>1 < need { // no two disjoint groups
		if best < 0 {
			return openMark, true
		}
		if x := m.Who[best]; x != Nobody && x != y {
			return x, true
		}
		return Nobody, true
	}
	return b.carrierExactly(y, need)
}

// carrierExactly is carrier without the votes that no one, or y itself, casts.
func (b *planter) carrierExactly(y int32, need int64) (int32, bool) {
	m := &b.e.m
	sum, carrier := int64(0), int32(openMark)
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		x, u := m.Who[k], m.Units[k]
		if x == Nobody || x == y {
			continue
		}
		sum = add(sum, u)
		if u >= need {
			carrier = x
		}
	}
	if sum < need {
		return Nobody, true
	}
	return carrier, sum>>1 < need
}

// carrierWide is carrierExactly in big integers.
func (b *planter) carrierWide(y int32) (int32, bool) {
	m := &b.e.m
	w := m.Wide[y]
	if w.Base.Sign() <= 0 {
		return Nobody, true
	}
	need := b.rule.neededBig(w.Base)
	sum, carrier := new(big.Int), int32(openMark)
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		x, u := m.Who[k], w.Units[k-from]
		if x == Nobody || x == y {
			continue
		}
		sum.Add(sum, u)
		if u.Cmp(need) >= 0 {
			carrier = x
		}
	}
	if sum.Cmp(need) < 0 {
		return Nobody, true
	}
	return carrier, sum.Cmp(need.Lsh(need, 1)) < 0
}

// prune frees open meetings that cannot be carried: of those that no one can
// control, a group has one at most, its seed; so the greatest of their votes
// and all votes of those who may be controlled are the most any group casts.
func (b *planter) prune() error {
	bits := make([]uint64, len(b.may))
	for {
		var kept, freed atomic.Int64
		err := b.each(func(from, to int32) {
			copy(bits[from>>6:(to+63)>>6], b.may[from>>6:(to+63)>>6])
			keep, free := 0, 0
			for y := from; y < to; y++ {
				if b.parent[y] != openMark {
					continue
				}
				if b.hopeful(y) {
					keep++
				} else {
					free++
					b.parent[y] = Nobody
					bits[y>>6] &^= 1 << (y & 63)
				}
			}
			kept.Add(int64(keep))
			freed.Add(int64(free))
		})
		if err != nil {
			return err
		}
		b.may, bits = bits, b.may
		if freed.Load()*8 <= kept.Load() {
			break
		}
	}
	for y, p := range b.parent {
		if p == openMark {
			b.parent[y] = openCode(len(b.open))
			b.open = append(b.open, int32(y))
		}
	}
	return nil
}

// hopeful reports whether some group might carry the open meeting y.
func (b *planter) hopeful(y int32) bool {
	m := &b.e.m
	if b.e.wide(y) != nil {
		return true
	}
	need := b.rule.needed(m.Base[y])
	from, to := m.ColStart[y], m.ColStart[y+1]
	var controlled, alone, most int64
	last := int32(Nobody)
	for i, x := range m.Who[from:to] {
		if x == Nobody || x == y {
			continue
		}
		u := m.Units[int(from)+i]
		if x < last {
			return true // a caster may come again: not worth finding out here
		}
		switch {
		case b.may[x>>6]>>(x&63)&1 != 0:
			controlled += u
		case x == last:
			alone += u
			most = max(most, alone)
		default:
			alone = u
			most = max(most, alone)
		}
		last = x
	}
	return controlled+most >= need
}

// contest gathers the meetings that two disjoint groups could carry.
type contest struct {
	mutex sync.Mutex
	nodes []int32
}

func (c *contest) add(nodes []int32) {
	if len(nodes) > 0 {
		c.mutex.Lock()
		c.nodes = append(c.nodes, nodes...)
		c.mutex.Unlock()
	}
}

// settle puts y in or takes it out.
func (c *contest) settle(y int32, fine bool) {
	i := slices.Index(c.nodes, y)
	switch {
	case fine && i >= 0:
		c.nodes = slices.Delete(c.nodes, i, i+1)
	case !fine && i < 0:
		c.nodes = append(c.nodes, y)
	}
}

// err returns nil if nothing is contested.
func (c *contest) err(b *planter) error {
	if len(c.nodes) == 0 {
		return nil
	}
	slices.Sort(c.nodes)
	err := &ContestedError{Rule: Rule{Num: b.rule.num, Den: b.rule.den, Strict: b.rule.strict}, Count: len(c.nodes)}
	err.Nodes = slices.Clone(c.nodes[:min(len(c.nodes), mostNamed)])
	return err
}
