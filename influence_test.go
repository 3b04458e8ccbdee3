package crossholding_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

var classes = []crossholding.InvestmentClass{
	crossholding.Subsidiary, crossholding.JointVenture, crossholding.Associate, crossholding.Investment,
}

func TestConsolidationCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Source                              string
			Stakes, Subsidiary, Associate, Investment []string
			Joint                                     []string `json:"joint venture"`
			Economic, Votes                           map[string]string
		}
	}
	loadCases(t, "group", &file)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			got, err := allianceOf(t, c.Stakes...).Consolidate(t.Context(), "P", crossholding.ConsolidationOptions{})
			require.NoError(t, err)
			for i, want := range [][]string{c.Subsidiary, c.Joint, c.Associate, c.Investment} {
				require.Equal(t, want, got.Of(classes[i]), classes[i])
			}
			for _, e := range got.Entities {
				if want, ok := c.Economic[e.Company]; ok {
					requireRatio(t, want+"%", e.Economic)
					requireRatio(t, c.Votes[e.Company]+"%", e.Votes)
				}
			}
		})
	}
}

func TestConsolidationByBoard(t *testing.T) {
	b := bookOf(t, "P 30 B", "Q 60 B", "P 51 S", "S 20 C", "B 40 C")
	b.Agreements = []crossholding.Agreement{{ID: "board-pact", Kind: crossholding.Directors, Holders: []string{"P", "S"}, Issuer: "B", Max: "60%"}}
	a, err := crossholding.New(b)
	require.NoError(t, err)
	got, err := a.Consolidate(t.Context(), "P", crossholding.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B", "C", "S"}, got.Of(crossholding.Subsidiary))
	require.Equal(t, "P and S appoint 60% of the board (board-pact)", got.Entities[0].Because)
	got, err = a.Consolidate(t.Context(), "P", crossholding.ConsolidationOptions{NoDirectors: true})
	require.NoError(t, err)
	require.Equal(t, []string{"S"}, got.Of(crossholding.Subsidiary))
	got, err = a.Consolidate(t.Context(), "Q", crossholding.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B"}, got.Of(crossholding.Subsidiary))

	for _, change := range []func(*crossholding.Agreement){
		func(ag *crossholding.Agreement) { ag.Max = "50%" },
		func(ag *crossholding.Agreement) { ag.Holders = []string{"P", "Q"} },
		func(ag *crossholding.Agreement) { ag.From = "2024-01-01" },
	} {
		b := b
		b.AsOf = "2023-01-01"
		b.Agreements = []crossholding.Agreement{b.Agreements[0]}
		change(&b.Agreements[0])
		a, err := crossholding.New(b)
		require.NoError(t, err)
		got, err := a.Consolidate(t.Context(), "P", crossholding.ConsolidationOptions{})
		require.NoError(t, err)
		require.Equal(t, []string{"S"}, got.Of(crossholding.Subsidiary))
	}
}

// TestConsolidationByDirection: votes that another directs are the leader's.
func TestConsolidationByDirection(t *testing.T) {
	b := bookOf(t, "P 25 B", "Q 30 B", "B 40 C", "Q 15 C")
	b.Agreements = []crossholding.Agreement{{ID: "follow", Kind: crossholding.Follow, Holders: []string{"Q"}, Leader: "P"}}
	got, err := newAlliance(t, b).Consolidate(t.Context(), "P", crossholding.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B", "C"}, got.Of(crossholding.Subsidiary))
	requireRatio(t, "0.55", got.Entities[1].Votes)
	requireRatio(t, "0.1", got.Entities[1].Economic)
}

func TestConsolidationAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 28))
	fifth := big.NewRat(1, 5)
	for range 400 {
		w := randomWorld(r, 2+r.IntN(6), 1+r.IntN(3))
		x := r.IntN(len(w.ids))
		in := w.fixpoint([]int{x}, overHalf)
		want := map[string]crossholding.InvestmentClass{}
		for j := range w.companies {
			sum := new(big.Rat)
			for i := range w.ids {
				if in[i] && i != j {
					sum.Add(sum, w.a[i][j])
				}
			}
			switch {
			case j == x || sum.Sign() == 0:
			case in[j]:
				want[w.ids[j]] = crossholding.Subsidiary
			case sum.Cmp(fifth) >= 0:
				want[w.ids[j]] = crossholding.Associate
			default:
				want[w.ids[j]] = crossholding.Investment
			}
		}
		got, err := w.alliance(t).Consolidate(t.Context(), w.ids[x], crossholding.ConsolidationOptions{})
		require.NoError(t, err)
		list := map[string]crossholding.InvestmentClass{}
		for _, e := range got.Entities {
			list[e.Company] = e.Class
		}
		// A float of 2% is left in every company, so no two have half each.
		require.Equal(t, want, list, "%s of %v", w.ids[x], w.book.Stakes)

		other, names := w.renamed(r)
		a, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := a.Consolidate(t.Context(), names[w.ids[x]], crossholding.ConsolidationOptions{})
		require.NoError(t, err)
		require.Len(t, again.Entities, len(got.Entities))
		for _, e := range again.Entities {
			for old, id := range names {
				if id == e.Company {
					require.Equal(t, want[old], e.Class)
				}
			}
		}
	}
}

