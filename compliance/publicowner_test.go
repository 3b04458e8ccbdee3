package compliance_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// britishColumbia is a rule of the kind that a user states: Business Corporations Act,
// SBC 2002, c. 57, s. 119.11, as quoted by nanaimolaw.com. Who controls shares indirectly is
// in the regulations, which were not read.
var britishColumbia = compliance.BeneficialOwnerRule{
	ID: "BC", Citation: "Business Corporations Act (British Columbia), s. 119.11", From: "2020-10-01",
	Threshold: ratio.Of(1, 4), AtLeast: true, Bases: []compliance.Basis{compliance.BasisShares, compliance.BasisVotes},
	Tests: []compliance.OwnerLimb{
		{Test: compliance.TestDirectInterest, Citation: "s. 119.11(2)(a)"},
		{Test: compliance.TestJointInterest, Citation: "s. 119.11"},
		{Test: compliance.TestBoard, Citation: "s. 119.11(2)(b)"},
	},
	ControlByVotes: true, JointInterests: true, Verified: "secondary",
}

// TestPublicOwnerCases asks cases of public questions.
func TestPublicOwnerCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name, Source string
			Book         crossholding.Book
			Asks         []struct {
				Company, Rule, Threshold string
				Reading                  compliance.BeneficialOwnerReading
				Owners, Unresolved       []string
			}
		}
	}
	booktest.Load(t, "compliance/testdata/publicowners.json", &file)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			a := booktest.New(t, c.Book)
			for _, ask := range c.Asks {
				opt := ruled(t, ask.Reading, func(r *compliance.BeneficialOwnerRule) {
					if ask.Rule == "BC" {
						*r = britishColumbia
					}
					if ask.Threshold != "" {
						r.Threshold = ratio.MustParse(ask.Threshold)
					}
				})
				got, err := compliance.BeneficialOwners(t.Context(), a, ask.Company, opt)
				require.NoError(t, err)
				require.Equal(t, ask.Owners, beneficialIDs(got.Owners), "%s%s: %v", ask.Reading, ask.Rule, got.Owners)
				if ask.Unresolved != nil {
					require.Equal(t, ask.Unresolved, beneficialIDs(got.Unresolved))
				}
			}
		})
	}
}

