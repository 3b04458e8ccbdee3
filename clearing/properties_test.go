package clearing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// requireFair checks what holds of every solution.
func requireFair(t testing.TB, in clearing.Input, s *clearing.Solution) {
	t.Helper()
	external, out := zero, zero
	received := map[string]ratio.Ratio{}
	for i, f := range s.Firms {
		external = external.Add(in.Firms[i].Assets)
		out = out.Add(f.OutsideDebt).Add(f.OutsideEquity).Add(f.Costs)

		require.GreaterOrEqual(t, f.Equity.Sign(), 0, "limited liability")
		require.GreaterOrEqual(t, f.Costs.Sign(), 0)
		equal(t, f.Assets.Sub(f.Costs), f.Paid().Add(f.Equity))
		short, owed := false, zero
		for _, p := range f.Payments {
			require.GreaterOrEqual(t, p.Paid.Sign(), 0)
			require.False(t, p.Owed.Less(p.Paid))
			require.False(t, short && p.Paid.Sign() > 0, "seniors are paid in full before juniors")
			short = short || p.Paid.Less(p.Owed)
			owed = owed.Add(p.Owed)
		}
		equal(t, f.Debt, owed)
		require.Equal(t, f.Assets.Less(f.Debt), f.Default)
		require.False(t, f.Default && f.Equity.Sign() > 0, "shareholders come after creditors")
		require.False(t, !f.Default && (short || f.Costs.Sign() > 0))
		received[f.Name] = in.Firms[i].Assets
	}
	equal(t, external, out)
	for r := range s.Receipts() {
		received[r.To] = received[r.To].Add(r.Amount)
	}
	for _, f := range s.Firms {
		equal(t, f.Assets, received[f.Name])
	}
	requireProportional(t, in, s)
}

// requireProportional checks that creditors of one seniority get the same fraction.
func requireProportional(t testing.TB, in clearing.Input, s *clearing.Solution) {
	t.Helper()
	type key struct {
		from, to  string
		seniority int
	}
	owed := map[key]ratio.Ratio{}
	for _, d := range in.Debts {
		k := key{d.Debtor, d.Creditor, d.Seniority}
		owed[k] = owed[k].Add(d.Amount)
	}
	for r := range s.Receipts() {
		if r.Seniority < 0 {
			continue
		}
		f, ok := s.Find(r.From)
		require.True(t, ok)
		for _, p := range f.Payments {
			if p.Seniority == r.Seniority {
				equal(t, owed[key{r.From, r.To, r.Seniority}].Mul(p.Paid), r.Amount.Mul(p.Owed))
			}
		}
	}
}

func TestProperties(t *testing.T) {
	for _, k := range []kind{
		{n: 6, seniorities: 3, holdings: true, costs: true, empty: true},
		{n: 10, seniorities: 1, holdings: true, empty: true},
		{n: 15, seniorities: 2, holdings: true, costs: true},
	} {
		t.Run(fmt.Sprintf("%+v", k), func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(k.n)))
			for range testkit.Cases(80) {
				tables, s := drawSystem(t, r, k)
				in, err := tables.Input()
				require.NoError(t, err)
				c, err := s.Clear(t.Context(), clearing.Options{})
				require.NoError(t, err)
				requireFair(t, in, c.Greatest)
				requireFair(t, in, c.Least)

				// Debts and holdings in another order change nothing.
				moved := in
				moved.Debts = append([]clearing.Debt(nil), in.Debts...)
				moved.Holdings = append([]clearing.Holding(nil), in.Holdings...)
				r.Shuffle(len(moved.Debts), func(i, j int) { moved.Debts[i], moved.Debts[j] = moved.Debts[j], moved.Debts[i] })
				r.Shuffle(len(moved.Holdings), func(i, j int) {
					moved.Holdings[i], moved.Holdings[j] = moved.Holdings[j], moved.Holdings[i]
				})
				requireSameFirms(t, c, clear(t, moved))

				// Firms in another order change nothing but the order.
				moved.Firms = append([]clearing.Firm(nil), in.Firms...)
				r.Shuffle(len(moved.Firms), func(i, j int) { moved.Firms[i], moved.Firms[j] = moved.Firms[j], moved.Firms[i] })
				requireSameFirms(t, c, clear(t, moved))

				// More external assets of one firm leave nobody with less.
				moved = in
				moved.Firms = append([]clearing.Firm(nil), in.Firms...)
				lucky := r.IntN(k.n)
				moved.Firms[lucky].Assets = moved.Firms[lucky].Assets.Add(ratio.Of(r.Int64N(9), 2))
				richer := clear(t, moved)
				requireNotLess(t, c.Greatest, richer.Greatest)
				requireNotLess(t, c.Least, richer.Least)
			}
		})
	}
}

