package crossholding_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// interestTexts lists the interests of all holders by ids, and those of nodes in the same words.
func interestTexts(t *testing.T, a *crossholding.Alliance, c *crossholding.CertifiedOwnership, places int) (ids, nodes []string) {
	t.Helper()
	for in, err := range c.Interests(t.Context()) {
		ids = append(ids, fmt.Sprint(in.Holder, " ", in.Issuer, " ", in.Integrated, " ", in.FirstPassage, " ", err))
	}
	power := int64(1)
	for range places {
		power *= 10
	}
	g := a.Graph()
	for in, err := range c.NodeInterests(t.Context()) {
		holder := g.ID(in.Holder)
		if in.Float {
			holder = crossholding.FloatOf(holder)
		}
		if err != nil {
			require.Empty(t, in.Companies)
			nodes = append(nodes, fmt.Sprint(holder, "  ", ratio.Ratio{}, " ", ratio.Ratio{}, " ", err))
			continue
		}
		require.NotEmpty(t, in.Companies, "a holder that has nothing")
		for i, company := range in.Companies {
			nodes = append(nodes, fmt.Sprint(holder, " ", g.ID(company), " ", ratio.Of(in.Integrated[i], power), " ", ratio.Of(in.FirstPassage[i], power), " ", nil))
		}
	}
	return ids, nodes
}

// Interests of nodes are those of ids, row for row, for registers with cycles and closed rings, and
// for books with custodians, other voters, floats and shares without dividends.
func TestNodeInterestsAreInterests(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 29))
	rows, errors := 0, 0
	compare := func(a *crossholding.Alliance, places int) {
		c := certified(t, ownership(t, a), crossholding.CertifiedOptions{Places: places, Rounding: roundings[r.IntN(6)]})
		ids, nodes := interestTexts(t, a, c, places)
		require.Equal(t, ids, nodes)
		rows += len(ids)
	}
	for seed := range uint64(testkit.Cases(60)) {
		n, err := gen.Cyclic(seed, 4+int(seed%17), 0.3)
		require.NoError(t, err)
		compare(booktest.Register(t, n, crossholding.RegisterOptions{}), 1+int(seed%16))
		a, err := crossholding.New(randomLawBook(r))
		require.NoError(t, err)
		compare(a, 1+int(seed%16))
	}
	n, err := gen.Register(gen.Options{Seed: 5, Stakes: 4_000, ClosedRings: 3})
	require.NoError(t, err)
	a := booktest.Register(t, n, crossholding.RegisterOptions{})
	compare(a, 12)
	for _, err := range certified(t, ownership(t, a), crossholding.CertifiedOptions{}).NodeInterests(t.Context()) {
		if err != nil {
			require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
			errors++
		}
	}
	require.Greater(t, rows, testkit.Cases(60)*50)
	require.Greater(t, errors, 5)
}

// The answers are the same for any number of processors.
func TestInterestsOnAnyProcessors(t *testing.T) {
	n, err := gen.Register(gen.Options{Seed: 6, Stakes: 3_000})
	require.NoError(t, err)
	var want []string
	for _, workers := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(workers)
		a := booktest.Register(t, n, crossholding.RegisterOptions{})
		ids, nodes := interestTexts(t, a, certified(t, ownership(t, a), crossholding.CertifiedOptions{}), 12)
		runtime.GOMAXPROCS(before)
		require.Equal(t, ids, nodes)
		if want == nil {
			want = ids
		}
		require.Equal(t, want, ids, "%d processors", workers)
	}
}

// Two companies that hold 95% of each other: V is 1/(1-0.95^2) = 400/39, so one has 0.95 of that of
// the other, 380/39 or 9.74, and 361/39 of itself. To 18 places, neither fits in 64 bits. Anna has
// 5% of one, which is 20/39 in all.
func TestNodeInterestsThatDoNotFit(t *testing.T) {
	a := booktest.Alliance(t, "x 95 y", "y 95 x", "anna 5 x", "ben 5 y")
	c := certified(t, ownership(t, a), crossholding.CertifiedOptions{Places: 18})
	var got []string
	for in, err := range c.NodeInterests(t.Context()) {
		if err != nil {
			require.ErrorIs(t, err, crossholding.ErrTooLarge)
		}
		got = append(got, fmt.Sprint(a.Graph().ID(in.Holder), " ", in.Integrated, " ", err != nil))
	}
	require.Equal(t, []string{"anna [512820512820512821 487179487179487179] false", "ben [487179487179487179 512820512820512821] false", "x [] true", "y [] true"}, got)
	for _, places := range []int{18, 30} {
		c := certified(t, ownership(t, a), crossholding.CertifiedOptions{Places: places})
		rows := 0
		for in, err := range c.Interests(t.Context()) {
			require.NoError(t, err)
			y, err := c.Integrated(t.Context(), in.Holder, in.Issuer)
			require.NoError(t, err)
			f, err := c.FirstPassage(t.Context(), in.Holder, in.Issuer)
			require.NoError(t, err)
			booktest.RequireRatio(t, y.String(), in.Integrated, in)
			booktest.RequireRatio(t, f.String(), in.FirstPassage, in)
			rows++
		}
		require.Equal(t, 8, rows)
	}
	for _, err := range certified(t, ownership(t, a), crossholding.CertifiedOptions{Places: 19}).NodeInterests(t.Context()) {
		require.ErrorIs(t, err, crossholding.ErrRange)
	}
}

// A caller that has enough gets no more, and one whose context ends hears of it soon.
func TestNodeInterestsEnd(t *testing.T) {
	n, err := gen.Register(gen.Options{Seed: 7, Stakes: 3_000})
	require.NoError(t, err)
	c := certified(t, ownership(t, booktest.Register(t, n, crossholding.RegisterOptions{})), crossholding.CertifiedOptions{})
	for _, enough := range []int{1, 2, 40, 300} {
		got := 0
		for range c.NodeInterests(t.Context()) {
			if got++; got == enough {
				break
			}
		}
		require.Equal(t, enough, got)

		ctx, cancel := context.WithCancel(t.Context())
		got = 0
		var last error
		var since time.Time
		for in, err := range c.NodeInterests(ctx) {
			require.NoError(t, last)
			if last = err; err != nil {
				require.Empty(t, in)
				continue
			}
			if got++; got == enough {
				since = time.Now()
				cancel()
			}
		}
		cancel()
		require.Equal(t, enough, got)
		require.ErrorIs(t, last, context.Canceled)
		require.Less(t, time.Since(since), time.Second) // 50 ms on an idle machine
	}
}
