package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func TestOwnershipBoundsAgainstCorners(t *testing.T) {
	asked, ringed := 0, 0
	for seed := range uint64(testkit.Cases(500)) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := intervalBook(r, seed%2 == 1, seed%3 == 2)
		a, err := crossholding.New(b.book(nil))
		require.NoError(t, err, "seed %d", seed)
		bounds, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
		require.NoError(t, err)
		issuer := b.companies[r.IntN(len(b.companies))]
		holders := append([]string{"p", "q", crossholding.FloatOf(b.companies[0])}, b.companies...)
		holder := holders[r.IntN(len(holders))]
		y, err := bounds.Integrated(t.Context(), holder, issuer)
		if errors.Is(err, crossholding.ErrNoOutsideOwner) {
			continue
		}
		if errors.Is(err, crossholding.ErrUnknown) {
			continue // nobody holds shares of issuer
		}
		require.NoError(t, err)
		first, err := bounds.FirstPassage(t.Context(), holder, issuer)
		require.NoError(t, err)
		wantY, wantFirst, rings := b.extremes(t, holder, issuer)
		asked++
		if rings {
			ringed++
			requireNear(t, y, wantY, seed)
			requireNear(t, first, wantFirst, seed)
			continue
		}
		requireOpen(t, b, y, false, holder, issuer, seed)
		requireOpen(t, b, first, true, holder, issuer, seed)
		y.LoOpen, y.HiOpen, first.LoOpen, first.HiOpen = false, false, false, false
		require.Equal(t, wantY.String(), y.String(), "seed %d: %s in %s", seed, holder, issuer)
		require.Equal(t, wantFirst.String(), first.String(), "seed %d: %s in %s", seed, holder, issuer)
	}
	t.Logf("%d pairs, %d of them in books with rings that may close", asked, ringed)
	require.Greater(t, asked, testkit.Cases(300))
	require.Greater(t, ringed, testkit.Cases(50))
}

func TestControlBoundsAgainstCorners(t *testing.T) {
	count := map[crossholding.Certainty]int{}
	rules := []crossholding.ControlOptions{
		{}, {AtLeast: true}, {Threshold: ratio.MustParse("1/4")}, {Basis: crossholding.BasisCapital, AtLeast: true},
		{Basis: crossholding.BasisExercisable}, {Basis: crossholding.BasisTheoretical, Threshold: ratio.MustParse("1/3")},
	}
	for seed := range uint64(testkit.Cases(300)) {
		r := rand.New(rand.NewPCG(seed, 2))
		b := intervalBook(r, seed%2 == 1, seed%3 == 2)
		a, err := crossholding.New(b.book(nil))
		require.NoError(t, err)
		rule := rules[int(seed)%len(rules)]
		bounds, err := a.Bounds(t.Context(), crossholding.BoundsOptions{Control: rule})
		require.NoError(t, err)
		seen := map[[2]string]map[bool]bool{}
		b.corners(true, func(at map[int]int) {
			c := controlOf(t, b.book(at), rule)
			for _, x := range append(slices.Clone(b.companies), b.outside...) {
				under, err := c.Controlled(t.Context(), x)
				require.NoError(t, err)
				for _, y := range b.companies {
					k := [2]string{x, y}
					if seen[k] == nil {
						seen[k] = map[bool]bool{}
					}
					seen[k][slices.Contains(under, y)] = true
				}
			}
		})
		for k, answers := range seen {
			v, err := bounds.Controls(t.Context(), k[0], k[1])
			if errors.Is(err, crossholding.ErrUnknown) {
				continue
			}
			require.NoError(t, err)
			count[v.Answer]++
			note := fmt.Sprintf("seed %d: %s and %s: %s, corners %v", seed, k[0], k[1], v, answers)
			switch v.Answer {
			case crossholding.CertaintyYes:
				require.Equal(t, map[bool]bool{true: true}, answers, note)
			case crossholding.CertaintyNo:
				require.Equal(t, map[bool]bool{false: true}, answers, note)
			default:
				requireDecides(t, b, a, rule, v, note)
				if seed%2 == 0 { // without open ends the corners have both answers
					require.Len(t, answers, 2, note)
				}
			}
		}
	}
	t.Log(count)
	for _, answer := range []crossholding.Certainty{crossholding.CertaintyYes, crossholding.CertaintyNo, crossholding.CertaintyDepends} {
		require.Greater(t, count[answer], testkit.Cases(400))
	}
}

