package crossholding_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/ident"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func parse(text string) (*crossholding.Alliance, error) {
	return crossholding.ReadBook(strings.NewReader(text))
}

// around puts stakes, or what follows them, into a sound book.
func around(rest string) string {
	return `{"as_of": "2022-12-31", "companies": [
		{"id": "nissan", "country": "JP", "currency": "JPY", "shares": [{"issued": "1000", "treasury": "100"}]},
		{"id": "renault", "shares": [{"issued": 300}, {"class": "b", "issued": 10}]}, {"id": "venture"}],
		"parties": [{"id": "state", "kind": "state"}, {"id": "trust", "kind": "trust"}], ` + rest + `}`
}

func stake(fields string) string { return around(`"stakes": [` + fields + `]`) }

func agreementOf(fields string) string {
	return around(`"stakes": [{"holder": "renault", "issuer": "nissan", "shares": 400}], "agreements": [` + fields + `]`)
}

// Every kind of fault names its place, whom it is about and the figures, and
// unwraps to its kind.
func TestFaults(t *testing.T) {
	huge := strings.Repeat("9", 100_000)
	for _, c := range []struct {
		name, book, place string
		kind              error
		names             []string
	}{
		{"unknown holder", stake(`{"holder": "ghost", "issuer": "nissan", "shares": 1}`), "stakes[0].holder", crossholding.ErrUnknown, []string{`"ghost"`, "nissan"}},
		{"percent as shares", stake(`{"holder": "state", "issuer": "nissan", "shares": "12.5%"}`), "stakes[0].shares", ratio.ErrNumber, []string{"state in nissan", "12.5% is no number of shares; write percent: 12.5"}},
		{"heading as percent", stake(`{"holder": "state", "issuer": "nissan", "percent": "percent"}`), "stakes[0].percent", ratio.ErrNumber, []string{"state in nissan", `"percent" is not a decimal number`}},
		{"unknown issuer", stake(`{"holder": "state", "issuer": "ghost", "shares": 1}`), "stakes[0].issuer", crossholding.ErrUnknown, []string{`"ghost"`, "state"}},
		{"unknown beneficiary", stake(`{"holder": "trust", "beneficiary": "ghost", "issuer": "nissan", "shares": 1}`), "stakes[0].beneficiary", crossholding.ErrUnknown, []string{`"ghost"`, "trust", "nissan"}},
		{"unknown voter", stake(`{"holder": "trust", "voter": "ghost", "issuer": "nissan", "shares": 1}`), "stakes[0].voter", crossholding.ErrUnknown, []string{`"ghost"`}},
		{"issuer is a party", stake(`{"holder": "trust", "issuer": "state", "shares": 1}`), "stakes[0].issuer", crossholding.ErrUnknown, []string{`"state"`, "party"}},
		{"float as holder", stake(`{"holder": "float:nissan", "issuer": "nissan", "shares": 1}`), "stakes[0].holder", crossholding.ErrUnknown, []string{`"float:nissan"`}},
		{"neutral as holder", stake(`{"holder": "neutral", "issuer": "nissan", "shares": 1}`), "stakes[0].holder", crossholding.ErrUnknown, []string{`"neutral"`}},
		{"no holder", stake(`{"issuer": "nissan", "shares": 1}`), "stakes[0].holder", crossholding.ErrMissing, []string{"no holder"}},
		{"no issuer", stake(`{"holder": "state", "shares": 1}`), "stakes[0].issuer", crossholding.ErrMissing, []string{"no issuer"}},
		{"unknown class", stake(`{"holder": "state", "issuer": "nissan", "class": "gold", "shares": 1}`), "stakes[0].class", crossholding.ErrUnknown, []string{"nissan", `"gold"`}},
		{"company twice", `{"companies": [{"id": "a"}, {"id": "a"}]}`, "companies[1].id", crossholding.ErrDuplicate, []string{`"a"`, "companies[0]"}},
		{"company and party", `{"companies": [{"id": "a"}], "parties": [{"id": "a"}]}`, "parties[0].id", crossholding.ErrDuplicate, []string{`"a"`, "companies[0]"}},
		{"agreement twice", agreementOf(`{"id": "x", "kind": "neutral", "holders": ["state"]}, {"id": "x", "kind": "neutral", "holders": ["trust"]}`), "agreements[1].id", crossholding.ErrDuplicate, []string{`"x"`, "agreements[0]"}},
		{"class twice", `{"companies": [{"id": "a", "shares": [{"issued": 1}, {"class": "ordinary", "issued": 1}]}]}`, "companies[0].shares[1].class", crossholding.ErrDuplicate, []string{"a", `"ordinary"`}},
		{"no id", `{"companies": [{"name": "A"}]}`, "companies[0].id", crossholding.ErrMissing, []string{"no id"}},
		{"reserved neutral", `{"parties": [{"id": "neutral"}]}`, "parties[0].id", crossholding.ErrRange, []string{`"neutral"`}},
		{"reserved float", `{"companies": [{"id": "float:a"}]}`, "companies[0].id", crossholding.ErrRange, []string{`"float:a"`}},
		{"long id", `{"companies": [{"id": "` + strings.Repeat("x", 201) + `"}]}`, "companies[0].id", crossholding.ErrRange, []string{"200 bytes"}},
		{"control character", `{"companies": [{"id": "a\nb"}]}`, "companies[0].id", crossholding.ErrRange, []string{"control"}},
		{"blank before an id", `{"companies": [{"id": "Mr X"}], "parties": [{"id": " Mr X"}]}`, "parties[0].id", crossholding.ErrRange, []string{`id " Mr X" begins or ends with a blank: without blanks it is "Mr X"`}},
		{"blank after an id", `{"companies": [{"id": "日産\u3000"}]}`, "companies[0].id", crossholding.ErrRange, []string{`id "日産\u3000" begins or ends`, `it is "日産"`}},
		{"blank at a class", `{"companies": [{"id": "a", "shares": [{"class": "b ", "issued": 1}]}]}`, "companies[0].shares[0].class", crossholding.ErrRange, []string{`a: class "b " begins or ends with a blank`}},
		{"blank at an agreement", agreementOf(`{"id": "x ", "kind": "neutral", "holders": ["state"]}`), "agreements[0].id", crossholding.ErrRange, []string{`id "x " begins or ends with a blank`}},
		{"text from right to left", `{"parties": [{"id": "X\u202e rM"}]}`, "parties[0].id", crossholding.ErrRange, []string{`X? rM: id "X\u202e rM" holds the invisible character U+202E: without such it is "X rM"`}},
		{"no space at all", `{"companies": [{"id": "日\u200b産"}]}`, "companies[0].id", crossholding.ErrRange, []string{`id "\u65e5\u200b\u7523" holds the invisible character U+200B: without such it is "日産"`}},
		{"byte order mark in an id", "{\"companies\": [{\"id\": \"\ufeffa\"}]}", "companies[0].id", crossholding.ErrRange, []string{`id "\ufeffa" holds the invisible character U+FEFF: without such it is "a"`}},
		{"band of itself", stake(`{"holder": "nissan", "issuer": "nissan", "between": "up to 5%"}`), "stakes[0].holder", crossholding.ErrSelfStake, []string{"nissan", "treasury"}},
		{"own shares that another votes", stake(`{"holder": "nissan", "issuer": "nissan", "shares": 1, "voter": "trust"}`), "stakes[0].holder", crossholding.ErrSelfStake, []string{"nissan", "treasury"}},
		{"beneficiary of itself", stake(`{"holder": "trust", "beneficiary": "nissan", "issuer": "nissan", "shares": 1}`), "stakes[0].beneficiary", crossholding.ErrSelfStake, []string{"nissan", "beneficiary"}},
		{"voter of itself", stake(`{"holder": "trust", "voter": "nissan", "issuer": "nissan", "shares": 1}`), "stakes[0].voter", crossholding.ErrSelfStake, []string{"nissan", "voter"}},
		{"over-allocated", stake(`{"holder": "renault", "issuer": "nissan", "shares": 600}, {"holder": "state", "issuer": "nissan", "percent": "31.05"}`), "companies.nissan", crossholding.ErrOverAllocated,
			[]string{"renault 600", "state 310", "910 of 900 outstanding", "10 too many"}},
		{"over 100 percent", stake(`{"holder": "renault", "issuer": "venture", "percent": 60}, {"holder": "nissan", "issuer": "venture", "percent": 50}`), "companies.venture", crossholding.ErrOverAllocated, []string{"2 holders hold 110% of venture, 10 percentage points too many: renault 60%, nissan 50%"}},
		{"over by a repeated stake", stake(`{"holder": "state", "issuer": "nissan", "shares": 600}, {"holder": "state", "issuer": "nissan", "shares": 600, "adds": true}`), "companies.nissan", crossholding.ErrOverAllocated,
			[]string{"1 holder holds 1,200 of 900 outstanding shares of nissan (ordinary), 300 too many: state 1,200"}},
		{"over one class", stake(`{"holder": "nissan", "issuer": "renault", "class": "b", "shares": 11}`), "companies.renault", crossholding.ErrOverAllocated, []string{"(b)", "1 too many"}},
		{"treasury over issued", `{"companies": [{"id": "a", "shares": [{"issued": 10, "treasury": 11}]}]}`, "companies[0].shares[0].treasury", crossholding.ErrRange, []string{"a (ordinary)", "11", "10"}},
		{"nothing issued", `{"companies": [{"id": "a", "shares": [{"treasury": 1}]}]}`, "companies[0].shares[0].issued", crossholding.ErrMissing, []string{"a (ordinary)"}},
		{"negative shares", stake(`{"holder": "state", "issuer": "nissan", "shares": -5}`), "stakes[0].shares", crossholding.ErrRange, []string{"state in nissan", "-5", "negative"}},
		{"negative percent", stake(`{"holder": "state", "issuer": "nissan", "percent": "-0.1"}`), "stakes[0].percent", crossholding.ErrRange, []string{"state in nissan", "-0.1"}},
		{"negative issued", `{"companies": [{"id": "a", "shares": [{"issued": -1}]}]}`, "companies[0].shares[0].issued", crossholding.ErrRange, []string{"a: -1"}},
		{"negative votes", `{"companies": [{"id": "a", "shares": [{"issued": 1, "votes": "-1"}]}]}`, "companies[0].shares[0].votes", crossholding.ErrRange, []string{"a: -1"}},
		{"negative dividend", `{"companies": [{"id": "a", "shares": [{"issued": 1, "dividend": "-1"}]}]}`, "companies[0].shares[0].dividend", crossholding.ErrRange, []string{"a: -1"}},
		{"no number", stake(`{"holder": "state", "issuer": "nissan", "shares": "many"}`), "stakes[0].shares", ratio.ErrNumber, []string{"state in nissan", `"many"`}},
		{"empty number", stake(`{"holder": "state", "issuer": "nissan", "shares": ""}`), "stakes[0].shares", ratio.ErrNumber, []string{`""`}},
		{"too many digits", stake(`{"holder": "state", "issuer": "nissan", "shares": ` + huge + `}`), "stakes[0].shares", ratio.ErrNumber, []string{"state in nissan", "100000 characters"}},
		{"absurd exponent", stake(`{"holder": "state", "issuer": "nissan", "shares": 1e1000000000}`), "stakes[0].shares", ratio.ErrNumber, []string{"state in nissan", "1e1000000000"}},
		{"absurd decimals", stake(`{"holder": "state", "issuer": "nissan", "percent": "1e-40"}`), "stakes[0].percent", ratio.ErrNumber, []string{"1e-40"}},
		{"absurd product", `{"companies": [{"id": "a", "shares": [{"issued": "0.000000000000000000000000000001"}]}], "parties": [{"id": "p"}], "stakes": [{"holder": "p", "issuer": "a", "percent": "1"}]}`, "stakes[0].percent", ratio.ErrNumber, []string{"p in a", "1%"}},
		{"absurd sum", `{"companies": [{"id": "a", "shares": [{"issued": 1e59}]}], "parties": [{"id": "p"}], "stakes": [{"holder": "p", "issuer": "a", "shares": 9e58}, {"holder": "p", "issuer": "a", "shares": 1e-30}]}`, "stakes", ratio.ErrNumber, []string{"p in a", "more digits"}},
		{"shares and percent", stake(`{"holder": "state", "issuer": "nissan", "shares": 5, "percent": 6}`), "stakes[0]", crossholding.ErrDuplicate, []string{"state in nissan", "5", "6"}},
		{"neither", stake(`{"holder": "state", "issuer": "nissan"}`), "stakes[0]", crossholding.ErrMissing, []string{"state in nissan", "neither"}},
		{"votes_since alone", stake(`{"holder": "state", "issuer": "nissan", "shares": 1, "votes_since": "2020-01-01"}`), "stakes[0].votes_since", crossholding.ErrMissing, []string{"state in nissan"}},
		{"no unit", `{"companies": [{"id": "a", "lot": 0}]}`, "companies[0].lot", crossholding.ErrRange, []string{"a: "}},
		{"date of book", `{"as_of": "31.12.2022"}`, "as_of", crossholding.ErrDate, []string{`"31.12.2022"`}},
		{"no such day", `{"as_of": "2023-02-29"}`, "as_of", crossholding.ErrDate, []string{`"2023-02-29"`}},
		{"date of votes", stake(`{"holder": "state", "issuer": "nissan", "shares": 1, "votes_per_share": 2, "votes_since": "2020-1-1"}`), "stakes[0].votes_since", crossholding.ErrDate, []string{"state in nissan", `"2020-1-1"`}},
		{"lot of tomorrow", stake(`{"holder": "state", "issuer": "nissan", "shares": 5, "lots": [{"date": "2023-01-01", "shares": 1, "price": 1}]}`), "stakes[0].lots[0].date", crossholding.ErrDate, []string{"state in nissan", "2023-01-01", "2022-12-31"}},
		{"lots over stake", stake(`{"holder": "state", "issuer": "nissan", "shares": 5, "lots": [{"shares": 4, "price": 1}, {"shares": 3, "price": 1}]}`), "stakes[0].lots", crossholding.ErrOverAllocated, []string{"state in nissan", "7 shares for a stake of 5", "2 too many"}},
		{"lot without shares", stake(`{"holder": "state", "issuer": "nissan", "shares": 5, "lots": [{"price": 1}]}`), "stakes[0].lots[0].shares", crossholding.ErrMissing, []string{"state in nissan"}},
		{"lot without price", stake(`{"holder": "state", "issuer": "nissan", "shares": 5, "lots": [{"shares": 1}]}`), "stakes[0].lots[0].price", crossholding.ErrMissing, []string{"state in nissan"}},
		{"lot without currency", stake(`{"holder": "state", "issuer": "renault", "shares": 5, "lots": [{"shares": 1, "price": 1}]}`), "stakes[0].lots[0].currency", crossholding.ErrCurrency, []string{"state in renault"}},
		{"lot in no currency", stake(`{"holder": "state", "issuer": "nissan", "shares": 5, "lots": [{"shares": 1, "price": 1, "currency": "yen"}]}`), "stakes[0].lots[0].currency", crossholding.ErrCurrency, []string{"state in nissan", `"yen"`}},
		{"currency of company", `{"companies": [{"id": "a", "currency": "euro"}]}`, "companies[0].currency", crossholding.ErrCurrency, []string{"a: ", `"euro"`}},
		{"country", `{"companies": [{"id": "a", "country": "XX"}]}`, "companies[0].country", crossholding.ErrUnknown, []string{"a: ", `"XX"`}},
		{"country of party", `{"parties": [{"id": "a", "country": "fr"}]}`, "parties[0].country", crossholding.ErrUnknown, []string{"a: ", `"fr"`}},
		{"law", `{"companies": [{"id": "a", "law": "some"}]}`, "companies[0].law", crossholding.ErrUnknown, []string{"a: ", `"some"`}},
		{"kind of party", `{"parties": [{"id": "a", "kind": "dog"}]}`, "parties[0].kind", crossholding.ErrUnknown, []string{"a: ", `"dog"`}},
		{"agreement of nobody", agreementOf(`{"id": "x", "kind": "neutral"}`), "agreements[0].holders", crossholding.ErrAgreement, []string{"x", "no holders"}},
		{"agreement of a stranger", agreementOf(`{"id": "x", "kind": "neutral", "holders": ["ghost"]}`), "agreements[0].holders[0]", crossholding.ErrUnknown, []string{"x: ", `"ghost"`}},
		{"agreement of itself", agreementOf(`{"id": "x", "kind": "neutral", "holders": ["x"]}`), "agreements[0].holders[0]", crossholding.ErrUnknown, []string{`"x"`}},
		{"agreement named as a company", agreementOf(`{"id": "nissan", "kind": "neutral", "holders": ["state"]}`), "agreements[0].id", crossholding.ErrDuplicate, []string{`"nissan"`, "companies[0]"}},
		{"agreement about no company", agreementOf(`{"id": "x", "kind": "cap", "holders": ["renault"], "issuer": "state", "max": "15%"}`), "agreements[0].issuer", crossholding.ErrAgreement, []string{"x", `"state"`}},
		{"agreement names twice", agreementOf(`{"id": "x", "kind": "neutral", "holders": ["state", "state"]}`), "agreements[0].holders", crossholding.ErrDuplicate, []string{"x", `"state"`}},
		{"kind of agreement", agreementOf(`{"id": "x", "kind": "pact", "holders": ["state"]}`), "agreements[0].kind", crossholding.ErrAgreement, []string{"x", `"pact"`}},
		{"cap without max", agreementOf(`{"id": "x", "kind": "cap", "holders": ["renault"], "issuer": "nissan"}`), "agreements[0].max", crossholding.ErrMissing, []string{"x"}},
		{"cap over 1", agreementOf(`{"id": "x", "kind": "cap", "holders": ["renault"], "issuer": "nissan", "max": "15"}`), "agreements[0].max", crossholding.ErrRange, []string{"x", "15"}},
		{"cap of no number", agreementOf(`{"id": "x", "kind": "cap", "holders": ["renault"], "issuer": "nissan", "max": "1e1000000000"}`), "agreements[0].max", ratio.ErrNumber, []string{"x: ", "1e1000000000"}},
		{"cap over nothing", agreementOf(`{"id": "x", "kind": "cap", "holders": ["renault"], "issuer": "nissan", "max": "1/0"}`), "agreements[0].max", ratio.ErrDivisionByZero, []string{"x: ", "1/0"}},
		{"end before begin", agreementOf(`{"id": "x", "kind": "neutral", "holders": ["state"], "from": "2023-01-02", "to": "2023-01-01"}`), "agreements[0]", crossholding.ErrDate, []string{"x: ", "2023-01-01"}},
		{"price of a stranger", around(`"market": {"prices": {"ghost": "5 EUR"}}`), "market.prices.ghost", crossholding.ErrUnknown, []string{`"ghost"`}},
		{"price of no class", around(`"market": {"prices": {"nissan/gold": "5 EUR"}}`), "market.prices.nissan/gold", crossholding.ErrUnknown, []string{"nissan", `"gold"`}},
		{"price in no currency", around(`"market": {"prices": {"renault": "5"}}`), "market.prices.renault", crossholding.ErrCurrency, []string{`"5"`}},
		{"negative price", around(`"market": {"prices": {"renault": "-5 EUR"}}`), "market.prices.renault", crossholding.ErrRange, []string{"-5 EUR"}},
		{"rate of nothing", around(`"market": {"fx": {"EUR/JPY": "0"}}`), "market.fx.EUR/JPY", crossholding.ErrRange, []string{"EUR/JPY", "0"}},
		{"rate of no pair", around(`"market": {"fx": {"EURJPY": "150"}}`), "market.fx.EURJPY", crossholding.ErrCurrency, []string{`"EURJPY"`}},
		{"rate absurd", around(`"market": {"fx": {"EUR/JPY": 1e1000000000}}`), "market.fx.EUR/JPY", ratio.ErrNumber, []string{"1e1000000000"}},
		{"unknown key", `{"companys": []}`, "companys", crossholding.ErrSyntax, []string{"unknown key"}},
		{"unknown key within", stake(`{"holder": "state", "issuer": "nissan", "shares": 1, "share": 2}`), "stakes[0].share", crossholding.ErrSyntax, []string{"unknown key"}},
		{"key in capitals", stake(`{"Holder": "state", "issuer": "nissan", "shares": 1}`), "stakes[0].Holder", crossholding.ErrSyntax, []string{"unknown key"}},
		{"key twice", `{"as_of": "2022-12-31", "as_of": "2022-12-31"}`, "as_of", crossholding.ErrDuplicate, []string{"twice"}},
		{"map key twice", around(`"market": {"fx": {"EUR/JPY": 150, "EUR/JPY": 151}}`), "market.fx.EUR/JPY", crossholding.ErrDuplicate, []string{"twice"}},
		{"string for array", `{"stakes": "none"}`, "stakes", crossholding.ErrSyntax, []string{`"none" where an array belongs`}},
		{"array for object", `{"market": []}`, "market", crossholding.ErrSyntax, []string{"an array where an object belongs"}},
		{"object for string", `{"as_of": {}}`, "as_of", crossholding.ErrSyntax, []string{"an object where a string belongs"}},
		{"number for string", `{"companies": [{"id": 5}]}`, "companies[0].id", crossholding.ErrSyntax, []string{"the number 5 where a string belongs"}},
		{"bool for number", stake(`{"holder": "state", "issuer": "nissan", "shares": true}`), "stakes[0].shares", crossholding.ErrSyntax, []string{"true where a number belongs"}},
		{"string for bool", `{"companies": [{"id": "a", "listed": "yes"}]}`, "companies[0].listed", crossholding.ErrSyntax, []string{`"yes" where true or false belongs`}},
		{"not a book", `["a"]`, "file", crossholding.ErrSyntax, []string{"an array where an object belongs"}},
		{"cut off", `{"companies": [{"id": "a"`, "", crossholding.ErrSyntax, []string{"not JSON"}},
		{"nothing", ``, "", crossholding.ErrSyntax, []string{"not JSON"}},
		{"null for a book", `null`, "file", crossholding.ErrSyntax, []string{"null where an object belongs"}},
		{"first half of a character", `{"companies": [{"id": "a\ud83d"}]}`, "", crossholding.ErrSyntax, []string{`\ud83d is half of a character`}},
		{"second half of a character", `{"companies": [{"id": "a\\\\\uDE00"}]}`, "", crossholding.ErrSyntax, []string{`\uDE00 is half`}},
		{"halves apart", `{"companies": [{"id": "\ud83d-\ude00"}]}`, "", crossholding.ErrSyntax, []string{`\ud83d is half`}},
		{"two first halves", `{"companies": [{"id": "\ud83d\ud83e\ude00"}]}`, "", crossholding.ErrSyntax, []string{`\ud83d is half`}},
		{"bad number of an unknown company", stake(`{"holder": "state", "issuer": "ghost", "shares": "x", "lots": [{"shares": "y", "price": 1}]}`), "stakes[0].shares", ratio.ErrNumber, []string{`"x"`}},
		{"bad lot of an unknown company", stake(`{"holder": "state", "issuer": "ghost", "shares": 1, "lots": [{"shares": "y", "price": 1}]}`), "stakes[0].lots[0].shares", ratio.ErrNumber, []string{`"y"`}},
		{"bad number in an unknown class", stake(`{"holder": "state", "issuer": "nissan", "class": "gold", "percent": "x"}`), "stakes[0].percent", ratio.ErrNumber, []string{`"x"`}},
		{"not UTF-8", "{\"companies\": [{\"id\": \"a\xff\"}]}", "", crossholding.ErrSyntax, []string{"bytes that are not UTF-8"}},
		{"half a character at the end", "{}\n\xc3", "", crossholding.ErrSyntax, []string{"not JSON"}},
		{"more than one", `{} {}`, "", crossholding.ErrSyntax, []string{"follows the end"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.book)
			require.ErrorIs(t, err, c.kind)
			f := faultAt(t, err, c.place, c.kind)
			for _, n := range c.names {
				require.Contains(t, f.Reason, n)
			}
			require.Equal(t, c.kind, f.Kind, "the kind is the sentinel itself")
			require.True(t, strings.HasPrefix(err.Error(), "crossholding: "), err)
			require.Equal(t, 1, strings.Count(err.Error(), "crossholding: "), "the prefix once")
			require.Less(t, len(err.Error()), 10_000)
		})
	}
}