// TestSignificantControl holds the tests of Companies Act 2006, Schedule 1A. The cases with
// 26% and with 20% each are those of the explanatory notes, paragraphs 502 and 503.
func TestSignificantControl(t *testing.T) {
	concert := func(issuer string, holders ...string) crossholding.Agreement {
		return crossholding.Agreement{ID: "pact", Kind: crossholding.AgreementConcert, Holders: holders, Issuer: issuer}
	}
	board := func(max string, holders ...string) crossholding.Agreement {
		return crossholding.Agreement{ID: "seats", Kind: crossholding.AgreementDirectors, Holders: holders, Issuer: "Y", Max: max}
	}
	fact := func(x, y string, by crossholding.ControlMeans) crossholding.ControlFact {
		return crossholding.ControlFact{Controller: x, Company: y, By: by}
	}
	const direct, joint = " (Companies Act 2006, Sch. 1A, paras. 2, 3 and 18)", " (Companies Act 2006, Sch. 1A, para. 12)"
	for _, c := range []struct {
		name       string
		stakes     []string
		agreements []crossholding.Agreement
		facts      []crossholding.ControlFact
		want       map[string]string // of each owner: its first ground
	}{
		{"exactly a quarter", []string{"A 25 Y", "B 75 Y"}, nil, nil, map[string]string{"B": "holds 75% of the shares directly, more than 25%" + direct}},
		{"more than a quarter", []string{"A 26 Y", "B 24 Y"}, nil, nil, map[string]string{"A": "holds 26% of the shares directly, more than 25%" + direct}},
		{"a majority stake passes the whole", []string{"A 51 H", "B 49 H", "H 30 Y"}, nil, nil,
			map[string]string{"A": "controls companies that, with its own stake, hold 30% of the shares directly through H, more than 25%" + direct}},
		{"half is no majority stake", []string{"A 50 H", "B 50 H", "H 100 Y"}, nil, nil, nil},
		{"a chain of majority stakes", []string{"A 60 G", "G 60 H", "H 26 Y"}, nil, nil,
			map[string]string{"A": "controls companies that, with its own stake, hold 26% of the shares directly through H, more than 25%" + direct}},
		{"joint arrangement", []string{"A 20 Y", "B 20 Y", "C 20 Y"}, []crossholding.Agreement{concert("", "A", "B")}, nil,
			map[string]string{"A": "has 40% of the shares together with its partners (pact), more than 25%" + joint, "B": "has 40% of the shares together with its partners (pact), more than 25%" + joint}},
		{"joint arrangement about the company", []string{"A 20 Y", "B 6 Y"}, []crossholding.Agreement{concert("Y", "A", "B")}, nil,
			map[string]string{"A": "has 26% of the shares together with its partners (pact), more than 25%" + joint, "B": "has 26% of the shares together with its partners (pact), more than 25%" + joint}},
		{"joint arrangement of exactly a quarter", []string{"A 20 Y", "B 5 Y"}, []crossholding.Agreement{concert("", "A", "B")}, nil, nil},
		{"joint arrangement elsewhere", []string{"A 20 Y", "B 20 Y"}, []crossholding.Agreement{concert("Z", "A", "B")}, nil, nil},
		{"joint majority stake in a company that holds", []string{"A 30 H", "B 30 H", "H 40 Y"}, []crossholding.Agreement{concert("H", "A", "B")}, nil,
			map[string]string{"A": "has 40% of the shares together with its partners (pact) through H, more than 25%" + joint, "B": "has 40% of the shares together with its partners (pact) through H, more than 25%" + joint}},
		{"a company is party to the arrangement", []string{"A 60 H", "H 20 Y", "B 20 Y"}, []crossholding.Agreement{concert("Y", "H", "B")}, nil,
			map[string]string{"A": "has 40% of the shares together with its partners (pact) through H, more than 25%" + joint, "B": "has 40% of the shares together with its partners (pact) through H, more than 25%" + joint}},
		{"two arrangements are not chained", []string{"A 10 Y", "B 10 Y", "C 20 Y"},
			[]crossholding.Agreement{concert("", "A", "B"), {ID: "other", Kind: crossholding.AgreementConcert, Holders: []string{"B", "C"}}}, nil,
			map[string]string{"B": "has 40% of the shares together with its partners (other, pact), more than 25%" + joint, "C": "has 30% of the shares together with its partners (other), more than 25%" + joint}},
		{"board", []string{"A 1 Y"}, []crossholding.Agreement{board("60%", "A")}, nil, map[string]string{"A": "appoints 60% of its board (seats) (Companies Act 2006, Sch. 1A, para. 4)"}},
		{"half of the board", []string{"A 1 Y"}, []crossholding.Agreement{board("50%", "A")}, nil, nil},
		{"board together", []string{"A 1 Y"}, []crossholding.Agreement{board("60%", "A", "B")}, nil,
			map[string]string{"A": "appoints 60% of its board (seats) (Companies Act 2006, Sch. 1A, para. 4)", "B": "appoints 60% of its board (seats) (Companies Act 2006, Sch. 1A, para. 4)"}},
		{"board by a fact, through a company", []string{"A 60 H", "C 1 Y"}, nil, []crossholding.ControlFact{fact("H", "Y", crossholding.ControlByAppointment)},
			map[string]string{"A": "has the right to appoint its board through H: H controls Y by fact (appointment) (Companies Act 2006, Sch. 1A, para. 4)"}},
		{"influence", []string{"C 1 Y"}, nil, []crossholding.ControlFact{fact("A", "Y", crossholding.ControlByManagement)},
			map[string]string{"A": "controls it by other means: A controls Y by fact (management) (Companies Act 2006, Sch. 1A, para. 5)"}},
		{"dominant influence over a holder", []string{"H 30 Y", "C 1 H"}, nil, []crossholding.ControlFact{fact("A", "H", crossholding.ControlByContractual)},
			map[string]string{"A": "controls companies that, with its own stake, hold 30% of the shares directly through H, more than 25%" + direct}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.Book(t, append(c.stakes, "X 1 Z")...)
			for _, id := range []string{"A", "B"} { // parties without stakes
				if !containsParty(b, id) {
					b.Parties = append(b.Parties, crossholding.Party{ID: id})
				}
			}
			b.Agreements, b.Controls = c.agreements, c.facts
			got, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "Y", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
			require.NoError(t, err)
			grounds := map[string]string{}
			for _, o := range got.Owners {
				grounds[o.ID] = o.Grounds[0].String()
			}
			if c.want == nil {
				c.want = map[string]string{}
			}
			require.Equal(t, c.want, grounds)
		})
	}
}

