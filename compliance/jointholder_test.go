package compliance_test

import (
	"context"
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// jointBook has two trustees who hold a part of a company jointly. One of them has shares of
// its own.
func jointBook(jointly, own ratio.Number) crossholding.Book {
	return crossholding.Book{
		AsOf:      "2024-01-01",
		Companies: []crossholding.Company{{ID: "works"}, {ID: "below"}},
		Parties: []crossholding.Party{{ID: "ann", Kind: crossholding.KindPerson}, {ID: "bob", Kind: crossholding.KindPerson},
			{ID: "trustees", Kind: crossholding.KindJoint, Members: []string{"bob", "ann"}}},
		Stakes: []crossholding.Stake{
			{Holder: "trustees", Issuer: "works", Percent: jointly},
			{Holder: "ann", Issuer: "works", Percent: own},
			{Holder: "works", Issuer: "below", Percent: "51"},
		},
	}
}

// Ann and Bob hold 60% of a company jointly, as trustees. British law counts all of it for each
// of them.
func ExampleSanctions_jointHolders() {
	a, err := crossholding.New(jointBook("60", "1"))
	if err != nil {
		log.Fatal(err)
	}
	for _, regime := range []string{compliance.RegimeUK, compliance.RegimeOFAC} {
		r, err := compliance.Sanctions(context.Background(), a, []string{"bob"}, compliance.SanctionsOptions{Regime: regime})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(regime, r.Blocked())
	}
	// Output:
	// UK [below works]
	// OFAC []
}

// owners lists the beneficial owners, and who is unresolved.
func owners(t *testing.T, b crossholding.Book, company string, reading compliance.BeneficialOwnerReading) (owners, unresolved []string) {
	t.Helper()
	r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), company, compliance.BeneficialOwnerOptions{Reading: reading})
	require.NoError(t, err)
	for _, o := range r.Owners {
		owners = append(owners, o.ID)
	}
	for _, o := range r.Unresolved {
		if o.Kind != "" {
			unresolved = append(unresolved, o.ID)
		}
	}
	return owners, unresolved
}

func TestJointHolders(t *testing.T) {
	for _, c := range []struct {
		jointly, own ratio.Number
		want         []string
	}{
		{"26", "1", []string{"ann", "bob"}}, // 27 and 26
		{"25", "0", nil},                    // not more than 25
		{"25", "1", []string{"ann"}},        // 26 and 25
		{"5", "21", []string{"ann"}},
		{"5", "20", nil},
	} {
		got, unresolved := owners(t, jointBook(c.jointly, c.own), "works", compliance.ReadingPSC)
		require.Equal(t, c.want, got, "%s jointly and %s", c.jointly, c.own)
		require.Empty(t, unresolved)
	}
	got, _ := owners(t, jointBook("51", "1"), "below", compliance.ReadingPSC)
	require.Equal(t, []string{"ann", "bob"}, got, "a majority of the company above")

	got, unresolved := owners(t, jointBook("26", "1"), "works", compliance.ReadingAMLR)
	require.Empty(t, got)
	require.Equal(t, []string{"trustees"}, unresolved, "where the rule says nothing, joint holders are one")

	r, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, jointBook("30", "0")), "works", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
	require.NoError(t, err)
	require.Contains(t, r.Owners[0].String(), "all that trustees hold jointly is counted for each of them")
	require.Equal(t, "0.3", r.Owners[0].Shares.String())
	require.Equal(t, []string{"T"}, r.Owners[0].WithNames(func(string) string { return "T" }).Joint)
}

// A member can be a company: those behind it have its holdings.
func TestJointHolderCompany(t *testing.T) {
	b := jointBook("30", "0")
	b.Companies = append(b.Companies, crossholding.Company{ID: "agent"})
	b.Parties = append(b.Parties, crossholding.Party{ID: "cid", Kind: crossholding.KindPerson})
	b.Parties[2].Members = []string{"ann", "agent"}
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "cid", Issuer: "agent", Percent: "100"})
	got, unresolved := owners(t, b, "works", compliance.ReadingPSC)
	require.Equal(t, []string{"ann", "cid"}, got)
	require.Empty(t, unresolved)

	// The trustee's company is blocked with its owner, and so is what the trustees own.
	b.Stakes[0].Percent = "60"
	r, err := compliance.Sanctions(t.Context(), booktest.New(t, b), []string{"cid"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
	require.NoError(t, err)
	require.Equal(t, []string{"agent", "below", "works"}, r.Blocked())
}

// The British register has joint holders and bands. What the trustees hold counts for each of
// them.
func TestJointHoldersOfBands(t *testing.T) {
	for _, c := range []struct {
		jointly, own string
		want         map[string]string
		blocked      crossholding.Certainty // if bob is
	}{
		{"(25%,50%]", "(0%,25%]", map[string]string{"ann": "ann is a beneficial owner", "bob": "bob is a beneficial owner"}, crossholding.CertaintyNo},
		{"[20%,25%]", "[5%,10%]", map[string]string{"ann": "ann may be a beneficial owner; yes if trustees has 22.5% of works; no if ann has 5% of works and trustees has 20% of works"}, crossholding.CertaintyNo},
		{"[20%,25%]", "(5%,10%]", map[string]string{"ann": "ann is a beneficial owner"}, crossholding.CertaintyNo},
		{"(0%,20%]", "[0%,5%]", map[string]string{}, crossholding.CertaintyNo},
		{"[45%,60%]", "[0%,5%]", map[string]string{"ann": "ann is a beneficial owner", "bob": "bob is a beneficial owner"}, crossholding.CertaintyDepends},
		{"(50%,75%)", "[0%,5%]", map[string]string{"ann": "ann is a beneficial owner", "bob": "bob is a beneficial owner"}, crossholding.CertaintyYes},
	} {
		b := jointBook("", "")
		b.Stakes[0].Between, b.Stakes[1].Between = c.jointly, c.own
		a := booktest.New(t, b)
		got, err := compliance.BoundBeneficialOwners(t.Context(), a, "works", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
		require.NoError(t, err)
		require.Equal(t, c.want, boundAnswers(got.Owners), "%s %s", c.jointly, c.own)
		require.Empty(t, got.Unresolved)
		for _, o := range got.Owners {
			require.Equal(t, []string{"trustees"}, o.Joint)
		}
		s, err := compliance.BoundSanctions(t.Context(), a, []string{"bob"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
		require.NoError(t, err)
		require.Contains(t, s.Of(c.blocked), "works")
		if c.blocked != crossholding.CertaintyNo {
			require.Contains(t, s.Of(c.blocked), "below")
		}
	}
}