func controlOf(t *testing.T, b crossholding.Book, rule crossholding.ControlOptions) *crossholding.Control {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	c, err := a.Control(t.Context(), rule)
	require.NoError(t, err)
	return c
}

// requireDecides checks that both sets of findings settle the question as they
// say, whatever the other stakes are, and that none of them can be spared.
func requireDecides(t *testing.T, b *testBook, a *crossholding.Alliance, rule crossholding.ControlOptions, v crossholding.ControlBound, note string) {
	t.Helper()
	for _, side := range []struct {
		answer   crossholding.Certainty
		findings []crossholding.BandedStake
	}{{crossholding.CertaintyYes, v.Yes}, {crossholding.CertaintyNo, v.No}} {
		require.NotEmpty(t, side.findings, note)
		require.Equal(t, side.answer, answerWith(t, a, rule, v, side.findings), note)
		for i := range side.findings {
			less := slices.Delete(slices.Clone(side.findings), i, i+1)
			require.Equal(t, crossholding.CertaintyDepends, answerWith(t, a, rule, v, less), note)
		}
		for _, f := range side.findings {
			require.True(t, f.Band.Contains(f.Fraction), note)
			require.True(t, f.Given.Contains(f.Fraction), note)
			f.Shares, f.Fraction = ratio.Ratio{}, ratio.Ratio{}
			require.Contains(t, v.DecisiveStakes(), f)
		}
		// One completion with these figures, asked the ordinary way.
		fixed, err := crossholding.New(withFindings(t, a.Book(), side.findings))
		require.NoError(t, err, note)
		low, err := fixed.WithBandsAt(ratio.Int(0))
		require.NoError(t, err, note)
		c, err := low.Control(t.Context(), rule)
		require.NoError(t, err)
		got, err := c.Controls(t.Context(), v.Controller, v.Company)
		require.NoError(t, err)
		if side.answer == crossholding.CertaintyYes && !hasOpen(b) {
			require.True(t, got, note)
		}
		if side.answer == crossholding.CertaintyNo && !hasOpen(b) {
			require.False(t, got, note)
		}
	}
}

func hasOpen(b *testBook) bool {
	return slices.ContainsFunc(b.stakes, func(s testStake) bool { return s.loOpen || s.hiOpen })
}

func withFindings(t *testing.T, book crossholding.Book, findings []crossholding.BandedStake) crossholding.Book {
	t.Helper()
	for _, f := range findings {
		i := slices.IndexFunc(book.Stakes, func(s crossholding.Stake) bool {
			class := s.Class
			if class == "" {
				class = "ordinary"
			}
			return s.Between == f.Given.String() && s.Holder == f.Holder && s.Issuer == f.Issuer && class == f.Class
		})
		require.GreaterOrEqual(t, i, 0)
		book.Stakes[i].Between = ""
		book.Stakes[i].Shares = ratio.Number(f.Shares.String())
	}
	return book
}

func answerWith(t *testing.T, a *crossholding.Alliance, rule crossholding.ControlOptions, v crossholding.ControlBound, findings []crossholding.BandedStake) crossholding.Certainty {
	t.Helper()
	b, err := crossholding.New(withFindings(t, a.Book(), findings))
	require.NoError(t, err)
	bounds, err := b.Bounds(t.Context(), crossholding.BoundsOptions{Control: rule})
	require.NoError(t, err)
	got, err := bounds.Controls(t.Context(), v.Controller, v.Company)
	require.NoError(t, err)
	return got.Answer
}

func mustBounds(t *testing.T, b crossholding.Book, opt crossholding.BoundsOptions) *crossholding.Bounds {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	bounds, err := a.Bounds(t.Context(), opt)
	require.NoError(t, err)
	return bounds
}

