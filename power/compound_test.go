package power_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power"
)

// Compounds of random games, two deep, agree with the definitions.
func TestCompound(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	draw := func(n int) (power.Game, func(int) bool) {
		ws := randomWeights(r, n)
		var total int64
		for _, w := range ws {
			total += w
		}
		q := 1 + r.Int64N(total)
		g, err := power.AtLeast(q, ws...)
		require.NoError(t, err)
		return g, leafWins(q, ws)
	}
	for range testkit.Cases(150) {
		n := 2 + r.IntN(5)
		games, wins := make([]power.Game, n), make([]func(int) bool, n)
		for i := range n {
			g, err := power.Alone(i, n)
			require.NoError(t, err)
			games[i], wins[i] = g, func(set int) bool { return set>>i&1 == 1 }
		}
		for range 3 { // companies, each held by those before
			k := len(games)
			outer, outerWins := draw(k)
			if r.IntN(3) == 0 {
				second, secondWins := draw(k)
				both, err := power.All(outer, second)
				require.NoError(t, err)
				first := outerWins
				outer, outerWins = both, func(s int) bool { return first(s) && secondWins(s) }
			}
			g, err := power.Compound(outer, games...)
			require.NoError(t, err)
			held := append([]func(int) bool(nil), wins...)
			games, wins = append(games, g), append(wins, func(set int) bool {
				inner := 0
				for i, w := range held {
					if w(set) {
						inner |= 1 << i
					}
				}
				return outerWins(inner)
			})
		}
		g, b := games[len(games)-1], brute{n, wins[len(wins)-1]}
		want := b.figures()
		checkGame(t, g, want, power.Diagram)
		checkGame(t, g, want, power.Enumeration)
		dual := brute{n, func(s int) bool { return !b.wins(1<<n - 1 - s) }}
		checkGame(t, g.Dual(), dual.figures(), power.Diagram)
		require.NotEmpty(t, g.String())
		bloc, err := g.Bloc(0, 1)
		require.NoError(t, err)
		checkGame(t, bloc, brute{n - 1, func(s int) bool {
			// Players 2 and on keep their order; the bloc comes last.
			set := (s &^ (1 << (n - 2))) << 2
			if s>>(n-2)&1 == 1 {
				set |= 3
			}
			return b.wins(set)
		}}.figures(), power.Diagram)
	}
}

// Listing any of the games above changes nothing but how it is counted.
func TestListed(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(13, 13))
	for range testkit.Cases(150) {
		n := 1 + r.IntN(8)
		ws := randomWeights(r, n)
		var total int64
		for _, w := range ws {
			total += w
		}
		q := 1 + r.Int64N(total)
		b := brute{n, leafWins(q, ws)}
		g, err := power.Listed(ctx, n, func(in []bool) bool {
			set := 0
			for i, is := range in {
				if is {
					set |= 1 << i
				}
			}
			return b.wins(set)
		})
		require.NoError(t, err)
		checkGame(t, g, b.figures(), power.Auto)
		checkUnions(t, g, b, randomUnions(r, n), power.Auto)
		require.Equal(t, g, g.Dual().Dual())
		dual := brute{n, func(s int) bool { return !b.wins(1<<n - 1 - s) }}
		checkGame(t, g.Dual(), dual.figures(), power.Auto)
		same, err := power.Compound(g, alone(t, n)...)
		require.NoError(t, err)
		checkGame(t, same, b.figures(), power.Auto)
		checkGame(t, same.Dual(), dual.figures(), power.Auto)
		weighted, err := power.AtLeast(q, ws...)
		require.NoError(t, err)
		members := r.Perm(n)[:1+r.IntN(n)]
		want, err := weighted.Bloc(members...)
		require.NoError(t, err)
		for _, g := range []power.Game{g, same} {
			got, err := g.Bloc(members...)
			require.NoError(t, err)
			x, err := want.Banzhaf(ctx)
			require.NoError(t, err)
			y, err := got.Banzhaf(ctx)
			require.NoError(t, err)
			require.Equal(t, x.Absolute().String(), y.Absolute().String())
		}
	}
}

func alone(t *testing.T, n int) []power.Game {
	t.Helper()
	games := make([]power.Game, n)
	for i := range games {
		g, err := power.Alone(i, n)
		require.NoError(t, err)
		games[i] = g
	}
	return games
}

func TestListedFaults(t *testing.T) {
	ctx := context.Background()
	_, err := power.Listed(ctx, 0, func([]bool) bool { return false })
	require.ErrorIs(t, err, power.ErrEmpty)
	_, err = power.Listed(ctx, 2, nil)
	require.ErrorIs(t, err, power.ErrEmpty)
	_, err = power.Listed(ctx, 25, func([]bool) bool { return false })
	require.ErrorIs(t, err, power.ErrTooHard)
	_, err = power.Listed(ctx, 3, func([]bool) bool { return false })
	require.ErrorContains(t, err, "all 3 players together lose")
	_, err = power.Listed(ctx, 3, func([]bool) bool { return true })
	require.ErrorContains(t, err, "the empty coalition wins")
	_, err = power.Listed(ctx, 3, func(in []bool) bool { return in[1] && !in[2] })
	require.ErrorIs(t, err, power.ErrNotSimple)
	require.ErrorContains(t, err, "players [1] win, players [1 2] lose")
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_, err = power.Listed(stopped, 20, func([]bool) bool { return false })
	require.ErrorIs(t, err, context.Canceled)
	g, err := power.Listed(ctx, 3, func(in []bool) bool { return in[0] || in[1] && in[2] })
	require.NoError(t, err)
	require.Equal(t, "[5 coalitions of 3 players]", g.String())
	_, err = g.Banzhaf(ctx, power.Options{Algorithm: power.Diagram})
	require.ErrorIs(t, err, power.ErrOptions)
	_, err = g.EstimateBanzhaf(ctx, power.EstimateOptions{})
	require.ErrorIs(t, err, power.ErrOptions)
	_, err = g.ShapleyShubikFloat(ctx)
	require.ErrorIs(t, err, power.ErrOptions)
}

func TestCompoundFaults(t *testing.T) {
	g, err := power.Majority(2, 1, 1)
	require.NoError(t, err)
	h, err := power.Majority(1, 1)
	require.NoError(t, err)
	_, err = power.Compound(power.Game{}, g)
	require.ErrorIs(t, err, power.ErrEmpty)
	_, err = power.Compound(g)
	require.ErrorIs(t, err, power.ErrEmpty)
	_, err = power.Compound(h, g, power.Game{})
	require.ErrorIs(t, err, power.ErrEmpty)
	_, err = power.Compound(g, h, h)
	require.ErrorIs(t, err, power.ErrPlayers)
	_, err = power.Compound(g, h, h, g)
	require.ErrorIs(t, err, power.ErrPlayers)
	_, err = power.Alone(3, 3)
	require.ErrorIs(t, err, power.ErrPlayers)
	_, err = power.Alone(0, 0)
	require.ErrorIs(t, err, power.ErrEmpty)
	// Doubling over and over is refused before it grows.
	for range 40 {
		if g, err = power.Compound(h, g, g); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, power.ErrTooHard)
}
