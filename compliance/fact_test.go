package compliance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
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
	for _, reading := range []compliance.CloseLinkReading{compliance.LinksByPaths, compliance.LinksByControl} {
		links, err := compliance.CloseLinks(t.Context(), booktest.New(t, b), compliance.CloseLinkOptions{Reading: reading, Of: "R"})
		require.NoError(t, err)
		var got []string
		for _, l := range links {
			got = append(got, l.A+" "+l.B+" "+string(l.Kind))
		}
		require.Equal(t, []string{"R B control", "R C control"}, got)
	}
}

// Directive 2004/109/EC, art. 2(1)(f) and 10(e): what a controlled undertaking has counts for
// whoever appoints most of its board, and not only for a majority of its votes (§ 35 WpHG with
// § 290 HGB, C. com. art. L.233-3, I, 4°). The tests of statutes stay with votes.
func TestThresholdsByFact(t *testing.T) {
	b := crossholding.Book{
		AsOf: "2024-01-02",
		Companies: []crossholding.Company{
			{ID: "x", Country: "DE", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "s", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "100"}}},
		},
		Parties: []crossholding.Party{{ID: "p"}, {ID: "q"}, {ID: "foundation", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "s", Issuer: "x", Shares: "20"}, {Holder: "foundation", Issuer: "x", Shares: "9"},
			{Holder: "p", Issuer: "s", Shares: "10"}, {Holder: "q", Issuer: "s", Shares: "60"},
			{Holder: "x", Issuer: "s", Shares: "5"},
		},
	}
	fact := func(company string) scenario.Step {
		return scenario.Step{Step: "assert", Date: "2024-01-03", Controls: []crossholding.ControlFact{{Controller: "p", Company: company, By: crossholding.ControlByAppointment}}}
	}
	board := scenario.Step{Step: "agree", Date: "2024-01-03", Agreement: &crossholding.Agreement{ID: "board", Kind: "directors", Holders: []string{"p"}, Issuer: "s", Max: "51%"}}
	one := scenario.Step{Step: "trade", Date: "2024-01-04", From: "float:x", To: "p", Issuer: "x", Shares: "1"}
	retract := fact("s")
	retract.Step, retract.Date = "retract", "2024-01-05"
	for _, c := range []struct {
		name  string
		steps []scenario.Step
		want  []string
	}{
		{"without", []scenario.Step{one}, []string{}},
		{"a subsidiary: 29 of 1000", []scenario.Step{fact("s"), fact("foundation")}, []string{}},
		{"and one share more: 30", []scenario.Step{fact("s"), fact("foundation"), one}, []string{"2 p DE-33 theoretical above 0.03"}},
		{"by an agreement", []scenario.Step{fact("foundation"), board, one}, []string{"2 p DE-33 theoretical above 0.03"}},
		{"and its end", []scenario.Step{fact("s"), fact("foundation"), one, retract}, []string{"2 p DE-33 theoretical above 0.03", "3 p DE-33 theoretical below 0.03"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, crossings(t, booktest.Run(t, b, c.steps...), compliance.ThresholdOptions{}))
		})
	}
	for _, votes := range []ratio.Number{"20", "60"} { // FR-233-31 counts what k has for h if h has a majority of k
		b := crossholding.Book{
			Companies: []crossholding.Company{{ID: "h", Country: "FR"}, {ID: "k", Country: "FR"}, {ID: "y", Country: "FR"}},
			Stakes: []crossholding.Stake{
				{Holder: "h", Issuer: "k", Percent: votes}, {Holder: "k", Issuer: "y", Percent: "45"}, {Holder: "y", Issuer: "h", Percent: "5"},
			},
			Controls: []crossholding.ControlFact{{Controller: "h", Company: "k", By: crossholding.ControlByAppointment}},
		}
		list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Holder: "h", Issuer: "y"})
		require.NoError(t, err)
		require.Equal(t, votes == "60", slices.ContainsFunc(list, func(p compliance.Position) bool { return p.Rule == "FR-233-31" }))
		require.True(t, slices.ContainsFunc(list, func(p compliance.Position) bool { return p.Rule == "FR-225-96" && len(p.Reached) == 1 }))
	}
}