func TestOpenEndsAtTheThreshold(t *testing.T) {
	for _, c := range []struct {
		band   string
		orMore bool
		want   crossholding.Certainty
	}{
		{"more than 50%", false, crossholding.CertaintyYes},
		{"at least 50%", false, crossholding.CertaintyDepends},
		{"at least 50%", true, crossholding.CertaintyYes},
		{"up to 50%", false, crossholding.CertaintyNo},
		{"up to 50%", true, crossholding.CertaintyDepends},
		{"under 50%", true, crossholding.CertaintyNo},
		{"25%-75%", false, crossholding.CertaintyDepends},
		{"(50%,75%)", false, crossholding.CertaintyYes},
	} {
		t.Run(fmt.Sprintf("%s/or more=%v", c.band, c.orMore), func(t *testing.T) {
			b := mustBounds(t, crossholding.Book{
				Companies: []crossholding.Company{{ID: "c"}}, Parties: []crossholding.Party{{ID: "p"}},
				Stakes: []crossholding.Stake{{Holder: "p", Issuer: "c", Between: c.band}},
			}, crossholding.BoundsOptions{Control: crossholding.ControlOptions{AtLeast: c.orMore}})
			v, err := b.Controls(t.Context(), "p", "c")
			require.NoError(t, err)
			require.Equal(t, c.want, v.Answer)
		})
	}
}

// Two halves of one another's rest: each alone may pass one half, and what one
// has the other cannot.
func TestOthersLeaveNoMajority(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "c"}}, Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "c", Between: "30%-60%"},
			{Holder: "q", Issuer: "c", Between: "at least 50%"},
		},
	}
	b := mustBounds(t, book, crossholding.BoundsOptions{})
	v, err := b.Controls(t.Context(), "p", "c")
	require.NoError(t, err)
	require.Equal(t, crossholding.CertaintyNo, v.Answer)
	v, err = b.Controls(t.Context(), "q", "c")
	require.NoError(t, err)
	require.Equal(t, crossholding.CertaintyDepends, v.Answer)
	require.Equal(t, "q may control c; yes if q has 70% of c; no if q has 50% of c", v.String())
}

func TestRingThatMayClose(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x"}, {ID: "y"}}, Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{
			{Holder: "x", Issuer: "y", Percent: "100"},
			{Holder: "y", Issuer: "x", Between: "50%-100%"},
			{Holder: "p", Issuer: "x", Between: "0%-100%"},
		},
	}
	b := mustBounds(t, book, crossholding.BoundsOptions{})
	for _, c := range []struct{ holder, issuer, integrated, first string }{
		{"p", "y", "[0%,100%]", "[0%,100%]"},
		{crossholding.FloatOf("x"), "y", "[0%,100%]", "[0%,100%]"},
		{"x", "y", "[200%,unbounded)", "100%"},
		{"x", "x", "[100%,unbounded)", "[50%,100%)"},
		// Only the ring through y itself stands against 100%.
		{"y", "x", "[100%,unbounded)", "[50%,100%]"},
	} {
		y, err := b.Integrated(t.Context(), c.holder, c.issuer)
		require.NoError(t, err)
		require.Equal(t, c.integrated, y.String(), "%s in %s", c.holder, c.issuer)
		f, err := b.FirstPassage(t.Context(), c.holder, c.issuer)
		require.NoError(t, err)
		require.Equal(t, c.first, f.String(), "%s in %s", c.holder, c.issuer)
	}

	// Nobody but the float can be at the end, ring or not.
	book.Stakes = book.Stakes[:2]
	y, err := mustBounds(t, book, crossholding.BoundsOptions{}).Integrated(t.Context(), crossholding.FloatOf("x"), "y")
	require.NoError(t, err)
	require.Equal(t, "100%", y.String())

	// Closed whatever the bands are.
	book.Stakes = append(book.Stakes, crossholding.Stake{Holder: "p", Issuer: "x", Between: "0%-100%"})
	book.Stakes[1] = crossholding.Stake{Holder: "y", Issuer: "x", Percent: "100"}
	_, err = mustBounds(t, book, crossholding.BoundsOptions{}).Integrated(t.Context(), "p", "y")
	require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
}