// TestSignificantControlAgainstBruteForce finds majority stakes by repeated counting. In
// every second book two persons have a joint arrangement about all companies.
func TestSignificantControlAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2006))
	for n := range testkit.Cases(600) {
		w := booktest.RandomWorld(r, 2+r.IntN(6), 2+r.IntN(3))
		c := r.IntN(w.Companies)
		joint := n%2 == 1
		p, q := w.Companies, w.Companies+1
		if joint {
			w.Book.Agreements = []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{w.IDs[p], w.IDs[q]}}}
		}
		want := []string{}
		for x := w.Companies; x < len(w.IDs); x++ {
			seeds := []int{x}
			if joint && (x == p || x == q) {
				seeds = []int{p, q}
			}
			held := new(big.Rat)
			for i, in := range w.Fixpoint(seeds, overHalf) {
				if in {
					held.Add(held, w.Held[i][c])
				}
			}
			if held.Cmp(big.NewRat(1, 4)) > 0 {
				want = append(want, w.IDs[x])
			}
		}
		got, err := compliance.BeneficialOwners(t.Context(), w.Alliance(t), w.IDs[c], compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
		require.NoError(t, err)
		require.ElementsMatch(t, want, beneficialIDs(got.Owners), "%s of %v", w.IDs[c], w.Book.Stakes)
	}
}

func containsParty(b crossholding.Book, id string) bool {
	for _, p := range b.Parties {
		if p.ID == id {
			return true
		}
	}
	return false
}

// TestFactsUnderTheRegulation: facts of control count under the regulation and the
// directive, for companies, for foundations and through them.
func TestFactsUnderTheRegulation(t *testing.T) {
	b := booktest.Book(t, "F 40 Y", "Y 60 S")
	b.Parties[0].Kind = crossholding.KindTrust
	b.Parties = append(b.Parties, crossholding.Party{ID: "A"}, crossholding.Party{ID: "B"})
	b.Controls = []crossholding.ControlFact{
		{Controller: "A", Company: "F", By: crossholding.ControlByAppointment, Source: "statutes"},
		{Controller: "B", Company: "Y", By: crossholding.ControlByContractual},
	}
	a := booktest.New(t, b)
	for reading, want := range map[compliance.BeneficialOwnerReading]map[string]string{
		compliance.ReadingAMLR: {
			"A": "controls companies that, with its own stake, hold 40% of the shares directly through F, at least 25%",
			"B": "controls it by other means: B controls Y by fact (contractual)"},
		compliance.ReadingControl:   {"B": "controls it by other means: B controls Y by fact (contractual)"},
		compliance.ReadingDirective: {"A": "controls companies that, with its own stake, hold 40% of the shares directly through F, more than 25%", "B": "controls it by other means: B controls Y by fact (contractual)"},
		compliance.ReadingProduct:   {},
	} {
		got, err := compliance.BeneficialOwners(t.Context(), a, "Y", compliance.BeneficialOwnerOptions{Reading: reading})
		require.NoError(t, err)
		grounds := map[string]string{}
		for _, o := range got.Owners {
			grounds[o.ID] = o.Grounds[0].Because()
		}
		require.Equal(t, want, grounds, reading)
	}
	got, err := compliance.BeneficialOwners(t.Context(), a, "S", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B"}, beneficialIDs(got.Owners))
	require.Equal(t, "controls it by other means through Y: B controls Y by fact (contractual)", got.Owners[0].Grounds[0].Because())

	group, err := compliance.Consolidate(t.Context(), a, "B", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"S", "Y"}, group.Of(compliance.Subsidiary))
	links, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Of: "S"})
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(links), "B and S are closely linked: B controls S")
}

