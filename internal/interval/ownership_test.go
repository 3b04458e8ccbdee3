package interval_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func TestOwnershipAgainstAllVertices(t *testing.T) {
	for seed := range uint64(testkit.Size(150, 600)) {
		requireOwnership(t, fmt.Sprintf("seed %d", seed), drawNetwork(rand.New(rand.NewPCG(seed, 5))))
	}
}

// Rings that may close are rare among random networks.
func TestRingsAgainstAllVertices(t *testing.T) {
	class := func(stakes ...interval.Stake) company {
		return company{{Outstanding: ratio.Int(100), Dividend: one, Stakes: stakes}}
	}
	under := held(3, 0, 50)
	under.HiOpen = true
	for name, n := range map[string]network{
		"two that may hold each other wholly": {[]company{class(held(1, 50, 100)), class(held(0, 50, 100))}, 1},
		// Company 0 prefers a step to 2, whose open end nothing attains, or one to
		// 1, from where the walk comes back. Without the first, the two are a ring.
		"only the ring attains it": {[]company{class(held(1, 0, 100), held(2, 0, 100)), class(held(0, 0, 100)), class(under)}, 1},
	} {
		t.Run(name, func(t *testing.T) { requireOwnership(t, name, n) })
	}
}

func FuzzOwnership(f *testing.F) {
	f.Add(uint64(1_000_003))
	f.Fuzz(func(t *testing.T, seed uint64) {
		requireOwnership(t, fmt.Sprintf("seed %d", seed), drawNetwork(rand.New(rand.NewPCG(seed, 5))))
	})
}

// requireOwnership compares all ranges of one network with those of an
// enumeration: every combination of vertices, solved by elimination.
func requireOwnership(t *testing.T, name string, n network) {
	m, steps := n.model(t), n.steps()
	closes := false
	policies(steps, func(policy []step) { closes = closes || n.closes(policy) })
	for j := range int32(len(n.companies)) {
		if !n.pays(j) {
			continue
		}
		possible := m.Owners(j)
		for _, who := range n.owners() {
			note := fmt.Sprintf("%s: %v of %d", name, who, j)
			got, err := m.Ownership(t.Context(), who, j)
			require.NoError(t, err, note)
			first := got.FirstPassage
			here, hereAttained := n.most(steps, who, j, false)
			away, awayAttained := n.most(steps, who, j, true)
			require.True(t, first.Hi.Equal(here), "%s: at most %s, enumerated %s", note, first.Hi, here)
			require.True(t, first.Lo.Equal(one.Sub(away)), "%s: at least %s, enumerated %s", note, first.Lo, one.Sub(away))
			if here.Sign() > 0 {
				require.Contains(t, possible, who, note)
			}
			if who.Node == j && !who.Float && here.Equal(one) {
				hereAttained = false // it would own itself in a closed ring
			}
			if !first.IsExact() {
				require.Equal(t, !hereAttained, first.HiOpen, "%s: upper end of %s", note, first)
				require.Equal(t, !awayAttained, first.LoOpen, "%s: lower end of %s", note, first)
			}
			whole := got.Integrated
			if stop := n.stopOf(who); stop >= 0 && !whole.IsExact() {
				_, backAttained := n.most(steps, who, stop, false)
				_, outAttained := n.most(steps, who, stop, true)
				if !whole.Unbounded && whole.Hi.Sign() > 0 {
					require.Equal(t, !hereAttained || !backAttained, whole.HiOpen, "%s: upper end of %s", note, whole)
				}
				if whole.Lo.Sign() > 0 {
					require.Equal(t, !awayAttained || !outAttained, whole.LoOpen, "%s: lower end of %s", note, whole)
				}
			}
			lo, hi, some := n.integrated(steps, who, j)
			if !some {
				continue
			}
			if closes {
				require.False(t, lo.Less(whole.Lo), "%s: %s, enumerated %s", note, whole, lo)
				require.True(t, whole.Unbounded || !whole.Hi.Less(hi), "%s: %s, enumerated %s", note, whole, hi)
				continue
			}
			require.False(t, whole.Unbounded, note)
			require.True(t, whole.Lo.Equal(lo) && whole.Hi.Equal(hi), "%s: %s, enumerated %s to %s", note, whole, lo, hi)
		}
	}
}

// stopOf returns the company at which walks end, -1 if who is an outside owner.
func (n network) stopOf(who exact.Owner) int32 {
	if !who.Float && n.pays(who.Node) {
		return who.Node
	}
	return -1
}

// most returns the greatest probability, over all vertices, that a walk from j
// ends at who, or elsewhere. It reports whether a completion attains it in which
// the walk ends with certainty.
func (n network) most(steps [][]step, who exact.Owner, j int32, elsewhere bool) (most ratio.Ratio, attained bool) {
	stop := n.stopOf(who)
	values := make([]ratio.Ratio, len(n.companies)) // after arriving there
	policies(steps, func(policy []step) {
		for c, v := range solve(policy, stop, n.arrivals(policy, who, stop, elsewhere)) {
			if values[c].Less(v) {
				values[c] = v
			}
		}
	})
	worth := func(s step) ratio.Ratio {
		var sum ratio.Ratio
		for owner, share := range s.shares {
			switch {
			case !n.ends(owner, stop):
				sum = sum.Add(share.Mul(values[owner.Node]))
			case (owner == who) != elsewhere:
				sum = sum.Add(share)
			}
		}
		return sum
	}
	// A completion attains the values if a set of companies, which the walk does
	// not leave but to end, takes best steps off all open ends.
	for set := range 1 << len(n.companies) {
		if set>>j&1 == 0 {
			continue
		}
		all := true
		policy := make([]step, len(n.companies))
		for c := range n.companies {
			if set>>c&1 == 0 {
				continue
			}
			var best [][]ratio.Ratio
			for _, s := range steps[c] {
				leaves := false
				for owner := range s.shares {
					leaves = leaves || !n.ends(owner, stop) && set>>owner.Node&1 == 0
				}
				if !leaves && worth(s).Equal(values[c]) {
					best = append(best, s.point)
				}
			}
			if len(best) == 0 || !n.companies[c].contains(middle(best)) {
				all = false
				break
			}
			policy[c] = step{middle(best), n.shares(c, middle(best))}
		}
		if all {
			for c, v := range solve(policy, stop, n.arrivals(policy, exact.Owner{Node: -2}, stop, true)) {
				all = all && (set>>c&1 == 0 || v.Equal(one))
			}
		}
		attained = attained || all
	}
	return values[j], attained
}

