package bods_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/bods"
	"github.com/crossholding/crossholding/internal/testkit"
)

// statements returns a list of n companies with a person and a relationship each.
func statements(n int) []byte {
	var file bytes.Buffer
	file.WriteString("[\n")
	for i := range n {
		if i > 0 {
			file.WriteString(",\n")
		}
		head := `"statementDate":"2024-01-01","declarationSubject":"c%[1]d","recordStatus":"new","publicationDetails":{"publicationDate":"2024-01-02","bodsVersion":"0.4","publisher":{"name":"a register"}}`
		fmt.Fprintf(&file, `{"statementId":"00000000000000000000000000e%07[1]d","recordId":"c%[1]d","recordType":"entity",`+head+`,"recordDetails":{"isComponent":false,"entityType":{"type":"registeredEntity"},"name":"Company %[1]d"}},`+"\n", i)
		fmt.Fprintf(&file, `{"statementId":"00000000000000000000000000f%07[1]d","recordId":"p%[1]d","recordType":"person",`+head+`,"recordDetails":{"isComponent":false,"personType":"knownPerson","names":[{"type":"legal","fullName":"Person %[1]d"}]}},`+"\n", i)
		fmt.Fprintf(&file, `{"statementId":"00000000000000000000000000r%07[1]d","recordId":"r%[1]d","recordType":"relationship",`+head+`,"recordDetails":{"isComponent":false,"subject":"c%[1]d","interestedParty":"p%[1]d","interests":[{"type":"shareholding","directOrIndirect":"direct","share":{"exclusiveMinimum":25,"maximum":50}}]}}`, i)
	}
	file.WriteString("\n]\n")
	return file.Bytes()
}

// unmarshaled is what encoding/json reads of the same statements.
type unmarshaled struct {
	StatementID   string `json:"statementId"`
	RecordID      string `json:"recordId"`
	RecordType    string
	RecordStatus  string
	StatementDate string
	RecordDetails struct {
		EntityType      struct{ Type string }
		Name            string
		Names           []struct{ FullName string }
		Subject         string
		InterestedParty string
		Interests       []struct {
			Type             string
			DirectOrIndirect string
			Share            struct{ Exact, Minimum, ExclusiveMinimum, Maximum, ExclusiveMaximum *float64 }
		}
	}
}

// BenchmarkRead reads a list of statements, beside encoding/json, which only decodes them.
func BenchmarkRead(b *testing.B) {
	n := testkit.Size(30_000, 1_000_000) / 3
	file := statements(n)
	testkit.Beside(b, len(file), func() {
		book, _, err := bods.Read(b.Context(), bytes.NewReader(file), bods.Options{})
		require.NoError(b, err)
		require.Len(b, book.Stakes, n)
	}, func() {
		var list []unmarshaled
		require.NoError(b, json.Unmarshal(file, &list))
		require.Len(b, list, 3*n)
	})
}
