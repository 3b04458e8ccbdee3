package network_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func TestWeakestLinkCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Cutoff        string
			Stakes, Widest, Sum []string
		}
	}
	booktest.Load(t, "network/testdata/weakestlink.json", &file)
	for _, c := range file.Cases {
		for method, want := range map[network.WeakestLinkMethod][]string{
			network.WidestChain: c.Widest, network.SumOfChains: c.Sum,
		} {
			t.Run(c.Name+"/"+string(method), func(t *testing.T) {
				owners, err := network.WeakestLinks(t.Context(), booktest.Alliance(t, c.Stakes...), "C",
					network.WeakestLinkOptions{Method: method, Threshold: ratio.MustParse(c.Cutoff), CashFlow: true})
				require.NoError(t, err)
				var got []string
				for _, o := range owners {
					got = append(got, fmt.Sprintf("%s %s %s", o.Owner, o.ControlRights.Percent(6), o.CashFlowRights.Percent(6)))
				}
				require.Equal(t, want, got)
			})
		}
	}
}

// chainsTo calls visit for every simple chain that ends at company c.
func chainsTo(w booktest.World, c int, visit func(x int, weakest *big.Rat)) {
	on := make([]bool, len(w.IDs))
	var walk func(j int, weakest *big.Rat)
	walk = func(j int, weakest *big.Rat) {
		on[j] = true
		for i := range w.IDs {
			if on[i] || w.Held[i][j].Sign() == 0 {
				continue
			}
			next := w.Held[i][j]
			if weakest.Cmp(next) < 0 {
				next = weakest
			}
			visit(i, next)
			walk(i, next)
		}
		on[j] = false
	}
	walk(c, big.NewRat(1, 1))
}

func TestWeakestLinkAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1999))
	for range testkit.Cases(400) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 1+r.IntN(4))
		c := r.IntN(w.Companies)
		cutoff := big.NewRat(int64(5+5*r.IntN(6)), 100)
		method := []network.WeakestLinkMethod{network.WidestChain, network.SumOfChains}[r.IntN(2)]
		link := make([]*big.Rat, len(w.IDs))
		chainsTo(w, c, func(x int, weakest *big.Rat) {
			switch {
			case link[x] == nil:
				link[x] = new(big.Rat).Set(weakest)
			case method == network.SumOfChains:
				link[x].Add(link[x], weakest)
			case link[x].Cmp(weakest) < 0:
				link[x].Set(weakest)
			}
		})
		want := map[string]string{}
		for x, l := range link {
			if x == c || l == nil || l.Cmp(cutoff) < 0 {
				continue
			}
			end := true
			for i := range w.IDs {
				end = end && (x >= w.Companies || w.Held[i][x].Cmp(cutoff) < 0)
			}
			if end {
				want[w.IDs[x]] = ratio.FromRat(l).String()
			}
		}
		opt := network.WeakestLinkOptions{Method: method, Threshold: ratio.FromRat(cutoff)}
		owners, err := network.WeakestLinks(t.Context(), w.Alliance(t), w.IDs[c], opt)
		require.NoError(t, err)
		got := map[string]string{}
		for i, o := range owners {
			got[o.Owner] = o.ControlRights.String()
			require.True(t, i == 0 || o.ControlRights.Cmp(owners[i-1].ControlRights) <= 0)
			require.Equal(t, o.Owner, o.Chain[0].Holder)
			require.Equal(t, w.IDs[c], o.Chain[len(o.Chain)-1].Issuer)
			weakest := o.Chain[0].Share
			for k, l := range o.Chain {
				require.True(t, k == 0 || o.Chain[k-1].Issuer == l.Holder)
				if l.Share.Less(weakest) {
					weakest = l.Share
				}
			}
			require.True(t, weakest.Equal(o.ControlRights) || method == network.SumOfChains, o.String())
		}
		require.Equal(t, want, got, "%s of %v", w.IDs[c], w.Book.Stakes)

		other, names := w.Renamed(r)
		a, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := network.WeakestLinks(t.Context(), a, names[w.IDs[c]], opt)
		require.NoError(t, err)
		require.Len(t, again, len(got))
		for _, o := range owners {
			for _, p := range again {
				if p.Owner == names[o.Owner] {
					require.True(t, p.ControlRights.Equal(o.ControlRights))
				}
			}
		}
	}
}

func TestWeakestLinkErrors(t *testing.T) {
	a := booktest.Alliance(t, "A 20 B")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name, company string
		opt           network.WeakestLinkOptions
		want          error
	}{
		{"company", "A", network.WeakestLinkOptions{}, crossholding.ErrUnknown},
		{"reading", "B", network.WeakestLinkOptions{Method: "guess"}, crossholding.ErrUnknown},
		{"cutoff", "B", network.WeakestLinkOptions{Threshold: ratio.Int(2)}, crossholding.ErrRange},
		{"steps", "B", network.WeakestLinkOptions{MaxSteps: -1}, crossholding.ErrRange},
		{"basis", "B", network.WeakestLinkOptions{Basis: "hats"}, crossholding.ErrUnknown},
		{"context", "B", network.WeakestLinkOptions{}, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := t.Context()
			if c.name == "context" {
				asked = ctx
			}
			_, err := network.WeakestLinks(asked, a, c.company, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
	var stakes []string
	for i := range 14 {
		for j := range 14 {
			if i != j {
				stakes = append(stakes, fmt.Sprintf("c%d 6 c%d", i, j))
			}
		}
	}
	_, err := network.WeakestLinks(t.Context(), booktest.Alliance(t, stakes...), "c3", network.WeakestLinkOptions{Method: network.SumOfChains, MaxSteps: 5000})
	require.ErrorIs(t, err, crossholding.ErrSearchLimit)
	require.ErrorContains(t, err, "c3")
}

func ExampleWeakestLinks() {
	ctx := context.Background()
	// Claessens, Djankov and Lang: a family has 11% of a company that has 21%
	// of another.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "firm-a"}, {ID: "firm-b"}},
		Parties:   []crossholding.Party{{ID: "family"}},
		Stakes: []crossholding.Stake{
			{Holder: "family", Issuer: "firm-a", Percent: "11"},
			{Holder: "firm-a", Issuer: "firm-b", Percent: "21"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, cutoff := range []string{"10%", "20%"} {
		owners, err := network.WeakestLinks(ctx, a, "firm-b", network.WeakestLinkOptions{Threshold: ratio.MustParse(cutoff), CashFlow: true})
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range owners {
			fmt.Printf("at %s: %s; cash flow %s%%\n", cutoff, o, o.CashFlowRights.Percent(2))
		}
	}
	// Output:
	// at 10%: family has 11% of firm-b by the weakest link: family 11% of firm-a, firm-a 21% of firm-b; cash flow 2.31%
	// at 20%: firm-a has 21% of firm-b by the weakest link: firm-a 21% of firm-b; it is widely held; cash flow 21%
}