func faultAt(t *testing.T, err error, place string, kind error) crossholding.Fault {
	t.Helper()
	var in *crossholding.InputError
	require.ErrorAs(t, err, &in)
	i := slices.IndexFunc(in.Faults, func(f crossholding.Fault) bool { return f.Place == place && errors.Is(f, kind) })
	require.GreaterOrEqual(t, i, 0, "no fault of kind %q at %q in %v", kind, place, err)
	return in.Faults[i]
}

// One file tells of everything that is wrong with it, in form and in content,
// and of nothing that only follows from something else.
func TestAllFaultsAtOnce(t *testing.T) {
	text, err := os.ReadFile("testdata/books/faulty.json")
	require.NoError(t, err)
	_, err = parse(string(text))
	testkit.Golden(t, "testdata/books/faulty.txt", err.Error()+"\n")
}

// A fault in one stake does not hide those of its neighbours in the alphabet.
func TestFaultsOfNeighbours(t *testing.T) {
	var stakes []string
	for range 11 {
		stakes = append(stakes, `{"holder": "state", "issuer": "nissan"}`)
	}
	stakes[10] = `{"holder": "state", "issuer": "nissan", "shares": 1, "colour": "red"}`
	_, err := parse(stake(strings.Join(stakes, ",")))
	faultAt(t, err, "stakes[10].colour", crossholding.ErrSyntax)
	faultAt(t, err, "stakes[1]", crossholding.ErrMissing)
}

