package exact

import (
	"cmp"
	"context"
	"slices"
)

// fineRun finds what one owner has of a company with no error but that of rounding: from the
// holders of the company, their holders and so on. It keeps the shares of an owner, because
// the same few owners have small shares in many companies.
type fineRun struct {
	of    map[uint32]map[int32]entry // by owner, then by company
	kept  int                        // entries in of
	large map[int32]*loopRun         // by part
	seen  map[int32]bool
	list  []int32
}

// maxFine bounds the entries that are kept.
const maxFine = 1 << 20

// fineTolerance is how small the rest of a solution of a part is, and largeTolerance the same
// for a large part, where each step takes long.
const (
	fineTolerance  = unit62 >> 44
	largeTolerance = unit62 >> 24
)

// fine returns what an owner has of company k. It returns false if a part takes too many
// steps, or figures are wide.
func (w *aboveRun) fine(ctx context.Context, owner uint32, k int32) (entry, bool, error) {
	f := &w.fineRun
	if f.of == nil || f.kept > maxFine {
		*f = fineRun{of: map[uint32]map[int32]entry{}, large: map[int32]*loopRun{}, seen: map[int32]bool{}}
	}
	known := f.of[owner]
	if known == nil {
		known = map[int32]entry{}
		f.of[owner] = known
	}
	clear(f.seen)
	f.list = f.list[:0]
	reach := func(h int32) {
		if f.seen[h] {
			return
		}
		f.list = append(f.list, h) // one member stands for its part
		for _, j := range w.c.members(w.c.part[h]) {
			f.seen[j] = true
		}
	}
	reach(k)
	for at := 0; at < len(f.list); at++ {
		if _, ok := known[f.list[at]]; ok {
			continue
		}
		for _, j := range w.c.members(w.c.part[f.list[at]]) {
			col := w.s.column(j)
			if err := w.breathe(ctx, len(col.rows)); err != nil {
				return entry{}, false, err
			}
			for e, h := range col.rows {
				if w.c.company(h) && col.held(e) {
					reach(h)
				}
			}
		}
	}
	slices.SortFunc(f.list, func(a, b int32) int { return cmp.Compare(w.c.pos[a], w.c.pos[b]) })
	for _, j := range f.list {
		if _, ok := known[j]; ok {
			continue
		}
		members := w.c.members(w.c.part[j])
		if len(members) > 1 {
			ok, err := w.finePart(ctx, owner, members, known)
			if !ok || err != nil {
				return entry{}, false, err
			}
			continue
		}
		x, ok := w.fineSum(owner, j, known, -1)
		if !ok {
			return entry{}, false, nil
		}
		known[j] = x
		f.kept++
	}
	return known[k], true, nil
}

// fineSum adds up what an owner has of company j by its holders but those in a part.
func (w *aboveRun) fineSum(owner uint32, j int32, known map[int32]entry, part int32) (entry, bool) {
	col := w.s.column(j)
	if col.wide != nil {
		return entry{}, false
	}
	x := entry{owner: owner}
	total := uint64(col.total)
	units, left := uint64(0), total
	for e, h := range col.rows {
		u := uint64(col.units[e])
		left -= u
		switch {
		case !w.c.company(h):
			if uint32(h) == owner {
				units += u
			}
		case u > 0 && w.c.part[h] != part:
			if y := known[h]; y.low != 0 || y.off != 0 {
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
	x.low, x.off = x.low+low, x.off+off
	return x, true
}

// finePart finds what an owner has of the members of a part.
func (w *aboveRun) finePart(ctx context.Context, owner uint32, members []int32, known map[int32]entry) (bool, error) {
	p := w.c.part[members[0]]
	l := w.fineRun.large[p]
	if l == nil {
		l = &loopRun{}
		in := func(h int32) bool { return w.c.part[h] == p }
		for _, k := range members {
			col := w.s.column(k)
			if col.wide != nil {
				return false, nil
			}
			l.out = append(l.out, l.outside(w, col, in))
		}
		l.readStakes(w, members, w.c.start[p], in)
		if len(members) <= smallPart {
			l.prepare(len(members), fineTolerance)
		} else {
			l.prepare(len(members), largeTolerance)
			w.fineRun.large[p] = l
		}
	}
	l.given, l.found = l.given[:0], l.found[:0]
	for i, k := range members {
		x, ok := w.fineSum(owner, k, known, p)
		if !ok {
			return false, nil
		}
		x.at = uint32(i)
		l.given = append(l.given, x)
	}
	steps := l.push(l.given, 1000+200*len(members))
	if steps < 0 {
		return false, nil
	}
	off := l.collect(owner)
	for _, k := range members {
		known[k] = entry{owner: owner, off: off}
	}
	for _, x := range l.found {
		known[members[x.at]] = x
	}
	w.fineRun.kept += len(members)
	return true, w.breathe(ctx, steps)
}
