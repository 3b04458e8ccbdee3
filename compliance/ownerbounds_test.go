package compliance_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// boundAnswers returns the answers as text by party.
func boundAnswers(list []compliance.BeneficialOwnerBound) map[string]string {
	out := map[string]string{}
	for _, o := range list {
		out[o.ID] = o.String()
	}
	return out
}

func TestBoundBeneficialOwners(t *testing.T) {
	stake := func(holder, issuer, figure string) crossholding.Stake {
		s := crossholding.Stake{Holder: holder, Issuer: issuer}
		if figure[0] == '(' || figure[0] == '[' {
			s.Between = figure
		} else {
			s.Percent = ratio.Number(figure)
		}
		return s
	}
	for _, c := range []struct {
		name    string
		reading compliance.BeneficialOwnerReading
		stakes  []crossholding.Stake
		want    map[string]string
	}{
		{"more than 25% is more than 25%", compliance.ReadingPSC, []crossholding.Stake{stake("a", "y", "(25%,50%]")}, map[string]string{"a": "a is a beneficial owner"}},
		{"25% may be more", compliance.ReadingPSC, []crossholding.Stake{stake("a", "y", "[25%,50%]")},
			map[string]string{"a": "a may be a beneficial owner; yes if a has 37.5% of y; no if a has 25% of y"}},
		{"25% is enough", compliance.ReadingAMLR, []crossholding.Stake{stake("a", "y", "[25%,50%]")}, map[string]string{"a": "a is a beneficial owner"}},
		{"at most 25% is not more", compliance.ReadingPSC, []crossholding.Stake{stake("a", "y", "(0%,25%]")}, map[string]string{}},
		{"less than 25% is not 25%", compliance.ReadingAMLR, []crossholding.Stake{stake("a", "y", "(0%,25%)")}, map[string]string{}},
		{"a majority stake passes more than 25%", compliance.ReadingPSC, []crossholding.Stake{stake("a", "h", "(50%,75%)"), stake("h", "y", "(25%,50%]")},
			map[string]string{"a": "a is a beneficial owner"}},
		{"a product of bands", compliance.ReadingProduct, []crossholding.Stake{stake("a", "h", "(50%,75%)"), stake("h", "y", "(25%,50%]")},
			map[string]string{"a": "a may be a beneficial owner; yes if h has 50% of y; no if h has 31.25% of y"}},
		{"what others leave", compliance.ReadingPSC, []crossholding.Stake{stake("a", "y", "[0%,100%]"), stake("b", "y", "[75%,100%]")}, map[string]string{"b": "b is a beneficial owner"}},
		{"two stakes decide", compliance.ReadingPSC, []crossholding.Stake{stake("a", "h", "[40%,60%]"), stake("h", "y", "[20%,30%]")},
			map[string]string{"a": "a may be a beneficial owner; yes if a has 55% of h and h has 27.5% of y; no if h has 25% of y"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := crossholding.Book{Companies: []crossholding.Company{{ID: "h"}, {ID: "y"}}, Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}}, Stakes: c.stakes}
			got, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "y", compliance.BeneficialOwnerOptions{Reading: c.reading})
			require.NoError(t, err)
			require.Equal(t, c.want, boundAnswers(got.Owners))
		})
	}
}

// TestPublicOwnerCasesWithBands asks cases of public questions.
func TestPublicOwnerCasesWithBands(t *testing.T) {
	var file struct {
		Banded []struct {
			Name, Source string
			Book         crossholding.Book
			Asks         []struct {
				Company, Threshold string
				Reading            compliance.BeneficialOwnerReading
				Answers            map[string]crossholding.Certainty
			}
		}
	}
	booktest.Load(t, "compliance/testdata/publicowners.json", &file)
	for _, c := range file.Banded {
		for _, ask := range c.Asks {
			t.Run(fmt.Sprint(c.Name, ", ", ask.Reading, " ", ask.Threshold), func(t *testing.T) {
				got, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, c.Book), ask.Company, ruled(t, ask.Reading, func(r *compliance.BeneficialOwnerRule) {
					if ask.Threshold != "" {
						r.Threshold = ratio.MustParse(ask.Threshold)
					}
				}))
				require.NoError(t, err)
				answers := map[string]crossholding.Certainty{}
				for _, o := range got.Owners {
					answers[o.ID] = o.Answer
				}
				require.Equal(t, ask.Answers, answers)
			})
		}
	}
}