func TestConsolidationErrors(t *testing.T) {
	a := allianceOf(t, "P 20 B")
	for _, c := range []struct {
		name, parent string
		opt          crossholding.ConsolidationOptions
		want         error
	}{
		{"parent", "Z", crossholding.ConsolidationOptions{}, crossholding.ErrUnknown},
		{"float", "float:B", crossholding.ConsolidationOptions{}, crossholding.ErrRange},
		{"control", "P", crossholding.ConsolidationOptions{Control: ratio.Int(2)}, crossholding.ErrRange},
		{"influence", "P", crossholding.ConsolidationOptions{Influence: ratio.Int(2)}, crossholding.ErrRange},
		{"basis", "P", crossholding.ConsolidationOptions{Basis: "hats"}, crossholding.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := a.Consolidate(t.Context(), c.parent, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := a.Consolidate(ctx, "P", crossholding.ConsolidationOptions{})
	require.ErrorIs(t, err, context.Canceled)
	ring := allianceOf(t, "A 100 B", "B 100 A")
	_, err = ring.Consolidate(t.Context(), "A", crossholding.ConsolidationOptions{})
	require.ErrorIs(t, err, crossholding.ErrClosedRing)
}

func ExampleAlliance_Consolidate() {
	ctx := context.Background()
	// The alliance at the end of 2022. French law silences the votes that
	// Nissan's finance company has in Renault, so that 15% of the money is no
	// influence.
	b := mitsubishiMotors()
	b.Companies[1].Shares = []crossholding.ShareClass{{Issued: "4220715112", Treasury: "28900000"}}
	b.Companies = append(b.Companies,
		crossholding.Company{ID: "renault", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "295722284", Treasury: "4562561"}}},
		crossholding.Company{ID: "nissan-finance", Country: "JP"})
	b.Stakes = append(b.Stakes,
		crossholding.Stake{Holder: "renault", Issuer: "nissan", Shares: "1831837027"},
		crossholding.Stake{Holder: "nissan", Issuer: "nissan-finance", Percent: "100"},
		crossholding.Stake{Holder: "nissan-finance", Issuer: "renault", Shares: "44358343"})
	a, err := crossholding.New(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, parent := range []string{"nissan", "renault"} {
		group, err := a.Consolidate(ctx, parent, crossholding.ConsolidationOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("The interests of", parent)
		for _, e := range group.Entities {
			fmt.Println(" ", e)
		}
	}
	// Output:
	// The interests of nissan
	//   mitsubishi-motors: associate (34.07% of the votes, 34.07% of the money): 34.07% of the votes, at least 20%
	//   nissan-finance: subsidiary (100% of the votes, 100% of the money): nissan casts 100 of 100 votes in nissan-finance (100%)
	//   renault: investment (0% of the votes, 15.24% of the money): 0% of the votes, less than 20%
	// The interests of renault
	//   nissan: associate (43.7% of the votes, 43.7% of the money): 43.7% of the votes, at least 20%
}

func overHalf(sum *big.Rat, _ int) bool { return sum.Cmp(big.NewRat(1, 2)) > 0 }
