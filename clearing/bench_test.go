package clearing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/ratio"
)

// network makes n firms that each owe and are held by about degree others, with one or two
// seniorities, decimals as amounts and about a third of the firms in default.
func network(n, degree, seniorities int, costs clearing.Costs) clearing.Input {
	r := rand.New(rand.NewPCG(uint64(n), uint64(degree)))
	in := clearing.Input{Costs: costs}
	name := func(i int) string { return fmt.Sprintf("firm%04d", i) }
	owed := make([]int64, n)
	for i := range n {
		others := r.Perm(n)[:min(degree, n)]
		for _, j := range others {
			if j == i {
				continue
			}
			amount := r.Int64N(100_000) + 1
			owed[i] += amount
			in.Debts = append(in.Debts, clearing.Debt{Debtor: name(i), Creditor: name(j), Amount: ratio.Of(amount, 100), Seniority: r.IntN(seniorities)})
			if r.IntN(4) == 0 {
				in.Holdings = append(in.Holdings, clearing.Holding{Holder: name(i), Issuer: name(j), Share: ratio.Of(r.Int64N(1000), 2000*int64(degree))})
			}
		}
		outside := owed[i]/4 + 1
		owed[i] += outside
		in.Debts = append(in.Debts, clearing.Debt{Debtor: name(i), Amount: ratio.Of(outside, 100)})
	}
	for i := range n {
		in.Firms = append(in.Firms, clearing.Firm{Name: name(i), Assets: ratio.Of(r.Int64N(owed[i]*2/3+1), 100)})
	}
	return in
}

// BenchmarkClear finds the greatest solution with 12 certified places, beside gonum's LU of a
// dense matrix of the same size. Divide by regimes to compare.
func BenchmarkClear(b *testing.B) {
	costs := clearing.Costs{External: ratio.Of(1, 10), Claims: ratio.Of(1, 5)}
	for _, x := range []struct {
		n, degree, seniorities int
		costs                  clearing.Costs
	}{
		{10, 9, 1, clearing.Costs{}}, {300, 299, 1, clearing.Costs{}}, {300, 299, 1, costs}, {300, 299, 2, clearing.Costs{}}, {1000, 6, 1, clearing.Costs{}}, {1000, 6, 2, costs},
	} {
		name := fmt.Sprintf("n=%d/degree=%d/seniorities=%d/costs=%t", x.n, x.degree, x.seniorities, x.costs.Claims.Sign() > 0)
		a := mat.NewDense(x.n, x.n, nil)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range x.n {
			for j := range x.n {
				a.Set(i, j, -r.Float64()/float64(x.n))
			}
			a.Set(i, i, 1)
		}
		b.Run(name+"/LU", func(b *testing.B) {
			var lu mat.LU
			for b.Loop() {
				lu.Factorize(a)
			}
		})
		s, err := clearing.New(network(x.n, x.degree, x.seniorities, x.costs))
		require.NoError(b, err)
		for _, places := range []int{0, 12} {
			if places == 0 && x.n > 10 {
				continue
			}
			b.Run(fmt.Sprintf("%s/places=%d", name, places), func(b *testing.B) {
				b.ReportAllocs()
				var regimes, defaults int
				for b.Loop() {
					got, err := s.Greatest(b.Context(), clearing.Options{Places: places})
					require.NoError(b, err)
					regimes = got.Regimes
					defaults = len(got.Defaults())

				}
				b.ReportMetric(float64(regimes), "regimes")
				b.ReportMetric(float64(defaults), "defaults")
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*regimes)/1e3, "ms/regime")
			})
		}
	}
}
