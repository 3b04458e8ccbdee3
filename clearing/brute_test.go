package clearing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// The oracle tries every pattern of default: for each firm the seniority in which its money
// ends. It solves each pattern by elimination, and keeps the solutions that satisfy the
// definition. It shares no code with the package.

var zero, one = ratio.Int(0), ratio.Int(1)

// point is one solution of the oracle.
type point struct {
	gross, assets []ratio.Ratio
	paid          [][]ratio.Ratio // by firm and tier, shares last
}

type oracle struct {
	t     clearing.Tables
	n     int
	owed  [][]ratio.Ratio // by firm and seniority
	total []ratio.Ratio
}

func newOracle(t clearing.Tables) *oracle {
	o := &oracle{t: t, n: len(t.Names)}
	for i := range o.n {
		var row []ratio.Ratio
		sum := zero
		for k := range t.Debts {
			owed := t.Outside[k][i]
			for j := range o.n {
				owed = owed.Add(t.Debts[k][i][j])
			}
			row = append(row, owed)
			sum = sum.Add(owed)
		}
		o.owed = append(o.owed, row)
		o.total = append(o.total, sum)
	}
	return o
}

// costly says that a default of firm i costs something.
func (o *oracle) costly(i int) bool {
	c := o.t.Costs
	return o.total[i].Sign() > 0 && c.External.Sign()+c.Claims.Sign()+c.Shares.Sign() > 0
}

// share is which part of firm i's tier k firm j gets.
func (o *oracle) share(i, k, j int) ratio.Ratio {
	if k == len(o.t.Debts) {
		return o.t.Holdings[j][i]
	}
	if o.owed[i][k].IsZero() {
		return zero
	}
	return o.t.Debts[k][i][j].Div(o.owed[i][k])
}

// before is what firm i owes in the tiers before k.
func (o *oracle) before(i, k int) ratio.Ratio {
	sum := zero
	for l := range k {
		sum = sum.Add(o.owed[i][l])
	}
	return sum
}

// rates are what remains of external assets, claims and shares.
func (o *oracle) rates(bears bool) (external, claims, shares ratio.Ratio) {
	if !bears {
		return one, one, one
	}
	return one.Sub(o.t.Costs.External), one.Sub(o.t.Costs.Claims), one.Sub(o.t.Costs.Shares)
}

// solve returns the assets in one pattern, or false if the pattern has no single solution.
// The tier -1 means that the firm has nothing.
func (o *oracle) solve(pattern []int) ([]ratio.Ratio, bool) {
	shares := len(o.t.Debts)
	a := make([][]ratio.Ratio, o.n)
	for i := range o.n {
		a[i] = make([]ratio.Ratio, o.n+1)
		a[i][i] = one
		ext, claims, held := o.rates(o.costly(i) && pattern[i] < shares)
		a[i][o.n] = ext.Mul(o.t.Assets[i])
		for j := range o.n {
			for k := 0; k <= pattern[j]; k++ {
				rate := claims
				if k == shares {
					rate = held
				}
				part := rate.Mul(o.share(j, k, i))
				if k < pattern[j] {
					a[i][o.n] = a[i][o.n].Add(part.Mul(o.owed[j][k]))
					continue
				}
				a[i][j] = a[i][j].Sub(part)
				a[i][o.n] = a[i][o.n].Sub(part.Mul(o.before(j, k)))
			}
		}
	}
	return eliminate(a)
}

func eliminate(a [][]ratio.Ratio) ([]ratio.Ratio, bool) {
	n := len(a)
	for c := range n {
		p := c
		for p < n && a[p][c].IsZero() {
			p++
		}
		if p == n {
			return nil, false
		}
		a[c], a[p] = a[p], a[c]
		for r := range n {
			if r == c || a[r][c].IsZero() {
				continue
			}
			f := a[r][c].Div(a[c][c])
			for x := c; x <= n; x++ {
				a[r][x] = a[r][x].Sub(f.Mul(a[c][x]))
			}
		}
	}
	out := make([]ratio.Ratio, n)
	for i := range n {
		out[i] = a[i][n].Div(a[i][i])
	}
	return out, true
}

