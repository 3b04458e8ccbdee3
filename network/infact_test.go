package network_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func TestTurnoutCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Source, Turnout, Below string
			Stakes                       []string
			Controls                     bool
		}
	}
	booktest.Load(t, "network/testdata/turnout.json", &file)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			d, err := network.NewControlInFact(t.Context(), booktest.Alliance(t, c.Stakes...), network.TurnoutOptions{Default: ratio.MustParse(c.Turnout)})
			require.NoError(t, err)
			s, err := d.Position(t.Context(), "A", "C")
			require.NoError(t, err)
			require.Equal(t, c.Controls, s.Controls, s.String())
			booktest.RequireRatio(t, c.Below, s.ControlsBelow)
			why, err := d.Control().Why(t.Context(), "A", "C")
			require.NoError(t, err)
			require.Equal(t, c.Controls, why.Controlled)
			largest, err := d.Largest(t.Context(), "C")
			require.NoError(t, err)
			require.Equal(t, "A", largest.Holder)
			controllers, err := d.Control().Controllers(t.Context(), "C")
			require.NoError(t, err)
			require.Equal(t, c.Controls, len(controllers) > 0)
		})
	}
}

func TestTurnoutAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 42))
	for range testkit.Cases(400) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 1+r.IntN(4))
		turnout := make([]*big.Rat, w.Companies)
		opt := network.TurnoutOptions{Turnout: map[string]ratio.Ratio{}, AtLeast: r.IntN(2) == 0}
		for j := range turnout {
			turnout[j] = big.NewRat(int64(10*r.IntN(11)), 100)
			opt.Turnout[w.IDs[j]] = ratio.FromRat(turnout[j])
		}
		passes := func(sum *big.Rat, j int) bool {
			present := new(big.Rat)
			for i := range w.IDs {
				present.Add(present, w.Held[i][j])
			}
			if present.Cmp(turnout[j]) < 0 {
				present = turnout[j]
			}
			c := sum.Cmp(new(big.Rat).Mul(present, big.NewRat(1, 2)))
			return c > 0 || c == 0 && opt.AtLeast
		}
		d, err := network.NewControlInFact(t.Context(), w.Alliance(t), opt)
		require.NoError(t, err)
		for x, id := range w.IDs {
			got, err := d.Control().Controlled(t.Context(), id)
			require.NoError(t, err)
			require.ElementsMatch(t, w.Names(w.Fixpoint([]int{x}, passes), x), got, "%s of %v", id, w.Book.Stakes)
		}
		other, names := w.Renamed(r)
		renamed := network.TurnoutOptions{Turnout: map[string]ratio.Ratio{}, AtLeast: opt.AtLeast}
		for id, turnout := range opt.Turnout {
			renamed.Turnout[names[id]] = turnout
		}
		again, err := network.NewControlInFact(t.Context(), booktest.New(t, other), renamed)
		require.NoError(t, err)
		// The turnout reported is the very one at which control ends.
		x, y := r.IntN(len(w.IDs)), r.IntN(w.Companies)
		if x == y {
			continue
		}
		s, err := d.Position(t.Context(), w.IDs[x], w.IDs[y])
		require.NoError(t, err)
		same, err := again.Position(t.Context(), names[w.IDs[x]], names[w.IDs[y]])
		require.NoError(t, err)
		require.True(t, same.ControlsBelow.Equal(s.ControlsBelow) && same.Votes.Equal(s.Votes) && same.Controls == s.Controls)
		for pct := range 101 {
			turnout[y] = big.NewRat(int64(pct), 100)
			c := ratio.FromRat(turnout[y]).Cmp(s.ControlsBelow)
			want := s.ControlsBelow.Sign() > 0 && (c < 0 || c == 0 && opt.AtLeast)
			require.Equal(t, want, w.Fixpoint([]int{x}, passes)[y], "%d%%: %s; %v", pct, s, w.Book.Stakes)
		}
	}
}

