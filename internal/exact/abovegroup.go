package exact

// groups divides the companies of a window among workers. Companies of which one holds another
// are done by the same worker.
type groups struct {
	of   []uint8 // the worker of each company of the window
	up   []int32 // a company of the same group that comes earlier, or itself
	work []int32 // of the first company of each group: about how much there is to do
	sum  int64   // what touch has read, so that it is read at all
}

// maxWorkers is the largest number of workers.
const maxWorkers = 64

// find divides the companies of the order from one to before another.
func (g *groups) find(w *aboveRun, at, end int) {
	n := end - at
	for _, list := range []*[]int32{&g.up, &g.work} {
		if cap(*list) < n {
			*list = make([]int32, n)
		}
		*list = (*list)[:n]
	}
	g.of = append(g.of[:0], make([]uint8, n)...)
	for from := at; from < end; from += touchSize {
		g.touch(w, w.c.order[from:min(from+touchSize, end)])
	}
	if len(w.workers) == 1 {
		return
	}
	for i := range g.up {
		g.up[i], g.work[i] = int32(i), 0
	}
	for i, k := range w.c.order[at:end] {
		if first := int(w.c.start[w.c.part[k]]) - at; first < i {
			g.join(int32(first), int32(i))
		}
		for _, h := range w.s.column(k).rows {
			if !w.c.company(h) || w.at[h].row != 0 {
				continue
			}
			if first := int(w.c.pos[h]) - at; first >= 0 && first < i {
				g.join(int32(first), int32(i))
			}
		}
	}
	g.divide(w, at)
}

// join makes one group of those of two companies. Its first company has no company before it.
func (g *groups) join(i, j int32) {
	if i, j = g.first(i), g.first(j); i < j {
		g.up[j] = i
	} else {
		g.up[i] = j
	}
}

// first returns the first company of the group of another.
func (g *groups) first(i int32) int32 {
	for g.up[i] != i {
		g.up[i] = g.up[g.up[i]]
		i = g.up[i]
	}
	return i
}

// divide gives each group in turn to the worker who has least to do.
func (g *groups) divide(w *aboveRun, at int) {
	for i := range g.up {
		g.work[g.first(int32(i))] += 4 + int32(len(w.s.column(w.c.order[at+i]).rows))
	}
	var has [maxWorkers]int64
	for i := range g.of {
		if first := g.up[i]; int(first) < i {
			g.of[i] = g.of[g.first(first)]
			continue
		}
		least := 0
		for x := range w.workers {
			if has[x] < has[least] {
				least = x
			}
		}
		g.of[i] = uint8(least)
		has[least] += int64(g.work[i])
	}
}

// touchSize is the number of companies whose figures are read side by side.
const touchSize = 64

// touch reads the first figures of some companies. In this order the figures of each company
// are somewhere else in memory. Reading one kind of figure for many companies lets the
// processor fetch them side by side.
func (g *groups) touch(w *aboveRun, list []int32) {
	m := w.s.m
	var first [touchSize]int32
	for i, k := range list {
		first[i] = m.ColStart[k]
		g.sum += m.Total[k]
	}
	for i, k := range list {
		g.sum += int64(w.at[k].uses)
		if e := first[i]; int(e) < len(m.Row) {
			g.sum += int64(m.Row[e]) + m.Units[e]
		}
	}
}
