package psc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/psc"
	"github.com/crossholding/crossholding/internal/testkit"
)

// snapshot makes n lines that look like those of the register: three in four owners are
// persons, one in three has ceased, and one in six is a company of the file.
func snapshot(n int) []byte {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	bands := []string{"25-to-50", "50-to-75", "75-to-100"}
	var out bytes.Buffer
	for i := range n {
		number := fmt.Sprintf("%08d", 1+rng.IntN(n))
		kind, identity := "individual", fmt.Sprintf(`"name":"Mr Forename%d Middle Surname%d","name_elements":{"forename":"Forename%d","middle_name":"Middle","surname":"Surname%d","title":"Mr"},"nationality":"British","country_of_residence":"England","date_of_birth":{"month":%d,"year":%d}`,
			i%977, i%5003, i%977, i%5003, 1+rng.IntN(12), 1940+rng.IntN(60))
		if rng.IntN(4) == 0 {
			kind = "corporate-entity"
			identity = fmt.Sprintf(`"name":"Holding %d Limited","identification":{"country_registered":"England And Wales","legal_authority":"Companies Act 2006","legal_form":"Private Limited Company","place_registered":"Companies House","registration_number":"%08d"}`, i, 1+rng.IntN(n))
		}
		ceased := ""
		if rng.IntN(3) == 0 {
			ceased = `"ceased":true,"ceased_on":"2021-03-04",`
		}
		band := bands[rng.IntN(3)]
		fmt.Fprintf(&out, `{"company_number":"%s","data":{"address":{"address_line_1":"%d High Street","country":"England","locality":"London","postal_code":"EC1A 1BB","premises":"Flat %d"},%s%s,"etag":"%040x","kind":"%s-person-with-significant-control","links":{"self":"/company/%s/persons-with-significant-control/%s/%020x"},"natures_of_control":["ownership-of-shares-%s-percent","voting-rights-%s-percent","right-to-appoint-and-remove-directors"],"notified_on":"2016-04-06"}}`+"\n",
			number, 1+i%200, i%50, ceased, identity, rng.Uint64(), kind, number, kind, rng.Uint64(), band, band)
	}
	return out.Bytes()
}

// unmarshaled is what encoding/json reads of the same lines.
type unmarshaled struct {
	Number string `json:"company_number"`
	Data   struct {
		Kind           string
		Name           string
		Natures        []string `json:"natures_of_control"`
		Notified       string   `json:"notified_on"`
		Ceased         string   `json:"ceased_on"`
		Identification struct {
			Number  string `json:"registration_number"`
			Country string `json:"country_registered"`
		}
		Born struct{ Month, Year int } `json:"date_of_birth"`
	}
}

// BenchmarkRead reads the lines of a snapshot, beside encoding/json, which only decodes them.
func BenchmarkRead(b *testing.B) {
	text := snapshot(testkit.Size(50_000, 1_000_000))
	testkit.Beside(b, len(text), func() {
		book, _, err := psc.Read(context.Background(), bytes.NewReader(text), psc.Options{})
		require.NoError(b, err)
		require.NotEmpty(b, book.Stakes)
	}, func() {
		kept := 0
		for line := range bytes.Lines(text) {
			var v unmarshaled
			require.NoError(b, json.Unmarshal(line, &v))
			kept += len(v.Data.Natures)
		}
		require.Positive(b, kept)
	})
}
