package above

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// upper is the companies of a large part and all above them in topological order, and who has
// stakes of them.
type upper struct {
	list   []int32
	totals []uint64
	first  []int32 // the stakes of companies of other parts in company i are holds[first[i]:first[i+1]]
	holds  []upperHold
	stakes []upperStake // of outside owners and floats, by owner
	units  []uint64     // what the owner in question has of each
}

// upperHold is a stake of a company: between d and d+off.
type upperHold struct {
	d    uint64
	node int32
	off  uint32
}

// upperStake is a stake in company at of the list.
type upperStake struct {
	units uint64
	owner uint32
	at    int32
}

// above returns what is above a large part, or nil if figures are wide.
func (f *fineRun) above(ctx context.Context, w *run, p int32) (*upper, error) {
	l := f.large[p]
	if l == nil {
		l = &largePart{}
		f.large[p] = l
	}
	if l.upper != nil {
		return l.upper, nil
	}
	list, err := f.reach(ctx, w, w.c.Members(p)[0], math.MaxInt)
	if err != nil {
		return nil, err
	}
	u := &upper{list: list, units: make([]uint64, len(list))}
	for i := range list {
		if !u.read(w, i) {
			return nil, nil
		}
	}
	u.first = append(u.first, int32(len(u.holds)))
	slices.SortFunc(u.stakes, func(a, b upperStake) int { return cmp.Compare(a.owner, b.owner) })
	if size := len(list) + len(u.holds) + len(u.stakes); f.kept+size <= mostKept {
		l.upper, f.kept = u, f.kept+size
	}
	return u, stopped(ctx)
}

// read reads the stakes in a company of the list. It returns false if the figures are wide.
func (u *upper) read(w *run, at int) bool {
	k := u.list[at]
	col := w.s.Holders(k)
	if col.Wide != nil {
		return false
	}
	total := uint64(col.Total)
	left := total
	u.totals, u.first = append(u.totals, total), append(u.first, int32(len(u.holds)))
	for e, h := range col.Rows {
		units := uint64(col.Units[e])
		left -= units
		switch {
		case units == 0:
		case !w.c.Company(h):
			u.stakes = append(u.stakes, upperStake{units, uint32(h), int32(at)})
		case w.c.Part[h] != w.c.Part[k]:
			d, off := share62(units, total)
			u.holds = append(u.holds, upperHold{d, h, uint32(off)})
		}
	}
	if left > 0 {
		u.stakes = append(u.stakes, upperStake{left, w.nodes + uint32(k), int32(at)})
	}
	return true
}

// of returns the stakes of an owner.
func (u *upper) of(owner uint32) []upperStake {
	from, _ := slices.BinarySearchFunc(u.stakes, owner, func(x upperStake, owner uint32) int { return cmp.Compare(x.owner, owner) })
	to := from
	for to < len(u.stakes) && u.stakes[to].owner == owner {
		to++
	}
	return u.stakes[from:to]
}

// take notes the stakes of an owner.
func (u *upper) take(owner uint32) {
	for _, x := range u.of(owner) {
		u.units[x.at] += x.units
	}
}

// forget forgets the stakes of an owner.
func (u *upper) forget(owner uint32) {
	for _, x := range u.of(owner) {
		u.units[x.at] = 0
	}
}

// sum adds up what the owner has of company at of the list by its holders but those of the same
// part.
func (u *upper) sum(f *fineRun, at int) (x share) {
	x.low, x.off = share62(u.units[at], u.totals[at])
	for _, h := range u.holds[u.first[at]:u.first[at+1]] {
		if y := f.shares[f.slot[h.node]-1]; y != (share{}) {
			low, off := mul62(h.d, y.low)
			x.low += low
			x.off += off + uint64(h.off) + mulUp62(h.d, y.off)
		}
	}
	return x
}
