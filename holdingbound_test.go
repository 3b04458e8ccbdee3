package crossholding_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleBounds_Holdings() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	list, err := b.Holdings(ctx, "Trading")
	if err != nil {
		log.Fatal(err)
	}
	for _, h := range list {
		fmt.Println(h.Holder, "has", h.Capital.ShortPercent(), "of the capital and", h.Votes.ShortPercent(), "of the votes")
	}
	// Output:
	// Ada has 20% of the capital and 20% of the votes
	// Holdings has over 25% to 50% of the capital and over 25% to 50% of the votes
}

// holdings returns the holdings in a company as text.
func holdings(t *testing.T, a *crossholding.Alliance, company string) string {
	t.Helper()
	b, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
	require.NoError(t, err)
	list, err := b.Holdings(t.Context(), company)
	require.NoError(t, err)
	var out []string
	for _, h := range list {
		out = append(out, fmt.Sprint(h.Holder, "/", h.Beneficiary, "/", h.Voter, " ", h.Capital, " ", h.Economic, " ", h.Votes, " ", h.Law))
	}
	return strings.Join(out, "; ")
}

func TestHoldings(t *testing.T) {
	classes := []crossholding.ShareClass{{Class: "capital", Issued: "100", Votes: "0"}, {Class: "votes", Issued: "100", Dividend: "0"}}
	for _, c := range []struct {
		name, want string
		shares     []crossholding.ShareClass
		stakes     []crossholding.Stake
	}{
		{"capital and votes apart, as in a register", "p/p/p (37.5%,62.5%) (25%,50%] (50%,75%) false", classes,
			[]crossholding.Stake{{Holder: "p", Class: "capital", Between: "(25%,50%]"}, {Holder: "p", Class: "votes", Between: "(50%,75%)"}}},
		{"what the others leave", "p/p/p [0%,40%) [0%,40%) [0%,40%) false; q/q/q (60%,100%] (60%,100%] (60%,100%] false", nil,
			[]crossholding.Stake{{Holder: "p", Between: "[0%,50%]"}, {Holder: "q", Between: "(60%,100%]"}}},
		{"treasury shares", "p/p/p [10%,30%] [12.5%,37.5%] [10%,30%] false", []crossholding.ShareClass{{Issued: "100", Treasury: "20"}},
			[]crossholding.Stake{{Holder: "p", Between: "[10%,30%]"}}},
		// 40 shares of two votes are 80 of 140 votes, and 20 are 40 of 120.
		{"double votes", "p/p/p [20%,40%] [20%,40%] [1/3,4/7] false", nil, []crossholding.Stake{{Holder: "p", Between: "[20%,40%]", Votes: "2"}}},
		{"two bands of one holder", "p/p/p [20%,90%] [20%,90%] [20%,90%] false; q/q/q 10% 10% 10% false", nil,
			[]crossholding.Stake{{Holder: "p", Between: "[10%,80%]"}, {Holder: "p", Between: "[10%,70%]", Adds: true}, {Holder: "q", Percent: "10"}}},
		{"a trust", "p/p/p 5% 5% 5% false; p/q/neutral [10%,20%] [10%,20%] [10%,20%] false", nil,
			[]crossholding.Stake{{Holder: "p", Beneficiary: "q", Voter: crossholding.Neutral, Between: "[10%,20%]"}, {Holder: "p", Percent: "5"}}},
		{"no bands", "p/p/p 30% 37.5% 30% false", []crossholding.ShareClass{{Issued: "100", Treasury: "20"}}, []crossholding.Stake{{Holder: "p", Shares: "30"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: c.shares}}, Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}, Stakes: c.stakes}
			for i := range b.Stakes {
				b.Stakes[i].Issuer = "x"
			}
			a, err := crossholding.New(b)
			require.NoError(t, err)
			require.Equal(t, c.want, holdings(t, a, "x"))
		})
	}

	// In Germany a company that another holds more than half of cannot vote in it.
	for _, percent := range []string{"60", ""} {
		stake := crossholding.Stake{Holder: "a", Issuer: "b", Percent: ratio.Number(percent)}
		if percent == "" {
			stake.Between = "[60%,70%]"
		}
		a, err := crossholding.New(crossholding.Book{Companies: []crossholding.Company{{ID: "a", Country: "DE"}, {ID: "b", Country: "DE"}},
			Stakes: []crossholding.Stake{stake, {Holder: "b", Issuer: "a", Percent: "9"}}})
		require.NoError(t, err)
		require.Equal(t, "b/b/b 9% 9% 9% true", holdings(t, a, "a"))
	}

	var b crossholding.Bounds
	var none context.Context
	_, err := b.Holdings(none, "x")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.Holdings(ended, "x")
	require.ErrorIs(t, err, context.Canceled)
}

// The figures of every way to complete a book lie in its bounds, and the theoretical votes of a
// book without bands are those of Votes.
func TestHoldingsHoldInCompletions(t *testing.T) {
	for seed := range uint64(testkit.Size(60, 600)) {
		r := rand.New(rand.NewPCG(seed, 3))
		in := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Class: "a", Issued: "100", Votes: "10"}, {Class: "b", Issued: "300", Treasury: "30"}}}}}
		for i := range 4 {
			id := string(rune('p' + i))
			in.Parties = append(in.Parties, crossholding.Party{ID: id})
			for _, class := range []string{"a", "b"} {
				lo := r.IntN(15)
				s := crossholding.Stake{Holder: id, Issuer: "x", Class: class, Between: fmt.Sprintf("[%d%%,%d%%]", lo, lo+1+r.IntN(5))}
				if r.IntN(4) == 0 {
					s.Votes = "3"
				}
				in.Stakes = append(in.Stakes, s)
			}
		}
		banded, err := crossholding.New(in)
		require.NoError(t, err)
		b, err := banded.Bounds(t.Context(), crossholding.BoundsOptions{})
		require.NoError(t, err)
		bounds, err := b.Holdings(t.Context(), "x")
		require.NoError(t, err)
		for _, at := range []ratio.Ratio{{}, ratio.Of(1, 2), ratio.Int(1)} {
			a, err := banded.WithBandsAt(at)
			require.NoError(t, err)
			votes, err := a.Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			all, err := votes.Meeting("x")
			require.NoError(t, err)
			exact, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
			require.NoError(t, err)
			list, err := exact.Holdings(t.Context(), "x")
			require.NoError(t, err)
			for _, h := range list {
				i := slices.IndexFunc(bounds, func(x crossholding.HoldingBound) bool { return x.Holder == h.Holder }) // who has nothing is not listed
				n, err := votes.Of(h.Holder, "x")
				require.NoError(t, err)
				require.True(t, n.Theoretical.Div(all.Theoretical).Equal(h.Votes.Lo), "seed %d: %v", seed, h)
				for _, v := range [][2]ratio.Interval{{bounds[i].Capital, h.Capital}, {bounds[i].Economic, h.Economic}, {bounds[i].Votes, h.Votes}} {
					require.True(t, v[0].Contains(v[1].Lo), "seed %d: %s is not in %s", seed, v[1], v[0])
				}
			}
		}
	}
}