// A literal can hold what no file can.
func TestFaultsOfLiterals(t *testing.T) {
	for name, b := range map[string]crossholding.Book{
		"id":    {Companies: []crossholding.Company{{ID: "a\xff"}}},
		"name":  {Companies: []crossholding.Company{{ID: "a", Name: "a\xff"}}},
		"party": {Parties: []crossholding.Party{{ID: "a", Name: "a\xff"}}},
		"class": {Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Class: "a\xff", Issued: "1"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crossholding.New(b)
			require.ErrorIs(t, err, crossholding.ErrRange)
			require.ErrorContains(t, err, "UTF-8")
		})
	}
}

// Ids and classes may hold slashes, as A/S does; a price must mean one thing.
func TestPricesWithSlashes(t *testing.T) {
	class := []crossholding.ShareClass{{Class: "B", Issued: "10"}, {Class: "x/y", Issued: "10"}}
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "Orsted A/S", Shares: class}, {ID: "Orsted A", Shares: class}},
		Market:    &crossholding.Market{Prices: map[string]string{"Orsted A/S": "5 DKK", "Orsted A/S/B": "6 DKK", "Orsted A/x/y": "7 DKK"}},
	}
	require.Equal(t, b.Market, booktest.New(t, b).Book().Market)
	b.Companies[1].Shares = []crossholding.ShareClass{{Class: "S", Issued: "10"}}
	b.Market.Prices = map[string]string{"Orsted A/S": "5 DKK"}
	_, err := crossholding.New(b)
	require.ErrorIs(t, err, crossholding.ErrDuplicate)
	require.ErrorContains(t, err, `can mean Orsted A/S and class "S" of Orsted A`)
}

