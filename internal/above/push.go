package above

import "context"

// ownerBlock is some of the owners who are given, and what was found of them.
type ownerBlock struct {
	from, to    int // of given
	by          *pusher
	first, last int // of by.found
}

// ownersOfBlock is the number of shares of owners in a block, but for those of the last owner.
const ownersOfBlock = 512

// pusher solves for one owner after the other.
type pusher struct {
	l       *loopRun
	p, r    []uint64 // the solution and the rest
	e       uint64   // the error of any rest
	queue   []int32
	found   []memberShare // the shares of the owners who were solved for
	missed  uint64        // the most that one of them has besides its entry
	many    bool          // there were too many steps
	err     error
	pending int
}

// prepare makes the vectors of n members.
func (x *pusher) prepare(n int) {
	if cap(x.p) < n {
		x.p, x.r = make([]uint64, n), make([]uint64, n)
	}
	x.p, x.r = x.p[:n], x.r[:n] // zero, see reset
	x.found, x.missed, x.many, x.err = x.found[:0], 0, false, nil
}

// work solves for the owners of one block after the other, until there is none.
func (x *pusher) work(ctx context.Context, w *run) {
	l := x.l
	for {
		i := int(l.next.Add(1)) - 1
		if i >= len(l.blocks) {
			return
		}
		b := &l.blocks[i]
		b.by, b.first = x, len(x.found)
		for from := b.from; from < b.to; {
			owner, to := l.given[from].owner, from+1
			for to < b.to && l.given[to].owner == owner {
				to++
			}
			if !x.push(l.given[from:to], 1000+40*len(l.out)) {
				x.many = true
				l.next.Store(int32(len(l.blocks)))
				return
			}
			if x.pending > 1<<14 {
				x.pending = 0
				if x.err = stopped(ctx); x.err != nil {
					return
				}
			}
			if off := x.collect(owner, l.given[from:to]); off > 0 {
				x.missed = max(x.missed, off)
				w.lost.add(owner)
			}
			from = to
		}
		b.last = len(x.found)
	}
}

// push solves for one owner until the rest is small in each member. It moves the rest of a
// member to its share, and the part that it has of others to theirs. Each time, less than two
// units are lost by rounding, of the fraction and of the product. It returns false if there are
// more than most steps.
func (x *pusher) push(given []memberShare, most int) bool {
	l := x.l
	for _, y := range given {
		x.receive(int32(y.at), y.low)
		x.e = max(x.e, y.off)
	}
	work := 0
	r, leave := x.r, l.leave[:len(x.r)]
	for at := 0; at < len(x.queue); at++ {
		if at > most {
			x.reset(given)
			return false
		}
		j := x.queue[at]
		rest := r[j]
		x.p[j] += rest
		r[j] = 0
		from, to := l.start[j], l.start[j+1]
		part := l.part[from:to]
		for e, k := range l.to[from:to] {
			low, _ := mul62(part[e], rest)
			before := r[k]
			r[k] = before + low
			if before+low > leave[k] && before <= leave[k] {
				x.queue = append(x.queue, k)
			}
		}
		work += 1 + int(to-from)
	}
	x.e += 2 * uint64(work)
	x.pending += work
	return true
}

// receive adds to the rest of a member, and queues it if the rest becomes large.
func (x *pusher) receive(k int32, low uint64) {
	before := x.r[k]
	x.r[k] = before + low
	if leave := x.l.leave[k]; before <= leave && before+low > leave {
		x.queue = append(x.queue, k)
	}
}

// collect takes the solution of one owner, and returns how much it can have of members in
// which it has no entry.
func (x *pusher) collect(owner uint32, given []memberShare) uint64 {
	off := x.off(given)
	for _, k := range x.queue {
		if x.p[k] > 0 {
			x.found = append(x.found, memberShare{low: x.p[k], off: off, owner: owner, at: uint32(k)})
			x.p[k] = 0
		}
	}
	x.reset(given)
	return off
}

// off returns the most that the owner has of a member besides p: max (r+e)/out. No rest is more
// than leave, which is at most a unit more than small of out. So the fractions are only needed
// if almost all of a member is held inside, where the error e becomes large.
func (x *pusher) off(given []memberShare) (off uint64) {
	l := x.l
	if l.least >= unit62>>16 {
		return l.small + divUp62(1+x.e, l.least)
	}
	x.each(given, func(k int32) { off = max(off, divUp62(x.r[k]+x.e, l.out[k])) })
	return off
}

// each calls do with each member that has a rest or had one, some of them several times.
func (x *pusher) each(given []memberShare, do func(k int32)) {
	for _, y := range given {
		do(int32(y.at))
	}
	for _, j := range x.queue {
		for _, k := range x.l.to[x.l.start[j]:x.l.start[j+1]] {
			do(k)
		}
	}
}

// reset forgets the owner.
func (x *pusher) reset(given []memberShare) {
	for _, k := range x.queue {
		x.p[k] = 0
	}
	x.each(given, func(k int32) { x.r[k] = 0 })
	x.queue, x.e = x.queue[:0], 0
}
