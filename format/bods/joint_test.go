package bods_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/format/bods"
)

// jointFile is an arrangement of p and q that holds a part of a company, and what else is said.
func jointFile(percent int, more ...string) string {
	entity := func(id, kind string) string {
		return fmt.Sprintf(`{"recordId": %q, "recordType": "entity", "recordDetails": {"entityType": {"type": %q}}}`, id, kind)
	}
	person := func(id string) string {
		return fmt.Sprintf(`{"recordId": %q, "recordType": "person", "recordDetails": {"personType": "knownPerson"}}`, id)
	}
	share := fmt.Sprintf(`{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": %d}}`, percent)
	list := []string{entity("firm", "registeredEntity"), entity("both", "arrangement"), person("p"), person("q"),
		tie("firm", "both", share), tie("both", "p", `{"type": "unknownInterest"}`), tie("both", "q", `{"type": "unknownInterest"}`)}
	return strings.Join(append(list, more...), "\n")
}

func tie(subject, party, interest string) string {
	return fmt.Sprintf(`{"recordId": %q, "recordType": "relationship", "recordDetails": {"subject": %q, "interestedParty": %q, "interests": [%s]}}`,
		subject+"-"+party, subject, party, interest)
}

// Each of several who hold through an arrangement counts all of its shares where the law says
// so, and all together count them once.
func TestJointHoldersOfAnArrangement(t *testing.T) {
	blocked := func(t *testing.T, file string, ids ...string) []string {
		b, _, err := bods.Read(t.Context(), strings.NewReader(file), bods.Options{})
		require.NoError(t, err)
		a, err := crossholding.New(b)
		require.NoError(t, err)
		s, err := compliance.Sanctions(t.Context(), a, ids, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
		require.NoError(t, err)
		var out []string
		for _, c := range s.Companies {
			if c.Blocked {
				out = append(out, c.Company)
			}
		}
		return out
	}
	require.Equal(t, []string{"firm"}, blocked(t, jointFile(60), "p"))
	require.Equal(t, []string{"firm"}, blocked(t, jointFile(60), "p", "q"))
	require.Empty(t, blocked(t, jointFile(40), "p", "q"), "40% count once")
}

// An arrangement in which somebody has shares, or that somebody controls, is a company.
func TestArrangementsThatAreCompanies(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		joint []string
	}{
		"two with an unknown interest": {jointFile(60), []string{"both"}},
		"one of them has shares":       {jointFile(60, tie("both", "p", `{"type": "shareholding", "share": {"exact": 70}}`)), nil},
		"one of them is in control":    {jointFile(60, tie("both", "p", `{"type": "appointmentOfBoard", "beneficialOwnershipOrControl": true}`)), nil},
		"one of them is an arrangement of several": {jointFile(60, `{"recordId": "more", "recordType": "entity", "recordDetails": {"entityType": {"type": "arrangement"}}}`,
			tie("more", "both", `{"type": "unknownInterest"}`), tie("more", "p", `{"type": "unknownInterest"}`)), []string{"both"}},
	} {
		t.Run(name, func(t *testing.T) {
			b, _, err := bods.Read(t.Context(), strings.NewReader(c.file), bods.Options{DropFaults: true})
			require.NoError(t, err)
			_, err = crossholding.New(b)
			require.NoError(t, err)
			var joint []string
			for _, p := range b.Parties {
				if p.Kind == crossholding.KindJoint {
					require.Equal(t, []string{"p", "q"}, p.Members)
					joint = append(joint, p.ID)
				}
			}
			require.Equal(t, c.joint, joint)
		})
	}
}
