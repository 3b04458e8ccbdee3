package network

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// CoalitionOptions bounds measures that count every coalition of voters. The zero
// value is the default. It is plain data.
type CoalitionOptions struct {
	// MaxVoters is the largest number of voters, at most 24. 0 means 20 voters, which
	// have a million coalitions. With more voters a measure fails with
	// [crossholding.ErrSearchLimit].
	MaxVoters int
}

// HolderPower is the power of one holder by some measure. It is plain data.
type HolderPower struct {
	Holder string      `json:"holder"`
	Power  ratio.Ratio `json:"power"`
}

// maxNodes bounds the nodes of a coalition table, because a coalition is a set of bits.
const maxNodes = 64

// coalitionTable is a network that is small enough to try every coalition. A coalition
// controls the companies in which it, with all that it controls, has more than half of
// the votes cast by known holders. The votes of a dispersed float split evenly and
// decide nothing.
type coalitionTable struct {
	nodes    []int32 // bit i stands for nodes[i]; ascending
	players  uint64  // the nodes that form coalitions
	meetings []coalitionMeeting
}

// coalitionMeeting holds the votes of one company.
type coalitionMeeting struct {
	bit    int     // of the company
	voters []int   // bits
	votes  []int64 // of voters, in the company's unit
	cast   int64   // all votes; more than half of them give control
}

// newCoalitionTable gathers the nodes whose votes lead to the companies of top.
func newCoalitionTable(v *crossholding.Votes, top []int32, player func(int32) bool, opt CoalitionOptions) (*coalitionTable, error) {
	limit := opt.MaxVoters
	if limit == 0 {
		limit = 20
	}
	if limit < 0 || limit > 24 {
		return nil, fmt.Errorf("network: MaxVoters %d is not within 0 and 24: %w", opt.MaxVoters, crossholding.ErrRange)
	}
	nodes, err := votesAbove(v, top)
	if err != nil {
		return nil, err
	}
	t := &coalitionTable{nodes: nodes}
	for i, x := range nodes {
		if player(x) {
			t.players |= 1 << i
		}
	}
	if n := bits.OnesCount64(t.players); n > limit {
		return nil, fmt.Errorf("network: coalitions of %d voters, with MaxVoters %d: %w", n, limit, crossholding.ErrSearchLimit)
	}
	for bit, x := range nodes {
		if err := t.add(v, bit, x); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// votesAbove lists top and all nodes whose votes lead to it, in ascending order. It
// fails if they are more than 64.
func votesAbove(v *crossholding.Votes, top []int32) ([]int32, error) {
	g := v.Graph()
	nodes := slices.Clone(top)
	seen := map[int32]bool{}
	for _, x := range top {
		seen[x] = true
	}
	for at := 0; at < len(nodes); at++ {
		if !g.HasShares(nodes[at]) {
			continue
		}
		for _, s := range v.Stakes(nodes[at]) {
			if s.Voter != crossholding.NoNode && !s.Free.IsZero() && !seen[s.Voter] {
				seen[s.Voter] = true
				nodes = append(nodes, s.Voter)
			}
		}
		if len(nodes) > maxNodes {
			return nil, fmt.Errorf("network: more than %d holders have votes that lead to the company: %w", maxNodes, crossholding.ErrSearchLimit)
		}
	}
	slices.Sort(nodes)
	return nodes, nil
}

// add puts the meeting of company x into the table.
func (t *coalitionTable) add(v *crossholding.Votes, bit int, x int32) error {
	if !v.Graph().HasShares(x) {
		return nil
	}
	m := coalitionMeeting{bit: bit}
	var figures []ratio.Ratio
	for _, s := range v.Stakes(x) {
		if s.Voter == crossholding.NoNode || s.Voter == x || s.Free.IsZero() {
			continue
		}
		at, _ := slices.BinarySearch(t.nodes, s.Voter)
		m.voters, figures = append(m.voters, at), append(figures, s.Free)
	}
	if len(figures) == 0 {
		return nil
	}
	var ok bool
	if m.votes, m.cast, ok = wholeUnits(figures); !ok {
		return fmt.Errorf("network: votes in %s have too many digits to count every coalition: %w", v.Graph().ID(x), crossholding.ErrTooLarge)
	}
	t.meetings = append(t.meetings, m)
	return nil
}

// wholeUnits returns figures and their sum as whole numbers of one unit. The unit is
// the largest fraction 1/n for which all figures are whole. It reports whether twice
// the sum fits in 64 bits.
func wholeUnits(figures []ratio.Ratio) (units []int64, sum int64, ok bool) {
	den := big.NewInt(1)
	var all ratio.Ratio
	for _, r := range figures {
		d := r.Denom()
		den.Mul(den, d.Quo(d, new(big.Int).GCD(nil, nil, den, d)))
		all = all.Add(r)
	}
	unit := ratio.FromRat(new(big.Rat).SetInt(den))
	sum, _, ok = all.Mul(unit).Small()
	if !ok || sum >= 1<<61 {
		return nil, 0, false
	}
	for _, r := range figures {
		n, _, _ := r.Mul(unit).Small()
		units = append(units, n)
	}
	return units, sum, true
}

// controls returns all companies that a coalition controls. A member of the coalition
// is among them if the votes of the other members suffice.
func (t *coalitionTable) controls(coalition uint64) uint64 {
	var controlled uint64
	for {
		before := controlled
		for i := range t.meetings {
			m := &t.meetings[i]
			if controlled>>m.bit&1 == 1 {
				continue
			}
			var sum int64
			for j, b := range m.voters {
				if (coalition|controlled)>>b&1 == 1 {
					sum += m.votes[j]
				}
			}
			if 2*sum > m.cast {
				controlled |= 1 << m.bit
			}
		}
		if controlled == before {
			return controlled
		}
	}
}

// coalitions calls each with every coalition of the players, in order of their
// bits packed together.
func (t *coalitionTable) coalitions(ctx context.Context, each func(coalition uint64)) error {
	stage := progress.Start(ctx, "coalitions", 1<<bits.OnesCount64(t.players), 1)
	set := uint64(0)
	for n := 0; ; n++ {
		if n&0xff == 0 && ctx.Err() != nil {
			return ctxError(ctx)
		}
		stage.At(n)
		each(set)
		if set == t.players {
			stage.End()
			return nil
		}
		set = (set - t.players) & t.players // the next subset
	}
}
