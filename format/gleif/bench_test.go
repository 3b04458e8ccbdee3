package gleif_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/gleif"
	"github.com/crossholding/crossholding/internal/testkit"
)

// relationships calls add for the relationships of n entities: each has a direct and, three times
// in four, an ultimate parent.
func relationships(n int, add func(i int, child, kind, parent, standard string)) {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	lei := func(i int) string { return fmt.Sprintf("%04d00%012X%02d", i%9973, int64(i)*2654435761%(1<<47), i%97) }
	for i := range n {
		child, parent := lei(i), lei(i/7)
		if i < 7 {
			parent = lei(n)
		}
		standard := []string{"IFRS", "US_GAAP", "OTHER_ACCOUNTING_STANDARD"}[rng.IntN(3)]
		add(2*i, child, direct, parent, standard)
		if rng.IntN(4) > 0 {
			add(2*i+1, child, ultimate, lei(n), standard)
		}
	}
}

// recordsXML returns the records of n entities as XML in the form in which they are published,
// which has an element on each line.
func recordsXML(n int) []byte {
	var out bytes.Buffer
	out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rr:RelationshipData xmlns:rr="http://www.gleif.org/data/schema/rr/2016">
  <rr:Header><rr:ContentDate>2024-01-02T08:00:00Z</rr:ContentDate><rr:FileContent>GLEIF_FULL_PUBLISHED</rr:FileContent></rr:Header>
  <rr:RelationshipRecords>
`)
	relationships(n, func(i int, child, kind, parent, standard string) {
		fmt.Fprintf(&out, `    <rr:RelationshipRecord>
      <rr:Relationship>
        <rr:StartNode>
          <rr:NodeID>%s</rr:NodeID>
          <rr:NodeIDType>LEI</rr:NodeIDType>
        </rr:StartNode>
        <rr:EndNode>
          <rr:NodeID>%s</rr:NodeID>
          <rr:NodeIDType>LEI</rr:NodeIDType>
        </rr:EndNode>
        <rr:RelationshipType>%s</rr:RelationshipType>
        <rr:RelationshipPeriods>
          <rr:RelationshipPeriod>
            <rr:StartDate>20%02d-03-01T00:00:00.000Z</rr:StartDate>
            <rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType>
          </rr:RelationshipPeriod>
          <rr:RelationshipPeriod>
            <rr:StartDate>2023-01-01T00:00:00.000Z</rr:StartDate>
            <rr:EndDate>2023-12-31T00:00:00.000Z</rr:EndDate>
            <rr:PeriodType>ACCOUNTING_PERIOD</rr:PeriodType>
          </rr:RelationshipPeriod>
        </rr:RelationshipPeriods>
        <rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus>
        <rr:RelationshipQualifiers>
          <rr:RelationshipQualifier>
            <rr:QualifierDimension>ACCOUNTING_STANDARD</rr:QualifierDimension>
            <rr:QualifierCategory>%s</rr:QualifierCategory>
          </rr:RelationshipQualifier>
        </rr:RelationshipQualifiers>
      </rr:Relationship>
      <rr:Registration>
        <rr:InitialRegistrationDate>2018-04-05T06:07:08.000Z</rr:InitialRegistrationDate>
        <rr:LastUpdateDate>2023-10-11T12:13:14.000Z</rr:LastUpdateDate>
        <rr:RegistrationStatus>PUBLISHED</rr:RegistrationStatus>
        <rr:NextRenewalDate>2024-10-11T12:13:14.000Z</rr:NextRenewalDate>
        <rr:ManagingLOU>LOU0000000000000%04d</rr:ManagingLOU>
        <rr:ValidationSources>FULLY_CORROBORATED</rr:ValidationSources>
        <rr:ValidationDocuments>ACCOUNTS_FILING</rr:ValidationDocuments>
        <rr:ValidationReference>https://www.example.com/filings/%d?a=1&amp;b=2</rr:ValidationReference>
      </rr:Registration>
    </rr:RelationshipRecord>
`, child, parent, kind, i%24, standard, i%40, i)
	})
	out.WriteString("  </rr:RelationshipRecords>\n</rr:RelationshipData>\n")
	return out.Bytes()
}

// recordsCSV returns the records of n entities in the form of the golden copy.
func recordsCSV(n int) []byte {
	var out bytes.Buffer
	out.WriteString(`"Relationship.StartNode.NodeID","Relationship.StartNode.NodeIDType","Relationship.EndNode.NodeID","Relationship.EndNode.NodeIDType","Relationship.RelationshipType","Relationship.RelationshipStatus","Relationship.Period.1.startDate","Relationship.Period.1.endDate","Relationship.Period.1.periodType","Relationship.Period.2.startDate","Relationship.Period.2.endDate","Relationship.Period.2.periodType","Relationship.Qualifiers.1.QualifierDimension","Relationship.Qualifiers.1.QualifierCategory","Relationship.Quantifiers.1.MeasurementMethod","Relationship.Quantifiers.1.QuantifierAmount","Relationship.Quantifiers.1.QuantifierUnits","Registration.InitialRegistrationDate","Registration.LastUpdateDate","Registration.RegistrationStatus","Registration.NextRenewalDate","Registration.ManagingLOU","Registration.ValidationSources","Registration.ValidationDocuments","Registration.ValidationReference"` + "\n")
	relationships(n, func(i int, child, kind, parent, standard string) {
		fmt.Fprintf(&out, `"%s","LEI","%s","LEI","%s","ACTIVE","20%02d-03-01T00:00:00.000Z","","RELATIONSHIP_PERIOD","2023-01-01T00:00:00.000Z","2023-12-31T00:00:00.000Z","ACCOUNTING_PERIOD","ACCOUNTING_STANDARD","%s","","","","2018-04-05T06:07:08.000Z","2023-10-11T12:13:14.000Z","PUBLISHED","2024-10-11T12:13:14.000Z","LOU0000000000000%04d","FULLY_CORROBORATED","ACCOUNTS_FILING","https://www.example.com/filings/%d?a=1&b=2"`+"\n",
			child, parent, kind, i%24, standard, i%40, i)
	})
	return out.Bytes()
}

// unmarshaled is what encoding/xml reads of the same records.
type unmarshaled struct {
	Records []struct {
		Child   string                                            `xml:"Relationship>StartNode>NodeID"`
		Parent  string                                            `xml:"Relationship>EndNode>NodeID"`
		Kind    string                                            `xml:"Relationship>RelationshipType"`
		Status  string                                            `xml:"Relationship>RelationshipStatus"`
		Periods []struct{ StartDate, EndDate, PeriodType string } `xml:"Relationship>RelationshipPeriods>RelationshipPeriod"`
	} `xml:"RelationshipRecords>RelationshipRecord"`
}

// BenchmarkReadXML reads relationships as XML, beside encoding/xml, which only decodes them.
func BenchmarkReadXML(b *testing.B) {
	text := recordsXML(testkit.Size(2_000, 60_000))
	b.Logf("%d MB, %d lines", len(text)/1_000_000, bytes.Count(text, []byte("\n")))
	testkit.Beside(b, len(text), func() {
		book, _, err := gleif.Read(context.Background(), bytes.NewReader(text), gleif.Options{})
		require.NoError(b, err)
		require.NotEmpty(b, book.Controls)
	}, func() {
		var v unmarshaled
		require.NoError(b, xml.Unmarshal(text, &v))
		require.NotEmpty(b, v.Records)
	})
}

// BenchmarkReadCSV reads relationships as CSV, beside encoding/csv, which only cuts them.
func BenchmarkReadCSV(b *testing.B) {
	text := recordsCSV(testkit.Size(20_000, 600_000))
	b.Logf("%d MB, %d lines", len(text)/1_000_000, bytes.Count(text, []byte("\n")))
	testkit.Beside(b, len(text), func() {
		book, _, err := gleif.Read(context.Background(), bytes.NewReader(text), gleif.Options{})
		require.NoError(b, err)
		require.NotEmpty(b, book.Controls)
	}, func() {
		r := csv.NewReader(bytes.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	})
}
