package crossholding_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/scenario"
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

// A fraction or a price may be a JSON number; any other text may not.
func TestNumericKeys(t *testing.T) {
	for key, book := range map[string]string{
		"max":    `{"agreements": [{"id": "x", "kind": "cap", "holders": ["p"], "issuer": "a", "max": 0.15}]}`,
		"min":    `{"agreements": [{"id": "x", "kind": "lock-up", "holders": ["p"], "issuer": "a", "min": 0}]}`,
		"prices": `{"market": {"currency": "EUR", "prices": {"a": 5}}}`,
		"fx":     `{"market": {"currency": "EUR", "fx": {"EUR/JPY": 157.13}}}`,
	} {
		t.Run(key, func(t *testing.T) {
			_, err := crossholding.ReadBook(strings.NewReader(`{"companies": [{"id": "a", "currency": "EUR", "shares": [{"issued": 100}]}], "parties": [{"id": "p"}], ` + book[1:]))
			require.NoError(t, err)
		})
	}
	for key, step := range map[string]string{
		"down_to": `{"step": "trade", "from": "p", "to": "q", "issuer": "a", "down_to": 0.1}`,
		"up_to":   `{"step": "trade", "from": "p", "to": "q", "issuer": "a", "up_to": 0.1}`,
		"price":   `{"step": "trade", "from": "p", "to": "q", "issuer": "a", "shares": 1, "price": 5}`,
		"prices":  `{"step": "revalue", "prices": {"a": 5}}`,
	} {
		t.Run(key, func(t *testing.T) {
			_, err := scenario.Read(strings.NewReader(`{"steps": [` + step + `]}`))
			if err != nil {
				require.NotContains(t, err.Error(), "the number")
			}
		})
	}
	for place, book := range map[string]string{
		"market.currency":              `{"market": {"currency": 5}}`,
		"companies[0].name":            `{"companies": [{"id": "a", "name": 5}]}`,
		"stakes[0].between":            `{"stakes": [{"holder": "p", "issuer": "a", "between": 5}]}`,
		"agreements[0].from":           `{"agreements": [{"id": "x", "from": 2020}]}`,
		"agreements[0].holders[1]":     `{"agreements": [{"id": "x", "max": 1, "holders": ["p", 5]}]}`,
		"companies[0].shares[0].class": `{"companies": [{"id": "a", "shares": [{"issued": 1, "class": 5}]}]}`,
	} {
		t.Run(place, func(t *testing.T) {
			_, err := crossholding.ReadBook(strings.NewReader(book))
			require.ErrorIs(t, err, crossholding.ErrSyntax)
			require.ErrorContains(t, err, place+": the number ")
		})
	}
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

func TestReadBookBounds(t *testing.T) {
	deep := func(n int) string { return `{"x": ` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}` }
	_, err := parse(deep(31))
	require.ErrorIs(t, err, crossholding.ErrSyntax) // an unknown key, no more
	require.NotErrorIs(t, err, crossholding.ErrTooLarge)
	_, err = parse(deep(32))
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	start := time.Now()
	_, err = parse(`{"x": ` + strings.Repeat("[", 10_000_000))
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	_, err = parse(`{"x": ` + strings.Repeat(`{"x":`, 1_000_000))
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	var keys strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&keys, `"k%d": 1,`, i)
	}
	_, err = parse(`{` + keys.String() + `"as_of": ""}`)
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	require.Less(t, time.Since(start), 5*time.Second)

	gone := errors.New("disk gone")
	_, err = crossholding.ReadBook(iotest.ErrReader(gone))
	require.ErrorIs(t, err, gone)
	require.NotErrorIs(t, err, crossholding.ErrSyntax)
}

func TestReadBookEndlessFile(t *testing.T) {
	testkit.SkipUnlessLong(t) // internal/strictjson reads one up to a lower bound
	e := &testkit.Endless{}
	_, err := crossholding.ReadBook(e)
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	require.Less(t, e.Count, 300<<20)
}

func TestWriteBookFails(t *testing.T) {
	require.ErrorIs(t, crossholding.WriteBook(&bytes.Buffer{}, crossholding.Book{AsOf: "x"}), crossholding.ErrDate)
	full := errors.New("disk full")
	require.ErrorIs(t, booktest.New(t, crossholding.Book{}).WriteBook(failing{full}), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
