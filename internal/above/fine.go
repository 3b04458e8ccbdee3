package above

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// fineRun finds what one owner has of a company with no error but that of rounding: from the
// holders of the company, their holders and so on.
type fineRun struct {
	mu     sync.Mutex
	slot   []int32            // of each company that is reached: 1 + its index in list, or 0
	list   []int32            // these companies
	shares []share            // by slot: what the owner has of each
	large  map[int32]*loopRun // by part
	small  loopRun
	work   int
}

// share is between low and low+off.
type share struct{ low, off uint64 }

// fineTolerance is how small the rest of a solution of a part is, and largeTolerance the same
// for a large part, where each step takes long.
const (
	fineTolerance  = unit62 >> 44
	largeTolerance = unit62 >> 24
)

// share returns what an owner has of company k. It returns false if a part takes too many
// steps, or figures are wide. One goroutine at a time does it.
func (f *fineRun) share(ctx context.Context, w *run, owner uint32, k int32) (x share, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.slot == nil {
		f.slot, f.large = make([]int32, w.s.Matrix().Nodes()), map[int32]*loopRun{}
	}
	defer f.forget()
	if err := f.reach(ctx, w, k); err != nil {
		return share{}, false, err
	}
	slices.SortFunc(f.list, func(a, b int32) int { return cmp.Compare(w.c.Pos[a], w.c.Pos[b]) })
	for i, j := range f.list {
		f.slot[j] = int32(i + 1)
	}
	for at := 0; at < len(f.list); {
		members := w.c.Members(w.c.Part[f.list[at]])
		if len(members) == 1 {
			x, ok = f.sum(w, owner, f.list[at], -1)
			f.shares = append(f.shares, x)
		} else if ok, err = f.solve(ctx, w, owner, members); err != nil {
			return share{}, false, err
		}
		if !ok {
			return share{}, false, nil
		}
		at += len(members)
	}
	return f.shares[f.slot[k]-1], true, nil
}

// reach lists k, the companies that have shares of it, directly and through others, and all of
// their parts.
func (f *fineRun) reach(ctx context.Context, w *run, k int32) error {
	add := func(h int32) {
		if f.slot[h] != 0 {
			return
		}
		for _, j := range w.c.Members(w.c.Part[h]) {
			f.list = append(f.list, j)
			f.slot[j] = int32(len(f.list))
		}
	}
	add(k)
	for at := 0; at < len(f.list); at++ {
		col := w.s.Holders(f.list[at])
		if f.work += 1 + len(col.Rows); f.work > 1<<14 {
			f.work = 0
			if err := stopped(ctx); err != nil {
				return err
			}
		}
		for e, h := range col.Rows {
			if w.c.Company(h) && col.Held(e) {
				add(h)
			}
		}
	}
	return nil
}

// forget forgets the owner.
func (f *fineRun) forget() {
	for _, j := range f.list {
		f.slot[j] = 0
	}
	f.list, f.shares = f.list[:0], f.shares[:0]
}

// sum adds up what an owner has of company j by its holders but those in a part.
func (f *fineRun) sum(w *run, owner uint32, j, part int32) (x share, ok bool) {
	col := w.s.Holders(j)
	if col.Wide != nil {
		return share{}, false
	}
	total := uint64(col.Total)
	units, left := uint64(0), total
	for e, h := range col.Rows {
		u := uint64(col.Units[e])
		left -= u
		switch {
		case !w.c.Company(h):
			if uint32(h) == owner {
				units += u
			}
		case u > 0 && w.c.Part[h] != part:
			if y := f.shares[f.slot[h]-1]; y != (share{}) {
				d, dOff := share62(u, total)
				low, off := mul62(d, y.low)
				x.low += low
				x.off += off + dOff + mulUp62(d, y.off)
			}
		}
	}
	if owner == w.nodes+uint32(j) {
		units += left
	}
	low, off := share62(units, total)
	return share{x.low + low, x.off + off}, true
}

// loop returns the stakes among the members of a part, or nil if figures are wide.
func (f *fineRun) loop(w *run, members []int32) *loopRun {
	p := w.c.Part[members[0]]
	if l := f.large[p]; l != nil {
		return l
	}
	l, tolerance := &f.small, uint64(fineTolerance)
	if len(members) > smallPart {
		l, tolerance = &loopRun{}, largeTolerance
		f.large[p] = l
	}
	l.out = l.out[:0]
	for _, k := range members {
		col := w.s.Holders(k)
		if col.Wide != nil {
			delete(f.large, p)
			return nil
		}
		l.out = append(l.out, l.outside(w, col, p))
	}
	l.readStakes(w, members)
	l.prepare(len(members), tolerance)
	return l
}

// solve finds what an owner has of the members of a part.
func (f *fineRun) solve(ctx context.Context, w *run, owner uint32, members []int32) (bool, error) {
	l := f.loop(w, members)
	if l == nil {
		return false, nil
	}
	l.given, l.found = l.given[:0], l.found[:0]
	for i, k := range members {
		x, ok := f.sum(w, owner, k, w.c.Part[k])
		if !ok {
			return false, nil
		}
		l.given = append(l.given, memberShare{low: x.low, off: x.off, owner: owner, at: uint32(i)})
	}
	steps := l.push(l.given, 1000+200*len(members))
	if steps < 0 {
		return false, nil
	}
	off := l.collect(owner)
	first := len(f.shares)
	for range members {
		f.shares = append(f.shares, share{off: off})
	}
	for _, x := range l.found {
		f.shares[first+int(x.at)] = share{x.low, x.off}
	}
	return true, stopped(ctx)
}
