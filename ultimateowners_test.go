package crossholding_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleOwnership_OwnersAbove() {
	ctx := context.Background()
	a, err := booktest.Renault("before")
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := a.Graph()
	for x, err := range o.OwnersAbove(ctx, ratio.MustParse("1/4"), false) {
		if err != nil {
			fmt.Println(err)
			return
		}
		owner := g.ID(x.Owner)
		if x.Float {
			owner = crossholding.FloatOf(owner)
		}
		low, _ := x.Bounds()
		fmt.Println(g.ID(x.Company), owner, low.Percent(2))
	}
	// Output:
	// nissan float:nissan 60.32
	// nissan float:renault 29.94
	// nissan-finance float:nissan 60.32
	// nissan-finance float:renault 29.94
	// renault float:renault 68.51
	// mitsubishi float:mitsubishi 43.46
}

// requireOwnersAbove compares with the exact owners of each company.
func requireOwnersAbove(t *testing.T, a *crossholding.Alliance, threshold ratio.Ratio, atLeast bool) (found int) {
	t.Helper()
	o := ownership(t, a)
	g := a.Graph()
	got, none := map[int32][]string{}, map[int32]bool{}
	for x, err := range o.OwnersAbove(t.Context(), threshold, atLeast) {
		if err != nil {
			require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
			require.ErrorContains(t, err, g.ID(x.Company))
			none[x.Company] = true
			continue
		}
		id := g.ID(x.Owner)
		if x.Float {
			id = crossholding.FloatOf(id)
		}
		low, high := x.Bounds()
		y, err := o.Integrated(t.Context(), id, g.ID(x.Company))
		require.NoError(t, err)
		require.False(t, y.Less(low) || high.Less(y), "%s in %s", id, g.ID(x.Company))
		got[x.Company] = append(got[x.Company], id)
		found++
	}
	for c := range int32(g.Len()) {
		if !g.HasShares(c) {
			require.Empty(t, got[c])
			continue
		}
		owners, err := o.Ultimate(t.Context(), g.ID(c))
		if err != nil {
			require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
			require.True(t, none[c])
			continue
		}
		var want []string
		for _, in := range owners {
			if in.Integrated.Reaches(threshold, atLeast) {
				want = append(want, in.Holder)
			}
		}
		slices.Sort(got[c])
		require.Equal(t, want, got[c], "%s above %s", g.ID(c), threshold)
	}
	return found
}

func TestOwnersAboveAreTheUltimateOwners(t *testing.T) {
	thresholds := []string{"1/4", "25/100", "1/2", "1/10", "1/3", "3/4", "1/100"}
	t.Run("books", func(t *testing.T) {
		r := rand.New(rand.NewPCG(12, 1))
		found := 0
		for range testkit.Cases(1000) {
			found += requireOwnersAbove(t, booktest.New(t, booktest.RandomBook(r)), ratio.MustParse(thresholds[r.IntN(len(thresholds))]), r.IntN(2) == 0)
		}
		require.Positive(t, found)
	})
	t.Run("registers", func(t *testing.T) {
		for seed := range uint64(testkit.Cases(30)) {
			n, err := gen.Register(gen.Options{Seed: seed, Stakes: 600, Core: 12, ClosedRings: int(seed % 2)})
			require.NoError(t, err)
			a := booktest.Register(t, n, crossholding.RegisterOptions{})
			require.Positive(t, requireOwnersAbove(t, a, ratio.MustParse(thresholds[seed%uint64(len(thresholds))]), seed%2 == 0))
		}
	})
}

// Certified figures are the exact ones of the same owners, rounded once.
func TestCertifiedOwnersAbove(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 33))
	rounded, other := 0, 0
	for seed := range uint64(testkit.Cases(10)) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 800, Core: int(seed % 2 * 15), ClosedRings: 1})
		require.NoError(t, err)
		o := ownership(t, booktest.Register(t, n, crossholding.RegisterOptions{}))
		opt := crossholding.CertifiedOptions{Places: 1 + r.IntN(25), Rounding: []ratio.Rounding{ratio.HalfEven, ratio.Floor, ratio.Ceiling, ratio.HalfUp}[seed%4]}
		c := certified(t, o, opt)
		next, stop := iter.Pull2(c.OwnersAbove(t.Context(), ratio.Of(1, 10), false))
		for x, err := range o.OwnersAbove(t.Context(), ratio.Of(1, 10), false) {
			in, err2, ok := next()
			require.True(t, ok)
			require.Equal(t, err == nil, err2 == nil)
			require.Equal(t, n.ID(x.Company), in.Issuer)
			if err != nil {
				require.ErrorIs(t, err2, crossholding.ErrNoOutsideOwner)
				continue
			}
			want, err := o.Integrated(t.Context(), in.Holder, in.Issuer)
			require.NoError(t, err)
			require.Zero(t, in.Integrated.Cmp(ratio.FromRat(want.Round(opt.Places, opt.Rounding).Rat())), "%v of %v, %v", in, want, opt)
			require.Equal(t, in.Integrated, in.FirstPassage)
			direct, err := o.Capital(in.Holder, in.Issuer)
			require.NoError(t, err)
			require.Zero(t, in.Capital.Cmp(direct))
			if want.Cmp(in.Integrated) == 0 {
				other++
			} else {
				rounded++
			}
		}
		_, _, ok := next()
		require.False(t, ok)
		stop()
	}
	require.Positive(t, rounded)
	require.Positive(t, other)
}

func TestOwnersAboveRefuses(t *testing.T) {
	o := ownership(t, booktest.New(t, booktest.SmallBook()))
	for _, err := range o.OwnersAbove(t.Context(), ratio.MustParse("-1/4"), false) {
		require.ErrorIs(t, err, crossholding.ErrRange)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range o.OwnersAbove(ctx, ratio.MustParse("1/4"), false) {
		require.ErrorIs(t, err, context.Canceled)
	}
	for range new(crossholding.Ownership).OwnersAbove(t.Context(), ratio.Ratio{}, false) {
		t.Fatal("an empty book has no owners")
	}
	none := 0
	var background context.Context // nil is allowed
	for range o.OwnersAbove(background, ratio.MustParse("1"), false) {
		none++
	}
	require.Zero(t, none)
}
