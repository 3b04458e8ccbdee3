package chart_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

// alliance is the alliance of Renault, Nissan and Mitsubishi Motors at the end of 2022, and
// what it became.
func alliance(t testing.TB) (before, after *crossholding.Alliance) {
	t.Helper()
	f, err := os.Open("../testdata/alliance/before.json")
	require.NoError(t, err)
	defer f.Close()
	before, err = crossholding.ReadBook(f)
	require.NoError(t, err)
	m, err := os.Open("../testdata/alliance/rebalancing.json")
	require.NoError(t, err)
	defer m.Close()
	s, err := scenario.Read(m)
	require.NoError(t, err)
	out, err := scenario.Run(t.Context(), before, s)
	require.NoError(t, err)
	return before, out.After
}

func made(t testing.TB, b crossholding.Book) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	return a
}

// korea is a ring like Hyundai's: Mobis, Motor, Kia and back. The figures are round ones.
func korea() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "mobis", Name: "Hyundai Mobis", Country: "KR"}, {ID: "motor", Name: "Hyundai Motor", Country: "KR"},
			{ID: "kia", Name: "Kia", Country: "KR"}, {ID: "steel", Name: "Hyundai Steel", Country: "KR"}},
		Parties: []crossholding.Party{{ID: "chung", Name: "Chung family", Kind: crossholding.KindPerson, Country: "KR"},
			{ID: "nps", Name: "National Pension Service", Kind: crossholding.KindFund, Country: "KR"}},
		Stakes: []crossholding.Stake{
			{Holder: "mobis", Issuer: "motor", Percent: "21"}, {Holder: "motor", Issuer: "kia", Percent: "34"},
			{Holder: "kia", Issuer: "mobis", Percent: "17"}, {Holder: "kia", Issuer: "steel", Percent: "17"},
			{Holder: "steel", Issuer: "mobis", Percent: "6"}, {Holder: "chung", Issuer: "motor", Percent: "8"},
			{Holder: "chung", Issuer: "mobis", Percent: "7"}, {Holder: "nps", Issuer: "motor", Percent: "8"},
		},
	}
}

// asia has names in Japanese and Korean.
func asia() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "motors", Name: "三菱自動車"}, {ID: "mobis", Name: "현대모비스"}, {ID: "car", Name: "현대자동차"}, {ID: "kia", Name: "기아"}},
		Parties:   []crossholding.Party{{ID: "nissan", Name: "日産自動車", Kind: crossholding.KindCompany}, {ID: "chung", Name: "정몽구", Kind: crossholding.KindPerson}},
		Stakes: []crossholding.Stake{{Holder: "nissan", Issuer: "motors", Percent: "34"}, {Holder: "mobis", Issuer: "car", Percent: "21"},
			{Holder: "car", Issuer: "kia", Percent: "34"}, {Holder: "kia", Issuer: "mobis", Percent: "17"}, {Holder: "chung", Issuer: "mobis", Percent: "7"}},
	}
}

// pyramid has shares of ten votes at the top.
func pyramid() crossholding.Book {
	dual := []crossholding.ShareClass{{Class: "A", Issued: "100", Votes: "10"}, {Class: "B", Issued: "900"}}
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "top", Name: "Top AB", Country: "SE", Shares: dual}, {ID: "middle", Name: "Middle AB", Country: "SE", Shares: dual},
			{ID: "base", Name: "Base AB", Country: "SE", Shares: dual}},
		Parties: []crossholding.Party{{ID: "family", Name: "The family", Kind: crossholding.KindPerson}, {ID: "fund", Name: "Pension fund", Kind: crossholding.KindFund}},
		Stakes: []crossholding.Stake{
			{Holder: "family", Issuer: "top", Class: "A", Shares: "100"}, {Holder: "top", Issuer: "middle", Class: "A", Shares: "100"},
			{Holder: "middle", Issuer: "base", Class: "A", Shares: "100"}, {Holder: "fund", Issuer: "base", Class: "B", Shares: "500"},
		},
	}
}