func TestBoundsOfExactBookAreThatFigure(t *testing.T) {
	for seed := range uint64(testkit.Cases(100)) {
		r := rand.New(rand.NewPCG(seed, 3))
		b := intervalBook(r, false, seed%2 == 0)
		at := map[int]int{}
		for i, s := range b.stakes {
			at[i] = s.lo
		}
		a, err := crossholding.New(b.book(at))
		require.NoError(t, err)
		bounds, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
		require.NoError(t, err)
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		if err != nil {
			continue
		}
		for _, c := range b.companies {
			want, err := o.Owners(t.Context(), c)
			if err != nil {
				continue
			}
			got, err := bounds.Owners(t.Context(), c)
			require.NoError(t, err)
			require.Len(t, got, len(want), "seed %d: %s", seed, c)
			for i := range want {
				require.Equal(t, want[i].Holder, got[i].Holder)
				require.True(t, got[i].Integrated.IsExact())
				require.True(t, want[i].Integrated.Equal(got[i].Integrated.Lo), "seed %d: %s in %s: %s, not %s", seed, want[i].Holder, c, got[i].Integrated, want[i].Integrated)
			}
		}
	}
}

// Neither the order of the book nor the names in it change a bound or an
// answer.
func TestBoundsIgnoreOrderAndNames(t *testing.T) {
	for seed := range uint64(testkit.Cases(60)) {
		r := rand.New(rand.NewPCG(seed, 4))
		b := intervalBook(r, true, true)
		plain := b.book(nil)
		want := everything(t, plain, func(s string) string { return s })
		mixed := plain
		mixed.Stakes = slices.Clone(plain.Stakes)
		r.Shuffle(len(mixed.Stakes), func(i, j int) { mixed.Stakes[i], mixed.Stakes[j] = mixed.Stakes[j], mixed.Stakes[i] })
		require.Equal(t, want, everything(t, mixed, func(s string) string { return s }), "seed %d", seed)

		names := map[string]string{"c0": "z", "c1": "m", "c2": "b", "c3": "a", "p": "k", "q": "c0"}
		rename := func(s string) string {
			if n, ok := names[s]; ok {
				return n
			}
			return s
		}
		renamed := crossholding.Book{}
		for _, c := range plain.Companies {
			c.ID = rename(c.ID)
			renamed.Companies = append(renamed.Companies, c)
		}
		for _, p := range plain.Parties {
			renamed.Parties = append(renamed.Parties, crossholding.Party{ID: rename(p.ID)})
		}
		for _, s := range plain.Stakes {
			s.Holder, s.Issuer, s.Voter, s.Beneficiary = rename(s.Holder), rename(s.Issuer), rename(s.Voter), rename(s.Beneficiary)
			renamed.Stakes = append(renamed.Stakes, s)
		}
		back := map[string]string{}
		for from, to := range names {
			back[to] = from
		}
		require.Equal(t, want, everything(t, renamed, func(s string) string {
			if float, ok := strings.CutPrefix(s, "float:"); ok {
				return "float:" + back[float]
			}
			return back[s]
		}), "seed %d", seed)
	}
}

// everything lists bounds and answers of a book, by name.
func everything(t *testing.T, book crossholding.Book, name func(string) string) []string {
	t.Helper()
	b := mustBounds(t, book, crossholding.BoundsOptions{})
	var out []string
	for _, c := range book.Companies {
		rows, err := b.Owners(t.Context(), c.ID)
		if err != nil {
			continue
		}
		for _, row := range rows {
			out = append(out, fmt.Sprint(name(row.Holder), " ", name(row.Issuer), " ", row.Integrated, row.FirstPassage))
		}
		under, err := b.Controlled(t.Context(), c.ID)
		require.NoError(t, err)
		for _, v := range under {
			out = append(out, fmt.Sprint(name(v.Controller), " ", name(v.Company), " ", v.Answer))
		}
	}
	slices.Sort(out)
	return out
}

