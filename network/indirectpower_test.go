package network_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func holdersText(list []network.HolderPower) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, p.Holder+" "+p.Power.Rat().RatString())
	}
	return out
}

var plainCount = crossholding.VotingOptions{NoLaw: true}

// A chain: anna has 60% of b, b 60% of c, ben 40% of c.
func TestIndirectPowerOfAChain(t *testing.T) {
	ctx := context.Background()
	v := countOf(t, booktest.New(t, booktest.Percents([3]string{"anna", "b", "60"}, [3]string{"b", "c", "60"}, [3]string{"ben", "c", "40"})), plainCount)

	compound, err := network.CompoundPower(ctx, v, "c", network.CoalitionOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"anna 1", "ben 0"}, holdersText(compound))

	// c is carried by anna or b: half of the power over it each; b by anna.
	control, err := network.ControlPower(ctx, v, network.CoalitionOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"anna 3/2", "b -1/2", "ben 0", "c -1"}, holdersText(control))

	indirect, err := network.IndirectPower(ctx, v, "c")
	require.NoError(t, err)
	require.Equal(t, []string{"anna 1"}, holdersText(indirect))
}

// Two companies with half the voices in each other, and three owners.
func TestIndirectPowerThroughACycle(t *testing.T) {
	ctx := context.Background()
	v := countOf(t, booktest.New(t, booktest.Percents(
		[3]string{"anna", "x", "40"}, [3]string{"y", "x", "40"}, [3]string{"ben", "x", "20"},
		[3]string{"x", "y", "40"}, [3]string{"cleo", "y", "60"})), plainCount)
	// cleo carries y; with y, either of the others carries x: x is carried by
	// any two of the three.
	compound, err := network.CompoundPower(ctx, v, "x", network.CoalitionOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"anna 1/2", "ben 1/2", "cleo 1/2"}, holdersText(compound))
	// In x's meeting any two turn it; a walk at y always ends at cleo.
	indirect, err := network.IndirectPower(ctx, v, "x")
	require.NoError(t, err)
	require.Equal(t, []string{"anna 1/3", "ben 1/3", "cleo 1/3"}, holdersText(indirect))
	estimate, err := network.EstimateIndirectPower(ctx, v, "x", 40_000, 1)
	require.NoError(t, err)
	for _, p := range estimate { // within 1% with a chance of failure under 10^-3
		d := p.Power.Sub(ratio.MustParse("1/3"))
		require.True(t, d.Mul(d).Less(ratio.MustParse("0.0001")), p)
	}
	again, err := network.EstimateIndirectPower(ctx, v, "x", 40_000, 1)
	require.NoError(t, err)
	require.Equal(t, holdersText(estimate), holdersText(again))
}

// The indices keep their laws on random books, and agree with a count that
// knows nothing of bits.
func TestIndirectPowerOnRandomBooks(t *testing.T) {
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(11, 3))
	rings := 0
	for range 60 {
		b := randomVotes(rng)
		a := booktest.New(t, b)
		v := countOf(t, a, plainCount)
		control, err := network.ControlPower(ctx, v, network.CoalitionOptions{})
		require.NoError(t, err)
		var sum ratio.Ratio
		for _, p := range control {
			sum = sum.Add(p.Power)
		}
		booktest.RequireRatio(t, "0", sum)
		for _, c := range b.Companies {
			if !slices.ContainsFunc(b.Stakes, func(s crossholding.Stake) bool { return s.Issuer == c.ID }) {
				continue
			}
			compound, err := network.CompoundPower(ctx, v, c.ID, network.CoalitionOptions{})
			require.NoError(t, err)
			for _, p := range compound {
				booktest.RequireRatio(t, naiveCompound(b, c.ID, p.Holder, compound).Rat().RatString(), p.Power)
			}
			indirect, err := network.IndirectPower(ctx, v, c.ID)
			if errors.Is(err, crossholding.ErrNoOutsideOwner) { // majorities in a ring: no walk leaves it
				rings++
				continue
			}
			require.NoError(t, err)
			sum = ratio.Ratio{}
			for _, p := range indirect {
				sum = sum.Add(p.Power)
			}
			booktest.RequireRatio(t, "1", sum)
		}
	}
	require.Positive(t, rings)
}

// randomVotes has up to four companies, always with some float, and people.
func randomVotes(rng *rand.Rand) crossholding.Book {
	var stakes [][3]string
	for c := range 2 + rng.IntN(3) {
		left := 95
		for h := range 7 {
			holder := fmt.Sprintf("c%d", h)
			if h > 3 {
				holder = fmt.Sprintf("p%d", h)
			}
			if n := rng.IntN(left + 1); holder != fmt.Sprintf("c%d", c) && rng.IntN(2) == 0 && n > 0 {
				left -= n
				stakes = append(stakes, [3]string{holder, fmt.Sprintf("c%d", c), fmt.Sprint(n)})
			}
		}
	}
	return booktest.Percents(stakes...)
}

