package majority

import (
	"runtime"
	"slices"
	"sync/atomic"
)

// guessOne takes for granted that the first controller of a fact with several controls y. Whoever
// controls all of them controls the first. Of rights that add up, it takes for granted that
// nodes control y of which everybody who has enough has one.
func (b *hierarchyBuilder) guessOne(y int32) {
	for _, f := range b.facts.on[y] {
		if r := b.facts.list[f].Rights; r != nil {
			b.guesses[y] = append(b.guesses[y], r.pivots(y)...)
		} else if who := b.facts.list[f].Controllers; len(who) > 1 && !slices.Contains(who, y) {
			b.guesses[y] = append(b.guesses[y], who[0])
		}
	}
}

// maxRounds is the largest number of rounds of changeMeetings.
const maxRounds = 12

// guess is a node that may carry the meeting at a place in joint.
type guess struct{ meeting, by int32 }

// changeMeetings marks the nodes that somebody may control by votes because of facts, and
// leaves only their meetings in joint. It takes for granted that the first controller of a fact
// is enough. In each round it looks for those who then carry a meeting, and takes for granted from
// then on that they do. It ends when a round finds no more. After many rounds, or if the search
// takes too long, it marks all nodes of the meetings that it looks at.
func (b *hierarchyBuilder) changeMeetings() error {
	b.near = make([]int32, b.e.n)
	defer func() { b.guesses = nil }()
	for round := 0; ; round++ {
		for _, phase := range []func() error{b.changeRings, b.findNear, b.listChanged} {
			if err := phase(); err != nil {
				return err
			}
		}
		if round == maxRounds {
			return nil
		}
		found, ended, err := b.findGuesses()
		if err != nil {
			return err
		}
		if !ended {
			round = maxRounds - 1
		}
		clear(b.trees)
		more := false
		for _, g := range found {
			if y := b.joint[g.meeting]; !slices.Contains(b.guesses[y], g.by) {
				b.guesses[y], more = append(b.guesses[y], g.by), true
				b.change(y)
			}
		}
		switch {
		case !more && ended:
			b.keepMeetings(found)
			return nil
		case round == maxRounds-1:
			for _, y := range b.joint {
				b.change(y)
			}
		}
	}
}

// keepMeetings leaves only meetings in joint that somebody was found to carry.
func (b *hierarchyBuilder) keepMeetings(found []guess) {
	kept := make([]int32, 0, len(found))
	for _, g := range found {
		kept = append(kept, b.joint[g.meeting])
	}
	b.joint = slices.Compact(kept)
}

// findGuesses returns the nodes that may carry each meeting in joint, in order of the meetings,
// without those that control the meeting's node anyway. It reports false if it gave up because
// chains are long.
func (b *hierarchyBuilder) findGuesses() (all []guess, ended bool, err error) {
	const piece = 1 << 10
	limit := int64(4*b.e.n + 1<<10)
	var visits atomic.Int64
	found := make([][]guess, len(b.joint)/piece+1)
	err = parallel(b.ctx, nil, len(b.joint), piece, func(d *decider, from, to int32) {
		d.hierarchyBuilder = b
		for ; from < to; from += readAhead {
			places := d.places[:0]
			for k := from; k < min(to, from+readAhead); k++ {
				if b.hasReachedVoter(b.joint[k]) {
					places = append(places, k)
				}
			}
			d.places = places
			b.fetchVoters(places)
			for _, k := range places {
				if y := b.joint[k]; visits.Load() <= limit && b.mayPass(&d.sums, y) {
					d.visits = 0
					carriers, _ := d.carriers(y, d.meetingOf(y)) // the context tells its error
					visits.Add(int64(d.visits))
					for _, x := range carriers {
						found[k/piece] = append(found[k/piece], guess{k, x})
					}
				}
			}
		}
	})
	return slices.Concat(found...), visits.Load() <= limit, err
}

// fetchVoters loads meetings, and the nodes that vote there with those above them, into the
// cache. The reads do not wait for one another.
func (b *hierarchyBuilder) fetchVoters(places []int32) {
	m, nodes := &b.e.m, b.forest.nodes
	var sum int32
	for _, k := range places {
		y := b.joint[k]
		from, to := m.ColStart[y], m.ColStart[y+1]
		sum += int32(m.Units[from]+m.Base[y]) + nodes[y].parent
		for _, x := range m.Who[from:to] {
			if x != None && b.below.has(x) {
				sum += nodes[x].parent
			}
		}
	}
	for _, k := range places {
		y := b.joint[k]
		for _, x := range m.Who[m.ColStart[y]:m.ColStart[y+1]] {
			if x == None || !b.below.has(x) {
				continue
			}
			if p := nodes[x].parent; p >= 0 && b.below.has(p) {
				sum += nodes[p].parent
			}
		}
	}
	runtime.KeepAlive(sum)
}

// hasReachedVoter reports whether a voter of a meeting is changed or below a changed node.
func (b *hierarchyBuilder) hasReachedVoter(y int32) bool {
	from, to := b.e.column(y)
	return slices.ContainsFunc(b.e.m.Who[from:to], func(x int32) bool {
		return x != None && x != y && b.reached.has(x)
	})
}

// mayPass reports whether somebody may carry a meeting because of facts. His votes are at most
// those of all voters that he may control because of facts, and of the other voters in one tree
// of the forest.
func (b *hierarchyBuilder) mayPass(a *voteSums, y int32) bool {
	from, to := b.e.column(y)
	who, units, parent := b.e.m.Who[from:to], b.e.m.Units[from:to], b.forest.nodes[y].parent
	var gained, others int64
	gains := false
	for k, x := range who {
		switch {
		case x == None || x == y:
		case b.mayGain(x, parent):
			gains = true
			gained = add(gained, units[k])
		default:
			others = add(others, units[k])
		}
	}
	if !gains || b.e.wide(y) != nil {
		return gains
	}
	need := b.rule.needed(b.e.m.Base[y])
	if gained >= need || add(gained, others) < need {
		return gained >= need
	}
	a.reset()
	for k, x := range who {
		if x == None || x == y || b.mayGain(x, parent) {
			continue
		}
		if b.below.has(x) {
			x = b.forest.nodes[x].top
		}
		if sum, _ := a.add(x, units[k]); add(gained, sum.votes) >= need {
			return true
		}
	}
	return false
}

// mayGain reports whether somebody may control a voter x because of facts without controlling
// the given parent of the meeting's node, which may be None. It looks for a changed node on the
// next steps from x to the parent. Whoever controls the parent already controls the meeting.
func (b *hierarchyBuilder) mayGain(x, parent int32) bool {
	if !b.reached.has(x) {
		return false
	}
	for range maxClimb {
		if x == parent {
			return false
		}
		if b.changed.has(x) {
			return true
		}
		x = b.forest.nodes[x].parent
	}
	return true
}
