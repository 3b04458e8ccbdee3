package crossholding_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// Votes of the alliance, step by step, as published (rows) or derived.
func TestAllianceVotes(t *testing.T) {
	cases := []struct {
		name           string
		book           crossholding.Book
		holder, issuer string
		theoretical    string
		exercisable    string
		free           string
		percent        string
		rules          []string
	}{
		{"before: Nissan is suspended in Renault", before2023(), "nissan-finance", "renault", "88716686", "0", "0", "0", []string{"FR-233-31 88716686"}},
		{"before: the State", before2023(), "french-state", "renault", "88775830", "88775830", "88775830", "28.88", nil},
		{"before: Renault in Nissan", before2023(), "renault", "nissan", "1831837027", "1831837027", "1831837027", "43.7", nil},
		{"before: Nissan in Mitsubishi", before2023(), "nissan", "mitsubishi", "506620577", "506620577", "506620577", "34.07", nil},
		{"before: treasury", before2023(), "nissan", "nissan", "28900000", "0", "0", "0", []string{"JP-308-2 28900000"}},
		{"after: Nissan is capped in Renault", after2023(), "nissan-finance", "renault", "88716686", "88716686", "59502154", "22.36", []string{"new-alliance 29214532"}},
		{"after: the State", after2023(), "french-state", "renault", "88775830", "88775830", "88775830", "22.38", nil},
		{"after: Renault's own stake", after2023(), "renault", "nissan", "633107267", "633107267", "633107267", "15.09", nil},
		{"after: the trust is neutral", after2023(), "natixis", "nissan", "1198729760", "1198729760", "0", "28.57", []string{"voter 1198729760"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v, err := booktest.New(t, c.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			n, err := v.Of(c.holder, c.issuer)
			require.NoError(t, err)
			booktest.RequireRatio(t, c.theoretical, n.Theoretical)
			booktest.RequireRatio(t, c.exercisable, n.Exercisable)
			booktest.RequireRatio(t, c.free, n.Free)
			require.Equal(t, c.percent, n.ExercisableShare.Percent(2).String())
			require.Equal(t, c.rules, ruleNames(n))
			checkSums(t, v)
		})
	}
	for date, want := range map[date.Date]string{"2016-04-01": "44387915", "2016-04-02": "88775830", "": "88775830"} {
		b := before2023()
		b.AsOf = date
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		n, err := v.Of("french-state", "renault")
		require.NoError(t, err)
		booktest.RequireRatio(t, want, n.Theoretical)
	}
}

func TestVotesOptions(t *testing.T) {
	a := booktest.New(t, after2023())
	of := func(opt crossholding.VotingOptions) crossholding.VoteCount {
		v, err := a.Votes(t.Context(), opt)
		require.NoError(t, err)
		n, err := v.Of("nissan-finance", "renault")
		require.NoError(t, err)
		return n
	}
	booktest.RequireRatio(t, "59502154", of(crossholding.VotingOptions{}).Free)
	booktest.RequireRatio(t, "88716686", of(crossholding.VotingOptions{NoContracts: true}).Free)
	booktest.RequireRatio(t, "59502154", of(crossholding.VotingOptions{NoLaw: true}).Free)
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{NoContracts: true, NoLaw: true})
	require.NoError(t, err)
	n, err := v.Of("natixis", "nissan")
	require.NoError(t, err)
	booktest.RequireRatio(t, "1198729760", n.Neutral) // the stake's own voter still holds
	booktest.RequireRatio(t, "0", n.Free)
}