// everything has a trust, joint holders, a fact of control and many small holders.
func everything() crossholding.Book {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Name: "Works GmbH", Country: "DE"}, {ID: "foundation", Name: "Foundation", Country: "DE"}},
		Parties: []crossholding.Party{{ID: "trust", Name: "Voting trust", Kind: crossholding.KindTrust}, {ID: "ann", Kind: crossholding.KindPerson},
			{ID: "bob", Kind: crossholding.KindPerson}, {ID: "heirs", Name: "Ann and Bob", Kind: crossholding.KindJoint, Members: []string{"ann", "bob"}},
			{ID: "state", Name: "The State", Kind: crossholding.KindState}},
		Stakes: []crossholding.Stake{{Holder: "trust", Issuer: "works", Percent: "28.4", Beneficiary: "heirs", Voter: crossholding.Neutral},
			{Holder: "foundation", Issuer: "works", Percent: "30"}, {Holder: "heirs", Issuer: "works", Percent: "10"}},
		Controls: []crossholding.ControlFact{{Controller: "state", Company: "foundation", By: crossholding.ControlByAppointment, Source: "statutes, art. 4"}},
	}
	for i := range 20 {
		id := fmt.Sprintf("holder%02d", i)
		b.Parties = append(b.Parties, crossholding.Party{ID: id})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: id, Issuer: "works", Percent: "1"})
	}
	return b
}

// register is of bands only, as in the register of people with significant control: a parent
// that surely controls one company and perhaps another, a director who appoints the board, and
// a company that has nothing to do with the others.
func register() crossholding.Book {
	apart := []crossholding.ShareClass{{Class: "capital", Issued: "100", Votes: "0"}, {Class: "votes", Issued: "100", Dividend: "0"}}
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "holdings", Name: "Example Holdings Ltd", Country: "GB"}, {ID: "trading", Name: "Example Trading Ltd", Country: "GB", Shares: apart},
			{ID: "homes", Name: "Example Homes Ltd", Country: "GB"}, {ID: "other", Name: "Other Ltd", Country: "GB"}},
		Parties: []crossholding.Party{{ID: "a", Name: "A. Owner", Kind: crossholding.KindPerson}, {ID: "b", Name: "B. Owner", Kind: crossholding.KindPerson},
			{ID: "c", Name: "C. Owner", Kind: crossholding.KindPerson}, {ID: "d", Name: "D. Director", Kind: crossholding.KindPerson}},
		Stakes: []crossholding.Stake{
			{Holder: "a", Issuer: "holdings", Between: "(25%,75%)"}, {Holder: "b", Issuer: "holdings", Between: "[0%,25%]"},
			{Holder: "holdings", Issuer: "trading", Class: "capital", Between: "(25%,50%]"}, {Holder: "holdings", Issuer: "trading", Class: "votes", Between: "[75%,100%]"},
			{Holder: "holdings", Issuer: "homes", Between: "(25%,50%]"},
			{Holder: "c", Issuer: "other", Between: "(50%,75%)"},
		},
		Controls: []crossholding.ControlFact{{Controller: "d", Company: "homes", By: crossholding.ControlByAppointment}},
	}
}

// group has 60 companies, of which some hold one another's shares.
func group() crossholding.Book {
	b := crossholding.Book{Parties: []crossholding.Party{{ID: "family", Kind: crossholding.KindPerson}}}
	for i := range 60 {
		id := fmt.Sprintf("company %d", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Country: "KR"})
		if i > 0 {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("company %d", (i-1)/3), Issuer: id, Percent: "51.5"})
		}
		if i > 0 && i < 13 && (i+5)%13 != (i-1)/3 && i != (i+5)%13 {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: id, Issuer: fmt.Sprintf("company %d", (i+5)%13), Percent: "3.3", Adds: true})
		}
	}
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "family", Issuer: "company 0", Percent: "33.4"})
	return b
}
