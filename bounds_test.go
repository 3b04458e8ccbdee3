package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/stretchr/testify/require"
)

// The oracle knows nothing of columns and walks: it writes books without bands
// and asks the ordinary questions of them.

// whole is a class's issued shares in the units of the oracle, and step the
// grid of random stakes: 5%.
const (
	whole = 1_000_000_000
	step  = whole / 20
)

// testStake is a stake in a random book.
type testStake struct {
	crossholding.Stake
	lo, hi         int
	loOpen, hiOpen bool
}

// testBook is a random book with bands.
type testBook struct {
	companies, outside []string
	shares             map[string][]crossholding.ShareClass
	stakes             []testStake
}

func (b *testBook) book(at map[int]int) crossholding.Book {
	var out crossholding.Book
	for _, c := range b.companies {
		out.Companies = append(out.Companies, crossholding.Company{ID: c, Shares: b.shares[c]})
	}
	for _, p := range b.outside {
		out.Parties = append(out.Parties, crossholding.Party{ID: p})
	}
	for i, s := range b.stakes {
		stake := s.Stake
		switch v, fixed := at[i]; {
		case fixed:
			stake.Percent = percentOf(v)
		case s.lo == s.hi:
			stake.Percent = percentOf(s.lo)
		default:
			stake.Between = s.text()
		}
		out.Stakes = append(out.Stakes, stake)
	}
	return out
}

func (s testStake) text() string {
	left, right := "[", "]"
	if s.loOpen {
		left = "("
	}
	if s.hiOpen {
		right = ")"
	}
	return fmt.Sprintf("%s%s%%,%s%%%s", left, percentOf(s.lo), percentOf(s.hi), right)
}

func percentOf(units int) crossholding.Number {
	return crossholding.Number(fmt.Sprintf("%d.%07d", units/(whole/100), units%(whole/100)))
}

// room is what may be held of a class.
func (b *testBook) room(issuer, class string) int {
	for _, k := range b.shares[issuer] {
		if k.Class == class && k.Treasury != "" {
			return whole / 10 * 9
		}
	}
	return whole
}

// corners yields the vertices of the completions, open ends taken with them or
// left out by one unit: every stake at an end, but one of each class
// perhaps at what the others leave.
func (b *testBook) corners(inset bool, yield func(map[int]int)) {
	var banded []int
	sums := map[[2]string]int{}
	for i, s := range b.stakes {
		if s.lo != s.hi {
			banded = append(banded, i)
		} else {
			sums[[2]string{s.Issuer, s.Class}] += s.lo
		}
	}
	at, last := map[int]int{}, map[[2]string]int{}
	ends := func(s testStake) (lo, hi int) {
		lo, hi = s.lo, s.hi
		if inset && s.loOpen {
			lo++
		}
		if inset && s.hiOpen {
			hi--
		}
		return
	}
	var choose func(n int)
	choose = func(n int) {
		if n == len(banded) {
			for key, i := range last {
				at[i] = b.room(key[0], key[1]) - sums[key]
				if lo, hi := ends(b.stakes[i]); at[i] <= lo || at[i] >= hi {
					return
				}
			}
			yield(at)
			return
		}
		i := banded[n]
		s := b.stakes[i]
		key := [2]string{s.Issuer, s.Class}
		lo, hi := ends(s)
		for _, v := range slices.Compact([]int{lo, hi}) {
			if sums[key]+v <= b.room(s.Issuer, s.Class) {
				at[i], sums[key] = v, sums[key]+v
				choose(n + 1)
				sums[key] -= v
			}
		}
		if _, taken := last[key]; !taken {
			last[key] = i
			choose(n + 1)
			delete(last, key)
		}
	}
	choose(0)
}