func clear(t testing.TB, in clearing.Input) *clearing.Clearing {
	t.Helper()
	s, err := clearing.New(in)
	require.NoError(t, err)
	c, err := s.Clear(t.Context(), clearing.Options{})
	require.NoError(t, err)
	return c
}

func requireSameFirms(t testing.TB, want, got *clearing.Clearing) {
	t.Helper()
	require.Equal(t, want.Unique, got.Unique)
	for _, f := range want.Greatest.Firms {
		g, _ := got.Greatest.Find(f.Name)
		equal(t, f.Assets, g.Assets)
		equal(t, f.Paid(), g.Paid())
	}
	for _, f := range want.Least.Firms {
		g, _ := got.Least.Find(f.Name)
		equal(t, f.Assets, g.Assets)
		equal(t, f.Paid(), g.Paid())
	}
}

func requireNotLess(t testing.TB, poor, rich *clearing.Solution) {
	t.Helper()
	for i, f := range poor.Firms {
		g := rich.Firms[i]
		require.False(t, g.Assets.Less(f.Assets) || g.Equity.Less(f.Equity) || g.Paid().Less(f.Paid()))
	}
}

// A wave has those that default if the firms of the waves before pay what they can, and all
// others pay all their debts.
func TestWaves(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	rich := ratio.Int(1_000_000)
	waves := 0
	for range testkit.Cases(500) {
		tables, s := drawSystem(t, r, kind{n: 5, seniorities: 2, costs: true, empty: true})
		in, err := tables.Input()
		require.NoError(t, err)
		got, err := s.Greatest(t.Context(), clearing.Options{})
		require.NoError(t, err)
		failed := map[string]bool{}
		for n := 0; ; n++ {
			backed := in
			backed.Firms = append([]clearing.Firm(nil), in.Firms...)
			for i, f := range backed.Firms {
				if !failed[f.Name] {
					backed.Firms[i].Assets = f.Assets.Add(rich)
				}
			}
			var wave []string
			for _, f := range clear(t, backed).Greatest.Firms {
				if !failed[f.Name] && f.Assets.Sub(rich).Less(f.Debt) {
					wave = append(wave, f.Name)
				}
			}
			if len(wave) == 0 {
				require.Len(t, got.Waves, n)
				break
			}
			require.Equal(t, wave, got.Waves[n])
			for _, name := range wave {
				failed[name] = true
			}
			waves = max(waves, n+1)
		}
		require.Len(t, got.Defaults(), len(failed))
	}
	require.Greater(t, waves, 2)
}

// Two banks that owe only one another can pay one another anything.
func TestRingOfDebts(t *testing.T) {
	in := clearing.Input{
		Firms: []clearing.Firm{{Name: "a"}, {Name: "b"}, {Name: "c", Assets: ratio.Int(3)}},
		Debts: []clearing.Debt{
			{Debtor: "a", Creditor: "b", Amount: ratio.Int(10)},
			{Debtor: "b", Creditor: "a", Amount: ratio.Int(7)},
			{Debtor: "c", Creditor: "a", Amount: ratio.Int(1), Seniority: 4},
		},
	}
	c := clear(t, in)
	require.True(t, c.Unique, "c brings money into the ring, until b can pay")
	in.Debts = in.Debts[:2]
	c = clear(t, in)
	require.False(t, c.Unique)
	require.Equal(t, []string{"a", "b"}, c.Differ)
	equal(t, ratio.Int(7), c.Greatest.Firms[0].Paid())
	equal(t, ratio.Int(7), c.Greatest.Firms[1].Paid())
	equal(t, zero, c.Least.Firms[0].Paid())
	require.True(t, c.Greatest.Firms[0].Default)
	require.False(t, c.Greatest.Firms[1].Default)
}