// naiveCompound counts by maps what CompoundPower counts by bits.
func naiveCompound(b crossholding.Book, company, holder string, players []network.HolderPower) ratio.Ratio {
	carried := func(yes map[string]bool) bool {
		for changed := true; changed; {
			changed = false
			for _, c := range b.Companies {
				var sum, all int
				for _, s := range b.Stakes {
					if s.Issuer != c.ID {
						continue
					}
					var n int
					fmt.Sscan(string(s.Percent), &n)
					if all += n; yes[s.Holder] {
						sum += n
					}
				}
				if all > 0 && 2*sum > all && !yes[c.ID] {
					yes[c.ID], changed = true, true
				}
			}
		}
		return yes[company]
	}
	var others []string
	for _, p := range players {
		if p.Holder != holder {
			others = append(others, p.Holder)
		}
	}
	var turned int64
	for set := range 1 << len(others) {
		coalition := func() map[string]bool {
			yes := map[string]bool{}
			for i, o := range others {
				if set>>i&1 == 1 {
					yes[o] = true
				}
			}
			return yes
		}
		with := coalition()
		with[holder] = true
		if carried(with) && !carried(coalition()) {
			turned++
		}
	}
	return ratio.Of(turned, int64(1)<<len(others))
}

func TestIndirectPowerBounds(t *testing.T) {
	ctx := context.Background()
	var stakes [][3]string
	for i := range 24 {
		stakes = append(stakes, [3]string{fmt.Sprintf("p%d", i), "x", "2"})
	}
	v := countOf(t, booktest.New(t, booktest.Percents(stakes...)), plainCount)
	_, err := network.CompoundPower(ctx, v, "x", network.CoalitionOptions{})
	require.ErrorIs(t, err, crossholding.ErrSearchLimit)
	_, err = network.ControlPower(ctx, v, network.CoalitionOptions{MaxVoters: 25})
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = network.IndirectPower(ctx, v, "nowhere")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = network.EstimateIndirectPower(ctx, v, "x", 0, 1)
	require.ErrorIs(t, err, crossholding.ErrRange)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_, err = network.CompoundPower(stopped, v, "x", network.CoalitionOptions{MaxVoters: 24})
	require.ErrorIs(t, err, context.Canceled)
}

func allianceVotes(name string) (*crossholding.Votes, error) {
	a, err := booktest.Renault(name)
	if err != nil {
		return nil, err
	}
	return a.Votes(context.Background(), crossholding.VotingOptions{})
}

func ExampleIndirectPower() {
	v, err := allianceVotes("2023-11-08")
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := network.IndirectPower(context.Background(), v, "mitsubishi")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range list {
		fmt.Printf("%s %s%%\n", p.Holder, p.Power.Percent(2))
	}
	// Output:
	// float:mitsubishi 42.82%
	// float:nissan 32.68%
	// float:renault 5.49%
	// french-state 3.5%
	// mitsubishi-corporation 12.1%
	// mitsubishi-heavy 1.46%
	// mufg-bank 0.99%
	// registered-holders 0.95%
}

func ExampleCompoundPower() {
	v, err := allianceVotes("2023-11-08")
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := network.CompoundPower(context.Background(), v, "renault", network.CoalitionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range list {
		fmt.Printf("%s %s\n", p.Holder, p.Power)
	}
	// Output:
	// french-state 0.5
	// registered-holders 0.5
}

func ExampleControlPower() {
	v, err := allianceVotes("before")
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := network.ControlPower(context.Background(), v, network.CoalitionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range list {
		fmt.Printf("%s %s\n", p.Holder, p.Power)
	}
	// Output:
	// french-state 13/6
	// mitsubishi -1
	// mitsubishi-corporation 0
	// mitsubishi-heavy 0
	// mufg-bank 0
	// nissan -1/3
	// nissan-finance -1
	// registered-holders 0
	// renault 1/6
	// trust 0
}

func ExampleEstimateIndirectPower() {
	v, err := allianceVotes("2023-11-08")
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := network.EstimateIndirectPower(context.Background(), v, "mitsubishi", 1_000_000, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range list {
		if p.Holder == "mitsubishi-corporation" {
			fmt.Printf("%s %s%%, give or take 0.2 with a chance of 99.9%%\n", p.Holder, p.Power.Percent(1))
		}
	}
	// Output:
	// mitsubishi-corporation 12.1%, give or take 0.2 with a chance of 99.9%
}