func TestBoundBeneficialOwnersErrors(t *testing.T) {
	b := booktest.Banded()
	a := booktest.New(t, b)
	_, err := compliance.BoundBeneficialOwners(t.Context(), a, "Ada", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.BoundBeneficialOwners(t.Context(), a, "Trading", compliance.BeneficialOwnerOptions{Reading: "tea leaves"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	b.Agreements = []crossholding.Agreement{{ID: "limit", Kind: crossholding.AgreementCap, Holders: []string{"Ada"}, Issuer: "Trading", Max: "10%"}}
	a = booktest.New(t, b)
	contract, err := compliance.BoundBeneficialOwners(t.Context(), a, "Trading", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"Ada": "Ada is a beneficial owner", "Ben": "Ben may be a beneficial owner"}, boundAnswers(contract.Owners), "what the cap takes from Ada makes Ben's votes a larger part")
	_, err = compliance.BoundBeneficialOwners(t.Context(), nil, "Trading", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

func TestBoundBeneficialOwnersOfRoundedPercentages(t *testing.T) {
	for percent, want := range map[ratio.Number]map[string]string{
		"24.9": {},
		"25.0": {"p": "p may be a beneficial owner; yes if p has 25.02% of y; no if p has 25% of y"},
		"25.1": {"p": "p is a beneficial owner"},
	} {
		b := crossholding.Book{Companies: []crossholding.Company{{ID: "y"}}, Parties: []crossholding.Party{{ID: "p"}},
			Stakes: []crossholding.Stake{{Holder: "p", Issuer: "y", Percent: percent, Rounded: true}}}
		got, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
		require.NoError(t, err)
		require.Equal(t, want, boundAnswers(got.Owners), percent)
	}
}

// TestBoundBeneficialOwnersWithoutBands: both questions then have the same answer.
func TestBoundBeneficialOwnersWithoutBands(t *testing.T) {
	a := booktest.Alliance(t, "P 60 H", "H 40 Y", "Q 24 Y")
	got, err := compliance.BoundBeneficialOwners(t.Context(), a, "Y", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"P": "P is a beneficial owner"}, boundAnswers(got.Owners))
	require.Equal(t, ratio.Exactly(ratio.Of(6, 25)), *got.Owners[0].Shares)
	require.Empty(t, got.Unresolved)
}

func TestBoundBeneficialOwnersAgainstCompletions(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 25))
	bands := []string{"(0%,25%]", "(25%,50%]", "(50%,75%)", "[75%,100%]", "[20%,30%]", "[25%,40%)", "[0%,60%]", "(45%,55%)"}
	readings := []compliance.BeneficialOwnerReading{compliance.ReadingPSC, compliance.ReadingAMLR, compliance.ReadingDirective, compliance.ReadingControl, compliance.ReadingProduct}
	depends := 0
	for n := range testkit.Cases(600) {
		book := randomBanded(r, bands)
		a, err := crossholding.New(book)
		if err != nil {
			continue // the lower ends are too much
		}
		opt := compliance.BeneficialOwnerOptions{Reading: readings[n%len(readings)], Voting: crossholding.VotingOptions{NoLaw: true}}
		got, err := compliance.BoundBeneficialOwners(t.Context(), a, "c0", opt)
		require.NoError(t, err, "%v", book)
		answers := map[string]crossholding.Certainty{}
		for _, o := range got.Owners {
			answers[o.ID] = o.Answer
		}
		for range 25 {
			c := sample(r, book, nil)
			full, err := crossholding.New(c)
			if err != nil {
				continue
			}
			report, err := compliance.BeneficialOwners(t.Context(), full, "c0", opt)
			if err != nil || len(report.Closed) > 0 {
				continue
			}
			owners := beneficialIDs(report.Owners)
			for _, p := range book.Parties {
				is := slices.Contains(owners, p.ID)
				note := fmt.Sprintf("%s %s: %v\n%v", opt.Reading, p.ID, book.Stakes, c.Stakes)
				require.False(t, is && answers[p.ID] == "", note)
				require.False(t, !is && answers[p.ID] == crossholding.CertaintyYes, note)
			}
		}
		for _, o := range got.Owners {
			if o.Answer != crossholding.CertaintyDepends {
				continue
			}
			depends++
			requireDecided(t, r, book, opt, o)
		}
	}
	require.Greater(t, depends, 20)
}

// requireDecided tries completions with the decisive stakes of an answer.
func requireDecided(t *testing.T, r *rand.Rand, book crossholding.Book, opt compliance.BeneficialOwnerOptions, o compliance.BeneficialOwnerBound) {
	t.Helper()
	for _, side := range []struct {
		stakes []crossholding.BandedStake
		want   bool
	}{{o.Yes, true}, {o.No, false}} {
		for range 10 {
			if len(side.stakes) == 0 {
				break
			}
			c := sample(r, book, side.stakes)
			a, err := crossholding.New(c)
			if err != nil {
				continue
			}
			report, err := compliance.BeneficialOwners(t.Context(), a, "c0", opt)
			if err != nil {
				continue
			}
			require.Equal(t, side.want, slices.Contains(beneficialIDs(report.Owners), o.ID), "%s of %v in %v", o, book.Stakes, c.Stakes)
		}
	}
}

// randomBanded returns a book of up to four companies.
func randomBanded(r *rand.Rand, bands []string) crossholding.Book {
	var b crossholding.Book
	n := 1 + r.IntN(4)
	for i := range n {
		b.Companies = append(b.Companies, crossholding.Company{ID: fmt.Sprint("c", i)})
	}
	for i := range 3 {
		b.Parties = append(b.Parties, crossholding.Party{ID: fmt.Sprint("p", i)})
	}
	for i := range n {
		for range 1 + r.IntN(3) {
			s := crossholding.Stake{Issuer: fmt.Sprint("c", i), Holder: fmt.Sprint("p", r.IntN(3))}
			if j := r.IntN(n); r.IntN(2) == 0 && j != i && (j > i || r.IntN(4) == 0) {
				s.Holder = fmt.Sprint("c", j)
			}
			if slices.ContainsFunc(b.Stakes, func(o crossholding.Stake) bool { return o.Holder == s.Holder && o.Issuer == s.Issuer }) {
				continue
			}
			if s.Between = bands[r.IntN(len(bands))]; r.IntN(4) == 0 {
				s.Between, s.Percent = "", booktest.Number(5+r.IntN(40))
			}
			b.Stakes = append(b.Stakes, s)
		}
	}
	complicate(r, &b)
	return b
}

// complicate adds a class without votes, a concert, a fact of control, a voter, a trust, joint
// holders or rights to appoint directors to some books.
func complicate(r *rand.Rand, b *crossholding.Book) {
	if r.IntN(4) == 0 {
		b.Companies[0].Shares = []crossholding.ShareClass{{Issued: "100", Fractions: true}, {Class: "pref", Issued: "50", Votes: "0", Fractions: true}}
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "p0", Issuer: "c0", Class: "pref", Between: "(25%,50%]"},
			crossholding.Stake{Holder: "p1", Issuer: "c0", Class: "pref", Between: "[40%,60%]"})
	}
	if r.IntN(4) == 0 {
		c := crossholding.Agreement{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"p0", "p1"}}
		if r.IntN(2) == 0 {
			c.Issuer = b.Companies[r.IntN(len(b.Companies))].ID
		}
		b.Agreements = append(b.Agreements, c)
	}
	if r.IntN(4) == 0 {
		b.Controls = append(b.Controls, crossholding.ControlFact{Controller: "p2", Company: b.Companies[r.IntN(len(b.Companies))].ID, By: crossholding.ControlByAppointment})
	}
	if s := &b.Stakes[r.IntN(len(b.Stakes))]; r.IntN(4) == 0 && s.Holder != "p2" {
		if s.Voter = "p2"; r.IntN(3) == 0 {
			s.Voter = crossholding.Neutral
		}
	}
	if s := &b.Stakes[r.IntN(len(b.Stakes))]; r.IntN(4) == 0 && s.Holder != "p1" && s.Issuer != "p1" {
		s.Beneficiary = "p1"
	}
	if r.IntN(3) == 0 {
		joint := crossholding.Party{ID: "joint", Kind: crossholding.KindJoint, Members: []string{"p0", "p1"}}
		if r.IntN(2) == 0 {
			joint.Members[1] = b.Companies[r.IntN(len(b.Companies))].ID
		}
		b.Parties = append(b.Parties, joint)
		if s := &b.Stakes[r.IntN(len(b.Stakes))]; strings.HasPrefix(s.Holder, "p") && s.Voter == "" && s.Beneficiary == "" {
			s.Holder = "joint"
		}
		if r.IntN(3) == 0 {
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: "joint", Company: b.Companies[r.IntN(len(b.Companies))].ID, By: crossholding.ControlByManagement})
		}
	}
	if r.IntN(6) == 0 {
		c := b.Companies[r.IntN(len(b.Companies))].ID
		for i := range 2 {
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("seats", i), Kind: crossholding.AgreementDirectors, Holders: []string{fmt.Sprint("p", i)}, Issuer: c, Max: "30%"})
		}
	}
}

