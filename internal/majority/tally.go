package majority

import (
	"context"
	"math/big"
)

// Tally is the count of a group's votes in one meeting.
type Tally struct {
	Votes Amount // the votes that the group casts
	Base  Amount // total of the meeting

	// Needed is the smallest number of votes that would give the group control if the
	// missing votes did not come from a rival. It is not set if Base is 0.
	Needed Amount

	// Rival and RivalVotes are the strongest other group under a presumption: its ultimate
	// controller by plain majority (the least node of a ring that nobody controls), and
	// its votes. Rival is None if nobody else casts a vote, or if there is no presumption.
	Rival      int32
	RivalVotes Amount
}

// Missing returns the votes that the group lacks for control.
func (t Tally) Missing() Amount {
	if t.Base.Wide == nil && t.Needed.Wide == nil && t.Votes.Wide == nil {
		return Amount{Units: max(0, t.Needed.Units-t.Votes.Units)}
	}
	d := t.Needed.Big()
	if d.Sub(d, t.Votes.Big()).Sign() < 0 {
		d.SetInt64(0)
	}
	return Amount{Wide: d}
}

// Tally returns the count of the whole group's votes in y's meeting. It reads all entries
// of the meeting and looks each voter up among the members.
func (g *Group) Tally(y int32) Tally {
	s := g.e.scratch()
	defer g.e.pool.Put(s)
	t := g.e.tally(s, g, y, g.Has)
	t.setNeeded(&g.rule)
	return t
}

// passes applies the rule to a tally. It does not use Needed.
func (t *Tally) passes(c *compiled) bool {
	if t.Base.Wide == nil {
		v, b := t.Votes.Units, t.Base.Units
		return c.main.passes(v, b) ||
			c.presume && c.presumed.passes(v, b) && v > t.RivalVotes.Units
	}
	v, b := t.Votes.Wide, t.Base.Wide
	return c.main.passesBig(v, b) ||
		c.presume && c.presumed.passesBig(v, b) && v.Cmp(t.RivalVotes.Big()) > 0
}

// setNeeded computes Needed.
func (t *Tally) setNeeded(c *compiled) {
	if t.Base.Wide == nil {
		if t.Base.Units > 0 {
			t.Needed.Units = c.main.needed(t.Base.Units)
			if c.presume {
				t.Needed.Units = min(t.Needed.Units, max(c.presumed.needed(t.Base.Units), add(t.RivalVotes.Units, 1)))
			}
		}
		return
	}
	need := c.main.neededBig(t.Base.Wide)
	if c.presume {
		low, most := c.presumed.neededBig(t.Base.Wide), t.RivalVotes.Big()
		if most.Add(most, big.NewInt(1)).Cmp(low) > 0 {
			low = most
		}
		if low.Cmp(need) < 0 {
			need = low
		}
	}
	t.Needed.Wide = need
}

// tally counts y's meeting: the votes of the nodes that are in and, under a presumption,
// the votes of the others by leader.
func (e *Engine) tally(s *scratch, g *Group, y int32, in func(int32) bool) Tally {
	if w := e.wide(y); w != nil {
		return e.tallyWide(g, y, w, in)
	}
	t := Tally{Base: e.base(y), Rival: None}
	from, to := e.column(y)
	rivals := s.rivalry(g, e.n)
	for k := from; k < to; k++ {
		x := e.m.Who[k]
		if x == None {
			continue
		}
		if in(x) {
			t.Votes.Units = add(t.Votes.Units, e.m.Units[k])
		} else if rivals != nil {
			l := g.leaders.nodes[x].top
			t.updateRival(l, rivals.add(l, e.m.Units[k]))
		}
	}
	return t
}

// updateRival records that the group of leader l now has the given votes.
func (t *Tally) updateRival(l int32, votes int64) {
	if votes > t.RivalVotes.Units || votes == t.RivalVotes.Units && votes > 0 && l < t.Rival {
		t.Rival, t.RivalVotes.Units = l, votes
	}
}

// rivalry counts the votes of the other groups in one meeting.
type rivalry struct{ s *scratch }

// rivalry starts a count by leader if g has a presumption. Otherwise it returns nil.
func (s *scratch) rivalry(g *Group, n int) *rivalry {
	if !g.rule.presume {
		return nil
	}
	if s.rivals == nil {
		s.rivals = make([]nodeState, n)
	}
	s.round++
	if s.round == 0 {
		clear(s.rivals)
		s.round = 1
	}
	return &rivalry{s}
}

func (r *rivalry) add(leader int32, units int64) int64 {
	c := &r.s.rivals[leader]
	if c.epoch != r.s.round {
		*c = nodeState{epoch: r.s.round}
	}
	c.votes = add(c.votes, units)
	return c.votes
}

// tallyWide is tally in big integers.
func (e *Engine) tallyWide(g *Group, y int32, w *WideColumn, in func(int32) bool) Tally {
	from, to := e.column(y)
	votes, most := new(big.Int), new(big.Int)
	t := Tally{Base: Amount{Wide: w.Base}, Rival: None}
	var rivals map[int32]*big.Int
	if g.rule.presume {
		rivals = map[int32]*big.Int{}
	}
	for k := from; k < to; k++ {
		x, units := e.m.Who[k], w.Units[k-from]
		if x == None {
			continue
		}
		if in(x) {
			votes.Add(votes, units)
		} else if rivals != nil {
			l := g.leaders.nodes[x].top
			v := rivals[l]
			if v == nil {
				v = new(big.Int)
				rivals[l] = v
			}
			v.Add(v, units)
			if c := v.Cmp(most); c > 0 || c == 0 && v.Sign() > 0 && l < t.Rival {
				t.Rival = l
				most.Set(v)
			}
		}
	}
	t.Votes, t.RivalVotes = Amount{Wide: votes}, Amount{Wide: most}
	return t
}

// Leaders returns the forest by plain majority, which presumptions use. It is computed
// once and kept.
func (e *Engine) Leaders(ctx context.Context) (*Forest, error) { return e.leadersOf(ctx) }

// leadersOf returns the forest by plain majority. A node's leader is the top of its chain.
func (e *Engine) leadersOf(ctx context.Context) (*Forest, error) {
	done, err := e.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if e.leaders == nil {
		f, err := e.forest(ctx, plainMajority)
		if err != nil {
			return nil, err
		}
		e.leaders = f
	}
	return e.leaders, nil
}