// Hostile books of 100,000 rows are dealt with in seconds, not hours.
func TestManyRows(t *testing.T) {
	n := testkit.Size(5_000, 100_000)
	id := func(i int) string { return fmt.Sprintf("c%06d", i) }
	books := map[string]func() crossholding.Book{
		"all over-allocated": func() (b crossholding.Book) {
			b.Parties = []crossholding.Party{{ID: "p"}}
			for i := range n {
				b.Companies = append(b.Companies, crossholding.Company{ID: id(i)})
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "p", Issuer: id(i), Percent: "101"})
			}
			return b
		},
		"one over-allocated by many": func() (b crossholding.Book) {
			b.Companies = []crossholding.Company{{ID: "a"}}
			for i := range n {
				b.Parties = append(b.Parties, crossholding.Party{ID: id(i)})
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: id(i), Issuer: "a", Percent: "1"})
			}
			return b
		},
		"many classes": func() (b crossholding.Book) {
			b.Companies = []crossholding.Company{{ID: "a"}}
			b.Parties = []crossholding.Party{{ID: "p"}}
			for i := range n {
				b.Companies[0].Shares = append(b.Companies[0].Shares, crossholding.ShareClass{Class: id(i), Issued: "2"})
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "p", Issuer: "a", Class: id(i), Shares: "1"})
			}
			return b
		},
		"long names at fault": func() (b crossholding.Book) {
			b.Companies = []crossholding.Company{{ID: strings.Repeat("x", testkit.Size(1, 10)<<20)}}
			for range 2000 {
				b.Companies[0].Shares = append(b.Companies[0].Shares, crossholding.ShareClass{})
			}
			return b
		},
		"chain of leaders": func() (b crossholding.Book) {
			b.Companies = []crossholding.Company{{ID: "a"}}
			for i := range 5000 {
				b.Parties = append(b.Parties, crossholding.Party{ID: id(i)})
				if i > 0 {
					b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "follow " + id(i), Kind: crossholding.AgreementFollow, Holders: []string{id(i)}, Leader: id(i - 1)})
				}
			}
			return b
		},
		"many agreements": func() (b crossholding.Book) {
			b.Parties = []crossholding.Party{{ID: "p"}}
			for i := range n {
				b.Agreements = append(b.Agreements, crossholding.Agreement{ID: id(i), Kind: crossholding.AgreementNeutral, Holders: []string{"p"}})
			}
			return b
		},
		"many holders for others": func() (b crossholding.Book) {
			b.Companies = []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "1000000"}}}}
			for i := range n / 5 {
				b.Parties = append(b.Parties, crossholding.Party{ID: id(i)}, crossholding.Party{ID: "b" + id(i)})
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: id(i), Beneficiary: "b" + id(i), Issuer: "a", Shares: "2"})
			}
			return b
		},
	}
	for name, make := range books {
		t.Run(name, func(t *testing.T) {
			b := make()
			start := time.Now()
			a, err := crossholding.New(b)
			if err != nil {
				require.Less(t, len(err.Error()), 20<<20)
			} else {
				o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
				require.NoError(t, err)
				if len(a.Book().Stakes) > 0 {
					_, err = o.Owners(t.Context(), "a")
					require.NoError(t, err)
				}
				for _, err := range o.Interests(t.Context()) {
					require.NoError(t, err)
				}
			}
			require.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

// Asked anything, an empty alliance answers that it knows nobody.
func TestZeroAlliance(t *testing.T) {
	empty := booktest.New(t, crossholding.Book{})
	for name, a := range map[string]*crossholding.Alliance{"zero": {}, "empty": empty} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, crossholding.Book{}, a.Book())
			require.Equal(t, date.Date(""), a.AsOf())
			require.Equal(t, "{\n}\n", booktest.Bytes(t, a))
			o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
			require.NoError(t, err)
			_, err = o.Integrated(t.Context(), "a", "b")
			require.ErrorIs(t, err, crossholding.ErrUnknown)
			for range o.Interests(t.Context()) {
				t.Error("somebody owns something")
			}
			v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			_, err = v.Of("a", "b")
			require.ErrorIs(t, err, crossholding.ErrUnknown)
			for range v.Rows() {
				t.Error("somebody votes")
			}
			c, err := a.Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			_, err = c.Ultimate(t.Context(), "a")
			require.ErrorIs(t, err, crossholding.ErrUnknown)
			for range c.Pairs(t.Context()) {
				t.Error("somebody controls something")
			}
			for range c.Ultimates(t.Context()) {
				t.Error("somebody controls something")
			}
			val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
			require.NoError(t, err)
			for range val.Stakes() {
				t.Error("something is worth something")
			}
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{})
			require.NoError(t, err)
			require.Equal(t, "{\n}\n", booktest.Bytes(t, out.After))
			_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{{Step: scenario.StepTrade, From: "a", To: "b", Issuer: "c", Shares: "1"}}})
			require.ErrorIs(t, err, crossholding.ErrUnknown)
		})
	}
}

