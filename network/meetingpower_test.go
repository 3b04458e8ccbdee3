package network_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func countOf(t testing.TB, a *crossholding.Alliance, opt crossholding.VotingOptions) *crossholding.Votes {
	t.Helper()
	v, err := a.Votes(t.Context(), opt)
	require.NoError(t, err)
	return v
}

func powerText(t testing.TB, v *crossholding.Votes, company string, opt network.PowerOptions) []string {
	t.Helper()
	p, err := network.MeetingPower(context.Background(), v, company, opt)
	require.NoError(t, err)
	var out []string
	for _, x := range p.Voters {
		out = append(out, fmt.Sprintf("%s %s %s %s", x.Name, x.Share.Rat().RatString(), x.ShapleyShubik.Rat().RatString(), x.Banzhaf.Rat().RatString()))
	}
	return out
}

func TestPowerInAMeeting(t *testing.T) {
	stakes := [][3]string{{"a", "x", "45"}, {"b", "x", "35"}, {"c", "x", "20"}}
	x := countOf(t, booktest.New(t, booktest.Percents(stakes...)), crossholding.VotingOptions{})
	// More than half: any two.
	require.Equal(t, []string{"a 9/20 1/3 1/3", "b 7/20 1/3 1/3", "c 1/5 1/3 1/3"}, powerText(t, x, "x", network.PowerOptions{}))
	// At least 2/3: a and b; c never decides.
	require.Equal(t, []string{"a 9/20 1/2 1/2", "b 7/20 1/2 1/2", "c 1/5 0 0"}, powerText(t, x, "x", network.PowerOptions{Quota: ratio.Of(2, 3)}))

	// One holder of 20% in an ocean: 0.2/(1-0.2) = 1/4 (Milnor and Shapley).
	ocean := countOf(t, booktest.New(t, booktest.Percents([3]string{"a", "x", "20"})), crossholding.VotingOptions{})
	require.Equal(t, []string{"a 1/5 1/4 1", "float:x 4/5 3/4 0"}, powerText(t, ocean, "x", network.PowerOptions{}))
	require.Equal(t, []string{"a 1 1 1"}, powerText(t, ocean, "x", network.PowerOptions{FloatAbsent: true}))

	nobody := countOf(t, booktest.New(t, crossholding.Book{Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "10"}}}}}), crossholding.VotingOptions{})
	require.Equal(t, []string{"float:x 1 1 0"}, powerText(t, nobody, "x", network.PowerOptions{}))
}

func TestPowerOfAConcert(t *testing.T) {
	b := booktest.Percents([3]string{"a", "x", "40"}, [3]string{"b", "x", "30"}, [3]string{"c", "x", "30"})
	b.Agreements = []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"c", "b"}, Issuer: "x"}}
	v := countOf(t, booktest.New(t, b), crossholding.VotingOptions{})
	require.Equal(t, []string{"a 2/5 0 0", "pact 3/5 1 1"}, powerText(t, v, "x", network.PowerOptions{}))
	require.Equal(t, []string{"a 2/5 1/3 1/3", "b 3/10 1/3 1/3", "c 3/10 1/3 1/3"}, powerText(t, v, "x", network.PowerOptions{Ungrouped: true}))
	p, err := network.MeetingPower(context.Background(), v, "x", network.PowerOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "c"}, p.Voters[1].Members)
}

// A concert that waits for a holder to have no votes is one voter only then.
func TestPowerOfAWaitingConcert(t *testing.T) {
	for subsidiary, want := range map[bool][]string{
		false: {"a 2/5 1/3 1/3", "b 3/10 1/3 1/3", "c 3/10 1/3 1/3"},
		true:  {"pact 1 1 1"},
	} {
		b := booktest.Percents([3]string{"a", "x", "40"}, [3]string{"b", "x", "30"}, [3]string{"c", "x", "30"})
		b.Agreements = []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"c", "b"}, Issuer: "x", WhileSuspended: "a"}}
		if subsidiary { // whose votes in its parent do not count in Delaware
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "x", Issuer: "a", Percent: "60"})
			for i := range b.Companies {
				b.Companies[i].Country = "US-DE"
			}
		}
		v := countOf(t, booktest.New(t, b), crossholding.VotingOptions{})
		require.Equal(t, want, powerText(t, v, "x", network.PowerOptions{}))
	}
}

func TestPowerFaults(t *testing.T) {
	v := countOf(t, booktest.New(t, booktest.Percents([3]string{"a", "x", "40"})), crossholding.VotingOptions{})
	_, err := network.MeetingPower(context.Background(), v, "y", network.PowerOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = network.MeetingPower(context.Background(), v, "x", network.PowerOptions{Quota: ratio.Int(2)})
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = network.MeetingPower(context.Background(), v, "x", network.PowerOptions{Quota: ratio.Int(1), Exceed: true})
	require.ErrorIs(t, err, crossholding.ErrRange)
}

// Before the rebalancing Nissan's shares of Renault had no vote, and so no
// power at all. Afterwards Nissan casts 15% of the votes and is the voter that
// turns a lost resolution into a carried one in 16% of all orders in which
// holders may come to agree. The State is that voter more often than its votes
// say, before and after, because most of the others are many and small; it
// bought nothing, and yet gained, since its own cap of 17.9% fell away when
// Nissan began to vote.
func ExampleMeetingPower() {
	ctx := context.Background()
	for _, name := range []string{"before", "2023-11-08"} {
		a, err := booktest.Renault(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		v, err := a.Votes(ctx, crossholding.VotingOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		p, err := network.MeetingPower(context.Background(), v, "renault", network.PowerOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(a.AsOf())
		for _, x := range p.Voters {
			fmt.Printf("  %-18s %5s%% of the votes, %5s%% of the power\n", x.Name, x.Share.Percent(2).StringFixed(2), x.ShapleyShubik.Percent(2).StringFixed(2))
		}
	}
	// Output:
	// 2022-12-31
	//   float:renault      60.57% of the votes, 63.73% of the power
	//   french-state       17.90% of the votes, 25.17% of the power
	//   registered-holders 10.55% of the votes, 11.11% of the power
	// 2023-11-08
	//   float:renault      47.12% of the votes, 46.34% of the power
	//   french-state       22.38% of the votes, 29.51% of the power
	//   nissan-finance     15.00% of the votes, 16.15% of the power
	//   registered-holders  8.14% of the votes,  8.01% of the power
}
