package crossholding_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

func TestByteOrderMark(t *testing.T) {
	a, err := crossholding.ReadBook(strings.NewReader("\ufeff" + `{"companies": [{"id": "a", "shares": [{"issued": 100}]}]}`))
	require.NoError(t, err)
	require.Len(t, a.Book().Companies, 1)
	r, err := crossholding.ReadRegister(context.Background(),
		strings.NewReader("\ufeffid,issued,treasury,votes\na,100,,\n"), strings.NewReader("\ufeffholder,issuer,shares\np,a,60\n"),
		crossholding.RegisterOptions{})
	require.NoError(t, err)
	require.Len(t, r.Book().Stakes, 1)
}

func TestCharactersSplitBetweenReads(t *testing.T) {
	const book = `{"companies": [{"id": "é"}, {"id": "日産"}, {"id": "𝒜"}]}`
	a, err := crossholding.ReadBook(iotest.OneByteReader(strings.NewReader(book)))
	require.NoError(t, err)
	require.Len(t, a.Book().Companies, 3)
	_, err = crossholding.ReadBook(iotest.OneByteReader(strings.NewReader(strings.Replace(book, "é", "\xc3", 1))))
	require.ErrorIs(t, err, crossholding.ErrSyntax)
}

func TestEscapedCharacters(t *testing.T) {
	const book = `{"companies": [{"id": "\ud83d\ude00"}, {"id": "\\ud83d"}, {"id": "\\\\\\\u65e5\ud835\udc9c", "name": "\"\\"}]}`
	for name, r := range map[string]io.Reader{"at once": strings.NewReader(book), "byte by byte": iotest.OneByteReader(strings.NewReader(book))} {
		t.Run(name, func(t *testing.T) {
			a, err := crossholding.ReadBook(r)
			require.NoError(t, err)
			var ids []string
			for _, c := range a.Book().Companies {
				ids = append(ids, c.ID)
			}
			require.Equal(t, []string{`\\\日𝒜`, `\ud83d`, "😀"}, ids)
		})
	}
	_, err := crossholding.ReadBook(iotest.OneByteReader(strings.NewReader(`{"companies": [{"id": "\ud83d\n"}]}`)))
	require.ErrorContains(t, err, `\ud83d is half of a character`)
}

// One slip is one fault.
func TestOneFaultForOneSlip(t *testing.T) {
	for name, book := range map[string]string{
		"lot below 0":           `{"companies": [{"id": "a", "lot": "-1", "shares": [{"issued": 1}]}]}`,
		"price of no form":      `{"companies": [{"id": "a", "shares": [{"issued": 1}]}], "market": {"prices": {"a": "five"}}}`,
		"stake that is nothing": `{"companies": [{"id": "a", "shares": [{"issued": 1}]}], "stakes": [{"holder": "a", "issuer": "ghost"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crossholding.ReadBook(strings.NewReader(book))
			var in *crossholding.InputError
			require.ErrorAs(t, err, &in)
			require.Len(t, in.Faults, 1, err)
		})
	}
}

func TestCompanyWithoutShares(t *testing.T) {
	a, err := crossholding.New(crossholding.Book{Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "0"}}}}})
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	_, err = o.Owners(t.Context(), "a")
	require.EqualError(t, err, `crossholding: company with shares "a": unknown name`)
	_, err = o.Owners(t.Context(), "b")
	require.EqualError(t, err, `crossholding: company "b": unknown name`)
}

func TestRingErrorIsBounded(t *testing.T) {
	var e crossholding.RingError
	for i := range 1000 {
		ring := make([]string, 100)
		for j := range ring {
			ring[j] = fmt.Sprintf("c%d-%d", i, j)
		}
		e.Rings = append(e.Rings, ring)
	}
	require.Contains(t, e.Error(), "c0-0, c0-1, ")
	require.Contains(t, e.Error(), "c0-19 and 80 more; c1-0")
	require.Contains(t, e.Error(), "; 980 more rings: companies that nobody outside owns")
	require.Less(t, len(e.Error()), 10_000)
}

func TestEqualHoldingsSaySo(t *testing.T) {
	shares := []crossholding.ShareClass{{Issued: "100"}}
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Country: "FR", Shares: shares}, {ID: "b", Country: "FR", Shares: shares}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "b", Shares: "12"}, {Holder: "b", Issuer: "a", Shares: "12"}},
	})
	require.NoError(t, err)
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	n, err := v.Of("a", "b")
	require.NoError(t, err)
	require.Equal(t, "10", n.Exercisable.String())
	require.Contains(t, n.Reasons[0].Because(), "of equal ones what is above the limit")
}