// The zero values of plain types say what they are.
func TestZeroValues(t *testing.T) {
	require.Equal(t, "0", ratio.Ratio{}.String())
	require.Equal(t, "undated", date.Date("").String())
	require.Equal(t, "0", crossholding.Money{}.String())
	require.Equal(t, "crossholding: ", (&crossholding.InputError{}).Error()+"crossholding: ")
	require.Empty(t, crossholding.Fault{}.Error())
	require.NoError(t, crossholding.Fault{}.Unwrap())
	require.Empty(t, crossholding.Reason{}.Because())
	require.ErrorIs(t, &crossholding.NoOutsideOwnerError{}, crossholding.ErrNoOutsideOwner)
}

// The same book in another order and notation gives the same bytes.
func TestCanonicalBytes(t *testing.T) {
	text, err := os.ReadFile("testdata/books/notation.json")
	require.NoError(t, err)
	a, err := parse(string(text))
	require.NoError(t, err)
	testkit.Golden(t, "testdata/books/notation.golden.json", booktest.Bytes(t, a))
	other, err := os.ReadFile("testdata/books/notation-too.json")
	require.NoError(t, err)
	b, err := parse(string(other))
	require.NoError(t, err)
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, b))
}

// What is written is read as the same book, whatever order it came in, and the
// literal that Book returns is that book too.
func TestBookRoundTrip(t *testing.T) {
	for seed := range uint64(testkit.Cases(300)) {
		rng := rand.New(rand.NewPCG(seed, 7))
		b := booktest.RandomCrossBook(rng)
		a := booktest.New(t, b)
		text := booktest.Bytes(t, a)
		again, err := parse(text)
		require.NoError(t, err, "seed %d", seed)
		require.Equal(t, text, booktest.Bytes(t, again), "seed %d", seed)
		require.Equal(t, a.Book(), again.Book())
		require.Equal(t, text, booktest.Bytes(t, booktest.New(t, a.Book())))
		for _, list := range []func(int, func(i, j int)){rng.Shuffle} {
			list(len(b.Companies), func(i, j int) { b.Companies[i], b.Companies[j] = b.Companies[j], b.Companies[i] })
			list(len(b.Parties), func(i, j int) { b.Parties[i], b.Parties[j] = b.Parties[j], b.Parties[i] })
			list(len(b.Stakes), func(i, j int) { b.Stakes[i], b.Stakes[j] = b.Stakes[j], b.Stakes[i] })
		}
		for i := range b.Stakes {
			s := &b.Stakes[i]
			if s.Shares != "" && rng.IntN(2) == 0 {
				s.Shares += ".0e0"
			}
		}
		require.Equal(t, text, booktest.Bytes(t, booktest.New(t, b)), "seed %d", seed)
		var buf bytes.Buffer
		require.NoError(t, crossholding.WriteBook(&buf, b))
		require.Equal(t, text, buf.String())
	}
}

