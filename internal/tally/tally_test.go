package tally_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// book is a graph with as many votes as shares. Stakes are in order of issuer, then
// holder.
func book(ids []string, holder, issuer []int32, votes []ratio.Ratio, issued []ratio.Ratio) *graph.Graph {
	g := graph.New(ids, holder, issuer)
	n, m := len(ids), len(holder)
	g.Votes = graph.Weighting{Units: make([]int64, m), TotalUnits: make([]int64, n), TreasuryUnits: make([]int64, n), Scale: make([]uint8, n)}
	for c := range int32(n) {
		from, to := g.Column(c)
		column := make([]ratio.Ratio, to-from)
		for e := from; e < to; e++ {
			column[e-from] = votes[g.Record[e]]
		}
		g.Votes.Store(c, from, column, issued[c], ratio.Ratio{})
	}
	g.Capital, g.Dividends = g.Votes, g.Votes
	g.ListRows()
	return &g
}

func count(g *graph.Graph) *tally.Tally {
	return tally.New(g, &g.Votes, g.Voter, &g.ByVoter, tally.OutstandingVotes(g, &g.Votes, false), nil)
}

func ExampleTally_With() {
	ctx := context.Background()
	// a has 40 and b 35 of the 100 votes in c.
	g := book([]string{"a", "b", "c"}, []int32{0, 1}, []int32{2, 2}, ints(40, 35), ints(0, 0, 100))
	votes := count(g)
	rule := tally.Rule(ratio.Of(1, 2), true)
	group, err := votes.Engine.Group(ctx, rule, 0)
	fmt.Println(votes.Shares(2), group.Controls(2), err)

	// A statute suspends b's votes.
	votes = votes.With(map[int32]tally.Column{2: {Voter: g.Voter, Units: ints(40, 0), Base: ratio.Int(65)}})
	group, err = votes.Engine.Group(ctx, rule, 0)
	fmt.Println(votes.Shares(2), group.Controls(2), err)
	// Output:
	// [{0 false 0.4} {1 false 0.35}] false <nil>
	// [{0 false 8/13}] true <nil>
}

// randomBook returns a graph of which some stakes' votes are neutral or cast by another,
// and some are counted in fractions.
func randomBook(r *rand.Rand) *graph.Graph {
	nodes := 2 + r.IntN(6)
	ids, issued := make([]string, nodes), make([]ratio.Ratio, nodes)
	den := make([]int64, nodes)
	for i := range ids {
		ids[i] = fmt.Sprintf("n%d", i)
		den[i] = []int64{1, 10, 3}[r.IntN(3)]
		issued[i] = ratio.Of(1+r.Int64N(50), den[i])
	}
	var holder, issuer []int32
	var votes []ratio.Ratio
	for range r.IntN(4 * nodes) {
		if h, c := r.Int32N(int32(nodes)), r.Int32N(int32(nodes)); h != c {
			v := ratio.Of(r.Int64N(100), den[c])
			holder, issuer, votes = append(holder, h), append(issuer, c), append(votes, v)
			issued[c] = issued[c].Add(v)
		}
	}
	g := book(ids, holder, issuer, votes, issued)
	if r.IntN(2) == 0 {
		g.Voter = append([]int32{}, g.Holder...)
		for e := range g.Voter {
			switch r.IntN(5) {
			case 0:
				g.Voter[e] = graph.None
			case 1:
				g.Voter[e] = r.Int32N(int32(nodes))
			}
		}
		g.ListRows()
	}
	return g
}

func TestHoldingsAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	for range 300 {
		g := randomBook(r)
		votes := count(g)
		without := tally.New(g, &g.Votes, g.Voter, &g.ByVoter, tally.OutstandingVotes(g, &g.Votes, true), nil)
		for c := range int32(g.IDs.Len()) {
			want := make(map[int32]ratio.Ratio)
			from, to := g.Column(c)
			for e := from; e < to; e++ {
				want[g.Voter[e]] = want[g.Voter[e]].Add(g.Stake(&g.Votes, e))
			}
			require.True(t, votes.Base(c).Equal(g.Votes.Outstanding(c)))
			require.True(t, without.Base(c).Equal(g.Votes.Outstanding(c).Sub(want[graph.None])))
			last := int32(-1)
			held := votes.Holdings(c)
			for _, h := range held {
				require.Less(t, last, h.Node)
				require.True(t, h.Amount.Sign() > 0 && h.Amount.Equal(want[h.Node]))
				require.Contains(t, votes.Issuers(h.Node), c)
				last = h.Node
				delete(want, h.Node)
			}
			for x, v := range want {
				require.True(t, x == graph.None || v.IsZero())
			}
			for i, share := range votes.Shares(c) {
				require.True(t, share.Amount.Mul(votes.Base(c)).Equal(held[i].Amount))
			}
		}
	}
}

func TestWithIsNewWithColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2))
	for range 300 {
		g := randomBook(r)
		votes := count(g)
		columns := map[int32]tally.Column{}
		for c := range int32(g.IDs.Len()) {
			if r.IntN(3) > 0 {
				continue
			}
			from, to := g.Column(c)
			col := tally.Column{Voter: append([]int32{}, g.Voter[from:to]...), Base: votes.Base(c)}
			for e := from; e < to; e++ {
				if r.IntN(3) == 0 {
					col.Voter[e-from] = r.Int32N(int32(g.IDs.Len()))
				}
				col.Units = append(col.Units, g.Stake(&g.Votes, e).Mul(ratio.Of(1, 1+r.Int64N(3))))
			}
			columns[c] = col
		}
		changed := votes.With(columns)
		require.True(t, changed.Equal(tally.New(g, &g.Votes, g.Voter, &g.ByVoter, tally.OutstandingVotes(g, &g.Votes, false), columns)))
		require.True(t, votes.Equal(count(g)), "the first tally is as before")

		back := map[int32]tally.Column{}
		for c, col := range columns {
			from, to := g.Column(c)
			for i, units := range col.Units {
				who, got := changed.Stake(from + int32(i))
				require.Equal(t, col.Voter[i], who)
				require.True(t, units.Equal(got))
			}
			plain := tally.Column{Voter: g.Voter[from:to], Base: votes.Base(c)}
			for e := from; e < to; e++ {
				plain.Units = append(plain.Units, g.Stake(&g.Votes, e))
			}
			back[c] = plain
		}
		require.True(t, changed.With(back).Equal(votes))
		if len(columns) == 0 {
			require.True(t, changed.Equal(votes))
		}
	}
}

func TestEqualSeesEveryFigure(t *testing.T) {
	g := book([]string{"a", "b", "c"}, []int32{0, 1}, []int32{2, 2}, ints(40, 35), ints(0, 0, 100))
	plain := tally.Column{Voter: g.Voter, Units: ints(40, 35), Base: ratio.Int(100)}
	votes := count(g)
	require.True(t, votes.With(map[int32]tally.Column{2: plain}).Equal(votes))
	for name, other := range map[string]tally.Column{
		"voter":         {Voter: []int32{0, 0}, Units: plain.Units, Base: plain.Base},
		"votes":         {Voter: plain.Voter, Units: ints(40, 34), Base: plain.Base},
		"base":          {Voter: plain.Voter, Units: plain.Units, Base: ratio.Int(99)},
		"a third":       {Voter: plain.Voter, Units: []ratio.Ratio{ratio.Int(40), ratio.Of(1, 3)}, Base: plain.Base},
		"base of parts": {Voter: plain.Voter, Units: plain.Units, Base: ratio.Of(301, 3)},
	} {
		t.Run(name, func(t *testing.T) {
			require.False(t, votes.With(map[int32]tally.Column{2: other}).Equal(votes))
		})
	}
}

func TestUpstream(t *testing.T) {
	// a has b, b and c have each other, d has nothing of them, and b has e.
	g := book([]string{"a", "b", "c", "d", "e"}, []int32{0, 2, 1, 1}, []int32{1, 1, 2, 4}, ints(1, 1, 1, 1), ints(0, 9, 9, 9, 9))
	for node, want := range map[int32][]int32{0: {0}, 1: {0, 1, 2}, 3: {3}, 4: {0, 1, 2, 4}} {
		got, err := count(g).Upstream(context.Background(), node)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestMatrixHasTheFractions(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	for range 200 {
		g := randomBook(r)
		votes := count(g)
		m, err := votes.Matrix(context.Background())
		require.NoError(t, err)
		for c := range int32(g.IDs.Len()) {
			at := m.ColStart[c]
			for _, h := range votes.Shares(c) {
				if h.Node == c {
					continue // votes that it casts at its own meeting
				}
				require.Equal(t, h.Node, m.Row[at])
				require.True(t, ratio.Of(m.Units[at], m.Total[c]).Equal(h.Amount))
				at++
			}
			require.Equal(t, at, m.ColStart[c+1])
		}
	}
}
