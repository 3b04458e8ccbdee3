package power

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/residue"
)

// diagram is a decision diagram of the game. Each level is a player, who is out
// or in. A node is the set of all coalitions of the players before it that have
// the same weight under every rule. All weights that already win count as one
// weight, and so do all weights that can no longer win. The source is S. Bolus,
// Power indices of simple games and vector-weighted majority games by means of
// binary decision diagrams, EJOR 210, 2011.
type diagram struct {
	order  []int // the player of each level
	levels [][]node
}

// node has the two nodes of the next level: without the player and with the
// player.
type node struct{ out, in int32 }

// These are the end nodes. There the result no longer depends on the players who
// follow.
const (
	lost int32 = -1
	won  int32 = -2
)

// leaves lists the weighted rules under a join.
func (r *rule) leaves(to []*rule) []*rule {
	if r.join == leaf {
		return append(to, r)
	}
	for _, p := range r.parts {
		to = p.leaves(to)
	}
	return to
}

// verdict is the result of a rule. It can be open as long as players follow.
type verdict uint8

const (
	open verdict = iota
	yes
	no
)

// decide returns the verdict of the rule from the verdicts of its leaves. It
// takes these from the front of the list and returns the rest of the list.
func (r *rule) decide(vs []verdict) (verdict, []verdict) {
	if r.join == leaf {
		return vs[0], vs[1:]
	}
	if r.join == gate {
		return r.decideGate(vs)
	}
	decisive, other := no, yes
	if r.join == any_ {
		decisive, other = yes, no
	}
	result := other
	for _, p := range r.parts {
		var v verdict
		if v, vs = p.decide(vs); v == decisive {
			result = decisive
		} else if v == open && result != decisive {
			result = open
		}
	}
	return result, vs
}

// decideGate adds up the weight of the parts that win, and of the parts that
// can still win.
func (r *rule) decideGate(vs []verdict) (verdict, []verdict) {
	var have, hope int64
	for k, p := range r.parts {
		var v verdict
		switch v, vs = p.decide(vs); v {
		case yes:
			have += r.weights[k]
			hope += r.weights[k]
		case open:
			hope += r.weights[k]
		}
	}
	switch {
	case have >= r.quota:
		return yes, vs
	case hope < r.quota:
		return no, vs
	}
	return open, vs
}

// walker builds a diagram level by level. The state of a node is the weight
// under each leaf. It is at most the quota, or quota+1 if the quota can no
// longer be reached.
type walker struct {
	rule   *rule
	leaves []*rule
	order  []int
	after  [][]int64 // weight of the players from each level on, by leaf
	vs     []verdict
	state  []int64
	key    []byte

	next   map[string]int32
	states []int64 // of the next level, one after the other
}

func (g Game) diagram(ctx context.Context, o Options) (*diagram, error) {
	if g.rule.hasList() {
		return nil, o.unable("an index of a listed game")
	}
	w := walker{rule: g.rule, leaves: g.rule.leaves(nil)}
	k := len(w.leaves)
	if err := o.fits(8*float64(k)*float64(g.players+4), Diagram); err != nil {
		return nil, err
	}
	w.order, w.vs, w.state = g.walkOrder(w.leaves), make([]verdict, k), make([]int64, k)
	w.after = make([][]int64, g.players+1)
	w.after[g.players] = make([]int64, k)
	for i := g.players - 1; i >= 0; i-- {
		w.after[i] = slices.Clone(w.after[i+1])
		for j, l := range w.leaves {
			w.after[i][j] += l.weights[w.order[i]]
		}
	}
	d := &diagram{order: w.order}
	states, before := make([]int64, k), 1
	nodeBytes := float64(56 + 24*k)
	for i := range w.order {
		count := len(states) / k
		level := make([]node, count)
		w.next, w.states = make(map[string]int32), nil
		for u := range level {
			if u&0xfff == 0 {
				if err := cancelled(ctx); err != nil {
					return nil, err
				}
				if err := o.fits(float64(before+len(w.next)+0x2000)*nodeBytes, Diagram); err != nil {
					return nil, err
				}
			}
			s := states[u*k : (u+1)*k]
			level[u] = node{out: w.child(s, i, false), in: w.child(s, i, true)}
		}
		d.levels = append(d.levels, level)
		states = w.states
		before += len(states) / k
	}
	return d, nil
}

// child returns the node of the next level that follows from a state when the
// player of the level is out or in.
func (w *walker) child(state []int64, level int, in bool) int32 {
	for k, l := range w.leaves {
		have := state[k]
		if in && have < l.quota {
			have = min(l.quota, have+l.weights[w.order[level]])
		}
		switch {
		case have == l.quota:
			w.vs[k] = yes
		case have > l.quota || have+w.after[level+1][k] < l.quota:
			have = l.quota + 1
			w.vs[k] = no
		default:
			w.vs[k] = open
		}
		w.state[k] = have
	}
	switch v, _ := w.rule.decide(w.vs); v {
	case yes:
		return won
	case no:
		return lost
	}
	w.key = w.key[:0]
	for _, have := range w.state {
		w.key = binary.LittleEndian.AppendUint64(w.key, uint64(have))
	}
	at, ok := w.next[string(w.key)]
	if !ok {
		at = int32(len(w.next))
		w.next[string(w.key)] = at
		w.states = append(w.states, w.state...)
	}
	return at
}

