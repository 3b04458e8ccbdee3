package crossholding_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func certified(t testing.TB, o *crossholding.Ownership, opt crossholding.CertifiedOptions) *crossholding.CertifiedOwnership {
	t.Helper()
	c, err := o.Certified(opt)
	require.NoError(t, err)
	return c
}

func ownership(t testing.TB, a *crossholding.Alliance) *crossholding.Ownership {
	t.Helper()
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	return o
}

var roundings = []ratio.Rounding{ratio.HalfEven, ratio.HalfUp, ratio.TowardZero,
	ratio.AwayFromZero, ratio.Floor, ratio.Ceiling}

// Decimals that are certified and fractions that are exact agree digit for
// digit, on rows, columns, pairs and first passages: over 10,000 figures.
func TestCertifiedAgreesWithExact(t *testing.T) {
	compared := 0
	for seed := range uint64(testkit.Cases(60)) {
		n, err := gen.Cyclic(seed, 4+int(seed%17), 0.3)
		require.NoError(t, err)
		a := booktest.Register(t, n, crossholding.RegisterOptions{})
		o := ownership(t, a)
		mode, places := roundings[seed%6], int(1+seed*7%30)
		c := certified(t, o, crossholding.CertifiedOptions{Places: places, Rounding: mode})
		f := certified(t, o, crossholding.CertifiedOptions{Places: places, Rounding: mode, FirstPassage: true})
		require.NoError(t, c.Check(t.Context()))
		for in, err := range o.Interests(t.Context()) {
			require.NoError(t, err)
			want := in.Integrated.Round(places, mode)
			for name, ask := range map[string]func() (fmt.Stringer, error){
				"pair": func() (fmt.Stringer, error) { return c.Integrated(t.Context(), in.Holder, in.Issuer) },
				"row": func() (fmt.Stringer, error) {
					l, err := c.Holdings(t.Context(), in.Holder)
					require.NoError(t, err)
					return l.Of(in.Issuer)
				},
				"column": func() (fmt.Stringer, error) {
					l, err := c.Owners(t.Context(), in.Issuer)
					require.NoError(t, err)
					return l.Of(in.Holder)
				},
			} {
				got, err := ask()
				require.NoError(t, err)
				sameDecimal(t, want.String(), got.String(), name, in.Holder, in.Issuer)
				compared++
			}
			for _, l := range []func() (*crossholding.Row, string, error){
				func() (*crossholding.Row, string, error) {
					l, err := f.Holdings(t.Context(), in.Holder)
					return l, in.Issuer, err
				},
				func() (*crossholding.Row, string, error) {
					l, err := f.Owners(t.Context(), in.Issuer)
					return l, in.Holder, err
				},
			} {
				line, id, err := l()
				require.NoError(t, err)
				got, err := line.Of(id)
				require.NoError(t, err)
				sameDecimal(t, in.FirstPassage.Round(places, mode).String(), got.String(), "first-passage line", in.Holder, in.Issuer)
				compared++
			}
			first, err := c.FirstPassage(t.Context(), in.Holder, in.Issuer)
			require.NoError(t, err)
			sameDecimal(t, in.FirstPassage.Round(places, mode).String(), first.String(), "first passage", in.Holder, in.Issuer)
			compared++
		}
	}
	require.Greater(t, compared, testkit.Cases(10_000))
}

func TestCertifiedLinesAreSorted(t *testing.T) {
	n, err := gen.Register(gen.Options{Seed: 3, Stakes: 3000})
	require.NoError(t, err)
	o := ownership(t, booktest.Register(t, n, crossholding.RegisterOptions{}))
	c := certified(t, o, crossholding.CertifiedOptions{})
	line, err := c.Owners(t.Context(), "C0000003")
	require.NoError(t, err)
	last, count := "", 0
	for id := range line.All() {
		require.Less(t, last, id)
		last = id
		count++
	}
	require.Equal(t, line.Len(), count)
	for f, err := range c.OwnersAbove(t.Context(), ratio.MustParse("1/4"), true) {
		require.NoError(t, err)
		require.True(t, !f.Integrated.Less(ratio.Of(1, 4)), f)
	}
}