// With costs of default, default can bring itself about: each of two banks can pay if the
// other does.
func TestDefaultBringsItselfAbout(t *testing.T) {
	in := clearing.Input{
		Firms: []clearing.Firm{{Name: "a", Assets: ratio.Int(5)}, {Name: "b", Assets: ratio.Int(5)}},
		Debts: []clearing.Debt{
			{Debtor: "a", Creditor: "b", Amount: ratio.Int(10)}, {Debtor: "a", Amount: ratio.Int(4)},
			{Debtor: "b", Creditor: "a", Amount: ratio.Int(10)}, {Debtor: "b", Amount: ratio.Int(4)},
		},
		Costs: clearing.Costs{External: ratio.Of(1, 2), Claims: ratio.Of(1, 2)},
	}
	c := clear(t, in)
	require.Empty(t, c.Greatest.Defaults())
	equal(t, ratio.Int(1), c.Greatest.Firms[0].Equity)
	// Each pays p = (5 + 10p/14)/2, so p = 35/9.
	require.Equal(t, []string{"a", "b"}, c.Least.Defaults())
	equal(t, ratio.Of(35, 9), c.Least.Firms[0].Paid())
	require.Equal(t, []string{"a", "b"}, c.Differ)
}

func TestContagionPatterns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range testkit.Cases(2000) {
		n := 1 + r.IntN(5)
		tables := randomTables(r, kind{n: n, holdings: true})
		in, err := tables.Input()
		require.NoError(t, err)
		var organizations []clearing.Organization
		for _, f := range in.Firms {
			organizations = append(organizations, clearing.Organization{Name: f.Name, Assets: f.Assets, Threshold: ratio.Of(r.Int64N(12), 2), Cost: ratio.Int(r.Int64N(4))})
		}
		c, err := clearing.NewContagion(organizations, in.Holdings)
		if err != nil {
			require.ErrorIs(t, err, clearing.ErrRing)
			continue
		}
		got, err := c.Cascades(t.Context(), clearing.Options{})
		require.NoError(t, err)
		best, worst, number := bruteContagion(t, tables, organizations)
		require.Equal(t, best, failures(got.Best))
		require.Equal(t, worst, failures(got.Worst))
		require.Equal(t, number == 1, got.Unique)
		decimals, err := c.Cascades(t.Context(), clearing.Options{Places: 9})
		require.NoError(t, err)
		for i, v := range got.Best.Values {
			equal(t, rounded(v.Market, 9), decimals.Best.Values[i].Market)
			equal(t, rounded(v.Book, 9), decimals.Best.Values[i].Book)
		}
		require.Equal(t, len(got.Worst.Waves), len(decimals.Worst.Waves))
	}
}

func failures(c *clearing.Cascade) (set int) {
	for i, v := range c.Values {
		if v.Failed {
			set |= 1 << i
		}
	}
	return set
}

// bruteContagion tries all sets of failures. It returns the smallest and the largest that
// confirm themselves, and how many do.
func bruteContagion(t testing.TB, tables clearing.Tables, organizations []clearing.Organization) (best, worst, number int) {
	n := len(organizations)
	best, worst = -1, 0
	for set := range 1 << n {
		a := make([][]ratio.Ratio, n)
		for i, o := range organizations {
			a[i] = make([]ratio.Ratio, n+1)
			for j := range n {
				a[i][j] = tables.Holdings[i][j].Neg()
			}
			a[i][i] = one
			a[i][n] = o.Assets
			if set>>i&1 == 1 {
				a[i][n] = o.Assets.Sub(o.Cost)
			}
		}
		book, ok := eliminate(a)
		require.True(t, ok)
		same := true
		for j, o := range organizations {
			outside := one
			for i := range n {
				outside = outside.Sub(tables.Holdings[i][j])
			}
			same = same && book[j].Mul(outside).Less(o.Threshold) == (set>>j&1 == 1)
		}
		if same {
			number++
			worst |= set
			best &= set
		}
	}
	return best, worst, number
}

