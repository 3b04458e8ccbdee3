package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// A register is a book of plain facts: what can be asked of the one can be
// asked of the other, and both answer alike.
func TestRegisterAnswersAsItsBook(t *testing.T) {
	stakes := "top,mid,300\nanna,top,600\nanna,top,50\nben,mid,1\nmid,\"low, ltd\",49.5\n\"low, ltd\",top,100\n"
	r, err := readRegister(t, stakes, crossholding.RegisterOptions{AsOf: "2024-01-01", Country: "JP",
		Agreements: []crossholding.Agreement{{ID: "cap", Kind: crossholding.AgreementCap, Holders: []string{"top"}, Issuer: "mid", Max: "15%"}}})
	require.NoError(t, err)
	book := r.Book()
	require.Len(t, book.Companies, 3)
	require.Len(t, book.Parties, 2)
	require.Len(t, book.Stakes, 5)
	a := booktest.New(t, book)
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, r))
	require.Equal(t, answersOf(t, a), answersOf(t, r))
}

// answersOf asks an alliance everything and writes the answers down.
func answersOf(t *testing.T, a *crossholding.Alliance) []string {
	t.Helper()
	var out []string
	note := func(what string, of ...any) { out = append(out, what+" "+fmt.Sprint(of...)) }
	if o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{}); err != nil {
		note("ownership", err)
	} else {
		for in, err := range o.Interests(t.Context()) {
			note("owns", in, err)
		}
	}
	if v, err := a.Votes(t.Context(), crossholding.VotingOptions{}); err != nil {
		note("votes", err)
	} else {
		for x := range v.Rows() {
			note("votes", x.Holder, " ", x.Issuer, " ", x.Theoretical, " ", x.Exercisable, " ", x.Free, " ", x.Neutral, " ", x.FreeShare)
			for _, reason := range x.Reasons {
				note("because", reason.Rule, reason.Votes, reason.Because())
			}
		}
	}
	if c, err := a.Control(t.Context(), crossholding.ControlOptions{}); err != nil {
		note("control", err)
	} else {
		for p, err := range c.Pairs(t.Context()) {
			note("controls", p, err)
		}
	}
	val, err := a.Value(crossholding.Market{Currency: "EUR"}, crossholding.ValuationOptions{})
	note("value", err)
	for s := range val.Stakes() {
		_, err := s.Value()
		note("worth", s.Holder, " ", s.Issuer, " ", err)
	}
	return out
}

// A scenario starts from all of a register, not only from what its agreements
// name.
func TestRegisterRunsScenarios(t *testing.T) {
	r, err := readRegister(t, "anna,top,600\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	out, err := scenario.Run(t.Context(), r, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "anna", To: "mid", Issuer: "top", Shares: "100"},
	}})
	require.NoError(t, err)
	o, err := out.After.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	y, err := o.Direct("mid", "top")
	require.NoError(t, err)
	booktest.RequireRatio(t, "10%", y)
}

// Stakes that are scaled off need not be decimals: three of 400 in 1,000.
func TestRegisterScalesToFractions(t *testing.T) {
	r, err := readRegister(t, "anna,top,400\nben,top,400\ncarl,top,400\n", crossholding.RegisterOptions{OverAllocated: crossholding.OverAllocationScale})
	require.NoError(t, err)
	o, err := r.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for _, who := range []string{"anna", "ben", "carl"} {
		integrated := func(holder, issuer string) (ratio.Ratio, error) { return o.Integrated(t.Context(), holder, issuer) }
		for _, ask := range []func(string, string) (ratio.Ratio, error){o.Direct, o.Capital, integrated} {
			y, err := ask(who, "top")
			require.NoError(t, err)
			booktest.RequireRatio(t, "1/3", y)
		}
	}
	owners, err := o.Ultimate(t.Context(), "top")
	require.NoError(t, err)
	require.Len(t, owners, 3)
	v, err := r.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	n, err := v.Of("ben", "top")
	require.NoError(t, err)
	booktest.RequireRatio(t, "1000/3", n.Free)
	require.Equal(t, "333.333333333333", string(r.Book().Stakes[0].Shares)) // what a book can hold
}