// What-if answers are those of a fresh register with the changed stakes.
func TestWhatIfIsAFreshComputation(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for seed := range uint64(testkit.Cases(20)) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 2000, Core: 30})
		require.NoError(t, err)
		o := ownership(t, booktest.Register(t, n, crossholding.RegisterOptions{}))
		holder := n.ID(n.Holder[rng.IntN(n.Stakes())])
		old, err := certified(t, o, crossholding.CertifiedOptions{}).Holdings(t.Context(), holder)
		require.NoError(t, err)

		var changes []crossholding.Stake
		for range 1 + rng.IntN(3) {
			e := rng.IntN(n.Stakes())
			n.Shares[e] /= 2
			changes = append(changes, crossholding.Stake{Holder: n.ID(n.Holder[e]), Issuer: n.ID(n.Issuer[e]),
				Shares: ratio.Number(fmt.Sprint(n.Shares[e]))})
		}
		after, err := o.WithChanges(t.Context(), changes...)
		require.NoError(t, err)
		updated, err := old.Update(t.Context(), certified(t, after, crossholding.CertifiedOptions{}))
		require.NoError(t, err)
		fresh, err := certified(t, ownership(t, booktest.Register(t, n, crossholding.RegisterOptions{})), crossholding.CertifiedOptions{}).Holdings(t.Context(), holder)
		require.NoError(t, err)
		require.Equal(t, lineText(fresh), lineText(updated))
	}
}

func lineText(l *crossholding.Row) string {
	var b bytes.Buffer
	for id, d := range l.All() {
		fmt.Fprintln(&b, id, d)
	}
	return b.String()
}

func TestWhatIfFaults(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "a"}, {ID: "b"}},
		Parties:   []crossholding.Party{{ID: "p"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "b", Percent: "40"}, {Holder: "p", Issuer: "a", Percent: "10"}},
	})
	o := ownership(t, a)
	_, err := o.WithChanges(t.Context(),
		crossholding.Stake{Holder: "nobody", Issuer: "b", Shares: "1"},
		crossholding.Stake{Holder: "b", Issuer: "b", Shares: "1"},
		crossholding.Stake{Holder: "p", Issuer: "b", Shares: "-1"},
		crossholding.Stake{Holder: "float:b", Issuer: "b", Shares: "1"},
		crossholding.Stake{Holder: "p", Issuer: "a", Shares: "101"},
		crossholding.Stake{Holder: "p", Issuer: "a", Shares: "1", Voter: "neutral"},
		crossholding.Stake{Holder: "p", Issuer: "a", Percent: "1"},
		crossholding.Stake{Holder: "p", Issuer: "b"},
	)
	var in *crossholding.InputError
	require.ErrorAs(t, err, &in)
	require.Len(t, in.Faults, 8)
	require.ErrorContains(t, err, "p in b: no Shares: write the shares after the change, 0 for none")
	require.ErrorIs(t, err, crossholding.ErrOverAllocated)
	require.ErrorContains(t, err, "101 of 100 outstanding shares: 1 too many")

	ring, err := o.WithChanges(t.Context(), crossholding.Stake{Holder: "b", Issuer: "a", Shares: "90"}, crossholding.Stake{Holder: "a", Issuer: "b", Shares: "100"})
	require.NoError(t, err)
	y, err := ring.Integrated(t.Context(), "p", "b")
	require.NoError(t, err)
	booktest.RequireRatio(t, "1", y)
	d, err := ring.Direct("b", "a")
	require.NoError(t, err)
	booktest.RequireRatio(t, "9/10", d)
	ring, err = ring.WithChanges(t.Context(), crossholding.Stake{Holder: "p", Issuer: "a", Shares: "0"}, crossholding.Stake{Holder: "b", Issuer: "a", Shares: "100"})
	require.NoError(t, err)
	_, err = ring.Integrated(t.Context(), "a", "b")
	var closed *crossholding.NoOutsideOwnerError
	require.ErrorAs(t, err, &closed)
	require.Equal(t, [][]string{{"a", "b"}}, closed.Components)
}

func TestCertifiedOptions(t *testing.T) {
	o := ownership(t, booktest.New(t, crossholding.Book{Companies: []crossholding.Company{{ID: "a"}}}))
	for _, opt := range []crossholding.CertifiedOptions{{Places: -1}, {Places: 1001}, {Rounding: 99}} {
		_, err := o.Certified(opt)
		require.Error(t, err)
	}
}