// Two ways that floating point cannot tell apart: the better one is found, and
// it takes a second round to find it.
func TestBoundsBeyondFloats(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "a"}, {ID: "b"}, {ID: "c"}}, Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "a", Percent: "50"},
			{Holder: "p", Issuer: "b", Percent: "50.00000000000000000001"},
			{Holder: "a", Issuer: "c", Between: "up to 100%"},
			{Holder: "b", Issuer: "c", Between: "up to 100%"},
		},
	}
	y, err := mustBounds(t, book, crossholding.BoundsOptions{}).Integrated(t.Context(), "p", "c")
	require.NoError(t, err)
	require.Equal(t, "[0%,50.00000000000000000001%]", y.String())
	_, err = mustBounds(t, book, crossholding.BoundsOptions{MaxRounds: 1}).Integrated(t.Context(), "p", "c")
	require.ErrorIs(t, err, crossholding.ErrSearchLimit)
	require.Contains(t, err.Error(), "bounds on c: no result after 1 rounds")
}

func TestBoundsErrors(t *testing.T) {
	a, err := crossholding.New(booktest.Banded())
	require.NoError(t, err)
	for name, c := range map[string]struct {
		opt  crossholding.BoundsOptions
		kind error
	}{
		"negative bits": {crossholding.BoundsOptions{MaxBits: -1}, crossholding.ErrRange},
		"presumption":   {crossholding.BoundsOptions{Control: crossholding.ControlOptions{Presumed: ratio.MustParse("2/5")}}, crossholding.ErrRange},
		"threshold":     {crossholding.BoundsOptions{Control: crossholding.ControlOptions{Threshold: ratio.Int(2)}}, crossholding.ErrRange},
		"basis":         {crossholding.BoundsOptions{Control: crossholding.ControlOptions{Basis: "heads"}}, crossholding.ErrUnknown},
		"policy": {crossholding.BoundsOptions{Control: crossholding.ControlOptions{
			Voting: crossholding.VotingOptions{Circular: "coin"}}}, crossholding.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Bounds(t.Context(), c.opt)
			require.ErrorIs(t, err, c.kind)
		})
	}
	b, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
	require.NoError(t, err)
	_, err = b.Integrated(t.Context(), "Nobody", "Trading")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = b.Controls(t.Context(), "Ada", "Nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = b.Controls(t.Context(), crossholding.FloatOf("Trading"), "Trading")
	require.ErrorIs(t, err, crossholding.ErrRange)

	ctx, cancel := context.WithCancel(t.Context())
	b, err = a.Bounds(ctx, crossholding.BoundsOptions{})
	require.NoError(t, err)
	cancel()
	_, err = b.Controls(ctx, "Ada", "Trading")
	require.ErrorIs(t, err, context.Canceled)
	_, err = b.Owners(ctx, "Trading")
	require.ErrorIs(t, err, context.Canceled)

}

// A ring that nobody outside owns takes no answer away from companies that have nothing to do
// with it.
func TestBoundsBesideAClosedRing(t *testing.T) {
	b := booktest.Book(t, "a 100 b", "b 100 a", "p 60 c", "c 100 d", "a 10 e")
	for i := range b.Stakes {
		if s := &b.Stakes[i]; s.Holder == "p" {
			s.Percent, s.Between = "", "[60%,70%]"
		}
	}
	bounds := mustBounds(t, b, crossholding.BoundsOptions{})
	got, err := bounds.Integrated(t.Context(), "p", "d")
	require.NoError(t, err)
	require.Equal(t, "[60%,70%]", got.String())
	owners, err := bounds.Owners(t.Context(), "d")
	require.NoError(t, err)
	require.NotEmpty(t, owners)
	for _, company := range []string{"a", "e"} { // the ring, and what it owns
		_, err = bounds.Owners(t.Context(), company)
		require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
		require.ErrorContains(t, err, "a, b")
		_, err = bounds.FirstPassage(t.Context(), "p", company)
		require.ErrorIs(t, err, crossholding.ErrNoOutsideOwner)
	}
}
