package crossholding_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleValuation_Amount() {
	a, err := booktest.Renault("before")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := a.Value(crossholding.Market{Currency: "JPY", Prices: map[string]string{"nissan": "568.5", "mitsubishi": "204.98"}}, crossholding.ValuationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := a.Graph()
	nissan, err := g.Company("nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, end := g.Stakes(nissan); e < end; e++ {
		m, err := v.Amount(e)
		fmt.Println(g.ID(g.Stake(e).Beneficiary), m, err)
	}
	// Output:
	// renault 1041399349849.5 JPY <nil>
}

// requireAmounts requires that the amounts of the stakes of each holder in each issuer add up
// to the value that [crossholding.Valuation.Stake] finds, and that Stakes lists the same. It
// returns how many stakes have no value.
func requireAmounts(t *testing.T, a *crossholding.Alliance, m crossholding.Market, opt crossholding.ValuationOptions) int {
	t.Helper()
	v, err := a.Value(m, opt)
	require.NoError(t, err)
	g := a.Graph()
	type pair [2]string
	sums, failed, last := map[pair]crossholding.Money{}, map[pair]error{}, int32(0)
	for c := range int32(g.Len()) {
		from, to := g.Stakes(c)
		last = max(last, to)
		for e := from; e < to; e++ {
			key := pair{g.ID(g.Stake(e).Beneficiary), g.ID(c)}
			m, err := v.Amount(e)
			if err != nil {
				failed[key] = err
				continue
			}
			sums[key] = crossholding.Money{Amount: sums[key].Amount.Add(m.Amount), Currency: m.Currency}
		}
	}
	for _, e := range []int32{-1, last} {
		_, err := v.Amount(e)
		require.ErrorIs(t, err, crossholding.ErrUnknown)
	}
	listed := 0
	for s := range v.Stakes() {
		listed++
		key := pair{s.Holder, s.Issuer}
		one, err := v.Stake(s.Holder, s.Issuer)
		require.NoError(t, err)
		require.Equal(t, one, s)
		want, err := s.Value()
		if err != nil {
			require.ErrorIs(t, failed[key], crossholding.ErrNoPrice)
			require.Equal(t, err.Error(), failed[key].Error())
			continue
		}
		require.NoError(t, failed[key])
		require.Equal(t, want.String(), sums[key].String())
		require.True(t, want.Amount.Equal(sums[key].Amount))
		require.Equal(t, want.Currency, sums[key].Currency)
	}
	for key := range failed {
		delete(sums, key)
	}
	require.Equal(t, listed, len(sums)+len(failed))
	return len(failed)
}

func TestAmountsOfBooks(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	missing := 0
	for range testkit.Cases(2000) {
		b := booktest.RandomBook(r)
		m := crossholding.Market{Prices: map[string]string{}, FX: map[string]ratio.Number{"EUR/JPY": "157.13"}}
		for _, c := range b.Companies {
			switch r.IntN(4) {
			case 0: // no price
			case 1:
				m.Prices[c.ID] = "1/3 USD" // no rate
			default:
				m.Prices[c.ID] = fmt.Sprintf("%d.%02d EUR", r.IntN(90), r.IntN(100))
			}
		}
		missing += requireAmounts(t, booktest.New(t, b), m, crossholding.ValuationOptions{Currency: []string{"", "JPY"}[r.IntN(2)]})
	}
	require.Positive(t, missing)
}

func TestAmountsOfClasses(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "vw", Currency: "EUR", Shares: []crossholding.ShareClass{{Class: "ordinary", Issued: "300"}, {Class: "preferred", Issued: "200"}}}},
		Parties:   []crossholding.Party{{ID: "fund"}, {ID: "trust", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "fund", Issuer: "vw", Class: "ordinary", Shares: "30"},
			{Holder: "fund", Issuer: "vw", Class: "preferred", Shares: "50"},
			{Holder: "trust", Beneficiary: "fund", Issuer: "vw", Class: "preferred", Shares: "7"},
		},
	}
	a := booktest.New(t, b)
	require.Zero(t, requireAmounts(t, a, crossholding.Market{Prices: map[string]string{"vw/ordinary": "120.5", "vw/preferred": "99"}}, crossholding.ValuationOptions{}))
	require.Equal(t, 1, requireAmounts(t, a, crossholding.Market{Prices: map[string]string{"vw/ordinary": "120.5"}}, crossholding.ValuationOptions{}))
}

// A register with decimals, several rows of one holder, more stakes than a block, and stakes
// that are scaled to thirds.
func TestAmountsOfRegisters(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	for range testkit.Cases(100) {
		companies, stakes := "id,issued,treasury,votes\n", "holder,issuer,shares\n"
		m := crossholding.Market{Prices: map[string]string{}, FX: map[string]ratio.Number{"EUR/JPY": "157.13"}}
		n := 1 + r.IntN(60)
		for c := range n {
			companies += fmt.Sprintf("c%d,%d%s,,\n", c, 1+r.IntN(400), []string{"", ".25", ".5"}[r.IntN(3)])
			switch r.IntN(6) {
			case 0: // no price
			case 1:
				m.Prices[fmt.Sprintf("c%d", c)] = "12 USD"
			case 2:
				m.Prices[fmt.Sprintf("c%d", c)] = "4.5 JPY"
			default:
				m.Prices[fmt.Sprintf("c%d", c)] = fmt.Sprintf("%d.%02d EUR", r.IntN(90), r.IntN(100))
			}
			for range r.IntN(12) {
				if h := r.IntN(n); h != c {
					stakes += fmt.Sprintf("c%d,c%d,%d%s\n", h, c, r.IntN(60), []string{"", ".5"}[r.IntN(2)])
				}
			}
		}
		a, err := crossholding.ReadRegister(t.Context(), strings.NewReader(companies), bytes.NewBufferString(stakes),
			crossholding.RegisterOptions{OverAllocated: []crossholding.OverAllocationPolicy{crossholding.OverAllocationKeepOut, crossholding.OverAllocationScale}[r.IntN(2)]})
		require.NoError(t, err)
		requireAmounts(t, a, m, crossholding.ValuationOptions{Currency: []string{"", "JPY"}[r.IntN(2)]})
	}
}