func ExampleBeneficialOwnerRule() {
	// Australia's rule for companies: 25% or more, directly or indirectly, or control.
	rule := compliance.BeneficialOwnerRule{
		ID: "AU", Citation: "AML/CTF Act 2006 (Cth)", Verified: "not verified", AtLeast: true, Threshold: ratio.Of(1, 4),
		Bases: []compliance.Basis{compliance.BasisShares},
		Tests: []compliance.OwnerLimb{{Test: compliance.TestInterest}, {Test: compliance.TestControl}, {Test: compliance.TestBoard}, {Test: compliance.TestOtherMeans}},
	}
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "mine"}},
		Parties:   []crossholding.Party{{ID: "ann"}, {ID: "bob"}, {ID: "cleo"}},
		Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "mine", Percent: "25"}, {Holder: "bob", Issuer: "mine", Percent: "24"}},
		Controls:  []crossholding.ControlFact{{Controller: "cleo", Company: "mine", By: crossholding.ControlByManagement, Source: "contract of 2020"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := compliance.BeneficialOwners(context.Background(), a, "mine", compliance.BeneficialOwnerOptions{Rule: &rule})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range report.Owners {
		fmt.Println(o.ID, o.Grounds[0].Because())
	}
	// Output:
	// ann has 25% of the shares, chains multiplied, at least 25%
	// cleo controls it by other means: cleo controls mine by fact (management: contract of 2020)
}

func ExampleBeneficialOwnerRuleOn() {
	for _, day := range []date.Date{"2027-07-09", "2027-07-10"} {
		rule, err := compliance.BeneficialOwnerRuleOn(day, compliance.ReadingOfDay)
		fmt.Println(day, rule.Citation, rule.AtLeast, err)
	}
	// Output:
	// 2027-07-09 Directive (EU) 2015/849, art. 3(6) false <nil>
	// 2027-07-10 Regulation (EU) 2024/1624, art. 52 to 54 true <nil>
}

func ExampleBeneficialOwnerRules() {
	for _, r := range compliance.BeneficialOwnerRules() {
		fmt.Println(r.ID, r.Threshold.PercentString(), r.Bases)
	}
	// Output:
	// AMLR 25% []
	// product 25% []
	// control 25% []
	// directive 25% []
	// PSC 25% [shares votes]
}

func TestRingsOfControl(t *testing.T) {
	for _, c := range []struct {
		name   string
		stakes []string
		facts  []crossholding.ControlFact
		want   string
	}{
		{"a ring hides its owner", []string{"P 2.35 A", "B 97.65 A", "P 2.35 B", "A 97.65 B"}, nil, "[A and B control one another, and nobody outside controls them]"},
		{"a ring above", []string{"P 2 A", "B 98 A", "A 98 B", "A 60 C", "C 60 Y", "Q 30 Y"}, nil, "[A and B control one another, and nobody outside controls them]"},
		{"a ring of three", []string{"P 2 A", "B 98 A", "C 98 B", "A 98 C", "C 60 Y"}, nil, "[A and B and C control one another, and nobody outside controls them]"},
		{"a fact opens the ring", []string{"P 2 A", "B 98 A", "A 98 B", "A 60 Y"}, []crossholding.ControlFact{{Controller: "P", Company: "B", By: crossholding.ControlByState}}, "[]"},
		{"half each is no ring", []string{"P 50 A", "B 50 A", "A 50 B", "P 50 B", "A 100 Y"}, nil, "[]"},
		{"no ring", []string{"P 60 A", "A 60 Y"}, nil, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.Book(t, c.stakes...)
			b.Controls = c.facts
			for i := range b.Companies {
				b.Companies[i].Country = "PA" // a law without rules in the table
			}
			company := "Y"
			if !strings.Contains(strings.Join(c.stakes, " "), "Y") {
				company = "A"
			}
			got, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), company, compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl})
			require.NoError(t, err)
			require.Equal(t, c.want, fmt.Sprint(got.Rings))
		})
	}
}

func ExampleControlRing() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "north"}, {ID: "south"}},
		Parties:   []crossholding.Party{{ID: "ines"}},
		Stakes: []crossholding.Stake{
			{Holder: "ines", Issuer: "north", Percent: "2.35"}, {Holder: "south", Issuer: "north", Percent: "97.65"},
			{Holder: "north", Issuer: "south", Percent: "97.65"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := compliance.BeneficialOwners(context.Background(), a, "north", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl})
	fmt.Println(report.Owners, err)
	for _, r := range report.Rings {
		fmt.Println(r.WithNames(strings.ToUpper))
	}
	// Output:
	// [] <nil>
	// NORTH and SOUTH control one another, and nobody outside controls them
}