// New keeps nothing of the book that it is given, and Book gives nothing away.
func TestNothingIsShared(t *testing.T) {
	b := crossholding.Book{
		Companies:  []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "10"}}}},
		Parties:    []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes:     []crossholding.Stake{{Holder: "p", Issuer: "a", Shares: "4", Lots: []crossholding.Lot{{Shares: "1", Price: "1", Currency: "EUR"}}}},
		Agreements: []crossholding.Agreement{{ID: "x", Kind: crossholding.AgreementNeutral, Holders: []string{"p", "q"}}},
		Market:     &crossholding.Market{Prices: map[string]string{"a": "5 EUR"}, FX: map[string]ratio.Number{"EUR/JPY": "150"}},
	}
	a := booktest.New(t, b)
	want := booktest.Bytes(t, a)
	spoil := func(b crossholding.Book) {
		b.Companies[0].ID, b.Companies[0].Shares[0].Issued = "z", "99"
		b.Parties[0].ID = "z"
		b.Stakes[0].Holder, b.Stakes[0].Lots[0].Shares = "z", "99"
		b.Agreements[0].Holders[0] = "z"
		b.Market.Prices["a"], b.Market.FX["EUR/JPY"] = "9 EUR", "9"
	}
	spoil(a.Book())
	require.Equal(t, want, booktest.Bytes(t, a))
	spoil(b)
	require.Equal(t, want, booktest.Bytes(t, a))
}

func TestReservedIDs(t *testing.T) {
	require.Equal(t, ident.Neutral, crossholding.Neutral)
	require.Equal(t, ident.FloatPrefix, crossholding.FloatOf(""))
}