// check applies the definition to the assets, and says whether they reproduce themselves.
func (o *oracle) check(assets []ratio.Ratio, bears []bool) (point, bool) {
	shares := len(o.t.Debts)
	p := point{assets: assets, paid: make([][]ratio.Ratio, o.n)}
	for i := range o.n {
		rest := assets[i]
		if rest.Sign() < 0 {
			return p, false
		}
		for k := range shares {
			pays := o.owed[i][k]
			if rest.Less(pays) {
				pays = rest
			}
			p.paid[i] = append(p.paid[i], pays)
			rest = rest.Sub(pays)
		}
		if bears[i] {
			rest = zero
		}
		p.paid[i] = append(p.paid[i], rest)
	}
	for i := range o.n {
		claims, held := zero, zero
		for j := range o.n {
			for k := range shares {
				claims = claims.Add(o.share(j, k, i).Mul(p.paid[j][k]))
			}
			held = held.Add(o.share(j, shares, i).Mul(p.paid[j][shares]))
		}
		gross := o.t.Assets[i].Add(claims).Add(held)
		p.gross = append(p.gross, gross)
		if bears[i] != (o.costly(i) && gross.Less(o.total[i])) {
			return p, false
		}
		ext, c, h := o.rates(bears[i])
		if !assets[i].Equal(ext.Mul(o.t.Assets[i]).Add(c.Mul(claims)).Add(h.Mul(held))) {
			return p, false
		}
	}
	return p, true
}

// extremes returns the greatest and the least of all solutions. Firms of which empty is true
// may have nothing at all.
func (o *oracle) extremes(t testing.TB, empty bool) (greatest, least point) {
	shares, low := len(o.t.Debts), 0
	if empty {
		low = -1
	}
	pattern, bears := make([]int, o.n), make([]bool, o.n)
	for i := range pattern {
		pattern[i] = low
	}
	var all []point
	for {
		if assets, ok := o.solve(pattern); ok {
			for i := range bears {
				bears[i] = o.costly(i) && pattern[i] < shares
			}
			if p, ok := o.check(assets, bears); ok {
				all = append(all, p)
			}
		}
		i := 0
		for i < o.n && pattern[i] == shares {
			pattern[i] = low
			i++
		}
		if i == o.n {
			break
		}
		pattern[i]++
	}
	require.NotEmpty(t, all)
	greatest, least = all[0], all[0]
	for _, p := range all {
		if dominates(p, greatest) {
			greatest = p
		}
		if dominates(least, p) {
			least = p
		}
	}
	for _, p := range all {
		require.True(t, dominates(greatest, p) && dominates(p, least), "the solutions have a greatest and a least")
	}
	return greatest, least
}

func dominates(p, q point) bool {
	for i := range p.gross {
		if p.gross[i].Less(q.gross[i]) || p.assets[i].Less(q.assets[i]) {
			return false
		}
	}
	return true
}

// kind of random systems.
type kind struct {
	n, seniorities int
	holdings       bool
	costs          bool
	empty          bool // some firms have no external assets
}

// randomTables makes a system of small whole numbers, so that ties and rings are frequent.
func randomTables(r *rand.Rand, k kind) clearing.Tables {
	matrix := func() [][]ratio.Ratio {
		m := make([][]ratio.Ratio, k.n)
		for i := range m {
			m[i] = make([]ratio.Ratio, k.n)
		}
		return m
	}
	t := clearing.Tables{Holdings: matrix()}
	density := r.Float64()
	for i := range k.n {
		t.Names = append(t.Names, fmt.Sprintf("f%d", i))
		a := r.Int64N(6)
		if k.empty && r.IntN(2) == 0 {
			a = 0
		} else if !k.empty {
			a++
		}
		t.Assets = append(t.Assets, ratio.Int(a))
	}
	for range k.seniorities {
		m, outside := matrix(), make([]ratio.Ratio, k.n)
		for i := range k.n {
			for j := range k.n {
				if i != j && r.Float64() < density {
					m[i][j] = ratio.Int(r.Int64N(6))
				}
			}
			if r.IntN(3) == 0 {
				outside[i] = ratio.Int(r.Int64N(8))
			}
		}
		t.Debts, t.Outside = append(t.Debts, m), append(t.Outside, outside)
	}
	if k.holdings {
		for j := range k.n {
			left := int64(10)
			if r.IntN(3) > 0 {
				left-- // not wholly held, so that rings are rare
			}
			for i := range k.n {
				if i != j && r.IntN(2) == 0 {
					part := r.Int64N(left + 1)
					t.Holdings[i][j] = ratio.Of(part, 10)
					left -= part
				}
			}
		}
	}
	if k.costs {
		quarters := func() ratio.Ratio { return ratio.Of(r.Int64N(5), 4) }
		t.Costs = clearing.Costs{External: quarters(), Claims: quarters(), Shares: quarters()}
		if !k.empty {
			t.Costs.External = ratio.Of(r.Int64N(4), 4) // something is left
		}
	}
	return t
}