func TestZeroSystem(t *testing.T) {
	var s clearing.System
	c, err := s.Clear(t.Context(), clearing.Options{})
	require.NoError(t, err)
	require.True(t, c.Unique)
	var none clearing.Contagion
	var background context.Context // nil means context.Background
	got, err := none.Cascades(background, clearing.Options{})
	require.NoError(t, err)
	require.True(t, got.Unique)
	var solution clearing.Solution
	for range solution.Receipts() {
		t.Fatal("nobody pays")
	}
}

func TestEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	full, err := clearing.New(network(20, 5, 1, clearing.Costs{}))
	require.NoError(t, err)
	for _, s := range []*clearing.System{full, {}} {
		for _, places := range []int{0, 12} {
			_, err := s.Clear(ctx, clearing.Options{Places: places})
			requireEnded(t, err, cause)
			_, err = s.Greatest(ctx, clearing.Options{Places: places})
			requireEnded(t, err, cause)
			_, err = s.Least(ctx, clearing.Options{Places: places})
			requireEnded(t, err, cause)
		}
	}
	var c clearing.Contagion
	_, err = c.Cascades(ctx, clearing.Options{})
	requireEnded(t, err, cause)
	_, err = c.Dependency(ctx)
	requireEnded(t, err, cause)
}

func requireEnded(t testing.TB, err, cause error) {
	t.Helper()
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, err, context.Canceled)
}

func TestOptionsOutOfRange(t *testing.T) {
	var s clearing.System
	var c clearing.Contagion
	for _, places := range []int{-1, 301} {
		_, err := s.Clear(t.Context(), clearing.Options{Places: places})
		require.ErrorIs(t, err, clearing.ErrOptions)
		_, err = c.Cascades(t.Context(), clearing.Options{Places: places})
		require.ErrorIs(t, err, clearing.ErrOptions)
	}
}

func TestInputAsJSON(t *testing.T) {
	in := network(5, 3, 2, clearing.Costs{Claims: ratio.Of(1, 3)})
	data, err := json.Marshal(in)
	require.NoError(t, err)
	var back clearing.Input
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, in, back)
}

// Decimals of a network that is too large for fractions agree with its own sums.
func TestDecimalsOfManyFirms(t *testing.T) {
	in := network(testkit.Size(80, 1000), 6, 2, clearing.Costs{External: ratio.Of(1, 10), Claims: ratio.Of(1, 5)})
	in.Firms = append(in.Firms, clearing.Firm{Name: "shell a", Costs: &clearing.Costs{}}, clearing.Firm{Name: "shell b", Costs: &clearing.Costs{}})
	in.Debts = append(in.Debts, clearing.Debt{Debtor: "shell a", Creditor: "shell b", Amount: ratio.Int(2)},
		clearing.Debt{Debtor: "shell b", Creditor: "shell a", Amount: ratio.Int(3)})
	s, err := clearing.New(in)
	require.NoError(t, err)
	c, err := s.Clear(t.Context(), clearing.Options{Places: 12})
	require.NoError(t, err)
	require.NotEmpty(t, c.Greatest.Defaults())
	require.Subset(t, c.Differ, []string{"shell a", "shell b"}, "the shells can pay anything")
	for _, x := range []*clearing.Solution{c.Greatest, c.Least} {
		sum := zero
		for i, f := range x.Firms {
			sum = sum.Add(in.Firms[i].Assets).Sub(f.OutsideDebt).Sub(f.OutsideEquity).Sub(f.Costs)
		}
		if sum.Sign() < 0 {
			sum = sum.Neg()
		}
		require.True(t, sum.Less(ratio.Of(int64(3*len(in.Firms)), 1_000_000_000_000)), "rounding only: %s", sum.Decimal(15))
	}
}