// randomBook makes a small book, rings and all. One in four is tight: rings
// may close there.
func intervalBook(r *rand.Rand, open, rich bool) *testBook {
	b := &testBook{shares: map[string][]crossholding.ShareClass{}}
	bands, tight := 0, r.IntN(4) == 0
	companies := 2 + r.IntN(3)
	if tight {
		companies = 2
	}
	for i := range companies {
		b.companies = append(b.companies, fmt.Sprintf("c%d", i))
	}
	b.outside = []string{"p", "q"}
	for _, issuer := range b.companies {
		classes := []string{"ordinary"}
		if rich && !tight && r.IntN(2) == 0 {
			classes = []string{"A", "B"}
			b.shares[issuer] = []crossholding.ShareClass{
				{Class: "A", Issued: "600", Dividend: "0.5"}, {Class: "B", Issued: "400", Treasury: "40", Votes: "3"}}
		}
		for _, class := range classes {
			left := b.room(issuer, class)
			for _, holder := range append(slices.Clone(b.companies), b.outside...) {
				if holder == issuer || !tight && r.IntN(3) == 0 {
					continue
				}
				s := testStake{Stake: crossholding.Stake{Holder: holder, Issuer: issuer, Class: class}}
				if s.lo = step * r.IntN(left/step+1) / (1 + r.IntN(2)) / step * step; tight {
					s.lo = s.lo / 4 / step * step * (r.IntN(8) / 7)
				}
				s.hi = s.lo
				if bands < 6 && (tight || r.IntN(2) == 0) && s.lo < whole {
					if s.hi += step * (1 + r.IntN((whole-s.lo)/step)); tight {
						s.hi = whole
					}
					if open && s.lo < left { // what is outstanding leaves room for more than the least
						s.loOpen, s.hiOpen = r.IntN(2) == 0, r.IntN(2) == 0
					}
					bands++
				}
				if rich && !tight {
					b.embellish(r, &s)
				}
				if left -= s.lo; s.loOpen {
					left = max(left-step, 0)
				}
				b.stakes = append(b.stakes, s)
			}
		}
	}
	return b
}

// embellish lets others have the money or the votes of a stake.
func (b *testBook) embellish(r *rand.Rand, s *testStake) {
	switch r.IntN(8) {
	case 0:
		s.Voter = crossholding.Neutral
	case 1:
		s.Beneficiary = "p"
	case 2:
		s.Voter = "q"
	case 3:
		s.Votes = "2"
	}
}

// extremes asks every corner who owns how much, and returns the least and the
// most. Of a corner where companies own one another wholly, ringed, it asks
// the completion a little nearer to the least stakes.
func (b *testBook) extremes(t *testing.T, holder, issuer string) (integrated, first crossholding.Interval, ringed bool) {
	some := false
	b.corners(false, func(at map[int]int) {
		a, err := crossholding.New(b.book(at))
		require.NoError(t, err)
		o, err := a.Ownership(crossholding.OwnershipOptions{})
		if errors.Is(err, crossholding.ErrClosedRing) {
			ringed = true
			near := map[int]int{}
			for i, v := range at {
				near[i] = v - (v-b.stakes[i].lo)/1_000_000
			}
			a, err = crossholding.New(b.book(near))
			require.NoError(t, err)
			o, err = a.Ownership(crossholding.OwnershipOptions{})
		}
		require.NoError(t, err)
		y, err := o.Integrated(holder, issuer)
		require.NoError(t, err)
		f, err := o.FirstPassage(holder, issuer)
		require.NoError(t, err)
		if !some {
			integrated, first = crossholding.Interval{Lo: y, Hi: y}, crossholding.Interval{Lo: f, Hi: f}
			some = true
			return
		}
		stretch(&integrated, y)
		stretch(&first, f)
	})
	return
}

func stretch(v *crossholding.Interval, r crossholding.Ratio) {
	if r.Less(v.Lo) {
		v.Lo = r
	}
	if v.Hi.Less(r) {
		v.Hi = r
	}
}

func TestOwnershipBoundsAgainstCorners(t *testing.T) {
	asked, ringed := 0, 0
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := intervalBook(r, seed%2 == 1, seed%3 == 2)
		a, err := crossholding.New(b.book(nil))
		require.NoError(t, err, "seed %d", seed)
		bounds, err := a.Bounds(crossholding.BoundsOptions{})
		require.NoError(t, err)
		issuer := b.companies[r.IntN(len(b.companies))]
		holders := append([]string{"p", "q", crossholding.Float(b.companies[0])}, b.companies...)
		holder := holders[r.IntN(len(holders))]
		y, err := bounds.Integrated(holder, issuer)
		if errors.Is(err, crossholding.ErrClosedRing) {
			continue
		}
		if errors.Is(err, crossholding.ErrUnknown) {
			continue // nobody holds shares of issuer
		}
		require.NoError(t, err)
		first, err := bounds.FirstPassage(holder, issuer)
		require.NoError(t, err)
		wantY, wantFirst, rings := b.extremes(t, holder, issuer)
		asked++
		if rings {
			ringed++
			requireNear(t, y, wantY, seed)
			requireNear(t, first, wantFirst, seed)
			continue
		}
		require.Equal(t, wantY.String(), y.String(), "seed %d: %s in %s", seed, holder, issuer)
		require.Equal(t, wantFirst.String(), first.String(), "seed %d: %s in %s", seed, holder, issuer)
	}
	t.Logf("%d pairs, %d of them in books with rings that may close", asked, ringed)
	require.Greater(t, asked, 300)
	require.Greater(t, ringed, 50)
}

