package compliance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
)

func board(holder, issuer, max string) crossholding.Agreement {
	return crossholding.Agreement{ID: "board", Kind: crossholding.AgreementDirectors, Holders: []string{holder}, Issuer: issuer, Max: max}
}

func manages(controller, company string) crossholding.ControlFact {
	return crossholding.ControlFact{Controller: controller, Company: company, By: crossholding.ControlByManagement, Source: "deed"}
}

func TestBeneficialOwnersByFact(t *testing.T) {
	b := booktest.Book(t, "F 60 H", "H 55 C", "L 15 C", "G 26 C")
	for i := range b.Parties {
		if id := b.Parties[i].ID; id == "F" || id == "G" {
			b.Parties[i].Kind = crossholding.KindTrust
		}
	}
	b.Parties = append(b.Parties, crossholding.Party{ID: "P"}, crossholding.Party{ID: "Q"})
	b.Controls = []crossholding.ControlFact{manages("P", "F"), manages("Q", "G")}
	b.Agreements = []crossholding.Agreement{board("L", "C", "60%")}
	for _, c := range []struct {
		reading compliance.BeneficialOwnerReading
		want    map[string][]string
	}{
		{compliance.ReadingAMLR, map[string][]string{
			"L": {"appoints 60% of its board (board) (Regulation (EU) 2024/1624, art. 53(3)(b))"},
			"P": {"controls it by other means through F, H: P controls F by fact (management: deed) (Regulation (EU) 2024/1624, art. 53(3) and (4))"},
			"Q": nil}},
		{compliance.ReadingControl, map[string][]string{"L": nil, "P": nil}},
		{compliance.ReadingProduct, map[string][]string{}},
		{compliance.ReadingDirective, map[string][]string{
			"L": {"appoints 60% of its board (board) (Directive (EU) 2015/849, art. 3(6)(a)(i))"},
			"P": nil, "Q": nil}},
	} {
		t.Run(string(c.reading), func(t *testing.T) {
			got, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "C", compliance.BeneficialOwnerOptions{Reading: c.reading})
			require.NoError(t, err)
			require.Len(t, got.Owners, len(c.want), got.Owners)
			for _, o := range got.Owners {
				want, ok := c.want[o.ID]
				require.True(t, ok, o.ID)
				var grounds []string
				for _, g := range o.Grounds {
					grounds = append(grounds, g.String())
				}
				for _, w := range want {
					require.Contains(t, grounds, w)
				}
			}
		})
	}
}

func TestConsolidationByFact(t *testing.T) {
	b := booktest.Book(t, "P 10 B", "Q 60 B", "B 60 C")
	b.Controls = []crossholding.ControlFact{manages("P", "B")}
	got, err := compliance.Consolidate(t.Context(), booktest.New(t, b), "P", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"B", "C"}, got.Of(compliance.Subsidiary))
	require.Equal(t, "P controls B by fact (management: deed)", got.Entities[0].Because())
	got, err = compliance.Consolidate(t.Context(), booktest.New(t, b), "P", compliance.ConsolidationOptions{NoFacts: true})
	require.NoError(t, err)
	require.Empty(t, got.Of(compliance.Subsidiary))
}

func TestCloseLinksByFact(t *testing.T) {
	b := booktest.Book(t, "P 1 B", "B 60 C")
	b.Parties = append(b.Parties, crossholding.Party{ID: "R"})
	b.Controls = []crossholding.ControlFact{manages("R", "B")}
	links, err := compliance.CloseLinks(t.Context(), booktest.New(t, b), compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Of: "R"})
	require.NoError(t, err)
	var got []string
	for _, l := range links {
		got = append(got, l.A+" "+l.B+" "+string(l.Kind))
	}
	require.Equal(t, []string{"R B control", "R C control"}, got)
}
