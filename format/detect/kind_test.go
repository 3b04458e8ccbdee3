package detect_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/detect"
)

// No reader says in silence what an owner is: the file states it, or the report has the guess.
func TestKindsAreStatedOrGuessed(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kinds      []string // of parties and companies, in order of their ids
		guessed    []string // notes on kinds, in order
	}{
		{"table", "owner,company,%\nHolding GmbH,X,10\nFrau A,X,10\nX,Y,10\nFree float,Y,20\n",
			[]string{"Frau A person", "Free float public", "Holding GmbH company", "X company", "Y company"},
			[]string{"line 2: Holding GmbH: no kind is stated: it is taken as a company by the legal form GmbH", "line 3: Frau A: no kind is stated: it is taken as a person",
				"line 5: Free float: no kind is stated: it is taken as the public by a name for all other shareholders"}},
		{"ftm", `{"id":"p","schema":"Person","properties":{"name":["P"]}}
{"id":"l","schema":"LegalEntity","properties":{"name":["L"]}}
{"id":"c","schema":"Company","properties":{"name":["C"]}}
{"id":"b","schema":"PublicBody","properties":{"name":["B"]}}
{"id":"s","schema":"PublicBody","properties":{"name":["S"]}}
{"id":"o1","schema":"Ownership","properties":{"owner":["l"],"asset":["c"],"percentage":["10"]}}
{"id":"o2","schema":"Ownership","properties":{"owner":["p"],"asset":["b"],"percentage":["10"]}}
{"id":"o3","schema":"Ownership","properties":{"owner":["u"],"asset":["c"],"percentage":["10"]}}`,
			[]string{"b company", "c company", "l company", "p person", "s state", "u company"},
			[]string{"line 2: l is a LegalEntity, which can be a person or a company: it is taken as a company",
				"line 4: b is a PublicBody, and somebody owns or controls it: it is taken as a company", "line 8: u is not in the file, and is taken as a company"}},
		{"psc", `{"company_number":"00000001","data":{"kind":"legal-person-person-with-significant-control","name":"A Ministry","natures_of_control":["ownership-of-shares-25-to-50-percent","voting-rights-25-to-50-percent"]}}
{"company_number":"00000001","data":{"kind":"legal-person-person-with-significant-control","name":"Parent Ltd","natures_of_control":["ownership-of-shares-25-to-50-percent","voting-rights-25-to-50-percent"]}}
{"company_number":"00000002","data":{"kind":"super-secure-person-with-significant-control","links":{"self":"/x/s1"}}}
{"company_number":"00000003","data":{"kind":"individual-person-with-significant-control","name":"R","natures_of_control":["voting-rights-25-to-50-percent-as-firm","ownership-of-shares-25-to-50-percent-as-firm"]}}`,
			nil,
			[]string{"line 1: 00000001: A Ministry is a legal person: it is taken as a state or a public body",
				"line 2: 00000001: Parent Ltd is a legal person: it is taken as a company by the legal form Ltd",
				"line 3: 00000002: protected person with significant control of 00000002, with a stake of unknown size, is taken as a person",
				"line 4: 00000003: those who hold through a firm, which is taken as a company, are taken to hold through one"}},
		{"bods", `[{"statementId":"1","recordId":"a","recordType":"entity","recordStatus":"new","recordDetails":{"entityType":{"type":"arrangement"},"name":"A"}},
{"statementId":"2","recordId":"u","recordType":"entity","recordStatus":"new","recordDetails":{"entityType":{"type":"unknownEntity"}}},
{"statementId":"3","recordId":"c","recordType":"entity","recordStatus":"new","recordDetails":{"entityType":{"type":"registeredEntity"},"name":"C"}},
{"statementId":"4","recordId":"s","recordType":"entity","recordStatus":"new","recordDetails":{"entityType":{"type":"stateBody"},"name":"S"}},
{"statementId":"5","recordId":"r1","recordType":"relationship","recordStatus":"new","recordDetails":{"subject":"s","interestedParty":"c","interests":[{"type":"shareholding","share":{"exact":50}}]}},
{"statementId":"6","recordId":"r2","recordType":"relationship","recordStatus":"new","recordDetails":{"subject":"c","interestedParty":{"reason":"unknown"},"interests":[{"type":"shareholding","share":{"exact":50}}]}}]`,
			[]string{"a company", "c company", "s company", "u company", "unknown:r2 person"},
			[]string{`line 1: a is of the type "arrangement": it is taken as a company`, `line 2: u is of the type "unknownEntity": it is taken as a company`,
				"line 4: s is a state, and somebody owns or controls it: it is taken as a company",
				"line 6: c: the party is not specified (unknown ), and is the unknown owner unknown:r2, a person"}},
		{"gleif", "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType,Relationship.RelationshipStatus\nA,B,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE\n",
			[]string{"A company", "B company"},
			[]string{"all 2 entities that no relationship of funds names, or in which funds hold, are taken as companies, because the file does not state what they are"}},
		{"graphml", `<graphml><key id="w" attr.name="weight"/><graph><node id="a"/><node id="Werk AG"/><node id="x"/><edge source="a" target="x"><data key="w">10%</data></edge></graph></graphml>`,
			[]string{"Werk AG company", "a person", "x company"},
			[]string{"line 1: a: no kind is stated: it is taken as a person", "line 1: Werk AG: no kind is stated: it is taken as a company by the legal form AG"}},
		{"ocf", `{"issuer":{"object_type":"ISSUER","id":"x","legal_name":"X"},"file_type":"OCF_MANIFEST_FILE","items":[{"object_type":"STAKEHOLDER","id":"a","name":{"legal_name":"A"},"stakeholder_type":"INDIVIDUAL"},
{"object_type":"STAKEHOLDER","id":"b","name":{"legal_name":"B"},"stakeholder_type":"INSTITUTION"},{"object_type":"STAKEHOLDER","id":"c","name":{"legal_name":"C"}}]}`,
			[]string{"a person", "b company", "c person", "x company"},
			[]string{"line 3: b: it is an institution, which can be a company, a fund or a trust: it is taken as a company", "line 4: c: no kind is stated: it is taken as a person"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := detect.Read(t.Context(), strings.NewReader(c.text), detect.Options{})
			require.NoError(t, err)
			require.Equal(t, c.name, string(found.Form))
			var kinds, guessed []string
			for _, x := range found.Book.Companies {
				kinds = append(kinds, x.ID+" company")
			}
			for _, p := range found.Book.Parties {
				kinds = append(kinds, p.ID+" "+string(cmp.Or(p.Kind, crossholding.KindPerson)))
			}
			slices.Sort(kinds)
			if c.kinds != nil {
				require.Equal(t, c.kinds, kinds)
			}
			for _, n := range found.Report.Guessed.List {
				if slices.Contains([]string{"kind", "unlisted", "unspecified", "unknown", "vehicle"}, n.Rule) {
					guessed = append(guessed, n.String())
				}
			}
			require.ElementsMatch(t, c.guessed, guessed)
		})
	}
}
