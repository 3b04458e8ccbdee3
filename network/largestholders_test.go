package network_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// In this meeting two holders have 30% and 20%, and the public the rest.
func ExampleLargestHoldersPower() {
	ctx := context.Background()
	a, err := crossholding.New(booktest.Percents([3]string{"anna", "works", "30"}, [3]string{"ben", "works", "20"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for p, err := range network.LargestHoldersPower(ctx, v, network.LargestOptions{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, h := range p.Holders {
			fmt.Println(a.Graph().ID(p.Company), a.Graph().ID(h.Node), h.Share.Percent(0), h.ShapleyShubik.Percent(2))
		}
		fmt.Println("the others", p.Ocean.Percent(0), p.Rest.Percent(2))
	}
	// Output:
	// works anna 30 36
	// works ben 20 16
	// the others 50 48
}

// requireLargest compares with [network.MeetingPower] where all voters are counted, and with
// the game of package power elsewhere.
func requireLargest(t *testing.T, a *crossholding.Alliance, opt network.LargestOptions) (whole, cut int) {
	t.Helper()
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{Circular: crossholding.PolicyMost})
	require.NoError(t, err)
	g := a.Graph()
	most := opt.Holders
	if most == 0 {
		most = 10
	}
	last := int32(-1)
	for p, err := range network.LargestHoldersPower(t.Context(), v, opt) {
		require.NoError(t, err)
		require.Greater(t, p.Company, last)
		last = p.Company
		votes := map[int32]ratio.Ratio{} // of all voters but the ocean
		for _, x := range v.Stakes(p.Company) {
			if x.Voter != crossholding.NoNode && !x.Free.IsZero() && !g.Dispersed(x.Voter) {
				votes[x.Voter] = votes[x.Voter].Add(x.Free)
			}
		}
		require.Len(t, p.Holders, min(len(votes), most))
		meeting, err := v.Meeting(g.ID(p.Company))
		require.NoError(t, err)
		sum, shares := p.Rest, p.Ocean
		var weights []ratio.Ratio
		for i, h := range p.Holders {
			require.True(t, votes[h.Node].Div(meeting.Counted).Equal(h.Share))
			delete(votes, h.Node)
			if i > 0 {
				require.False(t, p.Holders[i-1].Share.Less(h.Share))
			}
			sum, shares, weights = sum.Add(h.ShapleyShubik), shares.Add(h.Share), append(weights, h.Share)
		}
		for _, x := range votes {
			require.False(t, p.Holders[most-1].Share.Less(x.Div(meeting.Counted)), "a larger holder is left out")
		}
		require.True(t, sum.Equal(ratio.Int(1)))
		require.True(t, shares.Equal(ratio.Int(1)))
		if len(votes) == 0 {
			whole++
			want, err := network.MeetingPower(t.Context(), v, g.ID(p.Company), network.PowerOptions{Quota: opt.Quota, Exceed: opt.Exceed, Ungrouped: true})
			require.NoError(t, err)
			byName := map[string]network.Voter{}
			for _, x := range want.Voters {
				byName[x.Name] = x
			}
			for _, h := range p.Holders {
				require.True(t, byName[g.ID(h.Node)].ShapleyShubik.Equal(h.ShapleyShubik))
			}
			continue
		}
		cut++
		quota := opt.Quota
		if quota.IsZero() {
			quota = ratio.Of(1, 2)
		}
		game, err := power.WithOcean(quota, p.Ocean, weights...)
		require.NoError(t, err)
		index, err := game.ShapleyShubik(t.Context())
		require.NoError(t, err)
		for i, x := range index.Large.All() {
			require.True(t, x.Equal(p.Holders[i].ShapleyShubik))
		}
	}
	return whole, cut
}

func TestLargestHoldersPower(t *testing.T) {
	quotas := []network.LargestOptions{{}, {Holders: 3}, {Quota: ratio.Of(2, 3)}, {Quota: ratio.Of(1, 4), Exceed: true, Holders: 5}, {Quota: ratio.Int(1)}}
	whole, cut := 0, 0
	r := rand.New(rand.NewPCG(13, 1))
	for range testkit.Cases(300) {
		a, b := requireLargest(t, booktest.New(t, booktest.RandomBook(r)), quotas[r.IntN(len(quotas))])
		whole, cut = whole+a, cut+b
	}
	for seed := range uint64(testkit.Cases(20)) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 500, Core: 10})
		require.NoError(t, err)
		a, b := requireLargest(t, booktest.Register(t, n, crossholding.RegisterOptions{}), quotas[seed%uint64(len(quotas))])
		whole, cut = whole+a, cut+b
	}
	require.Positive(t, whole)
	require.Positive(t, cut)
}

func TestLargestHoldersPowerRefuses(t *testing.T) {
	a := booktest.New(t, booktest.Percents([3]string{"anna", "works", "30"}))
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	for _, opt := range []network.LargestOptions{{Holders: -1}, {Holders: 61}, {Quota: ratio.Int(2)}, {Quota: ratio.Int(-1)}, {Quota: ratio.Int(1), Exceed: true}} {
		for _, err := range network.LargestHoldersPower(t.Context(), v, opt) {
			require.ErrorIs(t, err, crossholding.ErrRange)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range network.LargestHoldersPower(ctx, v, network.LargestOptions{}) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

// BenchmarkLargestHoldersPower measures the ten largest holders of every meeting.
func BenchmarkLargestHoldersPower(b *testing.B) {
	for _, stakes := range []int{testkit.Size(10_000, 1_000_000), testkit.Size(20_000, 4_000_000)} {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) {
			n, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
			require.NoError(b, err)
			v, err := booktest.Register(b, n, crossholding.RegisterOptions{}).Votes(b.Context(), crossholding.VotingOptions{})
			require.NoError(b, err)
			b.ReportAllocs()
			before, times, meetings := testkit.CPUTime(), 0, 0
			for b.Loop() {
				meetings = 0
				for _, err := range network.LargestHoldersPower(b.Context(), v, network.LargestOptions{}) {
					require.NoError(b, err)
					meetings++
				}
				times++
			}
			b.ReportMetric((testkit.CPUTime()-before).Seconds()/float64(times), "cpu-s")
			b.ReportMetric(float64(meetings), "meetings")
		})
	}
}
