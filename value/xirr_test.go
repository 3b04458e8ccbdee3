package value_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// flow is a payment in one currency.
func flow(day, amount string) value.Flow {
	return value.Flow{Date: date.Date(day), Amount: crossholding.Money{Amount: ratio.MustParse(amount), Currency: "EUR"}}
}

// after returns the day n days after the first of 2000.
func after(n int) string {
	return time.Date(2000, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func texts(list []ratio.Ratio) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.String()
	}
	return out
}

func TestXIRRByHand(t *testing.T) {
	for name, c := range map[string]struct {
		flows  []value.Flow
		places int
		want   []string
	}{
		"one year":           {[]value.Flow{flow(after(0), "-100"), flow(after(365), "110")}, 10, []string{"0.1"}},
		"all lost but one":   {[]value.Flow{flow(after(0), "-100"), flow(after(365), "1")}, 6, []string{"-0.99"}},
		"rounded half even":  {[]value.Flow{flow(after(0), "-100"), flow(after(365), "110.5")}, 2, []string{"0.1"}},
		"half even upwards":  {[]value.Flow{flow(after(0), "-100"), flow(after(365), "111.5")}, 2, []string{"0.12"}},
		"two rates":          {[]value.Flow{flow(after(0), "-100"), flow(after(365), "230"), flow(after(730), "-132")}, 12, []string{"0.1", "0.2"}},
		"three rates":        {[]value.Flow{flow(after(0), "-100"), flow(after(365), "360"), flow(after(730), "-431"), flow(after(1095), "171.6")}, 20, []string{"0.1", "0.2", "0.3"}},
		"a rate and its sum": {[]value.Flow{flow(after(0), "-60"), flow(after(0), "-40"), flow(after(3650), "100")}, 30, []string{"0"}},
		"one day":            {[]value.Flow{flow(after(0), "-1"), flow(after(1), "2")}, 0, []string{"75153362648762663292463379097258784876021841565066235862633311089657689418431721053012214612132563967"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := value.XIRR(t.Context(), c.flows, c.places)
			require.NoError(t, err)
			if name == "one day" { // 2^365 - 1
				require.Len(t, got, 1)
				require.Equal(t, 366-1, got[0].Num().BitLen())
				return
			}
			require.Equal(t, c.want, texts(got))
		})
	}
}

func TestXIRRFaults(t *testing.T) {
	usd := flow(after(9), "3")
	usd.Amount.Currency = "USD"
	for name, c := range map[string]struct {
		flows []value.Flow
		kind  error
	}{
		"nothing":       {nil, value.ErrNoRoot},
		"only paid":     {[]value.Flow{flow(after(0), "-100"), flow(after(5), "-1")}, value.ErrNoRoot},
		"on one day":    {[]value.Flow{flow(after(0), "-100"), flow(after(0), "110")}, value.ErrNoRoot},
		"no real rate":  {[]value.Flow{flow(after(0), "-100"), flow(after(365), "200"), flow(after(730), "-150")}, value.ErrNoRoot},
		"double rate":   {[]value.Flow{flow(after(0), "-100"), flow(after(365), "220"), flow(after(730), "-121")}, value.ErrUndecided},
		"no day":        {[]value.Flow{flow("", "-100"), flow("2020-02-30", "110")}, crossholding.ErrDate},
		"currencies":    {[]value.Flow{flow(after(0), "-100"), usd}, crossholding.ErrCurrency},
		"beyond limits": {[]value.Flow{flow(after(0), "-1"), flow(after(1), "1000000")}, value.ErrUndecided},
		"300 years":     {[]value.Flow{flow("1700-01-01", "-1"), flow("2020-01-01", "100")}, crossholding.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := value.XIRR(t.Context(), c.flows, 6)
			require.ErrorIs(t, err, c.kind)
		})
	}
	_, err := value.XIRR(t.Context(), []value.Flow{flow(after(0), "-1"), flow(after(1), "1")}, 31)
	require.ErrorIs(t, err, crossholding.ErrRange)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = value.XIRR(ended, nil, 6)
	require.ErrorIs(t, err, context.Canceled)
}

// Payments that are made to have given rates have these rates and no others.
func TestXIRRFindsAllRates(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for range testkit.Cases(300) {
		// A product of (g·z - 1) has the roots 1/g in z, for g = 1+r; z is the discount of a year.
		n := 1 + r.IntN(4)
		terms, rates := []ratio.Ratio{ratio.Int(-1)}, map[string]bool{}
		for range n {
			g := ratio.Of(int64(20+r.IntN(380)), 200) // -90% to +100%, in steps of 0.5%
			for rates[g.String()] {
				g = g.Add(ratio.Of(1, 200))
			}
			rates[g.String()] = true
			next := make([]ratio.Ratio, len(terms)+1)
			for i, c := range terms {
				next[i] = next[i].Sub(c)
				next[i+1] = next[i+1].Add(c.Mul(g))
			}
			terms = next
		}
		var flows []value.Flow
		for i, c := range terms {
			flows = append(flows, value.Flow{Date: date.Date(after(365 * i)), Amount: crossholding.Money{Amount: c}})
		}
		got, err := value.XIRR(t.Context(), flows, 9)
		require.NoError(t, err, "%v", flows)
		require.Len(t, got, n)
		for _, x := range got {
			require.True(t, rates[x.Add(ratio.Int(1)).String()], "%s of %v", x, rates)
		}
	}
}

// Of payments with many changes of sign the number of rates is at most that of the changes, and
// both are even or both are odd, by the rule of Descartes.
func TestXIRROfRandomPayments(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range testkit.Cases(1400) {
		byDay := map[int]int64{}
		var flows []value.Flow
		for range 5 + r.IntN(40) {
			day, amount := r.IntN(7000), int64(r.IntN(600_000)-300_000)
			byDay[day] += amount
			flows = append(flows, flow(after(day), fmt.Sprint(amount)))
		}
		changes, last := 0, int64(0)
		for _, day := range slices.Sorted(maps.Keys(byDay)) {
			if x := byDay[day]; x != 0 {
				if x < 0 != (last < 0) && last != 0 {
					changes++
				}
				last = x
			}
		}
		got, err := value.XIRR(t.Context(), flows, 8)
		if err != nil {
			require.ErrorIs(t, err, value.ErrNoRoot)
		}
		require.LessOrEqual(t, len(got), changes)
		require.Equal(t, changes%2, len(got)%2)
	}
}

// manyFlows is n payments of a fund: capital calls, then distributions.
func manyFlows(n int) []value.Flow {
	r := rand.New(rand.NewPCG(3, 9))
	flows := make([]value.Flow, n)
	for i := range flows {
		amount := ratio.Of(int64(100+r.IntN(100_000)), 100)
		if i < n*2/5 {
			amount = amount.Neg()
		}
		flows[i] = value.Flow{Date: date.Date(after(i * 7000 / n)), Amount: crossholding.Money{Amount: amount, Currency: "EUR"}}
	}
	return flows
}

func BenchmarkXIRR(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		flows := manyFlows(n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := value.XIRR(b.Context(), flows, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	alternating := manyFlows(1000)
	for i := range alternating {
		if i%20 == 0 {
			alternating[i].Amount.Amount = alternating[i].Amount.Amount.Neg()
		}
	}
	b.Run("n=1000/changes=100", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.XIRR(b.Context(), alternating, 10); err != nil {
				b.Fatal(err)
			}
		}
	})
}