// walkOrder puts the heaviest players first, because they decide the most.
func (g Game) walkOrder(leaves []*rule) []int {
	heavy := make([]float64, g.players)
	for _, l := range leaves {
		for i, w := range l.weights {
			heavy[i] += float64(w) / float64(l.total)
		}
	}
	order := make([]int, g.players)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case heavy[a] > heavy[b]:
			return -1
		case heavy[a] < heavy[b]:
			return 1
		}
		return 0
	})
	return order
}

// nodes returns the number of nodes.
func (d *diagram) nodes() int {
	n := 0
	for _, l := range d.levels {
		n += len(l)
	}
	return n
}

// evaluate returns the value of the swing polynomial of every player at the
// mark of the field, and the value for the winning coalitions.
func (d *diagram) evaluate(ctx context.Context, f field) ([]uint64, uint64, error) {
	n := len(d.levels)
	free := make([]uint64, n+1) // the value of all coalitions of this number of players
	free[0] = 1
	for i := 1; i <= n; i++ {
		free[i] = f.add(free[i-1], f.mul(free[i-1], f.r))
	}
	wins := make([][]uint64, n)
	value := func(at int32, level int) uint64 {
		switch at {
		case lost:
			return 0
		case won:
			return free[n-level]
		}
		return wins[level][at]
	}
	for i := n - 1; i >= 0; i-- {
		if err := cancelled(ctx); err != nil {
			return nil, 0, err
		}
		wins[i] = make([]uint64, len(d.levels[i]))
		for u, x := range d.levels[i] {
			wins[i][u] = f.add(value(x.out, i+1), f.mul(value(x.in, i+1), f.r))
		}
	}
	out := make([]uint64, n)
	paths := []uint64{1}
	for i, level := range d.levels {
		if err := cancelled(ctx); err != nil {
			return nil, 0, err
		}
		var next []uint64
		if i+1 < n {
			next = make([]uint64, len(d.levels[i+1]))
		}
		var sum uint64
		for u, x := range level {
			p := paths[u]
			sum = f.add(sum, f.mul(p, f.sub(value(x.in, i+1), value(x.out, i+1))))
			if x.out >= 0 {
				next[x.out] = f.add(next[x.out], p)
			}
			if x.in >= 0 {
				next[x.in] = f.add(next[x.in], f.mul(p, f.r))
			}
		}
		out[d.order[i]] = sum
		paths = next
	}
	return out, wins[0][0], nil
}

// add, sub and mul calculate with residues below p, or with words if p is 0.
func (f field) add(a, b uint64) uint64 {
	if f.p == 0 {
		return a + b
	}
	return residue.Add(a, b, f.p)
}

func (f field) sub(a, b uint64) uint64 {
	if f.p == 0 {
		return a - b
	}
	return residue.Sub(a, b, f.p)
}

func (f field) mul(a, b uint64) uint64 {
	if f.p == 0 {
		return a * b
	}
	if b == f.r {
		return residue.MulShoup(a, f.r, f.rs, f.p)
	}
	return residue.Mul(a, b, f.p)
}

// each builds the diagram and evaluates it at every mark modulo every prime.
func (g Game) each(ctx context.Context, o Options, ps, rs []uint64, use func(k, j int, swings []uint64, wins uint64)) error {
	d, err := g.diagram(ctx, o)
	if err != nil {
		return err
	}
	tasks := len(ps) * len(rs)
	workers := min(o.Workers, tasks)
	if err := o.fits(float64(d.nodes())*8+tableNeed(int64(d.nodes()), workers, len(ps), len(rs), g.players), Diagram); err != nil {
		return err
	}
	var mu sync.Mutex // the order in which residues are added makes no difference
	return o.run(ctx, tasks, func(_, task int) error {
		k, j := task/len(rs), task%len(rs)
		s, w, err := d.evaluate(ctx, newField(ps[k], rs[j]))
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		use(k, j, s, w)
		return nil
	})
}

func (g Game) diagramBanzhaf(ctx context.Context, o Options) (Banzhaf, error) {
	ps := []uint64{0}
	if g.players > 63 {
		ps = residue.Primes(wordBits, g.players)
	}
	residues := make([][]uint64, len(ps))
	err := g.each(ctx, o, ps, []uint64{1}, func(k, _ int, swings []uint64, wins uint64) {
		residues[k] = append(swings, wins)
	})
	if err != nil {
		return Banzhaf{}, err
	}
	counts := combine(ps, residues)
	return Banzhaf{swings: counts[:g.players], winning: counts[g.players], algorithm: Diagram}, nil
}

func (g Game) diagramShapley(ctx context.Context, o Options) (Index, error) {
	n := g.players
	multiple := lcmUpTo(n)
	ps := residue.Primes(wordBits, multiple.BitLen())
	rs := make([]uint64, n)
	for i := range rs {
		rs[i] = uint64(i + 1)
	}
	weights, residues := make([][]uint64, len(ps)), make([][]uint64, len(ps))
	for k, p := range ps {
		var err error
		if weights[k], err = functional(ctx, rs, orderings(n, 0, n-1, p), p); err != nil {
			return Index{}, err
		}
		residues[k] = make([]uint64, n)
	}
	err := g.each(ctx, o, ps, rs, func(k, j int, swings []uint64, _ uint64) {
		w := residue.Mul(weights[k][j], residue.Rem(multiple, ps[k]), ps[k])
		for i, s := range swings {
			residues[k][i] = residue.Add(residues[k][i], residue.Mul(s, w, ps[k]), ps[k])
		}
	})
	if err != nil {
		return Index{}, err
	}
	return over(combine(ps, residues), multiple, Diagram), nil
}
