package crossholding_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
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

func percentOf(units int) ratio.Number {
	return ratio.Number(fmt.Sprintf("%d.%07d", units/(whole/100), units%(whole/100)))
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
				s := testStake{Stake: crossholding.Stake{Adds: true, Holder: holder, Issuer: issuer, Class: class}}
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
func (b *testBook) extremes(t *testing.T, holder, issuer string) (integrated, first ratio.Interval, ringed bool) {
	some := false
	b.corners(false, func(at map[int]int) {
		a, err := crossholding.New(b.book(at))
		require.NoError(t, err)
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{Strict: true})
		if errors.Is(err, crossholding.ErrNoOutsideOwner) {
			ringed = true
			near := map[int]int{}
			for i, v := range at {
				near[i] = v - (v-b.stakes[i].lo)/1_000_000
			}
			a, err = crossholding.New(b.book(near))
			require.NoError(t, err)
			o, err = a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		}
		require.NoError(t, err)
		y, err := o.Integrated(t.Context(), holder, issuer)
		require.NoError(t, err)
		f, err := o.FirstPassage(t.Context(), holder, issuer)
		require.NoError(t, err)
		if !some {
			integrated, first = ratio.Interval{Lo: y, Hi: y}, ratio.Interval{Lo: f, Hi: f}
			some = true
			return
		}
		stretch(&integrated, y)
		stretch(&first, f)
	})
	return
}

func stretch(v *ratio.Interval, r ratio.Ratio) {
	if r.Less(v.Lo) {
		v.Lo = r
	}
	if v.Hi.Less(r) {
		v.Hi = r
	}
}

// requireOpen checks by trial that an end is reached by a completion without
// open ends if and only if the bounds say so: it mixes the corners that reach
// the end, for where any completion does, so do the corners around it.
func requireOpen(t *testing.T, b *testBook, bounds ratio.Interval, first bool, holder, issuer string, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 5))
	for _, end := range []struct {
		name string
		at   ratio.Ratio
		open bool
	}{{"lower", bounds.Lo, bounds.LoOpen}, {"upper", bounds.Hi, bounds.HiOpen}} {
		var there []map[int]int
		b.corners(false, func(at map[int]int) {
			if b.owns(t, at, first, holder, issuer).Equal(end.at) {
				there = append(there, maps.Clone(at))
			}
		})
		require.NotEmpty(t, there)
		reached := false
		for try := 0; try < 400 && !reached; try++ {
			mix := map[int]int{}
			few := there
			if size := 2 + try%8; size < 9 { // a few corners, the better to avoid others
				few = nil
				for range size {
					few = append(few, there[r.IntN(len(there))])
				}
			}
			for range 64 {
				for i, v := range few[r.IntN(len(few))] {
					mix[i] += v / 64
				}
			}
			reached = b.allows(mix) && b.owns(t, mix, first, holder, issuer).Equal(end.at)
		}
		require.Equal(t, end.open, !reached, "seed %d: %s end of %s for %s in %s", seed, end.name, bounds, holder, issuer)
	}
}

// owns asks the ordinary question of one completion.
func (b *testBook) owns(t *testing.T, at map[int]int, first bool, holder, issuer string) ratio.Ratio {
	t.Helper()
	a, err := crossholding.New(b.book(at))
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	ask := o.Integrated
	if first {
		ask = o.FirstPassage
	}
	y, err := ask(t.Context(), holder, issuer)
	require.NoError(t, err)
	return y
}

// allows reports whether figures for the banded stakes are a completion.
func (b *testBook) allows(at map[int]int) bool {
	sum := map[[2]string]int{}
	for i, s := range b.stakes {
		v, ok := at[i]
		if !ok {
			v = s.lo
		} else if v == s.lo && s.loOpen || v == s.hi && s.hiOpen {
			return false
		}
		k := [2]string{s.Issuer, s.Class}
		if sum[k] += v; sum[k] > b.room(s.Issuer, s.Class) {
			return false
		}
	}
	return true
}

// requireNear checks that bounds hold what was found and lie within a
// thousandth of it.
func requireNear(t *testing.T, bounds, found ratio.Interval, seed uint64) {
	t.Helper()
	margin := ratio.MustParse("0.001")
	require.False(t, found.Lo.Less(bounds.Lo), "seed %d: %s not within %s", seed, found, bounds)
	require.False(t, bounds.Lo.Add(margin).Less(found.Lo), "seed %d: %s far within %s", seed, found, bounds)
	if bounds.Unbounded {
		require.True(t, ratio.Int(1000).Less(found.Hi), "seed %d: %s is not without bound", seed, found)
		return
	}
	require.False(t, bounds.Hi.Less(found.Hi), "seed %d: %s not within %s", seed, found, bounds)
	require.False(t, found.Hi.Add(margin).Less(bounds.Hi), "seed %d: %s far within %s", seed, found, bounds)
}
