package bods_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/bods"
)

// BenchmarkRead reads 10,000 companies with a person and a relationship each.
func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	file.WriteString("[\n")
	for i := range 10_000 {
		if i > 0 {
			file.WriteString(",\n")
		}
		head := `"statementDate":"2024-01-01","declarationSubject":"c%[1]d","recordStatus":"new","publicationDetails":{"publicationDate":"2024-01-02","bodsVersion":"0.4","publisher":{"name":"a register"}}`
		fmt.Fprintf(&file, `{"statementId":"00000000000000000000000000e%07[1]d","recordId":"c%[1]d","recordType":"entity",`+head+`,"recordDetails":{"isComponent":false,"entityType":{"type":"registeredEntity"},"name":"Company %[1]d"}},`+"\n", i)
		fmt.Fprintf(&file, `{"statementId":"00000000000000000000000000f%07[1]d","recordId":"p%[1]d","recordType":"person",`+head+`,"recordDetails":{"isComponent":false,"personType":"knownPerson","names":[{"type":"legal","fullName":"Person %[1]d"}]}},`+"\n", i)
		fmt.Fprintf(&file, `{"statementId":"00000000000000000000000000r%07[1]d","recordId":"r%[1]d","recordType":"relationship",`+head+`,"recordDetails":{"isComponent":false,"subject":"c%[1]d","interestedParty":"p%[1]d","interests":[{"type":"shareholding","directOrIndirect":"direct","share":{"exclusiveMinimum":25,"maximum":50}}]}}`, i)
	}
	file.WriteString("\n]\n")
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		book, _, err := bods.Read(b.Context(), bytes.NewReader(file.Bytes()), bods.Options{})
		require.NoError(b, err)
		require.Len(b, book.Stakes, 10_000)
	}
}
