package clearing_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/ratio"
)

func TestFaults(t *testing.T) {
	firms := []clearing.Firm{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	hold := func(holder, issuer, share string) clearing.Holding {
		return clearing.Holding{Holder: holder, Issuer: issuer, Share: ratio.MustParse(share)}
	}
	long := ratio.MustParse("1/1" + strings.Repeat("0", 400))
	for _, x := range []struct {
		name string
		in   clearing.Input
		kind error
		text string
	}{
		{"negative debt", clearing.Input{Firms: firms, Debts: []clearing.Debt{{Debtor: "a", Creditor: "b", Amount: ratio.Int(-5)}}}, clearing.ErrAmount, `debt 0, "a" to "b": the amount -5 is below 0`},
		{"negative seniority", clearing.Input{Firms: firms, Debts: []clearing.Debt{{Debtor: "a", Amount: ratio.Int(5), Seniority: -1}}}, clearing.ErrAmount, `debt 0, "a" to outside: the seniority -1`},
		{"negative assets", clearing.Input{Firms: []clearing.Firm{{Name: "a", Assets: ratio.Of(-1, 2)}}}, clearing.ErrAmount, `firm 0, "a": the value of the external assets -0.5`},
		{"long number", clearing.Input{Firms: []clearing.Firm{{Name: "a", Assets: long}}}, clearing.ErrAmount, "at most 1024"},
		{"costs above 1", clearing.Input{Costs: clearing.Costs{Claims: ratio.Of(3, 2)}}, clearing.ErrAmount, "costs of all firms: the cost of claims 1.5"},
		{"costs of a firm", clearing.Input{Firms: []clearing.Firm{{Name: "a", Costs: &clearing.Costs{External: ratio.Int(2)}}}}, clearing.ErrAmount, `firm 0, "a": the cost of external assets 2`},
		{"own debt", clearing.Input{Firms: firms, Debts: []clearing.Debt{{Debtor: "a", Creditor: "a", Amount: ratio.Int(5)}}}, clearing.ErrName, "cannot owe itself"},
		{"own shares", clearing.Input{Firms: firms, Holdings: []clearing.Holding{hold("a", "a", "0.1")}}, clearing.ErrName, "cannot hold its own shares"},
		{"unknown debtor", clearing.Input{Firms: firms, Debts: []clearing.Debt{{Debtor: "x", Amount: ratio.Int(5)}}}, clearing.ErrName, `the debtor "x" is not among the firms`},
		{"unknown creditor", clearing.Input{Firms: firms, Debts: []clearing.Debt{{Debtor: "a", Creditor: "x", Amount: ratio.Int(5)}}}, clearing.ErrName, `the creditor "x"`},
		{"unknown holder", clearing.Input{Firms: firms, Holdings: []clearing.Holding{hold("", "a", "0.1")}}, clearing.ErrName, `the holder ""`},
		{"no name", clearing.Input{Firms: []clearing.Firm{{}}}, clearing.ErrName, "firm 0: it has no name"},
		{"same name", clearing.Input{Firms: []clearing.Firm{{Name: "a"}, {Name: "a"}}}, clearing.ErrName, "firm 0 has the same name"},
		{"holding above 1", clearing.Input{Firms: firms, Holdings: []clearing.Holding{hold("a", "b", "1.1")}}, clearing.ErrHolding, "1.1"},
		{"holdings above 1", clearing.Input{Firms: firms, Holdings: []clearing.Holding{hold("a", "b", "0.6"), hold("c", "b", "0.5")}}, clearing.ErrHolding, `holdings of "b": they add up to 1.1, more than 1`},
		{"ring of two", clearing.Input{Firms: firms, Holdings: []clearing.Holding{hold("a", "b", "1"), hold("b", "a", "1")}}, clearing.ErrRing, `"a", "b"`},
		{"ring of three", clearing.Input{Firms: firms, Holdings: []clearing.Holding{hold("a", "b", "0.5"), hold("c", "b", "0.5"), hold("b", "a", "1"), hold("a", "c", "1")}}, clearing.ErrRing, `"a", "b", "c"`},
	} {
		t.Run(x.name, func(t *testing.T) {
			s, err := clearing.New(x.in)
			require.Nil(t, s)
			require.ErrorIs(t, err, x.kind)
			require.ErrorContains(t, err, x.text)
			var input *clearing.InputError
			require.True(t, errors.As(err, &input))
			require.Len(t, input.Faults, 1)
			require.ErrorIs(t, input.Faults[0], x.kind)
		})
	}
}

// Figures without a short common denominator would take memory without bound.
func TestDenominatorsWithoutEnd(t *testing.T) {
	prime := big.NewInt(1_000_003)
	next := func() ratio.Ratio {
		for !prime.ProbablyPrime(1) {
			prime.Add(prime, big.NewInt(2))
		}
		r := ratio.FromRat(new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(prime, big.NewInt(50), nil)))
		prime.Add(prime, big.NewInt(2))
		return r
	}
	var debts, holdings, costs clearing.Input
	debts.Firms = []clearing.Firm{{Name: "a"}, {Name: "b"}}
	holdings.Firms = debts.Firms
	for i := range 10 {
		r := next()
		debts.Debts = append(debts.Debts, clearing.Debt{Debtor: "a", Creditor: "b", Amount: r})
		holdings.Holdings = append(holdings.Holdings, clearing.Holding{Holder: "a", Issuer: "b", Share: r})
		costs.Firms = append(costs.Firms, clearing.Firm{Name: strings.Repeat("x", i+1), Costs: &clearing.Costs{Claims: r}})
	}
	for _, in := range []clearing.Input{debts, holdings, costs} {
		_, err := clearing.New(in)
		require.ErrorIs(t, err, clearing.ErrAmount)
		require.ErrorContains(t, err, "common denominator has more than 8192 bits")
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	in := clearing.Input{Firms: []clearing.Firm{{Name: "a", Assets: ratio.Int(-1)}, {Name: ""}}}
	for range 30 {
		in.Debts = append(in.Debts, clearing.Debt{Debtor: "nobody", Amount: ratio.Int(-1)})
	}
	_, err := clearing.New(in)
	var input *clearing.InputError
	require.True(t, errors.As(err, &input))
	require.Len(t, input.Faults, 62)
	require.ErrorContains(t, err, "and 42 more faults")
	require.ErrorIs(t, err, clearing.ErrName)
	require.ErrorIs(t, err, clearing.ErrAmount)
}

func TestTablesOfTheWrongLength(t *testing.T) {
	row := func(n int) []ratio.Ratio { return make([]ratio.Ratio, n) }
	for _, x := range []struct {
		name   string
		tables clearing.Tables
		text   string
	}{
		{"assets", clearing.Tables{Names: []string{"a", "b"}, Assets: row(3)}, "external assets: 3 entries for 2 firms"},
		{"rows of debts", clearing.Tables{Names: []string{"a", "b"}, Assets: row(2), Debts: [][][]ratio.Ratio{{row(2)}}}, "rows of debts of seniority 0: 1 entries for 2 firms"},
		{"row of debts", clearing.Tables{Names: []string{"a"}, Assets: row(1), Debts: [][][]ratio.Ratio{{row(2)}}}, "row 0 of debts of seniority 0: 2 entries for 1 firms"},
		{"outside", clearing.Tables{Names: []string{"a"}, Assets: row(1), Outside: [][]ratio.Ratio{nil, row(0)}}, "outside debts of seniority 1: 0 entries for 1 firms"},
		{"holdings", clearing.Tables{Names: []string{"a"}, Assets: row(1), Holdings: [][]ratio.Ratio{row(1), row(1)}}, "rows of holdings: 2 entries for 1 firms"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := x.tables.Input()
			require.ErrorIs(t, err, clearing.ErrTable)
			require.ErrorContains(t, err, x.text)
		})
	}
}

func TestFaultsOfContagion(t *testing.T) {
	_, err := clearing.NewContagion([]clearing.Organization{{Name: "a", Assets: ratio.Int(-1), Threshold: ratio.Int(-1), Cost: ratio.Int(-1)}},
		[]clearing.Holding{{Holder: "a", Issuer: "b", Share: ratio.Int(2)}})
	var input *clearing.InputError
	require.True(t, errors.As(err, &input))
	require.Len(t, input.Faults, 5)
	_, err = clearing.NewContagion([]clearing.Organization{{Name: "a"}, {Name: "b"}}, []clearing.Holding{
		{Holder: "a", Issuer: "b", Share: one}, {Holder: "b", Issuer: "a", Share: one},
	})
	require.ErrorIs(t, err, clearing.ErrRing)
}