func TestRegisterCompaniesAtFault(t *testing.T) {
	for name, c := range map[string]struct {
		companies string
		opt       crossholding.RegisterOptions
		kind      error
		want      string
	}{
		"twice":          {"a,1,,\na,2,,\n", crossholding.RegisterOptions{}, crossholding.ErrDuplicate, `companies:3: company "a" is given twice`},
		"reserved":       {"float:a,1,,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, `companies:2: id "float:a"`},
		"neutral":        {"neutral,1,,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, `companies:2: id "neutral"`},
		"blank":          {"a ,1,,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, `companies:2: id "a " begins or ends with a blank: without blanks it is "a"`},
		"right to left":  {"\u202ea,1,,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, `companies:2: id "\u202ea" holds the invisible character U+202E`},
		"no id":          {",1,,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, `companies:2: id ""`},
		"treasury":       {"a,10,11,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, "a: treasury 11 of only 10 issued"},
		"odd treasury":   {"a,10.5,11,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, "a: treasury 11 of only 10.5 issued"},
		"negative":       {"a,-10,,\n", crossholding.RegisterOptions{}, crossholding.ErrRange, "companies:2.issued: -10 is negative"},
		"votes":          {"a,10,,many\n", crossholding.RegisterOptions{}, ratio.ErrNumber, `companies:2.votes: "many"`},
		"fields":         {"a,10\n", crossholding.RegisterOptions{}, crossholding.ErrSyntax, "companies:2: wrong number of fields"},
		"date":           {"a,10,,\n", crossholding.RegisterOptions{AsOf: "today"}, crossholding.ErrDate, `AsOf: "today"`},
		"country":        {"a,10,,\n", crossholding.RegisterOptions{Country: "XX"}, crossholding.ErrUnknown, `Country: "XX"`},
		"agreement":      {"a,10,,\n", crossholding.RegisterOptions{Agreements: []crossholding.Agreement{{ID: "x", Kind: crossholding.AgreementNeutral, Holders: []string{"ghost"}}}}, crossholding.ErrUnknown, `agreements[0].holders[0]: x: holder "ghost"`},
		"all at once":    {"a,-10,,\nb,1,2,\n", crossholding.RegisterOptions{AsOf: "today"}, crossholding.ErrRange, "b: treasury 2 of only 1 issued"},
		"nothing at all": {"", crossholding.RegisterOptions{}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crossholding.ReadRegister(context.Background(), strings.NewReader("id,issued,treasury,votes\n"+c.companies),
				strings.NewReader("holder,issuer,shares\n"), c.opt)
			if c.kind == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := crossholding.ReadRegister(context.Background(), strings.NewReader("name,issued\n"), strings.NewReader(""), crossholding.RegisterOptions{})
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	require.ErrorContains(t, err, `the header is "name,issued"`)
}

// Counts beyond 64 bits and parts of shares keep a register exact.
func TestRegisterOfWideCounts(t *testing.T) {
	r, err := crossholding.ReadRegister(context.Background(),
		strings.NewReader("id,issued,treasury,votes\na,123456789012345678901234567890,0.5,0.1\nb,9.5,,3\n"),
		strings.NewReader("holder,issuer,shares\np,a,41152263004115226300411522630\na,b,4.75\n"), crossholding.RegisterOptions{})
	require.NoError(t, err)
	o, err := r.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	y, err := o.Capital("p", "a")
	require.NoError(t, err)
	booktest.RequireRatio(t, "1/3", y)
	y, err = o.Integrated(t.Context(), "p", "b")
	require.NoError(t, err)
	booktest.RequireRatio(t, "41152263004115226300411522630/246913578024691357802469135779", y)
	a := booktest.New(t, r.Book())
	require.Equal(t, answersOf(t, a), answersOf(t, r))
}

func TestReadRegisterBounds(t *testing.T) {
	_, err := readRegister(t, `"`+strings.Repeat("x\n", 1<<21), crossholding.RegisterOptions{})
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	_, err = readRegister(t, strings.Repeat("x", 201)+",top,1\n\xff,top,1\na\x00b,top,1\n", crossholding.RegisterOptions{})
	require.ErrorIs(t, err, crossholding.ErrRange)
	for _, place := range []string{"stakes:2", "stakes:3", "stakes:4"} {
		require.ErrorContains(t, err, place)
	}
	gone := errors.New("disk gone")
	_, err = crossholding.ReadRegister(context.Background(), iotest.ErrReader(gone), strings.NewReader(""), crossholding.RegisterOptions{})
	require.ErrorIs(t, err, gone)
	_, err = crossholding.ReadRegister(context.Background(), strings.NewReader("id,issued,treasury,votes\na,,,\n"),
		strings.NewReader("holder,issuer,shares\n"), crossholding.RegisterOptions{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	require.ErrorContains(t, err, "a: how many shares are issued?")
}
