// Package schematest checks with a JSON schema library of its own module that what package bods
// writes is valid by the official schema.
package schematest

import (
	"bytes"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/bods"
)

func schema(t *testing.T) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, id := range map[string]string{"statement": "urn:statement", "components": "urn:components", "entity-record": "urn:entity",
		"person-record": "urn:person", "relationship-record": "urn:relationship"} {
		text, err := os.ReadFile("../testdata/schema-0.4/" + name + ".json")
		require.NoError(t, err)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		require.NoError(t, c.AddResource(id, doc))
	}
	out, err := c.Compile("urn:statement")
	require.NoError(t, err)
	return out
}

func validate(t *testing.T, text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return schema(t).Validate(doc)
}

func TestWhatIsWrittenIsValid(t *testing.T) {
	b := crossholding.Book{
		AsOf: "2024-01-31",
		Companies: []crossholding.Company{{ID: "c", Name: "C", Country: "DE", Listed: true}, {ID: "d", Country: "US-DE"}, {ID: "arrangement"},
			{ID: "dual", Shares: []crossholding.ShareClass{{Class: "a", Issued: "3", Votes: "10"}, {Class: "b", Issued: "4"}}}},
		Parties: []crossholding.Party{{ID: "p", Name: "P"}, {ID: "q", Kind: crossholding.KindPerson}, {ID: "fund", Kind: crossholding.KindFund, Country: "LU"},
			{ID: "trust", Kind: crossholding.KindTrust}, {ID: "state", Kind: crossholding.KindState}, {ID: "public", Kind: crossholding.KindPublic}, {ID: "firm", Kind: crossholding.KindCompany}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "c", Percent: "12.5"}, {Holder: "fund", Issuer: "c", Percent: "5", Beneficiary: "firm", Voter: "firm"},
			{Holder: "trust", Issuer: "d", Between: "(25%,50%]"}, {Holder: "state", Issuer: "d", Between: "[1%,5%)"}, {Holder: "c", Issuer: "d", Percent: "33.3", Rounded: true},
			{Holder: "p", Issuer: "dual", Class: "a", Shares: "3"}, {Holder: "public", Issuer: "dual", Class: "b", Shares: "4"}},
		Agreements: []crossholding.Agreement{{ID: "joint:arrangement", Kind: crossholding.AgreementConcert, Holders: []string{"p", "q"}}},
	}
	for _, by := range []crossholding.ControlMeans{crossholding.ControlByVoting, crossholding.ControlByAppointment, crossholding.ControlByManagement, crossholding.ControlByContractual,
		crossholding.ControlByTrust, crossholding.ControlByNominee, crossholding.ControlByState, crossholding.ControlByIndirect} {
		b.Controls = append(b.Controls, crossholding.ControlFact{Controller: "p", Company: "d", By: by, Source: "a source", From: "2020-01-01", To: "2030-12-31"})
	}
	for _, opt := range []bods.WriteOptions{{}, {Publisher: "a publisher", Date: "2024-02-29"}} {
		var file bytes.Buffer
		_, err := bods.Write(&file, b, opt)
		require.NoError(t, err)
		require.NoError(t, validate(t, file.Bytes()))
		require.Error(t, validate(t, bytes.Replace(file.Bytes(), []byte(`"shareholding"`), []byte(`"shares"`), 1)), "the schema checks nothing")
	}
}
