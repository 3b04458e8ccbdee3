package above

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// fineRun finds what one owner has of a company with no error but that of rounding: from the
// holders of the company, their holders and so on. What is above a large part it reads only once.
type fineRun struct {
	mu     sync.Mutex
	slot   []int32              // of each company that is reached: 1 + the index of its share, or listed, or 0
	done   []int32              // the companies with a share
	shares []share              // what the owner has of each
	large  map[int32]*largePart // by part
	kept   int                  // the size of what is above the parts of large
	parts  []int32              // the large parts that were reached
	given  []memberShare        // what the owner has of a part but through its members
	small  loopRun
	work   int
}

// largePart is a part of many companies, with what is above it, or nil.
type largePart struct {
	loop  *loopRun
	upper *upper
}

// share is between low and low+off.
type share struct{ low, off uint64 }

// listed is the slot of a company that is reached and has no share yet.
const listed = -1

// mostKept is the largest number of companies and stakes above large parts that are kept.
const mostKept = 1 << 24

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
		f.slot, f.large = make([]int32, w.s.Matrix().Nodes()), map[int32]*largePart{}
	}
	defer f.forget()
	list, err := f.reach(ctx, w, k, smallPart)
	if err != nil {
		return share{}, false, err
	}
	slices.Sort(f.parts) // a part above another has a smaller number
	var uppers []*upper
	for _, p := range f.parts {
		u, err := f.above(ctx, w, p)
		if u == nil || err != nil {
			return share{}, false, err
		}
		uppers = append(uppers, u)
	}
	for _, u := range uppers {
		u.take(owner)
		ok, err := f.solve(ctx, w, owner, u.list, u)
		u.forget(owner)
		if !ok || err != nil {
			return share{}, false, err
		}
	}
	if ok, err := f.solve(ctx, w, owner, list, nil); !ok || err != nil {
		return share{}, false, err
	}
	return f.shares[f.slot[k]-1], true, nil
}

// reach lists k, the companies that have shares of it, directly and through others, and all of
// their parts, in topological order. It goes no further at a part of more than most companies,
// and notes that.
func (f *fineRun) reach(ctx context.Context, w *run, k int32, most int) (list []int32, err error) {
	add := func(h int32) {
		p := w.c.Part[h]
		if members := w.c.Members(p); f.slot[h] != 0 {
			return
		} else if len(members) <= most {
			list = append(list, members...)
			for _, j := range members {
				f.slot[j] = listed
			}
		} else if !slices.Contains(f.parts, p) {
			f.parts = append(f.parts, p)
		}
	}
	defer func() {
		for _, j := range list {
			f.slot[j] = 0
		}
	}()
	add(k)
	for at := 0; at < len(list); at++ {
		col := w.s.Holders(list[at])
		if f.work += 1 + len(col.Rows); f.work > 1<<14 {
			f.work = 0
			if err := stopped(ctx); err != nil {
				return list, err
			}
		}
		for e, h := range col.Rows {
			if w.c.Company(h) && col.Held(e) {
				add(h)
			}
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(w.c.Pos[a], w.c.Pos[b]) })
	return list, nil
}

// solve finds what an owner has of each of some companies in topological order. Those above them
// are in the list or have a share. Their stakes are read from u if it is not nil. It returns false
// as share does.
func (f *fineRun) solve(ctx context.Context, w *run, owner uint32, list []int32, u *upper) (bool, error) {
	for at := 0; at < len(list); {
		from, members := at, w.c.Members(w.c.Part[list[at]])
		at += len(members)
		if f.slot[members[0]] != 0 {
			continue
		}
		part := int32(-1)
		if len(members) > 1 {
			part = w.c.Part[list[from]]
		}
		f.given = f.given[:0]
		for i, k := range members {
			var x share
			ok := true
			if u != nil {
				x = u.sum(f, from+i)
			} else if x, ok = f.sum(w, owner, k, part); !ok {
				return false, nil
			}
			f.given = append(f.given, memberShare{low: x.low, off: x.off, owner: owner, at: uint32(i)})
		}
		if len(members) == 1 {
			f.found(members[0], share{f.given[0].low, f.given[0].off})
		} else if ok, err := f.solvePart(ctx, w, owner, members); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// found notes a share.
func (f *fineRun) found(k int32, x share) {
	f.done, f.shares = append(f.done, k), append(f.shares, x)
	f.slot[k] = int32(len(f.shares))
}

// forget forgets the owner.
func (f *fineRun) forget() {
	for _, j := range f.done {
		f.slot[j] = 0
	}
	f.done, f.shares, f.parts = f.done[:0], f.shares[:0], f.parts[:0]
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
	l, tolerance := &f.small, uint64(fineTolerance)
	if large := f.large[p]; large != nil {
		if large.loop != nil {
			return large.loop
		}
		l, tolerance = &loopRun{}, largeTolerance
		defer func() { large.loop = l }()
	}
	l.out = l.out[:0]
	for _, k := range members {
		col := w.s.Holders(k)
		if col.Wide != nil {
			l = nil
			return nil
		}
		l.out = append(l.out, l.outside(w, col, p))
	}
	l.readStakes(w, members)
	l.prepare(tolerance, 1)
	return l
}

// solvePart finds what an owner has of the members of a part, from what it is given of them.
func (f *fineRun) solvePart(ctx context.Context, w *run, owner uint32, members []int32) (bool, error) {
	l := f.loop(w, members)
	if l == nil {
		return false, nil
	}
	x := l.pushers[0]
	x.found = x.found[:0]
	if !x.push(f.given, 1000+200*len(members)) {
		return false, nil
	}
	off, first := x.collect(owner, f.given), len(f.shares)
	for _, k := range members {
		f.found(k, share{off: off})
	}
	for _, y := range x.found {
		f.shares[first+int(y.at)] = share{y.low, y.off}
	}
	return true, stopped(ctx)
}
