package above

// window is some companies that follow one another in the order, with all of each part.
type window struct {
	at, end int   // the companies are order[at:end]
	part    int32 // of the first of them

	of    []uint8 // the worker of each company
	plain []bool  // of each company: outside owners have all of it, each once
	first []int32 // the companies that hold company i are holds[first[i]:first[i+1]]
	holds []hold

	up   []int32 // of each company: one of the same group that comes earlier, or itself
	work []int32 // of the first company of each group: about how much there is to do
	sum  uint64  // what was read ahead, so that it is read at all
}

// hold is a stake of a company in a company of the window.
type hold struct {
	node  int32
	entry int32 // of the column
	row   int32 // the holder's row in rowStore, or 0 if the holder is in the window
}

// maxWorkers is the largest number of workers.
const maxWorkers = 64

// aheadSize is the number of companies whose figures are read ahead.
const aheadSize = 64

// read reads the companies of the order from one on.
func (x *window) read(w *run, at int) {
	c := w.c
	x.at, x.part = at, c.Part[c.Order[at]]
	end := min(at+windowSize, len(c.Order))
	x.end = int(c.Start[c.Part[c.Order[end-1]]+1])
	n := x.end - at
	x.of = append(x.of[:0], make([]uint8, n)...)
	x.plain, x.first, x.holds = x.plain[:0], x.first[:0], x.holds[:0]
	for from := at; from < x.end; from += aheadSize {
		list := c.Order[from:min(from+aheadSize, x.end)]
		x.columnsAhead(w, list)
		first := len(x.holds)
		for _, k := range list {
			x.readHolders(w, k)
		}
		x.rowsAhead(w, x.holds[first:])
	}
	x.first = append(x.first, int32(len(x.holds)))
	if len(w.workers) > 1 {
		x.divide(w)
	}
}

// columnsAhead reads the first figures of some companies. In this order the figures of each
// company are somewhere else in memory. Reading one kind of figure for many companies lets the
// processor fetch them side by side.
func (x *window) columnsAhead(w *run, list []int32) {
	m := w.s.Matrix()
	var first [aheadSize]int32
	for i, k := range list {
		first[i] = m.ColStart[k]
		x.sum += uint64(m.Total[k])
	}
	for i, k := range list {
		x.sum += uint64(w.uses[k])
		if e := first[i]; int(e) < len(m.Row) {
			x.sum += uint64(m.Row[e]) + uint64(m.Units[e])
		}
	}
}

// rowsAhead does so with the rows of holders.
func (x *window) rowsAhead(w *run, holds []hold) {
	for i := range holds {
		holds[i].row = w.row[holds[i].node]
	}
	for i := range holds {
		if holds[i].row != 0 {
			x.sum += w.rows.head(holds[i].row).low
		}
	}
}

// readHolders lists the companies that hold company k.
func (x *window) readHolders(w *run, k int32) {
	first, last, plain := int32(len(x.holds)), int32(-1), true
	col := w.s.Holders(k)
	for e, h := range col.Rows {
		plain = plain && h > last
		last = h
		if w.c.Company(h) {
			x.holds = append(x.holds, hold{node: h, entry: int32(e)})
		}
	}
	x.first = append(x.first, first)
	x.plain = append(x.plain, plain && len(x.holds) == int(first) && col.Wide == nil)
}

// divide divides the companies among the workers. Companies of which one holds another are
// done by the same worker.
func (x *window) divide(w *run) {
	x.up, x.work = x.up[:0], x.work[:0]
	for i := range x.of {
		x.up, x.work = append(x.up, int32(i)), append(x.work, 4+x.first[i+1]-x.first[i])
	}
	for p := x.part; int(w.c.Start[p]) < x.end; p++ {
		from, to := int(w.c.Start[p])-x.at, int(w.c.Start[p+1])-x.at
		for i := from; i < to; i++ {
			if i > from {
				x.join(int32(from), int32(i))
			}
			for _, h := range x.holds[x.first[i]:x.first[i+1]] {
				if h.row != 0 {
					continue
				}
				if j := int(w.c.Pos[h.node]) - x.at; j >= 0 && j < len(x.of) {
					x.join(int32(j), int32(i))
				}
			}
		}
	}
	x.deal(len(w.workers))
}

// join makes one group of those of two companies. Its first company has no company before it.
func (x *window) join(i, j int32) {
	if i, j = x.head(i), x.head(j); i < j {
		x.up[j] = i
	} else {
		x.up[i] = j
	}
}

// head returns the first company of the group of another.
func (x *window) head(i int32) int32 {
	for x.up[i] != i {
		x.up[i] = x.up[x.up[i]]
		i = x.up[i]
	}
	return i
}

// deal gives each group in turn to the worker who has least to do.
func (x *window) deal(workers int) {
	for i := range x.up {
		if head := x.head(int32(i)); int(head) < i {
			x.work[head] += x.work[i]
		}
	}
	var has [maxWorkers]int64
	for i, up := range x.up {
		if int(up) < i {
			x.of[i] = x.of[x.head(up)]
			continue
		}
		least := 0
		for j := range workers {
			if has[j] < has[least] {
				least = j
			}
		}
		x.of[i] = uint8(least)
		has[least] += int64(x.work[i])
	}
}
