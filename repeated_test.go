package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// A stake that is listed again is a fault, unless it says that it adds to the other, or is
// another kind of stake, or exists at another time.
func TestRepeatedStakes(t *testing.T) {
	p := func(s crossholding.Stake) crossholding.Stake {
		s.Holder, s.Issuer = "p", "x"
		if s.Percent == "" && s.Between == "" {
			s.Shares = "10"
		}
		return s
	}
	type stake = crossholding.Stake
	for name, tc := range map[string]struct {
		rows []stake
		want string
	}{
		"same number":    {[]stake{p(stake{}), p(stake{})}, "stakes[1]: p in x: given twice, as 10 shares and as 10 shares in stakes[0]: keep one, or write \"adds\": true if they add up"},
		"other number":   {[]stake{p(stake{Percent: "5"}), p(stake{})}, "given twice, as 10 shares and as 5% in stakes[0]"},
		"band":           {[]stake{p(stake{Between: "5%-10%"}), p(stake{Percent: "5"})}, "given twice, as 5% and as 5%-10% in stakes[0]"},
		"rounded":        {[]stake{p(stake{Percent: "5", Rounded: true}), p(stake{Percent: "5"})}, "given twice, as 5% and as rounded 5% in stakes[0]"},
		"other source":   {[]stake{p(stake{Source: "a"}), p(stake{Source: "b"})}, "given twice"},
		"default class":  {[]stake{p(stake{Class: "ordinary"}), p(stake{})}, "given twice"},
		"own voter":      {[]stake{p(stake{Voter: "p", Beneficiary: "p"}), p(stake{})}, "given twice"},
		"thrice":         {[]stake{p(stake{}), p(stake{Adds: true}), p(stake{})}, "stakes[2]: p in x: given twice"},
		"same day":       {[]stake{p(stake{To: "2020-06-30"}), p(stake{From: "2020-06-30"})}, "given twice"},
		"inside":         {[]stake{p(stake{From: "2020-01-01"}), p(stake{From: "2010-01-01", To: "2010-12-31"}), p(stake{From: "2009-01-01", To: "2021-01-01"})}, "stakes[2]: p in x: given twice"},
		"adds":           {[]stake{p(stake{}), p(stake{Adds: true})}, ""},
		"adds, first":    {[]stake{p(stake{Adds: true}), p(stake{})}, ""},
		"all add":        {[]stake{p(stake{Adds: true}), p(stake{Adds: true}), p(stake{Adds: true})}, ""},
		"adds to none":   {[]stake{p(stake{Adds: true})}, ""},
		"other voter":    {[]stake{p(stake{Voter: "q"}), p(stake{})}, ""},
		"own votes":      {[]stake{p(stake{Votes: "2"}), p(stake{})}, ""},
		"one after one":  {[]stake{p(stake{To: "2020-06-30"}), p(stake{From: "2020-07-01"})}, ""},
		"unnamed holder": {[]stake{{Holder: "z", Issuer: "x", Shares: "1"}, {Holder: "z", Issuer: "x", Shares: "1"}}, "neither a company nor a party"},
	} {
		t.Run(name, func(t *testing.T) {
			b := crossholding.Book{AsOf: "2020-01-01", Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}, Stakes: tc.rows,
				Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100"}}}}}
			a, err := crossholding.New(b)
			if tc.want != "" {
				require.ErrorContains(t, err, tc.want)
				return
			}
			require.NoError(t, err)
			require.Empty(t, a.Warnings())
			require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, booktest.New(t, a.Book())))
		})
	}
}

// Against all pairs: a book is a fault if and only if two rows of one kind overlap and
// neither adds. What is written is read again, on each day.
func TestRepeatedStakesByBruteForce(t *testing.T) {
	day := func(i int) date.Date { return date.Date(fmt.Sprintf("2020-01-%02d", 10+i)) }
	faults := 0
	for seed := range testkit.Cases(500) {
		rng := rand.New(rand.NewPCG(uint64(seed), 3))
		b := crossholding.Book{AsOf: day(5), Companies: []crossholding.Company{{ID: "x"}}, Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}}
		for range 1 + rng.IntN(5) {
			s := crossholding.Stake{Holder: []string{"p", "q"}[rng.IntN(2)], Issuer: "x", Percent: ratio.Number(fmt.Sprint(1 + rng.IntN(9))),
				Adds: rng.IntN(3) == 0, Rounded: rng.IntN(3) == 0, Source: []string{"", "a", "b"}[rng.IntN(3)]}
			from := rng.IntN(10)
			if rng.IntN(4) > 0 {
				s.From = day(from)
			}
			if rng.IntN(4) > 0 {
				s.To = day(from + rng.IntN(10-from))
			}
			b.Stakes = append(b.Stakes, s)
		}
		wrong := false
		for i, s := range b.Stakes {
			for _, o := range b.Stakes[:i] {
				for d := range 10 {
					both := date.Within(day(d), s.From, s.To) && date.Within(day(d), o.From, o.To)
					wrong = wrong || both && s.Holder == o.Holder && !s.Adds && !o.Adds
				}
			}
		}
		a, err := crossholding.New(b)
		if wrong {
			faults++
			require.ErrorIs(t, err, crossholding.ErrDuplicate, "%+v", b.Stakes)
			continue
		}
		require.NoError(t, err, "%+v", b.Stakes)
		again := booktest.New(t, a.Book())
		require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, again))
		for d := range 10 {
			direct := b
			direct.AsOf = day(d)
			want := shareOf(t, booktest.New(t, direct))
			for _, x := range []*crossholding.Alliance{a, again} {
				x, err = x.On(day(d))
				require.NoError(t, err)
				require.Equal(t, want, shareOf(t, x), "%+v on %s", b.Stakes, day(d))
			}
		}
	}
	require.Greater(t, faults, testkit.Cases(500)/20)
}

// shareOf returns the stakes of the book's day, without what the sum of them does not show.
func shareOf(t *testing.T, a *crossholding.Alliance) string {
	b, err := a.Bounds(t.Context(), crossholding.BoundsOptions{})
	require.NoError(t, err)
	out := ""
	for _, who := range []string{"p", "q"} {
		v, err := b.Integrated(t.Context(), who, "x")
		require.NoError(t, err)
		out += who + " " + v.String() + "; "
	}
	return out
}