// requireNear checks that bounds hold what was found and lie within a
// thousandth of it.
func requireNear(t *testing.T, bounds, found crossholding.Interval, seed uint64) {
	t.Helper()
	margin := crossholding.MustParseRatio("0.001")
	require.False(t, found.Lo.Less(bounds.Lo), "seed %d: %s not within %s", seed, found, bounds)
	require.False(t, bounds.Lo.Add(margin).Less(found.Lo), "seed %d: %s far within %s", seed, found, bounds)
	if bounds.Unbounded {
		require.True(t, crossholding.Int(1000).Less(found.Hi), "seed %d: %s is not without bound", seed, found)
		return
	}
	require.False(t, bounds.Hi.Less(found.Hi), "seed %d: %s not within %s", seed, found, bounds)
	require.False(t, found.Hi.Add(margin).Less(bounds.Hi), "seed %d: %s far within %s", seed, found, bounds)
}

func TestControlBoundsAgainstCorners(t *testing.T) {
	count := map[crossholding.Truth]int{}
	rules := []crossholding.ControlOptions{
		{}, {OrMore: true}, {Threshold: crossholding.MustParseRatio("1/4")}, {Basis: crossholding.Capital, OrMore: true},
		{Basis: crossholding.Exercisable}, {Basis: crossholding.Theoretical, Threshold: crossholding.MustParseRatio("1/3")},
	}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		b := intervalBook(r, seed%2 == 1, seed%3 == 2)
		a, err := crossholding.New(b.book(nil))
		require.NoError(t, err)
		rule := rules[int(seed)%len(rules)]
		bounds, err := a.Bounds(crossholding.BoundsOptions{Control: rule})
		require.NoError(t, err)
		seen := map[[2]string]map[bool]bool{}
		b.corners(true, func(at map[int]int) {
			c := controlOf(t, b.book(at), rule)
			for _, x := range append(slices.Clone(b.companies), b.outside...) {
				under, err := c.Controlled(x)
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
			v, err := bounds.Controls(k[0], k[1])
			if errors.Is(err, crossholding.ErrUnknown) {
				continue
			}
			require.NoError(t, err)
			count[v.Answer]++
			note := fmt.Sprintf("seed %d: %s and %s: %s, corners %v", seed, k[0], k[1], v, answers)
			switch v.Answer {
			case crossholding.Yes:
				require.Equal(t, map[bool]bool{true: true}, answers, note)
			case crossholding.No:
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
	for _, answer := range []crossholding.Truth{crossholding.Yes, crossholding.No, crossholding.Depends} {
		require.Greater(t, count[answer], 400)
	}
}

func controlOf(t *testing.T, b crossholding.Book, rule crossholding.ControlOptions) *crossholding.Control {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	c, err := a.Control(rule)
	require.NoError(t, err)
	return c
}

// requireDecides checks that both sets of findings settle the question as they
// say, whatever the other stakes are, and that none of them can be spared.
func requireDecides(t *testing.T, b *testBook, a *crossholding.Alliance, rule crossholding.ControlOptions, v crossholding.Verdict, note string) {
	t.Helper()
	for _, side := range []struct {
		answer   crossholding.Truth
		findings []crossholding.Finding
	}{{crossholding.Yes, v.Yes}, {crossholding.No, v.No}} {
		require.NotEmpty(t, side.findings, note)
		require.Equal(t, side.answer, answerWith(t, a, rule, v, side.findings), note)
		for i := range side.findings {
			less := slices.Delete(slices.Clone(side.findings), i, i+1)
			require.Equal(t, crossholding.Depends, answerWith(t, a, rule, v, less), note)
		}
		for _, f := range side.findings {
			require.True(t, f.Band.Contains(f.At), note)
			require.True(t, f.Given.Contains(f.At), note)
			require.Contains(t, v.Deciding(), f.BandedStake)
		}
		// One completion with these figures, asked the ordinary way.
		fixed, err := crossholding.New(withFindings(t, a.Book(), side.findings))
		require.NoError(t, err, note)
		low, err := fixed.At(crossholding.Lower)
		require.NoError(t, err, note)
		c, err := low.Control(rule)
		require.NoError(t, err)
		got, err := c.Controls(v.Controller, v.Company)
		require.NoError(t, err)
		if side.answer == crossholding.Yes && !hasOpen(b) {
			require.True(t, got, note)
		}
		if side.answer == crossholding.No && !hasOpen(b) {
			require.False(t, got, note)
		}
	}
}

func hasOpen(b *testBook) bool {
	return slices.ContainsFunc(b.stakes, func(s testStake) bool { return s.loOpen || s.hiOpen })
}

func withFindings(t *testing.T, book crossholding.Book, findings []crossholding.Finding) crossholding.Book {
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
		book.Stakes[i].Shares = crossholding.Number(f.Shares.String())
	}
	return book
}

func answerWith(t *testing.T, a *crossholding.Alliance, rule crossholding.ControlOptions, v crossholding.Verdict, findings []crossholding.Finding) crossholding.Truth {
	t.Helper()
	b, err := crossholding.New(withFindings(t, a.Book(), findings))
	require.NoError(t, err)
	bounds, err := b.Bounds(crossholding.BoundsOptions{Control: rule})
	require.NoError(t, err)
	got, err := bounds.Controls(v.Controller, v.Company)
	require.NoError(t, err)
	return got.Answer
}

func mustBounds(t *testing.T, b crossholding.Book, opt crossholding.BoundsOptions) *crossholding.Bounds {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	bounds, err := a.Bounds(opt)
	require.NoError(t, err)
	return bounds
}

func TestOpenEndsAtTheThreshold(t *testing.T) {
	for _, c := range []struct {
		band   string
		orMore bool
		want   crossholding.Truth
	}{
		{"more than 50%", false, crossholding.Yes},
		{"at least 50%", false, crossholding.Depends},
		{"at least 50%", true, crossholding.Yes},
		{"up to 50%", false, crossholding.No},
		{"up to 50%", true, crossholding.Depends},
		{"under 50%", true, crossholding.No},
		{"25%-75%", false, crossholding.Depends},
		{"(50%,75%)", false, crossholding.Yes},
	} {
		t.Run(fmt.Sprintf("%s/or more=%v", c.band, c.orMore), func(t *testing.T) {
			b := mustBounds(t, crossholding.Book{
				Companies: []crossholding.Company{{ID: "c"}}, Parties: []crossholding.Party{{ID: "p"}},
				Stakes: []crossholding.Stake{{Holder: "p", Issuer: "c", Between: c.band}},
			}, crossholding.BoundsOptions{Control: crossholding.ControlOptions{OrMore: c.orMore}})
			v, err := b.Controls("p", "c")
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
	v, err := b.Controls("p", "c")
	require.NoError(t, err)
	require.Equal(t, crossholding.No, v.Answer)
	v, err = b.Controls("q", "c")
	require.NoError(t, err)
	require.Equal(t, crossholding.Depends, v.Answer)
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
		{crossholding.Float("x"), "y", "[0%,100%]", "[0%,100%]"},
		{"x", "y", "[200%,unbounded)", "100%"},
		{"x", "x", "[100%,unbounded)", "[50%,100%]"},
		{"y", "x", "[100%,unbounded)", "[50%,100%]"},
	} {
		y, err := b.Integrated(c.holder, c.issuer)
		require.NoError(t, err)
		require.Equal(t, c.integrated, y.String(), "%s in %s", c.holder, c.issuer)
		f, err := b.FirstPassage(c.holder, c.issuer)
		require.NoError(t, err)
		require.Equal(t, c.first, f.String(), "%s in %s", c.holder, c.issuer)
	}

	// Nobody but the float can be at the end, ring or not.
	book.Stakes = book.Stakes[:2]
	y, err := mustBounds(t, book, crossholding.BoundsOptions{}).Integrated(crossholding.Float("x"), "y")
	require.NoError(t, err)
	require.Equal(t, "100%", y.String())

	// Closed whatever the bands are.
	book.Stakes = append(book.Stakes, crossholding.Stake{Holder: "p", Issuer: "x", Between: "0%-100%"})
	book.Stakes[1] = crossholding.Stake{Holder: "y", Issuer: "x", Percent: "100"}
	_, err = mustBounds(t, book, crossholding.BoundsOptions{}).Integrated("p", "y")
	require.ErrorIs(t, err, crossholding.ErrClosedRing)
}

func TestBoundsOfExactBookAreThatFigure(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 3))
		b := intervalBook(r, false, seed%2 == 0)
		at := map[int]int{}
		for i, s := range b.stakes {
			at[i] = s.lo
		}
		a, err := crossholding.New(b.book(at))
		require.NoError(t, err)
		bounds, err := a.Bounds(crossholding.BoundsOptions{})
		require.NoError(t, err)
		o, err := a.Ownership(crossholding.OwnershipOptions{})
		if err != nil {
			continue
		}
		for _, c := range b.companies {
			want, err := o.Owners(c)
			if err != nil {
				continue
			}
			got, err := bounds.Owners(c)
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
	for seed := range uint64(60) {
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
		rows, err := b.Owners(c.ID)
		if err != nil {
			continue
		}
		for _, row := range rows {
			out = append(out, fmt.Sprint(name(row.Holder), " ", name(row.Issuer), " ", row.Integrated, row.FirstPassage))
		}
		under, err := b.Controlled(c.ID)
		require.NoError(t, err)
		for _, v := range under {
			out = append(out, fmt.Sprint(name(v.Controller), " ", name(v.Company), " ", v.Answer))
		}
	}
	slices.Sort(out)
	return out
}

func TestBoundsErrors(t *testing.T) {
	a, err := crossholding.New(psc())
	require.NoError(t, err)
	for name, c := range map[string]struct {
		opt  crossholding.BoundsOptions
		kind error
	}{
		"negative bits": {crossholding.BoundsOptions{MaxBits: -1}, crossholding.ErrRange},
		"presumption":   {crossholding.BoundsOptions{Control: crossholding.ControlOptions{Presumed: crossholding.MustParseRatio("2/5")}}, crossholding.ErrRange},
		"threshold":     {crossholding.BoundsOptions{Control: crossholding.ControlOptions{Threshold: crossholding.Int(2)}}, crossholding.ErrRange},
		"basis":         {crossholding.BoundsOptions{Control: crossholding.ControlOptions{Basis: "heads"}}, crossholding.ErrUnknown},
		"policy": {crossholding.BoundsOptions{Control: crossholding.ControlOptions{
			Voting: crossholding.VotingOptions{Circular: "coin"}}}, crossholding.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Bounds(c.opt)
			require.ErrorIs(t, err, c.kind)
		})
	}
	b, err := a.Bounds(crossholding.BoundsOptions{MaxRounds: 1})
	require.NoError(t, err)
	_, err = b.Integrated("Ada", "Trading")
	require.ErrorIs(t, err, crossholding.ErrCap)
	_, err = b.Integrated("Nobody", "Trading")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = b.Controls("Ada", "Nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = b.Controls(crossholding.Float("Trading"), "Trading")
	require.ErrorIs(t, err, crossholding.ErrRange)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b, err = a.Bounds(crossholding.BoundsOptions{Context: ctx})
	require.NoError(t, err)
	_, err = b.Controls("Ada", "Trading")
	require.ErrorIs(t, err, context.Canceled)
	_, err = b.Owners("Trading")
	require.ErrorIs(t, err, context.Canceled)

	book := psc()
	book.Agreements = []crossholding.Agreement{{ID: "pact", Kind: crossholding.Follow, Holders: []string{"Ben"}, Leader: "Ada"}}
	_, err = mustBounds(t, book, crossholding.BoundsOptions{}).Controls("Ada", "Trading")
	require.ErrorIs(t, err, crossholding.ErrAgreement)
	require.Contains(t, err.Error(), `"pact"`)
	v, err := mustBounds(t, book, crossholding.BoundsOptions{Control: crossholding.ControlOptions{
		Voting: crossholding.VotingOptions{NoContracts: true}}}).Controls("Ada", "Trading")
	require.NoError(t, err)
	require.Equal(t, crossholding.Depends, v.Answer)
}