func TestTurnoutErrors(t *testing.T) {
	a := booktest.Alliance(t, "A 26 C")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	half := ratio.MustParse("1/2")
	for _, c := range []struct {
		name string
		opt  network.TurnoutOptions
		want error
	}{
		{"company", network.TurnoutOptions{Turnout: map[string]ratio.Ratio{"Z": half}}, crossholding.ErrUnknown},
		{"turnout", network.TurnoutOptions{Turnout: map[string]ratio.Ratio{"C": ratio.Int(2)}}, crossholding.ErrRange},
		{"default", network.TurnoutOptions{Default: ratio.Int(-1)}, crossholding.ErrRange},
		{"threshold", network.TurnoutOptions{Threshold: ratio.Int(2)}, crossholding.ErrRange},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := network.NewControlInFact(t.Context(), a, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
	d, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{})
	require.NoError(t, err)
	_, err = d.Position(t.Context(), "Z", "C")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = d.Position(t.Context(), "A", "A")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = d.Largest(t.Context(), "Z")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = network.NewControlInFact(ctx, a, network.TurnoutOptions{})
	require.ErrorIs(t, err, context.Canceled)
	ctx, cancel = context.WithCancel(context.Background())
	d, err = network.NewControlInFact(t.Context(), a, network.TurnoutOptions{})
	require.NoError(t, err)
	cancel()
	_, err = d.Position(ctx, "A", "C")
	require.ErrorIs(t, err, context.Canceled)
}

func ExampleNewControlInFact() {
	ctx := context.Background()
	// Nissan has 34.07% of the votes of Mitsubishi Motors. Does it control
	// the meeting if six votes in ten come?
	a, err := crossholding.New(booktest.MitsubishiMotors())
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := network.NewControlInFact(ctx, a, network.TurnoutOptions{Default: ratio.MustParse("60%")})
	if err != nil {
		fmt.Println(err)
		return
	}
	largest, err := d.Largest(ctx, "mitsubishi-motors")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(largest)
	why, err := d.Control().Why(ctx, "nissan", "mitsubishi-motors")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(why)
	// Output:
	// nissan controls mitsubishi-motors in fact: 506,620,577 of the 892,189,497.6 votes expected (60% turnout), and with a turnout below 68.14%
	// nissan controls mitsubishi-motors: nissan casts 506,620,577 of 892,189,497.6 votes in mitsubishi-motors (56.78%)
}

// pyramid is a chain of n companies, each with 51% of the next and a little of
// the last, which as many parties hold too.
func pyramid(n int) crossholding.Book {
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "last", Shares: []crossholding.ShareClass{{Issued: ratio.Number(fmt.Sprint(10 * n))}}}}}
	for i := range n {
		c, p := fmt.Sprintf("c%06d", i), fmt.Sprintf("p%06d", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: c})
		b.Parties = append(b.Parties, crossholding.Party{ID: p})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: c, Issuer: "last", Shares: "3"}, crossholding.Stake{Holder: p, Issuer: "last", Shares: "4"})
		if i > 0 {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("c%06d", i-1), Issuer: c, Percent: "51"})
		}
	}
	return b
}

// Whoever stands at the top of a chain is found without going through the
// chain once for each of its companies.
func TestLargestOfPyramid(t *testing.T) {
	for _, n := range []int{10, 10_000} {
		d, err := network.NewControlInFact(t.Context(), booktest.New(t, pyramid(n)), network.TurnoutOptions{Default: ratio.MustParse("55%")})
		require.NoError(t, err)
		start := time.Now()
		s, err := d.Largest(t.Context(), "last")
		require.NoError(t, err)
		require.Less(t, time.Since(start), 5*time.Second, "20 ms on a quiet machine")
		require.Equal(t, "c000000", s.Holder)
		require.Equal(t, fmt.Sprint(3*n), s.Votes.String())
		booktest.RequireRatio(t, fmt.Sprint(7*n), s.Named)
	}
}

// The first by name of those who control one another stands for all of them.
func TestLargestOfRing(t *testing.T) {
	d, err := network.NewControlInFact(t.Context(), booktest.Alliance(t, "B 60 A", "A 60 B", "C 60 D", "D 10 A", "B 20 Z", "A 20 Z", "D 35 Z"), network.TurnoutOptions{})
	require.NoError(t, err)
	s, err := d.Largest(t.Context(), "Z")
	require.NoError(t, err)
	require.Equal(t, "A", s.Holder)
	booktest.RequireRatio(t, "40", s.Votes)
}

func BenchmarkLargest(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		a, err := crossholding.New(pyramid(n))
		require.NoError(b, err)
		d, err := network.NewControlInFact(b.Context(), a, network.TurnoutOptions{})
		require.NoError(b, err)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := d.Largest(b.Context(), "last")
				require.NoError(b, err)
			}
		})
	}
}