func TestVotesErrors(t *testing.T) {
	v, err := booktest.New(t, before2023()).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	for _, c := range []struct{ holder, issuer, want string }{
		{"toyota", "renault", `"toyota"`},
		{"renault", "toyota", `"toyota"`},
		{"renault", "french-state", `"french-state"`},
		{"float:toyota", "renault", `"float:toyota"`},
		{"float:french-state", "renault", `"float:french-state"`},
	} {
		_, err := v.Of(c.holder, c.issuer)
		require.ErrorIs(t, err, crossholding.ErrUnknown)
		require.ErrorContains(t, err, c.want)
	}
	_, err = v.Meeting("toyota")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	n, err := v.Of("float:renault", "nissan")
	require.NoError(t, err)
	require.True(t, n.Theoretical.IsZero(), "a float has votes only at home")

	var nobody crossholding.Alliance
	v, err = nobody.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	for range v.Rows() {
		t.Fatal("a row of nobody")
	}
	_, err = v.Of("a", "b")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

func TestControlErrors(t *testing.T) {
	a := booktest.New(t, before2023())
	for _, opt := range []crossholding.ControlOptions{
		{Threshold: ratio.Int(2)},
		{Threshold: ratio.Int(-1)},
		{Presumed: ratio.Int(2)},
	} {
		_, err := a.Control(t.Context(), opt)
		require.ErrorIs(t, err, crossholding.ErrRange)
	}
	_, err := a.Control(t.Context(), crossholding.ControlOptions{Basis: "seats"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = a.Control(t.Context(), crossholding.ControlOptions{Voting: crossholding.VotingOptions{Circular: "toss"}})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	c, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	_, err = c.Group(t.Context())
	require.ErrorIs(t, err, crossholding.ErrMissing)
	_, err = c.Controls(t.Context(), "float:renault", "nissan")
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = c.Controls(t.Context(), "toyota", "nissan")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = c.Why(t.Context(), "renault", "french-state")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = a.Control(ctx, crossholding.ControlOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

// Figures too long for machine words give the same answers.
func TestLongFigures(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	const zeros = "0000000000000000000000000000000000000000"
	scale := ratio.MustParse("1" + zeros)
	long := func(n ratio.Number) ratio.Number {
		if n == "" || n == "0" {
			return n
		}
		return n + zeros
	}
	for range testkit.Cases(300) {
		b := randomLawBook(rnd)
		law := []string{"JP", "US-DE", "IN", "GB", "US-CA"}[rnd.IntN(5)]
		wide := crossholding.Book{Parties: b.Parties}
		for i, c := range b.Companies {
			b.Companies[i].Country, c.Country = law, law
			c.Shares = nil
			for _, k := range b.Companies[i].Shares {
				k.Issued, k.Treasury = long(k.Issued), long(k.Treasury)
				c.Shares = append(c.Shares, k)
			}
			wide.Companies = append(wide.Companies, c)
		}
		for _, s := range b.Stakes {
			s.Shares = long(s.Shares)
			wide.Stakes = append(wide.Stakes, s)
		}
		opt := crossholding.VotingOptions{Circular: crossholding.PolicyMost}
		v, err := booktest.New(t, b).Votes(t.Context(), opt)
		require.NoError(t, err)
		w, err := booktest.New(t, wide).Votes(t.Context(), opt)
		require.NoError(t, err)
		for n := range v.Rows() {
			m, err := w.Of(n.Holder, n.Issuer)
			require.NoError(t, err)
			require.True(t, n.Exercisable.Mul(scale).Equal(m.Exercisable), "%s in %s", n.Holder, n.Issuer)
			require.True(t, n.Free.Mul(scale).Equal(m.Free))
			require.True(t, n.FreeShare.Equal(m.FreeShare))
			require.Equal(t, len(n.Reasons), len(m.Reasons))
		}
		checkSums(t, w)
	}
}

// One count, asked by many at once.
func TestVotesAreSafeForConcurrentUse(t *testing.T) {
	a := booktest.New(t, before2023())
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	de, err := lawAlliance(t, "x DE; y DE; x>y 60; y>x 60").Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, v := range []*crossholding.Votes{v, de} {
				for n := range v.Rows() {
					for _, r := range n.Reasons {
						_ = r.Because()
					}
				}
			}
			if _, err := a.Votes(t.Context(), crossholding.VotingOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestRowsAreSorted(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	for range testkit.Cases(200) {
		v, err := booktest.New(t, randomLawBook(rnd)).Votes(t.Context(), crossholding.VotingOptions{Circular: crossholding.PolicyFewest})
		require.NoError(t, err)
		last := ""
		for n := range v.Rows() {
			at := fmt.Sprintf("%s\x00%s", n.Holder, n.Issuer)
			require.Negative(t, strings.Compare(last, at), "%q after %q", at, last)
			last = at
		}
		for range v.Rows() {
			break // stopping early is allowed
		}
	}
}

// What a count of the alliance's votes with every statute may allocate.
func TestAllianceAllocations(t *testing.T) {
	a := booktest.New(t, before2023())
	n := testing.AllocsPerRun(50, func() {
		if _, err := a.Control(t.Context(), crossholding.ControlOptions{}); err != nil {
			t.Error(err)
		}
	})
	require.LessOrEqual(t, n, 220.0, "it was 170 when this was written")
}

// A holder's stakes in one company are counted one by one, but a reason that
// holds for several of them is one reason, and one that takes nothing is none.
func TestReasonsAreGivenOnce(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "parent", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "child", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "anna"}, {ID: "fund", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "parent", Issuer: "child", Shares: "470", Beneficiary: "anna"},
			{Holder: "parent", Issuer: "child", Shares: "360"},
			{Holder: "child", Issuer: "parent", Shares: "30"},
			{Holder: "child", Issuer: "parent", Shares: "20", Votes: "2"},
			{Holder: "anna", Issuer: "parent", Shares: "300"},
			{Holder: "anna", Issuer: "parent", Shares: "100", Votes: "3"},
			{Holder: "fund", Issuer: "parent", Shares: "50", Voter: crossholding.Neutral, Beneficiary: "anna"},
			{Holder: "fund", Issuer: "parent", Shares: "40", Voter: crossholding.Neutral},
		},
		Agreements: []crossholding.Agreement{
			{ID: "cap", Kind: crossholding.AgreementCap, Holders: []string{"anna"}, Issuer: "parent", Max: "20%"},
			{ID: "peace", Kind: crossholding.AgreementNeutral, Holders: []string{"child"}, Issuer: "parent"},
		},
	}
	v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	want := map[string][]string{
		"child": {"FR-233-31 70: parent controls child: parent casts 830 of 1000 votes in child (83%)"},
		"anna":  {"cap 370: cap: at most 20% of exercisable votes: 230 of 600"},
		"fund":  {"voter 90: fund's votes are cast so that they never move a result"},
	}
	check := func(c crossholding.VoteCount) {
		var got []string
		for _, r := range c.Reasons {
			got = append(got, fmt.Sprintf("%s %s: %s", r.Rule, r.Votes, r.Because()))
			require.Equal(t, fmt.Sprintf("%s votes of %s in %s do not count: %s (%s)", r.Votes, r.Holder, r.Issuer, r.Because(), cmp.Or(r.Citation, r.Rule)), fmt.Sprint(r))
		}
		require.Equal(t, want[c.Holder], got, c.Holder)
	}
	for c := range v.Rows() {
		if c.Issuer != "parent" {
			continue
		}
		check(c)
		one, err := v.Of(c.Holder, c.Issuer)
		require.NoError(t, err)
		check(one)
	}
}

// A proof names each holder once, with all that it casts, in whoever's name
// the shares are.
func TestProofCountsAHolderWhole(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "sub", Shares: []crossholding.ShareClass{{Issued: "100"}}},
			{ID: "target", Shares: []crossholding.ShareClass{{Issued: "100"}}},
		},
		Parties: []crossholding.Party{{ID: "anna"}, {ID: "top"}, {ID: "zoe"}},
		Stakes: []crossholding.Stake{
			{Holder: "top", Issuer: "sub", Shares: "35"},
			{Holder: "top", Issuer: "sub", Shares: "25", Beneficiary: "anna"},
			{Holder: "anna", Issuer: "target", Shares: "11", Voter: "sub"},
			{Holder: "top", Issuer: "target", Shares: "30"},
			{Holder: "zoe", Issuer: "target", Shares: "21", Voter: "sub"},
		},
	})
	c, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	why, err := c.Why(t.Context(), "top", "target")
	require.NoError(t, err)
	require.Equal(t, "top casts 60 of 100 votes in sub (60%); "+
		"sub casts 32 and top casts 30 of 100 votes in target, together 62 (62%)", why.Proof.String())
}

// Shares without votes have a row all the same, whoever holds them.
func TestRowsOfSharesWithoutVotes(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "100"}, {Class: "pref", Issued: "50", Votes: "0"}}}},
		Parties:   []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "a", Shares: "100"}, {Holder: "q", Issuer: "a", Class: "pref", Shares: "20"}},
	})
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	var rows []string
	for r := range v.Rows() {
		rows = append(rows, r.Holder+" "+r.Theoretical.String())
	}
	require.Equal(t, []string{"float:a 0", "p 100", "q 0"}, rows)
}

func TestEqualHoldingsSaySo(t *testing.T) {
	shares := []crossholding.ShareClass{{Issued: "100"}}
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Country: "FR", Shares: shares}, {ID: "b", Country: "FR", Shares: shares}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "b", Shares: "12"}, {Holder: "b", Issuer: "a", Shares: "12"}},
	})
	require.NoError(t, err)
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	n, err := v.Of("a", "b")
	require.NoError(t, err)
	require.Equal(t, "10", n.Exercisable.String())
	require.Contains(t, n.Reasons[0].Because(), "of equal ones what is above the limit")
}