func system(t testing.TB, tables clearing.Tables) *clearing.System {
	t.Helper()
	in, err := tables.Input()
	require.NoError(t, err)
	s, err := clearing.New(in)
	require.NoError(t, err)
	return s
}

// drawSystem makes a random system without rings of shares.
func drawSystem(t testing.TB, r *rand.Rand, k kind) (clearing.Tables, *clearing.System) {
	for {
		tables := randomTables(r, k)
		in, err := tables.Input()
		require.NoError(t, err)
		s, err := clearing.New(in)
		if err == nil {
			return tables, s
		}
		require.ErrorIs(t, err, clearing.ErrRing)
	}
}

func TestAllDefaultPatterns(t *testing.T) {
	for _, x := range []struct {
		kind
		cases int
	}{
		{kind{n: 1, seniorities: 2, empty: true}, 50},
		{kind{n: 2, seniorities: 1, empty: true, holdings: true, costs: true}, 1500},
		{kind{n: 3, seniorities: 1, empty: true}, 1500},
		{kind{n: 3, seniorities: 2, empty: true, holdings: true}, 1000},
		{kind{n: 3, seniorities: 2, empty: true, holdings: true, costs: true}, 1000},
		{kind{n: 4, seniorities: 1, empty: true, holdings: true, costs: true}, 400},
		{kind{n: 5, seniorities: 1, empty: true, costs: true}, 300},
		{kind{n: 6, seniorities: 1, holdings: true, costs: true}, 200},
		{kind{n: 8, seniorities: 1, holdings: true}, 40},
		{kind{n: 8, seniorities: 1, holdings: true, costs: true}, 40},
		{kind{n: 12, seniorities: 1, holdings: true, costs: true}, testkit.Size(0, 4)},
	} {
		t.Run(fmt.Sprintf("%+v", x.kind), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(x.n), uint64(x.cases)))
			several := 0
			for range testkit.Cases(x.cases) {
				tables, s := drawSystem(t, r, x.kind)
				greatest, least := newOracle(tables).extremes(t, x.empty)
				c, err := s.Clear(t.Context(), clearing.Options{})
				require.NoError(t, err)
				requireSame(t, greatest, c.Greatest)
				requireSame(t, least, c.Least)
				unique := dominates(least, greatest)
				require.Equal(t, unique, c.Unique)
				require.Equal(t, unique, len(c.Differ) == 0)
				if !unique {
					several++
				}
				alone, err := s.Least(t.Context(), clearing.Options{})
				require.NoError(t, err)
				requireSame(t, least, alone)
				decimals, err := s.Clear(t.Context(), clearing.Options{Places: 3})
				require.NoError(t, err)
				requireRounded(t, c.Greatest, decimals.Greatest)
				requireRounded(t, c.Least, decimals.Least)
				require.Equal(t, c.Differ, decimals.Differ)
			}
			t.Logf("%d systems had several solutions", several)
		})
	}
}

func requireSame(t testing.TB, want point, got *clearing.Solution) {
	t.Helper()
	for i, f := range got.Firms {
		equal(t, want.gross[i], f.Assets)
		at := 0
		for k, paid := range want.paid[i][:len(want.paid[i])-1] {
			if at < len(f.Payments) && f.Payments[at].Seniority == k {
				equal(t, paid, f.Payments[at].Paid)
				at++
			} else {
				equal(t, zero, paid)
			}
		}
		equal(t, want.paid[i][len(want.paid[i])-1], f.Equity)
	}
}

func requireRounded(t testing.TB, exact, got *clearing.Solution) {
	t.Helper()
	same := func(want, got ratio.Ratio) {
		t.Helper()
		equal(t, ratio.FromRat(want.Decimal(3).Rat()), got)
	}
	for i, f := range got.Firms {
		e := exact.Firms[i]
		same(e.Assets, f.Assets)
		same(e.Equity, f.Equity)
		same(e.Costs, f.Costs)
		same(e.OutsideDebt, f.OutsideDebt)
		same(e.OutsideEquity, f.OutsideEquity)
		require.Equal(t, e.Default, f.Default)
		for k := range f.Payments {
			same(e.Payments[k].Paid, f.Payments[k].Paid)
		}
	}
}

func equal(t testing.TB, want, got ratio.Ratio) {
	t.Helper()
	require.True(t, want.Equal(got), "want %s, got %s", want, got)
}
