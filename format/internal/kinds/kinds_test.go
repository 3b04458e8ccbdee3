package kinds

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

func TestParse(t *testing.T) {
	for word, want := range map[string]crossholding.PartyKind{
		"company": crossholding.KindCompany, " Juristische  Person ": crossholding.KindCompany, "PERSONNE MORALE": crossholding.KindCompany,
		"sociedad": crossholding.KindCompany, "Società": crossholding.KindCompany, "法人": crossholding.KindCompany,
		"natural-person": crossholding.KindPerson, "personne physique": crossholding.KindPerson, "個人": crossholding.KindPerson,
		"Staat": crossholding.KindState, "État": crossholding.KindState, "Ente pubblico": crossholding.KindState, "国": crossholding.KindState,
		"investment_fund": crossholding.KindFund, "Fonds d’investissement": crossholding.KindFund, "投資信託": crossholding.KindFund,
		"Treuhänder": crossholding.KindTrust, "fideicomiso": crossholding.KindTrust,
		"Streubesitz": crossholding.KindPublic, "capital flotante": crossholding.KindPublic, "浮動株": crossholding.KindPublic,
	} {
		got, ok := Parse(word)
		require.True(t, ok, word)
		require.Equal(t, want, got, word)
	}
	for _, word := range []string{"", "joint", "robot", "companies house"} {
		_, ok := Parse(word)
		require.False(t, ok, word)
	}
}

// Every word means one kind.
func TestWords(t *testing.T) {
	seen := map[string]crossholding.PartyKind{}
	for k, list := range words {
		for word := range strings.SplitSeq(list, "|") {
			require.Empty(t, seen[word], word)
			seen[word] = k
			require.Equal(t, strings.ToLower(word), word)
		}
	}
}

// The sets have no text that is too long to be looked up.
func TestSets(t *testing.T) {
	for _, set := range []map[string]bool{public, forms, short, bodies} {
		for name := range set {
			require.LessOrEqual(t, len(name), longest, name)
		}
	}
}

func TestOfName(t *testing.T) {
	for name, want := range map[string]crossholding.PartyKind{
		"Werk GmbH": crossholding.KindCompany, "Nissan Motor Co., Ltd.": crossholding.KindCompany, "Telefónica, S.A.": crossholding.KindCompany,
		"Volkswagen AG": crossholding.KindCompany, "Muster GmbH & Co. KG": crossholding.KindCompany, "Smith & Co": crossholding.KindCompany,
		"Toyota Motor Co.": crossholding.KindCompany, "日産自動車株式会社": crossholding.KindCompany, "株式会社三井住友銀行": crossholding.KindCompany,
		"A.P. Møller A/S": crossholding.KindCompany, "ČEZ, a. s.": "", "ČEZ, a.s.": crossholding.KindCompany, "Orlen Sp. z o.o.": crossholding.KindCompany,
		"ENI S.p.A.": crossholding.KindCompany, "Robert Bosch Stiftung": crossholding.KindCompany, "Stichting INGKA": crossholding.KindCompany,
		"Streubesitz": crossholding.KindPublic, "FREE FLOAT": crossholding.KindPublic, "その他": crossholding.KindPublic,
		"Frau A": "", "Henry Co": "", "Marie Cie": "", "Kim Se": "", "Limited": "", "AG": "", "株式会社": "", "": "", "Other People": "", "Anna Spalding": "",
	} {
		got, why := OfName(name)
		require.Equal(t, want, got, name)
		require.Equal(t, want == "", why == "", name)
	}
}