// sample returns a random completion of a book, with some stakes given.
func sample(r *rand.Rand, book crossholding.Book, given []crossholding.BandedStake) crossholding.Book {
	book.Stakes = slices.Clone(book.Stakes)
	for i := range book.Stakes {
		s := &book.Stakes[i]
		if s.Between == "" {
			continue
		}
		v, err := ratio.ParseInterval(s.Between)
		if err != nil {
			panic(err)
		}
		part := []int64{0, 1, 500, 999, 1000, r.Int64N(1001)}[r.IntN(6)]
		if part == 0 && v.LoOpen {
			part = 1
		}
		if part == 1000 && v.HiOpen {
			part = 999
		}
		at := v.Lo.Add(v.Hi.Sub(v.Lo).Mul(ratio.Of(part, 1000))).Mul(ratio.Int(100))
		for _, g := range given {
			if g.Holder == s.Holder && g.Issuer == s.Issuer && g.Class == cmp.Or(s.Class, crossholding.DefaultClass) {
				at = g.Fraction.Mul(ratio.Int(100))
			}
		}
		s.Between, s.Percent = "", ratio.Number(at.String())
	}
	return book
}

func ExampleBoundBeneficialOwners() {
	// A chain as the British register shows it.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holdings", Country: "GB"}, {ID: "trading", Country: "GB"}},
		Parties:   []crossholding.Party{{ID: "ada"}, {ID: "ben"}, {ID: "cleo"}},
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "holdings", Between: "more than 50% but less than 75%"},
			{Holder: "ben", Issuer: "holdings", Between: "more than 25% but not more than 50%"},
			{Holder: "holdings", Issuer: "trading", Between: "more than 25% but not more than 50%"},
			{Holder: "cleo", Issuer: "trading", Between: "[20%,30%]"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := compliance.BoundBeneficialOwners(context.Background(), a, "trading", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range report.Owners {
		fmt.Println(o, "-", o.Shares)
	}
	// Output:
	// ada is a beneficial owner - (12.5%,37.5%)
	// cleo may be a beneficial owner; yes if cleo has 27.5% of trading; no if cleo has 25% of trading - [20%,30%]
}

// TestOwnerBoundsOfMovedVotes: figures of votes that an agreement changes, or that a statute may
// suspend, have no bounds, also where the rule counts no votes.
func TestOwnerBoundsOfMovedVotes(t *testing.T) {
	cap20 := crossholding.Agreement{ID: "articles", Kind: crossholding.AgreementCap, Issuer: "z", Max: "20%"}
	for name, b := range map[string]crossholding.Book{
		"cap": {Companies: []crossholding.Company{{ID: "z"}}, Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}}, Agreements: []crossholding.Agreement{cap20},
			Stakes: []crossholding.Stake{{Holder: "p", Issuer: "z", Between: "[30%,40%]"}, {Holder: "q", Issuer: "z", Percent: "30"}}},
		"law": {Companies: []crossholding.Company{{ID: "z", Country: "FR"}, {ID: "n"}}, Parties: []crossholding.Party{{ID: "p"}, {ID: "m"}},
			Stakes: []crossholding.Stake{{Holder: "p", Issuer: "z", Percent: "30"}, {Holder: "n", Issuer: "z", Percent: "15"},
				{Holder: "z", Issuer: "n", Between: "[41%,60%]"}, {Holder: "m", Issuer: "n", Percent: "40"}}},
	} {
		for _, reading := range []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingDirective} {
			r, err := compliance.BoundBeneficialOwners(t.Context(), booktest.New(t, b), "z", compliance.BeneficialOwnerOptions{Reading: reading})
			require.NoError(t, err)
			require.NotEmpty(t, r.Owners)
			for _, o := range r.Owners {
				require.Nil(t, o.Votes, "%s: %s", name, o.ID)
				require.NotNil(t, o.Shares)
			}
		}
	}
}