// integrated returns the least and the most of direct and indirect ownership over
// the vertices that close no rings, and whether there are any.
func (n network) integrated(steps [][]step, who exact.Owner, j int32) (lo, hi ratio.Ratio, some bool) {
	policies(steps, func(policy []step) {
		if n.closes(policy) {
			return
		}
		base := make([]ratio.Ratio, len(policy))
		for c := range policy {
			base[c] = policy[c].shares[who]
		}
		v := solve(policy, -1, base)[j]
		if !some || v.Less(lo) {
			lo = v
		}
		if !some || hi.Less(v) {
			hi = v
		}
		some = true
	})
	return lo, hi, some
}

// wholly is a company whose 100 shares are held as given.
func wholly(c int32, stakes ...interval.Stake) interval.FeasibleSet {
	return interval.NewFeasibleSet(c, []interval.Class{{Outstanding: ratio.Int(100), Dividend: one, Stakes: stakes}})
}

func held(owner int32, lo, hi int64) interval.Stake {
	return interval.Stake{Owner: owner, Lo: ratio.Int(lo), Hi: ratio.Int(hi)}
}

func modelOf(sets ...interval.FeasibleSet) *interval.Model {
	return &interval.Model{
		Stakes:        func(c int32) *interval.FeasibleSet { return &sets[c] },
		PaysDividends: func(c int32) bool { return int(c) < len(sets) },
		MaxRounds:     100,
	}
}

// Two companies that may hold each other wholly leave no upper bound.
func TestRingThatMayClose(t *testing.T) {
	m := modelOf(wholly(0, held(1, 50, 100)), wholly(1, held(0, 50, 100)))
	got, err := m.Ownership(t.Context(), exact.Owner{Node: 0}, 1)
	require.NoError(t, err)
	require.True(t, got.Integrated.Unbounded)
	require.Equal(t, "2/3", got.Integrated.Lo.String())
	require.Equal(t, "0.5", got.FirstPassage.Lo.String())
	require.Equal(t, "1", got.FirstPassage.Hi.String())
}

func TestOwnershipErrors(t *testing.T) {
	sets := []interval.FeasibleSet{wholly(0, held(1, 30, 60)), wholly(1, held(0, 30, 60), held(2, 7, 11))}
	who := exact.Owner{Node: 2}
	m := modelOf(sets...)
	m.MaxRounds = 0
	_, err := m.Ownership(t.Context(), who, 0)
	require.ErrorIs(t, err, interval.ErrRounds)

	m = modelOf(sets...)
	m.MaxBits = 1
	_, err = m.Ownership(t.Context(), who, 0)
	require.ErrorIs(t, err, exact.ErrSize)

	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	_, err = modelOf(sets...).Ownership(ctx, who, 0)
	require.ErrorIs(t, err, gone)
}

// A policy that floats cannot tell from the best one is put right in exact
// fractions.
func TestValuesThatFloatsCannotTell(t *testing.T) {
	tiny := ratio.Of(1, 1<<60)
	set := interval.NewFeasibleSet(0, []interval.Class{{Outstanding: one, Dividend: one, Stakes: []interval.Stake{
		{Owner: 1, Hi: one}, {Owner: 2, Hi: one},
	}}})
	half := func(c int32, more ratio.Ratio) interval.FeasibleSet {
		share := ratio.Of(1, 2).Add(more)
		return interval.NewFeasibleSet(c, []interval.Class{{Outstanding: one, Dividend: one, Stakes: []interval.Stake{{Owner: 3, Lo: share, Hi: share}}}})
	}
	for _, better := range []int32{1, 2} {
		sets := []interval.FeasibleSet{set, half(1, ratio.Ratio{}), half(2, ratio.Ratio{})}
		sets[better] = half(better, tiny)
		got, err := modelOf(sets...).Ownership(t.Context(), exact.Owner{Node: 3}, 0)
		require.NoError(t, err)
		require.True(t, got.FirstPassage.Hi.Equal(ratio.Of(1, 2).Add(tiny)), "%s", got.FirstPassage)
	}
}

func TestOwnersInOrder(t *testing.T) {
	m := modelOf(wholly(0, held(3, 10, 10), held(1, 0, 20), held(4, 0, 0)), wholly(1, held(2, 50, 60)))
	require.Equal(t, []exact.Owner{{Node: 0, Float: true}, {Node: 1, Float: true}, {Node: 1}, {Node: 2}, {Node: 3}}, m.Owners(0))
	require.Empty(t, m.Owners(2))
	require.True(t, slices.Equal(m.Owners(0), m.Owners(0)))
}
