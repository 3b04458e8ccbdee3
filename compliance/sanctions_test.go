package compliance_test

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

func TestSanctionsCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Source, Regime            string
			Blocked, Stakes, Concert, Owned []string
		}
	}
	booktest.Load(t, "compliance/testdata/sanctions.json", &file)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			b := booktest.Book(t, c.Stakes...)
			if c.Concert != nil {
				b.Agreements = []crossholding.Agreement{{ID: "joint", Kind: crossholding.AgreementConcert, Holders: c.Concert}}
			}
			a, err := crossholding.New(b)
			require.NoError(t, err)
			s, err := compliance.Sanctions(t.Context(), a, c.Blocked, compliance.SanctionsOptions{Regime: c.Regime})
			require.NoError(t, err)
			require.ElementsMatch(t, c.Owned, s.Blocked())
			for _, row := range s.Companies {
				sum := ratio.Ratio{}
				for _, h := range row.Holders {
					sum = sum.Add(h.Fraction)
				}
				require.True(t, sum.Equal(row.Fraction), row.String())
			}
		})
	}
}

func TestSanctionsByVotes(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "A", Shares: []crossholding.ShareClass{
			{Class: "ordinary", Issued: "60"}, {Class: "preference", Issued: "40", Votes: "0"}}}},
		Parties: []crossholding.Party{{ID: "P"}},
		Stakes:  []crossholding.Stake{{Holder: "P", Issuer: "A", Class: "ordinary", Shares: "31"}},
	}
	a, err := crossholding.New(b)
	require.NoError(t, err)
	for regime, want := range map[string][]string{compliance.RegimeUK: {"A"}, compliance.RegimeEU: {"A"}, compliance.RegimeOFAC: {}} {
		s, err := compliance.Sanctions(t.Context(), a, []string{"P"}, compliance.SanctionsOptions{Regime: regime})
		require.NoError(t, err)
		require.Equal(t, want, s.Blocked(), regime)
	}
	s, err := compliance.Sanctions(t.Context(), a, []string{"P"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
	require.NoError(t, err)
	require.Equal(t, "A is owned by P: 51.67% of its votes (P 51.67%), where more than 50% is needed", s.Companies[0].String())
}

// The right to appoint most of the board, and most of the votes, are control in the European
// and the British rules and not in the American one (the cases are from the public library
// followthemoney, pull request 310; SI 2019/855, reg. 7(2); OFAC, FAQ 398).
func TestSanctionsByControl(t *testing.T) {
	board := crossholding.Book{
		AsOf:      "2025-01-15",
		Companies: []crossholding.Company{{ID: "z", Country: "GB"}, {ID: "sub", Country: "GB"}},
		Parties:   []crossholding.Party{{ID: "l"}, {ID: "o"}},
		Stakes: []crossholding.Stake{{Holder: "l", Issuer: "z", Percent: "40"}, {Holder: "o", Issuer: "z", Percent: "45"},
			{Holder: "z", Issuer: "sub", Percent: "51"}},
		Agreements: []crossholding.Agreement{{ID: "board", Kind: crossholding.AgreementDirectors, Holders: []string{"l"}, Issuer: "z", Max: "3/5"}},
	}
	votes := crossholding.Book{
		AsOf: "2025-01-15",
		Companies: []crossholding.Company{{ID: "z", Country: "DE", Shares: []crossholding.ShareClass{
			{Class: "a", Issued: "100", Votes: "10"}, {Class: "b", Issued: "900"}}}},
		Parties: []crossholding.Party{{ID: "l"}, {ID: "o"}},
		Stakes:  []crossholding.Stake{{Holder: "l", Issuer: "z", Class: "a", Shares: "100"}, {Holder: "o", Issuer: "z", Class: "b", Shares: "700"}},
	}
	for _, c := range []struct {
		name   string
		book   crossholding.Book
		regime string
		z      string
		all    []string
	}{
		{"board", board, compliance.RegimeUK, "z is controlled by l: l appoints 60% of the board of z (board)", []string{"sub", "z"}},
		{"board", board, compliance.RegimeEU, "z is controlled by l: l appoints 60% of the board of z (board)", []string{"sub", "z"}},
		{"board", board, compliance.RegimeOFAC, "z is not owned by l: 40% of its shares (l 40%), where at least 50% is needed", []string{}},
		{"votes", votes, compliance.RegimeUK, "z is owned by l: 52.63% of its votes (l 52.63%), where more than 50% is needed", []string{"z"}},
		{"votes", votes, compliance.RegimeEU, "z is controlled by l: 52.63% of its votes (l 52.63%), where more than 50% is needed", []string{"z"}},
		{"votes", votes, compliance.RegimeOFAC, "z is not owned by l: 10% of its shares (l 10%), where at least 50% is needed", []string{}},
	} {
		t.Run(c.name+" "+c.regime, func(t *testing.T) {
			s, err := compliance.Sanctions(t.Context(), booktest.New(t, c.book), []string{"l"}, compliance.SanctionsOptions{Regime: c.regime})
			require.NoError(t, err)
			require.Equal(t, c.all, s.Blocked())
			z, err := s.Of("z")
			require.NoError(t, err)
			require.Equal(t, c.z, z.String())
		})
	}
}

// A joint arrangement about one company adds up there, and what the parties own with it owns
// in turn. Whether a partner who is not designated counts is read in two ways.
func TestSanctionsByJointArrangement(t *testing.T) {
	book := func(concert crossholding.Agreement) *crossholding.Alliance {
		b := booktest.Book(t, "a 30 z", "b 30 z", "c 40 z", "z 60 sub", "b 60 other")
		concert.ID, concert.Kind = "joint", crossholding.AgreementConcert
		b.Agreements = []crossholding.Agreement{concert}
		return booktest.New(t, b)
	}
	for name, c := range map[string]struct {
		concert crossholding.Agreement
		blocked []string
		joint   compliance.JointReading
		want    []string
		z       string
	}{
		"about z, both blocked": {crossholding.Agreement{Holders: []string{"a", "b"}, Issuer: "z"}, []string{"a", "b"}, "", []string{"other", "sub", "z"},
			"z is owned by a with b: 60% of its shares (a 30%, b 30%), where more than 50% is needed"},
		"about all, both blocked": {crossholding.Agreement{Holders: []string{"a", "b"}}, []string{"a", "b"}, "", []string{"other", "sub", "z"},
			"z is owned by a with b: 60% of its shares (a 30%, b 30%), where more than 50% is needed"},
		"about another company": {crossholding.Agreement{Holders: []string{"a", "b"}, Issuer: "sub"}, []string{"a", "b"}, "", []string{"other"},
			"z is not owned by a: 30% of its shares (a 30%), where more than 50% is needed"},
		"a partner who is not blocked": {crossholding.Agreement{Holders: []string{"a", "b"}, Issuer: "z"}, []string{"a"}, "", []string{},
			"z is not owned by a: 30% of its shares (a 30%), where more than 50% is needed"},
		"a partner who is not blocked, all parties counted": {crossholding.Agreement{Holders: []string{"a", "b"}, Issuer: "z"}, []string{"a"}, compliance.JointParties, []string{"sub", "z"},
			"z is owned by a with b: 60% of its shares (a 30%, b 30%), where more than 50% is needed"},
		"a partner in all companies, all parties counted": {crossholding.Agreement{Holders: []string{"a", "b"}}, []string{"a"}, compliance.JointParties, []string{"other", "sub", "z"},
			"z is owned by a with b: 60% of its shares (a 30%, b 30%), where more than 50% is needed"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := compliance.Sanctions(t.Context(), book(c.concert), c.blocked, compliance.SanctionsOptions{Regime: compliance.RegimeUK, Joint: c.joint})
			require.NoError(t, err)
			require.Equal(t, c.want, s.Blocked())
			z, err := s.Of("z")
			require.NoError(t, err)
			require.Equal(t, c.z, z.String())
		})
	}
	s, err := compliance.Sanctions(t.Context(), book(crossholding.Agreement{Holders: []string{"a", "b"}}), []string{"a"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
	require.NoError(t, err)
	for name, want := range map[string]string{"a": "a is a blocked party itself", "other": "other is not owned by blocked parties: they have nothing of it"} {
		row, err := s.Of(name)
		require.NoError(t, err)
		require.Equal(t, want, row.String())
	}
	_, err = s.Of("nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

func TestSanctionsAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 401))
	for range testkit.Cases(400) {
		w := booktest.RandomWorld(r, 2+r.IntN(7), 1+r.IntN(3))
		seeds := []int{w.Companies, r.IntN(len(w.IDs))}
		strict := r.IntN(2) == 0
		half := big.NewRat(1, 2)
		want := w.Fixpoint(seeds, func(sum *big.Rat, _ int) bool {
			c := sum.Cmp(half)
			return c > 0 || c == 0 && !strict
		})
		opt := compliance.SanctionsOptions{Rule: &compliance.SanctionsRegime{AtLeast: !strict, Aggregate: true}}
		s, err := compliance.Sanctions(t.Context(), w.Alliance(t), []string{w.IDs[seeds[0]], w.IDs[seeds[1]]}, opt)
		require.NoError(t, err)
		require.ElementsMatch(t, w.Names(want, seeds...), s.Blocked(), "%v", w.Book.Stakes)

		other, names := w.Renamed(r)
		a, err := crossholding.New(other)
		require.NoError(t, err)
		again, err := compliance.Sanctions(t.Context(), a, []string{names[w.IDs[seeds[1]]], names[w.IDs[seeds[0]]]}, opt)
		require.NoError(t, err)
		renamed := []string{}
		for _, c := range s.Blocked() {
			renamed = append(renamed, names[c])
		}
		slices.Sort(renamed)
		require.Equal(t, renamed, again.Blocked())
	}
}

// TestSanctionsVersions: the book's day decides which version applies.
func TestSanctionsVersions(t *testing.T) {
	for _, c := range []struct{ regime, day, want string }{
		{"", "", "OFAC-2014"}, {compliance.RegimeOFAC, "2014-08-13", "OFAC-2014"}, {compliance.RegimeOFAC, "2014-08-12", "OFAC-2008"},
		{compliance.RegimeEU, "", "EU-2024"}, {compliance.RegimeEU, "2024-07-02", "EU-2018"}, {compliance.RegimeEU, "2024-07-03", "EU-2024"},
		{compliance.RegimeUK, "2023-01-01", "UK-2019"}, {compliance.RegimeUK, "2020-12-31", "UK-2019"}, {"UK-2019", "2020-12-30", "UK-2019"}, {"EU-2018", "2025-01-01", "EU-2018"},
	} {
		b := booktest.Book(t, "X 50 A")
		b.AsOf = date.Date(c.day)
		s, err := compliance.Sanctions(t.Context(), booktest.New(t, b), []string{"X"}, compliance.SanctionsOptions{Regime: c.regime})
		require.NoError(t, err)
		require.Equal(t, c.want, s.Regime.ID)
		require.Equal(t, !s.Regime.AtLeast, len(s.Blocked()) == 0)
	}
	for regime, day := range map[string]string{"": "2001-01-01", compliance.RegimeUK: "2020-12-30"} {
		b := booktest.Book(t, "X 50 A")
		b.AsOf = date.Date(day)
		_, err := compliance.Sanctions(t.Context(), booktest.New(t, b), []string{"X"}, compliance.SanctionsOptions{Regime: regime})
		require.ErrorIs(t, err, crossholding.ErrUnknown)
		require.ErrorContains(t, err, cmp.Or(regime, "OFAC"))
		require.ErrorContains(t, err, day)
	}
}

func TestSanctionsErrors(t *testing.T) {
	a := booktest.Alliance(t, "X 50 A")
	for _, c := range []struct {
		name    string
		blocked []string
		opt     compliance.SanctionsOptions
		want    error
	}{
		{"nobody", nil, compliance.SanctionsOptions{}, crossholding.ErrMissing},
		{"unknown party", []string{"Z"}, compliance.SanctionsOptions{}, crossholding.ErrUnknown},
		{"a float", []string{"float:A"}, compliance.SanctionsOptions{}, crossholding.ErrRange},
		{"unknown regime", []string{"X"}, compliance.SanctionsOptions{Regime: "Moon"}, crossholding.ErrUnknown},
		{"threshold", []string{"X"}, compliance.SanctionsOptions{Rule: &compliance.SanctionsRegime{Threshold: ratio.Int(2)}}, crossholding.ErrRange},
		{"basis", []string{"X"}, compliance.SanctionsOptions{Rule: &compliance.SanctionsRegime{Bases: []law.Measure{"weight"}}}, crossholding.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compliance.Sanctions(t.Context(), a, c.blocked, c.opt)
			require.ErrorIs(t, err, c.want)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := compliance.Sanctions(ctx, a, []string{"X"}, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, context.Canceled)
}

func ExampleSanctions() {
	ctx := context.Background()
	// OFAC's third example: 10% of one's own and 40% through a company that
	// is half one's own.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "entity-a"}, {ID: "entity-b"}},
		Parties:   []crossholding.Party{{ID: "person-x"}},
		Stakes: []crossholding.Stake{
			{Holder: "person-x", Issuer: "entity-a", Percent: "50"},
			{Holder: "person-x", Issuer: "entity-b", Percent: "10"},
			{Holder: "entity-a", Issuer: "entity-b", Percent: "40"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, regime := range []string{compliance.RegimeOFAC, compliance.RegimeUK} {
		s, err := compliance.Sanctions(ctx, a, []string{"person-x"}, compliance.SanctionsOptions{Regime: regime})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Regime.Citation)
		for _, c := range s.Companies {
			fmt.Println(c)
		}
	}
	// Output:
	// OFAC, FAQ 398, 399 and 401 (13 August 2014)
	// entity-a is owned by person-x: 50% of its shares (person-x 50%), where at least 50% is needed
	// entity-b is owned by person-x: 50% of its shares (entity-a 40%, person-x 10%), where at least 50% is needed
	// Russia (Sanctions) (EU Exit) Regulations 2019, reg. 7 and Sch. 1; OFSI, UK Financial Sanctions General Guidance, para. 4.1.4
	// entity-a is not owned by person-x: 50% of its shares (person-x 50%), where more than 50% is needed
	// entity-b is not owned by person-x: 10% of its shares (person-x 10%), where more than 50% is needed
}

func ExampleSanctionsRegimes() {
	for _, r := range compliance.SanctionsRegimes() {
		sign := ">"
		if r.AtLeast {
			sign = ">="
		}
		fmt.Printf("%s %s %s%%, added up: %t, %s\n", r.ID, sign, r.Threshold.Percent(0), r.Aggregate, r.Verified)
	}
	// Output:
	// EU-2018 > 50%, added up: true, secondary
	// EU-2024 >= 50%, added up: true, secondary
	// OFAC-2008 >= 50%, added up: false, secondary
	// OFAC-2014 >= 50%, added up: true, read
	// UK-2019 > 50%, added up: false, secondary
}
